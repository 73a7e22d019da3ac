/** A kind without a table: its scalar attributes, by the schema's names, can be set (`lower_snake` words) and are printed. */
import { constant, counter } from '../../print/formats.ts';
import type { Cell } from '../../print/printer.ts';
import type { AnyCodec } from '../../../codec/index.ts';
import { kinds as schemas } from '../../../families/route/kinds/index.ts';
import { usage } from '../../errors.ts';
import { is, to, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import { choice, device, familyOf, integer, mac, text, u64, word } from '../../values.ts';
import type { Kind } from './kind.ts';

interface Enumeration { readonly names: Readonly<Record<string, number>> }

const widths: Readonly<Record<string, [number, number]>> = {
  u8: [0, 0xff], u16: [0, 0xffff], u32: [0, 0xffffffff], be16: [0, 0xffff], be32: [0, 0xffffffff],
  s8: [-0x80, 0x7f], s16: [-0x8000, 0x7fff], s32: [-0x80000000, 0x7fffffff],
};

const anyIp: ValueType = word('ADDRESS', (given) => {
  if (!familyOf(given)) throw usage(`"${given}" is not an IP address`);
  return given;
});

/** How an attribute of this codec is written, or nothing when words cannot say it. */
function row(key: string, codec: AnyCodec): Row | undefined {
  const type = (codec as { type?: string }).type ?? codec.kind;
  if (key === 'link') return to(key, device);
  if (codec.kind === 'enum') return to(key, choice((codec as unknown as Enumeration).names, true));
  if (codec.kind === 'flag') return is(key, true);
  if (codec.kind === 'int') return to(key, integer('NUMBER', ...(widths[type] as [number, number])));
  if (codec.kind === 'long' || codec.kind === 'wide') return to(key, u64());
  if (codec.kind === 'ip') return to(key, anyIp);
  if (codec.kind === 'mac') return to(key, mac);
  if (codec.kind === 'text') return to(key, text('TEXT'));
  return undefined;
}

export function snake(key: string): string {
  return constant(key).toLowerCase();
}

const made = new Map<string, Kind>();

export function generic(name: string): Kind {
  let kind = made.get(name);
  if (kind) return kind;
  const options: Record<string, Row> = {};
  const sheet: Cell[] = [];
  const schema = (schemas as Record<string, unknown>)[name] as { readonly shape?: Readonly<Record<string, readonly [number, AnyCodec]>> } | undefined;
  for (const [key, [, codec]] of Object.entries(schema?.shape ?? {})) {
    const found = row(key, codec);
    if (!found) continue;
    options[snake(key)] = found;
    sheet.push([snake(key), `${snake(key)} % `, key, counter]);
  }
  kind = { options: options as Grammar, ...(sheet.length > 0 && { sheet }) };
  made.set(name, kind);
  return kind;
}

/** Every kind of link that has a schema. */
export function knownKinds(): string[] {
  return Object.keys(schemas);
}
