/**
 * Rules of attachments, in one nf_tables table of the plugins' own. Each rule's comment says whose it is; the table goes with the
 * last of them. The reference plugins write iptables' chains, or a table of theirs: what packets meet is the same.
 */
import { netfilter, type Rule } from '../families/netfilter/index.ts';
import { commentOf, openSync, withComment, type NetfilterSync } from '../netfilter/index.ts';
import { expressionsOf } from '../network/firewall-messages.ts';
import type { FilterChain, FilterRule } from '../network/firewall.ts';
import { hash } from '../network/names.ts';
import { NetlinkError, type Request } from '../socket/index.ts';
import { CniError, codes, failure } from './error.ts';
import { ADMITTED, admitting, commentIn, families, FILTER, forwards, type TableFamily } from './iptables.ts';
import { forgetStale, leadsIn } from './flows.ts';
import type { CniRequest } from './request.ts';
import { isIpv6 } from './result.ts';
import type { Undo } from './side.ts';

const { messages } = netfilter;
const TABLE = 'nlkit_cni', FAMILY = 'inet';
/** Where packets meet the rules: NF_IP_PRI_NAT_DST, NF_IP_PRI_FILTER and NF_IP_PRI_NAT_SRC (linux/netfilter_ipv4.h). Others jump to `isolation`. */
const chains = {
  masquerade: { type: 'nat', hook: 'postRouting', priority: 100 },
  prerouting: { type: 'nat', hook: 'preRouting', priority: -100 },
  output: { type: 'nat', hook: 'localOut', priority: -100 },
  isolation: undefined,
  forward: { type: 'filter', hook: 'forward', priority: 0 },
} as const satisfies Record<string, FilterChain['base']>;
export type ChainName = keyof typeof chains;
export type CniRule = Pick<FilterRule, 'when' | 'verdict'> & { readonly chain: ChainName };

/** What plugins want of the firewall. It is read when it is needed: most calls are not. */
export interface Firewall {
  /** Adds rules of an attachment, and takes them back with a failed ADD. @throws {CniError} */
  add(request: CniRequest, part: string, rules: readonly CniRule[], undo: Undo): void;
  /** Lets what addresses send and are answered pass iptables' own chains, where there are any. @throws {CniError} */
  admit(request: CniRequest, part: string, addresses: readonly string[], adminChain: string, undo: Undo): void;
  /** @throws {CniError} when a family's packets are forwarded by iptables' leave, and none of the attachment's rules is there */
  checkAdmitted(request: CniRequest, part: string, addresses: readonly string[]): void;
  /** Takes an attachment's rules away. */
  drop(request: CniRequest, part: string): void;
  /** Takes away the network's rules of attachments that are not valid. */
  sweep(request: CniRequest, part: string): void;
}

const short = (...words: readonly string[]): string => hash(words.join('/'), 24);
/** Whose a rule is: the network and the part, the attachment, and for people its container. nft takes 128 bytes. */
const network = ({ name }: CniRequest, part: string): string => `${part} ${short(name)}`;
const owner = (request: CniRequest, part: string, id = request.containerId, ifname = request.ifname): string => `${network(request, part)} ${short(id, ifname)}`;
const tagOf = (request: CniRequest, part: string): string => `${owner(request, part)} ${request.containerId}`.slice(0, 120);

const head = { family: FAMILY } as const;
const table: Request = { message: messages.newtable, flags: ['create'], body: { ...head, name: TABLE } };
const chainRequest = (name: ChainName): Request => {
  const base = chains[name];
  return { message: messages.newchain, flags: ['create'], body: { ...head, table: TABLE, name, ...(base && { hook: { hooknum: base.hook, priority: base.priority }, type: base.type, policy: 'accept' }) } };
};
const ruleRequest = ({ chain, ...rule }: CniRule, comment: string): Request =>
  ({ message: messages.newrule, flags: ['create', 'append'], body: { ...head, table: TABLE, chain, expressions: { elem: expressionsOf(rule) }, userdata: withComment(comment) } });

function within<T>(body: (nf: NetfilterSync) => T): T {
  const nf = openSync();
  try { return body(nf); } catch (error) {
    if (error instanceof NetlinkError) throw new CniError(codes.failed, `the firewall: ${error.message}`, undefined, error);
    throw error;
  } finally { nf.close(); }
}
/** Runs `body` unless the table is not there. */
function whereTable(body: () => void): void {
  try { body(); } catch (error) {
    if (!(error instanceof NetlinkError) || error.code !== 'ENOENT') throw error;
  }
}
/** Takes away the rules that `gone` says, and what is then empty; those in iptables' chains, too, where there may be any. */
function prune(part: string, gone: (comment: string) => boolean): void {
  within((nf) => {
    let going: readonly Rule[] = [];
    whereTable(() => nf.revise(({ rules }) => pruned(rules, going = rules.filter(({ userdata }) => gone(commentOf(userdata) ?? ''))), { family: FAMILY, table: TABLE }));
    forgetStale(nf, { gone: leadsIn(going), made: [] });
    if (part !== ADMITTED) return;
    for (const family of families) whereTable(() => nf.revise(({ rules }) => rules.filter((rule) => gone(commentIn(rule))).map((rule) => removal(rule, { family, table: FILTER })), { family, table: FILTER }));
  });
}
const removal = ({ chain, handle }: Rule, where: { readonly family: typeof FAMILY | TableFamily; readonly table: string }): Request =>
  ({ message: messages.delrule, body: { ...where, chain: chain as string, handle: handle as bigint } });
function pruned(rules: readonly Rule[], going: readonly Rule[]): Request[] {
  if (going.length === 0) return [];
  if (going.length === rules.length) return [{ message: messages.deltable, body: { ...head, name: TABLE } }];
  return going.map((rule) => removal(rule, { ...head, table: TABLE }));
}
const familiesOf = (addresses: readonly string[]): TableFamily[] => families.filter((family) => addresses.some((one) => isIpv6(one) === (family === 'ipv6')));

export const firewall: Firewall = {
  add(request, part, rules, undo) {
    const tag = tagOf(request, part), used = [...new Set(rules.map(({ chain }) => chain))];
    within((nf) => {
      nf.transaction([table, ...used.map(chainRequest), ...rules.map((rule) => ruleRequest(rule, tag))]);
      forgetStale(nf, { gone: [], made: leadsIn(rules.map((rule) => ({ chain: rule.chain, expressions: { elem: expressionsOf(rule) as NonNullable<Rule['expressions']>['elem'] & {} } }))) });
    });
    undo.push(() => firewall.drop(request, part));
  },
  admit(request, part, addresses, adminChain, undo) {
    undo.push(() => firewall.drop(request, part));
    within((nf) => {
      for (const family of familiesOf(addresses)) whereTable(() => nf.revise((now) => admitting(now, family, addresses, adminChain, tagOf(request, part)), { family, table: FILTER }));
    });
  },
  checkAdmitted(request, part, addresses) {
    const own = owner(request, part);
    within((nf) => {
      for (const family of familiesOf(addresses)) whereTable(() => {
        const now = nf.ruleset({ family, table: FILTER });
        if (forwards(now) && !now.rules.some((rule) => commentIn(rule).startsWith(own))) throw failure(`no rule of iptables lets ${family} packets of the container pass`);
      });
    });
  },
  drop(request, part) {
    const own = owner(request, part);
    prune(part, (comment) => comment.startsWith(own));
  },
  sweep(request, part) {
    const own = network(request, part), valid = request.valid.map(({ containerID, ifname }) => owner(request, part, containerID, ifname));
    prune(part, (comment) => comment.startsWith(own) && !valid.some((one) => comment.startsWith(one)));
  },
};
