/** Checksums reckoned anew. Source: net/sched/act_csum.c, numbers: include/uapi/linux/tc_act/tc_csum.h. */
import { attrs, flags, pad, struct, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcCsum extends struct('tc_csum', {
  ...gen,
  updateFlags: flags(u32, { ipv4hdr: 1, icmp: 2, igmp: 4, tcp: 8, udp: 16, udplite: 32, sctp: 64 }, 'TCA_CSUM_UPDATE_FLAG_'),
}) {}

export class Csum extends attrs('TCA_CSUM_', {
  parms: [1, TcCsum],
  tm: [2, TcfT],
  pad: [3, pad],
}) {}
