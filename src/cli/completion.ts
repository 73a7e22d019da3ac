/** `nlkit completion`: what may follow, from the same tables that parse it. */
import { networkInterfaces } from 'node:os';
import { readdirSync } from 'node:fs';
import { usage } from './errors.ts';
import type { Command, Grammar, Row } from './grammar.ts';
import { load } from './help.ts';
import { doubleDash, singleDash, wholeOptions } from './options.ts';
import { namedNamespaces } from './session.ts';
import { alternatives, find, type Words } from './words.ts';

/** Shell code that asks `nlkit completion -- WORD ...` for the words that may stand last. */
const scripts: Readonly<Record<string, string>> = {
  bash: `_nlkit() { local IFS=$'\\n'; COMPREPLY=($(nlkit completion -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)); }
complete -F _nlkit nlkit
`,
  zsh: `#compdef nlkit
_nlkit() { local -a words_; words_=("\${(@f)$(nlkit completion -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"); compadd -a words_; }
compdef _nlkit nlkit
`,
  fish: `complete -c nlkit -f -a '(nlkit completion -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

export const completion: Command = {
  summary: 'completion for bash, zsh and fish',
  examples: ['completion bash >> ~/.bashrc', 'completion fish > ~/.config/fish/completions/nlkit.fish'],
  usage: '{ bash | zsh | fish }',
  async run(context, words) {
    const word = words.next();
    if (word !== '--') {
      const script = scripts[word];
      if (script === undefined) throw usage(`"${word}" is not a shell that completion is known for`, `known are ${Object.keys(scripts).join(', ')}`);
      context.out.write(script);
      return;
    }
    for (const candidate of await candidates(words)) context.out.write(`${candidate}\n`);
  },
};

/** The words that may stand where the last one is being typed. */
export async function candidates(words: Words): Promise<string[]> {
  const { root } = await import('./root.ts');
  const typed = words.rest();
  const last = typed.pop() ?? '';
  let command: Command = root;
  let options: Grammar | undefined;
  let pending: Row | undefined;
  let before: string | undefined;
  for (const word of typed) {
    if (pending) {
      // `type KIND`: the kind's own words come next.
      const inner = pending.type?.grammars?.[word];
      if (inner) options = { ...inner, ...options };
      else if (pending.type?.completes === 'kind') options = { ...(await import('./ip/kinds/index.ts')).kindOf(word).options };
      pending = undefined;
    } else if (!options) {
      const { unnamed } = command;
      if (word.startsWith('-') && unnamed === undefined && find(word, Object.keys(command.commands ?? {}), false) === undefined) continue;
      const key = find(word, Object.keys(command.commands ?? {}), unnamed === undefined) ?? (word.startsWith('-') ? undefined : unnamed);
      if (key === undefined && unnamed !== undefined) continue;
      if (key === undefined) {
        if (command !== root) break;
        command = await load(root.commands ?? {}, 'ip');
        const object = find(word, Object.keys(command.commands ?? {}));
        if (object !== undefined) command = await load(command.commands ?? {}, object);
      } else command = await load(command.commands ?? {}, key);
      if (!command.commands) options = command.options ?? {};
    } else {
      const key = find(word, Object.keys(options).filter(Boolean));
      const row = key === undefined ? undefined : options[key];
      if (row?.type && word !== before) pending = row;
      else if (row?.follows) options = row.follows;
    }
    before = word;
  }
  const all = pending?.type?.completes === 'family' ? (await import('../families/generic/index.ts')).families.map(({ name }) => name) : pending ? values(pending) : options ? [...Object.keys(options).filter(Boolean).flatMap(alternatives), ...(options[''] ? values(options['']) : [])] : commands(command, last, wholeOptions[typed.find((word) => word in wholeOptions) ?? '']);
  return all.filter((word) => word.startsWith(last));
}

/** @param whole the options of a tool that has its own */
function commands(command: Command, last: string, whole: object | undefined): string[] {
  if (command.unnamed !== undefined) return [...Object.keys(command.commands ?? {}).filter((key) => key !== command.unnamed).flatMap(alternatives), ...links()];
  const own = Object.keys(command.commands ?? {}).flatMap(alternatives);
  if (own.some((word) => word.startsWith('-'))) return own;
  if (last.startsWith('-') && whole) return Object.keys(whole).flatMap(alternatives);
  if (last.startsWith('--')) return Object.keys(doubleDash).map((word) => `--${word}`);
  if (last.startsWith('-')) return Object.keys(singleDash).flatMap(alternatives).map((word) => `-${word}`);
  return own;
}

function values(row: Row): string[] {
  const { type } = row;
  if (type?.choices) return [...type.choices];
  if (type?.completes === 'link') return links();
  if (type?.completes === 'netns') return namedNamespaces();
  return [];
}

/** From sysfs where there is one: completion must not need privilege. */
function links(): string[] {
  try {
    return readdirSync('/sys/class/net');
  } catch {
    return Object.keys(networkInterfaces());
  }
}
