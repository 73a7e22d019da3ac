/** nbd: block devices whose blocks are elsewhere. Source: include/uapi/linux/nbd-netlink.h, drivers/block/nbd.c. */
import { attrs, genericFamily, multi, string, u32, u64, u8 } from '../../codec/index.ts';

/** Whether a device is in use. */
export class NbdDevice extends attrs('NBD_DEVICE_', { index: [1, u32], connected: [2, u8] }) {}
/** Devices, each in a nest of its own. */
export class NbdDevices extends attrs('NBD_DEVICE_', { item: [1, multi(NbdDevice)] }) {}
/** A connection to the server. */
export class NbdSocket extends attrs('NBD_SOCK_', { fd: [1, u32] }) {}
/** Connections, each in a nest of its own. */
export class NbdSockets extends attrs('NBD_SOCK_', { item: [1, multi(NbdSocket)] }) {}

/** A device: what it is to be, or that it is there. */
export class NbdState extends attrs('NBD_ATTR_', {
  /** The N of /dev/nbdN; left out: any that is free. */
  index: [1, u32],
  sizeBytes: [2, u64],
  blockSizeBytes: [3, u64],
  /** Seconds. */
  timeout: [4, u64],
  /** NBD_FLAG_*. */
  serverFlags: [5, u64],
  /** NBD_CFLAG_*. */
  clientFlags: [6, u64],
  sockets: [7, NbdSockets],
  /** Seconds. */
  deadConnTimeout: [8, u64],
  deviceList: [9, NbdDevices],
  /** Names what is behind it, so that a reconnection is to the same. */
  backendIdentifier: [10, string],
}) {}

/** nbd. */
export const nbd = genericFamily('nbd', 1, {
  prefix: 'NBD_CMD_',
  commands: {
    connect: [1, NbdState],
    disconnect: [2, NbdState],
    reconfigure: [3, NbdState],
    linkDead: [4, NbdState],
    status: [5, NbdState],
  },
  groups: { events: 'nbd_mc_group' },
  config: 'CONFIG_BLK_DEV_NBD',
  module: 'nbd',
});
