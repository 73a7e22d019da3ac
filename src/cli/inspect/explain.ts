/** `nlkit explain`: every byte of a message, of the messages that a command line sends, or what an error number means. */
import { dump, readHex, type Captured } from '../../inspect/index.ts';
import { errnoName, errnoNumber, errnoText, hintsFor } from '../../socket/index.ts';
import { CliError, exits, usage } from '../errors.ts';
import type { Command } from '../grammar.ts';
import { commandLine as lineWords } from '../values.ts';
import { standIns } from '../dry-run.ts';
import { Recorder } from '../kernel-record.ts';
import { Captured as Kept } from '../output.ts';
import { run } from '../run.ts';
import type { Context } from '../context.ts';

export const explain: Command = {
  summary: 'what each byte means; what an error number means',
  examples: ['explain 20000000100005060100000000000000 00000000000000000000000000000000', 'explain ip link add mv0 link veth0 type macvlan', 'explain EBUSY'],
  usage: '{ HEX | - | COMMAND | ERRNO }',
  get places() { return [{ ...lineWords, choices: errnos() }]; },
  async run(context, words) {
    const all = words.rest(), text = all.join(' ');
    if (all.length === 0) throw usage('explain needs bytes in hex, a command line, or the name of an error number');
    const first = all.length === 1 ? (all[0] as string).trim().split(/\s+/) : all;
    const number = errnoOf(first[0] as string);
    if (number === undefined && first.length === 1 && /^E[A-Z0-9]{2,}$/.test(first[0] as string)) throw usage(`no error number is called ${first[0]}`);
    if (number !== undefined) return errno(context, number, first.slice(1));
    if (all[0] === '-') { const { readInput } = await import('./input.ts'); return bytes(context, readHex(new TextDecoder().decode(readInput('-')))); }
    if (/^(0x)?[0-9a-f]{2}/i.test(first[0] as string) && /^[\s0-9a-fx,:\\]+$/i.test(text)) return bytes(context, readHex(text));
    return commandLine(context, first);
  },
};

function bytes(context: Context, all: readonly Captured[]): number {
  if (!all.length) throw new CliError('no bytes in the input', exits.undecodable);
  for (const one of all) context.out.write(`${dump(one.bytes, { protocol: one.protocol ?? 'route' })}\n`);
  return exits.ok;
}

/** The messages of a command line, without a kernel: names of interfaces get indexes that stand for them. */
async function commandLine(context: Context, line: readonly string[]): Promise<number> {
  const recorder = new Recorder(), kept = new Kept();
  const status = await run(line, kept, () => recorder);
  if (status !== exits.ok && recorder.sent.length === 0) { context.out.error(kept.stderr.trimEnd()); return status; }
  recorder.sent.forEach(({ protocol, bytes: sent }, i) => context.out.write(`${i ? '\n' : ''}${dump(sent, { protocol })}\n`));
  for (const names of [recorder.indexes, recorder.families]) if (names.size > 0) context.out.error(`note: ${standIns(names)}`);
  return exits.ok;
}

/** The names of error numbers. */
const errnos = (): string[] => Array.from({ length: 0x100 }, (_, number) => errnoName(number)).filter((name) => name !== undefined);

function errnoOf(word: string): number | undefined {
  if (/^E[A-Z0-9]{2,}$/.test(word)) return errnoNumber(word);
  const n = Number(word);
  return /^-?\d{1,3}$/.test(word) && errnoName(Math.abs(n)) ? Math.abs(n) : undefined;
}
/** The number's text, and what it means in which request; with a command line, only what concerns its messages. */
async function errno(context: Context, number: number, line: readonly string[]): Promise<number> {
  const recorder = new Recorder();
  if (line.length) await run(line, new Kept(), () => recorder);
  const types = new Set(recorder.sent.map((sent) => sent.message.name)), kinds = new Set(recorder.sent.map((sent) => (sent.body['linkinfo'] as { kind?: string } | undefined)?.kind));
  context.out.write(`${errnoName(number)} (${number}): ${errnoText(number)}\n`);
  let told = 0;
  for (const hint of hintsFor(number)) {
    if (line.length && ((hint.types && !hint.types.some((type) => types.has(type))) || (hint.prefix !== undefined && ![...types].some((type) => type.startsWith(hint.prefix as string))) || (hint.kinds && !hint.kinds.some((kind) => kinds.has(kind))) || (hint.creates !== undefined && !recorder.sent.some(({ flags }) => flags.includes('create') === hint.creates)))) continue;
    const about = [hint.types?.join(', '), hint.prefix && `${hint.prefix}*`, hint.kinds?.join(', ')].filter(Boolean).join('; ');
    context.out.write(`  ${about ? `${about}: ` : ''}${hint.text}\n`);
    told++;
    if (line.length) break;
  }
  if (!told) context.out.write('  nothing more is known of it: run the command, and the kernel may say why\n');
  return exits.ok;
}
