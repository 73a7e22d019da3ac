/** The kernel through an undo log; and the rehearsal of what will be asked of it. */
import { IrreversibleError, UndoLog } from '../route/undo/index.ts';
import { runSync } from '../route/plan.ts';
import type { Reply, Request } from '../socket/index.ts';
import type { Answer, Body, RequestFlag } from './kernel.ts';
import { LiveKernel, messageOf } from './kernel-live.ts';
import { Recorder } from './kernel-record.ts';

export class AtomicKernel extends LiveKernel {
  readonly #log = new UndoLog();

  protected override send(request: Request): Reply[] {
    return runSync(this.client, this.#log.perform(request));
  }

  /** @throws {IrreversibleError} what the other log could not take back; nothing is sent. */
  judge(request: Request, log: UndoLog): void {
    const why = runSync(this.client, log.refusal(request));
    if (why !== undefined) throw new IrreversibleError(why);
  }

  /** Takes back all that was done. @returns why some of it could not be */
  undo(): unknown[] {
    return runSync(this.client, this.#log.undo());
  }
}

/** Takes the requests that are to come, and refuses those that could not be taken back. Links that they make are known by name from then on. */
export class Rehearsal extends Recorder {
  readonly #kernel: AtomicKernel;
  readonly #log = new UndoLog();
  readonly #links = new Map<string, Body>();

  constructor(kernel: AtomicKernel) {
    super();
    this.#kernel = kernel;
  }

  override request(message: string, body: Body, flags: readonly RequestFlag[] = []): Answer[] {
    // Encodes it, as the kernel will get it.
    super.request(message, body, flags);
    this.#kernel.judge({ message: messageOf(message), flags, body }, this.#log);
    if (message === 'newlink') this.#newLink(body, flags);
    if (message === 'newlinkprop') for (const name of (body['propList'] as { altIfname: string[] }).altIfname) this.#know(name, this.lookup({ index: body['index'] }) ?? body);
    return [];
  }

  #know(name: unknown, link: Body): void {
    this.#links.set(String(name), link);
  }

  #newLink(body: Body, flags: readonly RequestFlag[]): void {
    const { index, ifname, master } = body as { index?: number; ifname?: string; master?: number };
    if (!flags.includes('create')) {
      const link = this.lookup({ index }) ?? body;
      if (ifname !== undefined) this.#know(ifname, { ...link, ifname });
      if (master && !link['master']) this.#log.joined.add(index ?? 0);
      return;
    }
    for (const made of [body, (body['linkinfo'] as { data?: { peer?: Body } } | undefined)?.data?.peer]) {
      if (made?.['ifname'] === undefined || this.#exists(made['ifname'])) continue;
      // Numbers that no link has.
      const number = 0x7fffffff - this.#links.size;
      this.#log.made.add(number);
      this.#know(made['ifname'], { flags: [], ...made, index: number });
    }
  }

  #exists(name: unknown): boolean {
    try { return this.#kernel.lookup({ ifname: name }) !== undefined; } catch { return false; }
  }

  #known(body: Body): Body | undefined {
    const name = body['ifname'] ?? body['altIfname'];
    return name !== undefined ? this.#links.get(String(name)) : [...this.#links.values()].find((link) => link['index'] === body['index']);
  }

  override lookup(body: Body): Body | undefined {
    return this.#known(body) ?? this.#kernel.lookup(body);
  }

  override get(message: string, body: Body): Body | undefined {
    const known = message === 'getlink' ? this.#known(body) : undefined;
    if (known) return known;
    // What is not there yet may be made by an earlier line.
    try { return this.#kernel.get(message, body); } catch { return undefined; }
  }

  override dump(): Body[] { return []; }
}
