/** The protocols that have schemas, and which one a socket speaks. */
import type { Protocol } from '../codec/index.ts';
import { mptcpDiag, sctpDiag, sockDiag } from './diag/index.ts';
import { generic } from './generic/index.ts';
import { netfilter } from './netfilter/index.ts';
import { route } from './route/index.ts';
import { uevent } from './uevent.ts';
import { xfrm } from './xfrm/index.ts';

export { generic, netfilter, route, sockDiag, uevent, xfrm };

/** By NETLINK_* number of socket(2). */
export const protocols: readonly Protocol[] = [route, sockDiag, netfilter, generic, xfrm, uevent];

/** Others by the number of one of those: messages do not say that they are meant, so that they are taken by name alone. */
export const variants: readonly Protocol[] = [mptcpDiag, sctpDiag];

const byNumber = new Map(protocols.map((p) => [p.number, p]));
/** The protocol of NETLINK_* number `number`; undefined where none is declared. */
export const protocolOf = (number: number): Protocol | undefined => byNumber.get(number);
