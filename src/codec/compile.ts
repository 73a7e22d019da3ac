/** A schema as a generated function: what read.ts does, without asking the schema. Where code may not be generated, read.ts does it. */
import { ipv4Text, ipv6Text, macText, rehearse, text } from './address.ts';
import { fixedSize, placeAt } from './layout.ts';
import { isPartial } from './project.ts';
import { flagNames, flagNamesOf, read, variantCase } from './read.ts';
import { caseOf, find, MAX_DEPTH, parts, resolve, roomFor, Source, TYPE_MASK, type Scope, type AnySelect } from './source.ts';
import type { AnyCodec, Enumeration, Flags, Int, Ip, Long, Mac } from './scalars.ts';
import type { AnyMessage, Attribute_, Attrs, Fields, FixedArray, Indexed, List, Multi, Records, Sequence, Shape, Struct, Variant } from './schema.ts';
import type { Place } from './layout.ts';

/** Decodes [at, end) of `b`; `v` views the same memory. Throws anything where the bytes do not fit: the interpreter then says where. */
export type Compiled = (b: Uint8Array, v: DataView, at: number, end: number, scope?: Scope, depth?: number) => unknown;

let allowed: boolean | undefined;
/** May code be generated here? Not under a content security policy or `--disallow-code-generation-from-strings`. */
export function mayCompile(): boolean {
  if (allowed === undefined) { try { allowed = new Function('return true')() === true; } catch { allowed = false; } }
  return allowed;
}

/** The same function, made of the interpreter. */
export function interpreted(codec: AnyCodec, little: boolean): Compiled {
  return (b, _v, at, end, scope, depth = 0) => {
    const s = new Source(b, little, false);
    s.depth = depth;
    return read(s, codec, at, end, scope);
  };
}

const caches = { little: new WeakMap<AnyCodec, Compiled>(), big: new WeakMap<AnyCodec, Compiled>() };

/** The function for a schema, made on first use. */
export function compiled(codec: AnyCodec, little: boolean): Compiled {
  const cache = little ? caches.little : caches.big, target = resolve(codec);
  let known = cache.get(target);
  if (!known) cache.set(target, known = make(target, little));
  return known;
}
function make(codec: AnyCodec, little: boolean): Compiled {
  if (isNumbers(codec)) return numbers(resolve(codec.element) as Int | Long, little);
  if (codec.kind === 'sequence') return sequenceOf(codec as Sequence<AnyCodec>, little);
  if (codec.kind === 'variant') return anyOf(codec as AnyVariant, little);
  return mayCompile() && GENERATED.has(codec.kind) ? generate(codec, little) : interpreted(codec, little);
}
const GENERATED = new Set(['int', 'long', 'enum', 'flags', 'text', 'ip', 'mac', 'struct', 'array', 'list', 'attrs', 'indexed', 'message', 'records']);

type AnyVariant = Variant<Record<string, AnyCodec>, AnyCodec>;
/** Each case is compiled when it is first met. */
const anyOf = (c: AnyVariant, little: boolean): Compiled => (b, v, at, end, scope, depth) => compiled(variantCase(new Source(b, little, false), c, at, end), little)(b, v, at, end, scope, depth);

/** Each attribute is a set of its own. */
function sequenceOf(c: Sequence<AnyCodec>, little: boolean): Compiled {
  let one: Compiled | undefined;
  return (b, v, at, end, scope, depth = 0) => {
    if (depth >= MAX_DEPTH) throw MISFIT;
    const out: unknown[] = [];
    while (end - at >= 4) {
      const length = v.getUint16(at, little), next = Math.min(at + ((length + 3) & -4), end);
      if (length < 4 || at + length > end) throw MISFIT;
      out.push((one ??= compiled(c.element, little))(b, v, at, next, scope, depth + 1));
      at = next;
    }
    return out;
  };
}

const isNumbers = (c: AnyCodec): c is List<AnyCodec> => c.kind === 'list' && counts(resolve((c as List<AnyCodec>).element));
function numbers(c: Int | Long, little: boolean): Compiled {
  const order = little && !c.big, { size, signed } = c;
  return (_b, v, at, end) => {
    if ((end - at) % size) throw MISFIT;
    return size === 4 ? helpers.ints(v, at, end, order, signed) : helpers.longs(v, at, end, order, signed);
  };
}

const MISFIT = new Error('does not fit');
/** The cases of a selector, compiled when they are first met. */
class Cases {
  readonly #codec: AnySelect;
  readonly #little: boolean;
  readonly #known = new Map<unknown, Compiled>();
  constructor(codec: AnySelect, little: boolean) { this.#codec = codec; this.#little = little; }
  pick(by: unknown): Compiled {
    let run = this.#known.get(by);
    if (!run) {
      run = compiled(caseOf(this.#codec, by), this.#little);
      if (this.#known.size < 256) this.#known.set(by, run);
    }
    return run;
  }
}
/** What reads the attributes of a large set, by number: the decoders of their types. */
class Readers {
  readonly known: (Compiled | undefined)[];
  readonly #codecs: ReadonlyMap<number, AnyCodec>;
  readonly #little: boolean;
  constructor(all: Iterable<Attribute_>, little: boolean) {
    this.#codecs = new Map(Array.from(all, (a) => [a.number, elementOf(resolve(a.codec))]));
    this.#little = little;
    this.known = Array.from({ length: Math.max(...this.#codecs.keys()) + 1 }, () => undefined);
  }
  /** Only what is met is compiled. */
  make(number: number): Compiled | undefined {
    const codec = this.#codecs.get(number);
    return codec && (this.known[number] = compiled(codec, this.#little));
  }
}
const helpers = {
  ip4: ipv4Text, ip6: ipv6Text, mac: macText, text, flags: flagNames, find, parts,
  misfit(): never { throw MISFIT; },
  // Loops over numbers are shared by all schemas: they get hot, and optimised, long before the code of any one of them.
  ints(v: DataView, at: number, end: number, little: boolean, signed: boolean): number[] {
    const count = (end - at) >> 2, out = roomFor<number>(count);
    for (let i = 0; i < count; i++, at += 4) out[i] = signed ? v.getInt32(at, little) : v.getUint32(at, little);
    return out;
  },
  longs(v: DataView, at: number, end: number, little: boolean, signed: boolean): bigint[] {
    const count = (end - at) >> 3, out = roomFor<bigint>(count);
    // Most counters are zero, and a zero needs no bigint made.
    for (let i = 0; i < count; i++, at += 8) out[i] = (v.getInt32(at) | v.getInt32(at + 4)) === 0 ? 0n : signed ? v.getBigInt64(at, little) : v.getBigUint64(at, little);
    return out;
  },
  /** The value of a selector that follows what it selects. */
  later(sibling: Attribute_, b: Uint8Array, v: DataView, at: number, end: number, little: boolean): unknown {
    while (end - at >= 4) {
      const length = v.getUint16(at, little);
      if (length < 4 || at + length > end) return undefined;
      if ((v.getUint16(at + 2, little) & TYPE_MASK) === sibling.number) return compiled(sibling.codec, little)(b, v, at + 4, at + length);
      at += (length + 3) & -4;
    }
    return undefined;
  },
};
type Helpers = typeof helpers;

const access = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? `x.${key}` : `x[${JSON.stringify(key)}]`);

export class Generator {
  readonly little: boolean;
  readonly constants: unknown[] = [];
  /** Declarations outside of the function: constructors. */
  readonly outer: string[] = [];
  /** Header fields of the message being generated: always there, so that a selector needs no search. */
  header: ReadonlySet<string> = new Set();
  /** How many arrays of numbers the function holds at a time. */
  runs = 0;
  constructor(little: boolean) { this.little = little; }
  constant(value: unknown): string {
    const known = this.constants.indexOf(value);
    return `K${known >= 0 ? known : this.constants.push(value) - 1}`;
  }
  locals(): string { return `let ${['N', ...Array.from({ length: this.runs }, (_, i) => `R${i}`)].join(', ')};`; }
  order(c: { big: boolean }): string { return String(this.little && !c.big); }

  int(c: Int, at: string): string {
    if (c.size === 1) return c.signed ? `v.getInt8(${at})` : `b[${at}]`;
    return `v.get${c.signed ? 'Int' : 'Uint'}${8 * c.size}(${at}, ${this.order(c)})`;
  }
  /** Most counters are zero, and a zero needs no bigint made. */
  long(c: Long, at: string): string {
    return `((v.getInt32(${at}) | v.getInt32(${at} + 4)) === 0 ? 0n : v.getBig${c.signed ? 'Int' : 'Uint'}64(${at}, ${this.order(c)}))`;
  }
  /** An expression for a value of fixed size whose bytes are known to be there. */
  fixed(codec: AnyCodec, at: string, size: number): string {
    switch (codec.kind) {
      case 'int': return this.int(codec as Int, at);
      case 'long': return this.long(codec as Long, at);
      case 'enum': {
        const e = codec as Enumeration<string>, n = this.int(e.base, at);
        if (e.base.size !== 1 || e.base.signed) return `(N = ${n}, ${this.constant(e.byNumber)}.get(N) ?? N)`;
        return `${this.constant(namesOf(e))}[${n}]`;
      }
      case 'flags': {
        const f = codec as Flags<string>;
        return `((N = ${this.int(f.base, at)}) === 0 ? ${this.constant(flagNames(f, 0))} : ${this.constant(flagNamesOf(f))}.get(N) ?? H.flags(${this.constant(f)}, N))`;
      }
      case 'ip': return (codec as Ip).size === 4 ? `H.ip4(b, ${at})` : `H.ip6(b, ${at})`;
      case 'mac': return `H.mac(b, ${at}, ${at} + ${size})`;
      case 'chars': return `H.text(b, ${at}, ${at} + ${size})`;
      case 'blob': return `b.slice(${at}, ${at} + ${size})`;
      case 'struct': return this.struct(codec as Struct<Fields>, at);
      case 'array': {
        const { element, length } = codec as FixedArray<AnyCodec>, step = fixedSize(element) as number;
        if (length <= 16) return `[${Array.from({ length }, (_, i) => this.fixed(element, `${at} + ${i * step}`, step)).join(', ')}]`;
      }
    }
    return `${this.constant(interpreted(codec, this.little))}(b, v, ${at}, ${at} + ${size})`;
  }
  struct(c: Struct<Fields>, at: string, without = ''): string {
    const places = c.places.filter((p) => !p.hidden && p.key !== without), first: string[] = [], read = new Map<Place, string>();
    for (const run of runs(places)) {
      const { codec, offset } = run[0] as Place, values = `R${this.runs++}`, from = offset ? `${at} + ${offset}` : at;
      first.push(`${values} = ${this.numbers(codec as Int | Long, from, `${from} + ${run.length * (codec as Int | Long).size}`)}`);
      run.forEach((p, i) => read.set(p, `${values}[${i}]`));
    }
    const object = `{ ${places.map((p) => `${JSON.stringify(p.key)}: ${read.get(p) ?? this.member(c, p, at)}`).join(', ')} }`;
    return first.length > 0 ? `(${first.join(', ')}, ${object})` : object;
  }
  /** An expression for the array of numbers in [at, end). */
  numbers(c: Int | Long, at: string, end: string): string {
    return `H.${c.kind}s(v, ${at}, ${end}, ${this.order(c)}, ${c.signed})`;
  }
  /**
   * A new object for a set's attributes, with a header's members. It is a plain object; a constructor makes it, because the engine gives an
   * object room for what its constructor could assign, and every key added beyond that room is copied again and again.
   */
  make(set: Attrs<Shape>, header?: Struct<Fields>, without = ''): string {
    const members = header?.places.filter((p) => !p.hidden && p.key !== without) ?? [], keys = [...set.byKey.keys()];
    if (keys.length < 4) return header ? this.struct(header, 'at', without) : '{}';
    const name = `Made${this.outer.length}`;
    const assign = members.map((p) => `this[${JSON.stringify(p.key)}] = ${this.member(header as Struct<Fields>, p, 'at')};`).join(' ');
    const room = keys.slice(0, 100).map((key) => `this[${JSON.stringify(key)}] = 0;`).join(' ');
    this.outer.push(`function ${name}(b, v, at, never) { ${this.locals()} ${assign} if (never) { ${room} } }\n${name}.prototype = Object.prototype;`);
    return `new ${name}(b, v, at, false)`;
  }
  /** A union asks a member of the same struct, whose bytes are there too. */
  member(c: Struct<Fields>, p: Place, at: string): string {
    const from = p.offset ? `${at} + ${p.offset}` : at, { by: path } = p.codec as AnySelect;
    if (p.codec.kind !== 'select') return this.fixed(p.codec, from, p.size);
    const by = placeAt(c, path);
    const value = by ? `{ ${JSON.stringify(path)}: ${this.fixed(by.codec, by.offset ? `${at} + ${by.offset}` : at, by.size)} }` : '{}';
    return `${this.constant(interpreted(p.codec, this.little))}(b, v, ${from}, ${from} + ${p.size}, { value: ${value}, outer: undefined })`;
  }
  /** An expression for the payload [a, n) of an attribute of `set`, or of anything when there is no set. */
  payload(codec: AnyCodec, set?: Attrs<Shape>): string {
    const c = resolve(codec);
    switch (c.kind) {
      case 'text': case 'chars': return 'H.text(b, a, n)';
      case 'binary': return 'b.slice(a, n)';
      case 'flag': return 'true';
      case 'mac': if ((c as Mac).size === undefined) return 'H.mac(b, a, n)'; break;
      case 'ip': if ((c as Ip).size === undefined) return '(n - a === 4 ? H.ip4(b, a) : n - a === 16 ? H.ip6(b, a) : H.misfit())'; break;
      case 'struct': { const s = c as Struct<Fields>; return `(n - a >= ${s.size} ? ${this.struct(s, 'a')} : ${this.constant(interpreted(s, this.little))}(b, v, a, n))`; }
      case 'select': return this.select(c as AnySelect, set);
    }
    const size = fixedSize(c);
    if (size !== undefined && SIMPLE.has(c.kind)) return `(n - a >= ${size} ? ${this.fixed(c, 'a', size)} : H.misfit())`;
    return `${this.nest(c)}(b, v, a, n, ${set ? 'S ??= { value: x, outer: scope }' : 'scope'}, depth + ${NESTS.has(c.kind) || set ? 1 : 0})`;
  }
  select(c: AnySelect, set: Attrs<Shape> | undefined): string {
    const sibling = set?.byKey.get(c.by);
    const by = this.header.has(c.by) ? access(c.by)
      : `${set ? `${access(c.by)} ?? ` : ''}${sibling ? `H.later(${this.constant(sibling)}, b, v, at, end, ${this.little}) ?? ` : ''}H.find(${JSON.stringify(c.by)}, scope)`;
    const names = Object.keys(c.cases);
    // Few cases, all of them small: chosen in place.
    if (names.length <= 2 && this.header.has(c.by) && [...Object.values(c.cases), c.otherwise].every((one) => ['ip', 'binary', 'int', 'text', 'mac'].includes(resolve(one).kind) || resolve(one).kind === 'list')) {
      return names.reduceRight((rest, name) => `(${by} == ${JSON.stringify(name)} ? ${this.payload(c.cases[name] as AnyCodec, set)} : ${rest})`, this.payload(c.otherwise, set));
    }
    return `${this.constant(new Cases(c, this.little))}.pick(${by})(b, v, a, n, ${set ? 'S ??= { value: x, outer: scope }' : 'scope'}, depth + 1)`;
  }
  /** A function that is made when it is first called: sets can contain themselves, and most nests of a schema are never met. */
  nest(c: AnyCodec): string {
    const { little } = this;
    let run: Compiled | undefined;
    return this.constant((b: Uint8Array, v: DataView, at: number, end: number, scope: Scope, depth: number) => (run ??= compiled(c, little))(b, v, at, end, scope, depth));
  }
  /** Statements that read the payload [a, n) of an attribute of `set` into `x`; none for one that carries nothing. */
  attribute(a: Attribute_, set: Attrs<Shape>): string {
    const codec = resolve(a.codec), value = codec.kind === 'pad' ? '' : store(a, this.payload(elementOf(codec), set));
    const { parted } = codec as { parted?: unknown };
    return parted ? `{ const P = H.parts(${this.constant(parted)}, v, a, n, ${this.little}); for (const [a, n] of P) ${value} }` : value;
  }
  /** Statements that take an attribute header at `at`: its type word `t`, its payload [a, n); `at` is moved to the next. */
  next(): string {
    return `const w = v.getInt32(at, ${this.little}), l = ${this.little ? 'w & 0xffff' : 'w >>> 16'}, t = ${this.little ? 'w >>> 16' : 'w & 0xffff'}, a = at + 4, n = at + l;
      if (l < 4 || n > end) H.misfit();
      at += (l + 3) & -4;`;
  }
  /** Statements that read the attributes of [at, end) into `x`. */
  attributes(set: Attrs<Shape>): string {
    const all = [...set.byNumber.values()], shared = all.length >= MANY ? new Set(all.filter(apart)) : undefined;
    const cases = all.map((a) => `${a.key === set.every ? 'default' : `case ${a.number}`}: ${shared?.has(a) ? store(a, 'y') : this.attribute(a, set)} break;`);
    if (!isPartial(set) && set.every === undefined) cases.push('default: (U ??= []).push({ type: t, data: b.slice(a, n) });');
    const readers = shared && this.constant(new Readers(shared, this.little));
    const value = readers ? `const m = t & ${TYPE_MASK}, r = ${readers}.known[m] ?? ${readers}.make(m), y = r && r(b, v, a, n, S ??= { value: x, outer: scope }, depth + 1);` : '';
    return `let S, U;
    while (end - at >= 4) {
      ${this.next()}
      ${value}
      switch (t & ${TYPE_MASK}) {
        ${cases.join('\n        ')}
      }
    }
    if (U !== undefined) x.$unknown = U;`;
  }
  /** A function of what was generated: its name and parameters, and its body. */
  build(head: string, body: string): unknown {
    const names = this.constants.map((_, i) => `K${i}`);
    const source = `${this.outer.join('\n')}
  return function ${head} {
    ${this.locals()}
    ${body}
  }`;
    return (new Function('H', ...names, source) as (h: Helpers, ...k: unknown[]) => unknown)(helpers, ...this.constants);
  }
  body(codec: AnyCodec): string {
    switch (codec.kind) {
      case 'message': {
        const m = codec as AnyMessage;
        this.header = new Set(m.header.places.filter((p) => !p.hidden).map((p) => p.key));
        return `if (end - at < ${m.header.size}) return ${this.constant(interpreted(m, this.little))}(b, v, at, end, scope, depth);
    const x = ${this.make(m.attrs, m.header)};
    at += ${(m.header.size + 3) & -4};
    ${this.attributes(m.attrs)}
    return x;`;
      }
      case 'attrs': return `const x = ${this.make(codec as Attrs<Shape>)};\n    ${this.attributes(codec as Attrs<Shape>)}\n    return x;`;
      case 'records': {
        const r = codec as Records<Fields, AnyCodec>, place = r.header.places.find((p) => p.key === r.lengthKey), size = r.header.size;
        return `const out = [], stop = end;
    while (stop - at >= ${size}) {
      const length = ${this.fixed(place?.codec as AnyCodec, `at + ${place?.offset}`, 0)};
      if (length < ${size} || at + length > stop) H.misfit();
      const x = ${this.make(resolve(r.attrs) as Attrs<Shape>, r.header, r.lengthKey)}, next = at + ((length + 3) & -4);
      end = at + length;
      at += ${size};
      { ${this.attributes(resolve(r.attrs) as Attrs<Shape>)} }
      out.push(x);
      at = next;
    }
    if (at < stop) H.misfit();
    return out;`;
      }
      case 'list': {
        const { element } = codec as List<AnyCodec>, size = fixedSize(resolve(element)) as number;
        return `const count = Math.floor((end - at) / ${size}), out = new Array(count);
    for (let i = 0; i < count; i++, at += ${size}) out[i] = ${this.fixed(resolve(element), 'at', size)};
    if (at < end) H.misfit();
    return out;`;
      }
      case 'indexed': return `const out = [];
    while (end - at >= 4) {
      ${this.next()}
      out.push(${this.payload((codec as Indexed<AnyCodec>).element)});
    }
    return out;`;
      default: return `const a = at, n = end; return ${this.payload(codec)};`;
    }
  }
}
/** Is it a number that a shared loop reads? */
const counts = (c: AnyCodec): boolean => c.kind === 'long' || (c.kind === 'int' && (c as Int).size === 4);
/** Neighbours of one type in a struct, so many that a loop reads them faster than code for each: counters are. */
function runs(places: readonly Place[]): Place[][] {
  const all: Place[][] = [];
  let last: Place | undefined;
  for (const p of places) {
    if (counts(p.codec)) {
      const one = p.codec as Int | Long, before = last?.codec as Int | Long | undefined;
      if (last && before && p.offset === last.offset + last.size && one.size === before.size && one.signed === before.signed && one.big === before.big) all[all.length - 1]?.push(p);
      else all.push([p]);
      last = p;
    } else last = undefined;
  }
  return all.filter((run) => run.length >= 8);
}
const elementOf = (c: AnyCodec): AnyCodec => (c.kind === 'multi' ? resolve((c as Multi<AnyCodec>).element) : c);
/** A statement that gives an attribute's member a value. */
const store = (a: Attribute_, value: string): string => (resolve(a.codec).kind === 'multi' ? `(${access(a.key)} ??= []).push(${value});` : `${access(a.key)} = ${value};`);
/** Can an attribute be read without a look at its neighbours? */
const apart = (a: Attribute_): boolean => {
  const codec = resolve(a.codec);
  return codec.kind !== 'pad' && !(codec as { parted?: unknown }).parted && elementOf(codec).kind !== 'select';
};
/**
 * From so many attributes on, a set leaves the reading of them to the decoders of their types, which all sets share. With all of it in place,
 * the engine takes longer to optimise the function than a dump of thousands of links lasts.
 */
const MANY = 40;
const SIMPLE = new Set(['int', 'long', 'enum', 'flags', 'ip', 'mac', 'chars', 'blob', 'array']);
const NESTS = new Set(['attrs', 'indexed', 'sequence', 'keyed', 'message', 'records']);

const namesCache = new WeakMap<Enumeration<string>, unknown[]>();
function namesOf(e: Enumeration<string>): unknown[] {
  let names = namesCache.get(e);
  if (!names) namesCache.set(e, names = Array.from({ length: 256 }, (_, i) => e.byNumber.get(i) ?? i));
  return names;
}

let rehearsed = false;
function generate(codec: AnyCodec, little: boolean): Compiled {
  if (!rehearsed) { rehearsed = true; rehearse(); }
  const g = new Generator(little), body = g.body(codec), guard = NESTS.has(codec.kind) ? `if (depth >= ${MAX_DEPTH}) H.misfit();` : '';
  return g.build('decode(b, v, at, end, scope, depth = 0)', `${guard}\n    ${body}`) as Compiled;
}
