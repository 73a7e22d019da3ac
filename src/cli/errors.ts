/** What ends a command early: a text for the person and the exit status. */

/** Exit statuses of `nlkit`: they do not depend on which tool's grammar was used. */
export const exits = { ok: 0, usage: 1, refused: 2, noTransport: 3, undecodable: 4 } as const;

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly status: number;
  readonly hint: string | undefined;

  constructor(message: string, status: number = exits.usage, hint?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** The line ends where more must follow. Who knows what that is gives the hint. */
export class Incomplete extends CliError {}

/** What entering a namespace failed with: that it is not there is the command line's mistake. */
export function entering(netns: string, error: unknown): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string };
  if (error instanceof TypeError || (syscall === 'open' && code === 'ENOENT')) return noNamespace(netns);
  return syscall === 'setns' && code === 'EINVAL' ? notNamespace(netns) : error;
}

export function noNamespace(given: string): CliError {
  return usage(`there is no network namespace "${given}"`, 'ip netns list shows the named ones; a pid stands for a process\'s');
}

/** Its file is left over: of a machine that was restarted, or of a namespace whose mount is gone. */
export function notNamespace(given: string): CliError {
  return usage(`"${given}" is not a network namespace`, 'its file is there, but no namespace is mounted on it');
}

/** The command line is wrong, or names something that does not exist. Nothing was sent. */
export function usage(message: string, hint?: string): CliError {
  return new CliError(message, exits.usage, hint);
}
