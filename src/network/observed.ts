/** What was seen of the kernel's objects: plans are made from it. */
import type { Address, Link, Neighbour, Route } from '../families/route/index.ts';

/** What has our table's name: our table, nothing, another's table; or that cannot be told (without privilege, or without nf_tables). */
export type SeenTable = 'ours' | 'none' | 'foreign' | 'unknown';

/** One namespace. */
export interface Observed {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  /** Of the main table. */
  readonly routes: readonly Route[];
  /** Forwarding and what the kernel changes with it, by key under /proc/sys. */
  readonly sysctls: ReadonlyMap<string, string>;
  readonly firewall: SeenTable;
  /** Tables of VXLANs. */
  readonly entries: readonly Neighbour[];
}

/** The switches of forwarding, and what follows them in the kernel (inet_forward_change, addrconf_forward_change). */
export const FORWARD = { inet: 'net/ipv4/ip_forward', inet6: 'net/ipv6/conf/all/forwarding' } as const;
