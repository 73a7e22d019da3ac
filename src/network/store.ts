/** What the kernel's objects cannot hold: one JSON file a network, written whole. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkError } from './error.ts';
import { namesIn, replaceFile, sweep } from './ipam/files.ts';
import type { Where } from './operation.ts';
import type { Publish } from './publish.ts';
import type { Network } from './spec.ts';

/** A container in a network, as it was made. */
export interface Attachment {
  readonly namespace: Where;
  readonly ifname: string;
  /** The end in the host, of drivers that have one. */
  readonly port?: string;
  readonly mac?: string;
  /** 'ADDRESS/LENGTH'. */
  readonly addresses: readonly string[];
  readonly publish: readonly Publish[];
  readonly aliases: readonly string[];
  /** The container's end was made in the host, and somebody else moves, names and configures it. */
  readonly lent?: true;
}
export interface Record {
  readonly network: Network;
  /** Settings that were changed for it, and what they were. */
  readonly sysctls: readonly (readonly [key: string, value: string])[];
  /** The VLAN below it was made for it. */
  readonly madeParent?: string;
  readonly containers: Readonly<{ [name: string]: Attachment }>;
}
const HEAD = { nlkit: 'network', version: 1 } as const;

/** The folders of a state folder. */
export const places = (state: string) => ({ lock: join(state, 'lock'), records: join(state, 'networks'), pools: join(state, 'pools'), journals: join(state, 'journal') });
export const recordPath = (state: string, name: string): string => join(places(state).records, `${name}.json`);
export const poolPath = (state: string, name: string): string => join(places(state).pools, name);

/** @throws {NetworkError} STATE, DENIED */
export function prepare(state: string): void {
  const { records, pools, journals } = places(state);
  try { for (const folder of [records, pools, journals]) mkdirSync(folder, { recursive: true, mode: 0o755 }); } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException, denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    throw new NetworkError(denied ? 'DENIED' : 'STATE', `the state folder cannot be made: ${message}`, denied ? 'run as root, or name a folder of your own in NLKIT_STATE' : undefined, error);
  }
}
/** Forgets what a process that was killed had begun to write. Only under the state's lock. */
export const sweepRecords = (state: string): void => { sweep(places(state).records); sweep(places(state).journals); };

export const recordText = (record: Record): string => `${JSON.stringify({ ...HEAD, ...record }, undefined, 2)}\n`;
export const replaceRecord = replaceFile;

/** @throws {NetworkError} STATE for a file that is damaged or not ours: it is left as it is. */
function parseRecord(path: string, name: string, text: string): Record {
  const bad = (what: string, cause?: unknown): NetworkError => new NetworkError('STATE', `${path} ${what}`, 'it is left as it is: mend it, or move it away', cause);
  let value: typeof HEAD & Record;
  try { value = JSON.parse(text) as typeof HEAD & Record; } catch (error) { throw bad(`is damaged: ${(error as Error).message}`, error); }
  if (value?.nlkit !== HEAD.nlkit) throw bad('is not a network of nlkit\'s');
  if (value.version !== HEAD.version) throw bad(`is of version ${String(value.version)}, which this nlkit does not know`);
  if (value.network?.name !== name || !Array.isArray(value.network.subnets) || typeof value.containers !== 'object' || !Array.isArray(value.sysctls)) throw bad('is damaged: it does not describe that network');
  const { nlkit: _nlkit, version: _version, ...record } = value;
  return record;
}

/** All networks, by name. @throws {NetworkError} STATE */
export function readRecords(state: string): Map<string, Record> {
  const { records } = places(state), all = new Map<string, Record>();
  for (const file of namesIn(records).filter((name) => name.endsWith('.json')).sort()) {
    const name = file.slice(0, -'.json'.length), path = join(records, file);
    let text: string;
    try { text = readFileSync(path, 'utf8'); } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new NetworkError('STATE', `${path} cannot be read: ${(error as Error).message}`, undefined, error);
    }
    all.set(name, parseRecord(path, name, text));
  }
  return all;
}
/** Whether the pool's folder was there before the network. */
export const poolExists = (state: string, name: string): boolean => existsSync(poolPath(state, name));
