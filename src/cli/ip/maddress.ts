/** `ip maddress`: multicast addresses of links. The kernel tells them in /proc/net, and takes them by ioctl (netdevice(7)). */
import { readFileSync } from 'node:fs';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { printMaddresses, type Maddress } from '../print/maddress.ts';
import { Printer } from '../print/printer.ts';
import { deviceName, mac } from '../values.ts';
import type { Words } from '../words.ts';
import { ipv6Text } from '../../codec/index.ts';
import { dry, inside } from './inside.ts';

const SIOCADDMULTI = 0x8931, SIOCDELMULTI = 0x8932;

function lines(file: string): string[] {
  try {
    return readFileSync(`/proc/thread-self/net/${file}`, 'latin1').split('\n');
  } catch (error) {
    // A kernel without the family has no such file.
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/** `33:33:00:00:00:01` of `333300000001`. */
const macOf = (hex: string): string => (hex.match(/../g) ?? []).join(':');

const ipv6Of = (hex: string): string => ipv6Text(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)), 0);

function linkLayer(): Maddress[] {
  return lines('dev_mcast').flatMap((line) => {
    const match = /^(\d+)\s+(\S+)\s+(\d+)\s+(\d+)\s+([0-9a-f]+)$/.exec(line);
    return match ? [{ index: Number(match[1]), ifname: match[2] as string, family: 'link', address: macOf(match[5] as string), users: Number(match[3]), static: match[4] !== '0' }] : [];
  });
}

/** A line names the link, those below it its groups, each as a number in this machine's byte order. */
function ipv4(): Maddress[] {
  let index = 0, ifname = '';
  return lines('igmp').flatMap((line): Maddress[] => {
    const link = /^(\d+)\s+(\S+?)\s*:/.exec(line);
    if (link) [index, ifname] = [Number(link[1]), link[2] as string];
    const group = /^\s+([0-9A-F]{8})\s+(\d+)/.exec(line);
    if (!group) return [];
    const bytes = new Uint8Array(Uint32Array.of(Number.parseInt(group[1] as string, 16)).buffer);
    return [{ index, ifname, family: 'inet', address: bytes.join('.'), users: Number(group[2]) }];
  });
}

function ipv6(): Maddress[] {
  return lines('igmp6').flatMap((line) => {
    const match = /^(\d+)\s+(\S+)\s+([0-9a-f]{32})\s+(\d+)/.exec(line);
    return match ? [{ index: Number(match[1]), ifname: match[2] as string, family: 'inet6', address: ipv6Of(match[3] as string), users: Number(match[4]) }] : [];
  });
}

const showOptions: Grammar = { dev: to('dev', deviceName), '': to('dev', deviceName) };

async function show(context: Context, words: Words): Promise<void> {
  const { dev } = parse(showOptions, words, {}, context);
  if (dry(context, '/proc/net would be read')) return;
  if (dev !== undefined) context.links.index(dev as string);
  const { family } = context.options;
  const found = await inside(context, () => [
    ...(family === undefined || family === 'packet' ? linkLayer() : []),
    ...(family === undefined || family === 'inet' ? ipv4() : []),
    ...(family === undefined || family === 'inet6' ? ipv6() : []),
  ]);
  const byLink = new Map<number, Maddress[]>();
  for (const entry of found) {
    if (dev !== undefined && entry.ifname !== dev) continue;
    byLink.set(entry.index, [...(byLink.get(entry.index) ?? []), entry]);
  }
  const printer = new Printer(context);
  for (const [, list] of [...byLink].sort(([a], [b]) => a - b)) printMaddresses(printer, list);
  printer.finish();
}

const changeOptions: Grammar = { dev: to('dev', deviceName), address: to('address', mac), '': to('address', mac) };

async function change(context: Context, words: Words, request: number, word: string): Promise<void> {
  const { address, dev } = parse(changeOptions, words, {}, context) as { address?: string; dev?: string };
  if (address === undefined || dev === undefined) throw usage(`which ${address === undefined ? 'address' : 'link'}?`, `ip maddress ${word} LLADDR dev DEVICE`);
  const bytes = address.includes(':') ? address.split(':').map((byte) => Number.parseInt(byte, 16)) : [];
  if (bytes.length !== 6) throw usage(`"${address}" is not a link layer address of six bytes`, 'IP addresses: ip address add ADDRESS dev DEVICE autojoin');
  if (dry(context, `ioctl ${word === 'add' ? 'SIOCADDMULTI' : 'SIOCDELMULTI'} ${address} on ${dev}`)) return;
  context.links.index(dev);
  const { interfaceRequest } = await import('../../socket/ioctl.ts');
  await inside(context, () => interfaceRequest(request, dev, Uint8Array.of(0, 0, ...bytes)));
}

export const maddress: Command = {
  summary: 'multicast addresses of links',
  examples: ['ip maddress', 'ip -6 maddress show dev eth0', 'ip maddress add 33:33:00:00:00:77 dev eth0'],
  otherwise: 'show',
  commands: {
    add: { summary: 'add a link layer address', examples: ['ip maddress add 33:33:00:00:00:77 dev eth0'], usage: 'LLADDR dev DEVICE', options: changeOptions, unlogged: true, run: (context, words) => change(context, words, SIOCADDMULTI, 'add') },
    'delete|del': { summary: 'delete a link layer address', examples: ['ip maddress del 33:33:00:00:00:77 dev eth0'], usage: 'LLADDR dev DEVICE', options: changeOptions, unlogged: true, run: (context, words) => change(context, words, SIOCDELMULTI, 'del') },
    'show|list|lst': { summary: 'print addresses', examples: ['ip -j maddress show dev eth0'], usage: '[ dev DEVICE ]', options: showOptions, run: show },
  },
};
