/**
 * What may be sent to a kernel by a fuzzer: the one place that says so. What is not named here is denied. The namespaces that it sends in bound what
 * it can reach (see inside.ts); this leaves out what would reach beyond them, or what is known to bring kernels down.
 */
import { frames, NETLINK_GENERIC, TYPE_MASK, type MessageType, type Protocol } from '../../codec/index.ts';

/** Protocols whose state is a network namespace's. */
export const PROTOCOLS: readonly string[] = ['route', 'netfilter', 'xfrm', 'sock_diag', 'generic'];

/** Families of generic netlink that are registered with `netnsok` and whose state is a network namespace's, or a device's in it. */
export const FAMILIES: readonly string[] = [
  'nlctrl', 'ethtool', 'fou', 'gtp', 'IPVS', 'l2tp', 'macsec', 'mptcp_pm', 'netdev', 'ovs_datapath', 'ovs_vport', 'ovs_flow', 'ovs_meter', 'ovs_packet', 'ovs_ct_limit',
  'tcp_metrics', 'SEG6', 'IOAM6', 'ila', 'team', 'wireguard', 'HSR', 'batadv', 'ovpn', 'net-shaper',
];

/** Why the rest is not sent, for who asks for it. */
const DENIED: Readonly<Record<string, string>> = {
  audit: 'audit is the machine\'s', connector: 'tells of all processes', crypto: 'algorithms are the machine\'s', selinux: 'is the machine\'s', uevent: 'tells udev of devices', fib_lookup: 'acknowledges nothing, so that each request waits for its time-out', rdma: 'devices are the machine\'s',
  devlink: 'reloads devices, and flashes them', nl80211: 'radios', MAC80211_HWSIM: 'makes radios', nbd: 'makes block devices', nfsd: 'starts servers', lockd: 'is a server\'s', sunrpc: 'is a server\'s',
  NET_DM: 'drop monitoring is the machine\'s', psample: 'sampling is the machine\'s', TASKSTATS: 'tells of all processes', vdpa: 'makes devices', thermal: 'is the machine\'s', dpll: 'clocks are the machine\'s',
  TCMU: 'is the SCSI target\'s', TIPCv2: 'bearers are heard by others', SMC_GEN_NETLINK: 'is the machine\'s', SMC_PNETID: 'is the machine\'s', handshake: 'is for sockets of the kernel\'s own', nfc: 'radios', nl802154: 'radios',
};

/** Messages that are never sent: what they do is not bounded by the namespace, or nobody sends them. */
const MESSAGES = /^(SOCK_DESTROY|RTM_NEWNSID|RTM_DELNSID|NFNL_MSG_BATCH_(BEGIN|END)|RTM_NEWCACHEREPORT|ETHTOOL_MSG_MODULE_FW_FLASH_ACT|NETDEV_CMD_BIND_RX|NETDEV_CMD_BIND_TX|OSF_MSG_\w+)$/;

/**
 * Keys of attributes that are never set: other network namespaces, by process, descriptor or number; encapsulation of routes, whose options for
 * geneve, VXLAN and ERSPAN crash some kernels (net/ipv4/ip_tunnel_core.c), and the same options elsewhere; memory by the number.
 */
export const WITHOUT: ReadonlySet<string> = new Set([
  'netNsFd', 'netNsPid', 'targetNetnsid', 'newNetnsid', 'linkNetnsid', 'nsid', 'netnsId', 'netnsid', 'socketNetnsid', 'pid', 'fd', 'devFd', 'expectedFd',
  'encap', 'encapType', 'encOpts', 'keyEncOpts', 'keyEncOptsMask', 'hashsize', 'size', 'maxelem', 'numTxQueues', 'numRxQueues', 'limit',
]);

/** A message's attributes that are looked for in its bytes, too, since damage changes types: RTA_ENCAP_TYPE, RTA_ENCAP; NHA_ENCAP_TYPE, NHA_ENCAP. */
const BYTES: readonly { readonly name: RegExp; readonly types: ReadonlySet<number> }[] = [
  { name: /^RTM_\w+ROUTE$/, types: new Set([21, 22]) },
  { name: /^RTM_\w+NEXTHOP(BUCKET)?$/, types: new Set([7, 8]) },
];

/** Why a protocol or a family is not spoken; undefined: it is. */
export function denied(protocol: string, family?: string): string | undefined {
  if (family !== undefined) return FAMILIES.includes(family) ? undefined : DENIED[family] ?? 'it is not known to be bounded by network namespaces';
  return PROTOCOLS.includes(protocol) ? undefined : DENIED[protocol] ?? 'it is not known to be bounded by network namespaces';
}

/** The messages of a protocol that user space sends. */
export function allowed(p: Protocol, dangerous: boolean): MessageType[] {
  return Object.values(p.messages as Readonly<Record<string, MessageType>>).filter((m) => (dangerous || !MESSAGES.test(m.name)) && !replies(p, m));
}
/** What only the kernel sends: answers and events of generic netlink, by their names. */
const replies = (p: Protocol, { name }: MessageType): boolean => p.number === NETLINK_GENERIC && /_(NTF|REPLY|NOTIFY|EVENT|MISS)$/.test(name);

/** Why a datagram is kept back; undefined: it may go. Looks at bytes, wherever a type could stand. */
export function withheld(names: readonly string[], datagram: Uint8Array): string | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  for (const { name, types } of BYTES) {
    if (!names.some((one) => name.test(one))) continue;
    // Damage moves attributes by any number of bytes.
    for (let at = 16; at + 4 <= datagram.length; at++) if (types.has(view.getUint16(at + 2, true) & TYPE_MASK) && view.getUint16(at, true) >= 4) return `it may hold attribute ${view.getUint16(at + 2, true) & TYPE_MASK}, which is encapsulation, of ${names.join(', ')}`;
  }
  return undefined;
}
/** The type in a header may have been damaged: all that a datagram could be. */
export function namesIn(p: Protocol, datagram: Uint8Array): string[] {
  return [...frames(datagram)].map(({ type }) => p.byNumber.get(type)?.name ?? '');
}
