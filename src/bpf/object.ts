/** A BPF object file, taken apart: programs, maps, and what a program is made of. What libbpf 1 takes is taken, or refused by name. */
import { ObjectError, Reader } from './bytes.ts';
import { Btf, readExt, type Ext } from './btf.ts';
import { readElf, SHF_EXECINSTR, STB_LOCAL, STT_FUNC, type Elf, type ElfSymbol, type Section } from './elf.ts';
import { dataMap, definedMaps, legacyMaps, type PlacedMap } from './maps.ts';

/** A function: a program, or what programs call. */
export interface BpfFunction {
  readonly name: string;
  readonly section: Section;
  /** Bytes from the start of the section. */
  readonly start: number;
  readonly size: number;
}

export interface BpfObject {
  /** The file's name to its first dot. */
  readonly name: string;
  readonly license: string;
  /** In the order of the file. */
  readonly programs: readonly BpfFunction[];
  readonly functions: readonly BpfFunction[];
  readonly elf: Elf;
  /** The file. */
  readonly bytes: Uint8Array;
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
    name, programs, functions, elf, btf, bytes,
    license: license ? new Reader(license.bytes, 'section "license"').text(0) : '',
    ext: btf && ext && readExt(ext.bytes, btf),
    maps: [...elf.sections.flatMap((section) => (section.name === '.maps' ? definedMaps(section, elf, btf) : section.name === 'maps' ? legacyMaps(section, elf) : [])), ...elf.sections.flatMap((section) => dataMap(section, name, btf))],
  };
}

const isFunction = (symbol: ElfSymbol): symbol is ElfSymbol & { section: Section } => symbol.type === STT_FUNC && symbol.size > 0 && ((symbol.section?.flags ?? 0) & SHF_EXECINSTR) !== 0;
