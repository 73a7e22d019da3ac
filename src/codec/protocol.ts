/** A netlink protocol: which message type carries which schema, and the multicast groups. */
import { CONTROL_NAMES, decodeControl, writeControl, type DoneBody, type ErrorBody } from './control.ts';
import { decoder, HOST_LITTLE_ENDIAN, spans as spansOf } from './decode.ts';
import { DecodeError, didYouMean, EncodeError } from './errors.ts';
import { COMMON_FLAGS, NLM_F_DUMP, NLMSG_MIN_TYPE, VERB_FLAGS, writeFrame, type Frame, type Header, type Verb } from './frame.ts';
import type { Span } from './source.ts';
import type { AnyCodec } from './scalars.ts';
import { kernelName } from './schema.ts';
import { Writer } from './writer.ts';

/** A message type of a protocol: its names, number, and what it carries each way. */
export interface MessageType<C extends AnyCodec = AnyCodec, R extends AnyCodec = AnyCodec> {
  /** 'newlink' */ readonly key: string;
  /** 'RTM_NEWLINK' */ readonly name: string;
  readonly number: number;
  readonly schema: C;
  /** What user space sends under this number, where it is not what the kernel sends: a message with NLM_F_REQUEST. */
  readonly request: R;
  /** What user space sends with NLM_F_DUMP, where that is neither. */
  readonly dump?: AnyCodec;
  /** Which meaning its flag bits have. */
  readonly verb: Verb;
  /** What the body of a dump says more when only these keys are wanted of the objects: the kernel leaves out what it can. */
  readonly sparing?: Sparing;
  /** Of a family of generic netlink, all of whose messages have one number: its commands, by the first byte of the payload. */
  readonly commands?: ReadonlyMap<number, MessageType>;
  /** Of such a family: what the kernel sends unasked, where it numbers its events anew. */
  readonly events?: MessageType;
  /** Whether its answers are numbered among its events: then only what has NLM_F_REQUEST is one of `commands`. */
  readonly answers?: true;
}
/** By the keys that are wanted: more of a body, `{}` for nothing. */
export type Sparing = (select: readonly string[]) => object;
/** key -> [number, schema, kernel name where it is not the mechanical one, schema of requests where it is another, of requests for a dump where that is one more] */
export type MessageTable = { readonly [key: string]: readonly [number: number, schema: AnyCodec, name?: string | undefined, request?: AnyCodec, dump?: AnyCodec] };
type RequestOf<T extends MessageTable[string]> = T extends readonly [number, AnyCodec, string | undefined, infer R extends AnyCodec, AnyCodec?] ? R : T[1];
/** key -> [number, kernel name] of multicast groups. */
export type GroupTable = { readonly [key: string]: readonly [number: number, name: string] };

/** A protocol: what `protocol()` gives, and what clients and readers of captures take. */
export interface Protocol<M extends MessageTable = MessageTable, G extends GroupTable = GroupTable> {
  /** 'route' */ readonly name: string;
  /** The number given to socket(2): NETLINK_ROUTE is 0. */
  readonly number: number;
  readonly messages: { readonly [K in keyof M]: MessageType<M[K][1], RequestOf<M[K]>> };
  readonly byNumber: ReadonlyMap<number, MessageType>;
  readonly groups: G;
  /** What can be said of messages whose type is not declared; absent: nothing, they are bytes. */
  readonly otherwise?: AnyCodec;
}

/** Declares a protocol: its number, its messages and their schemas, its multicast groups. */
export function protocol<const M extends MessageTable, const G extends GroupTable>(name: string, number: number, table: { prefix: string; messages: M; groups: G; sparing?: { readonly [K in keyof M]?: Sparing } }): Protocol<M, G> {
  const all = Object.entries(table.messages).map(([key, [n, schema, kernel, request, dump]]): MessageType => ({ key, number: n, schema, request: request ?? schema, ...(dump && { dump }), name: kernel ?? kernelName(table.prefix, key), verb: verbOf(key), ...(table.sparing?.[key] && { sparing: table.sparing[key] }) }));
  return { name, number, messages: Object.fromEntries(all.map((m) => [m.key, m])) as Protocol<M, G>['messages'], byNumber: new Map(all.map((m) => [m.number, m])), groups: table.groups };
}
/** Which meaning a message's flag bits have, by its key. */
export const verbOf = (key: string): Verb => (/^(new|set)/.test(key) ? 'new' : /^(del|destroy)/.test(key) ? 'del' : 'get');

const bitsOf = (verb: Verb): ReadonlyMap<string, number> => new Map(Object.entries({ ...VERB_FLAGS[verb], ...COMMON_FLAGS, dump: NLM_F_DUMP }));
const flagBits = Object.fromEntries((Object.keys(VERB_FLAGS) as Verb[]).map((verb) => [verb, bitsOf(verb)])) as Readonly<Record<Verb, ReadonlyMap<string, number>>>;
/** nlmsg_flags from names, as a verb reads them. */
export function flagNumber(verb: Verb, flags: number | readonly string[]): number {
  if (typeof flags === 'number') return flags;
  let bits = 0;
  for (const name of flags) {
    const bit = flagBits[verb].get(name);
    if (bit === undefined) throw new EncodeError(`'${name}' is no flag of a ${verb} request${didYouMean(name, flagBits[verb].keys())}`);
    bits |= bit;
  }
  return bits;
}

/** What a message of this type with these nlmsg_flags holds. */
export const schemaOf = (m: MessageType | undefined, flags: number): AnyCodec | undefined => (flags & COMMON_FLAGS.request ? (flags & NLM_F_DUMP ? m?.dump : undefined) ?? m?.request : m?.schema);
const RAW: AnyCodec = { kind: 'binary' };
/** What the kernel says unasked goes to no port, and has no number; an answer goes to whose question's number it repeats. */
export const isUnasked = ({ flags, seq, pid }: Omit<Header, 'type'>): boolean => seq === 0 && pid === 0 && !(flags & COMMON_FLAGS.request);
function declared(p: Protocol | undefined, header: Header): MessageType | undefined {
  const m = p?.byNumber.get(header.type);
  return (m?.events && (m.answers ? !(header.flags & COMMON_FLAGS.request) : isUnasked(header)) ? m.events : undefined) ?? m;
}
/** Whether messages of this type are the protocol's, and not netlink's own: those without types use numbers of netlink's. */
export const isProtocols = (p: Protocol | undefined, type: number): boolean => type >= NLMSG_MIN_TYPE || p?.byNumber.has(type) === true;
/** What a message with this header holds; bytes where nothing is declared. */
export const bodySchema = (p: Protocol | undefined, header: Header): AnyCodec => schemaOf(declared(p, header), header.flags) ?? p?.otherwise ?? RAW;
/** The declaration of a message by its header and, of generic netlink, its command. */
export function messageOf(p: Protocol | undefined, header: Header, command?: number): MessageType | undefined {
  const m = declared(p, header);
  return (command === undefined ? undefined : m?.commands?.get(command)) ?? m;
}
/** The command of a message of generic netlink: the first byte of its payload. */
export const commandOf = (bytes: Uint8Array, { start, end }: { readonly start: number; readonly end: number }): number | undefined => (start < end ? bytes[start] : undefined);

/** One message, decoded. `body` is the schema's value; bytes where no schema knows the type. */
export interface Decoded { header: Header; name: string; body: unknown }
/** Byte order (default: this machine's), whether to keep every deviation, and where to collect spans. */
export interface DecodeMessageOptions { littleEndian?: boolean; exact?: boolean; spans?: Span[] }

/** What a type is called: RTM_NEWLINK, NLMSG_DONE, or its number. */
export const messageName = (p: Protocol | undefined, type: number): string => p?.byNumber.get(type)?.name ?? CONTROL_NAMES[type] ?? String(type);

/** Decodes one message of a datagram. Throws DecodeError, except in exact mode and where spans are collected. */
export function decodeMessage(p: Protocol | undefined, bytes: Uint8Array, frame: Frame, options: DecodeMessageOptions = {}): Decoded {
  const littleEndian = options.littleEndian ?? HOST_LITTLE_ENDIAN, { type, flags, seq, pid, start, end } = frame;
  const header = { type, flags, seq, pid }, name = messageOf(p, header, commandOf(bytes, frame))?.name ?? messageName(p, type);
  if (!isProtocols(p, type)) return { header, name, body: decodeControl(bytes, type, flags, start, end, { littleEndian, exact: options.exact ?? false, ...(options.spans && { spans: options.spans }) }) };
  const schema = bodySchema(p, header);
  if (options.spans) {
    const traced = spansOf(schema, bytes, { littleEndian, at: start, end });
    options.spans.push(...traced.spans);
    return { header, name, body: traced.value };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return { header, name, body: decoder(schema, { littleEndian, exact: options.exact ?? false })(bytes, view, start, end) };
  } catch (error) {
    // Messages and sets keep what does not fit them; of other schemas, it is all bytes.
    if (!options.exact || !(error instanceof DecodeError)) throw error;
    return { header, name, body: bytes.slice(start, end) };
  }
}

/** Appends a decoded message: what decodeMessage gave, back to bytes. */
export function encodeMessage(w: Writer, p: Protocol | undefined, message: Decoded): void {
  const { header, body } = message;
  if (!isProtocols(p, header.type)) {
    const inner = new Writer(w.littleEndian);
    writeControl(inner, header.type, body as ErrorBody | DoneBody | Uint8Array);
    writeFrame(w, header, undefined, inner.finish());
  } else writeFrame(w, header, body instanceof Uint8Array ? undefined : bodySchema(p, header), body);
}
