/** BPF object files, taken apart without a kernel: what compilers made (fixtures/bpf), what is refused by name, and hostile bytes. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compose, link } from '../src/bpf/compose.ts';
import { KernelTypes } from '../src/bpf/fit.ts';
import { readObject, type BpfObject } from '../src/bpf/object.ts';

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../fixtures/bpf/${name}.o`, import.meta.url)));
const object = (name: string): BpfObject => readObject(bytesOf(name), `${name}.o`);
const program = (from: BpfObject, name: string) => from.programs.find((one) => one.name === name)!;
const composed = (from: BpfObject, name: string) => compose(from, program(from, name));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('what clang made', () => {
  const programs = object('programs');

  test('programs by section and name, in the order of the file; functions that are called are none', () => {
    expect(programs.programs.map(({ section, name }) => `${section.name}/${name}`)).toEqual([
      'prog/first', 'xdp/pass', 'xdp/drop', 'xdp.frags/frags', 'xdp/devmap/devmap', 'calls/calling', 'loop/looping', 'perf/reporting', 'bad/broken',
    ]);
    expect(programs.functions.map(({ name }) => name)).toContain('twice');
    expect([programs.name, programs.license]).toEqual(['programs', 'GPL']);
  });

  test('maps as their types define them, then data', () => {
    const maps = programs.maps.map(({ map: { content: _content, key, value, ...map } }) => ({ ...map, typed: key > 0 || value > 0 }));
    const basic = { flags: 0, numaNode: 0, extra: 0n };
    expect(maps.slice(0, 3)).toEqual([
      { name: 'counts', type: 2, keySize: 4, valueSize: 8, maxEntries: 4, ...basic, typed: true },
      { name: 'ports', type: 25, keySize: 4, valueSize: 8, maxEntries: 8, ...basic, typed: true },
      { name: 'events', type: 4, keySize: 4, valueSize: 4, maxEntries: 0, ...basic, typed: false },
    ]);
    expect(maps.slice(3).map(({ name, valueSize, flags, constant }) => [name, valueSize, flags, constant])).toEqual([
      ['programs.rodata', 4, 0x480, true], ['programs.data', 4, 0x400, false], ['programs.bss', 4, 0x400, false],
    ]);
  });

  test('each use of a map gets its descriptor', () => {
    const first = composed(programs, 'first'), names = first.uses.map(({ map, offset }) => [map.name, offset]);
    expect(names).toEqual([['counts', undefined], ['programs.rodata', 0], ['programs.data', 0], ['programs.bss', 0], ['ports', undefined]]);
    const code = link(first, new Map(programs.maps.map(({ map }, i) => [map, 100 + i])));
    const loads = first.uses.map(({ at }) => hex(code.subarray(at, at + 8)));
    // ld_imm64 of a map (1) or of its value (2), and the descriptor.
    expect(loads.map((load) => [load.slice(0, 2), load.slice(2, 3), parseInt(load.slice(8, 10), 16)])).toEqual([['18', '1', 100], ['18', '2', 103], ['18', '2', 104], ['18', '2', 105], ['18', '1', 101]]);
  });

  test('functions follow the program, once, and are called over their distance', () => {
    const { instructions, functions, lines } = composed(programs, 'calling'), view = new DataView(instructions.buffer);
    const calls = Array.from({ length: instructions.length / 8 }, (_, i) => i).filter((i) => instructions[i * 8] === 0x85);
    const own = program(programs, 'calling').size / 8;
    expect(calls.map((i) => i + 1 + view.getInt32(i * 8 + 4, true))).toEqual([own, own]);
    expect(functions?.count).toBe(2);
    expect([0, 1].map((i) => new DataView(functions!.bytes.buffer).getUint32(i * functions!.size, true))).toEqual([0, own]);
    expect(lines!.count).toBeGreaterThan(2);
  });

  test('a function that is handed over is named by its distance, too', () => {
    const { instructions } = composed(programs, 'looping'), own = program(programs, 'looping').size / 8;
    const at = [...instructions.keys()].find((byte) => byte % 8 === 0 && instructions[byte] === 0x18 && instructions[byte + 1]! >> 4 === 4)!;
    expect(at / 8 + 1 + new DataView(instructions.buffer).getInt32(at + 4, true)).toBe(own);
  });
});

describe('maps that are pinned, or hold maps', () => {
  const brief = ({ maps }: BpfObject) => maps.map(({ map: { name, type, keySize, valueSize, maxEntries, flags, pinned, inner, slots } }) => [name, type, keySize, valueSize, maxEntries, flags, pinned, inner?.name, slots && [...slots].map(([key, map]) => `${key}:${map.name}`).join()]);

  test('by types', () => {
    expect(brief(object('pinning'))).toEqual([['shared', 2, 4, 4, 1, 0, 'globals', undefined, undefined]]);
    const nested = object('nested'), plain = (name: string) => [name, 2, 4, 8, 2, 0, undefined, undefined, undefined];
    expect(brief(nested)).toEqual([
      plain('one'), plain('two'),
      ['table', 12, 4, 4, 4, 0, undefined, 'table.inner', '1:one,3:two'], ['kept', 13, 4, 4, 3, 0, 'globals', 'kept.inner', '2:two'], ['later', 13, 8, 4, 3, 0, undefined, 'later.inner', undefined], plain('unused'),
    ]);
    const { name, type, keySize, valueSize, maxEntries, flags } = nested.maps.at(-2)!.map.inner!;
    expect([name, type, keySize, valueSize, maxEntries, flags]).toEqual(['later.inner', 1, 2, 2, 9, 1]);
    expect(composed(nested, 'program').uses.map(({ map }) => map.name)).toEqual(['table']);
  });

  test('by numbers, as iproute2 had it', () => {
    const legacy = object('legacy');
    expect(brief(legacy)).toEqual([
      ['own', 2, 4, 8, 2, 0, 'object', undefined, undefined], ['common', 1, 4, 4, 5, 1, 'globals', undefined, undefined],
      ['inner', 2, 4, 4, 1, 0, undefined, undefined, undefined], ['table', 12, 4, 4, 3, 0, undefined, 'inner', '2:inner'],
    ]);
    expect(composed(legacy, 'program').uses.map(({ map }) => map.name)).toEqual(['table', 'own', 'common']);
    // Before there was pinning a definition was shorter.
    expect(composed(object('kernel'), 'uses_old').uses.map(({ map: { name, type, maxEntries } }) => [name, type, maxEntries])).toEqual([['old', 2, 1]]);
  });

  test('programs that are in a map', () => {
    const tails = object('tails');
    expect(tails.maps.map(({ map, programs }) => [map.name, map.type, programs])).toEqual([['jumps', 3, 5], ['counts', 2, undefined]]);
    expect(tails.programs.map(({ section }) => section.name)).toEqual(['prog', '5/2', '5/0x0', '6/0', 'plain']);
  });

  /** The file with a number in section "maps" that is another. */
  const changed = (map: number, field: number, value: number): BpfObject => {
    const bytes = bytesOf('legacy'), section = object('legacy').elf.sections.find(({ name }) => name === 'maps')!;
    const at = Buffer.from(bytes).indexOf(section.bytes);
    new DataView(bytes.buffer).setUint32(at + 36 * map + 4 * field, value, true);
    return readObject(bytes, 'legacy.o');
  };
  test.each([
    ['a way of pinning that is not known', 0, 6, 3, /way 3 of pinning map own \(of \/etc\/iproute2\/bpf_pinning\) is not supported/],
    ['no map like those that are in it', 3, 7, 8, /no map of the inner_id 8 that map table has/],
  ])('%s', (_, map, field, value, message) => {
    expect(() => changed(map, field, value)).toThrow(message);
  });
  test('a map of maps is in none', () => {
    // It says that it is in those that hold maps like it: in itself.
    expect(changed(3, 5, 7).maps[3]!.map.slots!.size).toBe(1);
  });
});

describe('fitted to the types of a kernel', () => {
  const fitted = object('fitted'), kernel = new KernelTypes(object('types').btf!);
  /** What is in the instructions that are fitted, by what is asked; undefined: a call of no function, for what there is not. */
  function held(name: string): string[] {
    const { instructions } = compose(fitted, program(fitted, name), () => kernel), view = new DataView(instructions.buffer), { section, start, size } = program(fitted, name);
    return fitted.ext!.fitted.sections.get(section.name)!.filter(({ offset }) => offset >= start && offset < start + size).map(({ offset, bytes }) => {
      const at = offset - start, operation = instructions[at]!, load = (operation & 7) === 1;
      return `${asked[bytes[12]!]} ${operation === 0x85 ? 'nothing' : load ? view.getInt16(at + 2, true) : view.getInt32(at + 4, true)}${load ? ` (${operation.toString(16)})` : ''}`;
    }).sort();
  }
  const asked = ['offset', 'size', 'exists', 'signed', 'left', 'right', 'own', 'kernel', 'type', 'length', 'enumerator', 'value'];

  test('members, in what has no name, and elements', () => {
    // net_device: mtu behind 20 bytes, name at 24, ifindex at 56, lists at 64, napi_list at 80, whose prev comes first.
    expect(held('ask_fields')).toEqual(['exists 0', 'exists 0', 'exists 0', 'exists 0', 'exists 1', 'offset 27', 'offset 56', 'offset 80', 'offset nothing', 'size 32']);
  });
  test('bit fields', () => {
    // sk_buff: cloned is bit 30 of 4 bytes at 8; mac_len has 8 bytes; len, signed, one at 24; pkt_type the bits 9 to 13 of 2 bytes at 26.
    expect(held('ask_bits')).toEqual([
      'left 33', 'left 50', 'left 56', 'offset 24', 'offset 26', 'offset 8', 'right 56', 'right 59', 'right 59', 'right 63', 'right 63', 'right 56', 'signed 0', 'signed 0', 'signed 1', 'size 1', 'size 2', 'size 4', 'size 8',
    ].sort());
  });
  test('types and enumerators', () => {
    const number = (btf: BpfObject): number => btf.btf!.types.findIndex(({ kind, name }) => kind === 'struct' && name === 'net_device');
    expect(held('ask_kinds')).toEqual([`kernel ${number(object('types'))}`, 'length 0', 'length 16', `own ${number(fitted)}`, 'type 0', 'type 0', 'type 1']);
    expect(held('ask_enums')).toEqual(['enumerator 0', 'enumerator 0', 'enumerator 1', 'value 300']);
  });
  test('a shorter number is read as what it is; functions that are called are fitted, too', () => {
    // BPF_LDX | BPF_W where it was BPF_DW.
    expect(held('reading')).toEqual(['offset 12 (61)', 'offset 8 (61)']);
    const { instructions } = compose(fitted, program(fitted, 'calling'), () => kernel), view = new DataView(instructions.buffer), loads = [...instructions.keys()].filter((at) => at % 8 === 0 && instructions[at] === 0x61);
    expect(loads.map((at) => view.getInt16(at + 2, true))).toEqual([12]);
  });
  test('what there is not is named', () => {
    expect(compose(fitted, program(fitted, 'lacks'), () => kernel).absent).toEqual(['enum nf_inet_hooks: NF_INET_NEVER', 'struct net_device.gone']);
    expect(compose(fitted, program(fitted, 'ask_enums'), () => kernel).absent).toEqual([]);
  });
});

describe('refused by name', () => {
  const kernel = object('kernel');
  test.each([
    ['uses_types', /uses_types in section "fitted".*CO-RE.*does not tell.*bpftool/],
    ['uses_symbol', /section "symbol": uses_symbol refers to bpf_prog_active, which is not in the file/],
    ['calls_out', /section "call": calls_out refers to outside, which is not in the file/],
  ])('%s', (name, message) => {
    expect(() => composed(kernel, name)).toThrow(expect.objectContaining({ name: 'ObjectError', message: expect.stringMatching(message) }));
  });
  test('what the others are about does not keep a program from being loaded', () => expect(composed(kernel, 'program').instructions.length).toBe(16));
  test.each([
    ['no ELF file', () => new Uint8Array(100), /not an ELF file/],
    ['another machine', () => Object.assign(bytesOf('lwt'), { 18: 62, 19: 0 }), /compiled for machine 62, not for BPF/],
    ['32 bits', () => Object.assign(bytesOf('lwt'), { 4: 1 }), /64 bits/],
    ['cut short', () => bytesOf('lwt').subarray(0, 1000), /ends early/],
  ])('%s', (_, make, message) => expect(() => readObject(make(), 'x.o')).toThrow(message));
});

test('hostile bytes are read, or refused as what they are', () => {
  const files = ['programs', 'lwt', 'kernel', 'pinning', 'nested', 'legacy', 'tails', 'fitted'].map(bytesOf), kernel = new KernelTypes(object('types').btf!);
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(fc.constantFrom(...files), changes, fc.option(fc.double({ min: 0, max: 1, noNaN: true })), (file, at, cut) => {
    const bytes = file.slice(0, cut === null ? file.length : Math.floor(cut * file.length));
    for (const [where, byte] of at) bytes[Math.floor(where * bytes.length)] = byte;
    try {
      const read = readObject(bytes, 'hostile.o');
      for (const one of read.programs) try { compose(read, one, () => kernel); } catch (error) { expect((error as Error).name).toBe('ObjectError'); }
    } catch (error) {
      expect((error as Error).name).toBe('ObjectError');
    }
  }), { numRuns: 4000 });
});
