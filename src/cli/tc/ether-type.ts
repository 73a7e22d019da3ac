/** Ethernet protocols by name. */
import { etherTypeName, etherTypeNames, etherTypeNumber } from '../../route/ethertypes.ts';
import { usage } from '../errors.ts';
import type { ValueType } from '../grammar.ts';
import { via } from '../print/formats.ts';
import { word } from '../values.ts';

export const etherType: ValueType = word('PROTOCOL', (given, _context, after) => {
  const number = etherTypeNumber(given);
  if (number === undefined) throw usage(`"${given}" is not an Ethernet protocol for "${after}"`, 'ip, ipv6, arp, 802.1Q, all ..., or a number: 0x800');
  return number;
}, { choices: etherTypeNames });
export const etherTypeFormat = via((value) => etherTypeName(Number(value)));
