/** `codel` and `fq_codel`. */
import { act, is, to, type Draft, type Grammar } from '../../grammar.ts';
import { counter, hex } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, u32, word } from '../../values.ts';
import { usage } from '../../errors.ts';
import type { TcKind } from '../kind.ts';
import { size, sizeFormat, time, timeFormat } from '../units.ts';

const common: Grammar = {
  limit: to('limit', u32('PACKETS'), 'most packets that wait'),
  target: to('target', time, 'how long packets may wait'),
  interval: to('interval', time, 'over which that is judged'),
  ecn: is('ecn', 1, 'marks rather than drops'),
  noecn: is('ecn', 0),
  ce_threshold: to('ceThreshold', time, 'from which packets are marked'),
};

export const codel: TcKind = {
  build: (draft) => draft,
  options: common,
  print(printer, { limit, target, ceThreshold, interval, ecn }) {
    printer.value('limit', 'limit %p ', limit);
    printer.value('target', 'target % ', target, timeFormat);
    printer.value('ce_threshold', 'ce_threshold % ', ceThreshold, timeFormat);
    printer.value('interval', 'interval % ', interval, timeFormat);
    if (ecn) printer.value('ecn', 'ecn ', true);
  },
  printStats(printer, { count, lastcount, ldelay, dropNext, dropping, maxpacket, ecnMark, dropOverlimit, ceMark }) {
    printer.value('count', '  count %', count);
    printer.value('lastcount', ' lastcount %', lastcount);
    printer.value('ldelay', ' ldelay %', ldelay, timeFormat);
    if (dropping) printer.value('dropping', ' dropping', true);
    dropNextValue(printer, Number(dropNext), ' ');
    printer.newline();
    printer.value('maxpacket', '  maxpacket %', maxpacket);
    printer.value('ecn_mark', ' ecn_mark %', ecnMark);
    printer.value('drop_overlimit', ' drop_overlimit %', dropOverlimit);
    if (ceMark) printer.value('ce_mark', ' ce_mark %', ceMark);
  },
};
function dropNextValue(printer: Printer, us: number, before: string): void {
  printer.text(us < 0 ? `${before}drop_next -${timeFormat.text?.(-us, printer)}` : `${before}drop_next ${timeFormat.text?.(us, printer)}`);
  printer.value('drop_next', null, us);
}

const selector = word('VALUE/MASK', (given, _context, after) => {
  const [, value, mask] = /^(0x[0-9a-f]{1,2}|\d{1,3})\/(0x[0-9a-f]{1,2}|\d{1,3})$/i.exec(given) ?? [];
  if (value === undefined || Number(value) > 0xff || Number(mask) > 0xff) throw usage(`"${given}" is not a value with a mask for "${after}"`, 'two bytes: 0x1/0x3');
  return { value: Number(value), mask: Number(mask) };
});

export const fqCodel: TcKind = {
  build: (draft) => draft,
  options: {
    ...common,
    flows: to('flows', integer('NUMBER', 1, 65536), 'queues; of a new one only'),
    quantum: to('quantum', size, 'bytes a round'),
    ce_threshold_selector: act((draft: Draft, value) => {
      const { value: selected, mask } = value as { value: number; mask: number };
      draft['ceThresholdSelector'] = selected;
      draft['ceThresholdMask'] = mask;
    }, selector, { help: 'of which DS fields' }),
    memory_limit: to('memoryLimit', size, 'most bytes of memory'),
    drop_batch: to('dropBatchSize', u32('PACKETS'), 'most packets dropped at once'),
  },
  print(printer, { limit, flows, quantum, target, ceThreshold, ceThresholdSelector, ceThresholdMask, interval, memoryLimit, ecn, dropBatchSize }) {
    printer.value('limit', 'limit %p ', limit);
    printer.value('flows', 'flows % ', flows);
    printer.value('quantum', 'quantum % ', quantum);
    printer.value('target', 'target % ', target, timeFormat);
    printer.value('ce_threshold', 'ce_threshold % ', ceThreshold, timeFormat);
    printer.value('ce_threshold_selector', 'ce_threshold_selector %', ceThresholdSelector, { ...hex, json: (value) => value });
    printer.value('ce_threshold_mask', '/% ', ceThresholdMask, { ...hex, json: (value) => value });
    printer.value('interval', 'interval % ', interval, timeFormat);
    printer.value('memory_limit', 'memory_limit % ', memoryLimit, sizeFormat);
    if (ecn) printer.value('ecn', 'ecn ', true);
    printer.value('drop_batch', 'drop_batch % ', dropBatchSize);
  },
  printStats(printer, { type, stats }) {
    const s = stats as Json;
    if (type === 'class') {
      printer.value('deficit', '  deficit %', s['deficit'], counter);
      printer.value('count', ' count %', s['count']);
      printer.value('lastcount', ' lastcount %', s['lastcount']);
      printer.value('ldelay', ' ldelay %', s['ldelay'], timeFormat);
      if (s['dropping']) {
        printer.value('dropping', ' dropping', true);
        dropNextValue(printer, Number(s['dropNext']), ' ');
      }
      return;
    }
    printer.value('maxpacket', '  maxpacket %', s['maxpacket']);
    printer.value('drop_overlimit', ' drop_overlimit %', s['dropOverlimit']);
    printer.value('new_flow_count', ' new_flow_count %', s['newFlowCount']);
    printer.value('ecn_mark', ' ecn_mark %', s['ecnMark']);
    if (s['ceMark']) printer.value('ce_mark', ' ce_mark %', s['ceMark']);
    if (s['memoryUsage']) printer.value('memory_used', ' memory_used %', s['memoryUsage']);
    if (s['dropOvermemory']) printer.value('drop_overmemory', ' drop_overmemory %', s['dropOvermemory']);
    printer.newline();
    printer.value('new_flows_len', '  new_flows_len %', s['newFlowsLen']);
    printer.value('old_flows_len', ' old_flows_len %', s['oldFlowsLen']);
  },
};
