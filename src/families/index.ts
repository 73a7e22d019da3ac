/** The protocols that have schemas, and which one a socket speaks. */
import type { Protocol } from '../codec/index.ts';
import { audit } from './audit.ts';
import { connector } from './connector.ts';
import { crypto } from './crypto.ts';
import { mptcpDiag, sctpDiag, sockDiag, tipcDiag } from './diag/index.ts';
import { fibLookup } from './fib-lookup.ts';
import { generic } from './generic/index.ts';
import { netfilter } from './netfilter/index.ts';
import { rdma } from './rdma.ts';
import { route } from './route/index.ts';
import { selinux } from './selinux.ts';
import { uevent } from './uevent.ts';
import { xfrm } from './xfrm/index.ts';

export { audit, connector, crypto, fibLookup, generic, netfilter, rdma, route, selinux, sockDiag, uevent, xfrm };

/** By NETLINK_* number of socket(2). */
export const protocols: readonly Protocol[] = [route, sockDiag, netfilter, generic, xfrm, uevent, audit, connector, crypto, fibLookup, selinux, rdma];

/** Others by the number of one of those: messages do not say that they are meant, so that they are taken by name alone. */
export const variants: readonly Protocol[] = [mptcpDiag, sctpDiag, tipcDiag];

const byNumber = new Map(protocols.map((p) => [p.number, p]));
/** The protocol of NETLINK_* number `number`; undefined where none is declared. */
export const protocolOf = (number: number): Protocol | undefined => byNumber.get(number);
