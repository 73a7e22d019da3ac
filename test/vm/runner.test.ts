import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

async function run(entry: string, only = '') {
  const folder = mkdtempSync(join(tmpdir(), 'nlkit-runner-'));
  try {
    const outfile = join(folder, 'bundle.mjs');
    await build({ stdin: { contents: entry, resolveDir: import.meta.dirname }, bundle: true, outfile, platform: 'node', format: 'esm',
      alias: { vitest: join(root, 'test', 'vm', 'runner.ts') }, logLevel: 'silent',
      banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" } });
    const { status, stdout } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', timeout: 30_000, env: { ...process.env, NLKIT_ONLY: only } });
    return { status, lines: stdout.split('\n'), stdout };
  } finally { rmSync(folder, { recursive: true }); }
}

test('the runner of the VM tells every outcome as it is', async () => {
  const { status, lines, stdout } = await run("import { run } from './runner.ts'; run({ sample: () => import('./sample.ts') });");
  const verdicts = lines.filter((line) => /^(ok {3}|FAIL |skip )/.test(line)).map((line) => line.replace(/ \(\d+ ms\)$/, ''));
  expect(verdicts).toEqual([
    'ok   sample > passes', 'FAIL sample > fails', 'ok   sample > rejects', 'FAIL sample > hangs', 'skip sample > is skipped',
    'skip sample > skips itself (because)', 'ok   sample > fails as it should', 'ok   sample > polls', 'FAIL sample > polls in vain',
    'FAIL sample > counts assertions', 'FAIL sample > a suite whose beforeAll fails > beforeAll',
    'ok   sample > table x > adds 1', 'ok   sample > table y > adds 1',
    'ok   sample > matches a snapshot', 'FAIL sample > matches no snapshot', 'FAIL sample > differs',
    'FAIL sample > goes on after soft assertions', 'ok   sample > makes soft assertions that hold',
  ]);
  expect(lines).toContain('    AssertionError: expected 1 to be 2 // Object.is equality');
  expect(stdout).toContain('timed out after 30 ms');
  expect(lines).toContain('    Error: 0 assertions, not 1');
  expect(lines).toContain('    AggregateError: 2 soft assertions failed');
  expect(lines).toContain('    AssertionError: expected [ 3 ] to not deeply equal [ 3 ]');
  expect(lines).toEqual(expect.arrayContaining(['    -     3,', '    +     2,']));
  expect(stdout).toContain('all, each, body, after each, finished');
  expect(lines.at(-2)).toBe('8 passed, 9 failed, 2 skipped');
  expect(status).toBe(1);
});

test('nothing to run is a failure, and so is a file that cannot be loaded', async () => {
  expect((await run("import { run } from './runner.ts'; run({});")).status).toBe(1);
  const broken = await run("import { run } from './runner.ts'; run({ broken: async () => { throw new Error('syntax'); } });");
  expect(broken.status).toBe(1);
  expect(broken.stdout).toContain('FAIL broken cannot be loaded');
});

test('a file that takes its process along is a failure, and the next one runs', async () => {
  const { status, stdout } = await run("import { run, test } from './runner.ts'; run({ one: async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); }, two: async () => { test('t', () => {}); } });");
  expect(stdout).toMatch(/^FAIL one ended with SIGKILL\nok {3}two > t \(\d+ ms\)\n1 passed, 1 failed, 0 skipped\n$/);
  expect(status).toBe(1);
});

test('of the tests, those whose names contain a text', async () => {
  const entry = "import { run } from './runner.ts'; run({ sample: () => import('./sample.ts') });";
  const { status, stdout } = await run(entry, 'table y > adds');
  expect(stdout).toMatch(/^ok {3}sample > table y > adds 1 \(\d+ ms\)\nall, each, after each\n1 passed, 0 failed, 0 skipped\n$/);
  expect(status).toBe(0);
  expect(await run(entry, 'no such name')).toMatchObject({ status: 1, stdout: '0 passed, 0 failed, 0 skipped\n' });
});
