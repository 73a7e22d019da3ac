/** The programs of the package: each one file, without `import`: it starts faster than modules do, and its compiled code can be kept (see src/cli/launch.cjs). */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
export const common = { absWorkingDir: root, bundle: true, target: 'node20', charset: 'ascii', logLevel: 'warning' };
export const external = ['@koromix/*', 'bun:ffi', 'node:ffi', 'fast-check'];
/**
 * By name: whose main.ts it is, and its file beside the launcher. Tools that must start fastest are in a file of their own, too,
 * without what the others bring: less is read, and fewer functions are known to V8.
 */
export const programs = {
  nlkit: { room: 'cli', program: 'command', quick: ['ip', 'bridge', 'brctl', 'rtmon'] },
  'nlkit-cni': { room: 'cni', program: 'cni', quick: [] },
};

/**
 * A program is given a `require`: node:module, and the loader of modules that it brings, need not be read.
 * @param bundled packages that are required by a name that bundlers do not see, and are to be in the file
 */
export const ownRequire = (...bundled) => ({
  name: 'own-require',
  setup(bundle) {
    const cases = bundled.map((name) => `if (id === ${JSON.stringify(name)}) return require(${JSON.stringify(name)});`).join(' ');
    bundle.onResolve({ filter: /^node:module$/ }, () => ({ path: 'require', namespace: 'own' }));
    bundle.onLoad({ filter: /./, namespace: 'own' }, () => ({ resolveDir: root, contents: `export const createRequire = () => (id) => { ${cases} return module.require(id); };` }));
  },
});

/** Without what other tools bring. */
const only = (tool) => ({
  name: 'only',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\// }, ({ importer, path, kind }) => (/src.cli.root\.ts$/.test(importer) && kind === 'dynamic-import' && path !== `./${tool}/index.ts` ? { path, external: true } : undefined));
  },
});

/** Makes a program in a folder. @returns the path of its launcher */
export async function buildProgram(name, folder) {
  const { room, program, quick } = programs[name], launcher = `${folder}/${name}.js`;
  mkdirSync(folder, { recursive: true });
  const bundle = (outfile, plugins) => build({
    ...common,
    entryPoints: [`src/${room}/main.ts`],
    outfile: `${folder}/${outfile}`,
    format: 'cjs',
    platform: 'node',
    minify: true,
    external,
    plugins,
    define: { 'import.meta.url': 'commandUrl' },
    // The function around a module is in the file, so that the launcher need not copy the text.
    banner: { js: '(function (exports, require, module, __filename, __dirname) { const commandUrl = require("node:url").pathToFileURL(__filename).href;' },
    footer: { js: '})' },
  });
  await bundle(`${program}.cjs`, [ownRequire()]);
  for (const tool of quick) await bundle(`${tool}.cjs`, [ownRequire(), only(tool)]);
  const start = readFileSync(`${root}src/cli/launch.cjs`, 'utf8').replace("program = 'command', quick = []", `program = '${program}', quick = ${JSON.stringify(quick)}`);
  writeFileSync(launcher, `#!/usr/bin/env node\n${start}`);
  chmodSync(launcher, 0o755);
  writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
  return launcher;
}
