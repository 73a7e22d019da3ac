// Loads the schemas as they are in the source now: bundled to one module that exports every family file by its path.
import { readFileSync, readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { docstrings } from './source.mjs';

const list = (folder) => readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();

/** { protocols, families (of generic netlink), genericOf, codec, files: [{ path: 'route/link', exports, docs }] } */
export const loadFamilies = async (root) => {
  const folder = join(root, 'src/families');
  const files = list(folder);
  // Beside the project's node_modules, so that dependencies resolve.
  const scratch = mkdtempSync(join(root, 'node_modules/.nlkit-docs-'));
  try {
    await build({
      stdin: {
        contents: [
          `export { protocols } from './src/families/index.ts';`, `export { families } from './src/families/generic/index.ts';`, `export { genericOf } from './src/inspect/generic.ts';`, `export * as codec from './src/codec/index.ts';`,
          ...files.map((file, index) => `export * as file${index} from './${relative(root, file)}';`),
        ].join('\n'),
        resolveDir: root, loader: 'ts',
      },
      bundle: true, format: 'esm', platform: 'node', outfile: join(scratch, 'families.mjs'), packages: 'external', logLevel: 'silent',
    });
    const module = await import(pathToFileURL(join(scratch, 'families.mjs')));
    return {
      protocols: module.protocols, families: module.families, genericOf: module.genericOf, codec: module.codec,
      files: files.map((file, index) => ({
        path: relative(folder, file).replace(/\.ts$/, ''), exports: module[`file${index}`], docs: docstrings(readFileSync(file, 'utf8')),
      })),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const parts = ['header', 'attrs', 'element', 'otherwise', 'rest', 'base'];
/** Visits everything that is reachable from a schema, once. */
export const walk = (codec, visit, seen, resolve) => {
  const c = resolve(codec);
  if (seen.has(c)) return;
  seen.add(c);
  visit(c);
  for (const attribute of Object.values(c.shape ?? {})) walk(attribute[1], visit, seen, resolve);
  for (const inner of [...Object.values(c.fields ?? {}), ...Object.values(c.cases ?? {}), ...parts.map((part) => c[part]).filter(Boolean)]) walk(inner, visit, seen, resolve);
};
