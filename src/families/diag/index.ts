/** NETLINK_SOCK_DIAG: the sockets of the machine, what `ss` asks. Source: include/uapi/linux/sock_diag.h, net/core/sock_diag.c. */
import { protocol, struct, variant } from '../../codec/index.ts';
import { family } from './common.ts';
import { InetDiag, InetDiagOldRequest, InetDiagRequest } from './inet.ts';
import { NetlinkDiag, NetlinkDiagRequest } from './netlink.ts';
import { PacketDiag, PacketDiagRequest } from './packet.ts';
import { SmcDiag, SmcDiagRequest } from './smc.ts';
import { UnixDiag, UnixDiagRequest } from './unix.ts';
import { VsockDiag, VsockDiagRequest } from './vsock.ts';
import { XdpDiag, XdpDiagRequest } from './xdp.ts';

/** One message type serves all families: the first byte, in requests and replies, says which. */
const probe = struct('sock_diag_req', { family });

export const sockDiagRequest = variant(probe, 'family', {
  inet: InetDiagRequest, inet6: InetDiagRequest, unix: UnixDiagRequest, netlink: NetlinkDiagRequest, packet: PacketDiagRequest,
  vsock: VsockDiagRequest, xdp: XdpDiagRequest, smc: SmcDiagRequest,
});
export const sockDiagReply = variant(probe, 'family', {
  inet: InetDiag, inet6: InetDiag, unix: UnixDiag, netlink: NetlinkDiag, packet: PacketDiag, vsock: VsockDiag, xdp: XdpDiag, smc: SmcDiag,
});

export const sockDiag = protocol('sock_diag', 4, {
  prefix: 'SOCK_',
  messages: {
    getTcp: [18, InetDiag, 'TCPDIAG_GETSOCK', InetDiagOldRequest],
    getDccp: [19, InetDiag, 'DCCPDIAG_GETSOCK', InetDiagOldRequest],
    get: [20, sockDiagReply, 'SOCK_DIAG_BY_FAMILY', sockDiagRequest],
    destroy: [21, sockDiagReply, 'SOCK_DESTROY', sockDiagRequest],
  },
  groups: {
    inetTcpDestroy: [1, 'SKNLGRP_INET_TCP_DESTROY'], inetUdpDestroy: [2, 'SKNLGRP_INET_UDP_DESTROY'],
    inet6TcpDestroy: [3, 'SKNLGRP_INET6_TCP_DESTROY'], inet6UdpDestroy: [4, 'SKNLGRP_INET6_UDP_DESTROY'],
  },
});

export { NO_COOKIE } from './common.ts';
export * from './inet.ts';
export * from './netlink.ts';
export * from './packet.ts';
export * from './smc.ts';
export * from './tcp-info.ts';
export * from './unix.ts';
export * from './vsock.ts';
export * from './xdp.ts';
