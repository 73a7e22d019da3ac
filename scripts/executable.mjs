#!/usr/bin/env node
/**
 * nlkit and nlkit-cni as one executable file that needs no Node: Bun, its JavaScript engine and the programs, compiled ahead.
 *
 *   npm run executable                 build/nlkit; Bun is got from npm if it is not there
 *   npm run executable -- FILE         elsewhere
 *
 * Exit: 0 made; 3 it cannot be made here, and why.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { common, external, ownRequire } from './programs.mjs';
import { binaryOf, get, home, runtimes, unsupported } from './runtimes.mjs';

/** Makes it. @returns why it cannot be made @throws what the compiler says */
export async function buildExecutable(file) {
  if (unsupported) return unsupported;
  const bun = binaryOf(runtimes.bun), failure = existsSync(bun) ? undefined : get(runtimes.bun);
  if (failure) return failure;
  const folder = mkdtempSync(join(home, 'executable-')), bundle = join(folder, 'nlkit.cjs');
  try {
    await build({
      ...common, entryPoints: ['src/cli/executable.ts'], outfile: bundle, format: 'cjs', platform: 'node', target: 'esnext', minify: true, external, plugins: [ownRequire('@dagrejs/dagre')],
      define: { 'import.meta.url': 'commandUrl' },
      banner: { js: 'const commandUrl = require("node:url").pathToFileURL(__filename).href;' },
    });
    mkdirSync(dirname(file), { recursive: true });
    const absent = external.filter((name) => name !== 'bun:ffi').flatMap((name) => ['--external', name]);
    execFileSync(bun, ['build', '--compile', '--bytecode', ...absent, bundle, '--outfile', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  } finally { rmSync(folder, { recursive: true, force: true }); }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = resolve(process.argv[2] ?? join(common.absWorkingDir, 'build/nlkit'));
  const reason = await buildExecutable(file);
  if (reason) { console.error(`executable: ${reason}`); process.exit(3); }
  console.log(`${file}: ${Math.round(statSync(file).size / 2 ** 20)} MiB; as nlkit-cni, or a CNI plugin's name, it is that`);
}
