import { describe, expect, test } from 'vitest';
import { type Link, route } from '../src/families/route/index.ts';
import { Client, NetlinkError, attributeAt, errnoName, errnoNumber, hintFor, inheritedDescriptors } from '../src/socket/index.ts';
import { refusal } from '../src/socket/netlink-error.ts';
import { FakeTransport, type Incoming, concat, control, flagsOf, frame, seqOf, typeOf } from './support/fake-transport.ts';

const { messages } = route;
const getLink = { message: messages.getlink, body: { ifname: 'lo' } };
const dumpLinks = { message: messages.getlink, body: {} };
const link = (seq: number, ifname: string, flags = 0) => frame({ type: 16, seq, flags }, messages.newlink.schema, { family: 'unspec', type: 1, index: 1, flags: [], change: [], ifname });
const ack = (seq: number) => control(2, { seq, flags: 0x100 }, { error: 0 });
const done = (seq: number, flags = 2) => control(3, { seq, flags }, { error: 0 });
const overrun = () => new NetlinkError({ code: 'ERR_NETLINK_OVERRUN', message: 'full', errno: -105 });
const names = (objects: Iterable<object>) => [...objects].map((object) => (object as Link).ifname);
const client = (answer: (message: Uint8Array, transport: FakeTransport) => Iterable<Incoming> | void, timeout = 1000) => {
  const opened: FakeTransport[] = [];
  const open = () => {
    const transport = new FakeTransport(answer);
    opened.push(transport);
    return transport;
  };
  return { opened, client: new Client(open(), { protocol: route, open, timeout }) };
};
const failure = async (body: () => unknown): Promise<NetlinkError> => {
  try {
    await body();
  } catch (error) {
    return error as NetlinkError;
  }
  throw new Error('it did not fail');
};

describe('requests', () => {
  test('ask for an acknowledgement and give what came before it', async () => {
    const { client: one, opened } = client((m) => [{ bytes: link(seqOf(m), 'lo') }, { bytes: ack(seqOf(m)) }]);
    expect(names(one.requestSync(getLink).map((reply) => reply.body))).toEqual(['lo']);
    expect(names((await one.request(getLink)).map((reply) => reply.body))).toEqual(['lo']);
    expect(typeOf(opened[0]!.sent[0]!)).toBe(18);
    expect(flagsOf(opened[0]!.sent[0]!)).toBe(1 | 4);
    expect(seqOf(opened[0]!.sent[1]!)).toBe((seqOf(opened[0]!.sent[0]!) + 1) >>> 0);
  });

  test('take answers only from the kernel and only to what was asked', () => {
    const { client: one } = client((m) => [
      { bytes: control(2, { seq: seqOf(m) }, { error: -1 }), port: 99 },
      { bytes: control(2, { seq: seqOf(m) + 7 }, { error: -1 }) },
      { bytes: concat(link(seqOf(m) + 9, 'other'), link(seqOf(m), 'mine'), ack(seqOf(m))) },
    ]);
    expect(names(one.requestSync(getLink).map((reply) => reply.body))).toEqual(['mine']);
  });

  test('that are granted with a remark of the kernel tell it to who listens', async () => {
    const heard: string[] = [], answer = (m: Uint8Array) => [{ bytes: control(2, { seq: seqOf(m), flags: 0x300 }, { error: 0, extack: { msg: 'quantum is big' } }) }];
    const one = new Client(new FakeTransport(answer), { protocol: route, onWarning: (text, request) => heard.push(`${request.message.name}: ${text}`) });
    expect(one.requestSync(getLink)).toEqual([]);
    expect(await one.request(getLink)).toEqual([]);
    expect(heard).toEqual(['RTM_GETLINK: quantum is big', 'RTM_GETLINK: quantum is big']);
  });

  test('find their answers out of order, and later', async () => {
    const seqs: number[] = [];
    const { client: one, opened } = client((m) => { seqs.push(seqOf(m)); });
    const asked = [1, 2, 3].map(() => one.request(getLink));
    await Promise.resolve();
    opened[0]!.deliver({ bytes: concat(link(seqs[2]!, 'c'), ack(seqs[2]!)) }, { bytes: link(seqs[0]!, 'a') }, { bytes: link(seqs[1]!, 'b') }, { bytes: concat(ack(seqs[1]!), ack(seqs[0]!)) });
    expect((await Promise.all(asked)).map((replies) => names(replies.map((reply) => reply.body)))).toEqual([['a'], ['b'], ['c']]);
  });

  test('fail when the kernel is silent, drops or truncates', async () => {
    const silent = client(() => {}, 20).client;
    expect((await failure(() => silent.requestSync(getLink))).code).toBe('ERR_NETLINK_TIMEOUT');
    expect((await failure(() => silent.request(getLink))).code).toBe('ERR_NETLINK_TIMEOUT');
    const dropping = client(() => [overrun()]).client;
    expect((await failure(() => dropping.requestSync(getLink))).code).toBe('ERR_NETLINK_OVERRUN');
    expect((await failure(() => dropping.request(getLink))).code).toBe('ERR_NETLINK_OVERRUN');
    const truncating = client((m) => { const whole = link(seqOf(m), 'lo'); return [{ bytes: whole.subarray(0, 20), length: whole.length, truncated: true }]; }).client;
    expect((await failure(() => truncating.requestSync(getLink))).code).toBe('ERR_NETLINK_TRUNCATED');
  });

  test('are rejected by their signal, and the next ones go on', async () => {
    let mute = true;
    const { client: one } = client((m) => (mute ? undefined : [{ bytes: concat(link(seqOf(m), 'lo'), ack(seqOf(m))) }]));
    const abort = new AbortController();
    const asked = one.request(getLink, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 5);
    expect((await failure(() => asked)).message).toBe('enough');
    mute = false;
    expect(await one.request(getLink)).toHaveLength(1);
  });

  test('in flight are rejected by close()', async () => {
    const { client: one } = client(() => {});
    const asked = [one.request(getLink), one.request({ message: messages.dellink, body: { index: 3 } })];
    setTimeout(() => one.close(), 5);
    for (const one of await Promise.allSettled(asked)) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'ERR_NETLINK_CLOSED' } });
  });

  test('keep their order when one is sent on another thread', async () => {
    const { client: one, opened } = client((m) => [{ bytes: ack(seqOf(m)) }]);
    await Promise.all([one.request({ message: messages.newlink, body: { ifname: 'a' } }), one.request({ message: messages.newaddr, body: { family: 'inet', index: 1 } }), one.request(getLink)]);
    expect(opened[0]!.sent.map(typeOf)).toEqual([16, 20, 18]);
  });
});

describe('refusals', () => {
  const peer = { ifname: 'v0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'much-too-long-a-name' } } } };
  const refuse = (error: number, extack: object) => client((m) => [{ bytes: control(2, { seq: seqOf(m), flags: 0x300 }, { error, request: { len: m.length, type: typeOf(m), flags: 5, seq: seqOf(m), pid: 0 }, extack }) }]).client;
  const request = { message: messages.newlink, flags: ['create'] as const, body: peer };

  test('name the attribute by its path, with value, policy and hint', async () => {
    const sent = client((m) => [{ bytes: ack(seqOf(m)) }]);
    sent.client.requestSync(request);
    const message = sent.opened[0]!.sent[0]!;
    const at = Buffer.from(message).indexOf('much-too') - 4;
    expect(attributeAt(messages.newlink.request, message, at)).toEqual({ path: 'linkinfo.data.peer.ifname', value: 'much-too-long-a-name' });
    const error = await failure(() => refuse(-34, { msg: 'too long', offs: at, policy: { type: 'nulString', maxLength: 15 } }).requestSync(request));
    expect(error).toBeInstanceOf(NetlinkError);
    expect(error).toMatchObject({
      name: 'NetlinkError', code: 'ERANGE', errno: -34, syscall: 'RTM_NEWLINK',
      extack: { message: 'too long', offset: at, path: 'linkinfo.data.peer.ifname', value: 'much-too-long-a-name', policy: { type: 'nulString', maxLength: 15 } },
    });
    expect(error.message).toBe('RTM_NEWLINK: ERANGE: Numerical result out of range: too long: at linkinfo.data.peer.ifname = "much-too-long-a-name": (an interface name holds at most 15 bytes)');
    expect(typeOf(error.request!)).toBe(16);
  });

  test('name what is missing', async () => {
    const error = await failure(() => refuse(-22, { missType: 3 }).requestSync({ message: messages.newlink, body: { index: 1 } }));
    expect(error.extack?.missing).toEqual({ type: 3, path: 'ifname' });
  });

  test('survive an extended acknowledgement that makes no sense', async () => {
    const nonsense = client((m) => [{ bytes: control(2, { seq: seqOf(m), flags: 0x300 }, { error: -22, $rest: Uint8Array.of(5, 0, 2, 0, 1, 0, 0, 0) } as never) }]).client;
    expect((await failure(() => nonsense.requestSync(request))).code).toBe('EINVAL');
    expect((await failure(() => refuse(-22, { offs: 100_000, missType: 999, missNest: 5 }).requestSync(request))).code).toBe('EINVAL');
  });

  test('of requests that cannot be written stand in their place; the others are sent', async () => {
    const { client: one, opened } = client((m) => [{ bytes: ack(seqOf(m) + (m.length > 60 ? 1 : 0)) }]);
    const wrong = { message: messages.getlink, body: { ifname: 7 as never } };
    for (const results of [one.batchSync([getLink, wrong, getLink]), await one.batch([getLink, wrong, getLink])]) {
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ name: 'EncodeError', message: expect.stringContaining('ifname') as string });
    }
    expect(opened[0]!.sent).toHaveLength(2);
    expect(one.batchSync([wrong, wrong]).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('in a batch stand where they belong', async () => {
    const { client: one, opened } = client((m) => {
      const answers: Uint8Array[] = [];
      for (let at = 0; at < m.length;) {
        const message = m.subarray(at), seq = seqOf(message), i = new DataView(message.buffer, message.byteOffset).getInt32(20, true);
        if (i % 100 === 7) answers.push(control(2, { seq, flags: 0x100 }, { error: -17 }));
        else if (flagsOf(message) & 4) answers.push(ack(seq));
        at += new DataView(m.buffer, at).getUint32(0, true);
      }
      return answers.map((bytes) => ({ bytes }));
    });
    const requests = Array.from({ length: 500 }, (_, i) => ({ message: messages.setlink, body: { index: i } }));
    for (const results of [one.batchSync(requests), await one.batch(requests)]) {
      expect(results.flatMap((result, i) => (result.status === 'rejected' ? [i] : []))).toEqual([7, 107, 207, 307, 407]);
      expect(results).toHaveLength(500);
    }
    expect(opened[0]!.sent.length).toBe(6);
  });
});

describe('dumps', () => {
  test('come in parts, to the end', async () => {
    const answer = (m: Uint8Array) => [{ bytes: concat(link(seqOf(m), 'a', 2), link(seqOf(m), 'b', 2)) }, { bytes: link(seqOf(m), 'c', 2) }, { bytes: done(seqOf(m)) }];
    const { client: one, opened } = client(answer);
    expect(names(one.dumpSync(dumpLinks))).toEqual(['a', 'b', 'c']);
    expect(flagsOf(opened[0]!.sent[0]!)).toBe(0x301);
    expect(names(one.dumpSync(dumpLinks, { filter: (l: Link) => l.ifname !== 'b', select: ['ifname'] }))).toEqual(['a', 'c']);
    const chunks: unknown[] = [];
    for await (const chunk of one.dumpChunks(dumpLinks)) chunks.push(names(chunk));
    expect(chunks).toEqual([['a', 'b'], ['c']]);
    for await (const object of one.dump(dumpLinks)) { expect(names([object])).toEqual(['a']); break; }
    expect(opened).toHaveLength(2);
  });

  test('of several parts go on to their end, whatever a part says of itself; a lone answer is all', async () => {
    // As associations of SCTP are told (net/sctp/diag.c): without NLM_F_MULTI.
    const { client: one } = client((m) => [{ bytes: concat(link(seqOf(m), 'a', 2), link(seqOf(m), 'b', 0)) }, { bytes: link(seqOf(m), 'c', 0) }, { bytes: link(seqOf(m), 'd', 2) }, { bytes: done(seqOf(m)) }]);
    for (let times = 0; times < 2; times++) expect(names(one.dumpSync(dumpLinks))).toEqual(['a', 'b', 'c', 'd']);
    const seen: object[] = [];
    for await (const object of one.dump(dumpLinks)) seen.push(object);
    expect(names(seen)).toEqual(['a', 'b', 'c', 'd']);
    const { client: alone } = client((m) => [{ bytes: link(seqOf(m), 'a', 0) }]);
    expect(names(alone.dumpSync(dumpLinks))).toEqual(['a']);
  });

  test('of one socket work too', async () => {
    const single = new Client(new FakeTransport((m) => [{ bytes: link(seqOf(m), 'a', 2) }, { bytes: done(seqOf(m)) }]), { protocol: route });
    const seen: object[] = [];
    for await (const object of single.dump(dumpLinks)) seen.push(object);
    expect(names(seen)).toEqual(['a']);
    expect(() => single.monitor(['link'])).toThrow(/monitor/);
  });

  test('that were interrupted are begun anew, then fail with what they have', async () => {
    let left = 2;
    const { client: one } = client((m) => [{ bytes: link(seqOf(m), `try${left}`, 2 | (left > 0 ? 0x10 : 0)) }, { bytes: done(seqOf(m), 2 | (left-- > 0 ? 0x10 : 0)) }]);
    expect(names(one.dumpSync(dumpLinks))).toEqual(['try0']);
    left = 1;
    const seen: object[] = [];
    for await (const object of one.dump(dumpLinks)) seen.push(object);
    expect(names(seen)).toEqual(['try0']);
    left = Infinity;
    for (const run of [() => one.dumpSync(dumpLinks), async () => { for await (const _ of one.dump(dumpLinks)); }]) {
      const error = await failure(run);
      expect(error).toMatchObject({ code: 'ERR_NETLINK_DUMP_INTERRUPTED', syscall: 'RTM_GETLINK' });
      expect(names(error.partial as object[])).toEqual(['tryInfinity']);
    }
  });

  test('that are too long to hold are handed over, and then fail when they were interrupted', async () => {
    const { client: one } = client((m) => [...Array.from({ length: 40 }, (_, i) => ({ bytes: link(seqOf(m), `l${i}`, i === 30 ? 0x12 : 2) })), { bytes: done(seqOf(m)) }]);
    const seen: object[] = [];
    const error = await failure(async () => { for await (const object of one.dump(dumpLinks)) seen.push(object); });
    expect(error).toMatchObject({ code: 'ERR_NETLINK_DUMP_INTERRUPTED' });
    expect(error.partial).toBeUndefined();
    expect(seen).toHaveLength(40);
  });

  test('fail when DONE says so, when refused, truncated or late', async () => {
    const broken = client((m) => [{ bytes: control(3, { seq: seqOf(m), flags: 2 }, { error: -5 }) }]).client;
    expect(await failure(() => broken.dumpSync(dumpLinks))).toMatchObject({ code: 'EIO', syscall: 'RTM_GETLINK' });
    const refused = client((m) => [{ bytes: control(2, { seq: seqOf(m) }, { error: -22 }) }]).client;
    expect(await failure(async () => { for await (const _ of refused.dump(dumpLinks)); })).toMatchObject({ code: 'EINVAL' });
    let cut = 1;
    const truncating = client((m) => { const whole = concat(link(seqOf(m), 'a', 2), done(seqOf(m))); return [cut-- > 0 ? { bytes: whole.subarray(0, 30), length: whole.length, truncated: true } : { bytes: whole }]; }).client;
    expect(names(truncating.dumpSync(dumpLinks))).toEqual(['a']);
    cut = Infinity;
    expect((await failure(() => truncating.dumpSync(dumpLinks))).code).toBe('ERR_NETLINK_TRUNCATED');
    const late = client((m, transport) => { setTimeout(() => transport.deliver({ bytes: link(seqOf(m), 'late', 2) }, { bytes: done(seqOf(m)) }), 5); }).client;
    const seen: object[] = [];
    for await (const object of late.dump(dumpLinks)) seen.push(object);
    expect(names(seen)).toEqual(['late']);
    expect((await failure(async () => { for await (const _ of client(() => {}, 20).client.dump(dumpLinks)); })).code).toBe('ERR_NETLINK_TIMEOUT');
  });
});

describe('monitors', () => {
  test('give events, report overruns, and go on', async () => {
    const { client: one, opened } = client(() => {});
    const monitor = one.monitor(['link', 5]);
    opened[1]!.deliver({ bytes: concat(link(0, 'a'), link(0, 'b')) }, overrun(), { bytes: link(0, 'c'), nsid: 3 }, { bytes: link(0, 'forged'), port: 12 });
    const seen: unknown[] = [];
    for await (const event of monitor) {
      seen.push(event.overrun ? 'overrun' : [(event.body as Link).ifname, event.nsid]);
      if (seen.length === 4) break;
    }
    expect(seen).toEqual([['a', undefined], ['b', undefined], 'overrun', ['c', 3]]);
    expect(opened[1]!.closed).toBe(true);
    expect(() => one.monitor(['lnik'])).toThrow(/no multicast group/);
  });

  test('stop reading while nobody takes the events', async () => {
    const { client: one, opened } = client(() => {});
    const monitor = one.monitor(['link']);
    opened[1]!.deliver(...Array.from({ length: 10_000 }, () => ({ bytes: link(0, 'x') })));
    await new Promise((next) => setTimeout(next, 5));
    let count = 0;
    while (count < 10_000) count += (await monitor.nextBatch()).length;
    expect(count).toBe(10_000);
  });

  test('collect the events of a storm instead of waking for each, and lose none', async () => {
    const { client: one, opened } = client(() => {}), transport = () => opened[opened.length - 1]!;
    const storm = async (until: () => boolean): Promise<number> => {
      let sent = 0;
      for (; !until(); sent++) {
        transport().deliver({ bytes: link(0, 'x') });
        await Promise.resolve();
      }
      return sent;
    };
    const monitor = one.monitor(['link']), sent = await storm(() => transport().pauses > 0);
    expect(sent).toBeGreaterThan(16);
    // In the socket, until it wakes again.
    transport().deliver(...Array.from({ length: 5 }, () => ({ bytes: link(0, 'late') })));
    let count = 0;
    while (count < sent + 5) count += (await monitor.nextBatch()).length;
    expect(count).toBe(sent + 5);
    await monitor.return();
    // What came before it was closed is still given.
    const closed = one.monitor(['link']), more = await storm(() => transport().pauses > 0);
    transport().deliver({ bytes: link(0, 'last') });
    closed.close();
    const seen = names((await closed.nextBatch()).map((event) => event.body!));
    expect([seen.length, seen.at(-1)]).toEqual([more + 1, 'last']);
  });

  test('keep what does not fit its schema as bytes', async () => {
    const { client: one, opened } = client(() => {});
    const monitor = one.monitor(['link']);
    // IFLA_MTU takes four bytes.
    const misfit = Uint8Array.of(...new Uint8Array(16), 6, 0, 4, 0, 1, 2, 0, 0);
    opened[1]!.deliver({ bytes: frame({ type: 16 }, undefined, misfit) }, { bytes: frame({ type: 4000 }, undefined, Uint8Array.of(9)) });
    const [short, unknown] = [(await monitor.next()).value, (await monitor.next()).value];
    expect(short).toMatchObject({ body: misfit, error: { name: 'DecodeError' } });
    expect(unknown).toMatchObject({ message: undefined, body: Uint8Array.of(9) });
    await monitor[Symbol.asyncDispose]();
    expect(await monitor.next()).toEqual({ done: true, value: undefined });
  });
});

test('what is no request is said to be none', async () => {
  const transport = new FakeTransport(), one = new Client(transport, { protocol: route }), { getlink } = route.messages;
  for (const [given, why] of [[{ body: {} }, /^the message of a request is one that its protocol declares, .* not undefined$/], [{ message: 'getlink', body: {} }, /not "getlink"$/], [{ message: getlink }, /^a request of RTM_GETLINK has a body, \{\}/]] as const) {
    const request = given as never;
    expect(() => one.requestSync(request)).toThrow(why);
    await expect(one.request(request)).rejects.toThrow(why);
    expect(one.batchSync([request])).toMatchObject([{ status: 'rejected', reason: { message: expect.stringMatching(why) as string } }]);
    expect(() => one.dumpSync(request)).toThrow(why);
  }
  expect(transport.sent).toEqual([]);
});

test('error numbers and hints', () => {
  expect([errnoName(17), errnoNumber('EEXIST'), errnoName(95), errnoName(4095)]).toEqual(['EEXIST', 17, 'EOPNOTSUPP', 'E4095']);
  expect(hintFor(16, 'RTM_NEWLINK', undefined, 'macvlan')).toContain('bridge port');
  expect(hintFor(16, 'RTM_NEWLINK', undefined, 'veth')).not.toContain('bridge port');
  expect(hintFor(2, 'RTM_NEWLINK')).toBeUndefined();
  const denied = (type: string, admin?: 'machine' | 'namespace') => refusal(1, type, new Uint8Array(16), undefined, { admin });
  expect(denied('RTM_NEWLINK')).toMatchObject({ capability: 'CAP_NET_ADMIN', message: 'RTM_NEWLINK: EPERM: Operation not permitted: needs CAP_NET_ADMIN in the user namespace that owns the network namespace' });
  expect(denied('RTM_NEWLINK', 'machine')).toMatchObject({ message: 'RTM_NEWLINK: EPERM: Operation not permitted: this process has CAP_NET_ADMIN: something else forbids it' });
  expect(denied('RTM_NEWLINK', 'machine').capability).toBeUndefined();
  expect(denied('RTM_NEWLINK', 'namespace').message).toMatch(/for its network namespace: something else forbids it, or the kernel wants it in the first user namespace/);
  expect(denied('NFULNL_MSG_CONFIG').message).toMatch(/: needs CAP_NET_ADMIN .*: \(or another socket has that group/);
  expect(denied('NFULNL_MSG_CONFIG', 'machine')).toMatchObject({ hint: expect.stringMatching(/^another socket/) as string, message: expect.stringMatching(/not permitted: \(another socket/) as string });
});

test('descriptors of socket activation', () => {
  expect(inheritedDescriptors({ LISTEN_FDS: '2', LISTEN_PID: '7', LISTEN_FDNAMES: 'a:b' }, 7)).toEqual([{ fd: 3, name: 'a' }, { fd: 4, name: 'b' }]);
  expect(inheritedDescriptors({ LISTEN_FDS: '2', LISTEN_PID: '8' }, 7)).toEqual([]);
  expect(inheritedDescriptors({}, 7)).toEqual([]);
});
