/** Connections that a portmap's rules make stale: what is in the rules tells which. */
import { ipv4Text, ipv6Text } from '../codec/index.ts';
import type { Rule } from '../families/netfilter/index.ts';
import { ends, type NetfilterSync } from '../netfilter/index.ts';
import { forgetAll, notForgotten, suspects, tracked, type Lead, type Leads } from '../network/flows.ts';
import { TRANSPORT } from '../network/firewall-messages.ts';
import { runSync } from '../route/plan.ts';
import { NetlinkError } from '../socket/index.ts';
import { Side } from './side.ts';

interface Element { readonly name?: string; readonly data?: { readonly key?: unknown; readonly base?: unknown; readonly op?: unknown; readonly data?: { readonly value?: Uint8Array } } }
const numberIn = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value << 8 | byte, 0);
const addressIn = (bytes: Uint8Array): string => (bytes.length === 4 ? ipv4Text : ipv6Text)(bytes, 0);

/** Where a rule leads what comes from outside, if it does. Those for the host's own packets say the same once more. */
function leadOf({ chain, expressions }: Pick<Rule, 'chain' | 'expressions'>): Lead[] {
  const all = (expressions?.elem ?? []) as readonly Element[];
  if (chain !== 'prerouting') return [];
  const compared = (is: (one: Element) => boolean): Uint8Array | undefined => all.find((one, at) => one.name === 'cmp' && one.data?.op === 'eq' && at > 0 && is(all[at - 1] as Element))?.data?.data?.value;
  const transport = compared(({ name, data }) => name === 'meta' && data?.key === 'l4proto'), port = compared(({ name, data }) => name === 'payload' && data?.base === 'transportHeader'), host = compared(({ name, data }) => name === 'payload' && data?.base === 'networkHeader');
  const [to, containerPort] = all.filter(({ name }) => name === 'immediate').map(({ data }) => data?.data?.value), protocol = (Object.keys(TRANSPORT) as Lead['protocol'][]).find((one) => TRANSPORT[one] === transport?.[0]);
  if (!protocol || !port || !to || !containerPort) return [];
  return [{ protocol, hostPort: numberIn(port), ...(host && { hostAddress: addressIn(host) }), to: addressIn(to), containerPort: numberIn(containerPort) }];
}
export const leadsIn = (rules: readonly Pick<Rule, 'chain' | 'expressions'>[]): Lead[] => rules.flatMap(leadOf);

/** Makes the kernel forget them. What fails is told, no more: the rules are as they shall be. */
export function forgetStale(nf: NetfilterSync, change: Leads): void {
  const leads = tracked(change);
  if (leads.gone.length === 0 && leads.made.length === 0) return;
  try {
    const { surely, ifLocal } = runSync(nf.client, suspects(leads)), local = new Map<string, boolean>();
    const here = ifLocal.length === 0 ? [] : Side.at(undefined, ({ nl }) => ifLocal.filter(({ tupleOrig }) => {
      const { dst = '' } = ends(tupleOrig?.ip);
      if (!local.has(dst)) local.set(dst, isLocal(() => nl.route.get(dst).type));
      return local.get(dst);
    }));
    runSync(nf.client, forgetAll([...surely, ...here]));
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    process.stderr.write(`${notForgotten(leads, error)}\n`);
  }
}
function isLocal(type: () => unknown): boolean {
  try { return type() === 'local'; } catch (error) {
    if (error instanceof NetlinkError) return false;
    throw error;
  }
}
