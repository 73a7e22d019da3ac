/** nf_tables without a kernel: comments, transactions and what can become of them, captured traffic, other projects' messages. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, decodeMessage, encode, frames, type MessageType } from '../src/codec/index.ts';
import { expressions, netfilter, objects, type NftSet, type Rule, type SetElemList, type Table, type Trace } from '../src/families/netfilter/index.ts';
import { readHexLine, toHex } from '../src/inspect/index.ts';
import { commentOf, readUserdata, TransactionError, userdataTypes, withComment, writeUserdata } from '../src/netfilter/index.ts';
import { generation, transaction } from '../src/netfilter/transaction.ts';
import { run, runSync } from '../src/route/plan.ts';
import { Client } from '../src/socket/index.ts';
import { concat, control, FakeTransport, flagsOf, frame, seqOf, typeOf } from './support/fake-transport.ts';
import { capturedMessages } from './support/fixtures.ts';
import { requests, rule, table } from './support/nft-ruleset.ts';

const { messages } = netfilter;
const little = { littleEndian: true } as const;

describe('userdata', () => {
  test('entries come back as they were', () => {
    fc.assert(fc.property(fc.array(fc.record({ type: fc.nat(255), value: fc.uint8Array({ maxLength: 60 }) }), { maxLength: 4 }), (entries) => {
      expect(readUserdata(writeUserdata(entries))).toEqual(entries);
    }));
  });
  test('any bytes: the same bytes again, or a RangeError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      let entries;
      try { entries = readUserdata(bytes); } catch (error) { expect(error).toBeInstanceOf(RangeError); return; }
      expect(writeUserdata(entries)).toEqual(bytes);
    }));
  });
  test('a comment is type 0, its length with a NUL, the text', () => {
    expect(toHex(withComment('web'))).toBe('000477656200');
    expect(commentOf(withComment('Grüße'))).toBe('Grüße');
    expect(commentOf(readHexLine('0003776562'))).toBe('web');
    expect(commentOf(undefined)).toBeUndefined();
    expect(commentOf(readHexLine('00ff77'))).toBeUndefined();
    expect(toHex(withComment('b', 'set', writeUserdata([{ type: 0, value: Uint8Array.of(2, 0, 0, 0) }, { type: 7, value: Uint8Array.of(97, 0) }])))).toBe('00040200000007026200');
    expect(() => withComment('x'.repeat(129))).toThrow(/129 bytes, 128 are the most/);
    expect(() => withComment('a\0b')).toThrow(/NUL/);
    expect(() => writeUserdata([{ type: 256, value: new Uint8Array() }])).toThrow(/256 is no type/);
    expect(() => writeUserdata([{ type: 0, value: new Uint8Array(200) }, { type: 1, value: new Uint8Array(60) }])).toThrow(/264 bytes, the kernel takes 256/);
  });
});

describe('transactions', () => {
  const begun = (bytes: Uint8Array) => [...frames(bytes)].map(({ type, flags, seq, start, end }) => ({ type, flags, seq, body: bytes.slice(start, end) }));
  const answering = (answer: (sent: ReturnType<typeof begun>) => Uint8Array[]): { client: Client; transport: FakeTransport } => {
    const transport = new FakeTransport((bytes) => answer(begun(bytes)).map((one) => ({ bytes: one })));
    return { client: new Client(transport, { protocol: netfilter, timeout: 200 }), transport };
  };
  const refuse = (seq: number, errno: number): Uint8Array => control(2, { seq }, { error: -errno });
  const ok = ({ seq }: { seq: number }): Uint8Array => control(2, { seq }, { error: 0 });

  test('one datagram: begin with the generation, the messages, end; the last message is acknowledged', () => {
    const { client, transport } = answering((sent) => [ok(sent.at(-2)!)]);
    expect(runSync(client, transaction(requests, { genid: 7 }))).toEqual(requests.map(() => []));
    expect(transport.sent).toHaveLength(1);
    const sent = begun(transport.sent[0]!);
    expect(sent.map(({ type }) => type)).toEqual([16, ...requests.map(({ message }) => message.number), 17]);
    expect(sent.map(({ seq }) => seq - sent[0]!.seq)).toEqual(sent.map((_, i) => i));
    expect(sent.map(({ flags }) => flags & 4)).toEqual(sent.map((_, i) => (i === sent.length - 2 ? 4 : 0)));
    expect(toHex(sent[0]!.body)).toBe('0000000a0800010000000007');
    expect(toHex(sent.at(-1)!.body)).toBe('0000000a');
  });
  test('nothing to do is nothing sent', () => {
    const { client, transport } = answering(() => []);
    expect(runSync(client, transaction([]))).toEqual([]);
    expect(transport.sent).toEqual([]);
  });
  test('a message that is refused: which, and all of them', async () => {
    const { client } = answering((sent) => [refuse(sent[2]!.seq, 2), refuse(sent[3]!.seq, 17), ok(sent.at(-2)!)]);
    const error = await run(client, transaction(requests)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TransactionError);
    expect(error).toMatchObject({ code: 'ENOENT', index: 1, syscall: 'NFT_MSG_NEWCHAIN', refusals: [{ index: 1 }, { index: 2, error: { code: 'EEXIST' } }] });
    expect(typeOf((error as TransactionError).request!)).toBe(messages.newchain.number);
  });
  test('refused as a whole: only the begin is answered', () => {
    for (const [errno, code] of [[85, 'ERESTART'], [1, 'EPERM'], [12, 'ENOMEM']] as const) {
      const { client } = answering((sent) => [refuse(sent[0]!.seq, errno)]);
      expect(() => runSync(client, transaction(requests))).toThrow(expect.objectContaining({ code, index: -1, syscall: 'NFNL_MSG_BATCH_BEGIN' }) as Error);
    }
  });
  test('the commit fails: the begin is refused first, the acknowledgement that follows is nobody\'s', () => {
    const { client } = answering((sent) => (sent[0]!.type === 16 ? [refuse(sent[0]!.seq, 95), ok(sent.at(-2)!)] : [concat(frame({ type: messages.newgen.number, seq: sent[0]!.seq }, messages.newgen.schema, { id: 3 })), ok(sent[0]!)]));
    expect(() => runSync(client, transaction(requests))).toThrow(expect.objectContaining({ code: 'EOPNOTSUPP', index: -1 }) as Error);
    expect(runSync(client, generation())).toBe(3);
  });
  test('echoed objects belong to their message', () => {
    const { client } = answering((sent) => [frame({ type: messages.newrule.number, seq: sent[1]!.seq }, messages.newrule.schema, { handle: 5n }), ok(sent.at(-2)!)]);
    const [first, second] = runSync(client, transaction([rule('inet', 't', 'c', []), table('inet', 'x')]));
    expect(first).toMatchObject([{ body: { handle: 5n } }]);
    expect(second).toEqual([]);
  });
  test('no answer is an error', () => {
    const { client } = answering(() => []);
    expect(() => runSync(client, transaction(requests))).toThrow(expect.objectContaining({ code: 'ERR_NETLINK_TIMEOUT' }) as Error);
  });
  test('destroy has the flags of del', () => {
    expect(messages.destroytable.verb).toBe('del');
    expect(flagsOf(frame({ type: messages.destroytable.number, flags: 0x205 }, messages.destroytable.schema, {}))).toBe(0x205);
    expect(seqOf(frame({ type: 16, seq: 9 }, messages.batchBegin.schema, {}))).toBe(9);
  });
});

describe('captured traffic', () => {
  const all = capturedMessages().filter(({ protocol }) => protocol === netfilter.number)
    .flatMap(({ name: file, bytes }) => [...frames(bytes, little)].map((one) => ({ file: file.replace(/#.*/, ''), ...decodeMessage(netfilter, bytes, one, little) })));
  const bodies = <T>(name: string): T[] => all.filter((one) => one.name === name).map(({ body }) => body as T);

  test('every expression that nft writes, and every object', () => {
    const seen = new Set<string>(), types = new Set(bodies<{ type: string }>('NFT_MSG_NEWOBJ').map(({ type }) => type));
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
      const { name, $unknown } = value as { name?: unknown; $unknown?: unknown };
      if (typeof name === 'string') seen.add(name);
      expect($unknown).toBeUndefined();
      for (const inner of Object.values(value)) collect(inner);
    };
    for (const one of bodies<Rule>('NFT_MSG_NEWRULE')) collect(one.expressions);
    for (const one of bodies<SetElemList>('NFT_MSG_NEWSETELEM')) collect(one.elements);
    for (const one of bodies<NftSet>('NFT_MSG_NEWSET')) { collect(one.expr); collect(one.expressions); }
    // nft 1.0.6 has no words for these.
    expect(Object.keys(expressions).filter((name) => !seen.has(name))).toEqual(['inner', 'last', 'tunnel']);
    expect(Object.keys(objects).filter((type) => !types.has(type))).toEqual(['connlimit', 'tunnel']);
  });
  test('comments', () => {
    expect(bodies<Rule>('NFT_MSG_NEWRULE').map(({ userdata }) => commentOf(userdata))).toContain('counted');
    expect(bodies<Table>('NFT_MSG_NEWTABLE').map(({ userdata }) => commentOf(userdata, 'table'))).toContain('of IPv4');
    const set = bodies<NftSet>('NFT_MSG_NEWSET').find(({ userdata }) => commentOf(userdata, 'set') === 'addresses');
    expect(readUserdata(set!.userdata!).map(({ type }) => type)).toContain(userdataTypes.set.keyByteorder);
    expect(bodies<SetElemList>('NFT_MSG_NEWSETELEM').flatMap(({ elements }) => elements?.elem ?? []).map(({ userdata }) => commentOf(userdata, 'element'))).toContain('second');
  });
  test('a packet\'s trace, as nft prints it', () => {
    const traces = all.filter(({ name }) => name === 'NFT_MSG_TRACE');
    expect(traces.map(({ body }) => (body as Trace).type)).toEqual(expect.arrayContaining(['rule', 'policy']));
    for (const { file, body } of traces) {
      const { stdout } = JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')) as { stdout: string };
      const { id, chain, verdict, type } = body as Trace;
      expect(stdout).toContain(`trace id ${id!.toString(16).padStart(8, '0')} inet t ${chain} ${type === 'rule' ? 'rule' : ''}`);
      if (verdict?.code === 'jump') expect(stdout).toContain(`(verdict jump ${verdict.chain})`);
    }
  });
});

interface Vector { name: string; family?: string; framing: string; hex: string; expected?: { command?: string } }
const vectors = new URL('../../shared/vectors/google__nftables.json', import.meta.url).pathname;
describe('messages of google/nftables', () => {
  test.skipIf(!existsSync(vectors))('come back byte for byte, and mean what their tests say', () => {
    const kinds: readonly (readonly [RegExp, MessageType])[] = [
      [/^batch begin/, messages.batchBegin], [/flush ruleset|(add|create|delete) table/, messages.newtable], [/(add|delete) chain|add (filter|nat) chain/, messages.newchain],
      [/(add|insert|replace|delete) +rule/, messages.newrule], [/add (set|map)/, messages.newset], [/(add|delete) element/, messages.newsetelem], [/(add|delete) (counter|secmark)/, messages.newobj],
    ];
    let known = 0;
    for (const { name, family, framing, hex, expected } of (JSON.parse(readFileSync(vectors, 'utf8')) as { vectors: Vector[] }).vectors) {
      const message = kinds.find(([pattern]) => pattern.test(expected?.command ?? ''))?.[1];
      if (framing !== 'body' || family !== 'nftables' || !message) continue;
      const bytes = readHexLine(hex);
      known++;
      expect(toHex(encode(message.schema, decode(message.schema, bytes, { ...little, exact: true }) as never, little)), name).toBe(toHex(bytes));
      const value = decode(message.schema, bytes, little) as { $unknown?: unknown; expressions?: { elem?: { name?: string; data?: unknown }[] } };
      expect(value.$unknown, name).toBeUndefined();
      for (const one of value.expressions?.elem ?? []) expect(Object.keys(expressions), name).toContain(one.name);
    }
    expect(known).toBeGreaterThan(55);
  });
  if (!existsSync(vectors)) console.log(`skipped: ${vectors} is not there`);
});
