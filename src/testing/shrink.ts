/** Tapes by number, and how they are made smaller: what is built from a tape can be made again, and shrinks, without fast-check. */

/** The numbers of a tape: the same for the same seed and number, whatever was made before. @param length how many; its own choice when left out: mostly few, since what holds little gets further */
export function tapeOf(seed: number, number: number, length?: number): number[] {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)) >>> 0;
  // splitmix32
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const most = length ?? [12, 16, 24, 32, 48, 64, 96, 160][next() % 8] as number;
  return Array.from({ length: most }, next);
}

/**
 * The smallest tape that is found which still does what the given one does: parts of it are taken away, then its numbers are made smaller. As far
 * as `tries` go.
 */
export function shrink(tape: readonly number[], holds: (tape: readonly number[]) => boolean, tries = 200): readonly number[] {
  let best = tape, left = tries;
  const better = (candidate: readonly number[]): boolean => {
    if (left-- <= 0 || !holds(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let again = true; again && left > 0;) {
    again = false;
    for (let size = Math.max(1, best.length >> 1); size >= 1 && left > 0; size >>= 1) {
      for (let at = best.length - size; at >= 0 && left > 0; at -= size) if (better([...best.slice(0, at), ...best.slice(at + size)])) again = true;
    }
    for (let at = 0; at < best.length && left > 0; at++) {
      for (const smaller of [0, (best[at] as number) >>> 16, (best[at] as number) >>> 1]) if (smaller < (best[at] as number) && better(best.with(at, smaller))) { again = true; break; }
    }
  }
  return best;
}
