/** Requests made from tapes: which message, which flags, its values, and what is damaged in it. The same tape makes the same bytes. */
import { COMMON_FLAGS, EncodeError, NETLINK_GENERIC, NLM_F_DUMP, schemaOf, VERB_FLAGS, Writer, writeFrame, type MessageType, type Protocol } from '../../codec/index.ts';
import { netfilter, subsystems } from '../../families/netfilter/index.ts';
import { damage, damageOf, type Damage } from '../../testing/damage.ts';
import { Tape } from '../../testing/tape.ts';
import { build } from '../../testing/values.ts';
import { namesIn, withheld, WITHOUT } from './policy.ts';

/** What is fuzzed. */
export interface Target {
  readonly protocol: Protocol;
  readonly messages: readonly MessageType[];
  /** Of which each request takes one. */
  readonly words: readonly Readonly<Record<string, readonly unknown[]>>[];
  /** Whether requests are damaged: three of four. */
  readonly mutate: boolean;
  readonly dangerous: boolean;
}

/** One request. */
export interface Case {
  readonly message: MessageType;
  readonly flags: number;
  readonly body: Record<string, unknown>;
  readonly damages: readonly Damage[];
  /** The message, and the datagram that it is sent in. */
  readonly bytes: Uint8Array;
  readonly datagram: Uint8Array;
  /** Why it is not sent. */
  readonly withheld?: string;
}

/** Numbers at a tape's beginning that say which message it is and what is damaged: the rest are its values. */
const HEAD = 12;
const ASK = COMMON_FLAGS.request | COMMON_FLAGS.ack;
const { create, excl, replace, append } = VERB_FLAGS.new;
/** Combinations that tools send, by the kind of request. */
const FLAGS = {
  get: [0, 0, NLM_F_DUMP, NLM_F_DUMP, VERB_FLAGS.get.root, COMMON_FLAGS.echo],
  new: [create | excl, create | excl, create | replace, create, 0, replace, create | append, create | excl | COMMON_FLAGS.echo],
  del: [0, 0, 0, VERB_FLAGS.del.nonrec, VERB_FLAGS.del.bulk],
  ack: [0],
} as const;

/** The request that a tape stands for. @returns undefined where the values that it has do not fit together */
export function caseOf(target: Target, numbers: readonly number[]): Case | undefined {
  const { protocol, words, mutate, dangerous } = target, head = new Tape(numbers.slice(0, HEAD)), t = new Tape(numbers.slice(HEAD));
  const message = head.pick(target.messages), own = head.pick(words), flags = head.pick(FLAGS[message.verb]) | ASK;
  const damages = mutate && head.below(4) > 0 ? Array.from({ length: 1 + head.below(2) }, () => damageOf(head)) : [];
  const schema = schemaOf(message, flags)!;
  const body = build(schema, t, { words: own, bare: true, ...(dangerous ? {} : { without: WITHOUT }) }) as Record<string, unknown>;
  if (protocol.number === NETLINK_GENERIC) Object.assign(body, genericHeader(message));
  const batch = isBatched(protocol, message), w = new Writer();
  try { writeFrame(w, { type: message.number, flags, seq: batch ? 2 : 1, pid: 0 }, schema, body); } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
  const bytes = damages.reduce((all, one) => damage(schema, all, one), w.finish()), datagram = batch ? bracketed(bytes) : bytes;
  const why = dangerous ? undefined : withheld([message.name, ...namesIn(protocol, bytes)], bytes);
  return { message, flags, body, damages, bytes, datagram, ...(why !== undefined && { withheld: why }) };
}
const genericHeader = ({ key }: MessageType): object => ({ cmd: key, version: 1, _reserved: 0 });

/** Changes of nf_tables are done in transactions. */
const isBatched = (p: Protocol, { key, number }: MessageType): boolean => p === netfilter && number >> 8 === subsystems.nftables && !key.startsWith('get');
function bracketed(message: Uint8Array): Uint8Array {
  const w = new Writer(), { batchBegin, batchEnd } = netfilter.messages, body = { resId: subsystems.nftables };
  writeFrame(w, { type: batchBegin.number, flags: COMMON_FLAGS.request, seq: 1, pid: 0 }, batchBegin.request, body);
  w.put(message);
  if (w.pos & 3) w.take(4 - (w.pos & 3));
  writeFrame(w, { type: batchEnd.number, flags: COMMON_FLAGS.request, seq: 3, pid: 0 }, batchEnd.request, body);
  return w.finish();
}
