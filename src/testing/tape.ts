/**
 * Choices read off a list of numbers. fast-check makes and shrinks the list; whatever is built from it shrinks with
 * it, also where one choice decides which others there are (a selector and what it selects). A tape that has run out
 * says 0, the smallest choice, so that every build ends.
 */
export class Tape {
  private at = 0;
  private readonly numbers: readonly number[];
  constructor(numbers: readonly number[]) { this.numbers = numbers; }
  get exhausted(): boolean { return this.at >= this.numbers.length; }
  /** 0 to 2^32 - 1. */
  word(): number { return this.numbers[this.at++] ?? 0; }
  /** 0 to `count` - 1. */
  below(count: number): number { return count <= 1 ? 0 : this.word() % count; }
  /** True once in `outOf`, never on an exhausted tape. */
  chance(outOf: number): boolean { return !this.exhausted && this.word() % outOf === outOf - 1; }
  pick<T>(choices: readonly T[]): T { return choices[this.below(choices.length)] as T; }
  /** 64 bits. */
  long(): bigint { return BigInt(this.word()) << 32n | BigInt(this.word()); }
  /** Between `min` and `max`, its ends and zero often among them. */
  integer(min: number, max: number): number {
    const n = this.word();
    switch (n % 8) {
      case 6: return max;
      case 7: return min;
      case 5: return Math.min(max, Math.max(min, this.word() % 256));
      default: return n === 0 ? Math.min(max, Math.max(min, 0)) : min + Math.floor(this.word() / 2 ** 32 * (max - min + 1));
    }
  }
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    // A word fills four bytes, so that a tape goes far.
    for (let i = 0; i < length; i += 4) { const word = this.word(); for (let j = i; j < Math.min(i + 4, length); j++) bytes[j] = word >>> 8 * (j - i); }
    return bytes;
  }
  /** Some of `items`, in an order of the tape's choosing; about `share` of them. */
  some<T>(items: readonly T[], share: number): T[] {
    const chosen = items.filter(() => !this.exhausted && this.word() % 1000 >= 1000 * (1 - share));
    for (let i = chosen.length - 1; i > 0; i--) {
      const j = i - this.below(i + 1), held = chosen[i] as T;
      chosen[i] = chosen[j] as T;
      chosen[j] = held;
    }
    return chosen;
  }
}
