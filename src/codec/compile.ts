/** A schema as a generated function: what read.ts does, without asking the schema. Where code may not be generated, read.ts does it. */
import { ipv4Text, ipv6Text, macText, text } from './address.ts';
import { flagNames, read, variantCase } from './read.ts';
import { caseOf, find, MAX_DEPTH, resolve, Source, TYPE_MASK, type Scope, type Values } from './source.ts';
import type { AnyCodec, Enumeration, Flags, Int, Ip, Long, Mac } from './scalars.ts';
import type { Place } from './layout.ts';
import type { AnyMessage, Attribute_, Attrs, Fields, Multi, Select, Shape, Struct, Variant } from './schema.ts';

/** Decodes [at, end) of `b`; `v` views the same memory. Throws anything where the bytes do not fit: the interpreter then says where. */
export type Compiled = (b: Uint8Array, v: DataView, at: number, end: number, scope?: Scope, depth?: number) => unknown;

let allowed: boolean | undefined;
/** May code be generated here? Not under a content security policy or `--disallow-code-generation-from-strings`. */
export function mayCompile(): boolean {
  if (allowed === undefined) { try { allowed = new Function('return true')() === true; } catch { allowed = false; } }
  return allowed;
}

const MISFIT = new Error('does not fit');
const helpers = {
  ip4: ipv4Text, ip6: ipv6Text, mac: macText, text, flags: flagNames,
  misfit(): never { throw MISFIT; },
  unknown(x: Values, b: Uint8Array, type: number, at: number, end: number): void { ((x['$unknown'] ??= []) as unknown[]).push({ type, data: b.slice(at, end) }); },
  select(codec: Select<string, Record<string, AnyCodec>, AnyCodec>, x: Values, sibling: Attribute_ | undefined, run: (c: AnyCodec) => Compiled, b: Uint8Array, v: DataView, at: number, end: number, next: number, stop: number, scope: Scope, depth: number, little: boolean): unknown {
    const by = x[codec.by] ?? later(sibling, b, v, next, stop, little) ?? find(codec.by, scope);
    return run(caseOf(codec, by))(b, v, at, end, scope, depth);
  },
};
type Helpers = typeof helpers;

/** The value of a selector that follows what it selects. */
function later(sibling: Attribute_ | undefined, b: Uint8Array, v: DataView, at: number, end: number, little: boolean): unknown {
  if (!sibling) return undefined;
  while (end - at >= 4) {
    const length = v.getUint16(at, little);
    if (length < 4 || at + length > end) return undefined;
    if ((v.getUint16(at + 2, little) & TYPE_MASK) === sibling.number) return interpreted(sibling.codec, little)(b, v, at + 4, at + length);
    at += (length + 3) & ~3;
  }
  return undefined;
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
  const cache = little ? caches.little : caches.big, target = resolve(codec), known = cache.get(target);
  if (known) return known;
  // A set can contain itself: until it is made, what is inside calls through.
  let made: Compiled | undefined;
  cache.set(target, (b, v, at, end, scope, depth) => (made as Compiled)(b, v, at, end, scope, depth));
  if (target.kind === 'variant') {
    made = (b, v, at, end, scope, depth) => compiled(variantCase(new Source(b, little, false), target as Variant<Record<string, AnyCodec>, AnyCodec>, at, end), little)(b, v, at, end, scope, depth);
    cache.set(target, made);
    return made;
  }
  made = mayCompile() && (target.kind === 'message' || target.kind === 'attrs' || target.kind === 'struct') ? generate(target, little) : interpreted(target, little);
  cache.set(target, made);
  return made;
}

class Generator {
  readonly little: boolean;
  readonly constants: unknown[] = [];
  constructor(little: boolean) { this.little = little; }
  constant(value: unknown): string { this.constants.push(value); return `K[${this.constants.length - 1}]`; }
  order(c: { big: boolean }): string { return String(this.little && !c.big); }

  int(c: Int, at: string): string {
    if (c.size === 1) return c.signed ? `v.getInt8(${at})` : `b[${at}]`;
    return `v.get${c.signed ? 'Int' : 'Uint'}${8 * c.size}(${at}, ${this.order(c)})`;
  }
  /** Most counters are zero, and a zero needs no bigint made. */
  long(c: Long, at: string): string {
    return `(v.getInt32(${at}) | v.getInt32(${at} + 4)) === 0 ? 0n : v.getBig${c.signed ? 'Int' : 'Uint'}64(${at}, ${this.order(c)})`;
  }
  /** An expression for a value of fixed size whose bytes are known to be there. */
  fixed(codec: AnyCodec, at: string, size: number): string {
    switch (codec.kind) {
      case 'int': return this.int(codec as Int, at);
      case 'long': return this.long(codec as Long, at);
      case 'enum': {
        const e = codec as Enumeration<string>, most = Math.max(...e.byNumber.keys()), n = this.int(e.base, at);
        if (most > 255 || e.base.signed) return `(K0 = ${n}, ${this.constant(e.byNumber)}.get(K0) ?? K0)`;
        const names: unknown[] = Array.from({ length: 256 }, (_, i) => e.byNumber.get(i) ?? i);
        return e.base.size === 1 ? `${this.constant(names)}[${n}]` : `((K0 = ${n}) < 256 ? ${this.constant(names)}[K0] : K0)`;
      }
      case 'flags': { const f = codec as Flags<string>; return `((K0 = ${this.int(f.base, at)}) === 0 ? [] : H.flags(${this.constant(f)}, K0))`; }
      case 'ip': return (codec as Ip).size === 4 ? `H.ip4(b, ${at})` : `H.ip6(b, ${at})`;
      case 'mac': return `H.mac(b, ${at}, ${at} + ${size})`;
      case 'chars': return `H.text(b, ${at}, ${at} + ${size})`;
      case 'blob': return `b.slice(${at}, ${at} + ${size})`;
      case 'struct': return this.struct(codec as Struct<Fields>, at);
      default: return `${this.constant(interpreted(codec, this.little))}(b, v, ${at}, ${at} + ${size})`;
    }
  }
  /** A union asks a member of the same struct, whose bytes are there too. */
  member(c: Struct<Fields>, p: Place, at: string): string {
    const from = p.offset ? `${at} + ${p.offset}` : at, by = c.places.find((q) => q.key === (p.codec as { by?: string }).by);
    if (p.codec.kind !== 'select') return this.fixed(p.codec, from, p.size);
    const value = by ? `{ ${JSON.stringify(by.key)}: ${this.fixed(by.codec, by.offset ? `${at} + ${by.offset}` : at, by.size)} }` : '{}';
    return `${this.constant(interpreted(p.codec, this.little))}(b, v, ${from}, ${from} + ${p.size}, { value: ${value}, outer: undefined })`;
  }
  struct(c: Struct<Fields>, at: string): string {
    return `{ ${c.places.filter((p) => !p.hidden).map((p) => `${JSON.stringify(p.key)}: ${this.member(c, p, at)}`).join(', ')} }`;
  }
  /** An expression for the payload [a, n) of an attribute. */
  payload(codec: AnyCodec, a: Attribute_, set: Attrs<Shape>): string {
    const c = resolve(codec);
    switch (c.kind) {
      case 'text': return 'H.text(b, a, n)';
      case 'binary': return 'b.slice(a, n)';
      case 'flag': return 'true';
      case 'mac': if ((c as Mac).size === undefined) return 'H.mac(b, a, n)'; break;
      case 'ip': if ((c as Ip).size === undefined) return '(n - a === 4 ? H.ip4(b, a) : n - a === 16 ? H.ip6(b, a) : H.misfit())'; break;
      case 'struct': { const s = c as Struct<Fields>; return `(n - a >= ${s.size} ? ${this.struct(s, 'a')} : ${this.constant(interpreted(s, this.little))}(b, v, a, n))`; }
      case 'attrs': case 'message': return `${this.nest(c)}(b, v, a, n, S ??= { value: x, outer: scope }, depth + 1)`;
      case 'select': {
        const s = c as Select<string, Record<string, AnyCodec>, AnyCodec>, run = (inner: AnyCodec): Compiled => compiled(inner, this.little);
        return `H.select(${this.constant(s)}, x, ${this.constant(set.byKey.get(s.by))}, ${this.constant(run)}, b, v, a, n, at, end, S ??= { value: x, outer: scope }, depth + 1, ${this.little})`;
      }
      case 'multi': throw new TypeError(`${a.key}: a repeated attribute cannot repeat within itself`);
    }
    const size = ({ int: (c as Int).size, long: 8, enum: (c as Enumeration<string>).base?.size, flags: (c as Flags<string>).base?.size, ip: (c as Ip).size, mac: (c as Mac).size } as Record<string, number | undefined>)[c.kind];
    if (size !== undefined) return `(n - a >= ${size} ? ${this.fixed(c, 'a', size)} : H.misfit())`;
    return `${this.constant(interpreted(c, this.little))}(b, v, a, n, S ??= { value: x, outer: scope }, depth + 1)`;
  }
  nest(c: AnyCodec): string {
    const lazily: { run?: Compiled } = {}, little = this.little;
    return this.constant((b: Uint8Array, v: DataView, at: number, end: number, scope: Scope, depth: number) => (lazily.run ??= compiled(c, little))(b, v, at, end, scope, depth));
  }
  attributes(set: Attrs<Shape>): string {
    const cases = [...set.byNumber.values()].map((a) => {
      const codec = resolve(a.codec);
      if (codec.kind === 'pad') return `case ${a.number}: break;`;
      const target = `x${JSON.stringify(a.key).replace(/^"([A-Za-z_$][\w$]*)"$/, '.$1').replace(/^"(.*)"$/, '["$1"]')}`;
      const value = this.payload(codec.kind === 'multi' ? (codec as Multi<AnyCodec>).element : codec, a, set);
      return codec.kind === 'multi' ? `case ${a.number}: (${target} ??= []).push(${value}); break;` : `case ${a.number}: ${target} = ${value}; break;`;
    });
    // Unknown attributes come last in the value, as the interpreter puts them.
    const unknown = (set as { partial?: true }).partial ? '' : 'default: (U ??= []).push({ type: t, data: b.slice(a, n) });';
    return `while (end - at >= 4) {
      const l = v.getUint16(at, ${this.little}), t = v.getUint16(at + 2, ${this.little}), a = at + 4, n = at + l;
      if (l < 4 || n > end) H.misfit();
      at += (l + 3) & ~3;
      switch (t & ${TYPE_MASK}) { ${cases.join('\n')} ${unknown} }
    }
    if (U !== undefined) x.$unknown = U;
    return x;`;
  }
}

function generate(codec: AnyCodec, little: boolean): Compiled {
  const g = new Generator(little);
  let head: string, body: string;
  if (codec.kind === 'struct') {
    const s = codec as Struct<Fields>;
    head = `if (end - at < ${s.size}) return ${g.constant(interpreted(s, little))}(b, v, at, end); return ${g.struct(s, 'at')};`;
    body = '';
  } else if (codec.kind === 'message') {
    const m = codec as AnyMessage;
    head = `if (end - at < ${m.header.size}) return ${g.constant(interpreted(m, little))}(b, v, at, end, scope, depth); const x = ${g.struct(m.header, 'at')}; at += ${(m.header.size + 3) & ~3};`;
    body = g.attributes(m.attrs);
  } else {
    head = 'const x = {};';
    body = g.attributes(codec as Attrs<Shape>);
  }
  const source = `return function decode(b, v, at, end, scope, depth = 0) { let K0, S, U; if (depth >= ${MAX_DEPTH}) H.misfit(); ${head} ${body} }`;
  return (new Function('H', 'K', source) as (h: Helpers, k: unknown[]) => Compiled)(helpers, g.constants);
}
