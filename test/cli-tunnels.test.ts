/** What `ip tuntap`, `ip tunnel`, `ip mroute` and `ip mrule` would do, and how they print what a kernel answers: on any machine. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { candidates } from '../src/cli/completion.ts';
import type { Command } from '../src/cli/grammar.ts';
import { help } from '../src/cli/help.ts';
import { ip } from '../src/cli/ip/index.ts';
import type { Body } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { defaultOptions } from '../src/cli/options.ts';
import { Captured } from '../src/cli/output.ts';
import { run, walk } from '../src/cli/run.ts';
import { session } from '../src/cli/session.ts';
import { Words } from '../src/cli/words.ts';

async function said(line: string): Promise<string> {
  const out = new Captured();
  expect(await run(split(`--dry-run ${line}`), out), out.stderr).toBe(0);
  return (out.stdout + out.stderr).trim();
}

describe('a dry run', () => {
  test.each([
    ['ip tuntap add dev t0 mode tun user 1000 group 50 pi', 'note: open /dev/net/tun; ioctl TUNSETIFF t0 tun pi; ioctl TUNSETOWNER 1000; ioctl TUNSETGROUP 50; ioctl TUNSETPERSIST 1: no messages'],
    ['ip tuntap del t0 mode tap multi_queue', 'note: open /dev/net/tun; ioctl TUNSETIFF t0 tap multi_queue; ioctl TUNSETPERSIST 0: no messages'],
    ['ip tuntap', 'RTM_GETLINK REQUEST|DUMP family=unspec linkinfo{kind=tun}'],
    ['ip tunnel prl dev i1 prl-default 10.1.1.1', 'note: ioctl SIOCADDPRL 10.1.1.1 default on i1: no messages'],
    ['ip tunnel prl dev i1 prl-delete 10.1.1.1', 'note: ioctl SIOCDELPRL 10.1.1.1 on i1: no messages'],
    ['ip tunnel 6rd dev s1 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8', 'note: ioctl SIOCADD6RD 2001:db8::/32 relay 10.0.0.0/8 on s1: no messages'],
    ['ip tunnel 6rd dev s1 6rd-reset', 'note: ioctl SIOCDEL6RD (none) on s1: no messages'],
    ['ip mroute', 'RTM_GETROUTE REQUEST|DUMP family=ipmr'],
    ['ip -6 mroute', 'RTM_GETROUTE REQUEST|DUMP family=ip6mr'],
    ['ip -6 mrule', 'RTM_GETRULE REQUEST|DUMP family=ip6mr'],
    ['ip monitor mroute', 'note: would join ipv4Mroute, ipv6Mroute'],
  ])('%s', async (line, wanted) => { expect(await said(line)).toBe(wanted); });

  test.each([
    ['gre1 remote 10.0.0.1 key 5 ttl 64', /ifname=gre1 linkinfo\{kind=gre data\{ikey=5 okey=5 iflags=key oflags=key .*ttl=64 .*remote=10\.0\.0\.1\}\}$/],
    ['t0 remote 10.0.0.1 mode ip/ip', /ifname=t0 linkinfo\{kind=ipip data\{proto=ipip /], ['t0 mode isatap local 10.0.0.1', /kind=sit data\{proto=ipv6 .*flags=isatap /], ['t0 mode vti key 7', /kind=vti data\{ikey=7 okey=7 /],
    ['t0 mode ip4ip6 remote fd00::1', /kind=ip6tnl data\{proto=ipip /], ['t0 mode any remote fd00::1', /kind=ip6tnl data\{proto=ip /], ['t0 mode gre/ipv6 remote fd00::1 dscp inherit', /kind=ip6gre data\{.*flags=rcvDscpCopy/], ['t0 mode vti6', /kind=vti6 /],
  ])('ip tunnel add %s', async (words, wanted) => { expect(await said(`ip tunnel add ${words}`)).toMatch(wanted); });
});

/** A kernel that has these links and routes. */
class Told extends Recorder {
  readonly #answers: Readonly<Record<string, Body[]>>;
  constructor(answers: Readonly<Record<string, Body[]>>) {
    super({ lo: 1, v0: 2, v1: 3 });
    this.#answers = answers;
  }
  override dump(message: string): Body[] { return this.#answers[message] ?? []; }
}

async function printed(line: string, answers: Readonly<Record<string, Body[]>>): Promise<string> {
  const out = new Captured();
  expect(await run(split(line), out, () => new Told(answers)), out.stderr).toBe(0);
  return out.stdout;
}

describe('a print', () => {
  // A route, and a packet that waits for one, as Linux 6.18 told them, and iproute2 6.1 printed them.
  const getroute: Body[] = [
    { family: 'ipmr', dstLen: 32, srcLen: 32, tos: 0, table: 'default', protocol: 'mrouted', scope: 'universe', type: 'multicast', flags: [], tableId: 253, src: '10.0.0.6', dst: '239.1.1.2', iif: 2, multipath: [{ len: 8, flags: [], hops: 3, ifindex: 3 }, { len: 8, flags: [], hops: 1, ifindex: 2 }], mfcStats: { packets: 7n, bytes: 700n, wrongIf: 1n }, expires: 120n },
    { family: 'ipmr', dstLen: 32, srcLen: 32, tos: 0, table: 'default', protocol: 'mrouted', scope: 'universe', type: 'multicast', flags: ['unresolved'], tableId: 253, src: '10.0.0.9', dst: '239.7.7.7' },
  ];
  test('ip mroute', async () => {
    expect(await printed('ip -s mroute', { getroute })).toBe([
      '(10.0.0.6,239.1.1.2)             Iif: v0         Oifs: v1(ttl 3) v0  State: resolved', '  7 packets, 700 bytes, 1 arrived on wrong iif., Age 1.20', '(10.0.0.9,239.7.7.7)             Iif: unresolved  State: unresolved', '',
    ].join('\n'));
    expect(JSON.parse(await printed('ip -s -j mroute show table all to 239.1.1.0/24', { getroute }))).toEqual([
      { src: '10.0.0.6', dst: '239.1.1.2', iif: 'v0', multipath: [{ oif: 'v1', ttl: 3 }, { oif: 'v0' }], state: 'resolved', packets: 7, bytes: 700, wrong_if: 1, expires: 1.2, table: 'default' },
    ]);
  });

  const tunnel = (index: number, ifname: string, type: number, kind: string, data: Body): Body => ({ family: 'unspec', index, ifname, type, flags: [], linkinfo: { kind, data }, stats64: {} });
  const getlink: Body[] = [
    tunnel(4, 'x11', 778, 'gre', { link: 1, iflags: ['key', 'csum'], oflags: ['key', 'seq'], ikey: 16909060, okey: 7, local: '0.0.0.0', remote: '10.0.0.1', ttl: 0, tos: 0x11, pmtudisc: 1 }),
    tunnel(5, 's1', 776, 'sit', { link: 0, proto: 'ipv6', local: '0.0.0.0', remote: '10.0.0.1', ttl: 64, tos: 1, pmtudisc: 0, flags: [], '6rdPrefix': '2001:db8::', '6rdPrefixlen': 32, '6rdRelayPrefix': '10.0.0.0', '6rdRelayPrefixlen': 8 }),
    tunnel(6, 'z2', 769, 'ip6tnl', { link: 1, proto: 'ip', local: 'fd00::4', remote: 'fd00::1', ttl: 0, encapLimit: 4, flowinfo: 0x01200345, flags: ['ignEncapLimit', 'rcvDscpCopy'] }),
    tunnel(7, 'n3', 1, 'gretap', { local: '0.0.0.0', remote: '10.0.0.1' }), { index: 1, ifname: 'lo', type: 772, flags: ['loopback'] },
  ];
  test('ip tunnel', async () => {
    expect(await printed('ip -N tunnel', { getlink })).toBe([
      'x11: gre/ip remote 10.0.0.1 local any dev lo ttl inherit tos inherit/0x10 ikey 16909060 okey 7', '  Checksum in received packet is required.', '  Sequence packets on output.',
      's1: ipv6/ip remote 10.0.0.1 local any ttl 64 tos inherit nopmtudisc 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8', '',
    ].join('\n'));
    expect(await printed('ip -6 tunnel', { getlink })).toBe('z2: any/ipv6 remote fd00::1 local fd00::4 dev lo encaplimit none hoplimit inherit tclass 0x12 flowlabel 0x00345 (flowinfo 0x01200345) dscp inherit\n');
    expect(JSON.parse(await printed('ip -N -j tunnel show mode gre', { getlink }))).toEqual([{ ifname: 'x11', mode: 'gre/ip', remote: '10.0.0.1', local: '0.0.0.0', dev: 'lo', tos: '0x11', ikey: 16909060, okey: 7, flags: ['rx_csum', 'tx_seq'] }]);
  });

  test('ip tuntap', async () => {
    const links = [tunnel(8, 'no-such-tap', 1, 'tun', { type: 'tap', pi: 1, vnetHdr: 1, persist: 1, multiQueue: 1, owner: 1000, group: 50 })];
    expect(await printed('ip tuntap', { getlink: links })).toBe('no-such-tap: tap pi multi_queue vnet_hdr persist filter user 1000 group 50\n');
    expect(await printed('ip tuntap show mode tun', { getlink: links })).toBe('');
  });
});

test('words are completed from the same tables', async () => {
  expect(await candidates(new Words(['ip', 'tuntap', 'add', 'm']))).toEqual(['mode', 'multi_queue']);
  expect(await candidates(new Words(['ip', 'tunnel', 'add', 'mode', 'ip']))).toEqual(['ipip', 'ip6ip6', 'ipip6', 'ip6gre']);
  expect(await candidates(new Words(['ip', 'mroute', 'show', 'i']))).toEqual(['iif']);
});

test('what is not here is said', async () => {
  const tool: Command = { summary: 'a tool', absent: { 'spoken over something else': ['b', 'c'] }, commands: { a: { summary: 'is here' } } };
  const context = session(defaultOptions(), new Captured(), () => new Recorder());
  await expect(walk(tool, ['tool'], new Words(['b', 'add']), context)).rejects.toMatchObject({ message: '"b" is not a command of "tool"', hint: 'spoken over something else' });
  expect(await help(tool, ['tool'])).toMatch(/^Not here: b, c: spoken over something else$/m);
  for (const [reason, words] of Object.entries(ip.absent ?? {})) {
    for (const word of words) {
      const out = new Captured();
      expect(await run(['ip', word, 'add'], out)).toBe(1);
      expect(out.stderr).toBe(`error: "${word}" is not a command of "ip"\n  hint: ${reason}\n`);
    }
  }
});
