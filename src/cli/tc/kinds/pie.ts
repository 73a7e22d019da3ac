/** `pie` and `fq_pie`. */
import { is, to, type Grammar } from '../../grammar.ts';
import { general } from '../../print/formats.ts';
import { Raw } from '../../print/json.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, u32 } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { size, sizeFormat, time, timeFormat } from '../units.ts';

const common: Grammar = {
  limit: to('limit', u32('PACKETS'), 'most that wait'), target: to('target', time, 'how long packets may wait'), tupdate: to('tupdate', time, 'after which the chance is computed anew'),
  alpha: to('alpha', integer('ALPHA', 0, 32), 'how strongly the delay counts'), beta: to('beta', integer('BETA', 0, 32), 'how strongly its change counts'),
  ecn: is('ecn', 1, 'marks rather than drops'), noecn: is('ecn', 0), bytemode: is('bytemode', 1, 'large packets are more likely dropped'), nobytemode: is('bytemode', 0),
  dq_rate_estimator: is('dqRateEstimator', 1, 'the delay is estimated by the rate'), no_dq_rate_estimator: is('dqRateEstimator', 0),
};

function printCommon(printer: Printer, o: Json): void {
  printer.value('target', 'target % ', o['target'], timeFormat);
  printer.value('tupdate', 'tupdate % ', o['tupdate'], timeFormat);
  printer.value('alpha', 'alpha % ', o['alpha']);
  printer.value('beta', 'beta % ', o['beta']);
}
function printSwitches(printer: Printer, o: Json): void {
  for (const [key, name] of [['ecn', 'ecn'], ['bytemode', 'bytemode'], ['dqRateEstimator', 'dq_rate_estimator']] as const) if (o[key]) printer.value(name, `${name} `, true);
}

export const pie: TcKind = {
  options: common,
  build: (draft) => draft,
  print(printer, o) {
    printer.value('limit', 'limit %p ', o['limit']);
    printCommon(printer, o);
    printSwitches(printer, o);
  },
  printStats(printer, s) {
    const chance = general(Number(s['prob']) / 2 ** 64);
    printer.value('prob', '  prob %', s['prob'], { text: () => chance, json: () => new Raw(chance) });
    printer.value('delay', ' delay %', s['delay'], timeFormat);
    if (s['dqRateEstimating']) printer.value('avg_dq_rate', ' avg_dq_rate %', s['avgDqRate']);
    printer.newline();
    for (const [key, name, text] of [['packetsIn', 'pkts_in', '  pkts_in %'], ['overlimit', 'overlimit', ' overlimit %'], ['dropped', 'dropped', ' dropped %'], ['maxq', 'maxq', ' maxq %'], ['ecnMark', 'ecn_mark', ' ecn_mark %']] as const) printer.value(name, text, s[key]);
  },
};

export const fqPie: TcKind = {
  options: {
    ...common, flows: to('flows', integer('NUMBER', 1, 65536), 'queues; of a new one only'), quantum: to('quantum', size, 'bytes a round'), memory_limit: to('memoryLimit', size, 'most bytes of memory'),
    ecn_prob: to('ecnProb', integer('PERCENT', 0, 100), 'up to which packets are marked'),
  },
  build: (draft) => draft,
  print(printer, o) {
    printer.value('limit', 'limit %p ', o['limit']);
    printer.value('flows', 'flows % ', o['flows']);
    printCommon(printer, o);
    printer.value('quantum', 'quantum % ', o['quantum'], sizeFormat);
    printer.value('memory_limit', 'memory_limit % ', o['memoryLimit'], sizeFormat);
    printer.value('ecn_prob', 'ecn_prob % ', o['ecnProb']);
    printSwitches(printer, o);
  },
  printStats(printer, s) {
    for (const [key, name, text] of [['packetsIn', 'pkts_in', '  pkts_in %'], ['overlimit', 'overlimit', ' overlimit %'], ['overmemory', 'overmemory', ' overmemory %'], ['dropped', 'dropped', ' dropped %'], ['ecnMark', 'ecn_mark', ' ecn_mark %']] as const) printer.value(name, text, s[key]);
    printer.newline();
    for (const [key, name, text] of [['newFlowCount', 'new_flow_count', '  new_flow_count %'], ['newFlowsLen', 'new_flows_len', ' new_flows_len %'], ['oldFlowsLen', 'old_flows_len', ' old_flows_len %'], ['memoryUsage', 'memory_used', ' memory_used %']] as const) printer.value(name, text, s[key]);
  },
};
