/** TIPCv2: transparent inter-process communication: bearers, links, nodes, sockets, names. Source: include/uapi/linux/tipc_netlink.h, net/tipc/netlink.c. */
import { attrs, binary, chars, enumeration, flag, genericFamily, list, pad, string, struct, tail, u32, u64 } from '../../codec/index.ts';
import { sockaddr } from '../sockaddr.ts';

/** Properties of a medium, a bearer or a link. */
export class TipcProperties extends attrs('TIPC_NLA_PROP_', {
  /** 0 to 31; higher goes first. */
  prio: [1, u32],
  /** Milliseconds without an answer before a link is lost. */
  tol: [2, u32],
  /** Packets under way. */
  win: [3, u32],
  mtu: [4, u32],
  /** How broadcasts are sent. */
  broadcast: [5, u32],
  broadcastRatio: [6, u32],
}) {}

/** Counters of a link. */
export class TipcStats extends attrs('TIPC_NLA_STATS_', {
  rxInfo: [1, u32],
  rxFragments: [2, u32],
  rxFragmented: [3, u32],
  rxBundles: [4, u32],
  rxBundled: [5, u32],
  txInfo: [6, u32],
  txFragments: [7, u32],
  txFragmented: [8, u32],
  txBundles: [9, u32],
  txBundled: [10, u32],
  msgProfTot: [11, u32],
  msgLenCnt: [12, u32],
  msgLenTot: [13, u32],
  msgLenP0: [14, u32],
  msgLenP1: [15, u32],
  msgLenP2: [16, u32],
  msgLenP3: [17, u32],
  msgLenP4: [18, u32],
  msgLenP5: [19, u32],
  msgLenP6: [20, u32],
  rxStates: [21, u32],
  rxProbes: [22, u32],
  rxNacks: [23, u32],
  rxDeferred: [24, u32],
  txStates: [25, u32],
  txProbes: [26, u32],
  txNacks: [27, u32],
  txAcks: [28, u32],
  retransmitted: [29, u32],
  duplicates: [30, u32],
  linkCongs: [31, u32],
  maxQueue: [32, u32],
  avgQueue: [33, u32],
}) {}

/** A bearer over UDP. */
export class TipcUdp extends attrs('TIPC_NLA_UDP_', { local: [1, sockaddr], remote: [2, sockaddr], multiRemoteip: [3, flag] }) {}
/** A bearer: "eth:eth0", "udp:NAME". */
export class TipcBearer extends attrs('TIPC_NLA_BEARER_', { name: [1, string], prop: [2, TipcProperties], domain: [3, u32], udpOpts: [4, TipcUdp] }) {}
/** Who a socket is connected to. */
export class TipcConnection extends attrs('TIPC_NLA_CON_', { flag: [1, flag], node: [2, u32], sock: [3, u32], type: [4, u32], inst: [5, u32] }) {}
/** What waits in a socket. */
export class TipcSocketStats extends attrs('TIPC_NLA_SOCK_STAT_', { rcvq: [0, u32], sendq: [1, u32], linkCong: [2, flag], connCong: [3, flag], drop: [4, u32] }) {}

/** The group that a socket is in. */
export class TipcSocketGroup extends attrs('TIPC_NLA_SOCK_GROUP_', {
  id: [0, u32],
  open: [1, flag],
  nodeScope: [2, flag],
  clusterScope: [3, flag],
  instance: [4, u32],
  bcSendNext: [5, u32],
}) {}

/** A socket. */
export class TipcSocket extends attrs('TIPC_NLA_SOCK_', {
  /** Its node. */
  addr: [1, u32],
  /** Its port. */
  ref: [2, u32],
  con: [3, TipcConnection],
  hasPubl: [4, flag],
  stat: [5, TipcSocketStats],
  type: [6, u32],
  ino: [7, u32],
  uid: [8, u32],
  tipcState: [9, u32],
  cookie: [10, u64],
  pad: [11, pad],
  group: [12, TipcSocketGroup],
}) {}

/** A link to another node. */
export class TipcLink extends attrs('TIPC_NLA_LINK_', {
  name: [1, string],
  dest: [2, u32],
  mtu: [3, u32],
  broadcast: [4, flag],
  up: [5, flag],
  active: [6, flag],
  prop: [7, TipcProperties],
  stats: [8, TipcStats],
  rx: [9, u32],
  tx: [10, u32],
}) {}

/** A kind of bearer, and what its bearers begin with. */
export class TipcMedia extends attrs('TIPC_NLA_MEDIA_', { name: [1, string], prop: [2, TipcProperties] }) {}
/** A key that packets are encrypted with. */
export const tipcKey = tail(struct('tipc_aead_key', { algName: chars(32), keylen: u32 }), 'key', binary);

/** A node of the cluster. */
export class TipcNode extends attrs('TIPC_NLA_NODE_', {
  addr: [1, u32],
  up: [2, flag],
  /** 16 bytes. */
  id: [3, binary],
  key: [4, tipcKey],
  keyMaster: [5, flag],
  /** Minutes between keys. */
  rekeying: [6, u32],
}) {}

/** This node. */
export class TipcNetwork extends attrs('TIPC_NLA_NET_', {
  /** Before a number of 8 bytes. */
  pad: [0, pad, 'TIPC_NLA_NET_UNSPEC'],
  /** The cluster's number. */
  id: [1, u32],
  addr: [2, u32],
  nodeid: [3, u64],
  nodeidW1: [4, u64],
  addrLegacy: [5, flag],
}) {}

/** Who may know of a name. */
export const tipcScope = enumeration(u32, { cluster: 2, node: 3 });

/** A name that a socket goes by. */
export class TipcPublication extends attrs('TIPC_NLA_PUBL_', {
  type: [1, u32],
  lower: [2, u32],
  upper: [3, u32],
  scope: [4, tipcScope],
  node: [5, u32],
  ref: [6, u32],
  key: [7, u32],
}) {}

/** A line of the table of names. */
export class TipcNames extends attrs('TIPC_NLA_NAME_TABLE_', { publ: [1, TipcPublication] }) {}

/** Which nodes watch which, on a bearer. */
export class TipcMonitor extends attrs('TIPC_NLA_MON_', {
  activationThreshold: [1, u32],
  ref: [2, u32],
  active: [3, flag],
  bearerName: [4, string],
  peercnt: [5, u32],
  listgen: [6, u32],
}) {}

/** A node that is watched. */
export class TipcMonitorPeer extends attrs('TIPC_NLA_MON_PEER_', {
  addr: [1, u32],
  /** Generation of its domain. */
  domgen: [2, u32],
  applied: [3, u32],
  /** Bits of the members that are up. */
  upmap: [4, u64],
  members: [5, list(u32)],
  up: [6, flag],
  head: [7, flag],
  local: [8, flag],
  pad: [9, pad],
}) {}

/** What is told of, or asked for. */
export class TipcState extends attrs('TIPC_NLA_', {
  bearer: [1, TipcBearer],
  sock: [2, TipcSocket],
  publ: [3, TipcPublication],
  link: [4, TipcLink],
  media: [5, TipcMedia],
  node: [6, TipcNode],
  net: [7, TipcNetwork],
  nameTable: [8, TipcNames],
  mon: [9, TipcMonitor],
  monPeer: [10, TipcMonitorPeer],
}) {}

/** TIPCv2. */
export const tipc = genericFamily('TIPCv2', 1, {
  prefix: 'TIPC_NL_',
  commands: {
    legacy: [1, TipcState],
    bearerDisable: [2, TipcState],
    bearerEnable: [3, TipcState],
    bearerGet: [4, TipcState],
    bearerSet: [5, TipcState],
    sockGet: [6, TipcState],
    publGet: [7, TipcState],
    linkGet: [8, TipcState],
    linkSet: [9, TipcState],
    linkResetStats: [10, TipcState],
    mediaGet: [11, TipcState],
    mediaSet: [12, TipcState],
    nodeGet: [13, TipcState],
    netGet: [14, TipcState],
    netSet: [15, TipcState],
    nameTableGet: [16, TipcState],
    monSet: [17, TipcState],
    monGet: [18, TipcState],
    monPeerGet: [19, TipcState],
    peerRemove: [20, TipcState],
    bearerAdd: [21, TipcState],
    udpGetRemoteip: [22, TipcState],
    keySet: [23, TipcState],
    keyFlush: [24, TipcState],
    addrLegacyGet: [25, TipcState],
  },
  config: 'CONFIG_TIPC',
  module: 'tipc',
});
