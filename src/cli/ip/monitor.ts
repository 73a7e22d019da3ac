/** `ip monitor`: changes as they happen; with -j one JSON object a line that says what changed. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Command } from '../grammar.ts';
import type { Body, Event } from '../kernel.ts';
import { changes, Seen } from '../print/changes.ts';
import { printAddress } from '../print/address.ts';
import { printLink } from '../print/link.ts';
import { printNeighbour } from '../print/neighbour.ts';
import { Printer } from '../print/printer.ts';
import { printRoute } from '../print/route.ts';
import { printRule } from '../print/rule.ts';
import { toJson } from '../print/json.ts';
import { didYouMean, find, type Words } from '../words.ts';

interface ObjectKind {
  /** Multicast groups by family; `any` for both. */
  readonly groups: { readonly any?: readonly string[]; readonly inet?: readonly string[]; readonly inet6?: readonly string[] };
  /** `[LINK]` with `label`. */
  readonly label: string;
  readonly print: (printer: Printer, body: Body) => void;
}

const kinds: Readonly<Record<string, ObjectKind>> = {
  link: { groups: { any: ['link'] }, label: 'LINK', print: (printer, body) => printLink(printer, body, { own: true }) },
  address: {
    groups: { inet: ['ipv4Ifaddr'], inet6: ['ipv6Ifaddr'] },
    label: 'ADDR',
    print(printer, body) {
      printer.text(`${String(body['index'])}: ${printer.context.links.name(Number(body['index']))}`);
      printAddress(printer, body);
      printer.text('\n');
    },
  },
  route: { groups: { inet: ['ipv4Route'], inet6: ['ipv6Route'] }, label: 'ROUTE', print: (printer, body) => printRoute(printer, body, { table: 0 }) },
  neigh: { groups: { any: ['neigh'] }, label: 'NEIGH', print: (printer, body) => printNeighbour(printer, body, false) },
  rule: { groups: { inet: ['ipv4Rule'], inet6: ['ipv6Rule'] }, label: 'RULE', print: (printer, body) => printRule(printer, body) },
  nsid: {
    groups: { any: ['nsid'] },
    label: 'NSID',
    print(printer, body) {
      printer.object(null, () => printer.value('nsid', 'nsid % ', body['nsid']));
      printer.text('\n');
    },
  },
};

/** `newlink` -> link; what is not here has no text form. */
const objectOf: Readonly<Record<string, string>> = { link: 'link', addr: 'address', route: 'route', neigh: 'neigh', rule: 'rule', nsid: 'nsid' };

interface Wanted {
  readonly objects: Set<string>;
  label: boolean;
  allNamespaces: boolean;
  dev: string | undefined;
}

function read(words: Words): Wanted {
  const wanted: Wanted = { objects: new Set(), label: false, allNamespaces: false, dev: undefined };
  const names = [...Object.keys(kinds).map((kind) => (kind === 'neigh' ? 'neigh|neighbour|neighbor' : kind)), 'all', 'label', 'all-nsid', 'dev'];
  while (!words.done) {
    const word = words.next();
    const key = find(word, names)?.split('|')[0];
    if (key === undefined) throw usage(`"${word}" is not something to watch`, didYouMean(word, names));
    if (key === 'label') wanted.label = true;
    else if (key === 'all-nsid') wanted.allNamespaces = true;
    else if (key === 'dev') wanted.dev = words.next('dev');
    else if (key === 'all') {
      for (const kind of Object.keys(kinds)) wanted.objects.add(kind);
      wanted.label = true;
    } else wanted.objects.add(key);
  }
  if (wanted.objects.size === 0) {
    for (const kind of Object.keys(kinds)) wanted.objects.add(kind);
    // As iproute2: with everything mixed, each line says what it is about.
  }
  return wanted;
}

function groups(wanted: Wanted, family: string | undefined): string[] {
  return [...wanted.objects].flatMap((object) => {
    const { any = [], inet = [], inet6 = [] } = (kinds[object] as ObjectKind).groups;
    return [...any, ...(family === undefined || family === 'inet' ? inet : []), ...(family === undefined || family === 'inet6' ? inet6 : [])];
  });
}

/** Ends the watch when the person or the supervisor says so. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

async function watch(context: Context, words: Words): Promise<void> {
  const wanted = read(words);
  if (context.options.dryRun) {
    context.out.error(`note: would join ${groups(wanted, context.options.family).join(', ')}`);
    return;
  }
  const dev = wanted.dev === undefined ? undefined : context.links.index(wanted.dev);
  const seen = new Seen();
  const events = context.kernel.monitor(groups(wanted, context.options.family), { allNamespaces: wanted.allNamespaces, signal: untilInterrupted() });
  // After joining, so that no change is missed: what there is now is what changes are told against.
  if (context.options.json) learn(context, wanted, seen);
  for await (const event of events) {
    if (event.overrun) context.out.error('note: the kernel dropped events here: what follows may not fit what went before');
    else one(context, wanted, event, dev, seen);
    context.out.flush();
  }
}

/** Dumps by object, for -j. */
const dumps: Readonly<Record<string, string>> = { link: 'getlink', address: 'getaddr', route: 'getroute', neigh: 'getneigh', rule: 'getrule' };

function learn(context: Context, wanted: Wanted, seen: Seen): void {
  for (const object of wanted.objects) {
    const message = dumps[object];
    if (message === undefined) continue;
    const all = context.kernel.dump(message, { family: 'unspec' });
    if (object === 'link') context.links.learn(all);
    for (const body of all) seen.see(object, body);
  }
}

function one(context: Context, wanted: Wanted, event: Event, dev: number | undefined, seen: Seen): void {
  const match = /^(new|del)(.+)$/.exec(event.message);
  const object = match && objectOf[match[2] as string];
  if (!match || !object || !wanted.objects.has(object)) return;
  const { body } = event;
  if (dev !== undefined && ![body['index'], body['ifindex'], body['oif']].includes(dev)) return;
  // IPv6 tells about its side of a link in the same group; iproute2 shows it only when -6 asks.
  if (object === 'link' && body['family'] === 'bridge' && context.options.family !== 'bridge') return;
  const deleted = match[1] === 'del';
  if (context.options.json) return ndjson(context, object, event, deleted, seen);
  const { options, out } = context;
  if (options.timestamp) out.write(timestamp(options.shortTimestamp));
  if (wanted.allNamespaces && wanted.label) out.write(event.nsid === undefined ? '[nsid current]' : `[nsid ${event.nsid}]`);
  else if (wanted.allNamespaces) out.write(event.nsid === undefined ? '[nsid current]' : `[nsid ${event.nsid}]`);
  const kind = kinds[object] as ObjectKind;
  if (wanted.label) out.write(`[${kind.label}]`);
  if (deleted) out.write('Deleted ');
  if (object === 'link') context.links.learn(deleted ? [] : [body]);
  const printer = new Printer(context);
  kind.print(printer, body);
  printer.spill();
}

/** One event a line: what it is about, how it is now in iproute2's words, and what changed from what to what. */
function ndjson(context: Context, object: string, event: Event, deleted: boolean, seen: Seen): void {
  const { body } = event;
  const before = deleted ? seen.forget(object, body) : seen.see(object, body);
  if (object === 'link' && !deleted) context.links.learn([body]);
  const changed = before && !deleted ? changes(before, body) : undefined;
  // The kernel repeats itself: an event that changes nothing is still an event.
  const printer = new Printer(context);
  (kinds[object] as ObjectKind).print(printer, body);
  const line = {
    ts: new Date().toISOString(),
    ...(event.nsid !== undefined && { nsid: event.nsid }),
    event: deleted ? 'del' : before ? 'change' : 'add',
    object: object === 'neigh' ? 'neighbour' : object,
    ...(changed && { changed }),
    value: printer.take(),
  };
  context.out.write(`${toJson(line, false)}\n`);
}

function timestamp(short: boolean): string {
  const now = new Date();
  if (short) return `[${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${String(now.getMilliseconds()).padStart(3, '0')}000] `;
  const text = now.toString().slice(0, 24).replace(/^(\w+ \w+ )0?(\d+) (\d{4}) (.*)$/, (_, day: string, date: string, year: string, time: string) => `${day}${date.padStart(2)} ${time} ${year}`);
  return `Timestamp: ${text} ${now.getMilliseconds() * 1000} usec\n`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

export const monitor: Command = {
  summary: 'changes as they happen',
  examples: ['ip monitor', 'ip monitor link route', 'ip -ts monitor label all-nsid', 'ip -j monitor link   # NDJSON: {"event":"change","changed":{"mtu":[1500,1400]},...}'],
  usage: '[ all | OBJECT ... ] [ label ] [ all-nsid ] [ dev DEVICE ]',
  run: watch,
};
