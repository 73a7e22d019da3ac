/** The docker plugin under docker itself: networks, containers that reach each other, restarts of both. */
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create } from '../../src/namespace/index.ts';
import { dials, serve, snapshot as whole } from '../support/network.ts';
import { built, type Built } from '../support/program.ts';
import { has, isolate, PATIENCE, sh, until } from './support.ts';

const needed = ['dockerd', 'docker', 'containerd', 'runc', 'busybox', 'ip', 'bridge'].filter((command) => !has(command));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')} (Debian: docker.io, busybox-static): npm run test:vm -- --kernel 6.12 docker-engine` : undefined);
if (why) console.warn(`skipped: ${why}`);
const snapshot = (): string => whole('/run/state').replace(/^.*(fe80:|ff00::|33:33:).*\n/gm, '');
const groups = '/sys/fs/cgroup';
const env = { ...process.env, NLKIT_STATE: '/run/state', DOCKER_HOST: 'unix:///run/docker-test.sock' };

describe.skipIf(why)('nlkit docker-plugin under docker', () => {
  const running: ChildProcess[] = [];
  let made: Built | undefined, program: string;
  /** The client of the engine's version, if there is one: others refuse what they would have to say in another way. */
  const versionOf = (command: string): string | undefined => /version ([\d.]+)/.exec(sh(`${command} --version`))?.[1];
  const clients = why === undefined ? (process.env['PATH'] ?? '').split(':').map((folder) => `${folder}/docker`).filter((path) => existsSync(path)) : [];
  const client = clients.find((path) => versionOf(path) === versionOf('dockerd')) ?? 'docker';
  const docker = (line: string): { status: number | null; stdout: string; stderr: string } => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${client} ${line}`], { env, encoding: 'utf8', timeout: PATIENCE });
    return { status, stdout: stdout.trim(), stderr };
  };
  /** What it prints, while this process goes on serving. */
  const later = (line: string): Promise<string> => new Promise((resolve) => { execFile('sh', ['-c', `${client} ${line}`], { env, timeout: PATIENCE }, (_error, stdout) => resolve(stdout.trim())); });
  function done(line: string): string {
    const { status, stdout, stderr } = docker(line);
    if (status !== 0) throw new Error(`docker ${line}: exit ${status}: ${stderr}`);
    return stdout;
  }
  /** What the programs said. */
  let said = '';
  function start(command: string, words: string[]): ChildProcess {
    const child = spawn(command, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    running.push(child);
    return child;
  }
  const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => new Promise((resolve) => {
    running.splice(running.indexOf(child), 1);
    child.once('close', resolve);
    child.kill(signal);
  });
  const socket = '/run/docker/plugins/nlkit.sock';
  async function plugin(): Promise<ChildProcess> {
    rmSync(socket, { force: true });
    const child = start(process.execPath, [program, 'docker-plugin']);
    await until('the plugin listens', () => existsSync(socket));
    return child;
  }
  async function engine(...words: string[]): Promise<ChildProcess> {
    const child = start('dockerd', [...words, '--storage-driver=vfs', '--data-root=/run/docker-data', '--exec-root=/run/docker-exec', '--pidfile=/run/docker-test.pid', `-H=${env.DOCKER_HOST}`]);
    await until('the engine answers', () => docker('version').status === 0);
    return child;
  }
  /** An engine that leaves the firewall alone, and has no network of its own. */
  const plainEngine = (): Promise<ChildProcess> => engine('--bridge=none', '--iptables=false', '--ip-forward=false');
  const before = why === undefined && existsSync(groups) ? new Set(readdirSync(groups)) : new Set<string>();
  const left = (): string[] => [...before].map((name) => join(groups, name, 'docker')).filter((path) => existsSync(path));
  const others = why === undefined ? left() : [];
  beforeAll(async () => {
    made = await built('nlkit');
    program = made.program;
    create('out');
    sh('ip link set lo up && ip link add up0 type veth peer name eth0 netns out && ip link set up0 up && ip addr add 198.51.100.1/24 dev up0 && ip -n out link set eth0 up && ip -n out addr add 198.51.100.2/24 dev eth0');
    mkdirSync('/run/image/bin', { recursive: true });
    copyFileSync(sh('command -v busybox'), '/run/image/bin/busybox');
    for (const name of ['sh', 'ip', 'ping', 'sleep', 'nc', 'timeout', 'echo']) symlinkSync('busybox', `/run/image/bin/${name}`);
  }, 3 * PATIENCE);
  afterEach(async () => {
    // What a failed test has left: with --live-restore containers would outlive the engine.
    if (running.length > 0) docker(`rm -f $(${client} ps -aq); ${client} network prune -f`);
    for (const child of [...running].reverse()) await end(child, 'SIGTERM');
  });
  afterAll(() => {
    made?.remove();
    for (const path of left()) if (!others.includes(path)) rmdirSync(path);
  }, 3 * PATIENCE);

  test('networks and containers', { timeout: 12 * PATIENCE }, async () => {
    let ours = await plugin(), dockerd = await plainEngine();
    const untouched = snapshot();
    done('network create -d nlkit --ipam-driver nlkit --subnet 172.30.0.0/24 lab');
    done('network create -d nlkit -o mtu=1400 --ipv6 --subnet 172.31.0.0/24 --subnet fd00:1::/64 six');
    done('network create -d nlkit -o parent=up0 -o driver=macvlan --subnet 192.0.2.0/24 lan');
    done('network create -d nlkit --internal --ipam-driver nlkit inner');
    const made = snapshot();
    expect(docker('network create -d nlkit -o colour=red bad').stderr).toContain('there is no option "colour"');
    expect(docker('network create -d nlkit -o parent=none0 bad').stderr).toContain('none0');
    expect(snapshot(), 'what is refused leaves nothing').toBe(made);
    sh(`tar -C /run/image -c . | DOCKER_HOST=${env.DOCKER_HOST} ${client} import - box`);
    done('run -d --name web --network lab -p 8080:80 box /bin/sleep 1000');
    expect(sh('ping -c1 -i0.3 -w10 172.30.0.2')).toContain('1 received');
    if (has('nft')) expect(sh('nft list ruleset')).toMatch(/tcp \. 8080 .*: 172\.30\.0\.2 \. 80\b/);
    expect(done('run --rm --network lab box /bin/ping -c1 -W3 web'), 'by its name').toContain('1 packets received');
    expect(done('run --rm --network six box /bin/sh -c "ip link show eth0; ping -c1 -W3 fd00:1::1"')).toMatch(/mtu 1400[^]*1 packets received/);
    expect(done('run --rm --network inner box /bin/ip route'), 'no way out').not.toContain('default');
    done('run -d --name one --network lan --ip 192.0.2.7 --mac-address 02:00:00:00:00:07 box /bin/sleep 1000');
    expect(done('exec one /bin/ip link show eth0')).toContain('02:00:00:00:00:07');
    expect(done('run --rm --network lan box /bin/ping -c1 -W3 192.0.2.7')).toContain('1 packets received');
    expect(docker('network rm lab').stderr).toContain('active endpoints');

    await end(ours, 'SIGKILL');
    ours = await plugin();
    done('restart -t 0 web');
    done('network connect six web');
    expect(done('exec web /bin/ip addr')).toMatch(/eth0[^]*172\.30\.0\.[^]*eth1[^]*172\.31\.0\.2/);
    done('network disconnect six web');
    await end(dockerd, 'SIGTERM');
    dockerd = await plainEngine();
    expect(done('run --rm --network lab box /bin/ping -c1 -W3 172.30.0.1'), 'after a restart of the engine').toContain('1 packets received');
    done('rm -f web one');
    done('network rm lab six lan inner');
    expect(snapshot()).toBe(untouched);
    await end(dockerd, 'SIGTERM');
    expect(await end(ours, 'SIGTERM')).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  test('beside docker\'s own rules and networks; what docker drops is told; restarts of both with containers running', { timeout: 15 * PATIENCE }, async () => {
    sh('sysctl -qw net.ipv4.ip_forward=0');
    // It turns forwarding on, and then drops what it does not know.
    let ours = await plugin(), dockerd = await engine('--live-restore');
    expect(sh('iptables -S FORWARD')).toContain('-P FORWARD DROP');
    if (docker('image inspect box').status !== 0) sh(`tar -C /run/image -c . | DOCKER_HOST=${env.DOCKER_HOST} ${client} import - box`);
    const serving = 'box /bin/nc -ll -p 80 -e /bin/echo it is web', end81 = serve('out', 81, 'out');
    said = '';
    done('network create -d nlkit --ipam-driver nlkit --subnet 172.30.0.0/24 lab');
    await until('the plugin says what to do', () => said.includes(' -o nl-'));
    const lines = [...said.matchAll(/^ {2}(iptables .*)$/gm)].map(([, line]) => line as string);
    expect(lines).toEqual(['-i', '-o'].map((way) => expect.stringMatching(new RegExp(`^iptables -I DOCKER-USER ${way} nl-\\w+ -j ACCEPT$`)) as string));
    done(`run -d --name web --network lab -p 8080:80 ${serving}`);
    done(`run -d --name own -p 9090:80 ${serving}`);
    const outward = (name: string): Promise<string> => later(`exec ${name} /bin/timeout 10 /bin/nc 198.51.100.2 81`), web = 'it is web\n', callers = ['out', ''];
    expect([await outward('web'), await dials('out', '198.51.100.1', 8080)], 'what docker drops').toEqual(['', undefined]);
    for (const line of lines) sh(line);
    const all = async (what: string): Promise<void> => {
      expect(await outward('web'), `${what}: out`).toBe('out 198.51.100.1');
      expect(await outward('own'), `${what}: out of docker's own`).toBe('out 198.51.100.1');
      for (const from of callers) expect(await dials(from, '198.51.100.1', 8080), `${what}: in, from ${from || 'the host'}`).toBe(web);
      expect(await dials('out', '198.51.100.1', 9090), `${what}: in to docker's own`).toBe(web);
      expect(done('run --rm --network lab box /bin/timeout 10 /bin/nc web 80'), `${what}: by its name`).toBe('it is web');
      expect(docker('exec web /bin/timeout 10 /bin/nc 198.51.100.1 8080').stdout, `${what}: by hairpin`).toBe('it is web');
    };
    await all('at first');
    expect(docker("exec own /bin/ping -c1 -W3 172.30.0.2").status, 'networks are apart').not.toBe(0);
    await end(ours, 'SIGKILL');
    ours = await plugin();
    await end(dockerd, 'SIGTERM');
    expect(await dials('out', '198.51.100.1', 8080), 'without the engine').toBe(web);
    dockerd = await engine('--live-restore');
    expect(done("ps --format '{{.Names}}'").split('\n').sort()).toEqual(['own', 'web']);
    await all('after restarts of both');
    done('rm -f web own');
    expect(await dials('out', '198.51.100.1', 8080), 'nobody listens').toBeUndefined();
    done('network rm lab');
    expect(sh('ip -br link')).not.toContain('nl-');
    expect(sh('nft list ruleset')).not.toContain('table inet nlkit');
    await end81();
    await end(dockerd, 'SIGTERM');
    expect(await end(ours, 'SIGTERM')).toBe(0);
  });
});
