/** A request as one line of names: what `--dry-run` prints, and what a refusal shows. */
import { bytes as hex, constant } from './formats.ts';

/** `RTM_NEWLINK REQUEST|ACK|CREATE|EXCL ifname=veth0 linkinfo{kind=veth}` */
export function inWords(name: string, flags: readonly string[], body: object): string {
  return [name, flags.map(constant).join('|'), fields(body)].filter(Boolean).join(' ');
}

/** The same without the keys of algorithms: what is refused is kept in logs. */
export const withoutKeys = (body: object): object => Object.fromEntries(Object.entries(body).map(([key, value]) => [key, value !== null && typeof value === 'object' && 'keyLen' in value ? { ...value, key: undefined } : value]));

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
