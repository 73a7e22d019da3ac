/** ovs_ct_limit: how many connections each zone of connection tracking may have. Source: include/uapi/linux/openvswitch.h, net/openvswitch/conntrack.c. */
import { attrs, genericFamily, list, s32, struct, u32 } from '../../../codec/index.ts';
import { openvswitch } from './header.ts';

/** The zone that stands for all that have no limit of their own. */
export const OVS_ZONE_LIMIT_DEFAULT_ZONE = -1;

/** A zone's limit. */
export class OvsZoneLimit extends struct('ovs_zone_limit', {
  /** -1: all that have no limit of their own. */
  zoneId: s32,
  /** Connections; 0: as many as come. */
  limit: u32,
  /** Connections there are. */
  count: u32,
}) {}

export class OvsCtLimit extends attrs('OVS_CT_LIMIT_ATTR_', {
  zoneLimit: [1, list(OvsZoneLimit)],
}) {}

/** ovs_ct_limit. */
export const ovsCtLimit = genericFamily('ovs_ct_limit', 1, {
  ...openvswitch,
  prefix: 'OVS_CT_LIMIT_CMD_',
  commands: { set: [1, OvsCtLimit], del: [2, OvsCtLimit], get: [3, OvsCtLimit] },
  groups: { ctLimit: 'ovs_ct_limit' },
  config: 'CONFIG_NETFILTER_CONNCOUNT',
});
