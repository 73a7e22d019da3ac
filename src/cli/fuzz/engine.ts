/** Sends cases and says what came of each; makes what it found small. All of the kernel is behind `Lab`. */
import { COMMON_FLAGS, decodeMessage, frames, NLM_F_DUMP, NLMSG, schemaOf, Writer, writeFrame, type MessageType, type Protocol } from '../../codec/index.ts';
import { exchange, refusalOf, type Exchange, type NetlinkError } from '../../socket/index.ts';
import { signature, type Outcome } from '../../testing/signature.ts';
import { shrink, tapeOf } from '../../testing/shrink.ts';
import { caseOf, type Case, type Target } from './cases.ts';
import type { Lab } from './lab.ts';

/** How much, how long. */
export interface Plan {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** Milliseconds; the first of both ends it. */
  readonly time?: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  /** Requests after which a namespace is left for another. */
  readonly each: number;
  /** Signatures that need no telling. */
  readonly known: ReadonlySet<string>;
  /** Milliseconds for making findings small. */
  readonly shrinking: number;
}

/** An outcome that is new, with a request that comes to it. */
export interface Finding {
  readonly signature: string;
  readonly outcome: Outcome;
  /** Which of the run's requests. */
  readonly number: number;
  readonly datagram: Uint8Array;
  /** Whether the request alone comes to it in a fresh namespace; absent: not tried yet. */
  readonly alone?: boolean;
}

/** Who is told. */
export interface Watcher {
  /** Before a request is sent; `again`: as a part of it is, to make it small. */
  about(number: number, again?: true): void;
  /** What came of it; the outcome the first time only. */
  came?(signature: string, first?: { readonly outcome: Outcome; readonly first: number }): void;
  found(finding: Finding): void;
}

export interface Tally { readonly sent: number; readonly skipped: number; readonly withheld: number; readonly outcomes: ReadonlyMap<string, { readonly outcome: Outcome; readonly count: number; readonly first: number }> }

/** Sends the requests of a seed, in order. Which they are depends on nothing that the kernel says. */
export function run(lab: Lab, target: Target, plan: Plan, watcher: Watcher): Tally {
  const outcomes = new Map<string, { outcome: Outcome; count: number; first: number }>(), findings: Finding[] = [], until = plan.time === undefined ? Infinity : performance.now() + plan.time;
  let sent = 0, skipped = 0, withheld = 0;
  for (let number = plan.from; number < plan.count && performance.now() < until; number++) {
    if (number % plan.each === 0 && number > plan.from) lab.renew();
    const one = caseOf(target, tapeOf(plan.seed, number));
    if (!one) { skipped++; continue; }
    if (one.withheld !== undefined) { withheld++; continue; }
    watcher.about(number);
    const outcome = attempt(lab, target, one, plan.timeout), key = signature(outcome), known = outcomes.get(key);
    sent++;
    if (known) { known.count++; watcher.came?.(key); } else {
      outcomes.set(key, { outcome, count: 1, first: number });
      watcher.came?.(key, { outcome, first: number });
      if (plan.known.has(key)) continue;
      const finding = { signature: key, outcome, number, datagram: one.datagram };
      findings.push(finding);
      watcher.found(finding);
    }
  }
  const late = performance.now() + plan.shrinking, place = { lab, touched: true };
  // What is refused leaves nothing: it needs no namespace of its own for each try.
  for (const finding of findings.toSorted((a, b) => Number(a.outcome.code === 'OK') - Number(b.outcome.code === 'OK'))) {
    if (performance.now() < late) watcher.found(smaller(place, target, plan, finding, () => { watcher.about(finding.number, true); return performance.now() < late; }));
  }
  return { sent, skipped, withheld, outcomes };
}

/** The same outcome by less, in a fresh namespace. @param goOn asked before each try */
function smaller(place: { readonly lab: Lab; touched: boolean }, target: Target, plan: Plan, finding: Finding, goOn: () => boolean): Finding {
  const comes = (tape: readonly number[]): Case | undefined => {
    const one = goOn() ? caseOf(target, tape) : undefined;
    if (!one || one.withheld !== undefined) return undefined;
    if (place.touched) place.lab.renew();
    const outcome = attempt(place.lab, target, one, plan.timeout);
    place.touched = outcome.code === 'OK' || outcome.code === 'TIMEOUT';
    return signature(outcome) === finding.signature ? one : undefined;
  };
  const tape = tapeOf(plan.seed, finding.number);
  if (!comes(tape)) return goOn() ? { ...finding, alone: false } : finding;
  let least: Case | undefined;
  shrink(tape, (shorter) => { const one = comes(shorter); if (one) least = one; return one !== undefined; });
  return { ...finding, alone: true, datagram: least?.datagram ?? finding.datagram };
}

/** Milliseconds for an answer to what is damaged. */
const DAMAGED = 50;

/** Sends one request. */
export function attempt({ transport }: Lab, target: Target, one: Case, timeout: number): Outcome {
  const { protocol } = target, { message, datagram, damages } = one;
  let came: Exchange;
  // What is damaged may ask for what never comes.
  try { came = exchange(transport, datagram, { timeout: damages.length ? Math.min(timeout, DAMAGED) : timeout, grace: 0 }); } catch (error) {
    if ((error as Error).name !== 'NetlinkError') throw error;
    return { message: message.name, code: (error as NetlinkError).code, said: (error as NetlinkError).syscall ?? '' };
  }
  const refusals = refusalsOf(protocol, one, came.answers), first = refusals[0];
  if (first) {
    const { code, extack } = first;
    return { message: message.name, code, ...(extack?.message !== undefined && { said: extack.message }), ...(extack?.path !== undefined && { path: extack.path }), ...(extack?.missing && { missing: extack.missing.path ?? String(extack.missing.type) }) };
  }
  if (came.late.length > 0 && damages.length === 0) return { message: message.name, code: 'TIMEOUT' };
  const answers = came.answers.flatMap((answer) => [...frames(answer)].filter(({ type }) => type !== NLMSG.error && type !== NLMSG.done).map((frame) => decodedName(protocol, answer, frame)));
  if (came.answers.length === 0) return { message: message.name, code: 'SILENCE' };
  const differs = damages.length === 0 ? difference(transport, protocol, one, timeout) : [];
  return { message: message.name, code: 'OK', answers: [...new Set(answers)].sort(), differs };
}

function refusalsOf(protocol: Protocol, { bytes, datagram }: Case, answers: readonly Uint8Array[]): NetlinkError[] {
  return answers.flatMap((answer) => [...frames(answer)].flatMap((frame) => refusalOf(protocol, datagram === bytes || frame.seq === 2 ? bytes : datagram, answer, frame) ?? []));
}
function decodedName(protocol: Protocol, answer: Uint8Array, frame: Parameters<typeof decodeMessage>[2]): string {
  try { return decodeMessage(protocol, answer, frame, { exact: true }).name; } catch { return '?'; }
}

type Values = Record<string, unknown>;
/** The question whose dump has what a request made: `newaddr` is read back by `getaddr`. */
const asking = (p: Protocol, { key }: MessageType): MessageType | undefined => (/^(new|set|add)/.test(key) ? (p.messages as Readonly<Record<string, MessageType>>)[`get${key.slice(3)}`] : undefined);
/** Members that only a request has. */
const ASKED_ONLY = new Set(['change', 'cmd', 'version', '_reserved', 'resId', '$unknown', 'extMask', 'flags', 'family']);

/** The keys of what was set that a dump does not give back so: of the object that is most like it. */
function difference(transport: Lab['transport'], protocol: Protocol, { message, body }: Case, timeout: number): string[] {
  const get = asking(protocol, message);
  if (!get) return [];
  const w = new Writer(), flags = COMMON_FLAGS.request | NLM_F_DUMP, family = body['family'] === undefined ? {} : { family: body['family'] };
  let all: Values[];
  try {
    writeFrame(w, { type: get.number, flags, seq: 1, pid: 0 }, schemaOf(get, flags), { ...family, ...(get.commands === undefined && 'cmd' in body ? { cmd: get.key, version: 1, _reserved: 0 } : {}) });
    all = exchange(transport, w.finish(), { timeout, grace: 0 }).answers.flatMap((answer) => [...frames(answer)].filter(({ type }) => type === message.number).map((frame) => decodeMessage(protocol, answer, frame, { exact: true }).body as Values));
  } catch { return []; }
  const set = Object.fromEntries(Object.entries(body).filter(([key]) => !ASKED_ONLY.has(key)));
  let best: string[] | undefined, most = 0;
  for (const one of all) {
    const other = unlike(set, one, ''), same = leaves(set) - other.length;
    if (same > most) { best = other; most = same; }
  }
  // Of what is like none of them nothing can be said.
  return best && 2 * most >= leaves(set) ? best : [];
}
const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
const leaves = (value: unknown): number => (isObject(value) ? Object.values(value).reduce<number>((sum, one) => sum + leaves(one), 0) : 1);
function unlike(set: Values, got: Values, path: string): string[] {
  return Object.entries(set).flatMap(([key, value]) => {
    const there = got[key], own = path ? `${path}.${key}` : key;
    if (ASKED_ONLY.has(key)) return [];
    if (isObject(value)) return isObject(there) ? unlike(value, there, own) : leaves(value) ? [own] : [];
    return text(value) === text(there) ? [] : [own];
  });
}
const text = (value: unknown): string => JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one instanceof Uint8Array ? [...one] : one)) ?? '';
