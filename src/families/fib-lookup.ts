/** NETLINK_FIB_LOOKUP: where a routing table of IPv4 leads, whatever rules say. Source: include/net/ip_fib.h, net/ipv4/fib_frontend.c (nl_fib_input). */
import { ipv4, protocol, s32, struct, u32, u8 } from '../codec/index.ts';
import { routeType, scope, table } from './route/names.ts';

/** The question, and what the kernel writes into it. It looks at no type of message and acknowledges nothing. */
export class FibResult extends struct('fib_result_nl', {
  addr: ipv4,
  mark: u32,
  tos: u8,
  /** The least scope that may be found. */
  lookupScope: scope,
  /** The one table to look in; `unspec`: main. */
  tableIn: table,
  /** Where it was found. */
  table,
  prefixlen: u8,
  /** Which of several next hops. */
  nhSel: u8,
  type: routeType,
  scope,
  /** 0, or a negative errno: EAGAIN (nothing found), ENOENT (no such table), what the route refuses with. */
  err: s32,
}) {}

export const fibLookup = protocol('fib_lookup', 10, { prefix: 'FIB_', messages: { lookup: [0, FibResult, 'FIB_LOOKUP'] }, groups: {} });
