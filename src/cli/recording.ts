/** Files of `rtmon file FILE`: messages as the kernel sent them, with the time between them. */
import { readFileSync } from 'node:fs';
import { decode, frames, HOST_LITTLE_ENDIAN, type AnyCodec } from '../codec/index.ts';
import { route } from '../families/route/index.ts';
import { CliError, exits, usage } from './errors.ts';
import type { Event } from './kernel.ts';

/** NLMSG_TSTAMP: seconds and microseconds, written by rtmon and sent by nobody. */
const TIMESTAMP = 15;

/** When what follows happened. */
export interface Stamp { readonly seconds: number; readonly microseconds: number }

/** Events and times in the order of the file. */
export function* recording(path: string): Generator<Event | Stamp> {
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
  for (const { type, start, end } of frames(bytes, { tail })) {
    const known = route.byNumber.get(type);
    if (type === TIMESTAMP && end - start >= 8) yield { seconds: view.getUint32(start, HOST_LITTLE_ENDIAN), microseconds: view.getUint32(start + 4, HOST_LITTLE_ENDIAN) };
    else if (known) yield { message: known.key, body: decode(known.schema as AnyCodec, bytes.subarray(start, end)) as Event['body'] };
  }
}
