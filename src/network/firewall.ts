/** What networks want of the firewall. Pure. */
import { bridgeName, drivers } from './drivers/index.ts';
import { parseIp, parseSubnet, type Family } from './ipam/index.ts';
import type { Publish } from './publish.ts';
import type { Record } from './store.ts';

/** One network's part. */
export interface Filtered {
  readonly name: string;
  /** Its link in the host. */
  readonly bridge: string;
  readonly subnets: readonly { readonly family: Family; readonly subnet: string }[];
  readonly internal: boolean;
  readonly publish: readonly (Publish & { readonly container: string; readonly to: string; readonly family: Family })[];
}
/** All of them: the whole of our table. */
export type Ruleset = readonly Filtered[];

/** Of the networks that this host routes for. */
export function rulesetOf(records: Iterable<Record>): Ruleset {
  return [...records].filter(({ network }) => drivers[network.driver].routes).sort((a, b) => (a.network.name < b.network.name ? -1 : 1)).map(({ network, containers }) => ({
    name: network.name, bridge: bridgeName(network), internal: network.internal === true,
    subnets: network.subnets.map(({ subnet }) => ({ family: parseSubnet(subnet).family, subnet })),
    publish: Object.keys(containers).sort().flatMap((container) => {
      const { publish = [], addresses = [] } = containers[container] ?? {};
      return publish.flatMap((one) => addresses.map((address) => (address.split('/')[0] as string)).map((to) => ({ ...one, container, to, family: parseIp(to).family }))
        .filter(({ family }) => one.hostAddress === undefined || parseIp(one.hostAddress).family === family));
    }),
  }));
}
