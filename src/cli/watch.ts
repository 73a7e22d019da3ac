/** Changes as they happen, for `ip monitor` and `bridge monitor`: one engine, a table of objects each. */
import type { Context } from './context.ts';
import { usage } from './errors.ts';
import { bare, type Command, type Grammar } from './grammar.ts';
import type { Body, Event } from './kernel.ts';
import { changes, Seen } from './print/changes.ts';
import type { Stamp } from './recording.ts';
import { toJson } from './print/json.ts';
import { Printer } from './print/printer.ts';
import { deviceName, fileName } from './values.ts';
import { didYouMean, find, type Words } from './words.ts';

/** What can be watched. */
export interface Watched {
  /** Multicast groups by family; `any` whatever the family. */
  readonly groups: { readonly any?: readonly string[]; readonly inet?: readonly string[]; readonly inet6?: readonly string[]; readonly mpls?: readonly string[] };
  /** What the messages are called after `new` and `del`. */
  readonly messages: readonly string[];
  /** `[LINK]` with `label`. */
  readonly label: string;
  /** What JSON calls it, where that is not its word. */
  readonly object?: string;
  /** A message that is about something else, though the same word means it. */
  readonly other?: Readonly<Record<string, { readonly label: string; readonly object: string }>>;
  /** Only when it is named, or with `all`. */
  readonly unusual?: boolean;
  /** Other objects share the groups. */
  readonly accepts?: (body: Body, context: Context) => boolean;
  /** The question that tells what there is now, which changes are told against. */
  readonly dump?: readonly [message: string, body: Body];
  readonly print: (printer: Printer, body: Body, message: string) => void;
}

/** Words -> what they mean; synonyms as in a grammar. */
export type WatchTable = Readonly<Record<string, Watched>>;

interface Wanted {
  readonly objects: ReadonlySet<string>;
  readonly label: boolean;
  readonly allNamespaces: boolean;
  readonly dev: string | undefined;
  /** A recording instead of the kernel. */
  readonly file: string | undefined;
}

/** What may follow, in the order that abbreviations go by. */
export const watchOptions = (table: WatchTable): Grammar => ({
  ...bare([...Object.keys(table), 'all', 'label', 'all-nsid']),
  dev: { type: deviceName }, file: { type: fileName },
});

function read(table: WatchTable, words: Words): Wanted {
  const objects = new Set<string>();
  let label = false, allNamespaces = false, dev: string | undefined, file: string | undefined;
  const names = Object.keys(watchOptions(table));
  while (!words.done) {
    const word = words.next();
    const key = find(word, names);
    if (key === undefined) throw usage(`"${word}" is not something to watch`, didYouMean(word, names));
    if (key === 'label') label = true;
    else if (key === 'all-nsid') allNamespaces = true;
    else if (key === 'dev') dev = words.next('dev');
    else if (key === 'file') file = words.next('file');
    else if (key === 'all') {
      for (const object of Object.keys(table)) objects.add(object);
      label = true;
    } else objects.add(key);
  }
  if (objects.size === 0) for (const [object, { unusual }] of Object.entries(table)) if (!unusual) objects.add(object);
  return { objects, label, allNamespaces, dev, file };
}

export const DROPPED = 'note: the kernel dropped events here: what follows may not fit what went before';

function groupsOf(table: WatchTable, wanted: Wanted, family: string | undefined): string[] {
  return [...new Set([...wanted.objects].flatMap((object) => {
    const { any = [], ...byFamily } = (table[object] as Watched).groups;
    return [...any, ...Object.entries(byFamily).flatMap(([name, groups]) => (family === undefined || family === name ? groups : []))];
  }))];
}

/** Ends the watch when the person or the supervisor says so. */
export function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** A dry run only says which groups would be joined. @returns whether it is one */
export function onlySaid({ options, out }: Context, groups: readonly string[]): boolean {
  if (options.dryRun) out.error(`note: would join ${groups.join(', ')}`);
  return options.dryRun;
}

/** Events as they come: what one printed is out before the next. */
export async function follow({ out }: Context, events: AsyncIterable<Event>, one: (event: Event) => void): Promise<void> {
  for await (const event of events) {
    if (event.overrun) out.error(DROPPED);
    else one(event);
    out.flush();
  }
}

/** How the text of an event begins: when it was, and of which namespace it is. */
export function heading({ options, out }: Context, { nsid }: Event, allNamespaces: boolean): void {
  if (options.timestamp) out.write(timestamp(options.shortTimestamp));
  if (allNamespaces) out.write(nsid === undefined ? '[nsid current]' : `[nsid ${nsid}]`);
}

export function watcher(table: WatchTable): NonNullable<Command['run']> {
  return async (context, words) => {
    const wanted = read(table, words);
    const groups = groupsOf(table, wanted, context.options.family);
    if (onlySaid(context, groups)) return;
    const dev = wanted.dev === undefined ? undefined : context.links.index(wanted.dev);
    const seen = new Seen();
    if (wanted.file !== undefined) return replay(context, (await import('./recording.ts')).recording(wanted.file), (event) => one(context, table, wanted, event, dev, seen));
    const events = context.kernel.monitor(groups, { allNamespaces: wanted.allNamespaces, signal: untilInterrupted() });
    // What there is now is what changes are told against.
    if (context.options.json) learn(context, table, wanted, seen);
    // Names of links that go away cannot be asked for later.
    else context.links.learn(context.kernel.dump('getlink', { family: 'unspec', extMask: ['vf'] }));
    await follow(context, events, (event) => one(context, table, wanted, event, dev, seen));
  };
}

/** What a recording holds, in its order: events, times, and where something was lost. */
export function replay({ options, out }: Context, events: Iterable<Event | Stamp>, tell: (event: Event) => void, times = !options.json): void {
  for (const event of events) {
    if (!('message' in event)) {
      if (times) out.write(timestamp(false, new Date(event.seconds * 1000), event.microseconds).replace('usec', 'us'));
    } else if (event.overrun) out.error(DROPPED);
    else tell(event);
  }
}

function learn(context: Context, table: WatchTable, wanted: Wanted, seen: Seen): void {
  for (const key of wanted.objects) {
    const { dump, accepts } = table[key] as Watched;
    if (!dump) continue;
    const all = context.kernel.dump(...dump);
    if (dump[0] === 'getlink') context.links.learn(all);
    for (const body of all) if (accepts?.(body, context) ?? true) seen.see(nameOf(table, key), body);
  }
}

/** The object's name in JSON. */
function nameOf(table: WatchTable, key: string, message = ''): string {
  const { object, other } = table[key] as Watched;
  return other?.[message]?.object ?? object ?? (key.split('|')[0] as string);
}

function one(context: Context, table: WatchTable, wanted: Wanted, event: Event, dev: number | undefined, seen: Seen): void {
  const [, verb, message] = /^(new|del)(.+)$/.exec(event.message) ?? [];
  const { body } = event;
  const key = message && [...wanted.objects].find((name) => {
    const { messages, accepts } = table[name] as Watched;
    return messages.includes(message) && (accepts?.(body, context) ?? true);
  });
  if (!key) return;
  if (dev !== undefined && ![body['index'], body['ifindex'], body['oif']].includes(dev)) return;
  const deleted = verb === 'del';
  if (context.options.json) return ndjson(context, table, key, event, deleted, seen);
  const { out } = context;
  heading(context, event, wanted.allNamespaces);
  const watched = table[key] as Watched;
  if (wanted.label) out.write(`[${watched.other?.[message as string]?.label ?? watched.label}]`);
  if (deleted) out.write('Deleted ');
  if (message === 'link' && !deleted) context.links.learn([body]);
  const printer = new Printer(context);
  watched.print(printer, body, message as string);
  printer.spill();
}

/** One event a line: what it is about, how it is now in iproute2's words, and what changed from what to what. */
function ndjson(context: Context, table: WatchTable, key: string, event: Event, deleted: boolean, seen: Seen): void {
  const { body, message } = event;
  const object = nameOf(table, key, message.slice(3));
  const before = deleted ? seen.forget(object, body) : seen.see(object, body);
  if (message === 'newlink') context.links.learn([body]);
  const changed = before && !deleted ? changes(before, body) : undefined;
  // The kernel repeats itself: an event that changes nothing is still an event.
  const printer = new Printer(context);
  (table[key] as Watched).print(printer, body, message.slice(3));
  const line = {
    ts: new Date().toISOString(),
    ...(event.nsid !== undefined && { nsid: event.nsid }),
    event: deleted ? 'del' : before ? 'change' : 'add',
    object,
    ...(changed && { changed }),
    value: printer.take(),
  };
  context.out.write(`${toJson(line, false)}\n`);
}

const two = (number: number): string => String(number).padStart(2, '0');

function timestamp(short: boolean, now = new Date(), microseconds = now.getMilliseconds() * 1000): string {
  if (short) return `[${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${String(microseconds).padStart(6, '0')}] `;
  const text = now.toString().slice(0, 24).replace(/^(\w+ \w+ )0?(\d+) (\d{4}) (.*)$/, (_, day: string, date: string, year: string, time: string) => `${day}${date.padStart(2)} ${time} ${year}`);
  return `Timestamp: ${text} ${microseconds} usec\n`;
}
