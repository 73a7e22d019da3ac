/** binder: transactions of Android's binder that failed. Source: include/uapi/linux/android/binder_netlink.h, drivers/android/binder.c. */
import { attrs, flag, genericFamily, string, u32 } from '../../codec/index.ts';

/** A transaction that did not arrive. */
export class BinderReport extends attrs('BINDER_A_REPORT_', {
  /** BR_*. */
  error: [1, u32],
  /** The device: "binder". */
  context: [2, string],
  fromPid: [3, u32],
  fromTid: [4, u32],
  toPid: [5, u32],
  toTid: [6, u32],
  isReply: [7, flag],
  /** TF_*. */
  flags: [8, u32],
  code: [9, u32],
  dataSize: [10, u32],
}) {}

/** binder. */
export const binder = genericFamily('binder', 1, {
  prefix: 'BINDER_CMD_',
  commands: {
    report: [1, BinderReport],
  },
  groups: { report: 'report' },
  config: 'CONFIG_ANDROID_BINDER_IPC',
});
