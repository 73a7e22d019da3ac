/** From an object file to a program in the kernel. As iproute2 does with libbpf 1: kernel/bpf/syscall.c, kernel/bpf/verifier.c. */
import { readFileSync } from 'node:fs';
import { EPERM, errnoName, errnoText } from '../socket/errno.ts';
import { libc } from '../socket/libc.ts';
import { systemError } from '../socket/netlink-error.ts';
import { bindMap, loadBtf, loadProgram, type ProgramAttributes, type ProgramType } from './call.ts';
import { compose, link } from './compose.ts';
import { Btf } from './btf.ts';
import { Maps } from './create.ts';
import { KernelTypes } from './fit.ts';
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

/**
 * Loads a program of an object, with the maps that it uses, and those that are to be pinned.
 * @returns its descriptor; the verifier's log where it was asked for.
 * @throws {ObjectError} what cannot be done; {ProgramError} what the verifier says; {PinError} another map is pinned under a name; {NetlinkError} EPERM (CAP_BPF), or a map that is refused
 */
export function load(object: BpfObject, program: BpfFunction, { type, ifindex, verbose = false }: LoadOptions): { readonly fd: number; readonly log: string } {
  const composed = compose(object, program, kernelTypes), close = libc().close;
  // What the kernel does not take of types, the program works without.
  const types = object.btf ? loadBtf(object.btf.bytes) : -1, btf = types < 0 ? undefined : types;
  const maps = new Maps(btf, ifindex, pinPaths(object.bytes, type));
  // Constants are part of any program of the object, used or not.
  const constants = object.maps.find(({ section }) => section.name === '.rodata')?.map;
  try {
    for (const { map } of object.maps) if (map === constants || map.pinned || composed.uses.some((use) => use.map === map)) maps.open(map);
    const instructions = link(composed, maps.made);
    const attributes: ProgramAttributes = {
      name: program.name, type, instructions, license: object.license, ...saidBy(program, type), ...(ifindex !== undefined && { ifindex }),
      ...(btf !== undefined && { btf: { fd: btf, functions: composed.functions, lines: composed.lines } }),
    };
    let { result, log } = loadProgram(attributes, verbose ? BPF_LOG_LEVEL2 : 0);
    if (result === -EPERM) throw systemError(EPERM, 'bpf', program.name, 'CAP_BPF');
    if (result < 0 && !verbose) ({ result, log } = loadProgram(attributes, BPF_LOG_LEVEL1));
    if (result < 0) throw new ProgramError(program, -result, log, composed.absent);
    if (constants) bindMap(result, maps.made.get(constants)!);
    return { fd: result, log };
  } catch (error) {
    maps.undo();
    throw error;
  } finally {
    maps.close();
    if (btf !== undefined) close(btf);
  }
}
