/** Many requests in one datagram. */
import { COMMON_FLAGS, HOST_LITTLE_ENDIAN, Writer } from '../codec/index.ts';
import type { Pending } from './pending.ts';
import { type Request, writeRequest } from './request.ts';

/** Answers that may be outstanding: the default receive buffer holds about 256 acknowledgements. */
const MOST = 200, MOST_BYTES = 64 * 1024;

/** Requests that are encoded as they come, and sent together. The kernel works on them in order and does not stop at a refusal. */
export class Parcel {
  // Of its own: what makes the requests may ask the kernel meanwhile.
  readonly #writer = new Writer(HOST_LITTLE_ENDIAN);
  #requests: Request[] = [];
  #starts: number[] = [];

  get size(): number { return this.#requests.length; }

  /** The kernel could not answer many more. */
  get full(): boolean { return this.size >= MOST || this.#writer.pos >= MOST_BYTES; }

  /** @throws {EncodeError} and is as it was before */
  add(request: Request): void {
    const before = this.#writer.pos;
    try {
      this.#starts.push(writeRequest(this.#writer, request, 0, false));
    } catch (error) {
      this.#writer.pos = before;
      throw error;
    }
    this.#requests.push(request);
  }

  /** What has come together, numbered from `first` on; it is empty then. `bracketed`: first and last only bracket the others. */
  take(first: number, bracketed = false): Pending {
    const writer = this.#writer, starts = this.#starts, requests = this.#requests;
    // The last is acknowledged, and with it all that were not refused. Brackets are not, by kernels before 6.10.
    for (const [index, start] of starts.entries()) writer.view.setUint32(start + 8, first + index, HOST_LITTLE_ENDIAN);
    const last = starts.at(bracketed ? -2 : -1)! + 6;
    writer.view.setUint16(last, writer.view.getUint16(last, HOST_LITTLE_ENDIAN) | COMMON_FLAGS.ack, HOST_LITTLE_ENDIAN);
    const pending: Pending = { first, requests, bytes: writer.bytes.slice(0, writer.pos), starts, bracketed, replies: undefined, errors: undefined, complete: false, failure: undefined, done: undefined };
    writer.pos = 0;
    this.#requests = [];
    this.#starts = [];
    return pending;
  }
}
