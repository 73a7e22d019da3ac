/** One builder a kind: they only save nesting. Types come from each kind's declaration. */
import type { Value } from '../codec/index.ts';
import type { kinds } from '../families/route/index.ts';
import type { LinkInput } from './links.ts';
import type { Device } from './names.ts';

type Kinds = typeof kinds;
type Loose<D> = Omit<D, 'link' | 'peer'> & ('link' extends keyof D ? { link?: Device } : unknown) & ('peer' extends keyof D ? { peer?: LinkInput } : unknown);
/** The kinds of links that have a schema. */
export type KindName = keyof Kinds & string;
/** Data of a kind; `link` may be a name, and a `peer` is described like any link. */
export type KindData<K extends KindName> = Loose<Value<Kinds[K]>>;
/** Describes a link of one kind: its name, the kind's own settings, and those that every link has. */
export type Builder<K extends KindName> = (ifname: string, data?: KindData<K>, rest?: Omit<LinkInput, 'ifname' | 'linkinfo'>) => LinkInput;

/** A builder for any kind that has a schema: `link('vlan')('eth0.5', { id: 5 }, { link: 'eth0' })`. */
export const link = <K extends KindName>(kind: K): Builder<K> => (ifname, data, rest) =>
  ({ ifname, ...rest, linkinfo: { kind, ...(data && { data }) } as LinkInput['linkinfo'] & {} });

/** Two Ethernet devices joined by a cable (drivers/net/veth.c). `peer` is the other end; it cannot be born up. */
export const veth: Builder<'veth'> = link('veth');
/** An Ethernet switch (net/bridge). Its ports are links that have it as `master`. */
export const bridge: Builder<'bridge'> = link('bridge');
/** An interface with an address of its own on the `link` below (drivers/net/macvlan.c). */
export const macvlan: Builder<'macvlan'> = link('macvlan');
/** The same, read and written through a character device. */
export const macvtap: Builder<'macvtap'> = link('macvtap');
/** An interface that shares the address of the `link` below (drivers/net/ipvlan). */
export const ipvlan: Builder<'ipvlan'> = link('ipvlan');
/** The same, read and written through a character device. */
export const ipvtap: Builder<'ipvtap'> = link('ipvtap');
/** One VLAN of the `link` below (IEEE 802.1Q; net/8021q). */
export const vlan: Builder<'vlan'> = link('vlan');
/** Ethernet over UDP (RFC 7348; drivers/net/vxlan). */
export const vxlan: Builder<'vxlan'> = link('vxlan');
/** An interface that swallows what is sent (drivers/net/dummy.c). */
export const dummy: Builder<'dummy'> = link('dummy');
/** An interface that packets are redirected to, to be shaped (drivers/net/ifb.c). */
export const ifb: Builder<'ifb'> = link('ifb');
/** Several links as one (drivers/net/bonding). */
export const bond: Builder<'bond'> = link('bond');
/** A routing domain: its ports use the routing table `table` (drivers/net/vrf.c). */
export const vrf: Builder<'vrf'> = link('vrf');
