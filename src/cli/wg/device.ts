/** Devices of WireGuard through the kernel: asked for, and changed. */
import { wireguard, type WireguardDevice } from '../../families/generic/wireguard.ts';
import { joinDevice, splitDevice } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at } from '../grammar.ts';
import type { Kernel } from '../kernel.ts';
import { nobody } from '../links.ts';

/** Room for a name in the kernel, its NUL included. Longer ones are alternative names. */
const IFNAMSIZ = 16;
const refOf = (context: Context, name: string): WireguardDevice => (name.length < IFNAMSIZ ? { ifname: name } : { ifindex: context.links.index(name) });

/** Speaks of a device; that it is not there, or is none, is the line's mistake. */
async function speak<T>(context: Context, name: string, body: (kernel: Kernel) => T): Promise<T> {
  const kernel = await context.kernel.generic(wireguard);
  try {
    return body(kernel);
  } catch (error) {
    const { code } = error as { code?: string };
    if (nobody.has(code) && context.links.find(name) === undefined) throw usage(`there is no link "${name}"`);
    if (code !== 'EOPNOTSUPP' || at(context.links.object(context.links.index(name)), 'linkinfo.kind') === 'wireguard') throw error;
    throw usage(`"${name}" is not a link of kind wireguard`, `nlkit ip link add NAME type wireguard makes one`);
  }
}

/** A device with all its peers; undefined of a dry run. */
export const deviceNamed = (context: Context, name: string): Promise<WireguardDevice | undefined> =>
  speak(context, name, (kernel) => joinDevice(kernel.dump('getDevice', { ...refOf(context, name) }) as WireguardDevice[]));

export const change = (context: Context, name: string, device: WireguardDevice): Promise<void> =>
  speak(context, name, (kernel) => {
    for (const body of splitDevice({ ...refOf(context, name), ...device })) kernel.request('setDevice', { ...body });
  });

/** The names of all there are, in the kernel's order. */
export const deviceNames = (context: Context): string[] =>
  context.kernel.dump('getlink', { family: 'unspec' }).filter((link) => at(link, 'linkinfo.kind') === 'wireguard').map((link) => String(link['ifname']));
