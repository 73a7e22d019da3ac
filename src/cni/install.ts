/** Puts the plugins into a folder that a container runtime looks in. */
import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from './error.ts';
import { plugins, versionJson } from './run.ts';
import { SHARED, SOCKET } from './serve.ts';

const PROGRAM = 'nlkit-cni';
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Passes a call on to `nlkit-cni serve`: arguments are its socket and the name that the program was called by. Perl is a tenth of Node
 * to start, and Debian cannot be without it. Exit status 75: nobody serves this call, and nothing of it was read.
 */
const caller = `
$SIG{PIPE} = "IGNORE";
socket(S, 1, 1, 0) && connect(S, pack("Sa*", 1, $ARGV[0])) or exit 75;
syswrite(S, pack("N/a*", join("\\0", $ARGV[1], map({ readlink("/proc/self/ns/$_") } qw(${SHARED.join(' ')})), map({ "$_=$ENV{$_}" } grep({ /^CNI_|^PATH$/ } keys(%ENV))))));
sysread(S, $_, 1) && $_ eq "+" or exit 75;
syswrite(S, $_) while sysread(STDIN, $_, 65536);
shutdown(S, 1);
local $/;
$_ = <S>;
s/^([01])// or $_ = qq({"code":${codes.tryLater},"msg":"nlkit-cni serve went away during the call"}\\n);
print;
exit($1 // 1);
`;

/**
 * A program for the shell, and from the line of Node on for Node. podman asks every plugin of every network for its versions before each
 * of its own commands: that is answered without Node, as is all that a server of calls takes.
 */
const launcher = (): string => `#!/bin/sh
':' //; [ "$CNI_COMMAND" = VERSION ] && { echo ${quoted(JSON.stringify(versionJson))}; exit; }
':' //; s="\${NLKIT_CNI_SOCKET:-${SOCKET}}"; [ -n "$CNI_COMMAND" ] && [ -S "$s" ] && { perl -e ${quoted(caller.trim().replaceAll('\n', ' '))} "$s" "\${0##*/}"; r=$?; case $r in 75|126|127) ;; *) exit $r;; esac; }
':' //; exec ${quoted(process.execPath)} "$0" "$@"
require(${JSON.stringify(realpathSync(process.argv[1] as string))});
`;

/**
 * A runtime starts plugins with little in its environment: the file that is written names this Node and this program by their
 * paths. The plugins' names are links to it.
 * @returns what was made, one a line @throws for files of others that are there
 */
export function install(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(plugins), foreign = names.filter((name) => !isFree(join(folder, name)));
  if (foreign.length > 0) throw new Error(`${folder} has other plugins of that name: ${foreign.join(', ')}`);
  const program = join(folder, PROGRAM);
  writeFileSync(program, launcher());
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
