/** Which sockets, as the kernel finds out itself: an expression, and the program of INET_DIAG_REQ_BYTECODE that it is made into (net/ipv4/inet_diag.c). */
import { encode, parseIpv4, parseIpv6, u32, u64, type AnyCodec } from '../codec/index.ts';
import { InetDiagBcOp, InetDiagHostcond, InetDiagMarkcond, type bytecodes } from '../families/diag/index.ts';
import { familyOf, parsePrefix } from '../route/prefix.ts';

/** A port, or those from `min` to `max`. */
export type Ports = number | { readonly min?: number; readonly max?: number };
/** An end of a socket: 'ADDRESS' or 'ADDRESS/LENGTH', and a port. An address of IPv4 is that of IPv6 that it is mapped to, too. */
export interface Host { readonly address?: string; readonly port?: number }

/** What is so of a socket. */
export type SocketFilter =
  /** This end, or the other one. */
  | { readonly src: string | Host } | { readonly dst: string | Host }
  | { readonly sport: Ports } | { readonly dport: Ports }
  /** The interface that it is bound to, by index (kernel 4.5). */
  | { readonly device: number }
  /** Its mark, of the bits of the mask. Takes CAP_NET_ADMIN (kernel 4.9). */
  | { readonly mark: number; readonly mask?: number }
  /** The control group (version 2) that it was made in, by id: the inode of its folder (kernel 5.9). */
  | { readonly cgroup: bigint }
  /** Its port was chosen by the kernel. */
  | { readonly autobound: true }
  | { readonly and: readonly SocketFilter[] } | { readonly or: readonly SocketFilter[] } | { readonly not: SocketFilter };

type Code = keyof typeof bytecodes;
/** An instruction and what follows it: how far it is where it does not hold. */
interface Instruction { readonly code: Code; readonly rest: Uint8Array; no: number }

/** struct inet_diag_bc_op. */
const OP = 4;
const sizeOf = ({ rest }: Instruction): number => OP + rest.length;
const lengthOf = (program: readonly Instruction[]): number => program.reduce((sum, one) => sum + sizeOf(one), 0);

/** One instruction: where it does not hold, the program ends behind its end, which is a no. */
const one = (code: Code, rest: Uint8Array = new Uint8Array()): Instruction[] => [{ code, rest, no: OP + rest.length + OP }];
const jump = (no: number): Instruction => ({ code: 'jmp', rest: new Uint8Array(), no });
const compare = (code: Code, port: number): Instruction[] => one(code, encode(InetDiagBcOp as AnyCodec, { code: 'nop', yes: 0, no: port }));
/** Lets every no of a program go further by so many bytes. */
function further(program: readonly Instruction[], by: number): void {
  let left = lengthOf(program);
  for (const instruction of program) {
    if (instruction.no === left + OP) instruction.no += by;
    left -= sizeOf(instruction);
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

function host(code: Code, end: string | Host): Instruction[] {
  const { address, port = -1 } = typeof end === 'string' ? { address: end } : end;
  if (address === undefined) return one(code, joined(encode(InetDiagHostcond as AnyCodec, { family: 'unspec', prefixLen: 0, port }), new Uint8Array(4)));
  const prefix = parsePrefix(address), family = familyOf(prefix.address), bytes = new Uint8Array(family === 'inet' ? 4 : 16);
  (family === 'inet' ? parseIpv4 : parseIpv6)(prefix.address, bytes, 0);
  return one(code, joined(encode(InetDiagHostcond as AnyCodec, { family, prefixLen: prefix.length, port }), bytes));
}

function ports(side: 's' | 'd', given: Ports): Instruction[] {
  if (typeof given === 'number') return host(`${side}Cond`, { port: given });
  const { min, max } = given, bounds = [...(min === undefined ? [] : [compare(`${side}Ge`, min)]), ...(max === undefined ? [] : [compare(`${side}Le`, max)])];
  if (bounds.length === 0) throw new TypeError('ports from nothing to nothing');
  return bounds.reduce(both);
}

function both(first: Instruction[], second: Instruction[]): Instruction[] {
  further(first, lengthOf(second));
  return [...first, ...second];
}
/** Behind the first one there is a jump over the second, where its no arrives by itself. */
const either = (first: Instruction[], second: Instruction[]): Instruction[] => [...first, jump(OP + lengthOf(second)), ...second];

function assemble(filter: SocketFilter): Instruction[] {
  if ('and' in filter || 'or' in filter) {
    const parts = ('and' in filter ? filter.and : filter.or).map(assemble);
    if (parts.length === 0) throw new TypeError('a filter of no conditions');
    return parts.reduce('and' in filter ? both : either);
  }
  if ('not' in filter) return [...assemble(filter.not), jump(2 * OP)];
  if ('src' in filter) return host('sCond', filter.src);
  if ('dst' in filter) return host('dCond', filter.dst);
  if ('sport' in filter) return ports('s', filter.sport);
  if ('dport' in filter) return ports('d', filter.dport);
  if ('device' in filter) return one('devCond', encode(u32 as AnyCodec, filter.device));
  if ('cgroup' in filter) return one('cgroupCond', encode(u64 as AnyCodec, filter.cgroup));
  if ('mark' in filter) return one('markCond', encode(InetDiagMarkcond as AnyCodec, { mark: filter.mark >>> 0, mask: (filter.mask ?? 0xffffffff) >>> 0 }));
  if ('autobound' in filter) return one('auto');
  throw new TypeError(`not a filter of sockets: ${JSON.stringify(filter)}`);
}

/**
 * The program of a filter, for `bytecode` of a request.
 * @throws {TypeError} for what is no address, and conditions of nothing @throws {RangeError} where it is too long for the kernel's jumps
 */
export function compile(filter: SocketFilter): Uint8Array {
  const program = assemble(filter);
  if (program.some(({ no }) => no > 0xffff)) throw new RangeError('the filter is too long: jumps of 65535 bytes are the longest');
  return joined(...program.flatMap(({ code, rest, no }) => [encode(InetDiagBcOp as AnyCodec, { code, yes: OP + rest.length, no }), rest]));
}
