/**
 * Runs the same live checks on every runtime that nlkit supports: Node 20, 22, 24, 26 (by koffi, and by node:ffi), Bun, Deno.
 *
 *   npm run test:runtimes                  the runtimes that are there; the others are named
 *   npm run test:runtimes -- --install     gets them first, from npm, into .cache/runtimes
 *   npm run test:runtimes -- node22 bun    only these
 *
 * Exit: 0 all passed; 1 a check failed; 3 nothing could be run.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, '.cache/runtimes');
const args = process.argv.slice(2);
const install = args.includes('--install');
const chosen = args.filter((arg) => !arg.startsWith('-'));

const arch = { x64: { node: 'x64', bun: 'x64', deno: 'x64' }, arm64: { node: 'arm64', bun: 'aarch64', deno: 'arm64' } }[process.arch];
if (process.platform !== 'linux' || !arch) {
  console.error(`test:runtimes: the checks need Linux on x64 or arm64; this is ${process.platform} on ${process.arch}`);
  process.exit(3);
}

const node = (version, env = {}) => ({ folder: `node${version}`, package: `node-linux-${arch.node}@${version}`, binary: `node-linux-${arch.node}/bin/node`, args: [], env });
const runtimes = {
  node20: node(20),
  node22: node(22),
  node24: node(24),
  node26: node(26),
  'node26+ffi': node(26, { NLKIT_LOADER: 'node:ffi' }),
  bun: { folder: 'bun', package: `@oven/bun-linux-${arch.bun}`, binary: `@oven/bun-linux-${arch.bun}/bin/bun`, args: ['run'], env: {} },
  deno: { folder: 'deno', package: `@deno/linux-${arch.deno}-glibc`, binary: `@deno/linux-${arch.deno}-glibc/deno`, args: ['run', '--allow-all', '--quiet'], env: {} },
};
for (const name of chosen) {
  if (name in runtimes) continue;
  console.error(`test:runtimes: '${name}' is none of ${Object.keys(runtimes).join(', ')}`);
  process.exit(1);
}

const binaryOf = (runtime) => join(home, runtime.folder, 'node_modules', runtime.binary);

function get(runtime) {
  const prefix = join(home, runtime.folder);
  mkdirSync(prefix, { recursive: true });
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', runtime.package], { encoding: 'utf8' });
  if (status !== 0) console.log(`  ${runtime.package} could not be installed: ${stderr.trim().split('\n')[0]}`);
}

/** Namespaces of their own, with an empty /run: nothing is left behind. */
const isolated = (command) => ['unshare', [...(process.getuid() === 0 ? [] : ['-Ur']), '-mn', 'sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh', ...command]];

function check(runtime, binary, bundle) {
  return new Promise((resolve) => {
    const [command, rest] = isolated([binary, ...runtime.args, bundle]);
    const child = spawn('timeout', ['120', command, ...rest], { env: { ...process.env, ...runtime.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { err += data; });
    child.on('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
      const ended = lines.at(-1)?.name === 'end';
      resolve({ lines: lines.filter((line) => line.name !== 'end'), failure: code === 124 ? 'it did not end by itself' : !ended || (code !== 0 && code !== 1) ? `exit ${code ?? signal}` : undefined, err: err.trim() });
    });
  });
}

const probe = spawnSync(...isolated(['true']), { encoding: 'utf8' });
if (probe.status !== 0) {
  console.error(`test:runtimes: no namespaces here: ${probe.stderr?.trim() || probe.error?.message}`);
  process.exit(3);
}
mkdirSync(home, { recursive: true });
// In the project, so that the optional dependencies are found from it.
const bundle = join(home, 'checks.mjs');
await build({ entryPoints: [join(root, 'test/live/runtime-checks.ts')], bundle: true, platform: 'node', format: 'esm', target: 'es2022', outfile: bundle, logLevel: 'error' });

let ran = 0, failures = 0;
const missing = [];
for (const [name, runtime] of Object.entries(runtimes)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const binary = binaryOf(runtime);
  if (install && !existsSync(binary)) get(runtime);
  if (!existsSync(binary)) {
    missing.push(`${name} (${runtime.package})`);
    continue;
  }
  ran++;
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0];
  console.log(`${name}: ${version}`);
  const { lines, failure, err } = await check(runtime, binary, bundle);
  for (const line of lines) {
    if (line.error) failures++;
    const word = line.error ? 'FAIL' : line.skipped ? 'skip' : 'ok';
    console.log(`  ${word.padEnd(4)} ${line.name}${line.note ? `: ${line.note}` : ''}${line.skipped ? `: ${line.skipped}` : ''} (${line.ms} ms)${line.error ? `\n       ${line.error.split('\n').slice(0, 4).join('\n       ')}` : ''}`);
  }
  if (failure) {
    failures++;
    console.log(`  FAIL ${failure}`);
  }
  if (err) console.log(`       ${err.split('\n').slice(0, 6).join('\n       ')}`);
}
for (const name of missing) console.log(`missing: ${name}: npm run test:runtimes -- --install`);
console.log(failures > 0 ? `${failures} failed` : ran > 0 ? `all passed on ${ran} of ${ran + missing.length}` : 'nothing was run');
process.exit(failures > 0 ? 1 : ran > 0 ? 0 : 3);
