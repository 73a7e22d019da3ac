import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { create, identify, remove } from '../../src/namespace/index.ts';
import { bridge, openSync, veth } from '../../src/route/index.ts';
import { build, collect, toDot, toMermaid, toSvg, toTree, topology, type Topology } from '../../src/topology/index.ts';
import { NOBODY, readable } from '../support/bundle.ts';
import { checkXml } from '../support/topology.ts';
import { PATIENCE, descriptors, has, isolate, sh, until } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);

async function nlkit(line: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}

/** One edge as text; the ends of a pair in no order. */
const edge = (kind: string, from: string, to: string): string => (kind === 'pair' ? `pair ${[from, to].sort().join(' ')}` : `${kind} ${from} ${to}`);
const edges = (graph: Topology): string[] => graph.edges.filter(({ byAddress }) => !byAddress).map(({ kind, from, to }) => edge(kind, from, to)).sort();

interface Theirs {
  ifindex: number; ifname: string; link?: string | null; link_index?: number; link_netnsid?: number; master?: string; address?: string; flags: string[]; operstate: string;
  linkinfo?: { info_kind?: string; info_data?: { link?: string } };
}
/** The edges, worked out from what iproute2 prints in each of some named namespaces. */
function theirEdges(names: readonly string[]): string[] {
  const links = new Map(names.map((name) => [name, JSON.parse(sh(`ip -n ${name} -j -d link`)) as Theirs[]]));
  const found = new Set<string>();
  for (const [name, own] of links) {
    const ids = new Map((JSON.parse(sh(`ip -n ${name} -j netns list-id`) || '[]') as { nsid: number; name?: string }[]).map(({ nsid, name: other }) => [nsid, other]));
    for (const one of own) {
      const kind = one.linkinfo?.info_kind, id = `${name}/${one.ifname}`;
      if (one.master) {
        const master = own.find(({ ifname }) => ifname === one.master)?.linkinfo?.info_kind;
        found.add(edge(master === 'bond' || master === 'team' ? 'slave' : master === 'vrf' ? 'member' : 'port', id, `${name}/${one.master}`));
      }
      const away = one.link_netnsid === undefined ? undefined : ids.get(one.link_netnsid);
      const other = away !== undefined ? links.get(away)?.find(({ ifindex }) => ifindex === one.link_index)?.ifname : one.link ?? one.linkinfo?.info_data?.link;
      if (other) found.add(edge(kind === 'veth' ? 'pair' : 'lower', id, `${away ?? name}/${other}`));
    }
  }
  return [...found].sort();
}

describe.skipIf(why || !has('ip'))('the graph is what iproute2 tells', () => {
  const names = ['home', 's1', 's2'], missing: string[] = [];
  /** What this kernel has no driver for is left out, and told. */
  const attempt = (line: string): boolean => {
    try { sh(line); return true; } catch (error) {
      if (!/not supported|Unknown device type|Operation not supported/.test(String(error))) throw error;
      missing.push(line);
      return false;
    }
  };
  beforeAll(() => {
    sh(`ip link set lo up; ip netns attach home ${process.pid}; ip netns add s1; ip netns add s2`);
    sh('ip link add br0 type bridge; ip link set br0 up; ip address add 10.0.0.1/24 dev br0');
    sh('ip link add v1 type veth peer name eth0 netns s1; ip link add v2 type veth peer name eth0 netns s2; ip link set v1 master br0 up; ip link set v2 master br0 up');
    sh('ip -n s1 link set eth0 up; ip -n s1 address add 10.0.0.2/24 dev eth0; ip -n s1 route add default via 10.0.0.1; ip -n s1 -6 address add 2001:db8::2/64 dev eth0 nodad; ip -n s1 -6 route add default via 2001:db8::1 metric 77');
    sh('ip -n s1 link add mv0 link eth0 type macvlan mode bridge; ip -n s1 link add mg link eth0 type macvlan mode private; ip -n s1 link set mg netns s2');
    sh('ip link add p0 type veth peer name p1; ip -n s1 link add q0 type veth peer name q1 netns s2');
    sh('ip link add vx0 type vxlan id 42 dev br0 dstport 4789; ip link add vx1 type vxlan id 43 local 10.0.0.1 remote 10.0.0.77 dstport 4789; ip link add vx2 type vxlan id 44 dev br0 dstport 4789; ip link set vx2 netns s1');
    if (attempt('ip link add link v1 name v1.7 type vlan id 7')) sh('ip -n s2 link add link eth0 name e.9 type vlan id 9; ip -n s2 link set e.9 netns s1');
    attempt('ip -n s2 link add iv0 link q1 type ipvlan mode l3');
    if (attempt('ip link add bond0 type bond mode active-backup')) sh('ip link set p1 down; ip link set p1 master bond0');
    if (attempt('ip link add red type vrf table 10')) sh('ip link add w0 type veth peer name w1; ip link set w0 master red; ip link set red up; ip link set w0 up; ip link set w1 up; ip address add 10.9.0.1/24 dev w0; ip route add default via 10.9.0.2 table 10');
    attempt('ip link add gt0 type gretap local 10.0.0.1 remote 10.0.0.9 dev br0');
    if (attempt('ip link set br0 type bridge vlan_filtering 1')) sh('bridge vlan add dev v1 vid 10-20; bridge vlan add dev v1 vid 30 pvid; bridge vlan del dev v1 vid 1; bridge vlan add dev br0 vid 30 self');
    if (missing.length) console.warn(`not here, for want of a driver: ${missing.join('; ')}`);
  });
  afterAll(() => { for (const name of names) remove(name); });

  test('edges', async () => {
    const before = descriptors(), graph = await topology({ namespaces: names, all: true });
    expect(graph.namespaces.map(({ id, current, seen }) => [id, current, seen])).toEqual([['home', true, true], ['s1', false, true], ['s2', false, true]]);
    const theirs = theirEdges(names);
    expect(theirs).toEqual(expect.arrayContaining(['pair home/v1 s1/eth0', 'lower s2/mg s1/eth0', 'port home/v1 home/br0', 'lower home/vx0 home/br0']));
    expect(edges(graph)).toEqual(theirs);
    // iproute2 does not look for who has the address.
    expect(graph.edges.filter(({ byAddress }) => byAddress)).toEqual([{ kind: 'lower', from: 'home/vx1', to: 'home/br0', byAddress: true }]);
    expect(descriptors()).toBe(before);
  });
  test('the same from wherever it is looked at', async () => {
    const home = await topology({ namespaces: names });
    const there = await topology({ namespace: 's2', namespaces: names });
    expect(there.namespaces[0]).toMatchObject({ id: 's2', current: true });
    expect(edges(there)).toEqual(edges(home));
  });
  test('links: state, addresses, MACs, VLANs, default routes', async () => {
    const graph = await topology({ namespaces: names, all: true });
    for (const name of names) {
      const theirs = (JSON.parse(sh(`ip -n ${name} -j address`)) as (Theirs & { link_type: string; addr_info: { family: string; local: string; prefixlen: number; scope: string }[] })[])
        .map((one) => ({ index: one.ifindex, name: one.ifname, up: one.flags.includes('UP'), state: one.operstate.toLowerCase(), ...(one.link_type === 'ether' && { mac: one.address }), addresses: one.addr_info.map(({ family, local, prefixlen, scope }) => `${family} ${local}/${prefixlen} ${scope}`) }));
      const ours = graph.links.filter(({ namespace, kind }) => namespace === name && kind !== undefined || namespace === name)
        .map(({ index, name: own, up, state, mac, addresses, loopback }) => ({ index, name: own, up, state, ...(!loopback && mac !== undefined && mac.length === 17 && { mac }), addresses: addresses.map(({ family, address, prefix, scope }) => `${family} ${address}/${prefix} ${scope === 'universe' ? 'global' : scope}`) }));
      const ether = new Set(theirs.filter((one) => 'mac' in one).map(({ index }) => index));
      expect(ours.map(({ mac, ...rest }) => (ether.has(rest.index) ? { ...rest, mac } : rest)), name).toEqual(theirs.map(({ mac, ...rest }) => (mac === undefined ? rest : { ...rest, mac })));
    }
    expect(graph.namespaces.find(({ id }) => id === 's1')?.defaultRoutes).toEqual([{ family: 'inet', gateway: '10.0.0.1', link: 'eth0' }, { family: 'inet6', gateway: '2001:db8::1', link: 'eth0', metric: 77 }]);
    if (!missing.some((line) => line.includes('vrf'))) expect(graph.namespaces[0]?.defaultRoutes).toContainEqual({ family: 'inet', gateway: '10.9.0.2', link: 'w0', table: 10 });
    if (!missing.some((line) => line.includes('vlan_filtering'))) {
      const theirs = (JSON.parse(sh('bridge -j -compressvlans vlan show')) as { ifname: string; vlans: { vlan: number; vlanEnd?: number; flags?: string[] }[] }[]).find(({ ifname }) => ifname === 'v1')?.vlans
        .map(({ vlan, vlanEnd, flags = [] }) => ({ first: vlan, ...(vlanEnd !== undefined && { last: vlanEnd }), ...(flags.includes('PVID') && { pvid: true }), ...(flags.includes('Egress Untagged') && { untagged: true }) }));
      expect(theirs).toHaveLength(2);
      expect(graph.edges.find(({ kind, from }) => kind === 'port' && from === 'home/v1')?.vlans).toEqual(theirs);
    }
  });
  test('the command prints it in every format', async () => {
    const graph = await nlkit('topology -o json');
    expect(graph).toMatchObject({ status: 0 });
    const parsed = JSON.parse(graph.stdout) as Topology;
    expect(parsed.edges.map(({ from }) => from)).toContain('home/v1');
    expect(graph.stderr).toBe(parsed.unseen.map((what) => `not seen: ${what}\n`).join(''));
    expect(edges(JSON.parse((await nlkit('-j topology')).stdout) as Topology)).toContain('pair home/v1 s1/eth0');
    const tree = (await nlkit('topology')).stdout;
    expect(tree).toMatch(/^home \(here\)\n[^]*─ v1 .*⇄ s1: eth0 10\.0\.0\.2\/24 2001:db8::2\/64 \(default via 10\.0\.0\.1, default via 2001:db8::1 metric 77\)\n/);
    // Elsewhere on the machine things may change meanwhile.
    expect(toSvg(await topology({ namespaces: names }))).toBe(toSvg(await topology({ namespaces: names.toReversed() })));
    expect((await nlkit('topology -o dot')).stdout).toContain('"home/v1" -- "s1/eth0" [penwidth=2];');
    expect((await nlkit('topology -o mermaid')).stdout).toMatch(/^flowchart LR\n/);
    checkXml((await nlkit('topology -o svg')).stdout);
    expect((await nlkit('-n s2 topology')).stdout).toMatch(/^s2 \(here\)\n/);
  });
  test('namespaces that only a process holds, with the name of its container', async () => {
    const id = 'c0ffee'.padEnd(64, '0'), folder = mkdtempSync(join(tmpdir(), 'nlkit-topology-'));
    const child: ChildProcess = spawn('unshare', ['-n', 'sleep', '60']);
    const server = createServer((_, response) => { response.end(JSON.stringify([{ Id: id, Names: ['/web-1'] }])); });
    const group = cgroupFor(id);
    try {
      await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('sleep\n');
      sh(`ip link add u0 type veth peer name eth0 netns ${child.pid}`);
      const before = await topology({ docker: [], podman: [] });
      expect(before.namespaces).toContainEqual(expect.objectContaining({ id: `sleep[${child.pid}]`, kind: 'process', inode: identify(`/proc/${child.pid}/ns/net`)?.ino }));
      expect(edges(before)).toContain(`pair home/u0 sleep[${child.pid}]/eth0`);
      if (!group) { console.warn('no control group can be made here: the name of a container is not looked for'); return; }
      writeFileSync(join(group, 'cgroup.procs'), String(child.pid));
      expect((await topology({ docker: [], podman: [] })).namespaces).toContainEqual(expect.objectContaining({ id: id.slice(0, 12), kind: 'container', container: { engine: 'docker', id } }));
      const socket = join(folder, 'docker.sock');
      await new Promise<void>((resolve) => { server.listen(socket, resolve); });
      const named = await topology({ docker: [socket], podman: [] });
      expect(named.namespaces).toContainEqual(expect.objectContaining({ id: 'web-1', kind: 'container', container: { engine: 'docker', id, name: 'web-1' } }));
      expect(edges(named)).toContain('pair home/u0 web-1/eth0');
      expect(toTree(named)).toMatch(/─ u0 .*⇄ web-1: eth0 DOWN\n/);
    } finally {
      server.close();
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGKILL');
      await ended;
      if (group) await expect.poll(() => { rmdirSync(group); return true; }).toBe(true);
      rmSync(folder, { recursive: true });
      sh('ip link del u0 2>/dev/null || true');
    }
  });
});

/** An empty control group whose name is a container's, in whatever hierarchy may be written to. */
function cgroupFor(id: string): string | undefined {
  const roots = existsSync('/sys/fs/cgroup/cgroup.procs') ? ['/sys/fs/cgroup'] : readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`).filter((path) => existsSync(join(path, 'cgroup.procs')));
  for (const path of roots.map((root) => join(root, `docker-${id}.scope`))) {
    try { mkdirSync(path); return path; } catch { /* read-only */ }
  }
  return undefined;
}

describe.skipIf(why)('limits', () => {
  test.skipIf(!has('setpriv'))('without privilege: what may be seen, and once what may not', async () => {
    create('closed');
    let index = 0;
    using main = readable('src/cli/main.ts');
    const [setpriv, ...drop] = NOBODY;
    try {
      { using nl = openSync(); nl.link.set('lo', { up: true }); nl.link.add(veth('to-closed', { peer: { ifname: 'eth0', namespace: 'closed' } }, { up: true })); }
      { using nl = openSync({ namespace: 'closed' }); index = nl.link.get('eth0').index; }
      const as = (...words: string[]) => spawnSync(setpriv, [...drop, process.execPath, main.program, 'topology', ...words], { encoding: 'utf8', timeout: PATIENCE });
      // The kernel looks for carriers once a second when many change.
      await until('the kernel has seen that nobody is at the other end', () => { using nl = openSync(); return nl.link.get('to-closed').operstate !== 'unknown'; });
      const { status, stdout, stderr } = as();
      expect(stderr.trim().split('\n')).toEqual(['not seen: what is in closed (EPERM): to enter a namespace takes CAP_SYS_ADMIN', "not seen: namespaces of other users' processes: to look at these takes CAP_SYS_PTRACE"]);
      expect(stdout).toContain(`─ to-closed no carrier ⇄ closed: #${index} not seen\n`);
      expect(status).toBe(0);
      expect((JSON.parse(as('-o', 'json').stdout) as Topology).links.find(({ id }) => id === `closed/#${index}`)).toMatchObject({ seen: false });
    } finally {
      { using nl = openSync(); nl.link.delete('to-closed'); }
      remove('closed');
    }
  });
  test('a namespace that is not there, or is none', async () => {
    expect(await nlkit('-n nosuch topology')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('there is no network namespace "nosuch"') as string });
    mkdirSync('/run/netns', { recursive: true });
    writeFileSync('/run/netns/leftover', '');
    try {
      expect(await nlkit('-n leftover topology')).toMatchObject({ status: 1, stderr: expect.stringContaining('"leftover" is not a network namespace') as string });
      expect((await topology({ all: true })).namespaces.map(({ name }) => name)).not.toContain('leftover');
      await expect(collect({ namespace: 'leftover' })).rejects.toMatchObject({ code: 'EINVAL' });
    } finally { rmSync('/run/netns/leftover'); }
    expect(await nlkit('topology -o picture')).toMatchObject({ status: 1, stdout: '' });
    expect((await nlkit('topology -o svgg')).stderr).toContain('did you mean "svg"?');
    expect((await nlkit('topology --alll')).stderr).toContain('did you mean "--all"?');
  });
  test('200 containers', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `c${i}`), took: Record<string, string> = {};
    const timed = async <T>(what: string, body: () => T | Promise<T>): Promise<T> => {
      const start = performance.now(), used = process.cpuUsage(), result = await body(), { user, system } = process.cpuUsage(used);
      took[what] = `${Math.round(performance.now() - start)} ms (processor ${Math.round((user + system) / 1000)})`;
      return result;
    };
    using nl = openSync();
    nl.link.add(bridge('br-many', {}, { up: true }));
    try {
      for (const name of many) { create(name); nl.link.add(veth(`v-${name}`, { peer: { ifname: 'eth0', namespace: name } }, { master: 'br-many', up: true })); }
      const held = descriptors();
      const facts = await timed('facts', () => collect({ namespaces: many }));
      const graph = await timed('graph', () => build(facts));
      expect(descriptors()).toBe(held);
      expect(graph.edges.filter(({ kind, from, to }) => kind === 'pair' && graph.links.find(({ id }) => id === from)?.namespace !== graph.links.find(({ id }) => id === to)?.namespace)).toHaveLength(200);
      for (const [format, make] of Object.entries({ tree: toTree, dot: toDot, mermaid: toMermaid, json: JSON.stringify, svg: toSvg })) await timed(format, () => make(graph));
      console.log(`200 containers: ${Object.entries(took).map(([what, time]) => `${what} ${time}`).join(', ')}`);
    } finally {
      nl.link.delete('br-many');
      for (const name of many) remove(name);
    }
  });
});
