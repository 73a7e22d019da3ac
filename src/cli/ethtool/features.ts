/** Offloads: `ethtool -k`, `-K` (net/ethtool/features.c). */
import { exits } from '../errors.ts';
import type { Command } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import type { Json, Printer } from '../print/printer.ts';
import { anyOf, deviceName } from '../values.ts';
import { ask, bitsByName, bitsOf, device, maskOf, nameOf, switches, type Asked, type Bitset } from './ask.ts';
import { show, type Shown } from './show.ts';

/** Names from before the kernel's, each for all features that a pattern fits: long, short, pattern. */
const former: readonly (readonly [long: string, short: string, pattern: string])[] = [
  ['rx-checksumming', 'rx', 'rx-checksum'],
  ['tx-checksumming', 'tx', 'tx-checksum-*'],
  ['scatter-gather', 'sg', 'tx-scatter-gather*'],
  ['tcp-segmentation-offload', 'tso', 'tx-tcp*-segmentation'],
  ['udp-fragmentation-offload', 'ufo', 'tx-udp-fragmentation'],
  ['generic-segmentation-offload', 'gso', 'tx-generic-segmentation'],
  ['generic-receive-offload', 'gro', 'rx-gro'],
  ['large-receive-offload', 'lro', 'rx-lro'],
  ['rx-vlan-offload', 'rxvlan', 'rx-vlan-hw-parse'],
  ['tx-vlan-offload', 'txvlan', 'tx-vlan-hw-insert'],
  ['ntuple-filters', 'ntuple', 'rx-ntuple-filter'],
  ['receive-hashing', 'rxhash', 'rx-hashing'],
];
const fits = (pattern: string, name: string): boolean => new RegExp(`^${pattern.replace('*', '.*')}$`).test(name);

interface State { readonly active: boolean; readonly fixed: boolean; readonly requested: boolean }

function line(printer: Printer, name: string, { active, fixed, requested }: State, indent = ''): void {
  const more = fixed ? ' [fixed]' : active === requested ? '' : ` [requested ${requested ? 'on' : 'off'}]`;
  printer.value(name, '%', '', { text: () => `${indent}${name}: ${active ? 'on' : 'off'}${more}\n`, json: () => ({ active, fixed, requested }) });
}

export function printFeatures(printer: Printer, body: Json, asked: Asked): void {
  const names = asked.names('features'), [hw, wanted, active, nochange] = ['hw', 'wanted', 'active', 'nochange'].map((key) => bitsOf(body[key] as Bitset)) as [Set<number>, Set<number>, Set<number>, Set<number>];
  const states = new Map<string, State>();
  for (const [bit, name] of names.entries()) if (name) states.set(name, { active: active.has(bit), fixed: !hw.has(bit) || nochange.has(bit), requested: wanted.has(bit) });
  printer.value('ifname', 'Features for %:\n', nameOf(body));
  for (const [long, , pattern] of former) {
    const own = [...states].filter(([name]) => fits(pattern, name)), [only] = own;
    if (only && own.length === 1) line(printer, long, only[1]);
    else if (own.length > 1) {
      const some = own.some(([, state]) => state.active);
      printer.value(long, '%', '', { text: () => `${long}: ${some ? 'on' : 'off'}\n`, json: () => ({ active: some, fixed: null, requested: null }) });
      for (const [name, state] of own) line(printer, name, state, '\t');
    }
    for (const [name] of own) states.delete(name);
  }
  for (const [name, state] of states) line(printer, name, state);
}

/** What became of a change, where it is not what was asked for. */
function printChanges(asked: Asked, body: Json, wanted: ReadonlyMap<string, boolean>): number {
  const names = asked.names('features'), { out } = asked.context;
  const refused = body['wanted'] as Bitset, changed = body['active'] as Bitset;
  const refusedBits = maskOf(refused), changedBits = maskOf(changed), asking = bitsOf(refused), active = bitsOf(changed);
  const unasked = [...changedBits].some((bit) => !wanted.has(names[bit] ?? ''));
  if (refusedBits.size === 0 && !unasked) return exits.ok;
  const nothing = refusedBits.size > 0 && refusedBits.size === wanted.size;
  if (nothing) out.error('Could not change any device features');
  out.write('Actual changes:\n');
  for (const [bit, name] of names.entries()) {
    if (refusedBits.has(bit)) out.write(`${name}: ${asking.has(bit) ? 'off [requested on]' : 'on [requested off]'}\n`);
    else if (changedBits.has(bit)) out.write(`${name}: ${active.has(bit) ? 'on' : 'off'}${wanted.has(name) ? '' : ' [not requested]'}\n`);
  }
  return nothing ? exits.refused : exits.ok;
}

export const features: Shown = { message: 'featuresGet', flags: ['compactBitsets'], print: printFeatures };
export const showFeatures = show('print which offloads are on', '-k eth0', features);
export const setFeatures: Command = {
  summary: 'turn offloads on or off',
  usage: 'DEVNAME { FEATURE { on | off } } ...',
  options: device, places: [deviceName, anyOf(...former.flatMap(([long, short]) => [short, long]), 'on', 'off')], unlogged: true,
  examples: ['ethtool -K eth0 gro off tso on', 'ethtool -K eth0 rx-gro-list on'],
  async run(context, words) {
    const asked = await ask(context, words), wanted = new Map<string, boolean>(), given = switches(words);
    const old = (name: string): string | undefined => former.find(([long, short]) => name === long || name === short)?.[2];
    for (const [name, on] of given) {
      const pattern = old(name), own = pattern === undefined ? [name] : asked.names('features').filter((one) => fits(pattern, one));
      // In a dry run nobody was asked for names.
      for (const one of own.length > 0 ? own : [name]) wanted.set(one, on);
    }
    const answer = asked.change('featuresSet', { wanted: bitsByName(wanted) }, ['compactBitsets']) as Body | undefined;
    return answer ? printChanges(asked, answer, wanted) : exits.ok;
  },
};
