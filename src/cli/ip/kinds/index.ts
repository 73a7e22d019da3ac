/** The kinds that have words of their own. The others take the scalar attributes of their schema by name. */
import { amt } from './amt.ts';
import { bareudp } from './bareudp.ts';
import { batadv } from './batadv.ts';
import { bond, bondSlave } from './bond.ts';
import { bridge } from './bridge.ts';
import { bridgeSlave } from './bridge-slave.ts';
import { can } from './can.ts';
import { dsa } from './dsa.ts';
import { generic } from './generic.ts';
import { geneve } from './geneve.ts';
import { erspan, gre, gretap, ip6erspan, ip6gre, ip6gretap } from './gre.ts';
import { gtp } from './gtp.ts';
import { hsr } from './hsr.ts';
import { ip6tnl, ipip, sit } from './ip-tunnel.ts';
import { ipoib } from './ipoib.ts';
import { ipvlan, ipvtap } from './ipvlan.ts';
import type { Kind } from './kind.ts';
import { macsec } from './macsec.ts';
import { macvlan, macvtap } from './macvlan.ts';
import { netkit } from './netkit.ts';
import { rmnet } from './rmnet.ts';
import { tun } from './tun.ts';
import { vlan } from './vlan.ts';
import { vrf, vrfSlave } from './vrf.ts';
import { vti, vti6 } from './vti.ts';
import { vxlan } from './vxlan.ts';
import { wwan } from './wwan.ts';
import { xfrm } from './xfrm.ts';

const none: Kind = { options: {} };

export const kinds: Readonly<Record<string, Kind>> = {
  amt, bareudp, batadv, bond, bridge, can, dsa, erspan, geneve, gre, gretap, gtp, hsr, ip6erspan, ip6gre, ip6gretap, ip6tnl, ipip, ipoib,
  ipvlan, ipvtap, macsec, macvlan, macvtap, netkit, rmnet, sit, tun, vlan, vrf, vti, vti6, vxlan, wwan, xfrm,
  dummy: none, ifb: none, netdevsim: none, nlmon: none, pfcp: none, team: none, vcan: none, veth: none, virt_wifi: none, vsockmon: none, vxcan: none, wireguard: none,
};

/** What a port has, by the kind of its master. In the grammar they are called `bridge_slave` and so on. */
export const slaveKinds: Readonly<Record<string, Kind>> = { bond: bondSlave, bridge: bridgeSlave, vrf: vrfSlave };

/** Words of a kind, from its table or from its schema. */
export function kindOf(name: string): Kind {
  return kinds[name] ?? generic(name);
}
