/** ss: of the same sockets, nlkit prints what iproute2 prints, by each option and by each expression; what it closes is closed. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import type { Kernel, MonitorOptions } from '../../src/cli/kernel.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Recorder } from '../../src/cli/kernel-record.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { frames, HEADER_SIZE, type Protocol } from '../../src/codec/index.ts';
import { readStrace, toHex } from '../../src/inspect/index.ts';
import { expected } from '../support/differences.ts';
import { built, type Built } from '../support/program.ts';
import { BOUND, CONNECTION, SOCKETS } from '../support/ss-sockets.ts';
import { beside } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion, PATIENCE, until } from './support.ts';

const { why, sh, nlkit, noStrace } = beside();
const lacking = why ?? (['ss', 'perl', 'nsenter'] as const).map((tool) => (has(tool) ? undefined : `${tool} is not installed`)).find(Boolean);
if (!why && lacking) console.warn(`skipped: ${lacking}`);
const version = lacking ? 0 : iproute2Version('ss'), table = expected('live/cli-ss', version, kernelVersion());

const inside = (namespace: string, line: string): string => `nsenter --net=/run/netns/${namespace} ${line}`;
/** Starts a program of sockets in a namespace of its own. @returns how to end it */
async function sockets(namespace: string, program: string): Promise<() => Promise<void>> {
  writeFileSync(`/run/${namespace}.pl`, program);
  const { stdout, status, stderr } = await sh(`ip netns add ${namespace} && ip -n ${namespace} link set lo up && { ${inside(namespace, `perl /run/${namespace}.pl`)} </dev/null >/run/${namespace}.log 2>&1 & echo $!; }`);
  if (status !== 0) throw new Error(stderr);
  const pid = Number(stdout);
  await until('the sockets', async () => {
    const log = (await sh(`cat /run/${namespace}.log; kill -0 ${pid}`)).stdout;
    if (log !== '' && log !== 'ready\n') throw new Error(log);
    return log === 'ready\n';
  });
  return async () => { await sh(`kill ${pid}; ip netns del ${namespace}`); };
}

/** Time goes on. */
const still = (text: string): string => text.replace(/(lastsnd|lastrcv|lastack|last_data_sent|last_data_recv|last_ack_recv|busy):\d+(ms)?/g, '$1:T').replace(/timer:\((\w+),[^,]*,/g, 'timer:($1,T,').replace(/^Total: \d+/, 'Total: T').replace(/ +$/gm, '');
const words = (text: string): string => text.split(/\s+/).join(' ');
/** Of lines that show netlink sockets: without those of the two programs. */
const others = (text: string): string => text.split('\n').filter((line) => !/\b(rtnl|tcpdiag|0|4):/.test(line) || /:kernel\b|perl|4242|:0\s/.test(line)).map((line) => line.replace(/ +/g, ' ')).join('\n');

let bundle: Built | undefined, end: (() => Promise<void>) | undefined;
beforeAll(async () => {
  if (lacking) return;
  end = await sockets('shown', SOCKETS);
}, 60_000);
afterAll(async () => {
  await end?.();
  bundle?.remove();
});

async function alike(line: string, even = still): Promise<void> {
  const theirs = await sh(inside('shown', `ss ${line}`)), ours = await nlkit(`ss -N shown ${line}`);
  if (/^RTNETLINK answers: Invalid argument\n$/.test(theirs.stderr)) table.meet('ss-dccp');
  expect({ line, status: ours.status, stderr: ours.stderr }).toEqual({ line, status: theirs.status, stderr: '' });
  expect(theirs.status).toBe(0);
  same(line, even(ours.stdout), even(theirs.stdout));
}
function same(line: string, ours: string, theirs: string): void {
  const [a, b] = table.even(line, ours, theirs);
  expect({ line, said: a }).toEqual({ line, said: b });
}

describe.skipIf(lacking)('both print alike', () => {
  test.each([
    '-tan', '-tln', '-t', '-ta', '-uan', '-ua', '-wan', '-wa', '-xan', '-xlp', '-xae', '-xam', '-xaemp', '-0an', '-0', '-0e', '-0ae -p', '-0bm', '-0eO', '-0be', '-Man', '-Mani', '-Manie', '-tani', '-tanie', '-tanm', '-tanmO', '-tane', '-tano', '-tanp', '-tapT', '-tanepi', '-tanopm', '-xaep', '-0aep', '-HOtanpi', '-uanp',
    '-tan --tos', '-tan --cgroup', '-tan --inet-sockopt', '-tan --inet-sockopt -O', '-uanme', '-uai', '-uan --tos', '-f unix -a', '-f link', '-f inet -an', '-f inet6 -an', '-A tcp,udp -an', '-A inet', '-A inet -a', '-A unix_stream -a', '-A u_dgr,u_seq -a', '-A p_raw,packet_dgram -a', '-A tcp',
    '-4an', '-6an', '-4 -t -an', '-H -tan', '-HO -tani', '-s', '-s -tan', '-tan -r', '--tcp --all --numeric --extended', '--tc --al --num', '-finet -tan', '--family=inet6 -tan', '-Atcp -an', '--query=tcp,udp -an', '--socket tcp -an', '-a -t -n -e -i -m', '-tuwxan', '--vsock -a', '--xdp -a', '-San', '-tn -a state established', 'state established -tan',
  ])('ss %s', (line) => alike(line));

  test.each([
    '-f netlink', '-f netlink -e', '-f netlink -n', '-A netlink -a', '-a', '-an', '-A all,!tcp -an', '-lan', '-axp', "-f netlink src 'rtnl:*'", "-f netlink 'src netlink:rtnl:kernel'", "-f netlink 'sport = :4242'", '-f netlink autobound', '-f netlink src 0:kernel',
  ])('ss %s, but for their own sockets', async (line) => {
    table.meet('ss-own');
    await alike(line, others);
  });

  /** In words that are one word of a shell. */
  test.each([
    'sport = :8001', 'sport == :8001 or dport eq 8001', '( sport = :8001 or dport = :8001 ) and not dport = 80', 'sport != :8001', 'sport > :8001', 'sport >= 8006 and sport <= 8008', 'dport lt 9000', 'dport neq 8001', 'not sport = 80', '! ( sport = 80 or sport = 8001 )', 'sport 80', 'sport gt 80 sport lt 8007',
    'dst 127.0.0.1', 'dst = 127.0.0.1', 'dst 127.0.0.0/8', 'dst 127/8', 'src 127.0.0.1:8001', 'dst 127.0.0.1:8001', 'src 127.0.0.0/8:8001', 'src [::1]', 'src [::1]:8006', 'src [::]:8006', 'src [::ffff:127.0.0.1]', 'src *:80', 'dst *', 'src any', 'src default', 'src 0.0.0.0', 'dst ::/0', 'src [::1/128]', 'dst 0.0.0.0/0',
    'src inet:127.0.0.1', 'src inet6:[::1]', 'dev lo', 'dev != lo', 'dev lo or sport = :80', 'dev = 1', 'not dev lo and sport = 80', 'fwmark = 0x123', 'fwmark 0x23/0xff', 'fwmark != 0x123', 'fwmark 291', 'autobound', 'not autobound', 'autobound and dport = 8001',
    'sport = :http', 'sport = http or dport = http', 'sport = 80 or sport = 8001 and dport = 80', 'sport = 80 and dport = 80 or sport = 8001', 'sport = 8001 & dst 127.0.0.1 | sport = 80', 'sport = 80 || ( dst 127.0.0.0/8 && not sport = 8001 )', 'not not sport = 80', '( ( sport = 80 ) )',
    'sport = inet::8001', 'sport inet:8001', 'dport = inet6:8006', 'sport = inet6::8006', 'src inet:*:80', 'src [::1]:*', 'dst [::1/64]:8006', 'dst 127.0.0.1/32:8001', 'dev == lo', 'dev ne lo', 'fwmark == 0x123', 'fwmark = 0443', 'sport ne 80', 'sport = :http and not ( dst 127.0.0.1 or dst [::1] )', 'src localhost', 'dst = localhost:8001', 'not dst localhost',
    'dport = *', 'src 127.0.0.1:http', 'src *:http', 'src :80', 'dst all', 'src 127.0.0.1:', 'dst 0', 'autobound sport = 80', 'sport eq 80 || dport eq 80 && not autobound', 'sport = 0x50', 'dst 127.0.0.1 dst 127.0.0.1', 'src inet6:*', 'src inet:0.0.0.0/0',
  ])('ss -tan "%s"', async (expression) => {
    await alike(`-tan '${expression}'`);
  });

  test.each([
    '-tan state listening', '-tan state time-wait', '-tan state CONNECTED', '-tan state synchronized', '-tan state bucket', '-tan state big', '-tan exclude listening', '-tan exclude listening exclude time-wait', '-tan state established state listening', '-tan state close-wait', '-tan excl established', '-tan state fin-wait-2', '-tan state all', '-tan state closed',
    "-tan state established '( sport = :8001 or dport = :8001 )'", '-tan state established sport = 8001', '-uan dst 127.0.0.1', '-uan sport = 5300', "-uan 'sport = 5300 or sport = 5301'", "-uan 'src [::1]'", '-uan state established', '-4 -tan sport = 8001', '-6 -tan sport = 8006', "-6tan 'src [::1]'", '-Man sport = 8262', '-wan sport = 1', '-wan dport = 0', "-tuan 'sport > 5000'",
    "-xan 'src unix:/run/*'", "-xan src '/run/s?'", "-xan src '/RUN/[ds]*'", '-xan autobound', '-xan not autobound', "-xan src '@abs*'", "-xan dst '*'", '-xa state established', "-0an 'src link:ip'", "-0an 'src link:ip:lo'", "-0n 'sport = :lo'", '-0an autobound', "-0an src '*:lo'",
  ])('ss %s', (line) => alike(line));

  test('control groups', async () => {
    const { stdout: mounted } = await sh("awk '$3 == \"cgroup2\" { print $2; exit }' /proc/mounts"), path = mounted.trim();
    if (path === '') return console.warn('skipped: no control groups of version 2 are mounted');
    for (const expression of [`cgroup ${path}`, `cgroup = ${path}`, `cgroup != ${path}`, `not cgroup ${path} or sport = 80`, `cgroup ${path} and sport = 80`]) await alike(`-tan '${expression}'`);
  });

  test('filters from a file', async () => {
    writeFileSync('/run/filter', '# a comment\nsport = :8001\nor sport = :80\n');
    await alike('-tan -F /run/filter');
    await alike('-tan --filter=/run/filter');
  });

  test('to the last blank', async () => {
    for (const line of ['-tan', '-tln', '-xan', '-tlnp', '-uanm', '-H -tan']) await alike(line, (text) => text);
  });

  const noTerminal = has('script') ? undefined : 'script is not installed';
  if (!lacking && noTerminal) console.warn(`skipped: on a terminal: ${noTerminal}`);
  test.skipIf(noTerminal)('on a terminal of any width', async () => {
    bundle = await built('nlkit');
    for (const width of [200, 133, 100, 80, 60, 40, 25]) {
      for (const line of ['-tan', '-tanp', '-xan', '-tln', '-an -t -u']) {
        const shown = (tool: string): ReturnType<typeof sh> => sh(inside('shown', `script -qec 'stty cols ${width}; ${tool} ${line}' /dev/null </dev/null`));
        const theirs = await shown('ss'), ours = await shown(`node ${bundle.program} ss`);
        // Lines of other columns are broken elsewhere.
        if (version < 615) table.meet('ss-columns');
        const even = (text: string): string => (version < 615 ? words(text).replace(/Port ?Process/, 'Port') : text);
        same(`${line} in ${width} columns`, even(ours.stdout), even(theirs.stdout));
      }
    }
  }, 120_000);
});

describe.skipIf(lacking)('messages into a file', () => {
  /** Whoever asked, and when: without numbers and ports of headers, and what is left of timers (idiag_expires). */
  const messages = (bytes: Uint8Array): string[] => [...frames(bytes)].map(({ at, end, type, flags }) => `${type} ${flags} ${toHex(bytes.slice(at + HEADER_SIZE, end)).replace(/^(.{104}).{8}/, '$1')}`);
  test.each(['-tan', '-tanim', '-4tan state established', '-6 -tan', '-tn -e --tos', '-tln'])('ss %s -D FILE', async (line) => {
    expect(await sh(inside('shown', `ss ${line} -D /run/theirs`))).toMatchObject({ status: 0, stdout: '' });
    expect(await nlkit(`ss -N shown ${line} -D /run/ours`)).toEqual({ status: 0, stdout: '', stderr: '' });
    const asked = (): string[] => messages(readFileSync('/run/ours'));
    expect(asked().length).toBeGreaterThan(1);
    // Time goes on in what TCP says of itself: those are told apart by what ss reads of them.
    if (!/i|^-tn/.test(line)) expect(asked()).toEqual(messages(readFileSync('/run/theirs')));
    const read = (file: string): Promise<Said> => sh(inside('shown', `env TCPDIAG_FILE=/run/${file} ss ${line}`));
    const [theirs, ours] = [await read('theirs'), await read('ours')];
    expect({ ...ours, stdout: still(ours.stdout) }).toEqual({ ...theirs, stdout: still(theirs.stdout) });
  });
  test('those that an expression means', async () => {
    table.meet('ss-dump');
    await sh(inside('shown', "ss -tan -D /run/theirs 'sport = 8007'"));
    expect(await nlkit("ss -N shown -tan -D /run/ours 'sport = 8007'")).toMatchObject({ status: 0 });
    expect(messages(readFileSync('/run/theirs')).length).toBeGreaterThan(10);
    // One of IPv6, and the end of each family.
    expect(messages(readFileSync('/run/ours')).map((message) => message.slice(0, 2))).toEqual(['3 ', '20', '3 ']);
  });
  test('to standard output; nowhere', async () => {
    const out = new Captured();
    expect(await run(split('ss -N shown -tan -D -'), out)).toBe(0);
    expect(await sh(inside('shown', 'ss -tan -D /run/theirs'))).toMatchObject({ status: 0 });
    expect(messages(out.bytes)).toEqual(messages(readFileSync('/run/theirs')));
    expect(await nlkit('ss -N shown -tan -D /nosuch/file')).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot write "/nosuch/file"') as string });
    expect(await nlkit('ss -N shown -uan -D -')).toMatchObject({ status: 1, stderr: expect.stringContaining('of sockets of TCP') as string });
  });
});

describe.skipIf(lacking)('what differs', () => {
  const both = async (line: string): Promise<{ theirs: Awaited<ReturnType<typeof sh>>; ours: Awaited<ReturnType<typeof nlkit>> }> => ({ theirs: await sh(inside('shown', `ss ${line}`)), ours: await nlkit(`ss -N shown ${line}`) });

  test('JSON', async () => {
    table.meet('ss-json');
    const { theirs, ours } = await both('-j -tan');
    expect(theirs.status).toBe(255);
    const all = JSON.parse(ours.stdout) as { state: string; local: { address: string; port: number }; peer: object }[];
    const { stdout } = await sh(inside('shown', 'ss -Htan'));
    expect(all).toHaveLength(stdout.trim().split('\n').length);
    expect(all).toContainEqual({ netid: 'tcp', state: 'LISTEN', 'recv-q': 0, 'send-q': 7, local: { address: '0.0.0.0', port: 80 }, peer: { address: '0.0.0.0', port: 0 } });
    expect(all).toContainEqual(expect.objectContaining({ state: 'ESTAB', 'recv-q': 500, local: { address: '127.0.0.1', port: 8001 } }));
    const [bound] = JSON.parse((await nlkit('ss -N shown -j -tanepim sport = 8008')).stdout) as object[];
    expect(bound).toMatchObject({ local: { port: 8008, dev: 'lo' }, fwmark: 0x123, shutdown: '<->', users: [{ name: 'perl' }], cong: expect.any(String) as string, skmem: { r: 0 } });
    for (const line of ['-an', '-xane', '-0ebm', '-f netlink -em', '-Mani', '-uane', '-wan', '-s']) expect(JSON.parse((await nlkit(`ss -N shown -j ${line}`)).stdout), line).toBeTruthy();
  });

  test('threads', async () => {
    const { theirs, ours } = await both('-tanT');
    if (version >= 615) table.meet('ss-threads');
    expect(theirs.stdout.includes('users:')).toBe(version < 615);
    same('-tanTp', still(ours.stdout), still((await sh(inside('shown', 'ss -tanTp'))).stdout));
  });

  test('queues, and what is bound and does nothing', async () => {
    const close = await sockets('bound', BOUND);
    try {
      for (const line of ['-tanQ', '-HtanQ', '--no-queues -ta', '-tanQpi', '-Btan', '-tanB', '--bound-inactive -tn', '-tan state bound-inactive', '-tn', '-tan exclude bound-inactive', '-tan state bound-inactive state listening', '-B']) {
        const theirs = await sh(inside('bound', `ss ${line}`)), ours = await nlkit(`ss -N bound ${line}`);
        expect(ours, line).toMatchObject({ status: 0, stderr: '' });
        if (version >= 615) expect({ line, said: ours.stdout }).toEqual({ line, said: theirs.stdout });
        else if (/Q|B|bound|queues/.test(line)) {
          table.meet('ss-options');
          expect({ line, status: theirs.status }).toEqual({ line, status: 255 });
        }
        if (line === '-Btan') expect(ours.stdout.includes('127.0.0.1:8010')).toBe(kernelVersion() >= 608);
      }
    } finally { await close(); }
  });

  test('control groups of a namespace', async () => {
    table.meet('ss-cgroup');
    const { stdout, stderr } = await sh('ss -N shown -Htane');
    if (/cgroup:unreachable/.test(stdout)) expect(stderr).toContain('cgroup2');
    const hierarchy = (await sh('grep cgroup2 /proc/mounts')).status === 0;
    if (hierarchy) expect((await nlkit('ss -N shown -Htane')).stdout).not.toContain('unreachable');
  });

  test('both families', async () => {
    table.meet('ss-both');
    const { theirs, ours } = await both('-4 -6 -Htln');
    expect(theirs.stdout).not.toContain('127.0.0.1');
    expect(ours.stdout).toMatch(/127\.0\.0\.1:8001[^]*\[::\]:8007/);
  });

  test('addresses without brackets', async () => {
    table.meet('ss-bare');
    const { theirs, ours } = await both('-tan src ::1');
    expect(theirs.status).not.toBe(0);
    expect(ours.stdout).toBe((await nlkit('ss -N shown -tan src [::1]')).stdout);
    expect(ours.stdout.split('\n').length).toBe(4);
  });

  test('hosts that are not', async () => {
    table.meet('ss-not');
    const { theirs, ours } = await both("-tan 'dst != 127.0.0.1'");
    expect(theirs.status).not.toBe(0);
    same("-tan 'not dst 127.0.0.1'", still(ours.stdout), still((await sh(inside('shown', "ss -tan 'not dst 127.0.0.1'"))).stdout));
  });

  test('ports of names', async () => {
    table.meet('ss-names');
    const { theirs, ours } = await both("-xan 'sport > 100'");
    expect(theirs.stdout.split('\n').length).toBeGreaterThan(10);
    expect(ours).toMatchObject({ status: 1, stdout: '' });
  });

  test('ports below 0', async () => {
    table.meet('ss-port');
    const { theirs, ours } = await both("-Htan 'sport = -1'");
    expect(theirs.stdout.split('\n').length).toBeGreaterThan(10);
    expect(ours).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('not a port') as string });
  });

  test('no tables', async () => {
    table.meet('ss-nothing');
    const { theirs, ours } = await both("-A '!all'");
    expect(theirs.status).toBe(0);
    expect(ours.status).toBe(1);
  });

  test('what is not here', async () => {
    table.meet('ss-absent');
    for (const option of ['-Z', '-z', '--bpf-maps', '--bpf-map-id=5']) expect(await nlkit(`ss ${option}`), option).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^error: /) as string });
  });

  test.each([
    ['-tan sprt = 5', 'did you mean "sport"?'], ['-tanq', 'unknown option "-q" in "-tanq"'], ['--tpc', 'did you mean "--tcp"?'], ['--n', 'more than one option'], ['--tcp=5', 'takes no value'], ['-f inte', 'did you mean "inet"?'], ['-A tpc', 'did you mean "tcp"?'], ['-f', 'needs a value'],
    ['state lisening', 'did you mean "listening"?'], ['state', 'needs a state'], ["-tan '( sport = 5'", '"(" is not closed'], ["-tan 'sport = 5 )'", 'closes nothing'], ['-tan sport', 'needs a value'], ['-tan and', 'is not a condition'], ["-tan 'dst > 1.2.3.4'", 'cannot be ">"'],
    ['-tan dev nosuch', 'no link "nosuch"'], ['-tan fwmark x', 'not a mark'], ['-tan src 1.2.3.4.5', 'not an IP address'], ['-tan src 1.2.3.4/33', 'not a prefix length'], ['-tan sport = nosuch', 'not a port'], ["-tan 'src [::1'", 'not closed'], ['-tan sport = 80 and', 'not complete'], ['-tan sport = 80 or', 'not complete'], ["-tan '()'", 'is not a condition'], ['-tan not', 'not complete'], ['-tan dst nosuch.invalid', 'not an IP address'], ['-tan fwmark 1/x', 'not a mark'], ['-tan cgroup', 'needs a value'], ['-tan sport = 80 state listening', 'is not a condition'], ['-F /nosuch', 'cannot read'], ['-tan cgroup /nosuch', 'not a control group'], ["-0 'src link:nosuch'", 'not an Ethernet protocol'],
  ])('ss %s', async (line, said) => {
    const { theirs, ours } = await both(line);
    expect(theirs.status, theirs.stdout).not.toBe(0);
    if (theirs.status === 255) table.meet('ss-status');
    expect(ours).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(said) as string });
  });
});

describe.skipIf(lacking ?? noStrace)('the same bytes', () => {
  /** Theirs has anything in the padding of struct inet_diag_hostcond. */
  const payloads = (all: readonly Uint8Array[]): string[] => all.flatMap((bytes) => [...frames(bytes)].filter(({ type }) => type === 20).map((frame) => `${(frame.flags & ~4).toString(16)} ${toHex(bytes.slice(frame.at + HEADER_SIZE, frame.end)).replace(/(0[78](?:10|1c).{8})..../g, '$10000')}`));
  async function sent(line: string): Promise<{ theirs: string[]; ours: string[] }> {
    const recorder = new Recorder({ lo: 1 });
    expect(await nlkit(`ss ${line}`, () => recorder)).toMatchObject({ status: 0 });
    await sh(`strace -o /run/trace -e trace=%network,write,read -e read=all -e write=all -yy ss ${line}`);
    const { stdout } = await sh('cat /run/trace');
    return { ours: payloads(recorder.sent.map(({ bytes }) => bytes)), theirs: payloads(readStrace(stdout).filter(({ protocol, direction }) => protocol === 4 && direction === 'send').map(({ bytes }) => bytes)) };
  }
  test.each([
    '-t', '-tan', '-tani', '-tanm', '-tan --tos', '-tanimeo', '-uan', '-xan', '-xae', '-xam', '-0', '-f netlink', '-4tan', '-6tan', '-Man', '-t state established', '-tan state listening exclude listening state time-wait', "-tan 'sport = 80'", "-tan 'sport > 80'", "-tan 'dport <= 80 or sport >= 5'", "-tan 'not ( sport = 80 or dport = 80 ) and dst 10.0.0.0/8'",
    "-tan 'sport = 1 or sport = 2 or ( dst [2001:db8::/32] and not dport = 3 )'", "-tan 'fwmark = 1/3 autobound'", "-tan 'src 10.0.0.1:80 or not autobound'", "-tan 'not not ( sport = 1 and ( sport = 2 or sport = 3 ) ) or fwmark != 7'",
  ])('ss %s', async (line) => {
    const { theirs, ours } = await sent(line);
    expect(theirs.length).toBeGreaterThan(0);
    // Of a protocol that the kernel does not have, ss asks once.
    same(line, (line === '-Man' ? ours.slice(0, theirs.length) : ours).join('\n'), theirs.join('\n'));
  });
  test('devices', async () => {
    table.meet('ss-device');
    const { theirs, ours } = await sent('-4tan dev lo');
    expect(theirs).toEqual([expect.stringMatching(/^301 .{112}$/)]);
    // INET_DIAG_BC_DEV_COND, 8 bytes or 12, interface 1.
    same('-4tan dev lo', ours.join('\n'), `${theirs[0] as string}0c0001000908${'0c00'}01000000`);
  });
});

describe.skipIf(lacking)('closing', () => {
  test('both close alike', async () => {
    const ends = [await sockets('theirs', CONNECTION), await sockets('ours', CONNECTION)];
    try {
      // Namespaces have orders of their own.
      const sorted = (text: string): string => text.split('\n').map((line) => line.trimEnd()).sort().join('\n');
      const left = (namespace: string): Promise<string> => sh(inside(namespace, 'ss -Htuan')).then(({ stdout }) => sorted(stdout));
      expect(await left('ours')).toBe(await left('theirs'));
      for (const line of ["-K -tn 'dport = 7'", "-Kn -t dst 127.0.0.1 dport = 8001", '-K -un', '-Kta state listening']) {
        const theirs = await sh(inside('theirs', `ss ${line}`)), ours = await nlkit(`ss -N ours ${line}`);
        expect({ line, ...ours, stdout: '' }).toEqual({ line, ...theirs, stdout: '' });
        same(line, sorted(ours.stdout), sorted(theirs.stdout));
        expect({ line, left: await left('ours') }).toEqual({ line, left: await left('theirs') });
      }
      if ((await left('theirs')).includes('8001')) console.warn('skipped: this kernel closes no sockets (CONFIG_INET_DIAG_DESTROY)');
      else expect(await left('ours')).not.toContain('8001');
      table.meet('ss-kill');
      expect((await sh(inside('theirs', 'ss -K -xa'))).status).toBe(0);
      expect((await nlkit('ss -N ours -H -K -xa')).stdout).toBe('');
    } finally {
      for (const one of ends) await one();
    }
  }, 60_000);

  test('events', async () => {
    const close = await sockets('heard', CONNECTION), stop = new AbortController(), sides = [new Captured(), new Captured()];
    let listening = 0, theirs = '';
    class Stoppable extends LiveKernel {
      override speak(protocol: Protocol): Kernel {
        const kernel = super.speak(protocol), listen = kernel.monitor.bind(kernel);
        kernel.monitor = (groups, options: MonitorOptions) => { const events = listen(groups, { ...options, signal: stop.signal }); listening++; return events; };
        return kernel;
      }
    }
    const tool = spawn('nsenter', ['--net=/run/netns/heard', 'stdbuf', '-oL', 'ss', '-E', '-tan'], { stdio: ['ignore', 'pipe', 'inherit'] });
    tool.stdout.setEncoding('utf8').on('data', (text: string) => { theirs += text; });
    const ended = ['ss -N heard -E -tan', 'ss -N heard -E -j -tan'].map((line, at) => run(split(line), sides[at]!, (netns) => new Stoppable(netns)));
    try {
      await until('the listeners listen', () => listening === 2);
      await new Promise((resolve) => { setTimeout(resolve, PATIENCE / 20); });
      // Sockets end when nobody has them open any more.
      await close();
      await until('the events', () => [theirs, ...sides.map(({ stdout }) => stdout)].every((text) => text.split('\n').length > 3 && /8001[^\n]*(0\.0\.0\.0)/.test(text)));
      same('-E', still(sides[0]!.stdout), still(theirs));
      expect(JSON.parse(sides[1]!.stdout.split('\n')[0]!)).toMatchObject({ event: 'destroy', netid: 'tcp', local: { address: '127.0.0.1' } });
    } finally {
      stop.abort();
      tool.kill();
      await Promise.all(ended);
      await close();
    }
  }, 60_000);
});

test.skipIf(lacking ?? noStrace)('every difference was met', () => { expect(table.missing()).toEqual([]); });
