/** A band for each hardware queue. Source: net/sched/sch_multiq.c. */
import { struct, u16 } from '../../../../codec/index.ts';

export class Multiq extends struct('tc_multiq_qopt', {
  /** Reported; of a request, not read. */
  bands: u16,
  maxBands: u16,
}) {}
