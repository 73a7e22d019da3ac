/** OVS_ACTION_ATTR_*: what is done with packets, in order. Source: include/uapi/linux/openvswitch.h, net/openvswitch/actions.c. */
import { attrs, be16, be32, binary, blob, enumeration, flag, ip, late, sequence, string, struct, u16, u32, type Codec } from '../../../codec/index.ts';
import { OVS_CT_LABELS_LENGTH, OvsKey, OvsKeyEthernet, OvsMaskedKey, OvsNshKey } from './key.ts';

export class OvsActionPushVlan extends struct('ovs_action_push_vlan', { tpid: be16, /** Priority (3 bits), a bit that must be 1, VLAN (12). */ tci: be16 }) {}
export class OvsActionPushMpls extends struct('ovs_action_push_mpls', { lse: be32, ethertype: be16 }) {}
export class OvsActionAddMpls extends struct('ovs_action_add_mpls', { lse: be32, ethertype: be16, /** 1: before the network layer's header, not before everything. */ tunFlags: u16 }) {}
export class OvsActionPushEth extends struct('ovs_action_push_eth', { addresses: OvsKeyEthernet }) {}
export class OvsActionHash extends struct('ovs_action_hash', { alg: enumeration(u32, { l4: 0, symL4: 1 }, 'OVS_HASH_ALG_'), basis: u32 }) {}
export class OvsActionTrunc extends struct('ovs_action_trunc', { /** Bytes. */ maxLen: u32 }) {}

/** Tells a netlink port of the packet. */
export class OvsUserspace extends attrs('OVS_USERSPACE_ATTR_', {
  pid: [1, u32],
  /** Told with it. */
  userdata: [2, binary],
  /** The tunnel that it is about to leave through, of which is told what the packet will say. */
  egressTunPort: [3, u32],
  /** Told with what the flow does. */
  actions: [4, flag],
}) {}

/** Which address and port to give a new connection. */
export class OvsNat extends attrs('OVS_NAT_ATTR_', {
  src: [1, flag],
  dst: [2, flag],
  ipMin: [3, ip],
  ipMax: [4, ip],
  /** Ports, in host byte order. */
  protoMin: [5, u16],
  protoMax: [6, u16],
  persistent: [7, flag],
  protoHash: [8, flag],
  protoRandom: [9, flag],
}) {}

/** Connection tracking. */
export class OvsCt extends attrs('OVS_CT_ATTR_', {
  /** The connection is kept. */
  commit: [1, flag],
  zone: [2, u16],
  mark: [3, struct('value and mask', { value: u32, mask: u32 })],
  labels: [4, struct('value and mask', { value: blob(OVS_CT_LABELS_LENGTH), mask: blob(OVS_CT_LABELS_LENGTH) })],
  helper: [5, string],
  nat: [6, OvsNat],
  /** Kept, and begun anew where the packet goes the other way. */
  forceCommit: [7, flag],
  /** Which events are told, by bits: 1 << IPCT_*. */
  eventmask: [8, u32],
  /** The name of a policy of timeouts. */
  timeout: [9, string],
}) {}

/** A header to push: as a key has it, within the key's attribute. */
export class OvsPushNsh extends attrs('OVS_KEY_ATTR_', { nsh: [28, OvsNshKey] }) {}

/** Tells psample's groups of the packet. */
export class OvsPsample extends attrs('OVS_PSAMPLE_ATTR_', { group: [1, u32], cookie: [2, binary] }) {}

const inner = late((): Codec<OvsActions> => actions);
/** Actions for some of the packets. */
export class OvsSample extends attrs('OVS_SAMPLE_ATTR_', { /** 2^32 - 1: all. */ probability: [1, u32], actions: [2, inner] }) {}
/** Actions by the packet's length. */
export class OvsCheckPktLen extends attrs('OVS_CHECK_PKT_LEN_ATTR_', { pktLen: [1, u16], actionsIfGreater: [2, inner], actionsIfLessEqual: [3, inner] }) {}
/** The packet's TTL is one less. */
export class OvsDecTtl extends attrs('OVS_DEC_TTL_ATTR_', { /** Of packets whose TTL is 1 or 0. */ action: [1, inner] }) {}

/** An action: one of these. */
export class OvsAction extends attrs('OVS_ACTION_ATTR_', {
  /** To a port, by number. */
  output: [1, u32],
  userspace: [2, OvsUserspace],
  /** One part of a packet, as a whole. */
  set: [3, OvsKey],
  pushVlan: [4, OvsActionPushVlan],
  popVlan: [5, flag],
  sample: [6, OvsSample],
  /** Flows are looked for once more, with this number in the key. */
  recirc: [7, u32],
  hash: [8, OvsActionHash],
  pushMpls: [9, OvsActionPushMpls],
  /** What is behind the label: an EtherType. */
  popMpls: [10, be16],
  /** One part of a packet, the bits whose mask is 1. */
  setMasked: [11, OvsMaskedKey],
  ct: [12, OvsCt],
  trunc: [13, OvsActionTrunc],
  pushEth: [14, OvsActionPushEth],
  popEth: [15, flag],
  ctClear: [16, flag],
  pushNsh: [17, OvsPushNsh],
  popNsh: [18, flag],
  /** By number. */
  meter: [19, u32],
  /** On a copy. */
  clone: [20, inner],
  checkPktLen: [21, OvsCheckPktLen],
  addMpls: [22, OvsActionAddMpls],
  decTtl: [23, OvsDecTtl],
  /** Why, a number of whoever says it; 0: no error. */
  drop: [24, u32],
  psample: [25, OvsPsample],
}) {}
/** Actions, in order, one an element. */
export interface OvsActions extends Array<OvsAction> {}
const actions = sequence(OvsAction);
