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

/** The command line is wrong, or names something that does not exist. Nothing was sent. */
export function usage(message: string, hint?: string): CliError {
  return new CliError(message, exits.usage, hint);
}
