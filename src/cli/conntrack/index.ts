/** `conntrack`: connections that the kernel tracks, with the words of conntrack-tools. */
import { netfilter, type Conntrack, type ConntrackStatsCpu, type Expectation } from '../../families/netfilter/index.ts';
import { asked, nameOf } from '../../netfilter/conntrack.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import type { Command, Grammar } from '../grammar.ts';
import type { Body, Kernel } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { follow, onlySaid, untilInterrupted } from '../watch.ts';
import { alternatives, didYouMean, type Words } from '../words.ts';
import { change, described, oneOf } from './change.ts';
import { expectationFacts, expectationLine } from './expect.ts';
import { saved, xml, XML_HEAD, XML_TAIL, type Change } from './formats.ts';
import { filterOf, keeps, labelling, making, printing, read, selecting, tableOption, watching, zeroing, type Said } from './options.ts';
import { facts, line } from './print.ts';

const speak = ({ kernel }: Context): Kernel => kernel.speak(netfilter);
type Read = Said & { table?: string };
const TABLES = ['conntrack', 'dying', 'unconfirmed'] as const;
/** What is expected has no words of its own here. */
const EXPECT = 'expect', EITHER = ['conntrack', EXPECT] as const;
function assertAlone({ table: _table, family: _family, output: _output, ...rest }: Read): void {
  if (Object.keys(rest).length > 0) throw usage('expectations are not selected here', 'all are meant: -L expect, -F expect, -E expect');
}
function tableOf({ table = 'conntrack' }: Read, tables: readonly string[] = ['conntrack']): (typeof TABLES)[number] {
  if (!tables.includes(table)) throw usage(`"${table}" is not a table here`, didYouMean(table, tables));
  return table as (typeof TABLES)[number];
}

/** Prints connections, and says how many there were, as conntrack does: the count is no part of what is read on. */
class Printed {
  readonly #context: Context;
  readonly #json: boolean;
  readonly #output: ReadonlySet<string>;
  readonly #all: object[] = [];
  count = 0;
  constructor(context: Context, { output = [], labels, labelAdd, labelDel }: Said) {
    this.#context = context;
    // Who speaks of labels sees them.
    this.#output = new Set([...output, ...(labels ?? labelAdd ?? labelDel ? ['labels'] : [])]);
    this.#json = context.options.json || this.#output.has('json');
  }
  get json(): boolean { return this.#json; }
  /** Of a list, XML has a beginning and an end. */
  #head(): void { if (this.#output.has('xml') && this.count === 1) this.#context.out.write(XML_HEAD); }
  tail(): void { if (this.#output.has('xml') && this.count > 0) this.#context.out.write(XML_TAIL); }
  one(connection: Conntrack, what: 'listed' | 'updated' | 'deleted' = 'listed'): void {
    this.count++;
    if (this.#json) return void this.#all.push(facts(connection));
    if (what === 'listed') this.#head();
    this.#context.out.write(`${this.#output.has('xml') ? xml(connection, this.#output) : this.#output.has('save') ? saved(connection, what === 'deleted' ? 'destroy' : 'new') : line(connection, this.#output)}\n`);
  }
  event(change: Change, connection: Conntrack): void {
    const { out } = this.#context, now = Date.now();
    this.count++;
    if (!this.#json) this.#head();
    if (this.#output.has('xml')) return out.write(`${xml(connection, this.#output, change)}\n`);
    if (this.#output.has('save')) return out.write(`${saved(connection, change)}\n`);
    if (this.#json) return out.write(`${toJson({ ts: new Date(now).toISOString(), event: change, ...facts(connection) }, false)}\n`);
    if (this.#output.has('timestamp')) out.write(`[${Math.floor(now / 1000)}.${String((now % 1000) * 1000).padEnd(6)}]\t`);
    out.write(`${`[${change.toUpperCase()}]`.padStart(9)} ${line(connection, this.#output)}\n`);
  }
  /** @returns the status: that there was none to change is told by it */
  end(what: 'shown' | 'deleted' | 'updated' | 'created'): number {
    const { out, options } = this.#context;
    if (options.dryRun) return exits.ok;
    if (what === 'shown') this.tail();
    if (this.#json) out.write(`${toJson(this.#all, options.pretty)}\n`);
    else out.error(`${this.count} flow entries have been ${what}.`);
    return this.count === 0 && what !== 'shown' ? exits.usage : exits.ok;
  }
}

function dump(context: Context, said: Said, table: (typeof TABLES)[number] = 'conntrack'): Conntrack[] {
  const { message, body } = asked({ ...filterOf(said), table }, said.zero);
  return (speak(context).dump(message.key, body as Body) as unknown as Conntrack[]).filter(keeps(said));
}
const command = (summary: string, options: Grammar, examples: readonly string[], run: (context: Context, said: Read) => number | void | Promise<number | void>, line = '[ OPTIONS ]'): Command =>
  ({ summary, usage: line, examples, options, run: (context: Context, words: Words) => run(context, read(options, words, context)) });

function expectations(context: Context, said: Read): number {
  assertAlone(said);
  const { out, options } = context, all = speak(context).dump('getExpectation', { family: said.family ?? 'unspec' }) as unknown as Expectation[];
  if (options.dryRun) return exits.ok;
  if (options.json || said.output?.includes('json')) out.write(`${toJson(all.map(expectationFacts), options.pretty)}\n`);
  else {
    for (const one of all) out.write(`${expectationLine(one)}\n`);
    out.error(`${all.length} expectations have been shown.`);
  }
  return exits.ok;
}

const list = command('print those that match', { ...tableOption([...TABLES, EXPECT]), ...selecting, ...printing, ...zeroing }, ['conntrack -L -p udp --dport 53', 'conntrack -L -g', 'conntrack -L -o id,extended', 'conntrack -L dying', 'conntrack -L expect'], (context, said) => {
  if (said.table === EXPECT) return expectations(context, said);
  const printed = new Printed(context, said), { zero, output: _output, table: _table, family: _family, ...which } = said;
  // The kernel would zero more than is printed.
  if (zero && Object.keys(which).length > 0) throw usage('-z is for all of them: it cannot be narrowed');
  for (const one of dump(context, said, tableOf(said, [...TABLES, EXPECT]))) printed.one(one);
  return printed.end('shown');
}, '[ conntrack | dying | unconfirmed | expect ] [ OPTIONS ]');

const get = command('print one, named by one of its directions', { ...tableOption(['conntrack']), ...selecting, ...printing }, ['conntrack -G -p udp -s 10.0.0.2 -d 192.0.2.53 --sport 4000 --dport 53'], (context, said) => {
  tableOf(said);
  const printed = new Printed(context, said);
  try {
    const found = speak(context).get('getConntrack', oneOf(said) as Body);
    if (found) printed.one(found as unknown as Conntrack);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') throw new CliError('there is no such connection', exits.usage);
    throw error;
  }
  return printed.end('shown');
});

const remove = command('make the kernel forget those that match: their next packets begin anew', { ...tableOption(['conntrack']), ...selecting, ...printing }, ['conntrack -D -p udp --orig-port-dst 5300', 'conntrack -D -s 10.0.0.2', 'conntrack -D -r 10.0.0.2 -p tcp --state TIME_WAIT'], (context, said) => {
  tableOf(said);
  const printed = new Printed(context, said), kernel = speak(context);
  for (const one of dump(context, said)) {
    try { kernel.request('delConntrack', nameOf(one) as Body); } catch (error) {
      // It has gone by itself.
      if ((error as { code?: string }).code === 'ENOENT') continue;
      throw error;
    }
    printed.one(one, 'deleted');
  }
  return printed.end('deleted');
});

const flush = command('make the kernel forget all', { ...tableOption(EITHER), '-f|--family': selecting['-f|--family'] as Grammar[string] }, ['conntrack -F', 'conntrack -F expect'], (context, said) => {
  const expected = said.table === EXPECT;
  if (!expected) tableOf(said, EITHER);
  speak(context).request(expected ? 'delExpectation' : 'delConntrack', { family: said.family ?? 'unspec' });
  if (!context.options.dryRun) context.out.error(`${expected ? 'expectation' : 'connection tracking'} table has been emptied.`);
}, '[ conntrack | expect ] [ -f FAMILY ]');

const create = command('make one by hand', { ...selecting, ...making, '--label-add': labelling['--label-add'] as Grammar[string] }, ['conntrack -I -p udp -s 10.0.0.2 -d 192.0.2.53 --sport 4000 --dport 53 -t 60'], (context, said) => {
  speak(context).request('newConntrack', described(said) as Body, ['create', 'excl']);
  if (!context.options.dryRun) context.out.error('1 flow entries have been created.');
});

const update = command('change those that match: mark, time, status, labels', { ...selecting, ...making, ...labelling, ...printing }, ['conntrack -U -p udp -s 10.0.0.2 -m 7', 'conntrack -U -p udp --label-add 7'], (context, said) => {
  const { mark, status, state, timeout, labelAdd, labelDel, ...which } = said, printed = new Printed(context, said), kernel = speak(context);
  if (labelAdd && labelDel) throw usage('labels are added or taken away, not both');
  if ([mark, status, state, timeout, labelAdd, labelDel].every((one) => one === undefined)) throw usage('what should change?', '-m MARK, -t SECONDS, -u STATUS, --state STATE, --label-add LABEL');
  for (const one of dump(context, which)) {
    kernel.request('newConntrack', change(one, said) as Body);
    printed.one((kernel.get('getConntrack', nameOf(one) as Body) ?? one) as Conntrack, 'updated');
  }
  return printed.end('updated');
});

const GROUPS = { new: 'conntrackNew', update: 'conntrackUpdate', destroy: 'conntrackDestroy' } as const;
const EXPECT_GROUPS = ['conntrackExpNew', 'conntrackExpUpdate', 'conntrackExpDestroy'] as const;
async function expected(context: Context, said: Read): Promise<void> {
  assertAlone(said);
  if (onlySaid(context, EXPECT_GROUPS)) return;
  const { out, options } = context, json = options.json || said.output?.includes('json');
  let count = 0;
  await follow(context, speak(context).monitor(EXPECT_GROUPS, { signal: untilInterrupted() }), ({ message, body, created }) => {
    const one = body as unknown as Expectation, event = message === 'delExpectation' ? 'destroy' : created ? 'new' : 'update';
    count++;
    out.write(json ? `${toJson({ ts: new Date().toISOString(), event, ...expectationFacts(one) }, false)}\n` : `${`[${event.toUpperCase()}]`.padStart(9)} ${expectationLine(one)}\n`);
  });
  if (!json) out.error(`${count} expectation events have been shown.`);
}
const events = command('connections as they come, change and go; as JSON, an object a line', { ...tableOption(EITHER), ...selecting, ...printing, ...watching }, ['conntrack -E', 'conntrack -E -e NEW,DESTROY -p udp -o timestamp', 'conntrack -E -o json', 'conntrack -E expect'], async (context, said) => {
  if (said.table === EXPECT) return expected(context, said);
  tableOf(said, EITHER);
  const { events: wanted = ['all'] } = said, changes = (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).filter((one) => wanted.includes(one) || wanted.includes('all')), groups = changes.map((one) => GROUPS[one]);
  if (onlySaid(context, groups)) return;
  const printed = new Printed(context, said), keep = keeps(said);
  await follow(context, speak(context).monitor(groups, { signal: untilInterrupted() }), ({ message, body, created }) => {
    const connection = body as unknown as Conntrack;
    if (!keep(connection)) return;
    printed.event(message === 'delConntrack' ? 'destroy' : created ? 'new' : 'update', connection);
  });
  printed.tail();
  if (!printed.json) context.out.error(`${printed.count} flow events have been shown.`);
});

const count = command('how many there are', tableOption(['conntrack']), ['conntrack -C'], (context, said) => {
  tableOf(said);
  const found = speak(context).get('getConntrackStats', {});
  if (found) context.out.write(context.options.json ? `${toJson({ entries: found['entries'], max: found['maxEntries'] }, context.options.pretty)}\n` : `${String(found['entries'])}\n`);
});

/** As conntrack prints them, and what the schema calls them. */
const COUNTERS = { found: 'found', invalid: 'invalid', insert: 'insert', insert_failed: 'insertFailed', drop: 'drop', early_drop: 'earlyDrop', error: 'error', search_restart: 'searchRestart', clash_resolve: 'clashResolve', chaintoolong: 'chainToolong' } as const;
const statistics = command('what each processor counted', {}, ['conntrack -S'], (context) => {
  const all = speak(context).dump('getConntrackStatsCpu', {}) as unknown as ConntrackStatsCpu[], own = (one: ConntrackStatsCpu) => Object.entries(COUNTERS).flatMap(([name, key]) => (one[key] === undefined ? [] : [[name, one[key]] as const]));
  if (context.options.dryRun) return;
  if (context.options.json) return context.out.write(`${toJson(all.map((one) => ({ cpu: one.resId, ...Object.fromEntries(own(one)) })), context.options.pretty)}\n`);
  for (const one of all) context.out.write(`cpu=${String(one.resId).padEnd(4)}\t${own(one).map(([name, value]) => `${name}=${value} `).join('')}\n`);
});

/** Options may stand before the letter of the command, which a table may follow. */
function letterFirst(words: readonly string[]): readonly string[] {
  const letters = new Set(Object.keys(commands).flatMap(alternatives)), at = words.findIndex((one) => letters.has(one));
  if (at <= 0 || !words[0]?.startsWith('-')) return words;
  const end = TABLES_OF_ALL.includes(words[at + 1] ?? '') ? at + 2 : at + 1;
  return [...words.slice(at, end), ...words.slice(0, at), ...words.slice(end)];
}
const TABLES_OF_ALL: readonly string[] = [...TABLES, EXPECT];

const commands = {
  '-L|--dump': list, '-G|--get': get, '-D|--delete': remove, '-F|--flush': flush, '-I|--create': create, '-U|--update': update, '-E|--event': events, '-C|--count': count, '-S|--stats': statistics,
};

export const conntrack: Command = {
  summary: 'connections that the kernel tracks, with the words of conntrack-tools',
  examples: ['conntrack -L -p udp', 'conntrack -D -p udp --orig-port-dst 5300', 'conntrack -E -o timestamp', 'conntrack -C', '-j conntrack -L'],
  usage: '{ -L | -G | -D | -F | -I | -U | -E | -C | -S } [ TABLE ] [ OPTIONS ]',
  apart: letterFirst,
  commands,
  absent: { 'a batch of conntrack\'s own; here it is a shell\'s work': ['-R', '--load-file', '-A', '--add'] },
};
