/** Expressions of extended matches: `cmp(u8 at 9 layer 1 eq 17) and not u32(u32 0x0a000000 0xff000000 at 12)` (net/sched/ematch.c). */
import { HOST_LITTLE_ENDIAN } from '../../../codec/index.ts';
import type { Context } from '../../context.ts';
import type { Draft, ValueType } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { Words } from '../../words.ts';
import { ematchKinds, ematchText } from './ematch-kinds.ts';
import { tokensOf, wrong } from './ematch-words.ts';

interface Ematch { matchid: number; kind: string | number; flags: string[]; data: unknown }
/** What is in parentheses comes after all others: the kernel wants a container to point ahead. */
function read(words: Words, list: Ematch[], context: Context, incoming: boolean): void {
  const later: [Ematch, Ematch[]][] = [];
  sequence(words, list, later, context, incoming);
  for (const [part, inner] of later) {
    part.data = new Uint8Array(Uint32Array.of(list.length).buffer);
    list.push(...inner);
  }
}
function sequence(words: Words, own: Ematch[], later: [Ematch, Ematch[]][], context: Context, incoming: boolean): void {
  for (;;) {
    const part: Ematch = { matchid: 0, kind: 'container', flags: words.take('not') ? ['invert'] : [], data: new Uint8Array(4) }, given = words.next('match');
    if (given === '(') {
      const inner: Ematch[] = [];
      own.push(part);
      later.push([part, inner]);
      sequence(words, inner, later, context, incoming);
      if (!words.take(')')) wrong('a parenthesis is not closed');
    } else {
      const kind = ematchKinds[given] ?? wrong(`"${given}" is not a match`, Object.keys(ematchKinds).join(', '));
      if (!words.take('(')) wrong(`"${given}" is followed by a parenthesis`);
      part.kind = given;
      part.data = kind.read(words, context, incoming);
      if (!words.take(')')) wrong(`the parenthesis of "${given}" is not closed`);
      own.push(part);
    }
    if (words.take('and')) part.flags.push('relAnd');
    else if (words.take('or')) part.flags.push('relOr');
    else return;
  }
}

/** An expression, in one word or in several. @param incoming The filter sees what comes in. */
export const ematchOf = (incoming: boolean): ValueType => ({ name: 'EXPRESSION', read(line, context) {
  // It ends with the parenthesis that closes it, unless "and" or "or" follows.
  const texts: string[] = [];
  let depth = 0;
  do {
    const text = line.next('match');
    texts.push(text);
    for (const token of tokensOf(text)) depth += token === '(' ? 1 : token === ')' ? -1 : 0;
  } while (!line.done && (depth > 0 || ['and', 'or', 'not'].includes(texts.at(-1) as string) || ['and', 'or'].includes(line.peek() as string) || !texts.at(-1)!.includes(')')));
  const words = new Words(tokensOf(texts.join(' '))), list: Ematch[] = [];
  read(words, list, context, incoming);
  if (!words.done) wrong(`"${words.peek()}" is one word too many in the expression`);
  return { hdr: { nmatches: list.length, progid: 0 }, list } satisfies Draft;
} });

/** Text in lines; the sequence that begins at `start`. */
function textOf(printer: Printer, list: readonly Ematch[], start: number, indent: string): string {
  let text = '';
  for (let i = start; i < list.length; i++) {
    const { kind, flags, data } = list[i] as Ematch, before = i === start ? '' : (list[i - 1] as Ematch).flags.includes('relAnd') ? 'AND ' : 'OR ';
    text += `${indent}${before}${flags.includes('invert') ? 'NOT ' : ''}`;
    if (kind === 'container') {
      const bytes = data as Uint8Array, reference = new DataView(bytes.buffer, bytes.byteOffset, 4);
      text += `(\n${textOf(printer, list, reference.getUint32(0, HOST_LITTLE_ENDIAN), `${indent}  `)}${indent}) `;
    } else text += `${String(kind)}(${ematchText(String(kind), data, printer)})\n`;
    if (!flags.includes('relAnd') && !flags.includes('relOr')) break;
    if (kind === 'container') text += '\n';
  }
  return text;
}

export function printEmatches(printer: Printer, given: unknown): void {
  if (given === undefined) return;
  const list = ((given as Json)['list'] ?? []) as Ematch[];
  if (list.length === 0) return;
  const text = textOf(printer, list, 0, '  ');
  printer.text(`\n${text}`);
  // In JSON, where tc writes text between the keys, it is one text.
  printer.value('ematches', null, text.trim().replace(/\s+/g, ' '));
}
