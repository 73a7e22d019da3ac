/** Sockets as they are closed (kernel 4.2; net/core/sock_diag.c). */
import type { InetDiag, sockDiag } from '../families/diag/index.ts';
import { listen, type Stream } from '../route/stream.ts';
import type { Client } from '../socket/index.ts';

/** A socket that was closed, with its last TCP_INFO. */
export type DestroyedEvent =
  | { readonly change: 'destroy'; readonly protocol: 'tcp' | 'udp'; readonly socket: InetDiag }
  /** The kernel dropped events. */
  | { readonly change: 'overrun' };
export interface DestroyedOptions {
  /** Default: both. */
  readonly protocols?: readonly ('tcp' | 'udp')[];
  /** Default: both. */
  readonly families?: readonly ('inet' | 'inet6')[];
  readonly signal?: AbortSignal;
}

/** The group of a family and a protocol. */
export const groupOf = (family: 'inet' | 'inet6', protocol: 'tcp' | 'udp'): keyof typeof sockDiag.groups => `${family}${protocol === 'tcp' ? 'Tcp' : 'Udp'}Destroy`;

/** Events from the call on, until the loop is left, the signal, or closing the client. Takes CAP_NET_ADMIN. @throws {NetlinkError} EPERM */
export function destroyed(client: Client<typeof sockDiag>, { protocols = ['tcp', 'udp'], families = ['inet', 'inet6'], signal }: DestroyedOptions = {}): Stream<DestroyedEvent> {
  const groups = families.flatMap((family) => protocols.map((protocol) => groupOf(family, protocol)));
  return listen<DestroyedEvent>(client, groups, signal ? { signal } : {}, { change: 'overrun' }, ({ body }) => {
    const socket = body as InetDiag;
    return { change: 'destroy', protocol: socket.protocol === 'udp' ? 'udp' : 'tcp', socket };
  });
}
