/** `nlkit completion`: what may follow, from the same tables that parse it. */
import { networkInterfaces } from 'node:os';
import { readdirSync, readFileSync } from 'node:fs';
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
  const place = new Place();
  for (const [i, word] of typed.entries()) {
    const end = await place.take(word);
    if (end) return end === 'line' ? await line(typed.slice(i), last) : [];
  }
  return await place.next(last);
}

/** How far the words have come, read one by one as parsing reads them. */
class Place {
  #command: Command = root;
  #tool = '';
  /** The words of the command that was reached, and the values that stand by their place. */
  #options: Grammar | undefined;
  #places: readonly ValueType[] = [];
  /** The value that is waited for, of the row that was read last. */
  #pending: Expected | undefined;
  #row: Row | undefined;
  #before: string | undefined;
  /** A word that is none of the options may be the value without a name. */
  #free = true;

  /** @returns where the reading ends: with this word, a line of another tool begins, or there is no such word */
  async take(word: string): Promise<'line' | 'unknown' | undefined> {
    if (this.#pending?.several && word.startsWith('-')) this.#pending = undefined;
    const end = this.#pending ? await this.#value(word, this.#pending) : this.#options ? this.#option(word, this.#options) : await this.#descend(word);
    this.#before = word;
    return end;
  }
  async #value(word: string, pending: Expected): Promise<'line' | undefined> {
    if (pending.completes === 'line') return 'line';
    // `type KIND`: the kind's own words come next.
    const inner = pending.grammars?.[word] ?? (pending.completes === 'kind' && this.#row?.last ? (await import('./ip/link-options.ts')).wordsOf(word) : undefined);
    if (inner) this.#options = this.#row?.last ? inner : { ...inner, ...this.#options };
    if (!pending.several) this.#pending = undefined;
    return undefined;
  }
  async #descend(word: string): Promise<'unknown' | undefined> {
    const { unnamed, commands = {} } = this.#command, named = find(word, Object.keys(commands), !word.startsWith('-') && unnamed === undefined);
    if (named === undefined && word.startsWith('-')) {
      const option = optionRow(this.#tool, word);
      if (option?.value !== undefined && !word.includes('=')) this.#pending = { ...option, name: option.value };
      return undefined;
    }
    const key = named ?? unnamed;
    if (key !== undefined) {
      if (this.#command === root) this.#tool = key;
      this.#command = await load(commands, key);
    } else {
      // `nlkit link show` is `nlkit ip link show`.
      if (this.#command !== root) return 'unknown';
      this.#tool = 'ip';
      const ip = await load(commands, this.#tool), object = find(word, Object.keys(ip.commands ?? {}));
      if (object === undefined) return 'unknown';
      this.#command = await load(ip.commands ?? {}, object);
    }
    if (this.#command.commands) return undefined;
    this.#options = this.#command.options ?? {};
    this.#places = this.#command.places ?? [];
    return undefined;
  }
  #option(word: string, options: Grammar): 'line' | undefined {
    // As parsing does: no abbreviation where a word may stand by its place.
    const [place] = this.#places, nameless = options[''];
    const unnamed = place ? !place.several : this.#free && nameless !== undefined && nameless.type?.fits?.test(word) !== false;
    const key = find(word, Object.keys(options).filter(Boolean), !unnamed);
    if (key === undefined) return this.#placed(word, options);
    if (nameless?.same?.includes(key)) this.#free = false;
    const row = this.#row = options[key];
    if (row?.follows) this.#options = row.last ? row.follows : { ...row.follows, ...options };
    else if (row?.type && word !== this.#before) this.#pending = row.type;
    return undefined;
  }
  /** A word that stands by its place. */
  #placed(word: string, options: Grammar): 'line' | undefined {
    const nameless = options[''], [named] = this.#places, place = named ?? nameless?.type, inner = place?.grammars?.[word];
    if (place?.completes === 'line') return 'line';
    if (!nameless?.repeat) this.#free = false;
    this.#row = nameless;
    if (inner) this.#options = { ...inner, ...options };
    if (named && !named.several) this.#places = this.#places.slice(1);
    return undefined;
  }

  /** What may stand here. */
  async next(last: string): Promise<readonly string[]> {
    const pending = this.#pending, options = this.#options;
    if (pending?.several) {
      const listed = last.slice(0, last.lastIndexOf(',') + 1);
      if (!last.startsWith('-')) return (await values(pending, last)).map((one) => `${listed}${one}`);
    } else if (pending) return await values(pending, last);
    if (!options) return commands(this.#command, last, wholeOptions[this.#tool]);
    // `--name=value` is two words.
    const [, given, start] = /^(--[\w-]+=)(.*)$/s.exec(last) ?? [], set = given === undefined ? undefined : options[find(given.slice(0, -1), Object.keys(options), false) ?? '']?.type;
    if (given !== undefined) return set ? (await values(set, start ?? '')).map((one) => `${given}${one}`) : [];
    const place = this.#places[0] ?? options['']?.type;
    return [...Object.keys(options).filter(Boolean).flatMap(alternatives), ...(place ? await values(place, last) : [])];
  }
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

/** Of this process's namespace, which sysfs may not be of; completion must not need privilege. */
function links(): string[] {
  try {
    return readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2).flatMap((line) => line.split(':', 1)[0]?.trim() || []);
  } catch {
    return Object.keys(networkInterfaces());
  }
}
