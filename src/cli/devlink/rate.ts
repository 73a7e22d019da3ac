/** `devlink port function rate`: what functions may send, alone and in groups (net/devlink/rate.c). */
import type { Devlink } from '../../families/generic/devlink/index.ts';
import { usage } from '../errors.ts';
import { is, to, type Command, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import type { Kernel } from '../kernel.ts';
import { rate as rateValue, rateText } from '../tc/units.ts';
import { text, u32 } from '../values.ts';
import { bitsOf, change, deviceName, portName, show, type Show } from './speak.ts';

export const printRate: Show = (layout, body) => {
  const { rateType, rateTxShare, rateTxMax, rateTxPriority, rateTxWeight, rateParentNodeName, rateTcBws = [], rateNodeName } = body;
  const bandwidth = (key: string, value: bigint | undefined): void => { if (value) layout.more(key, value, key, rateText(value, layout.context.options)); };
  layout.about(rateNodeName === undefined ? portName(body) : `${deviceName(body)}/${rateNodeName}`, () => {
    if (rateType === undefined) layout.item('');
    layout.word('type', rateType);
    bandwidth('tx_share', rateTxShare);
    bandwidth('tx_max', rateTxMax);
    if (rateTxPriority) layout.more('tx_priority', rateTxPriority);
    if (rateTxWeight) layout.more('tx_weight', rateTxWeight);
    layout.more('parent', rateParentNodeName);
    for (const { index, bw } of rateTcBws) if (bw) layout.more(`tc_${index}`, bw, `tc_${index} bw`);
  });
};

const CLASSES = 8;
/** The share of each traffic class: `0:60 1:10 ...`, all eight. */
const shares: ValueType = {
  name: 'INDEX:SHARE ...',
  read(words, _context, after) {
    const bw: (bigint | undefined)[] = Array.from({ length: CLASSES }, () => undefined);
    for (let i = 0; i < CLASSES; i++) {
      const given = words.next(after), [, index = '', share = ''] = /^(\d+):(\d+)$/.exec(given) ?? [], at = Number(index), value = bitsOf(share, 32);
      if (index === '' || at >= CLASSES || value === undefined) throw usage(`"${given}" is not the share of a traffic class`, 'tc-bw 0:60 1:10 2:0 3:0 4:30 5:0 6:0 7:0');
      if (bw[at] !== undefined) throw usage(`the share of class ${at} is given twice`);
      bw[at] = value;
    }
    return bw.map((value, index) => ({ index, bw: Number(value) }));
  },
};
const rateWords: Grammar = {
  tx_share: to('rateTxShare', rateValue, 'guaranteed; bits a second, or bytes as bps'), tx_max: to('rateTxMax', rateValue), tx_priority: to('rateTxPriority', u32('N'), 'among siblings'), tx_weight: to('rateTxWeight', u32('N')),
  parent: to('rateParentNodeName', text('NODE')), noparent: is('rateParentNodeName', ''), 'tc-bw': to('rateTcBws', shares),
};
const LINE = '[ tx_share RATE ] [ tx_max RATE ] [ tx_priority N ] [ tx_weight N ] [ tc-bw INDEX:SHARE ... ] [ parent NODE | noparent ]';

function sane(share: bigint | undefined, most: bigint | undefined): void {
  if (share !== undefined && most && share > most) throw usage('tx_share is more than tx_max', 'tx_share of at most tx_max, or 0');
}
/** What is guaranteed is not more than what there may be, whichever of them changes. */
function against(kernel: Kernel, body: Draft): void {
  const { rateTxShare, rateTxMax, busName, devName, portIndex, rateNodeName } = body as Devlink;
  if ((rateTxShare === undefined) === (rateTxMax === undefined)) return sane(rateTxShare, rateTxMax);
  const now = (kernel.get('rateGet', { busName, devName, ...(rateNodeName === undefined ? { portIndex } : { rateNodeName }) }) ?? {}) as Devlink;
  sane(rateTxShare ?? now.rateTxShare, rateTxMax ?? now.rateTxMax);
}

export const rate: Command = {
  summary: 'what functions may send',
  examples: ['devlink port function rate', 'devlink port function rate add pci/0000:01:00.0/group1 tx_max 1gbit', 'devlink port function rate set pci/0000:01:00.0/2 tx_share 100mbit parent group1'],
  otherwise: 'show',
  commands: {
    show: show({ summary: 'print rates', line: '[ DEV | DEV/PORT | DEV/NODE ]', examples: ['devlink port function rate', 'devlink -j port function rate show pci/0000:01:00.0/group1'], section: 'rate', message: 'rateGet', one: ['port', 'node'], some: ['dev'], print: printRate }),
    add: change({ summary: 'make a node that others have for a parent', line: `DEV/NODE ${LINE}`, examples: ['devlink port function rate add pci/0000:01:00.0/group1 tx_max 1gbit'], message: 'rateNew', on: ['node'], options: rateWords, check: (_context, _kernel, body) => sane(body['rateTxShare'] as bigint | undefined, body['rateTxMax'] as bigint | undefined) }),
    del: change({ summary: 'take a node away', line: 'DEV/NODE', examples: ['devlink port function rate del pci/0000:01:00.0/group1'], message: 'rateDel', on: ['node'] }),
    set: change({ summary: 'set a rate', line: `{ DEV/PORT | DEV/NODE } ${LINE}`, examples: ['devlink port function rate set pci/0000:01:00.0/2 tx_share 100mbit tx_max 1gbit', 'devlink port function rate set pci/0000:01:00.0/2 noparent'], message: 'rateSet', on: ['port', 'node'], options: rateWords, check: (_context, kernel, body) => against(kernel, body) }),
  },
};
