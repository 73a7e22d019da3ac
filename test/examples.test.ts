import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from './support/examples.ts';

const examples = new URL('../examples/', import.meta.url);

test('decode-bytes', async () => {
  const lines = await run('decode-bytes');
  expect(lines).toMatchInlineSnapshot(`
    [
      "RTM_NEWLINK {"family":"unspec","type":0,"index":0,"flags":[],"change":[],"ifname":"br0","linkinfo":{"kind":"bridge","data":{"vlanFiltering":1}}}",
      "16-17      family "unspec"",
      "17-18      _pad undefined",
      "18-20      type 0",
      "20-24      index 0",
      "24-28      flags []",
      "28-32      change []",
      "32-36      header {"length":8,"type":3}",
      "36-40      ifname "br0"",
      "40-44      header {"length":28,"type":32786}",
      "44-68      linkinfo",
      "44-48        header {"length":11,"type":1}",
      "48-55        kind "bridge"",
      "55-56        padding undefined",
      "56-60        header {"length":12,"type":32770}",
      "60-68        data",
      "60-64          header {"length":5,"type":7}",
      "64-65          vlanFiltering 1",
      "65-68          padding undefined",
      "0000000000000000000000000000000008000300627230001c0012800b00010062726964676500000c0002800500070001000000",
    ]
  `);
});

test('fuzz', async () => {
  const [outcome, example] = await run('fuzz');
  expect(outcome).toBe('both happened');
  expect(example).toMatch(/^such as \{ .*(name|address|speed|duplex|unknown)/);
});

test('the tour is README.md\'s', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const told = /^```ts\n(.*?)^```/ms.exec(readme)?.[1];
  expect(readFileSync(new URL('tour.ts', examples), 'utf8').replace(/^(\/\/.*\n)+/, '')).toBe(told);
});

test('every example has a head that says what it shows, and a test', () => {
  const tests = [readFileSync(new URL('examples.test.ts', import.meta.url), 'utf8'), readFileSync(new URL('live/examples.test.ts', import.meta.url), 'utf8')].join('\n');
  for (const file of readdirSync(examples).filter((name) => name.endsWith('.ts'))) {
    expect(readFileSync(new URL(file, examples), 'utf8'), file).toMatch(/^\/\/ \S.{20,}/);
    expect(tests, file).toMatch(new RegExp(`(run|runUntil)\\('${file.slice(0, -3)}'`));
  }
});
