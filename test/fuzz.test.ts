/** The fuzzer without a kernel: what it makes, what it never makes, what it finds in a kernel that answers wrongly; and where it refuses to be. */
import { readlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage, frames, HEADER_SIZE, schemaOf, spans, type MessageType, type Protocol } from '../src/codec/index.ts';
import { caseOf, type Target } from '../src/cli/fuzz/cases.ts';
import { run, type Finding, type Plan, type Tally } from '../src/cli/fuzz/engine.ts';
import { lab, WORDS, type Lab } from '../src/cli/fuzz/lab.ts';
import { allowed, denied, FAMILIES, PROTOCOLS, withheld, WITHOUT } from '../src/cli/fuzz/policy.ts';
import { netfilter, protocols, route, xfrm } from '../src/families/index.ts';
import { families, familyNamed } from '../src/families/generic/index.ts';
import { damage, messageDamage, mutate, mutation, shrink, signature, tapeOf } from '../src/testing/index.ts';
import { concat, control, FakeTransport, flagsOf, frame, seqOf, typeOf, type Incoming } from './support/fake-transport.ts';

const target = (protocol: Protocol = route, more: Partial<Target> = {}): Target => ({ protocol, messages: allowed(protocol, false), words: WORDS, mutate: false, dangerous: false, ...more });
const plan = (more: Partial<Plan> = {}): Plan => ({ seed: 1, from: 0, count: 100, timeout: 20, each: 64, known: new Set(), shrinking: 10_000, ...more });
const cases = (of: Target, seed: number, count: number) => Array.from({ length: count }, (_, number) => caseOf(of, tapeOf(seed, number))).filter((one) => one !== undefined);
const only = (...keys: string[]): MessageType[] => keys.map((key) => (route.messages as unknown as Record<string, MessageType>)[key]!);

describe('damage', () => {
  const message = frame({ type: 16 }, route.messages.newlink.schema, { family: 'unspec', type: 0, index: 1, flags: [], change: [], ifname: 'veth0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'p' } } } });
  const schema = route.messages.newlink.schema;
  const attributes = (bytes: Uint8Array): string => spans(schema, bytes, { at: HEADER_SIZE }).spans.filter(({ type }) => type === 'nlattr').map(({ value, depth }) => `${depth}:${(value as { type: number; length: number }).type & 0x3fff}/${(value as { length: number }).length}`).join(' ');
  test('of an attribute: the rest is as it was, and lengths around it fit', () => {
    const before = attributes(message), length = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint32(0, true);
    const after = (what: Parameters<typeof damage>[2]): string => {
      const bytes = damage(schema, message, what);
      expect(length(bytes)).toBe(bytes.length);
      expect([...frames(bytes)]).toHaveLength(1);
      return attributes(bytes);
    };
    expect(before).toMatch(/^\d:3\/10 \d:18\/48 \d:1\/9 \d:2\/\d+/);
    expect(after({ kind: 'drop', at: 0 })).toBe(before.slice(before.indexOf(' ') + 1));
    expect(after({ kind: 'repeat', at: 0 })).toBe(`${before.split(' ')[0]} ${before}`);
    expect(after({ kind: 'resize', at: 0, by: 8 })).toBe(before.replace('3/10', '3/18'));
    // What is in a nest makes the nest longer.
    expect(after({ kind: 'resize', at: 2, by: 4 })).toMatch(/ \d:18\/52 \d:1\/13 /);
    expect(after({ kind: 'wrap', at: 0 })).toMatch(/^\d:3\/16/);
    expect(after({ kind: 'type', at: 0, value: 77 })).toMatch(/^\d:77\/10 /);
    expect(after({ kind: 'length', at: 0, value: 4 })).toMatch(/^\d:3\/4( |$)/);
    expect(length(damage(schema, message, { kind: 'total', value: 20 }))).toBe(20);
    expect(damage(schema, message, { kind: 'cut', where: 20 })).toHaveLength(36);
    expect(flagsOf(damage(schema, message, { kind: 'flags', xor: 4 }))).toBe(4);
  });
  test('total: any bytes, any damage, and the input stays as it is', () => {
    fc.assert(fc.property(fc.array(mutation, { maxLength: 3 }), fc.array(messageDamage, { minLength: 1, maxLength: 4 }), (broken, all) => {
      const input = broken.reduce(mutate, message), copy = input.slice();
      for (const schema of [route.messages.newlink.schema, xfrm.messages.newsa.schema]) expect(all.reduce((bytes, one) => damage(schema, bytes, one), input)).toBeInstanceOf(Uint8Array);
      expect(input).toEqual(copy);
    }), { numRuns: 300 });
  });
});

test('signatures leave numbers and quoted names open', () => {
  expect(signature({ message: 'RTM_NEWLINK', code: 'EINVAL', path: 'linkinfo.data.id', said: "Invalid VLAN 4096 of 'eth0'" })).toBe("RTM_NEWLINK EINVAL at linkinfo.data.id: Invalid VLAN N of '...'");
  expect(signature({ message: 'RTM_NEWADDR', code: 'OK', answers: ['B', 'A', 'B'], differs: ['z', 'flags'] })).toBe('RTM_NEWADDR OK > A, B differs in flags, z');
});

test('shrinking finds the least tape', () => {
  const tape = tapeOf(7, 0, 60);
  expect(shrink(tape, (numbers) => numbers.some((n) => n > 1000), 2000)).toEqual([expect.toSatisfy((n: number) => n > 1000 && n <= 2001)]);
  expect(shrink(tape, () => true, 2000)).toEqual([]);
  expect(shrink(tape, () => false)).toEqual(tape);
});

describe('what is made', () => {
  test('the same seed makes the same bytes, another one others', () => {
    for (const one of [target(), target(netfilter, { mutate: true }), target(familyNamed('ethtool')!.at(20))]) {
      const bytes = (seed: number): string[] => cases(one, seed, 200).map(({ datagram }) => Buffer.from(datagram).toString('hex'));
      expect(bytes(5)).toEqual(bytes(5));
      expect(bytes(5)).not.toEqual(bytes(6));
    }
  });
  test('every message that is allowed comes, undamaged ones are one message each, of nf_tables in a transaction', () => {
    const made = cases(target(), 1, 1500);
    expect(new Set(made.map(({ message }) => message.name))).toEqual(new Set(allowed(route, false).map(({ name }) => name)));
    for (const { datagram, message, flags, bytes } of made) {
      expect([...frames(datagram)].map(({ type, end }) => [type, end + 3 & ~3])).toEqual([[message.number, bytes.length]]);
      expect(flags & 5).toBe(5);
    }
    const rule = cases(target(netfilter), 1, 500).find(({ message }) => message.key === 'newrule')!;
    expect([...frames(rule.datagram)].map(({ type, seq }) => [type, seq])).toEqual([[16, 1], [netfilter.messages.newrule.number, 2], [17, 3]]);
  });
  test('three of four are damaged, when they shall be', () => {
    const damaged = cases(target(route, { mutate: true }), 1, 1000).filter(({ damages }) => damages.length > 0).length;
    expect(damaged).toBeGreaterThan(650);
    expect(damaged).toBeLessThan(850);
    expect(cases(target(), 1, 300).every(({ damages }) => damages.length === 0)).toBe(true);
  });
});

describe('what is never made', () => {
  test('no attribute that names another network namespace, encapsulates, or asks for memory, however deep', () => {
    const keys = (value: unknown): string[] => (typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? Object.entries(value).flatMap(([key, own]) => [key, ...keys(own)]) : []);
    for (const p of [route, netfilter, xfrm]) {
      const attributes = (body: unknown, message: MessageType): string[] => keys(body).filter((key) => WITHOUT.has(key) && !headers(message).includes(key));
      for (const { body, message } of cases(target(p), 3, 800)) expect(attributes(body, message), message.name).toEqual([]);
    }
  });
  // Fields of fixed headers and structs are no attributes.
  const headers = ({ schema }: MessageType): string[] => ['pid', 'size', 'limit', ...Object.keys((schema as { header?: { fields: object } }).header?.fields ?? {})];
  test('a route with encapsulation is kept back, however its type came about', () => {
    const { schema } = route.messages.newroute, body = { family: 'inet', dst: '192.0.2.0', dstLen: 24, oif: 1 };
    const plain = frame({ type: 24 }, schema, body), encapsulated = frame({ type: 24 }, schema, { ...body, encapType: 'ip', encap: { dst: '192.0.2.9' } });
    expect(withheld(['RTM_NEWROUTE'], plain)).toBeUndefined();
    expect(withheld(['RTM_NEWROUTE'], encapsulated)).toMatch(/encapsulation/);
    // RTA_OIF becomes RTA_ENCAP.
    const places = [0, 1].map((at) => damage(schema, plain, { kind: 'type', at, value: 22 }));
    for (const bytes of places) expect(withheld(['RTM_NEWROUTE'], bytes)).toMatch(/attribute 22/);
    expect(withheld(['RTM_NEWNEXTHOP'], damage(route.messages.newnexthop.schema, frame({ type: 104 }, route.messages.newnexthop.schema, { id: 1 }), { kind: 'type', at: 0, value: 8 }))).toMatch(/attribute 8/);
  });
  test('only what is named is spoken: the rest is denied, with a reason', () => {
    for (const { name } of protocols) if (!PROTOCOLS.includes(name)) expect(denied(name), name).toMatch(/./);
    for (const { name } of families) expect(denied('generic', name) === undefined, name).toBe(FAMILIES.includes(name));
    for (const name of FAMILIES) expect(familyNamed(name), name).toBeDefined();
    expect(denied('generic', 'nbd')).toMatch(/block devices/);
    expect(allowed(protocols.find((p) => p.name === 'sock_diag')!, false).map((m) => m.name)).not.toContain('SOCK_DESTROY');
  });
  test('no socket in the machine\'s own user namespace', () => {
    expect(() => lab(0, readlinkSync('/proc/self/ns/user'))).toThrow(/user namespace of the machine/);
  });
});

/** A kernel that keeps addresses, and gives them back. */
function addresses(back: (body: Record<string, unknown>) => Record<string, unknown> = (body) => body, refuse: (body: Record<string, unknown>) => Partial<Parameters<typeof control>[2]> | undefined = () => undefined): { lab: Lab; renewed: () => number; sent: () => string[] } {
  let kept: Record<string, unknown>[] = [], renewed = 0;
  const { schema } = route.messages.newaddr, transport = new FakeTransport((bytes): Incoming[] => {
    const seq = seqOf(bytes), ack = (error: object = { error: 0 }) => ({ bytes: control(2, { seq, flags: 0x300 }, { request: { len: bytes.length, type: typeOf(bytes), flags: 5, seq, pid: 0 }, ...error } as never) });
    if (typeOf(bytes) === 22) return [{ bytes: concat(...kept.map((body) => frame({ type: 20, seq, flags: 2 }, schema, body)), control(3, { seq, flags: 2 }, { error: 0 })) }];
    const body = decodeMessage(route, bytes, [...frames(bytes)][0]!).body as Record<string, unknown>, refused = refuse(body);
    if (refused) return [ack(refused)];
    kept.push(back(body));
    return [ack()];
  });
  return { lab: { transport, renew: () => { kept = []; renewed++; }, close() {} }, renewed: () => renewed, sent: () => transport.sent.map((bytes) => Buffer.from(bytes).toString('hex')) };
}

describe('what is found', () => {
  const news = target(route, { messages: only('newaddr') });
  const fuzzed = (fake: ReturnType<typeof addresses>, more: Partial<Plan> = {}): { tally: Tally; found: Finding[] } => {
    const found: Finding[] = [];
    return { tally: run(fake.lab, news, plan(more), { about: () => {}, found: (one) => found.push(one) }), found };
  };
  test('a kernel that does as it is told: one outcome', () => {
    const fake = addresses(), { tally } = fuzzed(fake, { count: 200 });
    expect([...tally.outcomes.keys()]).toEqual(['RTM_NEWADDR OK']);
    expect(fake.renewed()).toBeGreaterThanOrEqual(3);
  });
  test('a value that is not given back as it was set, by the smallest request that shows it', () => {
    const { found, tally } = fuzzed(addresses((body) => ('rtPriority' in body ? { ...body, rtPriority: 7 } : body)), { count: 300, shrinking: 30_000 });
    expect([...tally.outcomes.keys()].sort()).toEqual(['RTM_NEWADDR OK', 'RTM_NEWADDR OK differs in rtPriority']);
    const small = found.filter(({ alone, signature: own }) => alone !== undefined && own.endsWith('rtPriority'));
    expect(small).toMatchObject([{ alone: true }]);
    expect(Object.keys(decodeMessage(route, small[0]!.datagram, [...frames(small[0]!.datagram)][0]!).body as object).sort()).toEqual(['family', 'flags', 'index', 'prefixlen', 'rtPriority', 'scope']);
  });
  test('a refusal, with its words, and the attribute that is pointed at', () => {
    const { tally } = fuzzed(addresses(undefined, (body) => ('label' in body ? { error: -22, extack: { msg: 'No 7 labels', offs: 24 } } : undefined)), { count: 100, shrinking: 0 });
    expect([...tally.outcomes.keys()].some((key) => /^RTM_NEWADDR EINVAL at \w+: No N labels$/.test(key))).toBe(true);
  });
  test('silence, and what is known is not told again', () => {
    const mute: Lab = { transport: new FakeTransport(), renew() {}, close() {} }, found: Finding[] = [], watcher = { about: () => {}, found: (one: Finding) => { found.push(one); } };
    expect([...run(mute, news, plan({ count: 3 }), watcher).outcomes.keys()]).toEqual(['RTM_NEWADDR TIMEOUT']);
    expect(found.length).toBeGreaterThan(0);
    found.length = 0;
    run(mute, news, plan({ count: 3, known: new Set(['RTM_NEWADDR TIMEOUT']) }), watcher);
    expect(found).toEqual([]);
  });
  test('what is sent depends on the seed alone, not on what the kernel says', () => {
    const willing = addresses(), unwilling = addresses(undefined, () => ({ error: -1 }));
    fuzzed(willing, { count: 100, shrinking: 0 });
    fuzzed(unwilling, { count: 100, shrinking: 0 });
    expect(willing.sent().filter((hex) => hex.slice(8, 10) === '14')).toEqual(unwilling.sent());
  });
  test('a request is read with the schema that it was written with', () => {
    for (const { message, flags, bytes, damages } of cases(target(xfrm), 2, 300)) if (damages.length === 0) expect(schemaOf(message, flags) && decodeMessage(xfrm, bytes, [...frames(bytes)][0]!, { exact: true }).body, message.name).toBeDefined();
  });
});
