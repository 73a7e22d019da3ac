/** `type bareudp`: drivers/net/bareudp.c. */
import { act, is, to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { via } from '../../print/formats.ts';
import { choice, u16 } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

/** EtherTypes that the driver takes. */
const protocols = { ip: 0x0800, ipv4: 0x0800, ipv6: 0x86dd, mpls_uc: 0x8847, mpls_mc: 0x8848 } as const;
const names: Record<number, string> = {};
for (const [name, number] of Object.entries(protocols)) names[number] ??= name;

function ethertype(value: unknown): string {
  return names[value as number] ?? `[${String(value)}]`;
}

export const bareudp: Kind = {
  options: {
    dstport: to('port', u16('PORT')),
    ethertype: to('ethertype', choice(protocols, true)),
    srcportmin: to('srcportMin', u16('PORT')),
    multiproto: is('multiprotoMode', true),
    nomultiproto: act((draft) => { delete draft['multiprotoMode']; }),
  },
  sheet: [
    ['dstport', 'dstport % ', 'port'],
    ['ethertype', 'ethertype % ', 'ethertype', via(ethertype)],
    plain('srcportmin', 'srcportMin'),
    ['multiproto', '%multiproto ', (data) => Boolean(data['multiprotoMode']), { text: (on) => (on ? '' : 'no') }],
  ],
  finish(data, _context, creating) {
    if (creating && (data['port'] === undefined || data['ethertype'] === undefined)) {
      throw usage('a bareudp needs a port and an EtherType', 'ip link add bu0 type bareudp dstport 6635 ethertype mpls_uc');
    }
  },
};
