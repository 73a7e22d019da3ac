/** Bytes of packets written over. Source: net/sched/act_pedit.c, numbers: include/uapi/linux/tc_act/tc_pedit.h. */
import { attrs, be32, enumeration, list, multi, pad, s32, struct, tail, u16, u32, u8 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

/** Four bytes of the packet become `(bytes & mask) ^ val`. */
export class TcPeditKey extends struct('tc_pedit_key', {
  mask: be32,
  val: be32,
  /** Where, in bytes from the header that the extended key names; a multiple of four. */
  off: s32,
  /** Where the byte is that moves `off`: by its bits in `offmask`, shifted right by `shift`. */
  at: u32,
  offmask: u32,
  shift: u32,
}) {}
const sel = tail(struct('tc_pedit_sel', { ...gen, nkeys: u8, flags: u8 }), 'keys', list(TcPeditKey));

/** Of the key with the same place in `parmsEx`. */
export class PeditKeyEx extends attrs('TCA_PEDIT_KEY_EX_', {
  htype: [1, enumeration(u16, { network: 0, eth: 1, ip4: 2, ip6: 3, tcp: 4, udp: 5 }, 'TCA_PEDIT_KEY_EX_HDR_TYPE_')],
  cmd: [2, enumeration(u16, { set: 0, add: 1 }, 'TCA_PEDIT_KEY_EX_CMD_')],
}) {}
export class PeditKeysEx extends attrs('TCA_PEDIT_', { keyEx: [6, multi(PeditKeyEx)] }) {}

export class Pedit extends attrs('TCA_PEDIT_', {
  tm: [1, TcfT],
  /** Keys from the network header. */
  parms: [2, sel],
  pad: [3, pad],
  /** The same, with `keysEx` beside it. */
  parmsEx: [4, sel],
  keysEx: [5, PeditKeysEx],
}) {}
