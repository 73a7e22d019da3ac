/** A schema as a generated function: what read.ts does, without asking the schema. Where code may not be generated, read.ts does it. */
import { ipv4Text, ipv6Text, macText, text } from './address.ts';
import { fixedSize, placeAt } from './layout.ts';
import { flagNames, flagNamesOf, read, variantCase } from './read.ts';
import { caseOf, find, MAX_DEPTH, parts, resolve, Source, TYPE_MASK, type Scope } from './source.ts';
import type { AnyCodec, Enumeration, Flags, Int, Ip, Long, Mac } from './scalars.ts';
import type { AnyMessage, Attribute_, Attrs, Fields, FixedArray, Indexed, List, Multi, Records, Select, Shape, Struct, Variant } from './schema.ts';
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
  if (!known) cache.set(target, known = target.kind === 'variant' ? anyOf(target as AnyVariant, little) : mayCompile() && GENERATED.has(target.kind) ? generate(target, little) : interpreted(target, little));
  return known;
}
const GENERATED = new Set(['int', 'long', 'enum', 'flags', 'text', 'ip', 'mac', 'struct', 'array', 'list', 'attrs', 'indexed', 'message', 'records']);

type AnyVariant = Variant<Record<string, AnyCodec>, AnyCodec>;
/** Each case is compiled when it is first met. */
const anyOf = (c: AnyVariant, little: boolean): Compiled => (b, v, at, end, scope, depth) => compiled(variantCase(new Source(b, little, false), c, at, end), little)(b, v, at, end, scope, depth);

const MISFIT = new Error('does not fit');
type AnySelect = Select<string, Record<string, AnyCodec>, AnyCodec>;
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
const helpers = {
  ip4: ipv4Text, ip6: ipv6Text, mac: macText, text, flags: flagNames, find, parts,
  misfit(): never { throw MISFIT; },
  /** The value of a selector that follows what it selects. */
  later(sibling: Attribute_, b: Uint8Array, v: DataView, at: number, end: number, little: boolean): unknown {
    while (end - at >= 4) {
      const length = v.getUint16(at, little);
      if (length < 4 || at + length > end) return undefined;
      if ((v.getUint16(at + 2, little) & TYPE_MASK) === sibling.number) return compiled(sibling.codec, little)(b, v, at + 4, at + length);
      at += (length + 3) & ~3;
    }
    return undefined;
  },
};
type Helpers = typeof helpers;

const access = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? `x.${key}` : `x[${JSON.stringify(key)}]`);

class Generator {
  readonly little: boolean;
  readonly constants: unknown[] = [];
  readonly constructors: string[] = [];
  /** Header fields of the message being generated: always there, so that a selector needs no search. */
  header: ReadonlySet<string> = new Set();
  constructor(little: boolean) { this.little = little; }
  constant(value: unknown): string {
    const known = this.constants.indexOf(value);
    return `K${known >= 0 ? known : this.constants.push(value) - 1}`;
  }
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
      case 'flags': { const f = codec as Flags<string>; return `(${this.constant(flagNamesOf(f))}.get(N = ${this.int(f.base, at)}) ?? H.flags(${this.constant(f)}, N))`; }
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
    return `{ ${c.places.filter((p) => !p.hidden && p.key !== without).map((p) => `${JSON.stringify(p.key)}: ${this.member(c, p, at)}`).join(', ')} }`;
  }
  /**
   * A new object for a set's attributes, with a header's members. It is a plain object; a constructor makes it, because the engine gives an
   * object room for what its constructor could assign, and every key added beyond that room is copied again and again.
   */
  make(set: Attrs<Shape>, header?: Struct<Fields>, without = ''): string {
    const members = header?.places.filter((p) => !p.hidden && p.key !== without) ?? [], keys = [...set.byKey.keys()];
    if (keys.length < 4) return header ? this.struct(header, 'at', without) : '{}';
    const name = `Made${this.constructors.length}`;
    const assign = members.map((p) => `this[${JSON.stringify(p.key)}] = ${this.member(header as Struct<Fields>, p, 'at')};`).join(' ');
    const room = keys.slice(0, 100).map((key) => `this[${JSON.stringify(key)}] = 0;`).join(' ');
    this.constructors.push(`function ${name}(b, v, at, never) { let N; ${assign} if (never) { ${room} } }\n${name}.prototype = Object.prototype;`);
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
  /** Statements that read the attributes of [at, end) into `x`. */
  attributes(set: Attrs<Shape>): string {
    const cases = [...set.byNumber.values()].map((a) => {
      const codec = resolve(a.codec);
      if (codec.kind === 'pad') return `case ${a.number}: break;`;
      if (codec.kind === 'multi' && (codec as Multi<AnyCodec>).parted) {
        const { parted, element } = codec as Multi<AnyCodec>;
        return `case ${a.number}: { const P = H.parts(${this.constant(parted)}, v, a, n, ${this.little}); for (const [a, n] of P) (${access(a.key)} ??= []).push(${this.payload(element, set)}); break; }`;
      }
      const label = a.key === set.every ? 'default' : `case ${a.number}`;
      if (codec.kind === 'multi') return `${label}: (${access(a.key)} ??= []).push(${this.payload((codec as Multi<AnyCodec>).element, set)}); break;`;
      return `case ${a.number}: ${access(a.key)} = ${this.payload(codec, set)}; break;`;
    });
    const unknown = (set as { partial?: true }).partial || set.every !== undefined ? '' : 'default: (U ??= []).push({ type: t, data: b.slice(a, n) });';
    return `let S, U;
    while (end - at >= 4) {
      const l = v.getUint16(at, ${this.little}), t = v.getUint16(at + 2, ${this.little}), a = at + 4, n = at + l;
      if (l < 4 || n > end) H.misfit();
      at += (l + 3) & ~3;
      switch (t & ${TYPE_MASK}) {
        ${cases.join('\n        ')}
        ${unknown}
      }
    }
    if (U !== undefined) x.$unknown = U;`;
  }
  body(codec: AnyCodec): string {
    switch (codec.kind) {
      case 'message': {
        const m = codec as AnyMessage;
        this.header = new Set(m.header.places.filter((p) => !p.hidden).map((p) => p.key));
        return `if (end - at < ${m.header.size}) return ${this.constant(interpreted(m, this.little))}(b, v, at, end, scope, depth);
    const x = ${this.make(m.attrs, m.header)};
    at += ${(m.header.size + 3) & ~3};
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
      const x = ${this.make(resolve(r.attrs) as Attrs<Shape>, r.header, r.lengthKey)}, next = at + ((length + 3) & ~3);
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
      const l = v.getUint16(at, ${this.little}), a = at + 4, n = at + l;
      if (l < 4 || n > end) H.misfit();
      at += (l + 3) & ~3;
      out.push(${this.payload((codec as Indexed<AnyCodec>).element)});
    }
    return out;`;
      default: return `const a = at, n = end; return ${this.payload(codec)};`;
    }
  }
}
const SIMPLE = new Set(['int', 'long', 'enum', 'flags', 'ip', 'mac', 'chars', 'blob', 'array']);
const NESTS = new Set(['attrs', 'indexed', 'keyed', 'message', 'records']);

const namesCache = new WeakMap<Enumeration<string>, unknown[]>();
function namesOf(e: Enumeration<string>): unknown[] {
  let names = namesCache.get(e);
  if (!names) namesCache.set(e, names = Array.from({ length: 256 }, (_, i) => e.byNumber.get(i) ?? i));
  return names;
}

function generate(codec: AnyCodec, little: boolean): Compiled {
  const g = new Generator(little), body = g.body(codec), guard = NESTS.has(codec.kind) ? `if (depth >= ${MAX_DEPTH}) H.misfit();` : '';
  const names = g.constants.map((_, i) => `K${i}`);
  const source = `${g.constructors.join('\n')}
  return function decode(b, v, at, end, scope, depth = 0) {
    let N;
    ${guard}
    ${body}
  }`;
  return (new Function('H', ...names, source) as (h: Helpers, ...k: unknown[]) => Compiled)(helpers, ...g.constants);
}
