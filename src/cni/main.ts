/** The `nlkit-cni` program: a call of a container runtime, or a person's. */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IDLE, IDLE_SECONDS, SOCKET } from './caller.ts';
import { install } from './install.ts';
import type { Firewall } from './firewall.ts';
import { answerWith, needsFirewall } from './run.ts';
import { VERSIONS } from './version.ts';

const called = basename(process.argv[1] ?? '', '.js'), words = process.argv.slice(2);
const socketSaid = process.env['NLKIT_CNI_SOCKET'], socket = socketSaid || SOCKET;

/** A number of seconds in words; undefined for what is none. */
const secondsOf = (text: string | undefined): number | undefined => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : undefined);

/** A pipe takes a part at a time. */
function print(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
const none = (): never => { throw new Error('the firewall was not read'); };
const unneeded: Firewall = { add: none, admit: none, checkAdmitted: none, drop: none, sweep: none };
function help(): string {
  return `CNI plugins (https://www.cni.dev): ${called}\nCNI protocol versions supported: ${VERSIONS.join(', ')}\n
A container runtime calls it, with CNI_COMMAND in the environment and the configuration on standard input.
nlkit-cni install DIR            puts it in a folder of plugins, under each plugin's name; a call leaves a server of calls behind, for a minute
nlkit-cni install DIR --idle N   the same, for N seconds after the last call; 0: none is left behind
nlkit-cni serve [--idle N]       stays, or stays so long, and answers the calls of installed plugins: they need not start Node\n`;
}

function respond(input: string, firewall: Firewall): void {
  const { output, status } = answerWith(firewall, called, process.env, input);
  if (output !== undefined) print(1, `${JSON.stringify(output, null, 4)}\n`);
  process.exitCode = status;
  const idle = secondsOf(process.env[IDLE]);
  if (idle) void import('./stay.ts').then(({ leaveServer }) => leaveServer(socket, idle, Boolean(socketSaid)));
}

async function stay(idle?: number): Promise<void> {
  const [{ serve }, { ended }, { firewall }, { started }] = await Promise.all([import('./serve.ts'), import('../network/listen.ts'), import('./firewall.ts'), import('./stay.ts')]);
  const end = ended(), own = fileURLToPath(import.meta.url), program = existsSync(own) ? own : process.execPath;
  try {
    const server = await serve(socket, (name, env, input) => answerWith(firewall, name, env, input), { ...(idle !== undefined && { idle }), program }).finally(() => started(socket));
    print(2, `listening at ${socket}\n`);
    await Promise.race([end, new Promise((closed) => { server.once('close', closed); })]);
    server.close();
  } catch (error) { print(2, `error: ${(error as Error).message}\n`); process.exitCode = 1; }
}

if (process.env['CNI_COMMAND']) {
  const input = readFileSync(0, 'utf8');
  if (needsFirewall(input) || ['portmap', 'firewall'].includes(called)) void import('./firewall.ts').then(({ firewall }) => respond(input, firewall));
  else respond(input, unneeded);
} else {
  const at = words.indexOf('--idle'), idle = at < 0 ? undefined : secondsOf(words.splice(at, 2)[1]), [word, folder] = words;
  if (at >= 0 && idle === undefined) { print(2, 'error: --idle takes a number of seconds\n'); process.exitCode = 1; }
  else if (word === 'install' && words.length === 2) {
    try { print(1, install(folder as string, idle ?? IDLE_SECONDS)); } catch (error) { print(2, `error: ${(error as Error).message}\n`); process.exitCode = 1; }
  } else if (word === 'serve' && words.length === 1) void stay(idle);
  else {
    print(2, help());
    process.exitCode = word === undefined || word === '--help' || word === '-h' ? 0 : 1;
  }
}
