/** What `send` reads: messages as `decode --json`, `--dry-run --json`, `trace -j` and `fuzz --corpus` write them, one by hand, or hex. */
import { readHex, type JsonMessage } from '../../inspect/index.ts';
import { CliError, exits } from '../errors.ts';

/** One datagram that is to be sent. */
export interface Outgoing {
  readonly protocol?: string | number;
  /** Of bytes: the family whose number they have in their header. */
  readonly family?: string;
  readonly bytes?: Uint8Array;
  readonly messages?: readonly JsonMessage[];
  /** Numbers that stand for links' indexes, by the links' names. */
  readonly indexes?: Readonly<Record<string, number>>;
}

/** The datagrams of a text, in order. @throws {CliError} what is wrong, and in which line; {CaptureError} of hex */
export function readOutgoing(text: string, from: 'hex' | 'json' | undefined): Outgoing[] {
  if (from === 'hex' || (from === undefined && !looksLikeJson(text))) return readHex(text).map(({ bytes, protocol }) => ({ bytes, ...(protocol !== undefined && { protocol }) }));
  return documents(text).flatMap(([line, value]) => outgoing(value, line));
}
/** An array of numbers is bytes. */
const looksLikeJson = (text: string): boolean => /^\s*(\{|\[\s*[[{\]])/.test(text);

/** One document, over any number of lines; or one a line. */
function documents(text: string): [line: number, value: unknown][] {
  try { return [[1, JSON.parse(text)]]; } catch { /* one a line, or wrong */ }
  return text.split('\n').map((line, i): [number, string] => [i + 1, line]).filter(([, line]) => line.trim() !== '').map(([at, line]) => {
    try { return [at, JSON.parse(line)]; } catch (error) { throw new CliError(`line ${at}: ${(error as Error).message}`, exits.undecodable); }
  });
}

type Given = JsonMessage & { readonly messages?: unknown; readonly hex?: unknown; readonly direction?: unknown; readonly indexes?: Outgoing['indexes'] };

function outgoing(value: unknown, line: number): Outgoing[] {
  const wrong = (): CliError => new CliError(`line ${line}: expected a message, or an array of messages, as "nlkit decode --json" and "nlkit --dry-run --json" print them`, exits.undecodable);
  if (Array.isArray(value)) {
    if (value.some((one) => typeof one !== 'object' || one === null)) throw wrong();
    // Of a dry run, or of a trace kept as one array, each element is a datagram.
    if (value.some((one: Given) => Array.isArray(one) || one.hex !== undefined || one.messages !== undefined)) return value.flatMap((one) => outgoing(one, line));
    return value.length ? [{ messages: value as JsonMessage[] }] : [];
  }
  if (typeof value !== 'object' || value === null) throw wrong();
  const { messages, hex, direction, protocol, family, indexes } = value as Given, common = { ...(protocol !== undefined && { protocol }), ...(indexes && { indexes }) };
  // A trace has the answers, too.
  if (direction === 'receive') return [];
  if (typeof hex === 'string') return readHex(hex).map(({ bytes }) => ({ ...common, ...(family !== undefined && { family }), bytes }));
  if (messages !== undefined) return outgoing(messages, line).map((one) => ({ ...common, ...one }));
  const { indexes: _bound, direction: _sent, ...message } = value as Given, { name, type, $tail } = message;
  if (name === undefined && type === undefined && $tail === undefined) throw wrong();
  return [{ ...common, messages: [message] }];
}

/** Keys that hold a link's index, in the schemas' words. */
const INDEX = /^(index|link|master|iif|oif|interlink|dev|port|new_?ifindex|[a-z]?_?ifindex)$/i;

/** Puts the indexes that links have in place of the numbers that stand for them. @param told called with each */
export function bindIndexes(value: unknown, standIns: Readonly<Record<string, number>>, find: (name: string) => number, told: (name: string, index: number) => void): unknown {
  const names = new Map(Object.entries(standIns).map(([name, number]) => [number, name]));
  const bind = (inner: unknown, key: string): unknown => {
    if (Array.isArray(inner)) return inner.map((one) => bind(one, key));
    if (typeof inner === 'object' && inner !== null) return Object.fromEntries(Object.entries(inner).map(([own, one]) => [own, bind(one, own)]));
    const name = typeof inner === 'number' && INDEX.test(key) ? names.get(inner) : undefined;
    if (name === undefined) return inner;
    const index = find(name);
    told(name, index);
    return index;
  };
  return bind(value, '');
}
