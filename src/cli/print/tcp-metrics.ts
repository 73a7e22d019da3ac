/** What TCP remembers of a destination, as `ip tcp_metrics` prints it. */
import { at } from '../grammar.ts';
import { addressPaint, bytes, general } from './formats.ts';
import { Raw } from './json.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';

const address: Format = { host: true, paint: addressPaint };
/** Of a fraction of milliseconds, what JSON has in seconds. */
const inSeconds = (digits: number, divisor: number): Format => ({ text: (value) => (Number(value) / divisor).toFixed(digits), json: (value) => new Raw(general(Number(value) / divisor)) });

/** Microseconds, from the newer attribute where the kernel has it, else from milliseconds; both are scaled by `scale`. */
const micro = (key: string, scale: number) => (body: Json): number | undefined => {
  const fine = at(body, `vals.${key}Us`), coarse = at(body, `vals.${key}`), value = fine === undefined ? (coarse === undefined ? 0 : Math.floor((Number(coarse) * 1000) / scale)) : Math.floor(Number(fine) / scale);
  return value || undefined;
};
const microseconds: Format = { json: (value) => new Raw(general(Number(value) / 1e6)) };

export function destination(body: Json): string | undefined {
  return (body['addrIpv4'] ?? body['addrIpv6']) as string | undefined;
}

const sheet: Sheet = [
  ['dst', '%', destination, address],
  ['age', ' age %sec', 'age', inSeconds(3, 1000)],
  ['tw_ts_stamp', ' tw_ts % ago', ({ twTsStamp, twTsval = 0 }) => (twTsStamp === undefined ? undefined : `${String(twTsval)}/${String(twTsStamp)}`)],
  ['ssthresh', ' ssthresh %', 'vals.ssthresh'],
  ['cwnd', ' cwnd %', 'vals.cwnd'],
  ['reordering', ' reordering %', 'vals.reordering'],
  ['rtt', ' rtt %us', micro('rtt', 8), microseconds],
  ['rttvar', ' rttvar %us', micro('rttvar', 4), microseconds],
  // iproute2's word.
  ['fopen_miss', ' fo_mss %', 'fopenMss'],
  ['fopen_syn_drops', ' fo_syn_drops %', 'fopenSynDrops'],
  ['fopen_syn_drop_ts', '/%usec ago', ({ fopenSynDrops, fopenSynDropTs = 0n }) => (fopenSynDrops === undefined ? undefined : fopenSynDropTs), inSeconds(3, 1e6)],
  ['fo_cookie', ' fo_cookie %', 'fopenCookie', { text: bytes, json: bytes }],
  ['source', ' source %', ({ saddrIpv4, saddrIpv6 }) => saddrIpv4 ?? saddrIpv6, { host: true }],
];

export function printTcpMetrics(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(sheet, body));
  printer.text('\n');
}
