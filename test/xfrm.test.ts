/** IPsec without a kernel: what kernels told goes back in as it was told; what is wrong is said, and not sent; events by their kind. */
import { describe, expect, test } from 'vitest';
import { decode, decodeMessage, encode, frames, VERB_FLAGS, type AnyCodec } from '../src/codec/index.ts';
import { Aevent, UserMapping, UserMigrateState, Userpolicy, UserReport, Usersa, xfrm } from '../src/families/xfrm/index.ts';
import { Client } from '../src/socket/index.ts';
import {
  policyBody, readEvent, readPolicy, readSelector, readState, selectorBody, stateBody, XfrmInputError, type TrafficSelector, type XfrmPolicyInput, type XfrmStateInput,
} from '../src/xfrm/index.ts';
import { setAevent } from '../src/xfrm/aevent.ts';
import { migrate, migrateState } from '../src/xfrm/migrate.ts';
import { policyMatches, policyRefBody } from '../src/xfrm/policy.ts';
import { allocateBody, stateQuery, stateRefBody } from '../src/xfrm/state.ts';
import { runSync, type Plan } from '../src/route/plan.ts';
import { captures } from './support/captures.ts';
import { control, FakeTransport, seqOf } from './support/fake-transport.ts';

const little = { littleEndian: true } as const, XFRM = 6;
interface Message { readonly name: string; readonly key: string; readonly body: object }
const messages: readonly Message[] = captures.flatMap(({ name, messages: all }) => all.filter(({ protocol }) => protocol === XFRM).flatMap(({ hex }) => {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  return [...frames(bytes, little)].filter(({ type, flags }) => type >= 16 && (flags & 1) === 0).map((frame) => ({ name, key: xfrm.byNumber.get(frame.type)?.key ?? '', body: decodeMessage(xfrm, bytes, frame, little).body as object }));
}));
/** As a request would have it: without what only the kernel says. */
const sent = (schema: AnyCodec, body: object): Record<string, unknown> => decode(schema, encode(schema, body as never)) as Record<string, unknown>;
const nothing = { bytes: 0n, packets: 0n, addTime: 0n, useTime: 0n };

describe('what kernels told goes back in as it was', () => {
  test('states', () => {
    // What waits for its keys has none to give.
    const told = messages.filter(({ key, body }) => ['newsa', 'updsa'].includes(key) && ['algAead', 'algCrypt', 'algAuth', 'algComp', 'coaddr'].some((one) => one in body));
    expect(told.length).toBeGreaterThan(60);
    for (const { name, body } of told) {
      const { algAuth, lastused: _lastused, ...rest } = body as Usersa;
      // The kernel tells the digest twice.
      const wanted = { ...rest, ...(algAuth && !rest.algAuthTrunc && { algAuth }), curlft: nothing, stats: { replayWindow: 0, replay: 0, integrityFailed: 0 } };
      expect({ name, ...sent(Usersa, stateBody(readState(body as Usersa))) }).toEqual({ name, ...wanted });
    }
  });
  test('policies', () => {
    const told = messages.filter(({ key }) => ['newpolicy', 'updpolicy'].includes(key));
    expect(told.length).toBeGreaterThan(60);
    for (const { name, body } of told) expect({ name, ...sent(Userpolicy, policyBody(readPolicy(body as Userpolicy))) }).toEqual({ name, ...body, curlft: nothing });
  });
  test.each<TrafficSelector>([
    { src: '10.1.0.0/16', dst: '10.2.0.0/16', proto: 'tcp', sport: 80, dport: 0 }, { src: '::/0', dst: '2001:db8::/32', proto: 'icmpv6', type: 0, code: 0 }, { src: '0.0.0.0/0', dst: '0.0.0.0/0', proto: 'gre', key: 0xffffffff }, { family: 'unspec', proto: 99, ifindex: 5, user: 1000 },
    { src: '10.1.0.0/16', dst: '0.0.0.0/0', proto: 'gre', sport: 5, sportMask: 0xff00 }, { src: '10.1.0.0/16', dst: '0.0.0.0/0', dport: 0x100, dportMask: 0xff00 },
  ])('a selector: %j', (given) => { expect(readSelector(sent(xfrm.messages.newpolicy.schema as AnyCodec, { sel: selectorBody(given, 'inet') })['sel'] as never)).toEqual(given); });
});

const ends = { src: '192.0.2.1', dst: '192.0.2.2' }, key = Uint8Array.of(1, 2, 3), aead = { name: 'a', key, icvBits: 128 }, enc = { name: 'e', key }, auth = { name: 'd', key };
describe('what is wrong is said before anything is sent', () => {
  test.each<[XfrmStateInput, RegExp]>([
    [{ ...ends }, /which protocol\?.*'esp'/], [{ ...ends, proto: 'esp', spi: 1 }, /which algorithm\?.*esp needs enc or aead/], [{ ...ends, proto: 'ah' }, /ah needs auth or authTrunc/], [{ ...ends, proto: 'comp' }, /comp needs comp/],
    [{ ...ends, proto: 'esp', aead, enc }, /exclude each other/], [{ ...ends, proto: 'esp', enc, auth, authTrunc: { ...auth, truncBits: 1 } }, /auth and authTrunc exclude each other/], [{ ...ends, proto: 'ah', enc }, /"enc" is not for ah.*it takes auth, authTrunc/], [{ ...ends, proto: 'dstopts', mode: 'routeoptimization', coaddr: '192.0.2.9', enc }, /"enc" is not for dstopts/],
    [{ src: '192.0.2.1', dst: '2001:db8::1', proto: 'esp', enc }, /192\.0\.2\.1 and 2001:db8::1 are of different families/], [{ proto: 'esp', enc }, /of which family\?/], [{ ...ends, dst: 'nonsense', proto: 'esp', enc }, /'nonsense' is not an IP address/],
    [{ ...ends, proto: 'esp', enc, flags: ['esn'] }, /esn needs a replay window.*replayWindow: 64/], [{ ...ends, proto: 'esp', enc, replayWindow: 4097 }, /0 to 4096 packets, not 4097/], [{ ...ends, proto: 'comp', comp: { name: 'deflate' }, spi: 0x10000 }, /16 bits/], [{ ...ends, proto: 'routing', spi: 1 }, /have no SPI/],
    [{ ...ends, proto: 'ah', auth, mode: 'beet' }, /ah has no such mode \(mode transport or tunnel\)/], [{ ...ends, proto: 'dstopts', coaddr: '192.0.2.9' }, /dstopts needs a mode.*routeoptimization or inTrigger/], [{ ...ends, proto: 'dstopts', mode: 'inTrigger' }, /needs a care-of address/], [{ ...ends, proto: 'esp', enc, coaddr: '192.0.2.9' }, /esp has no care-of address/],
    [{ ...ends, proto: 'esp', mode: 'iptfs', aead }, /iptfs needs a direction/], [{ ...ends, proto: 'esp', mode: 'tunnel', aead, iptfs: { packetSize: 1000 } }, /options of iptfs are for mode iptfs/], [{ ...ends, proto: 'esp', aead, sel: { proto: 'gre', sport: 5 } }, /ports of gre cannot be told.*with proto tcp, udp/],
  ])('a state: %j', (state, says) => { expect(() => stateBody(state)).toThrow(says); });
  test.each<[XfrmPolicyInput, RegExp]>([
    [{}, /which direction\?/], [{ dir: 'in', templates: [{} as never] }, /which protocol\?/], [{ dir: 'in', sel: { src: '10.0.0.0/8', dst: '::/0' } }, /different families/], [{ dir: 'in', sel: { src: '10.0.0.0/33' } }, /prefix length goes from 0 to 32/], [{ dir: 'in', sel: { proto: 'tcp', type: 5 } }, /types and codes of tcp cannot be told/],
    [{ dir: 'in', sel: { proto: 'tcp', key: 5 } }, /the key of tcp/], [{ dir: 'in', sel: { sport: 5, type: 3 } }, /types and codes of any protocol/], [{ dir: 'in', sel: { proto: 'tpc' as 'tcp' } }, /'tpc' is no protocol here/],
  ])('a policy: %j', (policy, says) => { expect(() => policyBody(policy)).toThrow(says); });
  // What nobody would read is refused: without its selector a policy is one for all packets, without its filter a listing is of all.
  test.each<[string, () => unknown, RegExp]>([
    ['a state', () => stateBody({ ...ends, proto: 'esp', enc, reqId: 7 } as XfrmStateInput), /'reqId' is not a key of a state, did you mean 'reqid'/],
    ['a policy', () => policyBody({ dir: 'in', selector: { src: '10.0.0.0/8' } } as XfrmPolicyInput), /'selector' is not a key of a policy/],
    ['a selector', () => policyBody({ dir: 'in', sel: { srcc: '10.0.0.0/8' } as TrafficSelector }), /'srcc' is not a key of a selector, did you mean 'src'/],
    ['a template', () => policyBody({ dir: 'in', templates: [{ proto: 'esp', level: 'use' } as never] }), /'level' is not a key of a template/],
    ['a mark', () => stateBody({ ...ends, proto: 'esp', enc, mark: { val: 5 } as never }), /'val' is not a key of a mark/],
    ['replay', () => stateBody({ ...ends, proto: 'esp', enc, replay: { oseqq: 5 } as never }), /'oseqq' is not a key of replay, did you mean 'oseq'/],
    ['iptfs', () => stateBody({ ...ends, proto: 'esp', aead, mode: 'iptfs', dir: 'in', iptfs: { pktSize: 5 } as never }), /'pktSize' is not a key of iptfs/],
    ['which states', () => stateQuery({ protocol: 'esp' } as never), /'protocol' is not a key of a filter of states/],
    ['which policies', () => policyMatches({ direction: 'in' } as never), /'direction' is not a key of a filter of policies/],
    ['nothing at all', () => stateBody(undefined as never), /a state is an object, not undefined/],
    ['a limit', () => stateBody({ ...ends, proto: 'esp', enc, limits: { hardPacketLimit: 1.5 } }), /limits\.hardPacketLimit: 1\.5 is not a whole number/],
  ])('what nobody would read: %s', (_what, call, says) => { expect(call).toThrow(says); });
  test('a key that is a text is not told', () => {
    expect(() => stateBody({ ...ends, proto: 'esp', enc: { name: 'cbc(aes)', key: 'hidden' as never } })).toThrow(/^the key of 'cbc\(aes\)' is bytes, a Uint8Array$/);
  });
  test('the rest', () => {
    expect(() => policyRefBody({ dir: 'in' })).toThrow(/which policy\?/);
    expect(() => allocateBody({ ...ends, proto: 'esp', min: 5 })).toThrow(/two bounds, or none/);
    expect(() => allocateBody({ ...ends, proto: 'esp', min: 5, max: 4 })).toThrow(/nothing from 5 to 4/);
    expect(() => stateRefBody(ends)).toThrow(XfrmInputError);
    expect(() => stateQuery({ dst: 'nonsense' })).toThrow(TypeError);
    const error = (() => { try { return stateBody({ ...ends, proto: 'esp' }); } catch (thrown) { return thrown; } })();
    expect(error).toMatchObject({ name: 'XfrmInputError', problem: 'algorithm', what: 'which algorithm?', hint: 'esp needs enc or aead' });
    expect(error).toBeInstanceOf(TypeError);
  });
});

/** What a plan sends. */
function sentBy(plan: Plan<unknown>): { name: string; flags: number; body: object } {
  const socket = new FakeTransport((bytes) => [{ bytes: control(2, { seq: seqOf(bytes) }, { error: 0 }) }]), client = new Client(socket, { protocol: xfrm });
  runSync(client, plan);
  const bytes = socket.sent[0]!, [one] = frames(bytes), { name, body } = decodeMessage(xfrm, bytes, one!);
  return { name, flags: one!.flags, body: body as object };
}
describe('what is sent', () => {
  test('attributes come in the order in which they are given', () => {
    expect(Object.keys(stateBody({ ...ends, proto: 'esp', auth, enc })).filter((one) => one.startsWith('alg'))).toEqual(['algAuth', 'algCrypt']);
    expect(Object.keys(stateBody({ ...ends, proto: 'esp', enc, auth })).filter((one) => one.startsWith('alg'))).toEqual(['algCrypt', 'algAuth']);
  });
  test('where a state is: numbers and what was used, to replace', () => {
    const { name, flags, body } = sentBy(setAevent({ ...ends, proto: 'esp', spi: 7, mark: { value: 0, mask: 255 }, replay: { seq: 0, oseq: 0 }, current: { ...nothing, packets: 5n } }));
    expect({ name, replaces: (flags & VERB_FLAGS.new.replace) !== 0, body }).toMatchObject({ name: 'XFRM_MSG_NEWAE', replaces: true, body: { saId: { daddr: ends.dst, spi: 7, family: 'inet', proto: 'esp' }, saddr: ends.src, mark: { v: 0, m: 255 }, replayVal: { seq: 0, oseq: 0, bitmap: 0 }, ltimeVal: { packets: 5n } } });
  });
  test('moves', () => {
    const to = { src: '2001:db8::1', dst: '2001:db8::2' }, kmaddress = { local: to.src, remote: to.dst };
    expect(sentBy(migrate({ dir: 'out', sel: { src: '10.0.0.0/8' }, moves: [{ from: ends, to, proto: 'esp' }], kmaddress })).body).toMatchObject({
      dir: 'out', policyType: { type: 'main' }, migrate: [[{ oldSaddr: ends.src, oldDaddr: ends.dst, newSaddr: to.src, newDaddr: to.dst, oldFamily: 'inet', newFamily: 'inet6', proto: 'esp', mode: 'tunnel', reqid: 0 }]], kmaddress: { ...kmaddress, family: 'inet6' },
    });
    expect(sentBy(migrateState({ ...ends, proto: 'esp', spi: 7, reqid: 9, sel: { src: '10.0.0.0/8' }, mark: { value: 5 } }, to)).body).toMatchObject({ id: { daddr: ends.dst, spi: 7 }, newSaddr: to.src, newDaddr: to.dst, newFamily: 'inet6', newReqid: 9, newSel: { saddr: '10.0.0.0', prefixlenS: 8, family: 'inet' }, oldMark: { v: 5, m: 0xffffffff } });
    expect(() => sentBy(migrate({ dir: 'out', sel: {}, moves: [{ from: ends, to: { src: '', dst: '' }, proto: 'esp' }] }))).toThrow(/both ends it goes to/);
  });
  test('which policies', () => {
    const policy = sent(Userpolicy, policyBody({ dir: 'out', sel: { src: '10.1.0.0/16', proto: 'icmp', type: 8 } })) as unknown as Userpolicy;
    const is = (filter: Parameters<typeof policyMatches>[0]): boolean => policyMatches(filter)(policy);
    expect([is({}), is({ dir: 'in' }), is({ sel: { src: '10.0.0.0/8' } }), is({ sel: { dst: '10.0.0.0/8' } }), is({ sel: { type: 8 } }), is({ sel: { proto: 'tcp' } }), is({ family: 'inet6' }), is({ type: 'main' }), is({ ifId: 0 }), is({ sockets: false }), policyMatches({ sockets: false })({ ...policy, dir: 4 })]).toEqual([true, false, true, false, true, false, false, true, true, true, false]);
  });
});

describe('events', () => {
  test('captured ones, by their kind', () => {
    const kinds = new Set(messages.flatMap(({ key, body }) => { const event = readEvent(key, body); return event ? [`${event.kind}${'change' in event ? ` ${event.change}` : ''}`] : []; }));
    for (const kind of ['acquire', 'expire', 'policyExpire', 'state add', 'state delete', 'state flush', 'policy add', 'policy update', 'policy delete', 'policy flush']) expect(kinds).toContain(kind);
  });
  const told = (codec: AnyCodec, name: string, body: object): unknown => readEvent(name, decode(codec, encode(codec, body as never)) as object);
  const id = { daddr: ends.dst, spi: 7, family: 'inet', proto: 'esp' };
  test('those that are rare', () => {
    expect(told(UserMapping, 'mapping', { id, reqid: 3, oldSaddr: '192.0.2.1', newSaddr: '192.0.2.9', oldSport: 4500, newSport: 1024 })).toEqual({ kind: 'mapping', dst: ends.dst, family: 'inet', proto: 'esp', spi: 7, reqid: 3, from: { src: '192.0.2.1', sport: 4500 }, to: { src: '192.0.2.9', sport: 1024 } });
    expect(told(UserReport, 'report', { proto: 'dstopts', sel: selectorBody({ src: '2001:db8::1', proto: 135, type: 5 }, 'inet6'), coaddr: '2001:db8::9' })).toEqual({ kind: 'report', proto: 'dstopts', sel: { src: '2001:db8::1/128', dst: '::/0', proto: 135, type: 5 }, coaddr: '2001:db8::9' });
    expect(told(UserMigrateState, 'migrateState', { id, newSaddr: '2001:db8::1', newDaddr: '2001:db8::2', newFamily: 'inet6', newReqid: 4, flags: ['clearOffload'], newSel: {}, oldMark: { v: 1, m: 3 } })).toEqual({ kind: 'migrateState', dst: ends.dst, family: 'inet', proto: 'esp', spi: 7, mark: { value: 1, mask: 3 }, to: { src: '2001:db8::1', dst: '2001:db8::2', reqid: 4, flags: ['clearOffload'] } });
    expect(told(Aevent, 'newae', { saId: id, saddr: ends.src, flags: ['cu'], reqid: 1, replayEsnVal: { bmpLen: 1, oseq: 1, seq: 2, oseqHi: 3, seqHi: 4, replayWindow: 32, bmp: [5] } })).toEqual({ kind: 'aevent', ...ends, family: 'inet', proto: 'esp', spi: 7, reqid: 1, flags: ['cu'], replayWindow: 32, replay: { seq: 2, oseq: 1, seqHi: 4, oseqHi: 3, bitmap: [5] } });
    expect(readEvent('nosuch', {})).toBeUndefined();
  });
});
