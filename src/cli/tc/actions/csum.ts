/** `action csum ip4h and udp`: net/sched/act_csum.c. */
import { usage } from '../../errors.ts';
import { act, store, type Draft, type Row } from '../../grammar.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const words: Readonly<Record<string, string>> = { ipv4hdr: 'iph|ip4h|ipv4h|ip|ip4|ipv4', icmp: 'icmp', igmp: 'igmp', tcp: 'tcp', udp: 'udp', udplite: 'udplite', sctp: 'sctp' };
const spelled: Readonly<Record<string, string>> = { ipv4hdr: 'iph' };
const add = (flag: string): Row => act((draft, _value, _context, line) => {
  const flags = (parmsOf(draft)['updateFlags'] ?? []) as string[];
  store(draft, 'parms.updateFlags', [...flags, flag]);
  line.take('and', '+');
});

export const csum: ActionKind = {
  usage: '{ iph | icmp | igmp | tcp | udp | udplite | sctp } [ and ... ] [ VERDICT ] [ index NUMBER ]',
  options: { ...Object.fromEntries(Object.entries(words).map(([flag, names]) => [names, add(flag)])), ...control() },
  verdict: 'ok',
  complete(draft: Draft) { if (parmsOf(draft)['updateFlags'] === undefined) throw usage('which checksums?', 'action csum ip4h and tcp'); },
  print(printer, options) {
    const parms = parmsOf(options), names = (parms['updateFlags'] as string[]).map((flag) => spelled[flag] ?? flag);
    printer.value('csum', '(%)', names.join(', '));
    printVerdict(printer, ' action ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm'], '\t');
    printer.newline();
  },
};
