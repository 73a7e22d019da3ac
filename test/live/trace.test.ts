/** `nlkit trace` beside strace and wireshark: the same messages, of the same processes, in the same order; and the command none the wiser. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frames, HEADER_SIZE, NLMSG } from '../../src/codec/index.ts';
import { fromJson, readPcap, readStrace, toHex, type JsonMessage } from '../../src/inspect/index.ts';
import { built, type Built } from '../support/program.ts';
import { said, wireshark, type Said } from './microscope.ts';
import { has, isolate, PATIENCE, sh, until } from './support.ts';

const isolated = isolate() ?? (has('ip') ? undefined : 'iproute2 is not installed');
const why = isolated ?? (!has('strace') ? 'strace is not installed' : spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? undefined : 'nobody may be traced here');
if (why) console.warn(`skipped: ${why}`);

const work = mkdtempSync(join(tmpdir(), 'nlkit-trace-')), at = (name: string): string => join(work, name);
let program: Built;
beforeAll(async () => {
  if (isolated) return;
  program = await built('nlkit');
  sh('ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up && ip link add b0 type bridge && ip link set v1 master b0');
});
afterAll(() => { program?.remove(); rmSync(work, { recursive: true }); });
const nlkit = (...words: string[]): Said => said(program.program, words);

interface Line { readonly pid: number; readonly command: string; readonly fd: number; readonly protocol?: string; readonly direction: string; readonly latency?: number; readonly time: number; readonly messages: JsonMessage[]; readonly errors?: { code: string; path?: string; said?: string }[] }
const read = (name: string): Line[] => readFileSync(at(name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line);
function traced(command: readonly string[], ...words: string[]): { lines: Line[]; said: Said } {
  const one = nlkit('trace', '-j', '-o', at('lines'), '-w', at('pcap'), ...words, '--', ...command);
  return { lines: read('lines'), said: one };
}
/** Zeros behind a request, as tools send them, are no message. */
const names = (lines: readonly Line[]): string[] => lines.flatMap(({ messages }) => messages.filter((message) => message.$tail === undefined).map((message) => message.name ?? String(message.type)));

/** Every header that wireshark shows: those of the messages, and behind that of an error the one that it echoes. */
const headers = (bytes: Uint8Array): string[] => [...frames(bytes)].flatMap(({ length, type, flags, seq, pid, start }) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset), at = start + 4;
  return [[length, flags, seq, pid], ...(type === NLMSG.error ? [[view.getUint32(at, true), view.getUint16(at + 6, true), view.getUint32(at + 8, true), view.getUint32(at + 12, true)]] : [])].map((all) => all.join(' '));
});

/** Commands, and what must be among what they say. */
const commands: readonly [tool: string, command: string, says: string][] = [
  ['ip', 'ip -d link show', 'RTM_GETLINK'], ['ip', 'ip addr add 192.0.2.1/24 dev v0', 'RTM_NEWADDR'], ['bridge', 'bridge vlan show', 'RTM_GETLINK'], ['bridge', 'bridge link', 'RTM_GETLINK'],
  ['tc', 'tc qdisc show', 'RTM_GETQDISC'], ['ss', 'ss -tan', 'SOCK_DIAG_BY_FAMILY'], ['nft', 'nft add table inet t', 'NFT_MSG_NEWTABLE'], ['nft', 'nft list ruleset', 'NFT_MSG_GETTABLE'], ['genl', 'genl ctrl list', 'CTRL_CMD_GETFAMILY'],
];

describe('what a command says', () => {
  test.skipIf(why).each(commands)('%s: %s', (tool, command, says) => {
    if (!has(tool)) { console.warn(`skipped: ${tool} is not installed`); return; }
    const plain = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    if (command.includes(' add ')) sh(command.replace(' add table', ' delete table').replace('addr add', 'addr del'));
    const { lines, said: own } = traced(command.split(' '));
    // Its output is its own, and so is its exit status.
    expect({ status: own.status, stdout: own.stdout.replace(/\d+(sec|ms)/g, '') }).toEqual({ status: plain.status, stdout: plain.stdout.replace(/\d+(sec|ms)/g, '') });
    expect(names(lines.filter(({ direction }) => direction === 'send'))).toContain(says);
    expect(new Set(lines.map((line) => line.command))).toEqual(new Set([tool]));
    const pcap = readPcap(readFileSync(at('pcap')));
    expect(pcap.map(({ bytes }) => toHex(bytes))).toEqual(lines.map(({ messages }) => toHex(fromJson(messages))));
    for (const [i, line] of lines.entries()) expect(pcap[i]!.time).toBeCloseTo(line.time, 5);
    if (!has('tshark')) { console.warn('skipped: tshark is not installed to compare with'); return; }
    expect(wireshark(at('pcap'))).toEqual(pcap.map(({ bytes, protocol }) => [protocol, ...headers(bytes)].join('; ')));
  });

  test.skipIf(why)('the same datagrams as strace tells of by itself', () => {
    sh(`strace -f -o ${at('strace')} -e trace=%network,close -e read=all -e write=all ip route show`);
    const theirs = readStrace(readFileSync(at('strace'), 'utf8')), { lines } = traced(['ip', 'route', 'show']);
    // Numbers, ports and counters differ from run to run.
    const shape = (bytes: Uint8Array): string => [...frames(bytes)].map(({ type, flags, start, end }) => `${type} ${flags} ${end - start + HEADER_SIZE}`).join(', ');
    expect(theirs.length).toBeGreaterThan(1);
    expect(lines.map(({ messages, direction }) => `${direction} ${shape(fromJson(messages))}`)).toEqual(theirs.map(({ bytes, direction }) => `${direction} ${shape(bytes)}`));
  });

  test.skipIf(why)('our own command, too: what it sends from other threads and reads by libuv', () => {
    const { lines } = traced([process.execPath, program.program, 'ip', 'link', 'set', 'v1', 'up']);
    expect(names(lines)).toEqual(['RTM_GETLINK', 'RTM_NEWLINK', 'NLMSG_ERROR', 'RTM_NEWLINK', 'NLMSG_ERROR']);
    expect(lines.map(({ direction }) => direction)).toEqual(['send', 'receive', 'receive', 'send', 'receive']);
  });

  test.skipIf(why)('children, however short they live, by their names; in other namespaces, too', () => {
    const { lines } = traced(['sh', '-c', 'ip link show lo >/dev/null; (ip link show v0; ip link show v1) >/dev/null & unshare -n ip link show lo >/dev/null; wait']);
    const by = new Map<number, string[]>();
    for (const line of lines) by.set(line.pid, [...by.get(line.pid) ?? [], ...(line.direction === 'send' ? names([line]) : [])]);
    expect(by.size).toBe(4);
    expect(new Set(lines.map((line) => line.command))).toEqual(new Set(['ip']));
    expect(new Set(lines.map((line) => line.protocol))).toEqual(new Set(['route']));
    for (const asked of by.values()) expect(asked).toContain('RTM_GETLINK');
  });

  test.skipIf(why)('errors by name, with the kernel\'s words, and how long the answer took', () => {
    const { lines, said: own } = traced(['ip', 'addr', 'add', '192.0.2.7/33', 'dev', 'v0'], '--type', 'NEWADDR');
    expect(own.status).not.toBe(0);
    expect(lines).toEqual([]);
    const refused = traced(['ip', 'link', 'add', 'b0', 'type', 'bridge'], '--type', 'newlink').lines;
    const last = refused.at(-1)!;
    expect(last.errors).toMatchObject([{ code: 'EEXIST' }]);
    expect(last.latency).toBeGreaterThanOrEqual(0);
    expect(last.latency).toBeLessThan(PATIENCE * 1000);
    const tree = nlkit('trace', '-t', 'ip', 'link', 'add', 'b0', 'type', 'bridge').stderr;
    expect(tree).toMatch(/^# \d\d:\d\d:\d\d\.\d{6} ip\[\d+\] socket \d+, route, to the kernel\nRTM_NEWLINK seq /m);
    expect(tree).toMatch(/^# .* from the kernel, [\d.]+ (us|ms|s) after the request\nNLMSG_ERROR[\s\S]*^refused: RTM_NEWLINK: EEXIST: File exists/m);
    expect(nlkit('trace', '-b', 'ip', 'link', 'add', 'b0', 'type', 'bridge').stderr).toMatch(/^ip\[\d+\] \d route > RTM_NEWLINK seq \d+ request,ack,excl,create .*kind "bridge"/m);
  });

  test.skipIf(why)('filters: by protocol, and by type with what answers it; the capture has all', () => {
    const shell = ['sh', '-c', 'ip link show v0; ip addr show v0; ss -tan'];
    expect(new Set(traced(shell, '--protocol', 'sock_diag').lines.map((line) => line.protocol))).toEqual(new Set(['sock_diag']));
    const all = readPcap(readFileSync(at('pcap'))).map(({ protocol }) => protocol);
    expect(new Set(all)).toEqual(new Set([0, 4]));
    const typed = traced(shell, '--type', 'RTM_GETADDR').lines;
    expect(new Set(names(typed))).toEqual(new Set(['RTM_GETADDR', 'RTM_NEWADDR', 'NLMSG_DONE']));
  });

  test.skipIf(why)('a process that runs already, until it ends, and it lives on when the trace is interrupted', async () => {
    const other = spawn('sh', ['-c', 'while :; do ip link show lo >/dev/null; sleep 0.2; done'], { detached: true, stdio: 'ignore' });
    try {
      const trace = spawn(process.execPath, [program.program, 'trace', '-b', '-p', String(other.pid)]);
      let stdout = '';
      trace.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
      const end = new Promise((done) => { trace.on('close', done); });
      await until('a message of it', () => /ip\[\d+\] \d route > RTM_GETLINK/.test(stdout));
      trace.kill('SIGINT');
      await end;
      expect(() => process.kill(other.pid!, 0)).not.toThrow();
    } finally { process.kill(-other.pid!, 'SIGKILL'); }
    // A monitor's last event is told of though nothing follows it.
    const monitor = spawn(process.execPath, [program.program, 'trace', '-b', 'ip', 'monitor', 'link']);
    let stderr = '';
    monitor.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    const ended = new Promise((done) => { monitor.on('close', done); });
    try {
      let tries = 0;
      await until('an event', () => { sh(`ip link set v0 mtu ${1400 + ++tries}`); return /< RTM_NEWLINK .*ifname "v0"/.test(stderr); });
    } finally { monitor.kill('SIGTERM'); await ended; }
  });

  test.skipIf(why)('the exit status is the command\'s', () => {
    expect(nlkit('trace', 'sh', '-c', 'exit 7').status).toBe(7);
    expect(nlkit('trace', 'sh', '-c', 'kill -TERM $$').status).toBe(143);
    expect(nlkit('trace', 'no-such-command').status).toBe(127);
  });

  test.skipIf(why)('a full disk ends the trace, not the command; it is said when that has ended', () => {
    for (const option of ['-o', '-w']) {
      const { status, stdout, stderr } = nlkit('trace', option, '/dev/full', '-b', 'ip', '-o', 'link', 'show', 'lo');
      expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('1: lo:') as string });
      expect(stderr).toMatch(/^error: \/dev\/full ends early: ENOSPC/m);
    }
  });
  test.skipIf(why)('a terminal that is closed ends its command', async () => {
    const trace = spawn(process.execPath, [program.program, 'trace', '-b', 'ip', 'monitor', 'link'], { stdio: ['ignore', 'ignore', 'pipe'] }), end = new Promise((done) => { trace.on('exit', done); });
    let stderr = '';
    trace.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    await until('the command', () => { sh('ip link set v0 mtu 1400 && ip link set v0 mtu 1401'); return stderr.includes('RTM_NEWLINK'); });
    const [strace] = sh(`ps --ppid ${trace.pid} -o pid=`).trim().split(/\s+/);
    trace.kill('SIGHUP');
    expect(await end).toBe(143);
    expect(sh(`ps --ppid ${strace} -o pid= || true`)).toBe('');
  });

  test.skipIf(why)('what was seen can be sent again', () => {
    sh('ip link set v0 mtu 1300');
    traced(['ip', 'link', 'set', 'v0', 'mtu', '1234']);
    sh('ip link set v0 mtu 1300');
    expect(nlkit('send', '--json', at('lines')).stdout).toContain('"error":0');
    expect(sh('ip link show v0')).toContain('mtu 1234');
  });
});

test.skipIf(isolated)('without strace: said, with what to install', () => {
  const { status, stderr } = spawnSync(process.execPath, [program.program, 'trace', 'true'], { encoding: 'utf8', env: { ...process.env, PATH: '/nonexistent' } });
  expect(status).toBe(3);
  expect(stderr).toMatch(/there is no strace here[\s\S]*apt install strace/);
});
test.skipIf(isolated)('words that are wrong', () => {
  writeFileSync(at('nothing'), '');
  for (const [words, said] of [[['trace'], 'needs a command'], [['trace', '-p', '1', 'ip'], 'either'], [['trace', '--typ', 'x', 'ip'], 'no message is called "x"'], [['trace', '--type', 'RTM_NEWLNK', 'ip'], 'did you mean "RTM_NEWLINK"'], [['trace', '--protcol', 'x'], 'did you mean "--protocol"'], [['trace', '--protocol', 'rout', 'ip'], 'did you mean "route"'], [['trace', '-p', 'x'], 'not a process id'], [['trace', '-w', '/nonexistent/x', 'ip'], 'cannot write']] as const) expect(nlkit(...words), words.join(' ')).toMatchObject({ status: 1, stderr: expect.stringContaining(said) as string });
});
