/** Maps as an object file defines them: in section ".maps" by types, in sections of data by what is there. */
import { ObjectError, Reader } from './bytes.ts';
import type { Btf, Member, Type } from './btf.ts';
import type { MapAttributes } from './call.ts';
import { STT_OBJECT, type Elf, type Section } from './elf.ts';

/** A map as the file has it: types are numbers of its BTF; 0: none. */
export interface MapDefinition extends Omit<MapAttributes, 'ifindex' | 'btf' | 'inner'> {
  readonly key: number;
  readonly value: number;
  /** Of a section of data: what is in it, and whether nobody may write there. */
  readonly content?: Uint8Array;
  readonly constant?: boolean;
  /** It outlives the program in a file of its name: one for all objects, or of objects like this alone. */
  readonly pinned?: 'globals' | 'object';
  /** Of a map of maps: what the maps in it are like. */
  readonly inner?: MapDefinition;
  /** Of a map of maps: those that are in it from the start, by key. */
  readonly slots?: ReadonlyMap<number, MapDefinition>;
}

/** Where a map is defined. */
export interface PlacedMap {
  readonly section: Section;
  readonly at: number;
  readonly map: MapDefinition;
  /** By which a section names it whose program is in it: `id/key`. */
  readonly programs?: number;
}

/** BPF_MAP_TYPE_* that are told apart. Source: include/uapi/linux/bpf.h. */
export const mapTypes = {
  array: 2, progArray: 3, perfEventArray: 4, stackTrace: 7, cgroupArray: 8, arrayOfMaps: 12, hashOfMaps: 13, devmap: 14, sockmap: 15, cpumap: 16, xskmap: 17, sockhash: 18, devmapHash: 25,
} as const;
/** BPF_F_*: programs only read the map; processes may map its memory. */
export const mapFlags = { rdonlyProg: 0x80, mmapable: 0x400 } as const;
/** Maps whose values are maps. */
const nests: ReadonlySet<number> = new Set([mapTypes.arrayOfMaps, mapTypes.hashOfMaps]);

/** What is done with objects of this kind by the people who make them. */
export const otherwise = 'load it with bpftool, and name the file that it is pinned to: "pinned FILE"';

/** As it is put together. */
type Making = { -readonly [K in keyof MapDefinition]: MapDefinition[K] };
const blank = (name: string): Making => ({ name, type: 0, keySize: 0, valueSize: 0, maxEntries: 0, flags: 0, numaNode: 0, extra: 0n, key: 0, value: 0 });

// -- by types: section ".maps" ------------------------------------------------------------------------------

/** Keys of a definition that hold a number: `__uint(max_entries, 4)` is a pointer to an array of 4. */
const numbers: Readonly<Record<string, 'type' | 'maxEntries' | 'flags' | 'numaNode' | 'keySize' | 'valueSize'>> = { type: 'type', max_entries: 'maxEntries', map_flags: 'flags', numa_node: 'numaNode', key_size: 'keySize', value_size: 'valueSize' };

/** `LIBBPF_PIN_NONE`, `LIBBPF_PIN_BY_NAME`. */
const PIN_NONE = 0, PIN_BY_NAME = 1;

/** The maps of section ".maps". @throws {ObjectError} */
export function definedMaps(section: Section, elf: Elf, btf: Btf | undefined): PlacedMap[] {
  if (!btf) throw new ObjectError('section ".maps" has no types: compile with -g');
  const types = btf.type(btf.dataSection('.maps'));
  const all = btf.variables(types).map(({ name, type }) => {
    const symbol = elf.symbols.find((one) => one.name === name && one.section === section);
    if (!symbol) throw new ObjectError(`section ".maps": there is no symbol for map ${name}`);
    const map = blank(name), definition = btf.plain(type);
    for (const member of btf.members(definition)) definedBy(map, member, btf);
    // What is in a map of maps stands behind its definition.
    const values = btf.members(definition).find((member) => member.name === 'values');
    return { section, at: symbol.value, size: symbol.size, values: symbol.value + Math.floor((values?.bit ?? 0) / 8), map };
  }).sort((a, b) => a.at - b.at);
  for (const { offset, symbol } of elf.relocations.get(section) ?? []) {
    const outer = all.find(({ at, values, size, map }) => map.inner && offset >= values && offset < at + size);
    const inner = all.find(({ at }) => symbol.section === section && at === symbol.value);
    if (!outer || !inner || inner.map.inner || (offset - outer.values) % 8) throw new ObjectError(`section ".maps": at byte ${offset}, ${symbol.name || 'what has no name'} is no map in a map of maps: ${otherwise}`);
    outer.map.slots = new Map([...(outer.map.slots ?? []), [(offset - outer.values) / 8, inner.map]]);
  }
  return all.map(({ at, map }) => ({ section, at, map }));
}

function definedBy(map: Making, member: Member, btf: Btf, within?: Making): void {
  const pointer = btf.plain(member.type), named = `section ".maps": "${member.name}" of map ${map.name}`;
  const number = (): number => {
    if (pointer.kind !== 'pointer') throw new ObjectError(`${named} is a ${pointer.kind}, not a number`);
    return btf.lengthOf(btf.plain(pointer.value));
  };
  const key = numbers[member.name];
  if (key !== undefined) map[key] = number();
  else if (member.name === 'map_extra') map.extra = BigInt(number());
  else if (member.name === 'key' || member.name === 'value') {
    if (pointer.kind !== 'pointer') throw new ObjectError(`${named} is a ${pointer.kind}, not a type`);
    map[member.name] = pointer.value;
    map[`${member.name}Size`] = btf.sizeOf(pointer.value);
  } else if (member.name === 'values' && map.type !== mapTypes.progArray) {
    if (within) throw new ObjectError(`${named}: maps of maps of maps are not supported by the kernel`);
    if (!nests.has(map.type)) throw new ObjectError(`${named}, which is no map of maps, is not supported: ${otherwise}`);
    const each = pointer.kind === 'array' ? btf.plain(btf.elementOf(pointer)) : pointer, inner = each.kind === 'pointer' ? btf.plain(each.value) : each;
    if (pointer.kind !== 'array' || each.kind !== 'pointer' || inner.kind !== 'struct') throw new ObjectError(`${named} is no array of maps`);
    map.valueSize = 4;
    map.inner = innerMap(`${map.name}.inner`, inner, map, btf);
  } else if (member.name === 'pinning') {
    const pinning = number();
    if (within || (pinning !== PIN_NONE && pinning !== PIN_BY_NAME)) throw new ObjectError(within ? `${named}: a map inside of a map is not pinned` : `${named}: there is no way ${pinning} of pinning a map`);
    if (pinning === PIN_BY_NAME) map.pinned = 'globals';
  } else throw new ObjectError(`${named} is not supported: ${otherwise}`);
}

function innerMap(name: string, definition: Type, outer: Making, btf: Btf): MapDefinition {
  const map = blank(name);
  for (const member of btf.members(definition)) definedBy(map, member, btf, outer);
  return map;
}

// -- by numbers: section "maps", as iproute2 had it before there were types (include/bpf_elf.h) -------------

/** What follows type, sizes, entries and flags in struct bpf_elf_map. */
const PIN_OBJECT_NS = 1, PIN_GLOBAL_NS = 2;
const legacyLength = 36, shortLength = 16;

/** @throws {ObjectError} */
export function legacyMaps(section: Section, elf: Elf): PlacedMap[] {
  const reader = new Reader(section.bytes, 'section "maps"');
  const symbols = elf.symbols.filter((symbol) => symbol.section === section && symbol.type === STT_OBJECT).sort((a, b) => a.value - b.value);
  const length = section.bytes.length / Math.max(symbols.length, 1);
  if (!Number.isInteger(length / 4) || length < shortLength || length > legacyLength) throw new ObjectError(`section "maps": its ${symbols.length} maps of ${section.bytes.length} bytes are no "struct bpf_elf_map": define them in section ".maps"`);
  const all = symbols.map(({ name, value: at }) => {
    const [type = 0, keySize = 0, valueSize = 0, maxEntries = 0, flags = 0, id = 0, pinning = 0, innerId = 0, innerIndex = 0] = Array.from({ length: length / 4 }, (_, i) => reader.u32(at + 4 * i));
    if (pinning > PIN_GLOBAL_NS) throw new ObjectError(`section "maps": way ${pinning} of pinning map ${name} (of /etc/iproute2/bpf_pinning) is not supported: ${otherwise}`);
    const map: Making = { ...blank(name), type, keySize, valueSize, maxEntries, flags };
    if (pinning === PIN_OBJECT_NS) map.pinned = 'object';
    if (pinning === PIN_GLOBAL_NS) map.pinned = 'globals';
    return { section, at, map, id, innerId, innerIndex };
  });
  for (const { map, innerId } of all.filter((one) => nests.has(one.map.type))) {
    const like = all.find(({ id, map: { type } }) => id !== 0 && id === innerId && !nests.has(type));
    if (!like) throw new ObjectError(`section "maps": there is no map of the inner_id ${innerId} that map ${map.name} has`);
    map.inner = like.map;
    map.slots = new Map(all.filter((one) => one.id === innerId && !nests.has(one.map.type) && one.innerIndex !== NO_INDEX).map((one) => [one.innerIndex, one.map]));
  }
  return all.map(({ at, map, id }) => ({ section, at, map, ...(map.type === mapTypes.progArray && id !== 0 && { programs: id }) }));
}
/** The inner_idx of a map that others are like, and that is in none. */
const NO_INDEX = 0xffffffff;

// -- data ---------------------------------------------------------------------------------------------------

const dataSections = /^\.(data|rodata|bss)(\.|$)/;

/** A section of data is an array of one, which programs see as memory. */
export function dataMap(section: Section, object: string, btf: Btf | undefined): PlacedMap[] {
  const kind = dataSections.exec(section.name)?.[1];
  if (kind === undefined || section.size === 0) return [];
  const value = btf?.dataSection(section.name) ?? 0, constant = kind === 'rodata';
  const seen = value !== 0 && btf?.variables(btf.type(value)).some(({ isStatic }) => !isStatic);
  if (section.size > 0xffffffff) throw new ObjectError(`section "${section.name}" is too large: ${section.size} bytes`);
  // As bpftool finds it: what is left of the object's name, and the section's.
  const name = section.name.lastIndexOf('.') > 0 ? section.name : object.slice(0, 15 - Math.max(7, section.name.length)) + section.name;
  return [{ section, at: 0, map: {
    name, type: mapTypes.array, keySize: 4, valueSize: section.size, maxEntries: 1, flags: (constant ? mapFlags.rdonlyProg : 0) | (seen ? mapFlags.mmapable : 0), numaNode: 0, extra: 0n, key: 0, value, constant,
    // What is made is full of zeros.
    ...(section.bytes.length > 0 && { content: section.bytes }),
  } }];
}
