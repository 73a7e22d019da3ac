/** vdpa: devices of virtio whose data path is hardware's. Source: include/uapi/linux/vdpa.h, drivers/vdpa/vdpa.c. */
import { attrs, genericFamily, macAddress, multi, pad, string, u16, u32, u64, u8 } from '../../codec/index.ts';

/** A device, or one that makes such devices. */
export class VdpaState extends attrs('VDPA_ATTR_', {
  pad: [0, pad],
  mgmtdevBusName: [1, string],
  mgmtdevDevName: [2, string],
  /** Bit N: devices of virtio number N can be made. */
  mgmtdevSupportedClasses: [3, u64],
  devName: [4, string],
  /** Of virtio: 1 is network, 2 is block. */
  devId: [5, u32],
  devVendorId: [6, u32],
  devMaxVqs: [7, u32],
  devMaxVqSize: [8, u16],
  devMinVqSize: [9, u16],
  devNetCfgMacaddr: [10, macAddress],
  /** Bit 0: the link is up. */
  devNetStatus: [11, u8],
  devNetCfgMaxVqp: [12, u16],
  devNetCfgMtu: [13, u16],
  /** Bits VIRTIO_*. */
  devNegotiatedFeatures: [14, u64],
  devMgmtdevMaxVqs: [15, u32],
  /** Bits VIRTIO_*. */
  devSupportedFeatures: [16, u64],
  devQueueIndex: [17, u32],
  /** Names of the vendor's counters, each followed by its value. */
  devVendorAttrName: [18, multi(string)],
  devVendorAttrValue: [19, multi(u64)],
  /** Bits VIRTIO_*. */
  devFeatures: [20, u64],
  devBlkCfgCapacity: [21, u64],
  devBlkCfgSizeMax: [22, u32],
  devBlkCfgBlkSize: [23, u32],
  devBlkCfgSegMax: [24, u32],
  devBlkCfgNumQueues: [25, u16],
  devBlkCfgPhyBlkExp: [26, u8],
  devBlkCfgAlignOffset: [27, u8],
  devBlkCfgMinIoSize: [28, u16],
  devBlkCfgOptIoSize: [29, u32],
  devBlkCfgMaxDiscardSec: [30, u32],
  devBlkCfgMaxDiscardSeg: [31, u32],
  devBlkCfgDiscardSecAlign: [32, u32],
  devBlkCfgMaxWriteZeroesSec: [33, u32],
  devBlkCfgMaxWriteZeroesSeg: [34, u32],
  devBlkReadOnly: [35, u8],
  devBlkFlush: [36, u8],
}) {}

/** vdpa. */
export const vdpa = genericFamily('vdpa', 1, {
  prefix: 'VDPA_CMD_',
  commands: {
    mgmtdevNew: [1, VdpaState],
    mgmtdevGet: [2, VdpaState],
    devNew: [3, VdpaState],
    devDel: [4, VdpaState],
    devGet: [5, VdpaState],
    devConfigGet: [6, VdpaState],
    devVstatsGet: [7, VdpaState],
    devAttrSet: [8, VdpaState],
  },
  config: 'CONFIG_VDPA',
  module: 'vdpa',
});
