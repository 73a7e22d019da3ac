/** Rates as the kernel's struct has them, with the table of times that it checks. Source: include/uapi/linux/pkt_sched.h. */
import type { Draft, ValueType } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { choice, word } from '../../values.ts';
import { readSize, transmitTicks } from '../units.ts';

/** `adsl` is ATM by another name. */
export const linklayerType: ValueType = choice({ ethernet: 'ethernet', atm: 'atm', adsl: 'atm' });

/** What a packet takes beside its own bytes. */
export interface Framing { mpu?: number; overhead?: number; linklayer?: string; cellLog?: number }

const ATM_CELL = 53, ATM_PAYLOAD = 48, most32 = 0xffffffff;
/** Largest packet that tables are made for, where none is given. */
const mostBytes = 2047;

/** A rate of more than 32 bits is in an attribute beside. */
export const low32 = (rate: bigint): number => (rate > BigInt(most32) ? most32 : Number(rate));
export const isWide = (rate: bigint): boolean => rate > BigInt(most32);

/** The struct, and the ticks that packets take by cell of their size. */
export function ratespec(rate: bigint, { mpu = 0, overhead = 0, linklayer = 'ethernet', cellLog }: Framing, mtu = 0): { spec: Draft; table: number[] } {
  let cell = cellLog ?? 0;
  if (cellLog === undefined) while ((mtu || mostBytes) >> cell > 255) cell++;
  const table = Array.from({ length: 256 }, (_, i) => {
    const bytes = Math.max((i + 1) * 2 ** cell, mpu);
    return transmitTicks(low32(rate), linklayer === 'atm' ? Math.ceil(bytes / ATM_PAYLOAD) * ATM_CELL : bytes);
  });
  return { spec: { rate: low32(rate), cellLog: cell, cellAlign: -1, mpu, overhead, linklayer }, table };
}

export interface SizeAndCell { bytes: number; cellLog?: number }
/** `BYTES[/CELL]`: the cell is a power of two. */
export const sizeAndCell: ValueType = word('BYTES[/CELL]', (given, _context, after): SizeAndCell => {
  const [bytes = '', cell] = given.split('/');
  if (cell === undefined) return { bytes: readSize(bytes, after) };
  const log = Math.log2(readSize(cell, after));
  if (!Number.isInteger(log)) throw usage(`the cell "${cell}" of "${after}" is not a power of two`);
  return { bytes: readSize(bytes, after), cellLog: log };
});
