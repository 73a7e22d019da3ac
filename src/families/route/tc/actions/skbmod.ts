/** Ethernet addresses and type of a packet. Source: net/sched/act_skbmod.c, numbers: include/uapi/linux/tc_act/tc_skbmod.h. */
import { attrs, macAddress, pad, struct, u16, u64 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcSkbmod extends struct('tc_skbmod', {
  ...gen,
  /** Bits: 1 `dmac`, 2 `smac`, 4 `etype`, 8 swaps the addresses, 16 marks congestion (ECN). */
  flags: u64,
}) {}

export class Skbmod extends attrs('TCA_SKBMOD_', {
  tm: [1, TcfT],
  parms: [2, TcSkbmod],
  dmac: [3, macAddress],
  smac: [4, macAddress],
  /** In host order. */
  etype: [5, u16],
  pad: [6, pad],
}) {}
