/** What ipvsadm does, done by nlkit: the same state, the same print; connections that a service made by nlkit alone sends to two servers in turn. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ipvs } from '../../src/families/generic/index.ts';
import { openIpvs, openIpvsSync } from '../../src/generic/index.ts';
import { expected } from '../support/differences.ts';
import { built } from '../support/program.ts';
import { beside } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion, PATIENCE, until } from './support.ts';

const { why, sh, nlkit, lacking } = beside();
const table = expected('live/cli-ipvsadm', why ? 0 : iproute2Version(), kernelVersion());
const lacks = lacking(ipvs) ?? (has('ipvsadm') ? undefined : 'ipvsadm is not installed');
if (lacks && !why) console.warn(`skipped: ${lacks}`);

/** The same line, said to ipvsadm in one namespace and to nlkit in another. */
const theirs = (line: string, netns = 'theirs'): Promise<Said> => sh(`ip netns exec ${netns} ${line}`);
const ours = (line: string, netns = 'ours'): Promise<Said> => nlkit(`-n ${netns} ${line}`);
/** Everything that ipvsadm reads back. */
const state = async (netns: string, line = '-a --set'): Promise<string> => (await sh(`ip netns exec ${netns} sh -c 'ipvsadm -Sn; ${/ -[ae]/.test(line) ? 'ipvsadm -Ln --thresholds;' : ''} ${/ --/.test(line) ? 'ipvsadm -L --timeout; ipvsadm -L --daemon' : ''}'`)).stdout;

async function sides(...names: string[]): Promise<void> {
  for (const side of names) expect(await sh(`ip netns add ${side} && ip -n ${side} link set lo up && ip -n ${side} link add d0 type dummy && ip -n ${side} link set d0 up multicast on && ip -n ${side} address add 10.0.0.1/24 dev d0 && ip -n ${side} address add fd00::1/64 dev d0 nodad`)).toMatchObject({ status: 0, stderr: '' });
}

const LONG = '[fd00:db8:1111:2222:3333:4444:5555:6666]:12345';
const lines = [
  '--start-daemon master --mcast-interface d0 --syncid 5', '--start-daemon backup --mcast-interface d0 --sync-maxlen 1000 --mcast-group 224.0.0.90 --mcast-port 9000 --mcast-ttl 3', '--stop-daemon master', '--stop-daemon backup', '--start-daemon backup --mcast-interface d0 --mcast-group ff02::5', '--stop-daemon backup',
  // (Kernels refuse to synchronize where servers are of another family than their service.)
  '-A -t 10.0.0.1:80 -s rr', '-A -u 10.0.0.1:53 -s wrr -p 120 -M 255.255.255.0', '-A -t 10.0.0.1:http-alt', '-A --sctp-service 10.0.0.1:99 -s rr', '-A -u 10.0.0.1:54 -s rr -o', '-A -u 10.0.0.1:55 -s rr -p 5 -o -b flag-1,flag-3', '-A -t [fd00::1]:80 -s sh -b sh-fallback,sh-port', '-A -t [fd00::1]:81 -s mh -p 60 -M 64 -b mh-port', '-A -t 10.0.0.1 -p', `-At ${LONG} -s rr`, '-A -f 5 -s rr', '-A -f 6 -6 -s rr -p',
  '-a -t 10.0.0.1:80 -r 10.9.0.1:8080 -m -w 3 -x 100 -y 50', '-a -t 10.0.0.1:80 -r 10.9.0.2', '-a -t 10.0.0.1:80 -r 10.0.0.1:99 -g -w 0', '-a -t 10.0.0.1:80 -r 10.9.0.3 -i', '-a -t 10.0.0.1:80 -r 10.9.0.4 -i --tun-type gue --tun-port 6080 --tun-csum', '-a -t 10.0.0.1:80 -r 10.9.0.5 -i --tun-type gue --tun-port 6080 --tun-remcsum', '-a -t 10.0.0.1:80 -r 10.9.0.6 -i --tun-type gre', '-a -t 10.0.0.1:80 -r 10.9.0.7 -i --tun-type gre --tun-csum', '-a -t 10.0.0.1:80 -r [2001::5]:80 -i',
  '-a -t [fd00::1]:80 -r [fd00::2]:8080 -m', '-a -f 5 -r 10.9.0.1 -m', '-a -f 5 -r 10.9.0.2:7 -m -w 65535', '-a -f 6 -6 -r [fd00::9]:80 -m', `-a -t ${LONG} -r [fd00:db8:1111:2222:3333:4444:5555:7777]:12345 -m`,
  '-e -t 10.0.0.1:80 -r 10.9.0.1:8080 -m -w 7', '-e -t 10.0.0.1:80 -r 10.9.0.4 -i --tun-type gre', '-E -t 10.0.0.1:80 -s wlc -p 90', '-E -t 10.0.0.1:80 -s wlc', '-d -t 10.0.0.1:80 -r 10.9.0.2:80', '-D -u 10.0.0.1:54', '-Z', '-Z -t 10.0.0.1:80', '--set 100 50 30', '--set 0 0 7',
  '!-A -t 10.0.0.1:80', '!-A -t 10.0.0.1:90 -s frob', '!-A -t 10.0.0.1', '!-A -t 10.0.0.1:90 -o', '!-A -t 10.0.0.1:70000', '!-A -t 90', '!-A -s rr', '!-A -f 0', '!-A -f x', '!-A -t 10.0.0.1:90 -p 0', '!-A -t 10.0.0.1:90 -s mh -b sh-port', '!-A -t 10.0.0.1:90 -t 10.0.0.1:91', '!-D -t 10.0.0.1:90', '!-E -t 10.0.0.1:90', '!-a -t 10.0.0.1:90 -r 10.9.0.1 -m', '!-a -t 10.0.0.1:80 -r 10.9.0.1:8080 -m', '!-a -t 10.0.0.1:80', '!-a -t 10.0.0.1:80 -r 10.9.0.9 -g -i',
  '!-a -t 10.0.0.1:80 -r 10.9.0.9 --tun-type gue', '!-a -t 10.0.0.1:80 -r 10.9.0.9 -i --tun-type gue', '!-a -t 10.0.0.1:80 -r 10.9.0.9 -w -5', '!-e -t 10.0.0.1:80 -r 10.9.0.9 -m', '!-d -t 10.0.0.1:80 -r 10.9.0.9:80', '!-Z -t 10.0.0.1:90', '!-L -n -t 10.0.0.1:90', '!-L -w 5', '!-L --daemon --stats', '!-L --timeout --daemon', '!--set 1 2', '!--stop-daemon master', '!--start-daemon frob', '!--start-daemon master', '!-C -n', '!-L extra', '!--frob',
  '-C',
];

describe.skipIf(lacks)('both do alike', () => {
  beforeAll(() => sides('theirs', 'ours'), PATIENCE);
  afterAll(() => sh('ip netns del theirs; ip netns del ours'));
  test('lines', async () => {
    for (const given of lines) {
      const refused = given.startsWith('!'), line = `ipvsadm ${given.replace(/^!/, '')}`, a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stdout + b.stderr }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : a.stdout + a.stderr });
      if (!refused) expect.soft({ line, state: await state('ours', line) }).toEqual({ line, state: await state('theirs', line) });
    }
    // What was refused has left nothing.
    expect(await state('ours')).toBe(await state('theirs'));
  }, 600_000);
  test('what differs', async () => {
    expect((await ours('ipvsadm -A -t 10.0.0.1:80 -s sh -b flag-3')).status).toBe(0);
    table.meet('ipvsadm-flags');
    expect([(await theirs('ipvsadm -Sn', 'ours')).stdout, (await ours('ipvsadm -Sn')).stdout]).toEqual(['-A -t 10.0.0.1:80 -s sh -b \n', '-A -t 10.0.0.1:80 -s sh -b flag-3\n']);
    table.meet('ipvsadm-status');
    expect([(await ours('ipvsadm -A -t 10.0.0.1:80')).status, (await ours('ipvsadm -D -t 10.0.0.1:90')).status, (await theirs('ipvsadm -D -t 10.0.0.1:90')).status]).toEqual([2, 1, 255]);
    table.meet('ipvsadm-forms');
    expect([(await ours('ipvsadm -Ln --stats --rate')).status, (await theirs('ipvsadm -Ln --stats --rate')).status]).toEqual([1, 0]);
    table.meet('ipvsadm-mask');
    expect([(await ours('ipvsadm -A -t 10.0.0.1:81 -p -M 24')).status, (await theirs('ipvsadm -A -t 10.0.0.1:81 -p -M 24')).status]).toEqual([1, 0]);
    table.meet('ipvsadm-connections');
    expect([(await ours('ipvsadm -Lnc')).stderr, (await theirs('ipvsadm -Lnc')).stdout]).toEqual([expect.stringContaining('/proc/net/ip_vs_conn') as string, expect.stringContaining('IPVS connection entries') as string]);
  }, 120_000);
  test('saved and restored; a line that is wrong', async () => {
    const { program, remove } = await built('nlkit'), restore = (text: string): { status: number | null; stderr: string } => {
      writeFileSync('/run/rules', text);
      return spawnSync('sh', ['-c', `ip netns exec ours ${process.execPath} ${program} ipvsadm -R </run/rules`], { encoding: 'utf8', timeout: PATIENCE });
    };
    try {
      const rules = '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.9.0.1:8080 -m -w 3 -x 100 -y 50\n-A -f 6 -6 -s sh -p 360 -M 64 -b sh-port\n';
      expect((await ours('ipvsadm -C')).status).toBe(0);
      expect(restore(rules)).toMatchObject({ status: 0, stderr: '' });
      expect((await ours('ipvsadm -Sn')).stdout).toBe(rules);
      table.meet('ipvsadm-restore');
      expect(restore('ipvsadm -A -t 10.0.0.1:90 -s rr\n\nfrob\n')).toMatchObject({ status: 1, stderr: expect.stringContaining('line 3: "frob"') as string });
      expect(restore('-A -t 10.0.0.1:80\n# one\n-A -t 10.0.0.1:91 -s rr\n')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^line 1: error: .*EEXIST/) as string });
      expect((await theirs('ipvsadm -Sn', 'ours')).stdout).toBe(`${rules.replace(' -x 100 -y 50', '').replace('-A -f', '-A -t 10.0.0.1:91 -s rr\n-A -f')}`);
    } finally { remove(); }
  }, PATIENCE * 4);
});

describe.skipIf(lacks)('both print alike', () => {
  beforeAll(async () => {
    await sides('shown');
    const made = lines.filter((line) => /^-[Aa]/.test(line)).map((line) => `ipvsadm ${line}`).join('\n');
    expect(await theirs(`sh -c '${made}\nipvsadm -a -t 10.0.0.1:8080 -r 127.0.0.1:http -m'`, 'shown')).toMatchObject({ status: 0, stderr: '' });
  }, PATIENCE);
  afterAll(() => sh('ip netns del shown'));
  test.each(['-Ln', '-ln', '-L -n -t 10.0.0.1:80', '-L -n -f 5', '-L -n -f 6 -6', '-Ln --stats', '-Ln --rate', '-Ln --stats --exact', '-Ln --thresholds', '-Ln --persistent-conn', '-Ln --tun-info', '-Ln --nosort', '-Ln --sort', '-S -n', '-S', '-L', '', '-L --timeout', '-L --daemon', `-Ln -t ${LONG} --stats`])('ipvsadm %s', async (line) => {
    const a = await theirs(`ipvsadm ${line}`, 'shown'), b = await ours(`ipvsadm ${line}`, 'shown');
    // What ipvsadm forgets to save: see cli-ipvsadm.
    expect({ ...b, stdout: b.stdout.replace(/ -[xy] \d+/g, '') }).toEqual(a);
  }, PATIENCE);
  test('JSON', async () => {
    table.meet('ipvsadm-json');
    const all = JSON.parse((await nlkit('-n shown ipvsadm --json -L')).stdout) as { servers: object[] }[];
    expect(all[1]).toMatchObject({ family: 'inet', protocol: 'tcp', address: '10.0.0.1', port: 80, scheduler: 'rr', stats: { conns: 0 }, servers: expect.arrayContaining([expect.objectContaining({ address: '10.9.0.1', port: 8080, forward: 'masq', weight: 3, u_threshold: 100, l_threshold: 50 })]) as object });
    expect(JSON.parse((await nlkit('-n shown ipvsadm --json -L --timeout')).stdout)).toEqual({ tcp: 900, tcpfin: 120, udp: 300 });
  });
});

describe.skipIf(lacks)('nlkit alone', () => {
  const servers: ChildProcess[] = [];
  afterAll(async () => {
    for (const server of servers) server.kill();
    await sh('for one in client balancer s1 s2; do ip netns del $one; done');
  });
  test('connections reach two servers in turn', async () => {
    for (const line of [
      ...['client', 'balancer', 's1', 's2'].flatMap((name) => [`ip netns add ${name}`, `ip -n ${name} link set lo up`]),
      'ip -n client link add v0 type veth peer name c0 netns balancer', 'ip -n client address add 10.0.0.2/24 dev v0', 'ip -n balancer address add 10.0.0.1/24 dev c0', 'ip -n client link set v0 up', 'ip -n balancer link set c0 up',
      ...[1, 2].flatMap((n) => [`ip -n s${n} link add v0 type veth peer name s${n} netns balancer`, `ip -n s${n} address add 10.1.${n}.2/24 dev v0`, `ip -n balancer address add 10.1.${n}.1/24 dev s${n}`, `ip -n s${n} link set v0 up`, `ip -n balancer link set s${n} up`, `ip -n s${n} route add default via 10.1.${n}.1`]),
    ]) expect({ line, ...(await nlkit(line)) }).toEqual({ line, status: 0, stdout: '', stderr: '' });
    expect(await sh("ip netns exec balancer sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'")).toMatchObject({ status: 0 });
    for (const n of [1, 2]) servers.push(spawn('ip', ['netns', 'exec', `s${n}`, 'perl', '-MIO::Socket::INET', '-e', `my $s = IO::Socket::INET->new(Listen => 5, ReuseAddr => 1, LocalAddr => "0.0.0.0:8080") or die; while (my $a = $s->accept) { print $a "server ${n}\\n"; close $a }`], { stdio: 'ignore' }));
    for (const line of ['-A -t 10.0.0.1:80 -s rr', '-a -t 10.0.0.1:80 -r 10.1.1.2:8080 -m', '-a -t 10.0.0.1:80 -r 10.1.2.2:8080 -m']) expect({ line, ...(await ours(`ipvsadm ${line}`, 'balancer')) }).toEqual({ line, status: 0, stdout: '', stderr: '' });
    const connect = async (): Promise<string> => (await sh("ip netns exec client timeout 10 bash -c 'exec 3<>/dev/tcp/10.0.0.1/80; cat <&3'")).stdout.trim();
    // Both listen.
    for (const n of [1, 2]) await until(`server ${n}`, async () => (await sh(`ip netns exec balancer timeout 5 bash -c 'exec 3<>/dev/tcp/10.1.${n}.2/8080; cat <&3'`)).stdout.includes('server'));
    const heard = [await connect(), await connect(), await connect(), await connect()];
    expect([...new Set(heard)].sort()).toEqual(['server 1', 'server 2']);
    expect(heard.slice(2)).toEqual(heard.slice(0, 2));
    // Counters are told as they were when they were last added up: every two seconds.
    const counted = await until('counters', async () => { const { stdout } = await ours('ipvsadm -Ln --stats --exact', 'balancer'); return /10\.0\.0\.1:80 +4 .*\n.*10\.1\.1\.2:8080 +2 .*\n.*10\.1\.2\.2:8080 +2 /.test(stdout) && stdout; });
    expect(counted).toBe((await theirs('ipvsadm -Ln --stats --exact', 'balancer')).stdout);
    expect((await ours('ipvsadm -Ln', 'balancer')).stdout).toBe((await theirs('ipvsadm -Ln', 'balancer')).stdout);
    // The first is to get no more: the weight says so.
    await using_(async (balancer) => {
      await balancer.editServer({ address: '10.0.0.1:80' }, { address: '10.1.1.2:8080', forward: 'masq', weight: 0 });
      expect([await connect(), await connect()]).toEqual(['server 2', 'server 2']);
      const look = async () => (await balancer.servers({ address: '10.0.0.1:80' })).sort((a, b) => String(a.addr).localeCompare(String(b.addr)));
      const [first] = await until('six connections', async () => { const [one, two] = await look(); return one?.stats64?.conns === 2n && two?.stats64?.conns === 4n && [one]; });
      expect(first.weight).toBe(0);
      await balancer.zero({ address: '10.0.0.1:80' });
      expect((await balancer.service({ address: '10.0.0.1:80' })).stats64?.conns).toBe(0n);
    });
  }, PATIENCE * 3);
  async function using_(body: (client: Awaited<ReturnType<typeof openIpvs>>) => Promise<void>): Promise<void> {
    const client = await openIpvs({ namespace: { name: 'balancer' } });
    try { await body(client); } finally { client.close(); }
  }
});

describe.skipIf(lacks)('the library', () => {
  beforeAll(() => sides('library'), PATIENCE);
  afterAll(() => sh('ip netns del library'));
  test('what was set is told, by promises and on the spot; hundreds of servers', async () => {
    const ref = { address: '[fd00::1]:443' }, mark = { fwmark: 7 }, client = openIpvsSync({ namespace: { name: 'library' } });
    try {
      expect(client.info().version).toMatch(/^1\.\d+\.\d+$/);
      client.addService({ ...ref, scheduler: 'rr', timeout: 60, netmask: 64 });
      client.addService({ ...mark, scheduler: 'wrr' });
      for (let n = 1; n <= 300; n++) client.addServer(ref, { address: `[2001:db8::${n.toString(16)}]:8443`, forward: 'masq', weight: n });
      expect(client.servers(ref)).toHaveLength(300);
      expect(client.service(ref)).toMatchObject({ af: 'inet6', protocol: 'tcp', addr: 'fd00::1', port: 443, schedName: 'rr', timeout: 60, netmask: 64 });
      expect(client.services()).toHaveLength(2);
      expect((await theirs('ipvsadm -Sn', 'library')).stdout.split('\n')).toHaveLength(303);
      client.deleteServer(ref, '[2001:db8::1]:8443');
      expect(client.servers(ref)).toHaveLength(299);
      expect(() => client.addService(ref)).toThrow(expect.objectContaining({ code: 'EEXIST' }) as Error);
      expect(() => client.deleteServer(ref, '[2001:db8::1]:8443')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
      expect(() => client.service({ address: '10.0.0.1:1' })).toThrow(expect.objectContaining({ code: 'ESRCH' }) as Error);
      client.setTimeouts({ udp: 33 });
      expect(client.timeouts()).toEqual({ tcp: 900, tcpFin: 120, udp: 33 });
      client.startDaemon('master', { link: 'd0', syncId: 3 });
      expect(client.daemons()).toMatchObject([{ state: ['master'], mcastIfn: 'd0', syncId: 3 }]);
      client.stopDaemon('master', 3);
      client.deleteService(mark);
      client.flush();
      expect(client.services()).toEqual([]);
      expect(client.servers(ref)).toEqual([]);
    } finally { client.close(); }
  }, PATIENCE * 2);
});

test.skipIf(lacks)('differences', () => { expect(table.missing()).toEqual([]); });
