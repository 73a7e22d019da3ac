/** ovs_meter: how fast packets may go. Source: include/uapi/linux/openvswitch.h, net/openvswitch/meter.c. */
import { attrs, enumeration, flag, genericFamily, pad, u32, u64, unnumbered } from '../../../codec/index.ts';
import { OvsFlowStats, openvswitch } from './header.ts';

/** What happens beyond a rate. */
export class OvsBand extends attrs('OVS_BAND_ATTR_', {
  type: [1, enumeration(u32, { unspec: 0, drop: 1 }, 'OVS_METER_BAND_TYPE_')],
  /** A second, in the meter's unit. */
  rate: [2, u32],
  /** In the meter's unit. */
  burst: [3, u32],
  stats: [4, OvsFlowStats],
}) {}

/** A meter, or what meters there may be. */
export class OvsMeter extends attrs('OVS_METER_ATTR_', {
  id: [1, u32],
  /** Kilobits; else packets. */
  kbps: [2, flag],
  stats: [3, OvsFlowStats],
  bands: [4, unnumbered(OvsBand)],
  /** When a packet last met it: milliseconds of the clock that goes on from the start of the machine. */
  used: [5, u64],
  clear: [6, flag],
  maxMeters: [7, u32],
  maxBands: [8, u32],
  pad: [9, pad],
}) {}

/** ovs_meter. */
export const ovsMeter = genericFamily('ovs_meter', 1, {
  ...openvswitch,
  prefix: 'OVS_METER_CMD_',
  commands: { features: [1, OvsMeter], set: [2, OvsMeter], del: [3, OvsMeter], get: [4, OvsMeter] },
  groups: { meter: 'ovs_meter' },
});
