/** `encap` of RPL (RFC 6554), IOAM (RFC 9197), XFRM and identifier-locator addressing, and what IP tunnels carry beside packets. */
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar, type Row } from '../grammar.ts';
import { choice, device, familyOf, integer, ip, parseInteger, text, u16, u32, word } from '../values.ts';
import { parseIpv6 } from '../../codec/index.ts';

/** Segments one after another as the wire has them: the last to be visited first. */
export function segmentBytes(segments: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(segments.length * 16);
  [...segments].reverse().forEach((segment, i) => {
    if (familyOf(segment) !== 'inet6' || !parseIpv6(segment, bytes, i * 16)) throw usage(`"${segment}" is not a segment`, 'IPv6 addresses, separated by commas');
  });
  return bytes;
}

export const rpl: Grammar = { segs: to('segs', text('SEGMENT,...')) };

export function finishRpl({ segs }: Draft): Draft {
  if (typeof segs !== 'string') throw usage('which segments?', 'encap rpl segs fc00::1,fc00::2');
  const segments = segs.split(',');
  return { srh: { nexthdr: 0, hdrlen: segments.length * 2, type: 3, segmentsLeft: segments.length, lengths: { reserved: 0, pad: 0, cmpre: 0, cmpri: 0 }, segments: segmentBytes(segments) } };
}

/** `2/5`: two packets of five. */
const frequency = word('K/N', (given, _context, after) => {
  const [, k, n] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
  if (!k || !n || Number(k) < 1 || Number(n) < Number(k) || Number(n) > 1_000_000) throw usage(`"${given}" is not a frequency for "${after}"`, 'K packets of every N: 1/100');
  return { freqK: Number(k), freqN: Number(n) };
});

/** Bytes of data that every node may add, and the bits of what. */
const largestTrace = 244, traceBits = 0xffffff;

export const ioam6: Grammar = {
  freq: act((draft, value) => { Object.assign(draft, value); }, frequency),
  mode: to('mode', choice({ inline: 'inline', encap: 'encap', auto: 'auto' })),
  tunsrc: to('src', ip),
  tundst: to('dst', ip),
  trace: act(() => {}, { name: 'prealloc', read: (words, _context, after) => (words.take('prealloc') ? undefined : words.next(`${after} prealloc`)) }),
  type: to('type', integer('TYPE', 1, traceBits)),
  ns: to('ns', u16('NAMESPACE')),
  size: to('size', word('BYTES', (given, _context, after) => {
    const size = Number(parseInteger(given) ?? 0);
    if (size < 4 || size > largestTrace || size % 4 !== 0) throw usage(`"${given}" is not a size for "${after}"`, `a multiple of 4, at most ${largestTrace}`);
    return size;
  })),
};

export function finishIoam6({ type, ns, size, freqK = 1, freqN = 1, mode = 'inline', dst, src }: Draft): Draft {
  if (type === undefined || size === undefined) throw usage('which trace?', 'encap ioam6 trace prealloc type 0x800000 ns 1 size 12');
  if (mode !== 'inline' && dst === undefined) throw usage(`where to? mode ${String(mode)} needs "tundst ADDRESS"`);
  const lengths = { remlen: Number(size) / 4, unused: 0, overflow: 0, nodelen: 0 };
  return {
    freqK, freqN, mode, ...(src !== undefined && { src }), ...(dst !== undefined && { dst }),
    trace: { namespaceId: ns ?? 0, lengths, typeBe32: (Number(type) << 8) >>> 0, data: new Uint8Array(0) },
  };
}

export const xfrm: Grammar = { if_id: to('ifId', u32('ID')), link_dev: to('link', device) };

/** Four words of sixteen bits. */
export function locator(given: string): bigint {
  const words = given.split(':');
  if (words.length !== 4 || !words.every((one) => /^[0-9a-f]{1,4}$/i.test(one))) throw usage(`"${given}" is not a locator`, 'four words in hexadecimal: 1:2:3:4');
  return words.reduce((sum, one) => (sum << 16n) | BigInt(`0x${one}`), 0n);
}

export const ila: Grammar = {
  'csum-mode': to('csumMode', choice({ 'adj-transport': 'adjustTransport', 'neutral-map': 'neutralMap', 'neutral-map-auto': 'neutralMapAuto', 'no-action': 'noAction' })),
  'ident-type': to('identType', choice({ luid: 'luid', 'use-format': 'useFormat' })),
  'hook-type': to('hookType', choice({ output: 'output', input: 'input' })),
};

const flag = (name: string): Row => act((draft) => { draft['flags'] = [...((draft['flags'] ?? []) as string[]), name]; });

function hexBytes(given: string): Uint8Array {
  if (!/^([0-9a-f]{8})*$/i.test(given)) throw usage(`"${given}" is not an option's data`, 'hexadecimal, a multiple of four bytes');
  return Uint8Array.from(given.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function number(given: string, most: number): number {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(most)) throw usage(`"${given}" is not a number from 0 to ${most}`);
  return Number(value);
}

const option = (key: string, name: string, read: (given: string) => unknown): Row => act((draft, value) => {
  if (draft['opts'] !== undefined) throw usage('options of one kind of tunnel only');
  draft['opts'] = { [key]: value };
}, word(name, read));

/** What a tunnel's header holds. */
export const tunnelRows: Grammar = {
  key: flag('key'),
  csum: flag('csum'),
  seq: flag('seq'),
  geneve_opts: option('geneve', 'CLASS:TYPE:DATA[,...]', (given) => given.split(',').map((one) => {
    const [kind = '', type = '', data = ''] = one.split(':');
    return { class: number(kind, 0xffff), type: number(type, 0xff), data: hexBytes(data) };
  })),
  vxlan_opts: option('vxlan', 'GBP', (given) => ({ gbp: number(given, 0xffffffff) })),
  erspan_opts: option('erspan', 'VERSION:INDEX:DIRECTION:HWID', (given) => {
    const [version = '', index = '0', direction = '0', hwid = '0'] = given.split(':');
    if (version === '1') return { ver: 1, index: number(index, 0xffffffff) };
    if (version === '2') return { ver: 2, dir: number(direction, 1), hwid: number(hwid, 0x3f) };
    throw usage(`ERSPAN has versions 1 and 2, not "${version}"`);
  }),
};
