/**
 * Chains of others that drop what is forwarded unless a rule of theirs lets it pass, as docker's do once it has turned forwarding on:
 * a packet must pass the chains of all tables, so what ours accepts they may still drop. Only who owns them changes them: we say how. Pure.
 */
import type { Chain, Rule } from '../families/netfilter/index.ts';
import { bridgeName, drivers } from './drivers/index.ts';
import { parseSubnet } from './ipam/index.ts';
import { TABLE } from './firewall.ts';
import type { Network } from './spec.ts';

/** A chain that drops what goes to and from a network. */
export interface Blocked {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** Command lines after which it does not. */
  readonly allow: readonly string[];
}

/** What a host has of them: all chains, and the rules of those tables. */
export interface Forwarding { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] }
/** Base chains of others that drop what they do not know. */
export const dropping = (chains: readonly Chain[]): Chain[] => chains.filter(({ family, table, type, policy, hook }) =>
  ['ipv4', 'ipv6', 'inet'].includes(family as string) && table !== TABLE && type === 'filter' && hook?.hooknum === 'forward' && policy === 'drop');

/** How nft writes families. */
const FAMILY: Readonly<Record<string, string>> = { ipv4: 'ip', ipv6: 'ip6', inet: 'inet' };
const TOOL: Readonly<Record<string, string>> = { ipv4: 'iptables', ipv6: 'ip6tables' };
/** The chain that docker calls first, and leaves to its user. */
const USERS = 'DOCKER-USER';
const WAYS = [['iifname', '-i'], ['oifname', '-o']] as const;

/** Whether a rule accepts all that comes in by a link, or goes out by it; names may end in a wildcard. */
function accepts({ expressions }: Rule, way: string, link: string): boolean {
  const elem = (expressions?.elem ?? []) as readonly { name?: string; data?: { key?: unknown; op?: unknown; data?: { value?: Uint8Array; verdict?: { code?: unknown } } } }[];
  const named = elem.some(({ name, data }, n) => {
    const { name: next, data: against } = elem[n + 1] ?? {}, text = new TextDecoder().decode(against?.data?.value);
    return name === 'meta' && data?.key === way && next === 'cmp' && against?.op === 'eq' && (text.endsWith('\0') ? text.replace(/\0+$/, '') === link : link.startsWith(text));
  });
  return named && elem.every(({ name }) => ['meta', 'cmp', 'counter', 'immediate'].includes(name as string)) && elem.some(({ data }) => data?.data?.verdict?.code === 'accept');
}

/** Those of the chains in a network's way. */
export function blockedBy(network: Network, { chains, rules }: Forwarding): Blocked[] {
  if (!drivers[network.driver].routes || network.internal) return [];
  const link = bridgeName(network), families = new Set(['inet', ...network.subnets.map(({ subnet }) => (parseSubnet(subnet).family === 'inet' ? 'ipv4' : 'ipv6'))]);
  return dropping(chains).filter(({ family }) => families.has(family as string)).flatMap(({ family, table, name }): Blocked[] => {
    const here = <T extends { family?: unknown; table?: string }>(one: T): boolean => one.family === family && one.table === table, own = rules.filter(here);
    const shut = WAYS.filter(([way]) => !own.some((rule) => accepts(rule, way, link)));
    if (shut.length === 0) return [];
    const into = chains.some((one) => here(one) && one.name === USERS) ? USERS : name as string, of = FAMILY[family as string] as string, tool = TOOL[family as string];
    const allow = shut.map(([way, option]) => (tool !== undefined && table === 'filter' ? `${tool} -I ${into} ${option} ${link} -j ACCEPT` : `nft insert rule ${of} ${table} ${into} ${way} "${link}" accept`));
    return [{ family: of, table: table as string, chain: name as string, allow }];
  });
}

/** What a person is told of it. */
export const blockedLines = (network: string, { family, table, chain, allow }: Blocked): string[] =>
  [`${network}: the chain ${chain} of table ${family} ${table} drops what is forwarded, to and from it, too; this lets it pass:`, ...allow.map((line) => `  ${line}`)];
