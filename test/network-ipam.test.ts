/** Addresses: which is next, and on disk, shared with other processes and with CNI's own plugin. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { allocate, capacity, canonical, choose, contains, dropPool, ipText, overlap, parseIp, parseSubnet, permitted, PoolError, rangeOf, readPool, release, reserve, subnetText, within } from '../src/network/index.ts';
import { heldBy } from '../src/network/ipam/index.ts';
import { forgetLedger } from '../src/network/ipam/ledger.ts';
import { inProcesses } from './support/network.ts';

const folder = mkdtempSync(join(tmpdir(), 'nlkit-ipam-'));
afterAll(() => {
  for (const name of readdirSync(folder)) forgetLedger(join(folder, name));
  // What the notes made, if nobody else has some.
  for (const made of ['/run/nlkit/pools', '/run/nlkit']) try { rmdirSync(made); } catch { break; }
  rmSync(folder, { recursive: true });
});

describe('arithmetic', () => {
  const ip = fc.oneof(fc.ipV4(), fc.ipV6());
  test('text to number and back; subnets contain what they should', () => {
    fc.assert(fc.property(ip, (text) => { const { family, value } = parseIp(text); expect(parseIp(ipText(family, value))).toEqual({ family, value }); }));
    expect(canonical('FD00:0:0::0001')).toBe('fd00::1');
    expect(contains(parseSubnet('10.0.0.0/8'), parseIp('10.255.255.255'))).toBe(true);
    expect(contains(parseSubnet('10.0.0.0/8'), parseIp('11.0.0.0'))).toBe(false);
    expect(overlap(parseSubnet('172.16.0.0/12'), parseSubnet('172.31.255.0/24'))).toBe(true);
    expect(overlap(parseSubnet('172.16.0.0/12'), parseSubnet('172.32.0.0/24'))).toBe(false);
    expect(overlap(parseSubnet('::/0'), parseSubnet('0.0.0.0/0'))).toBe(false);
    expect(subnetText(parseSubnet('0.0.0.0/0'))).toBe('0.0.0.0/0');
  });
  test.each([['10.0.0.1/24', 'bits behind'], ['10.0.0.0', 'ADDRESS/LENGTH'], ['10.0.0.0/33', '0 to 32'], ['x/24', 'not an IP address'], ['10.0.0.0/24/1', 'ADDRESS/LENGTH']])('%s is refused', (text, why) => expect(() => parseSubnet(text)).toThrow(why));
});

describe('which address is next', () => {
  test('round robin, without the gateway, the first and the last', () => {
    const range = rangeOf({ subnet: '10.0.0.0/29' });
    expect(capacity([range])).toBe(5n);
    const taken = new Set<string>();
    let last: string | undefined;
    for (const want of ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']) { last = choose([range], taken, last); expect(last).toBe(want); taken.add(want); }
    expect(choose([range], taken, last)).toBeUndefined();
    taken.delete('10.0.0.3');
    expect(choose([range], taken, last)).toBe('10.0.0.3');
    taken.clear();
    expect(choose([range], taken, '10.0.0.4')).toBe('10.0.0.5');
    expect(choose([range], taken, '10.0.0.6')).toBe('10.0.0.2');
    expect(choose([range], taken, '192.0.2.1')).toBe('10.0.0.2');
  });
  test('never one that is taken, not in range, or the gateway', () => {
    fc.assert(fc.property(fc.integer({ min: 22, max: 30 }), fc.array(fc.integer({ min: 0, max: 1023 })), fc.integer({ min: 0, max: 1023 }), (length, numbers, from) => {
      const range = rangeOf({ subnet: `10.1.0.0/${length}` }), at = (n: number): string => ipText('inet', range.subnet.base + BigInt(n % (1 << 32 - length))), taken = new Set(numbers.map(at)), got = choose([range], taken, at(from));
      const free = Array.from({ length: 1 << 32 - length }, (_, n) => at(n)).filter((one) => !taken.has(one) && one !== at(0) && one !== at(1) && one !== at((1 << 32 - length) - 1));
      if (got === undefined) expect(free).toEqual([]);
      else expect(free).toContain(got);
    }));
  });
  test('a part of a subnet; IPv6, where the last address is a host', () => {
    expect(within('10.0.0.0/24', '10.0.0.0/25')).toEqual({ start: '10.0.0.1', end: '10.0.0.127' });
    expect(within('10.0.0.0/24', '10.0.0.128/25')).toEqual({ start: '10.0.0.128', end: '10.0.0.254' });
    expect(() => within('10.0.0.0/24', '10.0.1.0/25')).toThrow('not in');
    expect(choose([rangeOf({ subnet: 'fd00::/126' })], new Set(['fd00::2']))).toBe('fd00::3');
    expect(() => rangeOf({ subnet: '10.0.0.0/31' })).toThrow('too small');
    expect(() => rangeOf({ subnet: '10.0.0.0/24', gateway: '10.0.1.1' })).toThrow('not in');
    expect(() => permitted([rangeOf({ subnet: '10.0.0.0/24' })], '10.0.0.255')).toThrow('names all');
    expect(() => permitted([rangeOf({ subnet: '10.0.0.0/24' })], '10.0.0.1')).toThrow('gateway');
  });
});

describe('on disk', () => {
  const sets = [[rangeOf({ subnet: '10.2.0.0/29' })], [rangeOf({ subnet: 'fd00:2::/125' })]];
  test('files as host-local writes them; all or nothing; exhaustion', () => {
    const pool = join(folder, 'files');
    expect(allocate(pool, sets, { id: 'a', ifname: 'eth0' })).toEqual(['10.2.0.2', 'fd00:2::2']);
    expect(readdirSync(pool).sort()).toEqual(['10.2.0.2', 'fd00:2::2', 'last_reserved_ip.0', 'last_reserved_ip.1', 'lock']);
    expect(readFileSync(join(pool, '10.2.0.2'), 'utf8')).toBe('a\r\neth0');
    expect(readFileSync(join(pool, 'last_reserved_ip.1'), 'utf8')).toBe('fd00:2::2');
    expect(() => allocate(pool, sets, { id: 'a', ifname: 'eth0' })).toThrow('already');
    expect(() => allocate(pool, sets, { id: 'b', ifname: 'eth0' }, ['fd00:2::2'])).toThrow('is taken, by a');
    expect([...readPool(pool).held.keys()]).toEqual(['10.2.0.2', 'fd00:2::2']);
    for (const id of ['b', 'c', 'd', 'e']) allocate(pool, sets, { id, ifname: 'eth0' });
    expect(() => allocate(pool, sets, { id: 'f', ifname: 'eth0' })).toThrow(PoolError);
    expect(release(pool, { id: 'c', ifname: 'eth0' }).sort()).toEqual(['10.2.0.4', 'fd00:2::4']);
    expect(allocate(pool, sets, { id: 'f', ifname: 'eth1' })).toEqual(['10.2.0.4', 'fd00:2::7']);
    writeFileSync(join(pool, 'a note'), 'of somebody');
    for (const id of ['a', 'b', 'd', 'e']) release(pool, { id, ifname: 'eth0' });
    release(pool, { id: 'f', ifname: 'eth1' });
    expect(dropPool(pool)).toBe(false);
    rmSync(join(pool, 'a note'));
    expect(dropPool(pool)).toBe(true);
    expect(existsSync(pool)).toBe(false);
  });

  test('eight processes, twelve hundred addresses, none twice', async () => {
    const pool = join(folder, 'many'), calls = Array.from({ length: 8 }, (_, n) => ({ kind: 'allocate', args: [pool, '10.4.0.0/20', `p${n}`, 150] }));
    const got = (await inProcesses(calls)).flatMap((text) => JSON.parse(text) as string[]);
    expect(got).toHaveLength(1200);
    expect(new Set(got).size).toBe(1200);
    expect(readPool(pool).held.size).toBe(1200);
  }, 300_000);
});

/** As host-local does it: it knows of no note. */
const theirs = {
  reserve: (pool: string, address: string, { id, ifname }: { id: string; ifname: string }): void => writeFileSync(join(pool, address), `${id}\r\n${ifname}`, { flag: 'wx' }),
  release: (pool: string, address: string): void => rmSync(join(pool, address)),
};
/** How often this process has asked the kernel to read. */
const reads = (): number => Number(/syscr: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

describe('a large pool', () => {
  const sets = [[rangeOf({ subnet: '10.5.0.0/19' })]], at = (n: number): string => ipText('inet', sets[0]![0]!.subnet.base + BigInt(n));
  const filled = (name: string, count: number): string => {
    const pool = join(folder, name);
    mkdirSync(pool);
    for (let n = 2; n < count + 2; n++) theirs.reserve(pool, at(n), { id: `old-${n}`, ifname: 'eth0' });
    writeFileSync(join(pool, 'last_reserved_ip.0'), at(count + 1));
    return pool;
  };
  test.skipIf(process.getuid?.() !== 0 && !process.env['XDG_RUNTIME_DIR'])('who is in it is read once, and again when others have changed it; what is given out is what it was', () => {
    const pool = filled('large', 4000), cost = (what: () => unknown): number => { const before = reads(); what(); return reads() - before; };
    expect(cost(() => expect(allocate(pool, sets, { id: 'a', ifname: 'eth0' })).toEqual([at(4002)]))).toBeGreaterThan(4000);
    for (let n = 0; n < 50; n++) expect(cost(() => expect(allocate(pool, sets, { id: `b${n}`, ifname: 'eth0' })).toEqual([at(4003 + n)])), String(n)).toBeLessThan(60);
    expect(cost(() => expect(() => allocate(pool, sets, { id: 'b7', ifname: 'eth0' })).toThrow(`b7 has ${at(4010)} for eth0 already`))).toBeLessThan(60);
    expect(allocate(pool, sets, { id: 'b7', ifname: 'eth1' })).toEqual([at(4053)]);
    expect(cost(() => expect(release(pool, { id: 'old-9', ifname: 'eth0' })).toEqual([at(9)]))).toBeLessThan(60);
    expect(cost(() => expect(release(pool, { id: 'old-9', ifname: 'eth0' })).toEqual([]))).toBeLessThan(60);
    theirs.reserve(pool, at(9), { id: 'theirs', ifname: 'eth0' });
    expect(() => allocate(pool, sets, { id: 'theirs', ifname: 'eth0' })).toThrow(`theirs has ${at(9)}`);
    expect(cost(() => expect(release(pool, { id: 'a', ifname: 'eth0' })).toEqual([at(4002)]))).toBeLessThan(60);
    theirs.release(pool, at(4011));
    expect(allocate(pool, sets, { id: 'b8', ifname: 'eth0' })).toEqual([at(4054)]);
  }, 60_000);

  test('whoever changes it, in whatever order, as fast as it goes: what is held is what the files say', () => {
    const pool = filled('mixed', 200), ids = ['a', 'b', 'c', 'a "b', 'ü'], step = fc.record({ by: fc.constantFrom('us', 'them'), what: fc.constantFrom('reserve', 'reserve', 'release', 'replace'), id: fc.constantFrom(...ids), ifname: fc.constantFrom('eth0', 'eth1', '') });
    const truth = (id: string, ifname: string): string[] => [...readPool(pool).held].filter(([, one]) => one.id === id && (one.ifname === ifname || one.ifname === '')).map(([address]) => address).sort();
    let next = 4000;
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      for (const { by, what, id, ifname } of steps) {
        const mine = truth(id, ifname), holder = { id, ifname };
        if (what === 'reserve') {
          if (by === 'them') theirs.reserve(pool, at(next++), holder);
          else if (mine.length > 0) expect(() => allocate(pool, sets, holder)).toThrow(mine[0]!);
          else allocate(pool, sets, holder);
        } else if (what === 'release') {
          if (by === 'them') for (const address of mine) theirs.release(pool, address);
          else expect(release(pool, holder).sort()).toEqual(mine);
        } else for (const address of mine) { theirs.release(pool, address); theirs.reserve(pool, address, { id: `${id}'`, ifname }); }
        for (const other of ids) expect(heldBy(pool, { id: other, ifname: 'eth0' }).sort()).toEqual(truth(other, 'eth0'));
      }
      for (const [address, { id }] of readPool(pool).held) if (!id.startsWith('old-')) theirs.release(pool, address);
    }), { numRuns: 30 });
  }, 120_000);

  test('a process that ends in the middle leaves a note that does not count', () => {
    const pool = filled('killed', 200);
    allocate(pool, sets, { id: 'a', ifname: 'eth0' });
    // An address is reserved, and its process did not come to noting it.
    reserve(pool, at(300), { id: 'b', ifname: 'eth0' });
    expect(() => allocate(pool, sets, { id: 'b', ifname: 'eth0' })).toThrow(`b has ${at(300)}`);
  });
});

const plugins = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'].find((path) => existsSync(join(path, 'host-local')));
if (!plugins) console.warn('skipped: CNI\'s host-local is not installed, its pools are not compared');
describe.skipIf(!plugins)('beside CNI\'s host-local', () => {
  const config = JSON.stringify({ cniVersion: '1.0.0', name: 'shared', ipam: { type: 'host-local', dataDir: folder, ranges: [[{ subnet: '10.3.0.0/22' }], [{ subnet: 'fd00:3::/118' }]] } });
  const environment = (command: string, id: string) => ({ ...process.env, CNI_COMMAND: command, CNI_CONTAINERID: id, CNI_NETNS: '/none', CNI_IFNAME: 'eth0', CNI_PATH: plugins });
  const cni = (command: string, id: string): string[] => {
    const { status, stdout } = spawnSync(join(plugins as string, 'host-local'), [], { input: config, encoding: 'utf8', env: environment(command, id) });
    if (status !== 0) throw new Error(stdout);
    return command === 'ADD' ? (JSON.parse(stdout) as { ips: { address: string }[] }).ips.map(({ address }) => address.split('/')[0] as string) : [];
  };
  const pool = join(folder, 'shared'), sets = [[rangeOf({ subnet: '10.3.0.0/22' })], [rangeOf({ subnet: 'fd00:3::/118' })]];

  test('each goes on where the other stopped, and releases what the other reserved', () => {
    expect(cni('ADD', 'one')).toEqual(['10.3.0.2', 'fd00:3::2']);
    expect(allocate(pool, sets, { id: 'two', ifname: 'eth0' })).toEqual(['10.3.0.3', 'fd00:3::3']);
    expect(cni('ADD', 'three')).toEqual(['10.3.0.4', 'fd00:3::4']);
    expect(() => cni('ADD', 'two')).toThrow('duplicate allocation');
    expect(() => allocate(pool, sets, { id: 'one', ifname: 'eth0' })).toThrow('already');
    cni('DEL', 'two');
    expect(release(pool, { id: 'one', ifname: 'eth0' })).toHaveLength(2);
    expect([...readPool(pool).held.values()].map(({ id }) => id)).toEqual(['three', 'three']);
    cni('DEL', 'three');
    expect(dropPool(pool)).toBe(true);
  });

  test('both at once, and no address twice', async () => {
    const theirs = (id: string) => new Promise<string>((resolve, reject) => {
      const child = spawn(join(plugins as string, 'host-local'), [], { env: environment('ADD', id), stdio: ['pipe', 'pipe', 'ignore'] });
      let out = '';
      child.stdout.on('data', (chunk) => { out += String(chunk); });
      child.on('close', (status) => (status === 0 ? resolve((JSON.parse(out) as { ips: { address: string }[] }).ips[0]!.address.split('/')[0] as string) : reject(new Error(out))));
      child.stdin.end(config);
    });
    const ours = inProcesses(Array.from({ length: 4 }, (_, n) => ({ kind: 'allocate', args: [pool, '10.3.0.0/22', `ours${n}`, 40] })));
    const cnis: string[] = [];
    for (let round = 0; round < 10; round++) cnis.push(...await Promise.all(Array.from({ length: 8 }, (_, n) => theirs(`theirs${round}-${n}`))));
    const all = [...cnis, ...(await ours).flatMap((text) => JSON.parse(text) as string[])];
    expect(all).toHaveLength(240);
    expect(new Set(all).size).toBe(240);
  }, 120_000);
});
