/** Messages that are almost right: one attribute, one length, one flag is not as the schema has it, and all else still is. */
import { HEADER_SIZE, HOST_LITTLE_ENDIAN, spans, TYPE_MASK, type AnyCodec } from '../codec/index.ts';
import type { Tape } from './tape.ts';

/**
 * One kind of damage. `at` counts attributes, at any depth, modulo how many there are; without any, and for kinds that concern the message,
 * it is the message that is damaged.
 * - `length`: nla_len says another number; nothing moves
 * - `type`: nla_type says another number, its flags stay
 * - `nested`, `order`: NLA_F_NESTED, NLA_F_NET_BYTEORDER is the other way round
 * - `resize`: the payload is so many bytes longer (zeros) or shorter, and all lengths around it fit
 * - `drop`, `repeat`: the attribute is away, or there once more behind itself
 * - `wrap`: the attribute is in an attribute of its own type
 * - `byte`: a byte of the payload is another
 * - `flags`: nlmsg_flags has other bits
 * - `total`: nlmsg_len says another number
 * - `cut`: the message ends early, and its length says so
 */
export type Damage =
  | { readonly kind: 'length' | 'type'; readonly at: number; readonly value: number }
  | { readonly kind: 'nested' | 'order' | 'drop' | 'repeat' | 'wrap'; readonly at: number }
  | { readonly kind: 'resize'; readonly at: number; readonly by: number }
  | { readonly kind: 'byte'; readonly at: number; readonly where: number; readonly xor: number }
  | { readonly kind: 'flags'; readonly xor: number }
  | { readonly kind: 'total'; readonly value: number }
  | { readonly kind: 'cut'; readonly where: number };

const LENGTHS = [0, 1, 3, 4, 5, 6, 7, 8, 12, 20, 0x7fff, 0x8000, 0xfffc, 0xffff], TOTALS = [0, 1, 15, 16, 17, 18, 19, 20, 24, 32, 0x10000, 0x7fffffff, 0xffffffff];

/** Damage as a tape has it. */
export function damageOf(t: Tape): Damage {
  const at = t.below(64);
  switch (t.below(14)) {
    case 0: case 1: return { kind: 'resize', at, by: t.pick([1, 2, 3, 4, 8, 64, 4096, -1, -2, -3, -4, -8]) };
    case 2: case 3: return { kind: 'type', at, value: t.chance(2) ? t.below(TYPE_MASK + 1) : t.below(80) };
    case 4: return { kind: 'length', at, value: t.pick(LENGTHS) };
    case 5: return { kind: 'nested', at };
    case 6: return { kind: 'order', at };
    case 7: return { kind: 'drop', at };
    case 8: case 9: return { kind: 'repeat', at };
    case 10: return { kind: 'wrap', at };
    case 11: return { kind: 'byte', at, where: t.below(4096), xor: 1 + t.below(255) };
    case 12: return { kind: 'flags', xor: 1 << t.below(16) };
    default: return t.chance(2) ? { kind: 'total', value: t.pick(TOTALS) } : { kind: 'cut', where: t.below(4096) };
  }
}

interface Place { readonly at: number; readonly length: number; readonly end: number; /** Where the attributes begin that it is in. */ readonly around: readonly number[] }

/** The attributes of a message, at any depth, in the order of their bytes. */
function places(schema: AnyCodec, message: Uint8Array, littleEndian: boolean): Place[] {
  const out: Place[] = [];
  for (const { type, start, value } of spans(schema, message, { littleEndian, at: HEADER_SIZE, end: message.length }).spans) {
    if (type !== 'nlattr') continue;
    const { length } = value as { length: number };
    if (length < 4 || start + length > message.length) continue;
    out.push({ at: start, length, end: Math.min(start + (length + 3 & ~3), message.length), around: out.filter((o) => o.at < start && start < o.at + o.length).map((o) => o.at) });
  }
  return out;
}

/**
 * The message with one kind of damage done; the input stays as it is. Total: what is too short for it, or has none of what it is about, comes back
 * as it was.
 * @param schema of the body @param message one message, from its nlmsghdr on
 */
export function damage(schema: AnyCodec, message: Uint8Array, what: Damage, littleEndian = HOST_LITTLE_ENDIAN): Uint8Array {
  if (message.length < HEADER_SIZE) return message.slice();
  const out = message.slice(), view = new DataView(out.buffer);
  switch (what.kind) {
    case 'flags': view.setUint16(6, view.getUint16(6, littleEndian) ^ what.xor, littleEndian); return out;
    case 'total': view.setUint32(0, what.value, littleEndian); return out;
    case 'cut': return sized(out.slice(0, HEADER_SIZE + what.where % (out.length - HEADER_SIZE + 1)), littleEndian);
    default:
  }
  const all = places(schema, message, littleEndian), place = all[what.at % all.length];
  if (!place) return out;
  const { at, length, end } = place, type = view.getUint16(at + 2, littleEndian), own = message.slice(at, end);
  switch (what.kind) {
    case 'length': view.setUint16(at, what.value, littleEndian); return out;
    case 'type': view.setUint16(at + 2, (type & ~TYPE_MASK) | (what.value & TYPE_MASK), littleEndian); return out;
    case 'nested': view.setUint16(at + 2, type ^ 0x8000, littleEndian); return out;
    case 'order': view.setUint16(at + 2, type ^ 0x4000, littleEndian); return out;
    case 'byte': if (length > 4) { const where = at + 4 + what.where % (length - 4); out[where] = (out[where] as number) ^ what.xor; } return out;
    case 'drop': return replaced(message, place, new Uint8Array(), littleEndian);
    case 'repeat': return replaced(message, place, joined(padded(own), own), littleEndian);
    case 'wrap': return replaced(message, place, attribute(type, padded(own), littleEndian), littleEndian);
    case 'resize': {
      const size = Math.max(0, length - 4 + what.by), payload = new Uint8Array(size);
      payload.set(message.subarray(at + 4, at + 4 + Math.min(size, length - 4)));
      return replaced(message, place, attribute(type, payload, littleEndian), littleEndian);
    }
  }
}

/** Puts other bytes in an attribute's place; the lengths around it fit, as far as 16 bits do. */
function replaced(message: Uint8Array, { at, end, around }: Place, bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  const out = joined(message.subarray(0, at), padded(bytes), message.subarray(end)), view = new DataView(out.buffer), by = out.length - message.length;
  for (const outer of around) view.setUint16(outer, view.getUint16(outer, littleEndian) + by, littleEndian);
  return sized(out, littleEndian);
}
function sized(message: Uint8Array, littleEndian: boolean): Uint8Array {
  new DataView(message.buffer).setUint32(0, message.length, littleEndian);
  return message;
}
function attribute(type: number, payload: Uint8Array, littleEndian: boolean): Uint8Array {
  const out = new Uint8Array(4 + payload.length), view = new DataView(out.buffer);
  view.setUint16(0, out.length, littleEndian);
  view.setUint16(2, type, littleEndian);
  out.set(payload, 4);
  return out;
}
const padded = (bytes: Uint8Array): Uint8Array => (bytes.length & 3 ? joined(bytes, new Uint8Array(-bytes.length & 3)) : bytes);
function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}
