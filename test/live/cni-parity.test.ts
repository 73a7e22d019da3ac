/** Each configuration through nlkit's CNI plugins and through the reference plugins, in namespaces of their own: the same answer, the same kernel state, the same reservations. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answer } from '../../src/cni/index.ts';
import { create, enter, remove } from '../../src/namespace/index.ts';
import { mount, unmount } from '../../src/namespace/mounts.ts';
import { openSync, type NetlinkSync } from '../../src/route/index.ts';
import { cases, differences, type CniCase, type Need } from '../support/cni-cases.ts';
import { isolate, PATIENCE, sh } from './support.ts';

const REFERENCE = process.env['CNI_REFERENCE'] ?? '/usr/lib/cni';
const why = isolate() ?? (existsSync(`${REFERENCE}/bridge`) ? undefined : `no reference plugins in ${REFERENCE} (Debian: containernetworking-plugins)`);
const SLOW = Number(process.env['NLKIT_SLOW'] ?? 1) > 1;
const data = mkdtempSync(join(tmpdir(), 'nlkit-cni-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const probes: Record<Need, string> = {
  macvlan: 'ip link add probe0 type veth peer name probe1; ip link add link probe0 name probe2 type macvlan; r=$?; ip link del probe0; exit $r',
  ipvlan: 'ip link add probe0 type veth peer name probe1; ip link add link probe0 name probe2 type ipvlan; r=$?; ip link del probe0; exit $r',
  ifb: 'ip link add probe0 type ifb; r=$?; ip link del probe0 2>/dev/null; exit $r',
  vlan: 'ip link add probe0 type veth peer name probe1; ip link add link probe0 name probe2 type vlan id 5; r=$?; ip link del probe0; exit $r',
  vrf: 'ip link add probe0 type vrf table 9; r=$?; ip link del probe0 2>/dev/null; exit $r',
  vlan_filtering: 'ip link add probe0 type bridge vlan_filtering 1; r=$?; ip link del probe0 2>/dev/null; exit $r',
};
const lacks = why === undefined ? Object.entries(probes).filter(([, probe]) => spawnSync('sh', ['-c', probe]).status !== 0).map(([need]) => need) : [];

type Side = 'theirs' | 'ours';
interface Answered { status: number; output: unknown }

/** One call, in the host's namespace of that side. */
function call(side: Side, own: CniCase, command: string, container: number, config: object): Answered {
  const folder = join(data, side), ipam = (config as { ipam?: object }).ipam;
  const input = JSON.stringify({ ...config, ...(ipam && { ipam: { ...ipam, ...((ipam as { type?: string }).type === 'host-local' && { dataDir: folder }) } }) });
  const env = {
    PATH: process.env['PATH'], CNI_COMMAND: command, CNI_CONTAINERID: `c${container}`, CNI_NETNS: `/run/netns/${side}-c${container}`, CNI_IFNAME: own.ifname ?? 'eth0', CNI_PATH: REFERENCE,
    ...(own.args !== undefined && { CNI_ARGS: own.args }),
  };
  return enter(`${side}-host`, () => {
    if (side === 'ours') return JSON.parse(JSON.stringify(answer('nlkit-cni', env, input))) as Answered;
    const { status, stdout, stderr } = spawnSync(join(REFERENCE, String(own.config['type'])), [], { env, input, encoding: 'utf8', timeout: PATIENCE });
    if (status === null) throw new Error(`the reference plugin did not end: ${stderr}`);
    return { status, ...(stdout !== '' && { output: JSON.parse(stdout) as unknown }) } as Answered;
  });
}

/** What differs between two runs of the same: random names and addresses, clocks, names of namespaces. */
function masked(side: Side, own: CniCase, text: string): string {
  const names: string[] = [], given = JSON.stringify(own);
  return text
    .replaceAll(`${side}-`, '')
    // An end of a pair whose other end is down says either.
    .replaceAll('LOWERLAYERDOWN', 'DOWN')
    .replace(/veth[0-9a-f]{8}/g, (name) => { if (!names.includes(name)) names.push(name); return `veth#${names.indexOf(name)}`; })
    .replace(/\b([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}\b/g, (mac) => (/^(0+:){5}0+$|^(ff:){5}ff$|^0?1:80:c2/.test(mac) || given.includes(mac) ? mac : 'MAC'))
    .replace(/(fe80::|ff02::1:ff)[0-9a-f:]+/g, '$1*');
}
const CLOCKS = /timer$|^(tentative|forward_delay_timer|topology_change.*|state|cstamp|tstamp)$/;
const sorted = (list: unknown[]): unknown[] => list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const parsed = (text: string): unknown => JSON.parse(text === '' ? '[]' : text, (key, value: unknown) => (CLOCKS.test(key) && value !== 'UP' && value !== 'DOWN' ? undefined : value));

const SETTINGS = ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'];
const OF_LINKS = ['ipv4/conf/%/arp_notify', 'ipv4/conf/%/proxy_arp', 'ipv6/conf/%/accept_dad', 'ipv6/conf/%/accept_ra', 'ipv6/conf/%/disable_ipv6', 'ipv6/conf/%/enhanced_dad'];
const shown = join(data, 'show');
writeFileSync(shown, 'addr show\nroute show table all\nneigh show nud permanent\nrule show\n-6 rule show\n');
/** Queues and filters, of a filter the first action: the reference plugin has each a second time, behind one that lets nothing pass. */
function trafficOf(namespace: string): unknown {
  const queues = (parsed(sh(`tc -n ${namespace} -j -d qdisc show`)) as { kind: string; dev: string }[]).filter(({ kind }) => kind !== 'noqueue');
  const filters = queues.filter(({ kind }) => kind === 'ingress').map(({ dev }) => parsed(sh(`tc -n ${namespace} -j filter show dev ${dev} parent ffff:`)) as { options?: { actions?: { index: number }[] } }[]).flat();
  for (const { options } of filters) if (options?.actions) options.actions = options.actions.slice(0, 1).map((action) => ({ ...action, index: 0 }));
  return { queues, filters };
}
/** Everything that a plugin may have touched in a namespace. */
function stateOf(namespace: string): Record<string, unknown> {
  const text = sh(`ip -n ${namespace} -d -j -batch ${shown}; bridge -n ${namespace} -j vlan show 2>/dev/null | sed "s/^\\[$/[]/" || true`);
  const [links, routes, neighbours, rules, rules6, vlans] = text.split('\n').filter(Boolean).map(parsed) as [{ ifname: string; ifalias?: string }[], unknown[], unknown[], unknown, unknown, unknown];
  // The reference plugin leaves a host's device with its own name as its alias.
  for (const link of links) if (link.ifalias === link.ifname) delete link.ifalias;
  const settings = enter(namespace, () => {
    const sys = join(data, 'sys');
    mkdirSync(sys, { recursive: true });
    if (mount('sysfs', sys, 'sysfs', 0) !== 0) throw new Error('sysfs cannot be mounted');
    try {
      const read = (path: string): string => `${path}=${existsSync(path) ? readFileSync(path, 'utf8').trim() : 'absent'}`;
      const names = links.map(({ ifname }) => ifname).sort();
      return [...SETTINGS, ...names.flatMap((name) => OF_LINKS.map((path) => path.replace('%', name)))].map((path) => read(`/proc/sys/net/${path}`)).concat(names.map((name) => read(`${sys}/class/net/${name}/addr_assign_type`).slice(sys.length)));
    } finally { unmount(sys); }
  });
  return { links, routes, neighbours, rules, rules6, vlans, settings, traffic: trafficOf(namespace) };
}
function reservations(side: Side): Record<string, string> {
  const folder = join(data, side);
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [entry.name, readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8')]).sort());
}

function story(side: Side, own: CniCase): Record<string, unknown>[] {
  const count = own.containers ?? 1, numbers = Array.from({ length: count }, (_, n) => n);
  rmSync(join(data, side), { recursive: true, force: true });
  const spaces = ['host', ...numbers.map((n) => `c${n}`)].map((name) => `${side}-${name}`);
  for (const space of spaces) create(space);
  // Nobody else has the addresses here: no need to wait for an answer, except where that is what is tested.
  if (own.config['enabledad'] !== true) for (const space of spaces) enter(space, () => writeFileSync('/proc/sys/net/ipv6/conf/default/dad_transmits', '0'));
  try {
    if (own.before) sh(`ip netns exec ${side}-host sh -ec '${own.before.join('\n').replaceAll('$C', `${side}-c0`)}'`);
    const told: Record<string, unknown>[] = [], results: Answered[] = [];
    const tell = (what: string, answers: Answered[], namespaces: readonly string[]): void => {
      const states = Object.fromEntries(namespaces.map((space) => [space, stateOf(space)]));
      const outputs = answers.map(({ status, output }) => ({ status, output: status === 0 ? output : 'an error' }));
      const one = JSON.parse(masked(side, own, JSON.stringify({ what, outputs, states, reservations: reservations(side) }))) as { states: Record<string, { routes: unknown[]; settings: unknown[] }> };
      // Their order follows addresses and names, which are random.
      for (const { routes, settings } of Object.values(one.states)) { sorted(routes); sorted(settings); }
      told.push(one);
    };
    for (const n of numbers) results.push(call(side, own, 'ADD', n, { ...own.config, ...(own.prevResult && { prevResult: own.prevResult }) }));
    const version = String(own.config['cniVersion']), well = results.every(({ status }) => status === 0);
    // What a failed ADD leaves is for cni.test.ts to say.
    if (!well) { tell('ADD', results, []); return told.map(({ outputs }) => ({ outputs })); }
    settled(spaces);
    tell('ADD', results, spaces);
    if (version >= '0.4.0') tell('CHECK', numbers.map((n) => call(side, own, 'CHECK', n, { ...own.config, prevResult: results[n]?.output as object })), []);
    tell('DEL', numbers.map((n) => call(side, own, 'DEL', n, { ...own.config, ...(version >= '0.4.0' && { prevResult: results[n]?.output as object }) })), []);
    const again = numbers.map((n) => call(side, own, 'DEL', n, own.config));
    settled(spaces);
    tell('DEL again', again, spaces);
    return told;
  } finally { for (const space of spaces) remove(space); }
}
/** Waits until the kernel has come to rest: no address is being checked, and what has a carrier is up. */
function settled(spaces: readonly string[]): void {
  for (const space of spaces) {
    const nl = openSync({ namespace: space });
    // Twice in a row: the routes hear of a carrier after its link does.
    for (const until = Date.now() + PATIENCE, seen = { rests: 0 }; seen.rests < 2 && Date.now() < until;) {
      seen.rests = atRest(nl) ? seen.rests + 1 : 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
    nl.close();
  }
}
function atRest(nl: NetlinkSync): boolean {
  const links = nl.link.list();
  return !nl.address.list({ family: 'inet6' }).some(({ allFlags }) => allFlags?.includes('tentative'))
    // Links of some kinds say nothing of their state but what their flags do.
    && links.every(({ flags, operstate, linkinfo, index }) => !flags.includes('up') || flags.includes('loopback') || (['ipvlan', 'ifb'].includes(linkinfo?.kind ?? '') && flags.includes('lowerUp'))
      || (operstate === 'up') === (linkinfo?.kind === 'bridge' ? links.some(({ master, operstate: below }) => master === index && below === 'up') : flags.includes('lowerUp')));
}

if (why !== undefined) test.skip(`cni-parity: skipped: ${why}`, () => {});
else {
  for (const own of cases) {
    const reason = own.needs === undefined && SLOW ? 'an emulated kernel is for what others lack' : own.needs !== undefined && lacks.includes(own.needs) ? `this kernel has no ${own.needs}` : undefined;
    test.skipIf(reason !== undefined)(`${own.name}${reason === undefined ? '' : `: skipped: ${reason}`}`, () => {
      const theirs = story('theirs', own), ours = story('ours', own), except = differences[own.name];
      if (!except) return expect(ours).toEqual(theirs);
      const part = (told: Record<string, unknown>[]): unknown[] => told.map((step) => step[except.what]);
      expect(part(ours), `no difference any more: ${except.why}`).not.toEqual(part(theirs));
      for (const told of [ours, theirs]) for (const step of told) delete step[except.what];
      return expect(ours).toEqual(theirs);
    }, PATIENCE * 3);
  }
}
