/** Filters of sockets: programs that the kernel's headers have the numbers of, and that do what their expressions say. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, encode, kernelName, type AnyCodec } from '../src/codec/index.ts';
import { compile, type SocketFilter } from '../src/diag/index.ts';
import { bytecodes, InetDiagBcOp, InetDiagHostcond, InetDiagMarkcond, MptcpInfo, mptcpDiag, SctpInfo, sctpDiag, sockDiag } from '../src/families/diag/index.ts';
import { fixedSize } from '../src/codec/index.ts';

const uapi = JSON.parse(readFileSync(new URL('../fixtures/uapi.json', import.meta.url), 'utf8')) as { constants: Record<string, Record<string, number>>; structs: Record<string, { size: number; members: Record<string, [number, number]> }> };

test('the instructions are those of the headers', () => {
  const names = Object.fromEntries(Object.entries(bytecodes).map(([key, number]) => [kernelName('INET_DIAG_BC_', key), number]));
  expect(names).toEqual(Object.fromEntries(Object.entries(uapi.constants['linux/inet_diag.h']!).filter(([name]) => name.startsWith('INET_DIAG_BC_'))));
  for (const [name, schema] of [['inet_diag_bc_op', InetDiagBcOp], ['inet_diag_hostcond', InetDiagHostcond], ['inet_diag_markcond', InetDiagMarkcond]] as const) expect(fixedSize(schema as AnyCodec), name).toBe(uapi.structs[name]!.size);
});

/** A socket, and what the kernel does with a program (inet_diag_bc_run): as net/ipv4/inet_diag.c has it, for a few of the instructions. */
interface Socket { readonly sport: number; readonly dport: number; readonly mark: number; readonly device: number }
function accepts(program: Uint8Array, socket: Socket): boolean {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let at = 0;
  while (at < program.length) {
    const code = view.getUint8(at), yes = view.getUint8(at + 1), no = view.getUint16(at + 2, true), next = (): number => view.getUint16(at + 6, true);
    const cond = (port: number): boolean => [-1, port].includes(view.getInt32(at + 8, true));
    const holds = code === bytecodes.nop ? true : code === bytecodes.jmp ? false : code === bytecodes.sGe ? socket.sport >= next() : code === bytecodes.sLe ? socket.sport <= next() : code === bytecodes.dGe ? socket.dport >= next() : code === bytecodes.dLe ? socket.dport <= next()
      : code === bytecodes.sCond ? cond(socket.sport) : code === bytecodes.dCond ? cond(socket.dport) : code === bytecodes.devCond ? view.getUint32(at + 4, true) === socket.device
        : code === bytecodes.markCond ? ((socket.mark & view.getUint32(at + 8, true)) >>> 0) === view.getUint32(at + 4, true) : undefined;
    if (holds === undefined) throw new Error(`instruction ${code}`);
    const step = holds ? yes : no;
    // What the kernel looks for before it runs one (inet_diag_bc_audit): forward, in fours, to an instruction or an end.
    if (step < 4 || step % 4 !== 0) throw new Error(`a step of ${step}`);
    at += step;
  }
  return at === program.length;
}
function holds(filter: SocketFilter, socket: Socket): boolean {
  if ('and' in filter) return filter.and.every((one) => holds(one, socket));
  if ('or' in filter) return filter.or.some((one) => holds(one, socket));
  if ('not' in filter) return !holds(filter.not, socket);
  const among = (ports: number | { min?: number; max?: number }, port: number): boolean => (typeof ports === 'number' ? port === ports : port >= (ports.min ?? 0) && port <= (ports.max ?? 65535));
  if ('sport' in filter) return among(filter.sport, socket.sport);
  if ('dport' in filter) return among(filter.dport, socket.dport);
  if ('device' in filter) return socket.device === filter.device;
  if ('mark' in filter) return ((socket.mark & (filter.mask ?? 0xffffffff)) >>> 0) === filter.mark;
  throw new Error('unexpected');
}

describe('programs', () => {
  const port = fc.integer({ min: 0, max: 7 });
  const leaf = fc.oneof(
    port.map((sport) => ({ sport })), port.map((dport) => ({ dport })), port.map((min) => ({ sport: { min } })), fc.tuple(port, port).map(([min, max]) => ({ dport: { min, max } })), port.map((max) => ({ sport: { max } })),
    port.map((device) => ({ device })), fc.tuple(port, port).map(([mark, mask]) => ({ mark: mark & mask, mask })),
  );
  const { filter } = fc.letrec<{ filter: SocketFilter }>((tie) => ({
    filter: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })), fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })), tie('filter').map((not) => ({ not }))),
  }));
  const socket = fc.record({ sport: port, dport: port, mark: port, device: port });
  test('choose what their expressions say', () => {
    fc.assert(fc.property(filter, fc.array(socket, { minLength: 1, maxLength: 8 }), (expression, sockets) => {
      const program = compile(expression);
      for (const one of sockets) expect(accepts(program, one)).toBe(holds(expression, one));
    }), { numRuns: 2000 });
  });

  test('addresses', () => {
    expect([...compile({ src: '10.1.0.0/16' })]).toEqual([7, 16, 20, 0, 2, 16, 0, 0, 255, 255, 255, 255, 10, 1, 0, 0]);
    expect([...compile({ dst: { address: '2001:db8::1', port: 443 } })]).toEqual([8, 28, 32, 0, 10, 128, 0, 0, 0xbb, 1, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...compile({ cgroup: 0x1234n })]).toEqual([13, 12, 16, 0, 0x34, 0x12, 0, 0, 0, 0, 0, 0]);
  });

  test('what is no filter', () => {
    for (const wrong of [{ src: 'nowhere' }, { dst: '10.0.0.1/33' }, { and: [] }, { sport: {} }, {}, { or: [{ not: {} }] }]) expect(() => compile(wrong as SocketFilter)).toThrow(TypeError);
    expect(() => compile({ or: Array.from({ length: 5000 }, (_, sport) => ({ not: { or: [{ sport }, { dport: sport }] } })) })).not.toThrow();
    expect(() => compile({ and: Array.from({ length: 5000 }, (_, sport) => ({ not: { sport } })) })).toThrow(RangeError);
  });
});

test('what is said of a connection depends on who is asked', () => {
  const bytes = encode(MptcpInfo as AnyCodec, { subflows: 1, token: 0xabcd, flags: ['remoteKeyReceived'], bytesSent: 7n }), reply = { family: 'inet', info: { subflows: 1, token: 0xabcd } };
  expect(decode(MptcpInfo as AnyCodec, bytes.subarray(0, 48))).toMatchObject({ subflows: 1, token: 0xabcd, flags: ['remoteKeyReceived'] });
  expect(decode(mptcpDiag.messages.get.schema as AnyCodec, encode(mptcpDiag.messages.get.schema as AnyCodec, reply))).toMatchObject(reply);
  const association = { family: 'inet6', info: { tag: 5, state: 'established' } };
  expect(decode(sctpDiag.messages.get.schema as AnyCodec, encode(sctpDiag.messages.get.schema as AnyCodec, association))).toMatchObject(association);
  expect(sockDiag.number).toBe(mptcpDiag.number);
  expect(fixedSize(SctpInfo as AnyCodec)).toBe(uapi.structs['sctp_info']!.size);
});
