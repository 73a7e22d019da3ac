/** Datagrams in and out of the kernel: requests, dumps and events, of any netlink protocol. */
export { answer, type AnswerOptions } from './answer.ts';
export { Client, type ClientOptions, type RequestOptions, type SocketOptions } from './client.ts';
export type { AsyncDumpOptions, DumpOptions } from './dump.ts';
export { exchange, refusalOf, type Exchange, type ExchangeOptions } from './exchange.ts';
export { errnoName, errnoNumber, errnoText } from './errno.ts';
export { attributeAt } from './extack.ts';
export { hintFor, hintsFor, type Hint } from './hints.ts';
export { InheritedTransport, inheritedDescriptors, inheritedSocket } from './inherited.ts';
export { libc, runtime, type Runtime } from './libc.ts';
export { LinuxTransport, openSocket, type SocketOptions as TransportOptions } from './linux.ts';
export { Monitor, type MonitorEvent, type MonitorOptions } from './monitor.ts';
export { NetlinkError, type ExtendedAck, type NetlinkCode, type NetlinkErrorDetails } from './netlink-error.ts';
export { oneByOne } from './one-by-one.ts';
export { Parcel } from './parcel.ts';
export type { OnWarning } from './pending.ts';
export type { Reply, Request } from './request.ts';
export type { Datagram, Transport, WatchHandlers, Watcher } from './transport.ts';
export { monitorUevents, type UeventEvent, type UeventOptions } from './uevents.ts';
