/**
 * What the kernel's objects cannot hold: one JSON file a network, and one a container in it, each written whole. So what a container
 * costs does not grow with how many there are.
 */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NetworkError, unwritable } from './error.ts';
import { withPool } from './ipam/index.ts';
import { namesIn, remove, replaceFile, sweep, syncFolder, type Lasting } from './ipam/files.ts';
import type { Where } from './operation.ts';
import type { Publish } from './publish.ts';
import { isName, type Network } from './spec.ts';

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
/** How the files begin. Version 1 had the containers in the network's file. */
const VERSION = 2, NETWORK = { nlkit: 'network', version: VERSION } as const, CONTAINER = { nlkit: 'container', version: VERSION } as const;
type Head = typeof NETWORK | typeof CONTAINER;
const END = '.json', HOSTS = 'hosts';

/** The folders of a state folder. */
export const places = (state: string) => ({ lock: join(state, 'lock'), records: join(state, 'networks'), containers: join(state, 'containers'), pools: join(state, 'pools'), journals: join(state, 'journal') });
export const recordPath = (state: string, name: string): string => join(places(state).records, `${name}${END}`);
export const poolPath = (state: string, name: string): string => join(places(state).pools, name);
/** The folder of what is in a network. */
export const insidePath = (state: string, name: string): string => join(places(state).containers, name);
export const hostsPath = (state: string, name: string): string => join(insidePath(state, name), HOSTS);
export const attachmentPath = (state: string, name: string, container: string): string => join(insidePath(state, name), `${container}${END}`);

/** @throws {NetworkError} STATE, DENIED */
export function prepare(state: string): void {
  const { records, containers, pools, journals } = places(state);
  try { for (const folder of [records, containers, pools, journals]) mkdirSync(folder, { recursive: true, mode: 0o755 }); } catch (error) { throw unwritable('made', error); }
}
/** Forgets what a process that was killed had begun to write, in a journal, and beside it. Only under the state's lock. */
export const sweepJournals = (state: string): void => sweep(places(state).journals);
export function sweepRecords(state: string): void {
  const { records, containers, pools } = places(state);
  sweep(records);
  for (const name of namesIn(containers)) sweep(insidePath(state, name));
  for (const name of namesIn(pools)) withPool(poolPath(state, name), () => sweep(poolPath(state, name)));
}

const textOf = (head: Head, value: object): string => `${JSON.stringify({ ...head, ...value }, undefined, 2)}\n`;
export const recordText = ({ containers: _containers, ...record }: Record): string => textOf(NETWORK, record);
export const attachmentText = (attachment: Attachment): string => textOf(CONTAINER, attachment);

/** A container of a network's, if it is in it. */
export const attachmentIn = ({ containers }: Record, name: string): Attachment | undefined => (Object.hasOwn(containers, name) ? containers[name] : undefined);

/** Puts a network's or a container's file in the place of the one that was. */
export function replaceRecord(path: string, text: string, lasting?: Lasting): void {
  const made = mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  replaceFile(path, text, lasting);
  if (made !== undefined) syncFolder(dirname(made));
}
/** Takes it away; a network's with the folder of its containers, when none is left in it. */
export function deleteRecord(state: string, path: string): void {
  remove(path);
  if (dirname(path) !== places(state).records) return;
  const inside = insidePath(state, basename(path, END));
  if (names(inside).length === 0) remove(join(inside, HOSTS));
  try { rmdirSync(inside); } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code as string)) throw error;
  }
}

/** A file's content; undefined when there is none. @throws {NetworkError} STATE for one that is damaged or not ours: it is left as it is. */
function read<T>(path: string, head: Head, fits: (value: T) => boolean): T | undefined {
  const bad = (what: string, cause?: unknown): NetworkError => new NetworkError('STATE', `${path} ${what}`, 'it is left as it is: mend it, or move it away', cause);
  let value: { nlkit?: unknown; version?: unknown } & T;
  try { value = JSON.parse(readFileSync(path, 'utf8')) as typeof value; } catch (error) {
    if (error instanceof SyntaxError) throw bad(`is damaged: ${error.message}`, error);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NetworkError('STATE', `${path} cannot be read: ${(error as Error).message}`, undefined, error);
  }
  if (value?.nlkit !== head.nlkit) throw bad(`is not a ${head.nlkit} of nlkit's`);
  if (value.version !== head.version) throw bad(`is of version ${String(value.version)}, which this nlkit does not know`);
  const { nlkit: _nlkit, version: _version, ...rest } = value;
  if (!fits(rest as T)) throw bad(`is damaged: it does not describe that ${head.nlkit}`);
  return rest as T;
}
const names = (folder: string): string[] => namesIn(folder).filter((name) => name.endsWith(END)).map((name) => name.slice(0, -END.length)).sort();

/** One network, with its containers, or with one of them alone. @throws {NetworkError} STATE */
export function readRecord(state: string, name: string, only?: string): Record | undefined {
  if (!isName(name)) return undefined;
  const record = read<Omit<Record, 'containers'>>(recordPath(state, name), NETWORK, ({ network, sysctls }) => network?.name === name && Array.isArray(network.subnets) && Array.isArray(sysctls));
  if (!record) return undefined;
  const containers: { [name: string]: Attachment } = {};
  for (const container of only === undefined ? names(insidePath(state, name)) : [only].filter(isName)) {
    const one = read<Attachment>(attachmentPath(state, name, container), CONTAINER, ({ namespace, addresses, publish }) => typeof namespace === 'object' && Array.isArray(addresses) && Array.isArray(publish));
    if (one) containers[container] = one;
  }
  return { ...record, containers };
}
/** All networks, by name. @throws {NetworkError} STATE */
export function readRecords(state: string): Map<string, Record> {
  const all = new Map<string, Record>();
  for (const name of names(places(state).records)) { const record = readRecord(state, name); if (record) all.set(name, record); }
  return all;
}
