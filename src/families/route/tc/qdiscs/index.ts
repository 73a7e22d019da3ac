/**
 * The kinds of queueing discipline: name in TCA_KIND -> schemas of its options and counters. Classes bear their qdisc's kind.
 * One more kind is one more file here, one import and its lines; all lists are alphabetical.
 */
import { None } from '../../kinds/none.ts';
import { Cake, CakeStats } from './cake.ts';
import { Cbs } from './cbs.ts';
import { Choke, ChokeXstats } from './choke.ts';
import { Codel, CodelXstats } from './codel.ts';
import { DrrClass, DrrStats } from './drr.ts';
import { Dualpi2, Dualpi2Xstats } from './dualpi2.ts';
import { Etf } from './etf.ts';
import { Ets, EtsClass } from './ets.ts';
import { Fifo } from './fifo.ts';
import { FqCodel, FqCodelXstats } from './fq-codel.ts';
import { FqPie, FqPieXstats } from './fq-pie.ts';
import { Fq, FqQdStats } from './fq.ts';
import { Gred } from './gred.ts';
import { Hfsc, HfscClass, HfscStats } from './hfsc.ts';
import { Hhf, HhfXstats } from './hhf.ts';
import { Htb, HtbClass, HtbXstats } from './htb.ts';
import { Mqprio } from './mqprio.ts';
import { Multiq } from './multiq.ts';
import { Netem, NetemXstats } from './netem.ts';
import { Pie, PieXstats } from './pie.ts';
import { Plug } from './plug.ts';
import { Prio } from './prio.ts';
import { QfqClass, QfqStats } from './qfq.ts';
import { Red, RedXstats } from './red.ts';
import { Sfb, SfbXstats } from './sfb.ts';
import { Sfq, SfqXstats } from './sfq.ts';
import { Skbprio } from './skbprio.ts';
import { Taprio, TaprioStats } from './taprio.ts';
import { Tbf } from './tbf.ts';

/** Options of a queueing discipline, by its kind. */
export const qdiscs = {
  bfifo: Fifo,
  blackhole: None,
  cake: Cake,
  cake_mq: Cake,
  cbs: Cbs,
  choke: Choke,
  clsact: None,
  codel: Codel,
  drr: None,
  dualpi2: Dualpi2,
  etf: Etf,
  ets: Ets,
  fq: Fq,
  fq_codel: FqCodel,
  fq_pie: FqPie,
  gred: Gred,
  hfsc: Hfsc,
  hhf: Hhf,
  htb: Htb,
  ingress: None,
  mq: None,
  mqprio: Mqprio,
  multiq: Multiq,
  netem: Netem,
  noqueue: None,
  pfifo: Fifo,
  pfifo_fast: Prio,
  pfifo_head_drop: Fifo,
  pie: Pie,
  plug: Plug,
  prio: Prio,
  qfq: None,
  red: Red,
  sfb: Sfb,
  sfq: Sfq,
  skbprio: Skbprio,
  taprio: Taprio,
  tbf: Tbf,
};
/** Options of a class, by its qdisc's kind; classes of other kinds have none. */
export const classes = {
  drr: DrrClass,
  ets: EtsClass,
  hfsc: HfscClass,
  htb: HtbClass,
  qfq: QfqClass,
};
/** Counters of a queueing discipline's own. */
export const qdiscStats = {
  cake: CakeStats,
  cake_mq: CakeStats,
  choke: ChokeXstats,
  codel: CodelXstats,
  dualpi2: Dualpi2Xstats,
  fq: FqQdStats,
  fq_codel: FqCodelXstats,
  fq_pie: FqPieXstats,
  hhf: HhfXstats,
  netem: NetemXstats,
  pie: PieXstats,
  red: RedXstats,
  sfb: SfbXstats,
  taprio: TaprioStats,
};
/** Counters of a class's own. */
export const classStats = {
  cake: CakeStats,
  drr: DrrStats,
  fq_codel: FqCodelXstats,
  hfsc: HfscStats,
  htb: HtbXstats,
  qfq: QfqStats,
  sfq: SfqXstats,
};
