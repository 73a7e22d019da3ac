/** Helpers of connection tracking that are programs: their packets come by a queue. Source: include/uapi/linux/netfilter/nfnetlink_cthelper.h, net/netfilter/nfnetlink_cthelper.c. */
import { attrs, be16, be32, enumeration, message, string } from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { families, Nfgenmsg } from './header.ts';

/** Which connections it helps: of these protocols. */
export class UserHelperTuple extends attrs('NFCTH_TUPLE_', { l3protonum: [1, enumeration(be16, families, 'NFPROTO_')], l4protonum: [2, ipProtocol] }) {}
/** What it may expect of one class: how many connections at once, and for how many seconds each. */
export class UserHelperPolicy extends attrs('NFCTH_POLICY_', { name: [1, string], expectMax: [2, be32], expectTimeout: [3, be32] }) {}
export class UserHelperPolicies extends attrs('NFCTH_POLICY_', {
  /** How many of the following there are. */
  setNum: [1, be32],
  set1: [2, UserHelperPolicy], set2: [3, UserHelperPolicy], set3: [4, UserHelperPolicy], set4: [5, UserHelperPolicy],
}) {}
export class UserHelperAttrs extends attrs('NFCTH_', {
  /** At most 15 bytes. */
  name: [1, string],
  tuple: [2, UserHelperTuple],
  /** The queue that its packets come by. */
  queueNum: [3, be32],
  policy: [4, UserHelperPolicies],
  /** Bytes that it keeps with each connection. */
  privDataLen: [5, be32],
  /** What is not enabled lets packets pass. */
  status: [6, enumeration(be32, { disabled: 0, enabled: 1 }, 'NFCT_HELPER_STATUS_')],
}) {}
export class UserHelper extends message('userHelper', Nfgenmsg, UserHelperAttrs) {}
