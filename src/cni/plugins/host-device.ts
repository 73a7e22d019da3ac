/** `host-device`: a device of the host's goes into the container, and comes back with DEL. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from '../../families/route/index.ts';
import { checkConfigured } from '../check.ts';
import { failure, misconfigured } from '../error.ts';
import { object, readFields, text } from '../fields.ts';
import { addIpam, checkIpam, delIpam, gcIpam, statusIpam } from '../ipam.ts';
import { checkInterface, interfaceOf } from '../link.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import { hasDns, type Result } from '../result.ts';
import { Side, Undo } from '../side.ts';

const fields = { device: text(''), hwaddr: text(''), kernelpath: text(''), pciBusID: text('') };
const DEVICES = '/sys/devices/', PCI = '/sys/bus/pci/devices';

/** The device that the configuration means, which the runtime's `deviceID` goes before. @throws {CniError} */
function deviceOf(request: CniRequest, host: Side): Link {
  const { deviceID } = readFields({ deviceID: text('') }, readFields({ runtimeConfig: object }, request.config).runtimeConfig ?? {}, 'runtimeConfig.');
  const { device, hwaddr, kernelpath, pciBusID } = readFields(fields, request.config), pci = deviceID || pciBusID;
  const fail = (why: string): never => { throw failure(`failed to find host device: ${why}`); };
  /** What a folder of sysfs says is behind it; the first that is in this namespace. */
  const below = (folder: string): Link => {
    const names = existsSync(join(folder, 'net')) ? readdirSync(join(folder, 'net')) : fail(`failed to find network devices at "${folder}/net"`);
    return names.map((name) => host.find(name)).find((link) => link !== undefined) ?? fail(`none of ${names.join(', ')} is here`);
  };
  if (device !== '') return host.find(device) ?? fail('Link not found');
  if (hwaddr !== '') return host.nl.link.list().find(({ address }) => address === hwaddr.toLowerCase()) ?? fail(`no device has the address ${hwaddr}`);
  if (kernelpath !== '') return kernelpath.startsWith(DEVICES) ? below(kernelpath) : fail(`kernel device path "${kernelpath}" must be absolute and begin with ${DEVICES}`);
  if (pci !== '') return below(join(PCI, pci));
  throw misconfigured('specify either "device", "hwaddr", "kernelpath" or "pciBusID"');
}

/** A link into another namespace and under another name, for which it must be down. Its alias, of 256 bytes, remembers the name that it had. @throws {CniError} */
function move(from: Side, to: Side, link: Link, ifname: string, ifalias: string): void {
  // The kernel would move it, and only then refuse the name.
  if (to.find(ifname)) throw failure(`failed to move ${link.ifname}: ${ifname} is there already`);
  from.nl.link.set(link.index, { up: false });
  const place = to.fd === undefined ? { path: '/proc/thread-self/ns/net' } : { fd: to.fd };
  from.nl.link.set(link.index, { namespace: place, ifname });
  to.nl.link.set(ifname, { ifalias });
}

function add(request: CniRequest): Result {
  return Side.at(undefined, (host) => Side.at(request.netns, (inner) => Undo.around((undo) => {
    const device = deviceOf(request, host), name = device.ifname as string;
    if (device.flags.includes('up')) undo.push(() => host.nl.link.set(name, { up: true }));
    move(host, inner, device, request.ifname, name);
    undo.push(() => move(inner, host, inner.nl.link.get(request.ifname), name, device.ifalias ?? ''));
    const link = inner.nl.link.get(request.ifname), given = request.ipam.type === '' ? undefined : addIpam(request, undo), ips = (given?.ips ?? []).map((ip) => ({ ...ip, interface: 0 }));
    inner.configure(link, ips, given?.routes ?? []);
    return { interfaces: [interfaceOf(link, request.netns)], ips, routes: given?.routes ?? [], dns: hasDns(request.dns) ? request.dns : given?.dns ?? {} };
  })));
}

export const hostDevice: Plugin = {
  add,
  del(request) {
    if (request.ipam.type !== '') delIpam(request);
    Side.where(request.netns, (inner) => {
      const link = inner.find(request.ifname);
      // Without an alias it is nothing that ADD has brought.
      if (link?.ifalias) Side.at(undefined, (host) => move(inner, host, link, link.ifalias as string, ''));
    });
  },
  check(request) {
    if (request.ipam.type !== '') checkIpam(request);
    if (!request.prevResult) throw failure('Required prevResult missing');
    const former = request.prevResult;
    Side.at(request.netns, (inner) => checkConfigured(inner, checkInterface(inner, request), former));
  },
  status: statusIpam,
  gc: gcIpam,
};
