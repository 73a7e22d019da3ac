/** States (security associations), and what the kernel tells of them. Source: include/uapi/linux/xfrm.h, net/xfrm/xfrm_user.c. */
import { be16, be32, flags, struct, u16, u32, u8 } from '../../codec/index.ts';
import { address, addressBy, family, idBy, mode, XfrmLifetimeCfg, XfrmLifetimeCur, XfrmMark, XfrmSelector, xfrmProtocol } from './names.ts';

/** Packets that were refused, by reason. */
export class XfrmStats extends struct('xfrm_stats', { replayWindow: u32, replay: u32, integrityFailed: u32 }) {}

export class XfrmUsersaInfo extends struct('xfrm_usersa_info', {
  /** Of inner packets, in tunnels. */
  sel: XfrmSelector,
  id: idBy('family'),
  saddr: address,
  lft: XfrmLifetimeCfg, curlft: XfrmLifetimeCur, stats: XfrmStats,
  /** Of the acquire that this answers. */
  seq: u32,
  reqid: u32, family, mode,
  /** Packets, at most 32; XFRMA_REPLAY_ESN_VAL has room for more. */
  replayWindow: u8,
  flags: flags(u8, { noecn: 1, decapDscp: 2, nopmtudisc: 4, wildrecv: 8, icmp: 16, afUnspec: 32, align4: 64, esn: 128 }, 'XFRM_STATE_'),
}) {}
export class XfrmUsersaId extends struct('xfrm_usersa_id', { daddr: address, spi: be32, family, proto: xfrmProtocol }) {}
/** Bounds of the SPI that is wanted. */
export class XfrmUserspiInfo extends struct('xfrm_userspi_info', { info: XfrmUsersaInfo, min: u32, max: u32 }) {}
/** `hard`: 1, it is gone; 0, a new one is wanted. */
export class XfrmUserExpire extends struct('xfrm_user_expire', { state: XfrmUsersaInfo, hard: u8 }) {}
/** 0: of all protocols. */
export class XfrmUsersaFlush extends struct('xfrm_usersa_flush', { proto: xfrmProtocol }) {}

/** Which part of a state is meant, and why an event comes. */
export const aeventFlags = flags(u32, { rthr: 1, rval: 2, lval: 4, ethr: 8, cr: 16, ce: 32, cu: 64 }, 'XFRM_AE_');
export class XfrmAeventId extends struct('xfrm_aevent_id', { saId: XfrmUsersaId, saddr: addressBy('saId.family'), flags: aeventFlags, reqid: u32 }) {}
/** The peer's address or port changed: NAT. */
export class XfrmUserMapping extends struct('xfrm_user_mapping', {
  id: XfrmUsersaId, reqid: u32, oldSaddr: addressBy('id.family'), newSaddr: addressBy('id.family'), oldSport: be16, newSport: be16,
}) {}

/** Moves one state to other addresses (7.1). */
export class XfrmUserMigrateState extends struct('xfrm_user_migrate_state', {
  id: XfrmUsersaId, newDaddr: addressBy('newFamily'), newSaddr: addressBy('newFamily'), oldMark: XfrmMark, newSel: XfrmSelector, newReqid: u32,
  flags: flags(u32, { clearOffload: 1, updateH2hSel: 2 }, 'XFRM_MIGRATE_STATE_'),
  newFamily: family, _reserved: u16,
}) {}
