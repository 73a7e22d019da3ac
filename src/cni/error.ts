/** What a plugin answers when it cannot do what it was asked to. */

/** Numbers of the specification; from 100 on they are a plugin's own. */
export const codes = {
  version: 1, unsupportedField: 2, unknownContainer: 3, environment: 4, io: 5, decode: 6, config: 7, namespace: 8, tryLater: 11, unavailable: 50, limited: 51,
  /** The kernel or another plugin refused; also what the reference plugins say of whatever has no number. */
  failed: 999,
} as const;

/** A refusal, with its number in {@link codes}. */
export class CniError extends Error {
  readonly code: number;
  readonly details: string | undefined;
  constructor(code: number, message: string, details?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
  static { Object.defineProperty(this.prototype, 'name', { value: 'CniError', configurable: true, writable: true }); }
}

/** Says what was being done when something failed; a CniError stays what it is. */
export function during<T>(what: string, body: () => T): T {
  try { return body(); } catch (error) {
    if (error instanceof CniError) throw error;
    throw new CniError(codes.failed, `${what}: ${(error as Error).message}`, undefined, error);
  }
}
export const failure = (message: string): CniError => new CniError(codes.failed, message);
export const misconfigured = (message: string): CniError => new CniError(codes.config, message);

/** The JSON that a runtime reads on standard output. */
export function errorJson(error: unknown, cniVersion?: string): object {
  const known = error instanceof CniError ? error : new CniError(codes.failed, (error as Error)?.message ?? String(error));
  return { ...(cniVersion !== undefined && { cniVersion }), code: known.code, msg: known.message, ...(known.details !== undefined && { details: known.details }) };
}
