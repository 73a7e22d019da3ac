/** NET_DM: packets that the kernel, or a device, dropped. Source: include/uapi/linux/net_dropmon.h, net/core/drop_monitor.c. */
import { attrs, binary, blob, enumeration, flag, genericFamily, list, multi, pad, string, struct, tail, u16, u32, u64, u8 } from '../../codec/index.ts';

/** Counts of drops, or each packet. */
export const dropAlertMode = enumeration(u8, { summary: 0, packet: 1 }, 'NET_DM_ALERT_MODE_');
/** Who dropped it: the kernel or a device. */
export const dropOrigin = enumeration(u16, { sw: 0, hw: 1 }, 'NET_DM_ORIGIN_');

/** A place that drops, and how often it did. */
export class DropPoint extends struct('net_dm_drop_point', { pc: blob(8), count: u32 }) {}
/** Places that dropped since the last telling; `entries` says how many. */
export const dropSummary = tail(struct('net_dm_alert_msg', { entries: u32 }), 'points', list(DropPoint));

/** The link that a packet came in by. */
export class DropPort extends attrs('NET_DM_ATTR_PORT_', { netdevIfindex: [0, u32], netdevName: [1, string] }) {}
/** What the monitor itself had to leave out. */
export class DropStats extends attrs('NET_DM_ATTR_STATS_', { dropped: [0, u64] }) {}
/** Drops of a device, by its reason. */
export class DropTrap extends attrs('NET_DM_ATTR_', { hwTrapName: [16, string], hwTrapCount: [19, u32] }) {}
/** Reasons, each in a nest of its own. */
export class DropTraps extends attrs('NET_DM_ATTR_', { hwEntry: [18, multi(DropTrap)] }) {}

/** Packets that were dropped, or how the monitor is set. */
export class DropMonitor extends attrs('NET_DM_ATTR_', {
  /** Of the mode that counts. */
  alert: [0, dropSummary, 'NET_DM_ATTR_UNSPEC'],
  alertMode: [1, dropAlertMode],
  /** Where in the kernel; `symbol` is its name. */
  pc: [2, u64],
  symbol: [3, string],
  inPort: [4, DropPort],
  /** Nanoseconds since 1970. */
  timestamp: [5, u64],
  /** EtherType. */
  proto: [6, u16],
  /** The packet, as far as it was copied. */
  payload: [7, binary],
  pad: [8, pad],
  /** Bytes that are copied, at most; 0: all. */
  truncLen: [9, u32],
  origLen: [10, u32],
  queueLen: [11, u32],
  stats: [12, DropStats],
  hwStats: [13, DropStats],
  origin: [14, dropOrigin],
  hwTrapGroupName: [15, string],
  hwTrapName: [16, string],
  hwEntries: [17, DropTraps],
  swDrops: [20, flag],
  hwDrops: [21, flag],
  flowActionCookie: [22, binary],
  /** SKB_DROP_REASON_*. */
  reason: [23, string],
}) {}

/** NET_DM. */
export const dropMonitor = genericFamily('NET_DM', 2, {
  prefix: 'NET_DM_CMD_',
  commands: {
    alert: [1, DropMonitor],
    config: [2, DropMonitor],
    start: [3, DropMonitor],
    stop: [4, DropMonitor],
    packetAlert: [5, DropMonitor],
    configGet: [6, DropMonitor],
    configNew: [7, DropMonitor],
    statsGet: [8, DropMonitor],
    statsNew: [9, DropMonitor],
  },
  groups: { events: 'events' },
  config: 'CONFIG_NET_DROP_MONITOR',
  module: 'drop_monitor',
});
