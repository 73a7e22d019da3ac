/** What a route or next hop wraps packets in: `encap mpls 100/200`, `encap seg6 mode encap segs 1 [ fc00::1 ]`. */
import { ipv6Text } from '../../codec/index.ts';
import { bytes, counter } from './formats.ts';
import type { Format, Json, Printer, Sheet, Special } from './printer.ts';

/** Labels as `100/200`. */
export function labels(value: unknown): string {
  return Array.isArray(value) ? value.map((label) => (label as { label: number }).label).join('/') : String(value);
}

const labelStack: Format = { text: labels, json: labels };

/** Bits of a tunnel's flags that have words. */
const tunnelFlags: Sheet = ['key', 'csum', 'seq'].map((word) => [word, `${word} `, (data) => ((data['flags'] ?? []) as unknown[]).includes(word) || undefined]);

/** Names of what packets may carry in their tunnel header; several GENEVE options are one list. */
const tunnelOptions: Special = (printer, data) => {
  const given = data['opts'] as { geneve?: Json[]; vxlan?: Json; erspan?: Json } | undefined;
  if (!given) return;
  const { geneve, vxlan, erspan } = given;
  if (geneve) options(printer, 'geneve_opts', geneve.map((one) => ({ class: one['class'], type: one['type'], data: bytes(one['data']) })), (one) => `${String(one['class'])}:${String(one['type'])}:${String(one['data'])}`);
  if (vxlan) options(printer, 'vxlan_opts', [{ gbp: vxlan['gbp'] }], (one) => String(one['gbp']));
  if (erspan) options(printer, 'erspan_opts', [{ ver: erspan['ver'], index: erspan['index'] ?? 0, dir: erspan['dir'] ?? 0, hwid: erspan['hwid'] ?? 0 }], (one) => [one['ver'], one['index'], one['dir'], one['hwid']].join(':'));
};

function options(printer: Printer, name: string, list: Json[], text: (one: Json) => string): void {
  printer.newline();
  printer.list(name, list, `\t${name} ${list.map(text).join(',')} `);
}

const hex = (value: unknown): string => Number(value).toString(16);

/** 64 bits as four words: `1:2:3:4`. */
export const locator: Format = (() => {
  const write = (value: unknown): string => [48n, 32n, 16n, 0n].map((shift) => ((BigInt(value as bigint) >> shift) & 0xffffn).toString(16)).join(':');
  return { text: write, json: write };
})();

const named = (words: Readonly<Record<string, string>>): Format => {
  const write = (value: unknown): string => words[value as string] ?? String(value);
  return { text: write, json: write };
};

/** How ILA keeps checksums right, and what an address's lower half is. */
export const ilaChecksum = named({ adjustTransport: 'adj-transport', neutralMap: 'neutral-map', noAction: 'no-action', neutralMapAuto: 'neutral-map-auto' });
export const ilaIdentifier = named({ useFormat: 'use-format', virtV4: 'virt-v4', virtUniV6: 'virt-uni-v6', virtMultiV6: 'virt-multi-v6', nonlocalAddr: 'nonlocal-addr' });

const device: Format = { text: (index, printer) => printer.context.links.name(Number(index)), json: (index, printer) => printer.context.links.name(Number(index)), paint: 'ifname' };
const tableName: Format = { text: (table, printer) => printer.context.names.name('rt_tables', Number(table)), json: (table, printer) => printer.context.names.name('rt_tables', Number(table)) };

/** Bytes of one segment, and of what may follow them: RFC 8754, 2.1.2. */
const segmentLength = 16, hmacType = 5;

/** Segments as text: a header that holds more than segments keeps them as bytes. */
function addresses(srh: Json): string[] {
  const { segments = [], firstSegment, segmentsLeft } = srh as { segments?: string[] | Uint8Array; firstSegment?: number; segmentsLeft?: number };
  if (!(segments instanceof Uint8Array)) return segments;
  const count = Math.min(firstSegment === undefined ? (segmentsLeft ?? 0) : firstSegment + 1, Math.floor(segments.length / segmentLength));
  return Array.from({ length: count }, (_, i) => ipv6Text(segments, i * segmentLength));
}

/** In the order they are visited, which the wire has backwards. */
function segments(printer: Printer, srh: Json): void {
  const visited = [...addresses(srh)].reverse();
  printer.list('segs', visited, `segs ${visited.length} [ ${visited.map((one) => `${one} `).join('')}] `);
  const bytes = srh['segments'];
  if (!((srh['flags'] ?? []) as unknown[]).includes('hmac') || !(bytes instanceof Uint8Array)) return;
  const at = visited.length * segmentLength;
  if (bytes[at] !== hmacType || bytes.length < at + 8) return;
  const key = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(4);
  printer.value('hmac', 'hmac % ', key, { text: hex, json: (value) => `0x${hex(value)}` });
}

const seg6Srh: Special = (printer, data) => {
  const srh = (data['srh'] as Json | undefined)?.['srh'] as Json | undefined;
  if (srh) segments(printer, srh);
};

const localSrh: Special = (printer, data) => {
  const srh = data['srh'] as Json | undefined;
  if (srh) printer.object('srh', () => segments(printer, srh));
};

/** Of the segment's counters, which `count` asked for. */
const counters: Special = (printer, data) => {
  const counted = data['counters'] as Json | undefined;
  if (!counted || printer.statistics === 0) return;
  printer.object('stats64', () => {
    for (const key of ['packets', 'bytes', 'errors']) printer.value(key, `${key} % `, counted[key], counter);
  });
};

const flavors: Special = (printer, data) => {
  const given = data['flavors'] as { operation?: string[]; lcblockBits?: number; lcnodeFnBits?: number } | undefined;
  if (!given) return;
  const words = (given.operation ?? []).map((one) => (one === 'nextCsid' ? 'next-csid' : one));
  if (words.length > 0) printer.list('flavors', words, `flavors ${words.join(',')} `);
  printer.value('lblen', 'lblen % ', given.lcblockBits);
  printer.value('nflen', 'nflen % ', given.lcnodeFnBits);
};

/** `endDx4` is End.DX4. */
const actions: Readonly<Record<string, string>> = {
  end: 'End', endX: 'End.X', endT: 'End.T', endDx2: 'End.DX2', endDx6: 'End.DX6', endDx4: 'End.DX4', endDt6: 'End.DT6', endDt4: 'End.DT4',
  endB6: 'End.B6', endB6Encap: 'End.B6.Encaps', endBm: 'End.BM', endS: 'End.S', endAs: 'End.AS', endAm: 'End.AM', endBpf: 'End.BPF', endDt46: 'End.DT46',
};

const program = (key: string): Special => (printer, data) => {
  const prog = data[key] as { name?: string } | undefined;
  if (prog?.name !== undefined) printer.value(key, `${key} % `, prog.name);
};

const ioamTrace: Special = (printer, data) => {
  const trace = data['trace'] as { namespaceId: number; typeBe32: number; lengths: { remlen: number } } | undefined;
  if (!trace) return;
  printer.value(null, 'trace %', 'prealloc ');
  printer.value('trace', null, 'prealloc');
  const type = `0x${(trace.typeBe32 >>> 8).toString(16).padStart(6, '0')}`;
  printer.value('type', 'type % ', type);
  printer.value('ns', 'ns % ', trace.namespaceId);
  printer.value('size', 'size % ', trace.lengths.remlen * 4);
};

const ioamFrequency: Special = (printer, data) => {
  const { freqK, freqN } = data as { freqK?: number; freqN?: number };
  if (freqK === undefined || freqN === undefined) return;
  printer.value('freqk', 'freq %', freqK);
  printer.value('freqn', '/% ', freqN);
};

/** The words of each type, in the order they are printed. */
const sheets: Readonly<Record<string, Sheet>> = {
  mpls: [['dst', '% ', 'dst', labelStack], ['ttl', 'ttl % ', 'ttl']],
  ip: [['id', 'id % ', 'id', counter], ['src', 'src % ', 'src'], ['dst', 'dst % ', 'dst'], ['ttl', 'ttl % ', 'ttl'], ['tos', 'tos % ', 'tos'], ...tunnelFlags, tunnelOptions],
  ip6: [['id', 'id % ', 'id', counter], ['src', 'src % ', 'src'], ['dst', 'dst % ', 'dst'], ['hoplimit', 'hoplimit % ', 'hoplimit'], ['tc', 'tc % ', 'tc'], ...tunnelFlags, tunnelOptions],
  ila: [
    ['locator', ' % ', 'locator', locator],
    ['csum_mode', ' csum-mode % ', 'csumMode', ilaChecksum],
    ['ident_type', ' ident-type % ', 'identType', ilaIdentifier],
    ['hook_type', ' hook-type % ', 'hookType'],
  ],
  seg6: [
    ['mode', 'mode % ', (data) => ((data['srh'] as Json | undefined)?.['mode']), named({ encapRed: 'encap.red', l2encapRed: 'l2encap.red' })],
    ['tunsrc', 'tunsrc % ', 'src'],
    seg6Srh,
    ['lookup', 'lookup % ', 'table', tableName],
  ],
  seg6Local: [
    ['action', 'action % ', 'action', named(actions)],
    localSrh,
    ['table', 'table % ', 'table', tableName],
    ['vrftable', 'vrftable % ', 'vrftable', tableName],
    ['nh4', 'nh4 % ', 'nh4'],
    ['nh6', 'nh6 % ', 'nh6'],
    ['iif', 'iif % ', 'iif', device],
    ['oif', 'oif % ', 'oif', device],
    ['endpoint', 'endpoint % ', (data) => (data['bpf'] as Json | undefined)?.['progName']],
    counters,
    flavors,
  ],
  rpl: [(printer, data) => segments(printer, (data['srh'] ?? {}) as Json)],
  ioam6: [ioamFrequency, ['mode', 'mode % ', 'mode'], ['tunsrc', 'tunsrc % ', 'src'], ['tundst', 'tundst % ', 'dst'], ioamTrace],
  xfrm: [['if_id', 'if_id % ', 'ifId', { text: (id) => `0x${hex(id)}`, json: (id) => `0x${hex(id)}` }], ['link_dev', 'link_dev % ', 'link', device]],
  bpf: [program('in'), program('out'), program('xmit'), ['headroom', '%d ', 'xmitHeadroom']],
};

/** @param of A route, a next hop of one, or a next hop object. */
export function printEncap(printer: Printer, of: Json): void {
  const type = of['encapType'];
  const data = of['encap'];
  if (type === undefined || type === 'none' || data === undefined) return;
  const word = String(type).toLowerCase();
  printer.object('encap', () => {
    printer.value('encap_type', ' encap % ', word);
    const sheet = sheets[type as string];
    if (sheet && !(data instanceof Uint8Array)) printer.sheet(sheet, data as Json);
  });
}
