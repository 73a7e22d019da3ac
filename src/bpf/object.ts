/** A BPF object file, taken apart: programs, maps, and what a program is made of. What libbpf 1 takes is taken, or refused by name. */
import { ObjectError, Reader } from './bytes.ts';
import { Btf, readExt, type Ext } from './btf.ts';
import type { MapAttributes } from './call.ts';
import { readElf, SHF_EXECINSTR, STB_LOCAL, STT_FUNC, type Elf, type ElfSymbol, type Section } from './elf.ts';

/** A function: a program, or what programs call. */
export interface BpfFunction {
  readonly name: string;
  readonly section: Section;
  /** Bytes from the start of the section. */
  readonly start: number;
  readonly size: number;
}

/** A map as the file has it: types are numbers of its BTF; 0: none. */
export interface MapDefinition extends Omit<MapAttributes, 'ifindex' | 'btf'> {
  readonly key: number;
  readonly value: number;
  /** Of a section of data: what is in it, and whether nobody may write there. */
  readonly content?: Uint8Array;
  readonly constant?: boolean;
}

/** Where a map is defined. */
export interface PlacedMap { readonly section: Section; readonly at: number; readonly map: MapDefinition }

export interface BpfObject {
  /** The file's name to its first dot. */
  readonly name: string;
  readonly license: string;
  /** In the order of the file. */
  readonly programs: readonly BpfFunction[];
  readonly functions: readonly BpfFunction[];
  readonly elf: Elf;
  readonly btf: Btf | undefined;
  readonly ext: { readonly functions: Ext; readonly lines: Ext; readonly fitted: Ext } | undefined;
  /** Those that are defined, then the sections of data. */
  readonly maps: readonly PlacedMap[];
}

const subprograms = '.text';

/** @param file Its name, without folders. @throws {ObjectError} */
export function readObject(bytes: Uint8Array, file: string): BpfObject {
  // A Buffer's slices are no copies.
  const elf = readElf(new Uint8Array(bytes)), find = (name: string): Section | undefined => elf.sections.find((section) => section.name === name);
  const name = file.replace(/\..*$/s, '');
  const functions = elf.symbols.filter(isFunction).map((symbol): BpfFunction & { local: boolean } => {
    const { section, value, size } = symbol;
    if (value % 8 || size % 8 || value + size > section.size) throw new ObjectError(`function ${symbol.name} in section "${section.name}" is not made of instructions`);
    return { name: symbol.name, section, start: value, size, local: symbol.binding === STB_LOCAL };
  }).sort((a, b) => a.section.index - b.section.index || a.start - b.start);
  const programs = functions.filter(({ section, local }) => !local && (section.name !== subprograms || functions.length === 1));
  const license = find('license'), types = find('.BTF'), ext = find('.BTF.ext');
  const btf = types && new Btf(types.bytes);
  btf?.complete(elf);
  return {
    name, programs, functions, elf, btf,
    license: license ? new Reader(license.bytes, 'section "license"').text(0) : '',
    ext: btf && ext && readExt(ext.bytes, btf),
    maps: [...elf.sections.filter((section) => section.name === '.maps').flatMap((section) => definedMaps(section, elf, btf)), ...elf.sections.flatMap((section) => dataMap(section, name, btf))],
  };
}

const isFunction = (symbol: ElfSymbol): symbol is ElfSymbol & { section: Section } => symbol.type === STT_FUNC && symbol.size > 0 && ((symbol.section?.flags ?? 0) & SHF_EXECINSTR) !== 0;

// -- maps ---------------------------------------------------------------------------------------------------

const BPF_MAP_TYPE_ARRAY = 2, BPF_F_RDONLY_PROG = 0x80, BPF_F_MMAPABLE = 0x400;

/** What is done with objects of this kind by the people who make them. */
export const otherwise = 'load it with bpftool, and name the file that it is pinned to: "pinned FILE"';

/** Keys of a definition that hold a number: `__uint(max_entries, 4)` is a pointer to an array of 4. */
const numbers: Readonly<Record<string, keyof MapDefinition>> = { type: 'type', max_entries: 'maxEntries', map_flags: 'flags', numa_node: 'numaNode', key_size: 'keySize', value_size: 'valueSize', map_extra: 'extra' };

function definedMaps(section: Section, elf: Elf, btf: Btf | undefined): PlacedMap[] {
  if (!btf) throw new ObjectError('section ".maps" has no types: compile with -g');
  const types = btf.type(btf.dataSection('.maps'));
  return btf.variables(types).map(({ name, type }) => {
    const symbol = elf.symbols.find((one) => one.name === name && one.section === section);
    if (!symbol) throw new ObjectError(`section ".maps": there is no symbol for map ${name}`);
    const map: Record<string, unknown> = { name, type: 0, keySize: 0, valueSize: 0, maxEntries: 0, flags: 0, numaNode: 0, extra: 0n, key: 0, value: 0 };
    for (const member of btf.members(btf.plain(type))) definedBy(map, member, btf);
    return { section, at: symbol.value, map: map as unknown as MapDefinition };
  }).sort((a, b) => a.at - b.at);
}

function definedBy(map: Record<string, unknown>, member: { readonly name: string; readonly type: number }, btf: Btf): void {
  const pointer = btf.plain(member.type), named = `section ".maps": "${member.name}" of map ${String(map['name'])}`;
  const number = (): number => {
    if (pointer.kind !== 'pointer') throw new ObjectError(`${named} is a ${pointer.kind}, not a number`);
    return btf.lengthOf(btf.plain(pointer.value));
  };
  const key = numbers[member.name];
  if (key !== undefined) map[key] = key === 'extra' ? BigInt(number()) : number();
  else if (member.name === 'key' || member.name === 'value') {
    if (pointer.kind !== 'pointer') throw new ObjectError(`${named} is a ${pointer.kind}, not a type`);
    map[member.name] = pointer.value;
    map[`${member.name}Size`] = btf.sizeOf(pointer.value);
  } else if (member.name !== 'pinning' || number() !== 0) throw new ObjectError(`${named} is not supported: ${otherwise}`);
}

const dataSections = /^\.(data|rodata|bss)(\.|$)/;

/** A section of data is an array of one, which programs see as memory. */
function dataMap(section: Section, object: string, btf: Btf | undefined): PlacedMap[] {
  const kind = dataSections.exec(section.name)?.[1];
  if (kind === undefined || section.size === 0) return [];
  const value = btf?.dataSection(section.name) ?? 0, constant = kind === 'rodata';
  const seen = value !== 0 && btf?.variables(btf.type(value)).some(({ isStatic }) => !isStatic);
  if (section.size > 0xffffffff) throw new ObjectError(`section "${section.name}" is too large: ${section.size} bytes`);
  // As bpftool finds it: what is left of the object's name, and the section's.
  const name = section.name.lastIndexOf('.') > 0 ? section.name : object.slice(0, 15 - Math.max(7, section.name.length)) + section.name;
  return [{ section, at: 0, map: {
    name, type: BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: section.size, maxEntries: 1, flags: (constant ? BPF_F_RDONLY_PROG : 0) | (seen ? BPF_F_MMAPABLE : 0), numaNode: 0, extra: 0n, key: 0, value, constant,
    // What is made is full of zeros.
    ...(section.bytes.length > 0 && { content: section.bytes }),
  } }];
}
