/** Drops the packet of the lowest priority. Source: net/sched/sch_skbprio.c. */
import { struct, u32 } from '../../../../codec/index.ts';

export class Skbprio extends struct('tc_skbprio_qopt', { limit: u32 }) {}
