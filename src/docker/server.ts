/** HTTP on a unix socket, nothing more. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../network/listen.ts';
import { PluginError, refusal, statuses } from './error.ts';
import type { Answer, Request } from './protocol.ts';

export const SOCKET = '/run/docker/plugins/nlkit.sock';
/** Bytes of a request's body. */
export const MOST = 1 << 20;
const TYPE = 'application/vnd.docker.plugins.v1.1+json';

/** @returns undefined when the request was aborted @throws {PluginError} when it is too large */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST) throw new PluginError(`the request is longer than ${MOST} bytes`, statuses.tooLarge);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PluginError) throw error;
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': TYPE, ...(status === statuses.method && { allow: 'POST' }), ...(status === statuses.tooLarge && { connection: 'close' }) });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * Serves one request after another: the engine's calls depend on each other.
 * @returns the server, which listens; closing it takes the socket away
 * @throws {NetworkError}
 */
export async function serve(path: string, answer: (request: Request) => Promise<Answer>): Promise<Server> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void (async () => {
      try {
        const body = await bodyOf(request);
        if (body === undefined) return;
        const mine = last.then(() => answer({ method: request.method ?? '', path: request.url ?? '', body }));
        last = mine.catch(() => {});
        send(response, await mine);
      } catch (error) { send(response, { status: error instanceof PluginError ? error.status : 500, body: refusal(error) }); }
    })();
  });
  await listen(server, path);
  return server;
}
