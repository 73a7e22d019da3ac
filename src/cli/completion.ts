/** `nlkit completion`: what may follow, from the same tables that parse it. */
import { networkInterfaces } from 'node:os';
import { readdirSync } from 'node:fs';
import { usage } from './errors.ts';
import type { Command, Grammar, Row, ValueType } from './grammar.ts';
import { load } from './help.ts';
import { Names } from './names.ts';
import { doubleDash, optionRow, optionsOf, singleDash, wholeOptions } from './options.ts';
import { root } from './root.ts';
import { namedNamespaces } from './session.ts';
import { alternatives, find, Words } from './words.ts';

/** Shell code that asks `nlkit completion -- WORD ...` for the words that may stand last. */
const scripts: Readonly<Record<string, string>> = {
  // Bash takes words apart at colons and equals signs: the line is read as it is, and what stands before the last of them stays.
  bash: `_nlkit() {
  local line=\${COMP_LINE:0:COMP_POINT} last words IFS=$' \\t\\n'
  read -ra words <<< "$line"
  case $line in *[[:space:]]) words+=('');; esac
  last=\${words[\${#words[@]}-1]}
  IFS=$'\\n'
  COMPREPLY=($(nlkit completion -- "\${words[@]:1}" 2>/dev/null))
  case $last in *[:=]*) COMPREPLY=("\${COMPREPLY[@]#"\${last%"\${last##*[:=]}"}"}");; esac
  case \${COMPREPLY[*]} in */) compopt -o nospace 2>/dev/null;; esac
}
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
  places: [{ name: 'SHELL', choices: Object.keys(scripts), read: (words) => words.next() }],
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
  const typed = words.rest(), last = typed.pop() ?? '';
  return [...new Set(await following(typed, last))].filter((word) => word.startsWith(last));
}

async function following(typed: readonly string[], last: string): Promise<readonly string[]> {
  let command: Command = root, tool = '';
  let options: Grammar | undefined, places: readonly ValueType[] = [];
  let pending: Expected | undefined, row: Row | undefined;
  let before: string | undefined, free = true;
  for (const [i, word] of typed.entries()) {
    if (pending?.several && word.startsWith('-')) pending = undefined;
    if (pending?.completes === 'line') return await line(typed.slice(i), last);
    if (pending) {
      // `type KIND`: the kind's own words come next.
      const inner = pending.grammars?.[word] ?? (pending.completes === 'kind' && row?.last ? (await import('./ip/link-options.ts')).wordsOf(word) : undefined);
      if (inner) options = row?.last ? inner : { ...inner, ...options };
      if (!pending.several) pending = undefined;
    } else if (!options) {
      const { unnamed } = command, keys = Object.keys(command.commands ?? {});
      const named = find(word, keys, !word.startsWith('-') && unnamed === undefined);
      if (named === undefined && word.startsWith('-')) {
        const option = optionRow(tool, word);
        if (option?.value !== undefined && !word.includes('=')) pending = { ...option, name: option.value };
        continue;
      }
      const key = named ?? unnamed;
      if (key === undefined) {
        if (command !== root) return [];
        tool = 'ip';
        command = await load(root.commands ?? {}, tool);
        const object = find(word, Object.keys(command.commands ?? {}));
        if (object === undefined) return [];
        command = await load(command.commands ?? {}, object);
      } else {
        if (command === root) tool = key;
        command = await load(command.commands ?? {}, key);
      }
      if (!command.commands) {
        options = command.options ?? {};
        places = command.places ?? [];
      }
    } else {
      // As parsing does: no abbreviation where a word may stand by its place.
      const unnamed = places[0] ? !places[0].several : free && options['']?.type?.fits?.test(word) !== false && '' in options;
      const key = find(word, Object.keys(options).filter(Boolean), !unnamed);
      if (key === undefined ? !options['']?.repeat : options['']?.same?.includes(key)) free = false;
      const place = key === undefined ? places[0] ?? options['']?.type : undefined;
      if (place?.completes === 'line') return await line(typed.slice(i), last);
      row = key === undefined ? options[''] : options[key];
      if (key !== undefined && row?.follows) options = row.last ? row.follows : { ...row.follows, ...options };
      else if (key !== undefined && row?.type && word !== before) pending = row.type;
      else if (key === undefined && place?.grammars?.[word]) options = { ...place.grammars[word], ...options };
      if (key === undefined && places[0] && !places[0].several) places = places.slice(1);
    }
    before = word;
  }
  if (pending?.several) {
    const listed = last.slice(0, last.lastIndexOf(',') + 1);
    if (!last.startsWith('-')) return (await values(pending, last)).map((one) => `${listed}${one}`);
    pending = undefined;
  }
  if (pending) return await values(pending, last);
  if (!options) return commands(command, last, wholeOptions[tool]);
  // `--name=value` is two words.
  const [, given, start] = /^(--[\w-]+=)(.*)$/s.exec(last) ?? [], set = given === undefined ? undefined : options[find(given.slice(0, -1), Object.keys(options), false) ?? '']?.type;
  if (given !== undefined) return set ? (await values(set, start ?? '')).map((one) => `${given}${one}`) : [];
  const place = places[0] ?? options['']?.type;
  return [...Object.keys(options).filter(Boolean).flatMap(alternatives), ...(place ? await values(place, last) : [])];
}

/** Words of a line of another tool of ours; what the words of others are is not known. */
async function line(typed: readonly string[], last: string): Promise<readonly string[]> {
  return lineTools.includes(typed[0] as string) ? await following(typed, last) : [];
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

/** What a value may be, as far as it is known. */
type Expected = Pick<ValueType, 'choices' | 'completes' | 'grammars' | 'several'> & { readonly name?: string };

async function values({ choices, completes, name = '' }: Expected, last: string): Promise<readonly string[]> {
  if (completes !== undefined) return [...(choices ?? []), ...(await named(completes, last))];
  // Of `{ forever | SECONDS }` and `[ lock ] BYTES` the words that stand for themselves.
  return choices ?? (/^[{[] (.+?) [}\]]/.exec(name)?.[1] ?? '').split(' | ').filter((one) => /^[a-z\d][a-z\d_+-]*$/.test(one));
}

async function named(what: NonNullable<ValueType['completes']>, last: string): Promise<readonly string[]> {
  switch (what) {
    case 'link': return links();
    case 'netns': return namedNamespaces();
    case 'kind': return (await import('./ip/link-options.ts')).kindNames();
    case 'family': return (await import('../families/generic/index.ts')).families.map((family) => family.name);
    case 'file': return files(last);
    case 'line': return lineTools;
    default: return new Names().known(what);
  }
}

/** The tools whose lines other commands take. */
const lineTools = [...Object.keys(optionsOf), ...Object.keys(wholeOptions)];

/** Files, and folders with their slash. */
function files(last: string): string[] {
  const folder = last.slice(0, last.lastIndexOf('/') + 1);
  try {
    return readdirSync(folder || '.', { withFileTypes: true }).filter((entry) => last.slice(folder.length).startsWith('.') || !entry.name.startsWith('.')).map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`);
  } catch {
    return [];
  }
}

/** From sysfs where there is one: completion must not need privilege. */
function links(): string[] {
  try {
    return readdirSync('/sys/class/net');
  } catch {
    return Object.keys(networkInterfaces());
  }
}
