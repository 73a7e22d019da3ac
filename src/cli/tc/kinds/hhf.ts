/** `hhf` and `sfb`. */
import { act, to } from '../../grammar.ts';
import { general } from '../../print/formats.ts';
import { Raw } from '../../print/json.ts';
import { u32 } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { size, sizeFormat, time, timeFormat } from '../units.ts';
import { probability } from './red.ts';

export const hhf: TcKind = {
  options: {
    limit: to('backlogLimit', u32('PACKETS'), 'most that wait'), quantum: to('quantum', size, 'bytes a round'), hh_limit: to('hhFlowsLimit', u32('FLOWS'), 'most heavy hitters'), reset_timeout: to('resetTimeout', time),
    admit_bytes: to('admitBytes', size, 'from which a flow is heavy'), evict_timeout: to('evictTimeout', time), non_hh_weight: to('nonHhWeight', u32('WEIGHT'), 'of all others'),
  },
  build: (draft) => draft,
  print(printer, o) {
    printer.value('limit', 'limit %p ', o['backlogLimit']);
    printer.value('quantum', 'quantum % ', o['quantum'], sizeFormat);
    printer.value('hh_limit', 'hh_limit % ', o['hhFlowsLimit']);
    printer.value('reset_timeout', 'reset_timeout % ', o['resetTimeout'], timeFormat);
    printer.value('admit_bytes', 'admit_bytes % ', o['admitBytes'], sizeFormat);
    printer.value('evict_timeout', 'evict_timeout % ', o['evictTimeout'], timeFormat);
    printer.value('non_hh_weight', 'non_hh_weight % ', o['nonHhWeight']);
  },
  printStats(printer, s) {
    for (const [key, name, before] of [['dropOverlimit', 'drop_overlimit', '  '], ['hhOverlimit', 'hh_overlimit', ' '], ['hhTotCount', 'tot_hh', ' '], ['hhCurCount', 'cur_hh', ' ']] as const) printer.value(name, `${before}${name} %`, s[key]);
  },
};

/** SFB_MAX_PROB of include/uapi/linux/pkt_sched.h. */
const whole = 0xffff, ofWhole = (chance: number): number => Math.round(chance * whole);
const defaults = { rehashInterval: 600_000, warmupTime: 60_000, penaltyRate: 10, penaltyBurst: 20, increment: ofWhole(0.0005), decrement: ofWhole(0.00005) };
/** Most packets of a flow, to those it should have. */
const slack = 1.25, defaultMax = 25;

export const sfb: TcKind = {
  options: {
    rehash: to('rehashInterval', u32('MILLISECONDS'), 'after which flows are hashed anew'), db: to('warmupTime', u32('MILLISECONDS'), 'of both hashes, before that'),
    limit: to('limit', u32('PACKETS'), 'most that wait'), max: to('max', u32('PACKETS'), 'most of a flow'), target: to('binSize', u32('PACKETS'), 'of a flow'),
    increment: act((draft, value) => { draft['increment'] = ofWhole(Number(value)); }, probability), decrement: act((draft, value) => { draft['decrement'] = ofWhole(Number(value)); }, probability),
    penalty_rate: to('penaltyRate', u32('PPS'), 'of flows that do not yield'), penalty_burst: to('penaltyBurst', u32('PACKETS')),
  },
  build(draft) {
    const { binSize, max = binSize === undefined ? defaultMax : Math.trunc(binSize * slack), ...rest } = draft as Record<string, number>;
    return { parms: { ...defaults, max, binSize: binSize ?? Math.round(max / slack), limit: 0, ...rest } };
  },
  print(printer, { parms }) {
    const p = parms as Record<string, number>;
    const share = (name: string, value = 0): void => { const text = general(value / whole); printer.value(name, `${name} % `, value, { text: () => text, json: () => new Raw(text) }); };
    for (const [key, name] of [['rehashInterval', 'rehash'], ['warmupTime', 'db']] as const) printer.value(name, `${name} % `, Number(p[key]) * 1000, timeFormat);
    for (const [key, name] of [['limit', 'limit'], ['max', 'max'], ['binSize', 'target']] as const) printer.value(name, `${name} %p `, p[key]);
    share('increment', p['increment']);
    share('decrement', p['decrement']);
    printer.value('penalty_rate', 'penalty_rate %pps ', p['penaltyRate']);
    printer.value('penalty_burst', 'penalty_burst %p ', p['penaltyBurst']);
  },
  printStats(printer, s) {
    for (const [i, name] of ['earlydrop', 'penaltydrop', 'bucketdrop', 'queuedrop', 'childdrop', 'marked'].entries()) printer.value(name, `${i === 0 ? '  ' : ' '}${name} %`, s[name]);
    printer.newline();
    printer.value('maxqlen', '  maxqlen %', s['maxqlen']);
    for (const name of ['maxprob', 'avgprob']) { const text = general(Number(s[name]) / whole); printer.value(name, ` ${name} %`, s[name], { text: () => text, json: () => new Raw(text) }); }
  },
};
