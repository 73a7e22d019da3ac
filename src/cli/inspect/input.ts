/** What the microscope's commands read: a file or standard input, in a format that is given or guessed, of a protocol that is given or known. */
import { readFileSync } from 'node:fs';
import { readCapture, type Captured, type CaptureFormat } from '../../inspect/index.ts';
import { usage } from '../errors.ts';
import type { Grammar } from '../grammar.ts';
import { fileName } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { oneWord, protocolType, readProtocol } from './options.ts';

const formats: readonly string[] = ['auto', 'hex', 'pcap', 'strace', 'binary'] satisfies ('auto' | CaptureFormat)[];

export interface Request {
  file: string;
  from: CaptureFormat | undefined;
  protocol: string | number | undefined;
  /** The switches that were given, without their dashes. */
  switches: Set<string>;
}

/** Its words, for help and completion. @param switches the command's own, and what they do */
export const requestOptions = (switches: Readonly<Record<string, string>>, from = true): Grammar => ({
  '': { type: fileName },
  ...(from && { '--from': { type: oneWord(...formats), help: 'what the input is; else it is seen' } }),
  '--protocol|--proto': { type: protocolType, help: 'of what does not say it (default: route)' },
  ...Object.fromEntries(Object.entries(switches).map(([word, help]) => [word, { help }])),
});

/** FILE, `--from FORMAT`, `--protocol NAME`, and the command's own switches, in any order. */
export function readRequest(words: Words, switches: readonly string[]): Request {
  const request: Request = { file: '-', from: undefined, protocol: undefined, switches: new Set() };
  let named = false;
  while (!words.done) {
    const word = words.next();
    if (word === '--from') {
      const format = words.next(word);
      if (!formats.includes(format)) throw usage(`"${format}" is not a format that can be read`, didYouMean(format, formats) ?? `known are ${formats.join(', ')}`);
      request.from = format === 'auto' ? undefined : format as CaptureFormat;
    } else if (word === '--protocol' || word === '--proto') request.protocol = readProtocol(words.next(word));
    else if (switches.includes(word)) request.switches.add(word.replace(/^-+/, ''));
    else if (word.startsWith('-') && word !== '-') throw usage(`"${word}" is not an option here`, didYouMean(word, ['--from', '--protocol', ...switches]));
    else if (named) throw usage(`one file at a time: "${word}" is one too many`);
    else { request.file = word; named = true; }
  }
  return request;
}

export function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw usage(`${file === '-' ? 'standard input' : file}: ${(error as Error).message}`);
  }
}

/** The datagrams of the input. @throws CaptureError */
export function datagrams(request: Request): Captured[] {
  const input = readInput(request.file);
  return input.length === 0 ? [] : readCapture(input, request.from);
}
