/** The sockets of one client: the one for requests, those for dumps beside each other, those of monitors. */
import { netlinkError } from './netlink-error.ts';
import type { Transport } from './transport.ts';

/** Opens one more socket of the same protocol in the same network namespace. */
export type Opener = (options: { groups: readonly number[]; allNsid: boolean; receiveBuffer?: number }) => Transport;

export class Sockets {
  readonly main: Transport;
  readonly #opener: Opener | undefined;
  /** Dump sockets that nobody uses. */
  readonly #idle: Transport[] = [];
  readonly #open = new Set<{ close(): void }>();

  constructor(main: Transport, opener: Opener | undefined) {
    this.main = main;
    this.#opener = opener;
  }

  /** Whether there is only the one. */
  get single(): boolean { return !this.#opener; }

  /** A socket that is used for nothing else until it is given back. */
  lease(): Transport {
    this.#assertOpen();
    if (!this.#opener) return this.main;
    const idle = this.#idle.pop();
    if (idle) return idle;
    const transport = this.#opener({ groups: [], allNsid: false });
    this.#open.add(transport);
    return transport;
  }

  /** `clean`: nothing is still to come on it. */
  giveBack(transport: Transport, clean: boolean): void {
    if (transport === this.main) return;
    if (clean && !this.main.closed) this.#idle.push(transport);
    else {
      this.#open.delete(transport);
      transport.close();
    }
  }

  /** Opens a socket that listens to groups; closing it by `make`'s result, or with the client, is left to the caller. */
  listen<T extends { close(): void }>(groups: readonly number[], allNsid: boolean, receiveBuffer: number, make: (transport: Transport, closing: () => void) => T): T {
    this.#assertOpen();
    if (!this.#opener) throw netlinkError('ERR_NETLINK_NO_TRANSPORT', 'this client has no way to open a socket of its own for a monitor');
    const transport = this.#opener({ groups, allNsid, receiveBuffer });
    // A signal that is aborted already closes what is being made.
    let listener: T | undefined, ended = false;
    listener = make(transport, () => {
      ended = true;
      if (listener) this.#open.delete(listener);
    });
    if (!ended) this.#open.add(listener);
    return listener;
  }

  /** The namespace that further sockets would be opened in is forgotten with the client. */
  #assertOpen(): void {
    if (this.main.closed) throw netlinkError('ERR_NETLINK_CLOSED', 'the client was closed');
  }

  close(): void {
    this.main.close();
    for (const opened of this.#open) opened.close();
    this.#open.clear();
    this.#idle.length = 0;
  }
}
