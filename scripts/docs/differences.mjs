// docs/differences.md: the table that the tests compare nlkit's command by (test/support/differences.ts), as a page.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const cell = (text) => text.replaceAll('|', '\\|');
/** What is typed. */
const code = (text) => `\`${text}\``;

const whereMet = (met) => typeof met === 'string' ? `\`test/${met}.test.ts\`` : Array.isArray(met) ? met.map((one) => whereMet(one)).join(', ') : `not tested: ${met.not}`;

export const differencesPage = async (root) => {
  const scratch = mkdtempSync(join(root, 'node_modules/.nlkit-docs-'));
  try {
    const outfile = join(scratch, 'differences.mjs');
    await build({ entryPoints: [join(root, 'test/support/differences.ts')], bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'silent' });
    const { differences, topics } = await import(pathToFileURL(outfile));
    const parts = [
      '# Differences from iproute2 and bridge-utils',
      'Made by `npm run docs` from the table that the tests go by (`test/support/differences.ts`): a difference that is not in it fails a test, and so does a row that nothing meets. What iproute2 does was seen with version 6.1 and with captures of 6.1 and 6.15.',
      'All else is compared and found alike: what is sent (`test/cli-requests.test.ts`, `test/cli-objects.test.ts`), what the kernel has afterwards and what is printed (`npm run test:parity`), what is refused (`test/live/cli-bad-input.test.ts`).',
    ];
    for (const [topic, title] of Object.entries(topics)) {
      const rows = differences.filter((one) => one.topic === topic);
      if (rows.length === 0) throw new Error(`no difference is about ${topic}`);
      parts.push(`## ${title}`, [
        '| command | iproute2 | nlkit | why | met by |', '|---|---|---|---|---|',
        ...rows.map(({ command, theirs, ours, why, met }) => `| ${[code(command), theirs, ours, why, whereMet(met)].map(cell).join(' | ')} |`),
      ].join('\n'));
    }
    return `${parts.join('\n\n')}\n`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
