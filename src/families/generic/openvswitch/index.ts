/** Open vSwitch: datapaths, their ports and flows, meters and limits, a file each. Source: include/uapi/linux/openvswitch.h. */
export * from './action.ts';
export * from './ct-limit.ts';
export * from './datapath.ts';
export * from './flow.ts';
export { OvsFlowStats, OvsHeader } from './header.ts';
export * from './key.ts';
export * from './meter.ts';
export * from './packet.ts';
export * from './tunnel.ts';
export * from './vport.ts';
