/** `nlkit send`: messages as given to a live kernel, and all that comes back. */
import { COMMON_FLAGS, VERB_FLAGS, EncodeError, frames, genericProtocol, HEADER_SIZE, HOST_LITTLE_ENDIAN, NETLINK_GENERIC, NLMSG, NLMSG_MIN_TYPE, type Protocol } from '../../codec/index.ts';
import { protocols } from '../../families/index.ts';
import { familyNamed } from '../../families/generic/index.ts';
import { fromJson, toHex, toJson, tree, type JsonMessage } from '../../inspect/index.ts';
import { exchange, type NetlinkError, refusalOf, type Transport } from '../../socket/index.ts';
import { netlinkError } from '../../socket/netlink-error.ts';
import type { Context } from '../context.ts';
import { CliError, exits } from '../errors.ts';
import { describe, statusOf } from '../failure.ts';
import { is, parse, to, type Command, type Grammar } from '../grammar.ts';
import { word } from '../values.ts';
import { readInput } from './input.ts';
import { oneWord, protocolType, readProtocol, seconds, several } from './options.ts';
import { bindIndexes, readOutgoing, type Outgoing } from './outgoing.ts';
import { indexOf, listener, speaker, type Speaker } from './speaker.ts';

type Print = 'tree' | 'json' | 'hex';
interface Asked { file?: string; from?: 'hex' | 'json'; protocol?: string | number; netns?: string; print?: Print; timeout?: number; listen?: string[] }

/** Those of all protocols. */
const groups = { ...several('GROUP'), get choices() { return protocols.flatMap((protocol) => Object.keys(protocol.groups)); } };

const options: Grammar = {
  '': { path: 'file', type: word('FILE', (text) => text, { completes: 'file', fits: /^(-$|[^-])/ }) },
  '--from': to('from', oneWord('hex', 'json'), 'what the input is; else it is seen. By hand: {"name":"RTM_GETLINK","body":{"ifname":"lo"}}'),
  '--protocol|--proto': to('protocol', protocolType, 'of what does not say it (default: route)'),
  '--netns|-n': to('netns', word('NETNS', (text) => text, { completes: 'netns' }), 'the network namespace to send in'),
  '--tree': is('print', 'tree', 'answers as trees (default)'),
  '--json|-j': is('print', 'json', 'answers as JSON, one line a datagram: "nlkit encode" gives the same bytes'),
  '--hex': is('print', 'hex', 'answers as hex, one line a datagram'),
  '--timeout': to('timeout', seconds, 'for each answer (default: 5); with --listen: how long to listen afterwards (default: 1)'),
  '--listen': to('listen', groups, 'multicast groups to hear meanwhile: names, numbers, FAMILY:GROUP'),
};

/** Bytes with the numbers put in that are missing. */
interface Ready { readonly speaker: Speaker; readonly bytes: Uint8Array }

class Sender {
  readonly #context: Context;
  readonly #asked: Asked;
  readonly #speakers = new Map<string | number, Speaker>();
  readonly #listeners = new Map<string | number, Transport>();
  #seq = 0;
  #count = 0;
  status: number = exits.ok;

  constructor(context: Context, asked: Asked) { this.#context = context; this.#asked = asked; }

  speaker(which: string | number, families: readonly string[]): Speaker {
    let known = this.#speakers.get(which);
    if (!known || (known.transport && families.some((name) => !known!.families.some((one) => one.name === name)))) {
      known?.transport?.close();
      this.#speakers.set(which, (known = speaker(which, this.#asked.netns, families, this.#context.options.dryRun)));
      if (this.#asked.listen && known.transport && !this.#listeners.has(which)) this.#listeners.set(which, listener(known, this.#asked.listen, this.#asked.netns));
    }
    return known;
  }

  /** Puts in what only this kernel knows, and what was left out; says so. @returns undefined where the kernel itself is the speaker */
  ready(one: Outgoing): Ready | undefined {
    const n = ++this.#count, which = spoken(one.protocol ?? one.messages?.find(({ protocol }) => protocol !== undefined)?.protocol ?? this.#asked.protocol ?? 'route', n);
    const { messages, families } = taken(one, which), own = this.speaker(which, families);
    const note = (text: string): void => this.#context.out.error(`note: message ${n}: ${text}`);
    if (!messages) return { speaker: own, bytes: this.#numbered((one.bytes as Uint8Array).slice(), note) };
    const ours = messages.filter((message) => {
      if (!isHeard(message)) return true;
      note(`${message.name ?? String(message.type)} is no request, by its flags: what the kernel said is not sent`);
      return false;
    });
    if (ours.length === 0) return undefined;
    const live = ours.map((message) => {
      const bound = one.indexes && own.transport ? bindIndexes(message, one.indexes, (name) => indexOf(name, this.#asked.netns), (name, index) => note(`index ${index}: ${name}`)) as JsonMessage : message;
      return this.#filled(familiar(bound, own, note), note);
    });
    try { return { speaker: own, bytes: this.#numbered(fromJson(live, own.protocol ? { protocol: own.protocol } : { protocol: which }), note) }; } catch (error) {
      // Which of several in its datagram, where there are several.
      throw error instanceof EncodeError ? new CliError(`message ${n}: ${new EncodeError(error.reason, live.length > 1 ? error.path : error.path.slice(1)).message}`) : error;
    }
  }

  #filled(message: JsonMessage, note: (text: string) => void): JsonMessage {
    const { flags, $tail } = message as { flags?: unknown; $tail?: unknown };
    if ($tail !== undefined || (flags !== undefined && flags !== 0)) return message;
    note('no flags: request and ack are set');
    return { ...message, flags: ['request', 'ack'] };
  }

  /** Header fields of bytes. */
  #numbered(bytes: Uint8Array, note: (text: string) => void): Uint8Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (frames(bytes).next().done) note(`${bytes.length} bytes that begin no message: nothing answers them`);
    for (const { at, flags, seq, type } of frames(bytes)) {
      if (seq === 0 && type >= NLMSG_MIN_TYPE) { view.setUint32(at + 8, ++this.#seq, HOST_LITTLE_ENDIAN); note(`no sequence number: ${this.#seq} is set`); }
      if (flags === 0) { view.setUint16(at + 6, COMMON_FLAGS.request | COMMON_FLAGS.ack, HOST_LITTLE_ENDIAN); note('no flags: request and ack are set'); }
    }
    return bytes;
  }

  print(protocol: Protocol | number, bytes: Uint8Array): void {
    const { out } = this.#context, { print = this.#context.options.json ? 'json' : 'tree' } = this.#asked;
    out.write(print === 'hex' ? `${toHex(bytes)}\n` : print === 'json' ? `${JSON.stringify(toJson(bytes, { protocol }))}\n` : `${tree(bytes, { protocol })}\n`);
  }

  #failed(error: unknown): void {
    if (this.status === exits.ok) this.status = statusOf(error);
    this.#context.out.error(describe(error));
  }

  send({ speaker: { protocol, number, transport }, bytes }: Ready): void {
    const timeout = 1000 * (this.#asked.listen ? 5 : this.#asked.timeout ?? 5);
    try {
      const { answers, late } = exchange(transport as Transport, bytes, { timeout });
      for (const answer of answers) this.print(protocol ?? number, answer);
      for (const error of refusals(protocol, bytes, answers)) this.#failed(error);
      if (late.length > 0) this.#failed(netlinkError('ERR_NETLINK_TIMEOUT', `no answer to sequence number ${late.join(', ')} in ${timeout / 1000} s`));
    } catch (error) {
      if ((error as Error).name !== 'NetlinkError') throw error;
      this.#failed(error);
    }
    this.heard(0);
  }

  /** What the groups were told. @param until the time to listen to */
  heard(until: number): void {
    for (const [which, transport] of this.#listeners) {
      const { protocol, number } = this.#speakers.get(which) as Speaker;
      for (;;) {
        const datagram = transport.receive();
        if (datagram) { this.print(protocol ?? number, datagram.bytes.slice()); this.#context.out.flush(); } else if (performance.now() >= until || !transport.wait(Math.max(1, (until - performance.now()) / this.#listeners.size))) break;
      }
    }
  }

  close(): void { for (const { transport } of this.#speakers.values()) transport?.close(); for (const transport of this.#listeners.values()) transport.close(); }
}

/** Captures hold both sides; what is decoded of them says its flags. Written by hand, flags may be left out, or be a number. */
const isHeard = ({ flags }: { flags?: unknown }): boolean => Array.isArray(flags) && !flags.includes('request') && flags.every((flag) => FLAGS.has(flag));
const FLAGS: ReadonlySet<unknown> = new Set([COMMON_FLAGS, ...Object.values(VERB_FLAGS)].flatMap((names) => Object.keys(names)));

/** What the kernel refuses of a datagram. */
export function refusals(protocol: Protocol | undefined, sent: Uint8Array, answers: readonly Uint8Array[]): NetlinkError[] {
  const requests = [...frames(sent)];
  return answers.flatMap((answer) => [...frames(answer)].flatMap((frame) => {
    if (frame.type !== NLMSG.error && frame.type !== NLMSG.done) return [];
    const asked = requests.find(({ seq }) => seq === frame.seq) ?? requests[0];
    const error = refusalOf(protocol, asked ? sent.slice(asked.at, asked.end) : sent, answer, frame);
    return error ? [error] : [];
  }));
}

/** A protocol as a message says it: its name, or its number. */
function spoken(which: string | number, n: number): string | number {
  try { return readProtocol(String(which)); } catch (error) { throw error instanceof CliError ? new CliError(`message ${n}: ${error.message}`, error.status, error.hint) : error; }
}

/** A datagram's messages as values, where something in them is to be changed; the families that they are of. */
function taken(one: Outgoing, which: string | number): { messages?: readonly JsonMessage[]; families: string[] } {
  const { bytes, family, indexes, messages } = one;
  if (messages) return { messages, families: messages.flatMap((message) => (message.family === undefined ? [] : [message.family])) };
  if (!bytes || (family === undefined && !indexes)) return { families: [] };
  const known = family === undefined ? undefined : familyNamed(family), id = bytes.length < HEADER_SIZE ? undefined : frames(bytes).next().value?.type;
  return { messages: toJson(bytes, { protocol: known && id !== undefined ? genericProtocol([[known, id]]) : which }), families: family === undefined ? [] : [family] };
}

/** A family has another number on each machine. */
function familiar(message: JsonMessage, { families, number, transport }: Speaker, note: (text: string) => void): JsonMessage {
  if (message.family === undefined || number !== NETLINK_GENERIC || !transport) return message;
  const id = families.find(({ name }) => name === message.family)?.id;
  if (id === undefined) throw new CliError(`this kernel has no family "${message.family}" of generic netlink`, exits.refused, 'a module may be missing');
  if (message.type !== id) note(`family ${message.family} has the number ${id} here`);
  return { ...message, type: id };
}

export const send: Command = {
  summary: 'messages to the kernel as given, byte by byte, and all that comes back',
  examples: [
    '--dry-run --json ip link add br0 type bridge | nlkit send',
    'decode --json capture.pcap | nlkit send --netns s1   # the requests; what the kernel said is passed over',
    'send --json < FILE',
    'send --listen link --timeout 3 FILE',
  ],
  usage: '[ FILE | - ] [ OPTIONS ]',
  options,
  run(context, words) {
    const asked = parse(options, words, {}, context) as Asked, { file = '-' } = asked;
    asked.netns ??= context.options.netns as string;
    const all = readOutgoing(new TextDecoder().decode(readInput(file)), asked.from);
    if (all.length === 0) throw new CliError('there are no messages in the input', exits.undecodable);
    const sender = new Sender(context, asked);
    try {
      for (const one of all) {
        const ready = sender.ready(one);
        if (!ready) continue;
        if (context.options.dryRun) sender.print(ready.speaker.protocol ?? ready.speaker.number, ready.bytes);
        else sender.send(ready);
      }
      if (asked.listen && !context.options.dryRun) sender.heard(performance.now() + 1000 * (asked.timeout ?? 1));
      return sender.status;
    } finally { sender.close(); }
  },
};
