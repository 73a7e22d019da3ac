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

/** ", did you mean 'x'?" for the nearest of `words`, or nothing. */
export function didYouMean(word: string, words: Iterable<string>): string {
  let best = '', least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) { least = distance; best = candidate; }
  }
  return best && `, did you mean '${best}'?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
