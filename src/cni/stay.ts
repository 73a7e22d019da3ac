/** A server of calls that a call leaves behind: where one container starts others mostly do, and starting Node for each is what takes longest. */
import { spawn } from 'node:child_process';
import { mkdirSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SHARED } from './caller.ts';

/** Whoever has made it starts the server: of calls that come at once, one does. */
const marker = (socket: string): string => `${socket}.starting`;
/** One that is older belongs to a start that failed. */
const STALE_MS = 10_000;

/** A server keeps its namespaces alive: those of a machine or a container, never some that were made to be left soon. */
function lasting(): boolean {
  try { return SHARED.every((kind) => readlinkSync(`/proc/self/ns/${kind}`) === readlinkSync(`/proc/1/ns/${kind}`)); } catch { return false; }
}
/** @returns whether nobody else is at it */
function claim(socket: string): boolean {
  const path = marker(socket), there = statSync(path, { throwIfNoEntry: false });
  if (there && Date.now() - there.mtimeMs < STALE_MS) return false;
  rmSync(path, { force: true });
  writeFileSync(path, '', { flag: 'wx' });
  return true;
}

/**
 * Starts a server at `socket`, which ends when nobody has called for `idle` seconds; not in namespaces that may go soon, unless the
 * environment itself says where the socket is. The call was answered already: what fails here is nobody's error.
 */
export function leaveServer(socket: string, idle: number, said: boolean): void {
  try {
    if (!(said || lasting())) return;
    mkdirSync(dirname(socket), { recursive: true });
    if (!claim(socket)) return;
    const { PATH, HOME } = process.env;
    spawn(realpathSync(process.argv[1] as string), ['serve', '--idle', String(idle)], {
      detached: true, stdio: 'ignore', cwd: '/', env: { ...(PATH && { PATH }), ...(HOME && { HOME }), NLKIT_CNI_SOCKET: socket },
    }).on('error', () => started(socket)).unref();
  } catch { /* the next call tries again */ }
}

/** The server listens, or does not come. */
export const started = (socket: string): void => { rmSync(marker(socket), { force: true }); };
