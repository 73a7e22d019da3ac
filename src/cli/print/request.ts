/** A request as one line of names: what `--dry-run` prints, and what a refusal shows. */
import { bytes as hex, constant } from './formats.ts';

/** `RTM_NEWLINK REQUEST|ACK|CREATE|EXCL ifname=veth0 linkinfo{kind=veth}` */
export function inWords(name: string, flags: readonly string[], body: object): string {
  return [name, flags.map(constant).join('|'), fields(body)].filter(Boolean).join(' ');
}

/** Keys that lines name a file of: nobody has seen them yet. */
export const fromFiles: ReadonlySet<string> = new Set(['privateKey', 'presharedKey']);
const secrets: ReadonlySet<string> = new Set(['key', ...fromFiles]);
/** The same without keys, wherever they are: what is refused is kept in logs. @param named what keys are called */
export const withoutKeys = (body: object, named = secrets): object =>
  Object.fromEntries(Object.entries(body).map(([key, value]) => [key, named.has(key) && value instanceof Uint8Array ? '(hidden)' : within(value, named)]));
function within(value: unknown, named: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => within(item, named));
  return value !== null && typeof value === 'object' && !(value instanceof Uint8Array) ? withoutKeys(value, named) : value;
}

function fields(object: object): string {
  return Object.entries(object).filter(([, value]) => value !== undefined).map(([key, value]) => field(key, value)).join(' ');
}

function field(key: string, value: unknown): string {
  if (value instanceof Uint8Array) return `${key}=0x${hex(value)}`;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return `${key}=${value.join('|') || '0'}`;
    return `${key}[${value.map((item) => `{${fields(item as object)}}`).join(' ')}]`;
  }
  if (value !== null && typeof value === 'object') return `${key}{${fields(value)}}`;
  return `${key}=${String(value)}`;
}
