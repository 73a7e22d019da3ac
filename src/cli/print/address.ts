/** An address of a link. */
import { at } from '../grammar.ts';
import { address as addressFormat, via } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';

/** RT_SCOPE_*: the schema's word for the widest scope is the kernel's. */
const scopeNumbers: Readonly<Record<string, number>> = { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 };

export function scopeNumber(scope: unknown): number {
  return typeof scope === 'number' ? scope : (scopeNumbers[scope as string] ?? 0);
}

export const scopeFormat = via((scope, printer) => printer.context.names.name('rt_scopes', scopeNumber(scope)));

/** All flags, whichever place they came in. */
export function addressFlags(address: Json): (string | number)[] {
  return (address['allFlags'] ?? address['flags'] ?? []) as (string | number)[];
}

/** Words of the flags by the order of their bits. Of `permanent` it is the lack that is said. */
const flagWords: readonly (readonly [flag: string, word: string])[] = [
  ['secondary', 'secondary'], ['nodad', 'nodad'], ['optimistic', 'optimistic'], ['dadfailed', 'dadfailed'], ['homeaddress', 'home'],
  ['deprecated', 'deprecated'], ['tentative', 'tentative'], ['permanent', 'dynamic'], ['managetempaddr', 'mngtmpaddr'],
  ['noprefixroute', 'noprefixroute'], ['mcautojoin', 'autojoin'], ['stablePrivacy', 'stable-privacy'],
];

function flags(printer: Printer, address: Json): void {
  const set = addressFlags(address);
  for (const [flag, name] of flagWords) {
    if (set.includes(flag) === (flag === 'permanent')) continue;
    // An IPv6 address that is secondary is a temporary one (RFC 8981).
    const word = flag === 'secondary' && address['family'] === 'inet6' ? 'temporary' : name;
    printer.value(word, `${word} `, true);
  }
}

/** IFAPROT_*: who made the address. */
const protocols: Readonly<Record<string, string>> = { unspec: 'unspec', kernelLo: 'kernel_lo', kernelRa: 'kernel_ra', kernelLl: 'kernel_ll' };

function protocolName(value: unknown, printer: Printer): string {
  if (printer.context.names.numeric) return `0x${(typeof value === 'number' ? value : Object.keys(protocols).indexOf(String(value))).toString(16)}`;
  return typeof value === 'number' ? `0x${value.toString(16)}` : (protocols[value as string] ?? String(value));
}

const own: Sheet[number] = (printer, address) => local(printer, address), metric: Sheet[number] = ['metric', 'metric % ', (address) => address['rtPriority'] || undefined];
const head: Sheet = [
  ['family', '    % ', 'family'],
  own,
  metric,
  ['broadcast', 'brd % ', 'broadcast', addressFormat],
  ['anycast', 'any % ', 'anycast', addressFormat],
  ['multicast', 'mcast % ', 'multicast', addressFormat],
  ['scope', 'scope % ', 'scope', scopeFormat],
];

const protocolSheet: Sheet = [['protocol', 'proto % ', 'proto', via(protocolName)]];

/** Address, far end and prefix length. */
export function local(printer: Printer, address: Json): void {
  const far = address['address'] as string | undefined;
  const own = (address['local'] ?? far) as string | undefined;
  if (own === undefined) return;
  printer.value('local', '%', own, addressFormat);
  if (far !== undefined && far !== own) printer.value('address', ' peer %', far, addressFormat);
  printer.value('prefixlen', '/% ', address['prefixlen']);
}

function lifetime(seconds: number): string {
  return seconds === 0xffffffff ? 'forever' : `${seconds}sec`;
}

/** @param apart Not below its link, which in JSON it then names. */
export function printAddress(printer: Printer, address: Json, apart = false): void {
  printer.object(null, () => {
    if (apart) printer.value('index', null, address['index']);
    printer.sheet(head, address);
    flags(printer, address);
    printer.sheet(protocolSheet, address);
    printer.value('label', '%', address['label']);
    const cache = at(address, 'cacheinfo') as { valid: number; prefered: number } | undefined;
    if (!cache) return;
    printer.newline();
    const format = { text: (value: unknown) => lifetime(value as number) };
    printer.value('valid_life_time', '       valid_lft % ', cache.valid, format);
    const deprecated = addressFlags(address).includes('deprecated');
    printer.value('preferred_life_time', 'preferred_lft %', deprecated ? 0 : cache.prefered, deprecated && !printer.json ? { text: () => '0sec' } : format);
  });
}

/** `-br`: address, length and metric only. */
export function printBriefAddress(printer: Printer, address: Json): void {
  printer.object(null, () => printer.sheet([own, metric], address));
}
