/** `nlkit fuzz` on a live kernel: the same seed finds the same, a finding comes again when it is sent alone, and nothing is left anywhere. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protocols } from '../../src/families/index.ts';
import { built, type Built } from '../support/program.ts';
import { said, type Said } from './microscope.ts';
import { has, isolate, PATIENCE, sh, until } from './support.ts';

const isolated = isolate() ?? (has('unshare') && has('ip') ? undefined : 'unshare or iproute2 is not installed');
let why = isolated;
if (!why) try { sh('unshare -Urnm --propagation private true'); } catch (error) { why = `no user namespaces: ${(error as Error).message}`; }
if (why) console.warn(`skipped: ${why}`);

const work = mkdtempSync(join(tmpdir(), 'nlkit-fuzz-')), corpus = join(work, 'corpus');
let program: Built;
beforeAll(async () => { if (!isolated) program = await built('nlkit'); });
afterAll(() => { program?.remove(); rmSync(work, { recursive: true }); });
const fuzz = (...words: string[]): Said => said(program.program, ['fuzz', ...words]);
/** One that goes on: what it said so far, and its status in the end. */
function begun(...words: string[]) {
  const child = spawn(process.execPath, [program.program, 'fuzz', ...words], { stdio: ['ignore', 'pipe', 'pipe'] }), output = { stdout: '', stderr: '' };
  for (const side of ['stdout', 'stderr'] as const) child[side].setEncoding('utf8').on('data', (text: string) => { output[side] += text; });
  return { child, output, end: new Promise<number | null>((done) => { child.on('close', done); }) };
}

/** Where processes take long to start. */
const SLOW = Math.min(PATIENCE / 20_000, 6);

interface Line { readonly signature: string; readonly count: number; readonly first: number; readonly outcome?: { message: string; code: string } }
/** What a run says, without the kernel's log, which others write to as well. */
const outcomes = ({ stdout }: Said): Line[] => stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line).filter(({ signature }) => signature !== 'KERNEL LOG');
/** What could be left: links of the namespace that it is started from, named namespaces, processes. */
const state = (): string => [sh('ip -o link | sed "s/qlen.*//"'), sh('ip -o addr'), sh('ip netns list'), sh('ps ax -o args | grep "[f]uzz --inside" || true')].join('\n');

describe.skipIf(why)('a run', () => {
  test.each(['route', 'netfilter', 'xfrm', 'sock_diag'])('%s: deterministic by its seed, and nothing is left', (protocol) => {
    const before = state(), one = fuzz('--protocol', protocol, '--seed', '11', '--count', '150', '--mutate', '--json'), two = fuzz('--protocol', protocol, '--seed', '11', '--count', '150', '--mutate', '--json');
    expect(one.status, one.stderr).toBe(0);
    expect(one.stderr).toMatch(/^note: seed 11: \d+ requests in /m);
    expect(outcomes(one)).toEqual(outcomes(two));
    expect(outcomes(one).length).toBeGreaterThan(5);
    expect(state()).toBe(before);
  });
  test('a family of generic netlink', () => {
    const { status, stdout, stderr } = fuzz('--protocol', 'generic', 'ethtool', '--seed', '1', '--count', '100');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^\d+ requests sent, \d+ accepted, \d+ outcomes/);
    expect(stdout).toMatch(/^ETHTOOL_MSG_\w+ +E\w+ +\d+/m);
    expect(fuzz('--protocol', 'generic', 'batadv', '--count', '1')).toMatchObject({ status: expect.any(Number) as number });
  });
  test('words are understood by the kernel: some of all is accepted', () => {
    const all = outcomes(fuzz('--seed', '2', '--count', '400', '--message', 'NEWADDR,NEWNEIGH,NEWRULE,GETLINK,GETADDR', '--json'));
    expect(new Set(all.map(({ outcome }) => outcome?.message))).toEqual(new Set(['RTM_NEWADDR', 'RTM_NEWNEIGH', 'RTM_NEWRULE', 'RTM_GETLINK', 'RTM_GETADDR']));
    for (const name of ['RTM_NEWADDR', 'RTM_GETLINK']) expect(all.some(({ outcome }) => outcome?.message === name && outcome.code === 'OK'), name).toBe(true);
  });
  test('what it found is kept once each, and comes again when it is sent', () => {
    const first = fuzz('--seed', '5', '--count', '120', '--message', 'NEWADDR,DELADDR', '--corpus', corpus, '--json'), files = readdirSync(corpus);
    expect(files.length).toBe(outcomes(first).length);
    const kept = files.map((name) => JSON.parse(readFileSync(join(corpus, name), 'utf8')) as { signature: string; alone?: boolean; outcome: { code: string; message: string; differs?: string[] }; messages: object[] });
    expect(new Set(kept.map(({ signature }) => signature))).toEqual(new Set(outcomes(first).map(({ signature }) => signature)));
    const alone = kept.map((one, i) => ({ ...one, file: files[i]! })).filter(({ alone: by, outcome }) => by && outcome.code !== 'OK');
    expect(alone.length).toBeGreaterThan(3);
    // In a namespace with the links that the fuzzer's have.
    sh('ip link set lo up && ip link add v0 index 101 type veth peer name v1 index 102 && ip link set v0 up && ip link set v1 up && ip link add b0 index 103 up type bridge && ip link add p0 index 104 up type veth peer name p1 index 105 && ip link set p0 master b0 && ip addr add 192.0.2.1/24 dev v0');
    try {
      for (const { outcome: { code, message }, file } of alone) expect(said(program.program, ['send', join(corpus, file)]).stderr, file).toContain(`${message}: ${code}`);
    } finally { sh('ip link del v0; ip link del b0; ip link del p0'); }
    // Another run with the same seed has nothing new.
    expect(fuzz('--seed', '5', '--count', '120', '--message', 'NEWADDR,DELADDR', '--corpus', corpus).stderr).toContain('; 0 outcomes are new in ');
    expect(readdirSync(corpus)).toEqual(files);
  });
  test('ended from outside: its process goes, too', async () => {
    const before = state(), child = spawn(process.execPath, [program.program, 'fuzz', '--time', '60'], { stdio: 'ignore' });
    await until('the process inside', () => sh('ps ax -o args | grep "[f]uzz --inside" || true') !== '');
    const gone = new Promise((done) => { child.on('exit', done); });
    child.kill('SIGKILL');
    await gone;
    await until('nothing is left', () => state() === before);
  });
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it; what is known until then is told, and counted', async (signal) => {
    const before = state(), { child, output, end } = begun('--time', '600', '--seed', '3', '--json', '--message', 'GETLINK');
    await until('the process inside', () => sh(`ps --ppid ${child.pid} -o args= | grep "[f]uzz --inside" || true`) !== '');
    await new Promise((later) => { setTimeout(later, 1500 * SLOW); });
    child.kill(signal);
    expect(await end).toBe(128 + constants.signals[signal]);
    const all = outcomes({ status: 0, ...output }), sent = Number(/: (\d+) requests in/.exec(output.stderr)![1]), told = all.reduce((sum, { count }) => sum + count, 0);
    expect(sent).toBeGreaterThan(all.length);
    // That which was being sent is not known.
    expect(sent - told).toBeGreaterThanOrEqual(0);
    expect(sent - told).toBeLessThanOrEqual(1);
    await until('nothing is left', () => state() === before);
  });
  test('where the process that sends is killed, as when memory is short, it goes on behind the request, with all counted', async () => {
    const { child, output, end } = begun('--time', String(6 * SLOW), '--seed', '3', '--json', '--message', 'GETLINK');
    const pid = Number(await until('the process inside', () => sh(`ps --ppid ${child.pid} -o pid=,args= | grep "[f]uzz --inside" || true`).trim().split(' ')[0] || false));
    await new Promise((later) => { setTimeout(later, 1500 * SLOW); });
    process.kill(pid, 'SIGKILL');
    expect(await end).toBe(2);
    const all = outcomes({ status: 2, ...output }), hang = all.find(({ signature }) => signature === 'HANG')!;
    expect(hang.first).toBeGreaterThan(0);
    expect(all.filter(({ signature }) => signature !== 'HANG').reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(hang.first);
  });
  test('killed while findings are made small: nothing is sent once more, and the findings are there', async () => {
    const folder = join(work, 'small'), { child, output, end } = begun('--count', '40', '--seed', '9', '--json', '--corpus', folder, '--shrink', '600', '--message', 'NEWRULE');
    // The first that is small.
    await until('a finding that is small', () => existsSync(folder) && readdirSync(folder).some((name) => /"alone":true/.test(readFileSync(join(folder, name), 'utf8'))));
    process.kill(Number(sh(`ps --ppid ${child.pid} -o pid=,args= | grep "[f]uzz --inside"`).trim().split(' ')[0]), 'SIGKILL');
    expect(await end).toBe(2);
    const all = outcomes({ status: 2, ...output }).filter(({ signature }) => signature !== 'HANG'), sent = Number(/: (\d+) requests in/.exec(output.stderr)![1]);
    expect(sent).toBeLessThanOrEqual(40);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(sent);
    expect(readdirSync(folder).length).toBe(all.length);
  });
  test('a process that says nothing any more is ended, and the run goes on behind what it was about', async () => {
    const { child, output, end } = begun('--time', String(10 * SLOW), '--timeout', '0.2', '--seed', '3', '--json');
    const pid = Number(await until('the process inside', () => sh(`ps --ppid ${child.pid} -o pid=,args= | grep "[f]uzz --inside" || true`).trim().split(' ')[0] || false));
    await new Promise((later) => { setTimeout(later, 1500 * SLOW); });
    process.kill(pid, 'SIGSTOP');
    expect(await end).toBe(2);
    const hang = outcomes({ status: 2, stdout: output.stdout, stderr: '' }).find(({ signature }) => signature === 'HANG');
    expect(hang?.first).toBeGreaterThan(0);
    expect(output.stderr).toContain(`no answer to request ${hang!.first}: the process that sent it was ended`);
    // What came before it, and after it.
    expect(outcomes({ status: 2, stdout: output.stdout, stderr: '' }).some(({ first }) => first < hang!.first)).toBe(true);
    expect(outcomes({ status: 2, stdout: output.stdout, stderr: '' }).some(({ first }) => first > hang!.first)).toBe(true);
  });
  test('no way past its walls: it does not send where it was started', () => {
    const orders = { protocol: 'route', seed: 1, from: 0, count: 10, timeout: 100, each: 64, mutate: false, dangerous: false, known: [], shrinking: 0, outside: readlinkSync('/proc/self/ns/user') };
    // Nobody but who knows the danger leaves out what it must not be in.
    for (const given of ['', 'x', '{}', 'null', '5', JSON.stringify({ ...orders, outside: undefined })]) expect(said(program.program, ['fuzz', '--inside'], given), given).toMatchObject({ status: 1, stderr: expect.stringContaining('is for "nlkit fuzz" itself') as string });
    const { status, stderr } = said(program.program, ['fuzz', '--inside'], JSON.stringify(orders));
    expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining('user namespace of the machine') as string });
    // Whoever lies about that is in a network namespace of its own all the same.
    const before = state();
    sh(`printf %s '${JSON.stringify({ ...orders, outside: 'user:[1]' })}' | unshare -Ur ${process.execPath} ${program.program} fuzz --inside 3>/dev/null`);
    expect(state()).toBe(before);
  });
});

describe.skipIf(why)('a corpus that cannot be kept', () => {
  test('is said before anything is sent; when its disk is full, when it is; no process is left', () => {
    const broken = join(work, 'broken'), only = join(work, 'only'), full = join(work, 'full');
    for (const folder of [broken, only, full]) mkdirSync(folder);
    writeFileSync(join(broken, 'x.json'), '{');
    expect(fuzz('--count', '5', '--corpus', broken)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*broken\/x\.json: /) as string });
    writeFileSync(join(broken, 'x.json'), '{"a":1}');
    expect(fuzz('--count', '5', '--corpus', broken)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*broken\/x\.json: not a finding/) as string });
    const mounted = (options: string, folder: string): Said => spawnSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs -o ${options} none ${folder} && ${process.execPath} ${program.program} fuzz --count 60 --seed 3 --corpus ${folder}; status=$?; ls ${folder} | grep -v 'json$' >&2; exit $status`], { encoding: 'utf8' });
    expect(mounted('ro', only)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^error: .*only: EROFS/) as string });
    expect(mounted('size=4k', full)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*full: ENOSPC[^\n]*\n$/) as string });
    expect(sh('ps ax -o args | grep "[f]uzz --inside" || true')).toBe('');
  });
});

describe.skipIf(isolated)('what it does not do', () => {
  test.each([
    [['--protocol', 'audit'], 'audit is not fuzzed'], [['--protocol', 'generic', 'nbd'], 'nbd is not fuzzed: makes block devices'], [['--root'], '--root goes with --dangerous'], [['--protocol', 'rout'], 'did you mean "route"'],
    [['--protocol', 'generic', 'wiregard'], 'did you mean "wireguard"'], [['--message', 'NEWADR'], 'did you mean "NEWADDR"'], [['--message', 'RTM_NEWNSID'], 'not a message that is sent'], [['--seed', '1x'], 'not a number'], [['--muate'], 'did you mean "--mutate"'], [['--corpus', '/proc/nowhere'], '/proc/nowhere'], [['--timeout', '9999999'], 'out of range for "--timeout"'],
  ])('%s', (words, why) => { expect(fuzz(...words)).toMatchObject({ status: 1, stderr: expect.stringContaining(why) as string }); });
  test('a list of what is sent and what is not, and a dry run, send nothing', () => {
    const { stdout } = fuzz('--list');
    for (const { name } of protocols) expect(stdout, name).toMatch(new RegExp(`^(not )?${name}[: ]`, 'm'));
    expect(stdout).toMatch(/^not generic nbd: makes block devices$/m);
    const dry = said(program.program, ['--dry-run', 'fuzz', '--seed', '4', '--count', '20', '--json']), again = said(program.program, ['--dry-run', 'fuzz', '--seed', '4', '--count', '20', '--json']);
    expect(dry.stdout.split('\n').length).toBeGreaterThan(15);
    expect(dry).toEqual(again);
  });
});
