/** Connections as they come, change and go. */
import { VERB_FLAGS } from '../codec/index.ts';
import { netfilter, type Conntrack } from '../families/netfilter/index.ts';
import { listen, type Stream } from '../route/stream.ts';
import type { Client } from '../socket/index.ts';
import { matches, type ConntrackFilter } from './conntrack.ts';

/** What happened to a connection. */
export type ConnectionEvent =
  | { readonly change: 'new' | 'update' | 'destroy'; readonly connection: Conntrack }
  /** The kernel dropped events. */
  | { readonly change: 'overrun' };
const groups = { new: 'conntrackNew', update: 'conntrackUpdate', destroy: 'conntrackDestroy' } as const;
export type ConnectionChange = keyof typeof groups;
export interface ConnectionsOptions {
  /** Default: all. */
  readonly changes?: readonly ConnectionChange[];
  readonly filter?: Omit<ConntrackFilter, 'table'>;
  readonly signal?: AbortSignal;
}

/**
 * Events from the call on, until the loop is left, the signal, or closing the client. The kernel only makes them where something
 * tracks connections (a rule that looks at them, NAT), and always for who listens before that (`nf_conntrack_events`, 1 or 2).
 * @throws {NetlinkError} EPERM
 */
export function connections(client: Client, { changes = ['new', 'update', 'destroy'], filter = {}, signal }: ConnectionsOptions = {}): Stream<ConnectionEvent> {
  const wanted = matches(filter);
  return listen<ConnectionEvent>(client, changes.map((change) => groups[change]), signal ? { signal } : {}, { change: 'overrun' }, ({ message, flags, body }) => {
    const connection = body as Conntrack;
    return wanted(connection) ? { change: message === netfilter.messages.delConntrack ? 'destroy' : flags & VERB_FLAGS.new.create ? 'new' : 'update', connection } : undefined;
  });
}
