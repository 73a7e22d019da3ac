/** Any schema, from values to bytes. */
import { BitView } from 'bit-buffer';
import { parseIpv4, parseIpv6, parseMac } from './address.ts';
import { didYouMean, EncodeError, rethrow } from './errors.ts';
import { bitPlaces, caseOf, find, MAX_DEPTH, NESTED, resolve, type Scope, type Values } from './source.ts';
import type { AnyCodec, Bitmap, Bits, Blob, Chars, Enumeration, Flags, Int, Ip, Long, Mac, Text, Wide } from './scalars.ts';
import { type AnyMessage, type Attribute_, type Attrs, type Fields, type FixedArray, type Indexed, type Keyed, type List, type Multi, type Records, type Select, type Shape, type Struct, type Tail, type UnknownAttribute, type Variant, type WireAttribute } from './schema.ts';

export class Writer {
  bytes: Uint8Array;
  view: DataView;
  pos: number;
  readonly littleEndian: boolean;
  depth = 0;
  constructor(littleEndian = true, bytes = new Uint8Array(512), pos = 0) {
    this.littleEndian = littleEndian;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = pos;
  }
  /** Claims `n` zeroed bytes and returns where they start. */
  take(n: number): number {
    const at = this.pos;
    this.pos += n;
    if (this.pos > this.bytes.length) this.grow();
    this.bytes.fill(0, at, this.pos);
    return at;
  }
  private grow(): void {
    const grown = new Uint8Array(Math.max(this.pos, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
  put(data: Uint8Array): void {
    const at = this.take(data.length);
    this.bytes.set(data, at);
  }
  finish(): Uint8Array { return this.bytes.slice(0, this.pos); }
}

const utf8 = new TextEncoder();

/** Appends a value. */
export function write(w: Writer, codec: AnyCodec, value: unknown, scope: Scope | undefined): void {
  switch (codec.kind) {
    case 'int': return writeInt(w, codec as Int, value);
    case 'long': return writeLong(w, codec as Long, value);
    case 'wide': return writeWide(w, codec as Wide, value);
    case 'text': return writeText(w, codec as Text, value);
    case 'chars': return writeChars(w, codec as Chars, value);
    case 'binary': return w.put(bytesOf(value));
    case 'blob': return writeBlob(w, codec as Blob, value);
    case 'flag': if (value !== true) throw new EncodeError(`a flag is true or left out, not ${show(value)}`); return;
    case 'pad': throw new EncodeError('padding is not a value');
    case 'ip': return writeIp(w, codec as Ip, value);
    case 'mac': return writeMac(w, codec as Mac, value);
    case 'enum': return writeInt(w, (codec as Enumeration<string>).base, enumNumber(codec as Enumeration<string>, value));
    case 'flags': return writeInt(w, (codec as Flags<string>).base, flagBits(codec as Flags<string>, value));
    case 'bits': return writeBits(w, codec as Bits<string>, value);
    case 'bitmap': return writeBitmap(w, codec as Bitmap, value);
    case 'struct': return writeStruct(w, codec as Struct<Fields>, object(value));
    case 'array': return writeArray(w, codec as FixedArray<AnyCodec>, value, scope);
    case 'list': return each(value, (element, i) => item(w, (codec as List<AnyCodec>).element, element, scope, i));
    case 'attrs': return writeAttrs(w, codec as Attrs<Shape>, object(value), scope);
    case 'indexed': return each(value, (element, i) => child(w, (codec as Indexed<AnyCodec>).first + i, (codec as Indexed<AnyCodec>).element, element, scope, i));
    case 'keyed': { for (const [n, element] of Object.entries(object(value))) child(w, Number(n), (codec as Keyed<AnyCodec>).element, element, scope, n); return; }
    case 'message': return writeMessage(w, codec as AnyMessage, object(value), scope);
    case 'records': return each(value, (element, i) => { try { writeRecord(w, codec as Records<Fields, AnyCodec>, object(element), scope); } catch (e) { rethrow(e, String(i)); } });
    case 'tail': { const t = codec as Tail<Fields, string, AnyCodec>, v = object(value); writeStruct(w, t.header, v); try { write(w, t.rest, v[t.key], { value: v, outer: scope }); } catch (e) { rethrow(e, t.key); } return; }
    case 'variant': { const c = codec as Variant<Record<string, AnyCodec>, AnyCodec>; return write(w, value instanceof Uint8Array ? c.otherwise : caseOf(c, object(value)[c.by]), value, scope); }
    case 'late': return write(w, resolve(codec), value, scope);
    case 'select': return write(w, caseOf(codec as never, find((codec as Select<string, never, AnyCodec>).by, scope)), value, scope);
    default: throw new TypeError(`no way to write '${codec.kind}'`);
  }
}

const show = (value: unknown): string => (typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value) ?? String(value));
function object(value: unknown): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) throw new EncodeError(`expected an object, got ${show(value)}`);
  return value as Values;
}
function each(value: unknown, body: (element: unknown, i: number) => void): void {
  if (!Array.isArray(value)) throw new EncodeError(`expected an array, got ${show(value)}`);
  value.forEach(body);
}
function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new EncodeError(`expected bytes (a Uint8Array), got ${show(value)}`);
  return value;
}
function item(w: Writer, codec: AnyCodec, value: unknown, scope: Scope | undefined, key: string | number): void {
  try { write(w, codec, value, scope); } catch (e) { rethrow(e, String(key)); }
}

function writeInt(w: Writer, c: Int, value: unknown): void {
  const n = value as number, span = 2 ** (8 * c.size), least = c.signed ? -span / 2 : 0;
  if (!Number.isInteger(n) || n < least || n >= least + span) throw new EncodeError(`${show(value)} is not a ${c.type} (${least} to ${least + span - 1})`);
  const at = w.take(c.size), little = w.littleEndian && !c.big;
  if (c.size === 1) w.bytes[at] = n;
  else if (c.size === 2) w.view.setUint16(at, n, little);
  else w.view.setUint32(at, n, little);
}
function writeLong(w: Writer, c: Long, value: unknown): void {
  let n: bigint;
  if (typeof value === 'bigint') n = value;
  else if (Number.isSafeInteger(value)) n = BigInt(value as number);
  else throw new EncodeError(`${show(value)} is not a ${c.type} (a bigint)`);
  if (c.signed ? BigInt.asIntN(64, n) !== n : BigInt.asUintN(64, n) !== n) throw new EncodeError(`${n} does not fit in a ${c.type}`);
  w.view.setBigUint64(at8(w), BigInt.asUintN(64, n), w.littleEndian && !c.big);
}
const at8 = (w: Writer): number => w.take(8);
function writeWide(w: Writer, c: Wide, value: unknown): void {
  const half = c.signed ? 2 ** 31 : 0;
  if (typeof value === 'number' && value >= -half && value < (half || 2 ** 32)) writeInt(w, { kind: 'int', type: c.type, size: 4, signed: c.signed, big: false }, value);
  else writeLong(w, { kind: 'long', type: c.type, size: 8, signed: c.signed, big: false }, value);
}
function writeText(w: Writer, c: Text, value: unknown): void {
  if (typeof value !== 'string') throw new EncodeError(`expected text, got ${show(value)}`);
  const n = value.length, at = w.take(n + (c.nul ? 1 : 0));
  for (let i = 0; i < n; i++) {
    const code = value.charCodeAt(i);
    if (code === 0) throw new EncodeError('text cannot hold NUL');
    if (code > 127) { w.pos = at; w.put(utf8.encode(value)); if (value.includes('\0')) throw new EncodeError('text cannot hold NUL'); if (c.nul) w.take(1); return; }
    w.bytes[at + i] = code;
  }
}
function writeChars(w: Writer, c: Chars, value: unknown): void {
  if (typeof value !== 'string' || value.includes('\0')) throw new EncodeError(`expected text without NUL, got ${show(value)}`);
  const data = utf8.encode(value);
  if (data.length > c.size) throw new EncodeError(`${show(value)} is longer than ${c.size} bytes`);
  const at = w.take(c.size);
  w.bytes.set(data, at);
}
function writeBlob(w: Writer, c: Blob, value: unknown): void {
  if (bytesOf(value).length !== c.size) throw new EncodeError(`expected ${c.size} bytes, got ${(value as Uint8Array).length}`);
  w.put(value as Uint8Array);
}
const address = new Uint8Array(16);
function writeIp(w: Writer, c: Ip, value: unknown): void {
  const size = typeof value !== 'string' ? 0 : parseIpv4(value, address, 0) ? 4 : parseIpv6(value, address, 0) ? 16 : 0;
  if (size === 0 || (c.size !== undefined && c.size !== size)) throw new EncodeError(`${show(value)} is not an ${c.size === 4 ? 'IPv4' : c.size === 16 ? 'IPv6' : 'IP'} address`);
  const at = w.take(size);
  for (let i = 0; i < size; i++) w.bytes[at + i] = address[i] as number;
}
function writeMac(w: Writer, c: Mac, value: unknown): void {
  const data = typeof value === 'string' ? parseMac(value) : undefined;
  if (!data || (c.size !== undefined && data.length !== c.size)) throw new EncodeError(`${show(value)} is not a link-layer address${c.size === undefined ? '' : ` of ${c.size} bytes`} (aa:bb:cc:dd:ee:ff)`);
  w.put(data);
}
function enumNumber(c: Enumeration<string>, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (!Object.hasOwn(c.names, value)) throw new EncodeError(`'${value}' is not one of ${Object.keys(c.names).join(', ')}${didYouMean(value, Object.keys(c.names))}`);
  return c.names[value];
}
function flagBits(c: Flags<string>, value: unknown): unknown {
  if (!Array.isArray(value)) throw new EncodeError(`expected an array of flags, got ${show(value)}`);
  let bits = 0;
  for (const f of value as (string | number)[]) {
    if (typeof f === 'string' && !Object.hasOwn(c.names, f)) throw new EncodeError(`'${f}' is not one of ${Object.keys(c.names).join(', ')}${didYouMean(f, Object.keys(c.names))}`);
    const bit = typeof f === 'string' ? c.names[f] as number : f;
    if (!Number.isInteger(bit) || bit < 0 || bit > 0xffffffff) throw new EncodeError(`${show(f)} is not a flag`);
    bits |= bit;
  }
  return bits >>> 0;
}
const word = new ArrayBuffer(4), scratch = new BitView(word), scratchView = new DataView(word);
function writeBits(w: Writer, c: Bits<string>, value: unknown): void {
  const fields = object(value);
  scratchView.setUint32(0, 0);
  for (const [name, offset, width] of bitPlaces(c, w.littleEndian)) {
    const n = (fields[name] ?? 0) as number;
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** width) throw new EncodeError(`${show(n)} does not fit in ${width} bits`, [name]);
    scratch.setBits(offset, n, width);
  }
  writeInt(w, c.base, scratchView.getUint32(0, true));
}
function writeBitmap(w: Writer, c: Bitmap, value: unknown): void {
  let most = -1;
  each(value, (bit) => { if (!Number.isInteger(bit) || (bit as number) < 0 || (bit as number) > 8 * 0xfff0) throw new EncodeError(`${show(bit)} is not a bit number`); most = Math.max(most, bit as number); });
  const size = c.bytes ?? Math.ceil((most + 1) / 32) * 4;
  if (most >= 8 * size) throw new EncodeError(`bit ${most} does not fit in ${size} bytes`);
  const at = w.take(size);
  for (const bit of value as number[]) w.bytes[at + (bit >> 3)] = (w.bytes[at + (bit >> 3)] as number) | 1 << (bit & 7);
}

function writeStruct(w: Writer, c: Struct<Fields>, value: Values): void {
  const at = w.take(c.size), end = w.pos;
  for (const { key, codec, offset, hidden } of c.places) {
    const field = value[key];
    if (field === undefined || hidden) continue;
    w.pos = at + offset;
    try { write(w, codec, field, codec.kind === 'select' ? { value, outer: undefined } : undefined); } catch (e) { rethrow(e, key); }
  }
  w.pos = end;
}
function writeArray(w: Writer, c: FixedArray<AnyCodec>, value: unknown, scope: Scope | undefined): void {
  if (Array.isArray(value) && value.length > c.length) throw new EncodeError(`${value.length} elements, room for ${c.length}`);
  const at = w.take(c.size);
  w.pos = at;
  each(value, (element, i) => item(w, c.element, element, scope, i));
  w.pos = at + c.size;
}

/** One attribute: header, payload, zero padding. */
function attribute(w: Writer, type: number, payload: () => void, pad?: Uint8Array): void {
  const at = w.take(4);
  if (++w.depth > MAX_DEPTH) throw new EncodeError('nested too deeply');
  payload();
  w.depth--;
  finishAttribute(w, at, type, pad);
}
function finishAttribute(w: Writer, at: number, type: number, pad?: Uint8Array): void {
  const length = w.pos - at;
  if (length > 0xffff) throw new EncodeError(`${length} bytes do not fit in an attribute (65535)`);
  w.view.setUint16(at, length, w.littleEndian);
  w.view.setUint16(at + 2, type, w.littleEndian);
  if (pad) w.put(pad);
  else if (length & 3) w.take(4 - (length & 3));
}
function child(w: Writer, number: number, codec: AnyCodec, value: unknown, scope: Scope | undefined, key: string | number): void {
  const inner = resolve(codec);
  try { attribute(w, number | nestedFlag(inner), () => write(w, inner, value, scope)); } catch (e) { rethrow(e, String(key)); }
}
export const nestedFlag = (codec: AnyCodec): number => (codec.kind === 'attrs' || codec.kind === 'indexed' || codec.kind === 'keyed' ? NESTED : 0);

/** What an attribute's payload is written by: selectors, cycles and repetition looked through. */
export function payloadCodec(a: Attribute_, scope: Scope): AnyCodec {
  let codec = resolve(a.codec);
  if (codec.kind === 'multi') codec = resolve((codec as Multi<AnyCodec>).element);
  return codec.kind === 'select' ? caseOf(codec as never, find((codec as Select<string, never, AnyCodec>).by, scope)) : codec;
}

function writeAttrs(w: Writer, set: Attrs<Shape>, value: Values, outer: Scope | undefined, header?: Struct<Fields>): void {
  const scope: Scope = { value, outer };
  if (value['$order'] !== undefined || value['$wire'] !== undefined) exactly(w, set, value, scope);
  else for (const key in value) writeKey(w, set, key, value, scope, header);
  if (value['$tail'] !== undefined) w.put(bytesOf(value['$tail']));
}

function writeKey(w: Writer, set: Attrs<Shape>, key: string, value: Values, scope: Scope, header: Struct<Fields> | undefined): void {
  const v = value[key];
  if (v === undefined) return;
  const a = set.byKey.get(key);
  if (a === undefined) {
    if (key === '$unknown') for (const u of v as UnknownAttribute[]) attribute(w, u.type, () => w.put(bytesOf(u.data)));
    else if (!key.startsWith('$') && !(header && Object.hasOwn(header.fields, key))) throw new EncodeError(`'${key}' is not a key of ${set.prefix}*${didYouMean(key, [...set.byKey.keys(), ...Object.keys(header?.fields ?? {})])}`);
    return;
  }
  try {
    const codec = payloadCodec(a, scope), type = a.number | nestedFlag(codec);
    if (resolve(a.codec).kind !== 'multi') writeOne(w, type, codec, v, scope);
    else each(v, (element, i) => { try { writeOne(w, type, codec, element, scope); } catch (e) { rethrow(e, String(i)); } });
  } catch (e) { rethrow(e, key); }
}
function writeOne(w: Writer, type: number, codec: AnyCodec, value: unknown, scope: Scope): void {
  const at = w.take(4);
  if (++w.depth > MAX_DEPTH) throw new EncodeError('nested too deeply');
  write(w, codec, value, scope);
  w.depth--;
  finishAttribute(w, at, type);
}

/** In the order and with the deviations that exact decoding kept. */
function exactly(w: Writer, set: Attrs<Shape>, value: Values, scope: Scope): void {
  const wire = (value['$wire'] ?? {}) as Record<string, WireAttribute>;
  for (const label of (value['$order'] as string[] | undefined) ?? labels(set, value)) {
    const [key, index] = splitLabel(label), own = wire[label] ?? {};
    try {
      if (key === '?') {
        const u = (value['$unknown'] as UnknownAttribute[])[index] as UnknownAttribute;
        attribute(w, own.type ?? u.type, () => w.put(own.data ?? u.data), own.pad);
        continue;
      }
      const a = set.byKey.get(key);
      if (!a) throw new EncodeError(`'${key}' is not a key of ${set.prefix}*`);
      if (own.data) { const { data } = own; attribute(w, own.type ?? a.number, () => w.put(data), own.pad); continue; }
      const codec = payloadCodec(a, scope);
      const v = resolve(a.codec).kind === 'multi' ? (value[key] as unknown[])[index] : value[key];
      attribute(w, own.type ?? (a.number | nestedFlag(codec)), () => write(w, codec, v, scope), own.pad);
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

function writeMessage(w: Writer, c: AnyMessage, value: Values, outer: Scope | undefined): void {
  const at = w.pos;
  if (value['$header'] !== undefined) w.put(bytesOf(value['$header']));
  else {
    writeStruct(w, c.header, value);
    const over = (w.pos - at) & 3;
    if (over) w.take(4 - over);
  }
  writeAttrs(w, c.attrs, value, outer, c.header);
}
function writeRecord(w: Writer, c: Records<Fields, AnyCodec>, value: Values, outer: Scope | undefined): void {
  const at = w.pos, place = c.header.places.find((p) => p.key === c.lengthKey);
  writeStruct(w, c.header, value);
  writeAttrs(w, resolve(c.attrs) as Attrs<Shape>, value, outer, c.header);
  const end = w.pos;
  if (!place) throw new TypeError(`${c.header.type} has no member ${c.lengthKey}`);
  w.pos = at + place.offset;
  write(w, place.codec, end - at, undefined);
  w.pos = end;
  if (end & 3) w.take(4 - (end & 3));
}

/** Bytes of a payload, on their own. */
export function payload(codec: AnyCodec, value: unknown, scope: Scope | undefined, littleEndian: boolean, depth: number): Uint8Array {
  const w = new Writer(littleEndian);
  w.depth = depth;
  write(w, codec, value, scope);
  return w.finish();
}
