/** What the kinds that carry Ethernet over UDP (vxlan, geneve) have in common. */
import { act, is, to, type Grammar, type Row } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { hex } from '../../print/formats.ts';
import type { Cell } from '../../print/printer.ts';
import { choice, familyOf, integer, parseAddress, parseInteger, word } from '../../values.ts';

/** An address that is kept under one key for IPv4 and another for IPv6. */
export function endpoint(v4: string, v6: string, check?: (address: string, multicast: boolean) => void): Row {
  return act((draft, value) => {
    const address = value as string;
    check?.(address, isMulticast(address));
    if (draft[v4] !== undefined || draft[v6] !== undefined) throw usage(`${address} is one far end too many`, 'one "group" or one "remote"');
    draft[familyOf(address) === 'inet' ? v4 : v6] = address;
  }, word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family).address));
}

export function isMulticast(address: string): boolean {
  return familyOf(address) === 'inet' ? /^(22[4-9]|23\d)\./.test(address) : /^ff/i.test(address);
}

/** `learning` and `nolearning`. */
export function pair(name: string, path: string): Grammar {
  return { [name]: is(path, 1), [`no${name}`]: is(path, 0) };
}

export const ttl = word('{ 1..255 | auto | inherit }', (given, _context, after) => {
  if (given === 'inherit' || given === 'auto') return given;
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > 255n) throw usage(`"${given}" is not a TTL for "${after}"`);
  return Number(value);
});

export const df: Row = to('df', choice({ unset: 'unset', set: 'set', inherit: 'inherit' }));
export const label: Row = to('label', integer('LABEL', 0, 0xfffff));

export const dfCell: Cell = ['df', '%', 'df', { text: (value) => (value === 'unset' ? '' : `df ${String(value)} `) }];
export const labelCell: Cell = ['label', 'flowlabel % ', (data) => data['label'] || undefined, hex];

/** A checksum setting, said either way. */
export function checksum(key: string, path: string, name: string): Cell {
  return [key, `%${name} `, path, { text: (value) => (value ? '' : 'no'), json: Boolean }];
}
