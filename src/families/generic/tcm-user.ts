/** TCM-USER: SCSI targets that user space serves. Source: include/uapi/linux/target_core_user.h, drivers/target/target_core_user.c. */
import { attrs, genericFamily, pad, s32, string, u32, u64, u8 } from '../../codec/index.ts';

/** A device. */
export class TcmuState extends attrs('TCMU_ATTR_', {
  device: [1, string],
  /** The N of /dev/uioN. */
  minor: [2, u32],
  pad: [3, pad],
  devCfg: [4, string],
  devSize: [5, u64],
  writecache: [6, u8],
  /** An errno, negative; 0: it worked. */
  cmdStatus: [7, s32],
  deviceId: [8, u32],
  /** Whether the kernel waits for answers. */
  suppKernCmdReply: [9, u8],
}) {}

/** TCM-USER. */
export const tcmUser = genericFamily('TCM-USER', 2, {
  prefix: 'TCMU_CMD_',
  commands: {
    addedDevice: [1, TcmuState],
    removedDevice: [2, TcmuState],
    reconfigDevice: [3, TcmuState],
    addedDeviceDone: [4, TcmuState],
    removedDeviceDone: [5, TcmuState],
    reconfigDeviceDone: [6, TcmuState],
    setFeatures: [7, TcmuState],
  },
  groups: { config: 'config' },
  config: 'CONFIG_TCM_USER2',
  module: 'target_core_user',
});
