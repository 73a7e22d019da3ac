#!/usr/bin/env node
/** Builds dist/: types (tsc), the library as a few modules, each program as one file (esbuild). */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { documentCalls } from './declarations.mjs';
import { buildProgram, common, external, programs } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv[2];

rmSync(`${root}dist`, { recursive: true, force: true });
if (only !== '--command') {
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit', cwd: root });
  documentCalls(`${root}dist`);
  // What package.json exports, and what these share: a module for each of a hundred sources takes a quarter of a second to load.
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  await build({
    ...common,
    entryPoints: Object.values(exports).filter((entry) => entry.default).map((entry) => entry.default.replace('./dist/', 'src/').replace(/js$/, 'ts')),
    outbase: 'src',
    outdir: 'dist',
    chunkNames: 'shared/[name]-[hash]',
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    sourcemap: true,
    external: [...external, 'bit-buffer', 'node:*'],
  });
}

for (const name of Object.keys(programs)) await buildProgram(name, `${root}dist/bin`);
