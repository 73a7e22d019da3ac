/** What callers describe is read key by key: what is misspelt, empty or not what it looks like does nothing else in silence. */
import { expect, test } from 'vitest';
import * as conntrack from '../src/netfilter/conntrack.ts';
import { ruleset } from '../src/netfilter/ruleset.ts';
import { inet } from '../src/diag/sockets.ts';
import * as addresses from '../src/route/addresses.ts';
import * as filters from '../src/route/filters.ts';
import * as links from '../src/route/links.ts';
import * as neighbours from '../src/route/neighbours.ts';
import { openSync } from '../src/route/netlink.ts';
import * as qdiscs from '../src/route/qdiscs.ts';
import * as routes from '../src/route/routes.ts';
import * as rules from '../src/route/rules.ts';
import type { Step } from '../src/route/plan.ts';

// As somebody without types, or with a variable, may call.
type Anything = (...args: unknown[]) => Generator<unknown, unknown, unknown>;
const first = (plan: unknown, ...args: unknown[]): unknown => (plan as Anything)(...args).next().value;
const body = (plan: unknown, ...args: unknown[]): Record<string, unknown> => (first(plan, ...args) as Step & { request: { body: Record<string, unknown> } }).request.body;
const dev = 1;

test.each<[string, () => unknown, RegExp]>([
  ['route.add', () => first(routes.add, { dst: '10.0.0.0/8', dev, metrik: 5 }), /'metrik' is not a key of a route, did you mean 'metric'\?/],
  ['route.delete', () => first(routes.remove, { dst: 'default', tabel: 100 }), /'tabel' .* did you mean 'table'/],
  ['a next hop', () => first(routes.add, { dst: '10.0.0.0/8', nexthops: [{ dev, wieght: 2 }] }), /'wieght' .* did you mean 'weight'/],
  ['route.list', () => first(routes.list, { tabel: 100 }), /did you mean 'table'/],
  ['route.get', () => first(routes.get, '10.0.0.1', { fwmark: 1 }), /'fwmark' is not a key of the query of a route/],
  ['address.add', () => first(addresses.add, dev, '10.0.0.1/24', { validLft: 20 }), /'validLft' is not a key of the options of an address/],
  ['address.list', () => first(addresses.list, { device: 'v0' }), /'device' is not a key of a filter of addresses/],
  ['neighbour.add', () => first(neighbours.add, { dev, dst: '10.0.0.1', stat: ['stale'] }), /did you mean 'state'/],
  ['neighbour.list', () => first(neighbours.list, { device: 1 }), /'device' is not a key of a filter of neighbours/],
  ['fdb.add', () => first(neighbours.addFdb, { dev, lladdr: '02:00:00:00:00:01', vid: 1 }), /'vid' is not a key/],
  ['rule.list', () => first(rules.list, { familly: 'inet' }), /did you mean 'family'/],
  ['link.list', () => first(links.list, { knd: 'veth' }), /did you mean 'kind'/],
  ['filter.deleteAll', () => first(filters.removeAll, { dev, parent: 'ingress', prio: 99 }), /'prio' is not a key/],
  ['filter.list', () => first(filters.list, { dev, parnt: 'ingress' }), /did you mean 'parent'/],
  ['qdisc.list', () => first(qdiscs.list, { devv: 1 }), /did you mean 'dev'/],
  ['tcClass.list', () => first(qdiscs.listClasses, undefined), /a filter of classes is an object/],
  ['open', () => openSync({ namspace: 'x' } as never), /'namspace' is not a key of the options of a connection, did you mean 'namespace'/],
  ['conntrack.delete', () => first(conntrack.remove, { protocol: 'udp' }), /'protocol' is not a key of a filter of connections/],
  ['conntrack.delete, a direction', () => first(conntrack.remove, { orig: { dprot: 80 } }), /'dprot' is not a key of one direction of a connection, did you mean 'dport'/],
  ['conntrack.list, a protocol', () => first(conntrack.list, { orig: { protocol: 'tpc' } }), /'tpc' is no protocol, did you mean 'tcp'/],
  ['conntrack.list, a family', () => first(conntrack.list, { family: 'inet' }), /'ipv4' or 'ipv6', not 'inet'/],
  ['conntrack.flush, a family', () => first(conntrack.flush, 'inet'), /'ipv4' or 'ipv6', not 'inet'/],
  ['ruleset', () => first(ruleset, { tabel: 'filter' }), /did you mean 'table'/],
  ['sockets', () => first(inet, { family: 'inet', protocol: 'tcp', state: ['listen'] }), /did you mean 'states'/],
  ['sockets, a protocol', () => first(inet, { family: 'inet', protocol: 'tpc' }), /'tpc' is no protocol of sockets, did you mean 'tcp'/],
  ['sockets, no family', () => first(inet, { protocol: 'tcp' }), /'inet' or 'inet6', not left out/],
])('%s: a key or a name that there is not', (_, act, says) => { expect(act).toThrow(says); expect(act).toThrow(TypeError); });

test.each<[string, () => unknown, RegExp]>([
  ['a rule', () => first(rules.remove, {}), /which rule\?/],
  ['a rule', () => first(rules.remove, { from: undefined, family: 'inet6' }), /which rule\?/],
  ['connections', () => first(conntrack.remove, {}), /flush\(\) does that/],
  ['connections', () => first(conntrack.remove, { orig: { dport: undefined } }), /flush\(\) does that/],
  ['a lifetime', () => first(addresses.add, dev, '10.0.0.1/24', { validLifetime: NaN }), /validLifetime is a number of whole seconds, or Infinity, not NaN/],
  ['a lifetime', () => first(addresses.add, dev, '10.0.0.1/24', { validLifetime: '60' }), /not 60/],
  ['a lifetime', () => first(addresses.add, dev, '10.0.0.1/24', { preferredLifetime: -1 }), /preferredLifetime .* not -1/],
  ['a weight', () => first(routes.add, { dst: '10.0.0.0/8', nexthops: [{ dev, weight: 257 }] }), /from 1 to 256, not 257/],
  ['altnames', () => first(links.addAltnames, dev, 'abc'), /altnames are a list, \['uplink'\], not "abc"/],
  ['up', () => first(links.set, dev, { up: 'false' }), /`up` is true or false, not "false"/],
  ['no rule at all', () => first(rules.add, undefined), /a rule is described by an object/],
  ['no neighbour at all', () => first(neighbours.add, undefined), /a neighbour is described by an object/],
])('what would mean everything, or something else: %s', (_, act, says) => { expect(act).toThrow(says); });

test('what is not given may be undefined', () => {
  expect(body(routes.add, { dst: '10.0.0.0/8', dev, nosuch: undefined })).toMatchObject({ dst: '10.0.0.0', dstLen: 8, oif: dev });
});
test('a listed object with another table goes there', () => {
  const listed = { family: 'inet', dstLen: 8, dst: '10.0.0.0', table: 'main', tableId: 254, flags: [], type: 'unicast' };
  expect(body(routes.add, listed)).toMatchObject({ tableId: 254 });
  expect(body(routes.add, { ...listed, table: 100 })).toMatchObject({ table: 100 });
  expect(body(routes.add, { ...listed, table: 100 })).not.toHaveProperty('tableId');
  expect(body(routes.add, { ...listed, table: 'unspec', tableId: 1000 })).toMatchObject({ table: 'unspec', tableId: 1000 });
  const rule = { family: 'inet', src: '10.0.0.0', srcLen: 8, action: 'toTbl', table: 50, tableId: 50 };
  expect(body(rules.add, rule)).toMatchObject({ table: 50 });
  expect(body(rules.add, { ...rule, table: 100 })).toMatchObject({ table: 100 });
  expect(body(rules.add, { ...rule, table: 'compat', tableId: 1000 })).toMatchObject({ table: 'unspec', tableId: 1000 });
});
test('options count for a listed address, too', () => {
  const listed = { family: 'inet', prefixlen: 24, local: '10.0.0.1', address: '10.0.0.1', cacheinfo: { prefered: 0xffffffff, valid: 0xffffffff, cstamp: 1, tstamp: 1 } };
  expect(body(addresses.replace, dev, listed, { validLifetime: 60, metric: 9, broadcast: '+' })).toMatchObject({ local: '10.0.0.1', cacheinfo: { prefered: 60, valid: 60 }, rtPriority: 9, broadcast: '10.0.0.255', index: dev });
  const elsewhere = { ...listed, index: 7, label: 'v7:x' };
  expect(body(addresses.add, 7, elsewhere)).toMatchObject({ index: 7, label: 'v7:x' });
  expect(body(addresses.add, dev, elsewhere)).not.toHaveProperty('label');
  expect(body(addresses.add, dev, elsewhere, { label: 'v1:y' })).toMatchObject({ label: 'v1:y' });
  expect(body(addresses.replace, dev, listed)).toMatchObject({ local: '10.0.0.1', cacheinfo: { valid: 0xffffffff } });
});
