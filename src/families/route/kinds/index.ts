/**
 * The kinds of link: name in IFLA_INFO_KIND (or IFLA_INFO_SLAVE_KIND) -> schema of its data.
 * One more kind is one more file here, one import and one line; both lists are alphabetical.
 * Veth, Vxcan and Netkit describe their peer as a Link, so modules enter this cycle through `../link.ts`.
 */
import { Amt } from './amt.ts';
import { Bareudp } from './bareudp.ts';
import { Batadv } from './batadv.ts';
import { Bond, BondSlave } from './bond.ts';
import { Bridge, BridgePort } from './bridge.ts';
import { Caif } from './caif.ts';
import { Can } from './can.ts';
import { Dsa } from './dsa.ts';
import { Erspan } from './erspan.ts';
import { Geneve } from './geneve.ts';
import { Gre } from './gre.ts';
import { Gretap } from './gretap.ts';
import { Gtp } from './gtp.ts';
import { Hsr } from './hsr.ts';
import { Ip6erspan } from './ip6erspan.ts';
import { Ip6gre } from './ip6gre.ts';
import { Ip6gretap } from './ip6gretap.ts';
import { Ip6tnl } from './ip6tnl.ts';
import { Ipip } from './ipip.ts';
import { Ipoib } from './ipoib.ts';
import { Ipvlan } from './ipvlan.ts';
import { Ipvtap } from './ipvtap.ts';
import { Macsec } from './macsec.ts';
import { Macvlan } from './macvlan.ts';
import { Macvtap } from './macvtap.ts';
import { Netkit } from './netkit.ts';
import { None } from './none.ts';
import { Ovpn } from './ovpn.ts';
import { Ppp } from './ppp.ts';
import { Rmnet } from './rmnet.ts';
import { Sit } from './sit.ts';
import { Tun } from './tun.ts';
import { Veth } from './veth.ts';
import { Vlan } from './vlan.ts';
import { Vrf, VrfSlave } from './vrf.ts';
import { Vti } from './vti.ts';
import { Vti6 } from './vti6.ts';
import { Vxcan } from './vxcan.ts';
import { Vxlan } from './vxlan.ts';
import { Wwan } from './wwan.ts';
import { Xfrm } from './xfrm.ts';

/** Data of a link, by its kind. */
export const kinds = {
  amt: Amt,
  bareudp: Bareudp,
  batadv: Batadv,
  bond: Bond,
  bridge: Bridge,
  caif: Caif,
  can: Can,
  dsa: Dsa,
  dummy: None,
  erspan: Erspan,
  geneve: Geneve,
  gre: Gre,
  gretap: Gretap,
  gtp: Gtp,
  hsr: Hsr,
  ifb: None,
  ip6erspan: Ip6erspan,
  ip6gre: Ip6gre,
  ip6gretap: Ip6gretap,
  ip6tnl: Ip6tnl,
  ipip: Ipip,
  ipoib: Ipoib,
  ipvlan: Ipvlan,
  ipvtap: Ipvtap,
  lowpan: None,
  macsec: Macsec,
  macvlan: Macvlan,
  macvtap: Macvtap,
  netdevsim: None,
  netkit: Netkit,
  nlmon: None,
  openvswitch: None,
  ovpn: Ovpn,
  pfcp: None,
  ppp: Ppp,
  rmnet: Rmnet,
  sit: Sit,
  team: None,
  tun: Tun,
  vcan: None,
  veth: Veth,
  virt_wifi: None,
  vlan: Vlan,
  vrf: Vrf,
  vsockmon: None,
  vti: Vti,
  vti6: Vti6,
  vxcan: Vxcan,
  vxlan: Vxlan,
  wireguard: None,
  wwan: Wwan,
  xfrm: Xfrm,
};

/** Data of a port, by the kind of the link it is a port of. */
export const slaveKinds = {
  bond: BondSlave,
  bridge: BridgePort,
  vrf: VrfSlave,
};
