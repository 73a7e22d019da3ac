/**
 * `sbr`: routing by source. What a container sends from an interface's addresses follows that interface's routes, whatever others it has. Called in
 * a chain, after the plugin that made the interface.
 */
import type { Route, Rule } from '../../families/route/index.ts';
import { moved } from '../../route/routes.ts';
import { failure, misconfigured } from '../error.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import { isIpv6, type AddressResult, type Result } from '../result.ts';
import { Side, Undo } from '../side.ts';
import { wholeOf } from '../subnet.ts';

/** The first table that is looked at. */
const FIRST = 100;
const tableOf = ({ table, tableId }: Pick<Route | Rule, 'table' | 'tableId'>): unknown => tableId ?? table;
const addressOf = ({ address }: AddressResult): string => address.split('/')[0] as string;

/** Addresses of the interface in the former result. @throws {CniError} when there is none */
function addressesOf({ prevResult, ifname }: CniRequest): readonly AddressResult[] {
  if (!prevResult) throw misconfigured('This plugin must be called as chained plugin');
  const { interfaces = [], ips = [] } = prevResult;
  return ips.filter(({ interface: at }) => at === undefined || interfaces[at]?.name === ifname);
}
/** Routes of the interface that may go to another table: an IPv6 interface's link-local one is wanted by whatever is said on the link. */
const routesOf = ({ nl }: Side, dev: number): Route[] =>
  nl.route.list({ dev, table: 'main' }).filter((route) => !(route.family === 'inet6' && String(route.dst).startsWith('fe80:') && route.gateway === undefined));

function add(request: CniRequest): Result {
  const addresses = addressesOf(request);
  if (addresses.length === 0) return request.prevResult as Result;
  return Side.at(request.netns, (inner) => Undo.around((undo) => {
    const { nl } = inner, { index } = inner.nl.link.get(request.ifname), before = routesOf(inner, index);
    const used = new Set([...nl.rule.list(), ...nl.route.list()].map(tableOf));
    let table = FIRST;
    for (const ip of addresses) {
      while (used.has(table)) table++;
      used.add(table);
      const rule = { from: wholeOf(addressOf(ip)), table }, family = isIpv6(ip.address) ? 'inet6' : 'inet';
      nl.rule.add(rule);
      undo.push(() => nl.rule.delete(rule));
      const there = before.filter((route) => route.family === family);
      // An earlier plugin of the chain may have taken it away.
      if (ip.gateway !== undefined && !there.some(({ dstLen }) => dstLen === 0)) nl.route.add({ dst: 'default', gateway: ip.gateway, dev: index, table });
      for (const route of there) nl.route.replace(moved(route, table));
    }
    for (const route of before) {
      nl.route.delete(route);
      undo.push(() => nl.route.add(route));
    }
    return request.prevResult as Result;
  }));
}

/** Rules that lead to a table by an address of the interface. */
function rulesOf({ nl }: Side, dev: number): Rule[] {
  const own = new Set(nl.address.list({ dev }).map(({ local, address }) => local ?? address));
  return nl.rule.list().filter((rule) => rule.srcLen === (rule.family === 'inet6' ? 128 : 32) && own.has(rule.src as string));
}

export const sbr: Plugin = {
  add,
  // The tables' routes go with the interface.
  del(request) {
    Side.where(request.netns, (inner) => {
      const link = inner.find(request.ifname);
      if (link) for (const rule of rulesOf(inner, link.index)) inner.nl.rule.delete(rule);
    });
  },
  check(request) {
    const addresses = addressesOf(request);
    if (addresses.length > 0) Side.at(request.netns, (inner) => {
      const rules = rulesOf(inner, inner.nl.link.get(request.ifname).index);
      for (const ip of addresses) if (!rules.some(({ src }) => src === addressOf(ip))) throw failure(`no rule leads from ${addressOf(ip)} to a table of its own`);
    });
  },
};
