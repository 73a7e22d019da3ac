/** rtnetlink by name: links, addresses, routes, neighbours, rules, namespace ids, traffic control: queueing disciplines, classes, filters and their actions. */
export { open, openSync, type Netlink, type NetlinkSync, type OpenOptions } from './netlink.ts';
export { bond, bridge, dummy, ifb, ipvlan, ipvtap, link, macvlan, macvtap, veth, vlan, vrf, vxlan, type Builder, type KindData, type KindName } from './builders.ts';
export type { LinkFilter, LinkInput } from './links.ts';
export type { AddressFilter, AddressOptions } from './addresses.ts';
export type { NexthopInput, RouteFilter, RouteInput, RouteQuery } from './routes.ts';
export type { FdbInput, NeighbourFilter, NeighbourInput } from './neighbours.ts';
export type { RuleFilter, RuleInput } from './rules.ts';
export type { ActionInput, ActionKind } from './actions.ts';
export { infoOf, type ChainInput, type FilterFilter, type FilterInput, type FilterKey, type FilterKind, type FilterPlace } from './filters.ts';
export type { Handle } from './handles.ts';
export type { ClassFilter, ClassInput, ClassKey, ClassKind, QdiscFilter, QdiscInput, QdiscKind, QdiscPlace } from './qdiscs.ts';
export type { Listing, Selectable } from './objects.ts';
export { differences, type Watch, type WatchedKind, type WatchEvent, type WatchOptions } from './watch.ts';
export { numberOf, type Device } from './names.ts';
export { familyOf, parsePrefix, type Family, type Prefix } from './prefix.ts';
