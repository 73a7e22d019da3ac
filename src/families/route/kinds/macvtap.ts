/** MAC-VLAN with a character device to read packets from. Source: drivers/net/macvtap.c. */
export { Macvlan as Macvtap } from './macvlan.ts';
