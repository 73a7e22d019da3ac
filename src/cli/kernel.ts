/** The seam between the command and the kernel: everything the command asks for goes through these few calls. */

import type { ProgramInfo } from '../bpf/call.ts';
import { VERB_FLAGS, type AnyGenericFamily, type Header, type Protocol } from '../codec/index.ts';

/** An object of a schema, as the codec gives and takes it. */
export type Body = Record<string, unknown>;

export interface Answer {
  /** The message's name in the protocol: `newlink`. */
  readonly message: string;
  readonly body: Body;
}

export interface Event extends Answer {
  /** Namespace id of the sender when the socket listens to all of them. */
  readonly nsid?: number;
  /** Of what is new and not changed: NLM_F_CREATE. */
  readonly created?: boolean;
  /** It had to be new: NLM_F_EXCL. Of actions that are all deleted: NLM_F_ROOT, which is the same bit as NLM_F_REPLACE. */
  readonly exclusive?: boolean;
  readonly replaced?: boolean;
  /** The kernel dropped events before this one. */
  readonly overrun?: boolean;
}

/** What the flags of a message say of its event. */
export const newness = (flags: number): Pick<Event, 'created' | 'exclusive' | 'replaced'> =>
  ({ ...(flags & VERB_FLAGS.new.create && { created: true }), ...(flags & VERB_FLAGS.new.excl && { exclusive: true }), ...(flags & VERB_FLAGS.new.replace && { replaced: true }) });

/** Names of NLM_F_* flags as the client takes them. REQUEST and ACK go without saying. */
export type RequestFlag = 'create' | 'excl' | 'replace' | 'append' | 'echo' | 'root' | 'match' | 'bulk' | 'nonrec';

/** A message as it came: its header and, undecoded, its payload. */
export interface RawMessage {
  readonly header: Header;
  readonly body: Uint8Array;
}

export interface MonitorOptions {
  readonly allNamespaces?: boolean;
  readonly signal?: AbortSignal;
}

export interface Kernel {
  /** Sends, waits for the acknowledgement, gives what came before it. Throws NetlinkError when the kernel refuses. */
  request(message: string, body: Body, flags?: readonly RequestFlag[]): Answer[];
  /** The same where the kernel answers only when all is done, which may take minutes: events are heard meanwhile. Not of a dry run. */
  later?(message: string, body: Body): Promise<Answer[]>;
  /** Changes something, where nothing but a refusal is of interest. It may be sent later, with those that follow (see `gather`). */
  change(message: string, body: Body, flags?: readonly RequestFlag[]): void;
  /**
   * From now on changes are sent many at once: before anything else is asked, and by `flush`. `here` is called with each
   * change; what it gave is called when that one is refused.
   */
  gather?(here: () => (error: unknown) => void): void;
  /** Sends what was gathered. */
  flush?(): void;
  /** Sends a question that one message answers (RTM_GETLINK of one link, RTM_GETROUTE of one destination). */
  get(message: string, body: Body): Body | undefined;
  /** A link by name or index, for its index or name. Its own call, so that a dry run need not show it. */
  lookup(body: Body): Body | undefined;
  /** Everything that matches; `exact` keeps what it takes to write the same bytes again. */
  dump(message: string, body: Body, options?: { readonly exact?: boolean; readonly select?: readonly string[] }): Body[];
  /** What there is to know of a program of BPF; undefined where it is gone, or not told. */
  program?(id: number): ProgramInfo | undefined;
  /** Events of these groups until the signal. */
  monitor(groups: readonly string[], options: MonitorOptions): AsyncIterable<Event>;
  /**
   * The links that there are, then the messages to these groups until the signal: as many at once as have come, and an `overrun`
   * where the kernel dropped some. Not of a dry run.
   */
  record?(groups: readonly string[], signal: AbortSignal): AsyncIterable<(RawMessage | 'overrun')[]>;
  /** The same, for the messages of a family of generic netlink. Throws NetlinkError where the kernel does not have it. */
  generic(family: AnyGenericFamily): Promise<Kernel>;
  /** The same, in another protocol. */
  speak(protocol: Protocol): Kernel;
  close(): void;
}
