/** `firewall` on hosts whose iptables drops what is forwarded: what passes is what passes with the reference plugin, and nothing is left. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/cni/index.ts';
import { create, enter, remove } from '../../src/namespace/index.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const REFERENCE = process.env['CNI_REFERENCE'] ?? '/usr/lib/cni', folder = mkdtempSync(join(tmpdir(), 'nlkit-cni-'));
const needed = ['iptables', 'ip6tables', 'nft', 'ip'].filter((command) => !has(command));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')}` : existsSync(`${REFERENCE}/firewall`) ? undefined : `no reference plugins in ${REFERENCE} (Debian: containernetworking-plugins)`);
if (why) console.warn(`skipped: ${why}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Call = (command: string, container: string, config: object) => { status: number | null; output: Record<string, unknown> };
const envOf = (command: string, container: string, path: string) =>
  ({ PATH: process.env['PATH'], CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_NETNS: `/run/netns/${container}`, CNI_IFNAME: 'eth0', CNI_PATH: path });
const ours: Call = (command, container, config) => answer('nlkit-cni', envOf(command, container, '/nowhere'), JSON.stringify(config)) as ReturnType<Call>;
const theirs: Call = (command, container, config) => {
  const { status, stdout } = spawnSync(join(REFERENCE, (config as { type: string }).type), [], { env: envOf(command, container, REFERENCE), input: JSON.stringify(config), encoding: 'utf8', timeout: PATIENCE });
  return { status, output: JSON.parse(stdout === '' ? '{}' : stdout) as Record<string, unknown> };
};
const SERVER = 'require("net").createServer((s) => { s.on("error", () => {}); s.end("hello"); }).listen(80, "::", () => console.log("ready"))';
/** Milliseconds without an answer: emulated machines need some for what is let through. */
const NOBODY = 1500 * Math.min(8, PATIENCE / 20_000);
const CLIENT = 'const s = require("net").connect(80, process.argv[1]); s.setTimeout(+process.argv[2], () => { console.log("nobody"); process.exit(); }); s.on("error", () => console.log("nobody")); s.on("data", (d) => console.log(String(d)))';

/** Containers: two on one bridge, one on another. */
const BRIDGES = { fa: 'cni7', fb: 'cni7', fc: 'cni8' } as const;
type Name = keyof typeof BRIDGES;
const names = Object.keys(BRIDGES) as Name[];
const bridgeOf = (name: Name): object => {
  const n = BRIDGES[name] === 'cni7' ? 7 : 8;
  return { cniVersion: '1.0.0', name: `net${n}`, type: 'bridge', bridge: BRIDGES[name], isGateway: true, ipam: { type: 'host-local', dataDir: join(folder, 'pools'), ranges: [[{ subnet: `10.${n}.0.0/16` }], [{ subnet: `fd00:${n}::/64` }]], routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }] } };
};
const firewallOf = (name: Name, output: object, more: object = {}): object => ({ cniVersion: '1.0.0', name: `net${BRIDGES[name].slice(-1)}`, type: 'firewall', prevResult: output, ...more });

/** Who reaches whom: from, to, address. */
const ways = [
  ['fa', 'out', '10.200.0.2'], ['fa', 'out', 'fd00:200::2'], ['out', 'fa', '10.7.0.2'], ['out', 'fa', 'fd00:7::2'], ['fa', 'fc', '10.8.0.2'], ['fc', 'fa', 'fd00:7::2'], ['fa', 'fb', '10.7.0.3'],
] as const;
type Tried = Record<string, string>;
async function tried(call: Call, more: object = {}): Promise<{ without: Tried; during: Tried; after: Tried; rules: string }> {
  const all = ['out', ...names], servers: ChildProcess[] = [];
  rmSync(join(folder, 'pools'), { recursive: true, force: true });
  for (const name of all) create(name);
  try {
    sh(`ip link add up0 type veth peer name eth0 netns out; ip addr add 10.200.0.1/24 dev up0; ip addr add fd00:200::1/64 dev up0 nodad; ip link set up0 up; ip link set lo up
      ip -n out addr add 10.200.0.2/24 dev eth0; ip -n out addr add fd00:200::2/64 dev eth0 nodad; ip -n out link set eth0 up
      ip -n out route add default via 10.200.0.1; ip -n out route add default via fd00:200::1`);
    const results = Object.fromEntries(names.map((name) => [name, call('ADD', name, bridgeOf(name)).output])) as Record<Name, object>;
    for (const name of all) servers.push(enter(name, () => spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })));
    await Promise.all(servers.map((server) => new Promise((resolve) => { server.stdout?.once('data', resolve); })));
    const reached = async (): Promise<Tried> => Object.fromEntries(await Promise.all(ways.map(async ([from, to, address]) => {
      const client = enter(from, () => spawn(process.execPath, ['-e', CLIENT, address, String(NOBODY)], { stdio: ['ignore', 'pipe', 'inherit'] }));
      let said = '';
      client.stdout.setEncoding('utf8').on('data', (text: string) => { said += text; });
      await new Promise((resolve) => { client.once('close', resolve); });
      return [`${from} calls ${to}, ${address}`, said.trim()] as const;
    })));
    const without = await reached();
    for (const name of names) expect(call('ADD', name, firewallOf(name, results[name], more))).toMatchObject({ status: 0, output: { ips: (results[name] as { ips: object[] }).ips } });
    const rules = sh('iptables -S FORWARD; ip6tables -S FORWARD'), during = await reached();
    for (const name of names) expect(call('CHECK', name, firewallOf(name, results[name], more)).status).toBe(0);
    for (const name of names) expect(call('DEL', name, firewallOf(name, results[name], more)).status).toBe(0);
    const after = await reached();
    for (const name of names) expect(call('DEL', name, bridgeOf(name)).status).toBe(0);
    return { without, during, after, rules };
  } finally {
    for (const server of servers) server.kill();
    for (const name of all) remove(name);
    sh('for one in up0 cni7 cni8; do ip link del $one 2>/dev/null; done; true');
  }
}
/** The reference plugins leave chains. */
const drop = (more = ''): void => { sh(`nft flush ruleset; iptables -P FORWARD DROP; ip6tables -P FORWARD DROP${more}`); };
const passed = ({ during }: { during: Tried }): string[] => Object.entries(during).filter(([, said]) => said === 'hello').map(([way]) => way.split(',')[0] as string);

describe.skipIf(why !== undefined)('firewall', () => {
  test('iptables drops: what the containers began passes', { timeout: PATIENCE * 8 }, async () => {
    drop();
    const before = sh('nft list ruleset'), own = await tried(ours);
    expect(passed(own)).toEqual(['fa calls out', 'fa calls out', 'fa calls fc', 'fc calls fa', 'fa calls fb']);
    expect(own.after).toEqual(own.without);
    expect(own.rules).toMatch(/-A FORWARD -s 10\.7\.0\.2\/32 .*-j ACCEPT[^]*-A FORWARD -s fd00:7::2\/128 .*-j ACCEPT/);
    expect(sh('nft list ruleset'), 'nothing is left').toBe(before);
    drop();
    const { rules: _rules, ...other } = await tried(theirs), { rules: _own, ...same } = own;
    expect(same).toEqual(other);
  });
  test('bridges that are kept apart', { timeout: PATIENCE * 8 }, async () => {
    const apart = { ingressPolicy: 'same-bridge' };
    drop();
    const { rules: _rules, ...own } = await tried(ours, apart);
    expect(passed(own)).toEqual(['fa calls out', 'fa calls out', 'fa calls fb']);
    expect(sh('nft list tables')).not.toContain('nlkit');
    drop();
    const { rules: _others, ...other } = await tried(theirs, apart);
    expect(own).toEqual(other);
  });
  test("the administrator's chain comes first", { timeout: PATIENCE * 8 }, async () => {
    const admin = '; iptables -N CNI-ADMIN; iptables -A CNI-ADMIN -d 10.200.0.2 -j DROP; ip6tables -N CNI-ADMIN';
    drop(admin);
    const { rules: _rules, ...own } = await tried(ours);
    expect(passed(own)).toEqual(['fa calls out', 'fa calls fc', 'fc calls fa', 'fa calls fb']);
    drop(admin);
    const { rules: _others, ...other } = await tried(theirs);
    expect(own).toEqual(other);
  });
  test('CHECK misses what somebody flushed; GC takes what is in no valid attachment; a host without iptables is left alone', () => {
    const former = { cniVersion: '1.1.0', ips: [{ address: '10.7.0.9/16' }] }, config = (more: object = {}): object => ({ cniVersion: '1.1.0', name: 'net7', type: 'firewall', prevResult: former, ...more });
    drop();
    for (const name of ['fa', 'fb']) expect(ours('ADD', name, config()).status).toBe(0);
    expect(ours('GC', '', config({ 'cni.dev/valid-attachments': [{ containerID: 'fb', ifname: 'eth0' }] })).status).toBe(0);
    expect([ours('CHECK', 'fa', config()), ours('CHECK', 'fb', config()).status]).toMatchObject([{ status: 1, output: { msg: expect.stringContaining('no rule of iptables') as string } }, 0]);
    sh('iptables -F FORWARD');
    expect(ours('CHECK', 'fb', config()).status).toBe(1);
    for (const name of ['fa', 'fb']) expect(ours('DEL', name, config()).status).toBe(0);
    sh('nft flush ruleset');
    expect([ours('ADD', 'fa', config()).status, ours('CHECK', 'fa', config()).status, sh('nft list ruleset'), ours('DEL', 'fa', config()).status]).toEqual([0, 0, '', 0]);
  });
});
