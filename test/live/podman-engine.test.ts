/** The CNI plugins under podman: its own conflists, containers that reach each other and are reached, and nothing left. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asking, call, dropGroups, groups, HERE, HOST, HOST6, outside, OUTSIDE, OUTSIDE6, RECEIVED, SERVER, THERE, told } from '../support/box.ts';
import { endServersOf, leaveServers, serversOf } from '../support/cni-server.ts';
import { changes, snapshot } from '../support/network.ts';
import { IMAGE, PARENT, pluginsOf, podmanIn, type Podman } from '../support/podman.ts';
import { built, type Built } from '../support/program.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const needed = ['podman', 'conmon', 'busybox', 'ip', 'bridge', 'nft', 'iptables', 'ip6tables'].filter((command) => !has(command));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')} (Debian: podman, crun, busybox-static, nftables, iptables)` : undefined);
if (why) console.warn(`skipped: ${why}`);
const SERVED = '/run/nlkit-cni.sock', RESERVED = '/var/lib/cni/networks';

describe.skipIf(why)('nlkit-cni under podman', () => {
  let made: Built | undefined, podman: Podman, untouched: string;
  const running: ChildProcess[] = [], others = why === undefined ? groups(PARENT) : [];
  const done = (line: string): string => podman.done(line);
  const start = (name: string, words: string, command = SERVER.join(' ')): string => done(`run -d --name ${name} ${words} ${IMAGE} ${command}`);
  const asked = (container: string, address: string, port = 80, tries?: number): string => told(done(`exec ${container} /bin/sh -c '${asking(address, port, tries)}'`));
  const addressOf = (container: string, network: string, key = 'IPAddress'): string => done(`inspect -f '{{(index .NetworkSettings.Networks "${network}").${key}}}' ${container}`);

  beforeAll(async () => {
    made = await built('nlkit-cni');
    leaveServers(SERVED);
    sh(`mount -t tmpfs tests /var/lib && ip link set lo up && ${made.program} install /run/plugins`);
    podman = podmanIn('/run/podman-test', '/run/plugins');
    running.push(outside('/run/podman-test/image'));
    untouched = snapshot(RESERVED);
  }, 4 * PATIENCE);
  afterAll(() => {
    podman?.run('rm -fa -t 0');
    for (const child of running) child.kill('SIGKILL');
    dropGroups(PARENT, others);
    endServersOf('/run/plugins');
    made?.remove();
  }, 2 * PATIENCE);

  test('networks that podman makes, with the plugins that it asks for', { timeout: 6 * PATIENCE }, () => {
    done('network create --subnet 10.201.1.0/24 -o isolate=true lab');
    done('network create --ipv6 --subnet 10.201.2.0/24 --subnet fd00:201::/64 -o mtu=1400 -o isolate=true six');
    done('network create --internal --subnet 10.201.3.0/24 inner');
    done('network create -d macvlan -o parent=m0 --subnet 192.0.2.0/24 lan');
    for (const name of ['lab', 'six', 'inner']) expect(pluginsOf(podman, name).map(({ type }) => type)).toEqual(['bridge', 'portmap', 'firewall', 'tuning']);
    expect(done('network ls --format {{.Name}}').split('\n').sort()).toEqual(['inner', 'lab', 'lan', 'podman', 'six']);
    expect(changes(untouched, snapshot(RESERVED)), 'nothing is made before there is a container').toEqual([]);
  });

  test('containers reach each other, the outside, and are reached by published ports', { timeout: 12 * PATIENCE }, () => {
    start('web', '--network lab -p 8080:80 -p 127.0.0.1:8081:80');
    start('peer', '--network lab --ip 10.201.1.77 --mac-address 02:00:00:00:00:77');
    const web = addressOf('web', 'lab');
    expect(web).toBe('10.201.1.2');
    expect(done('exec peer /bin/ip addr show eth0')).toMatch(/02:00:00:00:00:77[^]*10\.201\.1\.77\/24/);
    expect(done(`exec peer /bin/ping -c1 -W3 ${web}`)).toMatch(RECEIVED);
    expect(serversOf('/run/plugins'), 'calls after the first are answered by a server').toHaveLength(1);
    expect(asked('peer', web)).toBe('10.201.1.77');
    expect(asked('web', OUTSIDE), 'masqueraded, though iptables drops what is forwarded').toBe(HOST);
    expect(call(THERE, HOST, 8080), 'from outside').toBe(OUTSIDE);
    expect(call(HERE, '127.0.0.1', 8080), 'from the host').toBe('10.201.1.1');
    expect(call(HERE, HOST, 8080)).not.toBe('nobody');
    expect(asked('peer', HOST, 8080), 'from a neighbour').toBe('10.201.1.1');
    expect(asked('web', HOST, 8080), 'from the container itself: hairpin').toBe('10.201.1.1');
    expect(call(HERE, '127.0.0.1', 8081)).toBe('10.201.1.1');
    expect(call(THERE, HOST, 8081, 1), 'published on the loopback address only').toBe('nobody');
    expect(sh('iptables -S FORWARD'), 'iptables can read its table').toMatch(new RegExp(`-s ${web}/32 .*-j ACCEPT`));
  });

  test('without the firewall plugin iptables drops', { timeout: 3 * PATIENCE }, () => {
    const [bridge] = pluginsOf(podman, 'lab');
    writeFileSync(join(podman.networks, 'bare.conflist'), JSON.stringify({ cniVersion: '1.0.0', name: 'bare', plugins: [{ ...bridge, bridge: 'bare0', ipam: { type: 'host-local', subnet: '10.201.9.0/24', routes: [{ dst: '0.0.0.0/0' }] } }] }));
    expect(done(`run --rm --network bare ${IMAGE} /bin/sh -c '${asking(OUTSIDE, 80, 1)}'`)).toBe('nobody');
    sh('ip link del bare0');
  });

  test('IPv6', { timeout: 8 * PATIENCE }, () => {
    start('web6', '--network six -p 8086:80');
    const web6 = addressOf('web6', 'six', 'GlobalIPv6Address');
    expect(web6).toBe('fd00:201::2');
    start('peer6', '--network six', '/bin/sleep 1000');
    expect(done('exec peer6 /bin/ip link show eth0')).toContain('mtu 1400');
    expect(done(`exec peer6 /bin/ping -c1 -W3 ${web6}`)).toMatch(RECEIVED);
    expect(asked('peer6', web6)).toBe('fd00:201::3');
    expect(asked('peer6', OUTSIDE6), 'masqueraded').toBe(HOST6);
    expect(call(THERE, HOST6, 8086), 'from outside').toBe(OUTSIDE6);
    expect(asked('web6', HOST6, 8086), 'hairpin').toBe('fd00:201::1');
    expect(asked('web', addressOf('web6', 'six'), 80, 1), 'isolated networks').toBe('nobody');
    done('rm -f -t 0 peer6');
  });

  test('internal and macvlan networks', { timeout: 6 * PATIENCE }, () => {
    expect(done(`run --rm --network inner ${IMAGE} /bin/ip route`), 'no way out').not.toContain('default');
    start('one', '--network lan --ip 192.0.2.7', '/bin/sleep 1000');
    expect(done(`run --rm --network lan ${IMAGE} /bin/ping -c1 -W3 192.0.2.7`)).toMatch(RECEIVED);
    done('rm -f -t 0 one');
  });

  test('connected, disconnected, restarted', { timeout: 8 * PATIENCE }, () => {
    done('network connect six web');
    expect(done('exec web /bin/ip addr')).toMatch(/eth0[^]*10\.201\.1\.2[^]*eth1[^]*10\.201\.2\./);
    expect(asked('web', addressOf('web6', 'six', 'GlobalIPv6Address'))).toContain('fd00:201::');
    done('network disconnect six web');
    expect(done('exec web /bin/ip addr')).not.toContain('eth1');
    done('restart -t 0 web');
    expect(call(THERE, HOST, 8080), 'after a restart').toBe(OUTSIDE);
    sh('iptables -F FORWARD && nft delete table inet nlkit_cni');
    done('network reload web');
    expect(call(THERE, HOST, 8080), 'reloaded after somebody flushed the firewall').toBe(OUTSIDE);
    expect(podman.run('network rm lab').stderr).toContain('being used');
  });

  test('what is removed leaves nothing', { timeout: 6 * PATIENCE }, () => {
    done('rm -f -t 0 web web6 peer');
    expect(sh(`find ${RESERVED} -name '10.*' -o -name 'fd*' -o -name '192.*'`), 'no address is held').toBe('');
    expect(readdirSync('/run/netns')).toEqual(['outside']);
    done('network rm lab six inner lan');
    expect(changes(untouched, snapshot(RESERVED))).toEqual([]);
    expect(sh('iptables -S FORWARD; ip6tables -S FORWARD')).toBe('-P FORWARD DROP\n-P FORWARD DROP');
  });
});
