/** What ipset does, done by nlkit: the same sets, the same print; many entries at once; what one saves the other restores. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open, openSync } from '../../src/netfilter/index.ts';
import { expected } from '../support/differences.ts';
import { beside } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion, PATIENCE } from './support.ts';

const { why, sh, nlkit } = beside();
const table = expected('live/cli-ipset', why ? 0 : iproute2Version(), kernelVersion());
function lacking(): string | undefined {
  if (why) return why;
  if (!has('ipset')) return 'ipset is not installed';
  const nf = openSync();
  try { nf.ipset.version(); return undefined; } catch (error) { return (error as Error).message; } finally { nf.close(); }
}
const lacks = lacking();
if (lacks && !why) console.warn(`skipped: ${lacks}`);

const theirs = (line: string, netns = 'theirs'): Promise<Said> => sh(`ip netns exec ${netns} ${line}`);
const ours = (line: string, netns = 'ours'): Promise<Said> => nlkit(`-n ${netns} ${line}`);
/** Hashes begin somewhere, time goes on; entries of a hash come in no order. */
const still = (text: string): string => text.replace(/(initval[ >])(0x[0-9a-f]+)/g, '$1X').replace(/(timeout[ >])[1-9]\d*/g, '$1T');
const sorted = (text: string): string => still(text).split('\n').sort().join('\n');
/** Everything that ipset reads back. */
const state = async (netns: string): Promise<string> => sorted((await sh(`ip netns exec ${netns} ipset save`)).stdout);
const gone = (...names: string[]): Promise<Said> => sh(names.map((name) => `ip netns del ${name}`).join('; '));
const sides = async (...names: string[]): Promise<void> => { for (const name of names) expect(await sh(`ip netns add ${name} && ip -n ${name} link set lo up`)).toMatchObject({ status: 0, stderr: '' }); };
/** A kernel may lack types: what is about them is left out, and said. */
let absent: string[] = [];
const known = (line: string): boolean => !absent.some((type) => line.includes(` ${type}`) || ('!' + line).startsWith(`!add ${LETTER[type]} `));
const LETTER: Readonly<Record<string, string>> = { 'hash:ip,mark': 'k', 'hash:mac': 'l', 'hash:ip,mac': 'm', 'hash:net,net': 'n', 'hash:net,port,net': 'j' };

const made = [
  'create a hash:ip', 'create b hash:net family inet6 hashsize 64 maxelem 1000 timeout 3000 counters comment skbinfo bucketsize 4 initval 0x12345678', 'create c hash:ip,port', 'create d hash:ip,port,ip', 'create e hash:ip,port,net', 'create f bitmap:ip range 10.0.0.0/24', 'create g bitmap:port range 1000-2000', 'create h bitmap:ip,mac range 10.0.0.0-10.0.0.255 comment', 'create i hash:net,iface',
  'create j hash:net,port,net', 'create k hash:ip,mark markmask 0xff', 'create l hash:mac timeout 0', 'create m hash:ip,mac', 'create n hash:net,net', 'create o list:set size 9 counters', 'create p hash:ip netmask 24 -exist', 'create q hash:ip,port -6', 'create r bitmap:ip range 10.0.0.0/16 netmask 24 timeout 5000', '-exist create a hash:ip',
];
const entries = [
  'add a 10.0.0.1', 'add a 10.0.1.0/30', 'add a 10.0.2.1-10.0.2.3', '-! add a 10.0.0.1', 'add a 10.0.0.1 -exist', 'add b 2001:db8::/32 timeout 1000 packets 5 bytes 6 comment two skbmark 0x5/0xff skbprio 1:10 skbqueue 3', 'add b 2001:db8:1::/48 nomatch', 'add b 2001:db9::1 timeout 0 skbmark 0x7', 'add c 10.0.0.1,80', 'add c 10.0.0.1,udp:53-55', 'add c 10.0.0.2,icmp:8/0', 'add c 10.0.0.2,icmp:echo-reply',
  'add c 10.0.0.2,icmp:77/3', 'add c 10.0.0.3,gre:0', 'add c 10.0.0.3,47:0 -exist', 'add c 10.0.0.4,tcp:http', 'add c 10.0.0.4,[ftp-data]', 'add c 10.0.0.8/31,sctp:5', 'add d 10.0.0.1,80,10.0.0.2', 'add e 10.0.0.1,80,10.0.0.0/8', 'add f 10.0.0.5', 'add f 10.0.0.16/30', 'add g 1024', 'add g 1030-1033', 'add h 10.0.0.7,02:00:00:00:00:0A comment seven', 'add h 10.0.0.8',
  'add i 10.0.0.0/8,eth0', 'add i 10.1.0.0/16,physdev:eth1', 'add i 10.2.0.0/16,eth wildcard', 'add j 10.0.0.0/8,80,10.1.0.0/16', 'add k 10.0.0.1,0x105', 'add l 02:00:00:00:00:01', 'add m 10.0.0.1,02:00:00:00:00:01', 'add n 10.0.0.0/8,10.1.0.0/16', 'add n 10.2.0.1-10.2.0.4,10.3.0.0/24', 'add o f packets 7', 'add o a before f', 'add o g after f', 'add p 10.0.0.77', 'add q fd00::1,icmpv6:echo-request', 'add q fd00::1,udp:53', 'add r 10.0.3.7',
];
const changes = [
  'del a 10.0.0.1', '-exist del a 10.0.0.1', 'del c 10.0.0.1,udp:54', 'del o g', 'rename p pp', 'swap a pp', 'flush c', 'destroy d', 'x e', '-A a 10.9.0.0/30', 'n s hash:net', 'add s 10.0.0.0/8', '-exist destroy nope',
  '!create a hash:ip', '!-exist create a hash:net', '!create z hash:frob', '!create z hash:ip frob 3', '!create z bitmap:ip', '!create z bitmap:ip range 10.0.0.0/8', '!create z hash:ip family inet7', '!create aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa hash:ip', '!create z', '!create z list:set hashsize 4', '!add s 10.0.0.0/8', '!add a ::1', '!add a 10.0.0.1 timeout 5', '!add a 10.0.0.1,80', '!add a 10.0.0.1 frob', '!add a 0.0.0.0', '!add a 10.0.0.1/33', '!add f 10.0.1.1', '!add c 10.0.0.1,80 comment x', '!add c 10.0.0.1,tcp:99999', '!add c 10.0.0.1,gre:5',
  '!add nope 10.0.0.1', '!add o nope', '!add o b after nope', '!del a 10.7.7.7', '!del a', '!rename a aa', '!rename nope b', '!rename s b', '!swap nope f', '!swap a b', '!swap s nope', '!destroy a', '!destroy nope', '!flush nope', '!list nope', '!frob', '!list -o frob', '!destroy', '!test nope 10.0.0.1', '!test a 10.7.7.7', 'flush', 'destroy',
];

describe.skipIf(lacks)('both do alike', () => {
  beforeAll(async () => {
    await sides('theirs', 'ours');
    for (const type of Object.keys(LETTER)) if ((await theirs(`ipset create probe ${type}`)).status === 0) await theirs('ipset destroy probe'); else absent.push(type);
    if (absent.length > 0) console.warn(`skipped: what is about types that this kernel lacks: ${absent.join(' ')}`);
  }, PATIENCE);
  afterAll(() => gone('theirs', 'ours'));
  test('lines', async () => {
    for (const given of [...made, ...entries, ...changes].filter(known)) {
      const refused = given.startsWith('!'), line = `ipset ${given.replace(/^!/, '')}`, a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stdout + b.stderr }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : a.stdout + a.stderr });
      if (!refused) expect.soft({ line, state: await state('ours') }).toEqual({ line, state: await state('theirs') });
    }
    expect(await state('ours')).toBe(await state('theirs'));
  }, 600_000);
  test('what differs', async () => {
    table.meet('ipset-forceadd');
    expect((await ours('ipset create a hash:ip forceadd')).status).toBe(0);
    expect([(await ours('ipset save a')).stdout.includes('forceadd'), (await theirs('ipset save a', 'ours')).stdout.includes('forceadd')]).toEqual([true, false]);
    table.meet('ipset-status');
    expect((await ours('ipset add a 10.0.0.1')).status).toBe(0);
    expect([(await ours('ipset add a 10.0.0.1')).status, (await theirs('ipset add a 10.0.0.1', 'ours')).status, (await ours('ipset add nope 10.0.0.1')).status, (await ours('ipset frob')).status, (await theirs('ipset frob')).status]).toEqual([2, 1, 1, 1, 2]);
    table.meet('ipset-short');
    expect([(await ours('ipset add a 10.2')).status, (await theirs('ipset add a 10.2', 'ours')).status]).toEqual([1, 0]);
    table.meet('ipset-names');
    expect([(await ours('ipset test a localhost')).status, (await ours('ipset list -resolve')).stderr]).toEqual([1, expect.stringContaining('not looked up') as string]);
    table.meet('ipset-sorted');
    expect((await ours('ipset add a 10.0.0.10')).status).toBe(0);
    expect((await ours('ipset list a -sorted')).stdout.split('\n').slice(-4)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.10', '']);
  }, 120_000);
  test('what one saves, the other restores; a line that is wrong', async () => {
    const lines = [...Array(300).keys()].map((n) => `add many 10.3.${n >> 8}.${n & 255}`);
    writeFileSync('/run/rules', ['create many hash:ip timeout 0 comment', ...lines, 'add many 10.4.0.1 comment "two words"', 'create ports bitmap:port range 1-9', 'add ports 1-5', ''].join('\n'));
    expect((await ours('ipset restore -file /run/rules')).stderr).toBe('');
    expect((await theirs('ipset restore -file /run/rules')).stderr).toBe('');
    for (const set of ['many', 'ports']) expect(sorted((await ours(`ipset save ${set}`)).stdout)).toBe(sorted((await theirs(`ipset save ${set}`)).stdout));
    expect((await ours('ipset save -file /run/saved')).status).toBe(0);
    expect(await theirs('ipset destroy')).toMatchObject({ status: 0 });
    expect(await theirs('ipset restore -file /run/saved')).toMatchObject({ status: 0, stderr: '' });
    expect(sorted((await theirs('ipset save')).stdout)).toBe(sorted((await theirs('ipset save', 'ours')).stdout));
    expect(await ours('ipset restore -file /run/rules -exist')).toMatchObject({ status: 0, stderr: '' });
    // Entries before one that is refused have come, those behind it have not.
    writeFileSync('/run/wrong', 'add many 10.5.0.1\n\nadd many 10.5.0.2\nadd many 10.5.0.1\nadd many 10.5.0.3\n');
    const [a, b] = [await theirs('ipset restore -file /run/wrong'), await ours('ipset restore -file /run/wrong')];
    expect([a.stderr, b.stderr, b.status]).toEqual([expect.stringContaining('Error in line 4') as string, expect.stringMatching(/^error: line 4: .*IPSET_ERR_EXIST/) as string, 2]);
    for (const side of ['theirs', 'ours']) expect((await sh(`ip netns exec ${side} ipset save many | grep -c 10.5.0`)).stdout).toBe('2\n');
    // Nothing is done of lines of which one is wrong.
    writeFileSync('/run/wrong', 'add many 10.6.0.1\nfrob\n');
    expect([(await ours('ipset restore -file /run/wrong')).stderr, (await theirs('ipset restore -file /run/wrong')).status === 0]).toEqual([expect.stringMatching(/^error: line 2: "frob"/) as string, false]);
    expect([await sh('ip netns exec ours ipset test many 10.6.0.1'), await sh('ip netns exec theirs ipset test many 10.6.0.1')].map(({ status }) => status)).toEqual([1, 1]);
  }, PATIENCE * 4);
});

describe.skipIf(lacks)('both print alike', () => {
  beforeAll(async () => {
    await sides('shown');
    writeFileSync('/run/shown', [...made, ...entries].filter(known).map((line) => line.replace(/ ?-(exist|!) ?/, '').replace('comment two', 'comment "one & two"')).filter((line, i, all) => all.indexOf(line) === i && !/ 10.0.0.3,47:0/.test(line)).join('\n').concat('\n'));
    expect(await theirs('ipset restore -exist -file /run/shown', 'shown')).toMatchObject({ status: 0, stderr: '' });
  }, PATIENCE);
  afterAll(() => gone('shown'));
  test.each(['list', 'list a', 'list b', 'list c', 'list i', 'list o', 'list -t', 'list -terse b', 'list -n', '-n list', 'save', 'save b', '-o save list c', '-o xml list', '-o xml -t list', 'list -output xml b', '-o xml -n list', '-L g', 'test a 10.0.0.1', 'test a 10.9.9.9', 'test c 10.0.0.1,80', 'test b 2001:db8:5::1', 'test b 2001:db8:1::1', '-q test a 10.9.9.9', 'test o a', 'test i 10.0.0.0/8,eth0'])('ipset %s', async (line) => {
    const a = await theirs(`ipset ${line}`, 'shown'), b = await ours(`ipset ${line}`, 'shown');
    if (b.stdout.includes('&amp;')) table.meet('ipset-xml');
    expect({ ...b, stdout: still(b.stdout).replaceAll('&amp;', '&') }).toEqual({ ...a, stdout: still(a.stdout) });
  }, PATIENCE);
  test('JSON', async () => {
    table.meet('ipset-json');
    const [b] = JSON.parse((await ours('ipset -o json list b', 'shown')).stdout) as { members: object[] }[];
    expect(b).toMatchObject({ name: 'b', type: 'hash:net', header: { family: 'inet6', hashsize: 64, maxelem: 1000, timeout: 3000, counters: true, comment: true, skbinfo: true } });
    expect(b?.members).toContainEqual(expect.objectContaining({ elem: '2001:db8::/32', packets: 5, bytes: 6, comment: 'one & two', skbmark: '0x5/0xff' }));
    expect(JSON.parse((await nlkit('-n shown ipset --json test a 10.0.0.1')).stdout)).toEqual({ set: 'a', entry: '10.0.0.1', is: true });
  });
});

describe.skipIf(lacks)('the library', () => {
  beforeAll(() => sides('library'), PATIENCE);
  afterAll(() => gone('library'));
  test('thousands at once, swapped for what there was', async () => {
    const nf = await open({ namespace: { name: 'library' } });
    try {
      expect(await nf.ipset.version()).toBeGreaterThanOrEqual(6);
      for (const name of ['live', 'next']) await nf.ipset.create(name, 'hash:net', { maxelem: 100_000, comment: true });
      await nf.ipset.add('live', '192.0.2.0/24');
      const many = Array.from({ length: 10_000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);
      await nf.ipset.add('next', many);
      await nf.ipset.add('next', { entry: '10.0.5.0/25', nomatch: true, comment: 'but not this' });
      await nf.ipset.swap('live', 'next');
      const [live] = await nf.ipset.list('live');
      expect([live?.entries.length, live?.data?.elements]).toEqual([10_001, 10_001]);
      expect((await sh('ip netns exec library ipset save live | wc -l')).stdout.trim()).toBe('10002');
      expect([await nf.ipset.test('live', '10.0.7.9'), await nf.ipset.test('live', '10.0.5.9'), await nf.ipset.test('live', '192.0.2.1')]).toEqual([true, false, false]);
      await expect(nf.ipset.add('live', ['172.16.0.0/16', '10.0.7.0/24', '172.17.0.0/16'])).rejects.toMatchObject({ code: 'IPSET_ERR_EXIST', entry: 1 });
      expect([await nf.ipset.test('live', '172.16.0.1'), await nf.ipset.test('live', '172.17.0.1')]).toEqual([true, false]);
      await nf.ipset.delete('live', many.slice(0, 9000));
      expect((await nf.ipset.list('live', { entries: false }))[0]?.data?.elements).toBe(1002);
      await nf.ipset.rename('next', 'before');
      expect((await nf.ipset.list(undefined, { names: true })).map(({ setname }) => setname).sort()).toEqual(['before', 'live']);
      await expect(nf.ipset.create('live', 'hash:ip')).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(nf.ipset.add('live', 'nonsense')).rejects.toThrow(TypeError);
      await expect(nf.ipset.flush('none')).rejects.toMatchObject({ code: 'ENOENT' });
      await nf.ipset.destroy('before');
      await nf.ipset.flush();
      await nf.ipset.destroy();
      expect(await nf.ipset.list()).toEqual([]);
    } finally { nf.close(); }
  }, PATIENCE * 2);
});

test.skipIf(lacks)('differences', () => { expect(table.missing()).toEqual([]); });
