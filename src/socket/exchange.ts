/** Datagrams as somebody wrote them: sent byte by byte, and all that the kernel says to them. */
import { COMMON_FLAGS, HEADER_SIZE, HOST_LITTLE_ENDIAN, commandOf, decodeMessage, frames, messageName, messageOf, NLMSG, type Frame, type MessageType, type Protocol } from '../codec/index.ts';
import type { NetlinkError } from './netlink-error.ts';
import { refused } from './request.ts';
import type { Transport } from './transport.ts';

/** How patiently. */
export interface ExchangeOptions {
  /** Milliseconds that each answer which must come may take. Default 30,000. */
  readonly timeout?: number;
  /** Milliseconds to wait for an answer that need not come: to what asks for no acknowledgement. Default 100. */
  readonly grace?: number;
}

/** What came of it. */
export interface Exchange {
  /** The datagrams of the kernel's, in order. */
  readonly answers: readonly Uint8Array[];
  /** Numbers (nlmsg_seq) of messages whose acknowledgement, or the end of whose dump, did not come in time. */
  readonly late: readonly number[];
}

/** Bits of a header that promise an acknowledgement. */
const ASKED = COMMON_FLAGS.request | COMMON_FLAGS.ack;

/**
 * Sends a datagram of one or more messages, and waits until each that asks for an acknowledgement has it, and each dump that began has ended.
 * What was still to be read of an earlier one is dropped first. Blocks the thread.
 * @throws {NetlinkError} the failure of sendmsg, `ERR_NETLINK_OVERRUN`
 */
export function exchange(transport: Transport, bytes: Uint8Array, { timeout = 30_000, grace = 100 }: ExchangeOptions = {}): Exchange {
  const answers: Uint8Array[] = [], awaited = new Set<number>();
  let count = 0, refusals = 0;
  for (const { flags, seq } of frames(bytes)) { count++; if ((flags & ASKED) === ASKED) awaited.add(seq); }
  while (transport.receive());
  transport.send(bytes);
  for (;;) {
    const datagram = transport.receive();
    if (!datagram) {
      // Of several that belong together, those after a refusal may never be told of.
      const patience = awaited.size === 0 ? (answers.length ? 0 : grace) : refusals && count > 1 ? grace : timeout;
      if (patience > 0 && transport.wait(patience)) continue;
      return { answers, late: refusals && count > 1 ? [] : [...awaited] };
    }
    if (datagram.port) continue;
    answers.push(datagram.bytes.slice());
    for (const { type, flags, seq, start } of frames(datagram.bytes)) {
      if (type === NLMSG.done || type === NLMSG.error) {
        awaited.delete(seq);
        if (type === NLMSG.error && new DataView(datagram.bytes.buffer, datagram.bytes.byteOffset).getInt32(start, HOST_LITTLE_ENDIAN) < 0) refusals++;
      } else if (flags & COMMON_FLAGS.multi) awaited.add(seq);
    }
  }
}

const BYTES: MessageType['schema'] = { kind: 'binary' };

/**
 * What an NLMSG_ERROR, or an NLMSG_DONE of a dump that failed, says of a request, with the attribute that it points at in the words of the
 * request's schema. Undefined: it is no error.
 * @param request the message that was sent, from its nlmsghdr on @param answer the datagram that `frame` is in
 */
export function refusalOf(p: Protocol | undefined, request: Uint8Array, answer: Uint8Array, frame: Frame): NetlinkError | undefined {
  const { type, at, start, end } = frame, view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  if ((type !== NLMSG.error && type !== NLMSG.done) || end - start < 4 || view.getInt32(start, HOST_LITTLE_ENDIAN) >= 0) return undefined;
  const own = request.length < HEADER_SIZE ? undefined : frames(request).next().value, name = messageName(p, own?.type ?? 0);
  const bare: MessageType = { key: name, name, number: own?.type ?? 0, schema: BYTES, request: BYTES, verb: 'get' };
  const message = (own && messageOf(p, own, commandOf(request, own))) ?? bare;
  const body = own && decodeMessage(p, request, own, { exact: true }).body;
  return refused(answer, view, at, end, { message, flags: own?.flags ?? 0, body: body instanceof Uint8Array || body === undefined ? {} : body as object }, request);
}
