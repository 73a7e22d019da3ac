/** What the sockets of all families tell. Source: include/uapi/linux/sock_diag.h, include/net/tcp_states.h, include/linux/net.h. */
import { enumeration, flags, struct, u32, u8 } from '../../codec/index.ts';
export { family } from '../route/family.ts';

/** TCP's states; sockets of other protocols use `established` and `close`, listening ones `listen`. */
export const states = {
  established: 1, synSent: 2, synRecv: 3, finWait1: 4, finWait2: 5, timeWait: 6, close: 7, closeWait: 8, lastAck: 9, listen: 10,
  closing: 11, newSynRecv: 12, boundInactive: 13,
} as const;
export const state = enumeration(u8, states, 'BPF_TCP_');
/** Which states to dump: a bit for each. */
export const stateMask = flags(u32, Object.fromEntries(Object.entries(states).map(([name, n]) => [name, 1 << n])) as Record<keyof typeof states, number>);

/** SOCK_*. */
export const socketType = enumeration(u8, { stream: 1, dgram: 2, raw: 3, rdm: 4, seqpacket: 5, dccp: 6, packet: 10 });

/** Which directions are closed. */
export const shutdown = flags(u8, { receive: 1, send: 2 });

/** SK_MEMINFO_*, bytes (`drops`: packets). Later kernels append. */
export class SkMeminfo extends struct('sk_meminfo', {
  rmemAlloc: u32, rcvbuf: u32, wmemAlloc: u32, sndbuf: u32, fwdAlloc: u32, wmemQueued: u32, optmem: u32, backlog: u32, drops: u32,
}) {}

/** No cookie to check: both words are 0xffffffff. */
export const NO_COOKIE = [0xffffffff, 0xffffffff] as const;
