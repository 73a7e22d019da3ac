/** A client that speaks to a plugin as docker does: POST over a unix socket. */
import { request } from 'node:http';

export interface Reply { readonly status: number; readonly body: Record<string, unknown> }
export interface Asking { readonly method?: string; readonly body?: unknown; readonly raw?: string }

export const ask = (socketPath: string, path: string, { method = 'POST', body, raw }: Asking = {}): Promise<Reply> => new Promise((resolve, reject) => {
  // A connection that is kept may be one to a plugin that was killed.
  const call = request({ socketPath, path, method, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('error', reject).on('end', () => {
      try { resolve({ status: response.statusCode as number, body: JSON.parse(text) as Record<string, unknown> }); } catch (error) { reject(error as Error); }
    });
  });
  call.on('error', reject);
  call.end(raw ?? (body === undefined ? '' : JSON.stringify(body)));
});

/** Identifiers as the engine makes them. */
export const NETWORK = 'a1b2c3d4e5f6'.padEnd(64, '0'), ENDPOINT = 'feedbeef'.padEnd(64, '1');
