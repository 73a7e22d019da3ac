/** Credit-based shaper. Source: net/sched/sch_cbs.c. */
import { attrs, s32, struct, u8 } from '../../../../codec/index.ts';

export class CbsParms extends struct('tc_cbs_qopt', {
  /** 1: by hardware. */
  offload: u8, _pad1: u8, _pad2: u8, _pad3: u8,
  /** Bytes. */
  hicredit: s32, locredit: s32,
  /** Kilobits a second. */
  idleslope: s32, sendslope: s32,
}) {}
export class Cbs extends attrs('TCA_CBS_', { parms: [1, CbsParms] }) {}
