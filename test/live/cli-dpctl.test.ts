/** What ovs-dpctl does, done by nlkit: the same state, the same print; a datapath that nlkit alone sets up, and packets through it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ovsDatapath } from '../../src/families/generic/index.ts';
import { openOvs, openOvsSync } from '../../src/generic/index.ts';
import { expected } from '../support/differences.ts';
import { actionLines, flowLines } from '../support/ovs-flows.ts';
import { beside } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion } from './support.ts';

const { why, sh, nlkit, lacking } = beside();
const table = expected('live/cli-dpctl', why ? 0 : iproute2Version(), kernelVersion());
const none = lacking(ovsDatapath), lacks = none ?? (has('ovs-dpctl') ? undefined : 'ovs-dpctl of Open vSwitch is not installed');
if (lacks && !why) console.warn(`skipped: ${lacks}`);

const FOLDER = '/run/ovs';
/** The same line, said to ovs-dpctl in one namespace and to nlkit in another. */
const theirs = (line: string): Promise<Said> => sh(`ip netns exec theirs ovs-dpctl ${line}`);
const ours = (line: string): Promise<Said> => nlkit(`-n ours dpctl ${line}`);
const sorted = (text: string): string[] => text.split('\n').filter(Boolean).sort();
/** What ovs-dpctl tells of one side; what it says of its own left out: see the table of differences. */
const plain = (text: string): string => text.replace(/,?key32\(00 00\/00 00\)/g, '').replace(/: (erspan_ver=0, )?packet_type=ptap\)/g, ')').replace(', packet_type=ptap)', ')').replace(/eth\(\)eth_type/g, 'eth(),eth_type').replace(/lookups: .*/g, '');
const shown = async (side: string): Promise<string> => plain((await sh(`ip netns exec ${side} ovs-dpctl show`)).stdout);
const flows = async (side: string, options = '-m --no-names'): Promise<string[]> => sorted(plain((await sh(`ip netns exec ${side} ovs-dpctl ${options} dump-flows dp0`)).stdout));

async function sides(): Promise<void> {
  for (const side of ['theirs', 'ours']) expect(await sh(`ip netns add ${side} && ip -n ${side} link set lo up && ip -n ${side} link add v0 type veth peer name v1`)).toMatchObject({ status: 0, stderr: '' });
}
const gone = (): Promise<Said> => sh('for s in theirs ours; do for d in dp0 dp1 dp2; do ip netns exec $s ovs-dpctl del-dp $d; done; ip netns del $s; done 2>/dev/null');

if (!lacks) {
  mkdirSync(FOLDER, { recursive: true });
}

describe.skipIf(lacks)('both do alike', () => {
  beforeAll(sides);
  afterAll(gone);
  const quoted = (line: string): string => line.replace(/[^ ]*[()][^ ]*/g, "'$&'");
  test('datapaths and ports', async () => {
    for (const given of [
      'add-dp dp0', '!add-dp dp0', 'add-if dp0 v0', '!add-if dp0 v0', '!add-if dp0 nope', 'add-if dp0 v1,port_no=7', 'add-if dp0 i0,type=internal', 'add-if dp0 vx0,type=vxlan,remote_ip=flow,key=flow', 'add-if dp0 vx1,type=vxlan,remote_ip=flow,key=flow,dst_port=4790,exts=gbp',
      'add-if dp0 g0,type=geneve,remote_ip=flow,key=flow', 'add-if dp0 gr0,type=gre,remote_ip=flow', 'set-if dp0 v1,port_no=7', 'set-if dp0 v0,type=system', '!set-if dp0 v1,port_no=8', '!set-if dp0 nope', 'del-if dp0 v1', '!del-if dp0 v1', 'del-if dp0 vxlan_sys_4790', 'del-if dp0 i0', '!show nope',
      'add-dp system@dp1 w0,type=internal w1,type=internal,port_no=9', 'cache-set-size dp1 masks-cache 512', '!cache-set-size dp1 frob 512', '!dump-flows', '!add-flow in_port(1),eth() 2', 'del-dp dp1', '!del-dp dp1', '!frob', '!add-dp', '!add-flow dp0',
    ]) {
      const refused = given.startsWith('!'), line = quoted(given.replace(/^!/, '')), a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stderr }).toEqual({ line, theirs: !refused, ours: !refused, said: '' });
      if (!refused) expect.soft({ line, state: await shown('ours') }).toEqual({ line, state: await shown('theirs') });
    }
    // And both print of one side alike.
    for (const line of ['show', 'dump-dps', 'cache-get-size dp0']) expect(plain((await ours(line)).stdout)).toBe(plain((await sh(`ip netns exec ours ovs-dpctl ${line}`)).stdout));
    table.meet('dpctl-types');
    expect([/packet_type/.test((await ours('show')).stdout), /packet_type/.test((await sh('ip netns exec ours ovs-dpctl show')).stdout)]).toEqual([false, true]);
  }, 600_000);
  test('flows from a file: the kernel tells the same of both, and both print it alike', async () => {
    const probe = await ours("add-flow dp0 'ct_zone(5),eth(),eth_type(0x1234)' drop"), zones = probe.status === 0;
    if (!zones) console.warn('skipped: flows with zones of connection tracking: the kernel is built without CONFIG_NF_CONNTRACK_ZONES');
    else expect(await ours('del-flows dp0')).toMatchObject({ status: 0, stderr: '' });
    const all = [...flowLines, ...actionLines].filter((line) => zones || !/zone/.test(line));
    writeFileSync(`${FOLDER}/flows`, `${all.join('\n')}\n`);
    const a = await theirs(`add-flows dp0 ${FOLDER}/flows`), b = await ours(`add-flows dp0 ${FOLDER}/flows`);
    expect([a.status, b]).toMatchObject([0, { status: 0, stderr: '' }]);
    const one = await flows('ours');
    expect(one.length).toBe(all.length);
    expect(one).toEqual(await flows('theirs'));
    for (const options of ['', '-m', '--names', '-m --no-names']) expect(sorted((await ours(`${options} dump-flows dp0`)).stdout)).toEqual(await flows('ours', options));
    table.meet('dpctl-json');
    expect(JSON.parse((await ours('-j dump-flows dp0')).stdout)).toHaveLength(one.length);
    expect(JSON.parse((await ours('-j show')).stdout)).toMatchObject([{ name: 'dp0', ports: [{ port: 0, name: 'dp0', type: 'internal' }, { port: 1, name: 'v0', type: 'system' }, { type: 'vxlan' }, { type: 'geneve' }, { type: 'gre' }] }]);
    // What is printed can be given back: all flows, from what -m prints of them.
    const printed = (await ours('-m --no-names dump-flows dp0')).stdout.split('\n').filter(Boolean).map((line) => line.replace(/, packets:.* actions:/, ' ').replace(/^(ufid:[^,]*), /, '$1,'));
    writeFileSync(`${FOLDER}/again`, `${printed.join('\n')}\n`);
    expect(await ours('del-flows dp0')).toMatchObject({ status: 0, stderr: '' });
    expect(await flows('ours')).toEqual([]);
    expect(await ours(`add-flows dp0 ${FOLDER}/again`)).toMatchObject({ status: 0, stderr: '' });
    expect(await flows('ours')).toEqual(one);
    await theirs('del-flows dp0');
    await ours('del-flows dp0');
  }, 300_000);
  test('flows, one by one', async () => {
    for (const side of [theirs, ours]) await side('del-flows dp0');
    const flow = "'in_port(1),eth(),eth_type(0x0800),ipv4()'", ufid = 'ufid:00112233-4455-6677-8899-aabbccddeeff';
    for (const given of [
      `add-flow dp0 ${flow} 2`, `!add-flow dp0 ${flow} 2`, `mod-flow dp0 ${flow} 3`, `-s mod-flow dp0 ${flow} 4`, `mod-flow --clear dp0 ${flow} 4`, "!mod-flow dp0 'in_port(2),eth(),eth_type(0x0800),ipv4()' 4", "--may-create mod-flow dp0 'in_port(2),eth(),eth_type(0x0800),ipv4()' 4",
      "add-flow dp0 'in_port(v0),eth(),eth_type(0x0806),arp()' 2", `add-flow dp0 '${ufid},in_port(3),eth(),eth_type(0x0800),ipv4()' 2`, `get-flow dp0 ${ufid}`, `-m get-flow dp0 ${ufid}`, '!get-flow dp0 ufid:00112233-4455-6677-8899-aabbccddee00', "!add-flow dp0 'in_port(15),eth(),foo(1)' 2", "!add-flow dp0 'in_port(nope),eth()' 2", "!add-flow dp0 'in_port(15),eth(src=1)' 2",
      "!add-flow dp0 'in_port(15),eth(),eth_type(0x0800/0xff00)' 2", "!add-flow dp0 'in_port(15),eth()' frob", "!add-flow dp0 'in_port(15),eth()' 'push_vlan(vid=5'", `-s del-flow dp0 ${flow}`, `!del-flow dp0 ${flow}`, `del-flow dp0 ${ufid}`, `!del-flow dp0 ${ufid}`,
    ]) {
      const refused = given.startsWith('!'), line = given.replace(/^!/, ''), a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stderr + b.stdout }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : a.stdout });
      if (!refused) expect.soft({ line, state: await flows('ours') }).toEqual({ line, state: await flows('theirs') });
    }
    table.meet('dpctl-status');
    expect([(await ours(`del-flow dp0 ${flow}`)).status, (await ours("add-flow dp0 'in_port(15),eth(),eth_type(0x0800/0xff00)' 2")).status]).toEqual([1, 2]);
  }, 300_000);
  test('limits of connections', async () => {
    for (const given of ['ct-get-limits dp0', 'ct-set-limits dp0 default=10', 'ct-set-limits dp0 zone=5,limit=6 zone=7,limit=8', 'ct-get-limits dp0', 'ct-get-limits dp0 zone=5,9', 'ct-del-limits dp0 zone=5', 'ct-get-limits', '!ct-set-limits dp0 default=1 zone=1', '!ct-del-limits dp0 zone=x']) {
      const refused = given.startsWith('!'), line = given.replace(/^!/, ''), a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stderr + b.stdout }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : a.stdout });
    }
  });
  test('what differs', async () => {
    const key = (n: number): string => `'in_port(${n}),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp()'`;
    await ours('del-flows dp0');
    table.meet('dpctl-drop');
    const dropped = await theirs(`add-flow dp0 ${key(1)} drop`);
    // Before 6.11, kernels have no action of that number either.
    expect([dropped.status, (await ours(`add-flow dp0 ${key(1)} drop`)).status, (await ours(`add-flow dp0 ${key(2)} 'clone(drop),1'`)).status]).toEqual([1, 0, 0]);
    table.meet('dpctl-userdata');
    for (const side of [theirs, ours]) expect((await side(`add-flow dp0 ${key(10)} 'userspace(pid=5,userdata(010203))'`)).status).toBe(0);
    expect([(await flows('theirs')).filter((line) => line.includes('userdata(0102030000000000)')).length, (await flows('ours')).filter((line) => line.includes('userdata(010203)')).length]).toEqual([1, 1]);
    expect((await ours(`del-flow dp0 ${key(10)}`)).status).toBe(0);
    table.meet('dpctl-words');
    const read = ['hash(l4(0)),recirc(0x1)', 'push_mpls(label=100,tc=3,ttl=64,bos=1,eth_type=0x8847),pop_mpls(eth_type=0x800),1', 'dec_ttl(le_1_action(drop)),1'];
    expect([(await theirs(`add-flow dp0 ${key(9)} v0`)).status, (await ours(`add-flow dp0 ${key(9)} v0`)).status]).toEqual([1, 0]);
    for (const [i, actions] of read.entries()) expect([actions, (await theirs(`add-flow dp0 ${key(i + 3)} '${actions}'`)).status, (await ours(`add-flow dp0 ${key(i + 3)} '${actions}'`))]).toMatchObject([actions, 1, { status: 0, stderr: '' }]);
    const printed = (await sh('ip netns exec ours ovs-dpctl dump-flows dp0')).stdout;
    for (const actions of ['drop', 'hash(l4(0)),recirc(0x1)', 'push_mpls(label=100,tc=3,ttl=64,bos=1,eth_type=0x8847),pop_mpls(eth_type=0x800),1']) expect(printed).toContain(`actions:${actions}\n`);
    expect((await ours('dump-flows dp0')).stdout.split('\n').filter(Boolean).map((line) => line.replace(/.*actions:/, '')).sort()).toEqual(['1', 'clone(drop),1', 'drop', ...read].sort());
    table.meet('dpctl-file');
    writeFileSync(`${FOLDER}/bad`, 'in_port(60),eth(),eth_type(0x0800/0xff00) 1\nin_port(61),eth(),eth_type(0x1234) 1\n');
    expect([(await theirs(`add-flows dp0 ${FOLDER}/bad`)).status, await ours(`add-flows dp0 ${FOLDER}/bad`)]).toMatchObject([0, { status: 2, stderr: expect.stringContaining('line 1: ') as string }]);
    expect([(await flows('theirs')).some((line) => line.includes('in_port(61)')), (await flows('ours')).some((line) => line.includes('in_port(61)'))]).toEqual([true, false]);
    table.meet('dpctl-undone');
    expect([(await theirs('add-dp dp2 i7,type=internal nope')).status, (await ours('add-dp dp2 i7,type=internal nope')).status]).toEqual([1, 1]);
    expect([(await theirs('dump-dps')).stdout.includes('dp2'), (await ours('dump-dps')).stdout.includes('dp2')]).toEqual([true, false]);
    expect([(await ours('add-if dp0 i8,type=internal nope')).status, (await ours('show dp0')).stdout.includes('i8')]).toEqual([1, false]);
    table.meet('dpctl-options');
    expect([(await theirs('add-if dp0 x0,type=vxlan,dst_port=4791,remote_ip=192.0.2.1,frob=1')).status, await ours('add-if dp0 x0,type=vxlan,dst_port=4791,remote_ip=192.0.2.1')]).toMatchObject([0, { status: 1, stderr: expect.stringContaining('set(tunnel(dst=192.0.2.1') as string }]);
    expect([(await theirs('add-if dp0 x1,type=vxlan,dst_port=4792')).status, (await ours('add-if dp0 x1,type=vxlan,dst_port=4792')).status]).toEqual([1, 0]);
  }, 300_000);
});

describe.skipIf(none)('nlkit alone', () => {
  const lines = (all: readonly string[]): Promise<void> => all.reduce(async (before, line) => { await before; expect({ line, ...(await nlkit(line)) }).toEqual({ line, status: 0, stdout: '', stderr: '' }); }, Promise.resolve());
  afterAll(() => sh('ip netns del switch; ip netns del left; ip netns del right'));
  const arp = (from: number): string => `'in_port(${from}),eth(),eth_type(0x0806),arp()'`, ip = (from: number): string => `'in_port(${from}),eth(),eth_type(0x0800),ipv4(proto=1,frag=no),icmp()'`;
  test('packets go through a datapath from one namespace to another', async () => {
    await lines([
      'ip netns add switch', 'ip netns add left', 'ip netns add right', 'ip -n switch link add l type veth peer name v0 netns left', 'ip -n switch link add r type veth peer name v0 netns right',
      'ip -n left address add 192.0.2.1/24 dev v0', 'ip -n right address add 192.0.2.2/24 dev v0', 'ip -n left link set v0 up', 'ip -n right link set v0 up', '-n switch dpctl add-dp dp0 l,port_no=1 r,port_no=2',
    ]);
    expect(await sh('ip netns exec left ping -c 1 -W 1 192.0.2.2')).toMatchObject({ status: 1 });
    await lines([`-n switch dpctl add-flow dp0 ${arp(1)} 2`, `-n switch dpctl add-flow dp0 ${arp(2)} 1`, `-n switch dpctl add-flow dp0 ${ip(1)} r`, `-n switch dpctl add-flow dp0 ${ip(2)} l`]);
    expect(await sh('ip netns exec left ping -c 3 -i 0.2 -W 5 192.0.2.2')).toMatchObject({ status: 0, stdout: expect.stringContaining('3 received') as string });
    // One that waited for an address may have come, too.
    expect((await nlkit('-n switch dpctl dump-flows dp0')).stdout).toMatch(/in_port\(1\),eth\(\),eth_type\(0x0800\),ipv4\(proto=1,frag=no\)(,icmp\(\))?, packets:(3, bytes:294|4, bytes:392), used:\d+\.\d{3}s, actions:2/);
    expect((await nlkit('-n switch dpctl -s show dp0')).stdout).toMatch(/port 1: l\n {4}RX packets:[1-9]/);
    // One is changed to drop: the answers stay away.
    await lines([`-n switch dpctl mod-flow dp0 ${ip(2)} drop`]);
    expect(await sh('ip netns exec left ping -c 1 -W 1 192.0.2.2')).toMatchObject({ status: 1 });
    await lines([`-n switch dpctl mod-flow dp0 ${ip(2)} 'push_vlan(vid=5,pcp=0),pop_vlan,1'`]);
    expect(await sh('ip netns exec left ping -c 1 -W 5 192.0.2.2')).toMatchObject({ status: 0 });
  }, 120_000);
  test('the library: datapaths, ports, flows, meters by name', async () => {
    const namespace = { name: 'switch' };
    using ovs = await openOvs({ namespace });
    using sync = openOvsSync({ namespace });
    const [dp] = await ovs.datapaths();
    expect(dp).toMatchObject({ name: 'dp0', stats: { flows: 4n } });
    expect((await ovs.ports('dp0')).map(({ name, portNo }) => [portNo, name]).sort()).toEqual([[0, 'dp0'], [1, 'l'], [2, 'r']]);
    expect(sync.flows('dp0')).toHaveLength(4);
    const key = { inPort: 1, ethernet: { src: '00:00:00:00:00:00', dst: '00:00:00:00:00:00' }, ethertype: 0x1234 }, mask = { inPort: 0xffffffff, ethertype: 0xffff };
    await ovs.addFlow('dp0', { key, mask, actions: [{ output: 2 }, { pushVlan: { tpid: 0x8100, tci: 0x1005 } }, { output: 2 }] });
    await expect(ovs.addFlow('dp0', { key, mask, actions: [] })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(sync.flow('dp0', { key })).toMatchObject({ actions: [{ output: 2 }, { pushVlan: { tpid: 0x8100, tci: 0x1005 } }, { output: 2 }] });
    expect(await ovs.deleteFlow('dp0', { key })).toMatchObject({ key: { ethertype: 0x1234 } });
    expect(() => sync.deleteFlow('dp0', { key })).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    await expect(ovs.deleteFlow('dp0', {})).rejects.toThrow(TypeError);
    await ovs.setMeter('dp0', { id: 1, kbps: true, bands: [{ type: 'drop', rate: 1000, burst: 100 }] });
    expect(await ovs.meter('dp0', 1)).toMatchObject({ id: 1, stats: { packets: 0n } });
    await ovs.deleteMeter('dp0', 1);
    await expect(ovs.datapath('nope')).rejects.toMatchObject({ code: 'ENODEV' });
    await ovs.flushFlows('dp0');
    expect(sync.flows('dp0')).toEqual([]);
    await ovs.deleteDatapath('dp0');
    expect(await ovs.datapaths()).toEqual([]);
  }, 60_000);
});
