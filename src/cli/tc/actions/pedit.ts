/** `action pedit ex munge ip ttl add 255`: net/sched/act_pedit.c. */
import { usage } from '../../errors.ts';
import type { Context } from '../../context.ts';
import type { Draft } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { mac, parseAddress, parseInteger } from '../../values.ts';
import type { Words } from '../../words.ts';
import { parseIpv6 } from '../../../codec/index.ts';
import { control, printTimes, printVerdict, readOwn } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

/** Where a field is in its header, how wide, which of its bits, and how its value is written. */
interface Field { readonly off: number; readonly bytes: 1 | 2 | 4 | 6 | 16; readonly bits?: number; readonly as?: 'ip' | 'ip6' | 'mac'; /** By which its value is shifted to its bits. */ readonly shift?: number; /** It can be counted down. */ readonly down?: true }
const ports: Readonly<Record<string, Field>> = { sport: { off: 0, bytes: 2 }, dport: { off: 2, bytes: 2 } };
const headers: Readonly<Record<string, { readonly type: string; readonly fields: Readonly<Record<string, Field>> }>> = {
  ip: { type: 'ip4', fields: {
    ihl: { off: 0, bytes: 1, bits: 0x0f }, tos: { off: 1, bytes: 1 }, dsfield: { off: 1, bytes: 1 }, precedence: { off: 1, bytes: 1 }, nofrag: { off: 6, bytes: 1, bits: 0x3f }, firstfrag: { off: 6, bytes: 1, bits: 0x1f }, ce: { off: 6, bytes: 1, bits: 0x80 }, df: { off: 6, bytes: 1, bits: 0x40 }, mf: { off: 6, bytes: 1, bits: 0x20 }, ttl: { off: 8, bytes: 1, down: true }, protocol: { off: 9, bytes: 1 },
    src: { off: 12, bytes: 4, as: 'ip' }, dst: { off: 16, bytes: 4, as: 'ip' }, sport: { off: 20, bytes: 2 }, dport: { off: 22, bytes: 2 }, icmp_type: { off: 20, bytes: 1 }, icmp_code: { off: 21, bytes: 1 },
  } },
  ip6: { type: 'ip6', fields: { traffic_class: { off: 0, bytes: 2, bits: 0xff, shift: 4 }, flow_lbl: { off: 0, bytes: 4, bits: 0xfffff }, payload_len: { off: 4, bytes: 2 }, nexthdr: { off: 6, bytes: 1 }, hoplimit: { off: 7, bytes: 1, down: true }, src: { off: 8, bytes: 16, as: 'ip6' }, dst: { off: 24, bytes: 16, as: 'ip6' } } },
  eth: { type: 'eth', fields: { dst: { off: 0, bytes: 6, as: 'mac' }, src: { off: 6, bytes: 6, as: 'mac' }, type: { off: 12, bytes: 2 } } },
  tcp: { type: 'tcp', fields: { ...ports, flags: { off: 13, bytes: 1 } } },
  udp: { type: 'udp', fields: ports },
};
const widths: Readonly<Record<string, 1 | 2 | 4>> = { u8: 1, u16: 2, u32: 4 };
const names: Readonly<Record<string, string>> = { network: 'network', eth: 'eth', ip4: 'ipv4', ip6: 'ipv6', tcp: 'tcp', udp: 'udp' };

interface Key { mask: number; val: number; off: number; at?: number; offmask?: number; shift?: number }
/** A key of `bytes` at `off`: bits of `mask` stay as they are, `val` is put over them. */
function key(off: number, bytes: 1 | 2 | 4, val: number, mask: number, retain: number): Key {
  const shift = 8 * (4 - bytes - (off & 3)), whole = bytes === 4 ? 0xffffffff : 2 ** (8 * bytes) - 1;
  if (shift < 0) throw usage(`${bytes} bytes at offset ${off} go over a border of four bytes`);
  const outside = (~(whole << shift)) >>> 0;
  return { off: off & ~3, val: ((((val & retain) << shift) >>> 0) & ~outside) >>> 0, mask: ((((mask | ~retain) & whole) << shift) | outside) >>> 0 };
}

function number(given: string, after: string, bytes: number): number {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value >= 1n << BigInt(8 * bytes)) throw usage(`"${given}" is not a number of ${bytes} bytes for "${after}"`);
  return Number(value);
}
/** The bytes of an address, in words of four. */
function bytesOf(field: Field, words: Words, context: Context): number[] | undefined {
  if (field.as === 'mac') return (mac.read(words, context, 'set') as string).split(':').map((byte) => Number.parseInt(byte, 16));
  if (field.as !== 'ip6') return undefined;
  const bytes = new Uint8Array(16);
  parseIpv6(parseAddress(words.next('set'), 'set', 'inet6').address, bytes, 0);
  return [...bytes];
}

/** `at BYTES offmask BITS shift BITS`: the bits of a byte there move the place. The words between the numbers may be left out. */
function movedBy(words: Words): { at: number; offmask: number; shift: number } {
  const at = number(words.next('at'), 'at', 4);
  words.take('offmask');
  const given = words.next('offmask');
  if (!/^(0x)?[0-9a-f]{1,8}$/i.test(given)) throw usage(`"${given}" are no bits for "offmask"`, 'in hexadecimal: 0f');
  words.take('shift');
  return { at, offmask: Number.parseInt(given, 16), shift: number(words.next('shift'), 'shift', 1) };
}

function readMunge(words: Words, context: Context, extended: boolean): { keys: Key[]; ex: { htype: string; cmd: string } } {
  const header = words.next('munge'), known = headers[header];
  let field: Field, type = 'network', moved: { at: number; offmask: number; shift: number } | undefined;
  if (header === 'offset') {
    const off = parseInteger(words.next(header)), width = words.next(header), bytes = widths[width];
    if (off === undefined || bytes === undefined) throw usage('where, and how many bytes?', 'munge offset 12 u32 set 0x0a000001');
    field = { off: Number(off), bytes };
    if (words.take('at')) moved = movedBy(words);
  } else {
    if (!known) throw usage(`"${header}" is not a header`, `offset, ${Object.keys(headers).join(', ')}`);
    if (!extended && header !== 'ip') throw usage(`fields of "${header}" need "ex"`, `action pedit ex munge ${header} ...`);
    const name = words.next(header), found = known.fields[name];
    if (!found) throw usage(`"${name}" is not a field of "${header}"`, Object.keys(known.fields).join(', '));
    if (extended && header === 'ip' && found.off >= 20) throw usage(`"${name}" is not in a header of IPv4`, 'tcp, udp; or, where that header has no options, without "ex"');
    field = found;
    if (extended) type = known.type;
  }
  const command = words.next(header), narrow = field.bytes > 4 ? undefined : (field.bytes as 1 | 2 | 4), whole = narrow === undefined ? 0 : 2 ** (8 * narrow) - 1;
  let keys: Key[];
  if (narrow === undefined) {
    if (command !== 'set') throw usage(`an address is set, not "${command}"`);
    const bytes = bytesOf(field, words, context) as number[];
    const parts = new Map<number, Key>();
    for (const [i, byte] of bytes.entries()) {
      const one = key(field.off + i, 1, byte, 0, 0xff), before = parts.get(one.off);
      parts.set(one.off, before ? { off: one.off, val: (before.val | one.val) >>> 0, mask: (before.mask & one.mask) >>> 0 } : one);
    }
    keys = [...parts.values()];
  } else {
    let val = 0, mask = 0, retain = field.bits ?? whole;
    if (command === 'set' || command === 'add') {
      if (command === 'add' && !extended) throw usage('"add" needs "ex"', 'action pedit ex munge ...');
      if (field.as === 'ip') val = parseAddress(words.next(command), command, 'inet').address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
      else val = number(words.next(command), command, narrow);
    } else if (command === 'decrement') {
      if (!field.down || !extended) throw usage('only the hop counters are counted down, with "ex"', 'action pedit ex munge ip ttl decrement');
      // Over the end.
      val = whole;
    } else if (command === 'invert') val = mask = whole;
    else if (command === 'preserve' || command === 'retain') mask = whole;
    else if (command !== 'clear') throw usage(`"${command}" is not what may be done to a field`, 'set, add, decrement, clear, invert, preserve');
    if (words.take('retain')) retain = number(words.next('retain'), 'retain', narrow);
    const { shift = 0 } = field;
    keys = [{ ...key(field.off, narrow, val << shift, mask << shift, retain << shift), ...moved }];
  }
  return { keys, ex: { htype: type, cmd: command === 'add' || command === 'decrement' ? 'add' : 'set' } };
}

export const pedit: ActionKind = {
  usage: '[ ex ] { munge { offset BYTES { u8 | u16 | u32 } [ at BYTES offmask BITS shift BITS ] | { ip | ip6 | eth | tcp | udp } FIELD } { set VALUE | add VALUE | decrement | clear | invert | preserve } [ retain BITS ] } ... [ VERDICT ] [ index NUMBER ]',
  options: { ex: { help: 'fields of any header' }, munge: { help: 'bytes to write over' }, ...control() },
  verdict: '',
  head: ['kind', ' % '],
  read(words, context, draft) {
    const extended = words.take('ex'), keys: Key[] = [], keyEx: Draft[] = [];
    while (words.take('munge')) {
      const { keys: more, ex } = readMunge(words, context, extended);
      keys.push(...more);
      keyEx.push(...more.map(() => ex));
    }
    if (keys.length === 0) throw usage('which bytes?', 'action pedit munge ip ttl set 64');
    const { parms = {} } = readOwn(control(), words, {}, context) as { parms?: Draft };
    const sel = { action: 'ok', ...parms, nkeys: keys.length, keys };
    Object.assign(draft, extended ? { parmsEx: sel, keysEx: { keyEx } } : { parms: sel });
  },
  print(printer, options) {
    const parms = parmsOf(options, options['parmsEx'] === undefined ? 'parms' : 'parmsEx'), ex = ((options['keysEx'] as Json | undefined)?.['keyEx'] ?? []) as Json[];
    printVerdict(printer, 'action ', parms['action'], ' ');
    printer.value('nkeys', 'keys %', parms['nkeys']);
    printer.newline();
    printer.value('index', ' \t index %', parms['index']);
    printer.value('ref', ' ref %', parms['refcnt']);
    printer.value('bind', ' bind %', parms['bindcnt']);
    if (printer.statistics > 0) printTimes(printer, options['tm']);
    printer.array('keys', () => {
      for (const [i, { off, val, mask }] of ((parms['keys'] ?? []) as unknown as Key[]).entries()) {
        const { htype = 'network', cmd = 'set' } = (ex[i] ?? {}) as { htype?: string; cmd?: string };
        printer.newline();
        printer.object(null, () => {
          printer.text(`\t key #${i}  at `);
          if (printer.json || htype !== 'network') printer.value('htype', '%+', names[htype] ?? htype);
          printer.value('offset', '%', off);
          printer.value('cmd', ': %', cmd, { text: (one) => (one === 'add' ? 'add' : 'val') });
          printer.value('val', ' %', val, { text: eight, json: (one) => Number(one).toString(16) });
          printer.value('mask', ' mask %', mask, { text: eight, json: (one) => Number(one).toString(16) });
        });
      }
    });
    printer.newline();
  },
};
const eight = (value: unknown): string => Number(value).toString(16).padStart(8, '0');
