/** Programs of BPF on links and routes, beside iproute2 (built with libbpf): the same program, maps and print. `NLKIT_IPROUTE2` may name a folder with another iproute2 than the one installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMap, fillMap, loadProgram, mapInfo, openPinned, pin } from '../../src/bpf/call.ts';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { mount } from '../../src/namespace/mounts.ts';
import { errnoName } from '../../src/socket/errno.ts';
import { libc } from '../../src/socket/libc.ts';
import { expected } from '../support/differences.ts';
import { descriptors, has, iproute2Version, isolate, kernelVersion, sh, until } from './support.ts';

const folder = process.env['NLKIT_IPROUTE2'];
if (folder !== undefined) process.env['PATH'] = `${folder}:${process.env['PATH']}`;

/** The smallest program: `return 2`. */
const pass = Uint8Array.of(0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
const pins = '/sys/fs/bpf';

/** Why not here. */
function refusal(): string | undefined {
  const { result } = loadProgram({ name: 'try', type: 'xdp', instructions: pass, license: 'GPL' }, 0);
  if (result < 0) return `bpf() is refused here: ${errnoName(-result)}`;
  libc().close(result);
  // Of our own, so that iproute2 makes its folders nowhere else.
  const errno = mount('bpf', pins, 'bpf', 0);
  if (errno) return `no file system of type bpf on ${pins}: ${errnoName(errno)}`;
  if (spawnSync('ip', ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1']).status !== 0) return 'this kernel has no veth';
  return undefined;
}

const why = isolate() ?? (has('ip') ? refusal() : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);
const version = why ? 0 : iproute2Version(), table = expected('live/cli-bpf', version), newTool = version >= 615;
const libbpf = !why && spawnSync('ip', ['-V'], { encoding: 'utf8' }).stdout.includes('libbpf');
if (!why && !libbpf) console.warn('skipped: this iproute2 was built without libbpf: nothing is compared with it');
const tool = !why && has('bpftool');
if (!why && !tool) console.warn('bpftool is not installed: maps and translated instructions are not compared');

const file = (name: string): string => fileURLToPath(new URL(`../../fixtures/bpf/${name}.o`, import.meta.url));
const programs = file('programs'), lwt = file('lwt');

async function nlkit(line: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}
const ip = (line: string) => spawnSync('ip', split(line), { encoding: 'utf8' });
const printed = (line: string): string => ip(line).stdout;

/** What differs from one loading to the next. */
const timeless = (text: string): string => text.replace(/"(id|load_time|loaded_at|btf_id|pids?)": ?\d+|"map_ids":\[[\d,]*\]/g, (all, key: string | undefined) => (key ? `"${key}"` : `maps:${all.split(',').length}`)).replace(/\bid:\d+/g, 'id');

/** All that the kernel has of the program on v0, as tools that are not ours tell it. */
function state(): string {
  const link = printed('-j -d link show v0'), xdp = JSON.stringify((JSON.parse(link) as { xdp?: { prog: { id: number; btf_id?: number } } }[])[0]?.xdp ?? null);
  if (!tool || xdp === 'null') return timeless(xdp);
  const { id, btf_id: btf } = (JSON.parse(xdp) as { prog: { id: number; btf_id?: number } }).prog;
  const program = sh(`bpftool -j prog show id ${id}`), maps = (JSON.parse(program) as { map_ids?: number[] }).map_ids ?? [];
  return timeless([xdp, program, ...[...maps].sort((a, b) => a - b).map((map) => sh(`bpftool -j map show id ${map}`)), sh(`bpftool prog dump xlated id ${id} linum`), btf ? sh(`bpftool btf dump id ${btf}`) : ''].join('\n'));
}

const off = (): unknown => sh('ip link set dev v0 xdpgeneric off');

/** Whether an answer to ARP comes in through v0. */
async function answered(): Promise<boolean> {
  if (!sh('ip netns list').includes('far')) sh('ip netns add far; ip link set v1 netns far; ip -n far link set v1 up; ip -n far address add 10.0.0.2/24 dev v1; ip link set v0 up; ip address add 10.0.0.1/24 dev v0');
  sh('ip neigh flush dev v0; bash -c "echo > /dev/udp/10.0.0.2/9"');
  for (let i = 0; i < 10; i++) {
    if (/REACHABLE|DELAY|STALE/.test(printed('neigh show 10.0.0.2 dev v0'))) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

describe.skipIf(why)('on a link', () => {
  test.skipIf(!libbpf).each([
    ['maps and data', `object ${programs}`],
    ['by section', `object ${programs} section xdp`],
    ['by name', `obj ${programs} program drop`],
    ['the name of the section says more', `obj ${programs} sec xdp.frags`],
    ['functions that are called', `object ${programs} section calls`],
    ...(kernelVersion() >= 517 ? [['functions that are handed over', `object ${programs} section loop`]] : []),
    ['as many as there are processors', `object ${programs} section perf`],
  ])('%s: what iproute2 loads', async (_, words) => {
    sh(`ip -force link set dev v0 xdpgeneric ${words}`);
    const theirs = state();
    off();
    expect(theirs).not.toBe('null');
    expect(await nlkit(`ip link set dev v0 xdpgeneric ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(state()).toBe(theirs);
    expect((await nlkit('ip link set dev v0 xdpgeneric off')).status).toBe(0);
    expect(state()).toBe('null');
  });

  const types = existsSync('/sys/kernel/btf/vmlinux');
  if (!why && !types) console.warn('skipped: this kernel does not tell its types: programs are not fitted to them');
  test.skipIf(!libbpf || !types).each(['fields', 'bits', 'kinds', 'enums', 'context', 'function'])('fitted to the kernel: %s', async (section) => {
    const words = `link set dev v0 xdpgeneric object ${file('fitted')} section ${section}`;
    sh(`ip ${words}`);
    const theirs = state();
    off();
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(state()).toBe(theirs);
    off();
  });
  test.skipIf(!types)('what the kernel lacks', async () => {
    const words = `link set dev v0 xdpgeneric object ${file('fitted')} section lacking`;
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/refuses program lacks .*It has no enum nf_inet_hooks: NF_INET_NEVER, struct net_device\.gone/) });
    if (libbpf) expect(ip(words).status).not.toBe(0);
  });

  test('packets meet it', async () => {
    expect((await nlkit(`ip link set dev v0 xdpgeneric object ${programs} program drop`)).status).toBe(0);
    expect(await answered()).toBe(false);
    expect((await nlkit(`ip -force link set dev v0 xdpgeneric object ${programs} section xdp`)).status).toBe(0);
    expect(await answered()).toBe(true);
    off();
  });

  test('one is in the way of another, unless forced; at the driver, too', async () => {
    const free = descriptors();
    expect((await nlkit(`ip link set dev v0 xdp object ${programs} section xdp`)).status).toBe(0);
    expect(await nlkit(`ip link set dev v0 xdp object ${programs}`)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/EBUSY.*already attached/) });
    expect((await nlkit(`ip -force link set dev v0 xdp object ${programs}`)).status).toBe(0);
    expect(printed('link show v0')).toMatch(/ xdp .*\n.*\n {4}prog\/xdp id \d+ name first /);
    expect((await nlkit('ip link set dev v0 xdp off')).status).toBe(0);
    // Nothing of what was loaded is held.
    expect(descriptors()).toBe(free);
  });

  test('pinned', async () => {
    expect((await nlkit(`ip link set dev v0 xdpgeneric object ${programs} program drop`)).status).toBe(0);
    if (tool) {
      const { id } = (JSON.parse(printed('-j link show v0')) as { xdp: { prog: { id: number } } }[])[0]!.xdp.prog;
      sh(`bpftool prog pin id ${id} ${pins}/drop`);
      off();
      expect((await nlkit(`ip link set dev v0 xdpgeneric pinned ${pins}/drop`)).status).toBe(0);
      expect((JSON.parse(printed('-j link show v0')) as { xdp: { prog: { id: number } } }[])[0]!.xdp.prog.id).toBe(id);
      expect((await nlkit(`ip -d route add 10.9.0.0/24 encap bpf in pinned ${pins}/drop dev lo`)).stderr).toMatch(/EINVAL/);
    } else console.warn('skipped: bpftool is not installed: nothing is pinned');
    off();
  });

  test('printed as iproute2 prints it', async () => {
    sh(`ip link set dev v0 alias something; ip link property add dev v0 altname other`);
    expect((await nlkit(`ip link set dev v0 xdpgeneric object ${programs}`)).status).toBe(0);
    for (const options of ['', '-d', '-o', '-o -d', '-s', '-j', '-j -d', '-br']) {
      for (const object of ['link', 'address']) {
        const line = `${options} ${object} show dev v0`.trim(), theirs = printed(line), ours = (await nlkit(`ip ${line}`)).stdout;
        const part = (text: string): unknown => (options.includes('-j') ? (JSON.parse(text) as { xdp: unknown }[])[0]!.xdp : text.split('\n').filter((one) => one.includes('xdp')).map((one) => one.replace(/.*(?=prog\/xdp)| qdisc .*/g, '')));
        if (newTool) expect(ours, line).toBe(theirs);
        else expect(part(ours), line).toEqual(part(theirs));
      }
    }
    off();
  });

  test('lines of a batch, forced', async () => {
    const lines = '/run/lines';
    sh(`printf '%s\n' 'link set dev v0 xdpgeneric object ${programs}' 'link set dev v0 xdpgeneric object ${programs} section xdp' 'route add 10.9.0.0/24 encap bpf out object ${lwt} section out dev lo' 'route add 10.9.1.0/24 dev lo' > ${lines}`);
    sh('ip link set lo up');
    expect(await nlkit(`ip -force -batch ${lines}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(printed('link show v0')).toMatch(/name pass /);
    expect(printed('route show 10.9.0.0/24')).toMatch(/encap bpf out lwt\.o:\[out\]/);
    sh('ip route del 10.9.0.0/24; ip route del 10.9.1.0/24');
    off();
  });
});

describe.skipIf(why)('maps that outlive the program, or hold maps', () => {
  interface Pinned { readonly path: string; readonly type: number; readonly entries: number; readonly values: string }
  /** All that is pinned, and, where bpftool can tell, what is in it: ids of maps as what they are like. */
  const told = (): Pinned[] => sh(`find ${pins}/tc -type f 2>/dev/null | sort`).split('\n').filter(Boolean).map((path) => {
    const fd = openPinned(path), { type, maxEntries } = mapInfo(fd);
    libc().close(fd);
    const values = !tool ? '' : sh(`bpftool -j map dump pinned ${path}`).replace(/"value":\["(0x\w\w)","(0x\w\w)","0x00","0x00"\]/g, (_, low: string, high: string) => {
      const inner = spawnSync('bpftool', ['-j', 'map', 'show', 'id', String(Number(low) + 256 * Number(high))], { encoding: 'utf8' });
      return /hash_of|array_of/.test(sh(`bpftool map show pinned ${path}`)) ? timeless(inner.stdout) : '"value"';
    });
    return { path, type, entries: maxEntries, values };
  });
  const clear = (): unknown => { sh('ip link set dev v0 xdpgeneric off'); return sh(`rm -rf ${pins}/tc ${pins}/xdp ${pins}/ip`); };
  afterEach(clear);

  test.skipIf(!libbpf).each([['pinned', 'pinning', 'prog'], ['maps of maps', 'nested', 'prog'], ['a hash of maps', 'nested', 'hash']])('%s: what iproute2 makes, and finds again', async (_, name, section) => {
    const words = `link set dev v0 xdpgeneric object ${file(name)} section ${section}`, look = (): string => JSON.stringify([told(), sh(`ls -lR ${pins}/* | sed 's/[A-Z][a-z][a-z] .*:.. //'`), state()]);
    sh(`ip -force ${words}`);
    const theirs = look();
    expect(theirs).toContain('/tc/globals/');
    clear();
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(look()).toBe(theirs);
    // What they pinned is used, and what we did.
    off();
    expect(ip(words).status).toBe(0);
    off();
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(told()).toEqual((JSON.parse(theirs) as [Pinned[]])[0]);
  });

  test('one that is pinned keeps what is in it', async () => {
    const words = `link set dev v0 xdpgeneric object ${file('pinning')}`, path = `${pins}/xdp/globals/shared`;
    const free = descriptors();
    expect((await nlkit(`ip ${words}`)).status).toBe(0);
    const fd = openPinned(path);
    fillMap(fd, Uint8Array.of(42, 0, 0, 0));
    libc().close(fd);
    off();
    expect((await nlkit(`ip ${words}`)).status).toBe(0);
    expect(descriptors()).toBe(free);
    if (tool) {
      const [id] = (JSON.parse(sh(`bpftool -j prog show id ${(JSON.parse(printed('-j link show v0')) as { xdp: { prog: { id: number } } }[])[0]!.xdp.prog.id}`)) as { map_ids: number[] }).map_ids;
      expect(sh(`bpftool -j map dump id ${id}`)).toContain('0x2a');
    } else console.warn('skipped: bpftool is not installed: what the program sees is not looked at');
  });

  test('another map under its name', async () => {
    const words = `link set dev v0 xdpgeneric object ${file('pinning')}`, path = `${pins}/xdp/globals/shared`;
    expect((await nlkit(`ip ${words}`)).status).toBe(0);
    clear();
    sh(`mkdir -p ${pins}/tc/globals; ln -s ${pins}/tc/ ${pins}/xdp`);
    const other = createMap({ name: 'shared', type: 2, keySize: 4, valueSize: 8, maxEntries: 3, flags: 0 }), free = descriptors();
    pin(path, other);
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/map shared: what is pinned to \S+\/shared is another: size of values 8, not 4; number of entries 3, not 1\. .*rm \S+\/shared/) });
    if (libbpf) expect(ip(words).status).not.toBe(0);
    const { result } = loadProgram({ name: 'try', type: 'xdp', instructions: pass, license: 'GPL' }, 0);
    sh(`rm ${path}`);
    pin(path, result);
    expect((await nlkit(`ip ${words}`)).stderr).toMatch(/what is pinned to \S+ is no map/);
    libc().close(result);
    expect(descriptors()).toBe(free);
    libc().close(other);
  });

  test('what was pinned is taken away when the program is refused', async () => {
    expect((await nlkit(`ip link set dev v0 xdpgeneric object ${file('nested')} section bad`)).status).toBe(2);
    expect(told()).toEqual([]);
  });

  test('nowhere to pin', async () => {
    process.env['TC_BPF_MNT'] = '/run';
    try {
      expect(await nlkit(`ip link set dev v0 xdpgeneric object ${file('pinning')}`)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/no file system of type bpf to pin maps in: mount -t bpf bpf \/run/) });
    } finally {
      delete process.env['TC_BPF_MNT'];
    }
  });

  test('packets count in a map in a map, as it was defined before there were types', async () => {
    const legacy = file('legacy'), words = `link set dev v0 xdpgeneric object ${legacy}`;
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    const ours = told(), digest = sh(`sha1sum ${legacy}`).split(' ')[0];
    expect(ours.map(({ path, type, entries }) => [path, type, entries])).toEqual([[`${pins}/tc/${digest}/own`, 2, 2], [`${pins}/tc/globals/common`, 1, 5]].sort());
    expect(await nlkit(`ip -force ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    clear();
    const theirs = ip(words);
    // libbpf 1 takes such maps no more; without it a hash of the kernel's is wanted.
    if (theirs.status === 0) expect(told()).toEqual(ours);
    else {
      expect(theirs.stderr).toMatch(libbpf ? /not supported by libbpf v1/ : /AF_ALG/);
      console.warn(`skipped: legacy maps beside iproute2: ${theirs.stderr.split('\n')[0]}`);
    }
  });
});

describe.skipIf(why)('programs in a map, by the names of their sections', () => {
  afterEach(() => { off(); sh(`rm -rf ${pins}/tc ${pins}/xdp ${pins}/ip`); });
  test('packets go from one to the next', async () => {
    const words = `link set dev v0 xdpgeneric object ${file('tails')}`, free = descriptors();
    expect(await nlkit(`ip ${words}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(descriptors()).toBe(free);
    // Where no program is jumped to, packets are dropped.
    expect(await answered()).toBe(true);
    sh(`rm ${pins}/tc/globals/jumps`);
    await until('a map of programs that nobody keeps is empty', async () => !(await answered()));
  });
  test.skipIf(libbpf)('as iproute2 puts them there', async () => {
    const words = `link set dev v0 xdpgeneric object ${file('tails')} section plain`;
    sh(`ip ${words}`);
    const look = (): string => (tool ? sh(`bpftool map dump pinned ${pins}/tc/globals/jumps | sed 's/value.*//'`) : ''), theirs = look();
    off();
    sh(`rm ${pins}/tc/globals/jumps`);
    expect((await nlkit(`ip ${words}`)).status).toBe(0);
    expect(look()).toBe(theirs);
  });
});

describe.skipIf(why)('refused', () => {
  test.each([
    ['a section that is not there', `link set dev v0 xdp object ${programs} section nope`, 1, /no program in section "nope"\n.*program first in section prog/],
    ['a program that is not there', `link set dev v0 xdp object ${programs} program nope`, 1, /no program "nope"/],
    ['a file that is not there', 'link set dev v0 xdp object /nope.o', 1, /cannot read "\/nope\.o"/],
    ['no object file', 'link set dev v0 xdp object /etc/hostname', 4, /\/etc\/hostname: not an ELF file/],
    ['not pinned', `link set dev v0 xdp pinned ${pins}/nope`, 1, /nothing is pinned to/],
    ['no file of bpf', `link set dev v0 xdp pinned ${programs}`, 1, /not in a file system of type bpf\n.*object /],
    ['by the verifier', `link set dev v0 xdp object ${programs} section bad`, 2, /refuses program broken of section "bad": EACCES.*\n(.*\n)*.*invalid access to packet/],
    ['a program for a map of devices', `link set dev v0 xdp object ${programs} section xdp/devmap`, 2, /EINVAL/],
    ['of another kind of hook', `route add 10.9.0.0/24 encap bpf in object ${programs} section prog dev lo`, 2, /refuses program first/],
    ['no program', 'route add 10.9.0.0/24 encap bpf headroom 5 dev lo', 1, /which program\?/],
  ])('%s', async (_, line, status, stderr) => {
    const free = descriptors();
    expect(await nlkit(`ip ${line}`)).toEqual({ status, stdout: '', stderr: expect.stringMatching(stderr) });
    expect(descriptors()).toBe(free);
    if (libbpf) expect(ip(line).status).not.toBe(0);
  });

  test.skipIf(!libbpf)('the verifier says the same', async () => {
    const line = `link set dev v0 xdp object ${programs} section bad`, said = (text: string): string[] => text.split('\n').map((one) => one.trim()).filter((one) => /^\d+: \(|^; |invalid|^R1 /.test(one));
    const ours = said((await nlkit(`ip ${line}`)).stderr);
    expect(ours.length).toBeGreaterThan(3);
    expect(said(ip(line).stderr)).toEqual(ours);
    table.meet('status-program');
  });

  test('what libbpf takes and we do not', async () => {
    expect(await nlkit(`ip link set dev v0 xdpgeneric object ${file('kernel')} section symbol`)).toEqual({ status: 4, stdout: '', stderr: expect.stringMatching(/refers to bpf_prog_active, which is not in the file .*"pinned FILE"/) });
    table.meet('absent-bpf');
  });

  test.skipIf(!libbpf)('verbose', async () => {
    const line = `-force link set dev v0 xdpgeneric object ${programs} section xdp verbose`, theirs = ip(line), ours = await nlkit(`ip ${line}`);
    expect([theirs.status, ours.status]).toEqual([0, 0]);
    expect(theirs.stderr).toMatch(/libbpf: /);
    expect(ours.stderr).toMatch(/^note: the verifier on program pass:\n(.*\n)*.*processed 2 insns/);
    table.meet('print-verbose');
    off();
  });
});

describe.skipIf(why)('on a route', () => {
  beforeAll(() => { sh('ip link set lo up; ip address add 10.7.0.1/24 dev lo; ip -6 address add fd07::1/64 dev lo'); });
  test.skipIf(!libbpf).each([
    ['10.9.0.0/24', `bpf in object ${lwt} section in`],
    ['10.9.0.0/24', `bpf in object ${lwt} section in out object ${lwt} program leave headroom 10`],
    ['10.9.0.0/24', `bpf xmit object ${lwt} section out verbose headroom 10`],
    ['fd09::/64', `seg6local action End.BPF endpoint object ${lwt} section in`],
  ])('%s encap %s', async (to, words) => {
    const family = to.includes(':') ? '-6 ' : '', line = `${family}route add ${to} encap ${words} dev lo`, show = `${family}-d route show ${to}`;
    const theirs = ip(line);
    if (theirs.status !== 0) {
      // Kernels may be built without it.
      expect(theirs.stderr).toMatch(/not supported|Unknown/);
      console.warn(`skipped: ${line}: ${theirs.stderr.trim()}`);
      return;
    }
    const theirState = printed(show);
    sh(`ip ${family}route del ${to}`);
    expect((await nlkit(`ip ${line}`)).status).toBe(0);
    expect(printed(show)).toBe(theirState);
    expect((await nlkit(`ip ${show}`)).stdout).toBe(theirState);
    sh(`ip ${family}route del ${to}`);
  });
});

test('a dry run opens and loads nothing, and says so', async () => {
  expect(await nlkit('ip --dry-run link set dev v0 xdpdrv object nofile.o section x verbose up')).toEqual({
    status: 0, stdout: 'RTM_NEWLINK REQUEST|ACK index=1001 xdp{fd=0 flags=updateIfNoexist|drvMode} flags=up change=up\n', stderr: expect.stringMatching(/^note: no program was loaded: 0 stands for the descriptor of nofile\.o\n/),
  });
  expect((await nlkit('ip --dry-run -force link set dev v0 xdp pinned /x/y')).stdout).toBe('RTM_NEWLINK REQUEST|ACK index=1001 xdp{fd=0}\n');
  expect((await nlkit('ip --dry-run route add 10.9.0.0/24 encap bpf in object a/b.o section s out pinned /x/y dev v0')).stdout).toContain('encap{in{fd=0 name=b.o:[s]} out{fd=0 name=y:[*fsobj]}}');
});

test.skipIf(!libbpf)('the differences are those of the table', () => { expect(table.missing()).toEqual([]); });
afterAll(() => { if (!why) expect(readFileSync('/proc/self/mounts', 'utf8')).toContain(` ${pins} bpf `); });
