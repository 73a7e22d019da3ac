/** net-shaper: rates that devices keep by themselves. Source: include/uapi/linux/net_shaper.h, net/shaper/shaper.c. */
import { attrs, enumeration, flag, genericFamily, multi, u32, uint } from '../../codec/index.ts';

/** What a shaper stands before: the device, a queue, or other shapers. */
export const netShaperScope = enumeration(u32, { unspec: 0, netdev: 1, queue: 2, node: 3 }, 'NET_SHAPER_SCOPE_');
/** What a rate counts: bits or packets a second. */
export const netShaperMetric = enumeration(u32, { bps: 0, pps: 1 }, 'NET_SHAPER_METRIC_');
/** Which shaper of a device. */
export class NetShaperHandle extends attrs('NET_SHAPER_A_HANDLE_', { scope: [1, netShaperScope], id: [2, u32] }) {}
/** A shaper below another. */
export class NetShaperLeaf extends attrs('NET_SHAPER_A_', { handle: [1, NetShaperHandle], priority: [6, u32], weight: [7, u32] }) {}

/** A shaper. */
export class NetShaper extends attrs('NET_SHAPER_A_', {
  handle: [1, NetShaperHandle],
  metric: [2, netShaperMetric],
  /** Guaranteed, in the metric. */
  bwMin: [3, uint],
  /** At most. */
  bwMax: [4, uint],
  /** Bytes. */
  burst: [5, uint],
  /** Among siblings; lower goes first. */
  priority: [6, u32],
  /** Share among siblings of one priority. */
  weight: [7, u32],
  ifindex: [8, u32],
  parent: [9, NetShaperHandle],
  leaves: [10, multi(NetShaperLeaf)],
}) {}

/** What a device can. */
export class NetShaperCapabilities extends attrs('NET_SHAPER_A_CAPS_', {
  ifindex: [1, u32],
  scope: [2, netShaperScope],
  supportMetricBps: [3, flag],
  supportMetricPps: [4, flag],
  supportNesting: [5, flag],
  supportBwMin: [6, flag],
  supportBwMax: [7, flag],
  supportBurst: [8, flag],
  supportPriority: [9, flag],
  supportWeight: [10, flag],
}) {}

/** net-shaper. */
export const netShaper = genericFamily('net-shaper', 1, {
  prefix: 'NET_SHAPER_CMD_',
  commands: {
    get: [1, NetShaper],
    set: [2, NetShaper],
    delete: [3, NetShaper],
    group: [4, NetShaper],
    capGet: [5, NetShaperCapabilities],
  },
  config: 'CONFIG_NET_SHAPER',
});
