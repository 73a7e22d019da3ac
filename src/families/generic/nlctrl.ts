/** nlctrl, the family of families: what there is, their numbers, commands, multicast groups and policies. Source: include/uapi/linux/genetlink.h, net/netlink/genetlink.c. */
import { attrs, flags, genericFamily, indexed, keyed, Policy, string, u16, u32 } from '../../codec/index.ts';

/** What a command may be used for, by whom, and whether what it takes is checked against a policy. */
export const genericOperationFlags = flags(u32, { adminPerm: 1, cmdCapDo: 2, cmdCapDump: 4, cmdCapHaspol: 8, unsAdminPerm: 0x10 }, 'GENL_');

/** A command of a family. */
export class GenericOperation extends attrs('CTRL_ATTR_OP_', { id: [1, u32], flags: [2, genericOperationFlags] }) {}
/** A multicast group of a family: `id` is what a socket joins. */
export class GenericGroup extends attrs('CTRL_ATTR_MCAST_GRP_', { name: [1, string], id: [2, u32] }) {}
/** Numbers of the policies that check a command's requests, and its requests for dumps. */
export class GenericOperationPolicy extends attrs('CTRL_ATTR_POLICY_', { do: [1, u32], dump: [2, u32] }) {}

/** A family of generic netlink. */
export class GenericFamilyInfo extends attrs('CTRL_ATTR_', {
  familyId: [1, u16],
  familyName: [2, string],
  familyVersion: [3, u32, 'CTRL_ATTR_VERSION'],
  /** Bytes of a header of the family's own, behind genlmsghdr. */
  hdrsize: [4, u32],
  /** The highest number of its attributes. */
  maxattr: [5, u32],
  ops: [6, indexed(GenericOperation)],
  mcastGroups: [7, indexed(GenericGroup)],
  /** Number of a policy -> number of an attribute -> what it is checked against. */
  policy: [8, keyed(keyed(Policy))],
  /** Number of a command -> its policies. */
  opPolicy: [9, keyed(GenericOperationPolicy)],
  /** The command whose policy is asked for. */
  op: [10, u32],
}) {}

/** GENL_ID_CTRL: the number that nlctrl has everywhere. */
export const NLCTRL_ID = 0x10;
/** nlctrl: the family whose number is fixed. */
export const nlctrl = genericFamily('nlctrl', 2, {
  prefix: 'CTRL_CMD_',
  commands: {
    newfamily: [1, GenericFamilyInfo],
    delfamily: [2, GenericFamilyInfo],
    getfamily: [3, GenericFamilyInfo],
    newops: [4, GenericFamilyInfo],
    delops: [5, GenericFamilyInfo],
    getops: [6, GenericFamilyInfo],
    newmcastGrp: [7, GenericFamilyInfo],
    delmcastGrp: [8, GenericFamilyInfo],
    getmcastGrp: [9, GenericFamilyInfo],
    getpolicy: [10, GenericFamilyInfo],
  },
  groups: { notify: 'notify' },
});
