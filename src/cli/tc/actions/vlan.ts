/** `action vlan push id 5`: net/sched/act_vlan.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Row } from '../../grammar.ts';
import { integer, mac } from '../../values.ts';
import { etherType, etherTypeFormat } from '../ether-type.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const words: Readonly<Record<string, string>> = { pop: 'pop', push: 'push', modify: 'modify', popEth: 'pop_eth', pushEth: 'push_eth' };
const say = (action: string): Row => act((draft) => {
  const parms = (draft['parms'] ??= {}) as Draft;
  if (parms['vAction'] !== undefined) throw usage(`"${words[action]}" and "${words[parms['vAction'] as string]}" exclude each other`);
  parms['vAction'] = action;
});

export const vlan: ActionKind = {
  usage: '{ pop | push id VID [ protocol PROTOCOL ] [ priority NUMBER ] | modify ... | pop_eth | push_eth dst_mac LLADDR src_mac LLADDR } [ VERDICT ] [ index NUMBER ]',
  options: {
    ...Object.fromEntries(Object.entries(words).map(([action, word]) => [word, say(action)])),
    id: to('pushVlanId', integer('VID', 0, 4095)),
    protocol: to('pushVlanProtocol', etherType),
    priority: to('pushVlanPriority', integer('NUMBER', 0, 7)),
    dst_mac: to('pushEthDst', mac),
    src_mac: to('pushEthSrc', mac),
    ...control(),
  },
  verdict: 'pipe',
  complete(draft) {
    const action = (draft['parms'] as Draft | undefined)?.['vAction'];
    if (action === undefined) throw usage('what is to happen to the tag?', 'action vlan push id 5');
    const tags = ['pushVlanId', 'pushVlanProtocol', 'pushVlanPriority'].filter((key) => draft[key] !== undefined), ends = ['pushEthDst', 'pushEthSrc'].filter((key) => draft[key] !== undefined);
    if (action === 'push' && draft['pushVlanId'] === undefined) throw usage('which VLAN?', 'action vlan push id VID');
    if (action === 'modify' && draft['pushVlanId'] === undefined) throw usage('to which VLAN?', 'action vlan modify id VID');
    if (action === 'pushEth' && ends.length < 2) throw usage('which addresses?', 'action vlan push_eth dst_mac LLADDR src_mac LLADDR');
    if (tags.length > 0 && action !== 'push' && action !== 'modify') throw usage(`"${words[action as string]}" takes no id, protocol or priority`);
    if (ends.length > 0 && action !== 'pushEth') throw usage(`"${words[action as string]}" takes no addresses`);
  },
  print(printer, options) {
    const parms = parmsOf(options);
    printer.value('vlan_action', ' %', words[parms['vAction'] as string] ?? parms['vAction']);
    printer.value('id', ' id %', options['pushVlanId']);
    printer.value('protocol', ' protocol %', options['pushVlanProtocol'], etherTypeFormat);
    printer.value('priority', ' priority %', options['pushVlanPriority']);
    printer.value('dst_mac', ' dst_mac %', options['pushEthDst']);
    printer.value('src_mac', ' src_mac %', options['pushEthSrc']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
