/** `ip tuntap`: devices whose packets a process reads and writes. Made by ioctl on /dev/net/tun, told by rtnetlink: drivers/net/tun.c. */
import { account } from '../accounts.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at, is, parse, to, type Command, type Grammar } from '../grammar.ts';
import { Printer, type Json } from '../print/printer.ts';
import { flagsOf, inverted, printTuntap, tunBits, type TunFlag } from '../print/tuntap.ts';
import { choice, newName } from '../values.ts';
import type { Words } from '../words.ts';
import type { DeviceRequest } from '../../socket/ioctl.ts';
import { dry, inside } from './inside.ts';

const device = '/dev/net/tun';
/** include/uapi/linux/if_tun.h: the first takes struct ifreq, the others a number. */
const numbers = { TUNSETIFF: 0x400454ca, TUNSETPERSIST: 0x400454cb, TUNSETOWNER: 0x400454cc, TUNSETGROUP: 0x400454ce } as const;

/** What is asked for. Keys of the switches are the words of flags. */
interface Wanted extends Partial<Record<TunFlag, true>> {
  name?: string;
  mode?: 'tun' | 'tap';
  user?: number;
  group?: number;
}

const switches: Grammar = {
  one_queue: is('one_queue', true, 'taken; kernels since 3.8 have one queue anyway'),
  pi: is('pi', true, 'each packet begins with flags and protocol'),
  vnet_hdr: is('vnet_hdr', true, 'each packet begins with a header of virtio'),
  multi_queue: is('multi_queue', true, 'many descriptors may be attached'),
};

const options: Grammar = {
  'dev|name': to('name', newName),
  mode: to('mode', choice({ tun: 'tun', tap: 'tap' }), 'IP packets, or Ethernet frames'),
  user: to('user', account('user'), 'who may attach without CAP_NET_ADMIN'),
  group: to('group', account('group')),
  ...switches,
  '': { ...to('name', newName), same: ['dev|name'] },
};

const usageLine = '[ dev ] NAME mode { tun | tap } [ user USER ] [ group GROUP ] [ one_queue ] [ pi ] [ vnet_hdr ] [ multi_queue ]';
const example = (word: string): string => `ip tuntap ${word} dev tap0 mode tap`;

const bitsOf = (wanted: Wanted): TunFlag[] => [...(wanted.mode ? [wanted.mode] : []), ...(Object.keys(switches) as TunFlag[]).filter((word) => wanted[word])];

/** Sends the requests, or says which. */
async function send(context: Context, wanted: Wanted, more: readonly (readonly [name: keyof typeof numbers, argument: number])[]): Promise<void> {
  const words = bitsOf(wanted);
  const said = [`TUNSETIFF ${[wanted.name ?? '(a name of the kernel\'s)', ...words].join(' ')}`, ...more.map((request) => request.join(' '))];
  if (dry(context, `open ${device}; ioctl ${said.join('; ioctl ')}`)) return;
  const { deviceRequests, ifreq } = await import('../../socket/ioctl.ts');
  const bits = inverted(words.reduce((all, word) => all | tunBits[word], 0));
  const named = ifreq(wanted.name ?? '', new Uint8Array(Uint16Array.of(bits).buffer));
  const requests: DeviceRequest[] = [['TUNSETIFF', named] as const, ...more].map(([name, argument], i) => ({ name: said[i] as string, number: numbers[name], argument }));
  try {
    await inside(context, () => deviceRequests(device, requests));
  } catch (error) {
    throw explained(context, wanted, error);
  }
  context.links.forget();
}

/** Why a device cannot be attached to, where there is one. */
function explained(context: Context, { name }: Wanted, error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') return Object.assign(error as Error, { message: `${message}: the module "tun" is missing, or its device file` });
  if (code !== 'EINVAL' || name === undefined) return error;
  const link = context.links.find(name);
  const there = link === undefined ? undefined : context.links.object(link);
  if (at(there, 'linkinfo.kind') !== 'tun') return error;
  const data = at(there, 'linkinfo.data') as Json;
  return Object.assign(error as Error, { message: `${message}: ${name} is of mode ${String(data['type'])}${data['multiQueue'] ? ', and multi_queue' : ''}: say the same` });
}

async function add(context: Context, words: Words): Promise<void> {
  const wanted = parse(options, words, {}, context) as Wanted;
  if (wanted.mode === undefined) throw usage('tun or tap?', example('add'));
  const { user, group } = wanted;
  await send(context, wanted, [...(user !== undefined ? [['TUNSETOWNER', user] as const] : []), ...(group !== undefined ? [['TUNSETGROUP', group] as const] : []), ['TUNSETPERSIST', 1]]);
}

async function remove(context: Context, words: Words): Promise<void> {
  const wanted = parse(deleteOptions, words, {}, context) as Wanted;
  if (wanted.name === undefined) throw usage('which device?', example('del'));
  if (wanted.mode === undefined) throw usage('tun or tap?', example('del'));
  await send(context, wanted, [['TUNSETPERSIST', 0]]);
}

const { user: _user, group: _group, ...deleteOptions } = options;

/** Whether a device is what was asked for. */
function matches(link: Json, flags: number, wanted: Wanted): boolean {
  const data = at(link, 'linkinfo.data') as Json | undefined;
  return (wanted.name === undefined || link['ifname'] === wanted.name)
    && (wanted.user === undefined || data?.['owner'] === wanted.user)
    && (wanted.group === undefined || data?.['group'] === wanted.group)
    && bitsOf(wanted).every((word) => flags & tunBits[word]);
}

function show(context: Context, words: Words): void {
  const wanted = parse(options, words, {}, context) as Wanted;
  const links = context.kernel.dump('getlink', { family: 'unspec', linkinfo: { kind: 'tun' } });
  if (context.options.dryRun) return;
  context.links.learn(links);
  if (wanted.name !== undefined) context.links.index(wanted.name);
  const printer = new Printer(context);
  // Kernels that do not filter by kind tell of all links.
  for (const link of links.filter((each) => at(each, 'linkinfo.kind') === 'tun')) {
    const flags = flagsOf(link);
    if (matches(link, flags, wanted)) printTuntap(printer, link, flags);
  }
  printer.finish();
}

export const tuntap: Command = {
  summary: 'devices whose packets a process reads and writes',
  examples: ['ip tuntap add dev tap0 mode tap user 1000', 'ip tuntap', 'ip tuntap del dev tap0 mode tap'],
  otherwise: 'show',
  commands: {
    add: { summary: 'make a device that outlives this command', examples: ['ip tuntap add dev tun0 mode tun', 'ip tuntap add dev tap0 mode tap user 1000 group 1000 multi_queue'], usage: usageLine, options, unlogged: true, run: add },
    'delete|del': { summary: 'delete a device', examples: [example('del')], usage: usageLine, options: deleteOptions, unlogged: true, run: remove },
    'show|list|lst': { summary: 'print devices, with -d the processes that have them open', examples: ['ip tuntap show', 'ip -j -d tuntap show dev tap0'], options, run: show },
  },
};
