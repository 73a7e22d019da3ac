/** The network namespaces that requests are sent in, made by the thread that sends; there is no other way to a socket here. */
import { readFileSync, readlinkSync } from 'node:fs';
import { libc } from '../../socket/libc.ts';
import { openSocket, type Transport } from '../../socket/index.ts';
import { bridge, openSync, veth } from '../../route/index.ts';
import { CLONE_NEWNET } from '../../socket/netns.ts';
import { CliError, exits } from '../errors.ts';

/** Where requests are sent. */
export interface Lab {
  readonly transport: Transport;
  /** Everything that was made is gone: another namespace, with the same in it as at first. */
  renew(): void;
  close(): void;
}

/** Indexes that the links have in each namespace, whatever else the machine puts there. */
const INDEX = { v0: 101, v1: 102, b0: 103, p0: 104, p1: 105 } as const;
const links = [0, 1, ...Object.values(INDEX), 999], names = ['lo', ...Object.keys(INDEX), 'n0', 'n1'];
const addresses = ['192.0.2.1', '192.0.2.77', '198.51.100.0', '0.0.0.0', '2001:db8::1', '2001:db8:1::', 'fe80::1', '::'], lengths = [0, 8, 24, 32, 64, 128];
/** What a fresh namespace holds, and what else tools say: values that get further than chance does. */
export const WORDS: Readonly<Record<string, readonly unknown[]>> = {
  index: links, ifindex: links, link: links, master: links, oif: links, iif: links, devIndex: links, port: links,
  ifname: names, devName: names, iifname: names, oifname: names, dev: names, name: ['t0', 'c0', 's0', 'v0'], chain: ['c0', 'c1'], set: ['s0'], setname: ['s0', 's1'],
  family: ['unspec', 'inet', 'inet6', 'bridge', 'ipv4', 'ipv6', 'netdev'], table: ['main', 'local', 100, 't0', 't1'],
  dst: addresses, src: addresses, local: addresses, address: addresses, gateway: addresses, prefsrc: addresses, broadcast: addresses, remote: addresses, group: addresses,
  dstLen: lengths, srcLen: lengths, prefixlen: lengths, scope: ['universe', 'link', 'host'], priority: [0, 1, 100], mtu: [0, 68, 1280, 1500, 9000], id: [0, 1, 2, 10],
  parent: [0xffffffff, 0xfffffff1, 0x10000, 0x10001], handle: [0, 0x10000, 1], info: [0, 0x10008, 0x10dd86],
  typename: ['hash:ip', 'hash:net', 'hash:ip,port', 'list:set', 'bitmap:port'], protocolMin: [6, 7],
};

/** Links and addresses that requests can be about. */
function furnish(): void {
  using nl = openSync();
  const { v0, v1, b0, p0, p1 } = INDEX;
  nl.link.set('lo', { up: true });
  nl.link.add(veth('v0', { peer: { ifname: 'v1', index: v1 } }, { index: v0, up: true }));
  nl.link.add(bridge('b0', {}, { index: b0, up: true }));
  nl.link.add(veth('p0', { peer: { ifname: 'p1', index: p1 } }, { index: p0, up: true, master: 'b0' }));
  nl.link.set('v1', { up: true });
  nl.address.add('v0', '192.0.2.1/24');
}

/**
 * Leaves the network namespace for one that this makes, then opens a socket in it: where the first step fails there is no socket. All that is sent
 * here goes to a namespace that nobody else has ever been in.
 * @param outside what the user namespace is called that the process must not be in (readlink of /proc/self/ns/user); undefined: any will do
 * @throws {CliError} when the process is in a user namespace that has power over others
 */
export function lab(protocol: number, outside: string | undefined): Lab {
  if (outside !== undefined) {
    const own = readlinkSync('/proc/self/ns/user'), whole = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
    if (own === outside || whole) throw new CliError('the fuzzer is in the user namespace of the machine: it does not send anything there', exits.noTransport);
  }
  let transport: Transport | undefined;
  const renew = (): void => {
    transport?.close();
    transport = undefined;
    const c = libc();
    if (c.unshare(CLONE_NEWNET) < 0) throw new CliError(`cannot make a network namespace: errno ${c.errno()}`, exits.noTransport);
    furnish();
    transport = openSocket({ protocol, cappedAck: false, receiveBuffer: 1 << 22 });
  };
  renew();
  return { get transport() { return transport as Transport; }, renew, close: () => transport?.close() };
}
