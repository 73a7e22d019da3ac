/** Captures of ovs-dpctl: the texts of flows read as it read them, and what the kernel told of them printed as it printed it; what is not a flow is refused with its place. */
import { describe, expect, test } from 'vitest';
import { readActions, showActions } from '../src/cli/dpctl/actions.ts';
import { readFlow } from '../src/cli/dpctl/flow.ts';
import { readKey, showKey } from '../src/cli/dpctl/keys.ts';
import { flowText } from '../src/cli/dpctl/print.ts';
import { readPort } from '../src/cli/dpctl/ports.ts';
import type { Style } from '../src/cli/dpctl/text.ts';
import { split } from '../src/cli/batch.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { decodeMessage, frames, NETLINK_GENERIC, NLMSG_MIN_TYPE } from '../src/codec/index.ts';
import { NLCTRL_ID, OvsAction, ovsFlow, type OvsFlow } from '../src/families/generic/index.ts';
import { sequence, decode, encode } from '../src/codec/index.ts';
import { genericOf } from '../src/inspect/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';
import { actionLines, flowLines } from './support/ovs-flows.ts';

const table = expected('cli-dpctl');
const ovsCaptures = captures.filter(({ name }) => /generic\/ovs-/.test(name)) as (Capture & { readonly setup: readonly string[]; readonly stdout?: string })[];
/** Ports as the captures have them. */
const style: Style = { portName: () => undefined, portNumber: (name) => (name === 'v0' ? 1 : undefined) };
const named: Style = { ...style, portName: (number) => ({ 0: 'dp0', 1: 'v0' })[number], verbose: true };

/** The flows in the messages of a direction. */
function flows(capture: Capture, direction: string, verb?: string): OvsFlow[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction: way, hex }) => ({ way, bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }));
  const schemas = genericOf(all);
  return all.filter(({ way }) => way === direction).flatMap(({ bytes }) => [...frames(bytes, { littleEndian: true })].filter(({ type }) => type >= NLMSG_MIN_TYPE && type > NLCTRL_ID).flatMap((frame) => {
    if (schemas.byNumber.get(frame.type)?.key !== ovsFlow.name) return [];
    const { cmd, version: _version, dpIfindex: _dp, probe: _probe, ...flow } = decodeMessage(schemas, bytes, frame, { littleEndian: true }).body as OvsFlow & { cmd: string; version: number; dpIfindex: number };
    return verb === undefined || cmd === verb ? [flow] : [];
  }));
}
/** The lines of the file that a capture's flows are from. */
const given = ({ setup }: { setup: readonly string[] }): string[] => [...(setup.find((line) => line.includes('>/run/flows')) ?? '').matchAll(/'([^']+ [^' ]+)'/g)].map(([, line]) => line as string);
const read = (line: string): OvsFlow => {
  const [flow = '', actions = ''] = line.split(' ');
  return { ...readFlow(flow, style), actions: readActions(actions, style) };
};
/** As the kernel has it: as it is after it was sent. */
const sent = (flow: OvsFlow): OvsFlow => {
  const schema = ovsFlow.at(NLCTRL_ID + 1).messages.new;
  const { cmd: _cmd, version: _version, dpIfindex: _dp, ...rest } = decode((schema as never as { schema: never }).schema, encode((schema as never as { schema: never }).schema, { cmd: 'new', ...flow } as never)) as OvsFlow & Record<'cmd' | 'version' | 'dpIfindex', unknown>;
  return rest;
};

test('there are captures', () => expect(ovsCaptures.length).toBeGreaterThan(100));

describe('flows are read as ovs-dpctl read them', () => {
  const files = ovsCaptures.filter(({ command }) => command.includes('add-flows'));
  test.each(files.map((capture) => [capture.name, capture] as const))('%s', (_, capture) => {
    const lines = given(capture), theirs = flows(capture, 'request', 'new').slice(-lines.length);
    // The last are left out of a capture that would be too long.
    const compared = lines.slice(0, Math.min(lines.length, flows(capture, 'request', 'new').length));
    expect(compared.length).toBeGreaterThan(4);
    for (const [i, line] of compared.entries()) {
      const ours = sent(read(line));
      if (/userspace\(pid=\d+(,actions)?\)|userdata/.test(line)) {
        // See the table of differences: dpctl-userdata.
        const action = (flow: OvsFlow | undefined): object => ({ ...flow?.actions?.[0]?.userspace, userdata: undefined });
        expect(action(ours)).toEqual(action(theirs[i]));
      } else expect({ line, flow: ours }).toEqual({ line, flow: theirs[i] });
    }
  });
});

describe('what the kernel told is printed as ovs-dpctl printed it', () => {
  const dumps = ovsCaptures.filter(({ command, stdout }) => /dump-flows/.test(command) && stdout);
  test.each(dumps.map((capture) => [capture.name, capture] as const))('%s', (_, capture) => {
    const verbose = / -m /.test(capture.command), printed = (capture.stdout ?? '').trimEnd().split('\n'), told = flows(capture, 'reply').slice(-printed.length);
    expect(told.length).toBe(printed.length);
    for (const [i, flow] of told.entries()) {
      const ours = flowText(flow, verbose || / --names /.test(capture.command) ? { ...named, verbose } : style);
      let theirs = printed[i] as string;
      for (const [id, pattern, instead] of [['dpctl-exthdrs', /,?key32\(00 00\/00 00\)/g, ''], ['dpctl-comma', /eth\(\)eth_type/g, 'eth(),eth_type'], ['dpctl-hwid', /hwid=0x7\/0xf\b/g, 'hwid=0x7/0x3f']] as const) {
        if (!pattern.test(theirs)) continue;
        table.meet(id);
        theirs = theirs.replace(pattern, instead);
      }
      let even = ours;
      for (const [id, pattern, instead] of [['dpctl-zero', /,tos=0(\/0xfc)?(?=,flags)/, ''], ['dpctl-md2', /md2=0x0+/, 'md2=0x']] as const) {
        if (!pattern.test(even)) continue;
        table.meet(id);
        even = even.replace(pattern, instead);
      }
      expect(even).toBe(theirs);
    }
  });
});

describe('what is printed is read back', () => {
  test.each([...flowLines, ...actionLines])('%s', (line) => {
    const flow = sent(read(line));
    for (const how of [style, { ...style, verbose: true }]) {
      const text = showKey(flow.key ?? {}, flow.mask, how), actions = showActions(flow.actions ?? [], how);
      const again = sent({ ...readFlow(text, style), actions: readActions(actions, style) });
      expect({ line, text: showKey(again.key ?? {}, again.mask, how), actions: again.actions }).toEqual({ line, text, actions: flow.actions });
    }
  });
  test.each([
    'hash(l4(0)),recirc(0x1)', 'hash(sym_l4(5)),recirc(0x2)', 'push_mpls(label=100,tc=3,ttl=64,bos=1,eth_type=0x8847),pop_mpls(eth_type=0x800),1', 'add_mpls(label=5,tc=0,ttl=1,bos=0,eth_type=0x8848,l3_encap=1),1', 'dec_ttl(le_1_action(drop)),1', 'dec_ttl(le_1_action(5)),1',
    'psample(group=1,cookie=0x0102),1', 'drop', 'drop(5)', 'clone(drop),1', 'sample(sample=0.1%,actions(drop)),3', 'push_nsh(flags=0,ttl=63,mdtype=2,np=3,spi=0x123456,si=255,md2=0x00010304abcdef00),pop_nsh,1', 'userspace(pid=5)', 'userspace(pid=5,userdata(010203),actions,tunnel_out_port=3)',
    'userspace(pid=5,slow_path(cfm,lldp))', 'set(nsh(ttl=5,spi=0x10)),1', 'set(nd(target=fe80::1)),set(arp(sip=10.0.0.1,op=2)),1', 'set(mpls(label=5/0xfffff,tc=1/7,ttl=0/0x0,bos=0/0)),1', 'ct(commit,helper=ftp,timeout=frob,nat(src=2001:db8::1-2001:db8::9)),1', 'pop_eth,push_eth(src=00:01:02:03:04:05,dst=10:11:12:13:14:15),1',
    'check_pkt_len(size=200,gt(drop),le(clone(push_vlan(vid=5,pcp=0,cfi=0),6),7))', 'meter(1),lb',
  ])('%s', (text) => {
    const own: Style = { ...style, portNumber: (name) => (name === 'lb' ? 9 : undefined), portName: (number) => (number === 9 ? 'lb' : undefined) };
    const actions = readActions(text, own), list = sequence(OvsAction);
    expect(decode(list, encode(list, actions as never))).toEqual(actions);
    expect(showActions(actions, own)).toBe(text);
  });
  test('nsh, and a name', () => {
    const text = 'in_port(8),eth(),eth_type(0x894f),nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x123456,si=255,c1=0x1,c2=0x2,c3=0x3/0xff,c4=0x4)', { value, mask } = readKey(text, style);
    expect(showKey(value, mask, style)).toBe(text);
    const flow = readFlow(`ufid:00112233-4455-6677-8899-aabbccddeeff,${text}`, style);
    expect(flowText({ ...flow, actions: [] }, { ...style, verbose: true })).toMatch(/^ufid:00112233-4455-6677-8899-aabbccddeeff, in_port\(8\),eth\(src=00:00:00:00:00:00\/00:00:00:00:00:00,.*, dp:ovs, actions:drop$/);
    expect(readFlow('ufid:00112233-4455-6677-8899-aabbccddeeff', style)).toEqual({ ufid: flow.ufid });
  });
  test('counters', () => {
    const flow: OvsFlow = { key: {}, stats: { packets: 5n, bytes: 6n }, tcpFlags: 0x1a, used: process.hrtime.bigint() / 1_000_000n - 1500n };
    expect(flowText(flow, style)).toMatch(/, packets:5, bytes:6, used:1\.5\d\ds, flags:SP\., actions:drop$/);
  });
});

describe('what is not a flow is refused, with its place', () => {
  test.each<[text: string, says: string]>([
    ['in_port(1),foo(1)', '"foo(1)": "foo" is not a part of a flow'], ['in_port(1),eth(src=1)', 'src: "1" is not a MAC address'], ['in_port(1),ipv4(src=10.0.0.0/24)', 'src: "24" is not an IPv4 address, or a mask like 255.255.255.0'],
    ['in_port(1),ipv4(frag=any)', 'frag: "any" is not one of no, first, later'], ['in_port(1),ipv4(proto=256)', 'proto: 256 is too large'], ['in_port(1),ipv4(port=5)', '"port" is not a word of ipv4'], ['in_port(1),ipv4(proto)', '"proto" needs a value'], ['in_port(1),ipv4(proto=1,proto=2)', '"proto" is given twice in ipv4'],
    ['in_port(1', '"in_port(1": a bracket is not closed'], ['in_port(1))', 'a bracket is closed that was not opened'], ['in_port(1),in_port(2)', '"in_port" is given twice'], ['in_port(nope)', 'in_port: there is no port "nope"'], ['in_port', '"in_port" is not a part of a flow: it has no brackets'], ['', 'a flow says which packets it is about'],
    ['ufid:0x123', '"ufid:0x123" is not the name of a flow'], ['tcp_flags(+syn-syn)', '"syn" is given twice in tcp_flags'], ['tcp_flags(+frob)', '"frob" is not a word of tcp_flags'], ['ct_state(-1)', '"1" is not a word of ct_state'], ['vlan(vid=4096)', 'vid: 4096 is too large'], ['tunnel(geneve({class=1}))', 'an option of Geneve has a class, a type and a len'],
    ['tunnel(geneve({class=1,type=2,len=4}))', 'its data are missing'], ['tunnel(geneve({class=1,type=2,len=3,0x1}))', '3 bytes are not whole words of 4'], ['tunnel(erspan(ver=3))', 'is neither version'], ['skb_mark(0x1/0x2/0x3)', 'has more than one mask'], ['packet_type(ns=2,id=1)', '2 is not a namespace of types'], ['nsh(c1=1,md2=00)', 'either c1 to c4 or md2'],
  ])('%s', (text, says) => expect(() => readFlow(text, style)).toThrow(says));
  test.each<[text: string, says: string]>([
    ['frob', '"frob" is not an action, nor a port'], ['frob(1)', '"frob(1)": "frob" is not an action'], ['push_vlan(vid=5', 'a bracket is not closed'], ['1,drop', '"drop" stands alone'], ['', 'there are no actions'], ['pop_vlan(1)', '"pop_vlan" takes no brackets'], ['meter', '"meter" needs a value'], ['sample(sample=200%,actions(1))', '"200%" is not a share'],
    ['sample(sample=5%)', 'which packets, and what of them?'], ['check_pkt_len(size=5,gt(1))', 'which size'], ['hash(l5(0))', 'is not a hash'], ['ct(commit,force_commit)', 'either commit or force_commit'], ['ct(nat(src=1,dst=2))', 'is not an IPv4 address'], ['ct(nat(src,dst))', 'nat changes either src or dst'], ['ct(nat(random))', 'which address is to be changed?'],
    ['set(foo(1))', '"foo" is not a word of a flow'], ['set(1)', 'says nothing to set'], ['set(eth(dst=00:01:02:03:04:05/ff:ff:ff:00:00:00))', 'bits are set that its masks do not have'], ['set(nsh(spi=0x11/0x10))', 'bits are set that its masks do not have'], ['set(tunnel(dst=192.0.2.1))', "a tunnel's packets need a ttl"], ['set(encap(eth()))', 'what is behind a tag cannot be set'], ['userspace(actions)', 'whom to tell?'], ['userspace(pid=1,userdata(012))', 'is not bytes in hex'], ['psample(cookie=0)', 'is not bytes in hex'], ['4294967296', 'is too large'],
  ])('actions: %s', (text, says) => expect(() => readActions(text, style)).toThrow(says));
  test.each<[text: string, says: string]>([
    ['v0,type=frob', '"frob" is not a type of port'], ['v0,frob=1', '"frob" is not an option of a port'], ['v0,type', '"type" is not an option of a port'], ['vx0,type=vxlan,remote_ip=192.0.2.1', "what a tunnel's packets say is in flows"], ['v0,dst_port=5', 'dst_port is for ports of type'], ['g0,type=geneve,exts=gbp', 'exts=gbp is for ports of type vxlan'], [',type=vxlan', "begins with a port's name"], ['v0,port_no=x', '"x" is not a number'],
  ])('ports: %s', (text, says) => expect(() => readPort(text)).toThrow(says));
});

describe('the command', () => {
  const said = async (line: string): Promise<{ status: number; stdout: string; stderr: string }> => {
    const out = new Captured();
    return { status: await run(split(line), out), stdout: out.stdout, stderr: out.stderr };
  };
  test.each([
    ["dpctl --dry-run add-flow dp0 'in_port(1),eth(),eth_type(0x0800)' 2,3", /OVS_FLOW_CMD_NEW .*CREATE\|EXCL .*actions\[\{output=2\} \{output=3\}\]/], ['dpctl --dry-run add-if dp0 vx0,type=vxlan,dst_port=4790', /vxlan_sys_4790/], ['dpctl --dry-run add-dp dp0', /dp0/], ['dpctl --dry-run del-flows dp0', /OVS_FLOW_CMD_DEL/],
    ['dpctl --dry-run ct-set-limits dp0 zone=5,limit=6', /OVS_CT_LIMIT_CMD_SET .*zoneId=5 limit=6/], ['dpctl --dry-run show', /OVS_DP_CMD_GET .*DUMP/],
  ])('%s', async (line, shows) => expect(await said(line)).toMatchObject({ status: 0, stdout: expect.stringMatching(shows) as string }));
  test.each([
    ['dpctl frob', 'frob'], ['dpctl add-dp', 'the command line is not complete'], ['dpctl del-dp a b', '"b" is one word too many'], ['dpctl add-dp netdev@dp0', 'are not the kernel\'s'], ['dpctl dump-conntrack', 'conntrack'], ['dpctl --dry-run ct-set-limits dp0 zone=1', 'is not a limit'], ['dpctl --dry-run ct-del-limits dp0 x', 'names no zones'],
    ['dpctl --dry-run dump-flows dp0 filter=tcp', 'flows are not filtered here'], ['dpctl --dry-run cache-set-size dp0 frob 5', 'is not a cache'], ['dpctl --dry-run add-flow dp0 ufid:00112233445566778899aabbccddeeff 2', 'does not say which packets'],
  ])('%s', async (line, says) => expect(await said(line)).toMatchObject({ status: 1, stderr: expect.stringContaining(says) as string }));
});
