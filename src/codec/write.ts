/**
 * Any schema, from values to bytes. Each schema is made into a function once: here where its size depends on the value, in poke.ts where it is fixed.
 */
import { parseIpv4, parseIpv6 } from './address.ts';
import { didYouMean, EncodeError, rethrow } from './errors.ts';
import { fixedSize } from './layout.ts';
import { macBytes, pokeInt, pokeLong, pokeMembers, pokeOf } from './poke.ts';
import { caseOf, find, MAX_DEPTH, NESTED, NET_BYTEORDER, resolve, type AnySelect, type Scope, type Values } from './source.ts';
import type { AnyCodec, Bitmap, Ip, Mac, Text, Wide } from './scalars.ts';
import type { AnyMessage, Attribute_, Attrs, Fields, Indexed, Keyed, List, Multi, Records, Sequence, Shape, Struct, Tail, UnknownAttribute, Variant, WireAttribute } from './schema.ts';
import { bytesOf, bytesWithout, each, object, show, Writer } from './writer.ts';

/** Appends a value. */
export type Put = (w: Writer, value: unknown, scope: Scope | undefined) => void;

/** Appends a value of any schema. */
export function write(w: Writer, codec: AnyCodec, value: unknown, scope: Scope | undefined): void { putOf(codec)(w, value, scope); }

const puts = new WeakMap<AnyCodec, Put>();
function putOf(codec: AnyCodec): Put {
  const target = resolve(codec);
  let put = puts.get(target);
  if (!put) puts.set(target, put = makePut(target));
  return put;
}
type AnyVariant = Variant<Record<string, AnyCodec>, AnyCodec>;

function makePut(codec: AnyCodec): Put {
  switch (codec.kind) {
    case 'wide': return (w, value) => putWide(w, codec as Wide, value);
    case 'text': return (w, value) => putText(w, (codec as Text).nul, value);
    case 'binary': return (w, value) => w.put(bytesOf(value));
    case 'flag': return (_w, value) => { if (value !== true) throw new EncodeError(`a flag is true or left out, not ${show(value)}`); };
    case 'pad': return () => { throw new EncodeError('padding is not a value'); };
    case 'ip': if ((codec as Ip).size === undefined) return putIp; break;
    case 'mac': if ((codec as Mac).size === undefined) return (w, value) => w.put(macBytes(value, undefined)); break;
    case 'bitmap': return (w, value) => putBitmap(w, codec as Bitmap, value);
    case 'list': return putList(codec as List<AnyCodec>);
    case 'attrs': return putAttrs(codec as Attrs<Shape>);
    case 'indexed': return putIndexed(codec as Indexed<AnyCodec>);
    case 'sequence': return putSequence(codec as Sequence<AnyCodec>);
    case 'keyed': return putKeyed(codec as Keyed<AnyCodec>);
    case 'message': return putMessage(codec as AnyMessage);
    case 'records': return putRecords(codec as Records<Fields, AnyCodec>);
    case 'tail': return putTail(codec as Tail<Fields, string, AnyCodec>);
    case 'variant': return putVariant(codec as AnyVariant);
    case 'select': {
      if (fixedSize(codec) === undefined) return putSelect(codec as AnySelect);
      // A union: the shorter cases leave zeros.
      const size = fixedSize(codec) as number, poke = pokeOf(codec);
      return (w, value, scope) => poke(w, w.take(size), value, scope);
    }
  }
  const size = fixedSize(codec), poke = pokeOf(codec);
  if (size === undefined) throw new TypeError(`no way to write '${codec.kind}'`);
  return (w, value, scope) => poke(w, w.room(size), value, scope);
}

// -- values that take what they need ------------------------------------------------------------------------

const wides = { signed: { int: pokeInt({ kind: 'int', type: 'sint', size: 4, signed: true, big: false }), long: pokeLong({ kind: 'long', type: 'sint', size: 8, signed: true, big: false }) }, unsigned: { int: pokeInt({ kind: 'int', type: 'uint', size: 4, signed: false, big: false }), long: pokeLong({ kind: 'long', type: 'uint', size: 8, signed: false, big: false }) } };
function putWide(w: Writer, c: Wide, value: unknown): void {
  const half = c.signed ? 2 ** 31 : 0, own = c.signed ? wides.signed : wides.unsigned;
  if (typeof value === 'number' && value >= -half && value < (half || 2 ** 32)) own.int(w, w.room(4), value, undefined);
  else own.long(w, w.room(8), value, undefined);
}
const utf8 = new TextEncoder();
function putText(w: Writer, nul: boolean, value: unknown): void {
  if (typeof value !== 'string') throw new EncodeError(`expected text, got ${show(value)}`);
  const n = value.length, at = w.room(n + 1);
  for (let i = 0; i < n; i++) {
    const code = value.charCodeAt(i);
    if (code === 0) throw new EncodeError('text cannot hold NUL');
    if (code > 127) {
      if (value.includes('\0')) throw new EncodeError('text cannot hold NUL');
      w.pos = at;
      w.put(utf8.encode(value));
      if (nul) w.take(1);
      return;
    }
    w.bytes[at + i] = code;
  }
  w.bytes[at + n] = 0;
  if (!nul) w.pos--;
}
function putIp(w: Writer, value: unknown): void {
  const at = w.room(16);
  if (typeof value === 'string') {
    if (parseIpv4(value, w.bytes, at)) { w.pos = at + 4; return; }
    if (parseIpv6(value, w.bytes, at)) return;
  }
  throw new EncodeError(`${show(value)} is not an IP address`);
}
function putBitmap(w: Writer, c: Bitmap, value: unknown): void {
  let most = -1;
  each(value, (bit) => { if (!Number.isInteger(bit) || (bit as number) < 0 || (bit as number) > 8 * 0xfff0) throw new EncodeError(`${show(bit)} is not a bit number`); most = Math.max(most, bit as number); });
  const size = c.bytes ?? Math.ceil((most + 1) / 32) * 4;
  if (most >= 8 * size) throw new EncodeError(`bit ${most} does not fit in ${size} bytes`);
  const at = w.take(size);
  for (const bit of value as number[]) w.bytes[at + (bit >> 3)] = (w.bytes[at + (bit >> 3)] as number) | 1 << (bit & 7);
}
function putList(c: List<AnyCodec>): Put {
  const put = putOf(c.element);
  return (w, value, scope) => each(value, (element) => put(w, element, scope));
}
/** How the case is written that a selector's value names; what has none is bytes. */
function casePut(c: AnySelect | AnyVariant, by: unknown): Put {
  const codec = caseOf(c, by);
  return codec.kind === 'binary' && !Object.hasOwn(c.cases, String(by)) ? (w, value) => w.put(bytesWithout(c, by, value)) : putOf(codec);
}
function putVariant(c: AnyVariant): Put {
  return (w, value, scope) => (value instanceof Uint8Array ? w.put(value) : casePut(c, object(value)[c.by])(w, value, scope));
}
function putSelect(c: AnySelect): Put {
  const byName = new Map<unknown, Put>();
  return (w, value, scope) => {
    const by = find(c.by, scope);
    let put = byName.get(by);
    if (!put) {
      put = casePut(c, by);
      if (byName.size < 256) byName.set(by, put);
    }
    put(w, value, scope);
  };
}

// -- attributes ---------------------------------------------------------------------------------------------

/** One attribute: header, payload, padding. */
function attribute(w: Writer, type: number, put: Put, value: unknown, scope: Scope | undefined, pad?: Uint8Array): void {
  const at = w.room(4);
  if (++w.depth > MAX_DEPTH) throw new EncodeError('nested too deeply');
  put(w, value, scope);
  w.depth--;
  const length = w.pos - at;
  if (length > 0xffff) throw new EncodeError(`${length} bytes do not fit in an attribute (65535)`);
  w.view.setUint16(at, length, w.littleEndian);
  w.view.setUint16(at + 2, type, w.littleEndian);
  if (pad) w.put(pad);
  else w.align(at);
}
const putRaw: Put = (w, value) => w.put(bytesOf(value));
const FLAGGED = new Set(['attrs', 'indexed', 'sequence', 'keyed']);
/** The flag bits that an attribute's type carries: of nests, and of what says that it is in network byte order. */
export const nestedFlag = (codec: AnyCodec): number => (FLAGGED.has(codec.kind) ? NESTED : isNetOrder(codec) ? NET_BYTEORDER : 0);
const isNetOrder = (codec: AnyCodec): boolean => (codec as { netOrder?: true }).netOrder ?? (codec as { base?: { netOrder?: true } }).base?.netOrder ?? false;

function putIndexed(c: Indexed<AnyCodec>): Put {
  const inner = resolve(c.element), put = putOf(inner);
  return (w, value, scope) => each(value, (element, i) => attribute(w, c.first + i * c.step | nestedFlag(inner), put, element, scope));
}
function putSequence(c: Sequence<AnyCodec>): Put {
  const put = putOf(c.element);
  return (w, value, scope) => {
    // As deep as reading it goes.
    if (++w.depth > MAX_DEPTH) throw new EncodeError('nested too deeply');
    each(value, (element) => put(w, element, scope));
    w.depth--;
  };
}
function putKeyed(c: Keyed<AnyCodec>): Put {
  const inner = resolve(c.element), put = putOf(inner);
  return (w, value, scope) => {
    for (const [n, element] of Object.entries(object(value))) {
      try { attribute(w, Number(n) | nestedFlag(inner), put, element, scope); } catch (e) { rethrow(e, n); }
    }
  };
}

/** What an attribute's payload is written by: selectors, cycles and repetition looked through. */
export function payloadCodec(a: Attribute_, scope: Scope): AnyCodec {
  let codec = resolve(a.codec);
  if (codec.kind === 'multi') codec = resolve((codec as Multi<AnyCodec>).element);
  return codec.kind === 'select' && fixedSize(codec) === undefined ? caseOf(codec as never, find((codec as AnySelect).by, scope)) : codec;
}
/** An attribute, made ready to be written. A selected one's flag bits depend on what is selected. */
interface Ready { readonly type: number; readonly multi: boolean; readonly put: Put; readonly selected: Attribute_ | undefined }
function ready(a: Attribute_): Ready {
  const codec = resolve(a.codec), multi = codec.kind === 'multi', inner = multi ? resolve((codec as Multi<AnyCodec>).element) : codec;
  return { type: a.number | nestedFlag(inner), multi, put: putOf(inner), selected: inner.kind === 'select' && nests(inner as AnySelect) ? a : undefined };
}

const nests = (c: AnySelect): boolean => [...Object.values(c.cases), c.otherwise].some((one) => nestedFlag(resolve(one)) !== 0);

/** Writes a set's keys; those of a message's header are someone else's. */
function setWriter(set: Attrs<Shape>, header?: Struct<Fields>): (w: Writer, value: Values, outer: Scope | undefined) => void {
  const known = new Map<string, Ready | null>(Object.keys(header?.fields ?? {}).map((key) => [key, null]));
  return (w, value, outer) => {
    const scope: Scope = { value, outer };
    if (value['$order'] !== undefined || value['$wire'] !== undefined) exactly(w, set, value, scope);
    else {
      let key = '', inside = true;
      try {
        for (key in value) {
          const v = value[key];
          if (v === undefined) continue;
          let r = known.get(key);
          if (r === null) continue;
          if (r === undefined) {
            const a = set.byKey.get(key);
            if (a === undefined) { inside = false; other(w, set, key, v, header); inside = true; continue; }
            known.set(key, r = ready(a));
          }
          const type = r.selected ? r.selected.number | nestedFlag(payloadCodec(r.selected, scope)) : r.type;
          if (r.multi) { const { put } = r; each(v, (element) => attribute(w, type, put, element, scope)); }
          else attribute(w, type, r.put, v, scope);
        }
      } catch (e) {
        // An unknown key is named by its message.
        if (!inside) throw e;
        rethrow(e, key);
      }
    }
    if (value['$tail'] !== undefined) w.put(bytesOf(value['$tail']));
  };
}
function other(w: Writer, set: Attrs<Shape>, key: string, value: unknown, header: Struct<Fields> | undefined): void {
  if (key === '$unknown') { for (const u of value as UnknownAttribute[]) attribute(w, u.type, putRaw, u.data, undefined); return; }
  if (!key.startsWith('$')) throw new EncodeError(`'${key}' is not a key of ${set.prefix}*${didYouMean(key, [...set.byKey.keys(), ...Object.keys(header?.fields ?? {})])}`);
}
function putAttrs(set: Attrs<Shape>): Put {
  const fill = setWriter(set);
  return (w, value, scope) => fill(w, object(value), scope);
}

/** In the order and with the deviations that exact decoding kept. */
function exactly(w: Writer, set: Attrs<Shape>, value: Values, scope: Scope): void {
  const wire = (value['$wire'] ?? {}) as Record<string, WireAttribute>;
  for (const label of (value['$order'] as string[] | undefined) ?? labels(set, value)) {
    const [key, index] = splitLabel(label), own = wire[label] ?? {};
    try {
      if (key === '?') {
        const u = (value['$unknown'] as UnknownAttribute[])[index] as UnknownAttribute;
        attribute(w, own.type ?? u.type, putRaw, own.data ?? u.data, undefined, own.pad);
        continue;
      }
      const a = set.byKey.get(key);
      if (!a) throw new EncodeError(`'${key}' is not a key of ${set.prefix}*`);
      if (own.data) { attribute(w, own.type ?? a.number, putRaw, own.data, undefined, own.pad); continue; }
      const codec = payloadCodec(a, scope);
      const v = resolve(a.codec).kind === 'multi' ? (value[key] as unknown[])[index] : value[key];
      attribute(w, own.type ?? (a.number | nestedFlag(codec)), putOf(codec), v, scope, own.pad);
    } catch (e) { rethrow(e, key); }
  }
}
/** The order in which a value's attributes are written: the value's own. */
export function labels(set: Attrs<Shape>, value: Values): string[] {
  const out: string[] = [];
  for (const key in value) {
    const v = value[key], a = set.byKey.get(key);
    if (v === undefined || (!a && key !== '$unknown')) continue;
    if (!a || resolve(a.codec).kind === 'multi') (v as unknown[]).forEach((_, i) => out.push(label(a ? key : '?', i)));
    else out.push(key);
  }
  return out;
}
export const label = (key: string, index: number): string => (index === 0 ? key : `${key}.${index}`);
const splitLabel = (text: string): [string, number] => { const dot = text.indexOf('.'); return dot < 0 ? [text, 0] : [text.slice(0, dot), Number(text.slice(dot + 1))]; };

function putMessage(c: AnyMessage): Put {
  const size = c.header.size, poke = pokeMembers(c.header), fill = setWriter(c.attrs, c.header);
  return (w, input, outer) => {
    const value = object(input), at = w.pos;
    if (value['$header'] !== undefined) w.put(bytesOf(value['$header']));
    else {
      poke(w, w.room(size), value, undefined);
      w.align(at);
    }
    fill(w, value, outer);
  };
}
function putRecords(c: Records<Fields, AnyCodec>): Put {
  const { header, lengthKey } = c, poke = pokeMembers(header), fill = setWriter(resolve(c.attrs) as Attrs<Shape>, header), place = header.places.find((p) => p.key === lengthKey);
  if (!place) throw new TypeError(`${header.type} has no member ${lengthKey}`);
  const pokeLength = pokeOf(place.codec);
  return (w, value, scope) => each(value, (element) => {
    const record = object(element), at = w.room(header.size);
    poke(w, at, record, undefined);
    fill(w, record, scope);
    pokeLength(w, at + place.offset, w.pos - at, undefined);
    w.align(at);
  });
}

function putTail(c: Tail<Fields, string, AnyCodec>): Put {
  const poke = pokeMembers(c.header), put = putOf(c.rest);
  return (w, input, outer) => {
    const value = object(input);
    poke(w, w.room(c.header.size), value, undefined);
    try { put(w, value[c.key], { value, outer }); } catch (e) { rethrow(e, c.key); }
  };
}

/** Bytes of a payload, on their own. */
export function payload(codec: AnyCodec, value: unknown, scope: Scope | undefined, littleEndian: boolean, depth: number): Uint8Array {
  const w = new Writer(littleEndian);
  w.depth = depth;
  write(w, codec, value, scope);
  return w.finish();
}
