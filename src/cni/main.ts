/** The `nlkit-cni` program: a call of a container runtime, or a person's. */
import { readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { SOCKET } from './caller.ts';
import { install } from './install.ts';
import type { Firewall } from './firewall.ts';
import { answerWith, needsFirewall } from './run.ts';
import { VERSIONS } from './version.ts';

const called = basename(process.argv[1] ?? '', '.js'), [word, folder, ...more] = process.argv.slice(2);

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
nlkit-cni install DIR   puts it in a folder of plugins, under each plugin's name
nlkit-cni serve         stays and answers the calls of installed plugins: they need not start Node\n`;
}

function respond(input: string, firewall: Firewall): void {
  const { output, status } = answerWith(firewall, called, process.env, input);
  if (output !== undefined) print(1, `${JSON.stringify(output, null, 4)}\n`);
  process.exitCode = status;
}

async function stay(): Promise<void> {
  const [{ serve }, { ended }, { firewall }] = await Promise.all([import('./serve.ts'), import('../network/listen.ts'), import('./firewall.ts')]);
  const path = process.env['NLKIT_CNI_SOCKET'] || SOCKET, end = ended();
  try {
    const server = await serve(path, (name, env, input) => answerWith(firewall, name, env, input));
    print(2, `listening at ${path}\n`);
    await end;
    server.close();
  } catch (error) { print(2, `error: ${(error as Error).message}\n`); process.exitCode = 1; }
}

if (process.env['CNI_COMMAND']) {
  const input = readFileSync(0, 'utf8');
  if (needsFirewall(input) || ['portmap', 'firewall'].includes(called)) void import('./firewall.ts').then(({ firewall }) => respond(input, firewall));
  else respond(input, unneeded);
} else if (word === 'install' && folder !== undefined && more.length === 0) {
  try { print(1, install(folder)); } catch (error) { print(2, `error: ${(error as Error).message}\n`); process.exitCode = 1; }
} else if (word === 'serve' && folder === undefined) {
  void stay();
} else {
  print(2, help());
  process.exitCode = word === undefined || word === '--help' || word === '-h' ? 0 : 1;
}
