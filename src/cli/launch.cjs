/**
 * Starts a program of the package. Compiling its one file takes longer than most of what it does, so V8's compiled code is kept in the user's cache folder
 * ($XDG_CACHE_HOME or ~/.cache, then nlkit/), readable and writable by the user alone. NODE_DISABLE_COMPILE_CACHE=1 does without.
 */
'use strict';
const fs = require('node:fs'), path = require('node:path'), vm = require('node:vm');

// scripts/programs.mjs writes in which program this is, and which of its tools have a smaller file of their own.
const program = 'command', quick = [];
const file = path.join(__dirname, `${quick.includes(process.argv[2]) ? process.argv[2] : program}.cjs`);
const code = fs.readFileSync(file, 'latin1'); // ASCII: one byte a character, no decoding
const cache = cachePath();
const script = new vm.Script(code, { filename: file, cachedData: read(cache) });
if (cache && (script.cachedDataRejected ?? true)) process.once('exit', () => write(cache, script.createCachedData()));
script.runInThisContext()({}, require, module, file, __dirname);

/** A file a build, an engine and a command (V8 keeps what ran); none where there is no home, or no owner to compare with. */
function cachePath() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE || !process.getuid) return undefined;
  const base = process.env.XDG_CACHE_HOME || path.join(home(), '.cache');
  if (!path.isAbsolute(base)) return undefined;
  const { size, mtimeMs } = fs.statSync(file);
  // A CNI plugin is told what to do by its name and its environment.
  const said = process.env.CNI_COMMAND ? [path.basename(process.argv[1]), process.env.CNI_COMMAND.toLowerCase()] : process.argv.slice(2);
  const words = said.filter((word) => /^[a-z][a-z-]{1,9}$/.test(word)).slice(0, 2).join('-');
  return path.join(base, 'nlkit', `${process.arch}-${process.versions.v8}-${size}-${Math.floor(mtimeMs)}-${words}.bin`);
}
/** Container runtimes start plugins without $HOME: it is in the user database, mostly. */
function home() {
  if (process.env.HOME) return process.env.HOME;
  try { return require('node:os').homedir(); } catch { return ''; }
}
/** Code from someone else is not run: the file must be the user's own, and nobody else may write to it. */
function read(from) {
  if (!from) return undefined;
  let fd;
  try {
    fd = fs.openSync(from, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    const { uid, mode } = fs.fstatSync(fd);
    return uid === process.getuid() && (mode & 0o022) === 0 ? fs.readFileSync(fd) : undefined;
  } catch { return undefined; } finally { if (fd !== undefined) fs.closeSync(fd); }
}
function write(to, data) {
  const part = `${to}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
    fs.writeFileSync(part, data, { mode: 0o600, flag: 'wx' });
    fs.renameSync(part, to);
    forget(path.dirname(to), path.basename(to));
  } catch {
    // The folder may be somebody else's: then nothing was made, and nothing can be taken away.
    try { fs.rmSync(part, { force: true }); } catch {}
  }
}
/** Code of other builds and engines that was made more than a week ago. */
function forget(folder, current) {
  for (const name of fs.readdirSync(folder)) {
    const old = path.join(folder, name);
    if (name.endsWith('.bin') && name !== current && Date.now() - fs.statSync(old).mtimeMs > 7 * 86_400_000) fs.rmSync(old, { force: true });
  }
}
