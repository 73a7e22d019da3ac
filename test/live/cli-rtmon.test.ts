/** `rtmon` beside the real one: the same messages in the file, read alike by both, and whole whatever ends it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Recorder } from '../../src/cli/kernel-record.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { frames, NLMSG } from '../../src/codec/index.ts';
import { route } from '../../src/families/route/index.ts';
import { expected } from '../support/differences.ts';
import { built, type Built } from '../support/program.ts';
import { has, isolate, PATIENCE, sh, until } from './support.ts';

const why = isolate() ?? (has('ip') && has('rtmon') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const table = expected('live/cli-rtmon');
const TIMESTAMP = 15;
const name = (type: number): string => route.byNumber.get(type)?.key ?? String(type);

interface Entry { readonly type: string; readonly bytes: string }
/** The messages of a file, which must be whole; times left out, and in the answers the numbers that each program asked with. */
function entries(path: string): Entry[] {
  const bytes = readFileSync(path), all: Entry[] = [];
  for (const { type, flags, start, end } of frames(bytes, { tail: (at, reason) => { if (reason) throw new Error(`${path}: at byte ${at}: ${reason}`); } })) {
    if (type === TIMESTAMP) continue;
    const message = Buffer.from(bytes.subarray(start - 16, end));
    if (flags & 2) message.fill(0, 8, 16);
    all.push({ type: name(type), bytes: message.toString('hex') });
  }
  return all;
}

/** Where the times are: before the first answer, and before each message that follows. */
const times = (path: string): string => [...frames(readFileSync(path))].map(({ type, flags }) => (type === TIMESTAMP ? 't' : flags & 2 ? 'a' : 'm')).join('').replace(/a+/, 'a');

const inside = (line: string): string => line.replace(/^(ip|tc)\b/, '$1 -n heard');
async function nlkit(line: string): Promise<{ status: number; out: Captured }> {
  const out = new Captured();
  return { status: await run(split(line), out, undefined), out };
}
/** With the time of each event left out: two recorders are not woken at once. */
const untimed = (text: string): string[] => text.split('\n').filter((line) => !line.startsWith('Timestamp:'));

describe.skipIf(why)('rtmon', () => {
  let program: Built;
  beforeAll(async () => { program = await built('nlkit'); });
  afterAll(() => { program?.remove(); });

  const running = new Set<ChildProcess>();
  function start(words: string): ChildProcess {
    const recorder = spawn('ip', ['netns', 'exec', 'heard', ...split(words)], { stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(recorder);
    recorder.once('exit', () => running.delete(recorder));
    return recorder;
  }
  const ours = (words: string): ChildProcess => start(`${process.execPath} ${program.program} rtmon ${words}`);
  /** Both write what there is before they listen to the rest. */
  const recording = (path: string): Promise<boolean> => until(`${path} begun`, () => statSync(path, { throwIfNoEntry: false })?.size ? true : false);
  const stopped = async (recorder: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
    const ended = new Promise<number | null>((done) => { recorder.once('exit', done); });
    recorder.kill(signal);
    return await ended;
  };
  const heard = async (test: () => Promise<void>): Promise<void> => {
    sh('ip netns add heard && ip -n heard link add w0 type veth peer name w1');
    try { await test(); } finally {
      for (const recorder of running) recorder.kill('SIGKILL');
      sh('ip netns del heard; rm -f /run/theirs /run/ours');
    }
  };
  const changes = [
    'ip link add v0 address 02:00:00:00:00:10 type veth peer name v1', 'ip link set v0 addrgenmode none mtu 1400', 'ip link set v0 up', 'ip address add 10.0.0.1/24 dev v0', 'ip address add fd00::1/64 dev v0 nodad',
    'ip route add 10.9.0.0/16 dev v0', 'ip route add fd09::/64 dev v0', 'ip rule add from 10.0.0.0/8 table 9', 'ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0', 'tc qdisc add dev v0 root pfifo limit 7',
    'ip address del 10.0.0.1/24 dev v0', 'ip link del v0',
  ];

  test.each<[words: string, types: readonly string[], absent: readonly string[]]>([
    ['file FILE', ['newlink', 'dellink', 'newaddr', 'newroute', 'newrule', 'newneigh', 'newnetconf', 'newqdisc'], []],
    ['file FILE all', ['newlink', 'newaddr', 'newroute', 'newrule', 'newneigh', 'newqdisc'], []],
    ['file FILE l', ['newlink', 'dellink'], ['newaddr', 'newroute']],
    ['addr route file FILE', ['newlink', 'newaddr', 'deladdr', 'newroute', 'delroute'], ['dellink', 'newneigh']],
    ['-4 file FILE address', ['newaddr', 'deladdr'], ['newroute']],
    ['file FILE route -f inet6', ['newroute'], ['newaddr']],
  ])('%s', (words, types, absent) => heard(async () => {
    const recorders = [start(`rtmon ${words.replace('FILE', '/run/theirs')}`), ours(words.replace('FILE', '/run/ours'))];
    await Promise.all([recording('/run/theirs'), recording('/run/ours')]);
    // The real one listens before it writes, ours too; but it asks after that, and takes no event meanwhile.
    spawnSync('sleep', ['0.3']);
    const script = changes.map((line) => inside(line).replace(/^tc .*/, (tc) => (has('tc') ? tc : ':'))).join('\n');
    sh(script);
    const settled = async (path: string): Promise<void> => { for (let size = -1; size !== statSync(path).size;) { size = statSync(path).size; await new Promise((done) => setTimeout(done, 400)); } };
    await settled('/run/ours');
    expect(await stopped(recorders[1]!, words.includes('all') ? 'SIGINT' : 'SIGTERM')).toBe(0);
    await stopped(recorders[0]!, 'SIGTERM');

    const [theirs, mine] = [entries('/run/theirs'), entries('/run/ours')];
    expect(mine).toEqual(theirs);
    expect(times('/run/ours')).toBe(times('/run/theirs'));
    expect(times('/run/ours')).toMatch(/^ta(tm)+$/);
    const seen = new Set(mine.map(({ type }) => type));
    for (const type of types) if (type !== 'newqdisc' || has('tc')) expect(seen).toContain(type);
    for (const type of absent) expect(seen).not.toContain(type);

    for (const line of ['ip monitor file', 'ip -o monitor all file', 'ip monitor link file', ...(has('tc') ? ['tc monitor file'] : [])]) {
      const [read, of] = ['/run/ours', '/run/theirs'].map((path) => spawnSync('sh', ['-c', inside(`${line} ${path}`)], { encoding: 'utf8' }));
      expect(untimed(read!.stdout)).toEqual(untimed(of!.stdout));
      expect(read!.stderr).toBe(of!.stderr);
      const told = (await nlkit(inside(`${line} /run/ours`))).out.stdout.split('\n'), all = read!.stdout.split('\n');
      if (/monitor link/.test(line) && words !== 'file FILE l') {
        table.meet('monitor-file');
        expect(told.length).toBeLessThan(all.length);
        expect(told.filter((one) => !all.includes(one))).toEqual([]);
      } else if (line.startsWith('tc') && told.join() !== all.join()) {
        table.meet('monitor-file-names');
        const unnamed = (lines: readonly string[]): string[] => lines.map((one) => one.replace(/dev \S+/, 'dev ?'));
        expect(unnamed(told)).toEqual(unnamed(all));
      } else expect(told).toEqual(all);
    }
  }), PATIENCE * 4);

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s in the middle leaves whole messages', (signal) => heard(async () => {
    const recorder = ours('file /run/ours link');
    await recording('/run/ours');
    writeFileSync('/run/flood', Array.from({ length: 20_000 }, (_, i) => `link set w0 mtu ${1000 + (i % 400)}\n`).join(''));
    const flood = spawn('ip', ['-n', 'heard', '-batch', '/run/flood'], { stdio: 'ignore' });
    await until('some events', () => statSync('/run/ours').size > 200_000);
    const status = await stopped(recorder, signal);
    flood.kill();
    expect(status).toBe(signal === 'SIGKILL' ? null : 0);
    expect(entries('/run/ours').length).toBeGreaterThan(100);
  }), PATIENCE * 4);

  test('what the kernel drops is said, and is in the file', () => heard(async () => {
    const recorder = ours('file /run/ours link');
    let said = '';
    recorder.stderr!.setEncoding('utf8').on('data', (text: string) => { said += text; });
    await recording('/run/ours');
    recorder.kill('SIGSTOP');
    writeFileSync('/run/flood', Array.from({ length: 20_000 }, (_, i) => `link set w0 mtu ${1000 + (i % 400)}\n`).join(''));
    sh('ip -n heard -batch /run/flood');
    recorder.kill('SIGCONT');
    await until('the loss told', () => said !== '');
    // Until its queue is empty, a socket that lost something is told nothing more.
    const after = (1499).toString(16).padStart(4, '0').replace(/(..)(..)/, '$2$10000');
    await until('what came after', () => {
      sh('ip -n heard link set w0 mtu 1498 && ip -n heard link set w0 mtu 1499');
      return entries('/run/ours').at(-1)!.bytes.includes(after);
    });
    expect(await stopped(recorder, 'SIGINT')).toBe(0);
    expect(said).toMatch(/^note: the kernel dropped events here/);
    table.meet('rtmon-loss');
    expect(entries('/run/ours').filter(({ type }) => type === String(NLMSG.overrun)).length).toBeGreaterThan(0);
    const theirs = spawnSync('ip', ['-n', 'heard', '-o', 'monitor', 'file', '/run/ours'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(theirs.status).toBe(0);
    expect(theirs.stderr).toMatch(/^Unknown message: type=0x00000004/);
    const { status, out } = await nlkit('ip -n heard -o monitor file /run/ours');
    expect(status).toBe(0);
    expect(out.stderr).toMatch(/^note: the kernel dropped events here/);
    expect(out.stdout === theirs.stdout).toBe(true);
  }), PATIENCE * 8);

  test('a full disk ends it, with whole messages', () => heard(async () => {
    mkdirSync('/run/small');
    sh('mount -t tmpfs -o size=64k none /run/small');
    try {
      const recorder = ours('file /run/small/file link');
      let said = '';
      recorder.stderr!.setEncoding('utf8').on('data', (text: string) => { said += text; });
      const ended = new Promise<number | null>((done) => { recorder.once('close', done); });
      await recording('/run/small/file');
      writeFileSync('/run/flood', Array.from({ length: 200 }, (_, i) => `link set w0 mtu ${1000 + i}\n`).join(''));
      sh('ip -n heard -batch /run/flood');
      expect(await ended).toBe(1);
      expect(said).toMatch(/^error: cannot write "\/run\/small\/file": ENOSPC/i);
      expect(entries('/run/small/file').length).toBeGreaterThan(1);
    } finally {
      sh('umount /run/small');
      rmSync('/run/small', { recursive: true });
    }
  }), PATIENCE * 4);

  test('nothing to wait for is refused', () => heard(async () => {
    expect(spawnSync('timeout', ['1', 'rtmon', '-0', 'file', '/run/theirs', 'address']).status).toBe(124);
    expect((await nlkit('-n heard rtmon -0 file /run/ours address')).status).toBe(1);
    table.meet('rtmon-nothing');
  }));

  test('a file that cannot be written, and one that is kept when there is no way to the kernel', () => heard(async () => {
    expect((await nlkit('-n heard rtmon file /nowhere/file')).status).toBe(1);
    writeFileSync('/run/ours', 'kept');
    expect((await nlkit('-n nobody rtmon file /run/ours')).status).toBe(1);
    expect(readFileSync('/run/ours', 'utf8')).toBe('kept');
  }));
});

describe('words', () => {
  const dry = async (line: string): Promise<{ status: number; said: string }> => {
    const out = new Captured(), status = await run(split(line), out, () => new Recorder());
    return { status, said: `${out.stderr}${out.stdout}` };
  };
  test.each([
    ['rtmon', /which file\?/], ['rtmon link', /which file\?/], ['rtmon file', /"file" needs a value/], ['rtmon file x neigh', /"neigh" is not something to record/],
    ['rtmon -f mpls file x', /does not take the family "mpls"/], ['rtmon -0 file x route', /nothing is told of route/], ['rtmon -s file x', /unknown option "-s"/],
  ])('%s', async (line, text) => {
    const { status, said } = await dry(line);
    expect(status).toBe(1);
    expect(said).toMatch(text);
  });
  test('what would be joined', async () => {
    expect(await dry('--dry-run rtmon -4 file x link route')).toEqual({ status: 0, said: 'note: would join link, ipv4Route, and write to x\n' });
    expect((await dry('rtmon -V')).said).toMatch(/^nlkit \d/);
    expect((await dry('rtmon help')).said).toMatch(/nlkit rtmon: changes into a file/);
  });
});

test.skipIf(why)('the differences are those of the table', () => { expect(table.missing()).toEqual([]); });
