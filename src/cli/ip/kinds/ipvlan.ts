/** `type ipvlan` and `type ipvtap`: drivers/net/ipvlan/ipvlan_main.c. */
import { is, to } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { oneOf } from '../../values.ts';
import type { Kind } from './kind.ts';

function isolation(printer: Printer, data: Json): void {
  const flags = data['flags'] as unknown[] | undefined;
  if (!flags) return;
  const name = flags.includes('private') ? 'private' : flags.includes('vepa') ? 'vepa' : 'bridge';
  printer.value(name, `${name} `, true);
}

export const ipvlan: Kind = {
  options: {
    mode: to('mode', oneOf('l2', 'l3', 'l3s')),
    private: is('flags', ['private']),
    vepa: is('flags', ['vepa']),
    bridge: is('flags', []),
  },
  sheet: [['mode', ' mode % ', 'mode'], isolation],
  finish(data, _context, creating) {
    if (creating && Object.keys(data).length > 0) data['flags'] ??= [];
  },
};
export const ipvtap: Kind = ipvlan;
