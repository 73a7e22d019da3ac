/** How values are written on the command line. Each says its placeholder, and what is wrong with a bad one. */
import { parseIpv4, parseIpv6 } from '../codec/index.ts';
import type { Context } from './context.ts';
import { usage } from './errors.ts';
import type { ValueType } from './grammar.ts';
import { closest, didYouMean, find } from './words.ts';

/** A value of one word. */
export function word(name: string, read: (text: string, context: Context, after: string) => unknown, more: Partial<ValueType> = {}): ValueType {
  return { name, ...more, read: (words, context, after) => read(words.next(after), context, after) };
}

/** Decimal, 0x hexadecimal or 0 octal, as strtoul reads it. */
export function parseInteger(text: string): bigint | undefined {
  if (/^-?0[xX][0-9a-fA-F]+$|^-?[1-9]\d*$|^-?0$/.test(text)) {
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  }
  return /^0[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : undefined;
}

/** Short decimals, as most numbers are. */
const decimal = /^(0|[1-9]\d{0,8})$/;

/** An integer between two bounds. */
export function integer(name: string, min: number, max: number): ValueType {
  return word(name, (text, _context, after) => {
    if (decimal.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    const value = parseInteger(text);
    if (value === undefined) throw usage(`"${text}" is not a number for "${after}"`);
    if (value < BigInt(min) || value > BigInt(max)) throw usage(`${text} is out of range for "${after}"`, `between ${min} and ${max}`);
    return Number(value);
  });
}

export const u8 = (name = 'NUMBER'): ValueType => integer(name, 0, 0xff);
export const u16 = (name = 'NUMBER'): ValueType => integer(name, 0, 0xffff);
export const u32 = (name = 'NUMBER'): ValueType => integer(name, 0, 0xffffffff);
export const s32 = (name = 'NUMBER'): ValueType => integer(name, -0x80000000, 0x7fffffff);

/** 64 bits, bigint in the schemas. */
export const u64 = (name = 'NUMBER'): ValueType =>
  word(name, (text, _context, after) => {
    const value = parseInteger(text);
    if (value === undefined || value < 0n || value >= 1n << 64n) throw usage(`"${text}" is not a number for "${after}"`);
    return value;
  });

/** One of some words, each standing for a value; a number stands for itself when `numeric` says so, or says how large it may be. */
export function choice(values: Readonly<Record<string, unknown>>, numeric: boolean | number = false): ValueType {
  const choices = Object.keys(values);
  return word(
    `{ ${choices.join(' | ')} }`,
    (text, _context, after) => {
      const key = find(text, choices);
      if (key !== undefined) return values[key];
      const number = numeric ? parseInteger(text) : undefined;
      if (number === undefined) throw usage(`"${text}" is not a value of "${after}"`, didYouMean(text, choices));
      if (typeof numeric === 'number' && (number < 0n || number > BigInt(numeric))) throw usage(`${text} is out of range for "${after}"`, `between 0 and ${numeric}`);
      return Number(number);
    },
    { choices },
  );
}

/** Words that stand for themselves in the schema's enumeration. */
export function oneOf(...names: string[]): ValueType {
  return choice(Object.fromEntries(names.map((name) => [name, name])));
}

/** on/off, as 1/0. */
export const onOff: ValueType = word(
  '{ on | off }',
  (text, _context, after) => {
    if (text === 'on' || text === '1') return 1;
    if (text === 'off' || text === '0') return 0;
    throw usage(`"${after}" is on or off, not "${text}"`);
  },
  { choices: ['on', 'off'] },
);

export const text = (name: string, more: Partial<ValueType> = {}): ValueType => word(name, (given) => given, more);

/** For completion: words that may come in any number and order. */
export const anyOf = (...choices: string[]): ValueType => text('WORD', { choices, several: true });

/** For completion: a file, a network namespace that has a name, words of a command line. */
export const netnsName = text('NAME', { completes: 'netns' }), fileName = text('FILE', { completes: 'file' }), commandLine = text('COMMAND', { completes: 'line' });

const ethernet = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** A link layer address; `aabb.ccdd.eeff` and `-` are not understood by iproute2 either. */
export const mac: ValueType = word('LLADDR', (given, _context, after) => {
  if (ethernet.test(given) || familyOf(given)) return given;
  const bytes = given.split(':');
  if (bytes.length < 2 || bytes.length > 32 || !bytes.every((byte) => /^[0-9a-fA-F]{1,2}$/.test(byte))) {
    throw usage(`"${given}" is not a link layer address for "${after}"`, 'six bytes in hexadecimal: 02:00:00:00:00:01');
  }
  return bytes.map((byte) => byte.toLowerCase().padStart(2, '0')).join(':');
});

/** The name of an interface that is to be made. */
export const newName: ValueType = word('NAME', (given) => checkName(given));

export function checkName(given: string): string {
  if (given === '' || given === '.' || given === '..' || /[/\s:]/.test(given)) throw usage(`"${given}" is not a valid link name`);
  if (new TextEncoder().encode(given).length > 15) throw usage(`"${given}" is too long for a link name`, 'at most 15 bytes; longer names: ip link property add dev DEV altname NAME');
  return given;
}

/** An interface that exists, as its index. */
export const device: ValueType = word('DEVICE', (given, context) => context.links.index(given), { completes: 'link' });

/** An interface by name only: the kernel finds it, or the command does later. */
export const deviceName: ValueType = word('DEVICE', (given) => given, { completes: 'link' });

export interface Prefix {
  readonly family: 'inet' | 'inet6';
  readonly address: string;
  readonly length: number;
  /** A length was given. */
  readonly explicit: boolean;
}

/** Bits of an address of a family. */
export const addressBits = { inet: 32, inet6: 128 } as const;

/** The family of an address in text, or undefined. */
export function familyOf(address: string): 'inet' | 'inet6' | undefined {
  return parseIpv4(address, scratch, 0) ? 'inet' : address.includes(':') && parseIpv6(address, scratch, 0) ? 'inet6' : undefined;
}
const scratch = new Uint8Array(16);

/** `10/8` and `10.1` are completed with zeros, as iproute2 does. */
function complete(address: string): string {
  if (!/^\d{1,3}(\.\d{1,3}){0,2}$/.test(address)) return address;
  const bytes = address.split('.');
  while (bytes.length < 4) bytes.push('0');
  return bytes.join('.');
}

export function parseAddress(given: string, after = 'address', family?: string): { family: 'inet' | 'inet6'; address: string } {
  if (given === 'any' || given === 'default' || given === 'all') {
    return family === 'inet6' ? { family: 'inet6', address: '::' } : { family: 'inet', address: '0.0.0.0' };
  }
  const whole = familyOf(given), address = whole ? given : complete(given);
  const found = whole ?? familyOf(address);
  if (!found || address.includes('%')) throw usage(`"${given}" is not an IP address for "${after}"`, near(given));
  if (family && (family === 'inet' || family === 'inet6') && family !== found) {
    throw usage(`"${given}" is not an ${family} address for "${after}"`);
  }
  return { family: found, address };
}

function near(given: string): string | undefined {
  return closest(given, ['default', 'any', 'all']) ? `did you mean "${closest(given, ['default', 'any', 'all'])}"?` : undefined;
}

export function parsePrefix(given: string, after = 'prefix', family?: string): Prefix {
  const slash = given.indexOf('/');
  const address = slash < 0 ? given : given.slice(0, slash), length = slash < 0 ? undefined : given.slice(slash + 1);
  const parsed = parseAddress(address, after, family);
  const bits = addressBits[parsed.family];
  // (Spread, they take a slow way through the engine, each time.)
  const prefix = (length: number, explicit: boolean): Prefix => ({ family: parsed.family, address: parsed.address, length, explicit });
  if (length === undefined) {
    const none = address === 'default' || address === 'any' || address === 'all';
    return prefix(none ? 0 : bits, none);
  }
  const given32 = parsed.family === 'inet' && length.includes('.') && familyOf(length) === 'inet' ? maskLength(length) : undefined;
  const number = given32 ?? (decimal.test(length) ? Number(length) : Number(parseInteger(length) ?? -1));
  if (number < 0 || number > bits) throw usage(`"/${length}" is not a prefix length`, `0 to ${bits}`);
  return prefix(number, true);
}

/** 255.255.255.0 is 24; a mask with holes is none. */
function maskLength(mask: string): number | undefined {
  const bits = mask.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.indexOf('0') === -1 ? 32 : bits.indexOf('0') : undefined;
}

/** What an address or a prefix may look like: where one may stand without a word before it, a word is an option. */
export const addressLike = /^[0-9a-f]*[.:/\d]|^(default|any|all)$|^[^a-z]/i;

/** An address, with the family of the command line's -4 or -6. */
export const ip: ValueType = word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family).address);

/** As `ip`, and says the family as well. */
export const address: ValueType = word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family));

export const prefix: ValueType = word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family));

/** A number by name of a database of iproute2. */
export const tableId: ValueType = word('TABLE', (given, context) => context.names.require('rt_tables', given, 'routing table'), { completes: 'rt_tables' });
export const protocol: ValueType = word('PROTOCOL', (given, context, after) => oneByte(context.names.require('rt_protos', given, 'routing protocol'), after), { completes: 'rt_protos' });
export const scope: ValueType = word('SCOPE', (given, context, after) => oneByte(context.names.require('rt_scopes', given, 'scope'), after), { completes: 'rt_scopes' });
export const group: ValueType = word('GROUP', (given, context) => context.names.require('group', given, 'link group'), { completes: 'group' });

/** What has a name in a database may be any number, but the field has one byte. */
function oneByte(value: number, after: string): number {
  if (value > 0xff) throw usage(`${value} is out of range for "${after}"`, 'between 0 and 255');
  return value;
}

/** Seconds, or forever. */
export const lifetime: ValueType = word('{ forever | SECONDS }', (given, _context, after) => {
  if (given === 'forever') return 0xffffffff;
  const seconds = parseInteger(given);
  if (seconds === undefined || seconds < 0n || seconds > 0xffffffffn) throw usage(`"${given}" is not a lifetime for "${after}"`);
  return Number(seconds);
});

/** An Ethernet protocol that a VLAN may be tagged with. */
export const vlanProtocol: ValueType = choice({ '802.1Q': 0x8100, '802.1q': 0x8100, '802.1ad': 0x88a8, '802.1AD': 0x88a8 }, true);
