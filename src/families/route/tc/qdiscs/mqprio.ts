/** Traffic classes onto hardware queues. Source: net/sched/sch_mqprio.c, sch_mqprio_lib.c. */
import { array, attrs, enumeration, message, multi, struct, u16, u32, u64, u8 } from '../../../../codec/index.ts';

export class MqprioQopt extends struct('tc_mqprio_qopt', {
  /** Traffic classes. */
  numTc: u8,
  /** Priority of a packet -> traffic class. */
  prioTcMap: array(u8, 16),
  /** 1: by hardware. */
  hw: u8,
  /** Queues of each class, and the first of them. */
  count: array(u16, 16), offset: array(u16, 16),
}) {}
/** Which frames may be interrupted by others. */
export const fp = enumeration(u32, { express: 1, preemptible: 2 }, 'TC_FP_');
/** Bytes a second of each class. */
export class MqprioMinRate extends attrs('TCA_MQPRIO_', { minRate64: [3, multi(u64)] }) {}
export class MqprioMaxRate extends attrs('TCA_MQPRIO_', { maxRate64: [4, multi(u64)] }) {}
export class MqprioTcEntry extends attrs('TCA_MQPRIO_TC_ENTRY_', { index: [1, u32], fp: [2, fp] }) {}
export class Mqprio extends message('mqprio', MqprioQopt, attrs('TCA_MQPRIO_', {
  mode: [1, enumeration(u16, { dcb: 0, channel: 1 }, 'TC_MQPRIO_MODE_')],
  shaper: [2, enumeration(u16, { dcb: 0, bwRate: 1 }, 'TC_MQPRIO_SHAPER_')],
  minRate64: [3, MqprioMinRate],
  maxRate64: [4, MqprioMaxRate],
  tcEntry: [5, multi(MqprioTcEntry)],
})) {}
