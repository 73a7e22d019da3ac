/** The kernel through a socket. */
import { Client, type MonitorEvent, type NetlinkError, type SocketOptions } from '../socket/index.ts';
import { route } from '../families/route/index.ts';
import type { MessageType } from '../codec/index.ts';
import { entering } from './errors.ts';
import type { Answer, Body, Event, Kernel, MonitorOptions, RequestFlag } from './kernel.ts';
import { inWords } from './print/request.ts';

const messages = route.messages as Readonly<Record<string, MessageType>>;

function messageOf(name: string): MessageType {
  const message = messages[name];
  if (!message) throw new TypeError(`no message ${name}`);
  return message;
}

async function* translated(events: AsyncIterable<MonitorEvent>): AsyncIterable<Event> {
  for await (const event of events) {
    if (event.overrun) yield { message: '', body: {}, overrun: true };
    else yield { message: event.message?.key ?? '', body: event.body as Body, ...(event.nsid !== undefined && { nsid: event.nsid }) };
  }
}

export class LiveKernel implements Kernel {
  readonly #client: Client;

  /** @param netns Name or path of the namespace to work in. */
  constructor(netns?: string) {
    const namespace: SocketOptions['namespace'] | undefined = netns === undefined ? undefined : netns.includes('/') ? { path: netns } : { name: netns };
    try {
      this.#client = Client.open({ protocol: route, ...(namespace !== undefined && { namespace }) });
    } catch (error) {
      throw netns === undefined ? error : entering(netns, error);
    }
  }

  /** What is refused is said in words as well, where the kernel does not say which attribute it means. */
  #ask<T>(message: string, flags: readonly RequestFlag[], body: Body, ask: (type: MessageType) => T): T {
    const type = messageOf(message);
    try {
      return ask(type);
    } catch (error) {
      const { extack, capability, errno } = error as NetlinkError;
      if (errno !== undefined && extack?.path === undefined && capability === undefined) throw Object.assign(error as Error, { asked: inWords(type.name, flags, body) });
      throw error;
    }
  }

  request(message: string, body: Body, flags: readonly RequestFlag[] = []): Answer[] {
    return this.#ask(message, flags, body, (type) => this.#client.requestSync({ message: type, flags, body })).map((reply) => ({ message: reply.message?.key ?? '', body: reply.body as Body }));
  }

  get(message: string, body: Body): Body | undefined {
    return this.#ask(message, [], body, (type) => this.#client.requestSync({ message: type, body }))[0]?.body as Body | undefined;
  }

  lookup(body: Body): Body | undefined {
    return this.get('getlink', body);
  }

  dump(message: string, body: Body): Body[] {
    return this.#client.dumpSync({ message: messageOf(message), body }) as Body[];
  }

  monitor(groups: readonly string[], options: MonitorOptions): AsyncIterable<Event> {
    // Listens from here on, not from the first event that is asked for.
    const events = this.#client.monitor(groups, { ...(options.allNamespaces && { allNsid: true }), ...(options.signal && { signal: options.signal }) });
    return translated(events);
  }

  close(): void {
    this.#client.close();
  }
}
