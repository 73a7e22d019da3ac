/** Connectivity Fault Management on a bridge (802.1Q clause 12.14). Source: net/bridge/br_cfm_netlink.c. */
import { attrs, binary, enumeration, mac, multi, u32, u8 } from '../../codec/index.ts';

const interval = enumeration(u32, {
  none: 0, '33Ms': 1, '10Ms': 2, '100Ms': 3, '1Sec': 4, '10Sec': 5, '1Min': 6, '10Min': 7,
});

/** A maintenance end point: `instance` is its number here, in every set below. */
export class CfmMepCreate extends attrs('IFLA_BRIDGE_CFM_MEP_CREATE_', {
  instance: [1, u32],
  domain: [2, enumeration(u32, { port: 0, vlan: 1 }, 'BR_CFM_')],
  direction: [3, enumeration(u32, { down: 0, up: 1 }, 'BR_CFM_MEP_DIRECTION_')],
  ifindex: [4, u32],
}) {}
export class CfmMepDelete extends attrs('IFLA_BRIDGE_CFM_MEP_DELETE_', { instance: [1, u32] }) {}
export class CfmMepConfig extends attrs('IFLA_BRIDGE_CFM_MEP_CONFIG_', { instance: [1, u32], unicastMac: [2, mac], mdlevel: [3, u32], mepid: [4, u32] }) {}
export class CfmCcConfig extends attrs('IFLA_BRIDGE_CFM_CC_CONFIG_', {
  instance: [1, u32],
  enable: [2, u32],
  /** How often the peer is expected to be heard. */
  expInterval: [3, interval],
  /** Maintenance association identifier, 48 bytes. */
  expMaid: [4, binary],
}) {}
export class CfmCcPeerMep extends attrs('IFLA_BRIDGE_CFM_CC_PEER_MEP_', { instance: [1, u32], mepid: [2, u32, 'IFLA_BRIDGE_CFM_CC_PEER_MEPID'] }) {}
/** Remote defect indication to send. */
export class CfmCcRdi extends attrs('IFLA_BRIDGE_CFM_CC_RDI_', { instance: [1, u32], rdi: [2, u32] }) {}
export class CfmCcCcmTx extends attrs('IFLA_BRIDGE_CFM_CC_CCM_TX_', {
  instance: [1, u32],
  dmac: [2, mac],
  seqNoUpdate: [3, u32],
  /** Seconds to keep sending. */
  period: [4, u32],
  ifTlv: [5, u32],
  ifTlvValue: [6, u8],
  portTlv: [7, u32],
  portTlvValue: [8, u8],
}) {}
export class CfmMepStatus extends attrs('IFLA_BRIDGE_CFM_MEP_STATUS_', { instance: [1, u32], opcodeUnexpSeen: [2, u32], versionUnexpSeen: [3, u32], rxLevelLowSeen: [4, u32] }) {}
export class CfmCcPeerStatus extends attrs('IFLA_BRIDGE_CFM_CC_PEER_STATUS_', {
  instance: [1, u32],
  peerMepid: [2, u32],
  /** 1: the peer is not heard. */
  ccmDefect: [3, u32],
  rdi: [4, u32],
  portTlvValue: [5, u8],
  ifTlvValue: [6, u8],
  seen: [7, u32],
  tlvSeen: [8, u32],
  seqUnexpSeen: [9, u32],
}) {}

/** The first eight are commands; the `...Info` ones are what the kernel tells, one of each per end point. */
export class BridgeCfm extends attrs('IFLA_BRIDGE_CFM_', {
  mepCreate: [1, CfmMepCreate],
  mepDelete: [2, CfmMepDelete],
  mepConfig: [3, CfmMepConfig],
  ccConfig: [4, CfmCcConfig],
  ccPeerMepAdd: [5, CfmCcPeerMep],
  ccPeerMepRemove: [6, CfmCcPeerMep],
  ccRdi: [7, CfmCcRdi],
  ccCcmTx: [8, CfmCcCcmTx],
  mepCreateInfo: [9, multi(CfmMepCreate)],
  mepConfigInfo: [10, multi(CfmMepConfig)],
  ccConfigInfo: [11, multi(CfmCcConfig)],
  ccRdiInfo: [12, multi(CfmCcRdi)],
  ccCcmTxInfo: [13, multi(CfmCcCcmTx)],
  ccPeerMepInfo: [14, multi(CfmCcPeerMep)],
  mepStatusInfo: [15, multi(CfmMepStatus)],
  ccPeerStatusInfo: [16, multi(CfmCcPeerStatus)],
}) {}
