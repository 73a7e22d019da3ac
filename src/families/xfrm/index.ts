/** NETLINK_XFRM: IPsec's states and policies, what `ip xfrm` and key daemons speak. Source: include/uapi/linux/xfrm.h, net/xfrm/xfrm_user.c. */
import { message, protocol } from '../../codec/index.ts';
import { XfrmAttrs } from './attributes.ts';
import { Sadinfo, Spdinfo } from './info.ts';
import { XfrmUserAcquire, XfrmUserpolicyDefault, XfrmUserpolicyId, XfrmUserpolicyInfo, XfrmUserPolexpire, XfrmUserReport } from './policy.ts';
import { XfrmAeventId, XfrmUserExpire, XfrmUserMapping, XfrmUserMigrateState, XfrmUsersaFlush, XfrmUsersaId, XfrmUsersaInfo, XfrmUserspiInfo } from './state.ts';

export class Usersa extends message('usersa', XfrmUsersaInfo, XfrmAttrs) {}
export class UsersaId extends message('usersaId', XfrmUsersaId, XfrmAttrs) {}
export class Userspi extends message('userspi', XfrmUserspiInfo, XfrmAttrs) {}
export class UserExpire extends message('userExpire', XfrmUserExpire, XfrmAttrs) {}
export class UsersaFlush extends message('usersaFlush', XfrmUsersaFlush, XfrmAttrs) {}
export class Aevent extends message('aevent', XfrmAeventId, XfrmAttrs) {}
export class UserMapping extends message('userMapping', XfrmUserMapping, XfrmAttrs) {}
export class UserMigrateState extends message('userMigrateState', XfrmUserMigrateState, XfrmAttrs) {}

export class Userpolicy extends message('userpolicy', XfrmUserpolicyInfo, XfrmAttrs) {}
export class UserpolicyId extends message('userpolicyId', XfrmUserpolicyId, XfrmAttrs) {}
export class UserPolexpire extends message('userPolexpire', XfrmUserPolexpire, XfrmAttrs) {}
export class UserpolicyDefault extends message('userpolicyDefault', XfrmUserpolicyDefault, XfrmAttrs) {}
export class UserAcquire extends message('userAcquire', XfrmUserAcquire, XfrmAttrs) {}
export class UserReport extends message('userReport', XfrmUserReport, XfrmAttrs) {}

/** Messages that ask for a dump have attributes only, and so has what deletes all policies. */
export const xfrm = protocol('xfrm', 6, {
  prefix: 'XFRM_MSG_',
  messages: {
    newsa: [16, Usersa], delsa: [17, UsersaId], getsa: [18, UsersaId, undefined, UsersaId, XfrmAttrs],
    newpolicy: [19, Userpolicy], delpolicy: [20, UserpolicyId], getpolicy: [21, UserpolicyId, undefined, UserpolicyId, XfrmAttrs],
    allocspi: [22, Userspi],
    acquire: [23, UserAcquire],
    expire: [24, UserExpire],
    updpolicy: [25, Userpolicy],
    updsa: [26, Usersa],
    polexpire: [27, UserPolexpire],
    flushsa: [28, UsersaFlush], flushpolicy: [29, XfrmAttrs],
    newae: [30, Aevent], getae: [31, Aevent],
    report: [32, UserReport],
    migrate: [33, UserpolicyId],
    newsadinfo: [34, Sadinfo], getsadinfo: [35, Sadinfo],
    newspdinfo: [36, Spdinfo], getspdinfo: [37, Spdinfo],
    mapping: [38, UserMapping],
    setdefault: [39, UserpolicyDefault], getdefault: [40, UserpolicyDefault],
    migrateState: [41, UserMigrateState],
  },
  groups: {
    acquire: [1, 'XFRMNLGRP_ACQUIRE'], expire: [2, 'XFRMNLGRP_EXPIRE'], sa: [3, 'XFRMNLGRP_SA'], policy: [4, 'XFRMNLGRP_POLICY'],
    aevents: [5, 'XFRMNLGRP_AEVENTS'], report: [6, 'XFRMNLGRP_REPORT'], migrate: [7, 'XFRMNLGRP_MIGRATE'], mapping: [8, 'XFRMNLGRP_MAPPING'],
  },
});

export * from './attributes.ts';
export * from './info.ts';
export * from './names.ts';
export * from './policy.ts';
export * from './state.ts';
