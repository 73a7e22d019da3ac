/** A program of the package as its users start it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Built { readonly folder: string; readonly program: string; remove(): void }

/** Builds it into a folder of its own, within the project: what stays outside the bundle is found from there. */
export async function built(name: 'nlkit' | 'nlkit-cni'): Promise<Built> {
  // @ts-expect-error a script, without types
  const { buildProgram } = await import('../../scripts/programs.mjs') as { buildProgram(name: string, folder: string): Promise<string> };
  const caches = join(process.cwd(), 'node_modules', '.cache');
  mkdirSync(caches, { recursive: true });
  const folder = mkdtempSync(join(caches, `${name}-`)), remove = (): void => rmSync(folder, { recursive: true, force: true });
  try { return { folder, program: await buildProgram(name, folder), remove }; } catch (error) { remove(); throw error; }
}
