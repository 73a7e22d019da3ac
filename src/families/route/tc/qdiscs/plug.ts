/** Holds packets until they are released. Never reported. Source: net/sched/sch_plug.c. */
import { enumeration, s32, struct, u32 } from '../../../../codec/index.ts';

export class Plug extends struct('tc_plug_qopt', {
  action: enumeration(s32, { buffer: 0, releaseOne: 1, releaseIndefinite: 2, limit: 3 }, 'TCQ_PLUG_'),
  /** Most bytes that wait, of action `limit`. */
  limit: u32,
}) {}
