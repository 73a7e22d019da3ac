/** What is ours, and what is not. */
import type { Link } from '../families/route/index.ts';

/** How a link is known to be ours: by its alias, or, before it has one, by what it was made with. */
export interface Mark { readonly kind: string; readonly alias: string; readonly address?: string; readonly below?: number; readonly id?: number }

/** A link, and how it is known to be ours. */
export interface Owned { readonly ifname: string; readonly mark: Mark }

/** Whether a link is ours. */
export function isOurs(link: Link, { kind, alias, address, below, id }: Mark): boolean {
  const info = link.linkinfo as { kind?: string; data?: { id?: number } } | undefined;
  if (info?.kind !== kind) return false;
  if (link.ifalias !== undefined) return link.ifalias === alias;
  const known = [address !== undefined && link.address === address, below !== undefined && link.link === below, id !== undefined && info.data?.id === id];
  return known.some(Boolean) && !(address !== undefined && !known[0]);
}
