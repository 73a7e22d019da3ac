/** IPsec on a real kernel: what nlkit makes, `ip xfrm` tells, and goes back in as it was told; packets go through tunnels, and tell when one is wanted or ends. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list as namespaces, remove } from '../../src/namespace/index.ts';
import { runSync } from '../../src/route/plan.ts';
import { openSync as openRoute } from '../../src/route/index.ts';
import type { NetlinkError } from '../../src/socket/index.ts';
import { openXfrm, openXfrmSync, type XfrmEvent, type XfrmPolicyInput, type XfrmState, type XfrmStateFilter, type XfrmStateInput, type XfrmSync } from '../../src/xfrm/index.ts';
import { list as stateList } from '../../src/xfrm/state.ts';
import { aead, bytes, lacking, lacksEsp } from '../support/xfrm.ts';
import { descriptors, has, iproute2Version, isolate, kernelVersion, sh, until } from './support.ts';

function lacks(): string | undefined {
  if (!has('ip') || !has('ping')) return 'no ip to look with, or no ping to send packets with';
  try { openXfrmSync().close(); return undefined; } catch (error) { return `this kernel has no XFRM: ${(error as Error).message}`; }
}
const why = isolate() ?? lacks();
if (why) console.warn(`skipped: ${why}`);

/** What a kernel may lack: protocols, algorithms; and options that came later, which it takes for an error. */
const beyond = new Map<string, string>();
afterAll(() => { if (beyond.size > 0) console.warn(`beyond this kernel:\n${[...beyond].map(([what, said]) => `  ${what}: ${said}`).join('\n')}`); });

const ends = { src: '192.0.2.1', dst: '192.0.2.2' } as const, ends6 = { src: '2001:db8::1', dst: '2001:db8::2' } as const;
const esp = { ...ends, proto: 'esp', mode: 'tunnel', aead } as const;
const whyNoEsp = why ?? lacksEsp();
if (whyNoEsp && !why) console.warn(`skipped: packets, states with keys: ${whyNoEsp}`);

/** Kernels that are built without it make states of that mode all the same, without options, and no packet passes. */
if (!why) spawnSync('modprobe', ['xfrm_iptfs']);
const whyNoIptfs = why ?? (existsSync('/sys/module/xfrm_iptfs') ? undefined : 'this kernel has no IP-TFS: no module xfrm_iptfs');

/** Clocks go on. */
const mask = (text: string): string => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME').replace(/index \d+/g, 'index N');
const told = (what: string, where = ''): string => mask(sh(`ip ${where} -s xfrm ${what}`));
const code = (body: () => unknown): string => { try { body(); return 'nothing'; } catch (error) { return (error as { code?: string }).code ?? String(error); } };

describe.skipIf(why)('IPsec', () => {
  const before = why ? 0 : descriptors();
  let xfrm: XfrmSync;
  beforeAll(() => { xfrm = openXfrmSync(); sh('ip link set lo up'); });
  afterEach(() => { xfrm.state.flush(); xfrm.policy.flush(); });
  afterAll(async () => { xfrm?.close(); await until('every descriptor is given back', () => descriptors() === before); });

  const policies: [what: string, policy: XfrmPolicyInput, said: RegExp][] = [
    ['a tunnel', { dir: 'out', sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16' }, templates: [{ proto: 'esp', ...ends, reqid: 7, mode: 'tunnel' }] }, /^src 10\.1\.0\.0\/16 dst 10\.2\.0\.0\/16 uid 0\n\tdir out action allow [^]*tmpl src 192\.0\.2\.1 dst 192\.0\.2\.2\n\t\tproto esp spi 0x00000000\(0\) reqid 7\(0x00000007\) mode tunnel\n\t\tlevel required/],
    ['several templates', { dir: 'in', sel: { src: '10.2.0.0/16', dst: '10.1.0.0/16' }, priority: 100, templates: [{ proto: 'esp', src: ends.dst, dst: ends.src, spi: 0x101, mode: 'tunnel', optional: true }, { proto: 'ah' }, { proto: 'comp', aalgos: 0 }] }, /dir in action allow [^]*priority 100 [^]*proto esp spi 0x00000101[^]*level use[^]*proto ah[^]*proto comp[^]*auth-mask 00000000/],
    ['what is blocked', { dir: 'fwd', sel: { src: '10.2.0.0/16' }, action: 'block', flags: ['localok', 'icmp'] }, /src 10\.2\.0\.0\/16 dst 0\.0\.0\.0\/0 uid 0\n\tdir fwd action block [^]*flag localok icmp/],
    ['ports, a link, a mark, limits', { dir: 'out', sel: { src: '10.1.0.0/16', dst: '10.3.0.0/16', proto: 'udp', sport: 53, dport: 1024, ifindex: 1 }, mark: { value: 5, mask: 0xff }, ifId: 42, limits: { hardAddExpiresSeconds: 1000, softByteLimit: 1000n } }, /proto udp sport 53 dport 1024 dev lo uid 0[^]*soft 1000\(bytes\), hard \(INF\)[^]*expire add: soft 0\(sec\), hard 1000\(sec\)[^]*mark 0x5\/0xff[^]*if_id 0x2a/],
    ['a range of ports', { dir: 'out', sel: { src: '10.1.0.0/16', proto: 'tcp', dport: 0x1000, dportMask: 0xf000 } }, /proto tcp dport 4096/],
    ['GRE', { dir: 'out', sel: { src: '10.1.0.0/16', proto: 'gre', key: 0x01020304 } }, /proto gre key 16909060/],
    ['ICMPv6', { dir: 'out', sel: { ...ends6, proto: 'icmpv6', type: 135, code: 0 }, templates: [{ proto: 'esp', ...ends6, mode: 'tunnel' }] }, /src 2001:db8::1\/128 dst 2001:db8::2\/128 proto ipv6-icmp type 135 code 0/],
    ['Mobile IPv6', { dir: 'out', sel: { src: '2001:db8:1::/64', proto: 135, type: 5 } }, /proto (mobility-header|135) type 5/],
    ['everything', { dir: 'in', sel: { family: 'inet6' } }, /^src ::\/0 dst ::\/0/], ['a protocol by its number', { dir: 'in', sel: { src: '10.9.0.0/16', proto: 99 } }, /proto (99|.+) uid/],
  ];
  test.each(policies)('a policy is told as it was made, and goes back in: %s', async (_what, policy, said) => {
    xfrm.policy.add(policy);
    const text = told('policy'), [own] = xfrm.policy.list();
    expect(text).toMatch(said);
    expect(code(() => xfrm.policy.add(policy))).toBe('EEXIST');
    expect(xfrm.policy.get({ ...policy })).toEqual(own);
    expect(xfrm.policy.get({ dir: own!.dir, index: own!.index, mark: own!.mark, ifId: own!.ifId })).toEqual(own);
    xfrm.policy.delete(own!);
    expect(told('policy')).toBe('');
    xfrm.policy.add(own!);
    expect(told('policy')).toBe(text);
    xfrm.policy.update({ ...own!, priority: 9 });
    await using later = await openXfrm();
    expect(await later.policy.list().toArray()).toMatchObject([{ ...own, priority: 9, current: expect.anything() as object }]);
    await later.policy.delete(policy);
    expect(xfrm.policy.list()).toEqual([]);
  });
  test('policies are listed by what is asked for, counted, and gone at once', () => {
    for (const [, policy] of policies) xfrm.policy.add(policy);
    const count = (filter: Parameters<typeof xfrm.policy.list>[0]): number => xfrm.policy.list(filter).length;
    expect(['in', 'out', 'fwd'].map((dir) => count({ dir: dir as 'in' }))).toEqual([3, 6, 1]);
    expect([count({ family: 'inet6' }), count({ sel: { src: '10.0.0.0/8' } }), count({ sel: { src: '10.1.0.0/16', proto: 'udp' } }), count({ sel: { key: 0x01020304 } }), count({ action: 'block' }), count({ flags: ['icmp'] }), count({ ifId: 42 }), count({ priority: 100 })]).toEqual([3, 7, 1, 1, 1, 1, 1, 1]);
    const { in: incoming, out, fwd } = xfrm.policy.counts();
    expect(sh('ip xfrm policy count')).toBe(`SPD IN  ${incoming} OUT ${out} FWD ${fwd}`);
    xfrm.policy.flush();
    expect(xfrm.policy.counts()).toMatchObject({ in: 0, out: 0, fwd: 0 });
  });
  test('how long prefixes must be to be hashed; what becomes of packets that no policy is for', () => {
    xfrm.policy.setThresholds({ inet: { lbits: 24, rbits: 16 } });
    expect(xfrm.policy.thresholds()).toEqual({ inet: { lbits: 24, rbits: 16 }, inet6: { lbits: 128, rbits: 128 } });
    const counted = sh('ip -s -s xfrm policy count');
    if (iproute2Version() >= 500) expect(counted).toMatch(/SPD IPv4 thresholds: local 24 remote 16/);
    xfrm.policy.setDefaults({ in: 'block' });
    expect(xfrm.policy.defaults()).toEqual({ in: 'block', fwd: 'accept', out: 'accept' });
    expect(sh('ip xfrm policy getdefault')).toMatch(/in: +block[^]*fwd: +accept/);
    xfrm.policy.setDefaults({ in: 'accept' });
  });

  const states: [what: string, state: XfrmStateInput & { proto: XfrmState['proto'] }, said: RegExp, since?: number][] = [
    ['AES-GCM', { ...esp, spi: 0x100, reqid: 7, replayWindow: 32, flags: ['decapDscp', 'afUnspec'] }, /proto esp spi 0x00000100\(256\) reqid 7\(0x00000007\) mode tunnel\n\treplay-window 32 seq 0x00000000 flag decap-dscp af-unspec[^]*aead rfc4106\(gcm\(aes\)\) 0x0001020304\w+ \(160 bits\) 128/],
    ['AES-CBC, HMAC-SHA-256', { ...ends, proto: 'esp', spi: 0x101, enc: { name: 'cbc(aes)', key: bytes(16) }, authTrunc: { name: 'hmac(sha256)', key: bytes(32), truncBits: 128 }, flags: ['noecn', 'nopmtudisc', 'icmp', 'align4'] }, /mode transport[^]*flag noecn nopmtudisc icmp align4[^]*auth-trunc hmac\(sha256\) 0x\w+ \(256 bits\) 128[^]*enc cbc\(aes\)/],
    ['a digest as long as the kernel thinks right', { ...ends, proto: 'ah', spi: 0x102, auth: { name: 'hmac(sha1)', key: bytes(20) }, seq: 18 }, /proto ah [^]*auth-trunc hmac\(sha1\) 0x\w+ \(160 bits\) 96/],
    ['numbers of 64 bits', { ...esp, spi: 0x103, replayWindow: 128, flags: ['esn'], replay: { seq: 16, oseq: 32, seqHi: 1, oseqHi: 2, bitmap: [5, 0, 0, 1] } }, /flag esn[^]*seq-hi 0x1, seq 0x10, oseq-hi 0x2, oseq 0x20\n\t replay_window 128, bitmap-length 4\n\t 00000001 00000000 00000000 00000005/],
    ['a large window', { ...esp, spi: 0x104, replayWindow: 64 }, /replay_window 64, bitmap-length 2/],
    ['numbers of 32 bits, NAT', { ...esp, mode: 'transport', spi: 0x105, encap: { type: 'espinudp', sport: 4500, dport: 4501, oa: '192.0.2.7' }, replayWindow: 16, replay: { seq: 3, oseq: 5, bitmap: [6] }, extraFlags: ['dontEncapDscp', 'oseqMayWrap'], mtimerThresh: 9 }, /extra_flag dont-encap-dscp oseq-may-wrap[^]*encap type espinudp sport 4500 dport 4501 addr 192\.0\.2\.7[^]*anti-replay context: seq 0x3, oseq 0x5, bitmap 0x00000006/, 515],
    ['marks', { ...esp, spi: 0x106, mark: { value: 5, mask: 0xff }, outputMark: { value: 6, mask: 15 }, ifId: 42, tfcpad: 64 }, /mark 0x5\/0xff output-mark 0x6\/0xf[^]*if_id 0x2a[^]*tfcpad 64/],
    ['a selector, limits', { ...esp, spi: 0x107, sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16', ifindex: 1, proto: 'tcp', sport: 80, dport: 1024 }, limits: { softAddExpiresSeconds: 1000, hardAddExpiresSeconds: 2000, softUseExpiresSeconds: 100, hardUseExpiresSeconds: 200, softByteLimit: 1000n, hardByteLimit: 2000n, softPacketLimit: 10n, hardPacketLimit: 20n } }, /sel src 10\.1\.0\.0\/16 dst 10\.2\.0\.0\/16 proto tcp sport 80 dport 1024 dev lo[^]*soft 1000\(bytes\), hard 2000\(bytes\)\n\t {2}limit: soft 10\(packets\), hard 20\(packets\)\n\t {2}expire add: soft 1000\(sec\), hard 2000\(sec\)\n\t {2}expire use: soft 100\(sec\), hard 200\(sec\)/],
    ['compression', { ...ends, proto: 'comp', spi: 0x108, comp: { name: 'deflate' } }, /proto comp spi 0x00000108[^]*comp deflate/],
    ['IPv6, packets of IPv4', { ...esp, ...ends6, spi: 0x109, sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16', proto: 'gre', key: 0x01020304 } }, /src 2001:db8::1 dst 2001:db8::2[^]*sel src 10\.1\.0\.0\/16 dst 10\.2\.0\.0\/16 proto gre key 16909060/],
    ['Mobile IPv6', { ...ends6, proto: 'dstopts', mode: 'routeoptimization', coaddr: '2001:db8::3' }, /proto hao spi 0x00000000\(0\) reqid 0\(0x00000000\) mode ro[^]*coa 2001:db8::3/],
    ['what goes out, without a window', { ...esp, spi: 0x10a, dir: 'out', flags: ['esn'], replay: { oseq: 7 } }, /flag esn[^]*dir out/, 610],
    ['what comes in', { ...esp, spi: 0x10b, dir: 'in', replayWindow: 32 }, /dir in/, 610],
    ['packets that keep a NAT awake', { ...esp, spi: 0x10c, dir: 'out', encap: { type: 'espinudp', sport: 4500, dport: 4500, oa: '0.0.0.0' }, natKeepaliveInterval: 20 }, /encap type espinudp[^]*dir out/, 611],
    ['one processor', { ...esp, spi: 0x10d, dir: 'out', pcpu: 0 }, /dir out[^]*pcpu-num 0/, 613],
    ['IP-TFS, out', { ...esp, mode: 'iptfs', spi: 0x10e, dir: 'out', iptfs: { packetSize: 1000, initDelay: 100, maxQueueSize: 65_536, dontFrag: true } }, /mode (iptfs|5)\n/, 614],
    ['IP-TFS, in', { ...esp, mode: 'iptfs', spi: 0x10f, dir: 'in', iptfs: { dropTime: 5000, reorderWindow: 5 }, replayWindow: 32 }, /mode (iptfs|5)\n/, 614],
  ];
  test.skipIf(whyNoEsp).each(states)('a state is told as it was made, and goes back in: %s', async (what, state, said, since = 0) => {
    if (kernelVersion() < since) return void beyond.set(what, `since kernel ${since}`);
    if (state.iptfs && whyNoIptfs) return void beyond.set(what, whyNoIptfs);
    try { xfrm.state.add(state); } catch (error) {
      if (!lacking(error)) throw error;
      return void beyond.set(what, (error as Error).message);
    }
    const text = told('state'), [own] = xfrm.state.list() as [XfrmState];
    // Words that only newer ones of iproute2 have.
    expect(text).toMatch(iproute2Version() < since ? /^src/ : said);
    const { auth: _auth, limits, mark, ...rest } = state;
    expect(own).toMatchObject({ ...rest, ...(mark && { mark }), ...(limits && { limits: Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, BigInt(value)])) }), ...(rest.sel && { sel: rest.sel }) });
    expect(xfrm.state.get(state)).toEqual(own);
    expect(code(() => xfrm.state.add(own))).toBe('EEXIST');
    xfrm.state.delete(own);
    expect(code(() => xfrm.state.get(own))).toBe('ESRCH');
    await using later = await openXfrm();
    await later.state.add(own);
    expect(told('state')).toBe(text);
    expect((await later.state.list().toArray()).map(({ current: _current, ...one }) => one)).toEqual([own].map(({ current: _current, ...one }) => one));
    await later.state.delete(state);
    expect(xfrm.state.counts().count).toBe(0);
  });
  test.skipIf(whyNoEsp)('the kernel gives no more than what is asked for by ends and protocol; the rest is looked at here', () => {
    for (let at = 1; at < 9; at++) xfrm.state.add({ ...esp, dst: `198.51.100.${at}`, spi: at, reqid: at % 2, ...(at > 4 && { src: '192.0.2.9', mode: 'transport', flags: ['noecn'] }) });
    xfrm.state.add({ ...esp, ...ends6, spi: 99, ifId: 7 });
    const asked = (filter: XfrmStateFilter): number => xfrm.client.dumpSync(runSync(xfrm.client, stateList(filter)).request).length, found = (filter: XfrmStateFilter): number => xfrm.state.list(filter).length;
    const kernel: [XfrmStateFilter, number][] = [[{}, 9], [{ dst: '198.51.100.0/30' }, 3], [{ dst: '198.51.100.4/30', src: '192.0.2.9' }, 3], [{ src: '192.0.2.0/29' }, 4], [{ proto: 'esp' }, 9], [{ proto: 'ah' }, 0], [{ dst: '2001:db8::/32' }, 1]];
    expect(kernel.map(([filter]) => [asked(filter), found(filter)])).toEqual(kernel.map(([, count]) => [count, count]));
    expect([found({ reqid: 1 }), found({ mode: 'transport' }), found({ flags: ['noecn'] }), found({ spi: 3 }), found({ ifId: 7 }), found({ family: 'inet' })]).toEqual([4, 4, 4, 1, 1, 8]);
    expect(sh('ip xfrm state count')).toMatch(new RegExp(`SAD count ${xfrm.state.counts().count}$`));
    xfrm.state.flush('ah');
    expect(found({})).toBe(9);
    xfrm.state.flush('esp');
    expect(told('state')).toBe('');
  });
  test('an SPI is taken, in its bounds, and is there once', () => {
    const wanted = { ...ends, proto: 'esp', mode: 'tunnel', reqid: 9, min: 0x300, max: 0x300 } as const, own = xfrm.state.allocate(wanted);
    expect(own).toEqual({ ...ends, family: 'inet', proto: 'esp', spi: 0x300, mode: 'tunnel', reqid: 9, seq: 0 });
    expect(told('state')).toMatch(/src 192\.0\.2\.1 dst 192\.0\.2\.2\n\tproto esp spi 0x00000300/);
    expect(code(() => xfrm.state.allocate({ ...wanted, reqid: 10 }))).toMatch(/ENOENT/);
    if (whyNoEsp) return;
    xfrm.state.update({ ...own, aead });
    const [full] = xfrm.state.list() as [XfrmState];
    expect(full).toMatchObject({ ...own, aead });
    expect(full.limits).toBeUndefined();
    expect(full.sel).toEqual({ src: '0.0.0.0/0', dst: '0.0.0.0/0' });
  });
  test.skipIf(whyNoEsp)('where a state is can be asked and set: a standby takes over', () => {
    for (const [spi, more] of [[1, { replayWindow: 32 }], [2, { replayWindow: 64, flags: ['esn'] }]] as const) {
      const state = { ...esp, spi, ...more };
      xfrm.state.add(state);
      const own = xfrm.state.aevent(state);
      expect(own).toMatchObject({ ...ends, proto: 'esp', spi, flags: expect.arrayContaining(['rthr', 'ethr']) as unknown, replay: { seq: 0, oseq: 0 }, replayThresh: expect.any(Number) as number, etimerThresh: expect.any(Number) as number });
      xfrm.state.setAevent({ ...own, replay: { ...own.replay, seq: 5, oseq: 1000 }, current: { bytes: 77n, packets: 3n, addTime: 0n, useTime: 0n }, replayThresh: 20 });
      expect(told(`state get dst ${ends.dst} proto esp spi ${spi}`)).toMatch(spi === 1 ? /anti-replay context: seq 0x5, oseq 0x3e8[^]*77\(bytes\), 3\(packets\)/ : /seq-hi 0x0, seq 0x5, oseq-hi 0x0, oseq 0x3e8[^]*77\(bytes\), 3\(packets\)/);
      expect(xfrm.state.aevent(state)).toMatchObject({ replay: { seq: 5, oseq: 1000 }, replayThresh: 20 });
    }
    expect(code(() => xfrm.state.aevent({ ...esp, spi: 3 }))).toBe('ESRCH');
  });

  test('a policy moves with its templates and its states; so does one state alone', () => {
    const out = { dir: 'out', sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16' } } as const, from = ends, to = { src: '192.0.2.3', dst: '192.0.2.4' };
    xfrm.policy.add({ ...out, templates: [{ proto: 'esp', ...ends, reqid: 7, mode: 'tunnel' }] });
    const state = { ...esp, spi: 0x700, reqid: 7, replay: { oseq: 9 } };
    if (!whyNoEsp) xfrm.state.add(state);
    try { xfrm.policy.migrate({ ...out, moves: [{ from, to, proto: 'esp', reqid: 7 }] }); } catch (error) {
      if ((error as NetlinkError).code !== 'ENOPROTOOPT') throw error;
      expect(String(error)).toMatch(/CONFIG_XFRM_MIGRATE/);
      return void beyond.set('moving', String(error));
    }
    expect(told('policy')).toMatch(/tmpl src 192\.0\.2\.3 dst 192\.0\.2\.4/);
    expect(code(() => xfrm.policy.migrate({ ...out, dir: 'fwd', moves: [{ from, to, proto: 'esp', reqid: 7 }] }))).toBe('ENOENT');
    expect(code(() => xfrm.policy.migrate({ ...out, moves: [] }))).toMatch(/nothing moves/);
    if (whyNoEsp) return;
    expect(told('state')).toMatch(/^src 192\.0\.2\.3 dst 192\.0\.2\.4\n\tproto esp spi 0x00000700[^]*oseq 0x9/);
    const moved = xfrm.state.get({ ...state, ...to });
    if (kernelVersion() < 701) {
      expect(() => xfrm.state.migrate(moved, from)).toThrow(/before 7\.1|EINVAL/);
      return void beyond.set('one state that moves', 'since kernel 7.1');
    }
    xfrm.state.migrate(moved, { src: '192.0.2.5', dst: '192.0.2.6', reqid: 8, encap: { type: 'espinudp', sport: 4500, dport: 4501, oa: '0.0.0.0' } });
    expect(told('state')).toMatch(/^src 192\.0\.2\.5 dst 192\.0\.2\.6\n\tproto esp spi 0x00000700\(1792\) reqid 8[^]*encap type espinudp sport 4500 dport 4501[^]*oseq 0x9/);
  });

  test('events: what ip does, as it happens', async () => {
    await using there = await openXfrm();
    const events = there.watch(['sa', 'policy', 'expire', 'migrate']), kinds: string[] = [];
    const line = `src ${ends.src} dst ${ends.dst} proto esp spi 0x900`, keys = "mode tunnel aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128", policy = 'src 10.1.0.0/16 dst 10.2.0.0/16 dir out';
    sh([
      ...(whyNoEsp ? [] : [`ip xfrm state add ${line} ${keys}`, `ip xfrm state delete ${line}`]), `ip xfrm policy add ${policy} tmpl src ${ends.src} dst ${ends.dst} proto esp reqid 7 mode tunnel`, `ip xfrm policy update ${policy} priority 5`, `ip xfrm policy delete ${policy}`,
      'ip xfrm policy setdefault in block fwd accept out accept', 'ip xfrm policy setdefault in accept fwd accept out accept', `ip xfrm state allocspi src ${ends.src} dst ${ends.dst} proto esp`, 'ip xfrm state flush', 'ip xfrm policy add src 10.6.0.0/16 dst 10.7.0.0/16 dir out limit time-hard 1', 'sleep 2.5', 'ip xfrm policy add dir fwd', 'ip xfrm policy flush',
    ].join(' && '));
    for await (const event of events) {
      kinds.push(`${event.kind}${'change' in event ? ` ${event.change}` : ''}`);
      if (event.kind === 'state' && event.change !== 'flush') expect(event.state).toMatchObject({ ...ends, proto: 'esp', spi: 0x900, mode: 'tunnel', aead });
      if (event.kind === 'policy' && event.change === 'add' && event.policy.templates) expect(event.policy).toMatchObject({ dir: 'out', sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16' }, templates: [{ proto: 'esp', ...ends, reqid: 7, mode: 'tunnel' }] });
      if (event.kind === 'policy' && event.change === 'defaults') expect(event.defaults).toMatchObject({ fwd: 'accept', out: 'accept' });
      if (event.kind === 'policyExpire') expect(event).toMatchObject({ hard: true, policy: { sel: { src: '10.6.0.0/16' }, limits: { hardAddExpiresSeconds: 1n } } });
      if (kinds.at(-1) === 'policy flush') break;
    }
    expect(kinds).toEqual([...(whyNoEsp ? [] : ['state add', 'state delete']), 'policy add', 'policy update', 'policy delete', 'policy defaults', 'policy defaults', 'state flush', 'policy add', 'policyExpire', 'policy add', 'policy flush']);
  });
  test('watching ends by the signal, by return() while it waits, and with the client', async () => {
    const held = descriptors(), controller = new AbortController();
    const there = await openXfrm(), watches = [there.watch(['sa'], { signal: controller.signal }), there.watch(), there.watch(['acquire'])];
    const waiting = watches.map((one) => one.next());
    controller.abort();
    await watches[1]!.return();
    expect(await Promise.all(waiting.slice(0, 2))).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }]);
    there.close();
    expect(await waiting[2]).toEqual({ done: true, value: undefined });
    expect(() => there.watch(['sa'])).toThrow(/closed/);
    await until('its descriptors are given back', () => descriptors() === held);
    await using other = await openXfrm();
    expect(() => other.watch(['aquire' as 'acquire'])).toThrow(/did you mean 'acquire'|'acquire'/);
  });

  test('refusals say what is wrong, and what to do', () => {
    expect(() => xfrm.state.get({ ...ends, proto: 'esp', spi: 0x999 })).toThrow(/XFRM_MSG_GETSA: ESRCH.*no state has that destination/);
    expect(() => xfrm.policy.delete({ dir: 'out', sel: { src: '10.9.0.0/16' } })).toThrow(/XFRM_MSG_DELPOLICY: ENOENT.*no policy matches/);
    expect(() => xfrm.state.add({ ...ends, proto: 'esp', spi: 1, enc: { name: 'no such cipher', key: bytes(16) } })).toThrow(/XFRM_MSG_NEWSA: E(NOSYS|PROTONOSUPPORT).*this kernel lacks/);
    if (whyNoEsp) return;
    xfrm.state.add({ ...esp, spi: 5 });
    expect(() => xfrm.state.add({ ...esp, spi: 5 })).toThrow(/EEXIST.*"update" changes it/);
    expect(() => xfrm.state.update({ ...esp, spi: 6 })).toThrow(/ESRCH.*"add" makes it/);
  });
});

/** Two namespaces, each with a network behind it: 10.1.0.1 on the left, 10.2.0.1 on the right. */
const sides = { left: { own: '192.0.2.1', peer: '192.0.2.2', inner: '10.1.0.1', far: '10.2.0.1' }, right: { own: '192.0.2.2', peer: '192.0.2.1', inner: '10.2.0.1', far: '10.1.0.1' } } as const;
type Side = keyof typeof sides;
const both = Object.keys(sides) as Side[];

describe.skipIf(whyNoEsp)('packets', () => {
  const before = whyNoEsp ? 0 : descriptors();
  let clients: Record<Side, XfrmSync>;
  beforeAll(() => {
    for (const side of both) create(side);
    sh('ip -n left link add v0 type veth peer name v0 netns right');
    for (const side of both) {
      using nl = openRoute({ namespace: { name: side } });
      const { own, peer, inner, far } = sides[side];
      for (const dev of ['lo', 'v0']) nl.link.set(dev, { up: true });
      nl.address.add('v0', `${own}/24`);
      nl.address.add('lo', `${inner}/32`);
      nl.route.add({ dst: far, gateway: peer, src: inner });
    }
    clients = Object.fromEntries(both.map((side) => [side, openXfrmSync({ namespace: { name: side } })])) as typeof clients;
  });
  afterEach(() => { for (const side of both) { clients[side].state.flush(); clients[side].policy.flush(); } });
  afterAll(async () => {
    for (const side of both) clients?.[side].close();
    for (const name of namespaces()) remove(name);
    await until('every descriptor is given back', () => descriptors() === before);
  });
  /** ping's own count of answers. */
  const ping = (count: number, ...more: string[]): string => /(\d+) (packets )?received/.exec(sh(`ip netns exec left ping -n -c ${count} -i 0.2 -W 2 ${more.join(' ')} ${sides.left.far} || true`))?.[1] ?? '';
  /** Policies of both sides: what one has behind it, through a tunnel to the other. */
  function policies(mode: 'tunnel' | 'iptfs' = 'tunnel'): void {
    for (const side of both) {
      const { own, peer, inner, far } = sides[side], template = { proto: 'esp', reqid: 1, mode } as const;
      clients[side].policy.add({ dir: 'out', sel: { src: inner, dst: far }, templates: [{ ...template, src: own, dst: peer }] });
      clients[side].policy.add({ dir: 'in', sel: { src: far, dst: inner }, templates: [{ ...template, src: peer, dst: own }] });
    }
  }
  /** States of both sides for what a side sends. */
  function states(from: Side, spi: number, more: Partial<XfrmStateInput> = {}, out: Partial<XfrmStateInput> = {}, incoming: Partial<XfrmStateInput> = {}): void {
    const { own: src, peer: dst } = sides[from], state: XfrmStateInput = { src, dst, proto: 'esp', spi, reqid: 1, mode: 'tunnel', aead: { ...aead, key: bytes(20).map((byte) => byte + spi) }, ...more };
    for (const side of both) clients[side].state.add({ ...state, ...(side === from ? out : incoming) });
  }
  const carried = (side: Side, spi: number): number => Number(/(\d+)\(packets\)\n/.exec(sh(`ip -n ${side} -s xfrm state list spi ${spi}`).split('lifetime current:')[1] ?? '')?.[1] ?? -1);

  test('go through a tunnel with AES-GCM, and only there', () => {
    expect(ping(1)).toBe('1');
    policies();
    expect(ping(1)).toBe('0');
    clients.left.state.flush();
    states('left', 0x100);
    states('right', 0x200);
    expect(ping(3)).toBe('3');
    expect([carried('left', 0x100), carried('right', 0x100), carried('right', 0x200), carried('left', 0x200)]).toEqual([3, 3, 3, 3]);
    expect(clients.right.state.list({ spi: 0x100 })).toMatchObject([{ current: { packets: 3n }, stats: { replay: 0, integrityFailed: 0 } }]);
    clients.right.state.delete({ src: sides.left.own, dst: sides.left.peer, proto: 'esp', spi: 0x100 });
    expect(ping(1)).toBe('0');
  });

  test('that find no state are told; whoever hears it takes SPIs and gives keys: a small key exchange', async () => {
    policies();
    await using left = await openXfrm({ namespace: { name: 'left' } });
    await using right = await openXfrm({ namespace: { name: 'right' } });
    const acquires = left.watch(['acquire']), { own, peer, inner, far } = sides.left;
    const sent = ping(1);
    expect(sent).toBe('0');
    const { value: acquire } = await acquires.next() as { value: XfrmEvent & { kind: 'acquire' } };
    await acquires.return();
    expect(acquire).toMatchObject({ kind: 'acquire', src: own, dst: peer, family: 'inet', proto: 'esp', spi: 0, sel: { src: `${inner}/32`, dst: `${far}/32` }, policy: { dir: 'out', templates: [{ proto: 'esp', src: own, dst: peer, reqid: 1, mode: 'tunnel' }] } });
    expect(acquire.seq).toBeGreaterThan(0);
    // Each side takes the SPI of what it is going to receive, and tells the other; both know the keys.
    const { reqid, mode } = acquire.policy.templates![0]!, keys = [bytes(20), bytes(20).reverse()] as const, key = (at: 0 | 1): object => ({ aead: { ...aead, key: keys[at] } });
    const there = await right.state.allocate({ src: own, dst: peer, proto: 'esp', mode, reqid }), back = await left.state.allocate({ src: peer, dst: own, proto: 'esp', mode, reqid });
    await right.state.update({ ...there, ...key(0), replayWindow: 32 });
    await left.state.update({ ...back, ...key(1), replayWindow: 32 });
    await right.state.add({ ...back, ...key(1) });
    await left.state.add({ ...there, ...key(0), seq: acquire.seq });
    expect(told('state', '-n left')).not.toMatch(/spi 0x00000000/);
    expect(clients.left.state.counts().count).toBe(2);
    expect(ping(2)).toBe('2');
    expect([carried('left', there.spi), carried('right', there.spi), carried('left', back.spi), carried('right', back.spi)]).toEqual([2, 2, 2, 2]);
  });

  test('that are too many end their state, and tell so before', async () => {
    policies();
    states('left', 0x300, { limits: { softPacketLimit: 2, hardPacketLimit: 4 } });
    states('right', 0x400);
    await using left = await openXfrm({ namespace: { name: 'left' } });
    const events = left.watch(['expire']), expired: [boolean, number, bigint][] = [];
    expect(Number(ping(6))).toBeLessThan(6);
    for await (const event of events) {
      if (event.kind !== 'expire') continue;
      expired.push([event.hard, event.state.spi, event.state.limits?.hardPacketLimit as bigint]);
      if (event.hard) break;
    }
    expect(expired).toEqual([[false, 0x300, 4n], [true, 0x300, 4n]]);
    expect(sh('ip -n left xfrm state list spi 0x300')).toBe('');
  });

  test('tell how far the numbers are, for a standby', async () => {
    policies();
    states('left', 0x500, { replayWindow: 32 });
    states('right', 0x600);
    clients.left.state.setAevent({ src: sides.left.own, dst: sides.left.peer, proto: 'esp', spi: 0x500, replayThresh: 2 });
    await using left = await openXfrm({ namespace: { name: 'left' } });
    const events = left.watch(['aevents']), first = events.next();
    expect(ping(4)).toBe('4');
    expect((await first).value).toMatchObject({ kind: 'aevent', src: sides.left.own, dst: sides.left.peer, proto: 'esp', spi: 0x500, reqid: 1, flags: [expect.stringMatching(/^c[re]$/) as unknown], replay: { oseq: expect.any(Number) as number } });
    await events.return();
  });

  test('go many in one, and large ones in parts: IP-TFS', () => {
    const options = { packetSize: 1000, initDelay: 1000, maxQueueSize: 100_000 } as const, incoming = { dropTime: 100_000, reorderWindow: 3 } as const;
    if (whyNoIptfs) return void beyond.set('IP-TFS', whyNoIptfs);
    for (const [from, spi] of [['left', 0x700], ['right', 0x800]] as const) states(from, spi, { mode: 'iptfs' }, { dir: 'out', iptfs: options }, { dir: 'in', replayWindow: 64, iptfs: incoming });
    policies('iptfs');
    expect(clients.left.state.list({ spi: 0x700 })).toMatchObject([{ mode: 'iptfs', dir: 'out', iptfs: options }]);
    expect(clients.right.state.list({ spi: 0x700 })).toMatchObject([{ mode: 'iptfs', dir: 'in', iptfs: incoming }]);
    // iproute2 has no word for the mode, nor for its options.
    expect(sh('ip -n left xfrm state list spi 0x700')).toMatch(/mode (iptfs|5)\n/);
    expect(ping(3)).toBe('3');
    // Larger than a packet of the tunnel: in four parts each.
    expect(ping(3, '-s', '3000')).toBe('3');
    const [sent] = clients.left.state.list({ spi: 0x700 }), [came] = clients.right.state.list({ spi: 0x700 });
    expect(sent!.current.packets).toBeGreaterThanOrEqual(3n + 3n * 4n);
    expect(came!.current.packets).toBe(sent!.current.packets);
    expect(carried('right', 0x700)).toBe(Number(came!.current.packets));
    expect(came!.current.bytes).toBeGreaterThan(3n * 3000n);
  });

  test('of one processor have a state of their own', async () => {
    if (kernelVersion() < 613) return void beyond.set('a state for one processor', 'since kernel 6.13');
    policies();
    clients.left.policy.update({ ...clients.left.policy.list({ dir: 'out' })[0]!, flags: ['cpuAcquire'] });
    states('left', 0x900, {}, { dir: 'out' });
    states('right', 0xa00);
    await using left = await openXfrm({ namespace: { name: 'left' } });
    const acquires = left.watch(['acquire']), first = acquires.next();
    ping(1);
    const { value } = await first as { value: XfrmEvent & { kind: 'acquire' } };
    await acquires.return();
    expect(value.pcpu).toEqual(expect.any(Number));
    clients.right.state.add({ ...clients.right.state.list({ spi: 0x900 })[0]!, spi: 0x901 });
    clients.left.state.add({ ...clients.left.state.list({ spi: 0x900 })[0]!, spi: 0x901, seq: value.seq, pcpu: value.pcpu! });
    expect(clients.left.state.get({ src: sides.left.own, dst: sides.left.peer, proto: 'esp', spi: 0x901 })).toMatchObject({ pcpu: value.pcpu });
    if (iproute2Version() >= 613) expect(sh('ip -n left xfrm state list spi 0x901')).toMatch(new RegExp(`pcpu-num ${value.pcpu}`));
    sh(`taskset -c ${value.pcpu} ip netns exec left ping -n -c 1 -W 2 ${sides.left.far}`);
    expect(carried('left', 0x901)).toBe(1);
  });
});
