/** Other forms of a connection: XML as libnetfilter_conntrack writes it, and the line of conntrack that makes it anew. */
import { families, type Conntrack, type CtCounters, type Tuple } from '../../families/netfilter/index.ts';
import { ends } from '../../netfilter/conntrack.ts';
import { labelNames, labelWord } from './labels.ts';
import { ageOf, NAMED, numberOf, stateOf } from './print.ts';

export type Change = 'new' | 'update' | 'destroy';

const tag = (name: string, content: unknown): string => (content === undefined ? '' : `<${name}>${String(content)}</${name}>`);
/** Protocols with ports. */
const PORTS = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp']);

function meta(direction: 'original' | 'reply', family: Conntrack['family'], tuple: Tuple | undefined, counters: CtCounters | undefined): string {
  const { num, srcPort = 0, dstPort = 0 } = tuple?.proto ?? {}, { src, dst } = ends(tuple?.ip), name = String(num), hex = (key: number): string => `0x${key.toString(16)}`;
  const ports = PORTS.has(name) ? tag('sport', srcPort) + tag('dport', dstPort) : name === 'gre' ? tag('srckey', hex(srcPort)) + tag('dstkey', hex(dstPort)) : '';
  const counted = counters && tag('counters', tag('packets', counters.packets ?? counters.packets32) + tag('bytes', counters.bytes ?? counters.bytes32));
  return `<meta direction="${direction}"><layer3 protonum="${families[family as keyof typeof families]}" protoname="${String(family)}">${tag('src', src)}${tag('dst', dst)}</layer3>`
    + `<layer4 protonum="${numberOf(num)}" protoname="${NAMED.has(name) ? name : 'unknown'}">${ports}</layer4>${tag('zone', tuple?.zone)}${counted ?? ''}</meta>`;
}

/** When: with -o timestamp. */
function when(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return tag('when', tag('hour', now.getHours()) + tag('min', two(now.getMinutes())) + tag('sec', two(now.getSeconds())) + tag('wday', now.getDay() + 1) + tag('day', now.getDate()) + tag('month', now.getMonth() + 1) + tag('year', now.getFullYear()));
}

export const XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<conntrack>\n', XML_TAIL = '</conntrack>\n';
/** @param change of an event @param output what -o names */
export function xml(one: Conntrack, output: ReadonlySet<string>, change?: Change): string {
  const { family, tupleOrig, tupleReply, countersOrig, countersReply, timeout, mark, labels = [], secctx, zone, use, id, status, timestamp, help } = one, { start, stop } = timestamp ?? {};
  const names = output.has('labels') && labels.length > 0 ? labelNames() : undefined;
  const own = [
    tag('state', stateOf(one)), tag('timeout', timeout), tag('mark', mark), names ? tag('labels', labels.map((bit) => tag('label', labelWord(bit, names))).join('')) : '', tag('secctx', secctx?.name), tag('zone', zone), tag('use', use), tag('id', id),
    status?.includes('assured') ? '<assured/>' : '', status && !status.includes('seenReply') ? '<unreplied/>' : '',
    output.has('ktimestamp') && start !== undefined ? tag('timestamp', tag('start', start) + tag('stop', stop)) : '', start === undefined ? '' : tag('deltatime', ageOf(start, stop)),
  ].join('');
  return `<flow${change ? ` type="${change}"` : ''}>${meta('original', family, tupleOrig, countersOrig)}${meta('reply', family, tupleReply, countersReply)}${own === '' ? '' : `<meta direction="independent">${own}</meta>`}${change && output.has('timestamp') ? when(new Date()) : ''}${tag('helper', help?.name)}</flow>`;
}

/** Status as it is asked for; what the kernel alone sets is left out. */
const STATUS = { seenReply: 'SEEN_REPLY', assured: 'ASSURED', fixedTimeout: 'FIXED_TIMEOUT', expected: 'EXPECTED' } as const;
const LETTERS: Readonly<Record<Change, string>> = { new: '-A', update: '-U', destroy: '-D' };
/** The words of conntrack for it. */
export function saved(one: Conntrack, change: Change = 'new'): string {
  const { tupleOrig, tupleReply, timeout, status, zone, protoinfo } = one, out = ends(tupleOrig?.ip), back = ends(tupleReply?.ip), proto = tupleOrig?.proto ?? {}, answer = tupleReply?.proto ?? {}, name = String(proto.num);
  const bits = Object.entries(STATUS).flatMap(([key, word]) => (status?.includes(key as keyof typeof STATUS) ? [word] : [])), target = status?.includes('dstNatDone') && back.src !== out.dst, source = status?.includes('srcNatDone') && back.dst !== out.src;
  const words: (readonly [option: string, value: unknown])[] = [
    ['-t', timeout], ['-u', status && (bits.join(',') || 'UNSET')], ['-w', zone], ['--orig-zone', tupleOrig?.zone], ['--reply-zone', tupleReply?.zone],
    ['-s', out.src], ['-d', out.dst], [target ? '-g' : '-r', back.src], [source ? '-n' : '-q', back.dst], ['-p', NAMED.has(name) ? name : numberOf(proto.num)],
    ...(name === 'gre' ? [['--srckey', proto.srcPort], ['--dstkey', proto.dstPort], ['--reply-key-src', answer.srcPort], ['--reply-key-dst', answer.dstPort]] as const
      : PORTS.has(name) ? [['--sport', proto.srcPort], ['--dport', proto.dstPort], ['--reply-port-src', answer.srcPort], ['--reply-port-dst', answer.dstPort]] as const : []),
    ['--icmp-type', proto.icmpType], ['--icmp-code', proto.icmpCode], ['--icmp-id', proto.icmpId], ['--icmpv6-type', proto.icmpv6Type], ['--icmpv6-code', proto.icmpv6Code], ['--icmpv6-id', proto.icmpv6Id],
    ['--state', stateOf(one)], ['--orig-vtag', protoinfo?.sctp?.vtagOriginal], ['--reply-vtag', protoinfo?.sctp?.vtagReply], ['--role', protoinfo?.dccp?.role === undefined ? undefined : protoinfo.dccp.role === 'original' ? 'client' : 'server'],
  ];
  return [LETTERS[change], ...words.flatMap(([option, value]) => (value === undefined ? [] : [option, String(value)]))].join(' ');
}
