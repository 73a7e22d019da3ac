/** VFS_DQUOT: warnings that a quota is exceeded. Source: include/uapi/linux/quota.h, fs/quota/netlink.c. */
import { attrs, enumeration, genericFamily, pad, u32, u64 } from '../../codec/index.ts';

/** What happened: `i`: of inodes, `b`: of blocks. */
export const quotaWarning = enumeration(u32, {
  nowarn: 0, ihardwarn: 1, isoftlongwarn: 2, isoftwarn: 3, bhardwarn: 4, bsoftlongwarn: 5, bsoftwarn: 6, ihardbelow: 7, isoftbelow: 8, bhardbelow: 9,
  bsoftbelow: 10,
}, 'QUOTA_NL_');

/** Whose quota it is. */
export const quotaType = enumeration(u32, { user: 0, group: 1, project: 2 });

/** A warning. */
export class QuotaWarning extends attrs('QUOTA_NL_A_', {
  qtype: [1, quotaType],
  /** The user, group or project. */
  excessId: [2, u64],
  warning: [3, quotaWarning],
  devMajor: [4, u32],
  devMinor: [5, u32],
  /** The user who did it. */
  causedId: [6, u64],
  pad: [7, pad],
}) {}

/** VFS_DQUOT. */
export const quota = genericFamily('VFS_DQUOT', 1, {
  prefix: 'QUOTA_NL_C_',
  commands: {
    warning: [1, QuotaWarning],
  },
  groups: { events: 'events' },
  config: 'CONFIG_QUOTA_NETLINK_INTERFACE',
});
