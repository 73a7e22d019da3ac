/** cifs: the witness service of SMB (MS-SWN), which tells when a server moves. Source: include/uapi/linux/cifs/cifs_netlink.h, fs/smb/client/cifs_swn.c. */
import { attrs, enumeration, flag, genericFamily, string, u32 } from '../../codec/index.ts';
import { SockaddrStorage } from '../diag/sctp-info.ts';

/** What happened. */
export const cifsNotification = enumeration(u32, { resourceChange: 1, clientMove: 2, shareMove: 3, ipChange: 4 }, 'CIFS_SWN_NOTIFICATION_');
/** Whether what is watched can be reached. */
export const cifsResourceState = enumeration(u32, { unknown: 0, available: 1, unavailable: 255 }, 'CIFS_SWN_RESOURCE_STATE_');

/** A registration, or what it brought. */
export class CifsWitness extends attrs('CIFS_GENL_ATTR_SWN_', {
  registrationId: [1, u32],
  netName: [2, string],
  shareName: [3, string],
  ip: [4, SockaddrStorage],
  netNameNotify: [5, flag],
  shareNameNotify: [6, flag],
  ipNotify: [7, flag],
  krbAuth: [8, flag],
  userName: [9, string],
  password: [10, string],
  domainName: [11, string],
  notificationType: [12, cifsNotification],
  resourceState: [13, cifsResourceState],
  resourceName: [14, string],
}) {}

/** cifs. */
export const cifs = genericFamily('cifs', 1, {
  prefix: 'CIFS_GENL_CMD_',
  commands: {
    swnRegister: [1, CifsWitness],
    swnUnregister: [2, CifsWitness],
    swnNotify: [3, CifsWitness],
  },
  groups: { witness: 'cifs_mcgrp_swn' },
  config: 'CONFIG_CIFS_SWN_UPCALL',
  module: 'cifs',
});
