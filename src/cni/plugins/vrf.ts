/** `vrf`: the container's interface in a routing domain of its own (drivers/net/vrf.c). Called in a chain, after the plugin that made the interface. */
import type { Link } from '../../families/route/index.ts';
import { moved } from '../../route/routes.ts';
import { CniError, codes, failure, misconfigured } from '../error.ts';
import { integer, readFields, text, type Values } from '../fields.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import type { Result } from '../result.ts';
import { Side, Undo } from '../side.ts';

const fields = { vrfname: text(''), table: integer(0) };

/** @throws {CniError} */
function readVrf(request: CniRequest): Values<typeof fields> {
  const config = readFields(fields, request.config);
  if (config.vrfname === '') throw misconfigured('configuration is expected to have a valid vrf name');
  if (config.table < 0) throw misconfigured(`table must not be negative, it is ${config.table}`);
  return config;
}
const tableOf = (link: Link): number | undefined => (link.linkinfo?.kind === 'vrf' ? (link.linkinfo as { data?: { table?: number } }).data?.table : undefined);
const isVrf = (link: Link): boolean => link.linkinfo?.kind === 'vrf';

/** The one that is there, or a new one: with the first table that no other has, where none is said. @throws {CniError} */
function vrfIn(inner: Side, { vrfname, table }: Values<typeof fields>, undo: Undo): Link {
  const there = inner.find(vrfname);
  if (there && !isVrf(there)) throw failure(`link ${vrfname} already exists and is no VRF`);
  if (there && table !== 0 && tableOf(there) !== table) throw failure(`VRF ${vrfname} has table ${tableOf(there)}, not ${table}`);
  if (there) return there;
  const used = new Set(inner.nl.link.list().map(tableOf));
  let free = 1;
  while (used.has(free)) free++;
  inner.nl.link.add({ ifname: vrfname, up: true, txqlen: 0, linkinfo: { kind: 'vrf', data: { table: table || free } } });
  undo.push(() => inner.drop(vrfname));
  return inner.nl.link.get(vrfname);
}

function add(request: CniRequest): Result {
  const config = readVrf(request), former = request.prevResult;
  if (!former) throw misconfigured('missing prevResult from earlier plugin');
  return Side.at(request.netns, (inner) => Undo.around((undo) => {
    const { nl } = inner, vrf = vrfIn(inner, config, undo), link = nl.link.get(request.ifname), dev = link.index;
    if (link.master !== undefined && link.master !== 0) throw failure(`interface ${request.ifname} has already a master set: ${nl.link.get(link.master).ifname}`);
    // The kernel takes the interface down and up: what is not a local address or a connected route goes.
    const addresses = nl.address.list({ dev, family: 'inet6' }).filter(({ scope }) => scope === 'universe'), routes = nl.route.list({ dev, table: 'main' });
    undo.push(() => nl.link.set(dev, { master: null }));
    nl.link.set(dev, { master: vrf.index });
    const left = new Set(nl.address.list({ dev, family: 'inet6' }).map(({ address }) => address));
    for (const { address, prefixlen } of addresses) if (!left.has(address)) nl.address.add(dev, `${address}/${prefixlen}`);
    const table = tableOf(vrf) as number;
    for (const route of routes) if (route.protocol !== 'kernel') nl.route.replace(moved(route, table));
    return former;
  }));
}

export const vrf: Plugin = {
  add,
  del(request) {
    const { vrfname } = readFields(fields, request.config);
    Side.where(request.netns, (inner) => {
      const there = inner.find(vrfname), link = inner.find(request.ifname);
      if (!there || !isVrf(there)) return;
      if (link?.master === there.index) inner.nl.link.set(link.index, { master: null });
      if (!inner.nl.link.list().some(({ master }) => master === there.index)) inner.drop(there.index);
    });
  },
  check(request) {
    const { vrfname, table } = readVrf(request);
    Side.at(request.netns, (inner) => {
      const there = inner.find(vrfname), link = inner.find(request.ifname);
      if (!there || !isVrf(there)) throw new CniError(codes.failed, `VRF ${vrfname} is gone`);
      if (table !== 0 && tableOf(there) !== table) throw failure(`VRF ${vrfname} has table ${tableOf(there)}, not ${table}`);
      if (link?.master !== there.index) throw failure(`interface ${request.ifname} is not in VRF ${vrfname}`);
    });
  },
};
