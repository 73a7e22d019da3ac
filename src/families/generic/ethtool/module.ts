/** Modules in a link's socket (SFP, QSFP), their memory and firmware. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/eeprom.c, module.c. */
import { attrs, binary, enumeration, string, u32, u8, uint } from '../../../codec/index.ts';
import { EthtoolHeader } from './bitset.ts';

/** A part of a module's memory. */
export class EthtoolModuleEeprom extends attrs('ETHTOOL_A_MODULE_EEPROM_', {
  header: [1, EthtoolHeader],
  offset: [2, u32],
  /** At most 128 bytes at once. */
  length: [3, u32],
  page: [4, u8],
  bank: [5, u8],
  i2cAddress: [6, u8],
  data: [7, binary],
}) {}

/** When a module draws power, and whether it does. */
export class EthtoolModule extends attrs('ETHTOOL_A_MODULE_', {
  header: [1, EthtoolHeader],
  powerModePolicy: [2, enumeration(u8, { high: 1, auto: 2 }, 'ETHTOOL_MODULE_POWER_MODE_POLICY_')],
  powerMode: [3, enumeration(u8, { low: 1, high: 2 }, 'ETHTOOL_MODULE_POWER_MODE_')],
}) {}

/** New firmware for a module, and how far it has come. */
export class EthtoolModuleFirmware extends attrs('ETHTOOL_A_MODULE_FW_FLASH_', {
  header: [1, EthtoolHeader],
  /** Under /lib/firmware. */
  fileName: [2, string],
  password: [3, u32],
  status: [4, enumeration(u32, { started: 1, inProgress: 2, completed: 3, error: 4 }, 'ETHTOOL_MODULE_FW_FLASH_STATUS_')],
  statusMsg: [5, string],
  /** Bytes. */
  done: [6, uint],
  total: [7, uint],
}) {}
