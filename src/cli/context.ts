/** What a command gets to work with. */
import type { Answer, Kernel } from './kernel.ts';
import type { Links } from './links.ts';
import type { Names } from './names.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';

export interface Context {
  readonly options: Options;
  readonly out: Output;
  readonly names: Names;
  /** Opened on first use: help and usage errors need no kernel. */
  readonly kernel: Kernel;
  readonly links: Links;
  /** A named namespace by the id this namespace gives it, for text output. */
  readonly namespaceName?: (id: number) => string | undefined;
  /** Prints what the kernel echoed. */
  echo?: (answers: readonly Answer[]) => void;
  /** The words that led to the running command, for messages: `ip link add`. */
  path: string[];
}
