/** Stateless translation of IPv4 addresses. Source: net/sched/act_nat.c, numbers: include/uapi/linux/tc_act/tc_nat.h. */
import { attrs, flags, ipv4, pad, struct, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcNat extends struct('tc_nat', {
  ...gen,
  oldAddr: ipv4,
  newAddr: ipv4,
  /** Bits of the addresses that count. */
  mask: ipv4,
  flags: flags(u32, { egress: 1 }, 'TCA_NAT_FLAG_'),
}) {}

export class Nat extends attrs('TCA_NAT_', {
  parms: [1, TcNat],
  tm: [2, TcfT],
  pad: [3, pad],
}) {}
