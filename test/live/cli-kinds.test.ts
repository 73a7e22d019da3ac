/**
 * Every kind of link that the kernel has, made by iproute2 in one namespace and by nlkit in another: what nlkit makes is as
 * iproute2 makes it, and what nlkit shows is as iproute2 shows it.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { expected } from '../support/differences.ts';
import { has, iproute2Version, isolate, kernelVersion } from './support.ts';

const why = isolate() ?? (has('ip') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

/** What follows `link add`, @ a number; then, after a semicolon, what follows `link set`. No two have the same ends. */
const rows = [
  'x@ type gre remote 192.0.2.11 local 192.0.2.1 ttl 64 tos 0x10 key 42 csum seq',
  'x@ type gre remote 192.0.2.12 ikey 1 okey 0.0.0.2 icsum oseq nopmtudisc ignore-df dev d0 fwmark 0x10',
  'x@ type gre external',
  'x@ type gre remote 192.0.2.13 local 192.0.2.1 ttl 64 key 42 csum; type gre ttl 5 tos inherit nocsum okey 7',
  'x@ type gre remote 239.0.0.1 local 192.0.2.1 dev d0',
  'x@ type gretap remote 192.0.2.14 tos inherit',
  'x@ type gretap remote 192.0.2.15 local 192.0.2.1 encap fou encap-sport auto encap-dport 5555 encap-csum',
  'x@ type gre remote 192.0.2.16 encap gue encap-sport 4444 encap-dport 5556 noencap-csum encap-remcsum; type gre encap-sport 4445 encap-dport 7 noencap-remcsum',
  'x@ type erspan remote 192.0.2.17 local 192.0.2.1 seq key 10 erspan_ver 1 erspan 123; type erspan erspan 124',
  'x@ type erspan remote 192.0.2.18 local 192.0.2.1 seq key 11 erspan_ver 2 erspan_dir egress erspan_hwid 17',
  'x@ type erspan remote 192.0.2.19 local 192.0.2.1 seq key 12 erspan_ver 0',
  'x@ type ip6gre remote 2001:db8::20 local 2001:db8::1 hoplimit 20 tclass 0x20 flowlabel 0x1234 encaplimit 5 key 9; type ip6gre hoplimit 21',
  'x@ type ip6gretap remote 2001:db8::21 local 2001:db8::1 encaplimit none tclass inherit flowlabel inherit dscp inherit fwmark inherit allow-localremote',
  'x@ type ip6gretap remote 2001:db8::22 dev d0 encap fou encap-dport 7 fwmark 5',
  'x@ type ip6erspan remote 2001:db8::23 local 2001:db8::1 seq key 13 erspan_ver 1 erspan 7',
  'x@ type ip6erspan remote 2001:db8::24 local 2001:db8::1 seq key 13 erspan_ver 2 erspan_dir ingress erspan_hwid 3',
  'x@ type ipip remote 192.0.2.25 local 192.0.2.1 ttl 5 tos inherit; type ipip ttl 50',
  'x@ type ipip remote 192.0.2.26 nopmtudisc dev d0 fwmark 9 mode ipip',
  'x@ type ipip remote 192.0.2.27 local 192.0.2.1 mode mplsip encap gue encap-sport auto encap-dport 6080 noencap-csum',
  'x@ type ipip external',
  'x@ type sit remote 192.0.2.28 local 192.0.2.1 ttl 64 6rd-prefix 2001:db8::/32 6rd-relay_prefix 192.0.2.0/24; type sit ttl 63',
  'x@ type sit remote 192.0.2.29 local 192.0.2.1 mode any isatap',
  'x@ type sit remote 192.0.2.30 mode ip6ip',
  'x@ type ip6tnl remote 2001:db8::31 local 2001:db8::1 mode ip6ip6 hoplimit 30 encaplimit 3 tclass 0x10 flowlabel 0x333 dscp inherit; type ip6tnl flowlabel inherit',
  'x@ type ip6tnl remote 2001:db8::32 local 2001:db8::1 mode ipip6 encaplimit none allow-localremote fwmark inherit',
  'x@ type ip6tnl remote 2001:db8::33 dev d0 fwmark 0x8 encap gue encap-sport 5 encap-dport 6 encap-csum hoplimit 0',
  'x@ type ip6tnl external',
  'x@ type vti remote 192.0.2.34 local 192.0.2.1 ikey 5 okey 6 fwmark 0x7; type vti okey 8',
  'x@ type vti remote 192.0.2.35 dev d0',
  'x@ type vti6 remote 2001:db8::36 local 2001:db8::1 key 8',
  'x@ type xfrm dev d0 if_id 0x1234',
  'x@ type xfrm external',
  'x@ type xfrm if_id 7',
  'x@ type geneve id 100 remote 192.0.2.37 ttl 64 tos 4 dstport 6082; type geneve id 100 ttl 32',
  'x@ type geneve id 101 remote 2001:db8::38 flowlabel 0x10 udp6zerocsumtx noudp6zerocsumrx',
  'x@ type geneve external dstport 7000',
  'x@ type geneve id 103 remote 192.0.2.39 ttl inherit df inherit innerprotoinherit',
  'x@ type geneve id 104 remote 192.0.2.40 df set udpcsum tos inherit ttl auto',
  'x@ type bareudp dstport 6635 ethertype mpls_uc srcportmin 1000 multiproto',
  'x@ type bareudp dstport 6636 ethertype ipv4',
  'x@ type amt mode relay local 192.0.2.1 dev d0 relay_port 2268 max_tunnels 5',
  'x@ type gtp role sgsn',
  'link d0 name x@ type macsec port 11 encrypt on cipher gcm-aes-256 icvlen 16; type macsec encrypt off validate check',
  'link d0 name x@ type macsec sci 1122334455667788 send_sci on end_station off scb off protect on replay on window 16 validate check encodingsa 2; type macsec replay off',
  'link d0 name x@ type macsec address 02:11:22:33:44:55 port 3 cipher gcm-aes-xpn-128',
  'x@ type hsr slave1 d1 slave2 d2 supervision 45 version 1 proto 0',
  'x@ type hsr slave1 d3 slave2 d4 proto 1',
  'x@ type hsr slave1 d5 slave2 d6 interlink d7',
  'x@ type netkit mode l2 forward peer blackhole name y@',
  'x@ type netkit mode l3 blackhole scrub none peer forward scrub default name y@',
  'x@ type netkit peer blackhole name y@; type netkit blackhole',
  'x@ type team',
  'x@ type vcan',
  'x@ type vxcan peer name y@ mtu 72',
  'x@ type dummy',
  // Its module makes links in the machine's own namespace: only where the kernel is the test's own.
  ...(process.env['NLKIT_LIVE'] === undefined ? [] : ['x@ type ifb']),
  'x@ type nlmon',
  'x@ type vsockmon',
  'x@ type wireguard',
  'x@ type batadv ra BATMAN_V',
  'link d0 name x@ type rmnet mux_id 5 ingress-deaggregation on egress-mapv4-checksum off',
] as const;

type Link = Record<string, unknown>;

function shell(lines: readonly string[]): string {
  const { stdout, stderr } = spawnSync('timeout', ['200', 'sh', '-c', lines.join('\n')], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return stdout + stderr;
}

async function nlkit(words: string): Promise<{ status: number; said: string }> {
  const out = new Captured();
  const status = await run(words.split(' '), out);
  return { status, said: out.stdout + out.stderr };
}

/** What a kernel, or an older iproute2, says that lacks something. */
const lacking = /Unknown device type|not supported|Unknown .*kind|unknown (option|command)|what is "|Usage: |garbage|Invalid argument/i;
/** Numbers, and addresses that nobody asked for, are not the same in the other namespace. */
const settled = ({ ifindex: _index, permaddr: _permanent, ...link }: Link): Link => (/^(?!02:00:00:00:00)([0-9a-f]{2}:){5}/.test(String(link['address'])) ? { ...link, address: '*' } : link);
const byName = (json: string): Map<unknown, Link> => new Map((JSON.parse(json.split('\n').find((line) => line.startsWith('[')) ?? '[]') as Link[]).map((link) => [link['ifname'], link]));
/** The lines of each link by its name. */
const blocks = (text: string): Map<string, string> => new Map(text.split(/^(?=\d+: )/m).map((block) => [/^\d+: ([^:@]+)/.exec(block)?.[1] ?? '', block]));
const table = expected('live/cli-kinds', why ? 0 : iproute2Version(), kernelVersion());
const show = '-d link show';

describe.skipIf(why)('kinds of link', () => {
  /** What iproute2 said to each row, what nlkit said, and how both show what there is. */
  const theirs: string[] = [], ours: { status: number; said: string }[] = [];
  let made = new Map<unknown, Link>(), same = new Map<unknown, Link>(), shown = new Map<unknown, Link>(), theirText = new Map<string, string>(), ourText = new Map<string, string>();
  const lines = (row: string, i: number): string[] => {
    const [add = '', set] = row.replaceAll('@', String(i)).split('; ');
    return [`link add ${add}`, ...(set ? [`link set x${i} ${set}`] : [])];
  };

  beforeAll(async () => {
    // A tunnel in UDP needs its module first. Ports: dummy, or where the kernel has none one end of a pair.
    shell([
      'modprobe -a fou fou6 2>/dev/null',
      ...['A', 'B'].flatMap((side) => [`ip netns add ${side}`, ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `ip -n ${side} link add d${i} address 02:00:00:00:00:0${i} type dummy || ip -n ${side} link add d${i} address 02:00:00:00:00:0${i} type veth`)]),
    ]);
    theirs.push(...shell(rows.map((row, i) => `echo '###'; { ${lines(row, i).map((line) => `ip -n A ${line}`).join(' && ')}; } 2>&1`)).split('###\n').slice(1));
    for (const [i, row] of rows.entries()) {
      let last = { status: 1, said: '' };
      // Where iproute2 or the kernel lacks something there is nothing to compare.
      for (const line of theirs[i] === '' ? lines(row, i) : []) if ((last = await nlkit(`-n B ${line}`)).status !== 0) break;
      ours.push(last);
    }
    const [a = '', b = '', text = ''] = shell([`ip -n A -j ${show}`, 'echo; echo "###"', `ip -n B -j ${show}`, 'echo; echo "###"', `ip -n B ${show}`]).split('###\n');
    [made, same] = [byName(a), byName(b)];
    shown = byName(table.even(`ip ${show}`, (await nlkit(`-n B -j ${show}`)).said, b)[0]);
    [ourText, theirText] = table.even(`ip ${show}`, (await nlkit(`-n B ${show}`)).said, text).map(blocks) as [typeof ourText, typeof theirText];
  }, 400_000);
  const skipped: string[] = [];
  afterAll(() => {
    shell(['ip netns del A', 'ip netns del B']);
    if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n${skipped.join('\n')}`);
  });

  test.each(rows.map((row, i) => [row, i] as const))('%s', (row, i) => {
    if (theirs[i] !== '') {
      // What iproute2 fails at for another reason is a mistake in the row.
      expect(theirs[i]).toMatch(lacking);
      skipped.push(`  ${row}: ${theirs[i]?.trim().split('\n')[0]}`);
      return;
    }
    expect(ours[i]).toEqual({ status: 0, said: '' });
    for (const name of row.includes('name y@') ? [`x${i}`, `y${i}`] : [`x${i}`]) {
      const link = same.get(name);
      expect(link).toBeDefined();
      expect(settled(link ?? {})).toEqual(settled(made.get(name) ?? {}));
      expect(shown.get(name)).toEqual(link);
      expect(ourText.get(name)?.split('\n')).toEqual(theirText.get(name)?.split('\n'));
    }
  });
});
