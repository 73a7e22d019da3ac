/** Parameters, versions, reloads, resources and regions of a device. Source: include/uapi/linux/devlink.h, net/devlink/param.c, dev.c, resource.c, region.c. */
import { attrs, binary, enumeration, flag, flags, late, multi, select, string, u16, u32, u64, u8, type Codec } from '../../../codec/index.ts';
import { devlinkValueType } from './handle.ts';

/** When a value holds: at once, after a reload, after the next start. */
export const devlinkParamMode = enumeration(u8, { runtime: 0, driverinit: 1, permanent: 2 }, 'DEVLINK_PARAM_CMODE_');
/** A parameter's value, of the type that is told before it; a flag that is off is left out. */
export const devlinkParamData: Codec<number | bigint | string | true | Uint8Array> = select('paramType', { u8, u16, u32, u64, string, flag, nulString: string, binary, u64Array: binary });

/** A value for one time. */
export class DevlinkParamValue extends attrs('DEVLINK_ATTR_', {
  paramValueData: [86, devlinkParamData],
  paramValueCmode: [87, devlinkParamMode],
  paramValueDefault: [182, devlinkParamData],
}) {}

/** Values, each in a nest of its own. */
export class DevlinkParamValues extends attrs('DEVLINK_ATTR_', { paramValue: [85, multi(DevlinkParamValue)] }) {}

/** A parameter. */
export class DevlinkParam extends attrs('DEVLINK_ATTR_', {
  paramName: [81, string],
  /** Every driver means it alike. */
  paramGeneric: [82, flag],
  paramType: [83, devlinkValueType],
  paramValuesList: [84, DevlinkParamValues],
}) {}

/** The version of a part: hardware, firmware. */
export class DevlinkVersion extends attrs('DEVLINK_ATTR_', { infoVersionName: [103, string], infoVersionValue: [104, string] }) {}
/** What is done anew. */
export const devlinkReloadAction = enumeration(u8, { unspec: 0, driverReinit: 1, fwActivate: 2 }, 'DEVLINK_RELOAD_ACTION_');
/** What must not happen meanwhile. */
export const devlinkReloadLimit = enumeration(u8, { unspec: 0, noReset: 1 }, 'DEVLINK_RELOAD_LIMIT_');
/** How often, under one limit. */
export class DevlinkReloadCount extends attrs('DEVLINK_ATTR_', { reloadStatsLimit: [159, devlinkReloadLimit], reloadStatsValue: [160, u32] }) {}
/** Counts, each in a nest of its own. */
export class DevlinkReloadCounts extends attrs('DEVLINK_ATTR_', { reloadStatsEntry: [158, multi(DevlinkReloadCount)] }) {}
/** How often one thing was done. */
export class DevlinkReloadInfo extends attrs('DEVLINK_ATTR_', { reloadAction: [153, devlinkReloadAction], reloadActionStats: [163, multi(DevlinkReloadCounts)] }) {}
/** Counts by what was done. */
export class DevlinkReloadStats extends attrs('DEVLINK_ATTR_', { reloadActionInfo: [162, multi(DevlinkReloadInfo)] }) {}
/** Reloads from here, and from other hosts. */
export class DevlinkDeviceStats extends attrs('DEVLINK_ATTR_', { reloadStats: [157, DevlinkReloadStats], remoteReloadStats: [161, DevlinkReloadStats] }) {}
/** What sizes count. */
export const devlinkResourceUnit = enumeration(u8, { entry: 0 }, 'DEVLINK_RESOURCE_UNIT_');

/** What a device divides, and how: resources may have others in them. */
export class DevlinkResource extends attrs('DEVLINK_ATTR_', {
  resourceList: [63, late((): Codec<{ resource?: DevlinkResource[] }> => DevlinkResources)],
  resourceName: [65, string],
  resourceId: [66, u64],
  resourceSize: [67, u64],
  /** After the next reload. */
  resourceSizeNew: [68, u64],
  resourceSizeValid: [69, u8],
  resourceSizeMin: [70, u64],
  resourceSizeMax: [71, u64],
  /** Sizes are multiples of it. */
  resourceSizeGran: [72, u64],
  resourceUnit: [73, devlinkResourceUnit],
  /** What is used. */
  resourceOcc: [74, u64],
}) {}

/** Resources, each in a nest of its own. */
export class DevlinkResources extends attrs('DEVLINK_ATTR_', { resource: [64, multi(DevlinkResource)] }) {}
/** Of the device, or of its ports. */
export const devlinkResourceScope = flags(u32, { dev: 1, port: 2 }, 'DEVLINK_RESOURCE_SCOPE_');
/** A snapshot, by its number. */
export class DevlinkSnapshot extends attrs('DEVLINK_ATTR_', { regionSnapshotId: [92, u32] }) {}
/** Snapshots of a region. */
export class DevlinkSnapshots extends attrs('DEVLINK_ATTR_', { regionSnapshot: [91, multi(DevlinkSnapshot)] }) {}
/** A part of a snapshot. */
export class DevlinkChunk extends attrs('DEVLINK_ATTR_', { regionChunkData: [95, binary], regionChunkAddr: [96, u64], regionChunkLen: [97, u64] }) {}
/** Parts, each in a nest of its own. */
export class DevlinkChunks extends attrs('DEVLINK_ATTR_', { regionChunk: [94, multi(DevlinkChunk)] }) {}
/** Self-tests that there are, or that are to be run. */
export class DevlinkSelftests extends attrs('DEVLINK_ATTR_SELFTEST_ID_', { flash: [1, flag] }) {}
/** How a self-test ended. */
export const devlinkSelftestStatus = enumeration(u8, { skip: 0, pass: 1, fail: 2 }, 'DEVLINK_SELFTEST_STATUS_');

/** How a self-test ended. */
export class DevlinkSelftestResult extends attrs('DEVLINK_ATTR_SELFTEST_RESULT_', { id: [2, u32], status: [3, devlinkSelftestStatus] }) {}
/** Results, each in a nest of its own. */
export class DevlinkSelftestResults extends attrs('DEVLINK_ATTR_SELFTEST_', { result: [1, multi(DevlinkSelftestResult)] }) {}
