/** XFRMA_*: one set of attributes for all messages but the counts. Source: include/uapi/linux/xfrm.h, net/xfrm/xfrm_user.c. */
import {
  attrs, be16, binary, blob, chars, enumeration, flag, flags, ipv4, ipv6, list, multi, pad, s32, select, string, struct, tail, u16, u32, u64, u8,
} from '../../codec/index.ts';
import { address, family, offloadFlags, XfrmLifetimeCur, XfrmMark, xfrmProtocol } from './names.ts';
import { XfrmUserMigrate, XfrmUserpolicyInfo, XfrmUserpolicyType, XfrmUserTmpl } from './policy.ts';
import { XfrmUsersaInfo } from './state.ts';

const name = chars(64);
/** Of the kernel's crypto API ("cbc(aes)"); `keyLen` in bits. */
export const xfrmAlgo = tail(struct('xfrm_algo', { name, keyLen: u32 }), 'key', binary);
/** `truncLen`: bits of the digest that are sent. */
export const xfrmAlgoAuth = tail(struct('xfrm_algo_auth', { name, keyLen: u32, truncLen: u32 }), 'key', binary);
/** `icvLen`: bits of the integrity check value. */
export const xfrmAlgoAead = tail(struct('xfrm_algo_aead', { name, keyLen: u32, icvLen: u32 }), 'key', binary);

/** ESP in UDP or TCP: UDP_ENCAP_*, TCP_ENCAP_ESPINTCP. */
const encapType = enumeration(u16, { espinudpNonIke: 1, espinudp: 2, espintcp: 7 });
const encap4 = struct('xfrm_encap_tmpl', { type: encapType, sport: be16, dport: be16, oa: ipv4, _oa: blob(12) });
const encap6 = struct('xfrm_encap_tmpl', { type: encapType, sport: be16, dport: be16, oa: ipv6 });

/** `len` and `ctxLen` count bytes, the latter those of the context with its NUL. */
export const xfrmUserSecCtx = tail(struct('xfrm_user_sec_ctx', {
  len: u16,
  /** 8: XFRMA_SEC_CTX. */
  exttype: u16,
  ctxAlg: enumeration(u8, { selinux: 1 }, 'XFRM_SC_ALG_'), ctxDoi: enumeration(u8, { lsm: 1 }, 'XFRM_SC_DOI_'), ctxLen: u16,
}), 'context', string);

export class XfrmReplayState extends struct('xfrm_replay_state', { oseq: u32, seq: u32, bitmap: u32 }) {}
/** Sequence numbers of 64 bits. `bmpLen` counts words of `bmp`; a request may leave them out. */
export const xfrmReplayStateEsn = tail(struct('xfrm_replay_state_esn', { bmpLen: u32, oseq: u32, seq: u32, oseqHi: u32, seqHi: u32, replayWindow: u32 }), 'bmp', list(u32));

export class XfrmUserOffload extends struct('xfrm_user_offload', { ifindex: s32, flags: offloadFlags }) {}
/** For whom a dump is: addresses with the lengths of their prefixes. */
export class XfrmAddressFilter extends struct('xfrm_address_filter', { saddr: address, daddr: address, family, splen: u8, dplen: u8 }) {}
/** Between whom keys are negotiated. */
export class XfrmUserKmaddress extends struct('xfrm_user_kmaddress', { local: address, remote: address, _reserved: u32, family }) {}

export class XfrmAttrs extends attrs('XFRMA_', {
  algAuth: [1, xfrmAlgo],
  algCrypt: [2, xfrmAlgo],
  algComp: [3, xfrmAlgo],
  encap: [4, select('family', { inet: encap4 }, encap6)],
  tmpl: [5, list(XfrmUserTmpl)],
  /** In what tells that a state is gone. */
  usersa: [6, XfrmUsersaInfo, 'XFRMA_SA'],
  /** In what tells that a policy is gone. */
  userpolicy: [7, XfrmUserpolicyInfo, 'XFRMA_POLICY'],
  secCtx: [8, xfrmUserSecCtx],
  ltimeVal: [9, XfrmLifetimeCur],
  replayVal: [10, XfrmReplayState],
  /** Packets between two events. */
  replayThresh: [11, u32],
  /** Tenths of a second between two events. */
  etimerThresh: [12, u32],
  srcaddr: [13, address],
  /** Care-of address. */
  coaddr: [14, address],
  /** Seconds since 1970. */
  lastused: [15, u64],
  policyType: [16, XfrmUserpolicyType],
  /** Asked for in one attribute, told one in each. */
  migrate: [17, multi(list(XfrmUserMigrate))],
  algAead: [18, xfrmAlgoAead],
  kmaddress: [19, XfrmUserKmaddress],
  /** In place of `algAuth`; the kernel tells both. */
  algAuthTrunc: [20, xfrmAlgoAuth],
  mark: [21, XfrmMark],
  /** Bytes that packets are padded to. */
  tfcpad: [22, u32],
  replayEsnVal: [23, xfrmReplayStateEsn],
  saExtraFlags: [24, flags(u32, { dontEncapDscp: 1, oseqMayWrap: 2 }, 'XFRM_SA_XFLAG_')],
  /** Of a dump: only of this protocol. */
  protocol: [25, xfrmProtocol, 'XFRMA_PROTO'],
  addressFilter: [26, XfrmAddressFilter],
  pad: [27, pad],
  offloadDev: [28, XfrmUserOffload],
  /** For packets that went through; the older name is XFRMA_OUTPUT_MARK. */
  setMark: [29, u32],
  setMarkMask: [30, u32],
  /** Of an xfrm link. */
  ifId: [31, u32],
  /** Seconds that a new source must be quiet before it is told. */
  mtimerThresh: [32, u32],
  saDir: [33, enumeration(u8, { in: 1, out: 2 }, 'XFRM_SA_DIR_')],
  /** Seconds. */
  natKeepaliveInterval: [34, u32],
  /** Only for this processor. */
  saPcpu: [35, u32],
  /** Microseconds. */
  iptfsDropTime: [36, u32],
  /** Packets. */
  iptfsReorderWindow: [37, u16],
  iptfsDontFrag: [38, flag],
  /** Microseconds. */
  iptfsInitDelay: [39, u32],
  /** Bytes. */
  iptfsMaxQsize: [40, u32],
  /** Bytes; 0: as the path allows. */
  iptfsPktSize: [41, u32],
}) {}
