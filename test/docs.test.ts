/** docs/reference, docs/coverage.md and docs/differences.md are made by `npm run docs`; they must be what it makes now. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the generated documentation is up to date', () => {
  const script = fileURLToPath(new URL('../scripts/docs.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
