/**
 * Queueing disciplines, classes, filters, chains and actions, `tc`. One more kind is one more line in the table of qdiscs/, filters/ or actions/.
 * Source: net/sched/sch_api.c, cls_api.c, act_api.c, include/uapi/linux/rtnetlink.h, pkt_sched.h, pkt_cls.h.
 */
import { attrs, binary, bitfield32, flag, indexed, message, pad, s32, select, string, struct, u16, u32, u8, type Codec, type Value } from '../../../codec/index.ts';
import { family } from '../family.ts';
import { tcAction } from './action.ts';
import { actions } from './actions/index.ts';
import { filters } from './filters/index.ts';
import { classes, classStats, qdiscs, qdiscStats } from './qdiscs/index.ts';
import { GnetEstimator, statsShape, TcaStab, TcStats } from './stats.ts';

export { actions, classes, filters, qdiscs };
export * from './action.ts';
export * from './stats.ts';

export class Tcmsg extends struct('tcmsg', {
  family, _pad1: u8, _pad2: u16,
  /** 0xffffffff: a shared block, whose number is then in `parent`. */
  ifindex: s32,
  /** Major and minor number, sixteen bits each. */
  handle: u32,
  /** 0xffffffff: the root; 0xfffffff1: ingress and clsact. */
  parent: u32,
  /** Of a filter: priority in the upper half, EtherType in network order in the lower. Of a qdisc: how often it is referred to. */
  info: u32,
}) {}
export class Tcamsg extends struct('tcamsg', { family, _pad1: u8, _pad2: u16 }) {}

/** What messages of all kinds have beside a kind, its options and its counters. */
const common = {
  stats: [3, TcStats],
  rate: [5, GnetEstimator],
  fcnt: [6, binary],
  stab: [8, TcaStab],
  pad: [9, pad],
  /** Of a dump: qdiscs that the kernel made by itself, too. */
  dumpInvisible: [10, flag],
  chain: [11, u32],
  hwOffload: [12, u8],
  ingressBlock: [13, u32],
  egressBlock: [14, u32],
  dumpFlags: [15, bitfield32({ terse: 1 }, 'TCA_DUMP_FLAGS_')],
  /** A warning from the driver, in words. */
  extWarnMsg: [16, string],
} as const;

/** Counters of kinds' own. Types that do not speak of `kind`: a second selection by it would leave no kind possible. */
type Counters<T> = Value<T[keyof T]> | Uint8Array;
const qdiscCounters: Codec<Counters<typeof qdiscStats>> = select('kind', qdiscStats);
const classCounters: Codec<Counters<typeof classStats>> = select('kind', classStats);

export class TcQdiscStats extends attrs('TCA_STATS_', statsShape(qdiscCounters)) {}
export class TcClassStats extends attrs('TCA_STATS_', statsShape(classCounters)) {}

export const tcQdiscAttrs = attrs('TCA_', {
  kind: [1, string],
  options: [2, select('kind', qdiscs)],
  xstats: [4, qdiscCounters],
  stats2: [7, TcQdiscStats],
  ...common,
});
export const tcClassAttrs = attrs('TCA_', {
  kind: [1, string],
  options: [2, select('kind', classes)],
  xstats: [4, classCounters],
  stats2: [7, TcClassStats],
  ...common,
});
export const tcFilterAttrs = attrs('TCA_', {
  kind: [1, string],
  options: [2, select('kind', filters)],
  xstats: [4, binary],
  stats2: [7, binary],
  ...common,
});

/** A queueing discipline. */
export const tcQdisc = message('qdisc', Tcmsg, tcQdiscAttrs);
export type TcQdisc = Value<typeof tcQdisc>;
/** The same as described to the kernel: header fields may be left out. */
export type TcQdiscInit = Value<typeof tcQdisc.init>;
/** A class of a queueing discipline. */
export const tcClass = message('class', Tcmsg, tcClassAttrs);
export type TcClass = Value<typeof tcClass>;
/** The same as described to the kernel: header fields may be left out. */
export type TcClassInit = Value<typeof tcClass.init>;
/** A filter; or a chain of filters, whose `kind` and `options` are then a template for them. */
export const tcFilter = message('filter', Tcmsg, tcFilterAttrs);
export type TcFilter = Value<typeof tcFilter>;
/** The same as described to the kernel: header fields may be left out. */
export type TcFilterInit = Value<typeof tcFilter.init>;

export class ActionAttrs extends attrs('TCA_ROOT_', {
  tab: [1, indexed(tcAction)],
  flags: [2, bitfield32({ largeDumpOn: 1, terseDump: 2 }, 'TCA_ACT_FLAG_')],
  /** Actions in this message of a dump. */
  count: [3, u32],
  /** Only actions used within so many milliseconds. */
  timeDelta: [4, u32],
  extWarnMsg: [5, string],
}) {}
export class Action extends message('action', Tcamsg, ActionAttrs) {}
