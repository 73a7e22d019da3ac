import { afterEach, describe, expect, test } from 'vitest';
import { list as namespaces } from '../../src/namespace/index.ts';
import { openSync } from '../../src/route/index.ts';
import { run } from '../support/examples.ts';
import { descriptors, isolate } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);

describe.skipIf(why)('examples', () => {
  const before = why ? 0 : descriptors();
  afterEach(() => {
    // They leave nothing behind.
    expect(namespaces()).toEqual([]);
    using nl = openSync();
    expect(nl.link.list().filter((link) => !['lo', 'v0', 'v1', 'br0', 'mv0'].includes(link.ifname ?? '')).map((link) => link.ifname)).toEqual([]);
    expect(descriptors()).toBeLessThanOrEqual(before + 1);
  });

  test('containers', async () => { expect(await run('containers')).toMatchInlineSnapshot(); });
  test('list-links', async () => { expect(await run('list-links')).toMatchInlineSnapshot(); });
  test('watch', async () => { expect(await run('watch')).toMatchInlineSnapshot(); });
  test('raw-request', async () => { expect(await run('raw-request')).toMatchInlineSnapshot(); });
  test('error', async () => { expect(await run('error')).toMatchInlineSnapshot(); });
  test('select-and-filter', async () => { expect(await run('select-and-filter')).toMatchInlineSnapshot(); });
  test('script', async () => { expect(await run('script')).toMatchInlineSnapshot(); });
});
