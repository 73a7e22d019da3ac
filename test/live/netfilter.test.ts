/** nf_tables on a real kernel: what nlkit writes, nft prints; what nft writes, nlkit reads; what is refused leaves nothing. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { netfilter, type Rule } from '../../src/families/netfilter/index.ts';
import { commentOf, open, openSync, TransactionError, type NetfilterSync, type Ruleset } from '../../src/netfilter/index.ts';
import { listing, requests, rule, table } from '../support/nft-ruleset.ts';
import { descriptors, has, isolate, sh } from './support.ts';

const { messages } = netfilter;
function missing(): string | undefined {
  const why = isolate();
  if (why) return why;
  try {
    using nf = openSync();
    nf.generation();
    return undefined;
  } catch (error) { return `this kernel has no nf_tables: ${(error as Error).message}`; }
}
const why = missing();
if (why) console.warn(`skipped: ${why}`);
const nft = !why && has('nft');
if (!why && !nft) console.warn('no nft: what it prints and writes is not compared');

/** What a kernel says of a ruleset, without what it numbers by itself. */
function plain(all: Ruleset): object {
  const own = new Set(['handle', 'resId', 'position', 'use', 'genid']);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => !own.has(key)).map(([key, inner]) => [key, strip(inner)]));
  };
  // Hash tables have an order of their own.
  const key = (element: { key?: { value?: Uint8Array } }): string => String(element.key?.value);
  return strip({ ...all, sets: all.sets.map(({ set, elements }) => ({ set, elements: [...elements].sort((a, b) => (key(a) < key(b) ? -1 : 1)) })) }) as object;
}

describe.skipIf(why)('nf_tables', () => {
  const before = why ? 0 : descriptors();
  const nf = why ? (undefined as unknown as NetfilterSync) : openSync();
  const flush = (): unknown => nf.transaction([{ message: messages.deltable, body: {} }]);
  beforeEach(() => { flush(); });
  afterAll(() => {
    flush();
    nf.close();
    expect(descriptors()).toBe(before);
  });

  test('a ruleset in one transaction: nft prints what was meant', () => {
    const genid = nf.generation();
    nf.transaction(requests);
    expect(nf.generation()).toBe(genid + 1);
    if (nft) expect(sh('nft list ruleset')).toBe(listing);
  });

  test('with promises, the same', async () => {
    await using there = await open();
    await there.transaction(requests);
    expect((await there.ruleset()).rules).toHaveLength(8);
    if (nft) expect(sh('nft list ruleset')).toBe(listing);
  });

  test.skipIf(!nft)('nft writes, nlkit reads the same objects', () => {
    nf.transaction(requests);
    const ours = plain(nf.ruleset());
    flush();
    const file = `/run/ruleset-${process.pid}.nft`;
    writeFileSync(file, listing);
    sh(`nft -f ${file}`);
    const theirs = nf.ruleset();
    expect(plain(theirs)).toEqual(ours);
    expect(theirs.tables.map(({ family, name, userdata }) => [family, name, commentOf(userdata, 'table')])).toEqual([['ipv4', 'nat', 'of nlkit'], ['inet', 'filter', undefined]]);
    expect(theirs.rules.flatMap(({ userdata }) => commentOf(userdata) ?? [])).toEqual(['web', 'out', 'all others']);
    expect(theirs.chains.find(({ name }) => name === 'postrouting')).toMatchObject({ hook: { hooknum: 'postRouting', priority: 100 }, policy: 'accept', type: 'nat' });
    expect(nf.ruleset({ table: 'nat' })).toMatchObject({ tables: [{ name: 'nat' }], rules: [{ chain: 'prerouting' }, { chain: 'postrouting' }], sets: [] });
    expect(() => nf.ruleset({ table: 'nosuch' })).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  });

  test.skipIf(!nft)('numbers mean what nft means: units, byte orders', () => {
    const file = `/run/numbers-${process.pid}.nft`;
    writeFileSync(file, `add table inet t
add ct expectation inet t ex { protocol tcp; dport 9876; timeout 2m; size 12; l3proto ip; }
add ct timeout inet t to { protocol tcp; l3proto ip; policy = { established: 100, close: 4 }; }
add ct helper inet t h { type "ftp" protocol tcp; l3proto inet; }
add quota inet t q { over 500 bytes used 20 bytes; }
add limit inet t l { rate over 1024 bytes/minute burst 512 bytes; }
add set inet t s { type ipv4_addr . inet_service; flags interval, timeout; timeout 90s; gc-interval 30s; elements = { 192.0.2.0/24 . 80-90 timeout 10m }; }
add chain inet t c { type filter hook input priority -7; }
add rule inet t c log group 5 snaplen 100 queue-threshold 20 prefix "g"
add rule inet t c tcp sport != 1-5 log level debug flags ip options
add rule inet t c meta mark set jhash ip saddr mod 8 seed 0xbeef offset 3
add rule inet t c limit rate 10/hour burst 3 packets tcp option maxseg size set 1400 drop
`);
    sh(`nft -f ${file}`);
    const { objects, sets, chains, rules } = nf.ruleset({ family: 'inet', table: 't' });
    expect(Object.fromEntries(objects.map(({ name, data }) => [name, data]))).toMatchObject({
      ex: { l3proto: 'ipv4', l4proto: 'tcp', dport: 9876, timeout: 120_000, size: 12 }, to: { l4proto: 'tcp', data: { established: 100, close: 4 } },
      h: { name: 'ftp', l3proto: 'inet' }, q: { bytes: 500n, consumed: 20n, flags: ['inv'] }, l: { rate: 1024n, unit: 60n, burst: 512, type: 'pktBytes', flags: ['inv'] },
    });
    expect(sets).toMatchObject([{
      set: { keyLen: 8, timeout: 90_000n, gcInterval: 30_000, flags: ['interval', 'timeout', 'concat'], desc: { concat: { elem: [{ len: 4 }, { len: 2 }] } } },
      elements: [{ key: { value: Uint8Array.of(192, 0, 2, 0, 0, 80, 0, 0) }, keyEnd: { value: Uint8Array.of(192, 0, 2, 255, 0, 90, 0, 0) }, timeout: 600_000n }],
    }]);
    expect(chains).toMatchObject([{ hook: { hooknum: 'localIn', priority: -7 } }]);
    const elem = rules.flatMap(({ expressions }) => expressions?.elem ?? []);
    for (const one of [
      { name: 'log', data: { group: 5, snaplen: 100, qthreshold: 20, prefix: 'g' } }, { name: 'log', data: { level: 'debug', flags: ['ipopt'] } },
      { name: 'range', data: { op: 'neq', fromData: { value: Uint8Array.of(0, 1) }, toData: { value: Uint8Array.of(0, 5) } } },
      { name: 'hash', data: { type: 'jenkins', modulus: 8, seed: 0xbeef, offset: 3 } }, { name: 'limit', data: { rate: 10n, unit: 3600n, burst: 3, type: 'pkts' } },
      { name: 'exthdr', data: { op: 'tcpopt', type: 2, offset: 2, len: 2, sreg: 1 } },
    ]) expect(elem).toContainEqual(expect.objectContaining({ name: one.name, data: expect.objectContaining(one.data) as object }));
  });

  test('a refused transaction leaves nothing, and says which message and which attribute', () => {
    const jump = rule('inet', 'filter', 'web', [{ name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'jump', chain: 'nosuch' } } } }]);
    const log = rule('inet', 'filter', 'forward', [{ name: 'log', data: { group: 1, level: 'info' } }]);
    const genid = nf.generation();
    const refused = ((): unknown => { try { return nf.transaction([...requests, jump, table('inet', 'more'), log]); } catch (error) { return error; } })();
    expect(refused).toBeInstanceOf(TransactionError);
    expect(refused).toMatchObject({ code: 'ENOENT', syscall: 'NFT_MSG_NEWRULE', index: requests.length, refusals: [{ index: requests.length, error: { extack: { path: expect.stringMatching(/expressions/) as string } } }, { index: requests.length + 2, error: { code: 'EINVAL' } }] });
    expect((refused as Error).message).toContain(`message ${requests.length + 1}: NFT_MSG_NEWRULE: ENOENT`);
    expect(nf.generation()).toBe(genid);
    expect(nf.ruleset()).toMatchObject({ tables: [], chains: [], rules: [], sets: [] });
    if (nft) expect(sh('nft list ruleset')).toBe('');
  });

  test('another generation: refused as a whole; revise sees it anew', () => {
    nf.transaction([table('inet', 'a')], { genid: nf.generation() });
    expect(() => nf.transaction([table('inet', 'b')], { genid: nf.generation() - 1 })).toThrow(expect.objectContaining({ code: 'ERESTART', index: -1 }) as Error);
    using other = openSync();
    const seen: (string | undefined)[][] = [];
    nf.revise((now) => {
      seen.push(now.tables.map(({ name }) => name));
      if (seen.length === 1) other.transaction([table('inet', 'c')]);
      return [table('inet', `after-${now.tables.length}`)];
    });
    expect(seen).toEqual([['a'], ['a', 'c']]);
    expect(nf.ruleset().tables.map(({ name }) => name)).toEqual(['a', 'c', 'after-2']);
  });

  test('echo brings what was made, with its handle', () => {
    nf.transaction(requests);
    const made = rule('inet', 'filter', 'web', [{ name: 'counter' }], 'echoed');
    const [[reply]] = nf.transaction([{ ...made, flags: ['create', 'append', 'echo'] }]) as unknown as [[{ body: Rule }]];
    expect(commentOf(reply.body.userdata)).toBe('echoed');
    nf.transaction([{ message: messages.delrule, body: { family: 'inet', table: 'filter', chain: 'web', handle: reply.body.handle } }]);
    expect(nf.ruleset().rules).toHaveLength(8);
  });

  test('as large as it takes', () => {
    const many = Array.from({ length: 3000 }, (_, i) => rule('inet', 'filter', 'web', [{ name: 'counter' }], `rule ${i}`));
    nf.transaction([...requests, ...many]);
    expect(nf.ruleset({ table: 'filter' }).rules.filter(({ chain }) => chain === 'web')).toHaveLength(3001);
    // Every message of it refused.
    expect(() => nf.transaction(many.slice(0, 500).map((one) => ({ ...one, body: { ...one.body, chain: 'nosuch' } })))).toThrow(expect.objectContaining({ code: 'ENOENT', index: 0, refusals: expect.objectContaining({ length: 500 }) as unknown }) as Error);
    expect(nf.transaction([])).toEqual([]);
  });

  test('changes are heard of', async () => {
    await using there = await open();
    const monitor = there.client.monitor(['nftables']);
    await there.transaction([table('inet', 'heard')]);
    const events: string[] = [];
    for await (const event of monitor) {
      if ('overrun' in event) continue;
      events.push(event.message!.name);
      if (event.message === messages.newgen) break;
    }
    expect(events).toEqual(['NFT_MSG_NEWTABLE', 'NFT_MSG_NEWGEN']);
  });
});
