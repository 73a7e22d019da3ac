/** The CNI plugins as Kubernetes' nodes call them: containerd's CRI plugin, asked over its socket as the kubelet asks it. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, dropGroups, groups, HERE, HOST, HOST6, outside, OUTSIDE, OUTSIDE6, RECEIVED, THERE } from '../support/box.ts';
import { Node, PARENT, type Pod } from '../support/containerd.ts';
import { READY } from '../support/cri.ts';
import { endServersOf, leaveServers, serversOf } from '../support/cni-server.ts';
import { changes, kernelHas, snapshot } from '../support/network.ts';
import { built, type Built } from '../support/program.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const needed = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'busybox', 'ip', 'bridge', 'nft', 'iptables', 'ip6tables'].filter((command) => !has(command));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')} (Debian: containerd, runc, busybox-static, nftables, iptables): npm run test:vm -- --kernel 6.12 kubernetes-engine` : undefined);
if (why) console.warn(`skipped: ${why}`);
const SERVED = '/run/nlkit-cni.sock', RESERVED = '/var/lib/cni/networks', FOLDER = `/run/kubernetes-${process.pid}`, PLUGINS = '/run/plugins';

/** As containerd's own documentation has it, with what a host needs that drops what is forwarded. The node's ranges come from the kubelet. */
const TEMPLATE = `{ "cniVersion": "1.0.0", "name": "pods", "plugins": [
  { "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true, "mtu": 1400, "ipam": { "type": "host-local",
    "ranges": [{{range $i, $range := .PodCIDRRanges}}{{if $i}}, {{end}}[{ "subnet": "{{$range}}" }]{{end}}],
    "routes": [{{range $i, $route := .Routes}}{{if $i}}, {{end}}{ "dst": "{{$route}}" }{{end}}] } },
  { "type": "portmap", "capabilities": { "portMappings": true } },
  { "type": "firewall" },
  { "type": "tuning", "sysctl": { "net.core.somaxconn": "500" } } ] }`;
const SLEEP = ['/bin/sleep', '1000000'];
const CIDRS = '10.202.0.0/24,fd00:202::/64';
const conflist = (name: string, plugin: object, subnet: string, more: object = {}): object =>
  ({ cniVersion: '1.0.0', name, plugins: [{ ...plugin, ipam: { type: 'host-local', subnet, routes: [{ dst: '0.0.0.0/0' }], ...more } }, { type: 'firewall' }] });
const HANDLERS = {
  ptp: conflist('ptp', { type: 'ptp', ipMasq: true }, '10.203.1.0/24'),
  macvlan: conflist('macvlan', { type: 'macvlan', master: 'm0', mode: 'bridge' }, '10.203.2.0/24'),
  ipvlan: conflist('ipvlan', { type: 'ipvlan', master: 'm1', mode: 'l2' }, '10.203.3.0/24'),
  tiny: conflist('tiny', { type: 'bridge', bridge: 'tiny0', isGateway: true }, '10.203.4.0/24', { rangeStart: '10.203.4.2', rangeEnd: '10.203.4.2' }),
  broken: conflist('broken', { type: 'bridge', bridge: 'broken0', vlan: 5000 }, '10.203.5.0/24'),
  lost: conflist('lost', { type: 'macvlan', master: 'none0' }, '10.203.6.0/24'),
  late: conflist('late', { type: 'bridge', bridge: 'late0', isGateway: true, ipMasq: true }, '10.203.7.0/24', { routes: [{ dst: '192.0.2.0/24', gw: '10.99.9.9' }] }),
};

/** Of those that are wrong, what is said. */
const WRONG = {
  broken: 'plugin type="bridge" failed (add): invalid VLAN ID 5000 (must be between 0 and 4094)',
  lost: 'plugin type="macvlan" failed (add): failed to lookup master "none0": Link not found',
  late: /plugin type="bridge" failed \(add\): failed to add route '192\.0\.2\.0\/24 via 10\.99\.9\.9': RTM_NEWROUTE: ENETUNREACH: .*the gateway is not reachable/,
};

describe.skipIf(why)('nlkit-cni under Kubernetes\' container runtime', () => {
  const node = new Node(FOLDER);
  let made: Built | undefined, untouched: string, web: Pod, peer: Pod, inWeb: string, inPeer: string;
  const running: ChildProcess[] = [], others = why === undefined ? groups(PARENT) : [];
  const json = (line: string): Record<string, unknown>[] => JSON.parse(sh(line)) as Record<string, unknown>[];
  const spaces = (): string[] => readdirSync('/run/netns').filter((name) => name.startsWith('cni-'));
  /** The namespace of who has an address. */
  const spaceOf = (address: string): string => spaces().find((name) => sh(`ip -n ${name} -br address`).includes(` ${address}/`)) as string;
  const reserved = (): string[] => sh(`find ${RESERVED} -name '10.*' -o -name 'fd*' | sed 's|.*/||' | sort`).split('\n').filter(Boolean);
  const rules = (): string => sh('nft list ruleset');

  beforeAll(async () => {
    made = await built('nlkit-cni');
    leaveServers(SERVED);
    sh(`mount -t tmpfs tests /var/lib && ip link set lo up && ${made.program} install ${PLUGINS}`);
    await node.prepare(PLUGINS, TEMPLATE, HANDLERS);
    running.push(outside(node.image));
    untouched = snapshot(RESERVED);
  }, 4 * PATIENCE);
  afterAll(async () => {
    await node.close();
    for (const child of running) child.kill('SIGKILL');
    dropGroups(PARENT, others);
    endServersOf(PLUGINS);
    made?.remove();
  }, 4 * PATIENCE);

  test('a node becomes ready when the kubelet tells it its range of addresses', { timeout: 3 * PATIENCE }, async () => {
    expect(await node.condition('RuntimeReady')).toMatchObject({ status: true });
    expect(await node.condition('NetworkReady')).toMatchObject({ status: false, reason: 'NetworkPluginNotReady' });
    await expect(node.pod('early')).rejects.toThrow(/cni plugin not initialized/);
    await node.cri.call('UpdateRuntimeConfig', { runtime_config: { network_config: { pod_cidr: CIDRS } } });
    await node.becomes(true);
    await node.clear();
    expect(changes(untouched, snapshot(RESERVED)), 'nothing is made before there is a pod').toEqual([]);
  });

  test('pods reach each other, the outside, and are reached by ports of the host', { timeout: 12 * PATIENCE }, async () => {
    web = await node.pod('web', { ports: [{ container: 80, host: 8080 }, { container: 80, host: 8081, address: HOST }, { container: 53, host: 5353, protocol: 'udp' }] });
    peer = await node.pod('peer');
    expect([web.addresses, peer.addresses], 'as CRI reports it').toEqual([['10.202.0.2', 'fd00:202::2'], ['10.202.0.3', 'fd00:202::3']]);
    inWeb = await node.run(web);
    inPeer = await node.run(peer, SLEEP);
    for (const address of web.addresses) {
      expect(await node.exec(inPeer, `ping -c1 -W3 ${address}`)).toMatch(RECEIVED);
      expect(peer.addresses).toContain(await node.asked(inPeer, address));
    }
    expect(serversOf(PLUGINS), 'calls after the first are answered by a server').toHaveLength(1);
    expect(await node.exec(inWeb, 'ping -c1 -W3 127.0.0.1; ping -c1 -W3 ::1'), 'the loopback plugin').toMatch(/1 packets received[^]*1 packets received/);
    expect([await node.asked(inPeer, OUTSIDE), await node.asked(inPeer, OUTSIDE6)], 'masqueraded, though iptables drops what is forwarded').toEqual([HOST, HOST6]);
    expect([call(THERE, HOST, 8080), call(THERE, HOST6, 8080), call(THERE, HOST, 8081)], 'from outside').toEqual([OUTSIDE, OUTSIDE6, OUTSIDE]);
    expect(call(HERE, '127.0.0.1', 8080), 'from the host').toBe('10.202.0.1');
    expect(await node.asked(inPeer, HOST, 8080), 'from a neighbour').toBe('10.202.0.1');
    expect(await node.asked(inWeb, HOST, 8080), 'from the pod itself: hairpin').toBe('10.202.0.1');
    expect(call(THERE, HOST, 80, 1)).toBe('nobody');
  });

  test('the state of the node is what the conflist asks for', { timeout: 3 * PATIENCE }, () => {
    expect(json('ip -j -d address show cni0')[0]).toMatchObject({ mtu: 1400, linkinfo: { info_kind: 'bridge' }, addr_info: expect.arrayContaining([expect.objectContaining({ local: '10.202.0.1', prefixlen: 24 }), expect.objectContaining({ local: 'fd00:202::1', prefixlen: 64 })]) as unknown });
    const ports = json('ip -j -d link show master cni0');
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatchObject({ mtu: 1400, linkinfo: { info_kind: 'veth', info_slave_data: { hairpin: true } } });
    expect(spaces()).toHaveLength(2);
    const space = spaceOf('10.202.0.2');
    expect(json(`ip -n ${space} -j address show eth0`)[0]).toMatchObject({ ifname: 'eth0', mtu: 1400, addr_info: expect.arrayContaining([expect.objectContaining({ local: 'fd00:202::2', prefixlen: 64 })]) as unknown });
    expect([json(`ip -n ${space} -j route show default`)[0], json(`ip -n ${space} -j -6 route show default`)[0]]).toMatchObject([{ gateway: '10.202.0.1', dev: 'eth0' }, { gateway: 'fd00:202::1', dev: 'eth0' }]);
    expect(sh(`ip netns exec ${space} cat /proc/sys/net/core/somaxconn`), 'tuning').toBe('500');
    expect(rules()).toMatch(/tcp dport 8080 dnat ip to 10\.202\.0\.2:80/);
    expect(rules()).toMatch(/udp dport 5353 dnat ip6 to \[fd00:202::2\]:53/);
    expect(rules()).toMatch(/ip daddr 10\.200\.0\.1 .*tcp dport 8081 dnat ip to 10\.202\.0\.2:80/);
    expect(sh('iptables -S FORWARD; ip6tables -S FORWARD'), 'iptables can read its table').toMatch(/-s 10\.202\.0\.2\/32 .*-j ACCEPT[^]*-s fd00:202::2\/128 .*-j ACCEPT/);
    expect(reserved()).toEqual(['10.202.0.2', '10.202.0.3', 'fd00:202::2', 'fd00:202::3']);
  });

  test('pods outlive containerd', { timeout: 6 * PATIENCE }, async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await node.end(signal);
      expect(call(THERE, HOST, 8080), 'without containerd').toBe(OUTSIDE);
      await node.start();
      await node.becomes(true);
    }
    expect((await node.pods()).map(({ metadata: { name }, state }) => [name, state]).sort()).toEqual([['peer', READY], ['web', READY]]);
    expect([await node.addressesOf(web.id), await node.addressesOf(peer.id)]).toEqual([web.addresses, peer.addresses]);
    const third = await node.pod('third');
    expect(third.addresses).toEqual(['10.202.0.4', 'fd00:202::4']);
    await node.stop(third);
    await node.remove(third);
  });

  test('a stopped pod holds nothing, a removed one is gone; both may be asked for twice', { timeout: 6 * PATIENCE }, async () => {
    for (const turn of ['once', 'twice']) {
      await node.stop(web);
      expect(reserved(), turn).toEqual(['10.202.0.3', 'fd00:202::3']);
      expect(rules(), turn).not.toMatch(/dport|202\.0\.2\b|202::2\b/);
    }
    expect(call(THERE, HOST, 8080, 1)).toBe('nobody');
    expect((await node.cri.call('PodSandboxStatus', { pod_sandbox_id: web.id })).status.state).not.toBe(READY);
    await node.remove(web);
    await node.remove(web);
    expect((await node.pods()).map(({ id }) => id)).toEqual([peer.id]);
    // The namespace of a pod may be lost before.
    sh(`ip netns del ${spaceOf('10.202.0.3')}`);
    await node.stop(peer);
    await node.remove(peer);
    expect([await node.pods(), reserved(), spaces(), json('ip -j link show master cni0')]).toEqual([[], [], [], []]);
  });

  for (const handler of ['ptp', 'macvlan', 'ipvlan'] as const) test(`pods of ${handler}`, { timeout: 8 * PATIENCE }, async (context) => {
    if (handler !== 'ptp' && !kernelHas(handler)) return context.skip(`this kernel has no ${handler}`);
    const one = await node.pod('one', { handler }), other = await node.pod('other', { handler });
    const [subnet] = /10\.203\.\d\./.exec(JSON.stringify(HANDLERS[handler])) as RegExpExecArray;
    expect([one.addresses, other.addresses]).toEqual([[`${subnet}2`], [`${subnet}3`]]);
    await node.run(one);
    expect(await node.asked(await node.run(other, SLEEP), `${subnet}2`)).toBe(`${subnet}3`);
    expect(json(`ip -n ${spaceOf(`${subnet}3`)} -j -d link show eth0`)[0]).toMatchObject({ linkinfo: { info_kind: handler === 'ptp' ? 'veth' : handler } });
    await node.clear();
    expect([reserved(), spaces()]).toEqual([[], []]);
  });

  test('what is wrong is told, and leaves nothing', { timeout: 8 * PATIENCE }, async () => {
    const before = snapshot(RESERVED);
    for (const [handler, says] of Object.entries(WRONG)) await expect(node.pod('bad', { handler }), handler).rejects.toThrow(says);
    expect([await node.pods(), changes(before, snapshot(RESERVED))], 'the runtime itself calls DEL').toEqual([[], []]);
    const first = await node.pod('first', { handler: 'tiny' });
    await expect(node.pod('bad', { handler: 'tiny' })).rejects.toThrow('plugin type="bridge" failed (add): failed to allocate for network tiny: no address is left in 10.203.4.0/24');
    expect(spaces()).toHaveLength(1);
    await node.stop(first);
    expect((await node.pod('second', { handler: 'tiny' })).addresses, 'an address that somebody gave back').toEqual(first.addresses);
    await node.clear();
  });

  test('a network that is taken away or spoilt makes the node unready', { timeout: 4 * PATIENCE }, async () => {
    const [file] = readdirSync(join(FOLDER, 'networks')).map((name) => join(FOLDER, 'networks', name)) as [string], text = readFileSync(file, 'utf8');
    for (const harm of [() => rmSync(file), () => writeFileSync(file, '{')]) {
      harm();
      await node.becomes(false);
      expect(await node.condition('NetworkReady')).toMatchObject({ reason: 'NetworkPluginNotReady' });
      writeFileSync(file, text);
      await node.becomes(true);
    }
  });

  test('what is removed leaves nothing', { timeout: 3 * PATIENCE }, () => {
    // Bridges stay, as with the reference plugin.
    sh('ip link del cni0 && ip link del tiny0');
    expect(changes(untouched, snapshot(RESERVED))).toEqual([]);
    expect(sh('iptables -S FORWARD; ip6tables -S FORWARD')).toBe('-P FORWARD DROP\n-P FORWARD DROP');
    expect([reserved(), readdirSync('/run/netns'), readdirSync('/var/lib/cni/results')]).toEqual([[], ['outside'], []]);
  });
});
