/** What the engine is told: an HTTP status, and a text in `Err`. */

/** OK carries answers, and refusals of what was understood; the others are for requests that were not. */
export const statuses = { ok: 200, malformed: 400, unknown: 404, method: 405, tooLarge: 413 } as const;

/** A request that is refused. */
export class PluginError extends Error {
  readonly status: number;
  constructor(message: string, status: number = statuses.ok) {
    super(message);
    this.status = status;
  }
  static { Object.defineProperty(this.prototype, 'name', { value: 'PluginError', configurable: true, writable: true }); }
}
/** The request's fields are not of the protocol's form. */
export const malformed = (message: string): PluginError => new PluginError(message, statuses.malformed);
/** The form of refusals. */
export const refusal = (error: unknown): { Err: string } => {
  const { message, hint } = error as { message?: string; hint?: string };
  return { Err: `${message || String(error)}${hint === undefined ? '' : `; ${hint}`}` };
};
