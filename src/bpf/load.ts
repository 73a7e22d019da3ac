/** From an object file to a program in the kernel. As iproute2 does with libbpf 1: kernel/bpf/syscall.c, kernel/bpf/verifier.c. */
import { readFileSync } from 'node:fs';
import { EPERM, errnoName, errnoText } from '../socket/errno.ts';
import { libc } from '../socket/libc.ts';
import { systemError } from '../socket/netlink-error.ts';
import { bindMap, fillMap, loadBtf, loadProgram, type ProgramAttributes, type ProgramType } from './call.ts';
import { compose, link, type Composed } from './compose.ts';
import { Btf } from './btf.ts';
import { Maps } from './create.ts';
import { KernelTypes } from './fit.ts';
import type { MapDefinition } from './maps.ts';
import type { BpfFunction, BpfObject } from './object.ts';
import { pinPaths } from './pins.ts';

/** The kernel does not take a program. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  /** `'EACCES'`: the verifier's word for most of what it refuses. */
  readonly code: string;
  /** What the verifier said. */
  readonly log: string;

  /** @param absent What the kernel lacks of what the program is fitted to. */
  constructor(program: BpfFunction, errno: number, log: string, absent: readonly string[]) {
    super(`the kernel refuses program ${program.name} of section "${program.section.name}": ${errnoName(errno)}: ${errnoText(errno)}${absent.length > 0 ? `. It has no ${absent.join(', ')}` : ''}`);
    this.code = errnoName(errno);
    this.log = log;
  }
}

export interface LoadOptions {
  readonly type: ProgramType;
  /** Of the device that it is offloaded to. */
  readonly ifindex?: number;
  /** Asks for the verifier's log in any case. */
  readonly verbose?: boolean;
}

const BPF_XDP_DEVMAP = 33, BPF_XDP_CPUMAP = 35, BPF_XDP = 37, BPF_F_XDP_HAS_FRAGS = 0x20;
/** What led to a refusal; each step. */
const BPF_LOG_LEVEL1 = 1, BPF_LOG_LEVEL2 = 2;

/** What the name of a section says of an XDP program in it: `xdp.frags/devmap`. */
function saidBy({ section }: BpfFunction, type: ProgramType): Pick<ProgramAttributes, 'attachType' | 'flags'> {
  const said = /^xdp(\.frags)?(?:\/(devmap|cpumap))?$/.exec(section.name);
  if (type !== 'xdp' || !said) return {};
  const [, frags, hook] = said;
  return { attachType: hook === 'devmap' ? BPF_XDP_DEVMAP : hook === 'cpumap' ? BPF_XDP_CPUMAP : BPF_XDP, flags: frags ? BPF_F_XDP_HAS_FRAGS : 0 };
}

/** The kernel's own types, where it tells them (CONFIG_DEBUG_INFO_BTF): some hundred thousand. */
function kernelTypes(): KernelTypes | undefined {
  try {
    return (known ??= new KernelTypes(new Btf(new Uint8Array(readFileSync('/sys/kernel/btf/vmlinux')))));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
let known: KernelTypes | undefined;

/** A program that others jump to by a map of programs. */
interface Tail { readonly program: BpfFunction; readonly map: MapDefinition; readonly key: number }

/** As iproute2 has it: what is in section `id/key` is in the map of that id. */
function tailsOf({ programs, maps }: BpfObject): Tail[] {
  return programs.flatMap((program) => {
    const [, id, key] = /^(0x[\da-f]+|\d+)\/(0x[\da-f]+|\d+)$/i.exec(program.section.name) ?? [], placed = id === undefined ? undefined : maps.find((one) => one.programs === Number(id));
    return placed ? [{ program, map: placed.map, key: Number(key) }] : [];
  });
}

/**
 * Loads a program of an object, with the maps that it uses and those that are to be pinned, and the programs that are in them.
 * @returns its descriptor; the verifier's log where it was asked for.
 * @throws {ObjectError} what cannot be done; {ProgramError} what the verifier says; {PinError} another map is pinned under a name; {NetlinkError} EPERM (CAP_BPF), or a map that is refused
 */
export function load(object: BpfObject, program: BpfFunction, { type, ifindex, verbose = false }: LoadOptions): { readonly fd: number; readonly log: string } {
  const all = new Map([[program, compose(object, program, kernelTypes)]]), close = libc().close;
  // Constants are part of any program of the object, used or not.
  const constants = object.maps.find(({ section }) => section.name === '.rodata')?.map;
  const wanted = (map: MapDefinition): boolean => map === constants || map.pinned !== undefined || [...all.values()].some(({ uses }) => uses.some((use) => use.map === map));
  const tails = new Map<BpfFunction, Tail>();
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const tail of tailsOf(object)) {
      if (!wanted(tail.map)) continue;
      tails.set(tail.program, tail);
      if (!all.has(tail.program)) all.set(tail.program, compose(object, tail.program, kernelTypes));
    }
  }
  // What the kernel does not take of types, the program works without.
  const types = object.btf ? loadBtf(object.btf.bytes) : -1, btf = types < 0 ? undefined : types;
  const maps = new Maps(btf, ifindex, pinPaths(object.bytes, type)), loaded: number[] = [];

  function loadOne(one: BpfFunction, composed: Composed): { readonly fd: number; readonly log: string } {
    const attributes: ProgramAttributes = {
      name: one.name, type, instructions: link(composed, maps.made), license: object.license, ...saidBy(one, type), ...(ifindex !== undefined && { ifindex }),
      ...(btf !== undefined && { btf: { fd: btf, functions: composed.functions, lines: composed.lines } }),
    };
    let { result, log } = loadProgram(attributes, verbose ? BPF_LOG_LEVEL2 : 0);
    if (result === -EPERM) throw systemError(EPERM, 'bpf', one.name, 'CAP_BPF');
    if (result < 0 && !verbose) ({ result, log } = loadProgram(attributes, BPF_LOG_LEVEL1));
    if (result < 0) throw new ProgramError(one, -result, log, composed.absent);
    loaded.push(result);
    if (constants) bindMap(result, maps.made.get(constants)!);
    return { fd: result, log };
  }

  try {
    for (const { map } of object.maps) if (wanted(map)) maps.open(map);
    const programs = new Map([...all].map(([one, composed]) => [one, loadOne(one, composed)]));
    for (const { program: one, map, key } of tails.values()) fillMap(maps.made.get(map)!, new Uint8Array(Uint32Array.of(programs.get(one)!.fd).buffer), key);
    const first = programs.get(program)!;
    loaded.splice(loaded.indexOf(first.fd), 1);
    return first;
  } catch (error) {
    maps.undo();
    throw error;
  } finally {
    // Maps keep those that are in them.
    for (const fd of loaded) close(fd);
    maps.close();
    if (btf !== undefined) close(btf);
  }
}
