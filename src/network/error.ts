/** What is wrong with a request about networks, before or beside what the kernel says. */

/**
 * INVALID: the declaration cannot be. NOT_FOUND, EXISTS: the network, container or namespace. CONFLICT: something else is in the way.
 * IN_USE: others still need it. GONE: it went away meanwhile. EXHAUSTED: no address left. UNSUPPORTED: this kernel or version cannot.
 * STATE: the files are not ours, damaged, or cannot be written.
 */
export type NetworkCode = 'INVALID' | 'NOT_FOUND' | 'EXISTS' | 'CONFLICT' | 'IN_USE' | 'GONE' | 'EXHAUSTED' | 'UNSUPPORTED' | 'STATE' | 'DENIED';

export class NetworkError extends Error {
  readonly code: NetworkCode;
  /** What to do about it. */
  declare readonly hint?: string;
  constructor(code: NetworkCode, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
  static { Object.defineProperty(this.prototype, 'name', { value: 'NetworkError', configurable: true, writable: true }); }
}

export const invalid = (message: string, hint?: string): NetworkError => new NetworkError('INVALID', message, hint);

/** What it means that the state folder cannot be made, or written to. */
export function unwritable(what: 'made' | 'written to', error: unknown): NetworkError {
  const { code, message } = error as NodeJS.ErrnoException, denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new NetworkError(denied ? 'DENIED' : 'STATE', `the state folder cannot be ${what}: ${message}`, denied ? 'run as root, or name a folder of your own in NLKIT_STATE' : undefined, error);
}
