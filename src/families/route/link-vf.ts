/** Virtual functions (SR-IOV) and port profiles (802.1Qbg) of a link. Source: net/core/rtnetlink.c. */
import { attrs, binary, blob, enumeration, multi, pad, string, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { vlanProtocols } from './kinds/vlan.ts';

/** `vf` is the function's number; `mac` holds the address first, then zeros. */
export class VfMac extends struct('ifla_vf_mac', { vf: u32, mac: blob(32) }) {}
export class VfBroadcast extends struct('ifla_vf_broadcast', { broadcast: blob(32) }) {}
/** VLAN 0 turns tagging off. */
export class VfVlan extends struct('ifla_vf_vlan', { vf: u32, vlan: u32, qos: u32 }) {}
export class VfVlanInfo extends struct('ifla_vf_vlan_info', { vf: u32, vlan: u32, qos: u32, vlanProto: vlanProtocols }) {}
/** Megabits per second; 0: no limit. */
export class VfTxRate extends struct('ifla_vf_tx_rate', { vf: u32, rate: u32 }) {}
/** Megabits per second; 0: no limit. */
export class VfRate extends struct('ifla_vf_rate', { vf: u32, minTxRate: u32, maxTxRate: u32 }) {}
/** `setting` 1 is on; 0xffffffff: the driver cannot tell. */
export class VfSpoofchk extends struct('ifla_vf_spoofchk', { vf: u32, setting: u32 }) {}
export class VfLinkState extends struct('ifla_vf_link_state', { vf: u32, linkState: enumeration(u32, { auto: 0, enable: 1, disable: 2 }, 'IFLA_VF_LINK_STATE_') }) {}
export class VfRssQueryEn extends struct('ifla_vf_rss_query_en', { vf: u32, setting: u32 }) {}
export class VfTrust extends struct('ifla_vf_trust', { vf: u32, setting: u32 }) {}
/** InfiniBand identifier. */
export class VfGuid extends struct('ifla_vf_guid', { vf: u32, guid: u64 }) {}

export class VfVlanList extends attrs('IFLA_VF_VLAN_', { info: [1, multi(VfVlanInfo)] }) {}
export class VfStats extends attrs('IFLA_VF_STATS_', {
  rxPackets: [0, u64], txPackets: [1, u64], rxBytes: [2, u64], txBytes: [3, u64], broadcast: [4, u64], multicast: [5, u64],
  pad: [6, pad],
  rxDropped: [7, u64], txDropped: [8, u64],
}) {}

/** One virtual function. */
export class VfInfo extends attrs('IFLA_VF_', {
  mac: [1, VfMac],
  vlan: [2, VfVlan],
  txRate: [3, VfTxRate],
  /** Whether the function may send only from its own address. */
  spoofchk: [4, VfSpoofchk],
  linkState: [5, VfLinkState],
  rate: [6, VfRate],
  /** Whether the function may read its receive-side-scaling configuration. */
  rssQueryEn: [7, VfRssQueryEn],
  stats: [8, VfStats],
  trust: [9, VfTrust],
  ibNodeGuid: [10, VfGuid],
  ibPortGuid: [11, VfGuid],
  vlanList: [12, VfVlanList],
  broadcast: [13, VfBroadcast],
}) {}
export class VfInfoList extends attrs('IFLA_VF_', { info: [1, multi(VfInfo)] }) {}

export class PortVsi extends struct('ifla_port_vsi', { vsiMgrId: u8, vsiTypeId: blob(3), vsiTypeVersion: u8, _pad: blob(3) }) {}
/** A port profile: what a function asks of the switch. */
export class PortProfile extends attrs('IFLA_PORT_', {
  /** 0xffffffff: the physical function itself. */
  vf: [1, u32],
  profile: [2, string],
  vsiType: [3, PortVsi],
  /** 16 bytes. */
  instanceUuid: [4, binary],
  /** 16 bytes. */
  hostUuid: [5, binary],
  request: [6, enumeration(u8, { preassociate: 0, preassociateRr: 1, associate: 2, disassociate: 3 }, 'PORT_REQUEST_')],
  /** The kernel's own spelling, mistakes included. */
  response: [7, enumeration(u16, {
    vdpResponseSuccess: 0, vdpResponseInvalidFormat: 1, vdpResponseInsufficientResources: 2, vdpResponseUnusedVtid: 3, vdpResponseVtidViolation: 4,
    vdpResponseVtidVersionVioaltion: 5, vdpResponseOutOfSync: 6, profileResponseSuccess: 256, profileResponseInprogress: 257, profileResponseInvalid: 258,
    profileResponseBadstate: 259, profileResponseInsufficientResources: 260, profileResponseError: 261,
  }, 'PORT_')],
}) {}
export class VfPorts extends attrs('IFLA_VF_', { port: [1, multi(PortProfile)] }) {}
