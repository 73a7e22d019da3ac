/** The network namespaces that requests are sent in, made by the thread that sends; there is no other way to a socket here. */
import { readFileSync, readlinkSync } from 'node:fs';
import { netfilter, subsystems } from '../../families/netfilter/index.ts';
import { libc } from '../../socket/libc.ts';
import { Client, openSocket, type Transport } from '../../socket/index.ts';
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
const { v0, v1, b0, p0, p1 } = INDEX, links = [v0, v0, v1, v1, b0, p0, 1, 0, 999], names = ['lo', ...Object.keys(INDEX), 'n0', 'n1'];

type Words = Readonly<Record<string, readonly unknown[]>>;
/** What a fresh namespace holds, and what else tools say: values that get further than chance does. */
const common: Words = {
  index: links, ifindex: links, link: links, master: links, oif: links, iif: links, devIndex: links, port: links,
  ifname: names, devName: names, iifname: names, oifname: names, dev: names, name: ['t0', 'c0', 's0', 'v0'], chain: ['c0', 'c1'], set: ['s0'], setname: ['s0', 's1'],
  table: ['main', 'main', 'local', 100, 't0', 't1'], scope: ['universe', 'universe', 'universe', 'link', 'host'], type: ['unicast', 'unicast', 'unicast', 'local', 'blackhole', 'multicast'],
  protocol: ['boot', 'static', 'tcp', 'udp'], state: [['permanent'], ['reachable'], ['stale'], ['noarp']], priority: [0, 1, 100], mtu: [0, 68, 1280, 1500, 9000], id: [0, 1, 2, 10],
  parent: [0xffffffff, 0xfffffff1, 0x10000, 0x10001], handle: [0x10000, 0x10000, 0, 1], info: [0, 0x10008, 0x10dd86], action: ['toTbl', 'toTbl', 'blackhole', 'goto'],
  typename: ['hash:ip', 'hash:net', 'hash:ip,port', 'list:set', 'bitmap:port'], protocolMin: [6, 7],
};
const ofFamily = (family: readonly string[], addresses: readonly string[], lengths: readonly number[]): Words => ({
  ...common, family, dstLen: lengths, srcLen: lengths, prefixlen: lengths,
  ...Object.fromEntries(['dst', 'src', 'local', 'address', 'gateway', 'prefsrc', 'broadcast', 'remote', 'group'].map((key) => [key, addresses])),
});
const ipv4 = ['192.0.2.1', '192.0.2.77', '198.51.100.0', '0.0.0.0'], ipv6 = ['2001:db8::1', '2001:db8:1::', 'fe80::1', '::'];
/** A request is of one address family, mostly. */
export const WORDS: readonly Words[] = [
  ofFamily(['inet', 'inet', 'ipv4'], ipv4, [0, 8, 24, 24, 32]), ofFamily(['inet', 'inet', 'ipv4'], ipv4, [24, 32]), ofFamily(['inet6', 'inet6', 'ipv6'], ipv6, [0, 32, 64, 64, 128]),
  ofFamily(['unspec', 'bridge', 'netdev', 'inet', 'inet6', 'ipv4', 'ipv6'], [...ipv4, ...ipv6], [0, 24, 32, 33, 64, 128, 129]),
];

/** Links and addresses that requests can be about. */
function furnish(): void {
  using nl = openSync();
  nl.link.set('lo', { up: true });
  nl.link.add(veth('v0', { peer: { ifname: 'v1', index: v1 } }, { index: v0, up: true }));
  nl.link.add(bridge('b0', {}, { index: b0, up: true }));
  nl.link.add(veth('p0', { peer: { ifname: 'p1', index: p1 } }, { index: p0, up: true, master: 'b0' }));
  nl.link.set('v1', { up: true });
  nl.address.add('v0', '192.0.2.1/24');
}

/** A table of each family, with a chain and a set, where the kernel has nf_tables. */
function furnishRuleset(): void {
  using client = Client.open({ protocol: netfilter });
  const { batchBegin, batchEnd, newtable, newchain, newset } = netfilter.messages, body = { resId: subsystems.nftables }, flags = ['create'] as const;
  for (const family of ['inet', 'ipv4', 'ipv6']) {
    client.bracketedSync([
      { message: batchBegin, body }, { message: newtable, flags, body: { family, name: 't0' } }, { message: newchain, flags, body: { family, table: 't0', name: 'c0' } },
      { message: newset, flags, body: { family, table: 't0', name: 's0', keyType: 7, keyLen: 4, id: 1 } }, { message: batchEnd, body },
    ]);
  }
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
    if (protocol === netfilter.number) furnishRuleset();
    transport = openSocket({ protocol, cappedAck: false, receiveBuffer: 1 << 22 });
  };
  renew();
  return { get transport() { return transport as Transport; }, renew, close: () => transport?.close() };
}
