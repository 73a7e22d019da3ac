/** Time-aware priority shaper, IEEE 802.1Qbv. Times in nanoseconds. Source: net/sched/sch_taprio.c. */
import { attrs, enumeration, flags, multi, pad, s32, s64, u32, u64, u8 } from '../../../../codec/index.ts';
import { fp, MqprioQopt } from './mqprio.ts';

export class TaprioSchedEntry extends attrs('TCA_TAPRIO_SCHED_ENTRY_', {
  index: [1, u32],
  cmd: [2, enumeration(u8, { setGates: 0, setAndHold: 1, setAndRelease: 2 }, 'TC_TAPRIO_CMD_')],
  /** A bit for each traffic class that may send. */
  gateMask: [3, u32],
  interval: [4, u32],
}) {}
export class TaprioSchedEntryList extends attrs('TCA_TAPRIO_SCHED_', { entry: [1, multi(TaprioSchedEntry)] }) {}
export class TaprioTcEntry extends attrs('TCA_TAPRIO_TC_ENTRY_', {
  index: [1, u32],
  /** Largest frame, in bytes; 0: any. */
  maxSdu: [2, u32],
  fp: [3, fp],
}) {}

const schedule = {
  schedEntryList: [2, TaprioSchedEntryList],
  schedBaseTime: [3, s64],
  schedCycleTime: [8, s64],
  schedCycleTimeExtension: [9, s64],
} as const;
/** The schedule that is waiting for its time. */
export class TaprioAdminSched extends attrs('TCA_TAPRIO_ATTR_', schedule) {}
export class Taprio extends attrs('TCA_TAPRIO_ATTR_', {
  priomap: [1, MqprioQopt],
  ...schedule,
  schedSingleEntry: [4, TaprioSchedEntry],
  /** CLOCK_* of time.h. */
  schedClockid: [5, s32],
  pad: [6, pad],
  adminSched: [7, TaprioAdminSched],
  flags: [10, flags(u32, { txtimeAssist: 1, fullOffload: 2 }, 'TCA_TAPRIO_ATTR_FLAG_')],
  txtimeDelay: [11, u32],
  tcEntry: [12, multi(TaprioTcEntry)],
}) {}
/** Of hardware. */
export class TaprioStats extends attrs('TCA_TAPRIO_OFFLOAD_STATS_', {
  pad: [1, pad],
  windowDrops: [2, u64],
  txOverruns: [3, u64],
}) {}
