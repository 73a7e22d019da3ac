/** Packets pass by the clock (IEEE 802.1Qci). Source: net/sched/act_gate.c, numbers: include/uapi/linux/tc_act/tc_gate.h. */
import { attrs, flag, multi, pad, s32, struct, u32, u64 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcGate extends struct('tc_gate', gen) {}

export class GateEntry extends attrs('TCA_GATE_ENTRY_', {
  index: [1, u32],
  /** Open. */
  gate: [2, flag],
  /** Nanoseconds. */
  interval: [3, u32],
  /** Priority within; -1: none. */
  ipv: [4, s32],
  /** Bytes that may pass; -1: any. */
  maxOctets: [5, s32],
}) {}
export class GateEntryList extends attrs('TCA_GATE_', { oneEntry: [1, multi(GateEntry)] }) {}

export class Gate extends attrs('TCA_GATE_', {
  tm: [1, TcfT],
  parms: [2, TcGate],
  pad: [3, pad],
  priority: [4, s32],
  entryList: [5, GateEntryList],
  /** Nanoseconds, as `cycleTime` and `cycleTimeExt`. */
  baseTime: [6, u64],
  cycleTime: [7, u64],
  cycleTimeExt: [8, u64],
  flags: [9, u32],
  /** CLOCK_*: 11 is TAI. */
  clockid: [10, s32],
}) {}
