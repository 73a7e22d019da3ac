/** What iproute2 does over generic netlink: done by nlkit the state is the same, the same bytes are sent, and both print it alike. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import type { Kernel } from '../../src/cli/kernel.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import type { AnyGenericFamily } from '../../src/codec/index.ts';
import { ioam6, mptcpPm, NLCTRL_ID, seg6, tcpMetrics } from '../../src/families/generic/index.ts';
import { expected } from '../support/differences.ts';
import { built } from '../support/program.ts';
import { beside, forms } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion, PATIENCE, until } from './support.ts';

const { why, sh, inside, nlkit, lacking, alike, doAlike, noStrace, sameBytes } = beside();

const table = expected('live/cli-generic', why ? 0 : iproute2Version(), kernelVersion());
const lacks = { mptcp: lacking(mptcpPm), tcp: lacking(tcpMetrics), sr: lacking(seg6), ioam: lacking(ioam6) };
for (const reason of new Set(Object.values(lacks))) if (reason && !why) console.warn(`skipped: ${reason}`);

/** Events, by three listeners: iproute2, where it can, nlkit, nlkit as JSON. */
async function heard(command: string, namespace: string, make: () => Promise<void>, last: RegExp, alone = false): Promise<{ theirs: string; ours: string; json: object[] }> {
  const stop = new AbortController(), sides = [new Captured(), new Captured()];
  let theirs = '', listening = 0;
  class Stoppable extends LiveKernel {
    override async generic(family: AnyGenericFamily): Promise<Kernel> {
      const kernel = await super.generic(family), listen = kernel.monitor.bind(kernel);
      kernel.monitor = (groups) => { const events = listen(groups, { signal: stop.signal }); listening++; return events; };
      return kernel;
    }
  }
  const tool = alone ? undefined : spawn(split(command)[0]!, split(inside(command, namespace)).slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  tool?.stdout.setEncoding('utf8').on('data', (text: string) => { theirs += text; });
  const ended = [command, command.replace(' ', ' -j ')].map((one, i) => run(split(inside(one, namespace)), sides[i]!, (netns) => new Stoppable(netns)));
  try {
    await until('the listeners listen', () => listening === 2);
    // iproute2 says nothing when it has begun.
    if (tool) await new Promise((resolve) => { setTimeout(resolve, PATIENCE / 20); });
    await make();
    await until('the last event', () => (alone || last.test(theirs)) && sides.every(({ stdout }) => last.test(stdout)));
  } finally {
    stop.abort();
    tool?.kill();
    await Promise.all(ended);
  }
  return { theirs, ours: sides[0]!.stdout, json: sides[1]!.stdout.trim().split('\n').map((one) => JSON.parse(one) as object) };
}

/** Connections over loopback, of TCP or of MPTCP: perl is on every Debian. */
const talk = (protocol: 6 | 262): string => [
  'use Socket qw(:all);',
  `sub talk { my ($family, $any, $name) = @_; socket(my $l, $family, SOCK_STREAM, ${protocol}) or die "socket: $!"; bind($l, $any) or die "bind: $!"; listen($l, 5); $name = getsockname($l);`,
  `  socket(my $c, $family, SOCK_STREAM, ${protocol}) or die "socket: $!"; connect($c, $name) or die "connect: $!"; accept(my $a, $l) or die;`,
  '  for (1 .. 20) { syswrite($c, "x" x 9000); my $n = 0; while ($n < 9000) { $n += sysread($a, my $b, 9000) } syswrite($a, "y" x 9000); $n = 0; while ($n < 9000) { $n += sysread($c, my $b, 9000) } }',
  '  close $c; close $a; close $l }',
  'talk(PF_INET, pack_sockaddr_in(0, inet_aton("127.0.0.1"))); talk(PF_INET6, pack_sockaddr_in6(0, inet_pton(PF_INET6, "::1")));',
].join(' ');
/** A packet to itself that collects node ids (RFC 9197): trace of namespace 123, preallocated for 12 bytes, in a hop-by-hop option. */
const traced = [
  'use Socket qw(:all); socket(my $s, PF_INET6, SOCK_DGRAM, 0) or die; my $trace = pack("nnN", 123, 1 << 11 | 3, 0x80000000) . "\\0" x 12;',
  'setsockopt($s, 41, 54, pack("C4", 0, 3, 1, 0) . pack("C4", 0x31, 2 + length $trace, 0, 0) . $trace . pack("C4", 1, 2, 0, 0)) or die "$!"; send($s, "x", 0, pack_sockaddr_in6(9, inet_pton(PF_INET6, "::1"))) or die "$!";',
].join(' ');
const noPerl = why ?? (has('perl') ? undefined : 'perl is not installed');
if (!why && noPerl) console.warn(`skipped: ${noPerl}`);
if (!why) for (const protocol of [6, 262] as const) writeFileSync(`/run/talk-${protocol}.pl`, talk(protocol));
if (!why) writeFileSync('/run/traced.pl', traced);

describe.skipIf(lacks.mptcp)('mptcp', () => {
  const asked = ['ip -j mptcp endpoint', 'ip mptcp limits'];
  test('both do alike', () => doAlike(asked, [
    'ip mptcp endpoint add 10.0.0.1 dev lo subflow', 'ip mptcp endpoint add 10.0.0.2 id 9 signal', 'ip mptcp endpoint add 2001:db8::1 subflow backup fullmesh', 'ip mptcp e a 10.0.0.3 subflow id 0x20', 'ip mptcp endpoint add 10.0.0.4',
    'ip mptcp endpoint add 127.0.0.1 dev lo signal port 8080 id 77',
    'ip mptcp endpoint change id 9 backup', 'ip mptcp endpoint change id 9 nobackup', 'ip mptcp endpoint change 10.0.0.1 fullmesh', 'ip mptcp endpoint change 10.0.0.1 nofullmesh backup',
    'ip mptcp endpoint delete id 32', 'ip mptcp endpoint del id 77',
    'ip mptcp limits set subflows 2 add_addr_accepted 3', 'ip mptcp limits set subflow 1', 'ip mptcp limits set add_addr_accepted 0',
    '!ip mptcp endpoint add 10.0.0.1 dev lo subflow', '!ip mptcp endpoint add 10.0.0.9 id 9', '!ip mptcp endpoint delete id 99', '!ip mptcp endpoint change id 99 backup', '!ip mptcp limits set subflows 99', '!ip mptcp endpoint show id 99',
    '!ip mptcp endpoint add', '!ip mptcp endpoint add 10.0.0.9 signal fullmesh', '!ip mptcp endpoint add 10.0.0.9 subflow port 5', '!ip mptcp endpoint add nowhere', '!ip mptcp endpoint add 10.0.0.9 dev nosuch',
    '!ip mptcp endpoint delete', '!ip mptcp endpoint delete id 9 10.0.0.2', '!ip mptcp endpoint delete id 0', '!ip mptcp endpoint change id 9 signal', '!ip mptcp endpoint change id 9 port 5 backup', '!ip mptcp limits set subflows many', '!ip mptcp frob', '!ip mptcp endpoint frob',
    'ip mptcp endpoint flush',
  ]), 120_000);

  describe('both print alike', () => {
    beforeAll(async () => {
      expect(await sh(['ip netns add shown', 'ip -n shown link set lo up', ...[
        'add 10.0.0.1 dev lo subflow', 'add 127.0.0.1 dev lo signal port 8080 id 77', 'add 2001:db8::1 subflow backup fullmesh',
      ].map((line) => `ip -n shown mptcp endpoint ${line}`), 'ip -n shown mptcp limits set subflows 2 add_addr_accepted 3'].join(' && '))).toMatchObject({ status: 0, stderr: '' });
    });
    afterAll(() => sh('ip netns del shown'));
    test.each([...forms(['', '-j', '-j -p', '-o', '-d', '-c=always'], 'mptcp endpoint', 'mptcp endpoint show', 'mptcp endpoint show id 77'), ...forms(['', '-o', '-d'], 'mptcp limits', 'mptcp limits show')])('%s', (line) => alike(line, 'shown'));
    test('limits as JSON', async () => {
      table.meet('mptcp-limits-json');
      expect((await sh('ip -n shown -j mptcp limits')).stdout).toBe('add_addr_accepted 3 subflows 2 \n');
      expect((await nlkit('ip -n shown -j mptcp limits')).stdout).toBe('[{"add_addr_accepted":3,"subflows":2}]\n');
    });
    test('id 0', async () => {
      expect(await nlkit('ip -n shown mptcp endpoint add 10.0.0.9 id 0')).toMatchObject({ status: 1, stderr: expect.stringContaining('ids of endpoints are 1 to 255') as string });
      if ((await sh('ip -n shown mptcp endpoint add 10.0.0.9 id 0; ip -n shown mptcp endpoint')).stdout.includes('10.0.0.9')) table.meet('mptcp-id-zero');
    });
    test('limits that are set to nothing', async () => {
      table.meet('mptcp-limits-none');
      expect(await sh('ip -n shown mptcp limits set')).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(await nlkit('ip -n shown mptcp limits set')).toMatchObject({ status: 1, stderr: expect.stringContaining('which limit?') as string });
    });
  });

  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of [
      'ip mptcp endpoint add 10.0.0.1 dev lo id 3 signal port 80 backup', 'ip mptcp endpoint add 2001:db8::1 subflow fullmesh', 'ip mptcp endpoint change id 3 backup', 'ip mptcp endpoint change 10.0.0.1 port 80 nobackup', 'ip mptcp endpoint delete id 3',
      'ip mptcp endpoint delete id 0 10.0.0.1', 'ip mptcp endpoint show', 'ip mptcp endpoint show id 3', 'ip mptcp endpoint flush', 'ip mptcp limits', 'ip mptcp limits set add_addr_accepted 1 subflows 2',
    ]) await sameBytes(line);
  }, 120_000);

  const noConnections = noPerl ?? (lacks.mptcp || spawnSync('perl', ['-e', 'use Socket; socket(my $s, PF_INET, SOCK_STREAM, 262) or die "$!\\n"'], { encoding: 'utf8' }).stderr.trim() || undefined);
  if (!why && noConnections) console.warn(`skipped: connections of MPTCP: ${noConnections}`);
  test.skipIf(noConnections)('what happens to connections', async () => {
    await sh('ip netns add heard; ip -n heard link set lo up');
    try {
      const { theirs, ours, json } = await heard('ip mptcp monitor', 'heard', async () => {
        await sh('ip -n heard mptcp endpoint add 127.0.0.1 dev lo signal port 8080; ip -n heard mptcp endpoint flush');
        expect(await sh('ip netns exec heard perl /run/talk-262.pl')).toMatchObject({ status: 0, stderr: '' });
      }, /([" ]CLOSED["\]][^]*){4}/i);
      const even = (text: string): string => text.replace(/^\[ *(UNKNOWN 1[56]|LISTENER_\w+)\].*\n/gm, '').replace(/^\[ +/gm, '[');
      if (/^\[ {7}CREATED\]/m.test(theirs)) table.meet('mptcp-monitor-listener');
      else expect(ours).toBe(theirs);
      if (kernelVersion() >= 602) expect(ours).toMatch(/^\[LISTENER_CREATED\] saddr4=127\.0\.0\.1 sport=8080$/m);
      expect(even(ours)).toBe(even(theirs));
      expect(ours).toMatch(/^\[ {9}CREATED\] token=[0-9a-f]{8} remid=0 locid=0 saddr4=127\.0\.0\.1 daddr4=127\.0\.0\.1 sport=\d+ dport=\d+/m);
      table.meet('mptcp-monitor-json');
      expect(json).toContainEqual(expect.objectContaining({ event: 'created', saddr6: '::1', daddr6: '::1' }));
      expect(json.map((one) => (one as { event: string }).event)).toContain('closed');
    } finally {
      await sh('ip netns del heard');
    }
  }, 120_000);
});

describe.skipIf(lacks.tcp ?? noPerl)('tcp_metrics', () => {
  const populate = 'ip netns exec NAMESPACE perl /run/talk-6.pl';
  /** Measured values differ from one namespace to the other. */
  const asked = ["ip -j tcp_metrics | grep -o '\"\\(dst\\|source\\)\":\"[^\"]*\"' | sort"];
  test('both do alike', () => doAlike(asked, [
    'ip tcp_metrics delete 127.0.0.1', '!ip tcp_metrics delete 127.0.0.1', '!ip tcp_metrics del address 9.9.9.9', '!ip tcp_metrics delete', '!ip tcp_metrics delete 10.0.0.0/8', '!ip tcp_metrics show 9.9.9.9', '!ip tcp_metrics show nowhere', '!ip tcp_metrics frob',
    'ip -4 tcp_metrics flush', 'ip tcp_metrics flush 10.0.0.0/8', 'ip tcp_metrics remove ::1', 'ip tcp_metrics flush',
  ], populate), 120_000);
  test('forgetting', () => doAlike(asked, ['ip -4 tcp_metrics flush', 'ip tcp_metrics flush 2001:db8::/32', 'ip -6 tcp_metrics flush', 'ip -6 tcp_metrics flush'], populate), 120_000);
  test('forgetting all', () => doAlike(asked, ['ip tcpmetrics flush', 'ip tcpmetrics flush'], populate), 120_000);

  describe('both print alike', () => {
    beforeAll(async () => { expect(await sh(`ip netns add shown && ip -n shown link set lo up && ${populate.replace('NAMESPACE', 'shown')}`)).toMatchObject({ status: 0, stderr: '' }); });
    afterAll(() => sh('ip netns del shown'));
    test.each([...forms(['', '-j', '-j -p', '-4', '-6', '-o', '-c=always', '-6 -j'], 'tcp_metrics', 'tcpmetrics show', 'tcp_metrics list 127.0.0.0/8'), ...forms(['', '-o'], 'tcp_metrics show 127.0.0.1', 'tcp_metrics show address ::1')])('%s', (line) => {
      // A family that a prefix is not of is refused by both.
      return / -6.*127/.test(line) ? expect(nlkit(inside(line, 'shown'))).resolves.toMatchObject({ status: 1 }) : alike(line, 'shown');
    });
    test('there are some', async () => { expect((await nlkit('ip -n shown tcp_metrics')).stdout).toMatch(/^127\.0\.0\.1 age \d+\.\d{3}sec (ssthresh \d+ )?cwnd \d+ rtt \d+us rttvar \d+us source 127\.0\.0\.1$/m); });
    test('one as JSON', async () => {
      table.meet('tcp-metrics-json-one');
      expect((await sh('ip -n shown -j tcp_metrics show ::1')).stdout).toMatch(/^::1 age /);
      expect(JSON.parse((await nlkit('ip -n shown -j tcp_metrics show ::1')).stdout)).toMatchObject([{ dst: '::1', source: '::1' }]);
    });
    test('of IPv6 only', async () => {
      table.meet('tcp-metrics-flush-any');
      expect(await nlkit('ip -n shown tcp_metrics flush ::/0')).toMatchObject({ status: 0, stderr: '' });
      expect((await sh('ip -n shown tcp_metrics')).stdout).toMatch(/^127\.0\.0\.1 age .*\n$/);
      await sh(`${populate.replace('NAMESPACE', 'shown')}; ip -n shown tcp_metrics flush ::/0`);
      expect((await sh('ip -n shown tcp_metrics')).stdout).toBe('');
    });
  });

  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of ['ip tcp_metrics', 'ip tcp_metrics show 10.0.0.0/8', 'ip tcp_metrics show 10.0.0.1', 'ip tcp_metrics delete 2001:db8::1', 'ip tcp_metrics flush', 'ip tcp_metrics flush 10.0.0.1', 'ip -6 tcp_metrics flush']) await sameBytes(line);
  }, 120_000);
});

const secret = (text: string, line: string): string => `printf '${text}\\n' | setsid -w ${line} 2>/dev/null`;
const noHmac = lacks.sr ?? (spawnSync('sh', ['-c', `${secret('a', 'ip sr hmac set 7 sha1')} && ip sr hmac show`]).status === 0 ? undefined : 'this kernel signs no lists of segments (CONFIG_IPV6_SEG6_HMAC)');
if (!lacks.sr && noHmac) console.warn(`skipped: ${noHmac}`);

describe.skipIf(lacks.sr)('sr', () => {
  test('both do alike', () => doAlike(['ip sr tunsrc show'], [
    'ip sr tunsrc set 2001:db8::1', 'ip sr tunsrc set fe80::1', 'ip sr tunsrc set ::', '!ip sr tunsrc set 10.0.0.1', '!ip sr tunsrc set', '!ip sr tunsrc frob', '!ip sr hmac set 0 sha1', '!ip sr hmac set 1 md5', '!ip sr hmac set x sha1', '!ip sr hmac set 1', '!ip sr frob',
  ]), 120_000);
  const print = async (line: string): Promise<void> => {
    await sh('ip netns add shown; ip -n shown sr tunsrc set 2001:db8::7');
    try {
      if (!noHmac) expect(await sh([secret('a secret', 'ip -n shown sr hmac set 7 sha1'), secret('another', 'ip -n shown sr hmac set 8 sha256')].join(' && '))).toMatchObject({ status: 0 });
      await alike(line, 'shown');
    } finally {
      await sh('ip netns del shown');
    }
  };
  test.each(forms(['', '-j', '-j -p', '-o'], 'sr tunsrc show'))('%s', print);
  describe.skipIf(noHmac)('keys', () => { test.each(forms(['', '-j', '-j -p', '-o'], 'sr hmac show'))('%s', print); });
  test.skipIf(noHmac)('a secret is read from standard input where there is no terminal', async () => {
    const { program, remove } = await built('nlkit');
    const ours = async (text: string, line: string): Promise<Said> => sh(`printf '${text}\\n' | setsid -w ${process.execPath} ${program} ip -n keyed ${line}`);
    const keys = async (): Promise<string> => (await sh('ip -n keyed sr hmac show')).stdout;
    await sh('ip netns add keyed');
    try {
      expect(await ours('a secret', 'sr hmac set 7 sha256')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await keys()).toBe('hmac 7 algo sha256 secret "a secret"\n');
      expect(await ours('', 'sr hmac set 7 sha256')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await keys()).toBe('');
      expect(await ours('', 'sr hmac set 7 sha256')).toMatchObject({ status: 2, stderr: expect.stringContaining('ENOENT') as string });
      expect(await ours('x'.repeat(65), 'sr hmac set 7 sha256')).toMatchObject({ status: 1, stderr: expect.stringContaining('at most 64') as string });
      table.meet('sr-hmac-prompt');
      expect((await sh("printf 'b\\n' | setsid -w ip -n keyed sr hmac set 7 sha1")).stderr).toMatch(/^Enter secret/);
    } finally {
      remove();
      await sh('ip netns del keyed');
    }
  }, 120_000);

  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of ['ip sr tunsrc show', 'ip sr tunsrc set 2001:db8::1', 'ip sr hmac show']) await sameBytes(line);
  });
});

describe.skipIf(lacks.ioam)('ioam', () => {
  test('both do alike', () => doAlike(['ip ioam namespace show | sort', 'ip ioam schema show | sort'], [
    'ip ioam namespace add 1', 'ip ioam namespace add 2 data 7', 'ip ioam namespace add 3 data 0xffffffff wide ff', 'ip ioam namespace add 4 wide 0x1234567890abcdef', 'ip ioam namespace add 5 data 0 wide 0',
    'ip ioam schema add 1 abcd', 'ip ioam schema add 0x10 hello', 'ip ioam namespace set 1 schema 1', 'ip ioam namespace set 2 schema 16', 'ip ioam namespace set 1 schema none', 'ip ioam schema del 1', 'ip ioam schema del 16', 'ip ioam namespace del 3',
    '!ip ioam namespace add 1', '!ip ioam namespace del 99', '!ip ioam schema del 99', '!ip ioam namespace set 99 schema none', '!ip ioam namespace set 1 schema 99', '!ip ioam namespace add', '!ip ioam namespace add 70000', '!ip ioam namespace add 6 data x', '!ip ioam namespace add 6 wide xyz',
    '!ip ioam namespace add 6 frob', '!ip ioam namespace set 1', '!ip ioam schema add 5', '!ip ioam schema add x data', '!ip ioam frob', '!ip ioam namespace frob',
  ]), 120_000);

  describe('both print alike', () => {
    beforeAll(async () => {
      expect(await sh(['ip netns add shown', ...['namespace add 1', 'namespace add 3 data 5 wide ff', 'namespace add 5 data 0 wide 0', 'schema add 1 hello', 'schema add 2 abcdefgh', 'namespace set 1 schema 1'].map((line) => `ip -n shown ioam ${line}`)].join(' && '))).toMatchObject({ status: 0, stderr: '' });
    });
    afterAll(() => sh('ip netns del shown'));
    test.each([...forms(['', '-j', '-j -p', '-o', '-d', '-c=always'], 'ioam namespace show'), ...forms(['', '-o', '-d'], 'ioam schema show')])('%s', (line) => alike(line, 'shown'));
    test('schemas as JSON', async () => {
      table.meet('ioam-schema-json');
      expect((await sh('ip -n shown -j ioam schema show')).stdout).toContain('"data":null,"":97,"":98,');
      expect(JSON.parse((await nlkit('ip -n shown -j ioam schema show')).stdout)).toContainEqual({ schema: 2, data: [97, 98, 99, 100, 101, 102, 103, 104] });
    });
    test('further words', async () => {
      table.meet('generic-more');
      expect((await sh('ip -n shown ioam namespace show nosuch')).status).toBe(0);
      expect(await nlkit('ip -n shown ioam namespace show nosuch')).toMatchObject({ status: 1, stderr: expect.stringContaining('"nosuch" is not an option here') as string });
    });
  });

  const noTraces = noPerl ?? (kernelVersion() < 609 ? 'traces: the kernel tells them from 6.9 on' : undefined);
  if (!why && noTraces) console.warn(`skipped: ${noTraces}`);
  test.skipIf(noTraces)('what packets collected', async () => {
    expect(await sh(['ip netns add heard', 'ip -n heard link set lo up', 'ip -n heard ioam namespace add 123', 'ip netns exec heard sysctl -qw net.ipv6.conf.lo.ioam6_enabled=1 net.ipv6.ioam6_id=7'].join(' && '))).toMatchObject({ status: 0, stderr: '' });
    try {
      const alone = iproute2Version() < 615;
      const { theirs, ours, json } = await heard('ip ioam monitor', 'heard', async () => { expect(await sh('ip netns exec heard perl /run/traced.pl')).toMatchObject({ status: 0, stderr: '' }); }, /[dD]ata/, alone);
      // The hop limit, and the number of the node.
      expect(ours).toMatch(/^\[TRACE\] Namespace=123 NodeLen=1 Type=0x80000000 Data=[0-9a-f]{2}000007\n$/);
      if (!alone) expect(ours).toBe(theirs);
      expect(json).toMatchObject([{ event: 'trace', namespace: 123, nodelen: 1, type: 0x80000000 }]);
    } finally {
      await sh('ip netns del heard');
    }
  }, 120_000);

  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of ['ip ioam namespace show', 'ip ioam namespace add 9 data 7 wide ff', 'ip ioam namespace del 9', 'ip ioam schema show', 'ip ioam schema add 9 hello', 'ip ioam schema del 9', 'ip ioam namespace set 9 schema none', 'ip ioam namespace set 9 schema 9']) await sameBytes(line);
  }, 120_000);
});

const noGenl = why ?? (has('genl') ? undefined : 'genl is not installed');
if (!why && noGenl) console.warn(`skipped: ${noGenl}`);

/** Without what iproute2 leaves out of families of version 1, and the types that it has no name for. */
const even = (text: string): string => text.replace(/\n\t\tCapabilities[^\n]*\n [^\n]*\n(?=\n)/g, '').replace(/type=(UINT|SINT|unknown)/g, 'type=?');
/** A module with a family, which is not in use. */
const noModule = noGenl ?? (spawnSync('sh', ['-c', 'modprobe fou && modprobe -r fou']).status === 0 ? undefined : 'there is no module "fou" to load');
if (!noGenl && noModule) console.warn(`skipped: genl ctrl monitor: ${noModule}`);

describe.skipIf(noGenl)('genl', () => {
  test.skipIf(noModule)('families that come and go', async () => {
    const { theirs, ours, json } = await heard('genl ctrl monitor', '', async () => { expect(await sh('modprobe fou && modprobe -r fou')).toMatchObject({ status: 0 }); }, /fou[^]*fou/);
    expect(even(ours)).toBe(even(theirs));
    expect(json).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'fou', version: 1, commands: expect.arrayContaining([]) as unknown[] })]));
  }, 120_000);

  const compare = async (line: string): Promise<void> => {
    const theirs = await sh(`genl ${line}`), ours = await nlkit(`genl ${line}`);
    expect.soft({ line, status: ours.status === 0, text: even(ours.stdout) }).toEqual({ line, status: theirs.status === 0, text: even(theirs.stdout) });
    if (theirs.stdout.split('Capabilities').length < ours.stdout.split('Capabilities').length) table.meet('genl-capabilities');
    else if (theirs.stdout.includes('type=unknown') && ours.stdout.includes('type=UINT')) table.meet('genl-types');
    else expect.soft(ours.stdout).toBe(theirs.stdout);
  };
  test('families and their policies', async () => {
    const list = JSON.parse((await nlkit('genl -j ctrl list')).stdout) as { name: string; id: number }[];
    expect(list).toContainEqual(expect.objectContaining({ name: 'nlctrl', id: NLCTRL_ID, groups: [{ id: 16, name: 'notify' }] }));
    for (const line of ['ctrl list', 'ctrl show', 'ctrl get id 0x10', 'ctrl policy id 16', ...list.flatMap(({ name }) => [`ctrl get name ${name}`, `ctrl policy name ${name}`])]) if (!/policy/.test(line) || (await sh(`genl ${line}`)).stdout) await compare(line);
    for (const line of ['ctrl get name nosuch', 'ctrl get', 'ctrl get name', 'ctrl frob', 'frob']) {
      expect.soft((await sh(`genl ${line}`)).status, line).not.toBe(0);
      expect.soft(await nlkit(`genl ${line}`), line).toMatchObject({ status: /nosuch/.test(line) ? 2 : 1, stdout: '', stderr: expect.stringMatching(/^error: /) as string });
    }
  }, 240_000);
});

test.skipIf(why)('a family that is not there: what to do is said', async () => {
  const missing = Object.entries({ mptcp: 'mptcp limits', tcp: 'tcp_metrics', sr: 'sr tunsrc show', ioam: 'ioam namespace show' }).filter(([name]) => lacks[name as keyof typeof lacks]);
  for (const [, line] of missing) expect(await nlkit(`ip ${line}`)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/this kernel has no family .*CONFIG_/) as string });
});

test.skipIf(why)('differences', () => {
  const parts: Readonly<Record<string, string | undefined>> = { mptcp: lacks.mptcp, tcp: lacks.tcp ?? noPerl, sr: noHmac, ioam: lacks.ioam, generic: lacks.ioam, genl: noGenl };
  expect(table.missing().filter((id) => parts[id.split('-')[0] as string] === undefined)).toEqual([]);
});
