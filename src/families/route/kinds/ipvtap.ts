/** IP-VLAN with a character device to read packets from. Source: drivers/net/ipvlan/ipvtap.c. */
export { Ipvlan as Ipvtap } from './ipvlan.ts';
