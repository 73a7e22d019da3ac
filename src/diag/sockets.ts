/** Sockets of each family: what is asked, and how they are closed. Requests as the kernel's *_diag.c take them. */
import { checkKeys, didYouMean, type Keys, type Value } from '../codec/index.ts';
import { sockDiag, type InetDiag, type InetDiagReqV2, type MptcpDiag, type NetlinkDiag, type NetlinkDiagReq, type PacketDiag, type PacketDiagReq, type SctpDiag, tipcDiag, type states, type UnixDiag, type UnixDiagReq, type VsockDiag, type XdpDiag, type XdpDiagReq } from '../families/diag/index.ts';
import type { TipcState } from '../families/generic/index.ts';
import type { Listed } from '../route/objects.ts';
import { ask, type Plan } from '../route/plan.ts';
import { compile, type SocketFilter } from './filter.ts';

const { get, destroy: close } = sockDiag.messages;

/** State of a socket, in TCP's words: those of other protocols are `established`, `close` and, of what listens, `listen`. */
export type SocketState = keyof typeof states;
/** Bits that no kernel names yet are wanted, too. */
const EVERY = [0xffffffff] as const;
const inStates = (states: readonly (SocketState | number)[] | undefined): readonly (SocketState | number)[] => states ?? EVERY;

/** IPPROTO_*: those of sockets. */
export const inetProtocols = { tcp: 6, udp: 17, dccp: 33, sctp: 132, udplite: 136, raw: 255, mptcp: 262 } as const;
export type InetProtocol = keyof typeof inetProtocols;
/** A socket of a protocol: what `info` holds differs. */
export type InetSocket<P extends InetProtocol = InetProtocol> = P extends 'mptcp' ? MptcpDiag : P extends 'sctp' ? SctpDiag : InetDiag;

/** Which sockets of an IP family. */
export interface InetQuery<P extends InetProtocol = InetProtocol> {
  readonly family: 'inet' | 'inet6';
  readonly protocol: P;
  /** Default: all. */
  readonly states?: readonly (SocketState | number)[];
  /** What to tell beside what is always told: the keys of the reply. */
  readonly show?: Value<typeof InetDiagReqV2>['ext'];
  /** Which of them, as the kernel itself finds out. */
  readonly filter?: SocketFilter;
}

const inetKeys: Keys<InetQuery> = { family: 1, protocol: 1, states: 1, show: 1, filter: 1 };

/** The protocol as requests carry it: one byte, and all of it where that is too little. */
function protocolOf(protocol: InetProtocol): object {
  if (!Object.hasOwn(inetProtocols, protocol)) throw new TypeError(`'${protocol}' is no protocol of sockets${didYouMean(String(protocol), Object.keys(inetProtocols)) || `: ${Object.keys(inetProtocols).join(', ')}`}`);
  const number = inetProtocols[protocol];
  return number > 0xff ? { protocol: number & 0xff, protocolNumber: number } : { protocol: number };
}

/** Sockets of a family and a protocol, as they are told while others come and go. */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* inet(query: InetQuery): Plan<Listed<InetSocket>> {
  checkKeys(query, inetKeys, 'a query of sockets');
  const { family, protocol, states, show = [], filter } = query;
  if (family !== 'inet' && family !== 'inet6') throw new TypeError(`the family of sockets is 'inet' or 'inet6', not ${family === undefined ? 'left out' : `'${String(family)}'`}`);
  return { request: { message: get, body: { family, ...protocolOf(protocol), ext: show, states: inStates(states), ...(filter && { bytecode: compile(filter) }) } }, keep: () => true };
}

/**
 * Closes a socket: who has it reads ECONNABORTED (kernel 4.5). Takes CAP_NET_ADMIN. @returns false when it is gone already
 * @throws {NetlinkError} EOPNOTSUPP where the kernel, or the protocol, cannot
 */
export function* destroy<P extends InetProtocol>(protocol: P, { family, id, protocol: own }: Pick<InetSocket<P>, 'family' | 'id' | 'protocol'>): Plan<boolean> {
  // A raw socket's own protocol is where there is padding otherwise (struct inet_diag_req_raw).
  const body = { family, ...protocolOf(protocol), id, ...(protocol === 'raw' && own !== undefined && { pad: own }) };
  try {
    yield* ask({ message: close, body });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}

/** Unix sockets. */
// oxlint-disable-next-line require-yield -- as above
export function* unix({ states, show = ['name', 'peer', 'rqlen'] }: { readonly states?: readonly (SocketState | number)[]; readonly show?: Value<typeof UnixDiagReq>['show'] } = {}): Plan<Listed<UnixDiag>> {
  return { request: { message: get, body: { family: 'unix', states: inStates(states), show } }, keep: () => true };
}

/** Netlink sockets. @param query `protocol`: NETLINK_* by number; default: all */
// oxlint-disable-next-line require-yield -- as above
export function* netlink({ protocol = 255, show = ['meminfo', 'groups'] }: { readonly protocol?: number; readonly show?: Value<typeof NetlinkDiagReq>['show'] } = {}): Plan<Listed<NetlinkDiag>> {
  return { request: { message: get, body: { family: 'netlink', protocol, show } }, keep: () => true };
}

/** Sockets that see packets. */
// oxlint-disable-next-line require-yield -- as above
export function* packet({ show = ['info', 'meminfo'] }: { readonly show?: Value<typeof PacketDiagReq>['show'] } = {}): Plan<Listed<PacketDiag>> {
  return { request: { message: get, body: { family: 'packet', show } }, keep: () => true };
}

/** Sockets between virtual machines and their host. @throws {NetlinkError} ENOENT where the kernel does not tell of them; so do `xdp` and others */
// oxlint-disable-next-line require-yield -- as above
export function* vsock({ states }: { readonly states?: readonly (SocketState | number)[] } = {}): Plan<Listed<VsockDiag>> {
  return { request: { message: get, body: { family: 'vsock', states: inStates(states) } }, keep: () => true };
}

/** AF_XDP sockets. */
// oxlint-disable-next-line require-yield -- as above
export function* xdp({ show = ['info', 'meminfo'] }: { readonly show?: Value<typeof XdpDiagReq>['show'] } = {}): Plan<Listed<XdpDiag>> {
  return { request: { message: get, body: { family: 'xdp', show } }, keep: () => true };
}

/** Sockets of TIPC: what is told of one is in `sock`. @throws {NetlinkError} ENOENT where the kernel does not tell of them (CONFIG_TIPC_DIAG) */
// oxlint-disable-next-line require-yield -- as above
export function* tipc({ states }: { readonly states?: readonly (SocketState | number)[] } = {}): Plan<Listed<TipcState>> {
  return { request: { message: tipcDiag.messages.get, body: { family: 'tipc', states: inStates(states) } }, keep: () => true };
}
