/** Ids that a network namespace gives to others, `ip netns list-id`. Source: include/uapi/linux/net_namespace.h. */
import { attrs, message, s32, struct, u32 } from '../../codec/index.ts';
import { family } from './family.ts';

export class Rtgenmsg extends struct('rtgenmsg', { family }) {}

export class NsidAttrs extends attrs('NETNSA_', {
  /** -1: none assigned. */
  nsid: [1, s32],
  /** A process in the namespace. */
  pid: [2, u32],
  /** An open descriptor of the namespace's file. */
  fd: [3, u32],
  /** Answer for the ids of this namespace, not for ours. */
  targetNsid: [4, s32],
  /** The id under which we know the namespace that `nsid` is about. */
  currentNsid: [5, s32],
}) {}

export class Nsid extends message('nsid', Rtgenmsg, NsidAttrs) {}
