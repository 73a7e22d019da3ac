/** Files of `rtmon file FILE`: messages as the kernel sent them, with the time between them. */
import { readFileSync } from 'node:fs';
import { decode, frames, HOST_LITTLE_ENDIAN, NLMSG, Writer, writeFrame, type AnyCodec, type Protocol } from '../codec/index.ts';
import { route } from '../families/route/index.ts';
import { CliError, exits, usage } from './errors.ts';
import { newness, type Event, type RawMessage } from './kernel.ts';

/** NLMSG_TSTAMP: seconds and microseconds, written by rtmon and sent by nobody. */
const TIMESTAMP = 15;

/** When what follows happened. */
export interface Stamp { readonly seconds: number; readonly microseconds: number }

/** Events and times in the order of the file. */
export function* recording(path: string, protocol: Protocol = route): Generator<Event | Stamp> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw usage(`cannot read "${path}": ${(error as Error).message}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tail = (at: number, reason: string): void => {
    if (reason) throw new CliError(`${path}: at byte ${at}: ${reason}`, exits.undecodable);
  };
  for (const { type, flags, start, end } of frames(bytes, { tail })) {
    const known = protocol.byNumber.get(type);
    if (type === NLMSG.overrun) yield { message: '', body: {}, overrun: true };
    else if (type === TIMESTAMP && end - start >= 8) yield { seconds: view.getUint32(start, HOST_LITTLE_ENDIAN), microseconds: view.getUint32(start + 4, HOST_LITTLE_ENDIAN) };
    else if (known) yield { message: known.key, body: decode(known.schema as AnyCodec, bytes.subarray(start, end)) as Event['body'], ...newness(flags) };
  }
}

function stamp(w: Writer, milliseconds: number): void {
  const body = new Writer();
  const at = body.take(8);
  body.view.setUint32(at, Math.floor(milliseconds / 1000), body.littleEndian);
  body.view.setUint32(at + 4, (milliseconds % 1000) * 1000, body.littleEndian);
  writeFrame(w, { type: TIMESTAMP, flags: 0, seq: 0, pid: 0 }, undefined, body.finish());
}

/** What there is when a recording begins: one time, and the messages. */
export function snapshot(messages: readonly RawMessage[], now: number): Uint8Array {
  const w = new Writer();
  stamp(w, now);
  for (const { header, body } of messages) writeFrame(w, header, undefined, body);
  return w.finish();
}

/**
 * What happens later: the time before each message. A loss is NLMSG_OVERRUN, with nothing in it: iproute2, which writes nothing of it, tells
 * of an unknown message where it reads one.
 */
export function happened(messages: readonly (RawMessage | 'overrun')[], now: number): Uint8Array {
  const w = new Writer();
  for (const message of messages) {
    stamp(w, now);
    if (message === 'overrun') writeFrame(w, { type: NLMSG.overrun, flags: 0, seq: 0, pid: 0 }, undefined, new Uint8Array());
    else writeFrame(w, message.header, undefined, message.body);
  }
  return w.finish();
}
