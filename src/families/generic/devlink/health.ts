/** Health reporters, what they say, traps and their counters. Source: include/uapi/linux/devlink.h, net/devlink/health.c, trap.c. */
import { attrs, binary, enumeration, flag, select, string, u32, u64, u8 } from '../../../codec/index.ts';
import { devlinkValueType } from './handle.ts';

/** A value in what a reporter says: flags are 0 or 1. */
const value = select('fmsgObjValueType', { u8, u32, u64, flag: u8, nulString: string, binary });

/** A piece of what a reporter says, which is objects, pairs and lists, as JSON is: where they begin and end, names and values, in their order. */
export const devlinkMessage = attrs('DEVLINK_ATTR_', {
  fmsgObjNestStart: [107, flag],
  fmsgPairNestStart: [108, flag],
  fmsgArrNestStart: [109, flag],
  fmsgNestEnd: [110, flag],
  fmsgObjName: [111, string],
  fmsgObjValueType: [112, devlinkValueType],
  fmsgObjValueData: [113, value],
});

/** Whether what is watched works. */
export const devlinkHealthState = enumeration(u8, { healthy: 0, error: 1 });

/** Who watches a part of a device. */
export class DevlinkHealth extends attrs('DEVLINK_ATTR_', {
  healthReporterName: [115, string],
  healthReporterState: [116, devlinkHealthState],
  healthReporterErrCount: [117, u64],
  healthReporterRecoverCount: [118, u64],
  /** Jiffies. */
  healthReporterDumpTs: [119, u64],
  /** Milliseconds in which it is not repaired again. */
  healthReporterGracefulPeriod: [120, u64],
  healthReporterAutoRecover: [121, u8],
  /** Nanoseconds since 1970. */
  healthReporterDumpTsNs: [137, u64],
  healthReporterAutoDump: [141, u8],
  /** Milliseconds in which it may be, all the same. */
  healthReporterBurstPeriod: [181, u64],
}) {}

/** What becomes of a packet: gone, given to the processor, or both sent on and given. */
export const devlinkTrapAction = enumeration(u8, { drop: 0, trap: 1, mirror: 2 }, 'DEVLINK_TRAP_ACTION_');
/** Why a packet is trapped. */
export const devlinkTrapType = enumeration(u8, { drop: 0, exception: 1, control: 2 }, 'DEVLINK_TRAP_TYPE_');
/** What is told with a packet. */
export class DevlinkTrapMetadata extends attrs('DEVLINK_ATTR_TRAP_METADATA_TYPE_', { inPort: [0, flag], faCookie: [1, flag] }) {}
/** Packets that were trapped. */
export class DevlinkTrapStats extends attrs('DEVLINK_ATTR_STATS_', { rxPackets: [0, u64], rxBytes: [1, u64], rxDropped: [2, u64] }) {}
