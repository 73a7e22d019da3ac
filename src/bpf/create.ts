/** Maps in the kernel: made as a file defines them, or found where they are pinned. As libbpf 1 does. */
import { readFileSync, readlinkSync, unlinkSync } from 'node:fs';
import { libc } from '../socket/libc.ts';
import { createMap, fillMap, freezeMap, mapInfo, openPinned, pin, type MapAttributes } from './call.ts';
import { mapFlags, mapTypes, type MapDefinition } from './maps.ts';
import { PinError, type pinPaths } from './pins.ts';

const { perfEventArray, stackTrace, cgroupArray, arrayOfMaps, hashOfMaps, devmap, devmapHash, sockmap, sockhash, cpumap, xskmap } = mapTypes;
/** Perf events, stacks, groups, maps, devices, sockets and processors have no types of their own. */
const untyped: ReadonlySet<number> = new Set([perfEventArray, stackTrace, cgroupArray, arrayOfMaps, hashOfMaps, devmap, devmapHash, sockmap, sockhash, cpumap, xskmap]);

/** A list of numbers as sysfs has it, `0-3,8`: how many, to the highest. */
function possibleProcessors(): number {
  return Number(/(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))?.[1] ?? 0) + 1;
}

const entriesOf = ({ type, maxEntries }: MapDefinition): number => (type === perfEventArray && maxEntries === 0 ? possibleProcessors() : maxEntries);

function create(map: MapDefinition, entries: number, btf: number | undefined, ifindex: number | undefined): number {
  const { name, type, keySize, valueSize, flags, numaNode, extra, key, value, inner } = map;
  const like = inner && create(inner, entriesOf(inner), btf, undefined);
  const plain: MapAttributes = {
    name, type, keySize, valueSize, flags, ...(numaNode !== undefined && { numaNode }), ...(extra !== undefined && { extra }),
    maxEntries: entries,
    ...(like !== undefined && { inner: like }),
    // Perf events are the machine's, whoever sends them.
    ...(ifindex !== undefined && type !== perfEventArray && { ifindex }),
  };
  try {
    // Without types where the kernel does not take them.
    if (btf !== undefined && !untyped.has(type)) try { return createMap({ ...plain, btf: { fd: btf, key, value } }); } catch {}
    return createMap(plain);
  } finally {
    if (like !== undefined) libc().close(like);
  }
}

/** The kernel says of maps of devices that programs only read them, whoever made them. */
const devices: ReadonlySet<number> = new Set([devmap, devmapHash]);

/** What a pinned map must have in common with one that is defined, and what it is called. */
const alike: Readonly<Record<string, (map: MapAttributes) => number | bigint>> = {
  type: (map) => map.type, 'size of keys': (map) => map.keySize, 'size of values': (map) => map.valueSize, 'number of entries': (map) => map.maxEntries, flags: (map) => (devices.has(map.type) ? map.flags & ~mapFlags.rdonlyProg : map.flags), map_extra: (map) => map.extra ?? 0n,
};

/** What is pinned to a path, where it may be used for a map. @throws {PinError} */
function reused(path: string, map: MapDefinition): number | undefined {
  let fd: number;
  try {
    fd = openPinned(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    if (!/bpf[-_]map/.test(readlinkSync(`/proc/self/fd/${fd}`))) throw new PinError(`map ${map.name}: what is pinned to ${path} is no map`);
    const there = mapInfo(fd), wanted = { ...map, maxEntries: entriesOf(map), inner: undefined } as unknown as MapAttributes;
    const differs = Object.entries(alike).filter(([, of]) => of(there) !== of(wanted)).map(([what, of]) => `${what} ${of(there)}, not ${of(wanted)}`);
    if (differs.length > 0) throw new PinError(`map ${map.name}: what is pinned to ${path} is another: ${differs.join('; ')}. Use it as it is, or take it away: rm ${path}`);
    return fd;
  } catch (error) {
    libc().close(fd);
    throw error;
  }
}

/** The maps of one loading. */
export class Maps {
  /** Descriptors. */
  readonly made = new Map<MapDefinition, number>();
  readonly #btf: number | undefined;
  readonly #ifindex: number | undefined;
  readonly #pathOf: ReturnType<typeof pinPaths>;
  /** Files that were not there before. */
  readonly #pinned: string[] = [];

  constructor(btf: number | undefined, ifindex: number | undefined, pathOf: ReturnType<typeof pinPaths>) {
    this.#btf = btf;
    this.#ifindex = ifindex;
    this.#pathOf = pathOf;
  }

  /** The descriptor of a map, which is made with those that are in it, unless it is pinned already. @throws {PinError}, {NetlinkError} */
  open(map: MapDefinition): number {
    const known = this.made.get(map);
    if (known !== undefined) return known;
    const path = map.pinned && this.#pathOf(map.name, map.pinned);
    const there = path === undefined ? undefined : reused(path, map);
    if (there !== undefined) this.made.set(map, there);
    else this.#make(map, path);
    return this.made.get(map)!;
  }

  #make(map: MapDefinition, path: string | undefined): number {
    const inside = [...(map.slots ?? [])].map(([key, inner]) => [key, this.open(inner)] as const);
    const fd = create(map, entriesOf(map), this.#btf, this.#ifindex);
    this.made.set(map, fd);
    if (map.content) fillMap(fd, map.content);
    if (map.constant) freezeMap(fd);
    for (const [key, inner] of inside) fillMap(fd, new Uint8Array(Uint32Array.of(inner).buffer), key);
    if (path !== undefined) this.#pin(map, fd, path);
    return fd;
  }

  #pin(map: MapDefinition, fd: number, path: string): void {
    try {
      pin(path, fd);
      this.#pinned.push(path);
    } catch (error) {
      // Somebody else was faster: then it is theirs that is used.
      const theirs = (error as { code?: string }).code === 'EEXIST' ? reused(path, map) : undefined;
      if (theirs === undefined) throw error;
      libc().close(fd);
      this.made.set(map, theirs);
    }
  }

  /** What was pinned is taken away again. */
  undo(): void {
    for (const path of this.#pinned.splice(0)) unlinkSync(path);
  }

  close(): void {
    for (const fd of this.made.values()) libc().close(fd);
    this.made.clear();
  }
}
