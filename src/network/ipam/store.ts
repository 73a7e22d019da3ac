/**
 * Reservations on disk, as CNI's `host-local` keeps them (plugins/ipam/host-local/backend/disk): a folder a network, in it a
 * file an address that holds "ID\r\nIFNAME", `last_reserved_ip.N` a set of ranges, and `lock`, which is taken by flock(2).
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from './address.ts';
import { createFile, isDraft, namesIn, remove, replaceFile, sweep } from './files.ts';
import { forgetLedger, Ledger } from './ledger.ts';
import { lockedSync } from './lock.ts';

const LOCK = 'lock', LAST = 'last_reserved_ip.', LINE = '\r\n';

/** Who has an address. */
export interface Holder { readonly id: string; readonly ifname: string }
/** What a pool's folder holds. */
export interface Reservations {
  /** By address, in one spelling. */
  readonly held: ReadonlyMap<string, Holder>;
  /** The address handed out last, by the number of its set of ranges. */
  readonly last: ReadonlyMap<string, string>;
}

const holderOf = (text: string): Holder => { const [id = '', ifname = ''] = text.trim().split(LINE); return { id, ifname }; };
const contentOf = ({ id, ifname }: Holder): string => `${id.trim()}${LINE}${ifname}`;
/** Older versions of the plugin wrote no interface. */
const same = (a: Holder, b: Holder): boolean => a.id === b.id.trim() && (a.ifname === b.ifname || a.ifname === '');

/** The folder of a pool, made when it is not there. @returns whether it was made. */
export function makePool(folder: string): boolean {
  return mkdirSync(folder, { recursive: true, mode: 0o755 }) !== undefined;
}

/** Runs `inside` under the pool's lock. */
export const withPool = <T>(folder: string, inside: () => T): T => { makePool(folder); return lockedSync(join(folder, LOCK), inside); };

/** The address that was handed out last of a set of ranges. */
export function lastIn(folder: string, set: string): string | undefined {
  const text = textOf(join(folder, `${LAST}${set}`))?.trim();
  return text === undefined ? undefined : addressIn(text);
}
/** Questions to a pool that are answered by a look for the address's file; after more, its folder is read. */
const LOOKS = 64;
/** Whether an address is taken. What is asked for is mostly the next one, and free: to know that, a pool of thousands need not be read. */
export function takenBy(folder: string): (address: string) => boolean {
  let looks = 0, all: ReadonlySet<string> | undefined;
  return (address) => (looks++ < LOOKS ? existsSync(join(folder, address)) : (all ??= takenIn(folder).taken).has(address));
}
/** Which addresses are taken, and which were handed out last: names alone tell that. */
export function takenIn(folder: string): { readonly taken: ReadonlySet<string>; readonly last: Reservations['last'] } {
  const taken = new Set<string>(), last = new Map<string, string>();
  for (const name of namesIn(folder)) {
    if (name.startsWith(LAST)) {
      const text = textOf(join(folder, name))?.trim(), address = text === undefined ? undefined : addressIn(text);
      if (address !== undefined && !isDraft(name)) last.set(name.slice(LAST.length), address);
    } else if (isAddress.test(name)) {
      const address = addressIn(name);
      if (address !== undefined) taken.add(address);
    }
  }
  return { taken, last };
}
const isAddress = /^[0-9a-f][0-9a-f.:]*$|^::/i;
/** Who has an address. */
export function holderAt(folder: string, address: string): Holder | undefined {
  const text = textOf(join(folder, address));
  return text === undefined ? undefined : holderOf(text);
}

/** What is reserved, and by whom; a folder that is not there holds nothing. Other files are left alone. */
export function readPool(folder: string): Reservations {
  const { taken, last } = takenIn(folder), held = new Map<string, Holder>();
  // Gone in the meantime: released by the other side.
  for (const address of taken) { const holder = holderAt(folder, address); if (holder) held.set(address, holder); }
  return { held, last };
}
function addressIn(text: string): string | undefined {
  try { return canonical(text); } catch { return undefined; }
}
/** Undefined of a file that is not there. */
function textOf(path: string): string | undefined {
  try { return readFileSync(path, 'utf8'); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Reserves one address, under the pool's lock. @param set the number of its set of ranges @returns false when it is taken. */
export function reserve(folder: string, address: string, holder: Holder, set?: string): boolean {
  // Who has it does not outlive the machine's next start: nothing is forced to the disk, as the plugin does not either.
  if (!createFile(join(folder, canonical(address)), contentOf(holder), 'process')) return false;
  if (set !== undefined) replaceFile(join(folder, `${LAST}${set}`), canonical(address), 'process');
  return true;
}
/** Addresses that someone has, under the pool's lock. */
export function heldBy(folder: string, holder: Holder, ledger = new Ledger(folder)): string[] {
  const noted = ledger.of(holder.id.trim());
  if (noted) return stillHeld(folder, holder, noted);
  sweep(folder);
  const { held } = readPool(folder);
  ledger.fill(held);
  return [...held].filter(([, other]) => same(other, holder)).map(([address]) => address);
}
const stillHeld = (folder: string, holder: Holder, addresses: readonly string[]): string[] => addresses.filter((address) => { const other = holderAt(folder, address); return other !== undefined && same(other, holder); });
/**
 * Gives back all that someone has, under the pool's lock.
 * @param known where to look; everywhere by default
 * @returns the addresses
 */
export function release(folder: string, holder: Holder, known?: readonly string[]): string[] {
  const ledger = new Ledger(folder), found = known ? stillHeld(folder, holder, known) : heldBy(folder, holder, ledger);
  for (const address of found) remove(join(folder, address));
  if (found.length > 0) ledger.keep();
  return found;
}

/** Takes an empty pool's folder away; one that holds reservations, or files of others, stays as it is. @returns whether it is gone. */
export function dropPool(folder: string): boolean {
  sweep(folder);
  const names = namesIn(folder);
  if (names.some((name) => name !== LOCK && !name.startsWith(LAST))) return false;
  forgetLedger(folder);
  for (const name of names) remove(join(folder, name));
  try { rmdirSync(folder); } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY') return false;
    if (code !== 'ENOENT') throw error;
  }
  return true;
}
