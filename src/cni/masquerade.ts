/** Source NAT for what leaves the container's subnet, but for multicast: pure. */
import type { CniRule } from './firewall.ts';
import { isIpv6, type AddressResult } from './result.ts';
import { subnetOf } from './subnet.ts';

/** Names the rules of ipMasq. */
export const MASQUERADE = 'masquerade';
export const masqueradeRules = (ips: readonly AddressResult[]): CniRule[] => ips.map(({ address }) => ({
  chain: 'masquerade', verdict: 'masquerade',
  when: [
    { on: 'saddr', net: address.split('/')[0] as string }, { on: 'daddr', net: subnetOf(address), not: true },
    { on: 'daddr', net: isIpv6(address) ? 'ff00::/8' : '224.0.0.0/4', not: true },
  ],
}));
