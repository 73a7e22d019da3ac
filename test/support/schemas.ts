/** Walks schemas as data: everything that is reachable from some, each once, with one path that leads to it. A probe (the beginning that variants share) is no schema of its own. */
import { resolve, type AnyCodec } from '../../src/codec/index.ts';

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
