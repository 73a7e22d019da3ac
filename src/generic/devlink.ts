/**
 * devlink: devices and what they are made of, by the names that devlink prints. What is asked is a plan, as of openvswitch.ts (net/devlink/).
 */
import {
  devlink, type Devlink, type DevlinkHealth, type DevlinkParam, type DevlinkResource, type devlinkEncapMode, type devlinkEswitchMode, type devlinkInlineMode, type devlinkMessage, type devlinkParamData, type devlinkParamMode, type devlinkReloadAction,
  type devlinkTrapAction, type devlinkValueType,
} from '../families/generic/devlink/index.ts';
import type { Value } from '../codec/index.ts';
import type { FamilyOptions } from './family.ts';
import { openPlans, openPlansSync, type Plan, type Planned, type PlannedSync } from './plan.ts';

/** A device by its bus and its name there: "pci/0000:01:00.0"; a port of it: "pci/0000:01:00.0/1". */
export type DevlinkRef = string;
type Place = Pick<Devlink, 'busName' | 'devName' | 'portIndex'>;
/** What a parameter is set to. */
export type DevlinkParamValueOf = Value<typeof devlinkParamData>;
/** What a reporter says, as JSON says it; bytes are bytes. */
export type DevlinkSaid = string | number | bigint | boolean | Uint8Array | readonly DevlinkSaid[] | { readonly [name: string]: DevlinkSaid };
type Piece = Value<typeof devlinkMessage>;

/** The device, or the port, that a text names. @throws {TypeError} of a text that names neither */
export function parseDevlinkRef(ref: DevlinkRef): Place {
  const [busName = '', devName = '', port, more] = String(ref).split('/');
  if (busName === '' || devName === '' || more !== undefined || (port !== undefined && !/^\d+$/.test(port))) throw new TypeError(`"${ref}" is not BUS/NAME, nor BUS/NAME/PORT`);
  return { busName, devName, ...(port !== undefined && { portIndex: Number(port) }) };
}
/** As devlink prints it. */
export const devlinkRefOf = ({ busName, devName, portIndex }: Place): DevlinkRef => `${busName}/${devName}${portIndex === undefined ? '' : `/${portIndex}`}`;

/** One value, or the pieces that begin and end those that hold others, in their order. */
export type DevlinkToken = readonly ['object' | 'pair' | 'list' | 'end'] | readonly ['name', string] | readonly ['value', string | number | bigint | boolean | Uint8Array];
/** The pieces of what a reporter says, one by one, as far as they are balanced: netdevsim has one end too many (Linux 6.1 and 6.12). */
export function* devlinkTokens(pieces: readonly Piece[]): Generator<DevlinkToken> {
  let depth = 0;
  for (const piece of pieces) {
    for (const key of Object.keys(piece) as (keyof Piece)[]) {
      if (key.endsWith('NestStart')) depth++;
      if (key === 'fmsgNestEnd' && --depth < 0) return;
      if (key === 'fmsgObjNestStart') yield ['object'];
      else if (key === 'fmsgPairNestStart') yield ['pair'];
      else if (key === 'fmsgArrNestStart') yield ['list'];
      else if (key === 'fmsgNestEnd') yield ['end'];
      else if (key === 'fmsgObjName') yield ['name', piece.fmsgObjName as string];
      else if (key === 'fmsgObjValueData') yield ['value', piece.fmsgObjValueType === 'flag' ? Boolean(piece.fmsgObjValueData) : (piece.fmsgObjValueData as string | number | bigint | Uint8Array)];
    }
  }
}
/** Bytes come in chunks, as a list. */
function whole(list: readonly DevlinkSaid[]): DevlinkSaid {
  return list.length > 0 && list.every((one) => one instanceof Uint8Array) ? joined(list) : list;
}
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) bytes.set(chunk, (at += chunk.length) - chunk.length);
  return bytes;
}
/** What a reporter says, put together; undefined where it says nothing. */
export function devlinkSaid(pieces: readonly Piece[]): DevlinkSaid | undefined {
  const tokens = devlinkTokens(pieces);
  const read = (): [name: string, value: DevlinkSaid][] => {
    const all: [string, DevlinkSaid][] = [];
    let name = '';
    for (;;) {
      const { value: token, done } = tokens.next();
      if (done || token[0] === 'end') return all;
      const [what, value] = token;
      if (what === 'name') name = value;
      else if (what === 'value') all.push([name, value]);
      // The name is in the pair, its value behind it.
      else if (what === 'pair') all.push(...read());
      else all.push([name, what === 'list' ? whole(read().map(([, one]) => one)) : Object.fromEntries(read())]);
    }
  };
  return read()[0]?.[1];
}

/** The resource at a path: "/IPv4/fib". */
export function devlinkResourceAt(all: readonly DevlinkResource[], path: string): DevlinkResource | undefined {
  let found: DevlinkResource | undefined, among = all;
  for (const name of path.split('/').filter(Boolean)) {
    found = among.find((one) => one.resourceName === name);
    if (!found) return undefined;
    among = found.resourceList?.resource ?? [];
  }
  return found;
}

function* ask<K extends keyof typeof devlink['commands'] & string>(message: K, body: Devlink, dump?: true): Plan<readonly Devlink[]> {
  return (yield { family: devlink, message, body, ...(dump && { dump }) }) as readonly Devlink[];
}
function* one(message: keyof typeof devlink['commands'] & string, body: Devlink): Plan<Devlink> {
  return ((yield* ask(message, body))[0] ?? {}) as Devlink;
}
/** Of a device, or of all: older kernels tell of all whatever is asked. */
function* all(message: keyof typeof devlink['commands'] & string, ref: DevlinkRef | undefined): Plan<readonly Devlink[]> {
  const place = ref === undefined ? {} : parseDevlinkRef(ref), told = yield* ask(message, place, true);
  return told.filter((body) => (Object.keys(place) as (keyof Place)[]).every((key) => body[key] === place[key]));
}

/** All that can be asked of devlink. A device that is not there: NetlinkError ENODEV; what a driver does not have: EOPNOTSUPP. */
export const devlinkPlans = {
  /** All devices. */
  devices: () => all('get', undefined),
  /** One device, and how often it was reloaded. */
  device: (ref: DevlinkRef) => one('get', parseDevlinkRef(ref)),
  /** The driver, serial numbers, versions of its parts. */
  info: (ref: DevlinkRef) => one('infoGet', parseDevlinkRef(ref)),
  /** Begins it anew, with the parameters of `driverinit` and the sizes of resources that were set meanwhile. @returns what was done */
  *reload(ref: DevlinkRef, { action, limit, netnsFd, netnsPid }: { action?: Value<typeof devlinkReloadAction>; limit?: 'noReset'; netnsFd?: number; netnsPid?: number } = {}): Plan<readonly (string | number)[]> {
    const limits = limit && { value: [limit] as const, selector: ['noReset'] as const };
    const answer = yield* one('reload', { ...parseDevlinkRef(ref), ...(netnsFd !== undefined && { netnsFd }), ...(netnsPid !== undefined && { netnsPid }), ...(action !== undefined && { reloadAction: action }), ...(limits && { reloadLimits: limits }) } as Devlink);
    return answer.reloadActionsPerformed?.value ?? [];
  },
  /** How the switch of a card is run: `eswitchMode`, `eswitchInlineMode` (the headers that come with each packet), `eswitchEncapMode`. */
  eswitch: (ref: DevlinkRef) => one('eswitchGet', parseDevlinkRef(ref)),
  /** What is left out stays. */
  *setEswitch(ref: DevlinkRef, settings: { eswitchMode?: Value<typeof devlinkEswitchMode>; eswitchInlineMode?: Value<typeof devlinkInlineMode>; eswitchEncapMode?: Value<typeof devlinkEncapMode> }): Plan<void> {
    yield* ask('eswitchSet', { ...parseDevlinkRef(ref), ...settings });
  },

  /** All ports, or those of a device. */
  ports: (ref?: DevlinkRef) => all('portGet', ref),
  /** One port: "pci/0000:01:00.0/1". */
  port: (ref: DevlinkRef) => one('portGet', parseDevlinkRef(ref)),

  /** Parameters of all devices, or of one. */
  params: (ref?: DevlinkRef) => all('paramGet', ref),
  /** One, of a device or of a port. @throws {NetlinkError} EINVAL where there is none of the name */
  *param(ref: DevlinkRef, paramName: string): Plan<DevlinkParam> {
    const place = parseDevlinkRef(ref);
    return (yield* one(place.portIndex === undefined ? 'paramGet' : 'portParamGet', { ...place, paramName })).param ?? {};
  },
  /**
   * Sets a parameter, for now, for the next reload, or for the next start.
   * @param value of a flag: whether it is on
   * @param type what the value is; asked for when left out
   */
  *setParam(ref: DevlinkRef, paramName: string, value: DevlinkParamValueOf | boolean, paramValueCmode: Value<typeof devlinkParamMode>, type?: Value<typeof devlinkValueType>): Plan<void> {
    const place = parseDevlinkRef(ref), paramType = type ?? (yield* devlinkPlans.param(ref, paramName)).paramType;
    yield* ask(place.portIndex === undefined ? 'paramSet' : 'portParamSet', { ...place, paramName, paramValueCmode, paramType, ...(value !== false && { paramValueData: value }) } as Devlink);
  },

  /** What a device divides, and how. */
  *resources(ref: DevlinkRef): Plan<readonly DevlinkResource[]> {
    return (yield* one('resourceDump', parseDevlinkRef(ref))).resourceList?.resource ?? [];
  },
  /** From the next reload on. @param resource by its number, or its path: "/IPv4/fib". @throws {RangeError} where there is no such path */
  *setResource(ref: DevlinkRef, resource: string | bigint, resourceSize: bigint): Plan<void> {
    const resourceId = typeof resource === 'bigint' ? resource : devlinkResourceAt(yield* devlinkPlans.resources(ref), resource)?.resourceId;
    if (resourceId === undefined) throw new RangeError(`${ref} has no resource ${resource}`);
    yield* ask('resourceSet', { ...parseDevlinkRef(ref), resourceId, resourceSize });
  },

  /** Memory that can be looked at, of all devices or of one. */
  regions: (ref?: DevlinkRef) => all('regionGet', ref),
  /** Takes a snapshot. @returns its number */
  *snapshot(ref: DevlinkRef, regionName: string, id?: number): Plan<number | undefined> {
    return (yield* one('regionNew', { ...parseDevlinkRef(ref), regionName, ...(id !== undefined && { regionSnapshotId: id }) })).regionSnapshotId;
  },
  /** Frees a snapshot's memory. */
  *deleteSnapshot(ref: DevlinkRef, regionName: string, regionSnapshotId: number): Plan<void> {
    yield* ask('regionDel', { ...parseDevlinkRef(ref), regionName, regionSnapshotId });
  },
  /** Bytes of a snapshot; of the region as it is where none is named. */
  *readRegion(ref: DevlinkRef, regionName: string, { snapshot, address, length }: { snapshot?: number; address?: bigint; length?: bigint } = {}): Plan<Uint8Array> {
    const part = address === undefined || length === undefined ? {} : { regionChunkAddr: address, regionChunkLen: length };
    const told = yield* ask('regionRead', { ...parseDevlinkRef(ref), regionName, ...(snapshot !== undefined && { regionSnapshotId: snapshot }), ...part, ...(snapshot === undefined && { regionDirect: true }) }, true);
    return joined(told.flatMap(({ regionChunks }) => regionChunks?.regionChunk ?? []).map(({ regionChunkData }) => regionChunkData ?? new Uint8Array()));
  },

  /** Health reporters of all devices and ports, or of one. */
  reporters: (ref?: DevlinkRef) => all('healthReporterGet', ref),
  /** One: its state, and how many errors it saw and mended. */
  *reporter(ref: DevlinkRef, healthReporterName: string): Plan<DevlinkHealth> {
    return (yield* one('healthReporterGet', { ...parseDevlinkRef(ref), healthReporterName })).healthReporter ?? {};
  },
  /** How what it watches is now. */
  *diagnose(ref: DevlinkRef, healthReporterName: string): Plan<DevlinkSaid | undefined> {
    return devlinkSaid((yield* ask('healthReporterDiagnose', { ...parseDevlinkRef(ref), healthReporterName })).flatMap(({ fmsg }) => fmsg ?? []));
  },
  /** How it was at its last error; now, where there was none. */
  *healthDump(ref: DevlinkRef, healthReporterName: string): Plan<DevlinkSaid | undefined> {
    return devlinkSaid((yield* ask('healthReporterDumpGet', { ...parseDevlinkRef(ref), healthReporterName }, true)).flatMap(({ fmsg }) => fmsg ?? []));
  },
  /** Forgets it: the next error makes another. */
  *clearHealthDump(ref: DevlinkRef, healthReporterName: string): Plan<void> {
    yield* ask('healthReporterDumpClear', { ...parseDevlinkRef(ref), healthReporterName });
  },
  /** Has the driver mend what it watches, now. */
  *recover(ref: DevlinkRef, healthReporterName: string): Plan<void> {
    yield* ask('healthReporterRecover', { ...parseDevlinkRef(ref), healthReporterName });
  },

  /** Why packets are trapped, and what becomes of them. */
  traps: (ref?: DevlinkRef) => all('trapGet', ref),
  /** What becomes of packets that are trapped for that reason: 'drop', 'trap' (the processor sees them) or 'mirror' (and they go on, too). Of traps that are not of type 'drop' the kernel leaves it as it is, without an error. */
  *setTrap(ref: DevlinkRef, trapName: string, trapAction: Value<typeof devlinkTrapAction>): Plan<void> {
    yield* ask('trapSet', { ...parseDevlinkRef(ref), trapName, trapAction });
  },
  /** What functions may send. */
  rates: (ref?: DevlinkRef) => all('rateGet', ref),
};

/** devlink in one network namespace. */
export type DevlinkClient = Planned<typeof devlinkPlans>;
/** The same on the spot. */
export type DevlinkClientSync = PlannedSync<typeof devlinkPlans>;
/** Opens devlink. @throws {NetlinkError} ENOENT where the kernel has none */
export const openDevlink = (options: FamilyOptions = {}): Promise<DevlinkClient> => openPlans(devlinkPlans, devlink, options);
/** The same on the spot. */
export const openDevlinkSync = (options: FamilyOptions = {}): DevlinkClientSync => openPlansSync(devlinkPlans, devlink, options);
