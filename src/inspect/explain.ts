/** What every byte of a datagram means: framing, headers, attributes, padding; and what an extended acknowledgement points at. */
import {
  bodySchema, commandOf, COMMON_FLAGS, decodeMessage, frames, HEADER_SIZE, headerFlags, HOST_LITTLE_ENDIAN, isProtocols, messageName, messageOf, NLMSG, spans as spansOf,
  type ErrorBody, type Flags, type Frame, type Protocol, type Span,
} from '../codec/index.ts';
import { uevent } from '../families/index.ts';
import { protocolNamed } from './json.ts';
import { ueventSpans } from './uevent.ts';

export interface ExplainOptions {
  /** The netlink protocol: its schemas, its number or its name. */
  readonly protocol?: Protocol | number | string;
  /** Byte order. Default: this machine's. */
  readonly littleEndian?: boolean;
  /** Refusals of messages in this datagram: what the kernel pointed at is marked. */
  readonly errors?: readonly Refusal[];
}

/** An error reply, as it concerns the request. */
export interface Refusal {
  /** nlmsg_seq of the refused message; undefined: the first message of the datagram. */
  readonly seq?: number;
  /** A negative errno. */
  readonly error: number;
  readonly message?: string;
  /** Bytes from the start of the refused message's nlmsghdr. */
  readonly offset?: number;
  /** Number of an attribute that is missing, and where the nest begins that lacks it. */
  readonly missing?: { readonly type: number; readonly nest?: number };
}

/** A span with what the kernel said about it. */
export interface ExplainedSpan extends Span { note?: string }

export interface Explained { readonly bytes: Uint8Array; readonly spans: ExplainedSpan[] }

/**
 * The spans of a datagram, outermost first; its leaves cover every byte exactly once, in order. Never throws: what is
 * no value carries an `error`. The request that an error reply echoes is explained too, and what the extended
 * acknowledgement refuses is marked in it.
 */
export function explain(bytes: Uint8Array, options: ExplainOptions = {}): Explained {
  const littleEndian = options.littleEndian ?? HOST_LITTLE_ENDIAN, p = protocolNamed(options.protocol), out: ExplainedSpan[] = [];
  if (p === uevent) return { bytes, spans: ueventSpans(bytes, littleEndian) };
  let end = 0, reason = '';
  let first = true;
  for (const frame of frames(bytes, { littleEndian, tail: (_at, why) => { reason = why; } })) {
    const from = out.length;
    message(out, p, bytes, frame, littleEndian);
    for (const refusal of options.errors ?? []) if (refusal.seq === undefined ? first : refusal.seq === frame.seq) mark(out.slice(from), frame.at, refusal);
    first = false;
    end = frame.next;
  }
  if (end < bytes.length) {
    const cut = cutShort(bytes, end, littleEndian), from = out.length;
    if (cut) { message(out, p, bytes, cut, littleEndian); (out[from] as ExplainedSpan).error = reason; }
    else out.push(leaf('tail', 'binary', end, bytes.length, 0, Uint8Array.from(bytes.subarray(end)), reason || undefined));
  }
  return { bytes, spans: out };
}

/** The message at the end of a capture that was cut: as far as it goes. */
export function cutShort(bytes: Uint8Array, at: number, littleEndian: boolean): Frame | undefined {
  if (bytes.length - at < HEADER_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length = view.getUint32(at, littleEndian);
  if (length <= bytes.length - at) return undefined;
  return {
    at, length, type: view.getUint16(at + 4, littleEndian), flags: view.getUint16(at + 6, littleEndian), seq: view.getUint32(at + 8, littleEndian), pid: view.getUint32(at + 12, littleEndian),
    start: at + HEADER_SIZE, end: bytes.length, next: bytes.length,
  };
}

/** What the error replies of a datagram say about requests: for `ExplainOptions.errors`. */
export function refusals(bytes: Uint8Array, options: { readonly littleEndian?: boolean } = {}): Refusal[] {
  const littleEndian = options.littleEndian ?? HOST_LITTLE_ENDIAN, out: Refusal[] = [];
  for (const frame of frames(bytes, { littleEndian })) {
    if (frame.type !== NLMSG.error && frame.type !== NLMSG.done) continue;
    const { body } = decodeMessage(undefined, bytes, frame, { littleEndian, exact: true });
    if (!(body instanceof Uint8Array)) { const one = refusal(body as ErrorBody, frame.seq); if (one) out.push(one); }
  }
  return out;
}
function refusal({ error, extack }: ErrorBody, seq: number): Refusal | undefined {
  if (error === 0 && !extack) return undefined;
  return {
    seq, error,
    ...(extack?.msg !== undefined && { message: extack.msg }), ...(extack?.offs !== undefined && { offset: extack.offs }),
    ...(extack?.missType !== undefined && { missing: { type: extack.missType, ...(extack.missNest !== undefined && { nest: extack.missNest }) } }),
  };
}

const leaf = (name: string, type: string, start: number, end: number, depth: number, value?: unknown, error?: string): ExplainedSpan =>
  ({ start, end, depth, name, type, value, leaf: true, ...(error !== undefined && { error }) });

function message(out: ExplainedSpan[], p: Protocol | undefined, bytes: Uint8Array, frame: Frame, littleEndian: boolean): void {
  const { at, type, end, next } = frame, command = commandOf(bytes, frame), name = messageOf(p, frame, command)?.name ?? messageName(p, type);
  out.push({ start: at, end, depth: 0, name, type: 'message', value: undefined, leaf: false });
  header(out, p, frame, at, 1, command);
  const own: Span[] = [], { body } = decodeMessage(p, bytes, frame, { littleEndian, exact: true, spans: own });
  // Attributes' depths count from their message.
  const least = own.reduce((d, s) => Math.min(d, s.depth), Infinity);
  for (const span of own) out.push({ ...span, depth: span.depth - least + 1 });
  if (type === NLMSG.error && !(body instanceof Uint8Array)) echoed(out, p, bytes, body as ErrorBody, frame, littleEndian);
  if (next > end) out.push(leaf('padding', 'padding', end, next, 0));
}

function header(out: ExplainedSpan[], p: Protocol | undefined, frame: { type: number; flags: number; length: number; seq: number; pid: number }, at: number, depth: number, command: number | undefined): void {
  const verb = !isProtocols(p, frame.type) && (frame.type === NLMSG.error || frame.type === NLMSG.done) ? 'ack' : messageOf(p, frame, command)?.verb ?? 'get';
  const names: (string | number)[] = [];
  let left = frame.flags;
  for (const [bit, name] of (headerFlags[verb] as Flags<string>).bits) if (left & bit) { names.push(name); left &= ~bit; }
  if (left) names.push(left);
  const name = messageName(p, frame.type);
  out.push(
    leaf('len', 'u32', at, at + 4, depth, frame.length), leaf('type', 'u16', at + 4, at + 6, depth, name === String(frame.type) ? frame.type : name),
    leaf('flags', 'u16 flags', at + 6, at + 8, depth, names), leaf('seq', 'u32', at + 8, at + 12, depth, frame.seq), leaf('pid', 'u32', at + 12, at + 16, depth, frame.pid),
  );
}

/** The request inside an error reply: its payload by its own schema, and the mark of what is wrong with it. */
function echoed(out: ExplainedSpan[], p: Protocol | undefined, bytes: Uint8Array, body: ErrorBody, frame: Frame, littleEndian: boolean): void {
  const at = out.findIndex((span) => span.name === 'payload' && span.leaf && span.start >= frame.start), span = out[at];
  const asked = { ...body.request, flags: body.request.flags | COMMON_FLAGS.request }, schema = bodySchema(p, asked);
  if (!span || schema.kind === 'binary') return;
  const stop = Math.min(span.start + Math.max(body.request.len - HEADER_SIZE, 0), span.end);
  const inner = spansOf(schema, bytes, { littleEndian, at: span.start, end: stop }).spans, least = inner.reduce((d, s) => Math.min(d, s.depth), Infinity);
  const replaced: ExplainedSpan[] = [{ ...span, name: messageOf(p, asked, commandOf(bytes, span))?.name ?? messageName(p, asked.type), type: 'message', value: undefined, leaf: false }, ...inner.map((s) => ({ ...s, depth: s.depth - least + span.depth + 1 }))];
  if (stop < span.end) replaced.push(leaf('padding', 'padding', stop, span.end, span.depth + 1));
  const one = refusal(body, frame.seq);
  if (one) mark(replaced, span.start - HEADER_SIZE, one);
  out.splice(at, 1, ...replaced);
}

/** Notes what a refusal says at the attribute that it points at. */
function mark(spans: readonly ExplainedSpan[], origin: number, refusal: Refusal): void {
  const what = `refused: ${refusal.message ?? `error ${refusal.error}`}`;
  const at = refusal.offset === undefined ? undefined : spans.find((s) => s.leaf && s.start <= origin + refusal.offset! && origin + refusal.offset! < s.end);
  if (at) at.note = what;
  if (refusal.missing) {
    const { type, nest } = refusal.missing, place = nest === undefined ? spans[0] : spans.find((s) => s.leaf && s.start === origin + nest);
    if (place) place.note = `${at ? '' : `${what}; `}attribute ${type} is missing here`;
  } else if (!at && spans[0]) spans[0].note = what;
}
