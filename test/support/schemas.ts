/** Walks schemas as data: everything that is reachable from some, each once, with one path that leads to it. A probe (the beginning that variants share) is no schema of its own. */
import { resolve, type AnyCodec, type MessageType, type Protocol } from '../../src/codec/index.ts';
import { mptcpDiag, sctpDiag, tipcDiag } from '../../src/families/diag/index.ts';
import { families, NLCTRL_ID, nlctrl } from '../../src/families/generic/index.ts';
import { generic, protocols } from '../../src/families/index.ts';

/** Every protocol, three of them as they read sockets of some protocols, and every family of generic netlink: nlctrl at its number, the others at one of each. */
export const declared: readonly Protocol[] = [
  ...protocols.filter((p) => p !== generic), mptcpDiag, sctpDiag, tipcDiag,
  ...families.map((family, i) => family.at(family === nlctrl ? NLCTRL_ID : 0x100 + i, Object.fromEntries(Object.values(family.groups).map((name, n) => [name, n])))),
];
/** What a protocol's messages are, the commands of a family among them. */
export const messagesOf = (p: Protocol): MessageType[] => [...p.byNumber.values()].flatMap((m) => [m, m.events]).flatMap((m) => (m ? [m, ...(m.commands?.values() ?? [])] : []));


type Parts = AnyCodec & {
  readonly shape?: Readonly<Record<string, readonly [number, AnyCodec, string?]>>;
  readonly fields?: Readonly<Record<string, AnyCodec>>;
  readonly cases?: Readonly<Record<string, AnyCodec>>;
} & { readonly [part in 'header' | 'attrs' | 'element' | 'otherwise' | 'rest' | 'base']?: AnyCodec };

export function walk(codec: AnyCodec, path: string, visit: (codec: AnyCodec, path: string) => void, seen = new Set<AnyCodec>()): void {
  const c = resolve(codec) as Parts;
  if (seen.has(c)) return;
  seen.add(c);
  visit(c, path);
  for (const [key, attribute] of Object.entries(c.shape ?? {})) walk(attribute[1], `${path}.${key}`, visit, seen);
  for (const [key, field] of Object.entries(c.fields ?? {})) walk(field, `${path}.${key}`, visit, seen);
  for (const [name, schema] of Object.entries(c.cases ?? {})) walk(schema, `${path}<${name}>`, visit, seen);
  for (const part of ['header', 'attrs', 'element', 'otherwise', 'rest', 'base'] as const) if (c[part]) walk(c[part], path, visit, seen);
}
