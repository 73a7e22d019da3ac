/** What an extended acknowledgement points at, in the words of the request's schema. */
import { type AnyCodec, type Attrs, type ExtAck, HEADER_SIZE, type Shape, type Span, resolve, spans } from '../codec/index.ts';
import type { ExtendedAck } from './netlink-error.ts';

/** The attribute that starts at `offset` of a message: its path (`linkinfo.data.peer.ifname`) and value. */
export function attributeAt(schema: AnyCodec, message: Uint8Array, offset: number): { path: string; value: unknown } | undefined {
  const trail: string[] = [];
  let found: Span | undefined;
  const all = spans(schema, message, { at: HEADER_SIZE }).spans;
  for (const [index, span] of all.entries()) {
    if (offset < span.start || offset >= span.end) continue;
    // An attribute is its header, then its value: the kernel points at the header.
    found = span.type === 'nlattr' && all[index + 1]?.start === span.end ? all[index + 1]! : span;
    if (!span.leaf) trail.push(span.name);
  }
  if (!found) return undefined;
  if (found.name !== trail.at(-1)) trail.push(found.name);
  return { path: trail.join('.'), value: found.value };
}

interface Shaped { byNumber?: ReadonlyMap<number, { key: string }>; attrs?: AnyCodec; byKey?: ReadonlyMap<string, { codec: AnyCodec }>; cases?: Record<string, AnyCodec>; by?: string; element?: AnyCodec }

/** The attribute set at the end of a path; `value` is the request, which picks the cases. */
function setAt(schema: AnyCodec, path: readonly string[], value: unknown): Attrs<Shape> | undefined {
  let codec = resolve(schema) as AnyCodec & Shaped, at = value as Record<string, unknown> | undefined;
  for (let depth = 0; ; depth++) {
    const scope = at;
    if (codec.attrs) codec = resolve(codec.attrs) as typeof codec;
    const key = path[depth];
    if (key === undefined) return codec.byNumber ? (codec as unknown as Attrs<Shape>) : undefined;
    const attribute = codec.byKey?.get(key);
    const next = attribute?.codec ?? codec.element;
    if (!next) return undefined;
    codec = resolve(next) as typeof codec;
    if (codec.cases) {
      const chosen = codec.cases[String(scope?.[codec.by!])];
      if (!chosen) return undefined;
      codec = resolve(chosen) as typeof codec;
    }
    at = at?.[key] as Record<string, unknown> | undefined;
  }
}

/** @param message the request: its bytes from the netlink header on. */
export function extendedAck(schema: AnyCodec, message: Uint8Array, body: unknown, extack: ExtAck): ExtendedAck {
  const told: ExtendedAck = {};
  if (extack.msg !== undefined) told.message = extack.msg;
  if (extack.policy) told.policy = extack.policy;
  if (extack.cookie) told.cookie = extack.cookie;
  if (extack.offs !== undefined) {
    told.offset = extack.offs;
    Object.assign(told, attributeAt(schema, message, extack.offs));
  }
  if (extack.missType !== undefined) {
    told.missing = { type: extack.missType };
    const nest = extack.missNest === undefined ? undefined : attributeAt(schema, message, extack.missNest);
    if (extack.missNest !== undefined) told.missing.nest = extack.missNest;
    const steps = nest ? nest.path.split('.') : [];
    const key = setAt(schema, steps, body)?.byNumber.get(extack.missType)?.key;
    if (key) told.missing.path = [...steps, key].join('.');
  }
  return told;
}
