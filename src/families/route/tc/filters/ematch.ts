/** Extended matches: expressions in filters of kinds `basic`, `cgroup`, `flow`. Source: net/sched/ematch.c, em_*.c, numbers: include/uapi/linux/pkt_cls.h, tc_ematch/. */
import { array, attrs, be32, binary, bits, chars, enumeration, flags, indexed, list, netOrder, select, string, struct, tail, u16, u32, u8 } from '../../../../codec/index.ts';
import { TcU32Key } from './u32.ts';

export const layer = { link: 0, network: 1, transport: 2 } as const;

/** `progid` says nothing to the kernel; tc's is 0. */
export class TcfEmatchTreeHdr extends struct('tcf_ematch_tree_hdr', { nmatches: u16, progid: u16 }) {}
export class TcfEmatchHdr extends struct('tcf_ematch_hdr', {
  matchid: u16,
  kind: enumeration(u16, { container: 0, cmp: 1, nbyte: 2, u32: 3, meta: 4, text: 5, vlan: 6, canid: 7, ipset: 8, ipt: 9 }, 'TCF_EM_'),
  /** How it goes on: `relAnd`, `relOr`, or the end. `simple`: the data is a number of four bytes. */
  flags: flags(u16, { relAnd: 1, relOr: 2, invert: 4, simple: 8 }, 'TCF_EM_'),
  _pad: u16,
}) {}

const opnd = { eq: 0, gt: 1, lt: 2 } as const;
/** A number in the packet, compared. */
export class TcfEmCmp extends struct('tcf_em_cmp', {
  val: u32,
  mask: u32,
  /** Bytes from the header of `layer`. */
  off: u16,
  /** `align`: bytes of the number, 1, 2 or 4. `flags`: 1, of host order. */
  how: bits(u8, { align: 4, flags: 4 }),
  /** Numbers of TCF_LAYER_* and TCF_EM_OPND_*. */
  what: bits(u8, { layer: 4, opnd: 4 }),
}) {}
/** Bytes in the packet. */
const nbyte = tail(struct('tcf_em_nbyte', { off: u16, what: bits(u16, { len: 12, layer: 4 }) }), 'pattern', binary);
/** Bytes somewhere in the packet, by an algorithm of lib/textsearch. */
const text = tail(struct('tcf_em_text', {
  algo: chars(16), fromOffset: u16, toOffset: u16, patternLen: u16, layers: bits(u8, { fromLayer: 4, toLayer: 4 }), _pad: u8,
}), 'pattern', binary);

export class TcfMetaVal extends struct('tcf_meta_val', {
  /** In the upper four bits its type: 0 bytes, 1 a number. In the lower eleven what it is, TCF_META_ID_*: 0 is the value beside. */
  kind: u16,
  shift: u8,
  op: enumeration(u8, opnd, 'TCF_EM_OPND_'),
}) {}
export class TcfMetaHdr extends struct('tcf_meta_hdr', { left: TcfMetaVal, right: TcfMetaVal }) {}
/** What the kernel knows of a packet, compared. */
export class EmMeta extends attrs('TCA_EM_META_', {
  hdr: [1, TcfMetaHdr],
  /** Of a number the mask, or the value itself: of four bytes or eight. */
  lvalue: [2, binary],
  rvalue: [3, binary],
}) {}
/** Parts of an element. */
export class XtPolicySpec extends struct('xt_policy_spec', { parts: bits(u8, { saddr: 1, daddr: 1, proto: 1, mode: 1, spi: 1, reqid: 1 }) }) {}
/** What IPsec did to a packet, or will do. Of IPv4 the first four bytes of an address. Layout: include/uapi/linux/netfilter/xt_policy.h. */
export class XtPolicyElem extends struct('xt_policy_elem', {
  saddr: array(u8, 16), smask: array(u8, 16), daddr: array(u8, 16), dmask: array(u8, 16),
  spi: netOrder(be32), reqid: u32, proto: u8, mode: enumeration(u8, { transport: 0, tunnel: 1 }, 'XT_POLICY_MODE_'),
  /** Which of them are compared, and which must differ. */
  match: XtPolicySpec, invert: XtPolicySpec,
}) {}
/** `len` of the elements are used. */
export class XtPolicyInfo extends struct('xt_policy_info', { pol: array(XtPolicyElem, 4), flags: flags(u16, { matchIn: 1, matchOut: 2, matchNone: 4, matchStrict: 8 }, 'XT_POLICY_'), len: u16 }) {}
const types = flags(u16, { unspec: 1, unicast: 2, local: 4, broadcast: 8, anycast: 0x10, multicast: 0x20, blackhole: 0x40, unreachable: 0x80, prohibit: 0x100, throw: 0x200, nat: 0x400, xresolve: 0x800 }, 'XT_ADDRTYPE_');
/** What addresses are to the kernel. Layout: include/uapi/linux/netfilter/xt_addrtype.h. */
export class XtAddrtypeInfo extends struct('xt_addrtype_info_v1', { source: types, dest: types, flags: flags(u32, { invertSource: 1, invertDest: 2, limitIfaceIn: 4, limitIfaceOut: 8 }, 'XT_ADDRTYPE_') }) {}

/** A match of iptables: those that net/sched/em_ipt.c takes. */
export const emIpt = attrs('TCA_EM_IPT_', {
  /** NF_INET_*: 0 is before routing, 4 after it. */
  hook: [1, u32],
  matchName: [2, string],
  matchRevision: [3, u8],
  /** NFPROTO_*: 2 is IPv4, 10 IPv6. */
  nfproto: [4, u8],
  matchData: [5, select('matchName', { policy: XtPolicyInfo, addrtype: XtAddrtypeInfo })],
});
/** What is looked up in a set of IP sets. Layout: include/uapi/linux/netfilter/xt_set.h. */
export class XtSetInfo extends struct('xt_set_info', {
  index: u16,
  /** Parts of an entry; bit N of the flags: the N-th, from 1, is a packet's source. */
  dim: u8, flags: u8,
}) {}
/** A frame's identifier is `canId` in the bits of `canMask`. */
export class CanFilter extends struct('can_filter', { canId: u32, canMask: u32 }) {}

/** One match; `container` (the number of the match that it stands for) is bytes. */
const ematch = tail(TcfEmatchHdr, 'data', select('kind', { cmp: TcfEmCmp, nbyte, u32: TcU32Key, meta: EmMeta, text, canid: list(CanFilter), ipset: XtSetInfo, ipt: emIpt }));

export class EmatchTree extends attrs('TCA_EMATCH_TREE_', {
  hdr: [1, TcfEmatchTreeHdr],
  list: [2, indexed(ematch)],
}) {}
