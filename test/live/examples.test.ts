import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { list as namespaces, remove } from '../../src/namespace/index.ts';
import { macvlan, openSync } from '../../src/route/index.ts';
import { lacksEsp } from '../support/xfrm.ts';
import { run, runUntil } from '../support/examples.ts';
import { descriptors, has, isolate, kernelVersion } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const whyNoEsp = why ?? (has('ping') ? lacksEsp() : 'no ping to send packets with');
if (whyNoEsp && !why) console.warn(`skipped: ipsec: ${whyNoEsp}`);
/** net/ipv4/devinet.c says so since 6.6. */
const whyNoWords = why ?? (kernelVersion() < 606 ? 'this kernel does not say what is wrong with an address' : undefined);
if (whyNoWords && !why) console.warn(`skipped: fuzz-kernel: ${whyNoWords}`);
const links = (): (string | undefined)[] => { using nl = openSync(); return nl.link.list().map((link) => link.ifname); };

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe.skipIf(why)('examples', () => {
  let held = 0, there: (string | undefined)[];
  beforeAll(() => {
    { using nl = openSync(); nl.link.set('lo', { up: true }); }
    // What some kernels put into every namespace.
    there = links();
    held = descriptors();
  });
  afterEach(() => {
    // They leave nothing behind.
    expect(namespaces()).toEqual([]);
    expect(links()).toEqual(there);
    expect(descriptors()).toBe(held);
  });

  test('containers', async () => { expect(await run('containers')).toEqual(['br-demo: to-left to-right', 'left hears: hello from right']); });
  test('list-links', async () => {
    const lines = await run('list-links');
    expect(lines).toHaveLength(there.length);
    expect(lines[0]).toBe('1: lo mtu 65536 unknown');
  });
  test.skipIf(whyNoWords)('fuzz-kernel', async () => {
    const [found, ...others] = await run('fuzz-kernel');
    // A prefix of 33 bits, and nothing more than an address without it has.
    expect(found).toMatch(/^RTM_NEWADDR EINVAL.*: .*Invalid prefix length 18000000140005060100000000000000022100000\w+$/);
    expect(others).toEqual(['and other outcomes']);
  });
  test('watch', async () => {
    const lines = await run('watch');
    expect(lines.slice(0, 2).sort()).toEqual(['add v0', 'add v1']);
    expect(lines.at(-1)).toBe('change v0 { mtu: [ 1500, 1400 ] }');
  });
  test.skipIf(whyNoEsp)('ipsec', async () => {
    expect((await run('ipsec')).sort()).toEqual(['esp 10.99.0.1 -> 10.99.0.2: 1', 'esp 10.99.0.2 -> 10.99.0.1: 1', 'the first packet: lost', 'the second: answered']);
  });
  test('generic-family', async () => { expect(await run('generic-family')).toEqual(['lo has a carrier']); });
  test('raw-request', async () => { expect(await run('raw-request')).toEqual(['client: lo 65536', 'socket: RTM_NEWLINK lo', 'socket: error 0']); });
  test('error', async () => {
    expect(await run('error')).toEqual([
      'code ERANGE', 'request RTM_NEWLINK 108 bytes', 'at linkinfo.data.peer.ifname = a-name-that-is-too-long', 'kernel Attribute failed policy validation', 'hint an interface name holds at most 15 bytes',
    ]);
  });
  test('select-and-filter', async () => {
    const lines = await run('select-and-filter');
    expect(lines[0]).toBe('up: lo');
    expect(lines.at(-2)).toMatch(/^kinds: .*none/);
    // 127.0.0.0/8 and 127.0.0.1.
    expect(lines.at(-1)).toBe('local addresses: 2');
  });
  test('script', async () => {
    expect(await run('script')).toEqual(['default via 192.0.2.254', '192.0.2.0/24 on the link', '198.51.100.7 goes via 192.0.2.254 from 192.0.2.1']);
  });
  test('tour, and the refusal that README.md shows', async () => {
    let mtu = 1500, stir: NodeJS.Timeout | undefined;
    const nl = openSync();
    try {
      const printed = await runUntil('tour', (line) => {
        // It watches as soon as it has listed.
        if (line === 'br0 400') stir = setInterval(() => nl.link.set('veth0', { mtu: (mtu = 2900 - mtu) }), 20);
        return line.includes('mtu');
      });
      expect(printed[0]).toBe('br0 400');
      expect(printed).toContainEqual(expect.stringMatching(/^veth0 \{ mtu: \[ (1500, 1400|1400, 1500) \] \}$/));
      expect(nl.link.get('mv0')).toMatchObject({ linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } } });
      expect(nl.route.get('10.1.2.3')).toMatchObject({ gateway: '10.0.0.2' });

      let told = '';
      try { nl.link.add(macvlan('mv1', { mode: 'bridge' }, { link: 'veth0' })); } catch (error) { told = String(error); }
      const shown = (/^```\n(NetlinkError: .*?)^```/ms.exec(readme)?.[1] ?? 'none').trim().replace(/\s+/g, ' ');
      // Between the two, some kernels have words of their own.
      for (const part of shown.split(/(?=\()/)) expect(told).toContain(part.trim());
    } finally {
      clearInterval(stir);
      for (const device of ['mv0', 'veth0', 'br0']) nl.link.delete(device);
      remove('s1');
      nl.close();
    }
  });
});
