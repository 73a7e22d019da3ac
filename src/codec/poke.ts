/** Values of fixed size, each kind of schema made into a function once. */
import { BitView } from 'bit-buffer';
import { parseIpv4, parseIpv6, parseMac } from './address.ts';
import { didYouMean, EncodeError, rethrow } from './errors.ts';
import { fixedSize } from './layout.ts';
import { bitPlaces, caseOf, find, resolve, valueAt, type AnySelect, type Scope, type Values } from './source.ts';
import type { AnyCodec, Bitmap, Bits, Blob, Chars, Enumeration, Flags, Int, Ip, Long, Mac } from './scalars.ts';
import type { Fields, FixedArray, Struct } from './schema.ts';
import { bytesOf, bytesWithout, each, object, show, type Writer } from './writer.ts';

/** Writes a value at `at`; the bytes are already claimed, and hold anything. */
export type Poke = (w: Writer, at: number, value: unknown, scope: Scope | undefined) => void;

const pokes = new WeakMap<AnyCodec, Poke>();
const utf8 = new TextEncoder();
export function pokeOf(codec: AnyCodec): Poke {
  const target = resolve(codec);
  let poke = pokes.get(target);
  if (!poke) pokes.set(target, poke = makePoke(target));
  return poke;
}


function makePoke(codec: AnyCodec): Poke {
  switch (codec.kind) {
    case 'int': return pokeInt(codec as Int);
    case 'long': return pokeLong(codec as Long);
    case 'enum': return pokeEnum(codec as Enumeration<string>);
    case 'flags': return pokeFlags(codec as Flags<string>);
    case 'bits': return pokeBits(codec as Bits<string>);
    case 'chars': return pokeChars(codec as Chars);
    case 'blob': return pokeBlob(codec as Blob);
    case 'ip': return pokeIp(codec as Ip);
    case 'mac': return (w, at, value) => w.bytes.set(macBytes(value, (codec as Mac).size), at);
    case 'struct': return pokeStruct(codec as Struct<Fields>);
    case 'array': return pokeArray(codec as FixedArray<AnyCodec>);
    case 'bitmap': return pokeBitmap(codec as Bitmap);
    // A union: the largest case makes the room, and a shorter one leaves zeros.
    case 'select': return (w, at, value, scope) => {
      const c = codec as AnySelect, by = find(c.by, scope), own = caseOf(c, by);
      pokeOf(own)(w, at, own.kind === 'blob' && !Object.hasOwn(c.cases, String(by)) ? bytesWithout(c, by, value) : value, scope);
    };
    default: return () => { throw new TypeError(`'${codec.kind}' has no fixed size`); };
  }
}

/** The bits of a bitmap of a known size. */
export function pokeBitmap(c: Bitmap): Poke {
  const size = c.bytes as number;
  return (w, at, value) => {
    if (!Array.isArray(value)) throw new EncodeError(`expected an array of bit numbers, got ${show(value)}`);
    w.bytes.fill(0, at, at + size);
    for (const bit of value as number[]) {
      if (!Number.isInteger(bit) || bit < 0 || bit >= 8 * size) throw new EncodeError(`${show(bit)} is not a bit of ${size} bytes`);
      w.bytes[at + (bit >> 3)] = (w.bytes[at + (bit >> 3)] as number) | 1 << (bit & 7);
    }
  };
}


export function pokeInt(c: Int): Poke {
  const span = 2 ** (8 * c.size), least = c.signed ? -span / 2 : 0, most = least + span - 1, { size, big } = c;
  return (w, at, value) => {
    const n = value as number;
    if (!(Number.isInteger(n) && n >= least && n <= most)) throw new EncodeError(`${show(value)} is not a ${c.type} (${least} to ${most})`);
    if (size === 1) w.bytes[at] = n;
    else if (size === 2) w.view.setUint16(at, n, w.littleEndian && !big);
    else w.view.setUint32(at, n, w.littleEndian && !big);
  };
}
export function pokeLong(c: Long): Poke {
  return (w, at, value) => {
    let n: bigint;
    if (typeof value === 'bigint') n = value;
    else if (Number.isSafeInteger(value)) n = BigInt(value as number);
    else throw new EncodeError(`${show(value)} is not a ${c.type} (a bigint)`);
    if (c.signed ? BigInt.asIntN(64, n) !== n : BigInt.asUintN(64, n) !== n) throw new EncodeError(`${n} does not fit in a ${c.type}`);
    w.view.setBigUint64(at, BigInt.asUintN(64, n), w.littleEndian && !c.big);
  };
}
function pokeEnum(c: Enumeration<string>): Poke {
  const poke = pokeInt(c.base), names = new Map<unknown, number>(Object.entries(c.names));
  return (w, at, value, scope) => {
    if (typeof value !== 'string') return poke(w, at, value, scope);
    const n = names.get(value);
    if (n === undefined) throw unknownName(value, Object.keys(c.names));
    poke(w, at, n, scope);
  };
}
function pokeFlags(c: Flags<string>): Poke {
  const poke = pokeInt(c.base), names = new Map<unknown, number>(Object.entries(c.names));
  return (w, at, value, scope) => {
    if (!Array.isArray(value)) throw new EncodeError(`expected an array of flags, got ${show(value)}`);
    let bits = 0;
    for (const f of value) {
      const bit = typeof f === 'string' ? names.get(f) : f as number;
      if (bit === undefined) throw unknownName(f as string, Object.keys(c.names));
      if (!Number.isInteger(bit) || bit < 0 || bit > 0xffffffff) throw new EncodeError(`${show(f)} is not a flag`);
      bits |= bit;
    }
    poke(w, at, bits >>> 0, scope);
  };
}
const unknownName = (name: string, names: string[]): EncodeError => new EncodeError(`'${name}' is not one of ${names.join(', ')}${didYouMean(name, names)}`);

const word = new ArrayBuffer(4), scratch = new BitView(word), scratchView = new DataView(word);
function pokeBits(c: Bits<string>): Poke {
  const poke = pokeInt(c.base);
  return (w, at, value, scope) => {
    const fields = object(value);
    scratchView.setUint32(0, 0);
    for (const [name, offset, width] of bitPlaces(c, w.littleEndian)) {
      const n = (fields[name] ?? 0) as number;
      if (!Number.isInteger(n) || n < 0 || n >= 2 ** width) throw new EncodeError(`${show(n)} does not fit in ${width} bits`, [name]);
      scratch.setBits(offset, n, width);
    }
    poke(w, at, scratchView.getUint32(0, true), scope);
  };
}
function pokeChars(c: Chars): Poke {
  return (w, at, value) => {
    if (typeof value !== 'string' || value.includes('\0')) throw new EncodeError(`expected text without NUL, got ${show(value)}`);
    const data = utf8.encode(value);
    if (data.length > c.size) throw new EncodeError(`${show(value)} is longer than ${c.size} bytes`);
    w.bytes.fill(0, at, at + c.size);
    w.bytes.set(data, at);
  };
}
function pokeBlob(c: Blob): Poke {
  return (w, at, value) => {
    if (bytesOf(value).length !== c.size) throw new EncodeError(`expected ${c.size} bytes, got ${(value as Uint8Array).length}`);
    w.bytes.set(value as Uint8Array, at);
  };
}
function pokeIp(c: Ip): Poke {
  const parse = c.size === 4 ? parseIpv4 : parseIpv6;
  return (w, at, value) => { if (typeof value !== 'string' || !parse(value, w.bytes, at)) throw new EncodeError(`${show(value)} is not an ${c.size === 4 ? 'IPv4' : 'IPv6'} address`); };
}
function pokeStruct(c: Struct<Fields>): Poke {
  const poke = pokeMembers(c);
  return (w, at, value, scope) => {
    poke(w, at, value, scope);
    for (const key in value as Values) if (!Object.hasOwn(c.fields, key) && (value as Values)[key] !== undefined) throw new EncodeError(`'${key}' is not a member of ${c.type}${didYouMean(key, Object.keys(c.fields))}`);
  };
}
/** A struct's members out of an object that holds more: a message's header and its attributes are one object. */
export function pokeMembers(c: Struct<Fields>): Poke {
  const members = c.places.filter((p) => !p.hidden).map(({ key, codec, offset }) => ({ key, offset, poke: pokeOf(codec), by: codec.kind === 'select' ? (codec as AnySelect).by : undefined, missing: c.defaults?.[key] })), { size } = c;
  return (w, at, value) => {
    const fields = object(value);
    w.bytes.fill(0, at, at + size);
    for (let i = 0; i < members.length; i++) {
      const m = members[i] as (typeof members)[number], given = fields[m.key], field = given === undefined ? m.missing : given;
      if (field === undefined) continue;
      try { m.poke(w, at + m.offset, field, m.by === undefined ? undefined : { value: { [m.by]: valueAt(fields, m.by) }, outer: undefined }); } catch (e) { rethrow(e, m.key); }
    }
  };
}
function pokeArray(c: FixedArray<AnyCodec>): Poke {
  const poke = pokeOf(c.element), step = fixedSize(c.element) as number;
  return (w, at, value, scope) => {
    if (Array.isArray(value) && value.length > c.length) throw new EncodeError(`${value.length} elements, room for ${c.length}`);
    w.bytes.fill(0, at, at + c.size);
    each(value, (element, i) => poke(w, at + i * step, element, scope));
  };
}
export function macBytes(value: unknown, size: number | undefined): Uint8Array {
  const data = typeof value === 'string' ? parseMac(value) : undefined;
  if (!data || (size !== undefined && data.length !== size)) throw new EncodeError(`${show(value)} is not a link-layer address${size === undefined ? '' : ` of ${size} bytes`} (aa:bb:cc:dd:ee:ff)`);
  return data;
}
