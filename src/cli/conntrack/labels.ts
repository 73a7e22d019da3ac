/** Labels of connections: 128 bits that have names in a file, as libnetfilter_conntrack finds them. */
import { existsSync, readFileSync } from 'node:fs';
import type { Conntrack } from '../../families/netfilter/index.ts';
import { usage } from '../errors.ts';
import { parseInteger, word } from '../values.ts';
import { didYouMean } from '../words.ts';

const NAMES = '/etc/xtables/connlabel.conf', BITS = 128n;
export function labelNames(): Map<number, string> {
  const lines = existsSync(NAMES) ? readFileSync(NAMES, 'utf8').split('\n') : [];
  return new Map(lines.flatMap((line) => { const [, number, name] = /^\s*(\d+)\s+(\S+)/.exec(line) ?? []; return name === undefined ? [] : [[Number(number), name] as const]; }));
}
/** How a label is called: by its number where it has no name. */
export const labelWord = (bit: number, names: ReadonlyMap<number, string>): string => names.get(bit) ?? String(bit);

export function readLabels(given: string): number[] {
  const names = [...labelNames()];
  return given.split(',').map((one) => {
    const number = parseInteger(one), bit = names.find(([, name]) => name === one)?.[0] ?? (number !== undefined && number >= 0n && number < BITS ? Number(number) : undefined);
    if (bit === undefined) throw usage(`"${one}" is not a label`, didYouMean(one, names.map(([, name]) => name)) ?? `a number below ${BITS}, or a name from ${NAMES}`);
    return bit;
  });
}
export const labelList = word('LABEL[,LABEL...]', readLabels);

/** What the kernel makes of labels and mask: those of the mask are cleared, then those that are sent change sides. Without a mask they are all there are. */
export function relabelled({ labels = [] }: Conntrack, add: readonly number[] | undefined, remove: readonly number[] | 'all' | undefined): Pick<Conntrack, 'labels' | 'labelsMask'> {
  if (add) return { labels: [...add], labelsMask: [...add] };
  if (remove === undefined || labels.length === 0) return {};
  return remove === 'all' ? { labels: [] } : { labels: [], labelsMask: [...remove] };
}
