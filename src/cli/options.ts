/** Options before the object: iproute2's, with one dash and any unambiguous beginning, and our own with two. */
import type { Output } from './output.ts';
import { usage } from './errors.ts';
import { didYouMean, find, keysOf, type Words } from './words.ts';

export interface Options {
  json: boolean;
  pretty: boolean;
  /** `-d` once, twice ... */
  details: number;
  statistics: number;
  brief: boolean;
  oneline: boolean;
  timestamp: boolean;
  shortTimestamp: boolean;
  numeric: boolean;
  resolve: boolean;
  human: boolean;
  iec: boolean;
  all: boolean;
  force: boolean;
  compressVlans: boolean;
  echo: boolean;
  color: boolean;
  help: boolean;
  version: boolean;
  /** Address family by name: `inet`, `inet6`, `bridge`, `link`, `mpls`; undefined for any. */
  family: string | undefined;
  netns: string | undefined;
  batch: string | undefined;
  loops: number;
  dryRun: boolean;
  atomic: boolean;
  hex: boolean;
  /** dpctl, devlink: ports by name, or by number; undefined: as the command does by itself. */
  portNames?: boolean;
  /** dpctl: counters begin anew. */
  clear?: boolean;
  /** dpctl: what is not there is made. */
  mayCreate?: boolean;
}

export function defaultOptions(): Options {
  return {
    json: false, pretty: false, details: 0, statistics: 0, brief: false, oneline: false, timestamp: false,
    shortTimestamp: false, numeric: false, resolve: false, human: false, iec: false, all: false, force: false, compressVlans: false,
    echo: false, color: false, help: false, version: false, family: undefined, netns: undefined,
    batch: undefined, loops: 10, dryRun: false, atomic: false, hex: false,
  };
}

interface OptionRow {
  readonly help: string;
  /** Name of the value, when one follows. */
  readonly value?: string;
  /** The words it may be. */
  readonly choices?: readonly string[];
  /** What it names, for completion. */
  readonly completes?: 'netns' | 'file';
  set(options: Options, value: string): void;
}

const families = ['inet', 'inet6', 'bridge', 'mpls', 'link'];

function family(options: Options, value: string): void {
  if (!families.includes(value)) throw usage(`"${value}" is not an address family`, didYouMean(value, families));
  options.family = value === 'link' ? 'packet' : value;
}

function count(option: string, value: string): number {
  if (!/^\d+$/.test(value)) throw usage(`"${value}" is not a number for "-${option}"`);
  return Number(value);
}

/** In iproute2's order: an abbreviation means the first that begins with it. */
export const singleDash: Readonly<Record<string, OptionRow>> = {
  loops: { help: 'rounds of a flush before giving up', value: 'COUNT', set: (o, v) => { o.loops = count('loops', v); } },
  family: { help: 'only this address family', value: 'FAMILY', choices: families, set: family },
  4: { help: 'IPv4 only', set: (o) => { o.family = 'inet'; } },
  6: { help: 'IPv6 only', set: (o) => { o.family = 'inet6'; } },
  0: { help: 'link layer only', set: (o) => { o.family = 'packet'; } },
  M: { help: 'MPLS only', set: (o) => { o.family = 'mpls'; } },
  B: { help: 'bridge family', set: (o) => { o.family = 'bridge'; } },
  'human-readable': { help: 'statistics with units', set: (o) => { o.human = true; } },
  iec: { help: 'units of 1024', set: (o) => { o.iec = true; } },
  'statistics|stats': { help: 'counters; twice: more counters', set: (o) => { o.statistics++; } },
  details: { help: 'everything the kernel tells', set: (o) => { o.details++; } },
  resolve: { help: 'names for addresses', set: (o) => { o.resolve = true; } },
  oneline: { help: 'one object a line', set: (o) => { o.oneline = true; } },
  timestamp: { help: 'the time before each event', set: (o) => { o.timestamp = true; } },
  tshort: { help: 'the time before each event, short', set: (o) => { o.timestamp = o.shortTimestamp = true; } },
  Version: { help: 'version', set: (o) => { o.version = true; } },
  force: { help: 'batch: go on after an error; xdp: in place of another program', set: (o) => { o.force = true; } },
  batch: { help: 'read commands from a file, - for standard input', value: 'FILE', completes: 'file', set: (o, v) => { o.batch = v; } },
  brief: { help: 'one short line an object', set: (o) => { o.brief = true; } },
  json: { help: 'JSON, with the names iproute2 uses', set: (o) => { o.json = true; } },
  rcvbuf: { help: 'receive buffer: taken, and left to the socket, which grows it', value: 'BYTES', set: (_, v) => { count('rcvbuf', v); } },
  compressvlans: { help: 'bridge: VLANs that do not differ as ranges', set: (o) => { o.compressVlans = true; } },
  color: { help: '-c=always|auto|never', set: (o) => { o.color = true; } },
  help: { help: 'this help', set: (o) => { o.help = true; } },
  netns: { help: 'work in a network namespace', value: 'NAME', completes: 'netns', set: (o, v) => { o.netns = v; } },
  Numeric: { help: 'numbers, not names', set: (o) => { o.numeric = true; } },
  all: { help: 'all namespaces (netns exec, netns del)', set: (o) => { o.all = true; } },
  pretty: { help: 'JSON on several lines', set: (o) => { o.pretty = true; } },
  echo: { help: 'print what the kernel made', set: (o) => { o.echo = true; } },
};

/** Our own: always in full. */
export const doubleDash: Readonly<Record<string, OptionRow>> = {
  'dry-run': { help: 'print the messages, send nothing: no privilege, any system', set: (o) => { o.dryRun = true; } },
  atomic: { help: 'with -batch: all lines or none', set: (o) => { o.atomic = true; } },
  hex: { help: 'with --dry-run: bytes', set: (o) => { o.hex = true; } },
  json: { help: 'same as -j', set: (o) => { o.json = true; } },
  help: { help: 'this help', set: (o) => { o.help = true; } },
  version: { help: 'version', set: (o) => { o.version = true; } },
};

/** The tools that take options before their words: all of them, or these of the first table. */
export const optionsOf: Readonly<Record<string, 'all' | readonly string[]>> = {
  ip: 'all', bridge: 'all', tc: 'all', genl: 'all', wg: 'all', net: 'all',
  brctl: ['Version', 'help'],
  rtmon: ['family', '4', '6', '0', 'Version', 'help'],
};

/** The options of tools whose words look like options: in full; what is none of these is left to the tool. */
export const wholeOptions: Readonly<Record<string, Readonly<Record<string, OptionRow>>>> = {
  ethtool: {
    '-I|--include-statistics': { help: 'counters as well', set: (o) => { o.statistics++; } },
    '-j|--json': { help: 'JSON', set: (o) => { o.json = true; } },
    '--netns': { help: 'work in a network namespace', value: 'NAME', completes: 'netns', set: (o, v) => { o.netns = v; } },
    '--debug': { help: 'taken, and ignored', value: 'MASK', set: (_, v) => { count('debug', v); } },
    ...Object.fromEntries(['dry-run', 'hex', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
  },
  devlink: {
    '-V|--Version': { help: 'version', set: (o) => { o.version = true; } },
    '-f|--force': { help: 'batch: go on after an error', set: (o) => { o.force = true; } },
    '-b|--batch': { help: 'read commands from a file, - for standard input', value: 'FILE', completes: 'file', set: (o, v) => { o.batch = v; } },
    '-n|--no-nice-names': { help: 'ports by number, not by the names of their links', set: (o) => { o.portNames = false; } },
    '-j|--json': { help: 'JSON', set: (o) => { o.json = true; } },
    '-p|--pretty': { help: 'JSON on several lines', set: (o) => { o.pretty = true; } },
    '-v|--verbose': { help: 'more of it', set: (o) => { o.details++; } },
    '-s|--statistics': { help: 'counters', set: (o) => { o.statistics++; } },
    '-N|--Netns|--netns': { help: 'work in a network namespace', value: 'NAME', completes: 'netns', set: (o, v) => { o.netns = v; } },
    '-i|--iec': { help: 'units of 1024', set: (o) => { o.iec = true; } },
    '-x|--hex': { help: 'numbers of reporters in hexadecimal; with --dry-run: bytes', set: (o) => { o.hex = true; } },
    ...Object.fromEntries(['dry-run', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
  },
  ipset: Object.fromEntries(['json', 'dry-run', 'hex', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
  ipvsadm: Object.fromEntries(['json', 'dry-run', 'hex', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
  dpctl: {
    '-s|--statistics': { help: 'counters', set: (o) => { o.statistics++; } },
    '-m|--more': { help: 'with all that flows do not tell packets by', set: (o) => { o.details++; } },
    '--names': { help: 'ports by name', set: (o) => { o.portNames = true; } },
    '--no-names': { help: 'ports by number', set: (o) => { o.portNames = false; } },
    '--may-create': { help: 'mod-flow: makes a flow that is not there', set: (o) => { o.mayCreate = true; } },
    '--clear': { help: 'mod-flow: counters begin anew', set: (o) => { o.clear = true; } },
    '-j|--json': { help: 'JSON', set: (o) => { o.json = true; } },
    '-n|--netns': { help: 'work in a network namespace', value: 'NAME', completes: 'netns', set: (o, v) => { o.netns = v; } },
    ...Object.fromEntries(['dry-run', 'hex', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
  },
  conntrack: Object.fromEntries(['json', 'dry-run', 'hex', 'version'].map((key) => [`--${key}`, doubleDash[key] as OptionRow])),
};

/** The row of an option before a tool's words. */
export function optionRow(tool: string, word: string): OptionRow | undefined {
  const whole = wholeOptions[tool], name = word.replace(/^--?/, '');
  if (whole) return whole[find(word, keysOf(whole), false) ?? ''];
  return word.startsWith('--') && name in doubleDash ? doubleDash[name] : singleDash[find(name, keysOf(singleDash)) ?? ''];
}

/** The value of an option, which goes before the tool's words. */
function valueOf({ value }: OptionRow, words: Words, word: string): string {
  if (words.done) throw usage(`"${word}" needs a value`, `${word} ${value}`);
  return words.next();
}

/** Takes such a tool's options at the cursor. */
export function readWhole(tool: string, words: Words, options: Options): void {
  const rowOf = (word: string): OptionRow | undefined => optionRow(tool, word);
  for (;;) {
    // `-jp` is `-j -p`.
    const word = words.peek() ?? '', row = rowOf(word), letters = row ? undefined : /^-[a-zA-Z]{2,}$/.test(word) ? Array.from(word.slice(1), (letter) => rowOf(`-${letter}`)) : undefined;
    if (!row && !letters?.every((one) => one && !one.value)) return;
    words.next();
    for (const one of letters ?? []) one?.set(options, '');
    row?.set(options, row.value ? valueOf(row, words, word) : '');
  }
}

/** Takes the options at the cursor. @param allowed those of the first table that are meant; all, when left out */
export function readOptions(words: Words, options: Options, out: Output, allowed: 'all' | readonly string[] = 'all'): void {
  for (let word = words.peek(); word?.startsWith('-') && word.length > 1; word = words.peek()) {
    words.next();
    if (word === '--') return;
    const [given = '', inline] = word.replace(/^--?/, '').split('=', 2);
    if (allowed === 'all' && find(given, ['color']) && (inline !== undefined || given.startsWith('c'))) {
      colorOption(options, inline, out);
      continue;
    }
    const table = word.startsWith('--') && given in doubleDash ? doubleDash : singleDash;
    const key = find(given, table === singleDash && allowed !== 'all' ? allowed : keysOf(table), table === singleDash);
    const row = key === undefined ? undefined : table[key];
    if (!row) throw usage(`unknown option "${word}"`, didYouMean(given, [...(allowed === 'all' ? Object.keys(singleDash) : allowed), ...Object.keys(doubleDash)]).replace('"', '"-'));
    row.set(options, row.value ? (inline ?? valueOf(row, words, word)) : '');
  }
}

function colorOption(options: Options, when: string | undefined, out: Output): void {
  if (when === undefined || when === 'always') options.color = true;
  else if (when === 'auto') options.color = automaticColor(out);
  else if (when === 'never') options.color = false;
  else throw usage(`"${when}" is not one of always, auto, never`);
}

/** Colour on a terminal only, and never against a non-empty NO_COLOR. */
export function automaticColor(out: Output): boolean {
  return out.terminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
