/** What wakes a host that sleeps, and packets that wait for others. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, enumeration, flag, indexed, ipv4, macAddress, struct, tail, u16, u32 } from '../../../codec/index.ts';

/** Bytes of a packet. */
export class Nl80211Pattern extends attrs('NL80211_PKTPAT_', {
  /** A bit for each byte that counts. */
  mask: [1, binary],
  pattern: [2, binary],
  offset: [3, u32],
}) {}

/** How many patterns a device takes, and how long. */
export class Nl80211PatternSupport extends struct('nl80211_pattern_support', { maxPatterns: u32, minPatternLen: u32, maxPatternLen: u32, maxPktOffset: u32 }) {}
/** Where a sequence number is in a payload. */
export class Nl80211WakeSequence extends struct('nl80211_wowlan_tcp_data_seq', { start: u32, offset: u32, len: u32 }) {}
/** Bytes that are used up, so many in each packet. */
export const nl80211WakeToken = tail(struct('nl80211_wowlan_tcp_data_token', { offset: u32, len: u32 }), 'tokenStream', binary);

/** A connection that is kept alive meanwhile. */
export class Nl80211WakeTcp extends attrs('NL80211_WOWLAN_TCP_', {
  srcIpv4: [1, ipv4],
  dstIpv4: [2, ipv4],
  dstMac: [3, macAddress],
  srcPort: [4, u16],
  dstPort: [5, u16],
  dataPayload: [6, binary],
  dataPayloadSeq: [7, Nl80211WakeSequence],
  dataPayloadToken: [8, nl80211WakeToken],
  /** Seconds. */
  dataInterval: [9, u32],
  wakePayload: [10, binary],
  wakeMask: [11, binary],
}) {}

/** What wakes the host, or what woke it. */
export class Nl80211Wake extends attrs('NL80211_WOWLAN_TRIG_', {
  any: [1, flag],
  disconnect: [2, flag],
  magicPkt: [3, flag],
  pktPattern: [4, indexed(Nl80211Pattern)],
  gtkRekeySupported: [5, flag],
  gtkRekeyFailure: [6, flag],
  eapIdentRequest: [7, flag],
  fourWayHandshake: [8, flag, 'NL80211_WOWLAN_TRIG_4WAY_HANDSHAKE'],
  rfkillRelease: [9, flag],
  wakeupPkt80211: [10, binary, 'NL80211_WOWLAN_TRIG_WAKEUP_PKT_80211'],
  wakeupPkt80211Len: [11, u32, 'NL80211_WOWLAN_TRIG_WAKEUP_PKT_80211_LEN'],
  wakeupPkt8023: [12, binary, 'NL80211_WOWLAN_TRIG_WAKEUP_PKT_8023'],
  wakeupPkt8023Len: [13, u32, 'NL80211_WOWLAN_TRIG_WAKEUP_PKT_8023_LEN'],
  tcpConnection: [14, Nl80211WakeTcp],
  wakeupTcpMatch: [15, flag],
  wakeupTcpConnlost: [16, flag],
  wakeupTcpNomoretokens: [17, flag],
  netDetect: [18, binary],
  netDetectResults: [19, binary],
  unprotectedDeauthDisassoc: [20, flag],
}) {}

/** How long such bytes may be, and how many. */
export class Nl80211WakeTokenSupport extends struct('nl80211_wowlan_tcp_data_token_feature', { minLen: u32, maxLen: u32, bufsize: u32 }) {}

/** What of a connection a device can keep. */
export class Nl80211WakeTcpSupport extends attrs('NL80211_WOWLAN_TCP_', {
  dataPayload: [6, u32],
  dataPayloadSeq: [7, flag],
  dataPayloadToken: [8, Nl80211WakeTokenSupport],
  dataInterval: [9, u32],
  wakePayload: [10, u32],
}) {}

/** What can wake the host. */
export class Nl80211WakeSupport extends attrs('NL80211_WOWLAN_TRIG_', {
  any: [1, flag],
  disconnect: [2, flag],
  magicPkt: [3, flag],
  pktPattern: [4, Nl80211PatternSupport],
  gtkRekeySupported: [5, flag],
  gtkRekeyFailure: [6, flag],
  eapIdentRequest: [7, flag],
  fourWayHandshake: [8, flag, 'NL80211_WOWLAN_TRIG_4WAY_HANDSHAKE'],
  rfkillRelease: [9, flag],
  tcpConnection: [14, Nl80211WakeTcpSupport],
  /** Networks to look for, at most. */
  netDetect: [18, u32],
  unprotectedDeauthDisassoc: [20, flag],
}) {}

/** Whether packets that match, or those that do not, may wait. */
export const nl80211CoalesceCondition = enumeration(u32, { match: 0, noMatch: 1 }, 'NL80211_COALESCE_CONDITION_');

/** Packets that may wait. */
export class Nl80211Coalesce extends attrs('NL80211_ATTR_COALESCE_RULE_', {
  /** Milliseconds. */
  delay: [1, u32],
  condition: [2, nl80211CoalesceCondition],
  pktPattern: [3, indexed(Nl80211Pattern)],
}) {}

/** How many such rules a device takes. */
export class Nl80211CoalesceSupport extends struct('nl80211_coalesce_rule_support', { maxRules: u32, pat: Nl80211PatternSupport, maxDelay: u32 }) {}
