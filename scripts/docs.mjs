// npm run docs [-- --check]: writes docs/reference/, docs/coverage.md and docs/differences.md from the declarations, their docstrings,
// the kernel's headers (fixtures/uapi.json), the captured messages and the table of differences (test/support). --check writes nothing and fails when they are stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPage } from './docs/api.mjs';
import { coveragePage } from './docs/coverage.mjs';
import { differencesPage } from './docs/differences.mjs';
import { loadFamilies } from './docs/families.mjs';
import { referencePages } from './docs/reference.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = join(root, 'docs');
const families = await loadFamilies(root);
const pages = referencePages(families);
pages.set('reference/api.md', apiPage(root));
pages.set('coverage.md', coveragePage(root, families));
pages.set('differences.md', await differencesPage(root));

const folder = join(docs, 'reference');
const stale = [...pages].filter(([path, text]) => !existsSync(join(docs, path)) || readFileSync(join(docs, path), 'utf8') !== text).map(([path]) => path);
const extra = (existsSync(folder) ? readdirSync(folder) : []).map((name) => `reference/${name}`).filter((path) => !pages.has(path));
if (process.argv.includes('--check')) {
  if (stale.length + extra.length) {
    console.error(`stale: ${[...stale, ...extra].map((path) => `docs/${path}`).join(', ')}: run npm run docs`);
    process.exit(1);
  }
} else {
  for (const path of extra) rmSync(join(docs, path));
  for (const path of stale) {
    mkdirSync(dirname(join(docs, path)), { recursive: true });
    writeFileSync(join(docs, path), pages.get(path));
  }
  console.log(`docs: ${pages.size} pages, ${stale.length} written, ${extra.length} removed`);
}
