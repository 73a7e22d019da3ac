/** A verdict, `action drop`, with a chance for another one. Source: net/sched/act_gact.c, numbers: include/uapi/linux/tc_act/tc_gact.h. */
import { attrs, enumeration, pad, struct, u16 } from '../../../../codec/index.ts';
import { gen, TcfT, verdict } from './common.ts';

export class TcGact extends struct('tc_gact', gen) {}
export class TcGactP extends struct('tc_gact_p', {
  ptype: enumeration(u16, { none: 0, netrand: 1, determ: 2 }, 'PGACT_'),
  /** One packet of so many. */
  pval: u16,
  /** What becomes of that one. */
  paction: verdict,
}) {}

export class Gact extends attrs('TCA_GACT_', {
  tm: [1, TcfT],
  parms: [2, TcGact],
  prob: [3, TcGactP],
  pad: [4, pad],
}) {}
