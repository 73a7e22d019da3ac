/** `nlkit fuzz`: requests made from the schemas, sent in namespaces of their own, and what the kernel says to them. */
import { constants } from 'node:os';
import { families, familyNamed } from '../../families/generic/index.ts';
import { protocolNamed } from '../../inspect/json.ts';
import type { Context } from '../context.ts';
import { exits, usage } from '../errors.ts';
import { act, is, parse, to, type Command, type Grammar, type ValueType } from '../grammar.ts';
import { integer, text } from '../values.ts';
import { didYouMean } from '../words.ts';
import { known, seconds, several, withoutPrefix } from '../inspect/options.ts';
import { allowed, denied, FAMILIES, PROTOCOLS } from './policy.ts';
import { Corpus, tables, type Kept } from './report.ts';

interface Asked { protocol?: string; family?: string; messages?: string[]; seed?: number; count?: number; time?: number; corpus?: string; mutate?: boolean; print?: 'json'; dangerous?: boolean; list?: boolean; timeout?: number; each?: number; shrink?: number; root?: boolean }

/** A family follows `generic`. */
const protocol = act((draft, name, _context, words) => {
  draft['protocol'] = name;
  if (name !== 'generic') return;
  const family = words.next('--protocol generic');
  if (!familyNamed(family)) throw usage(`"${family}" is not a family with schemas`, didYouMean(family, families.map((one) => one.name)));
  draft['family'] = family;
}, { name: '{ NAME | generic FAMILY }', choices: known, grammars: { generic: { '': { type: text('FAMILY', { completes: 'family' }) } } }, read: (words, _context, after) => {
  const name = words.next(after);
  if (!known.includes(name)) throw usage(`"${name}" is not a protocol with schemas`, didYouMean(name, known));
  return name;
} }, { help: 'what is fuzzed (default: route)' });

/** Those of all protocols that are fuzzed. */
const messageNames: ValueType = { ...several('NAME'), get choices() { return PROTOCOLS.flatMap((name) => allowed(protocolNamed(name)!, false)).concat(FAMILIES.flatMap((name) => allowed(familyNamed(name)!.at(0), false))).map((message) => message.name); } };

const options: Grammar = {
  '--protocol|--proto': protocol,
  '--message|-m': to('messages', messageNames, 'only these messages; --list shows them'),
  '--seed': to('seed', integer('NUMBER', 0, 0xffffffff), 'the same seed sends the same (default: one by the clock, which is told)'),
  '--count|-c': to('count', integer('NUMBER', 1, 0x7fffffff), 'how many requests (default: 1000, or as many as the time allows)'),
  '--time': to('time', seconds, 'how long'),
  '--corpus': to('corpus', text('DIR', { completes: 'file' }), 'keeps each outcome that is new there, by the smallest request that was found, for "nlkit send"'),
  '--mutate': is('mutate', true, 'three of four requests are damaged: lengths, types, nesting, repeated and missing attributes, flags, truncation'),
  '--timeout': to('timeout', seconds, 'for an answer (default: 2)'),
  '--each': to('each', integer('NUMBER', 1, 0x7fffffff), 'requests to a network namespace, before the next one (default: 64)'),
  '--shrink': to('shrink', integer('SECONDS', 0, 0x7fffffff), 'how long to make findings small (default: 10 with --corpus, else 0)'),
  '--json|-j': is('print', 'json', 'one JSON object an outcome and line'),
  '--list': is('list', true, 'the messages that would be sent, and what is denied; sends nothing'),
  '--root': is('root', true, 'as the machine\'s root, in a network namespace of its own: reaches code that user namespaces do not; with --dangerous'),
  '--dangerous': is('dangerous', true, 'what is denied, too: for a virtual machine that nobody needs'),
};

export const fuzz: Command = {
  summary: 'requests made from the schemas, sent in namespaces of their own, and what the kernel says to them',
  examples: ['fuzz --count 5000', 'fuzz --protocol netfilter --mutate --time 60 --corpus findings', 'fuzz --protocol generic wireguard --seed 1 --json', 'fuzz --message RTM_NEWADDR,RTM_NEWROUTE --seed 7', 'fuzz --list', 'send findings/RTM_NEWADDR-EINVAL-0123456789ab.json --netns s1'],
  usage: '[ OPTIONS ]',
  options,
  async run(context, words) {
    if (words.take('--inside')) return (await import('./inside.ts')).inside();
    const asked = parse(options, words, {}, context) as Asked;
    const { protocol: name = 'route', family, dangerous = false } = asked;
    if (asked.root && !dangerous) throw usage('--root goes with --dangerous: what it reaches is not bounded by a user namespace');
    if (asked.list) return list(context.out, dangerous);
    const why = denied(name, family);
    if (why !== undefined && !dangerous) throw usage(`${family ?? name} is not fuzzed: ${why}`, '--dangerous does it all the same: in a virtual machine that nobody needs');
    const messages = namesOf(asked, dangerous), seed = asked.seed ?? Date.now() % 2 ** 32;
    if (context.options.dryRun) return printed(context, asked, messages, seed);
    const corpus = asked.corpus === undefined ? undefined : new Corpus(asked.corpus);
    const { probe, runInside } = await import('./outside.ts'), walls = asked.root ? 'root' : 'user';
    probe(walls);
    const { out } = context, json = asked.print === 'json' || context.options.json, count = asked.count ?? (asked.time === undefined ? 1000 : 0x7fffffff);
    const keep = (finding: Kept): void => corpus?.keep(finding);
    const { ended, hangs, warnings, modules, stopped, seconds: took } = await runInside({
      protocol: name, seed, from: 0, count, timeout: 1000 * (asked.timeout ?? 2), each: asked.each ?? 64, mutate: asked.mutate ?? false, dangerous, known: [...corpus?.known ?? []], shrinking: 1000 * (asked.shrink ?? (corpus ? 10 : 0)),
      ...(family !== undefined && { family }), ...(messages && { messages }), ...(asked.time !== undefined && { time: 1000 * asked.time }),
    }, walls, keep, (number) => out.error(`note: no answer to request ${number}: the process that sent it was ended`));
    if (json) {
      for (const one of ended.outcomes) out.write(`${JSON.stringify(one)}\n`);
      for (const number of hangs) out.write(`${JSON.stringify({ signature: 'HANG', first: number, count: 1 })}\n`);
      for (const { text: log, number } of warnings) out.write(`${JSON.stringify({ signature: 'KERNEL LOG', first: number, count: 1, log })}\n`);
    } else out.write(tables(ended, hangs, warnings));
    out.error(`note: seed ${seed}: ${ended.sent} requests in ${took.toFixed(1)} s${corpus ? `; ${corpus.kept} outcomes are new in ${asked.corpus}` : ''}`);
    if (modules.length) out.error(`note: the kernel loaded modules meanwhile, which stay: ${modules.join(' ')}`);
    return stopped ? 128 + constants.signals[stopped] : hangs.length ? exits.refused : exits.ok;
  },
};

/** A dry run: the requests, without a kernel. */
async function printed({ options: { hex, json }, out }: Context, { protocol: name = 'route', family, dangerous = false, mutate = false, count = 1000, print }: Asked, messages: readonly string[] | undefined, seed: number): Promise<void> {
  const { caseOf } = await import('./cases.ts'), { WORDS } = await import('./lab.ts'), { tapeOf } = await import('../../testing/shrink.ts'), { toHex, toJson, tree } = await import('../../inspect/index.ts');
  const schemas = family === undefined ? protocolNamed(name)! : familyNamed(family)!.at(STAND_IN), all = allowed(schemas, dangerous).filter((m) => messages?.includes(m.name) ?? true);
  for (let number = 0; number < count; number++) {
    const one = caseOf({ protocol: schemas, messages: all, words: WORDS, mutate, dangerous }, tapeOf(seed, number));
    if (!one || one.withheld !== undefined) continue;
    out.write(hex ? `${toHex(one.datagram)}\n` : json || print === 'json' ? `${JSON.stringify(toJson(one.datagram, { protocol: schemas }).map((message) => ({ ...message, protocol: name })))}\n` : `# request ${number}\n${tree(one.datagram, { protocol: schemas })}\n`);
  }
}
/** A family has no number without a kernel. */
const STAND_IN = 1001;

/** The messages that were named. */
function namesOf({ protocol: name = 'route', family, messages }: Asked, dangerous: boolean): string[] | undefined {
  if (!messages) return undefined;
  const all = allowed(family === undefined ? protocolNamed(name)! : familyNamed(family)!.at(0), dangerous).map((m) => m.name);
  return messages.map((given) => {
    const found = all.find((one) => one === given.toUpperCase() || one.endsWith(`_${given.toUpperCase()}`));
    if (found === undefined) throw usage(`"${given}" is not a message that is sent`, didYouMean(given.toUpperCase(), withoutPrefix(all)));
    return found;
  });
}

function list(out: { write(text: string): void }, dangerous: boolean): void {
  for (const name of PROTOCOLS) if (name !== 'generic') out.write(`${name}: ${allowed(protocolNamed(name)!, dangerous).map((m) => m.name).join(' ')}\n`);
  for (const name of FAMILIES) out.write(`generic ${name}: ${allowed(familyNamed(name)!.at(0), dangerous).map((m) => m.name).join(' ')}\n`);
  for (const name of known) if (!PROTOCOLS.includes(name)) out.write(`not ${name}: ${denied(name)}\n`);
  for (const { name } of families) if (!FAMILIES.includes(name)) out.write(`not generic ${name}: ${denied('generic', name)}\n`);
}
