#!/usr/bin/env node
/** Builds dist/: types (tsc), the library as a few modules, the command as one file (esbuild). */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv[2];
const common = { absWorkingDir: root, bundle: true, target: 'node20', charset: 'ascii', logLevel: 'warning' };
const external = ['@koromix/*', 'bun:ffi', 'node:ffi', 'fast-check'];

rmSync(`${root}dist`, { recursive: true, force: true });
if (only !== '--command') {
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit', cwd: root });
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

/** The launcher gives the command a `require`: node:module, and the loader of modules that it brings, need not be read. */
const ownRequire = {
  name: 'own-require',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:module$/ }, () => ({ path: 'require', namespace: 'own' }));
    bundle.onLoad({ filter: /./, namespace: 'own' }, () => ({ contents: 'export const createRequire = () => (id) => module.require(id);' }));
  },
};

// One file a program, without `import`: it starts faster than modules do, and its compiled code can be kept (see src/cli/launch.cjs).
const launcher = readFileSync(`${root}src/cli/launch.cjs`, 'utf8');
for (const [program, room, file] of [['nlkit', 'cli', 'command.cjs'], ['nlkit-cni', 'cni', 'cni.cjs']]) {
  await build({
    ...common,
    entryPoints: [`src/${room}/main.ts`],
    outfile: `dist/bin/${file}`,
    format: 'cjs',
    platform: 'node',
    minify: true,
    external,
    plugins: [ownRequire],
    define: { 'import.meta.url': 'commandUrl' },
    // The function around a module is in the file, so that the launcher need not copy the text.
    banner: { js: '(function (exports, require, module, __filename, __dirname) { const commandUrl = require("node:url").pathToFileURL(__filename).href;' },
    footer: { js: '})' },
  });
  writeFileSync(`${root}dist/bin/${program}.js`, `#!/usr/bin/env node\n${launcher.replace('command.cjs', file)}`);
  chmodSync(`${root}dist/bin/${program}.js`, 0o755);
}
writeFileSync(`${root}dist/bin/package.json`, '{ "type": "commonjs" }\n');
