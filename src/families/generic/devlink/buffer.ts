/** Shared buffers, the switch's mode, and tables of the pipeline. Source: include/uapi/linux/devlink.h, net/devlink/sb.c, dpipe.c, dev.c. */
import { attrs, binary, enumeration, multi, string, u16, u32, u64, u8 } from '../../../codec/index.ts';

/** Which way packets go that it holds. */
export const devlinkPoolType = enumeration(u8, { ingress: 0, egress: 1 }, 'DEVLINK_SB_POOL_TYPE_');
/** Bytes, or a share of what is free: alpha is 2^(threshold - 10). */
export const devlinkThresholdType = enumeration(u8, { static: 0, dynamic: 1 }, 'DEVLINK_SB_THRESHOLD_TYPE_');
/** How a card's switch is run: by rules of its own, or by the kernel. */
export const devlinkEswitchMode = enumeration(u16, { legacy: 0, switchdev: 1, switchdevInactive: 2 }, 'DEVLINK_ESWITCH_MODE_');
/** Up to which header packets of a function are given inline. */
export const devlinkInlineMode = enumeration(u8, { none: 0, link: 1, network: 2, transport: 3 }, 'DEVLINK_ESWITCH_INLINE_MODE_');
/** Whether tunnels are taken apart by the switch. */
export const devlinkEncapMode = enumeration(u8, { none: 0, basic: 1 }, 'DEVLINK_ESWITCH_ENCAP_MODE_');
/** What a value of a field is elsewhere. */
export const devlinkFieldMapping = enumeration(u32, { none: 0, ifindex: 1 }, 'DEVLINK_DPIPE_FIELD_MAPPING_TYPE_');
/** Headers that every device means alike. */
export const devlinkHeaderId = enumeration(u32, { ethernet: 0, ipv4: 1, ipv6: 2 }, 'DEVLINK_DPIPE_HEADER_');
/** How a field is looked at. */
export const devlinkMatchType = enumeration(u32, { fieldExact: 0 }, 'DEVLINK_DPIPE_MATCH_TYPE_');
/** What is done to a field. */
export const devlinkActionType = enumeration(u32, { fieldModify: 0 }, 'DEVLINK_DPIPE_ACTION_TYPE_');

/** What a table looks at. */
export class DevlinkMatch extends attrs('DEVLINK_ATTR_', {
  dpipeMatchType: [42, devlinkMatchType],
  dpipeHeaderId: [52, devlinkHeaderId],
  /** Whether every device means the header alike. */
  dpipeHeaderGlobal: [54, u8],
  dpipeHeaderIndex: [55, u32],
  dpipeFieldId: [58, u32],
}) {}

/** What a table changes. */
export class DevlinkAction extends attrs('DEVLINK_ATTR_', {
  dpipeActionType: [45, devlinkActionType],
  dpipeHeaderId: [52, devlinkHeaderId],
  dpipeHeaderGlobal: [54, u8],
  dpipeHeaderIndex: [55, u32],
  dpipeFieldId: [58, u32],
}) {}

/** What an entry looks for. */
export class DevlinkMatchValue extends attrs('DEVLINK_ATTR_', {
  dpipeMatch: [40, multi(DevlinkMatch)],
  dpipeValue: [46, binary],
  dpipeValueMask: [47, binary],
  dpipeValueMapping: [48, u32],
}) {}

/** What an entry sets. */
export class DevlinkActionValue extends attrs('DEVLINK_ATTR_', {
  dpipeAction: [43, multi(DevlinkAction)],
  dpipeValue: [46, binary],
  dpipeValueMask: [47, binary],
  dpipeValueMapping: [48, u32],
}) {}

/** Each in a nest of its own. */
export class DevlinkMatches extends attrs('DEVLINK_ATTR_', { dpipeMatch: [40, multi(DevlinkMatch)] }) {}
/** Each in a nest of its own. */
export class DevlinkActions extends attrs('DEVLINK_ATTR_', { dpipeAction: [43, multi(DevlinkAction)] }) {}
/** Each in a nest of its own. */
export class DevlinkMatchValues extends attrs('DEVLINK_ATTR_', { dpipeMatchValue: [41, multi(DevlinkMatchValue)] }) {}
/** Each in a nest of its own. */
export class DevlinkActionValues extends attrs('DEVLINK_ATTR_', { dpipeActionValue: [44, multi(DevlinkActionValue)] }) {}

/** A table of the pipeline. */
export class DevlinkTable extends attrs('DEVLINK_ATTR_', {
  dpipeTableName: [29, string],
  /** Entries. */
  dpipeTableSize: [30, u64],
  dpipeTableMatches: [31, DevlinkMatches],
  dpipeTableActions: [32, DevlinkActions],
  dpipeTableCountersEnabled: [33, u8],
  dpipeTableResourceId: [75, u64],
  dpipeTableResourceUnits: [76, u64],
}) {}

/** Tables, each in a nest of its own. */
export class DevlinkTables extends attrs('DEVLINK_ATTR_', { dpipeTable: [28, multi(DevlinkTable)] }) {}

/** An entry of a table. */
export class DevlinkEntry extends attrs('DEVLINK_ATTR_', {
  dpipeEntryIndex: [36, u64],
  dpipeEntryMatchValues: [37, DevlinkMatchValues],
  dpipeEntryActionValues: [38, DevlinkActionValues],
  dpipeEntryCounter: [39, u64],
}) {}

/** Entries, each in a nest of its own. */
export class DevlinkEntries extends attrs('DEVLINK_ATTR_', { dpipeEntry: [35, multi(DevlinkEntry)] }) {}

/** A field of a header. */
export class DevlinkField extends attrs('DEVLINK_ATTR_', {
  dpipeFieldName: [57, string],
  dpipeFieldId: [58, u32],
  dpipeFieldBitwidth: [59, u32],
  dpipeFieldMappingType: [60, devlinkFieldMapping],
}) {}

/** Fields, each in a nest of its own. */
export class DevlinkFields extends attrs('DEVLINK_ATTR_', { dpipeField: [56, multi(DevlinkField)] }) {}

/** A header that tables know. */
export class DevlinkHeader extends attrs('DEVLINK_ATTR_', {
  dpipeHeaderName: [51, string],
  dpipeHeaderId: [52, devlinkHeaderId],
  dpipeHeaderFields: [53, DevlinkFields],
  dpipeHeaderGlobal: [54, u8],
}) {}

/** Headers, each in a nest of its own. */
export class DevlinkHeaders extends attrs('DEVLINK_ATTR_', { dpipeHeader: [50, multi(DevlinkHeader)] }) {}
