/** A program as the kernel takes it: its own instructions, then those of the functions that it calls, with what they refer to. */
import { ObjectError } from './bytes.ts';
import type { Records } from './call.ts';
import type { Ext } from './btf.ts';
import { SHF_EXECINSTR, type Relocation, type Section } from './elf.ts';
import { fit, type KernelTypes } from './fit.ts';
import { otherwise, type MapDefinition } from './maps.ts';
import type { BpfFunction, BpfObject } from './object.ts';

/** An instruction that loads a map's descriptor, or the address of what is in it. */
export interface MapUse {
  /** In bytes, from the program's start. */
  readonly at: number;
  readonly map: MapDefinition;
  /** Bytes from the start of the map's value; undefined: the map itself is meant. */
  readonly offset: number | undefined;
}

export interface Composed {
  readonly instructions: Uint8Array<ArrayBuffer>;
  readonly uses: readonly MapUse[];
  readonly functions: Records | undefined;
  readonly lines: Records | undefined;
  /** What the kernel does not have of the types that instructions are fitted to: where they are reached, the verifier refuses them. */
  readonly absent: readonly string[];
}

const CALL = 0x85, LOAD_64 = 0x18, PSEUDO_MAP_FD = 1, PSEUDO_MAP_VALUE = 2, PSEUDO_CALL = 1, PSEUDO_FUNC = 4;
/** BPF_MAX_SUBPROGS, the program itself counted. */
const mostFunctions = 257;

interface Piece { readonly of: BpfFunction; /** In bytes. */ readonly at: number }

/**
 * @param kernel The kernel's own types, asked for where they are needed.
 * @throws {ObjectError} what it refers to and cannot be had
 */
export function compose(object: BpfObject, program: BpfFunction, kernel: () => KernelTypes | undefined = () => undefined): Composed {
  const pieces: Piece[] = [], uses: MapUse[] = [], absent: string[] = [];
  let length = 0, code = new Uint8Array(0);

  function place(of: BpfFunction): number {
    const known = pieces.find((piece) => piece.of === of);
    if (known) return known.at;
    if (pieces.length === mostFunctions) throw new ObjectError(`${program.name} calls more than ${mostFunctions - 1} functions`);
    const at = length, grown = new Uint8Array((length += of.size));
    grown.set(code);
    grown.set(of.section.bytes.subarray(of.start, of.start + of.size), at);
    code = grown;
    pieces.push({ of, at });
    resolve(of, at);
    return at;
  }

  function resolve(of: BpfFunction, at: number): void {
    const { section, start, size } = of, inside = (offset: number): boolean => offset >= start && offset < start + size;
    const relocations = new Map((object.elf.relocations.get(section) ?? []).filter(({ offset }) => inside(offset)).map((one) => [one.offset, one]));
    for (const { offset, bytes } of object.ext?.fitted.sections.get(section.name) ?? []) {
      if (!inside(offset)) continue;
      const types = kernel();
      if (!types) throw new ObjectError(`${of.name} in section "${section.name}" is to be fitted to the kernel's types (CO-RE), which this kernel does not tell: ${otherwise}`);
      const lacking = offset % 8 === 0 ? fit(code, at + offset - start, bytes, object.btf!, types) : undefined;
      if (lacking !== undefined) absent.push(lacking);
    }
    const immediate = (offset: number): number => new DataView(code.buffer).getInt32(at + offset + 4, true);
    const patch = (offset: number, source: number, value: number): void => {
      code[at + offset + 1] = (code[at + offset + 1]! & 15) | (source << 4);
      new DataView(code.buffer).setInt32(at + offset + 4, value, true);
    };
    /** The instructions between this one and a function's first, which may have been placed just now. */
    const distance = (target: Section, byte: number, offset: number): number => (place(functionAt(object, target, byte, of)) - at - offset) / 8 - 1;
    for (let offset = 0; offset < size; offset += 8) {
      const operation = code[at + offset], source = code[at + offset + 1]! >> 4, relocation = relocations.get(start + offset);
      relocations.delete(start + offset);
      if (operation === CALL && source === PSEUDO_CALL) {
        const target = relocation ? definedIn(relocation, of) : section;
        const byte = (relocation ? relocation.symbol.value : start + offset) + (immediate(offset) + 1) * 8;
        patch(offset, PSEUDO_CALL, distance(target, byte, offset));
      } else if (operation === LOAD_64) {
        if (offset + 8 >= size) throw new ObjectError(`${of.name} in section "${section.name}" ends in the middle of an instruction`);
        if (relocation) {
          const target = definedIn(relocation, of), { value } = relocation.symbol, addend = immediate(offset);
          if (target.flags & SHF_EXECINSTR) patch(offset, PSEUDO_FUNC, distance(target, value + addend, offset));
          else uses.push({ at: at + offset, ...mapAt(object, relocation, target, value + addend, of) });
        }
        offset += 8;
      } else if (relocation) throw strange(relocation, of);
    }
    for (const left of relocations.values()) throw strange(left, of);
  }

  place(program);
  const about = (ext: Ext | undefined): Records | undefined => (ext && ext.size > 0 ? records(ext, pieces) : undefined);
  return { instructions: code, uses, functions: about(object.ext?.functions), lines: about(object.ext?.lines), absent: [...new Set(absent)] };
}

const named = ({ symbol }: Relocation): string => (symbol.name === '' ? `section "${symbol.section?.name ?? ''}"` : symbol.name);

const strange = (relocation: Relocation, of: BpfFunction): ObjectError =>
  new ObjectError(`section "${of.section.name}": at byte ${relocation.offset}, in ${of.name}, a relocation of type ${relocation.type} to ${named(relocation)} is not supported: ${otherwise}`);

function definedIn(relocation: Relocation, of: BpfFunction): Section {
  const { section } = relocation.symbol;
  if (!section) throw new ObjectError(`section "${of.section.name}": ${of.name} refers to ${named(relocation)}, which is not in the file (of the kernel: .ksyms, .kconfig), and that is not supported: ${otherwise}`);
  return section;
}

function functionAt(object: BpfObject, section: Section, byte: number, from: BpfFunction): BpfFunction {
  const found = object.functions.find((one) => one.section === section && one.start === byte);
  if (!found) throw new ObjectError(`section "${from.section.name}": ${from.name} calls what is no function, at byte ${byte} of section "${section.name}"`);
  return found;
}

function mapAt(object: BpfObject, relocation: Relocation, section: Section, byte: number, from: BpfFunction): Omit<MapUse, 'at'> {
  const maps = object.maps.filter((one) => one.section === section);
  if (maps.length === 0) throw new ObjectError(`section "${from.section.name}": ${from.name} refers to ${named(relocation)} in section "${section.name}", which is neither a map nor data: ${otherwise}`);
  if (section.name !== '.maps' && section.name !== 'maps') return { map: maps[0]!.map, offset: byte };
  const found = maps.find(({ at }) => at === byte);
  if (!found) throw new ObjectError(`section "${section.name}": ${from.name} refers to byte ${byte}, where no map is defined`);
  return { map: found.map, offset: undefined };
}

/** Those about the pieces, with offsets in instructions of the whole. */
function records({ size, sections }: Ext, pieces: readonly Piece[]): Records | undefined {
  const all = pieces.flatMap(({ of, at }) => (sections.get(of.section.name) ?? []).filter(({ offset }) => offset >= of.start && offset < of.start + of.size).map(({ offset, bytes }) => {
    const record = bytes.slice();
    new DataView(record.buffer).setUint32(0, (offset - of.start + at) / 8, true);
    return record;
  }));
  if (all.length === 0) return undefined;
  const bytes = new Uint8Array(size * all.length);
  all.forEach((record, i) => bytes.set(record, i * size));
  return { size, count: all.length, bytes };
}

/** Puts the descriptors of maps where they are used. */
export function link({ instructions, uses }: Composed, descriptors: ReadonlyMap<MapDefinition, number>): Uint8Array {
  const view = new DataView(instructions.buffer);
  for (const { at, map, offset } of uses) {
    instructions[at + 1] = (instructions[at + 1]! & 15) | ((offset === undefined ? PSEUDO_MAP_FD : PSEUDO_MAP_VALUE) << 4);
    view.setInt32(at + 4, descriptors.get(map)!, true);
    view.setInt32(at + 12, offset ?? 0, true);
  }
  return instructions;
}
