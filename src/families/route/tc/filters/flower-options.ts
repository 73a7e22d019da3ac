/** Options of tunnel headers, MPLS labels and maintenance frames, as filters of kind `flower` look at them. Source: net/sched/cls_flower.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, be16, be32, be64, binary, groups, multi, u32, u8 } from '../../../../codec/index.ts';

export class FlowerGeneve extends attrs('TCA_FLOWER_KEY_ENC_OPT_GENEVE_', {
  class: [1, be16],
  type: [2, u8],
  /** A multiple of four bytes. */
  data: [3, binary],
}) {}
export class FlowerVxlan extends attrs('TCA_FLOWER_KEY_ENC_OPT_VXLAN_', {
  /** Group policy. */
  gbp: [1, u32],
}) {}
export class FlowerErspan extends attrs('TCA_FLOWER_KEY_ENC_OPT_ERSPAN_', {
  /** 1 or 2. */
  ver: [1, u8],
  /** Version 1. */
  index: [2, be32],
  /** Version 2: 0 ingress, 1 egress. */
  dir: [3, u8],
  /** Version 2. */
  hwid: [4, u8],
}) {}
export class FlowerGtp extends attrs('TCA_FLOWER_KEY_ENC_OPT_GTP_', {
  pduType: [1, u8],
  /** QoS flow. */
  qfi: [2, u8],
}) {}
export class FlowerPfcp extends attrs('TCA_FLOWER_KEY_ENC_OPT_PFCP_', {
  type: [1, u8],
  /** Session. */
  seid: [2, be64],
}) {}
/** Of one kind of tunnel. */
export class FlowerEncOpts extends attrs('TCA_FLOWER_KEY_ENC_OPTS_', {
  geneve: [1, groups(FlowerGeneve)],
  vxlan: [2, FlowerVxlan],
  erspan: [3, FlowerErspan],
  gtp: [4, FlowerGtp],
  pfcp: [5, FlowerPfcp],
}) {}

/** One entry of the label stack. */
export class FlowerMplsLse extends attrs('TCA_FLOWER_KEY_MPLS_OPT_LSE_', {
  /** 1: the outermost. */
  depth: [1, u8],
  ttl: [2, u8],
  bos: [3, u8],
  tc: [4, u8],
  label: [5, u32],
}) {}
export class FlowerMplsOpts extends attrs('TCA_FLOWER_KEY_MPLS_OPTS_', { lse: [1, multi(FlowerMplsLse)] }) {}

/** Connectivity fault management (IEEE 802.1ag). */
export class FlowerCfm extends attrs('TCA_FLOWER_KEY_CFM_', {
  /** 0 to 7. */
  mdLevel: [1, u8],
  opcode: [2, u8],
}) {}
