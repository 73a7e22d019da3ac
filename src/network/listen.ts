/** A unix socket that only its owner reaches. */
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { NetworkError } from './error.ts';

/** sun_path, with its final NUL (include/uapi/linux/un.h): a longer path would be cut short without a word. */
const LONGEST = 108 - 1;
/** Bits of a mode that a socket does not get: only its owner connects. */
const OWNER_ONLY = 0o177;

/** Whether somebody answers at a socket. */
const alive = (path: string): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(path);
  const end = (is: boolean): void => { socket.destroy(); resolve(is); };
  socket.once('connect', () => end(true)).once('error', (error: NodeJS.ErrnoException) => end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
});
/** Takes a socket away that a process which was killed has left. @throws {NetworkError} */
async function clear(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there) return;
  if (!there.isSocket()) throw new NetworkError('CONFLICT', `${path} is there, and it is not a socket`);
  if (await alive(path)) throw new NetworkError('CONFLICT', `another plugin listens at ${path}`);
  unlinkSync(path);
}

/** A server ends when it is asked to, and in the middle of no call. */
export const ended = (): Promise<void> => new Promise((resolve) => { for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve()); });

/** Lets a server listen at a path, in a folder that is made; closing it takes the socket away. @throws {NetworkError} when something else is there */
export async function listen(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST) throw new NetworkError('INVALID', `${path}: the path of a socket has ${LONGEST} bytes at most`);
  mkdirSync(dirname(path), { recursive: true });
  await clear(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is made before listen() returns.
    const before = process.umask(OWNER_ONLY);
    try { server.listen(path, resolve); } finally { process.umask(before); }
  });
}
