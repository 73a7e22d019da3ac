/** From words to a command, its output and its exit status. */
import type { Context } from './context.ts';
import { release } from './descriptors.ts';
import { CliError, exits, Incomplete, usage } from './errors.ts';
import { HelpAsked, type Command } from './grammar.ts';
import { automaticColor, defaultOptions, optionsOf, readOptions, readWhole, wholeOptions, type Options } from './options.ts';
import { ReaderGone, type Output } from './output.ts';
import { root } from './root.ts';
import { session, type OpenKernel } from './session.ts';
import { alternatives, didYouMean, find, helpWords, keysOf, Words } from './words.ts';

/** Runs one command line. */
export async function run(argv: readonly string[], out: Output, openKernel?: OpenKernel): Promise<number> {
  try {
    const status = await start(new Words(argv), out, openKernel);
    out.flush();
    return status;
  } catch (error) {
    if (error instanceof ReaderGone) return exits.ok;
    return await failed(error, out);
  }
}

async function failed(error: unknown, out: Output): Promise<number> {
  const { describe, statusOf } = await import('./failure.ts');
  try {
    out.error(describe(error));
  } catch (gone) {
    if (!(gone instanceof ReaderGone)) throw gone;
  }
  return statusOf(error);
}

async function start(words: Words, out: Output, openKernel: OpenKernel | undefined): Promise<number> {
  const options = defaultOptions();
  options.color = automaticColor(out);
  readOptions(words, options, out);
  const first = words.peek();
  if (options.version) return print(out, await version());
  if (first === undefined && options.batch === undefined) return print(out, await helpOf(root, []), options.help ? exits.ok : exits.usage);
  // `nlkit link show` is `nlkit ip link show`.
  const keys = Object.keys(root.commands ?? {});
  const named = first !== undefined && find(first, keys, false) !== undefined;
  if (first !== undefined && !named && helpWords.has(first)) {
    words.next();
    // `nlkit help ip link` is `nlkit ip link help`.
    return words.done ? print(out, await helpOf(root, [])) : await start(new Words([...words.rest(), 'help']), out, openKernel);
  }
  const tool = named ? words.next() : 'ip', command = await loadCommand(root, tool);
  if (first !== undefined && !named) {
    const known = keysOf(command.commands ?? {});
    if (find(first, known) === undefined && whyAbsent(command, first) === undefined) throw usage(`"${first}" is not a command of nlkit, nor of "nlkit ip"`, didYouMean(first, [...keys, ...known]));
  }
  const allowed = optionsOf[tool];
  if (tool in wholeOptions) readWhole(tool, words, options);
  else if (allowed) readOptions(words, options, out, allowed);
  if (options.version) return print(out, await version());
  if (options.help && words.done) return print(out, await helpOf(command, [tool]));
  // `ip --help link` is `ip link help`.
  if (options.help) return await start(new Words([tool, ...words.rest(), 'help']), out, openKernel);
  const { family } = options;
  const line = (context: Context, words: readonly string[]): Promise<number> => {
    // An earlier line may have narrowed it for itself.
    options.family = family;
    return walk(command, [tool], new Words(words), context);
  };
  if (options.atomic && options.batch === undefined) throw usage('--atomic is for the lines of a batch', 'nlkit ip --atomic -batch FILE');
  if (options.atomic && options.batch !== undefined && !options.dryRun) return await (await import('./atomic.ts')).atomic(options.batch, options, out, line);
  const open = openKernel ?? (await opener(tool, options, out));
  const context = session(options, out, open);
  try {
    if (options.batch !== undefined) {
      const { batch, readSource } = await import('./batch.ts');
      return await batch(readSource(options.batch), context, (words) => line(context, words));
    }
    const status = await walk(command, [tool], words, context);
    if (options.dryRun && (openKernel || talks(tool))) (await import('./dry-run.ts')).printRecorded(context);
    return status;
  } finally {
    context.close();
  }
}

const talks = (tool: string): boolean => ['ip', 'bridge', 'tc', 'brctl', 'rtmon', 'ss', 'genl', 'ethtool', 'devlink', 'wg', 'conntrack', 'dpctl', 'ipvsadm', 'ipset', 'explain', 'topology'].includes(tool);
/** The modules of the socket, or of the recorder, are read only for tools that talk to the kernel. */
async function opener(tool: string, options: Options, out: Output): Promise<OpenKernel> {
  if (!talks(tool)) return () => { throw new TypeError(`${tool} does not talk to the kernel`); };
  if (options.dryRun) {
    const { Recorder } = await import('./kernel-record.ts');
    return () => new Recorder();
  }
  const { LiveKernel } = await import('./kernel-live.ts');
  return (netns) => new LiveKernel(netns, undefined, (text) => out.error(`warning: ${text}`));
}

function print(out: Output, text: string, status: number = exits.ok): number {
  if (status === exits.ok) out.write(text);
  else out.error(text);
  return status;
}

async function version(): Promise<string> {
  return `nlkit ${(await import('./version.ts')).version}\n`;
}

async function helpOf(command: Command, path: readonly string[]): Promise<string> {
  return (await import('./help.ts')).help(command, path);
}

/** Commands by what stands for them in a table: the lines of a batch wait for none twice. */
const loaded = new WeakMap<object, Command>();

async function loadCommand(command: Command, key: string): Promise<Command> {
  const entry = command.commands?.[key];
  if (!entry) throw new TypeError(`no command ${key}`);
  const found = typeof entry === 'function' ? await entry() : entry;
  loaded.set(entry, found);
  return found;
}

/** Why a word that the real tool has is not here. */
const whyAbsent = (command: Command, word: string): string | undefined => Object.entries(command.absent ?? {}).find(([, words]) => words.includes(word))?.[0];

/** The key of the command that a word means. */
const named = ({ unnamed }: Command, word: string, keys: readonly string[]): string | undefined => find(word, keys, unnamed === undefined) ?? (word.startsWith('-') ? undefined : unnamed);

/** What a line that ended early may go on with: its usage, or where that is told, when it is long or leaves it to a table. */
function lacking({ usage = '' }: Command, path: readonly string[]): string {
  return usage !== '' && usage.length <= SHORT && !usage.includes('OPTIONS') ? `${path.join(' ')} ${usage}` : `"nlkit ${path.join(' ')} help" shows what may follow`;
}
const SHORT = 60;

/** Follows the words down the commands, and runs the last one. */
export async function walk(top: Command, path: readonly string[], given: Words, context: Context): Promise<number> {
  let command = top, above = top;
  const words = top.apart ? new Words(top.apart(given.rest())) : given;
  const walked = [...path];
  while (command.commands) {
    const word = words.peek();
    const keys = keysOf(command.commands);
    if (word !== undefined && helpWords.has(word)) {
      words.next();
      const next = words.peek(), topic = await command.topic?.(words);
      // `ip help link` is `ip link help`.
      if (topic === undefined && next !== undefined && find(next, keys) !== undefined) return await walk(command, walked, new Words([...words.rest(), 'help']), context);
      return print(context.out, topic ?? (await helpOf(command, walked)));
    }
    const key = word === undefined ? command.otherwise && find(command.otherwise, keys) : named(command, word, keys);
    if (key === undefined) {
      if (word === undefined) return print(context.out, await helpOf(command, walked), exits.usage);
      throw usage(`"${word}" is not a command of "${walked.join(' ')}"`, whyAbsent(command, word) ?? didYouMean(word, keys));
    }
    if (word !== undefined && key !== command.unnamed) words.next();
    walked.push(alternatives(key)[0] as string);
    above = command;
    command = loaded.get(command.commands[key] as object) ?? (await loadCommand(command, key));
  }
  if (helpWords.has(words.peek() ?? '') && words.left === 1 && !command.raw) return print(context.out, await helpOf(command, walked));
  if (context.options.atomic && command.unlogged) throw usage(`"${walked.join(' ')}" cannot be taken back`);
  context.path = walked;
  const from = words.at;
  try {
    return (await command.run?.(context, words)) ?? exits.ok;
  } catch (error) {
    if (error instanceof HelpAsked) return print(context.out, await (await import('./help.ts')).helpWithin(error, command, above, walked, words.all[from - 1]));
    if (error instanceof Incomplete) throw new CliError(error.message, error.status, lacking(command, walked));
    throw error;
  } finally {
    release(context);
  }
}
