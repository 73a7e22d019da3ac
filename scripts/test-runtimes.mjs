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
import { binaryOf, get, home, runtimes, unsupported } from './runtimes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const install = args.includes('--install');
const chosen = args.filter((arg) => !arg.startsWith('-'));

if (unsupported) {
  console.error(`test:runtimes: ${unsupported}`);
  process.exit(3);
}
for (const name of chosen) {
  if (name in runtimes) continue;
  console.error(`test:runtimes: '${name}' is none of ${Object.keys(runtimes).join(', ')}`);
  process.exit(1);
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
  const absent = install && !existsSync(binary) ? get(runtime) : undefined;
  if (absent) console.log(`  ${absent}`);
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
