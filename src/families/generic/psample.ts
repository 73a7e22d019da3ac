/** psample: packets that were chosen at random, copied to user space. Source: include/uapi/linux/psample.h, net/psample/psample.c. */
import { attrs, be16, be64, binary, flag, genericFamily, ipv4, ipv6, pad, u16, u32, u64, u8 } from '../../codec/index.ts';

/** The tunnel that a packet came in. */
export class PsampleTunnel extends attrs('PSAMPLE_TUNNEL_KEY_ATTR_', {
  id: [0, be64],
  ipv4Src: [1, ipv4],
  ipv4Dst: [2, ipv4],
  tos: [3, u8],
  ttl: [4, u8],
  dontFragment: [5, flag],
  csum: [6, flag],
  oam: [7, flag],
  geneveOpts: [8, binary],
  tpSrc: [9, be16],
  tpDst: [10, be16],
  vxlanOpts: [11, binary],
  ipv6Src: [12, ipv6],
  ipv6Dst: [13, ipv6],
  pad: [14, pad],
  erspanOpts: [15, binary],
  ipv4InfoBridge: [16, flag],
}) {}

/** A packet, or a group of them. */
export class PsampleSample extends attrs('PSAMPLE_ATTR_', {
  iifindex: [0, u16],
  oifindex: [1, u16],
  origsize: [2, u32],
  sampleGroup: [3, u32],
  groupSeq: [4, u32],
  /** One of so many; with `sampleProbability`, parts of 2^32. */
  sampleRate: [5, u32],
  /** The packet, as far as it was copied. */
  data: [6, binary],
  /** How many rules use the group. */
  groupRefcount: [7, u32],
  tunnel: [8, PsampleTunnel],
  pad: [9, pad],
  outTc: [10, u16],
  /** Bytes that waited in its queue. */
  outTcOcc: [11, u64],
  /** Nanoseconds within the device. */
  latency: [12, u64],
  /** Nanoseconds. */
  timestamp: [13, u64],
  /** EtherType. */
  proto: [14, u16],
  userCookie: [15, binary],
  sampleProbability: [16, flag],
}) {}

/** psample. */
export const psample = genericFamily('psample', 1, {
  prefix: 'PSAMPLE_CMD_',
  commands: {
    sample: [0, PsampleSample],
    getGroup: [1, PsampleSample],
    newGroup: [2, PsampleSample],
    delGroup: [3, PsampleSample],
  },
  groups: { config: 'config', packets: 'packets' },
  config: 'CONFIG_PSAMPLE',
  module: 'psample',
});
