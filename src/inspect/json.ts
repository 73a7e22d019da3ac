/**
 * Datagrams as JSON, and back to the same bytes: for every protocol, known or not, well-formed or not. Values are what
 * decoding gives; where JSON has no word for one, its schema tells how it is written:
 * bytes are hex, 64-bit integers are numbers or, above 2^53, decimal strings; an integer that may take 4 or 8 bytes is
 * a number when it takes 4 and a string when it takes 8. Where a schema is no help: `{"$hex": "..."}`, `{"$int": "..."}`.
 */
import {
  binary, bodySchema as declaredSchema, caseOf, commandOf, CONTROL_NAMES, COMMON_FLAGS, decodeMessage, didYouMean, EncodeError, encodeMessage, ExtAck, flagNumber, flags, frames, headerFlags, HOST_LITTLE_ENDIAN,
  isProtocols, messageOf, NLMSG, Nlmsghdr, resolve, s32, struct, u16, Writer, type AnyCodec, type Attrs, type Decoded, type Fields, type Flags, type Frame, type Header, type MessageType, type Protocol, type Select, type Shape, type Struct, type Tail, type Verb,
} from '../codec/index.ts';
import { find, type Scope, type Values } from '../codec/source.ts';
import { familyNamed, NLCTRL_ID, nlctrl } from '../families/generic/index.ts';
import { protocolOf, protocols, uevent, variants } from '../families/index.ts';
import { toHex } from './capture.ts';
import { ueventBytes, ueventOf } from './uevent.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One message of a datagram, or what is left of it at the end. */
export interface JsonMessage {
  /** 'route', or the number of a protocol without schemas. */
  protocol?: string | number;
  /** Of generic netlink: the family, whose number is `type`; absent where it is not known. */
  family?: string;
  /** 'RTM_NEWLINK'; absent where the type has no name. */
  name?: string;
  type?: number;
  /** Names as the kind of request reads them, what has no name as a number. */
  flags?: (string | number)[];
  seq?: number;
  pid?: number;
  body?: Json;
  /** Padding behind the message, where it is not zeros up to a multiple of 4. */
  $pad?: string;
  /** Bytes that are no message, in place of everything above. */
  $tail?: string;
  /** Why they are none. */
  reason?: string;
  /** The datagram is of a big-endian machine. */
  bigEndian?: true;
}

export interface JsonOptions {
  /** The netlink protocol; its number where no schemas are declared for it. */
  readonly protocol?: Protocol | number | string;
  /** Byte order. Default: this machine's. */
  readonly littleEndian?: boolean;
}

/** A datagram as JSON: one object a message. Never throws; `fromJson` gives the same bytes. */
export function toJson(datagram: Uint8Array, options: JsonOptions = {}): JsonMessage[] {
  const littleEndian = options.littleEndian ?? HOST_LITTLE_ENDIAN, p = protocolNamed(options.protocol), out: JsonMessage[] = [];
  const common = { ...protocolLabel(options.protocol, p), ...(!littleEndian && { bigEndian: true as const }) };
  if (p === uevent && datagram.length > 0) {
    const event = ueventOf(datagram, littleEndian);
    return ['body' in event ? { ...common, name: uevent.name, body: event.body } : { ...common, $tail: toHex(datagram), reason: event.reason }];
  }
  let end = 0, reason = '';
  for (const frame of frames(datagram, { littleEndian, tail: (_at, why) => { reason = why; } })) {
    end = frame.next;
    out.push(one(p, datagram, frame, littleEndian, common));
  }
  if (end < datagram.length) out.push({ $tail: toHex(datagram.subarray(end)), ...(reason && { reason }), ...(!littleEndian && { bigEndian: true }) });
  return out;
}

function one(p: Protocol | undefined, datagram: Uint8Array, frame: Frame, littleEndian: boolean, common: object): JsonMessage {
  const message = decodeMessage(p, datagram, frame, { littleEndian, exact: true }), { type, flags: bits, seq, pid } = message.header;
  const { name } = message, schema = bodySchema(p, message.header), family = p?.byNumber.get(type);
  const head = { ...common, ...(family?.commands && { family: family.name }), ...(name !== String(type) && { name }), type, flags: flagsOf(p, message.header, commandOf(datagram, frame)).read(bits), seq, pid };
  const made: JsonMessage = { ...head, body: outward(schema, message.body, undefined) };
  const padding = datagram.subarray(frame.end, frame.next);
  if (padding.length !== (-frame.length & 3) || padding.some((byte) => byte !== 0)) made.$pad = toHex(padding);
  // What no value brings back goes as it is.
  const whole = attempt(() => fromJson([made], p ? { protocol: p } : {}));
  return whole && same(whole, datagram.subarray(frame.at, frame.next)) ? made : { ...made, body: { $hex: toHex(datagram.subarray(frame.start, frame.end)) } };
}

/**
 * The datagram that JSON messages stand for. `type` may be left out where `name` is known; `flags` may be a number.
 * @throws EncodeError with the path of what cannot be written
 */
export function fromJson(messages: readonly JsonMessage[], options: JsonOptions = {}): Uint8Array {
  const w = new Writer(options.littleEndian ?? !messages.some((message) => message.bigEndian));
  messages.forEach((message, i) => {
    try { append(w, message, options); } catch (error) { throw error instanceof EncodeError ? error.under(String(i)) : error; }
  });
  return w.finish();
}

function append(w: Writer, message: JsonMessage, options: JsonOptions): void {
  const stray = Object.entries(message).find(([key, value]) => !KEYS.has(key) && value !== undefined)?.[0];
  if (stray !== undefined) throw new EncodeError(`'${stray}' is not a key of a message${didYouMean(stray, [...KEYS])}`);
  if (message.$tail !== undefined) { w.put(bytesOf(message.$tail)); return; }
  const p = protocolOfMessage(message, options);
  if (p === uevent) { w.put(ueventBytes(message.body, w.littleEndian)); return; }
  const type = message.type ?? typeNamed(p, message.name), command = commandNamed(p, type, message.name);
  const given = flagsGiven(message.flags), asks = typeof given !== 'number' && given.includes('request'), heading = { type, flags: asks ? COMMON_FLAGS.request : 0, seq: message.seq ?? 0, pid: message.pid ?? 0 };
  const bits = typeof given === 'number' ? given : flagsOf(p, heading, command?.[0]).write(given);
  const value = message.body ?? {}, schema = bodySchema(p, { ...heading, flags: bits });
  // The name says which command it is.
  const body = inward(schema, command && typeof value === 'object' && !('cmd' in value || '$hex' in value) ? { cmd: command[1].key, ...value } : value, undefined);
  const decoded: Decoded = { header: { type, flags: bits, seq: message.seq ?? 0, pid: message.pid ?? 0 }, name: '', body };
  const at = w.pos;
  encodeMessage(w, p, decoded);
  if (message.$pad !== undefined) { w.pos = at + w.view.getUint32(at, w.littleEndian); w.put(bytesOf(message.$pad)); }
}

const KEYS: ReadonlySet<string> = new Set(['protocol', 'family', 'name', 'type', 'flags', 'seq', 'pid', 'body', '$pad', '$tail', 'reason', 'bigEndian'] satisfies (keyof JsonMessage)[]);
/** `flags` as JSON may have it: a list, or a number. */
function flagsGiven(given: unknown): number | readonly (string | number)[] {
  if (given === undefined || typeof given === 'number' || Array.isArray(given)) return given ?? [];
  throw new EncodeError(`expected a list of names, ["request", "ack"], or a number; got ${JSON.stringify(given)}`, ['flags']);
}

const byName = new Map([...protocols, ...variants].map((p) => [p.name, p]));
/** A protocol's schemas by what a caller has: the schemas themselves, the number, the name. */
export function protocolNamed(which: Protocol | number | string | undefined): Protocol | undefined {
  return typeof which === 'object' ? which : typeof which === 'number' ? protocolOf(which) : which === undefined ? undefined : byName.get(which);
}
const protocolLabel = (which: Protocol | number | string | undefined, p: Protocol | undefined): { protocol?: string | number } =>
  p ? { protocol: p.name } : typeof which === 'number' || typeof which === 'string' ? { protocol: which } : {};

/** A family of generic netlink has the number that its message has. */
function protocolOfMessage({ protocol, family, type }: JsonMessage, options: JsonOptions): Protocol | undefined {
  const given = options.protocol, p = typeof given === 'object' && (protocol === undefined || protocol === given.name) ? given : protocolNamed(protocol ?? given);
  if (family === undefined || (type !== undefined && p?.byNumber.get(type)?.name === family)) return p;
  return familyNamed(family)?.at(type ?? (family === nlctrl.name ? NLCTRL_ID : 0)) ?? p;
}
function commandNamed(p: Protocol | undefined, type: number, name: string | undefined): [number, MessageType] | undefined {
  const m = p?.byNumber.get(type);
  return [...(m?.commands ?? []), ...(m?.events?.commands ?? [])].find(([, one]) => one.name === name);
}

function typeNamed(p: Protocol | undefined, name: string | undefined): number {
  for (const m of p?.byNumber.values() ?? []) if ([m, ...(m.commands?.values() ?? []), ...(m.events?.commands?.values() ?? [])].some((one) => one.name === name || one.key === name)) return m.number;
  const control = Object.entries(CONTROL_NAMES).find(([, own]) => own === name);
  if (!control) throw new EncodeError(`no message is called ${JSON.stringify(name)}${p ? ` in ${p.name}` : ''}`, ['name']);
  return Number(control[0]);
}

/** nlmsg_flags as the message's kind reads them; only the common ones where the kind is not known. */
function flagsOf(p: Protocol | undefined, header: Header, command?: number): { read(bits: number): (string | number)[]; write(names: readonly (string | number)[]): number } {
  const verb: Verb | undefined = !isProtocols(p, header.type) && (header.type === NLMSG.error || header.type === NLMSG.done) ? 'ack' : messageOf(p, header, command)?.verb;
  const codec = (verb ? headerFlags[verb] : commonFlags) as Flags<string>;
  return {
    read(bits) {
      const out: (string | number)[] = [];
      for (const [bit, name] of codec.bits) if (bits & bit) { out.push(name); bits &= ~bit; }
      return bits ? [...out, bits] : out;
    },
    write: (names) => names.reduce<number>((sum, name) => sum | (typeof name === 'number' ? name : flagNumber(verb ?? 'get', [name])), 0),
  };
}
const commonFlags = flags(u16, COMMON_FLAGS, 'NLM_F_');

const errorBody = struct('nlmsgerr', { error: s32, request: Nlmsghdr }), doneBody = struct('done', { error: s32 });
const controlParts: Readonly<Record<string, AnyCodec>> = { payload: binary, extack: ExtAck, $rest: binary };
function bodySchema(p: Protocol | undefined, header: Header): AnyCodec {
  const { type } = header;
  if (isProtocols(p, type)) return declaredSchema(p, header);
  if (type === NLMSG.error) return { kind: 'control', fields: { ...errorBody.fields, ...controlParts } } as AnyCodec;
  if (type === NLMSG.done) return { kind: 'control', fields: { ...doneBody.fields, ...controlParts } } as AnyCodec;
  return declaredSchema(p, header);
}

// -- values -------------------------------------------------------------------------------------------------

type Shapes = AnyCodec & { readonly element?: AnyCodec; readonly fields?: Fields; readonly size?: number };
const rawAttribute: AnyCodec = { kind: 'control', fields: { type: u16, data: binary, pad: binary } } as AnyCodec;
/** What exact decoding keeps beside the values. */
const extras: Readonly<Record<string, AnyCodec>> = {
  $unknown: { kind: 'list', element: rawAttribute } as AnyCodec, $wire: { kind: 'keyed', element: rawAttribute } as AnyCodec, $tail: binary, $header: binary, $rest: binary,
};

/** The schema under a key of an object that `codec` describes; undefined where it describes none. */
function under(codec: AnyCodec, key: string): AnyCodec | undefined {
  if (Object.hasOwn(extras, key)) return extras[key];
  switch (codec.kind) {
    case 'attrs': return (codec as Attrs<Shape>).byKey.get(key)?.codec;
    case 'message': case 'records': {
      const m = codec as unknown as { header: Struct<Fields>; attrs: AnyCodec };
      return Object.hasOwn(m.header.fields, key) ? m.header.fields[key] : under(resolve(m.attrs), key);
    }
    case 'tail': { const t = codec as Tail<Fields, string, AnyCodec>; return key === t.key ? t.rest : t.header.fields[key]; }
    case 'struct': case 'control': return (codec as Shapes).fields?.[key];
    case 'keyed': return (codec as Shapes).element;
    default: return undefined;
  }
}
/** The schema of each element of an array. */
const within = (codec: AnyCodec): AnyCodec | undefined => (codec.kind === 'records' ? codec : (codec as Shapes).element);

/** Selectors, cycles and variants looked through, for a value or its JSON. */
function settle(codec: AnyCodec | undefined, value: unknown, scope: Scope | undefined): AnyCodec {
  let inner = resolve(codec ?? nothing);
  if (inner.kind === 'select') inner = caseOf(inner as never, find((inner as Select<string, never, AnyCodec>).by, scope));
  if (inner.kind === 'variant') {
    const v = inner as unknown as { by: string; otherwise: AnyCodec };
    inner = typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? caseOf(inner as never, (value as Values)[v.by]) : resolve(v.otherwise);
  }
  return inner;
}
const nothing: AnyCodec = { kind: 'nothing' };
const isBytes = (c: AnyCodec): boolean => c.kind === 'binary' || c.kind === 'blob';

function outward(codec: AnyCodec | undefined, value: unknown, scope: Scope | undefined): Json {
  const c = settle(codec, value, scope);
  if (value instanceof Uint8Array) return isBytes(c) ? toHex(value) : { $hex: toHex(value) };
  if (typeof value === 'bigint') {
    const plain = Number.isSafeInteger(Number(value)) && c.kind === 'long';
    return plain ? Number(value) : c.kind === 'long' || c.kind === 'wide' ? String(value) : { $int: String(value) };
  }
  if (typeof value === 'string') return isBytes(c) || c.kind === 'long' || c.kind === 'wide' ? { $text: value } : value;
  if (Array.isArray(value)) return value.map((element) => outward(within(c), element, scope));
  if (typeof value !== 'object' || value === null) return value as Json;
  const out: { [key: string]: Json } = {}, inner: Scope = { value: value as Values, outer: scope };
  for (const [key, own] of Object.entries(value)) if (own !== undefined) out[key] = outward(under(c, key), own, inner);
  return out;
}

function inward(codec: AnyCodec | undefined, json: unknown, scope: Scope | undefined): unknown {
  const c = settle(codec, json, scope);
  if (typeof json === 'string') return isBytes(c) ? bytesOf(json) : c.kind === 'long' || c.kind === 'wide' ? bigOf(json) : json;
  if (typeof json === 'number') return c.kind === 'long' && Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map((element) => inward(within(c), element, scope));
  if (typeof json !== 'object' || json === null) return json;
  const tagged = Object.keys(json).length === 1 ? json as { $hex?: unknown; $int?: unknown; $text?: unknown } : {};
  if (typeof tagged.$hex === 'string') return bytesOf(tagged.$hex);
  if (typeof tagged.$int === 'string') return bigOf(tagged.$int);
  if (typeof tagged.$text === 'string') return tagged.$text;
  const out: Values = {}, inner: Scope = { value: json as Values, outer: scope };
  for (const [key, own] of Object.entries(json)) {
    try { out[key] = inward(under(c, key), own, inner); } catch (error) { throw error instanceof EncodeError ? error.under(key) : error; }
  }
  return out;
}

function bytesOf(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw new EncodeError(`${JSON.stringify(hex)} is not hex`);
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
function bigOf(digits: string): bigint {
  if (!/^-?\d+$/.test(digits)) throw new EncodeError(`${JSON.stringify(digits)} is not an integer`);
  return BigInt(digits);
}
function attempt<T>(body: () => T): T | undefined {
  try { return body(); } catch { return undefined; }
}
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
