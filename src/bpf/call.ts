/** bpf(2): the system call, and the commands that programs and maps need. include/uapi/linux/bpf.h, kernel/bpf/syscall.c. */
import { libc } from '../socket/libc.ts';
import { netlinkError, systemError } from '../socket/netlink-error.ts';
import { cString, memory } from '../socket/signatures.ts';

/** System calls are numbered by machine. */
const systemCall: Readonly<Record<string, number>> = { x64: 321, arm64: 280, riscv64: 280, loong64: 280, arm: 386, ia32: 357 };

const commands = {
  mapCreate: 0, mapUpdate: 2, progLoad: 5, objPin: 6, objGet: 7, progAttach: 8, progById: 13, infoByFd: 15, btfLoad: 18, mapFreeze: 22, progBindMap: 35,
} as const;

/** BPF_PROG_TYPE_*. */
export const programTypes = { schedCls: 3, schedAct: 4, xdp: 6, cgroupSock: 9, lwtIn: 10, lwtOut: 11, lwtXmit: 12, lwtSeg6Local: 19 } as const;
export type ProgramType = keyof typeof programTypes;

/** A part of union bpf_attr. What its pointers lead to lives as long as it does. */
class Attributes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly held: Uint8Array[] = [];

  constructor(length: number) {
    this.bytes = memory(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Numbers of 32 bits, one after the other. */
  u32(at: number, ...values: readonly number[]): this {
    values.forEach((value, i) => this.#view.setUint32(at + 4 * i, value, true));
    return this;
  }

  pointer(at: number, to: Uint8Array): this {
    // The memory must have an ArrayBuffer of its own (see `memory`).
    const own = memory(to.length);
    own.set(to);
    return this.pointerInto(at, own);
  }

  /** The kernel writes there. */
  pointerInto(at: number, to: Uint8Array<ArrayBuffer>): this {
    this.held.push(to);
    this.#view.setBigUint64(at, libc().address(to), true);
    return this;
  }

  /** 15 characters at most, of those that the kernel allows. */
  name(at: number, name: string): this {
    this.bytes.set(new TextEncoder().encode(name.replace(/[^A-Za-z0-9_.]/g, '_').slice(0, 15)), at);
    return this;
  }
}

/** @returns what the command gives (a descriptor, or 0), or an error number below 0 */
function call(command: keyof typeof commands, attributes: Attributes): number {
  const number = systemCall[process.arch];
  if (number === undefined) throw netlinkError('ERR_NETLINK_NO_TRANSPORT', `the number of bpf(2) on ${process.arch} is not known`);
  const c = libc();
  const result = c.syscall(c.size(number), commands[command], c.pointer(attributes.bytes), attributes.bytes.length);
  const answer = result < 0 ? -c.errno() : result;
  // What nobody but the kernel points to may be collected: it must be in use until here.
  return attributes.held.length >= 0 ? answer : 0;
}

/** The same, where an error number is an error. */
function bpf(command: keyof typeof commands, attributes: Attributes, detail?: string): number {
  const result = call(command, attributes);
  if (result < 0) throw systemError(-result, 'bpf', detail, 'CAP_BPF');
  return result;
}

/** BPF_MAP_TYPE_*, its sizes in bytes, and what BTF says of its key and value. */
export interface MapAttributes {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly numaNode?: number;
  /** Of the device that it is offloaded to. */
  readonly ifindex?: number;
  readonly btf?: { readonly fd: number; readonly key: number; readonly value: number };
  /** Of a map of maps: the descriptor of one that is like those in it. */
  readonly inner?: number;
  readonly extra?: bigint;
}

/** @returns its descriptor. @throws {NetlinkError} */
export function createMap(map: MapAttributes): number {
  const attributes = new Attributes(72).u32(0, map.type, map.keySize, map.valueSize, map.maxEntries, map.flags, map.inner ?? 0, map.numaNode ?? 0);
  attributes.name(28, map.name).u32(44, map.ifindex ?? 0, map.btf?.fd ?? 0, map.btf?.key ?? 0, map.btf?.value ?? 0);
  attributes.u32(64, Number((map.extra ?? 0n) & 0xffffffffn), Number((map.extra ?? 0n) >> 32n));
  return bpf('mapCreate', attributes, `map ${map.name}`);
}

/** Stores a value under a number. */
export function fillMap(fd: number, value: Uint8Array, key = 0): void {
  bpf('mapUpdate', new Attributes(32).u32(0, fd).pointer(8, new Uint8Array(Uint32Array.of(key).buffer)).pointer(16, value));
}

/** What the kernel tells of a map: struct bpf_map_info. */
export function mapInfo(fd: number): MapAttributes {
  const info = memory(88), view = new DataView(info.buffer);
  bpf('infoByFd', new Attributes(16).u32(0, fd, info.length).pointerInto(8, info));
  const [type = 0, , keySize = 0, valueSize = 0, maxEntries = 0, flags = 0] = new Uint32Array(info.buffer);
  return { name: new TextDecoder().decode(info.subarray(24, info.indexOf(0, 24))), type, keySize, valueSize, maxEntries, flags, extra: view.getBigUint64(80, true) };
}

/** Takes the right to write from user space. */
export const freezeMap = (fd: number): unknown => bpf('mapFreeze', new Attributes(4).u32(0, fd));

/** The map lives as long as the program, used or not. Kernels before 5.10 have no such command. */
export const bindMap = (program: number, map: number): unknown => call('progBindMap', new Attributes(12).u32(0, program, map));

/** @returns a descriptor, or an error number below 0. */
export const loadBtf = (btf: Uint8Array): number => call('btfLoad', new Attributes(28).pointer(0, btf).u32(16, btf.length));

/** What the program's records of BTF are about: its instructions, from the first of the program. */
export interface Records { readonly size: number; readonly count: number; readonly bytes: Uint8Array }

export interface ProgramAttributes {
  readonly name: string;
  readonly type: ProgramType;
  readonly instructions: Uint8Array;
  readonly license: string;
  /** BPF_XDP and its like, where the section says so. */
  readonly attachType?: number;
  readonly flags?: number;
  readonly ifindex?: number;
  readonly btf?: { readonly fd: number; readonly functions: Records | undefined; readonly lines: Records | undefined };
}

/** The verifier's log, as long as kernels allow (UINT_MAX >> 8). */
const logLength = 0xffffff;

/**
 * BPF_PROG_LOAD.
 * @param logLevel of the verifier; 0: no log.
 * @returns a descriptor, or an error number below 0; and the verifier's log.
 */
export function loadProgram(program: ProgramAttributes, logLevel: number): { readonly result: number; readonly log: string } {
  const { instructions, btf } = program;
  const attributes = new Attributes(112).u32(0, programTypes[program.type], instructions.length / 8).pointer(8, instructions).pointer(16, cString(program.license));
  attributes.u32(44, program.flags ?? 0).name(48, program.name).u32(64, program.ifindex ?? 0, program.attachType ?? 0);
  if (btf) {
    attributes.u32(72, btf.fd);
    if (btf.functions) attributes.u32(76, btf.functions.size).pointer(80, btf.functions.bytes).u32(88, btf.functions.count);
    if (btf.lines) attributes.u32(92, btf.lines.size).pointer(96, btf.lines.bytes).u32(104, btf.lines.count);
  }
  if (logLevel === 0) return { result: call('progLoad', attributes), log: '' };
  const log = memory(logLength);
  const result = call('progLoad', attributes.u32(24, logLevel, log.length).pointerInto(32, log));
  return { result, log: new TextDecoder().decode(log.subarray(0, Math.max(log.indexOf(0), 0))) };
}

/** @param group Descriptor of a control group's directory. */
export const attachToGroup = (group: number, program: number, attachType: number): unknown => bpf('progAttach', new Attributes(16).u32(0, group, program, attachType, 0));

/**
 * What is pinned to a file of bpffs.
 * @returns its descriptor.
 * @throws {NetlinkError} ENOENT; EACCES for a file of another file system; EPERM
 */
export const openPinned = (path: string): number => bpf('objGet', new Attributes(16).pointer(0, cString(path)), path);

/** Keeps what a descriptor stands for in a file of bpffs. @throws {NetlinkError} EEXIST; EPERM */
export const pin = (path: string, fd: number): unknown => bpf('objPin', new Attributes(16).pointer(0, cString(path)).u32(8, fd), path);

/** What the kernel tells of a program: struct bpf_prog_info. */
export interface ProgramInfo {
  readonly name: string;
  /** SHA-1 of its instructions, in hexadecimal. */
  readonly tag: string;
  readonly jited: boolean;
  /** Nanoseconds from the machine's start. */
  readonly loadTime: bigint;
  readonly createdByUid: number;
  /** 0: none. */
  readonly btfId: number;
}

/** @returns undefined where it is gone, or may not be asked for (CAP_SYS_ADMIN). */
export function programInfo(id: number): ProgramInfo | undefined {
  const fd = call('progById', new Attributes(12).u32(0, id));
  if (fd < 0) return undefined;
  const info = memory(232), view = new DataView(info.buffer);
  const result = call('infoByFd', new Attributes(16).u32(0, fd, info.length).pointerInto(8, info));
  libc().close(fd);
  if (result < 0) return undefined;
  return {
    name: new TextDecoder().decode(info.subarray(64, info.indexOf(0, 64))),
    tag: [...info.subarray(8, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    jited: view.getUint32(16, true) !== 0,
    loadTime: view.getBigUint64(40, true),
    createdByUid: view.getUint32(48, true),
    btfId: view.getUint32(128, true),
  };
}
