/** Interface names and indexes, asked of the kernel once each. */
import { usage } from './errors.ts';
import type { Body, Kernel } from './kernel.ts';

/** Room for a name in the kernel, its NUL included (IFNAMSIZ). Longer ones are alternative names. */
const ifnamsiz = 16;

/** The cheapest answer. */
const lookup = ['vf', 'skipStats'];

/** What the kernel says to a name that no link has, or can have. */
export const nobody: ReadonlySet<string | undefined> = new Set(['ENODEV', 'EINVAL', 'ERANGE']);

/** How a link is asked for by name. */
export function byName(name: string): Body {
  return name.length < ifnamsiz ? { ifname: name } : { altIfname: name };
}

export class Links {
  readonly #kernel: () => Kernel;
  readonly #names = new Map<number, string>();
  readonly #indexes = new Map<string, number>();
  readonly #objects = new Map<number, Body>();

  constructor(kernel: () => Kernel) {
    this.#kernel = kernel;
  }

  /** Remembers links that were read for another reason. */
  learn(links: Iterable<Body>): void {
    for (const link of links) {
      const { index, ifname } = link as { index?: number; ifname?: string };
      if (index === undefined || ifname === undefined) continue;
      this.#names.set(index, ifname);
      this.#indexes.set(ifname, index);
      this.#objects.set(index, link);
    }
  }

  #ask(body: Body): Body | undefined {
    try {
      const link = this.#kernel().lookup({ extMask: lookup, ...body });
      if (link) this.learn([link]);
      return link;
    } catch (error) {
      if (nobody.has((error as { code?: string }).code)) return undefined;
      throw error;
    }
  }

  /** The link's index; an unknown name ends the command. */
  index(name: string): number {
    const index = this.find(name);
    if (index === undefined) throw usage(`there is no link "${name}"`);
    return index;
  }

  find(name: string): number | undefined {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.#ask(byName(name))?.['index'] as number | undefined;
    if (index !== undefined) {
      this.#indexes.set(name, index);
      return index;
    }
    const number = /^if(\d+)$/.exec(name);
    return number ? Number(number[1]) : undefined;
  }

  /** The link's name, or `if7` when there is none. */
  name(index: number): string {
    if (index === 0) return '*';
    return this.#names.get(index) ?? (this.#ask({ index })?.['ifname'] as string | undefined) ?? `if${index}`;
  }

  /** The whole object, as far as it has been read. */
  object(index: number): Body | undefined {
    return this.#objects.get(index) ?? this.#ask({ index });
  }

  forget(): void {
    this.#names.clear();
    this.#indexes.clear();
    this.#objects.clear();
  }
}
