#!/usr/bin/env node
/** Builds dist/: the library as modules with types (tsc), the command as few files that start fast (esbuild). */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv[2];

rmSync(`${root}dist`, { recursive: true, force: true });
if (only !== '--command') execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit', cwd: root });

await build({
  absWorkingDir: root,
  entryPoints: { nlkit: 'src/cli/main.ts' },
  outdir: 'dist/bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: false,
  chunkNames: '[name]-[hash]',
  logLevel: 'warning',
  external: ['@koromix/*', 'bun:ffi', 'node:ffi', 'fast-check'],
  banner: { js: '#!/usr/bin/env node' },
});
// The banner belongs to the entry alone, but a comment costs nothing in the chunks.
mkdirSync(`${root}dist/bin`, { recursive: true });
writeFileSync(`${root}dist/bin/package.json`, '{ "type": "module" }\n');
chmodSync(`${root}dist/bin/nlkit.js`, 0o755);
