/** How wg's values are written, in a line and in a file. What is said of a bad secret does not repeat it. */
import { readFileSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { setTimeout as later } from 'node:timers/promises';
import { WIREGUARD_KEY_LENGTH, type WireguardAllowedIp, type WireguardPeer } from '../../families/generic/wireguard.ts';
import { parseWireguardKey } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Draft, ValueType } from '../grammar.ts';
import { addressBits, familyOf, parseInteger, word } from '../values.ts';

/** What a peer is while it is being put together: `at` is where it is, in words. */
export type PeerDraft = WireguardPeer & { at?: Where };
interface Where { readonly host: string; readonly port: number }

const FORM = '44 letters of base64, as "wg genkey" prints them';
export const publicKey: ValueType = word('KEY', (given, _context, after) => parseWireguardKey(given) ?? fail(`"${given}" is not a key for "${after}"`, FORM));
export const secretKey: ValueType = word('KEY', (given, _context, after) => parseWireguardKey(given) ?? fail(`what "${after}" has is not a key`, FORM));

function fail(message: string, hint?: string): never {
  throw usage(message, hint);
}

/** A key in a file of its own; an empty file stands for no key. */
export const keyFile: ValueType = word('FILE', (path, _context, after) => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`cannot read the key for "${after}": ${(error as Error).message}`, 'the key is in a file: a line would show it to others');
  }
  if (text === '') return new Uint8Array(WIREGUARD_KEY_LENGTH);
  return parseWireguardKey(text.trimEnd()) ?? fail(`"${path}" does not hold a key for "${after}"`, FORM);
}, { completes: 'file' });

const within = (given: string, most: number, after: string, off: boolean): number => {
  const number = /^\d+$/.test(given) ? BigInt(given) : off && /^0x[0-9a-f]+$/i.test(given) ? parseInteger(given) : undefined;
  if (number === undefined) throw usage(`"${given}" is not a number for "${after}"`);
  if (number > BigInt(most)) throw usage(`${given} is out of range for "${after}"`, `between 0 and ${most}`);
  return Number(number);
};
export const listenPort: ValueType = word('PORT', (given, _context, after) => within(given, 0xffff, after, false));
export const fwmark: ValueType = word('{ off | MARK }', (given, _context, after) => (/^off$/i.test(given) ? 0 : within(given, 0xffffffff, after, true)), { choices: ['off'] });
export const keepalive: ValueType = word('{ off | SECONDS }', (given, _context, after) => (/^off$/i.test(given) ? 0 : within(given, 0xffff, after, false)), { choices: ['off'] });

export const endpoint: ValueType = word('HOST:PORT', (given, _context, after): Where => {
  const [, braced, bare, port] = /^(?:\[([^\]]*)\]|([^[].*)):([^:]+)$/.exec(given) ?? [];
  const host = braced ?? bare;
  if (!host || !port) throw usage(`"${given}" is not an endpoint for "${after}"`, '192.0.2.1:51820, [2001:db8::1]:51820 or HOST:PORT');
  return { host, port: within(port, 0xffff, after, false) };
});

/** Whether an address has bits beyond a prefix's length. */
function hasHost(address: string, family: 'inet' | 'inet6', length: number): boolean {
  const bits = family === 'inet' ? address.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0')).join('') : bits6(address);
  return bits.slice(length).includes('1');
}
function bits6(address: string): string {
  // 1.2.3.4 at the end is two groups.
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => [0, 2].map((i) => (Number(bytes[i]) * 256 + Number(bytes[i + 1])).toString(16)).join(':'));
  const [head = '', tail] = plain.split('::'), groups = (text: string): string[] => text.split(':').filter(Boolean);
  const before = groups(head), behind = groups(tail ?? ''), zeros = Array<string>(8 - before.length - behind.length).fill('0');
  return [...before, ...zeros, ...behind].map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function prefixOf(context: Context, given: string, after: string): WireguardAllowedIp {
  const [address = '', length, more] = given.split('/'), family = familyOf(address);
  if (!family || more !== undefined || (length !== undefined && !(/^\d+$/.test(length) && Number(length) <= addressBits[family]))) throw usage(`"${given}" is not a prefix for "${after}"`, '10.0.0.0/24 or 2001:db8::/64');
  const cidrMask = length === undefined ? addressBits[family] : Number(length);
  if (hasHost(address, family, cidrMask)) context.out.error(`note: ${given} has bits set beyond its prefix, which the kernel clears`);
  return { family, ipaddr: address, cidrMask };
}

/** `+10.0.0.0/24` comes beside those that are there, `-10.0.0.0/24` goes from among them. */
export const prefixes: ValueType = word('{ "" | [ + | - ]PREFIX[,...] }', (given, context, after) => {
  const text = given.replace(/\s/g, '');
  return (text === '' ? [] : text.split(',')).map((one) => {
    const [, sign, plain = ''] = /^([+-]?)(.*)$/.exec(one) ?? [], prefix = prefixOf(context, plain, after);
    return { sign, prefix: sign === '-' ? { ...prefix, flags: ['removeMe'] } : prefix };
  });
});
type Signed = { readonly sign: string; readonly prefix: WireguardAllowedIp };
export function storePrefixes(draft: Draft, value: unknown): void {
  const peer = draft as PeerDraft, given = value as Signed[];
  flagged(peer, 'replaceAllowedips', !given.some(({ sign }) => sign !== ''));
  peer.allowedips = [...(peer.allowedips ?? []), ...given.map(({ prefix }) => prefix)];
}

export function flagged(peer: WireguardPeer, flag: NonNullable<WireguardPeer['flags']>[number], on = true): void {
  peer.flags = [...(peer.flags ?? []).filter((one) => one !== flag), ...(on ? [flag] : [])];
}

// Where peers are.

/** How often a name is asked for that nobody can tell now. */
function retries(): number {
  const given = process.env['WG_ENDPOINT_RESOLUTION_RETRIES'];
  if (given === undefined) return 15;
  if (given === 'infinity') return Infinity;
  if (!/^\d+$/.test(given)) throw usage(`"${given}" is not a number for WG_ENDPOINT_RESOLUTION_RETRIES`, 'or infinity');
  return Number(given);
}

async function addressOf(context: Context, host: string): Promise<{ family: 'inet' | 'inet6'; address: string }> {
  const known = familyOf(host);
  if (known) return { family: known, address: host };
  let left = retries();
  for (let pause = 1; ; pause = Math.min(20, pause * 1.2)) {
    try {
      const { address, family } = await lookup(host);
      return { family: family === 6 ? 'inet6' : 'inet', address };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EAI_AGAIN' || left-- <= 0) throw usage(`"${host}" has no address: ${message}`);
      context.out.error(`note: nobody tells the address of "${host}" now: once more in ${pause.toFixed(2)} s`);
      await later(pause * 1000);
    }
  }
}

/** Peers with the addresses of their endpoints. */
export async function located(context: Context, peers: readonly PeerDraft[]): Promise<WireguardPeer[]> {
  const all: WireguardPeer[] = [];
  for (const { at, ...peer } of peers) {
    if (at) {
      const [host = '', scope] = at.host.split('%'), { family, address } = await addressOf(context, host), { port } = at;
      const scopeId = scope === undefined ? 0 : /^\d+$/.test(scope) ? Number(scope) : context.links.index(scope);
      peer.endpoint = family === 'inet' ? { family, port, addr: address } : { family, port, flowinfo: 0, addr: address, scopeId };
    }
    all.push(peer);
  }
  return all;
}
