/** The machine's sockets: listed by family and protocol with the kernel's own filter, closed, watched as they are closed. */
export { open, openSync, type OpenOptions, type SocketDiag, type SocketDiagSync } from './diag.ts';
export { compile, type Host, type Ports, type SocketFilter } from './filter.ts';
export { inetProtocols, type InetProtocol, type InetQuery, type InetSocket, type SocketState } from './sockets.ts';
export { groupOf, type DestroyedEvent, type DestroyedOptions } from './watch.ts';
