/** What is asked of the kernel, and what it answers. */
import {
  type AnyCodec, COMMON_FLAGS, DecodeError, type DecodeOptions, type Decoder, type DoneBody, type ErrorBody, type FlagName, HEADER_SIZE, type Header, HOST_LITTLE_ENDIAN, type MessageType, NLMSG, type Protocol, VERB_FLAGS, type Writer,
  commandOf, decodeControl, decoder, flagNumber, isProtocols, isUnasked, messageOf, schemaOf, writeFrame,
} from '../codec/index.ts';
import { networkAdmin } from './capability.ts';
import { EPERM } from './errno.ts';
import { extendedAck } from './extack.ts';
import { type NetlinkError, refusal } from './netlink-error.ts';

/** A message to the kernel. */
export interface Request<M extends MessageType = MessageType> {
  /** `route.messages.newlink` */
  readonly message: M;
  /** Flags beyond REQUEST and ACK: `['create', 'excl']`, or their bits. */
  readonly flags?: number | readonly (FlagName | 'dump')[];
  /** Header fields and attributes, as the message's schema declares them. */
  readonly body: object;
}

/** A message from the kernel. */
export interface Reply {
  /** Undefined when the protocol's declaration does not have its number; `body` is then its bytes. */
  readonly message: MessageType | undefined;
  readonly flags: number;
  readonly header: Header;
  readonly body: object;
}

const { request: NLM_F_REQUEST, ack: NLM_F_ACK } = COMMON_FLAGS;

/** Appends a request. @returns where it starts. @throws {EncodeError}, {TypeError} for what is no request */
export function writeRequest(writer: Writer, request: Request, seq: number, acknowledged: boolean): number {
  const { message, flags, body } = request;
  // What a caller without types may have given.
  if (typeof message?.number !== 'number') throw new TypeError(`the message of a request is one that its protocol declares, { message: route.messages.getlink, body: {} }, not ${JSON.stringify(message) ?? String(message)}`);
  if (body === undefined || body === null) throw new TypeError(`a request of ${message.name} has a body, {} where there is nothing to say`);
  const bits = (flags === undefined ? 0 : flagNumber(message.verb, flags)) | NLM_F_REQUEST | (acknowledged ? NLM_F_ACK : 0);
  return writeFrame(writer, { type: message.number, flags: bits, seq, pid: 0 }, schemaOf(message, bits), body);
}

/** A message type, as an answer or as an event: some families number events anew. */
interface Known { readonly type: number; readonly event: boolean; readonly message: MessageType | undefined; readonly decode: Decoder<object> | undefined }

/** The messages of a protocol, decoded as they come. Keeps one decoder a message type. */
export class Decoders {
  readonly #protocol: Protocol;
  readonly #options: DecodeOptions;
  readonly #known = new Map<number, Known>();
  #latest: Known | undefined;

  constructor(protocol: Protocol, options: DecodeOptions = {}) {
    this.#protocol = protocol;
    this.#options = options;
  }

  /** Most messages are of the same type as the one before. */
  #of(header: Header): Known {
    const { type } = header, event = isUnasked(header);
    if (this.#latest?.type === type && this.#latest.event === event) return this.#latest;
    const key = 2 * type + Number(event);
    let known = this.#known.get(key);
    if (!known) {
      const message = messageOf(this.#protocol, header), schema = message?.schema;
      this.#known.set(key, known = { type, event, message, decode: schema && (decoder(schema, this.#options) as Decoder<object>) });
    }
    return this.#latest = known;
  }

  /** The declaration of a message, with its payload at [start, end). */
  message(bytes: Uint8Array, header: Header, start: number, end: number): MessageType | undefined {
    const { message } = this.#of(header);
    return message?.commands?.get(commandOf(bytes, { start, end }) ?? -1) ?? message;
  }

  /** Whether messages of this type are the protocol's, not netlink's own. */
  carries(type: number): boolean { return isProtocols(this.#protocol, type); }

  /** The decoder of what answers. */
  get(type: number): Decoder<object> | undefined {
    return this.#of({ type, flags: 0, seq: 1, pid: 0 }).decode;
  }

  /** Bytes where no schema knows the type. @throws {DecodeError} */
  body(bytes: Uint8Array, view: DataView, header: Header, start: number, end: number): object {
    const { decode } = this.#of(header);
    return decode ? decode(bytes, view, start, end) : bytes.slice(start, end);
  }

  reply(bytes: Uint8Array, view: DataView, at: number, end: number): Reply {
    const type = view.getUint16(at + 4, HOST_LITTLE_ENDIAN), flags = view.getUint16(at + 6, HOST_LITTLE_ENDIAN);
    const header = { type, flags, seq: view.getUint32(at + 8, HOST_LITTLE_ENDIAN), pid: view.getUint32(at + 12, HOST_LITTLE_ENDIAN) };
    return { message: this.message(bytes, header, at + HEADER_SIZE, end), flags, header, body: this.body(bytes, view, header, at + HEADER_SIZE, end) };
  }
}

/** The errno of an NLMSG_ERROR or NLMSG_DONE at `at`: 0 or negative. */
export const controlError = (view: DataView, at: number, end: number): number => (end - at >= HEADER_SIZE + 4 ? view.getInt32(at + HEADER_SIZE, HOST_LITTLE_ENDIAN) : 0);

/** The error that an NLMSG_ERROR (or a failed NLMSG_DONE) at `at` tells. `message` is the request's bytes. */
export function refused(bytes: Uint8Array, view: DataView, at: number, end: number, request: Request, message: Uint8Array): NetlinkError {
  const type = view.getUint16(at + 4, HOST_LITTLE_ENDIAN), flags = view.getUint16(at + 6, HOST_LITTLE_ENDIAN);
  let extack: ErrorBody['extack'], echoed: Uint8Array | undefined;
  try {
    const body = decodeControl(bytes, type, flags, at + HEADER_SIZE, end, { littleEndian: HOST_LITTLE_ENDIAN }) as ErrorBody | DoneBody;
    if (flags & VERB_FLAGS.ack.ackTlvs) extack = body.extack;
    if ('payload' in body) echoed = body.payload;
  } catch (error) {
    // What the kernel adds may grow; the error number stands.
    if (!(error instanceof DecodeError)) throw error;
  }
  const kind = (request.body as { linkinfo?: { kind?: string } }).linkinfo?.kind;
  const asked = request.flags === undefined ? 0 : flagNumber(request.message.verb, request.flags);
  const told = extack && extendedAck(schemaOf(request.message, asked | NLM_F_REQUEST) as AnyCodec, message, request.body, extack);
  const creates = (asked & VERB_FLAGS.new.create) !== 0 && request.message.verb === 'new';
  const errno = -controlError(view, at, end), admin = errno === EPERM ? networkAdmin() : undefined;
  const error = refusal(errno, request.message.name, message, told, { kind, creates, admin });
  return echoed ? Object.assign(error, { echoed }) : error;
}

/** What the kernel remarks in an acknowledgement at `at`. */
export function remark(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  try {
    return (decodeControl(bytes, view.getUint16(at + 4, HOST_LITTLE_ENDIAN), view.getUint16(at + 6, HOST_LITTLE_ENDIAN), at + HEADER_SIZE, end, { littleEndian: HOST_LITTLE_ENDIAN }) as ErrorBody).extack?.msg;
  } catch { return undefined; }
}

export const isControl = (type: number): boolean => type <= NLMSG.overrun;
