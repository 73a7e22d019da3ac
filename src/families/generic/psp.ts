/** psp: devices that encrypt between hosts (PSP security protocol). Source: include/uapi/linux/psp.h, net/psp/psp_nl.c. */
import { attrs, binary, enumeration, flag, genericFamily, multi, s32, u32, uint } from '../../codec/index.ts';

/** How packets are encrypted. */
export const pspVersion = enumeration(u32, { hdr0AesGcm_128: 0, hdr0AesGcm_256: 1, hdr0AesGmac_128: 2, hdr0AesGmac_256: 3 }, 'PSP_VERSION_');
/** A device that goes by another's. */
export class PspAssociated extends attrs('PSP_A_ASSOC_DEV_INFO_', { ifindex: [1, u32], nsid: [2, s32] }) {}

/** A device. */
export class PspDevice extends attrs('PSP_A_DEV_', {
  id: [1, u32],
  ifindex: [2, u32],
  /** Bit N: version N can be had. */
  pspVersionsCap: [3, u32],
  /** Bit N: version N is on. */
  pspVersionsEna: [4, u32],
  assocList: [5, multi(PspAssociated)],
  nsid: [6, s32],
  byAssociation: [7, flag],
}) {}

/** A key, and the index that says it. */
export class PspKey extends attrs('PSP_A_KEYS_', { key: [1, binary], spi: [2, u32] }) {}

/** A connection's keys. */
export class PspAssociation extends attrs('PSP_A_ASSOC_', {
  devId: [1, u32],
  pspVersion: [2, pspVersion, 'PSP_A_ASSOC_VERSION'],
  rxKey: [3, PspKey],
  txKey: [4, PspKey],
  sockFd: [5, u32],
}) {}

/** Counters of a device. */
export class PspStats extends attrs('PSP_A_STATS_', {
  devId: [1, u32],
  keyRotations: [2, uint],
  staleEvents: [3, uint],
  rxPackets: [4, uint],
  rxBytes: [5, uint],
  rxAuthFail: [6, uint],
  rxError: [7, uint],
  rxBad: [8, uint],
  txPackets: [9, uint],
  txBytes: [10, uint],
  txError: [11, uint],
}) {}

/** psp. */
export const psp = genericFamily('psp', 1, {
  prefix: 'PSP_CMD_',
  commands: {
    devGet: [1, PspDevice],
    devAddNtf: [2, PspDevice],
    devDelNtf: [3, PspDevice],
    devSet: [4, PspDevice],
    devChangeNtf: [5, PspDevice],
    keyRotate: [6, PspDevice],
    keyRotateNtf: [7, PspDevice],
    rxAssoc: [8, PspAssociation],
    txAssoc: [9, PspAssociation],
    getStats: [10, PspStats],
    devAssoc: [11, PspDevice],
    devDisassoc: [12, PspDevice],
  },
  groups: { mgmt: 'mgmt', use: 'use' },
  config: 'CONFIG_INET_PSP',
});
