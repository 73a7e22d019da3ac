/** NETLINK_SELINUX: what SELinux tells of itself. Source: include/uapi/linux/selinux_netlink.h, security/selinux/netlink.c. */
import { protocol, s32, struct, u32 } from '../codec/index.ts';

/** 1: what the policy forbids is refused; 0: it is only told of. */
export class SelinuxSetenforce extends struct('selnl_msg_setenforce', { val: s32 }) {}
/** Counts the policies that were loaded. */
export class SelinuxPolicyload extends struct('selnl_msg_policyload', { seqno: u32 }) {}

export const selinux = protocol('selinux', 7, {
  prefix: 'SELNL_MSG_',
  messages: { setenforce: [0x10, SelinuxSetenforce], policyload: [0x11, SelinuxPolicyload] },
  groups: { avc: [1, 'SELNLGRP_AVC'] },
});
