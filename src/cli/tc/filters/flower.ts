/** `flower dst_ip 192.0.2.0/24 ip_proto tcp dst_port 80`: net/sched/cls_flower.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type Row } from '../../grammar.ts';
import { deviceName, integer, parseInteger, u16, u32, u8, word } from '../../values.ts';
import { ipProtocol } from '../../../families/route/names.ts';
import { etherType } from '../ether-type.ts';
import { classid, hexMasked, masked } from '../filter-values.ts';
import { cfm, ctState, encFlags, erspanOption, flagsOption, geneveMasked, gtpOption, lse, pfcpOption, vxlanOption } from './flower-values.ts';
import { addressRow, byteRow, etherRow, numberRow, portRow } from './flower-rows.ts';
import { printFlower } from './flower-print.ts';
import { actionRow, flagRow, plainHandle, readOptions, type FilterKind } from './kind.ts';

const ETH_ALL = 3, ETH_IP = 0x0800, ETH_IPV6 = 0x86dd;
const PROTOCOLS: Readonly<Record<string, string>> = { tcp: 'tcp', udp: 'udp', sctp: 'sctp', icmp: 'icmp', icmpv6: 'icmpv6', l2tp: 'l2tp', esp: 'esp', ah: 'ah' };
const NUMBERS: Readonly<Record<string, number>> = { l2tp: 115 };
/** Of classes of hardware: FFFF:FFE0 and on. */
const HW_TC = 0xffffffe0;

const ipv4Word: Readonly<Record<string, number>> = { ipv4: ETH_IP, ipv6: ETH_IPV6 };
const innerType = (key: string): Row => to(key, word('{ ipv4 | ipv6 | PROTOCOL }', (given, context, after) => ipv4Word[given] ?? etherType.read({ next: () => given } as never, context, after)));
const both = (key: string, type: ReturnType<typeof hexMasked>): Row => act((draft, value) => {
  const { value: own, mask } = value as { value: unknown; mask: unknown };
  draft[key] = own;
  if (mask !== undefined) draft[`${key}Mask`] = mask;
}, type);
/** An option of a tunnel's header, with its mask. */
const tunnelOption = (type: Row['type']): Row => act((draft, value) => {
  const { key, mask } = value as { key: Draft; mask: Draft };
  if (draft['keyEncOpts'] !== undefined) throw usage('one kind of options, not two');
  draft['keyEncOpts'] = key;
  draft['keyEncOptsMask'] = mask;
}, type);

const rows: Grammar = {
  'classid|flowid': to('classid', classid),
  hw_tc: to('hwTc', integer('NUMBER', 0, 15), 'a class of the hardware'),
  indev: to('indev', deviceName),
  skip_hw: flagRow('skipHw'),
  skip_sw: flagRow('skipSw'),
  verbose: flagRow('verbose'),
  dst_mac: etherRow('keyEthDst'),
  src_mac: etherRow('keyEthSrc'),
  num_of_vlans: to('keyNumOfVlans', u8()),
  vlan_id: to('keyVlanId', integer('VID', 0, 4095)),
  vlan_prio: to('keyVlanPrio', integer('NUMBER', 0, 7)),
  vlan_ethtype: innerType('keyVlanEthType'),
  cvlan_id: to('keyCvlanId', integer('VID', 0, 4095)),
  cvlan_prio: to('keyCvlanPrio', integer('NUMBER', 0, 7)),
  cvlan_ethtype: innerType('keyCvlanEthType'),
  pppoe_sid: to('keyPppoeSid', integer('ID', 0, 0xfffe)),
  ppp_proto: to('pppProto', word('{ ip | ipv6 | mpls_uc | mpls_mc | NUMBER }', (given, _context, after) => {
    const named: Readonly<Record<string, number>> = { ip: 0x21, ipv4: 0x21, ipv6: 0x57, mpls_uc: 0x281, mpls_mc: 0x283 }, number = named[given] ?? Number(parseInteger(given) ?? -1);
    if (number < 0 || number > 0xffff) throw usage(`"${given}" is not a protocol for "${after}"`, Object.keys(named).join(', '));
    return number;
  })),
  ip_proto: act((draft, value) => { draft['keyIpProto'] = value; }, word('PROTOCOL', (given, _context, after) => {
    if (given in PROTOCOLS) return NUMBERS[given] ?? PROTOCOLS[given];
    const number = /^(0x)?[0-9a-f]{1,2}$/i.test(given) ? Number.parseInt(given, 16) : -1;
    if (number < 0) throw usage(`"${given}" is not a protocol for "${after}"`, `${Object.keys(PROTOCOLS).join(', ')}, or a hexadecimal number`);
    return ipProtocol.byNumber.get(number) ?? number;
  }, { choices: Object.keys(PROTOCOLS) })),
  ip_tos: byteRow('keyIpTos', 16),
  ip_ttl: byteRow('keyIpTtl', 10),
  dst_ip: addressRow('keyIpv4Dst', 'keyIpv6Dst'),
  src_ip: addressRow('keyIpv4Src', 'keyIpv6Src'),
  dst_port: portRow('Dst'),
  src_port: portRow('Src'),
  tcp_flags: both('keyTcpFlags', masked('FLAGS', 0xfffn, 16)),
  type: byteRow('icmpType', 10),
  code: byteRow('icmpCode', 10),
  arp_sip: addressRow('keyArpSip'),
  arp_tip: addressRow('keyArpTip'),
  arp_op: act((draft, value) => { Object.assign(draft, value); }, word('{ request | reply | NUMBER[/MASK] }', (given, context, after) => {
    if (given === 'request' || given === 'reply') return { keyArpOp: given === 'request' ? 1 : 2, keyArpOpMask: 0xff };
    const { value, mask = 0xff } = masked('NUMBER', 0xffn).read({ next: () => given } as never, context, after) as { value: number; mask?: number };
    return { keyArpOp: value, keyArpOpMask: mask };
  })),
  arp_sha: etherRow('keyArpSha'),
  arp_tha: etherRow('keyArpTha'),
  mpls_label: to('keyMplsLabel', integer('LABEL', 0, 0xfffff)),
  mpls_tc: to('keyMplsTc', integer('NUMBER', 0, 7)),
  mpls_bos: to('keyMplsBos', integer('{ 0 | 1 }', 0, 1)),
  mpls_ttl: to('keyMplsTtl', u8('TTL')),
  mpls: to('keyMplsOpts', lse),
  enc_dst_ip: addressRow('keyEncIpv4Dst', 'keyEncIpv6Dst'),
  enc_src_ip: addressRow('keyEncIpv4Src', 'keyEncIpv6Src'),
  enc_key_id: to('keyEncKeyId', u32()),
  enc_dst_port: to('keyEncUdpDstPort', u16('PORT')),
  enc_tos: byteRow('keyEncIpTos', 16),
  enc_ttl: byteRow('keyEncIpTtl', 10),
  geneve_opts: tunnelOption(geneveMasked),
  vxlan_opts: tunnelOption(vxlanOption),
  erspan_opts: tunnelOption(erspanOption),
  gtp_opts: tunnelOption(gtpOption),
  pfcp_opts: tunnelOption(pfcpOption),
  ip_flags: act((draft, value) => { Object.assign(draft, value); }, flagsOption),
  enc_flags: act((draft, value) => { Object.assign(draft, value); }, encFlags),
  ct_state: act((draft, value) => { Object.assign(draft, value); }, ctState),
  ct_zone: numberRow('keyCtZone', 0xffff),
  ct_mark: numberRow('keyCtMark', 0xffffffff),
  ct_label: both('keyCtLabels', hexMasked(16)),
  l2tpv3_sid: to('keyL2tpv3Sid', u32()),
  spi: act((draft, value) => { Object.assign(draft, { keySpi: value, keySpiMask: 0xffffffff }); }, u32()),
  l2_miss: to('l2Miss', integer('{ 0 | 1 }', 0, 1)),
  cfm: to('keyCfm', cfm),
  action: actionRow,
};

/** Attributes whose names depend on the protocol within. */
function byProtocol(draft: Draft): Draft {
  const { ports = {}, icmpType, icmpTypeMask, icmpCode, icmpCodeMask, ...rest } = draft as Draft & { ports?: Record<string, { value: number; mask?: number; last?: number }> };
  const protocol = rest['keyIpProto'] as string | undefined;
  for (const [side, { value, mask, last }] of Object.entries(ports)) {
    if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') throw usage('ports are of which protocol?', 'ip_proto tcp dst_port 80; tcp, udp or sctp');
    if (last !== undefined) Object.assign(rest, { [`keyPort${side}Min`]: value, [`keyPort${side}Max`]: last });
    else {
      const key = `key${protocol[0]!.toUpperCase()}${protocol.slice(1)}${side}`;
      Object.assign(rest, { [key]: value, ...(mask !== undefined && { [`${key}Mask`]: mask }) });
    }
  }
  if (icmpType !== undefined || icmpCode !== undefined) {
    if (protocol !== 'icmp' && protocol !== 'icmpv6') throw usage('type and code are of which protocol?', 'ip_proto icmp type 8');
    const name = protocol === 'icmp' ? 'keyIcmpv4' : 'keyIcmpv6';
    if (icmpType !== undefined) Object.assign(rest, { [`${name}Type`]: icmpType, [`${name}TypeMask`]: icmpTypeMask });
    if (icmpCode !== undefined) Object.assign(rest, { [`${name}Code`]: icmpCode, [`${name}CodeMask`]: icmpCodeMask });
  }
  return rest;
}

export const flower: FilterKind = {
  usage: '[ MATCH ... ] [ skip_hw | skip_sw ] [ classid CLASSID ] [ action ... ]',
  options: rows,
  read(words, context, before) {
    const { hwTc, pppProto, ...draft } = byProtocol(readOptions(rows, words, context)) as Draft & { hwTc?: number; pppProto?: number };
    if (hwTc !== undefined) draft['classid'] = (HW_TC + hwTc) >>> 0;
    if (pppProto !== undefined) draft['keyPppProto'] = pppProto;
    if (before.protocol !== ETH_ALL && before.protocol !== 0) draft['keyEthType'] = before.protocol;
    return { handle: plainHandle(before), options: draft };
  },
  print: printFlower,
};
