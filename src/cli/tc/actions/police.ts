/** `action police rate 1mbit burst 10kb drop`, and `police` of filters of old kinds: net/sched/act_police.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Row } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { u16, u32, u64 } from '../../values.ts';
import type { Context } from '../../context.ts';
import type { Words } from '../../words.ts';
import { control, isVerdict, printTimes, printVerdict, readOwn, readVerdict } from '../filter-values.ts';
import { isWide, linklayerType, ratespec, sizeAndCell, type Framing, type SizeAndCell } from '../kinds/ratespec.ts';
import { rate, rateFormat, sizeFormat, transmitBytes, transmitTicks } from '../units.ts';
import type { ActionKind } from './kind.ts';

interface Said extends Framing { rate?: bigint; peakrate?: bigint; avrate?: bigint; burst?: SizeAndCell; mtu?: SizeAndCell; index?: number; exceed?: unknown; conform?: unknown; pktrate64?: bigint; pktburst64?: bigint }

/** What becomes of packets over the limit, and after a slash of those within. */
const exceed: Row = act((draft, value) => { Object.assign(draft, value as object); }, {
  name: 'EXCEEDING[/CONFORMING]',
  read(words, context, after) {
    const [over = '', within] = (words.peek() ?? '').split('/');
    if (within === undefined) return { exceed: readVerdict(words, context, after) };
    if (!isVerdict(over) || !isVerdict(within)) throw usage(`"${words.peek()}" is not what may become of packets`, 'conform-exceed drop/pipe');
    const [exceeding, conforming] = [over, within].map((verdict) => readVerdict({ next: () => verdict } as unknown as Words, context, after));
    words.next();
    return { exceed: exceeding, conform: conforming };
  },
});
const options = {
  rate: to('rate', rate),
  'burst|buffer|maxburst': to('burst', sizeAndCell),
  'mtu|minburst': to('mtu', sizeAndCell, 'largest packet'),
  peakrate: to('peakrate', rate),
  avrate: to('avrate', rate, 'as an estimator measured it'),
  pkts_rate: to('pktrate64', u64('PACKETS'), 'a second'),
  pkts_burst: to('pktburst64', u64('PACKETS')),
  mpu: to('mpu', u16('BYTES')),
  overhead: to('overhead', u16('BYTES')),
  linklayer: to('linklayer', linklayerType),
  'conform-exceed': exceed,
  ...control('exceed'),
  index: to('index', u32()),
};

function build(said: Said): Draft {
  const { rate: own, peakrate, avrate, burst, mtu, index = 0, exceed: action = 'reclassify', conform, pktrate64, pktburst64, ...framing } = said;
  const zero = { rate: 0, cellLog: 0, cellAlign: 0, mpu: 0, overhead: 0, linklayer: 'unaware' };
  if (own === undefined && avrate === undefined && pktrate64 === undefined && index === 0) throw usage('a limit of what?', 'police rate 1mbit burst 10kb, or pkts_rate 1000 pkts_burst 100');
  if (own !== undefined && burst === undefined) throw usage('"rate" needs the size of the bucket', 'police rate 1mbit burst 10kb');
  if (own === 0n) throw usage('"rate" is more than 0');
  if (burst !== undefined && own === undefined) throw usage('"burst" needs a rate');
  if (peakrate !== undefined && (own === undefined || mtu === undefined)) throw usage('"peakrate" needs a rate, and the largest packet', 'police rate 1mbit burst 10kb peakrate 2mbit mtu 2kb');
  if (pktrate64 === 0n) throw usage('"pkts_rate" is more than 0');
  if ((pktrate64 === undefined) !== (pktburst64 === undefined)) throw usage('pkts_rate and pkts_burst go together');
  if (own !== undefined && pktrate64 !== undefined) throw usage('a limit of bytes and one of packets are two limits');
  const table = (each: bigint | undefined, bucket: SizeAndCell | undefined): ReturnType<typeof ratespec> | undefined =>
    each === undefined ? undefined : ratespec(each, { ...framing, ...(bucket?.cellLog !== undefined && { cellLog: bucket.cellLog }) }, mtu?.bytes);
  const rates = table(own, burst), peak = table(peakrate, mtu);
  return {
    tbf: { index, action, burst: own === undefined ? 0 : transmitTicks(own, (burst as SizeAndCell).bytes), mtu: mtu?.bytes ?? 0, rate: rates?.spec ?? zero, peakrate: peak?.spec ?? zero },
    ...(rates && { rate: rates.table, ...(isWide(own as bigint) && { rate64: own }) }),
    ...(peak && { peakrate: peak.table, ...(isWide(peakrate as bigint) && { peakrate64: peakrate }) }),
    ...(pktrate64 !== undefined && pktburst64 !== undefined && { pktrate64, pktburst64: BigInt(transmitTicks(pktrate64, Number(pktburst64))) }),
    ...(avrate !== undefined && { avrate: Number(avrate) }),
    ...(conform !== undefined && { result: conform }),
  };
}

/** A limit of rate, at the cursor. */
export const readPolice = (words: Words, context: Context): Draft => build(readOwn(options, words, {}, context) as Said);
export function printPolice(printer: Printer, given: Json): void {
  const tbf = given['tbf'] as { index: number; action: unknown; burst: number; mtu: number; rate: Json; peakrate: Json; refcnt: number; bindcnt: number } | undefined;
  if (!tbf) return;
  const own = Number(given['rate64'] ?? tbf.rate['rate']), peak = Number(given['peakrate64'] ?? tbf.peakrate['rate']);
  printer.value('index', '0x% ', tbf.index, { text: (index) => Number(index).toString(16) });
  printer.value(null, 'rate % ', own, rateFormat);
  printer.value(null, 'burst % ', own === 0 ? 0 : transmitBytes(own, tbf.burst), sizeFormat);
  printer.value(null, 'mtu % ', tbf.mtu, sizeFormat);
  if (peak) printer.value(null, 'peakrate % ', peak, rateFormat);
  if (given['avrate']) printer.value(null, 'avrate % ', given['avrate'], rateFormat);
  if (given['pktrate64'] !== undefined) {
    printer.value('pkts_rate', 'pkts_rate % ', Number(given['pktrate64']));
    printer.value('pkts_burst', 'pkts_burst % ', transmitBytes(Number(given['pktrate64']), Number(given['pktburst64'])));
  }
  printVerdict(printer, 'action ', tbf.action, given['result'] === undefined ? ' ' : '');
  if (given['result'] !== undefined) printVerdict(printer, '/', given['result'], ' ', 'conform_action');
  printer.value('overhead', 'overhead % ', tbf.rate['overhead'], sizeFormat);
  if (tbf.rate['linklayer'] === 'atm' || printer.details) printer.value('linklayer', 'linklayer % ', tbf.rate['linklayer']);
  printer.newline();
  printer.value('ref', '\tref % ', tbf.refcnt);
  printer.value('bind', 'bind % ', tbf.bindcnt);
  if (printer.statistics > 0) printTimes(printer, given['tm']);
  printer.newline();
}

export const police: ActionKind = {
  usage: '[ rate RATE burst BYTES[/CELL] [ mtu BYTES ] [ peakrate RATE ] ] [ avrate RATE ] [ pkts_rate NUMBER pkts_burst NUMBER ] [ overhead BYTES ] [ linklayer TYPE ] [ VERDICT | conform-exceed EXCEEDING[/CONFORMING] ] [ index NUMBER ]',
  options,
  verdict: '',
  head: ['kind', ' % '],
  read: (words, context, draft) => { Object.assign(draft, readPolice(words, context)); },
  print: printPolice,
};
