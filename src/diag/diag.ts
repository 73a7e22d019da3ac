/** The front door to NETLINK_SOCK_DIAG: one network namespace's sockets. */
import type { Protocol } from '../codec/index.ts';
import { mptcpDiag, sctpDiag, sockDiag, tipcDiag } from '../families/diag/index.ts';
import type { OpenOptions } from '../route/index.ts';
import { bind, bindSync, type Async, type Listing, type Sync } from '../route/objects.ts';
import { Client } from '../socket/index.ts';
import { destroy, inet, netlink, packet, tipc, unix, vsock, xdp, type InetProtocol, type InetQuery, type InetSocket } from './sockets.ts';
import type { Stream } from '../route/stream.ts';
import { destroyed, type DestroyedEvent, type DestroyedOptions } from './watch.ts';

const families = { unix: { list: unix }, netlink: { list: netlink }, packet: { list: packet }, vsock: { list: vsock }, xdp: { list: xdp } };
type Families = typeof families;
const tipcPlans = { list: tipc };
const inetPlans = { list: inet, destroy };
type Destroy = Sync<typeof inetPlans>['destroy'];
export type { OpenOptions };

/** What answers a question about sockets of a protocol. */
const spoken = (protocol: InetProtocol): Protocol => (protocol === 'mptcp' ? mptcpDiag : protocol === 'sctp' ? sctpDiag : sockDiag);

/** Sockets with promises, or as they arrive. */
export interface SocketDiag extends Readonly<{ [K in keyof Families]: Async<Families[K]> }>, AsyncDisposable {
  /** Sockets of TCP, UDP and the other protocols over IP. */
  readonly inet: {
    /** Sockets of a family and a protocol, as they are told while others come and go. */
    list<P extends InetProtocol>(query: InetQuery<P>): Listing<InetSocket<P>>;
    /** Closes a socket: who has it reads ECONNABORTED. @returns false when it is gone already @throws {NetlinkError} EPERM, EOPNOTSUPP */
    destroy(...args: Parameters<Destroy>): Promise<boolean>;
    /** Sockets of TCP and UDP as they are closed. Leaving the loop, or the signal, ends it. */
    destroyed(options?: DestroyedOptions): Stream<DestroyedEvent>;
  };
  /** Sockets of TIPC. */
  readonly tipc: Async<typeof tipcPlans>;
  /** The client below, for any request of the protocol. */
  readonly client: Client<typeof sockDiag>;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}
/** The same on the spot. */
export interface SocketDiagSync extends Readonly<{ [K in keyof Families]: Sync<Families[K]> }>, Disposable {
  /** Sockets of TCP, UDP and the other protocols over IP. */
  readonly inet: {
    /** Sockets of a family and a protocol, all at once. */
    list<P extends InetProtocol>(query: InetQuery<P>): InetSocket<P>[];
    /** Closes a socket. @returns false when it is gone already @throws {NetlinkError} as with promises */
    destroy: Destroy;
  };
  /** Sockets of TIPC. */
  readonly tipc: Sync<typeof tipcPlans>;
  /** The client below, for any request of the protocol. */
  readonly client: Client<typeof sockDiag>;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}

/** A connection that speaks the protocol as it is, and when they are asked for, those that read it in another way. */
class Connections {
  readonly #open: (protocol: Protocol) => Client;
  readonly #known = new Map<Protocol, Client>();
  readonly client: Client<typeof sockDiag>;

  constructor({ signal: _signal, ...options }: OpenOptions) {
    this.#open = (protocol) => Client.open({ ...options, protocol });
    this.client = this.by(sockDiag) as Client<typeof sockDiag>;
  }

  of(protocol: InetProtocol): Client {
    return this.by(spoken(protocol));
  }

  by(wanted: Protocol): Client {
    let client = this.#known.get(wanted);
    if (!client) this.#known.set(wanted, client = this.#open(wanted));
    return client;
  }

  close(): void {
    for (const client of this.#known.values()) client.close();
  }
}

const boundTo = <B>(bindTo: (plans: Families[keyof Families]) => B): { [K in keyof Families]: B } => Object.fromEntries(Object.entries(families).map(([name, plans]) => [name, bindTo(plans)])) as { [K in keyof Families]: B };

/** Opens the sockets of a namespace. Errors come as rejections. @throws {NetlinkError} as `open` of rtnetlink */
export async function open(options: OpenOptions = {}): Promise<SocketDiag> {
  const all = new Connections(options), { client } = all, { signal } = options, close = (): void => all.close();
  return {
    ...boundTo((plans) => bind(client, plans, signal)) as unknown as Omit<SocketDiag, 'inet' | 'tipc'>,
    inet: {
      list: <P extends InetProtocol>(query: InetQuery<P>) => bind(all.of(query.protocol), inetPlans, signal).list(query) as Listing<InetSocket<P>>,
      destroy: (...args) => bind(client, inetPlans, signal).destroy(...args),
      destroyed: (more = {}) => destroyed(client, { ...(signal && { signal }), ...more }),
    },
    get tipc() { return bind(all.by(tipcDiag), tipcPlans, signal); },
    client, close, [Symbol.asyncDispose]: async () => close(),
  };
}

/** Opens the sockets of a namespace for calls that return when the kernel has answered. @throws {NetlinkError} */
export function openSync(options: Omit<OpenOptions, 'signal'> = {}): SocketDiagSync {
  const all = new Connections(options), { client } = all, close = (): void => all.close();
  return {
    ...boundTo((plans) => bindSync(client, plans)) as unknown as Omit<SocketDiagSync, 'inet' | 'tipc'>,
    inet: { list: <P extends InetProtocol>(query: InetQuery<P>) => bindSync(all.of(query.protocol), inetPlans).list(query) as InetSocket<P>[], destroy: (...args) => bindSync(client, inetPlans).destroy(...args) },
    get tipc() { return bindSync(all.by(tipcDiag), tipcPlans); },
    client, close, [Symbol.dispose]: close,
  };
}
