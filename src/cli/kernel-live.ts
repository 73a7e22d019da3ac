/** The kernel through a socket. */
import { programInfo, type ProgramInfo } from '../bpf/call.ts';
import { Client, Parcel, type MonitorEvent, type NetlinkError, type OnWarning, type Reply, type Request, type SocketOptions } from '../socket/index.ts';
import { route } from '../families/route/index.ts';
import { COMMON_FLAGS, type AnyGenericFamily, type MessageType, type Protocol } from '../codec/index.ts';
import { entering } from './errors.ts';
import { newness, type Answer, type Body, type Event, type Kernel, type MonitorOptions, type RawMessage, type RequestFlag } from './kernel.ts';
import { inWords, withoutKeys } from './print/request.ts';

export function messageOf(name: string, protocol: Protocol = route): MessageType {
  const message = (protocol.messages as Readonly<Record<string, MessageType>>)[name];
  if (!message) throw new TypeError(`no message ${name}`);
  return message;
}

/** What is refused is said in words as well, where the kernel does not say which attribute it means. */
function worded(error: unknown, type: MessageType, flags: readonly RequestFlag[], body: Body): unknown {
  const { extack, capability, errno } = error as NetlinkError;
  if (errno === undefined || extack?.path !== undefined || capability !== undefined) return error;
  return Object.assign(error as Error, { asked: inWords(type.name, flags, withoutKeys(body)) });
}

const answerOf = (reply: Reply): Answer => ({ message: reply.message?.key ?? '', body: reply.body as Body });

async function* translated(events: AsyncIterable<MonitorEvent>): AsyncIterable<Event> {
  for await (const event of events) {
    if (event.overrun) yield { message: '', body: {}, overrun: true };
    else yield { message: event.message?.key ?? '', body: event.body as Body, ...newness(event.flags), ...(event.nsid !== undefined && { nsid: event.nsid }) };
  }
}

/** The protocol without its schemas: bodies are bytes. */
const undeclared = { ...route, byNumber: new Map<number, MessageType>() };

export class LiveKernel implements Kernel {
  protected readonly client: Client;
  readonly #netns: string | undefined;
  readonly #options: Pick<SocketOptions, 'namespace' | 'onWarning'>;
  readonly #others = new Map<string, LiveKernel>();
  readonly #open: (protocol: SocketOptions['protocol']) => Client;
  readonly #parcel = new Parcel();
  /** Of each change in the parcel, whom to tell that it was refused. */
  readonly #gathered: ((error: unknown) => void)[] = [];
  #here: (() => (error: unknown) => void) | undefined;

  /**
   * @param netns Name or path of the namespace to work in.
   * @param client Where it speaks another protocol than rtnetlink.
   * @param onWarning Hears what the kernel remarks.
   */
  constructor(netns?: string, client?: Client, onWarning?: OnWarning) {
    this.#options = { ...(onWarning && { onWarning }), ...(netns !== undefined && { namespace: netns.includes('/') ? { path: netns } : { name: netns } }) };
    this.#open = (protocol) => Client.open({ protocol, ...this.#options });
    this.#netns = netns;
    try {
      this.client = client ?? this.#open(route);
    } catch (error) {
      throw netns === undefined ? error : entering(netns, error);
    }
  }

  #ask<T>(message: string, flags: readonly RequestFlag[], body: Body, ask: (type: MessageType) => T): T {
    this.flush();
    const type = messageOf(message, this.client.protocol);
    try {
      return ask(type);
    } catch (error) {
      throw worded(error, type, flags, body);
    }
  }

  protected send(request: Request): Reply[] {
    return this.client.requestSync(request);
  }

  request(message: string, body: Body, flags: readonly RequestFlag[] = []): Answer[] {
    return this.#ask(message, flags, body, (type) => this.send({ message: type, flags, body })).map(answerOf);
  }

  async later(message: string, body: Body): Promise<Answer[]> {
    const type = messageOf(message, this.client.protocol);
    try {
      return (await this.client.request({ message: type, body }, { offLoop: true })).map(answerOf);
    } catch (error) {
      throw worded(error, type, [], body);
    }
  }

  change(message: string, body: Body, flags: readonly RequestFlag[] = []): void {
    if (!this.#here) {
      this.request(message, body, flags);
      return;
    }
    const type = messageOf(message, this.client.protocol);
    this.#parcel.add({ message: type, flags, body });
    const refused = this.#here();
    this.#gathered.push((error) => refused(worded(error, type, flags, body)));
    if (this.#parcel.full) this.flush();
  }

  gather(here: () => (error: unknown) => void): void {
    this.#here = here;
  }

  flush(): void {
    if (this.#parcel.size === 0) return;
    const gathered = this.#gathered.splice(0);
    for (const [index, result] of this.client.sendSync(this.#parcel).entries()) if (result.status === 'rejected') gathered[index]!(result.reason);
  }

  get(message: string, body: Body): Body | undefined {
    return this.#ask(message, [], body, (type) => this.send({ message: type, body }))[0]?.body as Body | undefined;
  }

  lookup(body: Body): Body | undefined {
    return this.get('getlink', body);
  }

  dump(message: string, body: Body, options: { readonly exact?: boolean; readonly select?: readonly string[] } = {}): Body[] {
    this.flush();
    return this.client.dumpSync({ message: messageOf(message, this.client.protocol), body }, options) as Body[];
  }

  program(id: number): ProgramInfo | undefined {
    return programInfo(id);
  }

  monitor(groups: readonly string[], options: MonitorOptions): AsyncIterable<Event> {
    this.flush();
    // Listens from here on, not from the first event that is asked for.
    const events = this.client.monitor(groups, { ...(options.allNamespaces && { allNsid: true }), ...(options.signal && { signal: options.signal }) });
    return translated(events);
  }

  async *record(groups: readonly string[], signal: AbortSignal): AsyncGenerator<(RawMessage | 'overrun')[], void, undefined> {
    using client = this.#open(undeclared);
    // Listens before it asks: what changes in between is told twice rather than never.
    const monitor = client.monitor(groups, { signal });
    const header = { type: messageOf('newlink').number, flags: COMMON_FLAGS.multi, seq: 0, pid: 0 };
    yield client.dumpSync({ message: messageOf('getlink'), body: { family: 'unspec', extMask: ['vf'] } }).map((body) => ({ header, body: body as Uint8Array }));
    for (let batch = await monitor.nextBatch(); batch.length > 0; batch = await monitor.nextBatch()) yield batch.map((event) => (event.overrun ? 'overrun' : { header: event.header, body: event.body as Uint8Array }));
  }

  async generic(family: AnyGenericFamily): Promise<Kernel> {
    const { openSync } = await import('../generic/index.ts');
    return this.#beside(family.name, () => openSync(family, this.#options));
  }

  speak(protocol: Protocol): Kernel {
    return this.#beside(protocol.name, () => this.#open(protocol));
  }

  /** The connection that speaks another protocol, opened when it is first wanted. */
  #beside(name: string, open: () => Client): Kernel {
    this.flush();
    let known = this.#others.get(name);
    if (!known) this.#others.set(name, known = new LiveKernel(this.#netns, open()));
    return known;
  }

  close(): void {
    for (const other of this.#others.values()) other.close();
    this.client.close();
  }
}
