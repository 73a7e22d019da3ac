/** VLANs of a bridge or a port, as the kernel lists them and as people read them. */

/** VLANs that do not differ; `last` is included. */
export interface VlanRange<F> { first: number; last: number; flags: readonly F[] }

/** Consecutive entries that enclose a range become one. */
export function vlanRanges<F>(info: readonly { readonly vid: number; readonly flags: readonly F[] }[]): VlanRange<F>[] {
  const result: VlanRange<F>[] = [];
  for (const { vid, flags } of info) {
    const previous = result.at(-1);
    if ((flags as readonly unknown[]).includes('rangeEnd') && previous) previous.last = vid;
    else result.push({ first: vid, last: vid, flags });
  }
  return result;
}
