/** Framing: struct nlmsghdr, and several messages in a datagram (include/uapi/linux/netlink.h). */
import { HOST_LITTLE_ENDIAN } from './decode.ts';
import { flags, u16, u32 } from './scalars.ts';
import { struct } from './schema.ts';
import { write } from './write.ts';
import { Writer } from './writer.ts';
import type { AnyCodec } from './scalars.ts';

/** Bytes of struct nlmsghdr. */
export const HEADER_SIZE = 16;
/** Types below this one are netlink's own, in every protocol. */
export const NLMSG_MIN_TYPE = 16;
/** Types of netlink's own messages. */
export const NLMSG = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

/** Flag bits of every message, then those whose meaning depends on the kind of request. */
export const COMMON_FLAGS = { request: 1, multi: 2, ack: 4, echo: 8, dumpIntr: 0x10, dumpFiltered: 0x20 } as const;
/** Flag bits by verb: what 0x100 means depends on the request. `ack` are those of an acknowledgement. */
export const VERB_FLAGS = {
  get: { root: 0x100, match: 0x200, atomic: 0x400 },
  new: { replace: 0x100, excl: 0x200, create: 0x400, append: 0x800 },
  del: { nonrec: 0x100, bulk: 0x200 },
  ack: { capped: 0x100, ackTlvs: 0x200 },
} as const;
/** Which meaning the flag bits from 0x100 on have: of a GET, NEW or DEL request, or of an acknowledgement. */
export type Verb = keyof typeof VERB_FLAGS;
/** NLM_F_DUMP: ROOT and MATCH together. */
export const NLM_F_DUMP = 0x300;
const prefix = 'NLM_F_';
/** A codec for nlmsg_flags as a kind of request reads them. */
export const headerFlags = {
  get: flags(u16, { ...COMMON_FLAGS, ...VERB_FLAGS.get }, prefix), new: flags(u16, { ...COMMON_FLAGS, ...VERB_FLAGS.new }, prefix),
  del: flags(u16, { ...COMMON_FLAGS, ...VERB_FLAGS.del }, prefix), ack: flags(u16, { ...COMMON_FLAGS, ...VERB_FLAGS.ack }, prefix),
} as const;
/** NLM_F_* names; which of them fit depends on the verb. */
export type FlagName = keyof typeof COMMON_FLAGS | keyof typeof VERB_FLAGS.get | keyof typeof VERB_FLAGS.new | keyof typeof VERB_FLAGS.del | keyof typeof VERB_FLAGS.ack;

/** The header of every message. `len` counts it too; `seq` and `pid` come back in answers (`pid` is a netlink port, 0 the kernel). */
export class Nlmsghdr extends struct('nlmsghdr', { len: u32, type: u16, flags: u16, seq: u32, pid: u32 }) {}

/** One message of a datagram. The body is [start, end) of it; `next` is where the following one would begin. */
export interface Frame { at: number; length: number; type: number; flags: number; seq: number; pid: number; start: number; end: number; next: number }

/**
 * The messages of a datagram. What is left over and is no message (too short, truncated, a length that cannot be) is reported to `tail`
 * with where it begins; a zero length ends a datagram silently, since tools pad their requests with zeros.
 */
export function* frames(bytes: Uint8Array, options: { littleEndian?: boolean; tail?: (at: number, reason: string) => void } = {}): Generator<Frame> {
  const { littleEndian: little = HOST_LITTLE_ENDIAN, tail } = options, view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (bytes.length - at >= HEADER_SIZE) {
    const length = view.getUint32(at, little);
    if (length < HEADER_SIZE) { tail?.(at, length === 0 ? '' : `message length ${length} is shorter than its header`); return; }
    if (length > bytes.length - at) { tail?.(at, `message of ${length} bytes, ${bytes.length - at} present`); return; }
    const next = Math.min(at + (length + 3 & ~3), bytes.length);
    yield { at, length, type: view.getUint16(at + 4, little), flags: view.getUint16(at + 6, little), seq: view.getUint32(at + 8, little), pid: view.getUint32(at + 12, little), start: at + HEADER_SIZE, end: at + length, next };
    at = next;
  }
  if (at < bytes.length) tail?.(at, `${bytes.length - at} bytes are no message`);
}

/** A message's header without its length, which is made on encode. */
export interface Header { type: number; flags: number; seq: number; pid: number }

/** Appends one message: header, body by its schema (or as bytes), padding to 4. Returns where it began. */
export function writeFrame(w: Writer, header: Header, schema: AnyCodec | undefined, body: unknown): number {
  const at = w.take(HEADER_SIZE);
  if (schema) write(w, schema, body, undefined);
  else w.put(body as Uint8Array);
  const { view, littleEndian: little } = w;
  view.setUint32(at, w.pos - at, little);
  view.setUint16(at + 4, header.type, little);
  view.setUint16(at + 6, header.flags, little);
  view.setUint32(at + 8, header.seq, little);
  view.setUint32(at + 12, header.pid, little);
  if ((w.pos - at) & 3) w.take(4 - ((w.pos - at) & 3));
  return at;
}
