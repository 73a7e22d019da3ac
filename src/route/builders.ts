/** One builder a kind: they only save nesting. Types come from each kind's declaration. */
import type { Value } from '../codec/index.ts';
import type { kinds } from '../families/route/index.ts';
import type { LinkInput } from './links.ts';
import type { Device } from './names.ts';

type Kinds = typeof kinds;
type Loose<D> = Omit<D, 'link' | 'peer'> & ('link' extends keyof D ? { link?: Device } : unknown) & ('peer' extends keyof D ? { peer?: LinkInput } : unknown);
/** Data of a kind, with names where it holds interface indexes. */
export type KindData<K extends keyof Kinds> = Loose<Value<Kinds[K]>>;
export type Builder<K extends keyof Kinds> = (ifname: string, data?: KindData<K>, rest?: Omit<LinkInput, 'ifname' | 'linkinfo'>) => LinkInput;

/** A builder for any kind that has a schema: `link('vlan')('eth0.5', { id: 5 }, { link: 'eth0' })`. */
export const link = <K extends keyof Kinds & string>(kind: K): Builder<K> => (ifname, data, rest) =>
  ({ ifname, ...rest, linkinfo: { kind, ...(data && { data: data as Record<string, unknown> }) } });

export const veth: Builder<'veth'> = link('veth');
export const bridge: Builder<'bridge'> = link('bridge');
export const macvlan: Builder<'macvlan'> = link('macvlan');
export const macvtap: Builder<'macvtap'> = link('macvtap');
export const ipvlan: Builder<'ipvlan'> = link('ipvlan');
export const ipvtap: Builder<'ipvtap'> = link('ipvtap');
export const vlan: Builder<'vlan'> = link('vlan');
export const vxlan: Builder<'vxlan'> = link('vxlan');
export const dummy: Builder<'dummy'> = link('dummy');
export const ifb: Builder<'ifb'> = link('ifb');
export const bond: Builder<'bond'> = link('bond');
export const vrf: Builder<'vrf'> = link('vrf');
