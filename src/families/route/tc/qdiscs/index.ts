/**
 * The kinds of queueing discipline: name in TCA_KIND -> schemas of its options and counters. Classes bear their qdisc's kind.
 * One more kind is one more file here, one import and its lines; all lists are alphabetical.
 */

/** Options of a queueing discipline, by its kind. */
export const qdiscs = {
};
/** Options of a class, by its qdisc's kind. */
export const classes = {
};
/** Counters of a queueing discipline's own. */
export const qdiscStats = {
};
/** Counters of a class's own. */
export const classStats = {
};
