/** How many states and policies there are, and how they are hashed. Source: include/uapi/linux/xfrm.h, net/xfrm/xfrm_user.c. */
import { attrs, message, struct, u32, u8 } from '../../codec/index.ts';

/** Ignored, and told as it was asked. */
const head = struct('xfrm_info', { flags: u32 });

/** Buckets: how many there are, how many there may be. */
export class XfrmuSadhinfo extends struct('xfrmu_sadhinfo', { sadhcnt: u32, sadhmcnt: u32 }) {}
export class SadAttrs extends attrs('XFRMA_SAD_', { cnt: [1, u32], hinfo: [2, XfrmuSadhinfo] }) {}
export class Sadinfo extends message('sadinfo', head, SadAttrs) {}

/** Policies by direction; the latter three are those of sockets. */
export class XfrmuSpdinfo extends struct('xfrmu_spdinfo', { incnt: u32, outcnt: u32, fwdcnt: u32, inscnt: u32, outscnt: u32, fwdscnt: u32 }) {}
/** Buckets: how many there are, how many there may be. */
export class XfrmuSpdhinfo extends struct('xfrmu_spdhinfo', { spdhcnt: u32, spdhmcnt: u32 }) {}
/** Prefixes of at least these lengths, local and remote, are hashed. */
export class XfrmuSpdhthresh extends struct('xfrmu_spdhthresh', { lbits: u8, rbits: u8 }) {}
export class SpdAttrs extends attrs('XFRMA_SPD_', { info: [1, XfrmuSpdinfo], hinfo: [2, XfrmuSpdhinfo], ipv4Hthresh: [3, XfrmuSpdhthresh], ipv6Hthresh: [4, XfrmuSpdhthresh] }) {}
export class Spdinfo extends message('spdinfo', head, SpdAttrs) {}
