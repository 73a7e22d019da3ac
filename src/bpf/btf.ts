/** BTF: types of a BPF object, and which source line and function each instruction is of. Documentation/bpf/btf.rst, include/uapi/linux/btf.h. */
import { ObjectError, Reader } from './bytes.ts';
import type { Elf } from './elf.ts';

const magic = 0xeb9f;

/** BTF_KIND_*. */
export const kinds = {
  void: 0, int: 1, pointer: 2, array: 3, struct: 4, union: 5, enum: 6, forward: 7, typedef: 8, volatile: 9, const: 10, restrict: 11, func: 12, prototype: 13, variable: 14, dataSection: 15, float: 16, declTag: 17, typeTag: 18, enum64: 19,
} as const;
const names = Object.keys(kinds) as (keyof typeof kinds)[];

/** Bytes that follow a type of each kind: always, and for each of its members. */
const more: Partial<Record<keyof typeof kinds, readonly [always: number, member: number]>> = {
  int: [4, 0], array: [12, 0], struct: [0, 12], union: [0, 12], enum: [0, 8], prototype: [0, 8], variable: [4, 0], dataSection: [0, 12], declTag: [4, 0], enum64: [0, 12],
};

export interface Type {
  readonly kind: keyof typeof kinds;
  readonly name: string;
  /** Of its parts. */
  readonly count: number;
  /** A size in bytes, or another type's number. */
  readonly value: number;
  /** Where its parts stand. */
  readonly at: number;
  /** Members of a struct may be bit fields; an enum is signed; what is only declared is a union. */
  readonly flag: boolean;
}

/** Of a struct or union: where it begins, and of a bit field how long it is (else 0). */
export interface Member { readonly name: string; readonly type: number; readonly bit: number; readonly bits: number }

const through: ReadonlySet<string> = new Set(['typedef', 'volatile', 'const', 'restrict', 'typeTag', 'variable']), sized: ReadonlySet<string> = new Set(['int', 'struct', 'union', 'enum', 'float', 'dataSection', 'enum64']);

export class Btf {
  /** As the kernel is to get it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By number; the first is void. */
  readonly types: readonly Type[];
  readonly #reader: Reader;
  readonly #strings: Reader;

  /** @throws {ObjectError} */
  constructor(section: Uint8Array) {
    this.bytes = section.slice();
    const reader = new Reader(this.bytes, 'section ".BTF"'), { start, at, end, text, textLength } = header(reader);
    this.#reader = reader;
    this.#strings = new Reader(reader.slice(start + text, textLength), 'the texts of section ".BTF"');
    const types: Type[] = [{ kind: 'void', name: '', count: 0, value: 0, at: 0, flag: false }];
    for (let entry = start + at; entry < start + end;) {
      const info = reader.u32(entry + 4), kind = names[(info >>> 24) & 31], count = info & 0xffff;
      if (kind === undefined) throw new ObjectError(`section ".BTF": type ${types.length} is of kind ${(info >>> 24) & 31}, which is not known`);
      types.push({ kind, name: this.#strings.text(reader.u32(entry)), count, value: reader.u32(entry + 8), at: entry + 12, flag: info >>> 31 === 1 });
      const [always, member] = more[kind] ?? [0, 0];
      entry += 12 + always + member * count;
    }
    this.types = types;
  }

  text(at: number): string {
    return this.#strings.text(at);
  }

  type(number: number): Type {
    const type = this.types[number];
    if (!type) throw new ObjectError(`section ".BTF": there is no type ${number}`);
    return type;
  }

  /** The number of the type behind names and qualifiers. */
  plainNumber(number: number): number {
    let type = this.type(number), behind = number;
    for (let steps = 0; through.has(type.kind); steps++) {
      if (steps > this.types.length) throw new ObjectError('section ".BTF": a type stands for itself');
      behind = type.value;
      type = this.type(behind);
    }
    return behind;
  }

  /** The type behind names and qualifiers. */
  plain(number: number): Type {
    return this.type(this.plainNumber(number));
  }

  /** In bytes. */
  sizeOf(number: number, depth = 0): number {
    const type = this.plain(number);
    if (sized.has(type.kind)) return type.value;
    if (type.kind === 'pointer') return 8;
    // An array of arrays of ... no compiler goes so deep.
    if (type.kind !== 'array' || depth > 16) throw new ObjectError(`section ".BTF": a ${type.kind} has no size`);
    const size = this.#reader.u32(type.at + 8) * this.sizeOf(this.#reader.u32(type.at), depth + 1);
    if (size > 0xffffffff) throw new ObjectError(`section ".BTF": an array of ${size} bytes`);
    return size;
  }

  /** Of an array. */
  lengthOf(type: Type): number {
    if (type.kind !== 'array') throw new ObjectError(`section ".BTF": a ${type.kind} where an array should be`);
    return this.#reader.u32(type.at + 8);
  }

  /** The number of the type that each element of an array has. */
  elementOf(type: Type): number {
    return this.#reader.u32(type.at);
  }

  /** Members of a struct or union. */
  members(type: Type): Member[] {
    if (type.kind !== 'struct' && type.kind !== 'union') throw new ObjectError(`section ".BTF": a ${type.kind} where a struct should be`);
    return Array.from({ length: type.count }, (_, i) => {
      const at = type.at + 12 * i, where = this.#reader.u32(at + 8);
      return { name: this.text(this.#reader.u32(at)), type: this.#reader.u32(at + 4), bit: type.flag ? where & 0xffffff : where, bits: type.flag ? where >>> 24 : 0 };
    });
  }

  /** Of an enum of either length. */
  enumerators(type: Type): { readonly name: string; readonly value: bigint }[] {
    const size = type.kind === 'enum' ? 8 : type.kind === 'enum64' ? 12 : 0;
    if (size === 0) throw new ObjectError(`section ".BTF": a ${type.kind} where an enum should be`);
    return Array.from({ length: type.count }, (_, i) => {
      const at = type.at + size * i, low = this.#reader.u32(at + 4), whole = (size === 12 ? BigInt(this.#reader.u32(at + 8)) << 32n : 0n) | BigInt(low);
      return { name: this.text(this.#reader.u32(at)), value: type.flag ? BigInt.asIntN(size === 12 ? 64 : 32, whole) : whole };
    });
  }

  /** Numbers of the types of a function's parameters. */
  parameters(type: Type): number[] {
    return Array.from({ length: type.count }, (_, i) => this.#reader.u32(type.at + 8 * i + 4));
  }

  /** What follows an int: how it is read, where it begins, and how many bits it has. */
  more(type: Type): number {
    return this.#reader.u32(type.at);
  }

  /** The number of the type that describes a section; 0: none does. */
  dataSection(name: string): number {
    return Math.max(this.types.findIndex((type) => type.kind === 'dataSection' && type.name === name), 0);
  }

  /** Variables of a section: `at` is where their entry stands. */
  variables(section: Type): { readonly name: string; readonly type: number; readonly isStatic: boolean; readonly at: number }[] {
    return Array.from({ length: section.count }, (_, i) => {
      const at = section.at + 12 * i, variable = this.type(this.#reader.u32(at));
      if (variable.kind !== 'variable') throw new ObjectError(`section ".BTF": a ${variable.kind} in "${section.name}" where a variable should be`);
      return { name: variable.name, type: variable.value, isStatic: this.#reader.u32(variable.at) === 0, at };
    });
  }

  /** Compilers leave sizes of sections, and where global variables are in them, to whoever loads the file. The kernel wants them, in order. */
  complete({ sections, symbols }: Elf): void {
    const view = new DataView(this.bytes.buffer);
    this.types.forEach((type) => {
      if (type.kind !== 'dataSection') return;
      const section = sections.find(({ name }) => name === type.name), variables = this.variables(type);
      if (type.value === 0 && section) {
        view.setUint32(type.at - 4, section.size, true);
        for (const { name, isStatic, at } of variables) {
          const symbol = symbols.find((one) => one.name === name && one.section === section);
          if (!isStatic && symbol) view.setUint32(at + 4, symbol.value, true);
        }
      }
      const entries = variables.map(({ at }) => this.bytes.slice(at, at + 12)).sort((a, b) => new DataView(a.buffer).getUint32(4, true) - new DataView(b.buffer).getUint32(4, true));
      entries.forEach((entry, i) => this.bytes.set(entry, type.at + 12 * i));
    });
  }
}

/** Where types and texts stand. */
function header(reader: Reader): { start: number; at: number; end: number; text: number; textLength: number } {
  if (reader.u16(0) !== magic) throw new ObjectError('section ".BTF" is not BTF of this byte order');
  const at = reader.u32(8);
  return { start: reader.u32(4), at, end: at + reader.u32(12), text: reader.u32(16), textLength: reader.u32(20) };
}

/** One record: bytes whose first four are an offset into the section, in bytes. */
export interface ExtRecord { readonly offset: number; readonly bytes: Uint8Array }

/** What section ".BTF.ext" has about each section of instructions. */
export interface Ext {
  readonly size: number;
  readonly sections: ReadonlyMap<string, readonly ExtRecord[]>;
}

/** Functions, lines, and what is to be fitted to the kernel's own types (CO-RE). @throws {ObjectError} */
export function readExt(section: Uint8Array, btf: Btf): { readonly functions: Ext; readonly lines: Ext; readonly fitted: Ext } {
  const reader = new Reader(section, 'section ".BTF.ext"');
  if (reader.u16(0) !== magic) throw new ObjectError('section ".BTF.ext" is not BTF of this byte order');
  const start = reader.u32(4);
  const part = (at: number): Ext => (start < at + 8 ? { size: 0, sections: new Map() } : records(reader, start + reader.u32(at), reader.u32(at + 4), btf));
  return { functions: part(8), lines: part(16), fitted: part(24) };
}

function records(reader: Reader, start: number, length: number, btf: Btf): Ext {
  const sections = new Map<string, ExtRecord[]>();
  if (length === 0) return { size: 0, sections };
  const size = reader.u32(start);
  if (size < 4) throw new ObjectError(`section ".BTF.ext": records of ${size} bytes`);
  for (let at = start + 4; at < start + length;) {
    const name = btf.text(reader.u32(at)), count = reader.u32(at + 4);
    const all = reader.slice(at + 8, count * size);
    const list = Array.from({ length: count }, (_, i) => ({ offset: reader.u32(at + 8 + i * size), bytes: all.subarray(i * size, (i + 1) * size) }));
    sections.set(name, [...(sections.get(name) ?? []), ...list]);
    at += 8 + count * size;
  }
  return { size, sections };
}
