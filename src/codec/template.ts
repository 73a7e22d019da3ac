/**
 * Messages that say nearly what one before them said, as those of a dump do: what differs is decoded, the rest is copied.
 * Links differ from each other in names, numbers and addresses; to compare the words of the rest costs less than to decode them,
 * above all in a process that has just been started, where decoders are not optimised yet.
 */
import { compiled, Generator, type Compiled } from './compile.ts';
import { isPartial } from './project.ts';
import { caseOf, children, find, plain, resolve, TYPE_MASK, type AnySelect, type Scope, type Values } from './source.ts';
import type { AnyCodec } from './scalars.ts';
import type { AnyMessage, Attrs, Shape } from './schema.ts';

/** How much must be alike before it is worth a template. */
export interface Worth {
  /** Bytes of a message: smaller ones are read as fast as they are compared, of larger ones a template would be too long. */
  readonly bytes: number;
  readonly most: number;
  /** Messages of one length that come before a template of that length is made. */
  readonly seen: number;
  /** Templates that are made on trust. */
  readonly trust: number;
  /** Messages that a template must make for another to be made: it costs as much as a few dozen in a process that has just been started, and as a hundred later. */
  readonly pays: number;
}
const WORTH: Worth = { bytes: 256, most: 8192, seen: 4, trust: 8, pays: 64 };
/** Templates of one schema that are kept, and characters of code in one. */
const MOST = 32, LONGEST = 1 << 15;

/** An attribute of a template's message, and the member of its value that it gives. */
interface Part {
  readonly key: string;
  /** Where its header is, from the start of the message, and among the words. */
  readonly at: number;
  readonly first: number;
  /** The first word behind it. */
  readonly after: number;
  /** Nobody looks at its payload, as it is padding, or not selected: its only word is its header. */
  readonly idle: boolean;
  /** Where it differs, the whole message must be read: more depends on it, or it cannot be read alone. */
  whole: boolean;
  /** Reads the payload [from, to), into the message's value. */
  readonly mend: (x: Values, b: Uint8Array, v: DataView, from: number, to: number) => void;
}

/** Makes the template's value anew, with the header that is at `at`. */
type Make = (b: Uint8Array, v: DataView, at: number) => Values;

/** The first word from `i` on that is another one. A function by itself: it is hot, and optimised, long before anything else is. */
function differing(v: DataView, at: number, i: number, words: Int32Array, offsets: Int32Array, little: boolean): number {
  while (i < words.length && v.getInt32(at + (offsets[i] as number), little) === words[i]) i++;
  return i;
}
const lengthOf = (head: number, little: boolean): number => (little ? head & 0xffff : head >>> 16);
const typeOf = (head: number, little: boolean): number => (little ? head >>> 16 : head & 0xffff);
/** Is it a header of the same attribute, with a payload that takes as much room? */
function fits(head: number, before: number, little: boolean): boolean {
  const length = lengthOf(head, little);
  return length >= 4 && (length + 3) >> 2 === (lengthOf(before, little) + 3) >> 2 && typeOf(head, little) === typeOf(before, little);
}

/** A message that was decoded, and how others of its length are made from it. */
class Template {
  readonly #value: Values;
  readonly #little: boolean;
  /** What the message said, where in it that is, and whose it is. */
  readonly #words: Int32Array;
  readonly #offsets: Int32Array;
  readonly #owners: readonly Part[];
  readonly #make: Make;
  /** Fields of the header that more than themselves depends on. */
  readonly #pivots: readonly string[];
  /** How many messages were made from it, and how many of the latest more than not. */
  made = 0;
  credit = 0;

  constructor(plan: Plan, message: AnyMessage, make: Make, b: Uint8Array, v: DataView, at: number, little: boolean) {
    this.#little = little;
    this.#offsets = Int32Array.from(plan.offsets);
    this.#words = Int32Array.from(plan.offsets, (offset) => v.getInt32(at + offset, little));
    this.#owners = plan.owners;
    this.#pivots = Object.keys(message.header.fields).filter((key) => plan.pivots.has(key));
    this.#make = make;
    this.#value = make(b, v, at);
  }

  /** The value of a message as long as the template's; undefined where more than values is between them. */
  value(b: Uint8Array, v: DataView, at: number): Values | undefined {
    const words = this.#words, offsets = this.#offsets, owners = this.#owners, little = this.#little, pivots = this.#pivots;
    let i = differing(v, at, 0, words, offsets, little);
    if (i < words.length && (owners[i] as Part).whole) return undefined;
    const x = this.#make(b, v, at);
    for (let p = 0; p < pivots.length; p++) if (x[pivots[p] as string] !== this.#value[pivots[p] as string]) return undefined;
    while (i < words.length) {
      const part = owners[i] as Part, from = at + part.at, head = v.getInt32(from, little), before = words[part.first] as number;
      if (part.whole || (head !== before && !fits(head, before, little))) return undefined;
      if (!part.idle) part.mend(x, b, v, from + 4, from + (little ? head & 0xffff : head >>> 16));
      i = differing(v, at, part.after, words, offsets, little);
    }
    return x;
  }
}

/** A template of a message and its value; undefined where there can be none. */
function templateOf(message: AnyMessage, b: Uint8Array, v: DataView, at: number, end: number, value: Values, little: boolean): Template | undefined {
  const plan = new Plan(v, at, little), generator = new Generator(little), header = new Map<string, string>(), fields: Values = {};
  for (const key in message.header.fields) fields[key] = value[key];
  plan.set(message.attrs, value, (message.header.size + 3) & -4, end - at, [], { value: fields, outer: undefined });
  if (plan.odd) return undefined;
  for (const part of plan.owners) if (plan.pivots.has(part.key)) part.whole = true;
  for (const p of message.header.places) header.set(p.key, generator.member(message.header, p, 'at'));
  const members = Object.keys(value).map((key) => `${JSON.stringify(key)}: ${header.get(key) ?? literal(value[key], generator)}`), body = `return { ${members.join(', ')} };`;
  return body.length > LONGEST ? undefined : new Template(plan, message, generator.build('make(b, v, at)', body) as Make, b, v, at, little);
}

/**
 * An expression that makes a value anew; what cannot be changed is shared. Written out, objects take no more room than they need, and
 * engines let arrays share their elements, until one is changed.
 */
function literal(value: unknown, generator: Generator): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Object.isFrozen(value)) return generator.constant(value);
  if (ArrayBuffer.isView(value)) return `${generator.constant((value as Uint8Array).slice())}.slice()`;
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, generator)).join(', ')}]`;
  return `{ ${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one, generator)}`).join(', ')} }`;
}

const asked = new WeakMap<AnyCodec, ReadonlySet<string>>();
/** What the selectors anywhere in a schema ask for. */
function asks(codec: AnyCodec): ReadonlySet<string> {
  let known = asked.get(codec);
  if (!known) {
    const out = new Set<string>(), seen = new Set<AnyCodec>();
    const walk = (of: AnyCodec): void => {
      const c = resolve(of);
      if (seen.has(c)) return;
      seen.add(c);
      if (c.kind === 'select') out.add((c as AnySelect).by);
      children(c).forEach(walk);
    };
    walk(codec);
    asked.set(codec, known = out);
  }
  return known;
}

/** What a template is made of, found in a message and its value. */
class Plan {
  readonly offsets: number[] = [];
  readonly owners: Part[] = [];
  /** Keys that selectors look at. */
  readonly pivots = new Set<string>();
  /** An attribute came twice: which of them a value or a selector is of is not to be told. */
  odd = false;
  readonly #v: DataView;
  readonly #start: number;
  readonly #little: boolean;
  constructor(v: DataView, start: number, little: boolean) { this.#v = v; this.#start = start; this.#little = little; }

  /** Takes up the attributes of [at, end), which is a multiple of 4 long. @param scope what has been read before each, in this set and around it */
  set(set: Attrs<Shape>, value: Values | undefined, at: number, end: number, path: readonly string[], scope: Scope): void {
    const v = this.#v, little = this.#little, met = new Set<string>();
    // Of two sets of one key, the value is the other's.
    if (!value) this.odd = true;
    while (at < end && value && !this.odd) {
      const head = v.getInt32(this.#start + at, little), length = lengthOf(head, little), next = at + ((length + 3) & -4);
      const attribute = set.byNumber.get(typeOf(head, little) & TYPE_MASK) ?? (set.every === undefined ? undefined : set.byKey.get(set.every));
      const codec = attribute && this.#chosen(resolve(attribute.codec), value, scope), key = attribute?.key ?? '$unknown';
      const idle = codec ? codec.kind === 'pad' : isPartial(set);
      if (codec && !idle && codec.kind !== 'multi') {
        this.odd ||= met.has(key);
        met.add(key);
      }
      if (idle) this.#part(path, key, undefined, at, at + 4, true);
      else if (!codec) this.#part(path, key, undefined, at, next, false);
      else if (codec.kind === 'attrs' && length % 4 === 0) {
        // Of a set, what is in it may differ, but not how long it is.
        this.#part(path, key, undefined, at, at + 4, false);
        this.set(codec as Attrs<Shape>, value[key] as Values | undefined, at + 4, next, [...path, key], { value: {}, outer: scope });
      } else {
        const around = this.#around(codec, scope);
        this.#part(path, key, codec.kind === 'multi' ? undefined : codec, at, next, false, around);
      }
      if (codec && !idle) scope.value[key] = value[key];
      at = next;
    }
  }
  /** The schema of a payload; where another value chooses it, the chosen one. */
  #chosen(codec: AnyCodec, value: Values, scope: Scope): AnyCodec {
    if (codec.kind !== 'select') return codec;
    const { by } = codec as AnySelect;
    this.pivots.add(by);
    return caseOf(codec as never, value[by] ?? find(by, scope));
  }
  /** What selectors in a payload find around it: they look there for all that is missing in sets of their own. */
  #around(codec: AnyCodec, scope: Scope): Scope | undefined {
    const found: Values = {}, all = asks(codec);
    for (const by of all) {
      this.pivots.add(by);
      const value = find(by, scope);
      if (value !== undefined) found[by] = String(value);
    }
    return all.size > 0 ? { value: found, outer: undefined } : undefined;
  }
  /** The words of [at, end), whose they are, and how the part is read; undefined where it is not read alone. */
  #part(path: readonly string[], key: string, codec: AnyCodec | undefined, at: number, end: number, idle: boolean, scope?: Scope): void {
    const little = this.#little, first = this.offsets.length, after = first + (end - at) / 4;
    let run: Compiled | undefined;
    const part: Part = {
      key, at, first, after, idle, whole: !idle && codec === undefined,
      mend: (x, b, v, from, to) => {
        for (let i = 0; i < path.length; i++) x = x[path[i] as string] as Values;
        x[key] = (run ??= compiled(codec as AnyCodec, little))(b, v, from, to, scope, path.length + 1);
      },
    };
    for (; at < end; at += 4) {
      this.offsets.push(at);
      this.owners.push(part);
    }
  }
}

/** What is known of messages of one length: how many came (less than none, where templates were of no use), or their template. */
type Known = number | Template;
/** A miss costs a template as many hits; how many it can have to its credit. */
const MISS = 4, CREDIT = 32;

/** `whole`, but that a message is made from one before it where that was like it. */
export function recurring(message: AnyMessage, little: boolean, whole: Compiled, worth: Worth = WORTH): Compiled {
  let known: Map<number, Known> | undefined, { trust } = worth;
  const least = Math.max(worth.bytes, message.header.size);
  return (b, v, at, end, scope, depth) => {
    const size = end - at;
    if (size < least || size > worth.most || size & 3) return whole(b, v, at, end, scope, depth);
    const before = (known ??= new Map()).get(size) ?? 0;
    let count: number;
    if (typeof before === 'number') count = before + 1;
    else {
      const value = alike(before, plain(b), v, at);
      if (value) {
        before.made++;
        if (before.credit < CREDIT) before.credit++;
        if (trust < worth.trust) trust += 1 / worth.pays;
        return value;
      }
      if ((before.credit -= MISS) >= 0) return whole(b, v, at, end, scope, depth);
      // What did not pay is not tried again soon.
      count = Math.min(0, before.made - worth.pays);
    }
    const value = whole(b, v, at, end, scope, depth);
    if (known.size >= MOST && !known.has(size)) known.clear();
    known.set(size, count);
    if (count >= worth.seen && trust >= 1) {
      trust--;
      known.set(size, templateOf(message, plain(b), v, at, end, value as Values, little) ?? -Infinity);
    }
    return value;
  };
}
/** What does not fit is the interpreter's to tell. */
function alike(template: Template, b: Uint8Array, v: DataView, at: number): Values | undefined {
  try { return template.value(b, v, at); } catch { return undefined; }
}
