/** `type geneve`: drivers/net/geneve.c. */
import { act, is, to, type Draft } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import type { Cell } from '../../print/printer.ts';
import { integer, u16 } from '../../values.ts';
import { plain, when, type Kind } from './kind.ts';
import { tos, tosCell } from './tunnel.ts';
import { checksum, df, dfCell, endpoint, label, labelCell, pair, ttl } from './udp-tunnel.ts';

/** The end `word`, which nothing says that there is none. */
function end(word: string, key: string, nothing: string): Cell {
  return [key, `${word} % `, (data) => (data[key] === nothing ? undefined : data[key])];
}

export const geneve: Kind = {
  options: {
    'id|vni': to('id', integer('VNI', 0, 0xffffff)),
    remote: endpoint('remote', 'remote6', (address, multicast) => {
      if (multicast) throw usage(`${address} is a multicast address`, 'geneve has one far end');
    }),
    local: endpoint('local', 'local6', (address, multicast) => {
      if (multicast) throw usage(`${address} is a multicast address`, 'packets come from an address of one host');
    }),
    'ttl|hoplimit': act((draft, value) => {
      if (value === 'inherit') draft['ttlInherit'] = 1;
      else draft['ttl'] = value === 'auto' ? 0 : value;
    }, ttl),
    'tos|dsfield': to('tos', tos),
    df,
    'label|flowlabel': label,
    dstport: to('port', u16('PORT')),
    external: is('collectMetadata', true),
    noexternal: act((draft) => { delete draft['collectMetadata']; }),
    ...pair('udpcsum', 'udpCsum'),
    ...pair('udp6zerocsumtx', 'udpZeroCsum6Tx'),
    ...pair('udp6zerocsumrx', 'udpZeroCsum6Rx'),
    innerprotoinherit: is('innerProtoInherit', true),
  },
  sheet: [
    when('external', 'collectMetadata'),
    plain('id'),
    end('remote', 'remote', '0.0.0.0'),
    end('remote', 'remote6', '::'),
    end('local', 'local', '0.0.0.0'),
    end('local', 'local6', '::'),
    [null, 'ttl inherit ', (data) => (data['ttlInherit'] ? true : undefined)],
    ['ttl', 'ttl % ', (data) => (data['ttlInherit'] ? undefined : data['ttl']), { text: (value) => (value ? String(value) : 'auto') }],
    tosCell,
    dfCell,
    labelCell,
    ['port', 'dstport % ', 'port'],
    checksum('udp_csum', 'udpCsum', 'udpcsum'),
    checksum('udp_zero_csum6_tx', 'udpZeroCsum6Tx', 'udp6zerocsumtx'),
    checksum('udp_zero_csum6_rx', 'udpZeroCsum6Rx', 'udp6zerocsumrx'),
    when('inner_proto_inherit', 'innerProtoInherit', 'innerprotoinherit'),
  ],
  finish(data: Draft, _context, creating) {
    if (data['collectMetadata'] && data['id'] !== undefined) throw usage('a geneve is either external or has an id');
    if (!creating) return;
    if (!data['collectMetadata']) {
      if (data['id'] === undefined) throw usage('a geneve needs an id', 'ip link add gn0 type geneve id 42 remote 192.0.2.2');
      if (data['remote'] === undefined && data['remote6'] === undefined) throw usage('a geneve needs a far end', 'add "remote ADDRESS"');
    }
    for (const key of ['id', 'label', 'ttl', 'tos']) data[key] ??= 0;
  },
};
