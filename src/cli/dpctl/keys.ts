/** What flows tell packets by, in words: one row a key, read and shown by it (the words are ovs-dpctl's; ovs-fields(7) tells what they mean). */
import { encode, type AnyCodec } from '../../codec/index.ts';
import { ovsCtState, OvsMaskedKey, type OvsKey } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import { didYouMean } from '../words.ts';
import { nsh } from './nsh.ts';
import { assignments, bracketed, cHex, COMMA, dec, given, hex, ip4, ip6, mac, padded, readFlags, readPair, showFlags, showPair, split, unknown, wide, words, type Pair, type Scalar, type Style } from './text.ts';
import { tunnel } from './tunnel.ts';

/** How a key is written within its brackets. */
export interface Body {
  read(inside: string, word: string, style: Style): Pair;
  /** @param mask undefined: all of its bits count */
  show(value: unknown, mask: unknown, style: Style): string;
}
interface Row { readonly key: keyof OvsKey; readonly body: Body }
type Values = Record<string, unknown>;

/** One value. */
const alone = <T>(scalar: Scalar<T>): Body => ({
  read: (inside, word) => readPair(scalar, inside, word),
  show: (value, mask) => showPair(scalar, value as T, mask as T | undefined),
});

/** word -> the member of a struct, or [member, how it is written]; several words may be one member's. */
export type Members = Readonly<Record<string, readonly [member: string, scalar: Scalar<never>]>>;
export const members = (rows: Readonly<Record<string, readonly [string, Scalar<never>]>>): Body => {
  const known = Object.keys(rows), all = Object.values(rows) as unknown as (readonly [string, Scalar])[];
  const shown = known.filter((word, i) => known.findIndex((other) => rows[other]![0] === rows[word]![0]) === i);
  return {
    read(inside, where) {
      const value: Values = {}, mask: Values = {};
      for (const [member, { zero }] of all) value[member] = mask[member] = zero;
      assignments(inside, where, known, (word, text) => {
        const [member, scalar] = rows[word] as unknown as readonly [string, Scalar], pair = readPair(scalar, text as string, word);
        value[member] = pair.value;
        mask[member] = pair.mask;
      });
      return { value, mask };
    },
    show(value, mask, { verbose }) {
      return shown.flatMap((word) => {
        const [member, scalar] = rows[word] as unknown as readonly [string, Scalar], own = (mask as Values | undefined)?.[member];
        // A fragment's kind has no words for nothing.
        if (mask !== undefined && scalar.same(own, scalar.zero) && (!verbose || member === 'frag')) return [];
        return `${word}=${showPair(scalar, (value as Values)[member], mask === undefined ? undefined : own)}`;
      }).join(',');
    },
  };
};

/** word -> where its bits are in an integer, and how its mask is shown. */
interface Bits { readonly shift: number; readonly width: number; readonly mask: (n: number) => string }
const bit = (shift: number, width: number, prefix = '0x'): Bits => ({ shift, width, mask: (n) => `${prefix}${n.toString(16)}` });
export function readBits(rows: Readonly<Record<string, Bits>>, word: string, text: string | undefined, into: Pair<number>): void {
  const { shift, width } = rows[word] as Bits, all = 2 ** width - 1, { value, mask } = readPair(dec(width), text as string, word);
  for (const [part, own] of [['value', value], ['mask', mask]] as const) into[part] = ((into[part] & ~(all << shift)) | own << shift) >>> 0;
}
function showBits(rows: Readonly<Record<string, Bits>>, value: number, mask: number | undefined, whole: (word: string, mask: number) => boolean): string[] {
  return Object.entries(rows).flatMap(([word, { shift, width, mask: masked }]) => {
    const all = 2 ** width - 1, own = value >>> shift & all, bits = mask === undefined ? undefined : mask >>> shift & all;
    if (bits === undefined) return `${word}=${own}`;
    return whole(word, bits) ? `${word}=${own}${bits === all && word !== '' ? '' : `/${masked(bits)}`}` : [];
  });
}

const vlanBits = { vid: bit(0, 12), pcp: bit(13, 3) }, CFI = 0x1000;
const vlan: Body = {
  read(inside, where) {
    const out = { value: CFI, mask: CFI };
    assignments(inside, where, ['vid', 'pcp', 'cfi'], (word, text) => readBits({ ...vlanBits, cfi: bit(12, 1) }, word, text, out));
    return out;
  },
  show: (value, mask, { verbose }) =>
    [...showBits(vlanBits, value as number, mask as number | undefined, (_, bits) => verbose === true || bits !== 0), ...((value as number) & CFI ? [] : ['cfi=0'])].join(','),
};

export const mplsBits = { label: bit(12, 20), tc: bit(9, 3, ''), ttl: bit(0, 8), bos: bit(8, 1, '') };
type Lse = readonly { lse: number }[];
const mpls: Body = {
  read(inside, where) {
    const all: Pair<number>[] = [];
    assignments(inside, where, Object.keys(mplsBits), (word, text) => {
      // A label begins the next entry of the stack.
      if (word === 'label' || all.length === 0) all.push({ value: 0, mask: 0 });
      readBits(mplsBits, word, text, all.at(-1) as Pair<number>);
    }, true);
    return { value: all.map(({ value }) => ({ lse: value })), mask: all.map(({ mask }) => ({ lse: mask })) };
  },
  show(value, mask) {
    const masks = mask as Lse | undefined, exact = masks === undefined || masks.every(({ lse }) => lse === 0xffffffff);
    return (value as Lse).map(({ lse }, i) => Object.entries(mplsBits).map(([word, { shift, width, mask: masked }]) => {
      const all = 2 ** width - 1, own = `${word}=${lse >>> shift & all}`;
      return exact ? own : `${own}/${masked((masks[i]?.lse ?? 0) >>> shift & all)}`;
    }).join(',')).join(',');
  },
};

const tcpFlagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ns', '[200]', '[400]', '[800]'], TCP_FLAGS = 0xfff, ANY_TCP = 0xffff;
const tcpFlags: Body = {
  read: (inside, word) => readFlags(tcpFlagNames, ANY_TCP, inside, word),
  // The upper bits are no flags.
  show: (value, mask) => showFlags(tcpFlagNames, TCP_FLAGS, (value as number) & TCP_FLAGS, mask === undefined ? undefined : (mask as number) & TCP_FLAGS),
};

/** In the order of the kernel's bits. */
const ctStateNames = ['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat'];
type CtState = readonly (string | number)[];
const ctStateNumber = (flags: CtState): number => flags.reduce<number>((sum, flag) => (sum | (typeof flag === 'number' ? flag : (ovsCtState.names as Record<string, number>)[flag] as number)) >>> 0, 0);
const ctStateFlags = (n: number): CtState => {
  const known = Object.entries(ovsCtState.names).filter(([, one]) => n & one), rest = (n & ~known.reduce((sum, [, one]) => sum | one, 0)) >>> 0;
  return [...known.map(([name]) => name), ...(rest ? [rest] : [])];
};
const ctState: Body = {
  read(inside, word) {
    const { value, mask } = readFlags(ctStateNames, 0xffffffff, inside, word);
    return { value: ctStateFlags(value), mask: ctStateFlags(mask) };
  },
  show(value, mask, { verbose }) {
    const n = ctStateNumber(value as CtState), bits = mask === undefined ? undefined : ctStateNumber(mask as CtState);
    return verbose ? showPair(hex(32), n, bits) : showFlags(ctStateNames, 0xffffffff, n, bits);
  },
};

const inPort: Body = {
  read(inside, word, { portNumber }) {
    const number = /^[0-9]/.test(inside) ? undefined : portNumber(given(inside, word));
    if (number === undefined && !/^[0-9]/.test(inside)) throw usage(`in_port: there is no port "${inside}"`);
    return number === undefined ? readPair(dec(32), inside, word) : { value: number, mask: 0xffffffff };
  },
  show(value, mask, { portName }) {
    const name = mask === undefined || mask === 0xffffffff ? portName(value as number) : undefined;
    return name ?? showPair(dec(32), value as number, mask as number | undefined);
  },
};

const packetType: Body = {
  read(inside, where) {
    const rows = { ns: dec(16), id: padded(16) }, out = { value: 0, mask: 0 };
    assignments(inside, where, ['ns', 'id'], (word, text) => {
      const { value, mask } = readPair(rows[word as 'ns' | 'id'], text as string, word), shift = word === 'ns' ? 16 : 0;
      out.value = (out.value | value << shift) >>> 0;
      out.mask = (out.mask | mask << shift) >>> 0;
    });
    return out;
  },
  show: (value) => `ns=${(value as number) >>> 16},id=${cHex((value as number) & 0xffff)}`,
};

const encap: Body = {
  read: (inside, _word, style) => readKey(inside, style),
  show: (value, mask, style) => showKey(value as OvsKey, mask as OvsKey | undefined, style),
};

const frag = words({ no: 'none', first: 'first', later: 'later' }, 'none', 255) as Scalar<never>;
const u8 = dec(8) as Scalar<never>, u8x = hex(8) as Scalar<never>, u16 = dec(16) as Scalar<never>, v4 = ip4 as Scalar<never>, v6 = ip6 as Scalar<never>, ether = mac as Scalar<never>;
const ports = members({ src: ['src', u16], dst: ['dst', u16] }), icmp = members({ type: ['type', u8], code: ['code', u8] });
const u32x = alone(hex(32));

/** word -> the key that it is, and what is in its brackets. */
export const keyRows: Readonly<Record<string, Row>> = {
  skb_priority: { key: 'priority', body: u32x },
  skb_mark: { key: 'skbMark', body: u32x },
  recirc_id: { key: 'recircId', body: u32x },
  dp_hash: { key: 'dpHash', body: u32x },
  ct_state: { key: 'ctState', body: ctState },
  ct_zone: { key: 'ctZone', body: alone(hex(16)) },
  ct_mark: { key: 'ctMark', body: u32x },
  ct_label: { key: 'ctLabels', body: alone(wide(16, true)) },
  ct_tuple4: { key: 'ctOrigTupleIpv4', body: members({ src: ['src', v4], dst: ['dst', v4], proto: ['proto', u8], tp_src: ['srcPort', u16], tp_dst: ['dstPort', u16] }) },
  ct_tuple6: { key: 'ctOrigTupleIpv6', body: members({ src: ['src', v6], dst: ['dst', v6], proto: ['proto', u8], src_port: ['srcPort', u16], dst_port: ['dstPort', u16], tp_src: ['srcPort', u16], tp_dst: ['dstPort', u16] }) },
  tunnel: { key: 'tunnel', body: tunnel },
  in_port: { key: 'inPort', body: inPort },
  packet_type: { key: 'packetType', body: packetType },
  eth: { key: 'ethernet', body: members({ src: ['src', ether], dst: ['dst', ether] }) },
  vlan: { key: 'vlan', body: vlan },
  eth_type: { key: 'ethertype', body: alone(padded(16)) },
  mpls: { key: 'mpls', body: mpls },
  ipv4: { key: 'ipv4', body: members({ src: ['src', v4], dst: ['dst', v4], proto: ['proto', u8], tos: ['tos', u8x], ttl: ['ttl', u8], frag: ['frag', frag] }) },
  ipv6: { key: 'ipv6', body: members({ src: ['src', v6], dst: ['dst', v6], label: ['label', hex(20) as Scalar<never>], proto: ['proto', u8], tclass: ['tclass', u8x], hlimit: ['hlimit', u8], frag: ['frag', frag] }) },
  ipv6_exthdrs: { key: 'ipv6Exthdrs', body: members({ hdrs: ['hdrs', hex(16) as Scalar<never>] }) },
  tcp: { key: 'tcp', body: ports },
  tcp_flags: { key: 'tcpFlags', body: tcpFlags },
  udp: { key: 'udp', body: ports },
  sctp: { key: 'sctp', body: ports },
  icmp: { key: 'icmp', body: icmp },
  icmpv6: { key: 'icmpv6', body: icmp },
  arp: { key: 'arp', body: members({ sip: ['sip', v4], tip: ['tip', v4], op: ['op', u16], sha: ['sha', ether], tha: ['tha', ether] }) },
  nd: { key: 'nd', body: members({ target: ['target', v6], sll: ['sll', ether], tll: ['tll', ether] }) },
  nsh: { key: 'nsh', body: nsh },
  encap: { key: 'encap', body: encap },
};
const byKey = new Map(Object.entries(keyRows).map(([word, row]) => [row.key as string, { word, ...row }]));

/** A flow's key and mask from its text. @throws {CliError} for what is none, with the part that it is about */
export function readKey(text: string, style: Style): Pair<OvsKey> {
  const value: Values = {}, mask: Values = {};
  for (const item of split(text, COMMA)) {
    const call = bracketed(item);
    if (!call) throw usage(`"${item}" is not a part of a flow: it has no brackets`, 'in_port(1),eth(),eth_type(0x0800),ipv4(src=10.0.0.1)');
    const row = Object.hasOwn(keyRows, call.word) ? (keyRows[call.word] as Row) : undefined;
    if (!row) throw usage(`"${item}": "${call.word}" is not a part of a flow`, didYouMean(call.word, Object.keys(keyRows)));
    if (row.key in value) throw usage(`"${call.word}" is given twice`);
    const pair = row.body.read(call.inside, call.word, style);
    value[row.key] = pair.value;
    mask[row.key] = pair.mask;
  }
  // That there is an EtherType at all does not matter: the kernel is not told of one.
  if (value['ethertype'] === 0 && mask['ethertype'] === 0) for (const side of [value, mask]) delete side['ethertype'];
  return { value, mask };
}

/** Whether no bit of a mask counts. */
const isNone = (mask: unknown): boolean => {
  if (typeof mask === 'object' && mask !== null) return Object.values(mask).every(isNone);
  return typeof mask === 'string' ? /^([0:.]*|none)$/.test(mask) : mask === 0 || mask === 0n;
};
const NESTS = new Set(['encap', 'tunnel', 'nsh']);

/** A flow's key, in the kernel's order. */
export function showKey(key: OvsKey, mask: OvsKey | undefined, style: Style): string {
  const out: string[] = [];
  for (const [name, value] of Object.entries(key)) {
    const row = byKey.get(name), own = (mask as Values | undefined)?.[name], idle = mask !== undefined && (own === undefined || isNone(own));
    if (!row) continue;
    if (idle && name === 'ipv6Exthdrs') continue;
    if (!style.verbose && idle && !NESTS.has(name)) {
      if (name === 'ethernet') out.push('eth()');
      continue;
    }
    if (mask === undefined || own !== undefined || NESTS.has(name)) out.push(`${row.word}(${row.body.show(value, mask && (own ?? {}), style)})`);
  }
  // That there is an EtherType at all does not matter.
  if (!('ethertype' in key) && mask?.ethertype !== undefined) out.push(`eth_type(0/${padded(16).show(mask.ethertype)})`);
  return out.join(',');
}

/** One part of a packet to change: `ipv4(ttl=5)`. Where all of its bits are given, as a whole. */
export function readSet(text: string, style: Style): { set: OvsKey } | { setMasked: OvsMaskedKey } {
  const call = bracketed(text);
  if (!call || !Object.hasOwn(keyRows, call.word)) throw call ? unknown(call.word, 'a flow', Object.keys(keyRows)) : usage(`"${text}" says nothing to set`, 'set(ipv4(ttl=5))');
  const { key, body } = keyRows[call.word] as Row, pair = body.read(call.inside, call.word, style);
  if (key === 'encap') throw usage('what is behind a tag cannot be set');
  if (key === 'tunnel' && (pair.mask as { ttl?: number }).ttl === 0) throw usage(`"${text}": a tunnel's packets need a ttl`, 'set(tunnel(tun_id=0x5,dst=192.0.2.1,ttl=64,flags(df|key)))');
  if (key === 'tunnel' || isWhole(key, pair, style)) return { set: { [key]: pair.value } };
  const setMasked = { [key]: maskedOf(key, pair) } as OvsMaskedKey;
  if (!isWithin(setMasked)) throw usage(`"${text}": bits are set that its masks do not have`, 'where a mask is 0, so is what is before it');
  return { setMasked };
}
/** Whether a mask has all bits: it is shown as none would be. */
function isWhole(key: string, { value, mask }: Pair, style: Style): boolean {
  const { body } = byKey.get(key) as { body: Body };
  return body.show(value, mask, style) === body.show(value, undefined, style);
}
/** Whether each value has only bits that its mask has: the kernel wants it so. */
function isWithin(action: OvsMaskedKey): boolean {
  const [name, inner] = Object.entries(action)[0] as [string, Values], parts = name === 'nsh' ? Object.entries(inner) : [[name, inner] as const];
  const set = name === 'nsh' ? (OvsMaskedKey.byKey.get('nsh')?.codec as typeof OvsMaskedKey) : OvsMaskedKey;
  return parts.every(([part, pair]) => {
    const bytes = encode(set.byKey.get(part)?.codec as AnyCodec, pair as never), half = bytes.length / 2;
    return bytes.subarray(0, half).every((byte, i) => (byte & ~(bytes[half + i] as number)) === 0);
  });
}
/** What the kernel wants of a part of a packet: each value with its mask; of a stack of labels, one. */
function maskedOf(key: string, { value, mask }: Pair): unknown {
  if (key === 'mpls') return { value: (value as Lse)[0], mask: (mask as Lse)[0] };
  if (key !== 'nsh') return { value, mask };
  return Object.fromEntries(Object.entries(value as Values).map(([part, own]) => [part, { value: own, mask: (mask as Values)[part] }]));
}
export function showSet(action: { set?: OvsKey; setMasked?: OvsMaskedKey }, style: Style): string {
  const [name, given_] = Object.entries(action.set ?? action.setMasked ?? {})[0] ?? [], row = byKey.get(name ?? '');
  if (!row) return '';
  if (action.set) return `${row.word}(${row.body.show(given_, undefined, style)})`;
  const parts = given_ as Values;
  const pair: Pair = name === 'nsh' ? { value: pick(parts, 'value'), mask: pick(parts, 'mask') } : name === 'mpls' ? { value: [parts['value']], mask: [parts['mask']] } : (parts as unknown as Pair);
  return `${row.word}(${row.body.show(pair.value, pair.mask, { ...style, verbose: false })})`;
}
const pick = (parts: Values, side: 'value' | 'mask'): Values => Object.fromEntries(Object.entries(parts).map(([part, pair]) => [part, (pair as Pair)[side]]));
