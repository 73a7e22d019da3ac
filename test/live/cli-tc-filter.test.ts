/** What tc does to filters, chains and actions, done by nlkit: the same state, the same print; events; programs of BPF; and the library's way to them. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProgram, pin } from '../../src/bpf/call.ts';
import { mount } from '../../src/namespace/mounts.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { openSync, type NetlinkSync } from '../../src/route/index.ts';
import { errnoName } from '../../src/socket/errno.ts';
import { libc } from '../../src/socket/libc.ts';
import { expected } from '../support/differences.ts';
import { built } from '../support/program.ts';
import { beside } from './beside.ts';
import { has, iproute2Version, kernelVersion, until } from './support.ts';

const { why: alone, sh, nlkit } = beside();
const why = alone ?? (has('tc') ? undefined : 'tc is not installed');
if (why && !alone) console.warn(`skipped: ${why}`);
const version = why ? 0 : iproute2Version(), table = expected('live/cli-tc-filter', version, kernelVersion());

const SETUP = (side: string): string => `ip netns add ${side} && ip -n ${side} link add d0 type veth peer name d1 && tc -n ${side} qdisc add dev d0 clsact && tc -n ${side} qdisc add dev d0 root handle 1: htb; ip netns exec ${side} ipset create bulk hash:ip,port 2>/dev/null || true`;
const gone = (): Promise<unknown> => sh('ip netns del theirs; ip netns del ours');
/** Older ones mark the filters that end the search the other way round, leave kinds of headers out, and say other things in JSON. */
const prints = version >= 615;
if (!why && !prints) console.warn('skipped: prints: they are compared with those of iproute2 6.15 and newer');
/** What this kernel does not have. */
const lacking = new Set<string>();
const missing = /TC classifier not found|Failed to load TC action module|Unknown ematch|Failed to load ematch|ipset: unknown set name|failed to find match/;

const places = ['dev d0 ingress', 'dev d0 egress', 'dev d0 parent 1:'];
const ACTIONS = 'gact mirred police skbedit vlan tunnel_key nat csum ct connmark sample pedit simple mpls skbmod ctinfo bpf gate ife';
/** Seconds go on. */
const still = (text: string): string => text.replace(/ (installed|used|firstused) \d+ sec/g, ' $1 N sec').replace(/"(installed|last_used|first_used)": ?\d+/g, '"$1":0');
/** Of lines about actions, those of the kinds that they name, and verdicts. */
const state = async (side: string, words: string): Promise<string> => still((await sh((words.startsWith('actions') ? [...new Set(['gact', ...words.split(' ').filter((word) => ACTIONS.split(' ').includes(word))])].map((kind) => `tc -n ${side} actions show action ${kind} 2>/dev/null`) : (words.includes('dev d1') ? ['dev d1 ingress'] : places).flatMap((place) => [`tc -n ${side} filter show ${place}`, `tc -n ${side} chain show ${place}`])).join('; '))).stdout);

type Object_ = Record<string, unknown>;
/** As tc says it: where it says a name twice, the last one; of GTP nothing. */
function twice(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(twice);
  if (value === null || typeof value !== 'object') return value;
  const { success: _success, gtp_opt_key: _key, gtp_opt_mask: _mask, conform_action: conform, match, ...rest } = value as Object_;
  return Object.fromEntries(Object.entries({ ...rest, ...(match !== undefined && { match: Array.isArray(match) ? (match as unknown[]).at(-1) : match }), ...(conform !== undefined && { control_action: conform }) }).map(([key, item]) => [key, twice(item)]));
}
const unread = (text: string): unknown => { try { return JSON.parse(text) as unknown; } catch { return undefined; } };

/** Says a line to both, and compares what they leave. False: the kernel lacks it. @param partial Something before it was lacking: it may be refused for that. */
async function both(line: string, partial: boolean): Promise<boolean> {
  const refused = line.startsWith('!'), words = line.replace(/^!/, ''), theirs = await sh(`tc -n theirs ${words}`), ours = await nlkit(`tc -n ours ${words}`);
  if (missing.test(theirs.stderr) && !refused) {
    lacking.add(/(?:action|\d|ingress|all|egress) ([a-z]\w*)/.exec(words)?.[1] ?? words);
    expect.soft({ line, refused: ours.status !== 0 }).toEqual({ line, refused: true });
    return false;
  }
  if (partial && theirs.status !== 0 && !refused) {
    expect.soft({ line, ours: ours.status === 0 }).toEqual({ line, ours: false });
    return true;
  }
  expect.soft({ line, theirs: theirs.status === 0, ours: ours.status === 0, said: refused ? '' : ours.stderr, why: theirs.status !== 0 && !refused ? theirs.stderr : '' }).toEqual({ line, theirs: !refused, ours: !refused, said: '', why: '' });
  const [a, b] = [await state('theirs', words), await state('ours', words)];
  expect.soft({ line, state: b }).toEqual({ line, state: a });
  return true;
}
async function alike(shown: string): Promise<void> {
  if (!prints) return;
  const theirs = await sh(`tc -n theirs ${shown}`), ours = await nlkit(`tc -n theirs ${shown}`);
  expect.soft({ shown, theirs: theirs.status, ours: ours.status, stderr: ours.stderr }).toMatchObject({ theirs: 0, ours: 0, stderr: '' });
  if (!shown.includes('-j')) return expect.soft({ shown, print: still(ours.stdout) }).toEqual({ shown, print: still(theirs.stdout) });
  const read = unread(still(theirs.stdout)), own = unread(still(ours.stdout));
  if (read === undefined) {
    table.meet('tc-filter-json-text');
    return expect.soft({ shown, json: Array.isArray(own) }).toEqual({ shown, json: true });
  }
  if (JSON.stringify(own) !== JSON.stringify(twice(own))) table.meet('tc-filter-json-twice');
  expect.soft({ shown, print: twice(own) }).toEqual({ shown, print: twice(read) });
}

const u32 = 'filter add dev d0 parent 1: protocol ip', flower = 'filter add dev d0 ingress protocol';
/** Lines, one after the other; those in brackets only where the kernel and tc are as new as that. */
const scenes: Readonly<Record<string, readonly string[]>> = {
  u32: [
    `${u32} prio 1 u32 match ip dst 10.0.0.0/8 match ip src 1.2.3.4 match ip protocol 6 0xff match ip dport 80 0xffff flowid 1:1`, `${u32} prio 1 u32 match u32 0x0a000000 0xff000000 at 12 match u8 0x40 0xf0 at 0 match u16 0x1234 0xffff at 2 classid 1:2`,
    'filter add dev d0 parent 1: protocol ipv6 prio 2 u32 match ip6 dst 2001:db8::/33 match ip6 sport 53 0xffff flowid 1:1', `${u32} prio 3 u32 match tcp dst 80 0xffff match tcp src 7 0xff00 flowid 1:1`, `${u32} prio 3 u32 match icmp type 8 0xff match ip tos 0x10 0xff match ip ihl 5 0xf match ip df flowid 1:1`,
    `${u32} prio 4 handle 3: u32 divisor 4`, `${u32} prio 4 u32 ht 3:1: match ip src 10.0.0.1 flowid 1:3`, `${u32} prio 4 u32 match u32 0 0 link 3: hashkey mask 0x00000003 at 12 offset at 0 mask 0x0f00 shift 6 plus 0 eat`, `${u32} prio 4 u32 ht 3: sample ip src 10.0.0.2 match ip src 10.0.0.2 flowid 1:3`,
    'filter add dev d0 ingress protocol ip prio 1 u32 skip_hw match u8 0 0 action mirred egress redirect dev d1', `filter replace dev d0 parent 1: protocol ip prio 1 handle 800::800 u32 match ip src 10.0.0.2 flowid 1:3`, '!filter change dev d0 parent 1: protocol ip prio 1 handle 800::899 u32 match ip src 10.0.0.2 flowid 1:3',
    `!${u32} prio 1 u32 match ip src 10.0.0.300 flowid 1:1`, `!${u32} prio 1 u32 match nosuch 5`, `!${u32} prio 1 u32 match ip dst 1.1.1.1 match ip dst 2.2.2.2 flowid 1:1`, `!${u32} prio 9 u32 match u32 0 0 link 7:`, 'filter del dev d0 parent 1: protocol ip prio 1 handle 800::801 u32', '!filter del dev d0 parent 1: protocol ip prio 77', '!filter add dev d1 ingress protocol ip prio 1 u32 match u32 0 0 action ok',
    "filter add dev d0 egress protocol all prio 9 bpf da bytecode '1,6 0 0 0,'", "filter add dev d0 parent 1: protocol ip prio 9 bpf bytecode '2,40 0 0 12,6 0 0 4294967295,' flowid 1:1", "!filter add dev d0 egress protocol all prio 9 bpf bytecode '2,6 0 0 0'",
  ],
  limits: [
    `${u32} prio 5 u32 match u32 0 0 police rate 1mbit burst 10k drop flowid 1:1`, `${u32} prio 6 u32 match mark 5 0xff flowid 1:1`, 'filter add dev d0 ingress protocol all prio 3 matchall skip_hw action police rate 1mbit burst 10k conform-exceed drop/pipe', 'filter add dev d0 egress matchall action drop', '!filter add dev d0 egress matchall action police burst 10k',
    'filter add dev d0 ingress protocol ip prio 7 matchall action vlan push id 5 action skbedit mark 3 pipe action mirred egress redirect dev d1', 'filter del dev d0 ingress protocol all prio 3', 'filter del dev d0 egress',
  ],
  flower: [
    `${flower} ip prio 1 flower dst_ip 192.0.2.0/24 src_ip 10.0.0.1 ip_proto tcp dst_port 80 src_port 1000-2000 action drop`, `${flower} ip prio 2 flower ip_proto udp dst_port 80 src_port 53/0xff action pass`, `${flower} ipv6 prio 3 flower dst_ip 2001:db8::/32 src_ip ::1 ip_proto icmpv6 type 128 code 0 action ok`,
    `${flower} 802.1ad prio 4 flower vlan_id 5 vlan_prio 3 vlan_ethtype 802.1q cvlan_id 7 cvlan_prio 2 cvlan_ethtype ipv4 action vlan pop`, `${flower} ip prio 5 flower enc_key_id 11 enc_dst_ip 1.1.1.1 enc_src_ip 2.2.2.2 enc_dst_port 4789 enc_tos 0x10/0xff enc_ttl 64 action tunnel_key unset`,
    `${flower} ip prio 6 flower enc_dst_ip 2001:db8::1 enc_src_ip 2001:db8::2/64 geneve_opts 0102:80:00880022/ffff:ff:ffffffff,0103:81:00110022/ffff:ff:ffffffff action drop`, `${flower} ip prio 7 flower enc_key_id 11 vxlan_opts 257/0xffff action drop`, `${flower} ip prio 8 flower enc_key_id 11 erspan_opts 1:5:0:0 action drop`, `${flower} ip prio 9 flower enc_key_id 11 gtp_opts 1:5 action drop`,
    `${flower} arp prio 10 flower arp_op request arp_sip 1.1.1.1/24 arp_tip 2.2.2.2 arp_sha 02:00:00:00:00:01 arp_tha 02:00:00:00:00:02/ff:ff:ff:00:00:00 action drop`, `${flower} all prio 11 flower dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:01/8 action drop`, `${flower} ip prio 12 flower ip_proto tcp tcp_flags 0x2/0x12 ip_tos 0x20/0xfc ip_ttl 64 ip_flags frag/nofirstfrag action drop`,
    `${flower} ip prio 13 flower ct_state +trk+est-inv ct_zone 5 ct_mark 0x10/0xff ct_label 000102030405060708090a0b0c0d0e0f action drop`, `${flower} mpls_uc prio 14 flower mpls_label 100 mpls_tc 1 mpls_bos 1 mpls_ttl 64 action drop`, `${flower} mpls_uc prio 15 flower mpls lse depth 1 label 100 lse depth 2 ttl 5 tc 2 bos 1 action drop`,
    `${flower} ip prio 16 handle 7 flower skip_hw hw_tc 3 action drop`, `${flower} ip prio 17 flower ip_proto sctp dst_port 80 indev d1 verbose action drop`, `${flower} all prio 18 flower num_of_vlans 2 action drop`, `${flower} ppp_ses prio 19 flower pppoe_sid 1234 ppp_proto ip action drop`, `${flower} ip prio 20 flower ip_proto l2tp l2tpv3_sid 1234 action drop`,
    'filter add dev d0 parent 1: protocol ip prio 1 flower classid 1:5', `${flower} ip prio 21 chain 4 flower dst_ip 192.0.2.0/24 action goto chain 5`, '(612)filter add dev d0 ingress protocol all prio 22 flower l2_miss 1 action drop', '(612)filter add dev d0 ingress protocol cfm prio 23 flower cfm mdl 5 op 1 action drop', '(612)filter add dev d0 ingress protocol ip prio 24 flower ip_proto esp spi 0x1234 action drop',
    'filter change dev d0 ingress protocol ip prio 16 handle 7 flower skip_hw hw_tc 3 action pass', `!${flower} ip prio 30 flower dst_port 80`, `!${flower} ip prio 30 flower nosuch 3`, `!${flower} ip prio 1 flower dst_ip 192.0.2.0/24 src_ip 10.0.0.1 ip_proto tcp dst_port 80 src_port 1000-2000 action drop`, `!${flower} ip prio 30 nosuch`, '!filter del dev d0 ingress protocol ip prio 1 handle 9 flower', 'filter del dev d0 ingress protocol ip prio 1 handle 1 flower', 'filter del dev d0 ingress chain 4',
  ],
  classifiers: [
    'filter add dev d0 parent 1: protocol ip prio 2 handle 5 fw classid 1:2 action ok', 'filter add dev d0 parent 1: protocol ip prio 3 handle 0x6/0xf fw classid 1:2 indev d1', 'filter add dev d0 parent 1: protocol ip prio 4 handle 0x6/0xf fw classid 1:2 police rate 1mbit burst 10k drop',
    "filter add dev d0 parent 1: protocol ip prio 5 handle 7 basic match 'cmp(u16 at 2 layer transport mask 0xff00 gt 17) and not u32(u32 0x0a000000 0xff000000 at 12) or (nbyte(\"abc\" at 0 layer 2) and meta(priority eq 5))' classid 1:3", "filter add dev d0 parent 1: protocol ip prio 6 basic match 'meta(random mask 0xff lt 5)' action drop", 'filter add dev d0 parent 1: protocol ip prio 7 basic flowid 1:3',
    "filter add dev d0 parent 1: protocol ip prio 8 handle 1 cgroup match 'cmp(u8 at 9 layer 1 eq 17)' action drop", 'filter add dev d0 parent 1: protocol ip prio 9 route from 3 classid 1:1', 'filter add dev d0 parent 1: protocol ip prio 10 route to 3 fromif d1 classid 1:1', 'filter add dev d0 parent 1: protocol ip prio 11 handle 3 flow hash keys src,dst,proto divisor 1024 baseclass 1:1 perturb 10',
    'filter add dev d0 parent 1: protocol ip prio 12 handle 4 flow map key dst rshift 2 addend 3 and 0xff or 0x1 divisor 4 baseclass 1:1', ...[
      'canid(sff 0x123 eff 0x1234:0xff00 sff 7ff)', 'meta("d0" eq dev) or meta(dev mask 0xff gt 5) and not meta(vlan shift 1 lt 4294967295)', 'nbyte("a\\x00\\"b\\101\\n" at 5 layer link) AND nbyte(plain at 0)', 'ipset(bulk src,dst)', 'ipset(bulk dst,src) and not cmp(u8 at 0 layer link trans lt 3)', 'cmp(u8 at 0 lt 3)', 'ipt(-m addrtype --src-type unicast --dst-type LOCAL,BROADCAST --limit-iface-out)',
    ].map((match, i) => `filter add dev d0 parent 1: protocol ip prio ${20 + i} basic match '${match}' classid 1:4`), "filter add dev d0 parent 1: protocol ip prio 40 handle 5 flow map key dst addend -192.0.2.0 match 'cmp(u8 at 9 layer 1 eq 17)' divisor 4 baseclass 1:1", 'filter add dev d0 parent 1: protocol ip prio 41 handle 6 flow map key mark addend -5 baseclass 1:1 police rate 1mbit burst 10k drop',
    ...['canid()', 'canid(xff 1)', 'canid(sff zz)', 'ipset(bulk)', 'ipset(nosuch src)', 'ipset(bulk up)', 'ipt(-m nosuch)', 'ipt(-m policy --pol ipsec)', 'ipt(-m policy --dir out --pol none --strict)', 'nbyte(abc)', 'meta(nosuch eq 5)', 'meta(priority eq "x")', 'meta(priority like 5)', 'text(x)'].map((match) => `!filter add dev d0 parent 1: protocol ip prio 13 basic match '${match}' classid 1:4`),
    '!filter add dev d0 parent 1: protocol ip prio 13 basic match \'nosuch(5)\'', '!filter add dev d0 parent 1: protocol ip prio 13 basic match', '!filter add dev d0 parent 1: protocol ip prio 13 flow hash keys nosuch', 'filter del dev d0 parent 1: protocol ip prio 2',
  ],
  incoming: [
    'qdisc add dev d1 ingress', ...['-m policy --dir in --pol ipsec --reqid 1 --proto esp --mode tunnel --tunnel-src 10.0.0.0/24 --tunnel-dst 10.0.0.1', '-6 -m policy --dir in --pol ipsec --strict --reqid 5 --next --mode tunnel --tunnel-dst 2001:db8::/32 --proto ah', '-m policy --dir in --pol none', '-m addrtype --dst-type multicast']
      .map((match, i) => `filter add dev d1 parent ffff: protocol ip prio ${i + 1} basic match 'ipt(${match})' classid 1:4`), "!filter add dev d1 parent ffff: protocol ip prio 9 basic match 'ipt(-m policy --dir out)' classid 1:4", "!filter add dev d0 parent 1: protocol ip prio 9 basic match 'ipt(-m policy --dir in)' classid 1:4",
  ],
  actions: [
    'drop index 5', 'pass random determ drop 5 cookie aabbcc', 'gact reclassify no_percpu', 'jump 2 hw_stats immediate', 'trap hw_stats disabled', 'mirred egress mirror dev d1', 'mirred ingress redirect dev d1 index 8', 'police rate 1mbit burst 10k/8 mtu 2kb peakrate 2mbit conform-exceed drop/pipe', 'police rate 20gbit burst 100k conform-exceed pipe index 9',
    'police pkts_rate 1000 pkts_burst 200 drop', 'police rate 1gbit burst 100k overhead 14 linklayer atm', 'skbedit mark 5/0xff priority 1:5 queue_mapping 3 ptype host inheritdsfield pipe', 'skbedit mark 5', 'vlan pop', 'vlan push id 5 protocol 802.1ad priority 3', 'vlan modify id 7 index 30', 'vlan push_eth dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:02', 'vlan pop_eth',
    'tunnel_key set id 5 src_ip 1.1.1.1 dst_ip 2.2.2.2 dst_port 4789 tos 0x10 ttl 64 nocsum', 'tunnel_key set src_ip 2001:db8::1 dst_ip 2001:db8::2 id 7 csum geneve_opts 0102:80:00800022,0103:81:00110022', 'tunnel_key set src_ip 1.1.1.1 dst_ip 2.2.2.2 id 7 vxlan_opts 5', 'tunnel_key set src_ip 1.1.1.1 dst_ip 2.2.2.2 id 7 erspan_opts 2:0:1:7', 'tunnel_key unset pipe',
    'nat ingress 1.1.1.1 2.2.2.2', 'nat egress 10.0.0.0/8 2.2.2.2 pipe', 'csum ip4h and icmp and tcp and udp pipe', 'ct', 'ct commit zone 5 mark 0x10/0xff label 000102030405060708090a0b0c0d0e0f nat src addr 1.1.1.1-1.1.1.9 port 10-20 pipe', 'ct clear', 'connmark zone 5 pipe', 'sample rate 5 group 1 trunc 100 index 4',
    'pedit munge ip ttl set 5', 'pedit ex munge ip ttl add 5 munge eth src set 02:00:00:00:00:01 munge tcp dport set 80 pipe', 'pedit ex munge ip src set 1.2.3.4 munge ip6 dst set 2001:db8::1 munge ip dst set 10.0.0.0 retain 0xff', 'pedit munge offset 1 u8 invert munge offset 8 u8 clear munge offset 12 u32 preserve', 'simple sdata hi', 'pedit ex munge ip ttl decrement munge ip6 hoplimit decrement munge ip6 traffic_class set 5 munge eth type set 0x800 munge tcp flags set 2 retain 0x12', 'pedit munge ip nofrag clear munge ip firstfrag set 1 munge ip ce clear munge ip df set 0x40 munge ip mf clear munge ip precedence set 0x20 munge ip ihl set 5 munge ip dport set 80 munge ip icmp_type set 8', 'pedit munge offset 12 u8 at 12 ff 4 set 5',
    'mpls pop protocol ip', 'mpls push protocol mpls_uc label 5 tc 3 ttl 6 bos 1', 'mpls modify label 7', 'mpls dec_ttl', 'mpls mac_push label 8', 'skbmod swap mac', 'skbmod ecn', 'ctinfo cpmark', 'ctinfo dscp 0xfc000000 0x01000000 zone 3', "bpf bytecode '1,6 0 0 4294967295,'", 'drop action pass action pipe', 'gate clockid CLOCK_TAI sched-entry open 200000000 -1 8000000 sched-entry close 100ms',
    'gate index 40 base-time 200000000000 cycle-time 1s cycle-time-ext 1ms priority 5 flags 0x0 clockid monotonic sched-entry OPEN 50ms 3 1kb sched-entry close 2ms 3 4 drop', 'gate index 41 sched-entry open 10us pass', 'ife encode allow mark use prio 5', 'ife encode type 0xED3F dst 02:00:00:00:00:02 src 02:00:00:00:00:01 use mark 0x12 use tcindex 7 allow prio reclassify index 42', 'ife decode drop',
  ].map((words) => `actions add action ${words}`).concat([
    'actions change action reclassify index 5', 'actions replace action pass index 31', 'actions del action gact index 31', '!actions del action gact index 31', '!actions add action drop index 5', '!actions add action nosuch', '!actions add action mirred egress redirect', '!actions add action vlan push', '!actions add action pedit munge ip ttl decrement', '!actions add action pedit ex munge offset 4 u8 decrement', '!actions add action pedit ex munge ip dport set 5', '!actions add action gate', '!actions add action gate sched-entry ajar 5', '!actions add action gate sched-entry open', '!actions add action gate clockid CLOCK_UTC sched-entry open 5', '!actions add action ife', '!actions add action ife encode allow colour', '!actions add action ife encode use mark x', 'actions flush action gact', 'actions add action continue',
  ]),
  chains: [
    'chain add dev d0 ingress chain 5', 'chain add dev d0 ingress chain 6 protocol ip flower dst_ip 0.0.0.0/24', '!chain add dev d0 ingress chain 5', `${flower} ip chain 6 prio 4 flower dst_ip 1.2.3.0/24 action goto chain 5`, `!${flower} ip chain 6 prio 4 flower dst_ip 1.2.3.0/25 action drop`, 'filter del dev d0 ingress chain 6', 'chain del dev d0 ingress chain 5', '!chain del dev d0 ingress chain 7', '!chain add block 99 chain 5',
  ],
};
const shows: Readonly<Record<string, readonly string[]>> = {
  incoming: ['filter show dev d1 ingress'],
  u32: ['filter get dev d0 parent 1: protocol ip prio 3 handle 802::800 u32', 'filter show dev d0 parent 1: prio 1', 'filter show dev d0 parent 1: protocol ipv6', 'filter show'],
  actions: ACTIONS.split(' ').map((kind) => `actions show action ${kind}`).concat('actions get action skbedit index 1'),
  chains: ['chain get dev d0 ingress chain 6', 'chain show dev d0 ingress chain 6', 'filter show dev d0 ingress chain 6'],
};

describe.skipIf(why)('both do and print alike', () => {
  afterAll(() => { if (lacking.size > 0) console.warn(`skipped: this kernel, or this tc, does not have ${[...lacking].sort().join(', ')}`); });
  test.each(Object.keys(scenes))('%s', async (name) => {
    try {
      for (const side of ['theirs', 'ours']) expect(await sh(SETUP(side))).toMatchObject({ status: 0, stderr: '' });
      let any = false, partial = false;
      for (const given of scenes[name]!) {
        const [, least = '0', line = ''] = /^(?:\((\d+)\))?(.*)$/.exec(given) ?? [];
        if (kernelVersion() >= Number(least) && version >= Number(least)) {
          const there = await both(line, partial);
          any ||= there;
          partial ||= !there;
        }
      }
      if (!any) return;
      for (const option of ['', '-s', '-j -s', '-d', '-o']) for (const shown of name === 'actions' ? [] : [...places, 'dev d0'].map((place) => `filter show ${place}`)) await alike(`${option} ${shown}`.trim());
      for (const option of partial ? [] : ['', '-j -s']) for (const shown of [...(shows[name] ?? []), ...(name === 'chains' ? ['chain show dev d0 ingress'] : [])]) if (!lacking.has(/action (\w+)/.exec(shown)?.[1] ?? '')) await alike(`${option} ${shown}`.trim());
    } finally { await gone(); }
  }, 1_200_000);

  test('blocks, which several links share', async () => {
    try {
      for (const side of ['theirs', 'ours']) expect(await sh(`ip netns add ${side} && ip -n ${side} link add d0 type veth peer name d1 && tc -n ${side} qdisc add dev d0 ingress_block 22 clsact && tc -n ${side} qdisc add dev d1 ingress_block 22 clsact`)).toMatchObject({ status: 0, stderr: '' });
      for (const words of ['filter add block 22 protocol ip prio 25 u32 match ip dst 192.168.0.0/16 action mirred egress mirror dev d1', 'chain add block 22 chain 3']) expect([words, (await sh(`tc -n theirs ${words}`)).status, await nlkit(`tc -n ours ${words}`)]).toEqual([words, 0, { status: 0, stdout: '', stderr: '' }]);
      expect((await sh('tc -n ours filter show block 22; tc -n ours chain show block 22')).stdout).toBe((await sh('tc -n theirs filter show block 22; tc -n theirs chain show block 22')).stdout);
      for (const shown of ['filter show block 22', '-j filter show block 22', 'filter show dev d0 ingress', 'chain show block 22', '-j chain show block 22']) await alike(shown);
      expect(await nlkit('tc -n ours filter del block 22 protocol ip prio 25')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect((await sh('tc -n ours filter show block 22')).stdout).toBe('');
    } finally { await gone(); }
  }, 300_000);

  test('what differs', async () => {
    try {
      expect(await sh(SETUP('theirs'))).toMatchObject({ status: 0, stderr: '' });
      expect((await sh(`tc -n theirs ${scenes['u32']![0]}`)).status).toBe(0);
      table.meet('tc-filter-pretty');
      expect([(await sh('tc -n theirs -p filter show dev d0 parent 1:')).stdout.includes('match IP src 1.2.3.4/32'), (await nlkit('tc -n theirs -p filter show dev d0 parent 1:')).stdout.includes('match 01020304/ffffffff at 12')]).toEqual([true, true]);
      const key = async (side: 'sh' | 'nlkit', words: string): Promise<string> => {
        const add = `tc -n theirs actions replace action pedit ${words} index 7`;
        await (side === 'sh' ? sh(add) : nlkit(add));
        return /key #0 .*/.exec((await sh('tc -n theirs actions get action pedit index 7')).stdout)?.[0] ?? (lacking.add('pedit'), '');
      };
      if (await key('sh', 'munge ip ttl set 5')) {
        table.meet('tc-pedit-fields');
        expect([await key('sh', 'munge ip icmp_code set 5'), await key('nlkit', 'munge ip icmp_code set 5'), await key('sh', 'ex munge ip6 flow_lbl set 5'), await key('nlkit', 'ex munge ip6 flow_lbl set 5')]).toEqual([
          'key #0  at 20: val 05000000 mask 00ffffff', 'key #0  at 20: val 00050000 mask ff00ffff', 'key #0  at ipv6+0: val 00000005 mask fff80000', 'key #0  at ipv6+0: val 00000005 mask fff00000',
        ]);
      }
      const match = async (side: 'sh' | 'nlkit', words: string): Promise<number> => {
        const add = `tc -n theirs filter add dev d0 ingress protocol ip prio ${side === 'sh' ? 70 : 71} basic match '${words}' classid 1:4`;
        return (await (side === 'sh' ? sh(add) : nlkit(add))).status;
      };
      const policies = 'ipt(-m policy --dir in --pol ipsec)';
      if (prints && !missing.test((await sh(`tc -n theirs filter add dev d0 egress protocol ip prio 72 basic match 'ipt(-m addrtype --src-type local)' classid 1:4`)).stderr)) {
        table.meet('tc-ematch-ipt');
        expect([await match('sh', policies), await match('nlkit', policies)]).toEqual([2, 0]);
        const inverted = async (side: 'sh' | 'nlkit'): Promise<string> => {
          await match(side, 'ipt(-m addrtype ! --src-type unicast)');
          return /ipt\(.*\)/.exec((await sh(`tc -n theirs filter show dev d0 ingress prio ${side === 'sh' ? 70 : 71}`)).stdout)?.[0] ?? '';
        };
        await sh('tc -n theirs filter del dev d0 ingress prio 71');
        expect([await inverted('sh'), await inverted('nlkit')]).toEqual(['ipt( ADDRTYPE match src-type UNICAST)', 'ipt( ADDRTYPE match src-type !UNICAST)']);
        await sh('tc -n theirs filter del dev d0 ingress');
        table.meet('tc-ematch-dev');
        expect([await match('sh', 'meta(dev eq "d0")'), await match('nlkit', 'meta(dev eq "d0")')]).toEqual([2, 0]);
      } else lacking.add('basic');
      table.meet('tc-filter-nosuch');
      expect([(await sh('tc -n theirs actions show action nosuch')).status, (await nlkit('tc -n theirs actions show action nosuch')).status]).toEqual([0, 1]);
    } finally { await gone(); }
  }, 120_000);

  test('programs of BPF, from a file and pinned', async () => {
    const object = fileURLToPath(new URL('../../fixtures/bpf/lwt.o', import.meta.url)), pins = '/run/tc-filter', path = `${pins}/pinned`;
    // Not in /sys, which tc -n mounts anew.
    mkdirSync(pins, { recursive: true });
    const { result: fd } = loadProgram({ name: 'pinned', type: 'schedCls', instructions: Uint8Array.of(0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0), license: 'GPL' }, 0);
    if (fd < 0) return console.warn(`skipped: programs of BPF: bpf() is refused here: ${errnoName(-fd)}`);
    const errno = mount('bpf', pins, 'bpf', 0);
    if (errno) return console.warn(`skipped: programs of BPF: no file system of type bpf on ${pins}: ${errnoName(errno)}`);
    try {
      pin(path, fd);
      expect(await sh(SETUP('theirs'))).toMatchObject({ status: 0, stderr: '' });
      for (const [i, words] of [`object-file ${object} section in`, `object-file ${object} section out`, `object-pinned ${path}`].entries()) {
        const line = (prio: number): string => `filter add dev d0 egress prio ${prio} bpf direct-action ${words}`;
        expect([words, await sh(`tc -n theirs ${line(2 * i + 1)}`), await nlkit(`tc -n theirs ${line(2 * i + 2)}`)]).toMatchObject([words, { status: 0 }, { status: 0, stdout: '', stderr: '' }]);
      }
      for (const shown of ['filter show dev d0 egress', '-d filter show dev d0 egress', '-j filter show dev d0 egress']) await alike(shown);
      // Two of each: what nlkit loaded is what tc loaded.
      const told = JSON.parse((await sh('tc -n theirs -j filter show dev d0 egress')).stdout) as { options?: { bpf_name: string; prog: { name: string; tag: string } } }[];
      const programs = told.flatMap(({ options }) => (options ? [`${options.bpf_name} ${options.prog.name} ${options.prog.tag}`] : []));
      expect(programs.filter((_, i) => i % 2 === 1)).toEqual(programs.filter((_, i) => i % 2 === 0));
      expect(await nlkit(`tc -n theirs filter add dev d0 egress prio 9 bpf da object-file ${object} section nosuch`)).toMatchObject({ status: 1, stderr: expect.stringContaining('no program in section "nosuch"') as string });
    } finally {
      libc().close(fd);
      await gone();
      await sh(`umount ${pins}`);
    }
  }, 120_000);

  test('events', async () => {
    try {
      expect(await sh(SETUP('theirs'))).toMatchObject({ status: 0, stderr: '' });
      // Ours as it is built: a command of its own, which a signal ends.
      const { program, remove: away } = await built('nlkit'), made = ['filter add dev d0 ingress protocol ip prio 12 u32 match ip dst 1.1.1.2 action mirred egress mirror dev d1', 'filter replace dev d0 ingress protocol ip prio 12 handle 800::800 u32 match ip dst 1.1.1.3 flowid 1:1', 'filter del dev d0 ingress', 'chain add dev d0 ingress chain 9', 'chain del dev d0 ingress chain 9', 'actions add action mirred egress mirror dev d1 index 77', 'actions del action mirred index 77', 'qdisc add dev d1 root handle 5: htb', 'class add dev d1 parent 5: classid 5:1 htb rate 1mbit', 'qdisc del dev d1 root'];
      await sh(`(ip netns exec theirs stdbuf -oL tc monitor >/run/theirs.events 2>&1 & echo $! >/run/theirs.pid); (ip netns exec theirs node ${program} tc monitor >/run/ours.events 2>&1 & echo $! >/run/ours.pid); (ip netns exec theirs node ${program} tc -j monitor >/run/json.events 2>&1 & echo $! >/run/json.pid)`);
      await until('three listen', async () => (await sh(`ip netns exec theirs awk '$2 == 0 && $4 == "00000008"' /proc/net/netlink | wc -l`)).stdout.trim() === '3');
      for (const line of made) expect([line, (await sh(`tc -n theirs ${line}`)).status]).toEqual([line, 0]);
      const lines = async (file: string): Promise<string> => (await sh(`cat /run/${file}.events`)).stdout;
      await until('all events', async () => /deleted qdisc htb 5:/.test(await lines('ours')) && /deleted qdisc htb 5:/.test(await lines('theirs')));
      await sh('kill $(cat /run/theirs.pid /run/ours.pid /run/json.pid)');
      if (prints) expect(await lines('ours')).toBe(await lines('theirs'));
      table.meet('tc-filter-monitor');
      const events = (await lines('json')).trim().split('\n').map((line) => JSON.parse(line) as { event: string; object: string });
      expect(events.map(({ event, object }) => `${event} ${object}`)).toEqual(expect.arrayContaining(['add filter', 'del filter', 'add chain', 'del chain', 'add action', 'del action', 'new qdisc', 'new class', 'del qdisc']));
      away();
    } finally { await gone(); }
  }, 300_000);

  test('the differences are all of the table', () => { expect(table.missing().filter((id) => !(id === 'tc-pedit-fields' && lacking.has('pedit')) && !(id.startsWith('tc-ematch') && lacking.has('basic')))).toEqual([]); });
});

describe.skipIf(alone)('the library', () => {
  let nl: NetlinkSync;
  beforeAll(async () => {
    create('lib');
    expect(await sh('ip -n lib link add d0 type veth peer name d1')).toMatchObject({ status: 0 });
    nl = openSync({ namespace: 'lib' });
    nl.qdisc.add({ dev: 'd0', kind: 'clsact' });
  });
  afterAll(() => {
    nl.close();
    remove('lib');
  });
  const place = { dev: 'd0', parent: 'ingress' } as const, key = { ...place, protocol: 'ip', priority: 7 } as const;
  const sel = { flags: ['terminal'], offshift: 0, nkeys: 1, offmask: 0, off: 0, offoff: 0, hoff: 0, hmask: 0, keys: [{ mask: 0xff000000, val: 0x0a000000, off: 16, offmask: 0 }] } as const;

  test('filters are added, listed, got, replaced, deleted', () => {
    const index = nl.link.get('d1').index;
    nl.filter.add({ ...key, kind: 'u32', options: { sel: sel as never, act: [{ kind: 'mirred', options: { parms: { index: 0, capab: 0, action: 'pipe', refcnt: 0, bindcnt: 0, eaction: 'egressMirror', ifindex: index } } }] } });
    const own = nl.filter.list(place).find(({ handle }) => (handle & 0xfff) !== 0)!;
    expect(own).toMatchObject({ kind: 'u32', chain: 0, options: { sel: { keys: [{ val: 0x0a000000 }] }, act: [{ kind: 'mirred', options: { parms: { ifindex: index } } }] } });
    expect(nl.filter.get(own)).toMatchObject({ handle: own.handle, kind: 'u32' });
    // The keys of this kind stay; where packets go does not.
    nl.filter.replace({ ...key, handle: own.handle, kind: 'u32', options: { classid: 0x10005 } });
    expect(nl.filter.get(own)).toMatchObject({ options: { classid: 0x10005, sel: { keys: [{ val: 0x0a000000 }] } } });
    expect(nl.filter.list({ ...place, priority: 8, protocol: 'ip' })).toEqual([]);
    nl.filter.delete(own);
    // The chain goes with its last filter.
    expect(() => nl.filter.get(own)).toThrow(/Cannot find specified filter chain/);
    nl.filter.deleteAll(place);
    expect(nl.filter.list(place)).toEqual([]);
  });
  test('chains', () => {
    nl.chain.add({ ...place, chain: 5 });
    expect(nl.chain.list(place).map(({ chain }) => chain)).toContain(5);
    expect(nl.chain.get({ ...place, chain: 5 })).toMatchObject({ chain: 5 });
    nl.chain.delete({ ...place, chain: 5 });
    expect(nl.chain.list(place).map(({ chain }) => chain)).not.toContain(5);
  });
  test('actions that filters share', async () => {
    const parms = { index: 9, capab: 0, action: 'pipe', refcnt: 0, bindcnt: 0, eaction: 'egressMirror', ifindex: nl.link.get('d1').index } as const;
    nl.action.add({ kind: 'mirred', options: { parms } }, { kind: 'mirred', options: { parms: { ...parms, index: 10 } }, cookie: Uint8Array.of(1, 2) });
    // One of a filter that was deleted goes when nobody looks at it any more.
    const all = (): (readonly [number, unknown])[] => nl.action.all('mirred').map(({ options, cookie }) => [(options as { parms: { index: number } }).parms.index, cookie] as const).filter(([index]) => index >= 9);
    expect(all()).toEqual([[9, undefined], [10, Uint8Array.of(1, 2)]]);
    expect(nl.action.get('mirred', 10)).toMatchObject({ kind: 'mirred', options: { parms: { index: 10, bindcnt: 0 } } });
    nl.action.delete('mirred', 9);
    // While it is there the kernel refuses to delete all.
    await until('all are deleted', () => { nl.action.flush('mirred'); return true; });
    expect(all()).toEqual([]);
    expect(() => nl.action.get('mirred', 9)).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  });
  test('what is wrong is said', () => {
    expect(() => nl.filter.add({ dev: 'd9', kind: 'u32' })).toThrow(expect.objectContaining({ code: 'ENODEV' }) as Error);
    expect(() => nl.filter.add({ kind: 'u32' })).toThrow(/where\?/);
    expect(() => nl.filter.add({ ...place, protocol: 'ipv5', kind: 'u32' })).toThrow(/'ipv5' is not an Ethernet protocol/);
    expect(() => nl.filter.list({ dev: 'd0', block: 5 })).toThrow(/exclude each other/);
    expect(() => nl.action.add()).toThrow(/0 actions/);
  });
});
