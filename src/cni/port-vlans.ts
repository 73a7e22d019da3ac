/** VLANs of a bridge's port (net/bridge/br_netlink.c). */
import { route, type Link } from '../families/route/index.ts';
import { misconfigured } from './error.ts';
import { integer, readFields } from './fields.ts';
import type { Side } from './side.ts';

interface Vlans { readonly first: number; readonly last: number }
const DEFAULT_VLAN = 1, MOST = 4094;
const fields = { id: integer(undefined), minID: integer(undefined), maxID: integer(undefined) };

/** `vlanTrunk`: { id } or { minID, maxID }, or both. @throws {CniError} */
export function trunkOf(given: readonly Record<string, unknown>[]): Vlans[] {
  return given.flatMap((entry) => {
    const { id, minID, maxID } = readFields(fields, entry, 'vlanTrunk.'), out: Vlans[] = [];
    const inRange = (value: number | undefined, what: string): number => {
      if (value === undefined || value < 1 || value > MOST) throw misconfigured(`incorrect trunk ${what} parameter: ${value ?? 'missing'} (1 to ${MOST})`);
      return value;
    };
    if (minID !== undefined || maxID !== undefined) {
      const first = inRange(minID, 'minID'), last = inRange(maxID, 'maxID');
      if (first > last) throw misconfigured('minID is greater than maxID in trunk parameter');
      out.push({ first, last });
    }
    if (id !== undefined) { const only = inRange(id, 'id'); out.push({ first: only, last: only }); }
    return out;
  });
}

/** Untagged frames are in `vlan`; those of the trunk pass with their tags. The default VLAN goes unless it is to be kept. */
export function setVlans(side: Side, { index }: Link, { vlan, trunk, preserveDefault }: { vlan: number; trunk: readonly Vlans[]; preserveDefault: boolean }): void {
  const tell = (message: 'setlink' | 'dellink', vlanInfo: readonly object[]): void => {
    side.nl.client.requestSync({ message: route.messages[message], body: { family: 'bridge', index, afSpec: { vlanInfo } } });
  };
  if (!preserveDefault) tell('dellink', [{ vid: DEFAULT_VLAN, flags: [] }]);
  if (vlan !== 0) tell('setlink', [{ vid: vlan, flags: ['pvid', 'untagged'] }]);
  for (const { first, last } of trunk) tell('setlink', first === last ? [{ vid: first, flags: [] }] : [{ vid: first, flags: ['rangeBegin'] }, { vid: last, flags: ['rangeEnd'] }]);
}
