/** How long connection tracking remembers connections, by transport protocol and state: seconds. Source: include/uapi/linux/netfilter/nfnetlink_cttimeout.h, net/netfilter/nfnetlink_cttimeout.c. */
import { attrs, be16, be32, enumeration, message, select, string } from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { families, Nfgenmsg } from './header.ts';

export class CtTimeoutTcp extends attrs('CTA_TIMEOUT_TCP_', {
  synSent: [1, be32], synRecv: [2, be32], established: [3, be32], finWait: [4, be32], closeWait: [5, be32], lastAck: [6, be32], timeWait: [7, be32],
  close: [8, be32], synSent2: [9, be32], retrans: [10, be32], unack: [11, be32],
}) {}
export class CtTimeoutUdp extends attrs('CTA_TIMEOUT_UDP_', { unreplied: [1, be32], replied: [2, be32] }) {}
export class CtTimeoutUdplite extends attrs('CTA_TIMEOUT_UDPLITE_', { unreplied: [1, be32], replied: [2, be32] }) {}
export class CtTimeoutIcmp extends attrs('CTA_TIMEOUT_ICMP_', { timeout: [1, be32] }) {}
export class CtTimeoutIcmpv6 extends attrs('CTA_TIMEOUT_ICMPV6_', { timeout: [1, be32] }) {}
export class CtTimeoutDccp extends attrs('CTA_TIMEOUT_DCCP_', {
  request: [1, be32], respond: [2, be32], partopen: [3, be32], open: [4, be32], closereq: [5, be32], closing: [6, be32], timewait: [7, be32],
}) {}
export class CtTimeoutSctp extends attrs('CTA_TIMEOUT_SCTP_', {
  closed: [1, be32], cookieWait: [2, be32], cookieEchoed: [3, be32], established: [4, be32], shutdownSent: [5, be32], shutdownRecd: [6, be32],
  shutdownAckSent: [7, be32], heartbeatSent: [8, be32], heartbeatAcked: [9, be32],
}) {}
export class CtTimeoutGre extends attrs('CTA_TIMEOUT_GRE_', { unreplied: [1, be32], replied: [2, be32] }) {}
/** Of protocols that connection tracking does not know. */
export class CtTimeoutGeneric extends attrs('CTA_TIMEOUT_GENERIC_', { timeout: [1, be32] }) {}

/** By IPPROTO_*. */
export const ctTimeouts = {
  tcp: CtTimeoutTcp, udp: CtTimeoutUdp, udplite: CtTimeoutUdplite, icmp: CtTimeoutIcmp, icmpv6: CtTimeoutIcmpv6, dccp: CtTimeoutDccp,
  sctp: CtTimeoutSctp, gre: CtTimeoutGre, raw: CtTimeoutGeneric,
} as const;

export const ctTimeoutPolicyAttrs = attrs('CTA_TIMEOUT_', {
  /** At most 31 bytes. */
  name: [1, string],
  l3proto: [2, enumeration(be16, families, 'NFPROTO_')],
  l4proto: [3, ipProtocol],
  data: [4, select('l4proto', ctTimeouts)],
  /** One more than the rules that refer to it. */
  use: [5, be32],
});
/** Times by a name, for the target CT of iptables; without a name: those that hold where nothing else is said. */
export const ctTimeoutPolicy = message('ctTimeoutPolicy', Nfgenmsg, ctTimeoutPolicyAttrs);
