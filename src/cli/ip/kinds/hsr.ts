/** `type hsr`: net/hsr/hsr_netlink.c. */
import { to } from '../../grammar.ts';
import { link, via } from '../../print/formats.ts';
import type { Cell } from '../../print/printer.ts';
import { choice, device, integer, u8 } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

/** A ring port that has gone is null. */
function port(key: string): Cell {
  return [key, `${key} % `, (data) => data[key] ?? null, {
    text: (value, printer) => (value === null ? '<none>' : link.text!(value, printer)),
    json: (value, printer) => (value === null ? null : link.json!(value, printer)),
  }];
}

const protocols = { hsr: 0, prp: 1 } as const;

export const hsr: Kind = {
  options: {
    slave1: to('slave1', device),
    slave2: to('slave2', device),
    interlink: to('interlink', device),
    supervision: to('multicastSpec', u8('BYTE')),
    version: to('version', integer('VERSION', 0, 1)),
    'proto|protocol': to('protocol', choice(protocols, true)),
  },
  sheet: [
    port('slave1'),
    port('slave2'),
    ['interlink', 'interlink % ', 'interlink', link],
    ['seq_nr', 'sequence % ', 'seqNr'],
    ['supervision_addr', 'supervision % ', 'supervisionAddr'],
    ['proto', 'proto % ', 'protocol', via((name) => protocols[name as keyof typeof protocols] ?? name)],
    plain('version'),
  ],
};
