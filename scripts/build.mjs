#!/usr/bin/env node
/** Builds dist/: the library as modules with types (tsc), the command as one file that starts fast (esbuild). */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv[2];

rmSync(`${root}dist`, { recursive: true, force: true });
if (only !== '--command') execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit', cwd: root });

// One file without `import`: it starts faster than modules do, and its compiled code can be kept (see src/cli/launch.cjs).
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/bin/command.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  charset: 'ascii',
  logLevel: 'warning',
  external: ['@koromix/*', 'bun:ffi', 'node:ffi', 'fast-check'],
  define: { 'import.meta.url': 'commandUrl' },
  // The function around a module is in the file, so that the launcher need not copy the text.
  banner: { js: '(function (exports, require, module, __filename, __dirname) { const commandUrl = require("node:url").pathToFileURL(__filename).href;' },
  footer: { js: '})' },
});
writeFileSync(`${root}dist/bin/nlkit.js`, `#!/usr/bin/env node\n${readFileSync(`${root}src/cli/launch.cjs`, 'utf8')}`);
writeFileSync(`${root}dist/bin/package.json`, '{ "type": "commonjs" }\n');
chmodSync(`${root}dist/bin/nlkit.js`, 0o755);
