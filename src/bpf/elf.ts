/** Relocatable ELF files for the machine BPF, as compilers write them: sections, symbols, relocations. elf(5). */
import { ObjectError, Reader } from './bytes.ts';

const EM_BPF = 247, ET_REL = 1, SHT_SYMTAB = 2, SHT_NOBITS = 8, SHT_REL = 9;
export const SHF_EXECINSTR = 4, STT_OBJECT = 1, STT_FUNC = 2, STB_LOCAL = 0;
const headerLength = 64, sectionLength = 64, symbolLength = 24, relocationLength = 16;

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Zeros are not in the file, and not here: see `size`. */
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface ElfSymbol {
  readonly name: string;
  readonly type: number;
  readonly binding: number;
  /** Where it is defined; undefined: elsewhere. */
  readonly section: Section | undefined;
  /** Bytes from the start of its section. */
  readonly value: number;
  readonly size: number;
}

export interface Relocation {
  /** Bytes from the start of the section that it is about. */
  readonly offset: number;
  /** R_BPF_*. */
  readonly type: number;
  readonly symbol: ElfSymbol;
}

export interface Elf {
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];
  /** Of a section. */
  readonly relocations: ReadonlyMap<Section, readonly Relocation[]>;
}

/** @throws {ObjectError} */
export function readElf(bytes: Uint8Array): Elf {
  const file = new Reader(bytes, 'the file');
  if (bytes.length < headerLength || file.u32(0) !== 0x464c457f) throw new ObjectError('not an ELF file');
  if (file.u8(4) !== 2 || file.u8(5) !== 1) throw new ObjectError('not an ELF file of 64 bits, little-endian');
  if (file.u16(18) !== EM_BPF) throw new ObjectError(`compiled for machine ${file.u16(18)}, not for BPF (${EM_BPF}): clang -target bpf`);
  if (file.u16(16) !== ET_REL) throw new ObjectError('not a relocatable object file');
  const at = file.u64(40), count = file.u16(60), namesIndex = file.u16(62);
  const raw = Array.from({ length: count }, (_, index) => {
    const header = at + index * sectionLength;
    const type = file.u32(header + 4), size = file.u64(header + 32);
    const content = type === SHT_NOBITS || type === 0 ? new Uint8Array(0) : file.slice(file.u64(header + 24), size);
    return { index, nameAt: file.u32(header), type, flags: file.u64(header + 8), bytes: content, size, link: file.u32(header + 40), info: file.u32(header + 44) };
  });
  const table = raw[namesIndex];
  if (!table) throw new ObjectError('no names of sections');
  const names = new Reader(table.bytes, 'the table of section names');
  const sections = raw.map(({ nameAt, link: _link, info: _info, ...rest }): Section => ({ ...rest, name: rest.index === 0 ? '' : names.text(nameAt) }));
  const symbols: ElfSymbol[] = [];
  const symbolTable = raw.find(({ type }) => type === SHT_SYMTAB);
  if (symbolTable) {
    const strings = new Reader(raw[symbolTable.link]?.bytes ?? new Uint8Array(0), 'the table of symbol names'), reader = new Reader(symbolTable.bytes, 'the table of symbols');
    for (let entry = 0; entry + symbolLength <= symbolTable.bytes.length; entry += symbolLength) {
      const info = reader.u8(entry + 4), index = reader.u16(entry + 6);
      // Of the numbers that mean no section (SHN_ABS ...) none is an index.
      symbols.push({ name: strings.text(reader.u32(entry)), type: info & 15, binding: info >> 4, section: index === 0 ? undefined : sections[index], value: reader.u64(entry + 8), size: reader.u64(entry + 16) });
    }
  }
  const relocations = new Map<Section, Relocation[]>();
  for (const { type, info, bytes: content, index } of raw) {
    const target = sections[info];
    if (type !== SHT_REL || !target) continue;
    const reader = new Reader(content, `section "${sections[index]!.name}"`), list: Relocation[] = [];
    for (let entry = 0; entry + relocationLength <= content.length; entry += relocationLength) {
      const symbol = symbols[reader.u32(entry + 12)];
      if (!symbol) throw new ObjectError(`section "${sections[index]!.name}" names symbol ${reader.u32(entry + 12)}, which there is not`);
      list.push({ offset: reader.u64(entry), type: reader.u32(entry + 8), symbol });
    }
    relocations.set(target, list);
  }
  return { sections, symbols, relocations };
}
