/** Ports, their functions, rates and line cards. Source: include/uapi/linux/devlink.h, net/devlink/port.c, rate.c, linecard.c. */
import { attrs, bitfield32, enumeration, mac, multi, string, u16, u32, u8 } from '../../../codec/index.ts';
import { DevlinkHandle } from './handle.ts';

/** What a port speaks. */
export const devlinkPortType = enumeration(u16, { notset: 0, auto: 1, eth: 2, ib: 3 }, 'DEVLINK_PORT_TYPE_');
/** What a port is: a socket, or the switch's side of a function. */
export const devlinkPortFlavour = enumeration(u16, { physical: 0, cpu: 1, dsa: 2, pciPf: 3, pciVf: 4, virtual: 5, unused: 6, pciSf: 7 }, 'DEVLINK_PORT_FLAVOUR_');
/** Whether a function is in use. */
export const devlinkFunctionState = enumeration(u8, { inactive: 0, active: 1 }, 'DEVLINK_PORT_FN_STATE_');
/** Whether a driver has it. */
export const devlinkFunctionOperation = enumeration(u8, { detached: 0, attached: 1 }, 'DEVLINK_PORT_FN_OPSTATE_');
const capabilities = bitfield32({ roce: 1, migratable: 2, ipsecCrypto: 4, ipsecPacket: 8 }, 'DEVLINK_PORT_FN_CAP_');

/** The function that a port is the switch's side of. */
export class DevlinkPortFunction extends attrs('DEVLINK_PORT_FN_ATTR_', {
  hwAddr: [1, mac, 'DEVLINK_PORT_FUNCTION_ATTR_HW_ADDR'],
  state: [2, devlinkFunctionState],
  opstate: [3, devlinkFunctionOperation],
  caps: [4, capabilities],
  devlink: [5, multi(DevlinkHandle)],
  /** Event queues. */
  maxIoEqs: [6, u32],
}) {}

/** A function's rate, or that of several. */
export const devlinkRateType = enumeration(u16, { leaf: 0, node: 1 }, 'DEVLINK_RATE_TYPE_');
/** The share of a traffic class. */
export class DevlinkRateClass extends attrs('DEVLINK_RATE_TC_ATTR_', { index: [1, u8], bw: [2, u32] }) {}
/** Kinds of line card that a slot takes. */
export class DevlinkLinecardTypes extends attrs('DEVLINK_ATTR_', { linecardType: [173, multi(string)] }) {}

/** Whether a slot has its card. */
export const devlinkLinecardState = enumeration(u8, {
  unspec: 0, unprovisioned: 1, unprovisioning: 2, provisioning: 3, provisioningFailed: 4, provisioned: 5, active: 6,
}, 'DEVLINK_LINECARD_STATE_');
