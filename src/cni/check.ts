/** CHECK: what a former result says is still there. */
import { parsePrefix } from '../route/index.ts';
import { failure } from './error.ts';
import { isIpv6, type Result } from './result.ts';
import type { Side } from './side.ts';
import type { Link } from '../families/route/index.ts';

/** @throws {CniError} naming the address or the route that is missing */
export function checkConfigured(side: Side, link: Link, { interfaces = [], ips = [], routes = [] }: Result): void {
  const own = interfaces.findIndex(({ name, sandbox }) => name === link.ifname && sandbox === side.path);
  const there = side.nl.address.list({ dev: link.index });
  for (const { address, interface: number } of ips) {
    if (number !== undefined && number !== own) continue;
    const prefix = parsePrefix(address);
    if (!there.some((found) => (found.local ?? found.address) === prefix.address)) throw failure(`failed to find address ${address} on ${link.ifname}`);
  }
  if (routes.length === 0) return;
  const table = side.nl.route.list();
  for (const { dst, gw, table: wanted = 254 } of routes) {
    const { address, length } = parsePrefix(dst);
    const found = table.some((entry) => (entry.family === 'inet6') === isIpv6(dst) && entry.dstLen === length && (length === 0 || entry.dst === address) && (gw === undefined || entry.gateway === gw)
      && (entry.tableId === wanted || (entry.tableId === undefined && (entry.table === wanted || (wanted === 254 && entry.table === 'main')))));
    if (!found) throw failure(`expected route to ${dst}${gw === undefined ? '' : ` via ${gw}`} not found in the container`);
  }
}
