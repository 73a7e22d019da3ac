/** `type can`: drivers/net/can/dev/netlink.c. Controllers are not made, only set and shown. */
import { act, at, is, store, to, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { via } from '../../print/formats.ts';
import type { Json, Printer, Sheet, Special } from '../../print/printer.ts';
import { choice, onOff, u16, u32, word } from '../../values.ts';
import { plain, put, type Kind } from './kind.ts';

/** Modes by their words; printed in capitals, in this order. Those of the transceiver's delay have no words of their own to be set by: `tdc-mode` sets them. */
const modes: Readonly<Record<string, string>> = {
  loopback: 'loopback', 'listen-only': 'listenonly', 'triple-sampling': '3Samples', 'one-shot': 'oneShot', 'berr-reporting': 'berrReporting', fd: 'fd',
  'fd-non-iso': 'fdNonIso', 'presume-ack': 'presumeAck', 'cc-len8-dlc': 'ccLen8Dlc', 'tdc-auto': 'tdcAuto', 'tdc-manual': 'tdcManual',
  restricted: 'restricted', xl: 'xl', 'xl-tdc-auto': 'xlTdcAuto', 'xl-tdc-manual': 'xlTdcManual', tms: 'xlTms',
};
const delays = [['tdcAuto', 'tdcManual'], ['xlTdcAuto', 'xlTdcManual']] as const;

function setMode(draft: Draft, mode: string, on: boolean): void {
  const both = (draft['ctrlmode'] ??= { mask: [], flags: [] }) as Draft;
  put(both, 'mask', mode, true);
  put(both, 'flags', mode, on);
}

const samplePoint: ValueType = word('0.000..0.999', (given, _context, after) => {
  const value = /^\d*\.?\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= 0 && value < 1)) throw usage(`"${given}" is not a sample point for "${after}"`, 'a fraction of the bit: 0.875');
  return Math.round(value * 1000);
});

/** The whole struct goes, whatever part of it is said. */
const noTiming: Draft = { bitrate: 0, samplePoint: 0, tq: 0, propSeg: 0, phaseSeg1: 0, phaseSeg2: 0, sjw: 0, brp: 0 };

function timing(path: string, prefix: string): Grammar {
  const row = (key: string, type: ValueType): Row => act((draft, value) => store(draft, path, { ...noTiming, ...(draft[path] as Draft | undefined), [key]: value }), type);
  return {
    [`${prefix}bitrate`]: row('bitrate', u32('BITS')),
    [`${prefix}sample-point`]: row('samplePoint', samplePoint),
    [`${prefix}tq`]: row('tq', u32('NANOSECONDS')),
    [`${prefix}prop-seg`]: row('propSeg', u32('QUANTA')),
    [`${prefix}phase-seg1`]: row('phaseSeg1', u32('QUANTA')),
    [`${prefix}phase-seg2`]: row('phaseSeg2', u32('QUANTA')),
    [`${prefix}sjw`]: row('sjw', u32('QUANTA')),
  };
}

const tdc = ['tdcv', 'tdco', 'tdcf'], pwm = ['pwms', 'pwml', 'pwmo'];

/** Who finds out the delay of the transceiver: `tdc-mode`. */
function tdcMode([auto, manual]: readonly [auto: string, manual: string]): Row {
  return act((draft, value) => {
    for (const mode of [auto, manual]) if (value === 'off' || value === mode) setMode(draft, mode, value === mode);
  }, choice({ auto, manual, off: 'off' }));
}

const options: Grammar = {
  ...timing('bittiming', ''),
  ...timing('dataBittiming', 'd'),
  ...timing('xlDataBittiming', 'x'),
  ...Object.fromEntries(tdc.map((name) => [name, to(`tdc.${name}`, u32('PERIODS'))])),
  ...Object.fromEntries(tdc.map((name) => [`x${name}`, to(`xlTdc.${name}`, u32('PERIODS'))])),
  ...Object.fromEntries(pwm.map((name) => [name, to(`xlPwm.${name}`, u32('PERIODS'))])),
  ...Object.fromEntries(Object.entries(modes).filter(([, mode]) => !(delays.flat() as string[]).includes(mode)).map(([name, mode]) => [name, act((draft, on) => setMode(draft, mode, Boolean(on)), onOff)])),
  'tdc-mode': tdcMode(delays[0]),
  'xtdc-mode': tdcMode(delays[1]),
  restart: is('restart', 1),
  'restart-ms': to('restartMs', u32('MILLISECONDS')),
  termination: to('termination', u16('OHMS')),
};

function names(set: readonly unknown[]): string[] {
  const rest = set.reduce<number>((sum, mode) => sum | (typeof mode === 'number' ? mode : 0), 0);
  return [...Object.entries(modes).filter(([, mode]) => set.includes(mode)).map(([name]) => name.toUpperCase()), ...(rest === 0 ? [] : [rest.toString(16)])];
}

function ctrlmode(printer: Printer, data: Json): void {
  const set = (at(data, 'ctrlmode.flags') ?? []) as unknown[];
  if (set.length > 0) printer.list('ctrlmode', names(set), `<${names(set).join(',')}> `);
  const supported = at(data, 'ctrlmodeExt.supported') as unknown[] | undefined;
  if (!supported) return;
  if (supported.length > 0) printer.list('ctrlmode_supported', names(supported), null);
  const fixed = set.filter((mode) => !supported.includes(mode));
  if (fixed.length > 0) printer.list('ctrlmode_static', names(fixed), null);
}

function line(printer: Printer): void {
  printer.newline();
  printer.text('\t ');
}

/** A setting: its name in JSON and text, its key; `d` stands before the words of the data phase. */
const settings: readonly [json: string, text: string, key: string][] = [
  ['bitrate', 'bitrate', 'bitrate'], ['sample_point', 'sample-point', 'samplePoint'], ['tq', 'tq', 'tq'], ['prop_seg', 'prop-seg', 'propSeg'],
  ['phase_seg1', 'phase-seg1', 'phaseSeg1'], ['phase_seg2', 'phase-seg2', 'phaseSeg2'], ['sjw', 'sjw', 'sjw'], ['brp', 'brp', 'brp'],
];
const thousandths = via((value) => (Number(value) / 1000).toFixed(3));

/** What goes with a phase's settings: its key, what is before its words, and the words. */
interface Part { readonly path: string; readonly json: string; readonly prefix: string; readonly words: readonly string[] }
/** A phase of a frame: its settings, what they may be, and the fixed rates of a controller that has no settings. */
interface Phase { readonly path: string; readonly constPath: string; readonly ratesPath: string; readonly key: string; readonly prefix: string; readonly parts: readonly Part[] }
const arbitration: Phase = { path: 'bittiming', constPath: 'bittimingConst', ratesPath: 'bitrateConst', key: '', prefix: '', parts: [] };
const payload: Phase = { path: 'dataBittiming', constPath: 'dataBittimingConst', ratesPath: 'dataBitrateConst', key: 'data_', prefix: 'd', parts: [{ path: 'tdc', json: 'tdc', prefix: '', words: tdc }] };
const xlPayload: Phase = {
  path: 'xlDataBittiming', constPath: 'xlDataBittimingConst', ratesPath: 'xlDataBitrateConst', key: 'xl_data_', prefix: 'x',
  parts: [{ path: 'xlTdc', json: 'xtdc', prefix: 'x', words: tdc }, { path: 'xlPwm', json: 'pwm', prefix: '', words: pwm }],
};

function bittiming({ path, ratesPath, key, prefix, parts }: Phase): Special {
  return (printer, data) => {
    const bits = data[path] as Json | undefined;
    if (!bits || data[ratesPath]) return;
    printer.object(`${key}bittiming`, () => {
      for (const [json, text, from] of settings) {
        if (json === 'bitrate' || json === 'tq') line(printer);
        printer.value(json, ` ${prefix}${text} %`, bits[from], json === 'sample_point' ? thousandths : {});
      }
      for (const part of parts) printPart(printer, data, part);
    });
  };
}

function printPart(printer: Printer, data: Json, { path, json, prefix, words }: Part): void {
  const set = data[path] as Json | undefined;
  if (!set || !words.some((name) => set[name] !== undefined)) return;
  printer.object(json, () => {
    line(printer);
    for (const name of words) printer.value(name, ` ${prefix}${name} %`, set[name]);
  });
}

function range(printer: Printer, json: string, text: string, min: unknown, max: unknown): void {
  printer.object(json, () => {
    printer.value('min', ` ${text} %`, min);
    printer.value('max', '..%', max);
  });
}

function bittimingConst({ constPath, ratesPath, key, prefix, parts }: Phase): Special {
  return (printer, data) => {
    const bounds = data[constPath] as Json | undefined;
    if (!bounds || data[ratesPath]) return;
    printer.object(`${key}bittiming_const`, () => {
      line(printer);
      printer.value('name', ' %:', bounds['name']);
      range(printer, 'tseg1', `${prefix}tseg1`, bounds['tseg1Min'], bounds['tseg1Max']);
      range(printer, 'tseg2', `${prefix}tseg2`, bounds['tseg2Min'], bounds['tseg2Max']);
      range(printer, 'sjw', `${prefix}sjw`, 1, bounds['sjwMax']);
      range(printer, 'brp', `${prefix}brp`, bounds['brpMin'], bounds['brpMax']);
      printer.value('brp_inc', ` ${prefix}brp_inc %`, bounds['brpInc']);
      for (const part of parts) {
        const limits = data[part.path] as Json | undefined, given = part.words.filter((name) => limits?.[`${name}Max`] !== undefined);
        if (!limits || given.length === 0) continue;
        printer.object(part.json, () => {
          line(printer);
          for (const name of given) range(printer, name, `${part.prefix}${name}`, limits[`${name}Min`], limits[`${name}Max`]);
        });
      }
    });
  };
}

function rates({ path, ratesPath, key, prefix }: Phase): Special {
  return (printer, data) => {
    const list = data[ratesPath] as number[] | undefined;
    if (!list) return;
    line(printer);
    printer.value(`${key}bittiming_bitrate`, ` ${prefix}bitrate %`, at(data, `${path}.bitrate`) ?? 0);
    printer.newline();
    // Six to a line.
    const rows = Array.from({ length: Math.ceil(list.length / 6) }, (_, i) => list.slice(i * 6, i * 6 + 6).map((rate) => String(rate).padStart(8)).join(', '));
    printer.list(`${key}bitrate_const`, list, `\t     [${rows.join(`, ${printer.context.options.oneline ? '\\' : '\n'}\t      `)} ]`);
  };
}

function termination(printer: Printer, data: Json): void {
  const choices = data['terminationConst'] as number[] | undefined;
  if (!choices || data['termination'] === undefined) return;
  line(printer);
  printer.value('termination', ' termination %', data['termination']);
  printer.list('termination_const', choices, ` [ ${choices.join(', ')} ]`);
}

function clock(printer: Printer, data: Json): void {
  if (data['clock'] === undefined) return;
  line(printer);
  printer.value('clock', ' clock % ', at(data, 'clock.freq'));
}

const states: Readonly<Record<string, string>> = {
  errorActive: 'ERROR-ACTIVE', errorWarning: 'ERROR-WARNING', errorPassive: 'ERROR-PASSIVE', busOff: 'BUS-OFF', stopped: 'STOPPED', sleeping: 'SLEEPING',
};

const sheet: Sheet = [
  ctrlmode,
  ['state', 'state % ', 'state', via((state) => states[state as string] ?? 'UNKNOWN')],
  (printer, data) => {
    const errors = data['berrCounter'] as Json | undefined;
    if (!errors) return;
    printer.object('berr_counter', () => {
      printer.value('tx', '(berr-counter tx %', errors['txerr']);
      printer.value('rx', ' rx %) ', errors['rxerr']);
    });
  },
  plain('restart_ms', 'restartMs', 'restart-ms'),
  bittiming(arbitration),
  bittimingConst(arbitration),
  rates(arbitration),
  bittiming(payload),
  bittimingConst(payload),
  rates(payload),
  bittiming(xlPayload),
  bittimingConst(xlPayload),
  rates(xlPayload),
  termination,
  clock,
];

/** A struct without a rate says nothing; iproute2 does not send it either. */
function finish(data: Draft): void {
  for (const path of ['bittiming', 'dataBittiming', 'xlDataBittiming']) {
    const bits = data[path] as Draft | undefined;
    if (bits && !bits['bitrate'] && !bits['tq']) throw usage('bit timing needs a rate', 'bitrate 500000, or tq and the segments');
  }
}

export const can: Kind = { options, sheet, finish };
