/** `ip route get`: which route a packet would take. */
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { Printer } from '../print/printer.ts';
import { printRoute } from '../print/route.ts';
import { addressBits, choice, device, integer, parsePrefix, u16, u32, u8, word, type Prefix } from '../values.ts';
import { vrfTable } from './route-options.ts';

/** A length is taken, and means nothing. */
const prefixWord = word('ADDRESS', (given, context, after) => parsePrefix(given, after, context.options.family));

function side(key: 'dst' | 'src') {
  return act((draft: Draft, value: unknown): void => {
    const { address, family, length } = value as Prefix;
    draft['family'] ??= family;
    draft[key] = address;
    draft[`${key}Len`] = length;
  }, prefixWord);
}

function flag(name: string) {
  return act((draft: Draft): void => { (draft['flags'] as string[]).push(name); });
}

const options: Grammar = {
  to: side('dst'),
  from: side('src'),
  iif: to('iif', device),
  'oif|dev': to('oif', device),
  'tos|dsfield': to('tos', u8('TOS')),
  mark: to('mark', u32('MARK')),
  uid: to('uid', u32('UID')),
  vrf: act((draft, value, context) => {
    draft['oif'] = value;
    vrfTable(Number(value), context);
  }, device),
  ipproto: to('ipProto', choice({ tcp: 'tcp', udp: 'udp', icmp: 'icmp', icmpv6: 'icmpv6', 'ipv6-icmp': 'icmpv6' }, true)),
  sport: to('sport', u16('PORT')),
  dport: to('dport', u16('PORT')),
  flowlabel: to('flowlabel', integer('FLOWLABEL', 0, 0xfffff)),
  fibmatch: flag('fibMatch'),
  notify: flag('notify'),
  connected: act(() => {}),
  '': side('dst'),
};

export const get: Command = {
  summary: 'the route that a packet would take',
  examples: ['ip route get 10.1.2.3', 'ip route get fd00::1 from fd00::2 iif eth0', 'ip route get 8.8.8.8 mark 7'],
  usage: 'ADDRESS [ from ADDRESS iif DEVICE ] [ oif DEVICE ] [ OPTIONS ]',
  options,
  run(context, words) {
    const draft: Draft = { flags: [] };
    parse(options, words, draft, context);
    if (draft['dst'] === undefined) throw usage('which address?', 'ip route get ADDRESS');
    const family = (draft['family'] ?? 'inet') as 'inet' | 'inet6';
    const flags = draft['flags'] as string[];
    // IPv6 always looks the table up, and refuses the flag.
    if (family === 'inet' && !flags.includes('fibMatch')) flags.push('lookupTable');
    if (draft['dstLen'] !== addressBits[family]) draft['dstLen'] = addressBits[family];
    const { family: _family, flags: _flags, dstLen, srcLen, tos, ...rest } = draft;
    const answer = context.kernel.get('getroute', { family, dstLen, ...(srcLen !== undefined && { srcLen }), ...(tos !== undefined && { tos }), flags, ...rest });
    if (!answer) return;
    const printer = new Printer(context);
    printRoute(printer, answer, { table: 254, got: true });
    printer.finish();
  },
};
