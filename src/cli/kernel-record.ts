/** `--dry-run`: a kernel that writes down what it is asked. No socket, no privilege, any system. */
import { flagNumber, schemaOf, Writer, writeFrame, type AnyGenericFamily, type MessageType, type Protocol } from '../codec/index.ts';
import { route } from '../families/route/index.ts';
import type { Answer, Body, Event, Kernel, RequestFlag } from './kernel.ts';

/** One message that would have been sent. */
export interface Recorded {
  readonly protocol: Protocol;
  readonly message: MessageType;
  readonly flags: readonly string[];
  readonly body: Body;
  readonly bytes: Uint8Array;
}

/** Indexes given to names that nobody can look up, and numbers given to families. */
const firstIndex = 1001, firstFamily = 1001;

export class Recorder implements Kernel {
  readonly sent: Recorded[];
  /** Names that were asked for, and the indexes that stand for them. */
  readonly indexes: Map<string, number>;
  /** Families of generic netlink that were asked for, and the numbers that stand for them. */
  readonly families = new Map<string, number>();
  readonly #protocol: Protocol;

  /** @param whole The recorder that this one is a part of, which speaks another protocol. */
  constructor(known: Readonly<Record<string, number>> = {}, protocol: Protocol = route, whole?: Recorder) {
    this.#protocol = protocol;
    this.sent = whole?.sent ?? [];
    this.indexes = whole?.indexes ?? new Map();
    for (const [name, index] of Object.entries(known)) this.indexes.set(name, index);
  }

  #record(name: string, flags: readonly string[], body: Body): void {
    const message = (this.#protocol.messages as Readonly<Record<string, MessageType>>)[name];
    if (!message) throw new TypeError(`no message ${name}`);
    const all = ['request', ...flags];
    const w = new Writer();
    const seq = this.sent.length + 1;
    const bits = flagNumber(message.verb, all);
    writeFrame(w, { type: message.number, flags: bits, seq, pid: 0 }, schemaOf(message, bits), body);
    this.sent.push({ protocol: this.#protocol, message, flags: all, body, bytes: w.finish() });
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

  generic(family: AnyGenericFamily): Promise<Kernel> {
    const id = this.families.get(family.name) ?? firstFamily + this.families.size;
    this.families.set(family.name, id);
    return Promise.resolve(new Recorder({}, family.at(id), this));
  }

  speak(protocol: Protocol): Kernel {
    return new Recorder({}, protocol, this);
  }

  close(): void {}
}

