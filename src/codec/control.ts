/** Netlink's own messages: NOOP, ERROR (an ack when the error is 0), DONE, OVERRUN, and the extended acknowledgement (net/netlink/af_netlink.c). */
import { HEADER_SIZE, NLMSG, Nlmsghdr, VERB_FLAGS } from './frame.ts';
import { read } from './read.ts';
import { Source, type Span } from './source.ts';
import { binary, enumeration, pad, s32, s64, string, u32, u64, type AnyCodec } from './scalars.ts';
import { attrs, struct, type StructValue } from './schema.ts';
import { write } from './write.ts';
import { Writer } from './writer.ts';

/** What the kernel checks an attribute against (NL_POLICY_TYPE_ATTR_*). Lengths are bytes. */
export class Policy extends attrs('NL_POLICY_TYPE_ATTR_', {
  type: [1, enumeration(u32, {
    invalid: 0, flag: 1, u8: 2, u16: 3, u32: 4, u64: 5, s8: 6, s16: 7, s32: 8, s64: 9, binary: 10, string: 11, nulString: 12, nested: 13, nestedArray: 14, bitfield32: 15, sint: 16, uint: 17,
  }, 'NL_ATTR_TYPE_')],
  minValueS: [2, s64],
  maxValueS: [3, s64],
  minValueU: [4, u64],
  maxValueU: [5, u64],
  minLength: [6, u32],
  maxLength: [7, u32],
  policyIdx: [8, u32],
  policyMaxtype: [9, u32],
  bitfield32Mask: [10, u32],
  pad: [11, pad],
  mask: [12, u64],
}) {}

/** The extended acknowledgement (NLMSGERR_ATTR_*). */
export class ExtAck extends attrs('NLMSGERR_ATTR_', {
  /** Why, in the kernel's words. */
  msg: [1, string],
  /** Where the refused attribute begins, in bytes from the start of the request's nlmsghdr. */
  offs: [2, u32],
  cookie: [3, binary],
  policy: [4, Policy],
  /** Number of the attribute that is missing. */
  missType: [5, u32],
  /** Where the nest begins that lacks it; the message itself when absent. */
  missNest: [6, u32],
}) {}

/** NLMSG_ERROR. `error` is a negative errno, or 0. `payload` is the request's, where the kernel sends it back. */
export interface ErrorBody { error: number; request: StructValue<typeof Nlmsghdr.fields>; payload?: Uint8Array; extack?: ExtAck; $rest?: Uint8Array }
/** NLMSG_DONE: the dump's return value, and an extended acknowledgement. */
export interface DoneBody { error: number; extack?: ExtAck; $rest?: Uint8Array }

const ErrorHead = struct('nlmsgerr', { error: s32, request: Nlmsghdr });
const DoneHead = struct('int', { error: s32 });
/** Number -> name of netlink's own messages (include/uapi/linux/netlink.h). */
export const CONTROL_NAMES: Readonly<Record<number, string>> = { 1: 'NLMSG_NOOP', 2: 'NLMSG_ERROR', 3: 'NLMSG_DONE', 4: 'NLMSG_OVERRUN' };

/**
 * The body of a control message: `[at, end)` of `bytes`; `flags` are its header's. Bytes where it is too short or of another type.
 * `spans` collects what each range means. `exact` keeps every deviation.
 */
export function decodeControl(bytes: Uint8Array, type: number, flags: number, at: number, end: number, options: { littleEndian: boolean; exact?: boolean; spans?: Span[] }): ErrorBody | DoneBody | Uint8Array {
  const head = type === NLMSG.error ? ErrorHead : type === NLMSG.done ? DoneHead : undefined;
  const s = new Source(bytes, options.littleEndian, options.exact ?? false, options.spans);
  if (!head || end - at < head.size) {
    s.leaf('payload', 'binary', at, end);
    return s.bytes.slice(at, end);
  }
  const out = read(s, head as AnyCodec, at, at + head.size, undefined) as ErrorBody & DoneBody;
  let pos = at + head.size;
  // Only a refusal echoes the request, and not when acks are capped; nlmsg_len then says how much.
  if (type === NLMSG.error && out.error !== 0 && !(flags & VERB_FLAGS.ack.capped)) {
    const length = Math.min(Math.max(out.request.len - HEADER_SIZE, 0), end - pos), padded = Math.min((length + 3) & ~3, end - pos);
    if (length > 0) { out.payload = s.bytes.slice(pos, pos + padded); s.leaf('payload', 'binary', pos, pos + padded, out.payload); }
    pos += padded;
  }
  if (pos < end && flags & VERB_FLAGS.ack.ackTlvs) out.extack = read(s, ExtAck, pos, end, undefined) as ExtAck;
  else if (pos < end) { out.$rest = s.bytes.slice(pos, end); s.leaf('rest', 'binary', pos, end); }
  return out;
}

/** The bytes of a control message's body. */
export function writeControl(w: Writer, type: number, body: ErrorBody | DoneBody | Uint8Array): void {
  if (body instanceof Uint8Array) { w.put(body); return; }
  if (type === NLMSG.error) { const { error, request } = body as ErrorBody; write(w, ErrorHead, { error, request }, undefined); }
  else write(w, DoneHead, { error: body.error }, undefined);
  if ('payload' in body && body.payload) w.put(body.payload);
  if (body.extack) write(w, ExtAck, body.extack, undefined);
  if (body.$rest) w.put(body.$rest);
}
