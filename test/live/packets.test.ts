/** Packets on a real kernel: rules hand them over, ping sends them, verdicts act; the kernel's own tables of queues and groups say the same. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { netfilter, type Expression } from '../../src/families/netfilter/index.ts';
import { open, type Netfilter, type PacketQueue, type PacketVerdict, type OnePacketChanges, type QueueEvent } from '../../src/netfilter/index.ts';
import { openClient } from '../../src/netfilter/netfilter.ts';
import { rule, table } from '../support/nft-ruleset.ts';
import { descriptors, has, isolate, sh, until, PATIENCE } from './support.ts';

function lacks(): string | undefined {
  if (!has('ping')) return 'no ping to send packets with';
  spawnSync('modprobe', ['-a', 'nfnetlink_queue', 'nfnetlink_log', 'nft_queue', 'nft_log', 'nf_conntrack_netlink']);
  return existsSync('/proc/net/netfilter/nfnetlink_queue') && existsSync('/proc/net/netfilter/nfnetlink_log') ? undefined : 'this kernel has no queues or no logs of packets';
}
const why = isolate() ?? lacks();
if (why) console.warn(`skipped: ${why}`);
/** Connections come with queued packets where CONFIG_NETFILTER_NETLINK_GLUE_CT says so. */
function lacksConnections(): string | undefined {
  if (!has('conntrack')) return 'no conntrack to look with';
  using client = openClient({});
  try {
    client.requestSync({ message: netfilter.messages.queueConfig, body: { family: 'unspec', resId: 99, cmd: { command: 'bind', pf: 'unspec' }, mask: ['conntrack'], flags: ['conntrack'] } });
    return undefined;
  } catch (error) { return `this kernel tells no connections with packets: ${(error as Error).message}`; }
}
const whyNoConnections = why ?? lacksConnections();
if (whyNoConnections && !why) console.warn(`skipped: connections: ${whyNoConnections}`);

const QUEUE = 7, GROUP = 9, PING = 8, HOP = 8;
const host = (n: number): Uint8Array => new Uint8Array(Uint32Array.of(n).buffer);
const one = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
/** Echo requests of ICMP, as they leave. */
const requests: Expression[] = [
  { name: 'meta', data: { key: 'l4proto', dreg: 1 } }, { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value: one(1) } } },
  { name: 'payload', data: { dreg: 1, base: 'transportHeader', offset: 0, len: 1 } }, { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value: one(PING) } } },
];
const marked = (mark: number): Expression[] => [{ name: 'meta', data: { key: 'mark', dreg: 1 } }, { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value: host(mark) } } }];
const counter: Expression = { name: 'counter', data: { bytes: 0n, packets: 0n } };
/** `queue` of nft; where that is not built in, the target NFQUEUE of iptables. */
const queueing = async (nf: Netfilter): Promise<Expression> => {
  const queue: Expression = { name: 'queue', data: { num: QUEUE, total: 1, flags: [] } };
  try {
    await nf.transaction([table('ipv4', 'try'), { message: netfilter.messages.newchain, flags: ['create'], body: { family: 'ipv4', table: 'try', name: 'c' } }, rule('ipv4', 'try', 'c', [queue])]);
    await nf.transaction([{ message: netfilter.messages.deltable, body: { family: 'ipv4', name: 'try' } }]);
    return queue;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return { name: 'target', data: { name: 'NFQUEUE', rev: 0, info: one(QUEUE, 0, 0, 0, 0, 0, 0, 0) } };
  }
};
const chain = (name: string, hook: object): Parameters<Netfilter['transaction']>[0][number] => ({ message: netfilter.messages.newchain, flags: ['create'], body: { family: 'ipv4', table: 't', name, type: 'filter', hook } });

/** ping's own count, while the event loop goes on. */
const ping = (count: number, ...more: string[]): Promise<string> => new Promise((resolve) => {
  let text = '';
  const child = spawn('timeout', [String(PATIENCE / 1000), 'ping', '-n', '-c', String(count), '-i', '0.2', '-W', '1', ...more, '127.0.0.1']);
  child.stdout.on('data', (data) => { text += String(data); });
  child.on('close', () => resolve(/(\d+) (packets )?received/.exec(text)?.[1] ?? text));
});
const linesOf = (file: string): number[][] => readFileSync(`/proc/self/net/netfilter/${file}`, 'utf8').split('\n').filter(Boolean).map((line) => line.trim().split(/\s+/).map(Number));
/** What the kernel says of a queue: its number, its owner's port, how many wait, the copy mode and range, how many found no place in it, and none in the socket. */
const state = (file: string, number: number): number[] | undefined => linesOf(file).find(([first]) => first === number);
/** Gives each packet its verdict until there were so many. */
async function decide(queue: PacketQueue, count: number, verdict: (event: QueueEvent & { overrun?: undefined }) => void): Promise<QueueEvent[]> {
  const seen: QueueEvent[] = [];
  for await (const event of queue) {
    if (!event.overrun) verdict(event);
    if (seen.push(event) === count) break;
  }
  return seen;
}

describe.skipIf(why)('packets', () => {
  const before = why ? 0 : descriptors();
  let nf: Netfilter;
  beforeAll(async () => {
    sh('ip link set lo up');
    nf = await open();
    await nf.transaction([
      table('ipv4', 't'), chain('out', { hooknum: 'localOut', priority: 0 }), chain('later', { hooknum: 'localOut', priority: 10 }),
      rule('ipv4', 't', 'out', [...marked(0), ...requests, await queueing(nf)]),
      rule('ipv4', 't', 'later', [...marked(5), counter]),
      rule('ipv4', 't', 'later', [...requests, { name: 'log', data: { group: GROUP, prefix: 'seen ' } }]),
    ]);
  });
  afterAll(async () => { nf?.close(); await until('every descriptor is given back', () => descriptors() === before); });
  const counted = async (): Promise<bigint | undefined> => (await nf.ruleset()).rules.flatMap(({ expressions }) => expressions?.elem ?? []).flatMap((e) => (e.name === 'counter' ? [e.data?.packets] : []))[0];

  test('what is accepted arrives, with all that is told of it', async () => {
    const queue = nf.queue(QUEUE, { flags: ['uidGid'] }), deciding = decide(queue, 2, ({ id }) => queue.verdict(id, 'accept'));
    const [, port, waiting, mode, range] = state('nfnetlink_queue', QUEUE)!;
    expect({ waiting, mode, range }).toEqual({ waiting: 0, mode: 2, range: 65531 });
    expect(port).toBeGreaterThan(0);
    expect(await ping(2)).toBe('2');
    const [first, second] = await deciding;
    expect([first, second]).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(first!.packet).toMatchObject({ family: 'ipv4', resId: QUEUE, packetHdr: { packetId: 1, hwProtocol: 0x800, hook: 'localOut' }, ifindexOutdev: 1, uid: 0, gid: 0 });
    const payload = first!.packet!.payload!;
    expect([payload[0]! >> 4, payload[9], payload[20], payload.length]).toEqual([4, 1, PING, 84]);
    expect(state('nfnetlink_queue', QUEUE)).toBeUndefined();
  });
  test('what is dropped does not; only so much is told as was asked for', async () => {
    const queue = nf.queue(QUEUE, { copyRange: 20 }), deciding = decide(queue, 2, ({ id }) => queue.verdict(id, 'drop'));
    expect(state('nfnetlink_queue', QUEUE)!.slice(3, 5)).toEqual([2, 20]);
    expect(await ping(2)).toBe('0');
    for (const { packet } of await deciding) expect(packet).toMatchObject({ capLen: 84, payload: { length: 20 } });
    const bare = nf.queue(QUEUE, { copyRange: 0 }), dropping = decide(bare, 1, ({ id }) => bare.verdict(id, 'drop'));
    expect(state('nfnetlink_queue', QUEUE)![3]).toBe(1);
    expect(await ping(1)).toBe('0');
    expect((await dropping)[0]!.packet!.payload).toBeUndefined();
  });
  test('another mark, another payload: what comes after it sees that', async () => {
    const queue = nf.queue(QUEUE), ttl = 33, change = (bytes: Uint8Array): Uint8Array => {
      const changed = bytes.slice();
      // The header's checksum goes with the byte that changes.
      changed[HOP] = ttl;
      changed.set([0, 0], 10);
      let sum = 0;
      for (let at = 0; at < 20; at += 2) sum += changed[at]! << 8 | changed[at + 1]!;
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
      changed.set([(~sum >> 8) & 255, ~sum & 255], 10);
      return changed;
    };
    const log = nf.log(GROUP, { threshold: 1 }), logged = (async () => { for await (const { packet } of log) return packet; return undefined; })();
    const deciding = decide(queue, 1, ({ id, packet }) => queue.verdict(id, 'accept', { mark: 5, payload: change(packet.payload!) }));
    expect(await ping(1)).toBe('1');
    await deciding;
    expect(await logged).toMatchObject({ mark: 5, prefix: 'seen ' });
    expect((await logged)!.payload![HOP]).toBe(ttl);
    expect(await counted()).toBe(1n);
  });
  test('repeat: the chains begin anew; a mark keeps it from coming again', async () => {
    const queue = nf.queue(QUEUE), given: PacketVerdict[] = [];
    const deciding = decide(queue, 3, ({ id }) => { const verdict = given.length < 2 ? 'repeat' : 'accept'; given.push(verdict); queue.verdict(id, verdict); });
    expect(await ping(1)).toBe('1');
    await deciding;
    expect(given).toEqual(['repeat', 'repeat', 'accept']);
  });
  test('to another queue; all up to one at once', async () => {
    const queue = nf.queue(QUEUE), other = nf.queue(QUEUE + 1), ids: number[] = [];
    const first = decide(queue, 3, ({ id }) => queue.verdict(id, { queue: QUEUE + 1 }));
    const deciding = decide(other, 3, ({ id }) => { if (ids.push(id) === 3) other.verdictUpTo(id, 'accept'); });
    expect(await ping(3, '-W', '5')).toBe('3');
    await Promise.all([first, deciding]);
    expect(ids).toEqual([1, 2, 3]);
    expect(() => queue.verdict(1, { queue: 70000 })).toThrow(RangeError);
  });
  test('what finds no place is dropped, or with failOpen accepted; what waits when the queue goes is dropped', async () => {
    for (const [flags, arrive] of [[[], '0'], [['failOpen'], '2']] as const) {
      const queue = nf.queue(QUEUE, { maxLength: 1, flags });
      expect(await ping(3)).toBe(arrive);
      const [, , waiting, , , dropped] = state('nfnetlink_queue', QUEUE)!;
      expect([waiting, dropped]).toEqual([1, flags.length ? 0 : 2]);
      queue.close();
    }
  });
  test('refusals tell what is wrong, at once', () => {
    const queue = nf.queue(QUEUE);
    expect(() => nf.queue(QUEUE)).toThrow(/EPERM.*another socket has that queue/);
    expect(() => queue.verdict(77, 'accept')).toThrow(/NFQNL_MSG_VERDICT: ENOENT.*no such packet waits/);
    expect(() => nf.queue(70_000)).toThrow(/resId/);
    queue.close();
    expect(() => queue.verdict(1, 'accept')).toThrow(/ERR_NETLINK_CLOSED|closed/);
    expect(state('nfnetlink_queue', QUEUE)).toBeUndefined();
  });
  test('a buffer that is full: an overrun, and the stream goes on', async () => {
    const queue = nf.queue(QUEUE, { receiveBuffer: 2304 });
    // Nobody reads while ping sends.
    sh('ping -n -c 30 -i 0.01 -W 1 -s 1000 127.0.0.1 > /dev/null; true');
    const dropped = state('nfnetlink_queue', QUEUE)![6]!;
    expect(dropped).toBeGreaterThan(0);
    const kinds: string[] = [], later: Promise<string>[] = [];
    for await (const event of queue) {
      kinds.push(event.overrun ? 'overrun' : 'packet');
      if (event.overrun) later.push(ping(1, '-s', '10'));
      else queue.verdict(event.id, 'drop');
      if (kinds.includes('overrun') && kinds.at(-1) === 'packet' && kinds.length > 30 - dropped) break;
    }
    expect(kinds).toContain('overrun');
    await Promise.all(later);
  });
  const changes: [string, OnePacketChanges, RegExp][] = [['connmark', { connmark: 6 }, /mark=6/], ['more of it', { connection: { timeout: 4000, status: ['fixedTimeout'], mark: 7 } }, /icmp +1 (39|40)\d\d .*mark=7/]];
  test.skipIf(whyNoConnections).each(changes)('its connection: %s', async (_what, change, line) => {
    await nf.transaction([rule('ipv4', 't', 'later', [{ name: 'ct', data: { key: 'state', dreg: 1 } }])]);
    const queue = nf.queue(QUEUE, { flags: ['conntrack'] }), deciding = decide(queue, 1, ({ id }) => queue.verdict(id, 'accept', change));
    expect(await ping(1)).toBe('1');
    const [event] = await deciding;
    expect(event!.packet).toMatchObject({ ctInfo: 'new', ct: { tupleOrig: { ip: { v4Dst: '127.0.0.1' }, proto: { num: 'icmp', icmpType: PING } } } });
    expect(sh('conntrack -L -p icmp 2>/dev/null')).toMatch(line);
  });
  test('logs: numbers, how many at once, how much of them', async () => {
    const queue = nf.queue(QUEUE), deciding = decide(queue, 5, ({ id }) => queue.verdict(id, 'accept'));
    const log = nf.log(GROUP, { copyRange: 24, threshold: 2, timeout: 20, flags: ['seq', 'seqGlobal'] });
    const [, port, , mode, range, timeout] = state('nfnetlink_log', GROUP)!;
    expect([mode, range, timeout]).toEqual([2, 24, 2]);
    expect(port).toBeGreaterThan(0);
    const packets: object[] = [], reading = (async () => { for await (const { packet } of log) if (packets.push(packet!) === 5) break; })();
    expect(await ping(5)).toBe('5');
    await Promise.all([deciding, reading]);
    expect(packets).toMatchObject([0, 1, 2, 3, 4].map((seq) => ({ seq, prefix: 'seen ', resId: GROUP, payload: { length: 24 }, packetHdr: { hook: 'localOut', hwProtocol: 0x800 }, ifindexOutdev: 1, uid: 0, gid: 0 })));
    expect(() => { using _one = nf.log(GROUP); nf.log(GROUP); }).toThrow(/EPERM.*another socket has that group/);
    expect(state('nfnetlink_log', GROUP)).toBeUndefined();
  });
  test('the signal ends it', async () => {
    const controller = new AbortController(), queue = nf.queue(QUEUE, { signal: controller.signal }), deciding = decide(queue, 1, () => {});
    controller.abort();
    expect(await deciding).toEqual([]);
    expect(queue.closed).toBe(true);
  });
});
