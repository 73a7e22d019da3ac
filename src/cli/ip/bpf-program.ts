/** BPF programs on the command line: from an object file or pinned to a file. The kernel's part is in src/bpf. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ObjectError } from '../../bpf/bytes.ts';
import { openPinned, type ProgramType } from '../../bpf/call.ts';
import { load, ProgramError } from '../../bpf/load.ts';
import { readObject, type BpfFunction, type BpfObject } from '../../bpf/object.ts';
import { isBpfFs, PinError } from '../../bpf/pins.ts';
import type { Context } from '../context.ts';
import { hold } from '../descriptors.ts';
import { CliError, exits, usage } from '../errors.ts';
import { is, to, type Draft, type Grammar, type Row, type ValueType } from '../grammar.ts';
import { text } from '../values.ts';
import { didYouMean, find, keysOf, type Words } from '../words.ts';

/** The section that is meant when none is named. */
const usualSection = 'prog';

const objectOptions: Grammar = {
  section: to('section', text('NAME'), `the first program in it; "${usualSection}" when none is named`),
  program: to('program', text('NAME'), 'the one of this name, whatever its section'),
  verbose: is('verbose', true, 'what the verifier says of it'),
};

const sources: Readonly<Record<string, Grammar>> = { 'object|object-file|obj': objectOptions, 'pinned|object-pinned|fd': {} };

/** What the words say. */
interface ProgramWords {
  readonly pinned: boolean;
  readonly file: string;
  readonly section?: string;
  readonly program?: string;
  readonly verbose?: boolean;
}

export const programWords: ValueType = {
  name: '{ object FILE [ section NAME | program NAME ] [ verbose ] | pinned FILE }',
  choices: ['object', 'pinned'],
  grammars: { object: objectOptions, pinned: {} },
  read(words: Words, context: Context, after: string): ProgramWords {
    const given = words.next(after), source = find(given, keysOf(sources));
    if (source === undefined) throw usage(`"${given}" is not where a program for "${after}" may be`, didYouMean(given, ['object', 'pinned']));
    const file = words.next(given), options = sources[source] as Grammar, draft: Draft = {};
    // They end where those of the link or the route go on.
    for (let key = option(words, options); key !== undefined; key = option(words, options)) {
      const row = options[key] as Row;
      words.next();
      draft[row.path as string] = row.type ? row.type.read(words, context, key) : row.is;
    }
    return { pinned: options !== objectOptions, file, ...draft };
  },
};

/** `program` in full only: routes have a `protocol`. */
function option(words: Words, options: Grammar): string | undefined {
  const word = words.peek() ?? '', key = find(word, keysOf(options));
  return key === 'program' && word !== key ? undefined : key;
}

/** A program in the kernel, as messages name it. */
export interface Program {
  /** Open until the line is over; 0 in a dry run. */
  readonly fd: number;
  /** As iproute2 calls it: `filter.o:[section]`. */
  readonly name: string;
}

/** @param given What {@link programWords} read. @param ifindex Of the device that it is offloaded to. */
export function programOf(given: unknown, type: ProgramType, context: Context, ifindex?: number): Program {
  const { pinned, file, section = usualSection } = given as ProgramWords;
  const name = `${basename(file)}:[${pinned ? '*fsobj' : section}]`;
  if (context.options.dryRun) {
    context.out.error(`note: no program was ${pinned ? 'opened' : 'loaded'}: 0 stands for the descriptor of ${file}`);
    return { fd: 0, name };
  }
  return { fd: hold(pinned ? opened(file) : loaded(given as ProgramWords, type, context, ifindex)), name };
}

function opened(file: string): number {
  try {
    return openPinned(file);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') throw usage(`nothing is pinned to "${file}"`, 'bpftool prog load FILE.o /sys/fs/bpf/NAME');
    if (code === 'EACCES' && !isBpfFs(file)) throw usage(`"${file}" is no pinned program: it is not in a file system of type bpf`, `an object file is named with "object ${file}"`);
    throw error;
  }
}

function loaded({ file, section, program, verbose = false }: ProgramWords, type: ProgramType, context: Context, ifindex: number | undefined): number {
  try {
    const object = readObject(bytesOf(file), basename(file)), chosen = choose(object, file, section ?? usualSection, program);
    const { fd, log } = load(object, chosen, { type, verbose, ...(ifindex !== undefined && { ifindex }) });
    if (log !== '') context.out.error(`note: the verifier on program ${chosen.name}:\n${indented(log)}`);
    return fd;
  } catch (error) {
    if (error instanceof ProgramError) throw new CliError(`${file}: ${error.message}${error.log === '' ? '' : `\n${indented(error.log)}`}`, exits.refused);
    if (error instanceof PinError) throw new CliError(`${file}: ${error.message}`, exits.refused);
    if (error instanceof ObjectError) throw new CliError(`${file}: ${error.message}`, exits.undecodable);
    throw error;
  }
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw usage(`cannot read "${file}": ${(error as Error).message}`);
  }
}

function choose({ programs }: BpfObject, file: string, section: string, program: string | undefined): BpfFunction {
  const found = programs.find((one) => (program === undefined ? one.section.name === section : one.name === program));
  if (found) return found;
  const there = programs.map((one) => `program ${one.name} in section ${one.section.name}`).join(', ');
  throw usage(program === undefined ? `"${file}" has no program in section "${section}"` : `"${file}" has no program "${program}"`, there === '' ? 'it has no programs at all' : `it has ${there}`);
}

const indented = (log: string): string => log.trimEnd().split('\n').map((line) => `  ${line}`).join('\n');
