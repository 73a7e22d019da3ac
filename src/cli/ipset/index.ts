/** `ipset`: sets of addresses, networks, ports and links, with the words of ipset. */
import { readFileSync, writeFileSync } from 'node:fs';
import { netfilter } from '../../families/netfilter/index.ts';
import { ipsetTypes, type IpsetItem, type IpsetOptions, type IpsetTold } from '../../netfilter/index.ts';
import { ipsetPlans, sets, tested, type IpsetSession } from '../../netfilter/ipset.ts';
import type { Plan } from '../../route/plan.ts';
import { split } from '../batch.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import type { Body, Kernel, RequestFlag } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { servicePort } from '../ss/services.ts';
import { text } from '../values.ts';
import { didYouMean, find, keysOf, Words } from '../words.ts';
import { apart, common, creating, describing, type Changed, type Created, type Said } from './options.ts';
import { facts, inOrder, plain, save, xml } from './print.ts';

const sessions = new WeakMap<Kernel, IpsetSession>();
function sessionOf({ kernel }: Context): IpsetSession {
  if (!sessions.has(kernel)) sessions.set(kernel, {});
  return sessions.get(kernel) as IpsetSession;
}
/** Runs a plan of the library over the command's kernel. What is not there is the line's mistake. */
function run<T>(context: Context, plan: Plan<T>): T {
  const kernel = context.kernel.speak(netfilter);
  try {
    let step = plan.next();
    while (!step.done) {
      if (step.value.op === 'bracketed' || step.value.op === 'devices') throw new TypeError('ipset has no transactions, and no devices');
      const { op, request: { message, body, flags = [] } } = step.value;
      try {
        step = plan.next(op === 'dump' ? kernel.dump(message.key, body as Body) : kernel.request(message.key, body as Body, flags as RequestFlag[]));
      } catch (error) { step = plan.throw(error); }
    }
    return step.value;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') throw new CliError('there is no such set', exits.usage);
    // What the library says of what a person wrote.
    if (error instanceof TypeError && error.message.startsWith('"')) throw usage(error.message);
    throw error;
  }
}
const plansOf = (context: Context): ReturnType<typeof ipsetPlans> => ipsetPlans(sessionOf(context));

/** IPSET_MAXNAMELEN, its NUL included. */
const MOST = 31;
function nameIn(words: Words, what: string): string {
  const name = words.next(what);
  if (name === '' || new TextEncoder().encode(name).length > MOST) throw usage(`"${name}" is not a name of a set`, `1 to ${MOST} letters`);
  return name;
}
/** The name of a set, or none for all; then options. */
const maybe: Grammar = { '': { ...to('set', text('SET')), help: 'default: all' }, ...common };

// Telling.

const XML = { head: '<ipsets>\n', tail: '</ipsets>\n' } as const;
function told(context: Context, said: Said, forced?: 'save'): void {
  const { out, options } = context, output = said.output ?? forced ?? (options.json ? 'json' : 'plain'), terse = said.terse === true;
  const all = run(context, sets(sessionOf(context), said.set, { entries: !terse, names: said.names === true })), ordered = said.sorted ? all.map(inOrder) : all;
  if (options.dryRun) return;
  const write = (whole: string): void => { if (said.file === undefined) out.write(whole); else writeFileSync(said.file, whole); };
  if (said.names) return write(output === 'json' ? `${toJson(all.map(({ setname }) => ({ name: setname })), options.pretty)}\n` : output === 'xml' ? `${XML.head}${all.map(({ setname }) => `<ipset name="${setname}"/>\n`).join('')}${XML.tail}` : all.map(({ setname }) => `${setname}\n`).join(''));
  const each = (form: (set: IpsetTold, terse: boolean) => string): string[] => ordered.map((set) => form(set, terse));
  if (output === 'json') write(`${toJson(ordered.map((set) => facts(set, terse)), options.pretty)}\n`);
  else if (output === 'xml') write(`${XML.head}${each(xml).join('')}${XML.tail}`);
  else write(output === 'save' ? each(save).join('') : each(plain).join('\n'));
}

// Changing.

/** What types were called before ipset 5. */
const oldTypes: Readonly<Record<string, string>> = {
  ipmap: 'bitmap:ip', macipmap: 'bitmap:ip,mac', portmap: 'bitmap:port', iphash: 'hash:ip', nethash: 'hash:net', ipporthash: 'hash:ip,port', ipportiphash: 'hash:ip,port,ip', ipportnethash: 'hash:ip,port,net', setlist: 'list:set',
};

function create(context: Context, words: Words): void {
  const name = nameIn(words, 'create'), said = words.next('create'), type = oldTypes[said] ?? said, { exist, output: _output, quiet: _quiet, sorted: _sorted, names: _names, terse: _terse, file: _file, set: _set, other: _other, type: _type, ...options } = (() => {
    if (!(type in ipsetTypes)) throw usage(`"${type}" is not a type of sets`, didYouMean(type, Object.keys(ipsetTypes)));
    return parse(grammarOf(type), words, {}, context) as Created;
  })();
  if (type.startsWith('bitmap:') && options.range === undefined) throw usage(`which range is ${type} of?`, type === 'bitmap:port' ? 'range 1000-2000' : 'range 10.0.0.0/24');
  run(context, plansOf(context).create(name, type, { ...options as IpsetOptions, ...(exist && { exist }) }));
}
/** What a type can be made with. */
const OPTIONS = ['timeout', 'counters', 'comment', 'skbinfo', 'probes|resize|gc'], HASH = [...OPTIONS, 'family', '-4', '-6', 'hashsize', 'maxelem', 'bucketsize', 'initval', 'forceadd'];
const OWN: Readonly<Record<string, readonly string[]>> = { 'bitmap:ip': ['netmask'], 'hash:ip': ['netmask', 'bitmask'], 'hash:ip,port': ['netmask', 'bitmask'], 'hash:net,net': ['netmask', 'bitmask'], 'hash:ip,mark': ['markmask'], 'list:set': ['size'] };
function grammarOf(type: string): Grammar {
  const words = [...(type.startsWith('hash:') ? HASH : OPTIONS), ...(type.startsWith('bitmap:') ? ['range'] : []), ...(OWN[type] ?? [])];
  return { ...Object.fromEntries(Object.entries(creating).filter(([word]) => words.includes(word) && !(type === 'hash:mac' && /^(family|-[46])$/.test(word)))), ...common };
}

const item = ({ entry = '', timeout, packets, bytes, comment, nomatch, wildcard, skbmark, skbprio, skbqueue, before, after }: Changed): IpsetItem => {
  if (comment?.includes('"')) throw usage('a comment cannot have quotation marks: it could not be restored');
  if (before !== undefined && after !== undefined) throw usage('before one, or after one');
  const all = { entry, timeout, packets, bytes, comment, nomatch, wildcard, skbmark, skbprio, skbqueue, before, after };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)) as unknown as IpsetItem;
};
/** A set, an entry, and what is said of it. */
function entryOf(words: Words, what: string, context: Context, only: readonly string[] = Object.keys(describing)): { name: string; said: Changed } {
  const name = nameIn(words, what), entry = words.next(what), grammar: Grammar = { ...Object.fromEntries(Object.entries(describing).filter(([word]) => only.includes(word))), ...common };
  return { name, said: parse(grammar, words, { entry }, context) as unknown as Changed };
}
const NAMING = ['nomatch', 'before', 'after', 'wildcard'];
const ports = servicePort;
function change(context: Context, words: Words, how: 'add' | 'delete'): void {
  const { name, said } = entryOf(words, how, context, how === 'add' ? undefined : NAMING);
  run(context, plansOf(context)[how](name, item(said), { ...(said.exist && { exist: true }), ports }));
}
function test(context: Context, words: Words): number {
  const { name, said } = entryOf(words, 'test', context, NAMING), { out, options } = context, { is, entry } = run(context, tested(sessionOf(context), name, item(said), { ports }));
  if (options.dryRun) return exits.ok;
  if (options.json) out.write(`${toJson({ set: name, entry, is }, options.pretty)}\n`);
  else if (!said.quiet) out.error(is ? `Warning: ${entry} is in set ${name}.` : `${entry} is NOT in set ${name}.`);
  return is ? exits.ok : exits.usage;
}
/** Of one set, or of all. */
const ofOne = (summary: string, example: string, plan: (context: Context, name: string | undefined, said: Said) => Plan<void>): Command => ({
  summary, usage: '[ SET ]', examples: [`ipset ${example}`, `ipset ${example} SET`], options: maybe, run: (context, words) => { const said = parse(maybe, words, {}, context) as Said; run(context, plan(context, said.set, said)); },
});
const ofTwo = (summary: string, word: string, plan: (context: Context, name: string, other: string) => Plan<void>): Command => ({
  summary, usage: 'SET SET', examples: [`ipset ${word} a b`], options: common, run: (context, words) => { const name = nameIn(words, word), other = nameIn(words, word); parse(common, words, {}, context); run(context, plan(context, name, other)); },
});
const telling = (summary: string, word: string, forced?: 'save'): Command => ({
  summary, usage: '[ SET ] [ OPTIONS ]', examples: word === 'list' ? ['ipset list', 'ipset list SET -terse', 'ipset list -name', 'ipset -o json list'] : ['ipset save', 'ipset save SET -file FILE'], options: maybe, run: (context, words) => told(context, parse(maybe, words, {}, context) as Said, forced),
});

const commands: Readonly<Record<string, Command>> = {
  'create|n|-N|--create': { summary: 'make a set', usage: 'SET TYPE [ OPTIONS ]', places: [text('SET'), text('TYPE', { choices: Object.keys(ipsetTypes) })], examples: ['ipset create web hash:ip,port', 'ipset create six hash:net family inet6 timeout 300', 'ipset create ports bitmap:port range 1000-2000'], options: { ...creating, ...common }, run: create },
  'add|-A|--add': { summary: 'an entry more', usage: 'SET ENTRY [ OPTIONS ]', examples: ['ipset add web 10.0.0.1,tcp:80', 'ipset add six fd00::/64 timeout 60', 'ipset add web 10.0.0.1,80 -exist'], options: { ...describing, ...common }, run: (context, words) => change(context, words, 'add') },
  'del|-D|--del': { summary: 'an entry less', usage: 'SET ENTRY', examples: ['ipset del web 10.0.0.1,tcp:80'], options: common, run: (context, words) => change(context, words, 'delete') },
  'test|-T|--test': { summary: 'whether an entry is in a set: the status says it', usage: 'SET ENTRY', examples: ['ipset test web 10.0.0.1,tcp:80'], options: common, run: test },
  'destroy|x|-X|--destroy': ofOne('a set goes, or all', 'destroy', (context, name, { exist }) => plansOf(context).destroy(name, { ...(exist && { exist: true }) })),
  'list|-L|--list': telling('print sets and their entries', 'list'),
  'save|-S|--save': telling('print lines that make all of it again', 'save', 'save'),
  'flush|-F|--flush': ofOne('the entries of a set go, or of all', 'flush', (context, name) => plansOf(context).flush(name)),
  'rename|e|-E|--rename': ofTwo('another name for a set', 'rename', (context, name, other) => plansOf(context).rename(name, other)),
  'swap|w|-W|--swap': ofTwo('two sets change places, for whoever refers to them', 'swap', (context, name, other) => plansOf(context).swap(name, other)),
};

/** A line of many: entries of one set that are added one after the other go together. */
interface Line { readonly number: number; readonly key: string; readonly words: readonly string[] }
function restore(context: Context, words: Words): void {
  const { file, exist } = parse(common, words, {}, context) as Said, lines: Line[] = [], options = exist ? ['-exist'] : [], known = keysOf(commands);
  let whole: string;
  try { whole = readFileSync(file ?? 0, 'utf8'); } catch (error) { throw usage(`cannot read "${file ?? '-'}": ${(error as Error).message}`); }
  const at = <T>(number: number, body: () => T): T => {
    try { return body(); } catch (error) { throw Object.assign(error as Error, { message: `line ${number}: ${(error as Error).message}` }); }
  };
  // All lines are looked at before the first is done.
  for (const [i, line] of whole.split('\n').entries()) {
    if (/^\s*(#.*|COMMIT\s*)?$/.test(line)) continue;
    at(i + 1, () => {
      const [first = '', ...rest] = apart(split(line)), key = find(first, known);
      if (key === undefined || /^(list|save|test)/.test(key)) throw usage(`"${first}" is not a command here`, didYouMean(first, known.filter((one) => !/^(list|save|test)/.test(one))));
      lines.push({ number: i + 1, key, words: [...rest, ...options] });
    });
  }
  for (let i = 0; i < lines.length;) {
    const { number, key, words: own } = lines[i] as Line;
    if (!key.startsWith('add|')) { at(number, () => { void commands[key]?.run?.(context, new Words(own)); }); i++; continue; }
    const first = at(number, () => entryOf(new Words(own), 'add', context)), items = [item(first.said)];
    let next = i + 1;
    for (; next < lines.length && lines[next]?.key === key && lines[next]?.words[0] === first.name; next++) {
      const one = lines[next] as Line, { said } = at(one.number, () => entryOf(new Words(one.words), 'add', context));
      if ((said.exist ?? false) !== (first.said.exist ?? false)) break;
      items.push(item(said));
    }
    try {
      run(context, plansOf(context).add(first.name, items, { ...(first.said.exist && { exist: true }), ports, lines: lines.slice(i, next).map((one) => one.number) }));
    } catch (error) {
      const { entry = 0 } = error as { entry?: number };
      at((lines[i + entry] as Line).number, () => { throw error; });
    }
    i = next;
  }
}

export const ipset: Command = {
  summary: 'IP sets: addresses, networks, ports and links that rules look up',
  examples: ['ipset create web hash:ip,port', 'ipset add web 10.0.0.1,tcp:80', 'ipset list', 'ipset test web 10.0.0.1,80', 'ipset save -file FILE', 'ipset restore -file FILE'],
  usage: '[ OPTIONS ] { create | add | del | test | destroy | list | save | restore | flush | rename | swap } ...',
  apart,
  commands: { ...commands, 'restore|-R|--restore': { summary: 'do the lines of standard input, or of a file, as "save" prints them', usage: '[ -file FILE ]', examples: ['ipset restore -file FILE'], options: common, unlogged: true, run: restore } },
  absent: { 'a shell is at hand': ['-'], 'nlkit --version says it': ['version', '-V'] },
};
