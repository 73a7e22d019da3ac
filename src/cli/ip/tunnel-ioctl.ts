/** What tunnels have that netlink does not take or tell, by ioctl: include/uapi/linux/if_tunnel.h, net/ipv6/sit.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, is, only, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { Aside, Router } from '../print/tunnel.ts';
import { deviceName, parseAddress, word } from '../values.ts';
import type { Words } from '../words.ts';
import { parseIpv4, parseIpv6 } from '../../codec/index.ts';
import { interfaceDataRequest } from '../../socket/ioctl.ts';
import { memory } from '../../socket/signatures.ts';
import { dry, inside } from './inside.ts';
import { sit } from './kinds/ip-tunnel.ts';

const SIOCGETTUNNEL = 0x89f0, SIOCGETPRL = 0x89f4;
const numbers = { SIOCADDPRL: 0x89f5, SIOCDELPRL: 0x89f6, SIOCADD6RD: 0x89f9, SIOCDEL6RD: 0x89fa } as const;
type Request = keyof typeof numbers;

/** struct ip_tunnel_parm: a name, a link, flags and keys of both ways, then the IPv4 header that packets get. */
const parmLength = 52, headerAt = 32;

/** The header that a VTI was told to put on, and does not. */
export function vtiHeader(ifname: string): NonNullable<Aside['header']> {
  const parm = interfaceDataRequest(SIOCGETTUNNEL, ifname, memory(parmLength));
  return { tos: parm[headerAt + 1]!, pmtudisc: (parm[headerAt + 6]! & 0x40) !== 0, ttl: parm[headerAt + 8]! };
}

/** struct ip_tunnel_prl: an address, 16 bits of flags, and in the first of a list the bytes of the others. */
const prlLength = 16, PRL_DEFAULT = 1, mostRouters = 15;

/** The potential routers of an ISATAP link, as many as iproute2 asks for. */
export function routersOf(ifname: string): Router[] {
  const list = memory((1 + mostRouters) * prlLength);
  new Uint32Array(list.buffer)[2] = mostRouters * prlLength;
  const told = interfaceDataRequest(SIOCGETPRL, ifname, list);
  return Array.from({ length: mostRouters }, (_, i) => told.subarray((1 + i) * prlLength, (2 + i) * prlLength))
    .map((entry) => ({ address: entry.subarray(0, 4).join('.'), preferred: (entry[4]! & PRL_DEFAULT) !== 0 }))
    .filter(({ address }) => address !== '0.0.0.0');
}

/** Sends a request about a device, or says which. */
async function send(context: Context, request: Request, dev: string, data: Uint8Array<ArrayBuffer>, said: string): Promise<void> {
  if (dry(context, `ioctl ${request} ${said} on ${dev}`)) return;
  context.links.index(dev);
  await inside(context, () => interfaceDataRequest(numbers[request], dev, data));
}

const router = (request: 'SIOCADDPRL' | 'SIOCDELPRL', preferred: boolean) => act((draft: Draft, value: unknown): void => {
  if (draft['request'] !== undefined) throw usage('one router at a time');
  Object.assign(draft, { request, preferred, router: value });
}, word('ADDRESS', (given, _context, after) => parseAddress(given, after, 'inet').address));

const prlOptions: Grammar = {
  dev: to('dev', deviceName),
  'prl-default': router('SIOCADDPRL', true),
  'prl-nodefault': router('SIOCADDPRL', false),
  'prl-delete': router('SIOCDELPRL', false),
};

export const prl: Command = {
  summary: 'potential routers of an ISATAP link',
  examples: ['ip tunnel prl dev isatap0 prl-default 192.0.2.1'],
  usage: 'dev DEVICE { prl-default ADDRESS | prl-nodefault ADDRESS | prl-delete ADDRESS }',
  options: prlOptions,
  unlogged: true,
  async run(context: Context, words: Words) {
    const { dev, request, preferred, router: address } = parse(prlOptions, words, {}, context) as { dev?: string; request?: Request; preferred?: boolean; router?: string };
    if (dev === undefined || request === undefined || address === undefined) throw usage(`which ${dev === undefined ? 'link' : 'router'}?`, 'ip tunnel prl dev DEVICE prl-default ADDRESS');
    const entry = memory(prlLength);
    parseIpv4(address, entry, 0);
    if (preferred) entry[4] = PRL_DEFAULT;
    await send(context, request, dev, entry, `${address}${preferred ? ' default' : ''}`);
  },
};

const rdWords = ['6rd-prefix', '6rd-relay_prefix', '6rd-reset'];
/** The words of links, but that a reset is a request of its own. */
const rdOptions: Grammar = { dev: to('dev', deviceName), ...only(sit.options, rdWords), '6rd-reset': is('reset', true) };

export const sixRd: Command = {
  summary: 'the prefixes of rapid deployment (RFC 5969) of a SIT tunnel',
  examples: ['ip tunnel 6rd dev sit1 6rd-prefix 2001:db8::/32 6rd-relay_prefix 192.0.2.0/24', 'ip tunnel 6rd dev sit1 6rd-reset'],
  usage: 'dev DEVICE { 6rd-prefix PREFIX [ 6rd-relay_prefix PREFIX ] | 6rd-reset }',
  options: rdOptions,
  unlogged: true,
  async run(context: Context, words: Words) {
    const given = parse(rdOptions, words, {}, context) as { dev?: string; reset?: true; '6rdPrefix'?: string; '6rdPrefixlen'?: number; '6rdRelayPrefix'?: string; '6rdRelayPrefixlen'?: number };
    if (given.dev === undefined || (given.reset === undefined && given['6rdPrefix'] === undefined)) throw usage(`which ${given.dev === undefined ? 'link' : 'prefix'}?`, 'ip tunnel 6rd dev DEVICE 6rd-prefix PREFIX');
    // struct ip_tunnel_6rd: prefix, relay's prefix, and the lengths of both.
    const bytes = memory(24), lengths = new Uint16Array(bytes.buffer, 20);
    if (given.reset) return send(context, 'SIOCDEL6RD', given.dev, bytes, '(none)');
    parseIpv6(given['6rdPrefix']!, bytes, 0);
    parseIpv4(given['6rdRelayPrefix'] ?? '0.0.0.0', bytes, 16);
    lengths.set([given['6rdPrefixlen']!, given['6rdRelayPrefixlen'] ?? 0]);
    await send(context, 'SIOCADD6RD', given.dev, bytes, `${given['6rdPrefix']}/${given['6rdPrefixlen']}${given['6rdRelayPrefix'] === undefined ? '' : ` relay ${given['6rdRelayPrefix']}/${given['6rdRelayPrefixlen']}`}`);
  },
};
