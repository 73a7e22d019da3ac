/** `htb`: the qdisc and its classes. */
import { usage } from '../../errors.ts';
import { is, to, type Draft } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, u16, u32, word } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { rate, rateFormat, size, sizeFormat, transmitBytes, transmitTicks } from '../units.ts';
import { isWide, linklayerType, ratespec, sizeAndCell, type SizeAndCell } from './ratespec.ts';

/** A class's minor number, hexadecimal with or without 0x. */
export const minor = word('MINOR', (given, _context, after) => {
  if (!/^(0x)?[0-9a-f]{1,8}$/i.test(given)) throw usage(`"${given}" is not a class's number for "${after}"`, 'hexadecimal: 10 is class MAJOR:10');
  return Number.parseInt(given, 16);
});

/** TC_HTB_PROTOVER. */
const version = 3, rate2quantum = 10;

export const htb: TcKind = {
  options: {
    default: to('defcls', minor, 'class of what no filter takes'),
    r2q: to('rate2quantum', u32(), 'rate divided by this is a class\'s quantum'),
    direct_qlen: to('directQlen', u32('PACKETS'), 'that wait for no class'),
    debug: to('debug', integer('NUMBER', 0, 0xffffffff)),
    offload: is('offload', true, 'by hardware'),
  },
  build: ({ directQlen, offload, ...init }) => ({ init: { version, rate2quantum, ...init }, ...(directQlen !== undefined && { directQlen }), ...(offload !== undefined && { offload }) }),
  print(printer, { init, directQlen, offload }) {
    if (init) {
      const { version: told, rate2quantum: r2q, defcls, directPkts } = init as Record<string, number>;
      printer.value('r2q', 'r2q %', r2q);
      printer.value('default', ' default %', defcls === 0 ? '0' : `0x${Number(defcls).toString(16)}`);
      printer.value('direct_packets_stat', ' direct_packets_stat %', directPkts);
      if (printer.details) printer.value('ver', ' ver %', `${Number(told) >> 16}.${Number(told) & 0xffff}`);
    }
    printer.value('direct_qlen', ' direct_qlen %', directQlen);
    if (offload) printer.value('offload', ' offload', null);
  },
};

/** Bytes of a packet that buckets hold at least, with what comes in a tick of the kernel's clock (1 ns). */
const leastBucket = 1600, HZ = 1e9;

interface Said { rate?: bigint; ceil?: bigint; burst?: SizeAndCell; cburst?: SizeAndCell; mtu?: number; mpu?: number; overhead?: number; linklayer?: string; prio?: number; quantum?: number }

function build(draft: Draft): Draft {
  const { rate: given, ceil = given, burst, cburst, mtu = leastBucket, prio, quantum, ...framing } = draft as Said;
  if (given === undefined || ceil === undefined) throw usage('a class needs a rate', 'htb rate 10mbit');
  if (given === 0n || ceil === 0n) throw usage('a rate is more than 0');
  const least = (each: bigint): number => Math.trunc(Number(each) / HZ) + mtu;
  const framed = (cell: SizeAndCell | undefined): typeof framing & { cellLog?: number } => ({ ...framing, ...(cell?.cellLog !== undefined && { cellLog: cell.cellLog }) });
  const own = ratespec(given, framed(burst), mtu), most = ratespec(ceil, framed(cburst), mtu);
  return {
    ...(isWide(given) && { rate64: given }), ...(isWide(ceil) && { ceil64: ceil }),
    parms: {
      rate: own.spec, ceil: most.spec, buffer: transmitTicks(given, burst?.bytes ?? least(given)), cbuffer: transmitTicks(ceil, cburst?.bytes ?? least(ceil)),
      ...(quantum !== undefined && { quantum }), ...(prio !== undefined && { prio }),
    },
    rtab: own.table, ctab: most.table,
  };
}

function print(printer: Printer, options: Json): void {
  const parms = options['parms'] as { rate: Json; ceil: Json; buffer: number; cbuffer: number; quantum: number; level: number; prio: number } | undefined;
  if (!parms) return;
  const own = Number(options['rate64'] ?? parms.rate['rate']), most = Number(options['ceil64'] ?? parms.ceil['rate']);
  const { overhead, linklayer } = parms.rate, { details } = printer;
  if (parms.level === 0) {
    printer.value('prio', 'prio % ', parms.prio);
    if (details) printer.value('quantum', 'quantum % ', parms.quantum);
  }
  printer.value('rate', 'rate % ', own, rateFormat);
  if (overhead) printer.value('overhead', 'overhead % ', overhead);
  printer.value('ceil', 'ceil % ', most, rateFormat);
  if (linklayer === 'atm' || details) printer.value('linklayer', 'linklayer % ', linklayer);
  const bucket = (key: string, bytes: number, spec: Json, mpu: string, after: string): void => {
    printer.value(key, `${key} %${details ? '' : after}`, bytes, sizeFormat);
    if (!details) return;
    printer.value(`${key}_cell`, '/%', 2 ** Number(spec['cellLog']));
    printer.value(mpu, 'mpu % ', spec['mpu'], sizeFormat);
  };
  bucket('burst', transmitBytes(own, parms.buffer), parms.rate, 'mpu_rate', ' ');
  bucket('cburst', transmitBytes(most, parms.cbuffer), parms.ceil, 'mpu_ceil', '');
  if (details) printer.value('level', 'level % ', parms.level);
}

export const htbClass: TcKind = {
  options: {
    rate: to('rate', rate, 'how fast'),
    ceil: to('ceil', rate, 'how fast with what is borrowed'),
    'burst|buffer|maxburst': to('burst', sizeAndCell, 'size of the bucket'),
    'cburst|cbuffer|cmaxburst': to('cburst', sizeAndCell, 'size of the bucket of ceil'),
    prio: to('prio', integer('PRIORITY', 0, 7), 'lower borrows first'),
    quantum: to('quantum', u32('BYTES'), 'a round'),
    mtu: to('mtu', size, 'largest packet'),
    mpu: to('mpu', u16('BYTES'), 'that a packet takes at least'),
    overhead: to('overhead', u16('BYTES'), 'that a packet takes more'),
    linklayer: to('linklayer', linklayerType),
  },
  build,
  print,
  printStats(printer, { lends, borrows, giants, tokens, ctokens }) {
    printer.value('lended', ' lended: % ', lends);
    printer.value('borrowed', 'borrowed: % ', borrows);
    printer.value('giants', 'giants: %', giants);
    printer.newline();
    printer.value('tokens', ' tokens: %', tokens);
    printer.value('ctokens', ' ctokens: %', ctokens);
    printer.newline();
  },
};
