/** Sources as programs that run without a loader of TypeScript, and as somebody without privilege runs them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The add-on that calls the C library is no source: it is looked for beside the program. */
const addOns = 'node_modules/@koromix';
// What esbuild leaves as require() has one in a module.
const banner = "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta['url']);";

/** One file of a source, with all that it imports, named by what is in it: processes of the tests share it. @param source from the project's folder on @returns its path in `folder` */
export function bundle(source: string, folder = join(root, '.cache/test')): string {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, basename(source, '.ts')), made = `${name}-${process.pid}.tmp`;
  const { status, stderr } = spawnSync(join(root, 'node_modules/.bin/esbuild'), [join(root, source), '--bundle', '--platform=node', '--format=esm', '--target=node20', `--outfile=${made}`, '--log-level=error', '--external:@koromix/*', `--banner:js=${banner}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`esbuild ${source}: ${stderr}`);
  const program = `${name}-${createHash('sha256').update(readFileSync(made)).digest('hex').slice(0, 12)}.mjs`;
  renameSync(made, program);
  return program;
}

/** Somebody else in each process of the tests: who looks at processes sees those of the same user. */
const somebody = 20_000 + process.pid % 40_000;
/** What runs a command as somebody who may nothing. */
export const NOBODY = ['setpriv', `--reuid=${somebody}`, '--regid=65534', '--clear-groups', '--no-new-privs', '--inh-caps=-all'] as const;
/** The same in a folder that everyone may read, as the project's need not be; it goes when it is disposed of. */
export function readable(source: string): Disposable & { readonly program: string } {
  const folder = mkdtempSync(join(tmpdir(), 'nlkit-nobody-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    chmodSync(folder, 0o755);
    cpSync(join(root, addOns), join(folder, addOns), { recursive: true });
    return { program: bundle(source, folder), [Symbol.dispose]: remove };
  } catch (error) { remove(); throw error; }
}
