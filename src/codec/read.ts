/** The interpreter: any schema, from bytes to values. It is the meaning that compiled decoders must equal; it alone knows exact mode and spans. */
import { BitView } from 'bit-buffer';
import { ipv4Text, ipv6Text, macText, text } from './address.ts';
import { DecodeError } from './errors.ts';
import { attributeDeviations, headerDeviation, type Occurrence } from './exact.ts';
import { fixedSize, placeAt } from './layout.ts';
import { isPartial } from './project.ts';
import { bitPlaces, caseOf, find, MAX_DEPTH, parts, resolve, TYPE_MASK, type Scope, type Source, type Span, type Values } from './source.ts';
import type { AnyCodec, Bitmap, Bits, Enumeration, Flags, Int, Ip, Long, Mac, Wide } from './scalars.ts';
import { typeName, type AnyMessage, type Attribute_, type Attrs, type FixedArray, type Indexed, type Keyed, type List, type Multi, type Records, type Select, type Sequence, type Shape, type Struct, type Tail, type Variant, type Fields } from './schema.ts';

/** Reads a value from [at, end). */
export function read(s: Source, codec: AnyCodec, at: number, end: number, scope: Scope | undefined): unknown {
  switch (codec.kind) {
    case 'int': return readInt(s, codec as Int, need(s, codec, at, end, (codec as Int).size));
    case 'long': return readLong(s, codec as Long, need(s, codec, at, end, 8));
    case 'wide': return readWide(s, codec as Wide, at, end);
    case 'text': return text(s.bytes, at, end);
    case 'chars': return text(s.bytes, at, end);
    case 'binary': return s.bytes.slice(at, end);
    case 'blob': return s.bytes.slice(need(s, codec, at, end, fixedSize(codec) as number), at + (fixedSize(codec) as number));
    case 'flag': return true;
    case 'pad': return undefined;
    case 'ip': return readIp(s, codec as Ip, at, end);
    case 'mac': return readMac(s, codec as Mac, at, end);
    case 'enum': { const e = codec as Enumeration<string>, n = readInt(s, e.base, need(s, codec, at, end, e.base.size)); return e.byNumber.get(n) ?? n; }
    case 'flags': return flagNames(codec as Flags<string>, readInt(s, (codec as Flags<string>).base, need(s, codec, at, end, (codec as Flags<string>).base.size)));
    case 'bits': return readBits(s, codec as Bits<string>, at, end);
    case 'bitmap': return readBitmap(s, codec as Bitmap, at, end);
    case 'struct': return readStruct(s, codec as Struct<Fields>, at, end, {});
    case 'array': { const a = codec as FixedArray<AnyCodec>; return readList(s, a.element, need(s, codec, at, end, a.size), at + a.size, scope); }
    case 'list': return readList(s, (codec as List<AnyCodec>).element, at, end, scope);
    case 'attrs': return nested(s, at, () => readAttrs(s, codec as Attrs<Shape>, at, end, {}, scope));
    case 'indexed': return nested(s, at, () => readIndexed(s, codec as Indexed<AnyCodec>, at, end, scope));
    case 'sequence': return nested(s, at, () => readSequence(s, codec as Sequence<AnyCodec>, at, end, scope));
    case 'keyed': return nested(s, at, () => readKeyed(s, codec as Keyed<AnyCodec>, at, end, scope));
    case 'message': return nested(s, at, () => readMessage(s, codec as AnyMessage, at, end, scope));
    case 'records': return nested(s, at, () => readRecords(s, codec as Records<Fields, AnyCodec>, at, end, scope));
    case 'tail': return nested(s, at, () => readTail(s, codec as Tail<Fields, string, AnyCodec>, at, end, scope));
    case 'variant': return read(s, variantCase(s, codec as Variant<Record<string, AnyCodec>, AnyCodec>, at, end), at, end, scope);
    case 'late': return read(s, resolve(codec), at, end, scope);
    case 'select': return read(s, caseOf(codec as Select<string, Record<string, AnyCodec>, AnyCodec>, find((codec as Select<string, never, AnyCodec>).by, scope)), at, end, scope);
    default: throw new TypeError(`no way to read '${codec.kind}'`);
  }
}

function nested<T>(s: Source, at: number, body: () => T): T {
  if (s.depth >= MAX_DEPTH) throw s.fail('nested too deeply', at);
  s.depth++;
  try { return body(); } finally { s.depth--; }
}

function need(s: Source, codec: AnyCodec, at: number, end: number, size: number): number {
  if (end - at < size) throw s.fail(`${typeName(codec)} takes ${size} bytes, ${end - at} present`, at);
  return at;
}

export function readInt(s: Source, c: Int, at: number): number {
  const little = s.littleEndian && !c.big;
  switch (c.size) {
    case 1: return c.signed ? s.view.getInt8(at) : s.view.getUint8(at);
    case 2: return c.signed ? s.view.getInt16(at, little) : s.view.getUint16(at, little);
    default: return c.signed ? s.view.getInt32(at, little) : s.view.getUint32(at, little);
  }
}
function readLong(s: Source, c: Long, at: number): bigint {
  const little = s.littleEndian && !c.big;
  return c.signed ? s.view.getBigInt64(at, little) : s.view.getBigUint64(at, little);
}
function readWide(s: Source, c: Wide, at: number, end: number): number | bigint {
  if (end - at >= 8) return c.signed ? s.view.getBigInt64(at, s.littleEndian) : s.view.getBigUint64(at, s.littleEndian);
  need(s, c, at, end, 4);
  return c.signed ? s.view.getInt32(at, s.littleEndian) : s.view.getUint32(at, s.littleEndian);
}
function readIp(s: Source, c: Ip, at: number, end: number): string {
  const size = c.size ?? (end - at === 4 || end - at === 16 ? end - at : undefined);
  if (size === undefined) throw s.fail(`an IP address takes 4 or 16 bytes, ${end - at} present`, at);
  need(s, c, at, end, size);
  return size === 4 ? ipv4Text(s.bytes, at) : ipv6Text(s.bytes, at);
}
function readMac(s: Source, c: Mac, at: number, end: number): string {
  if (c.size !== undefined) need(s, c, at, end, c.size);
  return macText(s.bytes, at, c.size === undefined ? end : at + c.size);
}
export function flagNames(c: Flags<string>, n: number): FlagNames {
  const all = flagNamesOf(c), known = all.get(n);
  if (known) return known;
  const out: (string | number)[] = [];
  let left = n;
  for (const [bit, name] of c.bits) if (bit !== 0 && (left & bit) === (bit | 0)) { out.push(name); left &= ~bit; }
  if (left !== 0) out.push(left >>> 0);
  Object.freeze(out);
  if (all.size < 1024) all.set(n, out);
  return out;
}
type FlagNames = readonly (string | number)[];
const flagCache = new WeakMap<Flags<string>, Map<number, FlagNames>>();
/** The values of flags that were met so far: few, and again and again. They are shared, so they are frozen. */
export function flagNamesOf(c: Flags<string>): Map<number, FlagNames> {
  let known = flagCache.get(c);
  if (!known) flagCache.set(c, (known = new Map()));
  return known;
}
const word = new ArrayBuffer(4), scratch = new BitView(word), scratchView = new DataView(word);
function readBits(s: Source, c: Bits<string>, at: number, end: number): Record<string, number> {
  scratchView.setUint32(0, readInt(s, c.base, need(s, c, at, end, c.base.size)), true);
  const out: Record<string, number> = {};
  for (const [name, offset, width] of bitPlaces(c, s.littleEndian)) out[name] = scratch.getBits(offset, width, false);
  return out;
}
function readBitmap(s: Source, c: Bitmap, at: number, end: number): number[] {
  const stop = c.bytes === undefined ? end : need(s, c, at, end, c.bytes) + c.bytes, out: number[] = [];
  for (let i = at; i < stop; i++) for (let bit = 0; bit < 8; bit++) if ((s.bytes[i] as number) >> bit & 1) out.push(8 * (i - at) + bit);
  return out;
}

/** One named part of something larger. `union`: the shorter cases leave padding. */
function part(s: Source, name: string, codec: AnyCodec, at: number, end: number, scope: Scope | undefined, union = isUnion(codec)): unknown {
  s.path.push(name);
  let inner = resolve(codec);
  if (inner.kind === 'select') inner = caseOf(inner as never, find((inner as Select<string, never, AnyCodec>).by, scope));
  if (inner.kind === 'variant') inner = variantCase(s, inner as Variant<Record<string, AnyCodec>, AnyCodec>, at, end);
  const value = s.spans && end > at ? traced(s, s.spans, name, inner, at, end, scope, union) : read(s, inner, at, end, scope);
  s.path.pop();
  return value;
}
const COMPOSITE = new Set(['struct', 'array', 'list', 'attrs', 'indexed', 'sequence', 'keyed', 'message', 'records', 'tail']);
const isUnion = (codec: AnyCodec): boolean => codec.kind === 'select' && fixedSize(codec) !== undefined;
function traced(s: Source, spans: Span[], name: string, codec: AnyCodec, at: number, end: number, scope: Scope | undefined, union: boolean): unknown {
  const span: Span = { start: at, end, depth: s.depth, name, type: typeName(codec), value: undefined, leaf: !COMPOSITE.has(codec.kind) };
  spans.push(span);
  // Sets count their own depth.
  const deeper = codec.kind === 'struct' || codec.kind === 'array' || codec.kind === 'list' ? 1 : 0;
  s.depth += deeper;
  span.value = read(s, codec, at, end, scope);
  s.depth -= deeper;
  // What is longer than its schema: the rest is not part of the value.
  const size = span.leaf || codec.kind === 'array' ? fixedSize(codec) : undefined;
  if (size !== undefined && at + size < end) {
    span.end = at + size;
    if (union) s.leaf('padding', 'padding', at + size, end);
    else s.leaf('surplus', 'binary', at + size, end, s.bytes.slice(at + size, end));
  }
  return span.value;
}

/** The member that says which case of a union holds may stand after it. */
function siblings(s: Source, codec: Struct<Fields>, by: string, at: number, end: number): Scope {
  const place = placeAt(codec, by), { spans } = s;
  if (!place || at + place.offset + place.size > end) return { value: {}, outer: undefined };
  s.spans = undefined;
  const value = { [by]: read(s, place.codec, at + place.offset, at + place.offset + place.size, undefined) };
  s.spans = spans;
  return { value, outer: undefined };
}
/** The schema that the bytes themselves name. */
export function variantCase(s: Source, codec: Variant<Record<string, AnyCodec>, AnyCodec>, at: number, end: number): AnyCodec {
  return caseOf(codec, siblings(s, codec.probe, codec.by, at, end).value[codec.by]);
}
function readTail(s: Source, codec: Tail<Fields, string, AnyCodec>, at: number, end: number, outer: Scope | undefined): Values {
  const out: Values = {}, { header } = codec, body = at + header.size;
  if (end < body) throw s.fail(`${header.type} takes ${header.size} bytes, ${end - at} present`, at);
  readStruct(s, header, at, body, out);
  out[codec.key] = part(s, codec.key, codec.rest, body, end, { value: out, outer });
  return out;
}

function readStruct(s: Source, codec: Struct<Fields>, at: number, end: number, out: Values): Values {
  let covered = at;
  for (const { key, codec: field, offset, size, hidden } of codec.places) {
    const start = at + offset;
    if (start + size > end) break;
    if (s.spans) s.leaf('padding', 'padding', covered, start);
    if (hidden) s.leaf(key, 'padding', start, start + size);
    else out[key] = part(s, key, field, start, start + size, field.kind === 'select' ? siblings(s, codec, (field as Select<string, never, AnyCodec>).by, at, end) : undefined);
    covered = start + size;
  }
  if (s.spans) {
    s.leaf('padding', 'padding', covered, Math.min(end, at + codec.size));
    s.leaf('surplus', 'binary', Math.max(covered, Math.min(end, at + codec.size)), end, undefined);
  }
  return out;
}

function readList(s: Source, element: AnyCodec, at: number, end: number, scope: Scope | undefined): unknown[] {
  const size = fixedSize(resolve(element)) as number, out: unknown[] = [];
  let pos = at;
  for (; pos + size <= end; pos += size) out.push(part(s, String(out.length), element, pos, pos + size, scope));
  if (pos < end && !s.exact) throw s.fail(`${end - pos} bytes left after ${out.length} elements of ${size}`, pos);
  s.leaf('surplus', 'binary', pos, end);
  return out;
}

export interface Header { type: number; at: number; end: number; next: number }
/** The attributes of [at, end); stops at what cannot be one and says where through `tail`. */
export function* headers(s: Source, at: number, end: number, tail: (from: number, reason: string) => void): Generator<Header> {
  while (end - at >= 4) {
    const length = s.view.getUint16(at, s.littleEndian), type = s.view.getUint16(at + 2, s.littleEndian);
    if (length < 4) return tail(at, `attribute length ${length} is shorter than its header`);
    if (at + length > end) return tail(at, `attribute of ${length} bytes, ${end - at} present`);
    const next = Math.min(at + (length + 3 & ~3), end);
    s.leaf('header', 'nlattr', at, at + 4, { length, type });
    yield { type, at: at + 4, end: at + length, next };
    s.leaf('padding', 'padding', at + length, next);
    at = next;
  }
  if (at < end) tail(at, '');
}

function ending(s: Source, out: Values, end: number) {
  return (from: number, reason: string): void => {
    if (reason && !s.exact) throw s.fail(reason, from);
    if (s.exact) out['$tail'] = s.bytes.slice(from, end);
    s.leaf('tail', 'binary', from, end, undefined, reason || undefined);
  };
}

function readAttrs(s: Source, set: Attrs<Shape>, at: number, end: number, out: Values, outer: Scope | undefined): Values {
  const scope: Scope = { value: out, outer }, unknown: { type: number; data: Uint8Array }[] = [], seen: Occurrence[] = [];
  for (const h of headers(s, at, end, ending(s, out, end))) {
    const attribute = set.byNumber.get(h.type & TYPE_MASK) ?? (set.every === undefined ? undefined : set.byKey.get(set.every));
    const mark = s.spans?.length ?? 0, depth = s.depth, path = s.path.length;
    if (s.spans) (s.spans[mark - 1] as Span).attribute = attribute?.name ?? `${set.prefix}${h.type & TYPE_MASK}`;
    let key: string | undefined = attribute?.key, failed = false;
    try {
      if (attribute) store(s, out, attribute, h, end, set, scope);
      else if (!isPartial(set)) unknown.push({ type: h.type, data: part(s, `${set.prefix}${h.type & TYPE_MASK}`, { kind: 'binary' }, h.at, h.end, scope) as Uint8Array });
    } catch (error) {
      if (!s.exact || !(error instanceof DecodeError)) throw error;
      failed = true;
      s.depth = depth;
      s.path.length = path;
      if (s.spans) { s.spans.length = mark; s.leaf(attribute?.key ?? '?', 'binary', h.at, h.end, s.bytes.slice(h.at, h.end), error.reason); }
    }
    if (s.exact) seen.push({ key, attribute, type: h.type, at: h.at, end: h.end, next: h.next, failed });
  }
  if (unknown.length) out['$unknown'] = unknown;
  if (s.exact) attributeDeviations(s, set, out, seen, scope);
  return out;
}

function store(s: Source, out: Values, a: Attribute_, h: Header, end: number, set: Attrs<Shape>, scope: Scope): void {
  let codec = resolve(a.codec);
  const union = isUnion(codec);
  if (codec.kind === 'pad') { s.leaf(a.key, 'pad', h.at, h.end); return; }
  if (codec.kind === 'select') {
    const { by } = codec as Select<string, never, AnyCodec>;
    codec = caseOf(codec as never, out[by] ?? peek(s, set.byKey.get(by), h.next, end) ?? find(by, scope));
  }
  if (codec.kind === 'multi') {
    const { element, parted } = codec as Multi<AnyCodec>, all = (out[a.key] ??= []) as unknown[];
    for (const [from, to] of parts(parted, s.view, h.at, h.end, s.littleEndian)) all.push(part(s, a.key, element, from, to, scope));
  } else out[a.key] = part(s, a.key, codec, h.at, h.end, scope, union);
}

/** A selector may follow what it selects. */
function peek(s: Source, a: Attribute_ | undefined, at: number, end: number): unknown {
  if (!a) return undefined;
  const spans = s.spans;
  s.spans = undefined;
  try {
    for (const h of headers(s, at, end, () => {})) if ((h.type & TYPE_MASK) === a.number) return read(s, a.codec, h.at, h.end, undefined);
    return undefined;
  } finally { s.spans = spans; }
}

function readIndexed(s: Source, codec: Indexed<AnyCodec>, at: number, end: number, scope: Scope | undefined): unknown[] {
  const out: unknown[] = [];
  for (const h of headers(s, at, end, (from, reason) => { if (reason && !s.exact) throw s.fail(reason, from); s.leaf('tail', 'binary', from, end); })) {
    out.push(part(s, String(out.length), codec.element, h.at, h.end, scope));
  }
  return out;
}
/** Each attribute is a set of its own; what cannot be one is left to the last set to tell. */
function readSequence(s: Source, codec: Sequence<AnyCodec>, at: number, end: number, scope: Scope | undefined): unknown[] {
  const out: unknown[] = [];
  while (at < end) {
    const length = end - at < 4 ? 0 : s.view.getUint16(at, s.littleEndian), whole = length >= 4 && at + length <= end, next = whole ? Math.min(at + (length + 3 & ~3), end) : end;
    const one = part(s, String(out.length), codec.element, at, next, scope);
    // Fewer bytes than a header takes are no attribute.
    if (whole || s.exact) out.push(one);
    at = next;
  }
  return out;
}
function readKeyed(s: Source, codec: Keyed<AnyCodec>, at: number, end: number, scope: Scope | undefined): Record<number, unknown> {
  const out: Record<number, unknown> = {};
  for (const h of headers(s, at, end, (from, reason) => { if (reason && !s.exact) throw s.fail(reason, from); s.leaf('tail', 'binary', from, end); })) {
    out[h.type & TYPE_MASK] = part(s, String(h.type & TYPE_MASK), codec.element, h.at, h.end, scope);
  }
  return out;
}

function readMessage(s: Source, codec: AnyMessage, at: number, end: number, outer: Scope | undefined): Values {
  const out: Values = {}, body = Math.min(end, at + (codec.header.size + 3 & ~3)), stop = Math.min(end, at + codec.header.size);
  readStruct(s, codec.header, at, stop, out);
  s.leaf('padding', 'padding', stop, body);
  if (s.exact) headerDeviation(s, codec, out, at, body);
  return readAttrs(s, codec.attrs, body, end, out, outer);
}

function readRecords(s: Source, codec: Records<Fields, AnyCodec>, at: number, end: number, outer: Scope | undefined): Values[] {
  const all: Values[] = [], { header, lengthKey } = codec;
  while (end - at >= header.size) {
    const out: Values = {};
    const mark = s.spans?.length ?? 0;
    readStruct(s, header, at, at + header.size, out);
    const length = out[lengthKey] as number;
    if (length < header.size || at + length > end) {
      if (s.spans) s.spans.length = mark;
      throw s.fail(`${header.type} of ${length} bytes, ${end - at} present`, at);
    }
    delete out[lengthKey];
    s.path.push(String(all.length));
    readAttrs(s, resolve(codec.attrs) as Attrs<Shape>, at + header.size, at + length, out, outer);
    s.path.pop();
    all.push(out);
    const next = Math.min(at + (length + 3 & ~3), end);
    s.leaf('padding', 'padding', at + length, next);
    at = next;
  }
  if (at < end && !s.exact) throw s.fail(`${end - at} bytes left after ${all.length} ${header.type}`, at);
  s.leaf('surplus', 'binary', at, end);
  return all;
}
