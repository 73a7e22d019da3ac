/** What goes wrong between bytes and values: always with the place. */

/** The bytes do not fit the schema. `path` names what was open, outermost first; `offset` counts from the start of the input. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly path: readonly string[];
  readonly offset: number;
  /** What is wrong, without the place. */
  readonly reason: string;
  constructor(reason: string, path: readonly string[], offset: number) {
    super(`${path.length ? `${path.join('.')}: ` : ''}${reason} (at byte ${offset})`);
    this.reason = reason;
    this.path = [...path];
    this.offset = offset;
  }
}

/** The value does not fit the schema. `path` are the keys that lead to it, outermost first. */
export class EncodeError extends TypeError {
  override readonly name = 'EncodeError';
  path: readonly string[];
  readonly reason: string;
  constructor(reason: string, path: readonly string[] = []) {
    super(place(path, reason));
    this.reason = reason;
    this.path = path;
  }
  /** The same error, one level further out. */
  under(key: string): this {
    this.path = [key, ...this.path];
    this.message = place(this.path, this.reason);
    return this;
  }
}

const place = (path: readonly string[], reason: string): string => (path.length ? `${path.join('.')}: ${reason}` : reason);

/** Runs `encode`; an error that leaves it carries `key`. */
export function rethrow(error: unknown, key: string): never {
  throw error instanceof EncodeError ? error.under(key) : error;
}

/** All keys of an interface. */
export type Keys<T> = Readonly<Record<keyof T & string, 1>>;
/** Of what a caller describes: a key that is misspelt would mean nothing, and in a filter everything. @throws {TypeError} with the key that was meant */
export function checkKeys<T extends object>(given: T, keys: Keys<T>, what: string): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${what} is an object, { ${Object.keys(keys).join(', ')} }, not ${given === null ? 'null' : typeof given}`);
  for (const key in given) if (!Object.hasOwn(keys, key) && given[key] !== undefined) throw new TypeError(`'${key}' is not a key of ${what}${didYouMean(key, Object.keys(keys)) || `: ${Object.keys(keys).join(', ')}`}`);
}

/** ", did you mean 'x'?" for the nearest of `words`, or nothing. */
export function didYouMean(word: string, words: Iterable<string>): string {
  let best = '', least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) { least = distance; best = candidate; }
  }
  return best && `, did you mean '${best}'?`;
}

/** Letters put in, left out, exchanged, or in the place of their neighbours. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i), before = row;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j] as number, (before[j - 2] as number) + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
