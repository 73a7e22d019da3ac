/** VLANs of a parent, made on demand: `eth0.5`. */
import { NetworkError } from '../error.ts';
import { markOf } from '../names.ts';
import type { Observed } from '../observed.ts';
import { vlanOf, type Network } from '../spec.ts';
import { findLink, parentLink, usable, type HostLink } from './driver.ts';

/** The VLAN below a network, when it is ours, or is to be. @throws {NetworkError} */
export function parentLinks(network: Network, seen: Observed): HostLink[] {
  const ifname = network.parent as string, tagged = vlanOf(ifname), there = findLink(seen, ifname);
  if (!tagged || (there && !there.ifalias?.startsWith(markOf('')))) { parentLink(seen, network); return []; }
  const below = findLink(seen, tagged.link);
  if (!below) throw new NetworkError('NOT_FOUND', `there is neither a link "${ifname}" nor "${tagged.link}" to make VLAN ${tagged.id} of`, 'ip link lists them');
  usable(below, seen);
  return [{
    link: { ifname, link: tagged.link, linkinfo: { kind: 'vlan', data: { id: tagged.id } } },
    mark: { kind: 'vlan', alias: there?.ifalias ?? markOf(network.name), below: below.index }, addresses: [], settings: { up: true }, shared: true,
  }];
}
