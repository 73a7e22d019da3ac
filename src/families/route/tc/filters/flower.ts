/**
 * Packets by fields of their headers. Source: net/sched/cls_flower.c, numbers: include/uapi/linux/pkt_cls.h.
 * A key is compared in the bits of its mask, or as a whole where no mask is given.
 */
import { attrs, be16, be32, binary, flags, indexed, ipv4, ipv6, macAddress, string, u16, u32, u8 } from '../../../../codec/index.ts';
import { ipProtocol } from '../../names.ts';
import { tcAction } from '../action.ts';
import { clsFlags } from './common.ts';
import { FlowerCfm, FlowerEncOpts, FlowerMplsOpts } from './flower-options.ts';

export * from './flower-options.ts';

const keyFlags = flags(be32, { isFragment: 1, fragIsFirst: 2, tunnelCsum: 4, tunnelDontFragment: 8, tunnelOam: 16, tunnelCritOpt: 32 }, 'TCA_FLOWER_KEY_FLAGS_');
const ctState = flags(u16, { new: 1, established: 2, related: 4, tracked: 8, invalid: 16, reply: 32 }, 'TCA_FLOWER_KEY_CT_FLAGS_');

export class Flower extends attrs('TCA_FLOWER_', {
  /** Handle of the class that packets go to. */
  classid: [1, u32],
  /** Name of the interface that packets came in by. */
  indev: [2, string],
  act: [3, indexed(tcAction)],
  keyEthDst: [4, macAddress],
  keyEthDstMask: [5, macAddress],
  keyEthSrc: [6, macAddress],
  keyEthSrcMask: [7, macAddress],
  /** EtherType behind the VLAN tags. */
  keyEthType: [8, be16],
  keyIpProto: [9, ipProtocol],
  keyIpv4Src: [10, ipv4],
  keyIpv4SrcMask: [11, ipv4],
  keyIpv4Dst: [12, ipv4],
  keyIpv4DstMask: [13, ipv4],
  keyIpv6Src: [14, ipv6],
  keyIpv6SrcMask: [15, ipv6],
  keyIpv6Dst: [16, ipv6],
  keyIpv6DstMask: [17, ipv6],
  keyTcpSrc: [18, be16],
  keyTcpDst: [19, be16],
  keyUdpSrc: [20, be16],
  keyUdpDst: [21, be16],
  flags: [22, clsFlags],
  keyVlanId: [23, u16],
  keyVlanPrio: [24, u8],
  /** EtherType behind the outer tag. */
  keyVlanEthType: [25, be16],
  /** Tunnel key: a VNI, a GRE key. */
  keyEncKeyId: [26, be32],
  keyEncIpv4Src: [27, ipv4],
  keyEncIpv4SrcMask: [28, ipv4],
  keyEncIpv4Dst: [29, ipv4],
  keyEncIpv4DstMask: [30, ipv4],
  keyEncIpv6Src: [31, ipv6],
  keyEncIpv6SrcMask: [32, ipv6],
  keyEncIpv6Dst: [33, ipv6],
  keyEncIpv6DstMask: [34, ipv6],
  keyTcpSrcMask: [35, be16],
  keyTcpDstMask: [36, be16],
  keyUdpSrcMask: [37, be16],
  keyUdpDstMask: [38, be16],
  keySctpSrcMask: [39, be16],
  keySctpDstMask: [40, be16],
  keySctpSrc: [41, be16],
  keySctpDst: [42, be16],
  keyEncUdpSrcPort: [43, be16],
  keyEncUdpSrcPortMask: [44, be16],
  keyEncUdpDstPort: [45, be16],
  keyEncUdpDstPortMask: [46, be16],
  keyFlags: [47, keyFlags],
  keyFlagsMask: [48, keyFlags],
  keyIcmpv4Code: [49, u8],
  keyIcmpv4CodeMask: [50, u8],
  keyIcmpv4Type: [51, u8],
  keyIcmpv4TypeMask: [52, u8],
  keyIcmpv6Code: [53, u8],
  keyIcmpv6CodeMask: [54, u8],
  keyIcmpv6Type: [55, u8],
  keyIcmpv6TypeMask: [56, u8],
  keyArpSip: [57, ipv4],
  keyArpSipMask: [58, ipv4],
  keyArpTip: [59, ipv4],
  keyArpTipMask: [60, ipv4],
  /** 1 request, 2 reply. */
  keyArpOp: [61, u8],
  keyArpOpMask: [62, u8],
  keyArpSha: [63, macAddress],
  keyArpShaMask: [64, macAddress],
  keyArpTha: [65, macAddress],
  keyArpThaMask: [66, macAddress],
  keyMplsTtl: [67, u8],
  keyMplsBos: [68, u8],
  keyMplsTc: [69, u8],
  /** 20 bits of the outermost label; more of them: `keyMplsOpts`. */
  keyMplsLabel: [70, u32],
  /** Twelve bits, as in the header. */
  keyTcpFlags: [71, be16],
  keyTcpFlagsMask: [72, be16],
  keyIpTos: [73, u8],
  keyIpTosMask: [74, u8],
  keyIpTtl: [75, u8],
  keyIpTtlMask: [76, u8],
  keyCvlanId: [77, u16],
  keyCvlanPrio: [78, u8],
  /** EtherType behind the inner tag. */
  keyCvlanEthType: [79, be16],
  keyEncIpTos: [80, u8],
  keyEncIpTosMask: [81, u8],
  keyEncIpTtl: [82, u8],
  keyEncIpTtlMask: [83, u8],
  keyEncOpts: [84, FlowerEncOpts],
  keyEncOptsMask: [85, FlowerEncOpts],
  /** How many devices do it in hardware. */
  inHwCount: [86, u32],
  /** Ports from min to max, both included. */
  keyPortSrcMin: [87, be16],
  keyPortSrcMax: [88, be16],
  keyPortDstMin: [89, be16],
  keyPortDstMax: [90, be16],
  keyCtState: [91, ctState],
  keyCtStateMask: [92, ctState],
  keyCtZone: [93, u16],
  keyCtZoneMask: [94, u16],
  keyCtMark: [95, u32],
  keyCtMarkMask: [96, u32],
  /** 16 bytes, as its mask. */
  keyCtLabels: [97, binary],
  keyCtLabelsMask: [98, binary],
  keyMplsOpts: [99, FlowerMplsOpts],
  /** The hash that the kernel has of the packet. */
  keyHash: [100, u32],
  keyHashMask: [101, u32],
  /** How many tags the packet has. */
  keyNumOfVlans: [102, u8],
  keyPppoeSid: [103, be16],
  keyPppProto: [104, be16],
  keyL2tpv3Sid: [105, be32],
  /** 1: the bridge did not know where the address is. */
  l2Miss: [106, u8],
  keyCfm: [107, FlowerCfm],
  /** Of ESP and AH. */
  keySpi: [108, be32],
  keySpiMask: [109, be32],
  keyEncFlags: [110, keyFlags],
  keyEncFlagsMask: [111, keyFlags],
}) {}
