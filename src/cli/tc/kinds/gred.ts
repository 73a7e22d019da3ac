/** `gred`: RED in up to 16 virtual queues. */
import { usage } from '../../errors.ts';
import { is, to, type Draft } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, u32, u8 } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { rate, size, sizeFormat } from '../units.ts';
import { averaging, flag, fraction, printFlags, probability } from './red.ts';

/** MAX_DPs. */
const most = 16;
interface Said { setup?: boolean; vqs?: number; default?: number; grio?: number; limit?: number; flags?: string[]; vq?: number; prio?: number; min?: number; max?: number; avpkt?: number; burst?: number; bandwidth?: bigint; probability?: number }
const ofSetup = ['vqs', 'default', 'grio'] as const, ofQueue = ['vq', 'prio', 'min', 'max', 'avpkt', 'burst', 'bandwidth', 'probability'] as const;

export const gred: TcKind = {
  options: {
    setup: is('setup', true, 'of them all: vqs NUMBER default QUEUE [ grio ] [ limit BYTES ] [ ecn ] [ harddrop ]'), 'vqs|DPs': to('vqs', integer('NUMBER', 1, most), 'queues'), default: to('default', integer('QUEUE', 0, most - 1), 'of packets that name none'),
    grio: is('grio', 1, 'queues of better priority count for those behind them'), 'vq|DP': to('vq', integer('QUEUE', 0, most - 1), 'one of them'), prio: to('prio', u8('PRIORITY'), 'with "grio": 1 is best'),
    limit: to('limit', size, 'most bytes that wait'), min: to('min', size, 'bytes from which packets are dropped'), max: to('max', size, 'bytes from which all are'), avpkt: to('avpkt', size, 'bytes of an average packet'),
    burst: to('burst', u32('PACKETS'), 'that may come at once'), bandwidth: to('bandwidth', rate, 'of the link: how time goes while idle'), probability: to('probability', probability, 'at "max"'), ecn: flag('ecn'), harddrop: flag('harddrop'),
  },
  build(draft) {
    const said = draft as Said, { setup, vqs, limit, flags = [], vq, min, max, avpkt, prio = 0 } = said;
    const other = (setup ? ofQueue : ofSetup).find((word) => said[word] !== undefined);
    if (other !== undefined) throw usage(`"${other}" is of ${setup ? 'one queue' : 'all queues'}`, setup ? 'gred vq 1 limit 60kb min 15kb max 25kb avpkt 1000' : 'gred setup vqs 3 default 2');
    if (setup) {
      if (vqs === undefined || said.default === undefined) throw usage('how many queues, and which is that of the others?', 'gred setup vqs 3 default 2');
      if (said.default >= vqs) throw usage(`queue ${said.default} is not there`, `there are ${vqs}: 0 to ${vqs - 1}`);
      return { dps: { DPs: vqs, defDP: said.default, grio: said.grio ?? 0, flags }, ...(limit !== undefined && { limit }) };
    }
    if (Object.keys(draft).length === 0) return undefined;
    if (vq === undefined || !limit || !min || !max || !avpkt) throw usage('a queue needs its number, limit, min, max and the size of an average packet', 'gred vq 1 limit 60kb min 15kb max 25kb avpkt 1000');
    const { weight, plog, cellLog, table, maxP } = averaging({ ...said, min, max, avpkt });
    return {
      parms: [{ limit, qthMin: min, qthMax: max, DP: vq, backlog: 0, qave: 0, forced: 0, early: 0, other: 0, pdrop: 0, Wlog: weight, Plog: plog, ScellLog: cellLog, prio, packets: 0, bytesin: 0 }],
      stab: table, maxP: [maxP], vqList: { entry: [{ dp: vq, flags }] },
    } satisfies Draft;
  },
  print(printer, options) {
    const { parms = [], dps, maxP, limit, vqList } = options as { parms?: Json[]; dps?: Json; maxP?: number[]; limit?: number; vqList?: { entry?: Json[] } };
    if (!dps) return;
    printer.value('dp_cnt', 'vqs % ', dps['DPs']);
    printer.value('dp_default', 'default % ', dps['defDP']);
    printer.value('grio', dps['grio'] ? 'grio ' : null, Boolean(dps['grio']));
    printer.value('limit', 'limit % ', limit, sizeFormat);
    printFlags(printer, dps['flags'] as unknown[]);
    printer.array('vqs', () => {
      for (const [i, one] of parms.entries()) if (Number(one['DP']) < most) printer.object(null, () => printQueue(printer, one, maxP?.[i], vqList?.entry?.find(({ dp }) => dp === one['DP'])));
    });
  },
};

function printQueue(printer: Printer, one: Json, maxP: number | undefined, told: Json | undefined): void {
  printer.value('vq', '\n vq % ', one['DP']);
  printer.value('prio', 'prio % ', one['prio']);
  for (const [key, from] of [['limit', 'limit'], ['min', 'qthMin'], ['max', 'qthMax']] as const) printer.value(key, `${key} % `, one[from], sizeFormat);
  if (told?.['flags'] !== undefined) printFlags(printer, told['flags'] as unknown[]);
  if (printer.details) {
    printer.value('ewma', 'ewma % ', one['Wlog']);
    if (maxP !== undefined) printer.value('probability', 'probability % ', maxP, fraction(maxP));
    else printer.value('Plog', 'Plog % ', one['Plog']);
    printer.value('Scell_log', 'Scell_log % ', one['ScellLog']);
  }
  if (printer.statistics === 0) return;
  printer.text('\n  Queue size: ');
  printer.value('qave', 'average % ', one['qave'], sizeFormat);
  printer.value('backlog', 'current % ', one['backlog'], sizeFormat);
  printer.text('\n  Dropped packets: ');
  printer.value('forced_drop', 'forced % ', told ? (told['statForcedDrop'] ?? 0) : one['forced']);
  printer.value('prob_drop', 'early % ', told ? (told['statProbDrop'] ?? 0) : one['early']);
  printer.value('pdrop', 'pdrop % ', told ? (told['statPdrop'] ?? 0) : one['pdrop']);
  printer.value('other', 'other % ', told ? (told['statOther'] ?? 0) : one['other']);
  if (told) {
    printer.text('\n  Marked packets: ');
    printer.value('forced_mark', 'forced % ', told['statForcedMark'] ?? 0);
    printer.value('prob_mark', 'early % ', told['statProbMark'] ?? 0);
  }
  printer.text('\n  Total packets: ');
  printer.value('packets', '% ', one['packets']);
  printer.value('bytes', '(%) ', told?.['statBytes'] ?? one['bytesin'], sizeFormat);
}
