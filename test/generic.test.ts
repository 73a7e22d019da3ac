/** Generic netlink: a family with a number is a protocol like any other; captures tell the numbers. */
import { describe, expect, test } from 'vitest';
import { attrs, bodySchema, commandOf, decodeMessage, encode, frames, genericFamily, genericProtocol, messageName, messageOf, string, u32, Writer, writeFrame, type Frame } from '../src/codec/index.ts';
import { families, generic, nlctrl, NLCTRL_ID } from '../src/families/generic/index.ts';
import { dump, fromJson, genericOf, readHexLine, toHex, toJson, tree } from '../src/inspect/index.ts';
import { capturedMessages } from './support/fixtures.ts';

const Attributes = attrs('TOY_A_', { name: [1, string], size: [2, u32] }), Question = attrs('TOY_A_', { id: [1, u32] });
const toy = genericFamily('toy', 3, { prefix: 'TOY_CMD_', commands: { get: [1, Attributes, undefined, Question], new: [2, Attributes], say: [7, Attributes, 'TOY_SAY'] }, groups: { news: 'toy_news', old: 'toy_old' } });
const { messages, byNumber, groups } = toy.at(0x123, { toy_news: 9 });

/** A datagram with one message. */
function datagram(message: typeof messages.get | typeof messages.say | typeof messages.new, body: object, flags = 1): Uint8Array {
  const w = new Writer(true);
  writeFrame(w, { type: message.number, flags, seq: 1, pid: 0 }, message.request, body);
  return w.finish();
}
const first = (bytes: Uint8Array): Frame => [...frames(bytes, { littleEndian: true })][0] as Frame;

describe('a family at a number', () => {
  test('commands are messages of one number; groups have the numbers that the kernel gave', () => {
    expect([messages.get.name, messages.new.name, messages.say.name]).toEqual(['TOY_CMD_GET', 'TOY_CMD_NEW', 'TOY_SAY']);
    expect(Object.values(messages).map((m) => m.number)).toEqual([0x123, 0x123, 0x123]);
    expect([messages.get.verb, messages.new.verb]).toEqual(['get', 'new']);
    expect(groups).toEqual({ news: [9, 'toy_news'] });
    expect([...byNumber.keys()]).toEqual([0x123]);
  });
  test('who asks leaves the header out; command and version are those of the family', () => {
    expect(toHex(encode(messages.get.request, { id: 5 } as never, { littleEndian: true }))).toBe('01030000' + '0800010005000000');
    expect(toHex(encode(messages.say.request, { version: 1, size: 5 } as never, { littleEndian: true }))).toBe('07010000' + '0800020005000000');
  });
  test('a message decodes by its command, and by its direction', () => {
    const p = toy.at(0x123);
    const asked = datagram(messages.get, { id: 5 });
    expect(decodeMessage(p, asked, first(asked), { littleEndian: true })).toMatchObject({ name: 'TOY_CMD_GET', body: { cmd: 'get', version: 3, id: 5 } });
    const said = datagram(messages.say, { name: 'x' }, 0), frame = first(said);
    expect(decodeMessage(p, said, frame, { littleEndian: true }).body).toEqual({ cmd: 'say', version: 3, name: 'x' });
    expect([messageName(p, 0x123), messageOf(p, frame, commandOf(said, frame))?.name, messageName(p, 0x124)]).toEqual(['toy', 'TOY_SAY', '292']);
  });
  test('a command that is not declared, a family that is not known: header and attributes', () => {
    const body = readHexLine('630100000800020005000000'), shown = { cmd: 99, version: 1, $unknown: [{ type: 2, data: Uint8Array.of(5, 0, 0, 0) }] };
    for (const p of [toy.at(0x123), generic]) {
      const w = new Writer(true);
      writeFrame(w, { type: 0x123, flags: 0, seq: 0, pid: 0 }, undefined, body);
      const bytes = w.finish();
      expect(decodeMessage(p, bytes, first(bytes), { littleEndian: true }).body).toEqual(shown);
      expect(encode(bodySchema(p, { type: 0x123, flags: 0, seq: 0, pid: 0 }), shown as never, { littleEndian: true })).toEqual(body);
    }
  });
});

describe('events that are numbered anew', () => {
  const Heard = attrs('TOY_E_', { what: [1, u32] });
  const loud = genericFamily('loud', 1, { prefix: 'TOY_CMD_', commands: { get: [3, Attributes] }, events: { prefix: 'TOY_EVENT_', commands: { heard: [3, Heard] } } }).at(0x124);
  const framed = (hex: string, seq: number, flags = 0, pid = 0): Uint8Array => {
    const w = new Writer(true);
    writeFrame(w, { type: 0x124, flags, seq, pid }, undefined, readHexLine(hex));
    return w.finish();
  };
  test('nobody asked: the kernel says it unasked', () => {
    const event = framed('03010000' + '0800010005000000', 0), reply = framed('03010000' + '0600010061000000', 7);
    expect(decodeMessage(loud, event, first(event), { littleEndian: true })).toMatchObject({ name: 'TOY_EVENT_HEARD', body: { cmd: 'heard', what: 5 } });
    expect(decodeMessage(loud, reply, first(reply), { littleEndian: true })).toMatchObject({ name: 'TOY_CMD_GET', body: { cmd: 'get', name: 'a' } });
    // iproute2 numbers its first question 0: the answer goes to its port.
    const first0 = framed('03010000' + '0600010061000000', 0, 2, 99);
    expect(decodeMessage(loud, first0, first(first0), { littleEndian: true })).toMatchObject({ name: 'TOY_CMD_GET', body: { name: 'a' } });
    for (const bytes of [event, reply, first0, framed('03010000' + '0600010061000000', 0, 1)]) {
      const json = toJson(bytes, { protocol: loud, littleEndian: true });
      expect(json[0]?.body).not.toHaveProperty('$hex');
      expect(toHex(fromJson(json, { protocol: loud, littleEndian: true }))).toBe(toHex(bytes));
    }
  });
});

describe('a family whose answers are numbered as its events are', () => {
  const two = genericFamily('two', 1, { prefix: 'TWO_', commands: { get: [1, Attributes, undefined, Question] }, events: { prefix: 'TWO_', commands: { getReply: [1, Attributes], ntf: [2, Attributes] }, answers: true } }).at(0x124);
  const made = (cmd: string, flags: number, seq: number, pid: number): Uint8Array => {
    const w = new Writer(true);
    writeFrame(w, { type: 0x124, flags, seq, pid }, undefined, readHexLine(`${cmd}010000` + '0800020005000000'));
    return w.finish();
  };
  test('what asks is told by its flag', () => {
    const said = (cmd: string, flags: number, seq: number, pid: number): object => { const bytes = made(cmd, flags, seq, pid); return decodeMessage(two, bytes, first(bytes), { littleEndian: true }); };
    expect(said('01', 1, 7, 0)).toMatchObject({ name: 'TWO_GET', body: { cmd: 'get' } });
    expect(said('01', 0, 7, 9)).toMatchObject({ name: 'TWO_GET_REPLY', body: { cmd: 'getReply', size: 5 } });
    expect(said('01', 2, 0, 9)).toMatchObject({ name: 'TWO_GET_REPLY', body: { cmd: 'getReply', size: 5 } });
    // Events have numbers of their own.
    expect(said('02', 0, 3, 0)).toMatchObject({ name: 'TWO_NTF', body: { cmd: 'ntf', size: 5 } });
    for (const bytes of [made('01', 1, 7, 0), made('01', 2, 0, 9), made('02', 0, 3, 0)]) {
      const json = toJson(bytes, { protocol: two, littleEndian: true });
      expect(json[0]?.body).not.toHaveProperty('$hex');
      expect(toHex(fromJson(json, { protocol: two, littleEndian: true }))).toBe(toHex(bytes));
    }
  });
});

describe('captures', () => {
  const known = (name: string): { name: string; bytes: Uint8Array }[] => capturedMessages().filter((m) => m.name.includes(`6.12/generic/control/${name}`));
  test('numbers are learned from what nlctrl says', () => {
    const list = known('genl-ctrl-list'), learned = genericOf(list);
    expect(genericOf([])).toBe(generic);
    // That kernel had no reason to load the modules of the others, and tells a namespace of those only that know it: CTRL_ATTR_FAMILY_NAME is number 2.
    const told = Buffer.concat(list.map(({ bytes }) => bytes)).toString('latin1');
    expect([...learned.byNumber.values()].map((m) => m.name).sort()).toEqual(families.map(({ name }) => name).filter((name) => told.includes(`\x02\0${name}\0`)).sort());
    expect(learned.byNumber.size).toBeGreaterThan(5);
    // Of another protocol, the same bytes say nothing.
    expect(genericOf(list.map(({ bytes }) => ({ bytes, protocol: 0 })))).toBe(generic);
  });
  test('JSON names family and command, and is enough to write the message again', () => {
    const [request] = known('genl-ctrl-get-name-nlctrl') as [{ name: string; bytes: Uint8Array }];
    const json = toJson(request.bytes, { protocol: 'generic', littleEndian: true });
    expect(json[0]).toMatchObject({ protocol: 'generic', family: 'nlctrl', name: 'CTRL_CMD_GETFAMILY', type: NLCTRL_ID, body: { cmd: 'getfamily', familyName: 'nlctrl' } });
    expect(toHex(fromJson(json))).toBe(toHex(request.bytes));
    const short = fromJson([{ protocol: 'generic', family: 'nlctrl', name: 'CTRL_CMD_GETFAMILY', flags: ['request'], body: { familyName: 'x' } }], { littleEndian: true });
    expect(decodeMessage(generic, short, first(short), { littleEndian: true })).toMatchObject({ name: 'CTRL_CMD_GETFAMILY', body: { cmd: 'getfamily', version: 2, familyName: 'x' } });
  });
  test('dump and tree say the command', () => {
    const [request] = known('genl-ctrl-get-name-nosuch') as [{ name: string; bytes: Uint8Array }];
    expect(tree(request.bytes, { protocol: generic, littleEndian: true })).toMatch(/^CTRL_CMD_GETFAMILY seq [\s\S]*cmd: getfamily[\s\S]*familyName: nosuch/);
    expect(dump(request.bytes, { protocol: generic, littleEndian: true })).toMatch(/CTRL_CMD_GETFAMILY[\s\S]*CTRL_ATTR_FAMILY_NAME = "nosuch"/);
  });
  test('of one\'s own families, too', () => {
    const p = genericProtocol([[nlctrl, NLCTRL_ID], [toy, 0x123]]), bytes = datagram(messages.get, { id: 5 });
    const json = toJson(bytes, { protocol: p, littleEndian: true });
    expect(json[0]).toMatchObject({ family: 'toy', name: 'TOY_CMD_GET', body: { id: 5 } });
    expect(toHex(fromJson(json, { protocol: p, littleEndian: true }))).toBe(toHex(bytes));
  });
});
