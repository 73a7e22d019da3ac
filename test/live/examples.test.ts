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

  test('containers', async () => { expect(await run('containers')).toMatchInlineSnapshot(`
    [
      "br-demo: to-left to-right",
      "left hears: hello from right",
    ]
  `); });
  test('list-links', async () => { expect(await run('list-links')).toMatchInlineSnapshot(`
    [
      "1: lo mtu 65536 down",
    ]
  `); });
  test('watch', async () => { expect(await run('watch')).toMatchInlineSnapshot(); });
  test('raw-request', async () => { expect(await run('raw-request')).toMatchInlineSnapshot(`
    [
      "client: lo 65536",
      "socket: RTM_NEWLINK lo",
      "socket: error 0",
    ]
  `); });
  test('error', async () => { expect(await run('error')).toMatchInlineSnapshot(`
    [
      "code ERANGE",
      "request RTM_NEWLINK 108 bytes",
      "at linkinfo.data.peer.ifname = a-name-that-is-too-long",
      "kernel Attribute failed policy validation",
      "hint an interface name holds at most 15 bytes",
    ]
  `); });
  test('select-and-filter', async () => { expect(await run('select-and-filter')).toMatchInlineSnapshot(); });
  test('script', async () => { expect(await run('script')).toMatchInlineSnapshot(`
    [
      "default via 192.0.2.254",
      "192.0.2.0/24 on the link",
      "198.51.100.7 goes via 192.0.2.254 from 192.0.2.1",
    ]
  `); });
});
