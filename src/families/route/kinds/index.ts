/**
 * The kinds of link: name in IFLA_INFO_KIND (or IFLA_INFO_SLAVE_KIND) -> schema of its data.
 * One more kind is one more file here, one import and one line; both lists are alphabetical.
 * Veth, Vxcan and Netkit describe their peer as a Link, so modules enter this cycle through `../link.ts`.
 */
import { Batadv } from './batadv.ts';
import { Bond, BondSlave } from './bond.ts';
import { Bridge, BridgePort } from './bridge.ts';
import { Can } from './can.ts';
import { Dsa } from './dsa.ts';
import { Dummy } from './dummy.ts';
import { Hsr } from './hsr.ts';
import { Ifb } from './ifb.ts';
import { Ipoib } from './ipoib.ts';
import { Ipvlan } from './ipvlan.ts';
import { Ipvtap } from './ipvtap.ts';
import { Lowpan } from './lowpan.ts';
import { Macvlan } from './macvlan.ts';
import { Macvtap } from './macvtap.ts';
import { Netdevsim } from './netdevsim.ts';
import { Netkit } from './netkit.ts';
import { Nlmon } from './nlmon.ts';
import { Ovpn } from './ovpn.ts';
import { Pfcp } from './pfcp.ts';
import { Rmnet } from './rmnet.ts';
import { Team } from './team.ts';
import { Tun } from './tun.ts';
import { Vcan } from './vcan.ts';
import { Veth } from './veth.ts';
import { VirtWifi } from './virt-wifi.ts';
import { Vlan } from './vlan.ts';
import { Vrf, VrfSlave } from './vrf.ts';
import { Vxcan } from './vxcan.ts';
import { Vxlan } from './vxlan.ts';
import { Wireguard } from './wireguard.ts';
import { Wwan } from './wwan.ts';

/** Data of a link, by its kind. */
export const kinds = {
  batadv: Batadv,
  bond: Bond,
  bridge: Bridge,
  can: Can,
  dsa: Dsa,
  dummy: Dummy,
  hsr: Hsr,
  ifb: Ifb,
  ipoib: Ipoib,
  ipvlan: Ipvlan,
  ipvtap: Ipvtap,
  lowpan: Lowpan,
  macvlan: Macvlan,
  macvtap: Macvtap,
  netdevsim: Netdevsim,
  netkit: Netkit,
  nlmon: Nlmon,
  ovpn: Ovpn,
  pfcp: Pfcp,
  rmnet: Rmnet,
  team: Team,
  tun: Tun,
  vcan: Vcan,
  veth: Veth,
  virt_wifi: VirtWifi,
  vlan: Vlan,
  vrf: Vrf,
  vxcan: Vxcan,
  vxlan: Vxlan,
  wireguard: Wireguard,
  wwan: Wwan,
};

/** Data of a port, by the kind of the link it is a port of. */
export const slaveKinds = {
  bond: BondSlave,
  bridge: BridgePort,
  vrf: VrfSlave,
};
