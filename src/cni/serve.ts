/** Calls answered by a process that stays: starting Node takes longer than most of what a call does. */
import { readlinkSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { listen } from '../network/listen.ts';
import { SHARED } from './caller.ts';
import { codes, CniError, errorJson } from './error.ts';
import type { Answer } from './run.ts';

/** Bytes of a call's variables, and of its configuration. */
const MOST = 1 << 20;
/** What the caller is told first: send the configuration, or do it yourself. */
const WELCOME = '+', ELSEWHERE = '-';

/** A call's name and variables: texts between zeros, the first the name, then the namespaces, then NAME=VALUE. */
interface Call { readonly called: string; readonly env: Record<string, string> }
function readCall(head: string, namespaces: readonly string[]): Call | undefined {
  const [called = '', ...rest] = head.split('\0'), theirs = rest.splice(0, namespaces.length);
  if (theirs.some((one, i) => one !== namespaces[i])) return undefined;
  const env = Object.fromEntries(rest.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  // A relative path is relative to the caller's folder.
  return (env['CNI_NETNS'] || '/').startsWith('/') && (env['CNI_PATH'] ?? '').split(':').every((path) => path === '' || path.startsWith('/')) ? { called, env } : undefined;
}

/** One caller: four bytes of length and its variables, our word, its configuration to the end; then the exit status and what is to be printed. */
async function attend(socket: Socket, namespaces: readonly string[], answer: (called: string, env: Call['env'], input: string) => Answer): Promise<void> {
  let bytes: Buffer = Buffer.alloc(0), call: Call | undefined;
  // The answer is written when all of it has been read.
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    if (!call) {
      if (bytes.length < 4) continue;
      const length = bytes.readUInt32BE(0);
      if (length > MOST) return void socket.destroy();
      if (bytes.length < 4 + length) continue;
      call = readCall(bytes.toString('utf8', 4, 4 + length), namespaces);
      socket.write(call ? WELCOME : ELSEWHERE);
      if (!call) return void socket.end();
      bytes = bytes.subarray(4 + length);
    }
    if (bytes.length > MOST) break;
  }
  if (!call) return void socket.end();
  const { output, status } = bytes.length > MOST
    ? { output: errorJson(new CniError(codes.decode, `the configuration is longer than ${MOST} bytes`), undefined), status: 1 }
    : answer(call.called, call.env, bytes.toString('utf8'));
  socket.end(`${status}${output === undefined ? '' : `${JSON.stringify(output, null, 4)}\n`}`);
}

/** Which text a file is. */
const edition = (path: string): string => { const there = statSync(path, { throwIfNoEntry: false }); return there ? `${there.ino} ${there.mtimeMs}` : ''; };

/** When a server closes by itself. */
export interface Ending {
  /** Seconds without a call; never, when it is not said. */
  readonly idle?: number;
  /** The program's file: once it is another, or gone, calls are answered by what is there now. */
  readonly program?: string;
}

/**
 * Answers calls that launchers pass on, one after the other.
 * @returns the server, which listens; closing it takes the socket away
 * @throws {NetworkError} when something else is at the path
 */
export async function serve(path: string, answer: (called: string, env: Readonly<Record<string, string>>, input: string) => Answer, { idle, program }: Ending = {}): Promise<Server> {
  const namespaces = SHARED.map((kind) => readlinkSync(`/proc/self/ns/${kind}`)), before = program === undefined ? '' : edition(program);
  let timer: NodeJS.Timeout | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    timer?.refresh();
    socket.on('error', () => {});
    attend(socket, namespaces, answer).catch(() => socket.destroy());
    if (program !== undefined && edition(program) !== before) server.close();
  });
  await listen(server, path);
  if (idle !== undefined) timer = setTimeout(() => server.close(), idle * 1000);
  server.on('close', () => clearTimeout(timer));
  return server;
}
