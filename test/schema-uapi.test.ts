/**
 * Numbers, names and layouts of every schema against the kernel's headers, as a C compiler saw them (fixtures/uapi.json).
 * The schemas are found by walking; what the headers cannot tell is listed in support/uapi-exceptions.ts, with reasons.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kernelName, NETLINK_GENERIC, type AnyCodec, type Attrs, type Enumeration, type Fields, type Flags, type Shape, type Struct } from '../src/codec/index.ts';
import { declared, messagesOf, walk } from './support/schemas.ts';
import { absentEnums, absentGroups, absentMessages, absentPrefixes, absentStructs, absentNames, followed, incomplete, members, notDeclared, otherwiseNamed, subsystems, unsaid, wholeHeaders } from './support/uapi-exceptions.ts';

interface Uapi {
  version: string;
  constants: Record<string, Record<string, number | string>>;
  enums: Record<string, [first: string, count: number][]>;
  structs: Record<string, { size: number; members: Record<string, [offset: number, size: number]>; bits?: string[] }>;
}
const uapi = JSON.parse(readFileSync(new URL('../fixtures/uapi.json', import.meta.url), 'utf8')) as Uapi;

/** Two headers may give one name to two numbers. */
const values = new Map<string, Set<number>>();
/** The names of the enum that a name is in. */
const enumOf = new Map<string, string[]>();
for (const [header, names] of Object.entries(uapi.constants)) {
  for (const [name, value] of Object.entries(names)) values.set(name, (values.get(name) ?? new Set()).add(Number(value)));
  const all = Object.keys(names);
  for (const [first, count] of uapi.enums[header] ?? []) {
    const own = all.slice(all.indexOf(first), all.indexOf(first) + count);
    for (const name of own) if (!enumOf.has(name)) enumOf.set(name, own);
  }
}
const numberOf = (name: string): number => [...(values.get(name) ?? [])][0] as number;

const found: { codec: AnyCodec; path: string }[] = [];
const seen = new Set<AnyCodec>();
for (const protocol of declared) {
  for (const message of messagesOf(protocol)) {
    for (const schema of [message.schema, (message as { request?: AnyCodec }).request]) if (schema) walk(schema, message.name, (codec, path) => found.push({ codec, path }), seen);
  }
}
const of = <T extends AnyCodec>(kind: string): { codec: T; path: string }[] => found.filter(({ codec }) => codec.kind === kind) as { codec: T; path: string }[];
const sets = of<Attrs<Shape>>('attrs');

/** Names that only mark an enum's ends, or number 0. */
const marker = (name: string): boolean => /^(__|NUM_)/.test(name) || /_(MAX|LAST|MIN|CNT|NUM)$/.test(name) || /_(UNSPEC|UNSPECIFIED|NONE|INVALID|UNUSED\d*|UNDEFINED|BASE)$/.test(name);

/** Why the headers do not have a name, by how it begins. */
const absent = (name: string): string | undefined => Object.keys(absentPrefixes).find((prefix) => name.startsWith(prefix));

/** A table of exceptions may hold nothing that is not needed: it would hide the next mistake. */
const unneeded = (table: Readonly<Record<string, string>>, used: ReadonlySet<string>): string[] => Object.keys(table).filter((name) => !used.has(name));

test('the schemas are found', () => {
  expect(sets.length).toBeGreaterThan(100);
  expect(of('struct').length).toBeGreaterThan(30);
});

describe(`numbers, against ${uapi.version}`, () => {
  test('messages and multicast groups', () => {
    const wrong: string[] = [];
    /** Netfilter's message types have a subsystem in their upper byte, RDMA's a client in their upper 6 bits. */
    const base = (name: string): number => { const of = Object.entries(subsystems).find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'NFNL_SUBSYS_NONE'; return numberOf(of) << (of.startsWith('NFNL_') ? 8 : 10); };
    for (const protocol of declared) {
      const messages = [...protocol.byNumber].flatMap(([number, { commands, events, ...message }]) => (commands ? [...commands, ...(events?.commands ?? [])] : [[number, message] as const]));
      for (const [number, message] of messages) if (values.has(message.name) ? base(message.name) + numberOf(message.name) !== number : !(message.name in absentNames || message.name in absentMessages || absent(message.name))) wrong.push(`${message.name} ${number}`);
      // Groups of generic netlink are numbered when they are registered.
      if (protocol.number !== NETLINK_GENERIC) for (const [number, name] of Object.values(protocol.groups as Record<string, readonly [number, string]>)) if (values.has(name) ? numberOf(name) !== number : !(name in absentGroups)) wrong.push(`${name} ${number}`);
    }
    expect(wrong).toEqual([]);
  });

  test('attributes', () => {
    const wrong: string[] = [], used = new Set<string>();
    for (const { codec, path } of sets) {
      for (const { key, number, name } of codec.byNumber.values()) {
        const known = values.get(name);
        if (!known) {
          const reason = name in absentNames ? name : absent(name);
          if (reason) used.add(reason);
          else wrong.push(`${path}.${key}: no ${name} in the headers`);
        } else if (!known.has(number)) wrong.push(`${path}.${key}: ${name} is ${[...known].join(' or ')}, not ${number}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(unneeded({ ...absentNames, ...absentPrefixes }, used)).toEqual([]);
  });

  test('enums and flags', () => {
    const wrong: string[] = [], used = new Set<string>();
    for (const { codec, path } of [...of<Enumeration<string>>('enum'), ...of<Flags<string>>('flags')]) {
      if (codec.prefix === undefined) continue;
      for (const [key, number] of Object.entries(codec.names)) {
        const plain = kernelName(codec.prefix, key), name = otherwiseNamed[plain] ?? plain, known = values.get(name);
        // Constants may be signed in C, and are not on the wire.
        if (known && [...known].some((value) => value === number || value >>> 0 === number)) continue;
        if (name in absentEnums) used.add(name);
        else if (known || !absent(name)) wrong.push(`${path}: ${name} is ${known ? [...known].join(' or ') : 'not in the headers'}, not ${number}`);
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
    expect(unneeded(absentEnums, used)).toEqual([]);
  });
});

describe('completeness', () => {
  test('every attribute of an enum that a schema declares from', () => {
    const declared = new Set(sets.flatMap(({ codec }) => [...codec.byNumber.values()].map(({ name }) => name)));
    const missing = new Map<string, string>(), used = new Set<string>();
    for (const name of declared) {
      const members = enumOf.get(name);
      if (!members) continue;
      const reason = Object.keys(incomplete).find((prefix) => name.startsWith(prefix) && members.every((m) => m.startsWith(prefix) || m.startsWith(`__${prefix}`)));
      if (reason) { used.add(reason); continue; }
      // An alias of a declared attribute (IFLA_IF_NETNSID) is declared.
      const numbers = new Set(members.filter((member) => declared.has(member)).map(numberOf));
      for (const member of members) if (!numbers.has(numberOf(member)) && !marker(member) && numberOf(member) !== 0) missing.set(member, name);
    }
    for (const name of missing.keys()) if (name in notDeclared) { used.add(name); missing.delete(name); }
    expect([...missing.keys()]).toEqual([]);
    expect(unneeded({ ...incomplete, ...notDeclared }, used)).toEqual([]);
  });

  test('every name of a header that is declared as a whole', () => {
    const named = new Set<string>(), missing: string[] = [], used = new Set<string>();
    for (const { codec } of sets) for (const { name } of codec.byNumber.values()) named.add(name);
    for (const { codec } of [...of<Enumeration<string>>('enum'), ...of<Flags<string>>('flags')]) if (codec.prefix !== undefined) for (const key of Object.keys(codec.names)) named.add(kernelName(codec.prefix, key));
    for (const protocol of declared) {
      for (const { name } of messagesOf(protocol)) named.add(name);
      for (const [, name] of Object.values(protocol.groups)) named.add(name);
    }
    for (const header of wholeHeaders) {
      for (const name of Object.keys(uapi.constants[header] ?? expect.fail(`no ${header}`))) {
        const alias = enumOf.get(name)?.some((other) => named.has(other) && numberOf(other) === numberOf(name));
        if (named.has(name) || alias || marker(name)) continue;
        const reason = Object.keys(unsaid).find((pattern) => new RegExp(`^(${pattern})$`).test(name));
        if (reason) used.add(reason); else missing.push(name);
      }
    }
    expect(missing).toEqual([]);
    expect(unneeded(unsaid, used)).toEqual([]);
  });
});

describe('struct layouts', () => {
  const camel = (name: string): string => name.replace(/^_+/, '').replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
  /** ifi_index is `index`, udiag_vfs_ino is `ino`: C prefixes members, schemas do not. */
  const named = (name: string, key: string): boolean => {
    const words = name.replace(/^_+/, '').split('_');
    return [0, 1, 2].some((drop) => camel(words.slice(drop).join('_')) === key);
  };

  /** Bytes from a member to the next one that is no padding. */
  const filled = (codec: Struct<Fields>, offset: number): number =>
    Math.min(codec.size, ...codec.places.filter((place) => !place.hidden && place.offset > offset).map((place) => place.offset)) - offset;

  test('sizes, offsets and member names', () => {
    const wrong: string[] = [], used = new Set<string>(), usedMembers = new Set<string>();
    for (const { codec, path } of of<Struct<Fields>>('struct')) {
      const c = uapi.structs[codec.type];
      if (!c) {
        if (codec.type in absentStructs) used.add(codec.type);
        else wrong.push(`${path}: no struct ${codec.type} in the headers`);
        continue;
      }
      if (codec.type in followed) used.add(codec.type);
      else if (c.size !== codec.size) wrong.push(`struct ${codec.type}: ${c.size} bytes, not ${codec.size}`);
      const names = Object.keys(c.members);
      for (const place of codec.places) {
        if (place.hidden || (codec.type in followed && place.offset >= c.size)) continue;
        const id = `${codec.type}.${place.key}`;
        const name = members[id] ?? names.find((m) => camel(m) === place.key) ?? names.find((m) => named(m, place.key));
        if (members[id]) usedMembers.add(id);
        if (place.codec.kind === 'bits') {
          const { widths } = place.codec as unknown as { widths: object };
          for (const field of Object.keys(widths)) {
            // wscale: { snd, rcv } is snd_wscale and rcv_wscale; accecn: { optSeen } is accecn_opt_seen.
            const whole = [field, `${field}${capital(place.key)}`, `${place.key}${capital(field)}`];
            if (!/^(unused|reserved|pad)/.test(field) && !(c.bits ?? []).some((m) => whole.some((key) => named(m, key)))) wrong.push(`struct ${codec.type}: no bit-field ${field} (${c.bits?.join(' ')})`);
          }
          continue;
        }
        const layout = name === undefined ? undefined : c.members[name];
        if (!layout) wrong.push(`struct ${codec.type}: no member ${place.key} (${names.join(' ')})`);
        // One case of a union may be smaller than the union: padding fills it up.
        else if (layout[0] !== place.offset || (layout[1] !== place.size && filled(codec, place.offset) !== layout[1])) wrong.push(`struct ${codec.type}.${place.key}: at ${layout[0]}, ${layout[1]} bytes; not at ${place.offset}, ${place.size} bytes`);
      }
      // Every byte that a C member has is some member here, padding and reserved ones included.
      for (const [name, [offset, size]] of Object.entries(c.members)) {
        const end = offset + size;
        if (size > 0 && !codec.places.some((place) => place.offset < end && offset < place.offset + place.size)) wrong.push(`struct ${codec.type}: member ${name} is not declared`);
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
    expect(unneeded({ ...absentStructs, ...followed }, used)).toEqual([]);
    expect(unneeded(members, usedMembers)).toEqual([]);
  });
});
