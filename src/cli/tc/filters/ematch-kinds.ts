/** The kinds of extended matches: what they compare, in words and back (net/sched/em_*.c). */
import { netfilter } from '../../../families/netfilter/index.ts';
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { bytes as hexadecimal } from '../../print/formats.ts';
import type { Printer } from '../../print/printer.ts';
import { parseInteger } from '../../values.ts';
import type { Words } from '../../words.ts';
import { ipt } from './ematch-ipt.ts';
import { patternOf, wrong, type EmatchKind } from './ematch-words.ts';
import { meta } from './meta.ts';
import { keyAt, type Key } from './u32-match.ts';

const layers: Readonly<Record<string, number>> = { link: 0, network: 1, transport: 2 };
const operators: Readonly<Record<string, number>> = { eq: 0, gt: 1, lt: 2 }, aligns: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4 };
/** The flag that turns the bytes of a number over. */
const TRANSLATED = 1;

function number(words: Words, after: string, most = 0xffffffff, hexadecimal_ = false): number {
  const given = words.next(after), value = hexadecimal_ && /^[0-9a-f]+$/i.test(given) ? BigInt(`0x${given}`) : parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(most)) throw usage(`"${given}" is not a number for "${after}"`, `0 to ${most}`);
  return Number(value);
}
function layer(words: Words): number {
  const given = words.next('layer'), found = layers[given] ?? Number(parseInteger(given) ?? -1);
  if (found < 0 || found > 2) throw usage(`"${given}" is not a layer`, 'link, network, transport');
  return found;
}

interface Cmp { val: number; mask: number; off: number; how: { align: number; flags: number }; what: { layer: number; opnd: number } }
/** `cmp(u16 at 2 layer 2 mask 0xff00 trans gt 17)`. */
const cmp: EmatchKind = {
  read(words) {
    const width = words.next('cmp'), align = aligns[width];
    if (align === undefined) return wrong(`"${width}" is not the width of a number`, 'u8, u16, u32');
    const one: Cmp = { val: 0, mask: 0, off: 0, how: { align, flags: 0 }, what: { layer: layers['network'] as number, opnd: -1 } };
    while (words.peek() !== ')') {
      const key = words.next('cmp');
      if (key === 'at') one.off = number(words, key, 0xffff);
      else if (key === 'layer') one.what.layer = layer(words);
      else if (key === 'mask') one.mask = number(words, key);
      else if (key === 'trans') one.how.flags = TRANSLATED;
      else if (key in operators) { one.what.opnd = operators[key] as number; one.val = number(words, key); } else wrong(`"${key}" is not a word of cmp`, 'at, layer, mask, trans, eq, gt, lt');
    }
    if (one.what.opnd < 0) wrong('compared how?', 'eq, gt or lt with a number');
    return one;
  },
  text(data) {
    const { val, mask, off, how, what } = data as Cmp, align = Object.keys(aligns).find((name) => aligns[name] === how.align) ?? `u${how.align * 8}`, operator = Object.keys(operators).find((name) => operators[name] === what.opnd) ?? '?';
    return `${align} at ${off} layer ${what.layer} ${mask ? `mask 0x${mask.toString(16)} ` : ''}${how.flags & TRANSLATED ? 'trans ' : ''}${operator} ${val}`;
  },
};
const eight = (value: number): string => value.toString(16).padStart(8, '0');
/** `u32(u16 0x1234 0xffff at nexthdr+2)`. */
const u32: EmatchKind = {
  read(words): Key {
    const width = words.next('u32'), bits = ({ u8: 8, u16: 16, u32: 32 } as const)[width as 'u8'];
    if (bits === undefined) return wrong(`"${width}" is not the width of a number`, 'u8, u16, u32');
    const most = 2 ** bits - 1, val = number(words, width, most), mask = number(words, width, most, true);
    if (!words.take('at')) wrong('where in the packet?', 'at 12, or at nexthdr+0');
    const given = words.next('at'), next = given.startsWith('nexthdr+'), off = Number(parseInteger(next ? given.slice(8) : given) ?? NaN);
    if (Number.isNaN(off)) wrong(`"${given}" is not a place in the packet`, '12, or nexthdr+0');
    return keyAt(val, mask, bits, off, next ? -1 : 0);
  },
  text(data) {
    const { val, mask, off, offmask } = data as Key;
    return `${eight(val)}/${eight(mask)} at ${offmask ? 'nexthdr+' : ''}${off}`;
  },
};
/** `nbyte("abc" at 0 layer 2)`. */
const nbyte: EmatchKind = {
  read(words) {
    const pattern = patternOf(words.next('nbyte'));
    let off: number | undefined, where = layers['network'] as number;
    while (words.peek() !== ')') {
      const key = words.next('nbyte');
      if (key === 'at') off = number(words, key, 0xffff);
      else if (key === 'layer') where = layer(words);
      else wrong(`"${key}" is not a word of nbyte`, 'at, layer');
    }
    if (off === undefined) wrong('where in the packet?', 'nbyte("abc" at 0 layer transport)');
    return { off, what: { len: pattern.length, layer: where }, pattern };
  },
  text(data) {
    const { off, what, pattern: padded } = data as { off: number; what: { len: number; layer: number }; pattern: Uint8Array }, pattern = padded.subarray(0, what.len);
    return `${[...pattern].map((byte) => `${byte.toString(16).padStart(2, '0')} `).join('')}"${[...pattern].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}" at ${off} layer ${what.layer}`;
  },
};

/** CAN_EFF_FLAG, CAN_EFF_MASK and CAN_SFF_MASK of include/uapi/linux/can.h. */
const EFF = 0x80000000, identifiers: Readonly<Record<string, number>> = { sff: 0x7ff, eff: 0x1fffffff };
/** CAN_RULES of em_canid.c. */
const mostRules = 400;
/** `canid(sff 0x123 eff 0x1234:0xff00)`: frames of CAN by their identifiers, in hexadecimal. */
const canid: EmatchKind = {
  read(words) {
    const rules: { canId: number; canMask: number }[] = [];
    while (words.peek() !== ')') {
      const kind = words.next('canid'), all = identifiers[kind];
      if (all === undefined) return wrong(`"${kind}" is not a format of frames`, 'sff 0x123, eff 0x12345678');
      const given = words.next(kind), [, id, mask] = /^(?:0x)?([0-9a-f]{1,8})(?::(?:0x)?([0-9a-f]{1,8}))?$/i.exec(given) ?? [];
      if (id === undefined) return wrong(`"${given}" is not an identifier`, 'in hexadecimal, with a mask or without: 0x123, 0x120:0x7f0');
      rules.push({ canId: (Number.parseInt(id, 16) | (kind === 'eff' ? EFF : 0)) >>> 0, canMask: ((mask === undefined ? all : Number.parseInt(mask, 16)) | EFF) >>> 0 });
    }
    if (rules.length === 0 || rules.length > mostRules) wrong(`${rules.length} identifiers`, `1 to ${mostRules}`);
    return rules;
  },
  text: (data) => (data as { canId: number; canMask: number }[]).map(({ canId, canMask }) => {
    const kind = canId >>> 31 ? 'eff' : 'sff', all = identifiers[kind]!, digits = (value: number): string => `0x${((value & all) >>> 0).toString(16).toUpperCase()}`;
    return `${kind} ${digits(canId)}${canMask === (all | EFF) >>> 0 ? '' : `:${digits(canMask)}`}`;
  }).join(' '),
};

interface SetInfo { index: number; dim: number; flags: number }
/** IPSET_DIM_MAX. */
const mostDirections = 6;
/** What the kernel knows of a set by its name, or by its number. */
const setOf = (context: Context, message: 'getIpsetByname' | 'getIpsetByindex', key: object): { index?: number; setname?: string } | undefined => context.kernel.speak(netfilter).get(message, { protocol: 7, ...key }) as { index?: number; setname?: string } | undefined;
/** `ipset(bulk src,dst)`: what is looked up in a set of IP sets. */
const ipset: EmatchKind = {
  read(words, context): SetInfo {
    const setname = words.next('ipset'), directions = words.next('ipset').split(',');
    if (directions.length > mostDirections || directions.some((one) => one !== 'src' && one !== 'dst')) wrong(`"${directions.join(',')}" is not what is looked up`, `src or dst for each part of an entry, at most ${mostDirections}: ipset(bulk src,dst)`);
    let found: { index?: number } | undefined;
    try { found = setOf(context, 'getIpsetByname', { setname }); } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
      throw usage(`there is no set "${setname}"`, `ipset create ${setname} hash:ip`);
    }
    return { index: found?.index ?? 0, dim: directions.length, flags: directions.reduce((all, one, i) => all | (one === 'src' ? 2 << i : 0), 0) };
  },
  text(data, printer) {
    const { index, dim, flags } = data as SetInfo;
    return `${nameOfSet(printer, index)}${Array.from({ length: dim }, (_, i) => `${i === 0 ? ' ' : ','}${flags & (2 << i) ? 'src' : 'dst'}`).join('')}`;
  },
};
function nameOfSet(printer: Printer, index: number): string {
  try { return setOf(printer.context, 'getIpsetByindex', { index })?.setname ?? String(index); } catch { return String(index); }
}

export const ematchKinds: Readonly<Record<string, EmatchKind>> = { canid, cmp, ipset, ipt, meta, nbyte, u32 };
/** What a match says, where its kind has words; else its bytes. */
export function ematchText(kind: string, data: unknown, printer: Printer): string {
  const known = ematchKinds[kind];
  if (known && !(data instanceof Uint8Array)) return known.text(data, printer);
  return data instanceof Uint8Array ? hexadecimal(data) : JSON.stringify(data, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}
