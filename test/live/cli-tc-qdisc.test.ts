/** What tc does to queueing disciplines and classes, done by nlkit: the same state, the same print; and the library's way to them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSync, type NetlinkSync } from '../../src/route/index.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { expected } from '../support/differences.ts';
import { beside } from './beside.ts';
import { has, iproute2Version, kernelVersion } from './support.ts';

const { why: alone, sh, nlkit } = beside();
const why = alone ?? (has('tc') ? undefined : 'tc is not installed');
if (why && !alone) console.warn(`skipped: ${why}`);
const table = expected('live/cli-tc-qdisc', why ? 0 : iproute2Version(), kernelVersion());

/** Links whose packets nobody else sends: without IPv6, and down. */
const SETUP = (side: string): string => `ip netns add ${side} && ip netns exec ${side} sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; ip link add d0 address 02:00:00:00:00:01 numtxqueues 4 type veth peer name d1 address 02:00:00:00:00:02'`;
/** Kinds that this kernel does not have. */
const lacking = new Set<string>();
/** Text among JSON of theirs. */
const unread = (text: string): unknown => { try { return JSON.parse(text.replace(/"(priomap|weights) "/g, '"$1"')) as unknown; } catch { return undefined; } };

/** The kernel chooses handles for all namespaces together, and what chances begin with. */
const state = async (side: string): Promise<string> => (await sh(`tc -n ${side} -d qdisc show; tc -n ${side} -d class show dev d0`)).stdout.replace(/\b8\w{3}:/g, '8xxx:').replace(/ seed \d+/g, ' seed N');
const show = ['qdisc show dev d0', 'class show dev d0'];

/** What the kernel remarks of a line that it takes, as we print it. */
const warnings = (stderr: string): string => stderr.split('\n').flatMap((line) => (line.startsWith('Warning: ') ? [`w${line.slice(1)}\n`] : [])).join('');

/** Says a line to both, compares what they leave, and how both print what tc left. False: the kernel lacks it. */
async function both(line: string, options: readonly string[]): Promise<boolean> {
  const refused = line.startsWith('!'), words = line.replace(/^!/, ''), theirs = await sh(`tc -n theirs ${words}`), ours = await nlkit(`tc -n ours ${words}`);
  const unknown = /qdisc kind is unknown/.exec(theirs.stderr);
  if (unknown && !refused) {
    lacking.add(/ (?:root|parent \S+)(?: handle \S+)? (\w+)/.exec(words)?.[1] ?? words);
    expect.soft({ line, status: ours.status, said: ours.stderr.includes('qdisc kind is unknown') }).toEqual({ line, status: 2, said: true });
    return false;
  }
  expect.soft({ line, theirs: theirs.status === 0, ours: ours.status === 0, said: refused ? '' : ours.stderr }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : warnings(theirs.stderr) });
  const [b, a] = table.even(`tc ${words}`, await state('ours'), await state('theirs'));
  expect.soft({ line, state: b }).toEqual({ line, state: a });
  for (const option of options) for (const what of show) await alike(`${option} ${what}`.trim(), line);
  return true;
}
async function alike(shown: string, after: string, side = 'theirs'): Promise<void> {
  const theirs = await sh(`tc -n ${side} ${shown}`), ours = await nlkit(`tc -n ${side} ${shown}`);
  expect.soft({ shown, after, theirs: theirs.status, ours: ours.status, stderr: ours.stderr }).toMatchObject({ theirs: 0, ours: 0, stderr: '' });
  const [own, other] = table.even(`tc ${shown}`, ours.stdout, theirs.stdout);
  if (!shown.includes('-j')) return expect.soft({ shown, after, print: own }).toEqual({ shown, after, print: other });
  const read = unread(other);
  if (read === undefined) {
    table.meet('tc-json-words');
    return expect.soft({ shown, after, json: Array.isArray(unread(ours.stdout)) }).toEqual({ shown, after, json: true });
  }
  expect.soft({ shown, after, print: unread(own) }).toEqual({ shown, after, print: read });
}

/** Lines of one device, one after the other. */
const scenes: Readonly<Record<string, readonly string[]>> = {
  fifo: [
    'qdisc add dev d0 root handle 1: pfifo limit 100', 'qdisc change dev d0 root handle 1: pfifo limit 50', 'qdisc replace dev d0 root handle 2: bfifo limit 64kb', 'qdisc add dev d0 root pfifo', 'qdisc replace dev d0 root pfifo_head_drop',
    'qdisc del dev d0 root', '!qdisc del dev d0 root', '!qdisc add dev d0 parent 7:1 pfifo', '!qdisc add dev d0 root nosuch', 'qdisc add dev d0 root noqueue', 'qdisc replace dev d0 root blackhole', 'qdisc replace dev d0 root handle 3: mq', 'qdisc replace dev d0 root pfifo_fast',
  ],
  incoming: [
    'qdisc add dev d0 ingress', 'qdisc del dev d0 ingress', 'qdisc add dev d0 ingress_block 5 egress_block 6 clsact', '!qdisc add dev d0 clsact', 'qdisc del dev d0 clsact', 'qdisc add dev d0 handle ffff: ingress', 'qdisc del dev d0 parent ffff:fff1',
  ],
  tbf: [
    'qdisc add dev d0 root handle 1: tbf rate 10mbit burst 32kbit latency 400ms peakrate 12mbit minburst 1540 mpu 64 overhead 14 linklayer ethernet', 'qdisc change dev d0 root handle 1: tbf rate 1.5gbit burst 1mb latency 10ms', 'qdisc replace dev d0 root handle 2: tbf rate 40gbit burst 10mb limit 1mb',
    'qdisc replace dev d0 root tbf rate 100kbps burst 5k/8 limit 10k', 'qdisc replace dev d0 root handle 4: stab overhead 20 linklayer atm tbf rate 1mbit burst 10k latency 50ms', '!qdisc add dev d0 root tbf rate 1mbit', 'qdisc add dev d0 parent 4:1 handle 5: pfifo limit 9', 'qdisc del dev d0 parent 4:1',
    'qdisc replace dev d0 root stab mtu 9000 tsize 256 mpu 84 overhead -4 pfifo',
  ],
  htb: [
    'qdisc add dev d0 root handle 1: htb default 0x30 r2q 20 direct_qlen 500', 'class add dev d0 parent 1: classid 1:1 htb rate 100mbit burst 15k', 'class add dev d0 parent 1:1 classid 1:10 htb rate 50mbit ceil 80mbit burst 20k cburst 30k prio 1 quantum 3000 mpu 64 overhead 14 linklayer atm',
    'class add dev d0 parent 1:1 classid 1:20 htb rate 40gbit ceil 50gbit prio 2 quantum 60000', 'class change dev d0 parent 1:1 classid 1:10 htb rate 60mbit quantum 1500', 'class replace dev d0 parent 1:1 classid 1:30 est 1sec 8sec htb rate 1mbit', 'qdisc add dev d0 parent 1:10 handle 10: pfifo limit 7',
    '!class add dev d0 parent 1:1 classid 1:10 htb rate 1mbit', '!class add dev d0 parent 1:1 classid 1:11 htb ceil 1mbit', '!class del dev d0 classid 1:1', 'class del dev d0 classid 1:30', '!class del dev d0 classid 1:99',
  ],
  prio: ['qdisc add dev d0 root handle 1: prio', 'qdisc change dev d0 root handle 1: prio bands 4 priomap 3 3', 'qdisc add dev d0 parent 1:4 handle 4: bfifo', '!qdisc add dev d0 parent 1:9 pfifo', 'qdisc replace dev d0 root handle 2: multiq', 'qdisc add dev d0 parent 2:1 skbprio limit 100'],
  codel: [
    'qdisc add dev d0 root handle 1: codel limit 500 target 10ms interval 200ms ecn ce_threshold 20ms', 'qdisc replace dev d0 root handle 2: fq_codel', 'qdisc change dev d0 root handle 2: fq_codel limit 2000 quantum 3000 target 6ms interval 90ms noecn ce_threshold 10ms ce_threshold_selector 0x1/0x3 memory_limit 16mb drop_batch 32',
    '!qdisc change dev d0 root handle 2: fq_codel flows 512', 'qdisc replace dev d0 root handle 3: fq_codel flows 512',
  ],
  fq: ['qdisc add dev d0 root handle 1: fq', 'qdisc change dev d0 root handle 1: fq limit 5000 flow_limit 200 quantum 3000 initial_quantum 20000 maxrate 100mbit buckets 2048 orphan_mask 511 low_rate_threshold 1mbit ce_threshold 5ms timer_slack 20us horizon 5s horizon_cap refill_delay 30ms nopacing'],
  pie: ['qdisc add dev d0 root handle 1: pie', 'qdisc change dev d0 root handle 1: pie limit 900 target 20ms tupdate 30ms alpha 3 beta 25 ecn bytemode', 'qdisc replace dev d0 root handle 2: fq_pie', 'qdisc change dev d0 root handle 2: fq_pie limit 8000 target 10ms tupdate 20ms alpha 1 beta 10 quantum 2000 memory_limit 8mb ecn_prob 20 ecn'],
  others: [
    'qdisc add dev d0 root handle 1: sfb limit 900 max 30 target 20 increment 0.0006 decrement 0.00007 penalty_rate 20 penalty_burst 30', 'qdisc replace dev d0 root handle 2: hhf limit 900 quantum 2000 hh_limit 1024 reset_timeout 50ms admit_bytes 100000 evict_timeout 2s non_hh_weight 3',
    'qdisc replace dev d0 root handle 3: choke limit 900 min 83 max 250 ecn bandwidth 10mbit probability 0.05',
  ],
  red: [
    'qdisc add dev d0 root handle 1: red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn adaptive bandwidth 10mbit', 'qdisc replace dev d0 root handle 2: red limit 60kb avpkt 500 bandwidth 100mbit probability 0.1 harddrop nodrop ecn', 'qdisc replace dev d0 root handle 3: sfq perturb 10 quantum 3000 limit 200 depth 100 divisor 512 headdrop',
    'qdisc replace dev d0 root handle 4: sfq redflowlimit 100000 min 8000 max 60000 probability 0.20 ecn', '!qdisc add dev d0 root red limit 5',
    'qdisc replace dev d0 root handle 5: red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn qevent early_drop block 11 qevent mark block 12', '!qdisc replace dev d0 root handle 6: red limit 400000 min 30000 max 90000 avpkt 1000 qevent nosuch block 1', '!qdisc replace dev d0 root handle 6: red limit 400000 min 30000 max 90000 avpkt 1000 qevent mark',
  ],
  netem: [
    'qdisc add dev d0 root handle 1: netem limit 2000 delay 100ms 20ms 25%', 'qdisc change dev d0 root handle 1: netem loss 5% 10% duplicate 2% 5% corrupt 1% 2% delay 10ms reorder 25% 50% gap 5', 'qdisc del dev d0 root', 'qdisc replace dev d0 root handle 3: netem loss state 10% 90% 20% 80% 1% ecn', 'qdisc replace dev d0 root handle 4: netem loss gemodel 5% 95% 90% 1% rate 5mbit 20 100 5',
    'qdisc replace dev d0 root handle 5: netem slot 800us 10ms packets 100 bytes 64k rate 40gbit', 'qdisc replace dev d0 root handle 6: netem delay 2ms', 'qdisc replace dev d0 root handle 7: netem loss 1% delay 5ms 1ms', 'qdisc replace dev d0 root handle 9: netem delay 1ms reorder 5%', 'qdisc del dev d0 root', 'qdisc replace dev d0 root handle 8: netem duplicate 1% corrupt 2%', '!qdisc add dev d0 root netem reorder 5%', '!qdisc add dev d0 root netem loss 101%',
  ],
  cake: [
    'qdisc add dev d0 root handle 1: cake', 'qdisc replace dev d0 root handle 2: cake bandwidth 20mbit diffserv4 dual-srchost nat wash ingress ack-filter rtt 50ms overhead 18 mpu 64 noatm memlimit 8mb no-split-gso fwmark 0xf autorate-ingress', 'qdisc change dev d0 root cake raw besteffort flowblind ack-filter-aggressive internet split-gso unlimited egress nonat nowash',
    'qdisc change dev d0 root cake bandwidth 1gbit pppoe-ptm ether-vlan precedence triple-isolate metro no-ack-filter', 'qdisc change dev d0 root cake conservative diffserv8 dual-dsthost rtt 1s',
  ],
  hfsc: ['qdisc add dev d0 root handle 2: hfsc default 20', 'class add dev d0 parent 2: classid 2:1 hfsc sc rate 10mbit ul rate 10mbit', 'class add dev d0 parent 2:1 classid 2:20 hfsc rt m1 5mbit d 10ms m2 2mbit ls umax 1500b dmax 20ms rate 1mbit', '!class add dev d0 parent 2: classid 2:3 hfsc ul rate 1mbit'],
  sharing: ['qdisc add dev d0 root handle 3: drr', 'class add dev d0 parent 3: classid 3:1 drr quantum 2000', 'qdisc replace dev d0 root handle 4: qfq', 'class add dev d0 parent 4: classid 4:1 qfq weight 10 maxpkt 2000', 'qdisc replace dev d0 root handle 5: ets bands 5 strict 2 quanta 4500 3000 2500 priomap 0 1 1 1 2 3 4', 'class change dev d0 classid 5:4 ets quantum 5000'],
  gred: [
    'qdisc add dev d0 root handle 1: gred setup vqs 4 default 1 grio limit 100000', 'qdisc change dev d0 root handle 1: gred vq 1 prio 2 limit 60kb min 15kb max 25kb burst 20 avpkt 1000 bandwidth 10mbit probability 0.02', 'qdisc change dev d0 root handle 1: gred vq 2 limit 1mb min 100kb max 300kb avpkt 1000 ecn harddrop',
    'qdisc change dev d0 root handle 1: gred setup DPs 2 default 0', 'qdisc replace dev d0 root handle 2: gred setup vqs 16 default 15 ecn harddrop', '!qdisc add dev d0 root gred setup vqs 4', '!qdisc change dev d0 root gred vq 1 limit 60kb', '!qdisc change dev d0 root gred vq 16 limit 60kb min 15kb max 25kb avpkt 1000', '!qdisc add dev d0 root gred setup vqs 3 default 3',
  ],
  plug: ['qdisc add dev d0 root handle 1: plug limit 100kb', 'qdisc change dev d0 root plug block', 'qdisc change dev d0 root plug release', 'qdisc change dev d0 root plug release_indefinite', 'qdisc replace dev d0 root handle 2: plug', '!qdisc change dev d0 root plug limit', '!qdisc change dev d0 root plug nosuch'],
  mqprio: [
    'qdisc add dev d0 root handle 1: mqprio num_tc 3 map 0 1 2 0 1 2 0 1 2 2 2 2 2 2 2 2 queues 1@0 1@1 2@2 hw 0', 'qdisc replace dev d0 root handle 2: mqprio num_tc 2 map 0 1 queues 2@0 2@2 hw 0', '!qdisc replace dev d0 root handle 2: mqprio num_tc 2 map 0 1 queues 2@0 2@2 hw 0 fp E E', '!qdisc replace dev d0 root mqprio num_tc 2 map 0 1 queues 2@0 2@2 hw 0 fp E P', '!qdisc replace dev d0 root mqprio num_tc 2 map 0 1 queues 1@0 1@1 mode channel shaper bw_rlimit min_rate 1mbit 2mbit max_rate 3mbit 4mbit',
    '!qdisc replace dev d0 root mqprio num_tc 2 map 0 5 queues 1@0 1@1 hw 0', '!qdisc replace dev d0 root mqprio num_tc 1 queues 1@0 1@1 hw 0', '!qdisc replace dev d0 root mqprio hw 0 mode channel', '!qdisc replace dev d0 root mqprio max_rate 1mbit',
  ],
  taprio: [
    'qdisc add dev d0 root handle 3: taprio num_tc 3 map 2 2 1 0 2 2 2 2 2 2 2 2 2 2 2 2 queues 1@0 1@1 2@2 base-time 1000 sched-entry S 01 300000 sched-entry S 0x3 300000 sched-entry S 04 400000 clockid CLOCK_TAI', 'qdisc add dev d0 parent 3:1 handle 4: etf clockid TAI delta 200000 skip_sock_check deadline_mode',
    'qdisc add dev d0 parent 3:2 handle 5: cbs locredit -1470 hicredit 30 sendslope -980000 idleslope 20000 offload 0', 'qdisc change dev d0 root handle 3: taprio clockid CLOCK_TAI base-time 5000000000000000001 cycle-time 2000000 cycle-time-extension 1000 max-sdu 0 300 200 fp E sched-entry S f 1000000',
    'qdisc replace dev d0 root handle 6: taprio num_tc 1 map 0 queues 1@0 flags 0x1 txtime-delay 200000 clockid clock_tai sched-entry S 1 1000000', '!qdisc replace dev d0 root handle 7: taprio num_tc 1 map 0 queues 1@0 sched-entry S 1 1000000', '!qdisc replace dev d0 root handle 7: taprio num_tc 1 map 0 queues 1@0 clockid CLOCK_UTC sched-entry S 1 1000000',
    '!qdisc replace dev d0 root handle 7: taprio num_tc 1 map 0 queues 1@0 clockid TAI sched-entry X 1 1000000', '!qdisc replace dev d0 root handle 7: taprio num_tc 1 map 0 queues 1@0 clockid TAI',
  ],
  etf: ['qdisc add dev d0 root handle 1: etf clockid CLOCK_TAI delta 300000', '!qdisc replace dev d0 root handle 2: etf clockid CLOCK_MONOTONIC delta 300000', '!qdisc replace dev d0 root handle 2: etf delta 300000', '!qdisc replace dev d0 root handle 2: etf offload clockid CLOCK_TAI delta 300000'],
  cbs: ['qdisc add dev d0 root handle 1: cbs hicredit 153 locredit -1389 sendslope -901312 idleslope 98688', 'qdisc change dev d0 root handle 1: cbs idleslope 5000', '!qdisc change dev d0 root handle 1: cbs hicredit x', '!qdisc replace dev d0 root handle 2: cbs offload 1 hicredit 153 locredit -1389 sendslope -901312 idleslope 98688'],
};

describe.skipIf(why)('both do and print alike', () => {
  afterAll(() => {
    if (lacking.size > 0) console.warn(`skipped: this kernel does not have the kinds ${[...lacking].sort().join(', ')}`);
  });
  test.each(Object.keys(scenes))('%s', async (name) => {
    try {
      for (const side of ['theirs', 'ours']) expect(await sh(SETUP(side))).toMatchObject({ status: 0, stderr: '' });
      let there = true;
      for (const line of scenes[name] as readonly string[]) {
        // What is hung on a root that the kernel lacks is not there either.
        if (there || /qdisc (add|replace) dev d0 root/.test(line)) there = await both(line, line.startsWith('!') ? [] : ['', '-s -d', '-j -s -d']);
      }
      await alike('-iec -s qdisc show', 'all');
      await alike('-j qdisc show', 'all');
    } finally { await sh('ip netns del theirs; ip netns del ours'); }
  }, 600_000);

  test('counters, and which are printed', async () => {
    try {
      expect(await sh(SETUP('theirs'))).toMatchObject({ status: 0, stderr: '' });
      for (const line of ['qdisc add dev d0 root handle 1: htb default 1', 'class add dev d0 parent 1: classid 1:1 htb rate 100mbit', 'class add dev d0 parent 1: classid 1:2 htb rate 10mbit', 'qdisc add dev d0 parent 1:1 handle 10: tbf rate 100mbit burst 10k limit 100k']) expect(await nlkit(`tc -n theirs ${line}`)).toMatchObject({ status: 0, stdout: '' });
      expect(await sh("ip netns exec theirs bash -c 'ip link set d1 up; ip link set d0 up; ip address add 10.0.0.1/24 dev d0; ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0; for i in 1 2 3; do echo packet >/dev/udp/10.0.0.2/9; done'")).toMatchObject({ status: 0 });
      for (const option of ['-s', '-s -d', '-j -s']) for (const shown of ['qdisc show dev d0', 'qdisc show', 'class show dev d0', 'qdisc show dev d0 root', 'qdisc show dev d0 parent 1:1', 'qdisc show dev d0 handle 10:', 'qdisc show dev d1 ingress', 'qdisc show invisible', 'class show dev d0 parent 1:', 'class show dev d0 classid 1:2', 'class show dev d0 root', 'class show dev d0 qdisc 1:']) await alike(`${option} ${shown}`, 'packets');
      expect((await nlkit('tc -n theirs -s class show dev d0 classid 1:1')).stdout).toMatch(/Sent 147 bytes 3 pkt/);
    } finally { await sh('ip netns del theirs'); }
  }, 600_000);

  test('what differs', async () => {
    if (!lacking.has('gred')) try {
      expect(await sh(SETUP('theirs'))).toMatchObject({ status: 0, stderr: '' });
      table.meet('tc-gred-setup');
      const line = 'tc -n theirs qdisc change dev d0 root gred setup vqs 2 default 0';
      expect(await nlkit(line)).toMatchObject({ status: 2 });
      expect(await sh(line)).toMatchObject({ status: 0 });
    } finally { await sh('ip netns del theirs'); }
    try {
      expect(await sh(`${SETUP('theirs')} && ip -n theirs link set d0 up`)).toMatchObject({ status: 0, stderr: '' });
      table.meet('tc-rate-percent');
      const line = 'tc -n theirs qdisc add dev d0 root tbf rate 10% burst 100k limit 100k';
      expect(await nlkit(line)).toMatchObject({ status: 1, stderr: expect.stringContaining('"10%" is not a rate') as string });
      expect([(await sh(line)).status, (await sh('tc -n theirs qdisc show dev d0')).stdout]).toEqual([0, expect.stringContaining('rate 1Gbit')]);
    } finally { await sh('ip netns del theirs'); }
    table.meet('tc-kind-words');
    const said = await nlkit('tc qdisc add dev lo root dualpi2 limit 5');
    expect(said).toMatchObject({ status: 1, stderr: expect.stringContaining('options of dualpi2 have no words here') as string });
    expect(table.missing().filter((id) => id !== 'tc-json-words' && !(id === 'tc-fq-bands' && lacking.has('fq')) && !(id === 'tc-gred-setup' && lacking.has('gred')))).toEqual([]);
  });
});

describe.skipIf(alone)('the library', () => {
  let nl: NetlinkSync;
  beforeAll(async () => {
    create('lib');
    expect(await sh('ip -n lib link add d0 type veth peer name d1')).toMatchObject({ status: 0 });
    nl = openSync({ namespace: 'lib' });
  });
  afterAll(() => {
    nl.close();
    remove('lib');
  });

  test('a tree is made, listed, changed, taken down', () => {
    nl.qdisc.add({ dev: 'd0', handle: '1:', kind: 'htb', options: { init: { version: 3, rate2quantum: 10, defcls: 0x20 } } });
    const rate = { rate: 125_000, linklayer: 'ethernet' } as const;
    nl.tcClass.add({ dev: 'd0', parent: '1:', classid: '1:10', kind: 'htb', options: { parms: { rate, ceil: rate, buffer: 200_000, cbuffer: 200_000 } } });
    nl.qdisc.add({ dev: 'd0', parent: '1:10', handle: '10:', kind: 'pfifo', options: { limit: 7 } });
    nl.qdisc.add({ dev: 'd0', kind: 'ingress' });
    expect(nl.qdisc.list({ dev: 'd0' }).map(({ kind, handle, parent }) => [kind, handle >>> 16, parent])).toEqual([['htb', 1, 0xffffffff], ['pfifo', 0x10, 0x10010], ['ingress', 0xffff, 0xfffffff1]]);
    expect(nl.qdisc.list({ parent: '1:10' })).toMatchObject([{ kind: 'pfifo', options: { limit: 7 } }]);
    expect(nl.qdisc.list({ handle: '1:', select: ['kind', 'options.init'] })).toMatchObject([{ kind: 'htb', options: { init: { defcls: 0x20 } } }]);
    nl.qdisc.change({ dev: 'd0', parent: '1:10', handle: '10:', kind: 'pfifo', options: { limit: 9 } });
    nl.qdisc.replace({ dev: 'd0', parent: '1:10', handle: '11:', kind: 'bfifo', options: { limit: 9000 } });
    expect(nl.qdisc.list({ parent: '1:10' })).toMatchObject([{ kind: 'bfifo', options: { limit: 9000 } }]);
    nl.tcClass.change({ dev: 'd0', classid: '1:10', kind: 'htb', options: { parms: { rate, ceil: { ...rate, rate: 250_000 }, buffer: 200_000, cbuffer: 200_000, quantum: 1500 } } });
    const [leaf] = nl.tcClass.list({ dev: 'd0' });
    expect(leaf).toMatchObject({ kind: 'htb', handle: 0x10010, options: { parms: { ceil: { rate: 250_000 }, quantum: 1500 } }, stats2: { app: { lends: 0, tokens: 200_000 } } });
    nl.qdisc.delete({ dev: 'd0', parent: '1:10' });
    nl.tcClass.delete(leaf as NonNullable<typeof leaf>);
    expect(nl.tcClass.list({ dev: 'd0' })).toEqual([]);
    nl.qdisc.delete(nl.qdisc.list({ dev: 'd0', parent: 'ingress' })[0] as never);
    nl.qdisc.delete({ dev: 'd0' });
    expect(nl.qdisc.list({ dev: 'd0' }).map(({ kind }) => kind)).not.toContain('htb');
  });

  test('what is wrong is said', () => {
    const refused = (code: string): unknown => expect.objectContaining({ code });
    expect(() => nl.qdisc.add({ dev: 'd9', kind: 'pfifo' })).toThrow(refused('ENODEV') as Error);
    expect(() => nl.qdisc.delete({ dev: 'd0', parent: '7:1' })).toThrow(refused('ENOENT') as Error);
    expect(() => nl.qdisc.add({ dev: 'd0', handle: 'x', kind: 'pfifo' })).toThrow(/'x' is not a handle/);
    expect(() => nl.qdisc.add({ dev: 'd0', kind: 'pfifo', options: { limt: 5 } as never })).toThrow(/limt.*did you mean 'limit'/);
    expect(() => nl.tcClass.delete({ dev: 'd0', classid: '1:10' })).toThrow(refused('ENOENT') as Error);
    expect(() => nl.qdisc.add(undefined as never)).toThrow(/a qdisc is described by an object/);
  });
});
