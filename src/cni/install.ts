/** Puts the plugins into a folder that a container runtime looks in. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLER, IDLE, SOCKET } from './caller.ts';
import { plugins, versionJson } from './run.ts';

const PROGRAM = 'nlkit-cni';
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What Node is to read; an executable (src/cli/executable.ts) reads nothing. */
const own = (): string => { const path = process.argv[1] ?? ''; return existsSync(path) ? realpathSync(path) : process.execPath; };

/**
 * A program for the shell, and from the line of Node on for Node. podman asks every plugin of every network for its versions before each
 * of its own commands: that is answered without Node, as is all that a server of calls takes.
 */
const launcher = (idle: number): string => `#!/bin/sh
':' //; [ "$CNI_COMMAND" = VERSION ] && { echo ${quoted(JSON.stringify(versionJson))}; exit; }
':' //; s="\${NLKIT_CNI_SOCKET:-${SOCKET}}"; [ -n "$CNI_COMMAND" ] && [ -S "$s" ] && { perl -e ${quoted(CALLER)} "$s" "\${0##*/}"; r=$?; case $r in 75|126|127) ;; 76) ${IDLE}=0;; *) exit $r;; esac; }
':' //; command -v perl > /dev/null && export ${IDLE}="\${${IDLE}:-${idle}}"
':' //; exec ${quoted(process.execPath)} "$0" "$@"
require(${JSON.stringify(own())});
`;

/**
 * A runtime starts plugins with little in its environment: the file that is written names this Node and this program by their
 * paths. The plugins' names are links to it.
 * @returns what was made, one a line @throws for files of others that are there
 */
export function install(folder: string, idle: number): string {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(plugins), foreign = names.filter((name) => !isFree(join(folder, name)));
  if (foreign.length > 0) throw new Error(`${folder} has other plugins of that name: ${foreign.join(', ')}`);
  const program = join(folder, PROGRAM);
  writeFileSync(program, launcher(idle));
  chmodSync(program, 0o755);
  for (const name of names) {
    const draft = join(folder, `.${name}.${process.pid}`);
    symlinkSync(PROGRAM, draft);
    renameSync(draft, join(folder, name));
  }
  return [PROGRAM, ...names].map((name) => `${join(folder, name)}\n`).join('');
}
/** Nothing is there, or a link of ours. */
function isFree(path: string): boolean {
  try { return lstatSync(path).isSymbolicLink() && readlinkSync(path) === PROGRAM; } catch { return true; }
}
