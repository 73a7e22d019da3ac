/**
 * Open vSwitch in the kernel: datapaths, their ports and flows, by name. What is asked is a plan, which yields requests and is given their
 * answers: the same runs with promises, on the spot, and for the command (net/openvswitch/datapath.c).
 */
import {
  OVS_ZONE_LIMIT_DEFAULT_ZONE, ovsCtLimit, ovsDatapath, ovsFlow, ovsMeter, ovsVport,
  type OvsCtLimit, type OvsDatapath, type OvsFlow, type OvsKey, type OvsMeter, type OvsVport, type OvsZoneLimit,
} from '../families/generic/openvswitch/index.ts';
import type { FamilyOptions } from './family.ts';
import { openPlans, openPlansSync, runPlan, type Plan, type Planned, type PlannedSync, type PlanRequest } from './plan.ts';

const families = { datapath: ovsDatapath, vport: ovsVport, flow: ovsFlow, meter: ovsMeter, ctLimit: ovsCtLimit } as const;
type FamilyKey = keyof typeof families;

/** One question. */
export type OvsRequest = PlanRequest;
/** Requests, one after the other as the answers come, and what they tell. */
export type OvsPlan<T> = Plan<T>;

/** A datapath, by the name of its local port, or by that port's link. */
export type OvsRef = string | number;
/** Where a message is about: the datapath of a header. */
interface Told { readonly dpIfindex: number }
/** A datapath with the index of its local port's link. */
export type OvsDatapathInfo = OvsDatapath & Told;
/** A port. */
export type OvsPort = OvsVport & Told;
/** A port's settings; of a tunnel: where its packets come in. */
export type OvsPortSettings = Pick<OvsVport, 'options' | 'upcallPid'>;
/** A flow, by name or by what it tells packets by. */
export type OvsFlowRef = Pick<OvsFlow, 'ufid' | 'key' | 'mask'>;

/** Names begin with letters: digits alone are a port's number. */
const port = (ref: string | number): Pick<OvsVport, 'name' | 'portNo'> => (typeof ref === 'number' ? { portNo: ref } : { name: ref });
const first = <T>(answers: readonly object[]): T => answers[0] as T;
function* ask<T>(family: FamilyKey, message: string, body: object, more: Pick<OvsRequest, 'flags' | 'dump'> = {}): OvsPlan<readonly T[]> {
  return (yield { family: families[family], message, body, ...more }) as readonly T[];
}
function* at(ref: OvsRef): OvsPlan<number> {
  return typeof ref === 'number' ? ref : (yield* ovsPlans.datapath(ref)).dpIfindex;
}

/** All that can be asked of Open vSwitch's families. */
export const ovsPlans = {
  /** All datapaths, in the kernel's order. */
  *datapaths(): OvsPlan<readonly OvsDatapathInfo[]> {
    return yield* ask('datapath', 'get', {}, { dump: true });
  },
  /** One. @throws {NetlinkError} ENODEV where there is none */
  *datapath(ref: OvsRef): OvsPlan<OvsDatapathInfo> {
    return first(yield* ask('datapath', 'get', typeof ref === 'number' ? { dpIfindex: ref } : { name: ref }));
  },
  /**
   * Makes one, and the link that is its local port. Packets without a flow are dropped, but where `upcallPid` is told of them.
   * @throws {NetlinkError} EEXIST where a link has the name
   */
  *addDatapath(name: string, settings: Partial<Pick<OvsDatapath, 'upcallPid' | 'userFeatures' | 'masksCacheSize' | 'ifindex'>> = {}): OvsPlan<void> {
    yield* ask('datapath', 'new', { name, upcallPid: 0, userFeatures: ['unaligned', 'vportPids'], ...settings });
  },
  /** Changes one: features are replaced. @throws {NetlinkError} ENODEV; ERANGE for a cache that is too large */
  *setDatapath(ref: OvsRef, settings: Partial<Pick<OvsDatapath, 'userFeatures' | 'masksCacheSize' | 'perCpuPids'>>): OvsPlan<void> {
    yield* ask('datapath', 'set', { ...(typeof ref === 'number' ? { dpIfindex: ref } : { name: ref }), ...settings });
  },
  /** With its ports and flows. @throws {NetlinkError} ENODEV */
  *deleteDatapath(ref: OvsRef): OvsPlan<void> {
    yield* ask('datapath', 'del', typeof ref === 'number' ? { dpIfindex: ref } : { name: ref });
  },

  /** The ports of a datapath, the local one among them. @throws {NetlinkError} ENODEV */
  *ports(ref: OvsRef): OvsPlan<readonly OvsPort[]> {
    return yield* ask('vport', 'get', { dpIfindex: yield* at(ref) }, { dump: true });
  },
  /** A port by name or number. @throws {NetlinkError} ENODEV where there is none */
  *port(ref: OvsRef, which: string | number): OvsPlan<OvsPort> {
    return first(yield* ask('vport', 'get', { dpIfindex: yield* at(ref), ...port(which) }));
  },
  /**
   * Makes a port: of a link that there is (the default), or with a link of its own.
   * @returns the port, with the number that the kernel gave it
   * @throws {NetlinkError} ENODEV where there is no such link, EBUSY where it is a port elsewhere, EEXIST, EAFNOSUPPORT where the kernel lacks the type
   */
  *addPort(ref: OvsRef, { type = 'netdev', upcallPid = [0], ...settings }: OvsVport & { name: string }): OvsPlan<OvsPort> {
    return first(yield* ask('vport', 'new', { dpIfindex: yield* at(ref), ...settings, type, upcallPid } satisfies OvsPort));
  },
  /** Changes a port. @throws {NetlinkError} ENODEV; EINVAL for another type */
  *setPort(ref: OvsRef, which: string | number, settings: OvsPortSettings & Pick<OvsVport, 'type'>): OvsPlan<void> {
    yield* ask('vport', 'set', { dpIfindex: yield* at(ref), ...port(which), ...settings });
  },
  /** Takes a port away. @throws {NetlinkError} ENODEV; EINVAL for the local port */
  *deletePort(ref: OvsRef, which: string | number): OvsPlan<void> {
    yield* ask('vport', 'del', { dpIfindex: yield* at(ref), ...port(which) });
  },

  /** All flows of a datapath, with what they have counted. */
  *flows(ref: OvsRef): OvsPlan<readonly (OvsFlow & Told)[]> {
    return yield* ask('flow', 'get', { dpIfindex: yield* at(ref) }, { dump: true });
  },
  /** One. @throws {NetlinkError} ENOENT where there is none */
  *flow(ref: OvsRef, which: OvsFlowRef): OvsPlan<OvsFlow & Told> {
    return first(yield* ask('flow', 'get', { dpIfindex: yield* at(ref), ...which }));
  },
  /** Adds a flow. @throws {NetlinkError} EEXIST; EINVAL for a key that does not say what its parts need: an address without an EtherType */
  *addFlow(ref: OvsRef, flow: OvsFlow & { key: OvsKey }): OvsPlan<void> {
    yield* ask('flow', 'new', { dpIfindex: yield* at(ref), ...flow, actions: flow.actions ?? [] }, { flags: ['create', 'excl'] });
  },
  /**
   * Changes a flow's actions, or takes what it counted back (`clear`).
   * @param create makes it where it is not there
   * @returns the flow, with what it had counted
   * @throws {NetlinkError} ENOENT where there is none
   */
  *setFlow(ref: OvsRef, flow: OvsFlow, create = false): OvsPlan<(OvsFlow & Told) | undefined> {
    return first(yield* ask('flow', create ? 'new' : 'set', { dpIfindex: yield* at(ref), ...flow }, { flags: create ? ['create', 'echo'] : ['echo'] }));
  },
  /** Takes a flow away. @returns it as it was, with what it had counted. @throws {NetlinkError} ENOENT where there is none */
  *deleteFlow(ref: OvsRef, which: OvsFlowRef): OvsPlan<(OvsFlow & Told) | undefined> {
    if (!which.ufid && !which.key) throw new TypeError('which flow? it has a key, or a ufid');
    return first(yield* ask('flow', 'del', { dpIfindex: yield* at(ref), ...which }, { flags: ['echo'] }));
  },
  /** All flows go. */
  *flushFlows(ref: OvsRef): OvsPlan<void> {
    yield* ask('flow', 'del', { dpIfindex: yield* at(ref) });
  },

  /** A meter and what it has met. @throws {NetlinkError} ENOENT where there is none */
  *meter(ref: OvsRef, id: number): OvsPlan<OvsMeter & Told> {
    return first(yield* ask('meter', 'get', { dpIfindex: yield* at(ref), id }));
  },
  /** How many meters there may be. */
  *meterFeatures(ref: OvsRef): OvsPlan<OvsMeter & Told> {
    return first(yield* ask('meter', 'features', { dpIfindex: yield* at(ref) }));
  },
  /** Makes a meter, or makes it anew. */
  *setMeter(ref: OvsRef, meter: OvsMeter & { id: number }): OvsPlan<void> {
    yield* ask('meter', 'set', { dpIfindex: yield* at(ref), ...meter });
  },
  /** One that is not there is no error. */
  *deleteMeter(ref: OvsRef, id: number): OvsPlan<void> {
    yield* ask('meter', 'del', { dpIfindex: yield* at(ref), id });
  },

  /** How many connections zones may have, that of all others (zone -1) first; of some zones, where they are named. */
  *ctLimits(ref: OvsRef, zones: readonly number[] = []): OvsPlan<readonly OvsZoneLimit[]> {
    const asked = zones.length > 0 ? { zoneLimit: [OVS_ZONE_LIMIT_DEFAULT_ZONE, ...zones].map((zoneId) => ({ zoneId, limit: 0, count: 0 })) } : {};
    return first<OvsCtLimit | undefined>(yield* ask('ctLimit', 'get', { dpIfindex: yield* at(ref), ...asked }))?.zoneLimit ?? [];
  },
  /** How many connections zones may have. @param limits zone -> connections; 0: as many as come; zone -1: those without a limit of their own */
  *setCtLimits(ref: OvsRef, limits: ReadonlyMap<number, number>): OvsPlan<void> {
    yield* ask('ctLimit', 'set', { dpIfindex: yield* at(ref), zoneLimit: [...limits].map(([zoneId, limit]) => ({ zoneId, limit, count: 0 })) });
  },
  /** Zones have no limit of their own any more. */
  *deleteCtLimits(ref: OvsRef, zones: readonly number[]): OvsPlan<void> {
    yield* ask('ctLimit', 'del', { dpIfindex: yield* at(ref), zoneLimit: zones.map((zoneId) => ({ zoneId, limit: 0, count: 0 })) });
  },
};

/** Carries a plan out. @param send asks the kernel, and gives the bodies of its answers */
export const runOvs = runPlan;

/** Open vSwitch in one network namespace. */
export type Ovs = Planned<typeof ovsPlans>;
/** The same on the spot. */
export type OvsSync = PlannedSync<typeof ovsPlans>;
/** Opens Open vSwitch's families. The kernel loads the module. @throws {NetlinkError} ENOENT where the kernel has no Open vSwitch */
export const openOvs = (options: FamilyOptions = {}): Promise<Ovs> => openPlans(ovsPlans, ovsDatapath, options);
/** The same on the spot. */
export const openOvsSync = (options: FamilyOptions = {}): OvsSync => openPlansSync(ovsPlans, ovsDatapath, options);
