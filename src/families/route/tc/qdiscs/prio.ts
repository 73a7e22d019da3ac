/** Bands, of which the first that has packets sends: `prio`, and `pfifo_fast`, whose bands are fixed. Source: net/sched/sch_prio.c, sch_generic.c. */
import { array, struct, u32, u8 } from '../../../../codec/index.ts';

export class Prio extends struct('tc_prio_qopt', {
  bands: u32,
  /** Priority of a packet -> band. */
  priomap: array(u8, 16),
}) {}
