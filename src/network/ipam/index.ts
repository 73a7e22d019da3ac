/** Address management: pools on disk, in the layout of CNI's `host-local`. Depends on nothing else of `nlkit/network`. */
import { contains, parseIp, subnetText } from './address.ts';
import { Ledger } from './ledger.ts';
import { choose, permitted, type Range } from './pool.ts';
import { heldBy, holderAt, lastIn, release, reserve, takenBy, takenIn, withPool, type Holder } from './store.ts';

export * from './address.ts';
export { capacity, choose, permitted, rangeOf, within, type Range, type RangeInput } from './pool.ts';
export { dropPool, heldBy, makePool, readPool, release, reserve, withPool, type Holder, type Reservations } from './store.ts';

/** No address is left, or the wanted one is not to be had. */
export class PoolError extends Error {
  readonly code: 'EXHAUSTED' | 'TAKEN';
  constructor(code: 'EXHAUSTED' | 'TAKEN', message: string) {
    super(message);
    this.code = code;
  }
  static { Object.defineProperty(this.prototype, 'name', { value: 'PoolError', configurable: true, writable: true }); }
}

/**
 * One address of each set of ranges, reserved for someone: the next free one, or a wanted one. All or nothing.
 * @param sets sets of ranges; mostly one a family
 * @param wanted addresses asked for, at most one a set
 * @throws {PoolError} when a pool is exhausted, a wanted address is taken, or the holder has an address here already
 */
export function allocate(folder: string, sets: readonly (readonly Range[])[], holder: Holder, wanted: readonly string[] = []): string[] {
  return withPool(folder, () => {
    const ledger = new Ledger(folder), own = heldBy(folder, holder, ledger);
    if (own.length > 0) throw new PoolError('TAKEN', `${holder.id} has ${own.join(', ')} for ${holder.ifname} already`);
    const got: string[] = [];
    try {
      for (const [number, { address }] of picks(folder, sets, wanted).entries()) {
        if (!reserve(folder, address, holder, String(number))) throw new PoolError('TAKEN', `${address} is taken`);
        got.push(address);
        ledger.add(address, holder.id.trim());
      }
      ledger.keep();
    } catch (error) {
      if (got.length > 0) release(folder, holder, got);
      throw error;
    }
    return got;
  });
}

/** What would be handed out now. @param besides addresses that are as good as taken @throws {PoolError} @throws {TypeError} for an address that is in no set */
export function picks(folder: string, sets: readonly (readonly Range[])[], wanted: readonly string[] = [], besides: ReadonlyMap<string, Holder> = new Map()): { address: string; wish: boolean }[] {
  const kept = takenBy(folder), taken = { has: (address: string): boolean => besides.has(address) || kept(address) };
  const wishes = wanted.map((address) => permitted(sets.flat(), address));
  return sets.map((ranges, number) => {
    const wish = wishes.find((address) => inSet(ranges, address));
    if (wish !== undefined && taken.has(wish)) throw new PoolError('TAKEN', `${wish} is taken, by ${(besides.get(wish) ?? holderAt(folder, wish))?.id}`);
    const address = wish ?? choose(ranges, taken, lastIn(folder, String(number)));
    if (address === undefined) throw new PoolError('EXHAUSTED', `no address is left in ${ranges.map(({ subnet }) => subnetText(subnet)).join(', ')}: ${new Set([...takenIn(folder).taken, ...besides.keys()]).size} are taken`);
    return { address, wish: wish !== undefined };
  });
}
const inSet = (ranges: readonly Range[], address: string): boolean => ranges.some(({ subnet }) => contains(subnet, parseIp(address)));
