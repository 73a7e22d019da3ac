/** `rtmon`: the kernel's messages into a file, for `ip monitor file FILE`. Source: iproute2's ip/rtmon.c. */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { route } from '../../families/route/index.ts';
import type { Context } from '../context.ts';
import { CliError, usage } from '../errors.ts';
import { bare, type Command, type Grammar } from '../grammar.ts';
import { readOptions } from '../options.ts';
import { ReaderGone, writeAll } from '../output.ts';
import { happened, snapshot } from '../recording.ts';
import { DROPPED, untilInterrupted } from '../watch.ts';
import { fileName } from '../values.ts';
import { didYouMean, find, keysOf, type Words } from '../words.ts';

type Group = keyof typeof route.groups;

/** The groups of an object by family; `any` whatever the family. In the order that abbreviations go by. */
const objects: Readonly<Record<string, Readonly<Partial<Record<'any' | 'inet' | 'inet6', Group>>>>> = {
  link: { any: 'link' },
  address: { inet: 'ipv4Ifaddr', inet6: 'ipv6Ifaddr' },
  route: { inet: 'ipv4Route', inet6: 'ipv6Route' },
};

/** The first 32 groups: what rtmon listens to, by `all` or when nothing is named. */
const everything = (Object.keys(route.groups) as Group[]).filter((group) => route.groups[group][0] <= 32);

const asked: Grammar = { file: { type: fileName, help: 'where to write' }, ...bare([...Object.keys(objects), 'all']) };

interface Wanted { readonly file: string; readonly groups: readonly string[] }

function read({ options, out }: Context, words: Words): Wanted {
  let file: string | undefined, all = true;
  const named = new Set<string>(), names = keysOf(asked);
  while (!words.done) {
    if (words.peek()?.startsWith('-')) {
      readOptions(words, options, out, ['family', '4', '6', '0']);
      continue;
    }
    const word = words.next(), key = find(word, names);
    if (key === undefined) throw usage(`"${word}" is not something to record`, didYouMean(word, names));
    if (key === 'file') file = words.next('file');
    else {
      all = key === 'all';
      if (!all) named.add(key);
    }
  }
  if (file === undefined) throw usage('which file?', 'rtmon file FILE');
  const { family } = options;
  if (family !== undefined && !['inet', 'inet6', 'packet'].includes(family)) throw usage(`rtmon does not take the family "${family}"`, 'known are inet, inet6, link');
  const groups = new Set([...(all ? everything : []), ...[...named].flatMap((object) => {
    const { any, ...byFamily } = objects[object] ?? {};
    return [...(any ? [any] : []), ...Object.entries(byFamily).flatMap(([name, group]) => (family === undefined || family === name ? group : []))];
  })]);
  if (groups.size === 0) throw usage(`nothing is told of ${[...named].join(' and ')} in the family "link"`, 'leave -0 out');
  return { file, groups: [...groups] };
}

/** A file of whole messages, whatever happens to the disk. */
class Recording {
  readonly #path: string;
  readonly #fd: number;
  #length = 0;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, 'w');
    } catch (error) {
      throw usage(`cannot write "${path}": ${(error as Error).message}`);
    }
  }

  add(messages: Uint8Array): void {
    try {
      writeAll(this.#fd, messages);
      this.#length += messages.length;
    } catch (error) {
      // Half a message would be the end of what can be read. A pipe cannot be cut.
      try { ftruncateSync(this.#fd, this.#length); } catch {}
      throw error instanceof ReaderGone ? error : new CliError(`cannot write "${this.#path}": ${(error as Error).message}`);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

async function record(context: Context, words: Words): Promise<void> {
  const { file, groups } = read(context, words), { out, kernel } = context;
  if (context.options.dryRun || !kernel.record) {
    out.error(`note: would join ${groups.join(', ')}, and write to ${file}`);
    return;
  }
  let recording: Recording | undefined;
  try {
    for await (const messages of kernel.record(groups, untilInterrupted())) {
      if (recording) recording.add(happened(messages, Date.now()));
      else {
        // Not before the kernel has answered: what the file held may still be wanted.
        recording = new Recording(file);
        recording.add(snapshot(messages.filter((message) => message !== 'overrun'), Date.now()));
      }
      if (messages.includes('overrun')) out.error(DROPPED);
    }
  } finally {
    recording?.close();
  }
}

export const rtmon: Command = {
  summary: 'changes into a file, which ip monitor file FILE reads',
  examples: ['rtmon file /var/log/rtmon.log', 'rtmon -4 file net.log link address route', 'ip -d monitor all file net.log'],
  options: asked,
  usage: '[ -4 | -6 | -0 | -family { inet | inet6 | link } ] file FILE [ all | OBJECT ... ]   OBJECT: link | address | route',
  run: record,
};
