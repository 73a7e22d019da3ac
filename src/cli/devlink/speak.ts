/** What the commands of devlink share: which device, port or part a line is about, what is asked of it, and how the answers are shown. */
import { devlink, type Devlink } from '../../families/generic/devlink/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at, parse, type Command, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import type { Answer, Body, Kernel } from '../kernel.ts';
import { byName, nobody } from '../links.ts';
import { wholeOptions } from '../options.ts';
import { parseInteger } from '../values.ts';
import { alternatives, keysOf, type Words } from '../words.ts';
import { Layout } from './layout.ts';

/** What a line may begin with. */
export type Kind = 'dev' | 'port' | 'region' | 'node';
/** Keys of a message that say what it is about. */
export type Place = Pick<Devlink, 'busName' | 'devName' | 'portIndex' | 'regionName' | 'rateNodeName'>;

const written: Readonly<Record<Kind, string>> = { dev: 'BUS/NAME', port: 'BUS/NAME/PORT or a link', region: 'BUS/NAME/REGION', node: 'BUS/NAME/NODE' };
const called: Readonly<Record<Kind, string>> = { dev: 'device', port: 'port', region: 'region', node: 'node' };
const kindOf = (place: Place): Kind => (place.portIndex !== undefined ? 'port' : place.regionName !== undefined ? 'region' : place.rateNodeName !== undefined ? 'node' : 'dev');

/** The port that a link is. */
async function portOf(context: Context, name: string): Promise<Place> {
  let link: Body | undefined;
  try {
    link = context.kernel.lookup(byName(name));
  } catch (error) {
    if (!nobody.has((error as { code?: string }).code)) throw error;
  }
  if (!link) throw usage(`there is no link "${name}"`, 'nlkit devlink port lists ports');
  // The link's stand-in stands for its port.
  if (context.options.dryRun) return { busName: 'BUS', devName: 'NAME', portIndex: link['index'] as number };
  const { busName, devName, portIndex } = (link['devlinkPort'] ?? {}) as Place;
  if (portIndex !== undefined) return { busName, devName, portIndex } as Place;
  // Kernels before 6.2 do not tell it with the link.
  const port = (await context.kernel.generic(devlink)).dump('portGet', {}).find((one) => one['portNetdevName'] === link['ifname']) as Devlink | undefined;
  if (!port) throw usage(`"${name}" is no port of a device`, 'nlkit devlink port lists ports');
  return { busName: port.busName, devName: port.devName, portIndex: port.portIndex } as Place;
}

/** What a line begins with. */
export async function readPlace(context: Context, word: string, kinds: readonly Kind[]): Promise<Place> {
  const [busName = '', devName = '', ...rest] = word.split('/'), last = rest.join('/'), wrong = (): Error => usage(`"${word}" does not name a ${kinds.map((kind) => called[kind]).join(' or a ')}`, kinds.map((kind) => written[kind]).join(', or '));
  if (!word.includes('/')) {
    if (!kinds.includes('port')) throw wrong();
    return portOf(context, word);
  }
  if (busName === '' || devName === '' || rest.length > 1) throw wrong();
  const place = { busName, devName };
  if (rest.length === 0) {
    if (!kinds.includes('dev')) throw wrong();
    return place;
  }
  const digits = /^\d+$/.test(last);
  if (kinds.includes('port') && digits && Number(last) <= 0xffffffff) return { ...place, portIndex: Number(last) };
  if (kinds.includes('region') && last !== '') return { ...place, regionName: last };
  if (kinds.includes('node') && !digits && last !== '') return { ...place, rateNodeName: last };
  throw wrong();
}
/** The schema's word as devlink writes it: `driverReinit` is driver_reinit. */
export const snake = (name: string | number): string => String(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** `pci/0000:01:00.0` */
export const deviceName = ({ busName = '', devName = '' }: Pick<Devlink, 'busName' | 'devName'>): string => `${busName}/${devName}`;
/** `pci/0000:01:00.0/1` */
export const portName = (body: Place): string => `${deviceName(body)}/${body.portIndex}`;

/** The order in which devlink sends attributes; others as they come, behind. */
const ORDER = [
  'busName', 'devName', 'portIndex', 'regionName', 'rateNodeName', 'portType', 'portSplitCount', 'sbIndex', 'sbPoolIndex', 'sbPoolSize', 'sbPoolType', 'sbPoolThresholdType', 'sbThreshold', 'sbTcIndex', 'eswitchMode', 'eswitchInlineMode', 'dpipeTableName',
  'dpipeTableCountersEnabled', 'eswitchEncapMode', 'resourceId', 'resourceSize', 'paramName', 'paramValueCmode', 'regionSnapshotId', 'regionChunkAddr', 'regionChunkLen', 'flashUpdateFileName', 'flashUpdateComponent', 'flashUpdateOverwriteMask', 'selftests',
  'healthReporterName', 'healthReporterGracefulPeriod', 'healthReporterAutoRecover', 'healthReporterAutoDump', 'trapName', 'trapGroupName', 'trapAction', 'netnsFd', 'netnsPid', 'reloadAction', 'reloadLimits', 'trapPolicerId', 'trapPolicerRate', 'trapPolicerBurst',
  'portFunction', 'portFlavour', 'portPciPfNumber', 'portPciSfNumber', 'portControllerNumber', 'rateType', 'rateTxShare', 'rateTxPriority', 'rateTxWeight', 'rateTxMax', 'rateParentNodeName', 'rateTcBws', 'linecardIndex', 'linecardType',
];
export const ordered = (body: Draft): Body => ({ ...Object.fromEntries(ORDER.filter((key) => body[key] !== undefined).map((key) => [key, body[key]])), ...body });

/** The tool's options may stand behind the command, too. */
const optionRows: Grammar = Object.fromEntries(Object.entries(wholeOptions['devlink'] ?? {}).filter(([key, row]) => !row.value && key.startsWith('-')).map(([key, row]) => [key, { apply: (_draft, _value, { options }) => row.set(options, ''), repeat: true, help: row.help }]));

const handle = (kinds: readonly Kind[]): ValueType => ({ name: kinds.length === 1 && kinds[0] === 'dev' ? 'DEV' : kinds.includes('port') ? 'DEV/PORT' : 'DEV/NAME', read: (words) => words.next(), ...(kinds.includes('port') && { completes: 'link' }) });
/** For help and completion: what it is about stands first. */
const shownOptions = (kinds: readonly Kind[], ...grammars: readonly Grammar[]): Grammar => ({ '': { type: handle(kinds) }, ...Object.assign({}, ...grammars) as Grammar });
const lacking = (needs: Grammar, draft: Draft): string | undefined => keysOf(needs).find((key) => at(draft, (needs[key] as { path: string }).path) === undefined);
const missing = (key: string, line: string): Error => usage(`"${alternatives(key)[0]}" is missing`, line);

/** What a line says about what: everything that it names. */
async function given(context: Context, words: Words, kinds: readonly Kind[], needs: Grammar, options: Grammar): Promise<{ place: Place; draft: Draft }> {
  const place = await readPlace(context, words.next(), kinds);
  return { place, draft: parse({ ...needs, ...options, ...optionRows }, words, {}, context) };
}
/** Options alone, where nothing else is given. */
function onlyOptions(context: Context, words: Words): void {
  while (!words.done && (words.peek() as string).startsWith('-')) parse({ ...optionRows }, words, {}, context);
}

export type Show = (layout: Layout, body: Devlink) => void;
/** How a command is told of. */
interface Told { readonly summary: string; readonly line: string; readonly examples: readonly string[] }

export interface Question extends Told {
  /** What JSON has it all under. */
  readonly section: string;
  readonly message: string;
  /** What names one, and the words that it takes beside that. */
  readonly one: readonly Kind[];
  readonly needs?: Grammar;
  /** What names some of them; a line without a word is about all. */
  readonly some?: readonly Kind[];
  /** Of the words of one, those that choose among some. */
  readonly among?: readonly string[];
  /** What is sent where a line about one leaves it out. */
  readonly unless?: Draft;
  readonly print: Show;
}
/** Asks about one, some or all. */
export function ask(kernel: Kernel, question: Question, place: Place | undefined, draft: Draft): Body[] {
  const { message, one, needs = {}, some, among = [], unless = {}, line } = question;
  if (!place) return kernel.dump(message, {});
  const whole = { ...unless, ...draft }, lacks = lacking(needs, whole);
  if (one.includes(kindOf(place)) && lacks === undefined) {
    const answer = kernel.get(message, ordered({ ...place, ...whole }));
    return answer ? [answer] : [];
  }
  const others = Object.keys(draft).filter((key) => !among.includes(key));
  if (!some?.includes(kindOf(place)) || others.length > 0) throw lacks === undefined ? usage('the command line is not complete', line) : missing(lacks, line);
  // Older kernels tell of all whatever is asked.
  const wanted = { ...place, ...draft };
  return kernel.dump(message, ordered(wanted)).filter((body) => Object.entries(wanted).every(([key, value]) => body[key] === undefined || body[key] === value));
}
/** `show`: one, some or all. */
export function show(question: Question): Command {
  const { summary, line, examples, one, needs = {}, some, section, print } = question, kinds = [...new Set([...one, ...(some ?? [])])];
  return {
    summary, usage: line, examples, options: shownOptions(kinds, needs),
    async run(context, words) {
      if (some) onlyOptions(context, words);
      const { place, draft } = words.done && some ? { place: undefined, draft: {} } : await given(context, words, kinds, needs, {});
      const bodies = ask(await context.kernel.generic(devlink), question, place, draft);
      printed(context, section, bodies as Devlink[], print);
    },
  };
}
/** Prints under a section; of a dry run, nothing. */
export function printed(context: Context, section: string, bodies: readonly Devlink[], print: Show): void {
  if (context.options.dryRun) return;
  const layout = new Layout(context);
  layout.section(section, () => { for (const body of bodies) print(layout, body); });
  layout.finish();
}

export interface Change extends Told {
  readonly message: string;
  readonly on: readonly Kind[];
  readonly needs?: Grammar;
  readonly options?: Grammar;
  readonly unless?: Draft;
  /** At least one of the options is given. */
  readonly some?: true;
  readonly check?: (context: Context, kernel: Kernel, body: Draft) => void;
  /** What is told of what was done. */
  readonly told?: (context: Context, answers: readonly Answer[]) => void;
}
/** What the line says is sent as it is. */
export function change({ summary, line, examples, message, on, needs = {}, options = {}, unless = {}, some, check, told }: Change): Command {
  return {
    summary, usage: line, examples, options: shownOptions(on, needs, options), unlogged: true,
    async run(context, words) {
      const { place, draft } = await given(context, words, on, needs, options), body = { ...unless, ...place, ...draft }, lacks = lacking(needs, body);
      if (lacks !== undefined) throw missing(lacks, line);
      if (some && Object.keys(draft).length === 0) throw usage('what should be set?', line);
      const kernel = await context.kernel.generic(devlink);
      check?.(context, kernel, body);
      const answers = kernel.request(message, ordered(body));
      if (!context.options.dryRun) told?.(context, answers);
    },
  };
}
/** A command of its own: what the line is about, and what it says. */
export function command({ summary, line, examples, on, needs = {}, options = {}, changes, run }: Told & {
  readonly on: readonly Kind[]; readonly needs?: Grammar; readonly options?: Grammar; readonly changes?: true; readonly run: (context: Context, kernel: Kernel, place: Place, draft: Draft) => void | Promise<void>;
}): Command {
  return {
    summary, usage: line, examples, options: shownOptions(on, needs, options), ...(changes && { unlogged: true }),
    async run(context, words) {
      const { place, draft } = await given(context, words, on, needs, options), lacks = lacking(needs, draft);
      if (lacks !== undefined) throw missing(lacks, line);
      await run(context, await context.kernel.generic(devlink), place, draft);
    },
  };
}
/** What a dry run leaves open. */
export const unanswered = (context: Context): void => { if (context.options.dryRun) context.out.error('note: what is sent next depends on the answer'); };

/** `true`, `false` and their synonyms. */
export const truth: ValueType = {
  name: '{ true | false }', choices: ['true', 'false', 'enable', 'disable'],
  read(words, _context, after) {
    const text = words.next(after);
    if (['true', '1', 'enable'].includes(text)) return 1;
    if (['false', '0', 'disable'].includes(text)) return 0;
    throw usage(`"${after}" is true or false, not "${text}"`);
  },
};
/** Whether a text is true; undefined where it is neither. */
export const truthOf = (text: string): boolean | undefined => (['true', '1', 'enable'].includes(text) ? true : ['false', '0', 'disable'].includes(text) ? false : undefined);
/** A number that a text is, in so many bits; undefined where it is none. */
export function bitsOf(text: string, bits: number): bigint | undefined {
  const value = parseInteger(text);
  return value === undefined || value < 0n || value >= 1n << BigInt(bits) ? undefined : value;
}
