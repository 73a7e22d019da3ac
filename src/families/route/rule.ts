/** Policy routing rules, `ip rule`. Source: include/uapi/linux/fib_rules.h, net/core/fib_rules.c. */
import { attrs, be32, be64, enumeration, flags, ip, message, pad, string, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family } from './family.ts';
import { ipProtocol, routeProtocol, table } from './names.ts';

export class FibRuleHdr extends struct('fib_rule_hdr', {
  family,
  dstLen: u8,
  srcLen: u8,
  tos: u8,
  /** See `tableId` for numbers over 255. */
  table,
  _res1: u8,
  _res2: u8,
  action: enumeration(u8, { unspec: 0, toTbl: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 }, 'FR_ACT_'),
  flags: flags(u32, { permanent: 1, invert: 2, unresolved: 4, iifDetached: 8, oifDetached: 16, findSaddr: 0x10000 }, 'FIB_RULE_'),
}) {}

/** Both ends included. */
export class PortRange extends struct('fib_rule_port_range', { start: u16, end: u16 }) {}
/** Both ends included. */
export class UidRange extends struct('fib_rule_uid_range', { start: u32, end: u32 }) {}

export class RuleAttrs extends attrs('FRA_', {
  dst: [1, ip],
  src: [2, ip],
  iifname: [3, string],
  /** Priority of the rule to go on with. */
  goto: [4, u32],
  /** Rules are tried from 0 upwards. */
  priority: [6, u32],
  fwmark: [10, u32],
  /** Realms, source in the upper sixteen bits. */
  flow: [11, u32],
  tunId: [12, be64],
  /** Refuse a route by an interface of this group; 0xffffffff is none. */
  suppressIfgroup: [13, u32],
  /** Refuse a route whose prefix is this short or shorter; 0xffffffff is none. */
  suppressPrefixlen: [14, u32],
  tableId: [15, u32, 'FRA_TABLE'],
  fwmask: [16, u32],
  oifname: [17, string],
  pad: [18, pad],
  /** Not 0: take the table of the VRF that the packet belongs to. */
  l3mdev: [19, u8],
  uidRange: [20, UidRange],
  protocol: [21, routeProtocol],
  ipProto: [22, ipProtocol],
  sportRange: [23, PortRange],
  dportRange: [24, PortRange],
  /** The upper six bits of the traffic class, 0 to 63. */
  dscp: [25, u8],
  flowlabel: [26, be32],
  flowlabelMask: [27, be32],
  sportMask: [28, u16],
  dportMask: [29, u16],
  dscpMask: [30, u8],
}) {}

export class Rule extends message('rule', FibRuleHdr, RuleAttrs) {}
