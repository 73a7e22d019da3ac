/** How filters of kind flower are printed: a line a key. */
import { ipProtocol } from '../../../families/route/names.ts';
import { bytes } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { printActions } from '../actions/index.ts';
import { etherTypeFormat } from '../ether-type.ts';
import { classFormat } from '../filter-values.ts';
import { ctStates, ipFlags, tunnelFlags } from './flower-values.ts';
import { printFlags } from './kind.ts';

type Line = (printer: Printer, options: Json) => void;

/** A key with its value on a line of its own. */
function line(printer: Printer, key: string, value: unknown, text: (value: unknown) => string = String, json: (value: unknown) => unknown = (one) => one): void {
  if (value === undefined) return;
  printer.newline();
  printer.value(key, `  ${key} %`, value, { text, json });
}
const plain = (key: string, from: string, json?: (value: unknown) => unknown): Line => (printer, options) => line(printer, key, options[from], String, json);
const asText = (value: unknown): unknown => String(value);
/** A number, and where not all of its bits count, which. */
const number = (key: string, from: string, all: number): Line => (printer, options) => {
  line(printer, key, options[from]);
  const mask = options[`${from}Mask`];
  if (options[from] !== undefined && mask !== undefined && mask !== all) printer.value(`${key}_mask`, '/0x%', Number(mask).toString(16));
};
const bits = (mask: readonly number[]): number | undefined => {
  const text = mask.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(text) ? text.replaceAll('0', '').length : undefined;
};
const withMask = (value: unknown, mask: unknown, parsed: readonly number[], whole: number): string => {
  const length = bits(parsed);
  return length === whole ? String(value) : `${String(value)}/${length ?? String(mask)}`;
};
const ether = (key: string, from: string): Line => (printer, options) => {
  const mask = (options[`${from}Mask`] ?? 'ff:ff:ff:ff:ff:ff') as string;
  if (options[from] !== undefined) line(printer, key, withMask(options[from], mask, mask.split(':').map((byte) => Number.parseInt(byte, 16)), 48));
};
/** The bytes of an address, from text. */
function bytesOf(address: string): number[] {
  if (!address.includes(':')) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::'), words = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = words(head), after = tail === undefined ? [] : words(tail), all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
}
const address = (key: string, ...from: readonly string[]): Line => (printer, options) => {
  for (const one of from) {
    const value = options[one], mask = options[`${one}Mask`] as string | undefined;
    if (value !== undefined) line(printer, key, mask === undefined ? value : withMask(value, mask, bytesOf(mask), one.includes('Ipv6') ? 128 : 32));
  }
};
const port = (key: string, side: 'Src' | 'Dst'): Line => (printer, options) => {
  const protocol = ['Tcp', 'Udp', 'Sctp'].find((one) => options[`key${one}${side}`] !== undefined);
  if (protocol !== undefined) number(key, `key${protocol}${side}`, 0xffff)(printer, options);
  const start = options[`keyPort${side}Min`], end = options[`keyPort${side}Max`];
  if (start !== undefined && end !== undefined) line(printer, key, { start, end }, () => `${String(start)}-${String(end)}`);
};
const flags = (key: string, from: string, names: Readonly<Record<string, string>>): Line => (printer, options) => {
  const set = (options[from] ?? []) as string[], known = options[`${from}Mask`] as string[] | undefined;
  if (known === undefined || known.length === 0) return;
  const told = Object.entries(names).filter(([, flag]) => known.includes(flag));
  line(printer, key, told, () => told.map(([name, flag]) => `${set.includes(flag) ? '' : 'no'}${name}`).join('/'), () => Object.fromEntries(told.map(([name, flag]) => [name, set.includes(flag)])));
};
const ethType: Line = (printer, options) => line(printer, 'eth_type', options['keyEthType'], (type) => ({ 0x800: 'ipv4', 0x86dd: 'ipv6', 0x806: 'arp' })[type as number] ?? Number(type).toString(16), (type) => ({ 0x800: 'ipv4', 0x86dd: 'ipv6', 0x806: 'arp' })[type as number] ?? Number(type).toString(16));
const protocolName = (given: unknown): string => {
  const known = ['tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'esp', 'ah'].includes(String(given)), value = typeof given === 'number' ? given : ipProtocol.names[given as keyof typeof ipProtocol.names];
  return known ? String(given) : value === 115 ? 'l2tp' : (value ?? 0).toString(16).padStart(2, '0');
};
const PPP: Readonly<Record<number, string>> = { 0x21: 'ip', 0x57: 'ipv6', 0x281: 'mpls_uc', 0x283: 'mpls_mc' };
const ctState: Line = (printer, options) => {
  const set = (options['keyCtState'] ?? []) as string[], known = options['keyCtStateMask'] as string[] | undefined;
  if (known?.length) line(printer, 'ct_state', Object.entries(ctStates).filter(([, flag]) => known.includes(flag)).map(([name, flag]) => `${set.includes(flag) ? '+' : '-'}${name}`).join(''));
};
const ctLabel: Line = (printer, options) => {
  const label = options['keyCtLabels'] as Uint8Array | undefined, mask = options['keyCtLabelsMask'] as Uint8Array | undefined;
  if (label) line(printer, 'ct_label', mask && mask.some((byte) => byte !== 0xff) ? `${bytes(label)}/${bytes(mask)}` : bytes(label));
};
const two = (value: unknown, digits = 2): string => Number(value ?? 0).toString(16).padStart(digits, '0');
const tunnel: Line = (printer, options) => {
  const own = (options['keyEncOpts'] ?? {}) as Json, mask = (options['keyEncOptsMask'] ?? {}) as Json;
  const pair = (name: string, text: (one: Json) => string, json: (one: Json) => unknown): void => {
    const lists = [own[name], mask[name]].map((one) => (one === undefined ? undefined : Array.isArray(one) ? (one as Json[]) : [one as Json]));
    if (!lists[0]) return;
    printer.newline();
    printer.text(`  ${name}_opts ${lists[0].map((one, i) => [one, ...(lists[1]?.slice(i, i + 1) ?? [])].map(text).join('/')).join(',')}`);
    for (const [i, suffix] of ['key', 'mask'].entries()) if (lists[i]) printer.value(`${name}_opt_${suffix}`, null, lists[i].map(json));
  };
  pair('geneve', (one) => `${two(one['class'], 4)}:${two(one['type'])}:${bytes(one['data'])}`, (one) => ({ class: one['class'], type: one['type'], data: [...(one['data'] as Uint8Array)] }));
  pair('vxlan', (one) => String(one['gbp']), (one) => ({ gbp: one['gbp'] }));
  pair('erspan', ({ ver, index = 0, dir = 0, hwid = 0 }) => `${String(ver)}:${String(index)}:${String(dir)}:${String(hwid)}`, ({ ver, index = 0, dir = 0, hwid = 0 }) => ({ ver, index, dir, hwid }));
  pair('gtp', ({ pduType, qfi }) => `${two(pduType)}:${two(qfi)}`, ({ pduType, qfi }) => ({ pdu_type: pduType, qfi }));
  pair('pfcp', ({ type, seid }) => `${two(type)}:${BigInt(seid as bigint).toString(16)}`, ({ type, seid }) => ({ type, seid }));
};
const mpls: Line = (printer, options) => {
  const all = ((options['keyMplsOpts'] as Json | undefined)?.['lse'] ?? []) as Json[];
  if (all.length === 0) return;
  const named = ({ depth, label, tc, bos, ttl }: Json): [string, unknown][] => Object.entries({ depth, label, tc, bos, ttl }).filter(([, value]) => value !== undefined);
  printer.newline();
  printer.text('  mpls');
  for (const one of all) {
    printer.newline();
    printer.text(`    lse ${named(one).map(([key, value]) => `${key} ${String(value)}`).join(' ')}`);
  }
  printer.value('mpls', null, all.map((one) => Object.fromEntries(named(one))));
};
const cfm: Line = (printer, options) => {
  const { mdLevel, opcode } = (options['keyCfm'] ?? {}) as Json;
  if (mdLevel === undefined && opcode === undefined) return;
  printer.newline();
  printer.text('  cfm');
  printer.object('cfm', () => {
    printer.value('mdl', ' mdl %', mdLevel);
    printer.value('op', ' op %', opcode);
  });
};

/** In tc's order. */
const lines: readonly Line[] = [
  plain('num_of_vlans', 'keyNumOfVlans'), plain('vlan_id', 'keyVlanId'), plain('vlan_prio', 'keyVlanPrio'),
  (printer, options) => { if (options['keyVlanEthType'] !== undefined) { printer.newline(); printer.value('vlan_ethtype', '  vlan_ethtype %', options['keyVlanEthType'], etherTypeFormat); } },
  plain('cvlan_id', 'keyCvlanId'), plain('cvlan_prio', 'keyCvlanPrio'),
  (printer, options) => { if (options['keyCvlanEthType'] !== undefined) { printer.newline(); printer.value('cvlan_ethtype', '  cvlan_ethtype %', options['keyCvlanEthType'], etherTypeFormat); } },
  ether('dst_mac', 'keyEthDst'), ether('src_mac', 'keyEthSrc'), ethType,
  (printer, options) => line(printer, 'ip_proto', options['keyIpProto'], protocolName, protocolName),
  number('ip_tos', 'keyIpTos', 0xff), number('ip_ttl', 'keyIpTtl', 0xff),
  plain('mpls_label', 'keyMplsLabel'), plain('mpls_tc', 'keyMplsTc', asText), plain('mpls_bos', 'keyMplsBos', asText), plain('mpls_ttl', 'keyMplsTtl', asText), mpls,
  address('dst_ip', 'keyIpv4Dst', 'keyIpv6Dst'), address('src_ip', 'keyIpv4Src', 'keyIpv6Src'), port('dst_port', 'Dst'), port('src_port', 'Src'),
  (printer, options) => line(printer, 'tcp_flags', options['keyTcpFlags'] === undefined ? undefined : `0x${Number(options['keyTcpFlags']).toString(16)}${options['keyTcpFlagsMask'] === undefined ? '' : `/${Number(options['keyTcpFlagsMask']).toString(16)}`}`),
  plain('icmp_type', 'keyIcmpv4Type', asText), plain('icmp_code', 'keyIcmpv4Code', asText), plain('icmp_type', 'keyIcmpv6Type', asText), plain('icmp_code', 'keyIcmpv6Code', asText),
  address('arp_sip', 'keyArpSip'), address('arp_tip', 'keyArpTip'),
  (printer, options) => line(printer, 'arp_op', options['keyArpOp'], (op) => ({ 1: 'request', 2: 'reply' })[op as number] ?? String(op), (op) => ({ 1: 'request', 2: 'reply' })[op as number] ?? String(op)),
  ether('arp_sha', 'keyArpSha'), ether('arp_tha', 'keyArpTha'),
  plain('pppoe_sid', 'keyPppoeSid'), (printer, options) => line(printer, 'ppp_proto', options['keyPppProto'], (type) => PPP[type as number] ?? String(type), (type) => PPP[type as number] ?? String(type)),
  plain('l2tpv3_sid', 'keyL2tpv3Sid'), (printer, options) => line(printer, 'spi', options['keySpi'], (spi) => `0x${Number(spi).toString(16)}`, (spi) => Number(spi).toString(16)),
  address('enc_dst_ip', 'keyEncIpv4Dst', 'keyEncIpv6Dst'), address('enc_src_ip', 'keyEncIpv4Src', 'keyEncIpv6Src'), plain('enc_key_id', 'keyEncKeyId'), plain('enc_dst_port', 'keyEncUdpDstPort'),
  number('enc_tos', 'keyEncIpTos', 0xff), number('enc_ttl', 'keyEncIpTtl', 0xff), tunnel, flags('ip_flags', 'keyFlags', ipFlags), flags('enc_flags', 'keyEncFlags', tunnelFlags),
  ctState, number('ct_zone', 'keyCtZone', 0xffff), number('ct_mark', 'keyCtMark', 0xffffffff), ctLabel, plain('l2_miss', 'l2Miss'), cfm,
];

/** Classes of hardware. */
const HW_TC = 0xffffffe0, HW_TCS = 16;

export function printFlower(printer: Printer, options: Json, handle: number): void {
  if (handle) printer.value('handle', 'handle 0x% ', handle, { text: (value) => Number(value).toString(16), json: (value) => value });
  const classid = options['classid'] as number | undefined;
  if (classid !== undefined && classid >= HW_TC && classid < HW_TC + HW_TCS) printer.value('hw_tc', 'hw_tc % ', classid - HW_TC);
  else printer.value('classid', 'classid % ', classid, classFormat);
  line(printer, 'indev', options['indev']);
  printer.object('keys', () => { for (const one of lines) one(printer, options); });
  printFlags(printer, options['flags'], (word) => {
    printer.newline();
    printer.text(`  ${word}`);
  });
  if (options['inHwCount'] !== undefined && ((options['flags'] ?? []) as string[]).includes('inHw')) printer.value('in_hw_count', ' in_hw_count %', options['inHwCount']);
  printActions(printer, options['act'], 1);
}
