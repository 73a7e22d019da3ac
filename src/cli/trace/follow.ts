/** Datagrams of a trace as they happen: which of them are wanted, what they answer, and how they are shown. */
import { frames, NETLINK_GENERIC, NLMSG, type Frame, type Protocol } from '../../codec/index.ts';
import { genericAt, type Registered } from '../../generic/index.ts';
import { announced } from '../../inspect/generic.ts';
import { protocolNamed } from '../../inspect/json.ts';
import { show, toJson, tree, type Captured, type JsonMessage } from '../../inspect/index.ts';
import { refusalOf, type NetlinkError } from '../../socket/index.ts';
import type { Processes } from './strace.ts';

export interface Wanted {
  /** NETLINK_* numbers. */
  readonly protocols?: readonly number[];
  /** Names of messages, `*` for any letters. */
  readonly types?: readonly RegExp[];
  readonly print: 'tree' | 'json' | 'brief';
  readonly time: boolean;
}

/** A request that may yet be answered. */
interface Request { readonly bytes: Uint8Array; readonly time: number | undefined; readonly wanted: boolean }
/** So many questions are remembered. */
const MOST = 4096;

export class Follower {
  readonly #wanted: Wanted;
  readonly #processes: Processes;
  readonly #families: Map<string, Registered>;
  #generic: Protocol;
  readonly #asked = new Map<string, Request>();

  /** @param families those that are known before anything is said */
  constructor(wanted: Wanted, processes: Processes, families: readonly Registered[]) {
    this.#wanted = wanted;
    this.#processes = processes;
    this.#families = new Map(families.map((one) => [one.name, one]));
    this.#generic = genericAt(families);
  }

  /** What is to be shown of a datagram; undefined: it is not wanted. */
  take(datagram: Captured): string | undefined {
    const { bytes, protocol: number, direction, thread = 0, fd, time, end } = datagram;
    if (number === NETLINK_GENERIC) this.#learn(bytes);
    const protocol = number === NETLINK_GENERIC ? this.#generic : number, known = protocolNamed(protocol), messages = toJson(bytes, { ...(protocol !== undefined && { protocol }) });
    const key = (seq: number): string => `${this.#processes.group(thread)}/${fd}/${seq}`, all = [...frames(bytes)];
    const asked = direction === 'receive' ? all.map((frame) => this.#asked.get(key(frame.seq))).find((one) => one !== undefined) : undefined;
    const named = this.#wanted.types === undefined || messages.some(({ name }) => name !== undefined && this.#wanted.types!.some((type) => type.test(name)));
    const wanted = (this.#wanted.protocols?.includes(number ?? -1) ?? true) && (named || asked?.wanted === true);
    if (direction === 'send') for (const frame of all) this.#remember(key(frame.seq), { bytes: bytes.slice(frame.at, frame.end), time, wanted });
    const errors = direction === 'receive' ? all.flatMap((frame) => this.#error(known, bytes, frame, key(frame.seq))) : [];
    if (!wanted) return undefined;
    const latency = asked?.time === undefined || end === undefined ? undefined : Math.max(0, Math.round((end - asked.time) * 1e6));
    return this.#shown(datagram, messages, errors, latency, protocol);
  }

  #learn(bytes: Uint8Array): void {
    let more = false;
    for (const [name, id] of announced(bytes)) if (this.#families.get(name)?.id !== id) { this.#families.set(name, { name, id, groups: {} }); more = true; }
    if (more) this.#generic = genericAt(this.#families.values());
  }

  #remember(key: string, request: Request): void {
    this.#asked.set(key, request);
    if (this.#asked.size > MOST) this.#asked.delete(this.#asked.keys().next().value as string);
  }

  #error(protocol: Protocol | undefined, bytes: Uint8Array, frame: Frame, key: string): NetlinkError[] {
    const asked = this.#asked.get(key);
    if (!asked || (frame.type !== NLMSG.error && frame.type !== NLMSG.done)) return [];
    const error = refusalOf(protocol, asked.bytes, bytes, frame);
    return error ? [error] : [];
  }

  #shown(datagram: Captured, messages: readonly JsonMessage[], errors: readonly NetlinkError[], latency: number | undefined, protocol: Protocol | number | undefined): string {
    const { direction, thread = 0, fd, time, truncated, note, bytes, protocol: number } = datagram, command = this.#processes.name(thread), spoken = protocolNamed(number)?.name ?? number;
    if (this.#wanted.print === 'json') {
      const said = errors.map(({ code, message, extack }) => ({ code, message, ...(extack?.path !== undefined && { path: extack.path }), ...(extack?.message !== undefined && { said: extack.message }) }));
      return `${JSON.stringify({
        ...(time !== undefined && { time }), pid: this.#processes.group(thread), ...(thread !== this.#processes.group(thread) && { thread }), command, fd, ...(spoken !== undefined && { protocol: spoken }), direction,
        ...(latency !== undefined && { latency }), messages, ...(said.length && { errors: said }), ...(truncated !== undefined && { truncated }), ...(note !== undefined && { note }),
      })}\n`;
    }
    const when = this.#wanted.time && time !== undefined ? `${clock(time)} ` : '', who = `${command}[${thread}]`, late = latency === undefined ? '' : duration(latency);
    const refused = errors.map((error) => `refused: ${error.message}`);
    if (this.#wanted.print === 'brief') {
      const lines = messages.map(({ name, type, seq, flags = [], body, $tail }) => `${name ?? type ?? ''}${seq === undefined ? '' : ` seq ${seq}`}${flags.length ? ` ${flags.join(',')}` : ''} ${$tail ?? show(meant(body))}`.trimEnd());
      return lines.map((line, i) => `${when}${who} ${fd} ${spoken ?? '?'} ${direction === 'send' ? '>' : '<'} ${late && i === 0 ? `(${late}) ` : ''}${line}${i === lines.length - 1 ? refused.map((one) => `; ${one}`).join('') : ''}\n`).join('');
    }
    const head = `# ${when}${who} socket ${fd}, ${spoken ?? 'protocol not known'}, ${direction === 'send' ? 'to' : 'from'} the kernel${late ? `, ${late} after the request` : ''}`;
    return [head, tree(bytes, { ...(protocol !== undefined && { protocol }) }), ...(note === undefined ? [] : [`(${note})`]), ...refused, ''].join('\n');
  }
}

/** Without what only the exact bytes need. */
function meant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meant);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter(([key]) => !/^\$(wire|order|header)$/.test(key)).map(([key, own]) => [key, meant(own)])) : value;
}

/** Microseconds in words. */
const duration = (us: number): string => (us < 10_000 ? `${us} us` : us < 10_000_000 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(1)} s`);
/** The local time of day, to the microsecond. */
function clock(time: number): string {
  const whole = new Date(Math.floor(time) * 1000);
  return `${whole.toTimeString().slice(0, 8)}.${String(Math.floor((time % 1) * 1e6)).padStart(6, '0')}`;
}
