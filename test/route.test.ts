/**
 * What captured messages of rtnetlink and sock_diag mean. The bytes are nlmon's view of iproute2 6.15 on Linux 6.12.117,
 * headers included; whole captures are in fixtures/.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decode, decodeMessage, encode, frames, schemaOf, spans, type AnyCodec, type Protocol } from '../src/codec/index.ts';
import { protocolOf, protocols, route, sockDiag } from '../src/families/index.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (x) => Number.parseInt(x, 16));
const little = { littleEndian: true } as const;

/** The first message of a datagram, decoded. */
function meaning(protocol: Protocol, hex: string): { name: string; body: unknown } {
  const data = bytes(hex), [frame] = [...frames(data, little)];
  if (!frame) throw new Error('no message');
  const { name, body } = decodeMessage(protocol, data, frame, little);
  return { name, body };
}

describe('the protocols', () => {
  test('are found by number', () => {
    expect(protocolOf(0)).toBe(route);
    expect(protocolOf(4)).toBe(sockDiag);
    expect(protocolOf(22)).toBeUndefined();
    expect(protocols).toContain(route);
  });
  test('name every rtnetlink message and group', () => {
    expect(route.byNumber.get(104)?.name).toBe('RTM_NEWNEXTHOP');
    expect(route.messages.newlinkprop.schema).toBe(route.messages.newlink.schema);
    expect(route.groups.ipv6Acaddr).toEqual([39, 'RTNLGRP_IPV6_ACADDR']);
  });
});

describe('routes', () => {
  test('ip route add 10.3.0.0/16 encap ip id 100 dst 192.0.2.3 src 192.0.2.1 ttl 7 tos 4 key csum seq dev x0', () => {
    const { name, body } = meaning(route, '6c00000018000506411d0b6b0000000002100000fe03fd0100000000080001000a030000380016800c000100000000000000006408000200c000020308000300c00002010500040007ac39d905000500045a3cd906000600000dbd8506001500020039d9080004000c000000');
    expect(name).toBe('RTM_NEWROUTE');
    expect(body).toEqual({
      family: 'inet', dstLen: 16, srcLen: 0, tos: 0, table: 'main', protocol: 'boot', scope: 'link', type: 'unicast', flags: [],
      dst: '10.3.0.0', encapType: 'ip', oif: 12,
      encap: { id: 100n, dst: '192.0.2.3', src: '192.0.2.1', ttl: 7, tos: 4, flags: ['csum', 'key', 'seq'] },
    });
  });
  test('ip route add 10.9.0.0/16 nexthop encap mpls 16 via 192.0.2.2 weight 2 nexthop encap mpls 17/18 via 192.0.2.3', () => {
    const { body } = meaning(route, '7400000018000506441d0b6b0000000002100000fe03000100000000080001000a0900005000090024000001000000000c0016800800010000010100060015000100000008000500c00002022800000000000000100016800c0001000001100000012100060015000100000008000500c0000203');
    const label = (n: number, bos: number) => ({ label: n, trafficClass: 0, bos, ttl: 0 });
    expect(body).toMatchObject({
      dst: '10.9.0.0',
      multipath: [
        { hops: 1, ifindex: 0, flags: [], gateway: '192.0.2.2', encapType: 'mpls', encap: { dst: [label(16, 1)] } },
        { hops: 0, ifindex: 0, flags: [], gateway: '192.0.2.3', encapType: 'mpls', encap: { dst: [label(17, 0), label(18, 1)] } },
      ],
    });
  });
  test('ip -6 route add 2001:db8:4::/48 encap seg6 mode encap.red segs 2001:db8::a,2001:db8::b via 2001:db8::2', () => {
    const { body } = meaning(route, '8000000018000506421d0b6b000000000a300000fe030001000000001400010020010db8000400000000000000000000340016803000010003000000000404010100000020010db800000000000000000000000b20010db800000000000000000000000a06001500050000001400050020010db8000000000000000000000002');
    expect(body).toMatchObject({
      dst: '2001:db8:4::', gateway: '2001:db8::2', encapType: 'seg6',
      encap: { srh: { mode: 'encapRed', srh: { hdrlen: 4, type: 4, segmentsLeft: 1, firstSegment: 1, flags: [], segments: ['2001:db8::b', '2001:db8::a'] } } },
    });
  });
  test('ip -6 route add 2001:db8:7::/48 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev d0', () => {
    const { body } = meaning(route, '6800000018000506441d0b6b000000000a300000fe030001000000001400010020010db8000700000000000000000000280016800800040001000000080005000100000005000100010000000c00030000010003800000000600150009000000080004000b000000');
    expect(body).toMatchObject({
      encapType: 'ioam6',
      encap: { mode: 'inline', freqK: 1, freqN: 1, trace: { namespaceId: 1, lengths: { remlen: 3, overflow: 0, nodelen: 0 }, typeBe32: 0x8000_0000 } },
    });
  });
  test('ip -M route add 104 as 400 via link 02:00:00:00:00:09 dev d0 ttl-propagate disabled', () => {
    const { body } = meaning(route, '4800000018000506491d0b6b000000001c140000fe03000100000000080001000006810008001300001901000c001200110002000000000905001a0000000000080004000b000000');
    expect(body).toMatchObject({
      family: 'mpls', dstLen: 20, dst: [{ label: 104, bos: 1 }], newdst: [{ label: 400, bos: 1 }],
      via: { family: 'packet', addr: '02:00:00:00:00:09' }, ttlPropagate: 0, oif: 11,
    });
  });
  test('an attribute that the header family chooses is written by it, too', () => {
    const hex = '1c140000fe0300010000000008000100000681000800130000190100';
    expect(encode(route.messages.newroute.schema, decode(route.messages.newroute.schema, bytes(hex), little), little)).toEqual(bytes(hex));
  });
});

describe('neighbours, rules and the rest', () => {
  test('bridge fdb get 02:00:00:00:00:01 br br0', () => {
    expect(meaning(route, '4c0000001c0000008d1c0b6b070200000700000003000000400000000a0002000200000000010000080009000200000008000f000000000014000300000000002a0000002a00000000000000').body).toEqual({
      family: 'bridge', ifindex: 3, state: ['noarp'], flags: [], type: 'unspec', lladdr: '02:00:00:00:00:01', master: 2, flagsExt: [],
      cacheinfo: { confirmed: 0, used: 42, updated: 42, refcnt: 0 },
    });
  });
  test('ip rule add ipproto tcp sport 1000-2000 dport 443 prio 504 table 100', () => {
    expect(meaning(route, '3c00000020000506081d0b6b00000000020000006400000100000000050016000600000008001700e803d00708001800bb01bb0108000600f8010000').body).toEqual({
      family: 'inet', dstLen: 0, srcLen: 0, tos: 0, table: 100, action: 'toTbl', flags: [], ipProto: 'tcp',
      sportRange: { start: 1000, end: 2000 }, dportRange: { start: 443, end: 443 }, priority: 504,
    });
  });
  test('ip nexthop add id 20 group 1/2 type resilient buckets 32 idle_timer 60 unbalanced_timer 300', () => {
    expect(meaning(route, '5800000068000506131d0b6b000000000000000000000000080001001400000014000200010000000000000002000000000000001c000c800600010020000000080002007017000008000300307500000600030001000000').body).toMatchObject({
      id: 20, group: [{ id: 1, weight: 0, weightHigh: 0 }, { id: 2, weight: 0, weightHigh: 0 }], groupType: 'res',
      resGroup: { buckets: 32, idleTimer: 6000, unbalancedTimer: 30000 },
    });
  });
  test('ip nexthop bucket get id 20 index 5', () => {
    expect(meaning(route, '4000000074000000131d0b6b270600000000000000000000080001001400000020000d80060001000500000008000300030000000c0002003e00000000000000')).toMatchObject({
      name: 'RTM_NEWNEXTHOPBUCKET', body: { id: 20, resBucket: { index: 5, nhId: 3, idleTime: 62n } },
    });
  });
  test('ip netns set blue 7', () => {
    expect(meaning(route, '2400000058000500a61c0b6b000000000000000008000300050000000800010007000000').body).toEqual({ family: 'unspec', fd: 5, nsid: 7 });
  });
  test('ip ntable change name arp_cache thresh1 100 thresh2 600 thresh3 1200 gc_int 20000', () => {
    expect(meaning(route, '4800000043000501061d0b6b00000000000000000e0001006172705f63616368650000000800020064000000080003005802000008000400b00400000c000800204e000000000000').body).toEqual({
      family: 'unspec', name: 'arp_cache', thresh1: 100, thresh2: 600, thresh3: 1200, gcInterval: 20000n,
    });
  });
  test('ip netconf show dev d0', () => {
    expect(meaning(route, '4c00000050000000181d0b6b4706000002000000080001000b000000080002000000000008000300000000000800040000000000080008000000000008000500000000000800060000000000').body).toEqual({
      family: 'inet', ifindex: 11, forwarding: 0, rpFilter: 'off', mcForwarding: 0, bcForwarding: 0, proxyNeigh: 0, ignoreRoutesWithLinkdown: 0,
    });
  });
  test('bridge vlan set dev d0 vid 10 state blocking', () => {
    expect(meaning(route, '2c00000070000500851c0b6b000000000700000003000000140001800800010040000a000500030004000000').body).toEqual({
      family: 'bridge', ifindex: 3, entry: [{ info: { flags: ['onlyOpts'], vid: 10 }, state: 'blocking' }],
    });
  });
});

describe('one number, two messages', () => {
  test('bridge mdb add dev br0 port d0 grp 239.1.1.1 permanent: as it is sent, and as the kernel tells it', () => {
    const sent = '3800000054000506971c0b6b000000000700000002000000200001000300000001000000ef01010100000000000000000000000008000000';
    expect(meaning(route, sent)).toEqual({ name: 'RTM_NEWMDB', body: { family: 'bridge', ifindex: 2, entry: { ifindex: 3, state: 'permanent', flags: [], vid: 0, addr: '239.1.1.1', proto: 'ip' } } });
    const told = '580000005400000000000000000000000700000002000000400001003c000100380001000300000001000100ef01010100000000000000000000000008000000080001000000000005000500040000000500030000000000';
    expect(meaning(route, told).body).toEqual({
      family: 'bridge', ifindex: 2,
      mdb: { entry: [{ info: [{ ifindex: 3, state: 'permanent', flags: [], vid: 1, addr: '239.1.1.1', proto: 'ip', timer: 0, rtprot: 'static', groupMode: 'exclude' }] }] },
    });
    expect(encode(route.messages.newmdb.request, decode(route.messages.newmdb.request, bytes(sent).subarray(16), little), little)).toEqual(bytes(sent).subarray(16));
  });
  test('a union holds what its neighbour says, also when it is generated code that reads it', () => {
    const entry = { family: 'bridge' as const, ifindex: 2, entry: { ifindex: 3, state: 'permanent' as const, flags: [], vid: 0, addr: 'ff02::1', proto: 'ipv6' as const } };
    const schema = route.messages.newmdb.request, wire = encode(schema, entry, little);
    for (let i = 0; i < 60; i++) expect(decode(schema, wire, little)).toEqual(entry);
    expect(decode(schema, encode(schema, { ...entry, entry: { ...entry.entry, addr: '01:00:5e:00:00:99', proto: 'none' } }, little), little).entry).toMatchObject({ addr: '01:00:5e:00:00:99', proto: 'none' });
  });
  test('router advertisement options stand before the attributes', () => {
    // An RDNSS option (RFC 8106) from fe80::1, as ndisc_ra_useropt lays it out.
    const body = '0a001800020000008600000000000000' + '1903000000000e1020010db8000000000000000000000053' + '14000100fe800000000000000000000000000001';
    const value = decode(route.messages.newnduseropt.schema, bytes(body), little);
    expect(value).toMatchObject({ family: 'inet6', optsLen: 24, ifindex: 2, icmpType: 134, icmpCode: 0, srcaddr: 'fe80::1' });
    expect((value as { opts: Uint8Array }).opts.subarray(0, 2)).toEqual(Uint8Array.of(25, 3));
    expect(encode(route.messages.newnduseropt.schema, value, little)).toEqual(bytes(body));
  });
});

describe('sockets', () => {
  test('ss -K dst 127.0.0.1 dport = 8001', () => {
    expect(meaning(sockDiag, '48000000150005002a1d0b6b000000000206000000000000d0b41f417f0000010000000000000000000000007f000001000000000000000000000000000000000300000000000000')).toEqual({
      name: 'SOCK_DESTROY',
      body: { family: 'inet', protocol: 'tcp', ext: [], pad: 0, states: [], id: { sport: 53428, dport: 8001, src: '127.0.0.1', dst: '127.0.0.1', if: 0, cookie: [3, 0] } },
    });
  });
  test('ss -tinm', () => {
    const { body } = meaning(sockDiag, 'c00100001400020040e201008b06000002010000d0b41f417f0000010000000000000000000000007f00000100000000000000000000000000000000030000000000000000000000000000000000000000000000f60d0000050008000000000008000f00000000000c00150001000000000000000600160052000000140001000000000000000000000000000000000028000700000000000000020000000000001428000000000000000000000000000000000000000000fc0002000100000000077701802c030000000000e57f0000180200000000000000000000000000000000000000000000f804000000000000f8040000f8040000ffff0000d7ff000070150000b80a0000ffffff7f0a000000cbff00000300000000000000d7ff000000000000f1a71c0700000000ffffffffffffffff010000000000000000000000000000000200000001000000000000007015000000000000000000000000000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000000000000cbff0000000001000000000000000000000000000a0004006375626963000000');
    expect(body).toMatchObject({
      family: 'inet', state: 'established', id: { sport: 53428, dport: 8001, src: '127.0.0.1', dst: '127.0.0.1' }, inode: 3574, cong: 'cubic', cgroupId: 1n,
      meminfo: { rmem: 0, wmem: 0, fmem: 0, tmem: 0 }, sockopt: { first: { recverr: 0, isIcsk: 1, mcLoop: 1, mcAll: 1 }, second: { bindAddressNoPort: 0 } },
      info: { state: 'established', options: ['timestamps', 'sack', 'wscale'], wscale: { snd: 7, rcv: 7 }, limits: { deliveryRateAppLimited: 1 }, rtt: 5488, sndCwnd: 10, pmtu: 65535 },
    });
    // 248 bytes: the end of today's tcp_info is not there.
    expect((body as { info: object }).info).not.toHaveProperty('receivedCe');
  });
  test('ss -f netlink', () => {
    expect(meaning(sockDiag, '540000001400020040e201009406000010020007000000000000000000000000cd090000031000000000000028000000000000000040030000000000004003000000000000000000000000000000000000000000').body).toMatchObject({
      family: 'netlink', type: 'dgram', protocol: 0, state: 'close', ino: 2509, cookie: [4099, 0], meminfo: { rcvbuf: 212992, sndbuf: 212992 },
    });
  });
  test('a projection keeps to the keys that a family has', () => {
    const wire = bytes('0206000000000000d0b41f417f0000010000000000000000000000007f000001000000000000000000000000000000000300000000000000');
    expect(decode(sockDiag.messages.destroy.request, wire, { ...little, select: ['id'] })).toMatchObject({ id: { sport: 53428, src: '127.0.0.1' } });
    expect(() => decode(sockDiag.messages.destroy.request, wire, { ...little, select: ['nonsense'] })).toThrow(/nonsense/);
  });
  test('the spans of a reply cover it', () => {
    const wire = bytes('0206000000000000d0b41f417f0000010000000000000000000000007f000001000000000000000000000000000000000300000000000000');
    let at = 0;
    for (const span of spans(sockDiag.messages.destroy.request, wire, little).spans.filter((s) => s.leaf)) { expect(span.start).toBe(at); at = span.end; }
    expect(at).toBe(wire.length);
  });
});

/** Every attribute that no schema knows, by path. */
function unknowns(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$unknown' ? (inner as { type: number }[]).map((u) => `${path}: ${u.type}`) : unknowns(inner, `${path}.${key}`)));
}
interface Outcome { count: number; wrong: string[] }
/** One message body: nothing unknown in it, and its exact form gives its bytes. */
function check(out: Outcome, schema: AnyCodec, body: Uint8Array, where: string): void {
  out.count++;
  try {
    out.wrong.push(...unknowns(decode(schema, body, little), where));
    const again = encode(schema, decode(schema, body, { ...little, exact: true }), little);
    if (Buffer.compare(again, body)) out.wrong.push(`${where}: other bytes come back`);
  } catch (error) { out.wrong.push(`${where}: ${String(error)}`); }
}

describe('what real tools and kernels said', () => {
  const fixtures = new URL('../fixtures/', import.meta.url).pathname;
  const captures = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((file) => /^\d.*\.json$/.test(file));
  test.skipIf(captures.length === 0)(`captures in fixtures/ hold nothing unknown${captures.length ? '' : ' (skipped: there are none)'}`, () => {
    const out: Outcome = { count: 0, wrong: [] };
    for (const file of captures) {
      const { messages = [] } = JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as { messages?: { protocol: number; hex: string }[] };
      for (const { protocol, hex } of messages) {
        const p = protocolOf(protocol), data = bytes(hex);
        for (const { type, flags, start, end } of frames(data, little)) {
          const known = p?.byNumber.get(type);
          if (known) check(out, schemaOf(known, flags) as AnyCodec, data.subarray(start, end), `${file} ${known.name}`);
        }
      }
    }
    expect(out.wrong).toEqual([]);
    expect(out.count).toBeGreaterThan(500);
  });

  // Other libraries' published messages: NLKIT_VECTORS is a folder of {vectors: [{protocol, framing, messageType, hex}]} files.
  const vectors = process.env['NLKIT_VECTORS'] ?? '';
  /** Made up in their tests, and wrong: bytes that no kernel sends. */
  const synthetic = /^jsimonetti/;
  const files = existsSync(vectors) ? readdirSync(vectors).filter((file) => file.endsWith('.json') && !synthetic.test(file)) : [];
  test.skipIf(files.length === 0)(`published messages hold nothing unknown${files.length ? '' : ' (skipped: NLKIT_VECTORS names no folder)'}`, () => {
    const out: Outcome = { count: 0, wrong: [] };
    for (const file of files) {
      const all = (JSON.parse(readFileSync(join(vectors, file), 'utf8')) as { vectors: { name: string; protocol: string; framing: string; messageType: number | null; hex: string }[] }).vectors;
      for (const v of all) {
        const p = protocols.find(({ name }) => name === v.protocol), data = bytes(v.hex);
        if (!p) continue;
        if (v.framing === 'body' && v.messageType !== null) {
          const known = p.byNumber.get(v.messageType);
          if (known) check(out, known.schema, data, `${file} ${v.name} ${known.name}`);
        } else if (v.framing === 'nlmsg') {
          for (const { type, flags, start, end } of frames(data, little)) {
            const known = p.byNumber.get(type);
            if (known) check(out, flags & 1 ? known.request : known.schema, data.subarray(start, end), `${file} ${v.name} ${known.name}`);
          }
        }
      }
    }
    expect(out.wrong).toEqual([]);
    expect(out.count).toBeGreaterThan(500);
  });
});
