/** Qualcomm RMNET multiplexing. Source: drivers/net/ethernet/qualcomm/rmnet/rmnet_config.c. */
import { attrs, flags, struct, u16, u32 } from '../../../codec/index.ts';

const rmnetFlags = flags(u32, {
  ingressDeaggregation: 0x1, ingressMapCommands: 0x2, ingressMapCksumv4: 0x4, egressMapCksumv4: 0x8, ingressMapCksumv5: 0x10, egressMapCksumv5: 0x20,
}, 'RMNET_FLAGS_');

/** Only the bits in `mask` change. */
export class RmnetFlags extends struct('ifla_rmnet_flags', { flags: rmnetFlags, mask: rmnetFlags }) {}

export class Rmnet extends attrs('IFLA_RMNET_', {
  /** Number of the channel, 0-254. */
  muxId: [1, u16],
  flags: [2, RmnetFlags],
}) {}
