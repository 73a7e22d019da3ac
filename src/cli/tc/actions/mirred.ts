/** `action mirred egress redirect dev eth1`: net/sched/act_mirred.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Row } from '../../grammar.ts';
import { device, u32 } from '../../values.ts';
import { control, printUse, printVerdict, readOwn } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const say = (key: 'where' | 'how', value: string): Row => act((draft) => {
  if (draft[key] !== undefined) throw usage(`"${value}" and "${String(draft[key])}" exclude each other`);
  draft[key] = value;
});

export const mirred: ActionKind = {
  usage: '{ egress | ingress } { mirror | redirect } { dev DEVICE | blockid NUMBER } [ VERDICT ] [ index NUMBER ]',
  options: {
    egress: say('where', 'egress'),
    ingress: say('where', 'ingress'),
    mirror: say('how', 'mirror'),
    'redirect|redir': say('how', 'redirect'),
    dev: to('parms.ifindex', device),
    blockid: to('blockid', u32('NUMBER')),
    index: to('parms.index', u32('NUMBER')),
  },
  verdict: '',
  read(words, context, draft) {
    readOwn(mirred.options, words, draft, context);
    // Nothing follows what has gone elsewhere.
    if (draft['how'] === 'mirror') readOwn(control(), words, draft, context);
  },
  complete(draft) {
    const { where, how } = draft as { where?: string; how?: string }, parms = (draft['parms'] ?? {}) as Draft;
    if (where === undefined || how === undefined) throw usage('where to, and a copy or the packet itself?', 'action mirred egress redirect dev DEVICE');
    if ((parms['ifindex'] === undefined) === (draft['blockid'] === undefined)) throw usage('which device, or which block?', `action mirred ${where} ${how} dev DEVICE`);
    delete draft['where'];
    delete draft['how'];
    // What is redirected is gone; a copy leaves the packet to the next action.
    draft['parms'] = { action: how === 'redirect' ? 'stolen' : 'pipe', ...parms, eaction: `${where}${how === 'redirect' ? 'Redir' : 'Mirror'}` };
  },
  print(printer, options) {
    const parms = parmsOf(options), [, direction = '?', what = '?'] = /^(egress|ingress)(Redir|Mirror)$/.exec(String(parms['eaction'])) ?? [];
    const way = `${direction === 'egress' ? 'Egress' : 'Ingress'} ${what === 'Redir' ? 'Redirect' : 'Mirror'}`;
    if (printer.json) {
      printer.value('mirred_action', null, what === 'Redir' ? 'redirect' : 'mirror');
      printer.value('direction', null, direction);
    } else printer.text(`(${way} to `);
    if (options['blockid'] !== undefined) printer.value('to_blockid', 'blockid %)', options['blockid']);
    else printer.value('to_dev', 'device %)', printer.context.links.name(Number(parms['ifindex'])));
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm'], '\t');
    printer.newline();
  },
};
