/** HTTP on a unix socket, nothing more. */
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { PluginError, refusal, statuses } from './error.ts';
import type { Answer, Request } from './protocol.ts';

export const SOCKET = '/run/docker/plugins/nlkit.sock';
/** Bytes of a request's body. */
export const MOST = 1 << 20;
const TYPE = 'application/vnd.docker.plugins.v1.1+json';
/** Bits of a mode that a socket does not get: only its owner connects. */
const OWNER_ONLY = 0o177;

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

/** Whether somebody answers at a socket. */
const alive = (path: string): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(path);
  const end = (is: boolean): void => { socket.destroy(); resolve(is); };
  socket.once('connect', () => end(true)).once('error', (error: NodeJS.ErrnoException) => end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
});
/** Takes a socket away that a process which was killed has left. @throws {PluginError} */
async function clear(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there) return;
  if (!there.isSocket()) throw new PluginError(`${path} is there, and it is not a socket`);
  if (await alive(path)) throw new PluginError(`another plugin listens at ${path}`);
  unlinkSync(path);
}

/**
 * Serves one request after another: the engine's calls depend on each other.
 * @returns the server, which listens; closing it takes the socket away
 * @throws {PluginError}
 */
export async function serve(path: string, answer: (request: Request) => Promise<Answer>): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  await clear(path);
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is made before listen() returns.
    const before = process.umask(OWNER_ONLY);
    try { server.listen(path, resolve); } finally { process.umask(before); }
  });
  return server;
}
