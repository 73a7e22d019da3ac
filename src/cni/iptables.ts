/**
 * The chains in which iptables-nft holds what it forwards. Accepting a packet ends one chain only, so that who drops in these must be
 * told in these: with rules as iptables itself writes them, or it could not read its own tables any more. Pure.
 */
import { HOST_LITTLE_ENDIAN } from '../codec/index.ts';
import { netfilter, type Rule } from '../families/netfilter/index.ts';
import type { Ruleset } from '../netfilter/index.ts';
import { addressed, type Expr } from '../network/firewall-messages.ts';
import type { Request } from '../socket/index.ts';
import { isIpv6 } from './result.ts';

export const FILTER = 'filter', families = ['ipv4', 'ipv6'] as const;
export type TableFamily = (typeof families)[number];
const FORWARD = 'FORWARD';
/** Names the rules of the plugin `firewall`, some of which are in these chains. */
export const ADMITTED = 'firewall';

/** struct xt_conntrack_mtinfo3 (linux/netfilter/xt_conntrack.h), aligned: where what is matched is said, and which states are. */
const CONNTRACK = { size: 168, matchFlags: 146, stateMask: 150 } as const;
/** XT_CONNTRACK_STATE; ESTABLISHED, RELATED and DNAT of its states. */
const STATE = 1, KNOWN = 0x02 | 0x04 | 0x80;
/** XT_MAX_COMMENT_LEN. */
const COMMENT = 256;

function conntrack(): Expr {
  const info = new Uint8Array(CONNTRACK.size), view = new DataView(info.buffer);
  view.setUint16(CONNTRACK.matchFlags, STATE, HOST_LITTLE_ENDIAN);
  view.setUint16(CONNTRACK.stateMask, KNOWN, HOST_LITTLE_ENDIAN);
  return { name: 'match', data: { name: 'conntrack', rev: 3, info } };
}
function comment(text: string): Expr {
  const info = new Uint8Array(COMMENT);
  info.set(new TextEncoder().encode(text).subarray(0, COMMENT - 1));
  return { name: 'match', data: { name: 'comment', rev: 0, info } };
}
/** The text of a rule's comment, as iptables keeps it. */
export function commentIn({ expressions }: Rule): string {
  const own = expressions?.elem?.find(({ name, data }) => name === 'match' && (data as { name?: string } | undefined)?.name === 'comment');
  const { info = new Uint8Array() } = (own?.data ?? {}) as { info?: Uint8Array };
  return new TextDecoder().decode(info).split('\0')[0] as string;
}
const decided = (verdict: object): Expr[] => [{ name: 'counter', data: {} }, { name: 'immediate', data: { dreg: 0, data: { verdict } } }];

/**
 * Lets pass what an address sends, and what it is sent over connections that it began or that lead to it by a published port. The
 * administrator's chain comes first, where there is one.
 * @param now what is in the family's table @returns nothing where iptables forwards nothing
 */
export function admitting({ chains }: Pick<Ruleset, 'chains'>, family: TableFamily, addresses: readonly string[], adminChain: string, tag: string): Request[] {
  const has = (name: string): boolean => chains.some((chain) => chain.name === name);
  if (!has(FORWARD)) return [];
  const said = comment(tag), jump = { code: 'jump', chain: adminChain }, accept = { code: 'accept' };
  const rules = addresses.filter((one) => isIpv6(one) === (family === 'ipv6')).flatMap((one) => [
    ...(has(adminChain) ? [[...addressed('daddr', one), said, ...decided(jump)], [...addressed('saddr', one), said, ...decided(jump)]] : []),
    [...addressed('daddr', one), conntrack(), said, ...decided(accept)],
    [...addressed('saddr', one), said, ...decided(accept)],
  ]);
  // Each goes before all that are there.
  return rules.reverse().map((elem) => ({ message: netfilter.messages.newrule, flags: ['create'], body: { family, table: FILTER, chain: FORWARD, expressions: { elem } } }));
}
/** Whether packets of a family are forwarded by iptables' leave. */
export const forwards = ({ chains }: Pick<Ruleset, 'chains'>): boolean => chains.some(({ name }) => name === FORWARD);
