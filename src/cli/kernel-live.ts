/** The kernel through a socket. */
import { Client, type MonitorEvent, type SocketOptions } from '../socket/index.ts';
import { route } from '../families/route/index.ts';
import type { MessageType } from '../codec/index.ts';
import type { Answer, Body, Event, Kernel, MonitorOptions, RequestFlag } from './kernel.ts';

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
    this.#client = Client.open({ protocol: route, ...(namespace !== undefined && { namespace }) });
  }

  request(message: string, body: Body, flags: readonly RequestFlag[] = []): Answer[] {
    return this.#client.requestSync({ message: messageOf(message), flags, body }).map((reply) => ({ message: reply.message?.key ?? '', body: reply.body as Body }));
  }

  get(message: string, body: Body): Body | undefined {
    return this.#client.requestSync({ message: messageOf(message), body })[0]?.body as Body | undefined;
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
