/** `action skbmod swap mac`: net/sched/act_skbmod.c. */
import { usage } from '../../errors.ts';
import { act, type Draft, type ValueType } from '../../grammar.ts';
import { mac } from '../../values.ts';
import { etherType } from '../ether-type.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const bits = { dmac: 1n, smac: 2n, etype: 4n, swap: 8n, ecn: 16n } as const;
const parts: Readonly<Record<string, ValueType>> = { dmac: mac, smac: mac, etype: etherType };
const flag = (draft: Draft, bit: bigint): void => {
  const parms = (draft['parms'] ??= {}) as Draft;
  parms['flags'] = ((parms['flags'] ?? 0n) as bigint) | bit;
};

export const skbmod: ActionKind = {
  usage: '{ set { dmac LLADDR | smac LLADDR | etype PROTOCOL } ... | swap mac | ecn } [ VERDICT ] [ index NUMBER ]',
  options: {
    set: { repeat: true, ...act((draft, value) => {
      const [key, given] = value as ['dmac' | 'smac' | 'etype', unknown];
      draft[key] = given;
      flag(draft, bits[key]);
    }, { name: '{ dmac LLADDR | smac LLADDR | etype PROTOCOL }', choices: Object.keys(parts), read: (words, context, after) => {
      const key = words.next(after), type = parts[key];
      if (!type) throw usage(`"${key}" cannot be set`, Object.keys(parts).join(', '));
      return [key, type.read(words, context, key)];
    } }) },
    swap: act((draft, _value, _context, words) => {
      if (!words.take('mac')) throw usage('addresses are swapped', 'swap mac');
      flag(draft, bits.swap);
    }),
    ecn: act((draft) => { flag(draft, bits.ecn); }),
    ...control(),
  },
  verdict: 'pipe',
  head: [null, 'skbmod '],
  complete(draft) { if ((draft['parms'] as Draft | undefined)?.['flags'] === undefined) throw usage('what is to change?', 'action skbmod swap mac'); },
  print(printer, options) {
    const parms = parmsOf(options), flags = (parms['flags'] ?? 0n) as bigint;
    printVerdict(printer, '', parms['action'], ' ');
    if (flags & bits.etype) printer.value('etype', 'set etype % ', `0x${Number(options['etype']).toString(16)}`);
    if (flags & bits.swap) printer.value('swapmac', 'swap mac ', null);
    if (flags & bits.ecn) printer.value('ecn', 'ecn ', null);
    if (flags & (bits.dmac | bits.smac)) {
      printer.newline();
      printer.text('\t ');
    }
    if (flags & bits.dmac) printer.value('dmac', 'set dmac % ', options['dmac']);
    if (flags & bits.smac) printer.value('smac', 'set smac % ', options['smac']);
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
