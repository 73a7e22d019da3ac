/** Generic netlink by family: the kernel is asked for a family's number, and a client speaks it. */
export {
  devlinkPlans, devlinkRefOf, devlinkResourceAt, devlinkSaid, devlinkTokens, openDevlink, openDevlinkSync, parseDevlinkRef, type DevlinkClient, type DevlinkClientSync, type DevlinkParamValueOf, type DevlinkRef, type DevlinkSaid, type DevlinkToken,
} from './devlink.ts';
export { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';
export {
  ipvsCalls, ipvsEndpointText, ipvsKey, ipvsKeyOf, openIpvs, openIpvsSync, parseIpvsEndpoint, type IpvsCall, type IpvsClient, type IpvsClientSync, type IpvsEndpoint, type IpvsRef, type IpvsServer, type IpvsSettings, type IpvsSync, type IpvsTimeouts,
} from './ipvs.ts';
export {
  openOvs, openOvsSync, ovsPlans, runOvs, type Ovs, type OvsDatapathInfo, type OvsFlowRef, type OvsPlan, type OvsPort, type OvsPortSettings, type OvsRef, type OvsRequest, type OvsSync,
} from './openvswitch.ts';
export { runPlan, type Plan, type Planned, type PlannedSync, type PlanRequest } from './plan.ts';
export {
  isWireguardKey, joinDevice, newPresharedKey, newPrivateKey, openWireguard, openWireguardSync, parseWireguardKey, publicKeyOf, splitDevice, Wireguard, wireguardKeyText, type WireguardRef,
} from './wireguard.ts';
export { genericAt, registered, type Registered } from './registered.ts';
