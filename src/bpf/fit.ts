/**
 * CO-RE: instructions that hold an offset, a size or a number of a type as the compiler saw it, fitted to the types of the kernel at hand.
 * What is alike and what is not follows libbpf 1 (its relo_core.c); struct bpf_core_relo of include/uapi/linux/bpf.h.
 */
import { ObjectError, Reader } from './bytes.ts';
import type { Btf, Member, Type } from './btf.ts';
import { otherwise } from './maps.ts';

/** BPF_CORE_*, in order. */
const relocationKinds = ['fieldOffset', 'fieldSize', 'fieldExists', 'fieldSigned', 'fieldLeftShift', 'fieldRightShift', 'localType', 'kernelType', 'typeExists', 'typeSize', 'enumExists', 'enumValue', 'typeMatches'] as const;
type Kind = (typeof relocationKinds)[number];

/** A member, by its place in the struct of this number, or an element of an array, whose type has this number. */
interface Step { readonly type: number; readonly index: number; readonly member?: Member }
/** The way from a type to a part of it. */
interface Way { readonly btf: Btf; readonly root: number; readonly steps: readonly Step[]; readonly bit: number; /** Of an enum. */ readonly enumerator?: string; readonly value?: bigint }

/** What an instruction holds, or is to hold. */
interface Held { readonly value: bigint; /** Bytes that it reads or writes there, and of which type. */ readonly size?: number; readonly type?: Type; readonly unsigned?: boolean; /** Compilers may see it in another way. */ readonly vague?: boolean }

/** `task_struct___mine` is another view of `task_struct`. */
const essential = (name: string): string => /^(.*[^_])___[^_].*$/s.exec(name)?.[1] ?? name;
const isEnum = ({ kind }: Type): boolean => kind === 'enum' || kind === 'enum64';
const isComposite = ({ kind }: Type): boolean => kind === 'struct' || kind === 'union';
const sameKind = (a: Type, b: Type): boolean => a.kind === b.kind || (isEnum(a) && isEnum(b));

/** The types of the kernel, by name. */
export class KernelTypes {
  readonly btf: Btf;
  readonly #named = new Map<string, number[]>();

  constructor(btf: Btf) {
    this.btf = btf;
    btf.types.forEach(({ name }, number) => {
      if (name === '') return;
      const key = essential(name), known = this.#named.get(key);
      if (known) known.push(number);
      else this.#named.set(key, [number]);
    });
  }

  /** Numbers of types that may be meant by another's. */
  like(type: Type): readonly number[] {
    return (this.#named.get(essential(type.name)) ?? []).filter((number) => sameKind(this.btf.type(number), type));
  }
}

/** An array without a length, at the end of a struct, has as many elements as are asked for. */
function fits(btf: Btf, array: Type, index: number, before: Step | undefined): boolean {
  const length = btf.lengthOf(array);
  if (index < length) return true;
  return length === 0 && before?.member !== undefined && before.index === btf.type(before.type).count - 1;
}

function parse(btf: Btf, kind: Kind, root: number, access: string): Way {
  const [first = 0, ...rest] = access.split(':').map(Number);
  if (!/^\d{1,9}(:\d{1,9}){0,63}$/.test(access)) throw new ObjectError(`section ".BTF.ext": "${access}" is no way into a type`);
  if (/Type|^type/.test(kind)) return { btf, root, steps: [], bit: 0 };
  let type = btf.plainNumber(root);
  if (kind.startsWith('enum')) {
    const found = btf.enumerators(btf.type(type))[first];
    if (!found) throw new ObjectError(`section ".BTF.ext": type ${root} has no enumerator ${first}`);
    return { btf, root, steps: [], bit: 0, enumerator: found.name, value: found.value };
  }
  const steps: Step[] = [{ type, index: first }];
  let bit = first * btf.sizeOf(type) * 8;
  for (const index of rest) {
    type = btf.plainNumber(type);
    const whole = btf.type(type);
    if (isComposite(whole)) {
      const member = btf.members(whole)[index];
      if (!member) throw new ObjectError(`section ".BTF.ext": there is no member ${index} in ${whole.name}`);
      bit += member.bit;
      if (member.name !== '') steps.push({ type, index, member });
      type = member.type;
    } else if (whole.kind === 'array' && fits(btf, whole, index, steps.at(-1))) {
      type = btf.plainNumber(btf.elementOf(whole));
      steps.push({ type, index });
      bit += index * btf.sizeOf(type) * 8;
    } else throw new ObjectError(`section ".BTF.ext": "${access}" does not lead into ${btf.type(btf.plainNumber(root)).name}`);
  }
  return { btf, root, steps, bit };
}

const intBits = (btf: Btf, type: Type): number => (btf.more(type) >>> 16) & 0xff;
const isSigned = (btf: Btf, type: Type): boolean => (type.kind === 'int' && ((btf.more(type) >>> 24) & 1) !== 0) || (isEnum(type) && type.flag);

/** Whether one field may be taken for another: numbers and pointers of any kind, arrays of what is alike, structs whatever is in them. */
function fieldsAlike(ours: Btf, own: number, theirs: Btf, other: number): boolean {
  const a = ours.plain(own), b = theirs.plain(other);
  if (isComposite(a) && isComposite(b)) return true;
  if (!sameKind(a, b)) return false;
  if (a.kind === 'pointer' || a.kind === 'float') return true;
  if (a.kind === 'forward' || isEnum(a)) return a.name === '' || b.name === '' || essential(a.name) === essential(b.name);
  if (a.kind === 'int') return intBits(ours, a) === 0 && intBits(theirs, b) === 0;
  return a.kind === 'array' && fieldsAlike(ours, ours.elementOf(a), theirs, theirs.elementOf(b));
}

function typesAlike(ours: Btf, own: number, theirs: Btf, other: number, depth = 32): boolean {
  if (depth === 0 || !sameKind(ours.type(own), theirs.type(other))) return false;
  const a = ours.plain(own), b = theirs.plain(other);
  if (!sameKind(a, b)) return false;
  if (a.kind === 'int') return intBits(ours, a) === 0 && intBits(theirs, b) === 0;
  const inner = (x: number, y: number): boolean => typesAlike(ours, ours.plainNumber(x), theirs, theirs.plainNumber(y), depth - 1);
  if (a.kind === 'pointer') return inner(a.value, b.value);
  if (a.kind === 'array') return inner(ours.elementOf(a), theirs.elementOf(b));
  if (a.kind === 'prototype') {
    const [mine, others] = [ours.parameters(a), theirs.parameters(b)];
    return mine.length === others.length && mine.every((type, i) => inner(type, others[i]!)) && inner(a.value, b.value);
  }
  return a.kind === 'void' || a.kind === 'forward' || isComposite(a) || isEnum(a);
}

interface Found { readonly step: Step; readonly bit: number; readonly next: number }
/** A member by its name, in what has none, too. `undefined`: there is none; `null`: it is another. */
function memberLike(ours: Btf, wanted: Step, theirs: Btf, within: number, depth = 32): Found | undefined | null {
  const number = theirs.plainNumber(within), whole = theirs.type(number);
  if (!isComposite(whole) || depth === 0) return undefined;
  for (const [index, member] of theirs.members(whole).entries()) {
    if (member.name === '') {
      const found = memberLike(ours, wanted, theirs, member.type, depth - 1);
      if (found !== undefined) return found && { ...found, bit: found.bit + member.bit };
    } else if (member.name === wanted.member!.name) return fieldsAlike(ours, wanted.member!.type, theirs, member.type) ? { step: { type: number, index, member }, bit: member.bit, next: member.type } : null;
  }
  return undefined;
}

/** The same way from a type of the kernel. */
function match(own: Way, kind: Kind, theirs: Btf, root: number): Way | undefined {
  if (own.enumerator !== undefined) {
    const type = theirs.plain(root), found = isEnum(type) ? theirs.enumerators(type).find(({ name }) => essential(name) === essential(own.enumerator!)) : undefined;
    return found && { btf: theirs, root, steps: [], bit: 0, enumerator: found.name, value: found.value };
  }
  if (!kind.startsWith('field')) return typesAlike(own.btf, own.root, theirs, root) ? { btf: theirs, root, steps: [], bit: 0 } : undefined;
  const steps: Step[] = [];
  let type = root, bit = 0;
  for (const [i, step] of own.steps.entries()) {
    type = theirs.plainNumber(type);
    if (step.member) {
      const found = memberLike(own.btf, step, theirs, type);
      if (!found) return undefined;
      steps.push(found.step);
      bit += found.bit;
      type = found.next;
      continue;
    }
    if (i > 0) {
      const array = theirs.type(type);
      if (array.kind !== 'array' || !fits(theirs, array, step.index, steps.at(-1))) return undefined;
      type = theirs.plainNumber(theirs.elementOf(array));
    }
    steps.push({ type, index: step.index });
    bit += step.index * theirs.sizeOf(type) * 8;
  }
  return { btf: theirs, root, steps, bit };
}

/** What an instruction holds of it; undefined: nothing that could be used. */
function held(kind: Kind, way: Way | undefined): Held | undefined {
  if (kind === 'fieldExists' || kind === 'typeExists' || kind === 'enumExists') return { value: way ? 1n : 0n };
  if (kind === 'localType' || kind === 'kernelType') return { value: BigInt(way?.root ?? 0) };
  if (kind === 'typeSize') return { value: BigInt(way ? way.btf.sizeOf(way.root) : 0) };
  if (!way) return undefined;
  if (kind === 'enumValue') return { value: way.value! };
  return ofField(kind, way);
}

function ofField(kind: Kind, { btf, steps, bit }: Way): Held {
  const last = steps.at(-1)!, number = btf.plainNumber(last.member?.type ?? last.type), type = btf.type(number), bits = last.member?.bits ?? 0;
  let size = bits > 0 ? type.value : btf.sizeOf(number), at = bits > 0 ? Math.floor(bit / 8 / size) * size : Math.floor(bit / 8);
  if (bits > 0 && size === 0) throw new ObjectError(`section ".BTF.ext": the bit field ${last.member!.name} has no size`);
  // The least number of bytes that holds all of a bit field.
  while (bits > 0 && bit + bits - at * 8 > size * 8) {
    if (size >= 8) throw new ObjectError(`section ".BTF.ext": the bit field ${last.member!.name} is not in 8 bytes`);
    size *= 2;
    at = Math.floor(bit / 8 / size) * size;
  }
  const vague = bits > 0;
  if (!last.member && kind !== 'fieldOffset' && kind !== 'fieldSize') throw new ObjectError('section ".BTF.ext": what is asked of an element of an array can be asked of members only');
  switch (kind) {
    case 'fieldOffset': return { value: BigInt(at), vague, ...(!vague && { size, type, unsigned: type.kind === 'int' && !isSigned(btf, type) }) };
    case 'fieldSize': return { value: BigInt(size), vague };
    case 'fieldSigned': return { value: isSigned(btf, type) ? 1n : 0n };
    case 'fieldLeftShift': return { value: BigInt(64 - (bit + (bits || size * 8) - at * 8)), vague };
    default: return { value: BigInt(64 - (bits || size * 8)) };
  }
}

/** For people: `struct task_struct.pid`. */
function named(own: Way): string {
  const { name, kind } = own.btf.type(own.root);
  return `${kind} ${name}${own.enumerator === undefined ? '' : `: ${own.enumerator}`}${own.steps.slice(1).map(({ member, index }) => (member ? `.${member.name}` : `[${index}]`)).join('')}`;
}

const LD = 0, LDX = 1, ST = 2, STX = 3, ALU = 4, ALU64 = 7, LOAD_64 = 0x18, CALL = 0x85;
/** A call of no function: libbpf's mark of what the kernel does not have. Where it can be reached, the verifier refuses it. */
const POISON = 195896080;
/** BPF_W, BPF_H, BPF_B, BPF_DW by bytes. */
const widths: Readonly<Record<number, number>> = { 4: 0, 2: 8, 1: 0x10, 8: 0x18 };

/**
 * Fits one instruction.
 * @param record struct bpf_core_relo. @param at The instruction's first byte in `code`.
 * @returns what the kernel does not have, where the instruction cannot do without.
 * @throws {ObjectError}
 */
export function fit(code: Uint8Array, at: number, record: Uint8Array, btf: Btf, kernel: KernelTypes): string | undefined {
  const reader = new Reader(record, 'section ".BTF.ext"'), root = reader.u32(4), kind = relocationKinds[reader.u32(12)];
  if (kind === undefined || kind === 'typeMatches') throw new ObjectError(`an instruction is to be fitted to the kernel's types in a way (CO-RE ${kind ?? reader.u32(12)}) that is not supported: ${otherwise}`);
  const own = parse(btf, kind, root, btf.text(reader.u32(8)));
  const view = new DataView(code.buffer, code.byteOffset), operation = code[at]!, group = operation & 7, long = operation === LOAD_64;
  const poison = (): string => {
    for (let one = at; one <= (long ? at + 8 : at); one += 8) {
      code.fill(0, one, one + 8);
      code[one] = CALL;
      view.setInt32(one + 4, POISON, true);
    }
    return named(own);
  };
  const before = held(kind, own)!;
  let after: Held | undefined;
  if (kind === 'localType') after = before;
  else {
    if (btf.type(root).name === '') throw new ObjectError(`section ".BTF.ext": a ${btf.type(root).kind} without a name is not to be found in the kernel: ${otherwise}`);
    const ways = kernel.like(btf.type(root)).map((number) => match(own, kind, kernel.btf, number)).filter((way) => way !== undefined), all = ways.map((way) => held(kind, way));
    // Number of a type: of several that are alike none is the one.
    if (all.some((one) => one?.value !== all[0]?.value) || ways.some((way) => way.bit !== ways[0]!.bit)) throw new ObjectError(`${named(own)} is not the same in all types of that name that the kernel has: ${otherwise}`);
    after = ways.length > 0 ? all[0] : held(kind, undefined);
  }
  if (!after) return poison();
  const expected = (there: bigint): void => {
    if (!before.vague && there !== before.value) throw new ObjectError(`${named(own)}: the instruction holds ${there}, not ${before.value} as the types say`);
  };
  if (group === ALU || group === ALU64) {
    if (operation & 8) throw new ObjectError(`${named(own)} is to be fitted into an instruction that holds no number`);
    expected(BigInt.asUintN(32, BigInt(view.getInt32(at + 4, true))) === BigInt.asUintN(32, before.value) ? before.value : BigInt(view.getInt32(at + 4, true)));
    view.setInt32(at + 4, Number(BigInt.asIntN(32, after.value)), true);
  } else if (group === LDX || group === ST || group === STX) {
    expected(BigInt(view.getInt16(at + 2, true)));
    if (after.value > 0x7fffn) throw new ObjectError(`${named(own)} is too far away for an instruction: ${after.value} bytes`);
    if (before.size !== after.size) {
      // Pointers of the kernel may be shorter; so may numbers, which are then filled up with zeros.
      const may = (before.type?.kind === 'pointer' && after.type?.kind === 'pointer') || (before.unsigned && after.unsigned), width = widths[after.size ?? 0];
      if (!may) return poison();
      if (width === undefined || (operation & 0x18) !== widths[before.size ?? 0]) throw new ObjectError(`${named(own)} has ${after.size} bytes in the kernel, which no instruction reads at once`);
      code[at] = (operation & ~0x18) | width;
    }
    view.setInt16(at + 2, Number(after.value), true);
  } else if (group === LD && long && at + 16 <= code.length) {
    expected(BigInt.asUintN(64, (BigInt(view.getUint32(at + 12, true)) << 32n) | BigInt(view.getUint32(at + 4, true))) === BigInt.asUintN(64, before.value) ? before.value : -1n);
    view.setUint32(at + 4, Number(BigInt.asUintN(32, after.value)), true);
    view.setUint32(at + 12, Number(BigInt.asUintN(64, after.value) >> 32n), true);
  } else throw new ObjectError(`${named(own)} is to be fitted into an instruction that holds no number (${operation})`);
  return undefined;
}
