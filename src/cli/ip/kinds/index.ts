/** The kinds that have words of their own. The others take the scalar attributes of their schema by name. */
import { bond, bondSlave } from './bond.ts';
import { bridge } from './bridge.ts';
import { bridgeSlave } from './bridge-slave.ts';
import { generic } from './generic.ts';
import { ipvlan, ipvtap } from './ipvlan.ts';
import type { Kind } from './kind.ts';
import { macvlan, macvtap } from './macvlan.ts';
import { vlan } from './vlan.ts';
import { vrf, vrfSlave } from './vrf.ts';
import { vxlan } from './vxlan.ts';

const none: Kind = { options: {} };

export const kinds: Readonly<Record<string, Kind>> = {
  bond, bridge, ipvlan, ipvtap, macvlan, macvtap, vlan, vrf, vxlan, dummy: none, ifb: none, nlmon: none, vcan: none,
};

/** What a port has, by the kind of its master. In the grammar they are called `bridge_slave` and so on. */
export const slaveKinds: Readonly<Record<string, Kind>> = { bond: bondSlave, bridge: bridgeSlave, vrf: vrfSlave };

/** Words of a kind, from its table or from its schema. */
export function kindOf(name: string): Kind {
  return kinds[name] ?? generic(name);
}
