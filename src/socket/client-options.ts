/** What a client may be told. */
import type { Keys, Protocol } from '../codec/index.ts';
import type { SocketOptions as RawOptions } from './linux.ts';
import type { NamespaceRef } from './netns.ts';
import type { OnWarning } from './pending.ts';
import type { Opener } from './sockets.ts';

/** Of which protocol, where, and how patiently. */
export interface SocketOptions<P extends Protocol = Protocol> extends Omit<RawOptions, 'protocol' | 'groups' | 'allNsid' | 'noOverrun'> {
  readonly protocol: P;
  /** The network namespace to work in. Default: the calling thread's. */
  readonly namespace?: NamespaceRef;
  /** Milliseconds that the kernel may take for an answer. Default 30,000. */
  readonly timeout?: number;
  /** Hears what the kernel remarks on a request that it granted (NLMSGERR_ATTR_MSG of an acknowledgement). */
  readonly onWarning?: OnWarning;
}

/** For what callers without types may have given. */
export const openKeys: Keys<SocketOptions> = { protocol: 1, namespace: 1, timeout: 1, onWarning: 1, strict: 1, extendedAck: 1, cappedAck: 1, receiveBuffer: 1, sendBuffer: 1, port: 1 };

/** How one request is sent and waited for. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /**
   * Send on another thread, so that the event loop goes on while the kernel works. Default: for links and qdiscs, whose
   * changes wait in the kernel (deleting a link: 16 ms); for the rest the detour takes longer than the work.
   */
  readonly offLoop?: boolean;
}

/** What a client is made of; `Client.open` fills it in. */
export interface ClientOptions<P extends Protocol = Protocol> {
  readonly protocol: P;
  /** Opens one more socket, for dumps beside each other and for monitors. */
  readonly open?: Opener;
  /** Milliseconds that the kernel may take for an answer. Default 30,000. */
  readonly timeout?: number;
  readonly onWarning?: OnWarning;
  /** Called by close(). */
  readonly release?: () => void;
}
