/** Users and groups by name and number, of the system's own files: no directory service is asked. */
import { readFileSync } from 'node:fs';
import { usage } from './errors.ts';
import { via } from './print/formats.ts';
import type { Format } from './print/printer.ts';
import { parseInteger, word } from './values.ts';
import type { ValueType } from './grammar.ts';

const files = { user: '/etc/passwd', group: '/etc/group' } as const;
type Account = keyof typeof files;

/** Fields of the first line that fits: name, password, number, and what else there is. */
function entry(kind: Account, field: 0 | 2, wanted: string): string[] | undefined {
  try {
    return readFileSync(files[kind], 'utf8').split('\n').map((line) => line.split(':')).find((fields) => fields[field] === wanted);
  } catch {
    return undefined;
  }
}

/** A number as the account's name, where it has one. */
export const accountName = (kind: Account): Format => via((id) => entry(kind, 2, String(id))?.[0] ?? id);

/** A name, or a number that need not have one. The highest number stands for nobody. */
export const account = (kind: Account): ValueType => word(kind.toUpperCase(), (given) => {
  const number = parseInteger(given) ?? parseInteger(entry(kind, 0, given)?.[2] ?? '');
  if (number === undefined) throw usage(`there is no ${kind} "${given}"`, `a number, or a name in ${files[kind]}`);
  if (number < 0n || number >= 0xffffffffn) throw usage(`${given} is out of range for "${kind}"`, `between 0 and ${0xfffffffe}`);
  return Number(number);
});
