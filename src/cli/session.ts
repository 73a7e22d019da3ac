/** What the commands of one call share: options, output, and a kernel that is opened when it is first used. */
import { closeSync, openSync, readdirSync } from 'node:fs';
import type { Context } from './context.ts';
import type { Kernel } from './kernel.ts';
import { Links } from './links.ts';
import { Names } from './names.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';

/** Opens the kernel of a namespace. */
export type OpenKernel = (netns: string | undefined) => Kernel;

export function session(options: Options, out: Output, open: OpenKernel): Context & { close(): void } {
  let kernel: Kernel | undefined;
  const names = new Names();
  names.numeric = options.numeric;
  const context: Context & { close(): void } = {
    options,
    out,
    names,
    get kernel() {
      return (kernel ??= open(options.netns));
    },
    links: new Links(() => context.kernel),
    namespaceName: namespaceNames(() => context.kernel),
    path: [],
    close: () => kernel?.close(),
  };
  return context;
}

/** Names of namespaces by the ids that ours has for them; asked for once. */
function namespaceNames(kernel: () => Kernel): (id: number) => string | undefined {
  let known: Map<number, string> | undefined;
  return (id) => {
    if (!known) {
      known = new Map();
      for (const name of namedNamespaces()) {
        const nsid = namespaceId(kernel(), name);
        if (nsid !== undefined && nsid >= 0) known.set(nsid, name);
      }
    }
    return known.get(id);
  };
}

export const namespaceFolder = '/var/run/netns';

export function namedNamespaces(): string[] {
  try {
    return readdirSync(namespaceFolder);
  } catch {
    return [];
  }
}

/** The id that this namespace has for a named one; -1: none; undefined: it cannot be told. */
export function namespaceId(kernel: Kernel, name: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(`${namespaceFolder}/${name}`, 'r');
  } catch {
    return undefined;
  }
  try {
    return kernel.get('getnsid', { family: 'unspec', fd })?.['nsid'] as number | undefined;
  } catch {
    // A file that nothing is mounted on.
    return undefined;
  } finally {
    closeSync(fd);
  }
}
