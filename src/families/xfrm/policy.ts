/** Policies: what must be transformed, and by which states. Source: include/uapi/linux/xfrm.h, net/xfrm/xfrm_user.c. */
import { enumeration, flags, struct, u16, u32, u8 } from '../../codec/index.ts';
import { address, addressBy, algorithms, family, idBy, mode, share, XfrmLifetimeCfg, XfrmLifetimeCur, XfrmSelector, xfrmProtocol } from './names.ts';

/** 3 more than these: the policy of one socket. */
export const dir = enumeration(u8, { in: 0, out: 1, fwd: 2 }, 'XFRM_POLICY_');

export class XfrmUserpolicyInfo extends struct('xfrm_userpolicy_info', {
  sel: XfrmSelector, lft: XfrmLifetimeCfg, curlft: XfrmLifetimeCur,
  /** The lowest number wins. */
  priority: u32,
  /** Bits 0 to 2 are the direction. */
  index: u32,
  dir,
  action: enumeration(u8, { allow: 0, block: 1 }, 'XFRM_POLICY_'),
  flags: flags(u8, { localok: 1, icmp: 2, cpuAcquire: 4 }, 'XFRM_POLICY_'),
  share,
}) {}
/** A policy, by its selector or, where that is not 0, by its index. */
export class XfrmUserpolicyId extends struct('xfrm_userpolicy_id', { sel: XfrmSelector, index: u32, dir }) {}
export class XfrmUserpolicyType extends struct('xfrm_userpolicy_type', { type: enumeration(u8, { main: 0, sub: 1, any: 255 }, 'XFRM_POLICY_TYPE_'), _reserved1: u16, _reserved2: u8 }) {}
/** `hard`: 1, it is gone; 0, it will be. */
export class XfrmUserPolexpire extends struct('xfrm_user_polexpire', { pol: XfrmUserpolicyInfo, hard: u8 }) {}

/** A state that a policy wants. Addresses of 0: the packet's. */
export class XfrmUserTmpl extends struct('xfrm_user_tmpl', {
  id: idBy('family'), family, saddr: address, reqid: u32, mode, share,
  /** 1: packets may go without. */
  optional: u8,
  ...algorithms,
}) {}

/** What becomes of packets that no policy is for. */
const byDefault = enumeration(u8, { unspec: 0, block: 1, accept: 2 }, 'XFRM_USERPOLICY_');
export class XfrmUserpolicyDefault extends struct('xfrm_userpolicy_default', { in: byDefault, fwd: byDefault, out: byDefault }) {}

/** A packet wants a state that is not there: somebody has to negotiate one. */
export class XfrmUserAcquire extends struct('xfrm_user_acquire', {
  id: idBy('sel.family'), saddr: addressBy('sel.family'), sel: XfrmSelector, policy: XfrmUserpolicyInfo, ...algorithms, seq: u32,
}) {}
/** A packet that Mobile IPv6 has to be told of. */
export class XfrmUserReport extends struct('xfrm_user_report', { proto: xfrmProtocol, sel: XfrmSelector }) {}

/** From which addresses to which the states and templates of a policy move. */
export class XfrmUserMigrate extends struct('xfrm_user_migrate', {
  oldDaddr: addressBy('oldFamily'), oldSaddr: addressBy('oldFamily'), newDaddr: addressBy('newFamily'), newSaddr: addressBy('newFamily'),
  proto: xfrmProtocol, mode, _reserved: u16, reqid: u32, oldFamily: family, newFamily: family,
}) {}
