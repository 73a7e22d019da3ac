/**
 * One thread that waits in poll for every watched descriptor, for a runtime that can run a foreign call off its loop
 * (Deno) and cannot watch a descriptor itself.
 */
import { drainDatagrams, sendDatagram } from './datagram.ts';
import { libc } from './libc.ts';
import { systemError } from './netlink-error.ts';
import { memory } from './signatures.ts';
import type { Watcher } from './transport.ts';

const AF_UNIX = 1, SOCK_DGRAM = 2, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000, POLLIN = 1;

interface Entry { fd: number; ready: () => void; paused: boolean }

class Poller {
  readonly #entries = new Set<Entry>();
  #bell: [number, number] | undefined;
  #waiting = false;
  #running = false;

  add(fd: number, ready: () => void): Watcher {
    const entry: Entry = { fd, ready, paused: false };
    this.#entries.add(entry);
    this.#change();
    return {
      pause: () => { entry.paused = true; this.#change(); },
      resume: () => { entry.paused = false; this.#change(); },
      ref() {},
      unref() {},
      close: () => { if (this.#entries.delete(entry)) this.#change(); },
    };
  }

  /** The set changed: the thread that waits for the old one must look again. */
  #change(): void {
    if (!this.#running) void this.#run();
    else if (this.#waiting) sendDatagram(this.#bell![1], memory(1));
  }

  async #run(): Promise<void> {
    const c = libc();
    const pair = memory(8);
    if (c.socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, c.pointer(pair)) < 0) throw systemError(c.errno(), 'socketpair');
    const [inner, outer] = (this.#bell = [...new Int32Array(pair.buffer)] as [number, number]);
    this.#running = true;
    while (this.#entries.size > 0) {
      const entries = [...this.#entries].filter((entry) => !entry.paused);
      const fds = memory(8 * (entries.length + 1)), ints = new Int32Array(fds.buffer);
      [inner, ...entries.map((entry) => entry.fd)].forEach((fd, index) => {
        ints[2 * index] = fd;
        ints[2 * index + 1] = POLLIN;
      });
      this.#waiting = true;
      await c.offThread!.poll(c.pointer(fds), c.size(entries.length + 1), -1);
      this.#waiting = false;
      // What happened is in the upper half of each second word.
      if (ints[1]! >>> 16) drainDatagrams(inner, () => {});
      entries.forEach((entry, index) => {
        if (ints[2 * index + 3]! >>> 16 && this.#entries.has(entry)) entry.ready();
      });
    }
    this.#running = false;
    c.close(inner);
    c.close(outer);
  }
}

let shared: Poller | undefined;
export const poller = (): Poller => (shared ??= new Poller());
