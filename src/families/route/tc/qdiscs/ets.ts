/** Enhanced transmission selection: strict bands, then shared ones. Source: net/sched/sch_ets.c. */
import { attrs, multi, u32, u8 } from '../../../../codec/index.ts';

/** Bytes a round of each band that is not strict. */
export class EtsQuanta extends attrs('TCA_ETS_', { quantaBand: [4, multi(u32)] }) {}
/** Priority of a packet -> band. */
export class EtsPriomap extends attrs('TCA_ETS_', { priomapBand: [6, multi(u8)] }) {}
export class Ets extends attrs('TCA_ETS_', {
  nbands: [1, u8],
  nstrict: [2, u8],
  quanta: [3, EtsQuanta],
  priomap: [5, EtsPriomap],
}) {}
export class EtsClass extends attrs('TCA_ETS_', { quantaBand: [4, u32] }) {}
