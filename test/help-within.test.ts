/** Help in the midst of a line, and hints that say what a line lacks: each names words that are shown where it says. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';

async function nlkit(line: string): Promise<{ status: number; stdout: string; stderr: string; sent: number }> {
  const out = new Captured(), kernel = new Recorder();
  const status = await run(split(line), out, () => kernel);
  return { status, stdout: out.stdout, stderr: out.stderr, sent: kernel.sent.length };
}

describe('help where an option may stand', () => {
  // As iproute2 does behind a kind: its usage is about the kind.
  test.each<[string, RegExp]>([
    ['tc qdisc add dev lo root tbf help', /^Usage: nlkit tc qdisc add dev DEVICE root tbf[^]*\n {2}burst, /], ['tc qdisc add dev lo root tbf rate 1mbit --help', /root tbf[^]*\n {2}rate RATE/], ['tc qdisc replace dev lo root pfifo_fast help', /pfifo_fast[^]*no options of its own/],
    ['tc class add dev lo parent 1: classid 1:1 htb help', /\n {2}ceil RATE/], ['tc filter add dev lo ingress flower help', /filters of kind flower[^]*\n {2}dst_ip PREFIX/], ['tc filter add dev lo parent 1: u32 help', /filters of kind u32/],
    ['tc filter add dev lo ingress matchall action mirred help', /\.\.\. mirred[^]*\n {2}egress/], ['tc actions add action mirred egress help', /mirred[^]*\n {2}egress/],
    ['ip link add type vxlan help', /^Usage: nlkit ip link add NAME type vxlan[^]*\n {2}id, vni VNI/], ['ip link add v0 type vxlan id 5 help', /type vxlan/], ['ip link add v0 type veth peer help', /\.\.\. peer[^]*\n {2}mtu BYTES/], ['ip link set lo type bridge_slave help', /\n {2}hairpin/],
    // Elsewhere it is the command's.
    ['ip link set dev lo mtu 1400 help', /^Examples:[^]*nlkit ip link set: change a link/], ['ip address add 192.0.2.1/24 dev lo help', /nlkit ip address add: /], ['tc qdisc add dev lo root help', /nlkit tc qdisc add: /], ['bridge fdb add help', /nlkit bridge fdb add: /], ['trace -t help', /nlkit trace: /], ['tc actions add action help', /nlkit tc actions add: /],
    // Before the words, or after "help".
    ['ip --help link', /nlkit ip link: /], ['--help ip link add', /nlkit ip link add: /], ['ip help link', /nlkit ip link: /], ['help tc qdisc add', /nlkit tc qdisc add: /], ['ip link help vlan', /type vlan/],
  ])('%s', async (line, text) => {
    expect(await nlkit(line)).toEqual({ status: 0, stdout: expect.stringMatching(text), stderr: '', sent: 0 });
  });
  test('there is none for what is not known', async () => {
    expect(await nlkit('ip link add v0 type vxln help')).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/"vxln" is not a kind of link\n.*vxlan/), sent: 0 });
  });
  test('it may still be a value', async () => {
    expect(await nlkit('ip link set dev lo alias help')).toMatchObject({ status: 0, stdout: '', sent: 1 });
    expect(await nlkit('--dry-run ip netns add help')).toMatchObject({ stdout: expect.stringContaining('Usage: nlkit ip netns add NAME') });
  });
});

describe('a line that ends early', () => {
  test.each<[string, string]>([
    ['tc qdisc add dev lo root tbf rate', 'rate RATE'], ['tc filter add dev lo ingress flower dst_ip', 'dst_ip PREFIX'], ['ip link set lo mtu', 'mtu BYTES'], ['ip link add v0 type vxlan id', 'id VNI'], ['ip link set lo protodown_reason 3', 'protodown_reason BIT { on | off }'],
    ['tc filter add dev lo ingress matchall action skbedit priority', 'priority CLASSID'], ['-n', '-n NAME'], ['ip -batch', '-batch FILE'], ['devlink -N', '-N NAME'], ['ip monitor dev', '"nlkit ip monitor help" shows what may follow'], ['brctl addif', 'brctl addif BRIDGE DEVICE ...'],
    ['ip netns exec', 'ip netns exec NAME COMMAND ...'], ['fuzz --protocol generic', '"nlkit fuzz help" shows what may follow'], ['send --listen', '--listen GROUP...'],
  ])('%s', async (line, hint) => {
    const { status, stderr } = await nlkit(line);
    expect(status).toBe(1);
    expect(stderr).toContain(`  hint: ${hint}\n`);
    const [, shown] = /^"nlkit (.*) help"/.exec(hint) ?? [];
    if (shown) expect(await nlkit(`${shown} help`)).toMatchObject({ status: 0, stderr: '' });
  });
});
