/** `tbf`. */
import { usage } from '../../errors.ts';
import { to, type Draft } from '../../grammar.ts';
import { u16 } from '../../values.ts';
import type { Json, Printer } from '../../print/printer.ts';
import type { TcKind } from '../kind.ts';
import { microsecondsOf, rate, rateFormat, size, sizeFormat, sizeText, time, timeFormat, transmitBytes, transmitTicks } from '../units.ts';
import { isWide, linklayerType, low32, ratespec, sizeAndCell, type SizeAndCell } from './ratespec.ts';

interface Said { rate?: bigint; peakrate?: bigint; burst?: SizeAndCell; mtu?: SizeAndCell; limit?: number; latency?: number; mpu?: number; overhead?: number; linklayer?: string }

function build(draft: Draft): Draft {
  const { rate: given, peakrate, burst, mtu, limit, latency, ...framing } = draft as Said;
  if (given === undefined || burst === undefined) throw usage('a token bucket needs a rate and the size of the bucket', 'tbf rate 1mbit burst 10kb latency 50ms');
  if (given === 0n) throw usage('"rate" is more than 0');
  if (peakrate !== undefined && mtu === undefined) throw usage('"peakrate" needs the size of its bucket', 'minburst 1540');
  if (limit !== undefined && latency !== undefined) throw usage('limit and latency exclude each other');
  if (limit === undefined && latency === undefined) throw usage('how much may wait?', 'limit BYTES, or latency TIME');
  const most = (each: bigint, bucket: number): number => Number(each) * (latency as number) / 1e6 + bucket;
  const waits = limit ?? Math.min(most(given, burst.bytes), peakrate === undefined ? Infinity : most(peakrate, (mtu as SizeAndCell).bytes));
  const own = ratespec(given, { ...framing, ...(burst.cellLog !== undefined && { cellLog: burst.cellLog }) }, mtu?.bytes);
  const peak = peakrate === undefined ? undefined : ratespec(peakrate, { ...framing, ...(mtu?.cellLog !== undefined && { cellLog: mtu.cellLog }) }, mtu?.bytes);
  return {
    parms: { rate: own.spec, ...(peak && { peakrate: peak.spec, mtu: transmitTicks(low32(peakrate as bigint), (mtu as SizeAndCell).bytes) }), limit: Math.trunc(waits), buffer: transmitTicks(low32(given), burst.bytes) },
    burst: burst.bytes,
    ...(isWide(given) && { rate64: given }),
    rtab: own.table,
    ...(peak && { ...(isWide(peakrate as bigint) && { prate64: peakrate }), pburst: (mtu as SizeAndCell).bytes, ptab: peak.table }),
  };
}

function print(printer: Printer, options: Json): void {
  const parms = options['parms'] as { rate: Json; peakrate: Json; limit: number; buffer: number; mtu: number } | undefined;
  if (!parms) return;
  const own = Number(options['rate64'] ?? parms.rate['rate']), peak = Number(options['prate64'] ?? parms.peakrate['rate']);
  printer.value('rate', 'rate % ', own, rateFormat);
  bucket(printer, 'burst', 'burst', transmitBytes(own, parms.buffer), parms.rate);
  let latency = 1e6 * (parms.limit / own) - microsecondsOf(parms.buffer);
  if (peak > 0) {
    printer.value(null, 'peakrate % ', peak, rateFormat);
    if (parms.mtu || parms.peakrate['mpu']) bucket(printer, 'minburst', 'mtu', transmitBytes(peak, parms.mtu), parms.peakrate);
    latency = Math.max(latency, 1e6 * (parms.limit / peak) - microsecondsOf(parms.mtu));
  }
  if (latency >= 0) printer.value('lat', 'lat % ', Math.trunc(latency), timeFormat);
  else printer.value('limit', 'limit % ', parms.limit, sizeFormat);
  const { overhead, linklayer } = parms.rate;
  if (overhead) printer.value('overhead', 'overhead % ', overhead);
  if (linklayer === 'atm' || printer.details) printer.value('linklayer', 'linklayer % ', linklayer);
}
/** With -d, the cell that sizes are counted by, and what a packet takes at least. */
function bucket(printer: Printer, key: string, detailed: string, bytes: number, { cellLog, mpu }: Json): void {
  if (!printer.details) return printer.value(key, `${key} % `, bytes, sizeFormat);
  printer.value(detailed, `${detailed} % `, `${sizeText(bytes)}/${2 ** Number(cellLog)}`);
  printer.value('mpu', 'mpu % ', mpu, sizeFormat);
}

export const tbf: TcKind = {
  options: {
    rate: to('rate', rate, 'how fast'),
    'burst|buffer|maxburst': to('burst', sizeAndCell, 'size of the bucket'),
    limit: to('limit', size, 'most bytes that wait'),
    latency: to('latency', time, 'how long packets wait at most'),
    peakrate: to('peakrate', rate, 'how fast the bucket may be emptied'),
    'mtu|minburst': to('mtu', sizeAndCell, 'size of the bucket of peakrate'),
    mpu: to('mpu', u16('BYTES'), 'that a packet takes at least'),
    overhead: to('overhead', u16('BYTES'), 'that a packet takes more'),
    linklayer: to('linklayer', linklayerType),
  },
  build,
  print,
};
