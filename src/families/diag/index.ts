/** NETLINK_SOCK_DIAG: the sockets of the machine, what `ss` asks. Source: include/uapi/linux/sock_diag.h, net/core/sock_diag.c. */
import { protocol, struct, variant, type AnyCodec } from '../../codec/index.ts';
import { TipcState } from '../generic/tipc.ts';
import { family } from './common.ts';
import { InetDiag, InetDiagOldRequest, InetDiagRequest, MptcpDiag, SctpDiag } from './inet.ts';
import { NetlinkDiag, NetlinkDiagRequest } from './netlink.ts';
import { PacketDiag, PacketDiagRequest } from './packet.ts';
import { SmcDiag, SmcDiagRequest } from './smc.ts';
import { TipcDiagRequest } from './tipc.ts';
import { UnixDiag, UnixDiagRequest } from './unix.ts';
import { VsockDiag, VsockDiagRequest } from './vsock.ts';
import { XdpDiag, XdpDiagRequest } from './xdp.ts';

/** One message type serves all families: the first byte, in requests and replies, says which. */
const probe = struct('sock_diag_req', { family });

export const sockDiagRequest = variant(probe, 'family', {
  inet: InetDiagRequest, inet6: InetDiagRequest, unix: UnixDiagRequest, netlink: NetlinkDiagRequest, packet: PacketDiagRequest,
  vsock: VsockDiagRequest, xdp: XdpDiagRequest, smc: SmcDiagRequest, tipc: TipcDiagRequest,
});
const replyWith = <C extends AnyCodec>(inet: C) => variant(probe, 'family', {
  inet, inet6: inet, unix: UnixDiag, netlink: NetlinkDiag, packet: PacketDiag, vsock: VsockDiag, xdp: XdpDiag, smc: SmcDiag,
});
export const sockDiagReply = replyWith(InetDiag);

const protocolWith = <C extends AnyCodec>(name: string, reply: C) => protocol(name, 4, {
  prefix: 'SOCK_',
  messages: {
    getTcp: [18, InetDiag, 'TCPDIAG_GETSOCK', InetDiagOldRequest],
    getDccp: [19, InetDiag, 'DCCPDIAG_GETSOCK', InetDiagOldRequest],
    get: [20, reply, 'SOCK_DIAG_BY_FAMILY', sockDiagRequest],
    destroy: [21, reply, 'SOCK_DESTROY', sockDiagRequest],
  },
  groups: {
    inetTcpDestroy: [1, 'SKNLGRP_INET_TCP_DESTROY'], inetUdpDestroy: [2, 'SKNLGRP_INET_UDP_DESTROY'],
    inet6TcpDestroy: [3, 'SKNLGRP_INET6_TCP_DESTROY'], inet6UdpDestroy: [4, 'SKNLGRP_INET6_UDP_DESTROY'],
  },
});
export const sockDiag = protocolWith('sock_diag', sockDiagReply);
/** The same protocol, for who asks for sockets of MPTCP only: messages do not say that their INET_DIAG_INFO is another struct. */
export const mptcpDiag = protocolWith('sock_diag_mptcp', replyWith(MptcpDiag));
/** The same, for sockets of SCTP. */
export const sctpDiag = protocolWith('sock_diag_sctp', replyWith(SctpDiag));
/** The same, for sockets of TIPC. */
export const tipcDiag = protocolWith('sock_diag_tipc', TipcState);

export { states } from './common.ts';
export { NO_COOKIE } from './common.ts';
export * from './bytecode.ts';
export * from './inet.ts';
export * from './mptcp-info.ts';
export * from './netlink.ts';
export * from './packet.ts';
export * from './sctp-info.ts';
export * from './smc.ts';
export * from './tcp-info.ts';
export * from './tipc.ts';
export * from './ulp-info.ts';
export * from './unix.ts';
export * from './vsock.ts';
export * from './xdp.ts';
