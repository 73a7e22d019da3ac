/** `netem`. */
import { readFileSync } from 'node:fs';
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Row, type ValueType } from '../../grammar.ts';
import { counter, general } from '../../print/formats.ts';
import { Raw } from '../../print/json.ts';
import type { Format, Json, Printer } from '../../print/printer.ts';
import { s32, u32, u64 } from '../../values.ts';
import type { Words } from '../../words.ts';
import type { Context } from '../../context.ts';
import type { TcKind } from '../kind.ts';
import { isShare, rate, rateFormat, readShare, share, size, time64, time64Text } from '../units.ts';
import { isWide, low32 } from './ratespec.ts';

/** Probabilities are parts of this. */
const whole = 0xffffffff, defaultLimit = 1000;

/** Where iproute2 keeps distributions. */
const folders = ['/usr/lib/tc', '/usr/lib64/tc', '/usr/lib/x86_64-linux-gnu/tc', '/usr/lib/aarch64-linux-gnu/tc', '/usr/share/tc'];
/** NETEM_DIST_MAX of include/uapi/linux/pkt_sched.h. */
const mostPoints = 16384;
function distribution(name: string): number[] {
  const folder = process.env['TC_LIB_DIR'];
  if (!/^[\w.-]+$/.test(name)) throw usage(`"${name}" is not the name of a distribution`);
  for (const path of folder === undefined ? folders : [folder]) {
    let text: string;
    try { text = readFileSync(`${path}/${name}.dist`, 'utf8'); } catch { continue; }
    const points = text.split('\n').filter((line) => !line.startsWith('#')).join(' ').trim().split(/\s+/).map(Number);
    if (points.length > mostPoints || points.some((point) => !Number.isInteger(point) || point < -0x8000 || point > 0x7fff)) throw usage(`${path}/${name}.dist is not a table of at most ${mostPoints} numbers of 16 bits`);
    return points;
  }
  throw usage(`there is no distribution "${name}"`, `${name}.dist is looked for in ${(folder === undefined ? folders : [folder]).join(', ')}`);
}
const named: ValueType = { name: 'NAME', choices: ['normal', 'pareto', 'paretonormal', 'experimental'], read: (words, _context, after) => distribution(words.next(after)) };

/** Whether a number may follow: what comes next is no word of the table. */
const isNumber = (word: string | undefined): boolean => word !== undefined && /^-?[\d.]/.test(word);
/** Values one after the other, of which all but the first may be left out. */
const several = (name: string, parts: readonly (readonly [key: string, type: ValueType, fits: (word: string | undefined) => boolean])[]): ValueType => ({
  name,
  read(words: Words, context: Context, after: string) {
    const out: Draft = {};
    for (const [i, [key, type, fits]] of parts.entries()) {
      if (i > 0 && !fits(words.peek())) break;
      out[key] = type.read(words, context, after);
    }
    return out;
  },
});
/** `PERCENT [CORRELATION]`. */
const chance = several('PERCENT [PERCENT]', [['probability', share(whole), isShare], ['correlation', share(whole), isShare]]);
const into = (write: (draft: Draft, value: Record<string, never>) => void, type: ValueType, help: string): Row => act((draft, value) => write(draft, value as Record<string, never>), type, { help });

const delay = several('TIME [TIME [PERCENT]]', [['latency', time64, isNumber], ['jitter', time64, isNumber], ['correlation', share(whole), isShare]]);
const rates = several('RATE [OVERHEAD [CELLSIZE [CELLOVERHEAD]]]', [['rate', rate, isNumber], ['packetOverhead', s32(), isNumber], ['cellSize', u32(), isNumber], ['cellOverhead', s32(), isNumber]]);

/** `loss PERCENT`, `loss state P13 ...`, `loss gemodel P ...`. */
const loss: ValueType = {
  name: '{ [random] PERCENT [PERCENT] | state P13 [P31 [P32 [P23 [P14]]]] | gemodel P [R [1-H [1-K]]] }',
  read(words, context, after) {
    const next = (first: boolean): number | undefined => (first || isShare(words.peek()) ? readShare(words.next(after), whole, after) : undefined);
    if (words.take('state')) {
      const p13 = next(true) as number, p31 = next(false), p32 = next(false), p23 = next(false), p14 = next(false);
      return { lossModel: { gi: { p13, p31: p31 ?? whole - p13, p32: p32 ?? 0, p23: p23 ?? whole, p14: p14 ?? 0 } } };
    }
    if (words.take('gemodel')) {
      const p = next(true) as number, r = next(false), h = next(false), k1 = next(false);
      return { lossModel: { ge: { p, r: r ?? whole - p, h: h === undefined ? 0 : whole - h, k1: k1 ?? 0 } } };
    }
    words.take('random');
    return chance.read(words, context, after);
  },
};

/** `slot MIN [MAX]`, `slot distribution NAME DELAY JITTER`, each with `packets` and `bytes`. */
const slot: ValueType = {
  name: '{ TIME [TIME] | distribution NAME TIME TIME } [ packets NUMBER ] [ bytes BYTES ]',
  read(words, context, after) {
    const out: Draft = {};
    let points: unknown;
    if (words.take('distribution')) {
      points = named.read(words, context, 'distribution');
      out['distDelay'] = time64.read(words, context, after);
      out['distJitter'] = time64.read(words, context, after);
    } else {
      out['minDelay'] = time64.read(words, context, after);
      out['maxDelay'] = isNumber(words.peek()) ? time64.read(words, context, after) : out['minDelay'];
    }
    for (;;) {
      if (words.take('packets')) out['maxPackets'] = s32().read(words, context, 'packets');
      else if (words.take('bytes')) out['maxBytes'] = size.read(words, context, 'bytes');
      else break;
    }
    return { slot: out, ...(points !== undefined && { slotDist: points }) };
  },
};
const corr = (draft: Draft, key: string, value: unknown): void => { if (value !== undefined) draft['corr'] = { delayCorr: 0, lossCorr: 0, dupCorr: 0, ...(draft['corr'] as Draft | undefined), [key]: value }; };

function build(draft: Draft): Draft {
  const { limit = defaultLimit, gap, loss: lost, duplicate, latency64, jitter64, reorder, delayDist, ecn, lossModel, rate: speed, ...rest } = draft as Draft & { latency64?: bigint; jitter64?: bigint; rate?: { rate: bigint } };
  if (reorder !== undefined && !latency64) throw usage('packets are put out of order by delaying some', 'netem delay 10ms reorder 25%');
  if (reorder === undefined && gap !== undefined) throw usage('"gap" needs "reorder"');
  if (delayDist !== undefined && (!latency64 || !jitter64)) throw usage('a distribution needs a delay and how much it varies', 'netem delay 100ms 20ms distribution normal');
  if (ecn !== undefined && lost === undefined && lossModel === undefined) throw usage('"ecn" marks what would be lost: it needs "loss"');
  return {
    latency: 0, limit, loss: lost ?? 0, gap: gap ?? (reorder === undefined ? 0 : 1), duplicate: duplicate ?? 0, jitter: 0,
    ...rest,
    ...(reorder !== undefined && { reorder }), ...(ecn !== undefined && { ecn }), ...(lossModel !== undefined && { lossModel }),
    ...(latency64 !== undefined && { latency64 }), ...(jitter64 !== undefined && { jitter64 }),
    ...(speed && { ...(isWide(speed.rate) && { rate64: speed.rate }), rate: { ...speed, rate: low32(speed.rate) } }),
    ...(delayDist !== undefined && { delayDist }),
  };
}

/** 25% in text, 0.25 in JSON. */
const percent: Format = { text: (value) => `${general(100 * Number(value) / whole)}%`, json: (value) => new Raw(general(Number(value) / whole)) };
/** Seconds in JSON. */
const seconds: Format = { text: (value) => time64Text(value as bigint), json: (value) => new Raw(general(Number(value) / 1e9)) };

function print(printer: Printer, o: Json): void {
  const rec = (key: string): Json | undefined => o[key] as Json | undefined, correlated = rec('corr') ?? {};
  const correlation = (value: unknown, text = ' %'): void => { if (value || printer.json) printer.value('correlation', text, value, percent); };
  printer.value('limit', 'limit %', o['limit']);
  const latency = (o['latency64'] ?? BigInt(Math.trunc(Number(o['latency']) * 64))) as bigint, jitter = (o['jitter64'] ?? BigInt(Math.trunc(Number(o['jitter']) * 64))) as bigint;
  if (latency) {
    printer.text(' delay ');
    printer.object('delay', () => {
      printer.value('delay', '%', latency, seconds);
      if (jitter) {
        printer.value('jitter', '  %', jitter, seconds);
        correlation(correlated['delayCorr']);
      } else if (printer.json) {
        printer.value('jitter', null, 0);
        correlation(correlated['delayCorr']);
      }
    });
  }
  if (o['loss']) {
    printer.text(' loss ');
    printer.object('loss-random', () => {
      printer.value('loss', '%', o['loss'], percent);
      correlation(correlated['lossCorr']);
    });
  }
  model(printer, rec('lossModel'));
  if (o['duplicate']) {
    printer.text(' duplicate ');
    printer.object('duplicate', () => {
      printer.value('duplicate', '%', o['duplicate'], percent);
      correlation(correlated['dupCorr']);
    });
  }
  for (const key of ['reorder', 'corrupt']) {
    const one = rec(key);
    if (!one?.['probability']) continue;
    printer.text(` ${key} `);
    printer.object(key, () => {
      printer.value(key, '%', one['probability'], percent);
      correlation(one['correlation']);
    });
  }
  speed(printer, rec('rate'), o['rate64']);
  slots(printer, rec('slot'));
  printer.value('seed', ' seed %', o['prngSeed'], counter);
  printer.value('ecn', null, Boolean(o['ecn']));
  if (o['ecn']) printer.text(' ecn ');
  if (o['gap']) printer.text(` gap ${String(o['gap'])}`);
  printer.value('gap', null, o['gap']);
}
function model(printer: Printer, given: Json | undefined): void {
  const gi = given?.['gi'] as Json | undefined, ge = given?.['ge'] as Json | undefined;
  if (gi) {
    printer.text(' loss state');
    printer.object('loss-state', () => { for (const key of ['p13', 'p31', 'p32', 'p23', 'p14']) printer.value(key, ` ${key} %`, gi[key], percent); });
  }
  if (ge) {
    printer.text(' loss gemodel');
    printer.object('loss-gemodel', () => {
      for (const [key, name] of [['p', 'p'], ['r', 'r']] as const) printer.value(name, ` ${name} %`, ge[key], percent);
      printer.value('1-h', ' 1-h %', whole - Number(ge['h']), percent);
      printer.value('1-k', ' 1-k %', ge['k1'], percent);
    });
  }
}
function speed(printer: Printer, given: Json | undefined, wide: unknown): void {
  const own = (wide ?? given?.['rate']) as number | bigint | undefined;
  if (!given || !own) return;
  printer.text(' rate ');
  printer.object('rate', () => {
    printer.value('rate', '%', own, rateFormat);
    const more = (key: string, name: string): void => { if (given[key] || printer.json) printer.value(name, ` ${name} %`, given[key]); };
    more('packetOverhead', 'packetoverhead');
    more('cellSize', 'cellsize');
    more('cellOverhead', 'celloverhead');
  });
}
function slots(printer: Printer, given: Json | undefined): void {
  if (!given) return;
  printer.text(' slot');
  printer.object('slot', () => {
    if (given['distJitter']) {
      printer.text(' distribution');
      printer.value('distribution', ' %', given['distDelay'], seconds);
      printer.value('jitter', ' %', given['distJitter'], seconds);
    } else {
      printer.value('min-delay', ' %', given['minDelay'], seconds);
      printer.value('max-delay', ' %', given['maxDelay'], seconds);
    }
    if (given['maxPackets']) printer.value('packets', ' packets %', given['maxPackets']);
    if (given['maxBytes']) printer.value('bytes', ' bytes %', given['maxBytes']);
  });
}

export const netem: TcKind = {
  options: {
    limit: to('limit', size, 'most packets that wait'),
    'delay|latency': into((draft, { latency, jitter, correlation }) => {
      draft['latency64'] = latency;
      if (jitter !== undefined) draft['jitter64'] = jitter;
      corr(draft, 'delayCorr', correlation);
    }, delay, 'how long, how much that varies, and with the one before'),
    'loss|drop': into((draft, { probability, correlation, lossModel }) => {
      if (lossModel === undefined) draft['loss'] = probability;
      else draft['lossModel'] = lossModel;
      corr(draft, 'lossCorr', correlation);
    }, loss, 'how much'),
    'duplicate': into((draft, { probability, correlation }) => {
      draft['duplicate'] = probability;
      corr(draft, 'dupCorr', correlation);
    }, chance, 'how much'),
    reorder: into((draft, { probability, correlation }) => { draft['reorder'] = { probability, correlation: correlation ?? 0 }; }, chance, 'how much is sent at once'),
    corrupt: into((draft, { probability, correlation }) => { draft['corrupt'] = { probability, correlation: correlation ?? 0 }; }, chance, 'how much'),
    gap: to('gap', u32('PACKETS'), 'each so-manieth is sent at once'),
    distribution: to('delayDist', named, 'of the delays'),
    rate: to('rate', rates, 'of the link'),
    slot: into((draft, value) => { Object.assign(draft, value); }, slot, 'packets go in bursts'),
    ecn: is('ecn', 1, 'marks rather than loses'),
    seed: to('prngSeed', u64('NUMBER'), 'what chance begins with'),
  },
  build,
  print,
  printStats(printer, stats) {
    for (const [key, value] of Object.entries(stats)) printer.value(key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), ` ${key} %`, value, counter);
  },
};
