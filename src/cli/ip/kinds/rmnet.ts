/** `type rmnet`: drivers/net/ethernet/qualcomm/rmnet/rmnet_config.c. */
import { act, at, to, type Draft, type Grammar } from '../../grammar.ts';
import { constant } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, onOff } from '../../values.ts';
import { plain, put, type Kind } from './kind.ts';

/** iproute2's words for the flags; printed by the kernel's names, in this order. */
const flags = {
  'ingress-deaggregation': 'ingressDeaggregation',
  'ingress-commands': 'ingressMapCommands',
  'ingress-mapv4-checksum': 'ingressMapCksumv4',
  'egress-mapv4-checksum': 'egressMapCksumv4',
  'ingress-mapv5-checksum': 'ingressMapCksumv5',
  'egress-mapv5-checksum': 'egressMapCksumv5',
} as const;

const switches: Grammar = Object.fromEntries(Object.entries(flags).map(([word, flag]) => [word, act((draft, on) => {
  const both = (draft['flags'] ??= { flags: [], mask: [] }) as Draft;
  put(both, 'flags', flag, Boolean(on));
  put(both, 'mask', flag, true);
}, onOff)]));

function print(printer: Printer, data: Json): void {
  const set = at(data, 'flags.flags') as unknown[] | undefined;
  if (!set) return;
  const names = Object.values(flags).filter((flag) => set.includes(flag)).map(constant);
  const rest = set.filter((flag): flag is number => typeof flag === 'number').reduce((sum, bit) => sum | bit, 0);
  if (rest) names.push(rest.toString(16));
  printer.list('flags', names, `<${names.join(',')}> `);
}

export const rmnet: Kind = {
  options: { mux_id: to('muxId', integer('ID', 0, 254)), ...switches },
  sheet: [plain('mux_id'), print],
};
