/** Configurations as tables: a key, what its value must be, and what it is when nothing is said. */
import { misconfigured } from './error.ts';

/** @returns the value, or undefined when it is of another kind */
export interface Field<T> { readonly is: (value: unknown) => boolean; readonly what: string; readonly fallback: T }
type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = <T extends string | undefined = undefined>(fallback?: T): Field<string | T> => ({ is: (value) => typeof value === 'string', what: 'a text', fallback: fallback as T });
export const flag = (fallback = false): Field<boolean> => ({ is: (value) => typeof value === 'boolean', what: 'true or false', fallback });
export const integer = <T extends number | undefined>(fallback: T): Field<number | T> => ({ is: (value) => Number.isSafeInteger(value), what: 'a whole number', fallback });
export const texts: Field<readonly string[]> = { is: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'), what: 'a list of texts', fallback: [] };
export const objects: Field<readonly Record<string, unknown>[]> = { is: (value) => Array.isArray(value) && value.every(isObject), what: 'a list of objects', fallback: [] };
export const lists: Field<readonly (readonly Record<string, unknown>[])[]> = { is: (value) => Array.isArray(value) && value.every((entry) => Array.isArray(entry) && entry.every(isObject)), what: 'a list of lists of objects', fallback: [] };
export const object: Field<Record<string, unknown> | undefined> = { is: isObject, what: 'an object', fallback: undefined };

/** The reference plugins' JSON does not tell cases of keys apart, and containerd counts on it: it writes `HostPort`. */
export const valueOf = (given: Readonly<Record<string, unknown>>, key: string): unknown =>
  given[key] ?? Object.entries(given).find(([other]) => other.toLowerCase() === key.toLowerCase())?.[1];

/** Keys that a table does not name are somebody else's. null is as good as nothing. @throws {CniError} naming the key */
export function readFields<const F extends Fields>(fields: F, given: Readonly<Record<string, unknown>>, where = ''): Values<F> {
  return Object.fromEntries(Object.entries(fields).map(([key, { is, what, fallback }]) => {
    const value = valueOf(given, key);
    if (value === undefined || value === null) return [key, fallback];
    if (!is(value)) throw misconfigured(`${where}${key} must be ${what}, not ${JSON.stringify(value)}`);
    return [key, value];
  })) as Values<F>;
}
