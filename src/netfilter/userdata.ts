/**
 * What user space keeps in NFTA_*_USERDATA, as libnftnl and nft write it: entries of a type, a length and so many bytes,
 * one after the other. The types depend on the object. The kernel looks at none of it.
 */

/** One entry. */
export interface Userdata { readonly type: number; readonly value: Uint8Array }

/** Types of entries, by object. */
export const userdataTypes = {
  table: { comment: 0 },
  chain: { comment: 0 },
  rule: { comment: 0, ebtablesPolicy: 1 },
  set: { keyByteorder: 0, dataByteorder: 1, mergeElements: 2, keyTypeof: 3, dataTypeof: 4, expr: 5, dataInterval: 6, comment: 7 },
  element: { comment: 0, flags: 1 },
  object: { comment: 0 },
} as const;

/** The entries. @throws {RangeError} where an entry ends behind the last byte: it is none of nft's */
export function readUserdata(bytes: Uint8Array): Userdata[] {
  const out: Userdata[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = bytes[at]!, length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) throw new RangeError(`userdata: an entry of type ${type} at byte ${at} of ${bytes.length} is cut short`);
    out.push({ type, value: bytes.slice(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return out;
}

/** The bytes of entries. @throws {RangeError} for a type or a length beyond 255, or more than 256 bytes in all, which is what the kernel takes */
export function writeUserdata(entries: readonly Userdata[]): Uint8Array {
  const size = entries.reduce((sum, { value }) => sum + 2 + value.length, 0);
  if (size > 256) throw new RangeError(`userdata: ${size} bytes, the kernel takes 256`);
  const out = new Uint8Array(size);
  let at = 0;
  for (const { type, value } of entries) {
    if (!Number.isInteger(type) || type < 0 || type > 255) throw new RangeError(`userdata: ${type} is no type, 0 to 255`);
    if (value.length > 255) throw new RangeError(`userdata: ${value.length} bytes in one entry, 255 are the most`);
    out.set([type, value.length], at);
    out.set(value, at + 2);
    at += 2 + value.length;
  }
  return out;
}

/** Objects that have comments. */
export type Commented = keyof typeof userdataTypes;

/** The comment of an object's userdata; undefined where there is none, or where it is not nft's. */
export function commentOf(userdata: Uint8Array | undefined, object: Commented = 'rule'): string | undefined {
  if (!userdata) return undefined;
  let entries: Userdata[];
  try { entries = readUserdata(userdata); } catch { return undefined; }
  const value = entries.find(({ type }) => type === userdataTypes[object].comment)?.value;
  // A NUL ends it.
  return value && new TextDecoder().decode(value.subarray(0, value.includes(0) ? value.indexOf(0) : value.length));
}

/** Userdata with this comment in the place of the one that it has. nft takes 128 bytes. @throws {RangeError} when it is too long */
export function withComment(comment: string, object: Commented = 'rule', userdata: Uint8Array = new Uint8Array()): Uint8Array {
  const { comment: type } = userdataTypes[object], text = new TextEncoder().encode(`${comment}\0`);
  if (comment.includes('\0')) throw new RangeError('a comment holds no NUL: it would end there');
  if (text.length > 129) throw new RangeError(`a comment of ${text.length - 1} bytes, 128 are the most`);
  return writeUserdata([...readUserdata(userdata).filter((entry) => entry.type !== type), { type, value: text }].sort((a, b) => a.type - b.type));
}
