/**
 * Connections that the kernel translates as rules said that are no more: what is tracked is led by its entry, and no rule is asked again. A
 * sender that never rests would reach an address that another has by now, and one that began before the port was published never
 * the container. Of UDP only: what TCP and SCTP send into the void ends by itself. The reference plugins and docker delete them, too.
 */
import type { Conntrack } from '../families/netfilter/index.ts';
import { ends, forget, list } from '../netfilter/conntrack.ts';
import { everyOne } from '../route/objects.ts';
import type { Plan } from '../route/plan.ts';
import type { Publish } from './publish.ts';

/** Where a port of the host leads. */
export interface Lead extends Publish { readonly to: string }
/** Ports that lead somewhere no more, and those that do from now on. */
export interface Leads { readonly gone: readonly Lead[]; readonly made: readonly Lead[] }
export const NO_LEADS: Leads = { gone: [], made: [] };

const PROTOCOL = 'udp';
/** Those of which there may be entries that mislead. */
export const leadsOf = (all: readonly Lead[]): Lead[] =>
  all.filter(({ protocol }) => protocol === PROTOCOL).map(({ protocol, hostPort, hostAddress, containerPort, to }) => ({ protocol, hostPort, ...(hostAddress !== undefined && { hostAddress }), containerPort, to }));
export const tracked = ({ gone, made }: Leads): Leads => ({ gone: leadsOf(gone), made: leadsOf(made) });
/** What `conntrack` would do of it, were it told which addresses are the host's. */
export const flowLines = (leads: Leads): string[] => {
  const { gone, made } = tracked(leads), of = ({ protocol, hostPort, hostAddress }: Lead): string => `conntrack -D -p ${protocol} --orig-port-dst ${hostPort}${hostAddress === undefined ? '' : ` --orig-dst ${hostAddress}`}`;
  return [...gone.map((lead) => `${of(lead)} --reply-src ${lead.to} --reply-port-src ${lead.containerPort}`), ...made.map(of)];
};

/** Whether a connection goes to a port of the host's; whether it is led there. */
const asks = ({ tupleOrig }: Conntrack, { hostPort, hostAddress }: Lead): boolean => tupleOrig?.proto?.num === PROTOCOL && tupleOrig.proto.dstPort === hostPort && (hostAddress === undefined || ends(tupleOrig.ip).dst === hostAddress);
const isLed = ({ tupleReply, status }: Conntrack, { to, containerPort }: Lead): boolean => status?.includes('dstNat') === true && ends(tupleReply?.ip).src === to && tupleReply?.proto?.srcPort === containerPort;
const sameFamily = ({ family }: Conntrack, { to }: Lead): boolean => (family === 'ipv6') === to.includes(':');

/** Connections that are led where no port leads any more; and those to a port that now leads elsewhere, if the address is the host's. Pure. */
export function stale(connections: readonly Conntrack[], { gone, made }: Leads): { surely: Conntrack[]; ifLocal: Conntrack[] } {
  const surely: Conntrack[] = [], ifLocal: Conntrack[] = [];
  for (const one of connections) {
    const now = made.filter((lead) => sameFamily(one, lead) && asks(one, lead));
    if (now.some((lead) => isLed(one, lead))) continue;
    if (gone.some((lead) => asks(one, lead) && isLed(one, lead))) surely.push(one);
    else if (now.length > 0) ifLocal.push(one);
  }
  return { surely, ifLocal };
}

/** The kernel's connections that may be stale: one dump, of one port where there is one only. @param leads tracked ones */
export function* suspects(leads: Leads): Plan<ReturnType<typeof stale>> {
  const all = [...leads.gone, ...leads.made], families = new Set(all.map(({ to }) => (to.includes(':') ? 'ipv6' : 'ipv4'))), ports = new Set(all.map(({ hostPort }) => hostPort)), found: Conntrack[] = [];
  for (const family of families) found.push(...yield* everyOne(list({ family, orig: { protocol: PROTOCOL, ...(ports.size === 1 && { dport: [...ports][0] as number }) } })));
  return stale(found, leads);
}
export function* forgetAll(connections: readonly Conntrack[]): Plan<void> { for (const one of connections) yield* forget(one); }

/** What a person is told when it could not be done. */
export const notForgotten = ({ gone, made }: Leads, error: unknown): string =>
  `udp port ${[...new Set([...gone, ...made].map(({ hostPort }) => hostPort))].join(', ')}: who sends already may go on to where it led before, for connections cannot be forgotten: ${(error as Error).message}`;
