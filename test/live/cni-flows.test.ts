/** `portmap` and senders of UDP that never rest: they follow the port, as with the reference plugin. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/cni/index.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { receive, send, type Hearing } from '../support/udp.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const REFERENCE = process.env['CNI_REFERENCE'] ?? '/usr/lib/cni', folder = mkdtempSync(join(tmpdir(), 'nlkit-cni-'));
const needed = ['iptables', 'ip6tables', 'nft', 'ip', 'conntrack'].filter((command) => !has(command));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')}` : !existsSync(`${REFERENCE}/portmap`) ? `no reference plugins in ${REFERENCE} (Debian: containernetworking-plugins)` : spawnSync('conntrack', ['-C']).status !== 0 ? 'this kernel has no connection tracking over netlink' : undefined);
if (why) console.warn(`skipped: ${why}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Call = (command: string, container: string, config: object) => Record<string, unknown>;
const envOf = (command: string, container: string, path: string) =>
  ({ PATH: process.env['PATH'], CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_NETNS: `/run/netns/${container}`, CNI_IFNAME: 'eth0', CNI_PATH: path });
const ours: Call = (command, container, config) => {
  const { status, output } = answer('nlkit-cni', envOf(command, container, REFERENCE), JSON.stringify(config));
  expect(status, JSON.stringify(output)).toBe(0);
  return (output ?? {}) as Record<string, unknown>;
};
const theirs: Call = (command, container, config) => {
  const { status, stdout } = spawnSync(join(REFERENCE, (config as { type: string }).type), [], { env: envOf(command, container, REFERENCE), input: JSON.stringify(config), encoding: 'utf8', timeout: PATIENCE });
  expect(status, stdout).toBe(0);
  return JSON.parse(stdout === '' ? '{}' : stdout) as Record<string, unknown>;
};
const HOST = '10.200.0.1', PORT = 5300;
const bridge = { cniVersion: '1.0.0', name: 'flows', type: 'bridge', bridge: 'cni9', isGateway: true, ipam: { type: 'host-local', dataDir: join(folder, 'pools'), ranges: [[{ subnet: '10.9.0.0/16' }]], routes: [{ dst: '0.0.0.0/0' }] } };
const portmap = (prevResult: object, more: object = {}): object => ({ cniVersion: '1.0.0', name: 'flows', type: 'portmap', capabilities: { portMappings: true }, runtimeConfig: { portMappings: [{ hostPort: PORT, containerPort: 53, protocol: 'udp', ...more }] }, prevResult });

/** What happens to a sender while the port goes from one to another. @param left how many connections lead to containers after each DEL */
async function follow(call: Call, more: object = {}): Promise<{ first: boolean; second: boolean; alone: boolean; left: number[] }> {
  const started: Hearing[] = [], left: number[] = [], heard = async (hearing: Hearing): Promise<boolean> => { try { await hearing.hears(); return true; } catch { return false; } };
  for (const name of ['out', 'pa', 'pb']) create(name);
  try {
    sh(`ip link set lo up; ip link add up0 type veth peer name eth0 netns out; ip addr add ${HOST}/24 dev up0; ip link set up0 up
      ip -n out addr add 10.200.0.2/24 dev eth0; ip -n out link set eth0 up; ip -n out route add default via ${HOST}`);
    const results = { pa: call('ADD', 'pa', bridge), pb: call('ADD', 'pb', bridge) }, a = await receive('pa', '0.0.0.0', 53), b = await receive('pb', '0.0.0.0', 53);
    started.push(a, b, await send('out', HOST, PORT, 7777));
    const count = (): void => { left.push(sh('conntrack -L -p udp 2>/dev/null || true').split('\n').filter((line) => /src=10\.9\.0/.test(line) && line.includes(`dport=${PORT} `)).length); };
    // The kernel tracks the sender from the first rule on, whosever it is.
    sh('nft add table inet watch; nft add chain inet watch p "{ type filter hook prerouting priority 0; }"; nft add rule inet watch p ct state new counter; sleep 0.2');
    call('ADD', 'pa', portmap(results.pa, more));
    const first = await heard(a);
    call('DEL', 'pa', portmap(results.pa, more));
    count();
    call('ADD', 'pb', portmap(results.pb, more));
    const second = await heard(b), alone = await a.rests();
    call('DEL', 'pb', { ...portmap({}), runtimeConfig: {}, prevResult: undefined });
    count();
    return { first, second, alone, left };
  } finally {
    for (const one of started) await one.end();
    for (const name of ['pa', 'pb']) call('DEL', name, bridge);
    for (const name of ['out', 'pa', 'pb']) remove(name);
    sh('for one in up0 cni9; do ip link del $one 2>/dev/null; done; nft flush ruleset; conntrack -F');
    rmSync(join(folder, 'pools'), { recursive: true, force: true });
  }
}

describe.skipIf(why !== undefined)('portmap', () => {
  test.each([['at any address', {}], ['at one', { hostIP: HOST }]])('%s: the next packet goes where the port leads', async (_where, more) => {
    const { left, ...own } = await follow(ours, more);
    expect(own).toEqual({ first: true, second: true, alone: true });
    expect(left, 'none is led to where nothing leads any more').toEqual([0, 0]);
    const { left: _left, ...other } = await follow(theirs, more);
    expect(own).toEqual(other);
  }, PATIENCE * 4);
});
