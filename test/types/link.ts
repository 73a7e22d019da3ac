/** Passes by compiling: what the types of links promise, and beside it what they refuse. */
import { encode, type Value } from '../../src/codec/index.ts';
import { Link, type LinkInit } from '../../src/families/route/link.ts';
import type { Stats } from '../../src/families/route/link-stats.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

/** The kind says what the data is. */
export function narrows(link: Value<typeof Link>): number | string | undefined {
  const info = link.linkinfo;
  switch (info?.kind) {
    case 'vlan': {
      holds<Same<typeof info.data, Value<typeof import('../../src/families/route/kinds/vlan.ts').Vlan> | undefined>>();
      // @ts-expect-error: a VLAN has no forwarding delay
      void info.data?.forwardDelay;
      return info.data?.id;
    }
    case 'bridge': return info.data?.forwardDelay;
    case 'macvlan': return info.data?.mode === 'bridge' ? 1 : info.data?.bcCutoff;
    case 'veth': return info.data?.peer?.ifname;
    case 'vxlan': return info.data?.portRange?.low;
    default: return undefined;
  }
}
/** So it does for a port, whatever the link's own kind is. */
export function port(link: Value<typeof Link>): number | undefined {
  return link.linkinfo?.slaveKind === 'bridge' ? link.linkinfo.slaveData?.cost : link.linkinfo?.slaveKind === 'bond' ? link.linkinfo.slaveData?.queueId : undefined;
}
/** No narrowing is needed where the family says what an attribute holds. */
export const families = (link: Value<typeof Link>): unknown[] => [link.afSpec?.vlanInfo?.[0]?.vid, link.afSpec?.inet6?.token, link.protinfo?.state, link.protinfo?.conf];

holds<Same<Value<typeof Link>['ifname'], string | undefined>>();
holds<Same<Value<typeof Link>['index'], number>>();
holds<Same<NonNullable<Stats['link64']>['rxBytes'], bigint>>();

/** Sent, header fields may be left out. */
export const good: LinkInit[] = [
  { ifname: 'br0', linkinfo: { kind: 'bridge', data: { forwardDelay: 400, vlanFiltering: 1 } } },
  { ifname: 'v0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'v1', linkinfo: { kind: 'veth' } } } } },
  { index: 3, flags: ['up'], change: ['up'] },
  { linkinfo: { kind: 'dummy' }, linkmode: 'dormant', operstate: 6 },
];
export const bad: LinkInit[] = [
  // @ts-expect-error: a typo in a key
  { ifnmae: 'br0' },
  // @ts-expect-error: a typo in the name of a flag
  { flags: ['upp'] },
  // @ts-expect-error: a typo in an enumerated value
  { operstate: 'donw' },
  // @ts-expect-error: a kind that is not declared
  { linkinfo: { kind: 'brigde' } },
  // @ts-expect-error: data of another kind
  { linkinfo: { kind: 'vlan', data: { forwardDelay: 400 } } },
  // @ts-expect-error: a typo deep in the peer
  { linkinfo: { kind: 'veth', data: { peer: { ifname: 'v1', mut: 1500 } } } },
];
// @ts-expect-error: a mode that MAC-VLANs do not have
encode(Link, { linkinfo: { kind: 'macvlan', data: { mode: 'l3' } } });
