/** Packets without a kernel: what is sent for a queue or a group, what its answers become, what is refused. */
import { describe, expect, test } from 'vitest';
import { frames, decodeMessage, type AnyCodec } from '../src/codec/index.ts';
import { netfilter } from '../src/families/netfilter/index.ts';
import { PacketLog, PacketQueue, type QueueEvent } from '../src/netfilter/packets.ts';
import { Client, NetlinkError } from '../src/socket/index.ts';
import { concat, control, FakeTransport, frame, seqOf } from './support/fake-transport.ts';

const { messages } = netfilter;
const packet = (id: number, more: object = {}): Uint8Array => frame({ type: messages.queuePacket.number, flags: 0, seq: 0, pid: 0 }, messages.queuePacket.schema as AnyCodec, { family: 'ipv4', resId: 3, packetHdr: { packetId: id, hwProtocol: 0x800, hook: 'localIn' }, ...more });
const sent = (bytes: Uint8Array): { name: string; flags: number; body: object } => { const [one] = frames(bytes), { name, body } = decodeMessage(netfilter, bytes, one!); return { name, flags: one!.flags, body: body as object }; };

/** A queue on a socket that answers each request by `answer`. */
function opened(answer: (bytes: Uint8Array) => Uint8Array[] = () => [], options: object = {}): { queue: PacketQueue; socket: FakeTransport } {
  let socket!: FakeTransport;
  const open = (): FakeTransport => (socket = new FakeTransport((bytes) => answer(bytes).map((one) => ({ bytes: one }))));
  const client = new Client(new FakeTransport(), { protocol: netfilter, open });
  return { queue: new PacketQueue(client, 3, options), socket };
}
const refuse = (bytes: Uint8Array, errno: number): Uint8Array => control(2, { seq: seqOf(bytes) }, { error: -errno });

describe('a queue', () => {
  test('is configured in one message, which asks for no acknowledgement', () => {
    const { socket, queue } = opened(undefined, { copyRange: 64, maxLength: 9, flags: ['failOpen', 'gso'] });
    expect(socket.sent.map(sent)).toEqual([{ name: 'NFQNL_MSG_CONFIG', flags: 1, body: { family: 'unspec', version: 0, resId: 3, cmd: { command: 'bind', pf: 'unspec' }, params: { copyRange: 64, copyMode: 'packet' }, queueMaxlen: 9, mask: ['failOpen', 'gso'], flags: ['failOpen', 'gso'] } }]);
    queue.close();
    expect(socket.closed).toBe(true);
  });
  test('that is refused throws, and leaves no socket', () => {
    let last: FakeTransport | undefined;
    const client = new Client(new FakeTransport(), { protocol: netfilter, open: () => (last = new FakeTransport((bytes) => [{ bytes: refuse(bytes, 1) }])) });
    expect(() => new PacketQueue(client, 3)).toThrow(/NFQNL_MSG_CONFIG: EPERM.*another socket has that queue/);
    expect(last!.closed).toBe(true);
    expect(() => new PacketQueue(client, 65536)).toThrow(/resId/);
    expect(last!.closed).toBe(true);
  });
  test('verdicts name the packet; what came before the refusal of one is not lost', async () => {
    const { queue, socket } = opened((bytes) => (sent(bytes).name === 'NFQNL_MSG_VERDICT' && socket.sent.length === 3 ? [packet(2), refuse(bytes, 2)] : []));
    socket.deliver({ bytes: packet(1, { mark: 5, payload: Uint8Array.of(69, 0) }) });
    const events = queue[Symbol.asyncIterator](), first = (await events.next()).value as QueueEvent;
    expect(first).toMatchObject({ id: 1, packet: { mark: 5, payload: Uint8Array.of(69, 0) } });
    queue.verdict(1, 'accept', { mark: 7, payload: Uint8Array.of(1, 2, 3), connmark: 9, priority: 4 });
    expect(sent(socket.sent[1]!)).toEqual({ name: 'NFQNL_MSG_VERDICT', flags: 1, body: { family: 'unspec', version: 0, resId: 3, verdictHdr: { verdict: 'accept', id: 1 }, mark: 7, payload: Uint8Array.of(1, 2, 3), ct: { mark: 9 }, priority: 4 } });
    expect(() => queue.verdict(1, 'drop')).toThrow(/NFQNL_MSG_VERDICT: ENOENT.*no such packet waits/);
    expect((await events.next()).value).toMatchObject({ id: 2 });
    queue.verdictUpTo(2, { queue: 5 });
    expect(sent(socket.sent[3]!)).toMatchObject({ name: 'NFQNL_MSG_VERDICT_BATCH', body: { verdictHdr: { verdict: 5 << 16 | 3, id: 2 } } });
    await events.return();
    expect(queue.closed).toBe(true);
    expect(() => queue.verdict(2, 'accept')).toThrow(/ERR_NETLINK_CLOSED|closed/);
  });
  test('a loss, in between and during a verdict, is an event', async () => {
    const overrun = new NetlinkError({ code: 'ERR_NETLINK_OVERRUN', message: 'lost', errno: -105 });
    const { queue, socket } = opened();
    socket.deliver({ bytes: packet(1) }, overrun, { bytes: packet(2) });
    const kinds: string[] = [];
    for await (const event of queue) {
      kinds.push(event.overrun ? 'overrun' : String(event.id));
      if (kinds.length === 3) { socket.deliver(overrun, { bytes: packet(3) }); queue.verdict(2, 'accept'); }
      if (kinds.length === 5) break;
    }
    expect(kinds).toEqual(['1', 'overrun', '2', 'overrun', '3']);
  });
  test('what does not fit its schema ends the stream with the place', async () => {
    const { queue, socket } = opened(), bad = packet(1);
    // The first attribute's length.
    bad[20] = 200;
    socket.deliver({ bytes: bad });
    await expect(queue[Symbol.asyncIterator]().next()).rejects.toThrow(/at byte/);
  });
});

test('a group is configured in one message; several packets of one datagram', async () => {
  let socket!: FakeTransport;
  const client = new Client(new FakeTransport(), { protocol: netfilter, open: () => (socket = new FakeTransport()) });
  const log = new PacketLog(client, 9, { copyRange: 0, threshold: 5, timeout: 25, bufferSize: 4096, flags: ['seq'] });
  expect(sent(socket.sent[0]!).body).toEqual({ family: 'unspec', version: 0, resId: 9, cmd: { command: 'bind' }, mode: { copyRange: 0, copyMode: 'meta' }, nlbufsiz: 4096, timeout: 3, qthresh: 5, flags: ['seq'] });
  const one = (prefix: string): Uint8Array => frame({ type: messages.logPacket.number, flags: 2, seq: 0, pid: 0 }, messages.logPacket.schema as AnyCodec, { family: 'ipv4', resId: 9, prefix });
  socket.deliver({ bytes: concat(one('a'), one('bb'), control(3, { seq: 0 }, { error: 0 })) });
  const prefixes: unknown[] = [];
  for await (const { packet: logged } of log) if (prefixes.push(logged?.prefix) === 2) break;
  expect(prefixes).toEqual(['a', 'bb']);
});
