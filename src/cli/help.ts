/** Help from the tables: examples first, then what there is to say. */
import { CliError } from './errors.ts';
import type { Command, Commands, Grammar, HelpAsked } from './grammar.ts';
import { alternatives, Words } from './words.ts';
import { doubleDash, singleDash, wholeOptions } from './options.ts';

export async function load(commands: Commands, key: string): Promise<Command> {
  const entry = commands[key] as Commands[string];
  return typeof entry === 'function' ? await entry() : entry;
}

/** @param path The words that lead to the command: `['ip', 'link', 'add']` */
export async function help(command: Command, path: readonly string[]): Promise<string> {
  const title = ['nlkit', ...path].join(' ');
  const parts: string[] = [];
  if (command.examples) parts.push(`Examples:\n${command.examples.map((line) => `  nlkit ${line}`).join('\n')}`);
  parts.push(`${title}: ${command.summary}`);
  if (command.usage !== undefined || command.options) parts.push(`Usage: ${title} ${command.usage ?? '[ OPTIONS ]'}`.trimEnd());
  if (command.commands) {
    const rows: [string, string][] = [];
    for (const key of Object.keys(command.commands)) rows.push([alternatives(key).join(', '), (await load(command.commands, key)).summary]);
    parts.push(`Commands${command.otherwise ? ` (${command.otherwise} when none is given)` : ''}:\n${table(rows)}`);
  }
  for (const [why, words] of Object.entries(command.absent ?? {})) parts.push(`Not here: ${words.join(', ')}: ${why}`);
  const rows = optionRows(command.options ?? {});
  if (rows.length > 0) parts.push(`Options:\n${table(rows)}`);
  if (path.length <= 1) parts.push(`Options before the object:\n${table(globalRows(path[0] ?? ''))}`);
  return `${parts.join('\n\n')}\n`;
}

/** What a kind takes: `ip link help vlan`. */
export function kindHelp(name: string, options: Grammar, line = `ip link add NAME type ${name}`): string {
  const rows = optionRows(options);
  const usage = `Usage: nlkit ${line}${rows.length > 0 ? ' [ OPTIONS ]' : ''}`;
  return `${rows.length > 0 ? `${usage}\n\nOptions:\n${table(rows)}` : `${usage}\n\nIt has no options of its own.`}\n`;
}

/**
 * Help in the midst of a line: of the command, or of the table that its words have come to, as `tc qdisc add ... tbf help` asks.
 * @param start the word that the command's own words follow
 */
export async function helpWithin({ grammar, before }: HelpAsked, command: Command, above: Command, path: readonly string[], start: string | undefined): Promise<string> {
  if (grammar === command.options || before === undefined || before === start) return await help(command, path);
  try {
    const topic = await above.topic?.(new Words([before]));
    if (topic !== undefined) return topic;
  } catch (error) {
    // A table without words tells nothing of what is not known.
    if (!(error instanceof CliError) || Object.keys(grammar).length === 0) throw error;
  }
  return kindHelp(before, grammar, `${path.join(' ')} ... ${before}`);
}

/** One line a word: `txqueuelen, txqlen, qlen PACKETS`. */
export function optionRows(grammar: Grammar): [string, string][] {
  const rows: [string, string][] = [];
  for (const [key, row] of Object.entries(grammar)) {
    if (key === '') continue;
    rows.push([`${alternatives(key).join(', ')}${row.type ? ` ${row.type.name}` : ''}`, row.help ?? '']);
  }
  return rows;
}

/** The options of a tool that has its own, or those of all. */
function globalRows(tool: string): [string, string][] {
  const own = Object.entries(wholeOptions[tool] ?? {});
  if (own.length > 0) return own.map(([key, row]) => [`${key.replaceAll('|', ', ')}${row.value ? ` ${row.value}` : ''}`, row.help]);
  return [
    ...Object.entries(singleDash).map(([key, row]): [string, string] => [`-${key.replaceAll('|', ', -')}${row.value ? ` ${row.value}` : ''}`, row.help]),
    ...Object.entries(doubleDash).map(([key, row]): [string, string] => [`--${key}`, row.help]),
  ];
}

function table(rows: readonly [string, string][]): string {
  const width = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => `  ${right === '' ? left : `${left.padEnd(width)}  ${right}`}`).join('\n');
}
