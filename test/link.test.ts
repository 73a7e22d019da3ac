/**
 * Links against what the kernel sent and what iproute2 made of it: every captured message in fixtures/ is decoded, and the
 * numbers are compared with the JSON that the tool printed for the same replies.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, decodeMessage, encode, EncodeError, frames, type Value } from '../src/codec/index.ts';
import { kinds, Link, slaveKinds } from '../src/families/route/link.ts';
import { Stats, StatsRequest } from '../src/families/route/link-stats.ts';
import { Tunnel } from '../src/families/route/link-tunnel.ts';
import { route } from '../src/families/route/index.ts';

const little = { littleEndian: true } as const;
type LinkValue = Value<typeof Link>;
interface Capture { command: string; exit: number; stdout?: string; messages: { direction: string; protocol: number; hex: string }[] }

const root = new URL('../fixtures/', import.meta.url);
const captures = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^\d.*\.json$/.test(name))
  .map((name) => ({ name, capture: JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Capture }));

const ours = new Set<unknown>([Link, Stats, StatsRequest, Tunnel]);
const found = captures.flatMap(({ name, capture }) => capture.messages.filter((m) => m.protocol === 0).flatMap(({ direction, hex }) => {
  const data = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return [...frames(data, little)].filter((frame) => ours.has(route.byNumber.get(frame.type)?.schema))
    .map((frame) => ({ name, capture, direction, type: frame.type, body: decodeMessage(route, data, frame, little).body as LinkValue }));
}));

/** Paths of what is in a value but in no schema. */
function unknown(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$unknown' ? (inner as { type: number }[]).map(({ type }) => `${path} ${type}`) : unknown(inner, `${path}.${key}`)));
}

describe('captured links', () => {
  test('are there', () => { expect(found.length).toBeGreaterThan(300); });
  test('hold no attribute that is not declared', () => {
    expect(found.flatMap(({ name, body }) => unknown(body).map((path) => `${name}${path}`))).toEqual([]);
  });
  // iproute2's requests of `type bridge_slave` say that word as the kind, and nothing as the kind of the port.
  test('hold no data of an undeclared kind', () => {
    const opaque = found.filter(({ direction }) => direction !== 'request').filter(({ body }) => (body.linkinfo?.data as unknown) instanceof Uint8Array || (body.linkinfo?.slaveData as unknown) instanceof Uint8Array);
    expect(opaque.map(({ name, body }) => `${name}: ${body.linkinfo?.kind} ${body.linkinfo?.slaveKind}`)).toEqual([]);
  });
});

describe('iproute2 reads the same', () => {
  interface Shown { ifindex: number; ifname: string; [key: string]: unknown }
  const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  /** iproute2's own words, and numbers that it prints in other units or bases. */
  const words: Readonly<Record<string, string>> = {
    mtu: 'mtu', txqlen: 'txqlen', promiscuity: 'promiscuity', allmulti: 'allmulti', min_mtu: 'minMtu', max_mtu: 'maxMtu', num_tx_queues: 'numTxQueues', num_rx_queues: 'numRxQueues',
    gso_max_size: 'gsoMaxSize', gso_max_segs: 'gsoMaxSegs', tso_max_size: 'tsoMaxSize', tso_max_segs: 'tsoMaxSegs', gro_max_size: 'groMaxSize',
    gso_ipv4_max_size: 'gsoIpv4MaxSize', gro_ipv4_max_size: 'groIpv4MaxSize', ifname: 'ifname', address: 'address', ifalias: 'ifalias', qdisc: 'qdisc',
  };
  /** iproute2 prints these otherwise: seconds for hundredths, addresses of tunnels as IP. */
  const otherwise = (key: string, mine: unknown, theirs: unknown): boolean =>
    (/_(timer|sec)$/.test(key) && Math.abs((mine as number) / 100 - (theirs as number)) < 1e-9)
    || (key === 'address' && typeof theirs === 'string' && !/^..(:..)+$/.test(theirs));
  /** Values of numbers and switches that both sides have, as [ours, theirs]; text where it is the same word in both. */
  function pairs(value: object | undefined, shown: object | undefined, named = camel): [key: string, ours: unknown, theirs: unknown][] {
    const mine = (value ?? {}) as Record<string, unknown>;
    return Object.entries(shown ?? {}).flatMap(([key, theirs]): [string, unknown, unknown][] => {
      const own = mine[named(key)];
      if (typeof own === 'bigint' && typeof theirs === 'number') return [[key, Number(own), theirs]];
      if (typeof own === 'number' && typeof theirs === 'boolean') return [[key, own !== 0, theirs]];
      if (typeof own === 'number' && typeof theirs === 'number') return [[key, own, theirs]];
      return [];
    });
  }

  const compared: { where: string; mine: unknown; theirs: unknown }[] = [];
  for (const { name, capture } of captures) {
    if (!/^ip (-\S+ )*link show/.test(capture.command) || !capture.stdout?.startsWith('[')) continue;
    const replies = new Map(found.filter((f) => f.capture === capture && f.direction === 'reply').map(({ body }) => [body.index, body]));
    for (const shown of JSON.parse(capture.stdout) as Shown[]) {
      const body = replies.get(shown.ifindex);
      if (!body) continue;
      const note = (path: string, [key, mine, theirs]: [string, unknown, unknown]): void => { if (!otherwise(key, mine, theirs)) compared.push({ where: `${name} ${shown.ifname} ${path}${key}`, mine, theirs }); };
      for (const key of Object.keys(words)) if (key in shown) note('', [key, body[words[key] as keyof LinkValue], shown[key]]);
      const info = shown['linkinfo'] as { info_kind?: string; info_data?: object; info_slave_kind?: string; info_slave_data?: object } | undefined;
      if (info) note('', ['info_kind', body.linkinfo?.kind, info.info_kind]);
      if (info?.info_slave_kind) note('', ['info_slave_kind', body.linkinfo?.slaveKind, info.info_slave_kind]);
      for (const pair of pairs(body.linkinfo?.data, info?.info_data)) note(`${body.linkinfo?.kind}.`, pair);
      for (const pair of pairs(body.linkinfo?.slaveData, info?.info_slave_data)) note(`${body.linkinfo?.slaveKind} port.`, pair);
      const stats = shown['stats64'] as { rx: Record<string, number>; tx: Record<string, number> } | undefined;
      for (const way of ['rx', 'tx'] as const) for (const pair of pairs(body.stats64, stats?.[way], (key) => camel(`${way}_${key}`))) note(`stats64.${way}.`, pair);
    }
  }

  test('enough is compared', () => { expect(compared.length).toBeGreaterThan(1000); });
  test('every number and switch is equal', () => {
    expect(compared.filter(({ mine, theirs }) => mine !== theirs)).toEqual([]);
  });
});

describe('what is sent', () => {
  const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  /** `attribute(type, ...)` as hex, by hand: length, type, payload, padding to 4. */
  const attribute = (type: number, ...payload: string[]): string => {
    const body = payload.join(''), size = 4 + body.length / 2, le16 = (n: number): string => hex(Uint8Array.of(n & 255, n >> 8));
    return le16(size) + le16(type) + body + '00'.repeat((4 - (size % 4)) % 4);
  };
  const header = '00'.repeat(16), text = (words: string): string => hex(new TextEncoder().encode(`${words}\0`)), nested = 0x8000;

  test('a veth pair: the peer is a link of its own', () => {
    const sent = { ifname: 'v0', linkinfo: { kind: 'veth' as const, data: { peer: { ifname: 'v1', mtu: 1400, netNsFd: 9 } } } };
    const expected = header + attribute(3, text('v0')) + attribute(nested | 18, attribute(1, text('veth')), attribute(nested | 2,
      attribute(1, header, attribute(3, text('v1')), attribute(4, '78050000'), attribute(28, '09000000'))));
    expect(hex(encode(Link, sent, little))).toBe(expected);
    expect(decode(Link, encode(Link, sent, little), little)).toMatchObject(sent);
  });
  test('bridge vlans: IFLA_AF_SPEC means another set in family bridge', () => {
    const sent = { family: 'bridge' as const, index: 7, afSpec: { flags: ['self' as const], vlanInfo: [{ flags: ['rangeBegin' as const], vid: 10 }, { flags: ['rangeEnd' as const], vid: 20 }] } };
    const expected = '07000000070000000000000000000000' + attribute(nested | 26, attribute(0, '0200'), attribute(2, '08000a00'), attribute(2, '10001400'));
    expect(hex(encode(Link, sent, little))).toBe(expected);
    expect(decode(Link, encode(Link, { ...sent, family: 'unspec', afSpec: { inet6: { addrGenMode: 'none' } } }, little), little).afSpec).toEqual({ inet6: { addrGenMode: 'none' } });
  });
  test('vxlan asks for the inner TTL with an attribute that has no payload', () => {
    const sent = { linkinfo: { kind: 'vxlan' as const, data: { id: 42, ttlInherit: [], port: 4789, gbp: true as const } } };
    expect(hex(encode(Link, sent, little))).toBe(header + attribute(nested | 18, attribute(1, text('vxlan')), attribute(nested | 2, attribute(1, '2a000000'), attribute(28), attribute(15, '12b5'), attribute(23))));
  });
  test('arguments that do not fit say where', () => {
    const path = (body: () => unknown): unknown => { try { return body(); } catch (error) { return error instanceof EncodeError ? error.path.join('.') : error; } };
    expect(path(() => encode(Link, { linkinfo: { kind: 'macvlan', data: { mode: 'brigde' as 'bridge' } } }))).toBe('linkinfo.data.mode');
    expect(path(() => encode(Link, { linkinfo: { kind: 'veth', data: { peer: { mtu: -1 } } } }))).toBe('linkinfo.data.peer.mtu');
    expect(path(() => encode(Link, { address: '02:00' , mtu: 2 ** 32 }))).toBe('mtu');
  });
});

test('the lists of kinds are alphabetical', () => {
  for (const list of [kinds, slaveKinds]) expect(Object.keys(list)).toEqual(Object.keys(list).sort());
});
