/** XFRMA_*: what hangs on a state or a policy, in iproute2's order. */
import { encapTypes, wordFor } from '../xfrm-words.ts';
import { bytes as hexBytes } from './formats.ts';
import type { Json, Printer } from './printer.ts';
import { addressText, printTemplate, timeFormat } from './xfrm.ts';

const hexadecimal = (value: unknown): string => `0x${Number(value).toString(16)}`;
/** C's %#x: zero has no 0x. */
const hash = { text: (value: unknown): string => (value === 0 ? '0' : hexadecimal(value)), json: hexadecimal };
const hex = { text: hexadecimal, json: hexadecimal };

export interface Told {
  /** The state's or the policy's family. */
  readonly family: unknown;
  /** What lines of text begin with. */
  readonly start: string;
  readonly nokeys?: boolean | undefined;
}

function printMark(printer: Printer, { mark, setMark, setMarkMask }: Json): void {
  if (mark === undefined && setMark === undefined) return;
  printer.text('\t');
  if (mark !== undefined) printer.object('mark', () => {
    printer.value('value', 'mark %', (mark as Json)['v'], hash);
    printer.value('mask', '/% ', (mark as Json)['m'], hash);
  });
  if (setMark !== undefined) printer.object('output_mark', () => {
    printer.value('value', 'output-mark %', setMark, hex);
    printer.value('mask', '/%', setMarkMask, hex);
  });
  printer.newline();
}

/** `enc cbc(aes) 0x0123 (16 bits)`. An algorithm without a key has none printed. */
function printAlgorithm(printer: Printer, word: string, algorithm: Json | undefined, bits: [key: string, from: string] | undefined, { start, nokeys }: Told): void {
  if (!algorithm) return;
  const { name, keyLen, key } = algorithm as { name: string; keyLen: number; key: Uint8Array };
  printer.text(start);
  printer.object(word.replace('-', '_'), () => {
    printer.value('name', `${word} % `, name);
    const length = Math.floor(keyLen / 8);
    if (key.length < length) printer.text('(ERROR truncated)');
    else if (nokeys) printer.text('<<Keys hidden>>');
    else if (length > 0) {
      printer.value('key', '%', key.subarray(0, length), { text: (value) => `0x${hexBytes(value)}`, json: (value) => `0x${hexBytes(value)}` });
      if (printer.statistics > 0) printer.text(` (${keyLen} bits)`);
    }
    if (printer.json) printer.value('key_bits', null, keyLen);
    if (bits) printer.value(bits[0], ' %', algorithm[bits[1]]);
  });
  printer.newline();
}

function printEncap(printer: Printer, encap: Json | undefined, { start, family }: Told): void {
  if (!encap) return;
  const { type, sport, dport, oa } = encap;
  printer.text(`${start}encap `);
  printer.object('encap', () => {
    printer.value('type', 'type % ', typeof type === 'number' ? type : wordFor(encapTypes, type));
    printer.value('sport', 'sport % ', sport);
    printer.value('dport', 'dport % ', dport);
    printer.value('addr', 'addr %', addressText(oa, family, family));
  });
  printer.newline();
}

function printReplay(printer: Printer, { replayVal, replayEsnVal }: Json, { start }: Told): void {
  if (replayVal) {
    const { seq, oseq, bitmap } = replayVal as Json;
    printer.text(`${start}anti-replay context: `);
    printer.object('replay', () => {
      printer.value('seq', 'seq %, ', seq, hex);
      printer.value('oseq', 'oseq %, ', oseq, hex);
      printer.value('bitmap', 'bitmap %', bitmap, { text: (value) => `0x${Number(value).toString(16).padStart(8, '0')}`, json: hexadecimal });
    });
    printer.newline();
  }
  if (!replayEsnVal) return;
  const { seqHi, seq, oseqHi, oseq, replayWindow, bmpLen, bmp } = replayEsnVal as Json & { bmp: number[] };
  printer.text(`${start}anti-replay esn context:`);
  printer.newline();
  printer.object('replay_esn', () => {
    printer.text(`${start} `);
    printer.value('seq_hi', 'seq-hi %, ', seqHi, hex);
    printer.value('seq', 'seq %, ', seq, hex);
    printer.value('oseq_hi', 'oseq-hi %, ', oseqHi, hex);
    printer.value('oseq', 'oseq %', oseq, hex);
    printer.newline();
    printer.text(`${start} `);
    printer.value('replay_window', 'replay_window %, ', replayWindow);
    printer.value('bitmap_length', 'bitmap-length %', bmpLen);
    const words = bmp.map((word) => word.toString(16).padStart(8, '0')).reverse();
    if (printer.json) printer.list('bitmap', words.map((word) => `0x${word}`), null);
    else for (const [i, word] of words.entries()) {
      if (i % 8 === 0) {
        printer.newline();
        printer.text(`${start} `);
      }
      printer.text(`${word} `);
    }
  });
  printer.newline();
}

/** One attribute a line. */
export function printAttributes(printer: Printer, body: Json, told: Told): void {
  const { start, family } = told, algorithm = (key: string): Json | undefined => body[key] as Json | undefined;
  const line = (key: string, text: string, value: unknown, format = {}, before = start): void => {
    if (value === undefined) return;
    printer.text(before);
    printer.value(key, text, value, format);
    printer.newline();
  };
  printMark(printer, body);
  if (!body['algAuthTrunc']) printAlgorithm(printer, 'auth', algorithm('algAuth'), undefined, told);
  printAlgorithm(printer, 'auth-trunc', algorithm('algAuthTrunc'), ['trunc_bits', 'truncLen'], told);
  printAlgorithm(printer, 'aead', algorithm('algAead'), ['icv_bits', 'icvLen'], told);
  printAlgorithm(printer, 'enc', algorithm('algCrypt'), undefined, told);
  printAlgorithm(printer, 'comp', algorithm('algComp'), undefined, told);
  printEncap(printer, body['encap'] as Json | undefined, told);
  const templates = body['tmpl'] as Json[] | undefined;
  if (templates) printer.array('tmpl', () => { for (const one of templates) printer.object(null, () => printTemplate(printer, one, start)); });
  if (body['coaddr'] !== undefined) line('coa', 'coa %', addressText(body['coaddr'], family, family));
  line('lastused', 'lastused %', body['lastused'], timeFormat);
  printReplay(printer, body, told);
  const offload = body['offloadDev'] as { ifindex: number; flags: string[] } | undefined;
  if (offload) {
    printer.text(start);
    printer.object('offload', () => {
      printer.value('type', '% offload parameters: ', offload.flags.includes('packet') ? 'packet' : 'crypto');
      printer.value('dev', 'dev % ', printer.context.links.name(offload.ifindex));
      printer.value('dir', 'dir %', offload.flags.includes('inbound') ? 'in' : 'out');
    });
    printer.newline();
  }
  line('if_id', 'if_id %', body['ifId'], hash);
  line('tfcpad', 'tfcpad %', body['tfcpad']);
  line('dir', 'dir %', body['saDir'], {}, '\t');
  printer.value('nat_keepalive_interval', null, body['natKeepaliveInterval']);
  line('pcpu_num', 'pcpu-num %', body['saPcpu'], {}, '\t');
}

/** What a security module has to say. */
export function printContext(printer: Printer, context: Json | undefined): void {
  if (!context) return;
  printer.value('security_context', '\tsecurity context % ', context['context']);
  printer.newline();
}
