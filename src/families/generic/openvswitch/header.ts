/** What all families of Open vSwitch share. Source: include/uapi/linux/openvswitch.h. */
import { s32, struct, u64 } from '../../../codec/index.ts';

/** Before the attributes of every message: which datapath it is about, by the index of its local port's link; 0: of none, or of one that an attribute names. */
export class OvsHeader extends struct('ovs_header', { dpIfindex: s32 }) {}

/** What a flow, a meter or a band of it has met. */
export class OvsFlowStats extends struct('ovs_flow_stats', { packets: u64, bytes: u64 }) {}

/** The kernel's module and what it is built by. */
export const openvswitch = { header: OvsHeader, config: 'CONFIG_OPENVSWITCH', module: 'openvswitch' } as const;
