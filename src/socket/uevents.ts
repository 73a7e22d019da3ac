/** Events of devices as a stream: what `udevadm monitor` shows. */
import { closeSync } from 'node:fs';
import { decodeUevent, type Uevent } from '../codec/index.ts';
import { openSocket } from './linux.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';
import { assertAtHome, enter, openNamespace, type NamespaceRef } from './netns.ts';
import type { Datagram } from './transport.ts';

/** NETLINK_KOBJECT_UEVENT and its groups. */
const PROTOCOL = 15, GROUPS = { kernel: 1, udev: 2 } as const;
const BUFFER = 8 * 1024 * 1024;

/** An event, or news of a loss. */
export type UeventEvent =
  | (Uevent & {
      readonly overrun?: undefined;
      /** What came is no event: `bytes` are what it is; action and properties are empty. */
      readonly error?: unknown;
      readonly bytes?: Uint8Array;
    })
  /** The kernel dropped events here. The stream goes on. */
  | { readonly overrun: true; readonly error?: undefined };

export interface UeventOptions extends Omit<MonitorOptions, 'allNsid'> {
  /** Whose: the kernel's as they happen (the default), or udev's when it is done with a device. */
  readonly source?: keyof typeof GROUPS;
  /** The network namespace to listen in. Default: the calling thread's. Devices of the network are told of in their own, all others where the machine's first user namespace owns it. */
  readonly namespace?: NamespaceRef;
}

function read(source: Uevent['source'], { port, bytes, truncated }: Datagram, into: (event: UeventEvent) => void): void {
  // A process with CAP_NET_ADMIN may send to a group, but only the kernel speaks for itself.
  if (source === 'kernel' && port) return;
  try {
    into(decodeUevent(bytes));
  } catch (error) {
    into({ source, action: '', devpath: '', properties: {}, error, bytes: bytes.slice() });
  }
  if (truncated) into({ overrun: true });
}

/**
 * Events since the call. Ends by leaving the loop, by the signal, or by `close()`.
 * @throws {NetlinkError} ENOENT (the namespace), EPERM
 */
export function monitorUevents({ source = 'kernel', namespace, signal, receiveBuffer = BUFFER }: UeventOptions = {}): Monitor<UeventEvent> {
  assertAtHome();
  const open = () => openSocket({ protocol: PROTOCOL, groups: [GROUPS[source]], receiveBuffer });
  const home = namespace === undefined ? undefined : openNamespace(namespace);
  try {
    const transport = home === undefined ? open() : enter({ fd: home }, open);
    return new Monitor<UeventEvent>(transport, (datagram, into) => read(source, datagram, into), signal, () => {});
  } finally {
    if (home !== undefined) closeSync(home);
  }
}
