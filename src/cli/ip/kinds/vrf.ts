/** `type vrf` and `vrf_slave`: drivers/net/vrf.c. */
import { to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { tableId } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

export const vrf: Kind = {
  options: { table: to('table', tableId) },
  sheet: [plain('table')],
  finish(data, _context, creating) {
    if (creating && data['table'] === undefined) throw usage('a vrf needs a table', 'ip link add red type vrf table 10');
  },
};

export const vrfSlave: Kind = { options: {}, sheet: [plain('table')] };
