/** `action mpls push label 5`: net/sched/act_mpls.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Row } from '../../grammar.ts';
import { integer } from '../../values.ts';
import { etherType, etherTypeFormat } from '../ether-type.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const words: Readonly<Record<string, string>> = { pop: 'pop', push: 'push', macPush: 'mac_push', modify: 'modify', decTtl: 'dec_ttl' };
const say = (action: string): Row => act((draft) => {
  const parms = (draft['parms'] ??= {}) as Draft;
  if (parms['mAction'] !== undefined) throw usage(`"${words[action]}" and "${words[parms['mAction'] as string]}" exclude each other`);
  parms['mAction'] = action;
});

export const mpls: ActionKind = {
  usage: '{ pop protocol PROTOCOL | { push | mac_push } label LABEL [ protocol PROTOCOL ] | modify | dec_ttl } [ tc NUMBER ] [ ttl TTL ] [ bos { 0 | 1 } ] [ VERDICT ] [ index NUMBER ]',
  options: {
    ...Object.fromEntries(Object.entries(words).map(([action, word]) => [word, say(action)])),
    label: to('label', integer('LABEL', 0, 0xfffff)),
    tc: to('tc', integer('NUMBER', 0, 7)),
    ttl: to('ttl', integer('TTL', 1, 255)),
    bos: to('bos', integer('{ 0 | 1 }', 0, 1)),
    protocol: to('proto', etherType),
    ...control(),
  },
  verdict: 'pipe',
  complete(draft) {
    const action = parmsOf(draft)['mAction'];
    if (action === undefined) throw usage('what is to happen to the label?', 'action mpls push label LABEL');
    if ((action === 'push' || action === 'macPush') && draft['label'] === undefined) throw usage('which label?', `action mpls ${words[action as string]} label LABEL`);
    if (action === 'pop' && draft['proto'] === undefined) throw usage('what is behind the label?', 'action mpls pop protocol ip');
  },
  print(printer, options) {
    const parms = parmsOf(options);
    printer.value('mpls_action', ' %', words[parms['mAction'] as string] ?? parms['mAction']);
    // The kernel tells of one that nobody said.
    if (['pop', 'push', 'macPush'].includes(String(parms['mAction']))) printer.value('protocol', ' protocol %', options['proto'], etherTypeFormat);
    printer.value('label', ' label %', options['label']);
    printer.value('tc', ' tc %', options['tc']);
    printer.value('bos', ' bos %', options['bos']);
    printer.value('ttl', ' ttl %', options['ttl']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
