/** Every word of the real tools' help is a word of ours, or is named here with the reason why it is not. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { helpCommand, ourWords, pages, wordsOf } from './support/help-words.ts';
import { unsupported } from './support/help-exceptions.ts';

const file = new URL('./support/help-words.json', import.meta.url);
/** Release of iproute2 -> page -> its words. NLKIT_HELP_WORDS=write adds those of the tools that are installed. */
const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string[]>>;

const release = /iproute2-(\d+\.\d+)/.exec(spawnSync('ip', ['-V'], { encoding: 'utf8' }).stdout ?? '')?.[1];
function live(): Record<string, string[]> {
  return Object.fromEntries(pages.flatMap((page) => {
    const [command = '', ...args] = helpCommand(page);
    const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    const text = `${stdout}${stderr}`;
    // Of a kind that it does not know it prints the help of links.
    return error || (page.split(' ').length > 2 && /ip link delete/.test(text)) ? [] : [[page, wordsOf(text)]];
  }));
}
if (release !== undefined && process.env['NLKIT_HELP_WORDS'] === 'write') {
  known[release] = { ...known[release], ...live() };
  const lines = Object.entries(known).map(([name, all]) => `${JSON.stringify(name)}: {\n${Object.entries(all).map(([page, words]) => `${JSON.stringify(page)}: ${JSON.stringify(words)}`).join(',\n')}\n}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}

async function lacking(page: string, words: readonly string[]): Promise<string[]> {
  const ours = await ourWords(page);
  return words.filter((word) => !ours.has(word) && unsupported[page]?.[word] === undefined);
}

describe.each(Object.keys(known))('iproute2 %s', (name) => {
  test.each(Object.entries(known[name] as Record<string, string[]>))('%s', async (page, words) => {
    expect(await lacking(page, words)).toEqual([]);
  });
});

test('what is named as not supported is in the help, and is not supported', async () => {
  const wrong: string[] = [];
  for (const [page, reasons] of Object.entries(unsupported)) {
    const ours = await ourWords(page);
    const theirs = new Set(Object.values(known).flatMap((all) => all[page] ?? []));
    wrong.push(...Object.keys(reasons).filter((word) => ours.has(word) || !theirs.has(word)).map((word) => `${page}: ${word}`));
  }
  expect(wrong).toEqual([]);
});

test.skipIf(release === undefined)(`the tools installed here${release === undefined ? ' (skipped: there is no iproute2)' : ` (iproute2 ${release})`}`, async () => {
  const missing: string[] = [];
  for (const [page, words] of Object.entries(live())) missing.push(...(await lacking(page, words)).map((word) => `${page}: ${word}`));
  expect(missing).toEqual([]);
});
