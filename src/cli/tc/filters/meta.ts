/** What the kernel knows of a packet, compared: `meta(priority mask 0xff eq 5)` (net/sched/em_meta.c). Numbers: include/uapi/linux/tc_ematch/tc_em_meta.h. */
import { HOST_LITTLE_ENDIAN } from '../../../codec/index.ts';
import { usage } from '../../errors.ts';
import { parseInteger } from '../../values.ts';
import { didYouMean, type Words } from '../../words.ts';
import { isQuoted, patternOf, type EmatchKind } from './ematch-words.ts';

/** TCF_META_ID_*. */
const ids: Readonly<Record<string, number>> = {
  random: 1, loadavg_1: 2, loadavg_5: 3, loadavg_15: 4, dev: 5, priority: 6, protocol: 7, pkt_type: 8, pkt_len: 9, data_len: 10, mac_len: 11, nf_mark: 12, fwmark: 12, tc_index: 13, rt_classid: 14, rt_iif: 15,
  sk_family: 16, sk_state: 17, sk_reuse: 18, sk_bind_if: 19, sk_refcnt: 20, sk_shutdown: 21, sk_proto: 22, sk_type: 23, sk_rcvbuf: 24, sk_rmem: 25, sk_wmem: 26, sk_omem: 27, sk_wmem_queue: 28,
  sk_rcv_queue: 29, sk_snd_queue: 30, sk_err_queue: 31, sk_fwd_alloc: 32, sk_sndbuf: 33, vlan: 46,
};
/** Those that are names of links, too. */
const named = ['dev', 'sk_bind_if'];
const operators = ['eq', 'gt', 'lt'], TYPE_NUMBER = 1 << 12, ID = 0x7ff;
const four = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, HOST_LITTLE_ENDIAN);
  return bytes;
};
const numberOf = (bytes: Uint8Array | undefined): number => (bytes && bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, HOST_LITTLE_ENDIAN) : 0);

interface Side { val: { kind: number; shift: number; op: string }; data?: Uint8Array }
function side(words: Words): Side {
  const given = words.next('meta');
  // Of type 0: bytes.
  if (isQuoted(given)) return { val: { kind: 0, shift: 0, op: 'eq' }, data: patternOf(given) };
  const value = parseInteger(given);
  if (value !== undefined) {
    if (value < 0n || value > 0xffffffffn) throw usage(`${given} is out of range for "meta"`, 'four bytes');
    return { val: { kind: TYPE_NUMBER, shift: 0, op: 'eq' }, data: four(Number(value)) };
  }
  const id = ids[given];
  if (id === undefined) throw usage(`"${given}" is not known of a packet`, didYouMean(given, Object.keys(ids)));
  const one: Side = { val: { kind: TYPE_NUMBER | id, shift: 0, op: 'eq' }, data: four(0) };
  for (;;) {
    const key = words.take('shift') ? 'shift' : words.take('mask') ? 'mask' : undefined;
    if (key === undefined) return one;
    const number = parseInteger(words.next(key)), most = key === 'shift' ? 31n : 0xffffffffn;
    if (number === undefined || number < 0n || number > most) throw usage(`"${key}" is a number`, `0 to ${most}`);
    if (key === 'shift') one.val.shift = Number(number); else one.data = four(Number(number));
  }
}
/** A link is a number, unless it is compared with a name. */
function byName(one: Side, other: Side): Side {
  const id = one.val.kind & ID;
  if (other.val.kind !== 0 || one.val.kind === 0) return one;
  if (!named.some((name) => ids[name] === id)) throw usage('a text is compared with the name of a link', named.join(', '));
  return { val: { ...one.val, kind: id } };
}
export const meta: EmatchKind = {
  read(words) {
    const first = side(words), op = words.next('meta');
    if (!operators.includes(op)) throw usage(`"${op}" is not how numbers are compared`, operators.join(', '));
    const second = side(words), left = byName(first, second), right = byName(second, first);
    return { hdr: { left: { ...left.val, op }, right: right.val }, ...(left.data && { lvalue: left.data }), ...(right.data && { rvalue: right.data }) };
  },
  text(data) {
    const { hdr: { left, right }, lvalue, rvalue } = data as { hdr: { left: Side['val']; right: Side['val'] }; lvalue?: Uint8Array; rvalue?: Uint8Array };
    const text = ({ kind, shift }: Side['val'], bytes: Uint8Array | undefined): string => {
      const id = kind & ID, isNumber = kind >> 12 === 1, number = isNumber ? numberOf(bytes) : 0;
      // Numbers have signs there.
      if (id === 0) return isNumber ? String(number | 0) : plainText(bytes ?? new Uint8Array());
      return `${Object.keys(ids).find((name) => ids[name] === id) ?? `[unknown meta id ${id}]`}${shift ? ` shift ${shift}` : ''}${number ? ` mask 0x${number.toString(16).padStart(8, '0')}` : ''}`;
    };
    return `${text(left, lvalue)} ${left.op} ${text(right, rvalue)}`;
  },
};
function plainText(bytes: Uint8Array): string {
  const all = [...bytes], isPrinted = (byte: number): boolean => byte >= 0x20 && byte < 0x7f, text = all.map((byte) => (isPrinted(byte) ? String.fromCharCode(byte) : '.')).join('');
  return all.every(isPrinted) ? text : `${all.map((byte) => `${byte.toString(16).padStart(2, '0')} `).join('')}"${text}"`;
}
