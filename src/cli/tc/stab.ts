/** `stab`: tables of sizes that packets take on the wire; `estimator`: how rates are measured. */
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar, type Row } from '../grammar.ts';
import { choice, integer, u32 } from '../values.ts';
import { find, keysOf, type Words } from '../words.ts';
import type { Context } from '../context.ts';
import { time } from './units.ts';

const options: Grammar = {
  mtu: to('mtu', u32('BYTES'), 'largest packet of the table'), mpu: to('mpu', u32('BYTES'), 'that a packet takes at least'), overhead: to('overhead', integer('BYTES', -0x80000000, 0x7fffffff), 'that a packet takes more'),
  tsize: to('tsize', u32('ENTRIES'), 'of the table'), linklayer: to('linklayer', choice({ ethernet: 'ethernet', atm: 'atm', adsl: 'atm' })),
};
const defaults = { mtu: 2047, tsize: 512 }, ATM_CELL = 53, ATM_PAYLOAD = 48;

/** The kernel's two attributes; the table is needed where sizes are not the packet's and a constant. */
function tableOf({ mtu = defaults.mtu, tsize = defaults.tsize, mpu = 0, overhead = 0, linklayer = 'unaware' }: { mtu?: number; tsize?: number; mpu?: number; overhead?: number; linklayer?: string }): Draft {
  const base = { overhead, linklayer, mpu, cellAlign: 0, cellLog: 0, sizeLog: 0, mtu: 0, tsize: 0 };
  if (linklayer !== 'atm' && mpu === 0) return { base };
  if (tsize === 0 || tsize % 2 === 1) throw usage(`"tsize" is an even number, not ${tsize}`);
  let cellLog = 0, sizeLog = 0;
  while ((mtu - 1) >> cellLog > tsize - 1) cellLog++;
  const adjusted = (bytes: number): number => {
    const least = Math.max(bytes, mpu);
    return linklayer === 'atm' ? Math.ceil(least / ATM_PAYLOAD) * ATM_CELL : least;
  };
  const sizes = Array.from({ length: tsize }, (_, i) => adjusted((i + 1) << cellLog)), most = sizes.at(-1) as number;
  while (most >> sizeLog > 0xffff) sizeLog++;
  return { base: { ...base, cellAlign: -1, cellLog, sizeLog, mtu, tsize }, data: sizes.map((bytes) => bytes >> sizeLog) };
}

/** Reads its own words for as long as they are. */
function read(words: Words, context: Context): Draft {
  const draft: Draft = {}, keys = keysOf(options);
  for (let key = find(words.peek() ?? '', keys, false); key !== undefined; key = find(words.peek() ?? '', keys, false)) {
    const row = options[key] as Row, given = words.next();
    draft[row.path as string] = row.type?.read(words, context, given);
  }
  return draft;
}

const shortest = 250_000;
/** An interval of 1/4 s to 32 s by powers of two, and the time of the average by 1 - e^(-interval/time). */
function estimator(interval: number, constant: number): Draft {
  let log = 0;
  while (log <= 5 && interval > shortest << log) log++;
  if (log > 5) throw usage('an estimator measures at least every 8 seconds');
  const ratio = shortest * 2 ** log / constant;
  for (let ewma = 1; ewma < 32; ewma++) if (1 - 2 ** -ewma >= Math.exp(-ratio)) return { interval: log - 2, ewmaLog: ewma - (1 - 2 ** -ewma > Math.exp(-ratio) && ewma > 1 ? 1 : 0) };
  throw usage('the time constant of an estimator is too long');
}

export const stabRow: Row = act((draft, _value, context, words) => { draft['stab'] = tableOf(read(words, context)); }, undefined, { help: 'sizes on the wire: [ mtu BYTES ] [ tsize ENTRIES ] [ mpu BYTES ] [ overhead BYTES ] [ linklayer TYPE ]' });
export const estimatorRow: Row = act((draft, _value, context, words) => {
  draft['rate'] = estimator(time.read(words, context, 'estimator') as number, time.read(words, context, 'estimator') as number);
}, undefined, { help: 'INTERVAL TIME: measures rates' });
