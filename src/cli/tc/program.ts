/** Programs of filters and actions: of BPF from an object file or pinned, or instructions of classic BPF as text. */
import { readFileSync } from 'node:fs';
import { HOST_LITTLE_ENDIAN } from '../../codec/index.ts';
import type { ProgramType } from '../../bpf/call.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, type Draft, type Grammar, type Row } from '../grammar.ts';
import { programOf, programWords } from '../ip/bpf-program.ts';
import type { Json, Printer } from '../print/printer.ts';
import { program } from '../print/xdp.ts';
import { Words } from '../words.ts';

/** Bytes of an instruction: code, jump where true, where false, a number. */
const INSTRUCTION = 8;

/** `2,40 0 0 12,6 0 0 4294967295,`: how many, and each as four numbers. */
function readCode(text: string, from: string): Draft {
  const parts = text.trim().replace(/,$/, '').split(','), count = Number(parts[0]);
  const wrong = (why: string): never => { throw usage(`"${from}" is no program of classic BPF: ${why}`, "as `tcpdump -ddd` or bpf_asm write it: '1,6 0 0 4294967295'"); };
  if (!/^\d+$/.test(parts[0] ?? '') || count < 1 || count > 4096) wrong('it begins with the number of its instructions, 1 to 4096');
  if (parts.length !== count + 1) wrong(`it says ${count} instructions and has ${parts.length - 1}`);
  const view = new DataView(new ArrayBuffer(count * INSTRUCTION));
  for (const [i, part] of parts.slice(1).entries()) {
    const numbers = part.trim().split(/\s+/).map(Number), [code = -1, yes = -1, no = -1, k = -1] = numbers;
    if (numbers.length !== 4 || !numbers.every(Number.isInteger) || code < 0 || code > 0xffff || yes < 0 || yes > 255 || no < 0 || no > 255 || k < 0 || k > 0xffffffff) wrong(`instruction ${i}, "${part.trim()}", is not four numbers`);
    view.setUint16(i * INSTRUCTION, code, HOST_LITTLE_ENDIAN);
    view.setUint8(i * INSTRUCTION + 2, yes);
    view.setUint8(i * INSTRUCTION + 3, no);
    view.setUint32(i * INSTRUCTION + 4, k, HOST_LITTLE_ENDIAN);
  }
  return { opsLen: count, ops: new Uint8Array(view.buffer) };
}
function fileText(file: string): string {
  try { return readFileSync(file, 'utf8').trim().replaceAll('\n', ','); } catch (error) { throw usage(`cannot read "${file}": ${(error as Error).message}`); }
}

const extended = (name: string): Row => act((draft, value) => { draft['program'] = { words: value }; }, {
  ...programWords, name: name === 'object' ? 'FILE [ section NAME | program NAME ] [ verbose ]' : 'FILE', ...(name === 'pinned' && { completes: 'file' as const }),
  // The words after it are read as those of a link's are.
  read: (words, context) => {
    const line = new Words([name, ...words.all.slice(words.at)]), value = programWords.read(line, context, 'bpf');
    words.at += line.at - 1;
    return value;
  },
});
export const programRows: Grammar = {
  'object-file|obj|object': extended('object'),
  'object-pinned|pinned|pin': extended('pinned'),
  'bytecode|bc': act((draft, value) => { draft['program'] = readCode(value as string, value as string); }, { name: 'CODE', read: (words, _context, after) => words.next(after) }),
  'bytecode-file|bcf': act((draft, value) => { draft['program'] = readCode(fileText(value as string), value as string); }, { name: 'FILE', completes: 'file', read: (words, _context, after) => words.next(after) }),
};
/** @param given What the rows stored. */
export function resolveProgram(given: unknown, type: ProgramType, context: Context): Draft {
  const { words, ...code } = given as Draft;
  return words === undefined ? code : { ...programOf(words, type, context) };
}

/** What the kernel tells of it. */
export function printProgram(printer: Printer, options: Json): void {
  const { ops, name, id } = options as { ops?: Uint8Array; name?: string; id?: number };
  if (name !== undefined) printer.value('bpf_name', '% ', name);
  if (ops !== undefined) {
    const view = new DataView(ops.buffer, ops.byteOffset, ops.byteLength);
    const all = Array.from({ length: ops.length / INSTRUCTION }, (_, i) => ({ code: view.getUint16(i * INSTRUCTION, HOST_LITTLE_ENDIAN), jt: view.getUint8(i * INSTRUCTION + 2), jf: view.getUint8(i * INSTRUCTION + 3), k: view.getUint32(i * INSTRUCTION + 4, HOST_LITTLE_ENDIAN) }));
    printer.value('bytecode', "bytecode '%' ", all, { text: () => [all.length, ...all.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`)].join(','), json: () => ({ length: all.length, insns: all }) });
  }
  if (id !== undefined) program(printer, id);
}
