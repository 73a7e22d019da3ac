/** First in, first out: `pfifo` counts packets, `bfifo` bytes, `pfifo_head_drop` drops the oldest. Source: net/sched/sch_fifo.c. */
import { struct, u32 } from '../../../../codec/index.ts';

export class Fifo extends struct('tc_fifo_qopt', {
  /** Most packets or bytes that wait. */
  limit: u32,
}) {}
