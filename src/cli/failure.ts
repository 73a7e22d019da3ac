/** Errors as a person reads them, and as exit statuses. */
import { CliError, exits } from './errors.ts';

/** What any error of ours may carry; checked by shape, so that this needs none of their modules. */
interface Failure extends Error {
  readonly code?: string;
  readonly hint?: string;
  readonly capability?: string;
  readonly syscall?: string;
  /** The request in words, when the kernel does not say what in it is wrong. */
  readonly asked?: string;
  readonly extack?: { message?: string; path?: string; value?: unknown; policy?: object; offset?: number };
}

/** Exit status of an error. */
export function statusOf(error: unknown): number {
  if (error instanceof CliError) return error.status;
  const { name, code, capability } = error as Failure;
  if (name === 'DecodeError' || name === 'CaptureError') return exits.undecodable;
  if (name === 'EncodeError') return exits.usage;
  if (name === 'NetlinkError') {
    if (code === 'ERR_NETLINK_NO_TRANSPORT' || code === 'EPERM' || code === 'EACCES' || capability !== undefined) return exits.noTransport;
    return exits.refused;
  }
  return exits.usage;
}

/** A stack is for errors of the program itself. */
export function describe(error: unknown): string {
  if (error instanceof CliError) return lines(error.message, error.hint);
  const failure = error as Failure;
  if (failure.name === 'NetlinkError') return `${lines(failure.message, undefined)}${failure.asked === undefined ? '' : `  request: ${failure.asked}\n`}`;
  if (['DecodeError', 'EncodeError', 'CaptureError'].includes(failure.name)) return lines(failure.message, undefined);
  if (failure.code !== undefined) return lines(failure.message, undefined);
  return lines(failure.stack ?? String(error), undefined);
}

function lines(message: string, hint: string | undefined): string {
  return `error: ${message}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`;
}
