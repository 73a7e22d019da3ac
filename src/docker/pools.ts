/** The engine's address pools, on disk: a file a pool, which counts who asked for it, and a folder of addresses beside it, as host-local keeps them. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, overlap, parseSubnet, picks, PoolError, rangeOf, release, reserve, subnetText, within, withPool, type Holder, type Range } from '../network/index.ts';
import { namesIn, remove, replaceFile } from '../network/ipam/files.ts';
import { PluginError } from './error.ts';
import type { PoolInput } from './request.ts';

interface Pool { readonly space: string; readonly subnet: string; readonly range?: string; readonly references: number }
const HEAD = { nlkit: 'docker-pool', version: 1 } as const, FILE = '.json';

/** The same pool, the same identifier. */
const idOf = ({ space, subnet, range }: Omit<Pool, 'references'>): string => [space, subnet, ...(range === undefined ? [] : [range])].join('/');
const holderOf = (address: string): Holder => ({ id: `docker:${address}`, ifname: '' });

/** What is wrong with addresses is the request's. */
function said<T>(read: () => T): T {
  try { return read(); } catch (error) {
    if (error instanceof TypeError || error instanceof PoolError) throw new PluginError(error.message);
    throw error;
  }
}

/** Pools under a folder. One caller at a time. */
export class Pools {
  readonly #folder: string;
  constructor(folder: string) { this.#folder = folder; }

  #path(id: string): string { return join(this.#folder, encodeURIComponent(id)); }
  #read(id: string): Pool | undefined {
    const path = this.#path(id) + FILE;
    try {
      const { nlkit, version, ...pool } = JSON.parse(readFileSync(path, 'utf8')) as typeof HEAD & Pool;
      if (nlkit !== HEAD.nlkit || version !== HEAD.version) throw new SyntaxError('it is not a pool of this version');
      return pool;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof SyntaxError) throw new PluginError(`${path} is damaged: ${error.message}; it is left as it is`);
      throw error;
    }
  }
  #known(id: string): Pool {
    const pool = this.#read(id);
    if (!pool) throw new PluginError(`there is no pool "${id}"`);
    return pool;
  }
  #write(pool: Pool): void {
    mkdirSync(this.#folder, { recursive: true });
    replaceFile(this.#path(idOf(pool)) + FILE, `${JSON.stringify({ ...HEAD, ...pool })}\n`);
  }
  #all(): Pool[] {
    return namesIn(this.#folder).filter((name) => name.endsWith(FILE)).map((name) => this.#known(decodeURIComponent(name.slice(0, -FILE.length))));
  }
  /** All subnets, of whatever space. */
  subnets(): string[] { return this.#all().map(({ subnet }) => subnet); }

  /** Makes a pool, or counts one more who uses it. @throws {PluginError} */
  request({ space, subnet: given, range }: PoolInput & { readonly subnet: string }): { PoolID: string; Pool: string; Data: object } {
    const subnet = said(() => subnetText(parseSubnet(given))), wanted = { space, subnet, ...(range !== undefined && { range: said(() => subnetText(parseSubnet(range))) }) }, id = idOf(wanted), known = this.#read(id);
    rangesOf(wanted);
    const other = known ? undefined : this.#all().find((one) => one.space === space && overlap(parseSubnet(one.subnet), parseSubnet(subnet)));
    if (other) throw new PluginError(`the pool ${subnet} overlaps ${other.subnet}, in use`);
    this.#write({ ...wanted, references: (known?.references ?? 0) + 1 });
    return { PoolID: id, Pool: subnet, Data: {} };
  }
  /** Counts one less; the last takes the pool's addresses along. One that is not there is as good as released. */
  release(id: string): void {
    const pool = this.#read(id);
    if (!pool) return;
    if (pool.references > 1) return this.#write({ ...pool, references: pool.references - 1 });
    remove(this.#path(id) + FILE);
    rmSync(this.#path(id), { recursive: true, force: true });
  }
  /** Reserves an address, a named one or the next. @throws {PluginError} when it is taken, or none is left */
  requestAddress(id: string, wish?: string): { Address: string; Data: object } {
    const pool = this.#known(id), folder = this.#path(id);
    return said(() => withPool(folder, () => {
      const [picked] = picks(folder, [rangesOf(pool)], wish === undefined ? [] : [wish]) as [{ address: string; wish: boolean }], { address } = picked;
      if (!reserve(folder, address, holderOf(address), picked.wish ? undefined : '0')) throw new PoolError('TAKEN', `${address} is taken`);
      return { Address: `${address}/${parseSubnet(pool.subnet).length}`, Data: {} };
    }));
  }
  /** An address that nobody has is as good as released. @throws {PluginError} */
  releaseAddress(id: string, given: string): void {
    const address = said(() => canonical(given)), folder = this.#path(id);
    if (this.#read(id)) withPool(folder, () => release(folder, holderOf(address), [address]));
  }
}
/** Of all the subnet, the engine itself says which address is the gateway's. */
const rangesOf = ({ subnet, range }: Pick<Pool, 'subnet' | 'range'>): Range[] => [said(() => rangeOf({ subnet, gateway: null, ...(range !== undefined && within(subnet, range)) }))];
