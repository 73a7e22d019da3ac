/** What the commands of ethtool share: which link is meant, how it is asked, and bits by name. */
import { ethtool } from '../../families/generic/ethtool/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { store, type Draft, type Grammar } from '../grammar.ts';
import type { Body, Kernel } from '../kernel.ts';
import { bytes as hex } from '../print/formats.ts';
import type { Json, Printer } from '../print/printer.ts';
import { didYouMean, find, keysOf, type Words } from '../words.ts';

/** A set of bits, as the codec gives it: compact, or bit by bit. */
export interface Bitset {
  readonly nomask?: boolean;
  readonly value?: readonly number[];
  readonly mask?: readonly number[];
  readonly bits?: { readonly bit?: readonly { readonly index?: number; readonly name?: string; readonly value?: boolean }[] };
}
/** Numbers of the bits that are set; those outside the mask mean nothing. */
export const bitsOf = ({ nomask, value, mask, bits }: Bitset = {}): Set<number> => new Set(value?.filter((bit) => nomask || !mask || mask.includes(bit)) ?? bits?.bit?.filter((one) => nomask || one.value).map(({ index }) => index as number));
/** Numbers of the bits that are there. */
export const maskOf = (set: Bitset = {}): Set<number> => (set.nomask ? bitsOf(set) : new Set(set.mask ?? set.bits?.bit?.map(({ index }) => index as number)));
/** Bits to set and to clear, by name. */
export const bitsByName = (wanted: ReadonlyMap<string, boolean>): Body => ({ bits: { bit: [...wanted].map(([name, on]) => ({ name, ...(on && { value: true }) })) } });
/** The whole set: these bits, and no others. */
export const onlyBits = (names: Iterable<string>): Body => ({ nomask: true, bits: { bit: [...names].map((name) => ({ name })) } });

/** A driver does not have it, or does not tell everybody. */
export const unsaid = (error: unknown): boolean => ['EOPNOTSUPP', 'EPERM'].includes((error as { code?: string }).code ?? '');

/** All links. */
const everyone = '*';

/** A link, and whom to ask about it. */
export class Asked {
  readonly context: Context;
  readonly kernel: Kernel;
  readonly device: string;
  readonly #names = new Map<string, readonly string[]>();

  constructor(context: Context, kernel: Kernel, device: string) {
    this.context = context;
    this.kernel = kernel;
    this.device = device;
  }

  get all(): boolean {
    return this.device === everyone;
  }

  #header(flags: readonly string[]): Body {
    return { ...(!this.all && { devName: this.device }), ...(flags.length > 0 && { flags }) };
  }

  /** What the kernel says of the link, or of each that has such a thing. Nothing in a dry run. */
  answers(message: string, flags: readonly string[] = [], more: Body = {}): Body[] {
    const body = { header: this.#header(flags), ...more };
    if (this.all) return this.#everyones(message, body);
    const answer = this.kernel.get(message, body);
    return answer ? [answer] : [];
  }

  #everyones(message: string, body: Body): Body[] {
    try {
      return this.kernel.dump(message, body);
    } catch (error) {
      if (!unsaid(error)) throw error;
      // Some dumps end at the first link that has nothing to say.
      const links = this.context.kernel.dump('getlink', { family: 'unspec', extMask: ['vf', 'skipStats'] });
      return links.map(({ ifname: device }) => this.#maybe(message, { ...body, header: { ...(body['header'] as Body), devName: device } })).filter((one) => one !== undefined);
    }
  }

  #maybe(message: string, body: Body): Body | undefined {
    try {
      return this.kernel.get(message, body);
    } catch (error) {
      if (unsaid(error)) return undefined;
      throw error;
    }
  }

  /** The same of one link; undefined where the driver cannot say, or only to others. */
  answer(message: string, flags: readonly string[] = []): Body | undefined {
    return this.#maybe(message, { header: this.#header(flags) });
  }

  /** Changes something; what the kernel has to say about it. */
  change(message: string, body: Body, flags: readonly string[] = []): Body | undefined {
    return this.kernel.request(message, { header: this.#header(flags), ...body })[0]?.body;
  }

  /** The names of a set of strings, by number. @param own of the driver's own sets */
  names(id: string, own = false): readonly string[] {
    let names = this.#names.get(id);
    if (!names) {
      const answer = this.kernel.get('strsetGet', { header: own ? this.#header([]) : {}, stringsets: { stringset: [{ id }] } }) as
        { stringsets?: { stringset?: { strings?: { string?: { index: number; value: string }[] } }[] } } | undefined;
      const made: string[] = [];
      for (const { index, value } of answer?.stringsets?.stringset?.[0]?.strings?.string ?? []) made[index] = value;
      this.#names.set(id, names = made);
    }
    return names;
  }

  /** Names of bits. */
  named(id: string, bits: Iterable<number>): string[] {
    const names = this.names(id);
    return [...bits].map((bit) => names[bit] ?? `bit${bit}`);
  }

  /** Names of the bits that are set: they may come along. */
  namesOf(id: string, set: Bitset = {}): string[] {
    return set.bits ? (set.bits.bit ?? []).filter(({ value }) => set.nomask || value).map(({ index, name = `bit${index}` }) => name) : this.named(id, bitsOf(set));
  }
}

/** For help and completion: the link stands first. */
export const device: Grammar = { '': { type: { name: 'DEVNAME', completes: 'link', read: (words) => words.next() } } };

/** The link that a line begins with. */
export async function ask(context: Context, words: Words, everyonesToo = false): Promise<Asked> {
  const device = words.peek();
  if (device === undefined) throw usage('which link?', `ethtool ${context.path.slice(1).join(' ')} DEVNAME`);
  if (device === everyone && !everyonesToo) throw usage('"*" is all links: name one');
  words.next();
  return new Asked(context, await context.kernel.generic(ethtool), device);
}

/** Parameters of a change, each by its whole name. */
export function parameters(grammar: Grammar, words: Words, context: Context): Draft {
  const draft: Draft = {}, keys = keysOf(grammar), seen = new Set<string>();
  if (words.done) throw usage('what should be set?', didYouMean('', keys));
  while (!words.done) {
    const word = words.next(), key = find(word, keys, false);
    if (key === undefined) throw usage(`"${word}" is not a parameter here`, didYouMean(word, keys));
    if (seen.has(key)) throw usage(`"${word}" is given twice`);
    seen.add(key);
    const row = grammar[key] as Grammar[string], value = row.type ? row.type.read(words, context, word) : row.is;
    if (row.path !== undefined) store(draft, row.path, value);
    row.apply?.(draft, value, context, words);
  }
  return draft;
}

/** `NAME on|off ...` */
export function switches(words: Words): Map<string, boolean> {
  const wanted = new Map<string, boolean>();
  if (words.done) throw usage('which of them, on or off?');
  while (!words.done) {
    const name = words.next(), given = words.next(name);
    if (given !== 'on' && given !== 'off') throw usage(`"${name}" is on or off, not "${given}"`);
    wanted.set(name, given === 'on');
  }
  return wanted;
}

export const nameOf = (body: Json): string => String((body['header'] as Body | undefined)?.['devName'] ?? '');
/** Bytes are digits in JSON. */
export function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(readable);
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)])) : value;
}
/** An answer as it was decoded: JSON of what ethtool prints as text only. */
export function decoded(printer: Printer, body: Json): void {
  const { cmd: _cmd, version: _version, ...rest } = body;
  printer.object(null, () => { for (const [key, value] of Object.entries(rest)) printer.value(key, null, readable(value)); });
}
