/** Hierarchical fair service curves. Source: net/sched/sch_hfsc.c. */
import { attrs, struct, u16, u32, u64 } from '../../../../codec/index.ts';

export class Hfsc extends struct('tc_hfsc_qopt', {
  /** Minor number of the class for what no filter takes. */
  defcls: u16,
}) {}

/** Bytes a second: `m1` for `d` microseconds, then `m2`. */
export class TcServiceCurve extends struct('tc_service_curve', { m1: u32, d: u32, m2: u32 }) {}
export class HfscClass extends attrs('TCA_HFSC_', {
  /** Real-time curve: guaranteed. */
  rsc: [1, TcServiceCurve],
  /** Link-sharing curve. */
  fsc: [2, TcServiceCurve],
  /** Upper limit curve. */
  usc: [3, TcServiceCurve],
}) {}
/** Bytes sent: all, and by the real-time curve. */
export class HfscStats extends struct('tc_hfsc_stats', { work: u64, rtwork: u64, period: u32, level: u32 }) {}
