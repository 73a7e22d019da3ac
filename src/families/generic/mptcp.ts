/** mptcp_pm: the path manager of Multipath TCP. Source: include/uapi/linux/mptcp.h, include/uapi/linux/mptcp_pm.h, net/mptcp/pm_netlink.c; RFC 8684. */
import { attrs, be16, flags, genericFamily, ipv4, ipv6, s32, u16, u32, u8 } from '../../codec/index.ts';
import { family16 as family } from '../route/family.ts';

/** What an endpoint is for: announced to the peer, source of subflows, used only when nothing else is left, connected to every address of the peer. `implicit`: made by the kernel for a subflow. */
export const mptcpEndpointFlags = flags(u32, { signal: 1, subflow: 2, backup: 4, fullmesh: 8, implicit: 0x10, laminar: 0x20 }, 'MPTCP_PM_ADDR_FLAG_');

/** An address that connections may use. */
export class MptcpAddress extends attrs('MPTCP_PM_ADDR_ATTR_', {
  family: [1, family],
  /** Numbers the endpoint on this host; 0: the address that a connection began with. */
  id: [2, u8],
  addr4: [3, ipv4],
  addr6: [4, ipv6],
  /** Host byte order. */
  port: [5, u16],
  flags: [6, mptcpEndpointFlags],
  ifIdx: [7, s32],
}) {}

/** Endpoints, limits, and what a path manager in user space asks of a connection. */
export class MptcpPathManager extends attrs('MPTCP_PM_ATTR_', {
  addr: [1, MptcpAddress],
  /** Addresses of the peer's that a connection accepts, at most. */
  rcvAddAddrs: [2, u32],
  /** Subflows that a connection has beside its first one, at most. */
  subflows: [3, u32],
  /** The connection. */
  token: [4, u32],
  locId: [5, u8],
  addrRemote: [6, MptcpAddress],
}) {}

/** What happened to a connection. */
export class MptcpEvent extends attrs('MPTCP_ATTR_', {
  token: [1, u32],
  family: [2, family],
  locId: [3, u8],
  remId: [4, u8],
  saddr4: [5, ipv4],
  saddr6: [6, ipv6],
  daddr4: [7, ipv4],
  daddr6: [8, ipv6],
  sport: [9, be16],
  dport: [10, be16],
  backup: [11, u8],
  /** An errno, positive. */
  error: [12, u8],
  flags: [13, u16],
  timeout: [14, u32],
  ifIdx: [15, s32],
  resetReason: [16, u32],
  resetFlags: [17, u32],
  serverSide: [18, u8],
}) {}

/** mptcp_pm. */
export const mptcpPm = genericFamily('mptcp_pm', 1, {
  prefix: 'MPTCP_PM_CMD_',
  commands: {
    addAddr: [1, MptcpPathManager],
    delAddr: [2, MptcpPathManager],
    getAddr: [3, MptcpPathManager],
    flushAddrs: [4, MptcpPathManager],
    setLimits: [5, MptcpPathManager],
    getLimits: [6, MptcpPathManager],
    setFlags: [7, MptcpPathManager],
    announce: [8, MptcpPathManager],
    remove: [9, MptcpPathManager],
    subflowCreate: [10, MptcpPathManager],
    subflowDestroy: [11, MptcpPathManager],
  },
  events: {
    prefix: 'MPTCP_EVENT_',
    commands: {
      created: [1, MptcpEvent],
      established: [2, MptcpEvent],
      closed: [3, MptcpEvent],
      announced: [6, MptcpEvent],
      removed: [7, MptcpEvent],
      subEstablished: [10, MptcpEvent],
      subClosed: [11, MptcpEvent],
      subPriority: [13, MptcpEvent],
      listenerCreated: [15, MptcpEvent],
      listenerClosed: [16, MptcpEvent],
    },
  },
  groups: { cmds: 'mptcp_pm_cmds', events: 'mptcp_pm_events' },
  config: 'CONFIG_MPTCP',
});
