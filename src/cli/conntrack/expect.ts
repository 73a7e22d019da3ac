/** Connections that are expected, as conntrack-tools print them. */
import type { Expectation, Tuple } from '../../families/netfilter/index.ts';
import { ends } from '../../netfilter/conntrack.ts';
import { direction, numberOf } from './print.ts';
import { upper } from './options.ts';

export function expectationFacts({ family, master, tuple, mask, timeout, helpName, zone, flags, class: sort, fn, id }: Expectation): Record<string, unknown> {
  return {
    family, protocol: tuple?.proto?.num, protonum: numberOf(tuple?.proto?.num), ...(timeout !== undefined && { timeout }), tuple: direction(tuple, undefined), mask: direction(mask, undefined), master: direction(master, undefined),
    ...(zone !== undefined && { zone }), ...(flags && flags.length > 0 && { flags: flags.map((flag) => (typeof flag === 'number' ? flag : upper(flag))) }), ...(sort !== undefined && { class: sort }), ...(helpName !== undefined && { helper: helpName }), ...(fn !== undefined && fn !== '' && { fn }), ...(id !== undefined && { id }),
  };
}
const side = (prefix: string, tuple: Tuple | undefined): string => {
  const { src, dst } = ends(tuple?.ip), { srcPort, dstPort } = tuple?.proto ?? {};
  return `${prefix}src=${src} ${prefix}dst=${dst}${srcPort === undefined && dstPort === undefined ? '' : ` sport=${srcPort ?? 0} dport=${dstPort ?? 0}`}`;
};
export const expectationLine = ({ tuple, mask, master, timeout, helpName, zone, flags = [], class: sort }: Expectation): string => [
  ...(timeout === undefined ? [] : [timeout]), `proto=${numberOf(tuple?.proto?.num)}`, side('', tuple), side('mask-', mask), side('master-', master),
  ...(zone === undefined ? [] : [`zone=${zone}`]), ...(flags.length > 0 ? [flags.map((flag) => upper(String(flag))).join(',')] : []), ...(sort === undefined ? [] : [`class=${sort}`]), ...(helpName === undefined ? [] : [`helper=${helpName}`]),
].join(' ');
