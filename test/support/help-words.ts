/** The words that iproute2's and bridge-utils' own help knows, against the words that our grammar tables know. */
import { load } from '../../src/cli/help.ts';
import type { Command, Grammar } from '../../src/cli/grammar.ts';
import { ip } from '../../src/cli/ip/index.ts';
import { bridge } from '../../src/cli/bridge/index.ts';
import { brctl } from '../../src/cli/brctl/index.ts';
import { kindOf, slaveKinds } from '../../src/cli/ip/kinds/index.ts';
import { addOptions, kindNames } from '../../src/cli/ip/link-options.ts';
import { Names } from '../../src/cli/names.ts';
import { singleDash } from '../../src/cli/options.ts';
import { actionKinds } from '../../src/cli/tc/actions/index.ts';
import { filterKinds } from '../../src/cli/tc/filters/index.ts';
import { tc } from '../../src/cli/tc/index.ts';
import { classKinds, qdiscKinds } from '../../src/cli/tc/kinds/index.ts';

const objects = ['address', 'addrlabel', 'fou', 'ila', 'ioam', 'l2tp', 'link', 'macsec', 'maddress', 'monitor', 'mptcp', 'mroute', 'neighbour', 'netconf', 'netns', 'nexthop', 'ntable', 'route', 'rule', 'sr', 'stats', 'tcp_metrics', 'token', 'tunnel', 'tuntap', 'vrf', 'xfrm'];
/** Objects of an object have help of their own. */
const deeper = ['xfrm state', 'xfrm policy', 'xfrm monitor'];
const parts = ['link', 'fdb', 'mdb', 'mst', 'vlan', 'vni', 'monitor'];
const kinds = [
  'amt', 'bareudp', 'batadv', 'bond', 'bond_slave', 'bridge', 'bridge_slave', 'can', 'dsa', 'erspan', 'geneve', 'gre', 'gretap', 'gtp', 'hsr', 'ip6erspan', 'ip6gre', 'ip6gretap', 'ip6tnl',
  'ipip', 'ipoib', 'ipvlan', 'ipvtap', 'macsec', 'macvlan', 'macvtap', 'netkit', 'ovpn', 'rmnet', 'sit', 'vlan', 'vrf', 'vti', 'vxlan', 'wwan', 'xfrm',
];
/** Kinds of traffic control that have help of their own, by their object. */
const tcKinds: Readonly<Record<string, readonly string[]>> = {
  qdisc: ['cake', 'cbs', 'choke', 'codel', 'drr', 'etf', 'ets', 'fq', 'fq_codel', 'fq_pie', 'gred', 'hfsc', 'hhf', 'htb', 'mqprio', 'netem', 'pfifo', 'pie', 'plug', 'prio', 'qfq', 'red', 'sfb', 'sfq', 'skbprio', 'taprio', 'tbf'],
  class: ['drr', 'ets', 'hfsc', 'qfq'],
  filter: ['basic', 'bpf', 'cgroup', 'flow', 'flower', 'fw', 'matchall', 'route', 'u32'],
  actions: ['bpf', 'connmark', 'csum', 'ct', 'ctinfo', 'gact', 'gate', 'ife', 'mirred', 'mpls', 'nat', 'pedit', 'police', 'sample', 'simple', 'skbedit', 'skbmod', 'tunnel_key', 'vlan'],
};
/** What a kind of filter or action says beside its table. */
const usageOf = (object: string, kind: string): { options: Grammar; usage?: string } => (object === 'filter' ? filterKinds : object === 'actions' ? actionKinds : object === 'class' ? classKinds : qdiscKinds)[kind] as { options: Grammar; usage?: string };

/** Values with names of their own, by their placeholder. */
const databases = { TABLE: 'rt_tables', PROTOCOL: 'rt_protos', SCOPE: 'rt_scopes' } as Readonly<Record<string, 'rt_tables' | 'rt_protos' | 'rt_scopes'>>;
const names = new Names();

/** Every page of help that is compared. */
export const pages: readonly string[] = ['ip', ...[...objects, ...deeper].map((name) => `ip ${name}`), 'bridge', ...parts.map((name) => `bridge ${name}`), 'brctl', ...kinds.map((name) => `ip link ${name}`), 'tc', ...['qdisc', 'class', 'filter', 'chain', 'actions'].map((name) => `tc ${name}`), ...Object.entries(tcKinds).flatMap(([object, all]) => all.map((name) => `tc ${object} ${name}`))];

/** The command that prints a page. */
export function helpCommand(page: string): string[] {
  if (page === 'brctl') return ['brctl', '--help'];
  const [tool = '', object, kind] = page.split(' ');
  if (deeper.includes(`${object} ${kind}`)) return [...page.split(' '), 'help'];
  if (tool === 'tc' && kind !== undefined) return [tool, object as string, 'add', ...(object === 'actions' ? ['action'] : []), kind, 'help'];
  return kind !== undefined ? [tool, object as string, 'help', kind] : object !== undefined ? [tool, object, 'help'] : [tool, 'help'];
}

/** Lines that are sentences. */
const prose = /\b(of|the|are|is|be|given|To get|Note|name of|type ')\b|^Where:?$/;

/** Words in lower case; `[no]seq` is two of them, `-V[ersion]` one. */
export function wordsOf(help: string): string[] {
  const words = new Set<string>();
  for (const given of help.split('\n')) {
    // bridge-utils explains each command at the end of its line.
    const line = given.replace(/^(\t\w+ *\t[^\t]*)\t.*$/, '$1').replace(/^where +|Usage:|commands|commands:/g, '');
    if (prose.test(line)) continue;
    const plain = line
      .replace(/<[^>]*>/g, ' ')
      .replace(/-([a-zA-Z]+)\[([a-z-]+)\]/g, ' $1$2')
      .replace(/((?:\[[a-z]+(?:\|[a-z]+)*\])+)([a-z][a-z0-9_-]*)/g, (_, before: string, word: string) => {
        const prefixes = [...before.matchAll(/\[([^\]]*)\]/g)].map(([, one]) => ['', ...(one as string).split('|')]);
        return prefixes.reduceRight<string[]>((all, some) => some.flatMap((prefix) => all.map((rest) => prefix + rest)), [word]).join(' ');
      });
    for (const [word] of plain.matchAll(/(?<![A-Za-z0-9_.-])[a-z0-9][A-Za-z0-9_.+-]*/g)) {
      if (!/^[\d.+-]*$/.test(word) && !/^(0x)?[0-9a-f]?\d*\.\./.test(word) && !/^\d+-\d+$|^0x/.test(word)) words.add(word.replace(/[.-]+$/, ''));
    }
  }
  return [...words].sort();
}

function fromText(text: string, into: Set<string>): void {
  for (const word of wordsOf(text)) into.add(word);
}

function fromGrammar(grammar: Grammar, into: Set<string>): void {
  for (const [key, row] of Object.entries(grammar)) {
    for (const word of key.split('|')) into.add(word);
    if (row.type) fromText(row.type.name, into);
    for (const word of row.type?.choices ?? []) into.add(word);
    const database = databases[row.type?.name ?? ''];
    if (database === 'rt_tables') into.add('all');
    if (database) for (const word of names.known(database)) into.add(word);
    if (row.type?.completes === 'kind') for (const word of kindNames()) into.add(word);
    if (row.type?.grammars) for (const [word, inner] of Object.entries(row.type.grammars)) { into.add(word); fromGrammar(inner, into); }
  }
}

async function fromCommand(command: Command, into: Set<string>): Promise<void> {
  if (command.usage !== undefined) fromText(command.usage, into);
  if (command.options) fromGrammar(command.options, into);
  for (const key of Object.keys(command.commands ?? {})) {
    for (const word of key.split('|')) into.add(word);
    await fromCommand(await load(command.commands as never, key), into);
  }
}

/** The words that our tables have for a page of help. */
export async function ourWords(page: string): Promise<Set<string>> {
  const [tool = '', object, kind] = page.split(' ');
  const words = new Set([tool, ...(object ? [object, object.slice(0, 5)] : []), ...(kind ? [kind, 'type'] : []), 'help']);
  const top = { ip, bridge, brctl, tc }[tool] as Command;
  if (deeper.includes(`${object} ${kind}`)) {
    const outer = await load(top.commands as never, object as string), key = Object.keys(outer.commands ?? {}).find((name) => name.split('|').includes(kind as string));
    await fromCommand(await load(outer.commands as never, key as string), words);
  } else if (tool === 'tc' && kind !== undefined) {
    const { options, usage = '' } = usageOf(object as string, kind);
    fromGrammar(options, words);
    fromText(usage, words);
    for (const word of ['add', 'change', 'dev']) words.add(word);
  } else if (kind !== undefined) {
    const slave = kind.endsWith('_slave') ? slaveKinds[kind.slice(0, -'_slave'.length)] : undefined;
    fromGrammar(slave?.options ?? kindOf(kind).options, words);
    for (const word of ['add', 'set', 'dev', 'name', 'link', 'peer', 'options']) words.add(word);
    if (kind === 'hsr') fromGrammar(addOptions, words);
  } else if (object === undefined) {
    if (tool === 'brctl') await fromCommand(top, words);
    for (const word of Object.values(singleDash).flatMap(({ choices = [] }) => choices)) words.add(word);
    for (const key of [...Object.keys(top.commands ?? {}), ...Object.keys(singleDash)]) for (const word of key.split('|')) words.add(word);
    fromText(Object.values(singleDash).map(({ value }) => value ?? '').join(' '), words);
  } else {
    const key = Object.keys(top.commands ?? {}).find((name) => name.split('|').includes(object));
    if (key === undefined) return words;
    for (const word of key.split('|')) words.add(word);
    await fromCommand(await load(top.commands as never, key), words);
  }
  return words;
}
