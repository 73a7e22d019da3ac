/** What states and policies of IPsec are both printed of. Text is iproute2's; iproute2 has no JSON for them, so its keys are the words of the command line. */
import { ipProtocolName } from '../ip-protocols.ts';
import { modes, protocols, wordFor } from '../xfrm-words.ts';
import { xfrmProtocol, XFRM_INF } from '../../families/xfrm/index.ts';
import { ipv4Text, parseIpv6 } from '../../codec/index.ts';
import { counter, numberOf } from './formats.ts';
import { Raw } from './json.ts';
import type { Format, Json, Printer } from './printer.ts';

export const protocolWord = (proto: unknown): string => wordFor(protocols, proto);

/** An address whose family stands elsewhere: where none stood beside it, it was read as IPv6. */
export function addressText(address: unknown, own: unknown, family: unknown): string {
  if (own !== 'inet' && (own !== 'unspec' || family !== 'inet')) return String(address);
  const bytes = new Uint8Array(16);
  return parseIpv6(String(address), bytes, 0) ? ipv4Text(bytes, 0) : String(address);
}

/** Eight digits. */
const hex8 = (value: unknown): string => Number(value).toString(16).padStart(8, '0');

/** `src ... dst ...` and, in the next line, protocol, SPI, reqid and mode. @param start What text has before the second line */
export function printId(printer: Printer, { saddr, id, mode, reqid, family }: Json, start: string, force: boolean): void {
  const { daddr, spi, proto } = id as Json, whole = printer.statistics > 0;
  printer.value('src', 'src % ', addressText(saddr, family, family));
  printer.value('dst', 'dst %', addressText(daddr, family, family));
  printer.newline();
  printer.text(`${start}\t`);
  printer.value('proto', 'proto % ', protocolWord(proto));
  if (whole || force || spi !== 0) printer.value('spi', 'spi % ', spi, { text: () => `0x${hex8(spi)}${whole ? `(${String(spi)})` : ''}` });
  printer.value('reqid', 'reqid % ', reqid, { text: () => `${String(reqid)}${whole ? `(0x${hex8(reqid)})` : ''}` });
  printer.value('mode', 'mode %', typeof mode === 'number' ? mode : wordFor(modes, mode));
  printer.newline();
}

const ICMP = 1, GRE = 47, ICMPV6 = 58, MOBILITY = 135;

/** Which packets. @param family The family where the selector has none */
export function printSelector(printer: Printer, sel: Json, family: unknown): void {
  const { saddr, daddr, prefixlenS, prefixlenD, proto, sport, dport, sportMask, dportMask, ifindex, user } = sel as Json & { sport: number; dport: number };
  printer.value('src', 'src % ', `${addressText(saddr, sel['family'], family)}/${String(prefixlenS)}`);
  printer.value('dst', 'dst % ', `${addressText(daddr, sel['family'], family)}/${String(prefixlenD)}`);
  if (proto !== 0) printer.value('proto', 'proto % ', ipProtocolName(Number(proto)));
  const [first, second] = proto === ICMP || proto === ICMPV6 ? ['type', 'code'] : proto === MOBILITY ? ['type', undefined] : ['sport', 'dport'];
  if (proto === GRE) {
    if (sportMask || dportMask) printer.value('key', 'key % ', sport * 0x10000 + dport);
  } else {
    if (sportMask) printer.value(first as string, `${first} % `, sport);
    if (dportMask && second !== undefined) printer.value(second, `${second} % `, dport);
  }
  if (Number(ifindex) > 0) printer.value('dev', 'dev % ', printer.context.links.name(Number(ifindex)));
  if (printer.statistics > 0) printer.value('uid', 'uid %', user);
  printer.newline();
}

/** `flag noecn esn`: words in the order of their bits, then what has none. */
export function printFlags(printer: Printer, key: string, flags: readonly (string | number)[], words: Readonly<Record<string, string>>): void {
  const named = flags.map((flag) => (typeof flag === 'number' ? flag : wordFor(words, flag)));
  printer.list(key, named, `${key} ${named.map((flag) => (typeof flag === 'number' ? flag.toString(16) : flag)).join(' ')}`);
}
/** All bits of a byte, in text. */
export const bits8 = (codec: { readonly names: Readonly<Record<string, number>> }, flags: readonly (string | number)[]): string =>
  flags.reduce<number>((sum, flag) => sum | (typeof flag === 'number' ? flag : codec.names[flag] ?? 0), 0).toString(2).padStart(8, '0');

const limit: Format = { text: (value) => (value === XFRM_INF ? '(INF)' : String(value)), json: (value) => (value === XFRM_INF ? 'infinite' : new Raw(String(value))) };
/** Local time. */
function time(seconds: unknown): string {
  if (seconds === 0n) return '-';
  const at = new Date(Number(seconds) * 1000), two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
/** JSON has seconds since 1970, and nothing for never. */
export const timeFormat: Format = { text: time, json: (value) => (value === 0n ? null : new Raw(String(value))) };

type Cell = readonly [key: string, text: string, value: unknown];
/** Limits, and what was used of them. */
export function printLifetimes(printer: Printer, { lft, curlft }: Json, start: string): void {
  const { softByteLimit, hardByteLimit, softPacketLimit, hardPacketLimit, softAddExpiresSeconds, hardAddExpiresSeconds, softUseExpiresSeconds, hardUseExpiresSeconds } = lft as Json;
  const line = (text: string, body: () => void): void => {
    printer.text(start + text);
    body();
    printer.newline();
  };
  const pair = (text: string, [first, second]: readonly [Cell, Cell], format: Format): void => line(text, () => {
    printer.value(...first, format);
    printer.value(...second, format);
  });
  line('lifetime config:', () => {});
  printer.object('limits', () => {
    pair('  limit: ', [['byte_soft', 'soft %(bytes),', softByteLimit], ['byte_hard', ' hard %(bytes)', hardByteLimit]], limit);
    pair('  limit: ', [['packet_soft', 'soft %(packets),', softPacketLimit], ['packet_hard', ' hard %(packets)', hardPacketLimit]], limit);
    pair('  expire add: ', [['time_soft', 'soft %(sec),', softAddExpiresSeconds], ['time_hard', ' hard %(sec)', hardAddExpiresSeconds]], counter);
    pair('  expire use: ', [['time_use_soft', 'soft %(sec),', softUseExpiresSeconds], ['time_use_hard', ' hard %(sec)', hardUseExpiresSeconds]], counter);
  });
  line('lifetime current:', () => {});
  const { bytes, packets, addTime, useTime } = curlft as Json;
  printer.object('current', () => {
    pair('  ', [['bytes', '%(bytes),', bytes], ['packets', ' %(packets)', packets]], counter);
    pair('  ', [['add', 'add % ', addTime], ['use', 'use %', useTime]], timeFormat);
  });
}

/** Masks of algorithms, all of them eight digits. */
export function printMasks(printer: Printer, { ealgos, aalgos, calgos }: Json): void {
  const mask = { text: hex8, json: (value: unknown): string => `0x${hex8(value)}` };
  printer.value('enc_mask', 'enc-mask % ', ealgos, mask);
  printer.value('auth_mask', 'auth-mask % ', aalgos, mask);
  printer.value('comp_mask', 'comp-mask %', calgos, mask);
}

const levels = ['required', 'use'];
/** A state that a policy wants. */
export function printTemplate(printer: Printer, tmpl: Json, start: string): void {
  const whole = printer.statistics > 0, { optional, share } = tmpl;
  printer.text(`${start}tmpl `);
  printId(printer, tmpl, start, false);
  if (whole || optional !== 0 || printer.json) {
    printer.text(`${start}\t`);
    printer.value('level', 'level % ', levels[Number(optional)] ?? optional);
    if (whole) printer.value('share', 'share % ', share);
    printer.newline();
  }
  if (!whole) return;
  printer.text(`${start}\t`);
  printMasks(printer, tmpl);
  printer.newline();
}

export const isIpsec = (proto: unknown): boolean => ['esp', 'ah', 'comp'].includes(proto as string);
export const protocolNumber = (proto: unknown): number => numberOf(xfrmProtocol, proto);
