/** Who has which socket open, by the descriptors in /proc: read once, when it is first asked. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Owner { readonly name: string; readonly pid: number; readonly tid?: number; readonly fd: number }

const numbers = (folder: string): number[] => {
  try { return readdirSync(folder).filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b); } catch { return []; }
};
/** The name of a process, or of a thread; undefined where it is gone. */
export function processName(id: number): string | undefined {
  try { return /\(([^)]+)\)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1]; } catch { return undefined; }
}

export class Owners {
  readonly #threads: boolean;
  #found: Map<number, Owner[]> | undefined;

  constructor(threads: boolean) {
    this.#threads = threads;
  }

  /** Those of an inode, the latest descriptor first. */
  of(inode: number): readonly Owner[] {
    return inode === 0 ? [] : (this.#found ??= this.#read()).get(inode) ?? [];
  }

  #read(): Map<number, Owner[]> {
    const found = new Map<number, Owner[]>();
    for (const pid of numbers('/proc')) {
      this.#task(found, pid, pid);
      if (this.#threads) for (const tid of numbers(`/proc/${pid}/task`)) if (tid !== pid) this.#task(found, pid, tid);
    }
    return found;
  }

  #task(found: Map<number, Owner[]>, pid: number, tid: number): void {
    let name: string | undefined;
    for (const fd of numbers(`/proc/${tid}/fd`)) {
      let link: string;
      try { link = readlinkSync(`/proc/${tid}/fd/${fd}`); } catch { continue; }
      const inode = /^socket:\[(\d+)/.exec(link)?.[1];
      if (inode === undefined) continue;
      name ??= processName(tid) ?? '';
      const owner = { name, pid, ...(this.#threads && { tid }), fd }, known = found.get(Number(inode));
      if (known) known.unshift(owner);
      else found.set(Number(inode), [owner]);
    }
  }
}
