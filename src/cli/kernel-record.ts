/** `--dry-run`: a kernel that writes down what it is asked. No socket, no privilege, any system. */
import { flagNumber, Writer, writeFrame, type MessageType } from '../codec/index.ts';
import { route } from '../families/route/index.ts';
import type { Answer, Body, Event, Kernel, RequestFlag } from './kernel.ts';

/** One message that would have been sent. */
export interface Recorded {
  readonly message: MessageType;
  readonly flags: readonly string[];
  readonly body: Body;
  readonly bytes: Uint8Array;
}

/** Indexes given to names that nobody can look up. */
const firstIndex = 1001;

export class Recorder implements Kernel {
  readonly sent: Recorded[] = [];
  /** Names that were asked for, and the indexes that stand for them. */
  readonly indexes = new Map<string, number>();

  constructor(known: Readonly<Record<string, number>> = {}) {
    for (const [name, index] of Object.entries(known)) this.indexes.set(name, index);
  }

  #record(name: string, flags: readonly string[], body: Body): void {
    const message = (route.messages as Readonly<Record<string, MessageType>>)[name];
    if (!message) throw new TypeError(`no message ${name}`);
    const all = ['request', ...flags];
    const w = new Writer();
    const seq = this.sent.length + 1;
    writeFrame(w, { type: message.number, flags: flagNumber(message.verb, all), seq, pid: 0 }, message.request, body);
    this.sent.push({ message, flags: all, body, bytes: w.finish() });
  }

  request(message: string, body: Body, flags: readonly RequestFlag[] = []): Answer[] {
    this.#record(message, ['ack', ...flags], body);
    return [];
  }

  change(message: string, body: Body, flags: readonly RequestFlag[] = []): void {
    this.request(message, body, flags);
  }

  get(message: string, body: Body): Body | undefined {
    this.#record(message, [], body);
    return undefined;
  }

  lookup(body: Body): Body | undefined {
    const name = body['ifname'] ?? body['altIfname'];
    if (typeof name === 'string') {
      const index = this.indexes.get(name) ?? firstIndex + this.indexes.size;
      this.indexes.set(name, index);
      return { index, ifname: name };
    }
    const known = [...this.indexes].find(([, index]) => index === body['index']);
    return known && { index: known[1], ifname: known[0] };
  }

  dump(message: string, body: Body): Body[] {
    this.#record(message, ['dump'], body);
    return [];
  }

  /** Nothing happens without a kernel. */
  async *monitor(): AsyncIterable<Event> {}

  close(): void {}
}

