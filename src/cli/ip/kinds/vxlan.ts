/** `type vxlan`: drivers/net/vxlan/vxlan_core.c. */
import { act, is, to, type Draft, type Grammar } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { bytes, via } from '../../print/formats.ts';
import type { Cell, Json, Printer, Special } from '../../print/printer.ts';
import { device, integer, parseInteger, u16, word } from '../../values.ts';
import { plain, type Kind } from './kind.ts';
import { deviceCell, tos, tosCell } from './tunnel.ts';
import { df, dfCell, endpoint, isMulticast, label, labelCell, pair, ttl } from './udp-tunnel.ts';

const options: Grammar = {
  'id|vni': to('id', integer('VNI', 0, 0xffffff)),
  group: endpoint('group', 'group6', (address, multicast) => {
    if (!multicast) throw usage(`${address} is not a multicast address`, 'a single far end is given with "remote"');
  }),
  remote: endpoint('group', 'group6', (address, multicast) => {
    if (multicast) throw usage(`${address} is a multicast address`, 'give it with "group"');
  }),
  local: endpoint('local', 'local6'),
  dev: to('link', device),
  'ttl|hoplimit': act((draft, value) => {
    if (value === 'inherit') draft['ttlInherit'] = [];
    else draft['ttl'] = value === 'auto' ? 0 : value;
  }, ttl),
  'tos|dsfield': to('tos', tos),
  df,
  'label|flowlabel': label,
  ageing: to('ageing', word('{ SECONDS | none }', (given, _context, after) => (given === 'none' ? 0 : number(given, after)))),
  maxaddress: to('limit', word('{ NUMBER | unlimited }', (given, _context, after) => (given === 'unlimited' ? 0 : number(given, after)))),
  'port|srcport': act((draft, value) => { draft['portRange'] = value; }, {
    name: 'MIN MAX',
    read: (words, context, after) => ({ low: u16().read(words, context, after), high: u16().read(words, context, after) }),
  }),
  dstport: to('port', u16('PORT')),
  ...pair('learning', 'learning'),
  ...pair('proxy', 'proxy'),
  ...pair('rsc', 'rsc'),
  ...pair('l2miss', 'l2miss'),
  ...pair('l3miss', 'l3miss'),
  ...pair('udpcsum', 'udpCsum'),
  ...pair('udp6zerocsumtx', 'udpZeroCsum6Tx'),
  ...pair('udp6zerocsumrx', 'udpZeroCsum6Rx'),
  ...pair('remcsumtx', 'remcsumTx'),
  ...pair('remcsumrx', 'remcsumRx'),
  external: act((draft) => { draft['collectMetadata'] = 1; draft['learning'] = 0; }),
  noexternal: act((draft) => { draft['collectMetadata'] = 0; draft['learning'] = 1; }),
  ...pair('vnifilter', 'vnifilter'),
  ...pair('localbypass', 'localbypass'),
  ...pair('mcroute', 'mcRoute'),
  gbp: is('gbp', true),
  gpe: is('gpe', true),
  reserved_bits: to('reservedBits', word('BITS', (given, _context, after) => {
    const value = parseInteger(given);
    if (value === undefined || value < 0n || value >= 1n << 64n) throw usage(`"${given}" is not a number for "${after}"`, 'eight bytes of the header, 0x0100000000000000');
    return Uint8Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * (7 - i))) & 0xffn));
  })),
};

function number(given: string, after: string): number {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > 0xffffffffn) throw usage(`"${given}" is not a number for "${after}"`);
  return Number(value);
}

function endpointCell(v4: string, v6: string): Special {
  return (printer: Printer, data: Json): void => {
    for (const [key, nothing] of [[v4, '0.0.0.0'], [v6, '::']] as const) {
      const address = data[key] as string | undefined;
      if (address === undefined || address === nothing) continue;
      const word = v4 !== 'group' ? 'local' : isMulticast(address) ? 'group' : 'remote';
      printer.value(key === v6 ? `${word}6` : word, `${word} % `, address);
    }
  };
}

/** A setting: text has it where it is not as usual, or always with -d -d. */
function setting(name: string, path: string, usual: boolean): Cell {
  return [name, '%', path, {
    text: (value, printer) => (Boolean(value) === usual && printer.context.options.details < 2 ? '' : `${value ? '' : 'no'}${name} `),
    json: Boolean,
  }];
}

/** A flag, null in JSON. */
function given(name: string, path: string): Cell {
  return [name, `${name} `, (data) => (data[path] ? null : undefined)];
}

export const vxlan: Kind = {
  options,
  sheet: [
    plain('id'),
    endpointCell('group', 'group6'),
    endpointCell('local', 'local6'),
    deviceCell,
    (printer, data) => {
      const range = data['portRange'] as { low: number; high: number } | undefined;
      if (!range) return;
      printer.object('port_range', () => {
        printer.value('low', 'srcport % ', range.low);
        printer.value('high', '% ', range.high);
      });
    },
    ['port', 'dstport % ', 'port'],
    tosCell,
    [null, 'ttl inherit ', (data) => ((data['ttlInherit'] as number[] | undefined)?.[0] ? true : undefined)],
    ['ttl', 'ttl % ', (data) => ((data['ttlInherit'] as number[] | undefined)?.[0] ? undefined : data['ttl']), { text: (value) => (value ? String(value) : 'auto') }],
    dfCell,
    labelCell,
    ['ageing', 'ageing % ', 'ageing', { text: (value) => (value ? String(value) : 'none') }],
    ['limit', 'maxaddr % ', (data) => data['limit'] || undefined],
    ['reserved_bits', 'reserved_bits % ', 'reservedBits', via((value) => `0x${bytes(value)}`)],
    given('gbp', 'gbp'),
    given('gpe', 'gpe'),
    setting('external', 'collectMetadata', false),
    setting('vnifilter', 'vnifilter', false),
    setting('learning', 'learning', true),
    setting('proxy', 'proxy', false),
    setting('rsc', 'rsc', false),
    setting('l2miss', 'l2miss', false),
    setting('l3miss', 'l3miss', false),
    setting('udp_csum', 'udpCsum', true),
    setting('udp_zero_csum6_tx', 'udpZeroCsum6Tx', false),
    setting('udp_zero_csum6_rx', 'udpZeroCsum6Rx', false),
    setting('remcsum_tx', 'remcsumTx', false),
    setting('remcsum_rx', 'remcsumRx', false),
    setting('localbypass', 'localbypass', true),
    setting('mcroute', 'mcRoute', false),
  ],
  finish(data: Draft, _context, creating) {
    if (creating && data['collectMetadata'] !== 1 && data['id'] === undefined) {
      throw usage('a vxlan needs an id', 'ip link add vx0 type vxlan id 42 dev eth0 dstport 4789');
    }
    const far = (data['group'] ?? data['group6']) as string | undefined;
    if (creating && data['collectMetadata'] === 1 && data['id'] !== undefined) throw usage('a vxlan has an id or is "external", not both');
    if ((data['group'] !== undefined && data['local6'] !== undefined) || (data['group6'] !== undefined && data['local'] !== undefined)) throw usage(`${far} and ${data['local'] ?? data['local6']} are of different families`);
    if (creating && far !== undefined && isMulticast(far) && data['link'] === undefined) throw usage(`the group ${far} needs a device`, 'ip link add vx0 type vxlan id 42 group 239.1.1.1 dev eth0');
    // The kernel learns only when it is told to.
    if (creating) data['learning'] ??= 1;
  },
};
