/** The kinds that have words of their own. Others that have a schema are made without options, and are printed by name. */
import { classes, qdiscs } from '../../../families/route/index.ts';
import type { TcKind } from '../kind.ts';
import { cake } from './cake.ts';
import { codel, fqCodel } from './codel.ts';
import { bfifo, ingress, multiq, pfifo, plain, skbprio } from './fifo.ts';
import { fq } from './fq.ts';
import { gred } from './gred.ts';
import { hfsc, hfscClass } from './hfsc.ts';
import { hhf, sfb } from './hhf.ts';
import { htb, htbClass } from './htb.ts';
import { mqprio } from './mqprio.ts';
import { netem } from './netem.ts';
import { fqPie, pie } from './pie.ts';
import { plug } from './plug.ts';
import { pfifoFast, prio } from './prio.ts';
import { choke, red, sfq } from './red.ts';
import { drrClass, ets, etsClass, qfqClass } from './sharing.ts';
import { cbs, etf, taprio } from './taprio.ts';
import { tbf } from './tbf.ts';

/** Of queueing disciplines. */
export const qdiscKinds: Readonly<Record<string, TcKind>> = {
  bfifo, blackhole: plain, cake, cbs, choke, clsact: plain, codel, drr: plain, etf, ets, fq, fq_codel: fqCodel, fq_pie: fqPie, gred, hfsc, hhf, htb, ingress, mq: plain, mqprio, multiq, netem, noqueue: plain,
  pfifo, pfifo_fast: pfifoFast, pfifo_head_drop: pfifo, pie, plug, prio, qfq: plain, red, sfb, sfq, skbprio, taprio, tbf,
};
/** Of classes, by their qdisc's kind. */
export const classKinds: Readonly<Record<string, TcKind>> = { cake, drr: drrClass, ets: etsClass, fq_codel: fqCodel, hfsc: hfscClass, htb: htbClass, qfq: qfqClass, sfq };

/** Every kind that has a schema. */
export const qdiscNames = Object.keys(qdiscs), classNames = Object.keys(classes);
