/** The command without a kernel: words, help, errors, statuses, batches, output. */
import { describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchLines, split } from '../src/cli/batch.ts';
import { candidates } from '../src/cli/completion.ts';
import type { Command, Grammar } from '../src/cli/grammar.ts';
import { load } from '../src/cli/help.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { automaticColor } from '../src/cli/options.ts';
import { changes, Seen } from '../src/cli/print/changes.ts';
import { Raw, toJson } from '../src/cli/print/json.ts';
import { root } from '../src/cli/root.ts';
import { version } from '../src/cli/version.ts';
import { run } from '../src/cli/run.ts';
import { kinds, slaveKinds } from '../src/cli/ip/kinds/index.ts';
import { closest, find, Words } from '../src/cli/words.ts';
import { kinds as schemas, slaveKinds as slaveSchemas } from '../src/families/route/kinds/index.ts';
import { built } from './support/program.ts';
import type { Body } from '../src/cli/kernel.ts';

async function nlkit(line: string, kernel = new Recorder()): Promise<{ status: number; stdout: string; stderr: string; kernel: Recorder }> {
  const out = new Captured();
  const status = await run(split(line), out, () => kernel);
  return { status, stdout: out.stdout, stderr: out.stderr, kernel };
}

describe('words', () => {
  test('a whole word wins over the beginning of an earlier one', () => {
    expect(find('link', ['linkstate', 'link'])).toBe('link');
    expect(find('a', ['address', 'addrlabel'])).toBe('address');
    expect(find('qlen', ['txqueuelen|txqlen|qlen'])).toBe('txqueuelen|txqlen|qlen');
    expect(find('', ['address'])).toBeUndefined();
    expect(find('x', ['address'])).toBeUndefined();
  });
  test('the nearest word', () => {
    expect(closest('mtuu', ['mtu', 'master'])).toBe('mtu');
    expect(closest('brigde', ['bridge', 'bond'])).toBe('bridge');
    expect(closest('zzz', ['bridge', 'bond'])).toBeUndefined();
  });
  test.each([
    ['ip l s v0 up', 'ip link set v0 up'], ['ip a a 10.0.0.1/24 dev v0', 'ip address add 10.0.0.1/24 dev v0'], ['ip r del default', 'ip route delete default'],
    ['ip n add 10.0.0.1 lladdr 02:00:00:00:00:01 dev v0', 'ip neighbour add 10.0.0.1 lladdr 02:00:00:00:00:01 dev v0'], ['link add br0 type bridge', 'ip link add br0 type bridge'],
    ['ip link set dev v0 ma br0 mt 1400', 'ip link set dev v0 master br0 mtu 1400'], ['ip ro add 10/8 via 10.0.0.1 dev v0', 'ip route add 10.0.0.0/8 via 10.0.0.1 dev v0'],
  ])('%s is %s', async (short, full) => {
    const [a, b] = [await nlkit(`--dry-run --hex ${short}`), await nlkit(`--dry-run --hex ${full}`)];
    expect(a.stderr).toBe(b.stderr);
    expect(a.stdout).toBe(b.stdout);
    expect(a.kernel.sent.length).toBe(1);
  });
});

describe('dry run', () => {
  test('in words', async () => {
    const { stdout, status } = await nlkit('--dry-run ip link add veth0 type veth peer name veth1');
    expect(status).toBe(0);
    expect(stdout).toBe('RTM_NEWLINK REQUEST|ACK|CREATE|EXCL ifname=veth0 linkinfo{kind=veth data{peer{ifname=veth1}}}\n');
  });
  test('names that nobody looked up get numbers, and that is said', async () => {
    const { stdout, stderr } = await nlkit('--dry-run ip link set veth0 master br0');
    expect(stdout).toBe('RTM_NEWLINK REQUEST|ACK index=1002 master=1001\n');
    expect(stderr).toContain('1001 stands for br0');
  });
  test('as JSON and as bytes', async () => {
    const { stdout: json } = await nlkit('--dry-run -j ip link del lo');
    const { stdout: hex } = await nlkit('--dry-run --hex ip link del lo');
    expect((JSON.parse(json) as { message: string; hex: string }[])[0]).toMatchObject({ message: 'RTM_DELLINK', body: { index: 1001 }, hex: hex.trim() });
  });
  test('needs no privilege', () => {
    const { status, stdout } = spawnSync(process.execPath, ['dist/bin/nlkit.js', '--version'], { encoding: 'utf8' });
    // The bundle is there only after a build; its own tests are in the package's.
    if (status === 0) expect(stdout).toMatch(/^nlkit \d/);
  });
});

describe('what is wrong is said before anything is sent', () => {
  test.each([
    ['ip lnik', 'did you mean "link"'], ['ip link add', 'needs a type'], ['ip link add x type', '"type" needs a value'], ['ip link set', 'which link'],
    ['ip link set v0 mtuu 1400', 'did you mean "mtu"'], ['ip link set v0 mtu many', '"many" is not a number for "mtu"'], ['ip link set v0 mtu 1400 mtu 1500', 'given twice'], ['ip link set v0 mtu', '"mtu" needs a value'],
    ['ip link add a-name-of-sixteen-bytes type dummy', 'too long for a link name'], ['ip link add a/b type dummy', 'not a valid link name'], ['ip link add m0 link v0 type macvlan mode bridges', 'did you mean "bridge"'],
    ['ip link add v0.5 link v0 type vlan', 'needs an id'], ['ip link add v0.5 link v0 type vlan id 5000', 'out of range'], ['ip link add x0 type vxlan dstport 4789', 'needs an id'], ['ip link add red type vrf', 'needs a table'],
    ['ip link set v0 address 02:zz', 'not a link layer address'], ['ip link set v0 netns nosuch', 'no network namespace "nosuch"'], ['ip link set v0 type nosuch_slave', 'not a kind of port'], ['ip link set v0 arp maybe', 'on or off'],
    ['ip address add 10.0.0.1/24', 'which link'], ['ip address add 10.0.0.300/24 dev v0', 'not an IP address'], ['ip address add 10.0.0.1/33 dev v0', 'not a prefix length'], ['ip address add 10.0.0.1/24 dev v0 valid_lft 0', 'zero'],
    ['ip address add 10.0.0.1/24 dev v0 valid_lft 10 preferred_lft 20', 'longer than valid_lft'], ['ip address add fd00::1/64 brd + dev v0', 'IPv4 only'], ['ip -6 address add 10.0.0.1/24 dev v0', 'not an inet6 address'], ['ip address flush', 'something to go by'],
    ['ip route add', 'which destination'], ['ip route add 10.0.0.0/8 via', '"via" needs a value'], ['ip route add 10.0.0.0/8 via nosuch', 'not an IP address'], ['ip route add 10.0.0.0/8 table nosuch', 'not a routing table'], ['ip route add 10.0.0.0/8 nexthop weight 300', 'out of range'], ['ip route get', 'which address'], ['ip route flush', 'something to go by'],
    ['ip rule add', 'which packets'], ['ip rule add from 10.0.0.0/8 table nosuch', 'not a routing table'], ['ip rule add sport 9-1 table 5', 'not a range'], ['ip neigh add 10.0.0.1 lladdr 02:00:00:00:00:01', 'which link'], ['ip neigh add 10.0.0.1 dev v0 nud reachble', 'did you mean "reachable"'],
    ['ip netns exec', '"exec" needs a value'], ['ip netns del nosuch', 'no network namespace'], ['ip monitor lnk', 'did you mean "link"'], ['ip -family inet5 link', 'did you mean "inet"'], ['ip -jsn link', 'unknown option'],
    ['bridge link set cost 10', 'which port'], ['bridge fdb add 02:00:00:00:00:01', 'which link'], ['bridge vlan add dev v0 vid 5000', 'not a VLAN'], ['bridge vlan add dev v0 vid 10-20 pvid', 'range cannot be the pvid'], ['bridge vlan add vid 10', 'which port'],
    ['brctl stp br0 maybe', 'not a value'], ['brctl setfd br0 x', 'not a time'], ['brctl addbrr br0', 'did you mean "addbr"'], ['completion tcsh', 'known are bash'], ['demo extra', 'it takes none'], ['--dry-run demo', 'there is no --dry-run of it'],
  ])('%s: %s', async (line, said) => {
    const { status, stderr, stdout, kernel } = await nlkit(line);
    expect(stderr).toContain(said);
    expect(stderr).toMatch(/^error: /);
    expect(stdout).toBe('');
    expect(status).toBe(1);
    expect(kernel.sent).toEqual([]);
  });
});

/** Every command of the tree, with the words that lead to it. */
async function commands(command: Command, path: string[] = []): Promise<[string, Command][]> {
  const below = await Promise.all(Object.keys(command.commands ?? {}).map(async (key) => commands(await load(command.commands ?? {}, key), [...path, key.split('|')[0] as string])));
  return [[path.join(' '), command], ...below.flat()];
}

describe('help', () => {
  test('opens with examples, and comes from the tables', async () => {
    const { stdout, status } = await nlkit('ip link set help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}nlkit ip link set/);
    expect(stdout).toContain('txqueuelen, txqlen, qlen PACKETS');
    expect((await nlkit('ip help')).stdout).toContain('neighbour, neighbor');
    expect((await nlkit('--help')).stdout).toMatch(/^Examples:/);
    expect((await nlkit('ip link help')).stdout).toContain('property');
  });
  test('help before the command, and of commands that read files or lines, is the same', async () => {
    for (const line of ['topology', 'decode', 'encode', 'explain', 'send', 'trace', 'fuzz', 'completion', 'ip link', 'net apply']) {
      const after = await nlkit(`${line} help`);
      expect(after, line).toMatchObject({ status: 0, stdout: expect.stringContaining(`nlkit ${line}`) as string });
      expect(await nlkit(`help ${line}`), line).toEqual(after);
    }
    expect(await nlkit('decode --help')).toEqual(await nlkit('decode help'));
    expect((await nlkit('help link')).stdout).toContain('nlkit ip link');
    expect(await nlkit('help nosuch')).toMatchObject({ status: 1, stderr: expect.stringContaining('"nosuch" is not a command of nlkit') as string });
  });
  test('a dry run of what sends no messages is a run', async () => {
    const out = new Captured();
    expect(await run(['--dry-run', 'completion', 'bash'], out)).toBe(0);
    expect(out.stderr).toBe('');
  });
  test('a word that is no command is compared with all that may stand there', async () => {
    expect(await nlkit('topolgy')).toMatchObject({ status: 1, stderr: 'error: "topolgy" is not a command of nlkit, nor of "nlkit ip"\n  hint: did you mean "topology"?\n' });
    expect((await nlkit('rotue')).stderr).toContain('did you mean "route"?');
    expect((await nlkit('nosuch')).stderr).toMatch(/hint: known are ip, bridge, .*address/);
    expect(await nlkit('explain EFOO')).toMatchObject({ status: 1, stderr: expect.stringContaining('no error number is called EFOO') as string });
  });
  test('every command has a summary, and every example of it is understood', async () => {
    const all = await commands(root);
    expect(all.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    for (const [path, command] of all) {
      expect(command.summary, path).not.toBe('');
      for (const example of command.examples ?? []) {
        const line = example.replace(/ {2,}#.*/, '');
        if (/[|>$]|netns|demo|decode|encode|explain|completion|docker-plugin|networks\.json|-batch|monitor|^ip vrf|FILE|^net gc/.test(line)) continue;
        const out = new Captured();
        const status = await run(['--dry-run', ...split(line)], out, () => new Recorder());
        if (status !== 0) wrong.push(`${line}: ${out.stderr}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('what has no dry run says so, and does nothing', async () => {
  const state = join(tmpdir(), `nlkit-none-${process.pid}`), before = process.env['NLKIT_STATE'], out = new Captured();
  process.env['NLKIT_STATE'] = state;
  try {
    expect(await run(['--dry-run', 'net', 'gc'], out, () => new Recorder())).toBe(1);
  } finally {
    if (before === undefined) delete process.env['NLKIT_STATE'];
    else process.env['NLKIT_STATE'] = before;
  }
  expect(out.stderr).toContain('it has no dry run');
  expect(existsSync(state)).toBe(false);
});

describe('the tables fit the schemas', () => {
  const shape = (schema: unknown): Record<string, unknown> => (schema as { shape: Record<string, unknown> }).shape;
  const paths = (grammar: Grammar): string[] => Object.values(grammar).flatMap((row) => (row.path === undefined ? [] : [row.path.split('.')[0] as string]));
  test.each(Object.keys(kinds).filter((kind) => kind in schemas))('%s', (kind) => {
    const known = shape(schemas[kind as keyof typeof schemas]);
    // The secure channel of macsec is made of two words before it is sent.
    for (const key of paths((kinds[kind] as { options: Grammar }).options).filter((path) => kind !== 'macsec' || !['address', 'port'].includes(path))) expect(known, `${kind}.${key}`).toHaveProperty([key]);
    for (const cell of kinds[kind]?.sheet ?? []) if (typeof cell !== 'function' && typeof cell[2] === 'string') expect(known, `${kind}.${cell[2]}`).toHaveProperty([cell[2].split('.')[0] as string]);
  });
  test.each(Object.keys(slaveKinds))('%s_slave', (kind) => {
    const known = shape(slaveSchemas[kind as keyof typeof slaveSchemas]);
    for (const key of paths((slaveKinds[kind] as { options: Grammar }).options)) expect(known, `${kind}.${key}`).toHaveProperty([key]);
  });
});

describe('completion', () => {
  const after = (line: string): Promise<string[]> => candidates(new Words(line.split(' ')));
  test('commands, options and values', async () => {
    expect(await after('ip li')).toEqual(['link']);
    expect(await after('ip link se')).toEqual(['set']);
    expect(await after('ip link add m0 link lo type macvlan mo')).toEqual(['mode']);
    expect(await after('ip link add m0 link lo type macvlan mode p')).toEqual(['private', 'passthru']);
    expect(await after('bridge fdb ')).toContain('show');
    expect(await after('genl ctrl get name nl')).toEqual(['nlctrl', 'nl80211', 'nl802154']);
  });
});

describe('batches', () => {
  test('comments, quotes, lines that go on', () => {
    expect([...batchLines('# nothing\n\nlink set v0 alias "a name" # why\naddress add \\\n 10.0.0.1/24 dev v0\n')]).toEqual([
      { number: 3, words: ['link', 'set', 'v0', 'alias', 'a name'] }, { number: 5, words: ['address', 'add', '10.0.0.1/24', 'dev', 'v0'] },
    ]);
  });
});

describe('output', () => {
  test('JSON as iproute2 lays it out', () => {
    const value = [{ a: 1, b: [], c: ['x', 'y'], d: { e: new Raw('0.00') }, f: 1n }, {}];
    expect(toJson(value, false)).toBe('[{"a":1,"b":[],"c":["x","y"],"d":{"e":0.00},"f":1},{}]');
    expect(toJson(value, true)).toBe('[ {\n        "a": 1,\n        "b": [ ],\n        "c": [ "x","y" ],\n        "d": {\n            "e": 0.00\n        },\n        "f": 1\n    },{} ]');
  });
  test('colour on a terminal only, and never against NO_COLOR', () => {
    const terminal = Object.assign(new Captured(), { terminal: true });
    const before = { ...process.env };
    try {
      delete process.env['NO_COLOR'];
      process.env['TERM'] = 'xterm';
      expect(automaticColor(terminal)).toBe(true);
      expect(automaticColor(new Captured())).toBe(false);
      process.env['NO_COLOR'] = '1';
      expect(automaticColor(terminal)).toBe(false);
    } finally {
      process.env = before;
    }
  });
});

describe('changes', () => {
  test('from what to what, counters left out', () => {
    const seen = new Seen();
    const link = (more: Body): Body => ({ family: 'unspec', index: 3, ifname: 'v0', mtu: 1500, stats: { rxBytes: 1 }, linkinfo: { kind: 'bridge', data: { stpState: 0, gcTimer: 1n } }, ...more });
    expect(seen.see('link', link({}))).toBeUndefined();
    const before = seen.see('link', link({ mtu: 1400 }));
    expect(changes(before as Body, link({ mtu: 1400, stats: { rxBytes: 2 }, linkinfo: { kind: 'bridge', data: { stpState: 1, gcTimer: 9n } } }))).toEqual({ mtu: [1500, 1400], linkinfo: { data: { stpState: [0, 1] } } });
  });
});

describe('the version', () => {
  test.each(['-V', '--version', 'ip -V', 'bridge -V', 'bridge --version', 'brctl -V', 'brctl --version', 'rtmon -V'])('%s', async (line) => {
    expect(await nlkit(line)).toMatchObject({ status: 0, stdout: `nlkit ${version}\n`, stderr: '' });
  });
  test('what brctl has no option for', async () => {
    expect(await nlkit('brctl -s show')).toMatchObject({ status: 1, stderr: expect.stringMatching(/unknown option "-s"/) });
    expect((await nlkit('brctl --help')).stdout).toContain('nlkit brctl: bridges');
    expect((await nlkit('brctl -h')).status).toBe(0);
  });
});

test('the program imports nothing: its launcher has no import for it', async () => {
  const { folder, remove } = await built('nlkit');
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
    expect(files).toContain('command.cjs');
    // Files of one tool have the others' places, which they never reach.
    for (const name of files) expect(readFileSync(`${folder}/${name}`, 'utf8').match(/\bimport\((?!"\.\/)[^)]*\)/g), name).toBeNull();
  } finally {
    remove();
  }
});
