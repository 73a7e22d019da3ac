/** ethtool's words beside ethtool: the same print, the same state, the same events. On veth, bridge, tun and lo; on netdevsim where the kernel has it, or $NLKIT_NETDEVSIM names its module. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ethtool } from '../../src/families/generic/index.ts';
import { expected } from '../support/differences.ts';
import { beside } from './beside.ts';
import { heard, type Heard } from './heard.ts';
import { noNetdevsim } from './netdevsim.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion } from './support.ts';

const { why: nothing, sh, nlkit, lacking, noStrace, sameBytes } = beside();
const why = lacking(ethtool) ?? (has('ethtool') ? undefined : 'ethtool is not installed');
if (why && !nothing) console.warn(`skipped: ${why}`);
const table = expected('live/cli-ethtool', nothing ? 0 : iproute2Version(), kernelVersion());

/** A line's words behind "ethtool", said to both in a namespace. */
const theirs = (line: string, namespace: string): Promise<Said> => sh(`ip netns exec ${namespace} ethtool ${line.replaceAll('*', "'*'")}`);
const ours = (line: string, namespace: string): Promise<Said> => nlkit(`-n ${namespace} ethtool ${line}`);

/** Both print the same, or the kernel refuses both. */
async function alike(line: string, namespace: string): Promise<void> {
  const [a, b] = [await theirs(line, namespace), await ours(line, namespace)];
  expect.soft({ line, stdout: b.stdout }).toEqual({ line, stdout: a.stdout });
  if (a.status === 0) expect.soft({ line, ...b }).toMatchObject({ line, status: 0, stderr: '' });
  else {
    table.meet('ethtool-status');
    expect.soft({ line, status: b.status }).toEqual({ line, status: 2 });
    expect.soft(b.stderr + b.stdout).not.toBe('');
  }
}
async function alikeJson(line: string, namespace: string): Promise<void> {
  const [a, b] = [await theirs(line, namespace), await ours(line, namespace)];
  expect.soft({ line, status: b.status, stderr: b.stderr }).toEqual({ line, status: a.status === 0 ? 0 : 2, stderr: a.status === 0 ? '' : b.stderr });
  if (a.status !== 0) return;
  table.meet('ethtool-json-lines');
  expect.soft(a.stdout).toMatch(/\n /);
  expect.soft(b.stdout).toMatch(/^\[.*\]\n$/);
  const [mine, others] = [JSON.parse(b.stdout), JSON.parse(a.stdout)] as [Record<string, unknown>[], Record<string, unknown>[]];
  if (/ -a /.test(line)) for (const [i, one] of others.entries()) for (const key of ['autonegotiate', 'rx', 'tx']) if (mine[i]?.[key] === false && one[key] === true) {
    table.meet('ethtool-json-pause');
    one[key] = false;
  }
  expect.soft(mine).toEqual(others);
}
/** Says lines to both, each in a namespace of its own, and compares what ethtool tells of them after each. A line that begins with ! is refused by both. */
async function doAlike(asked: readonly string[], lines: readonly string[]): Promise<void> {
  for (const given of lines) {
    const refused = given.startsWith('!'), line = given.replace(/^!/, ''), [a, b] = [await theirs(line, 'theirs'), await ours(line, 'ours')];
    expect.soft({ line, refused: a.status !== 0 }).toEqual({ line, refused });
    expect.soft({ line, refused: b.status !== 0, said: refused ? '' : b.stderr, printed: b.stdout }).toEqual({ line, refused, said: '', printed: a.stdout });
    for (const one of asked) expect.soft({ line, state: (await theirs(one, 'ours')).stdout }).toEqual({ line, state: (await theirs(one, 'theirs')).stdout });
  }
}
/** Two namespaces with the same links. */
function two(...lines: string[]): void {
  beforeAll(async () => { for (const side of ['theirs', 'ours']) expect(await sh([`ip netns add ${side}`, ...lines].join(' && ').replaceAll('NAMESPACE', side))).toMatchObject({ status: 0, stderr: '' }); });
  afterAll(() => sh('ip netns del theirs; ip netns del ours'));
}
const links = ['ip -n NAMESPACE link add v0 type veth peer name v1', 'ip -n NAMESPACE link set v0 up', 'ip -n NAMESPACE link set v1 up', 'ip -n NAMESPACE link add br0 type bridge'];
/** Where no driver answers: what is asked is the same, and refused alike. Older versions do not know all of them. The name leaves no padding, in which ethtool sends what was in memory. */
const asks: Readonly<Record<string, readonly string[]>> = {
  '--cable-test': ['--cable-test pcm'], '--cable-test-tdr': ['--cable-test-tdr pcm', '--cable-test-tdr pcm first 1 last 50 step 2 pair 0'], '--dump-module-eeprom': ['-m pcm page 3 offset 130 length 20'],
  '--get-plca-cfg': ['--get-plca-cfg pcm', '--get-plca-status pcm', '--set-plca-cfg pcm enable on', '--set-plca-cfg pcm enable off node-cnt 8 node-id 3 to-tmr 32 burst-cnt 1 burst-tmr 128'],
  '--show-pse': ['--show-pse pcm', '--set-pse pcm podl-pse-admin-control enable'], '--show-mm': ['--show-mm pcm', '-I --show-mm pcm', '--set-mm pcm pmac-enabled on tx-enabled on tx-min-frag-size 124 verify-enabled on verify-time 10'],
};
const known = nothing ? '' : spawnSync('ethtool', ['-h'], { encoding: 'utf8' }).stdout;
describe.skipIf(why)('where no driver answers', () => {
  beforeAll(async () => { expect(await sh('ip link add pcm type veth peer name pcn')).toMatchObject({ status: 0, stderr: '' }); });
  afterAll(() => sh('ip link del pcm'));
  test.each(Object.entries(asks))('%s', async (option, lines) => {
    if (!known.includes(`${option} `) && !known.includes(`${option}|`)) return console.warn(`skipped: this ethtool has no ${option}`);
    for (const line of lines) {
      // Padding behind its last attribute is what was in memory.
      if (noStrace === undefined && option !== '--dump-module-eeprom') await sameBytes(`ethtool ${line}`);
      const [a, b] = [await sh(`ethtool ${line}`), await nlkit(`ethtool ${line}`)];
      // ethtool 6.14 says what --set-mm was refused for, and succeeds.
      expect.soft({ line, refused: a.status !== 0 || /Operation not supported/.test(a.stderr) }).toEqual({ line, refused: true });
      expect.soft({ line, status: b.status, stdout: b.stdout }).toEqual({ line, status: 2, stdout: '' });
      expect.soft(b.stderr).toMatch(/EOPNOTSUPP|ENODEV|EINVAL/);
    }
    if (option === '--dump-module-eeprom') table.meet('ethtool-eeprom');
  }, 120_000);
});
const noTun = nothing ?? (spawnSync('ip', ['tuntap', 'add', 'dev', 'probe0', 'mode', 'tap']).status === 0 ? undefined : 'this machine makes no tap links (/dev/net/tun)');
if (!nothing && noTun) console.warn(`skipped: ${noTun}`);

/** Events, as ethtool and nlkit print them. */
const monitored = (namespace: string, make: () => Promise<void>, last: string, times = 1): Promise<Heard> => heard('ethtool', '--monitor', namespace, { json: '--json', listens: 'listening...', make, last, times });

describe.skipIf(why)('on veth, a bridge and lo', () => {
  two(...links);
  const shows = ['', '-a', '-I -a', '-c', '-g', '-k', '-l', '-T', '-P', '--show-fec', '--show-eee', '--show-priv-flags', '--show-tunnels', '--show-module'];
  test.each(['v0', 'br0', 'lo', 'nosuch'])('both print alike: %s', async (device) => {
    for (const show of shows) if (device !== 'nosuch' || !['', '-P'].includes(show)) await alike(`${show} ${device}`.trim(), 'ours');
    for (const groups of ['--all-groups', '--groups eth-mac rmon', '--groups nosuch']) if (device !== 'nosuch' && groups !== '--groups nosuch') await alike(`-S ${device} ${groups}`, 'ours');
  }, 120_000);
  test.each(['-k', '-l', '-T', '-a'])('of all links: %s', (show) => alike(`${show} *`, 'ours'));
  test('JSON', async () => {
    for (const device of ['v0', 'br0', 'lo']) for (const show of ['-k', '-a', '--show-fec', '--show-module', '-S']) await alikeJson(`--json ${show} ${device}${show === '-S' ? ' --all-groups' : ''}`, 'ours');
    table.meet('ethtool-json-more');
    expect((await theirs('--json -l v0', 'ours')).stderr).toMatch(/bad command line/);
    expect(JSON.parse((await ours('--json -l v0', 'ours')).stdout)).toMatchObject([{ header: { devName: 'v0' }, rxCount: 1, txCount: 1 }]);
    expect(JSON.parse((await ours('-j v0', 'ours')).stdout)).toMatchObject([{ header: { devName: 'v0' }, linkmodes: { speed: 10_000, duplex: 'full' }, linkinfo: { port: 'tp' }, linkstate: { link: 1 } }]);
  });
  test('both do alike', () => doAlike(['-k v0', '-l v0', 'v0'], [
    '-K v0 gro on', '-K v0 gro off', '-K v0 tso off', '-K v0 tcp-segmentation-offload on', '-K v0 rx-gro-list on sg off', '-K v0 sg on', '-K v0 tx off', '-K v0 tx on', '--offload v0 rx-gro-list off gso off', '--features v0 gso on',
    '-K v0 tx-udp-segmentation on lro on', '!-K v0 rx-all on', '!-K v0 nosuch on', '!-K v0 gro maybe', '!-K v0 gro', '!-K v0', '!-K nosuch gro on', '!-K v0 ntuple on',
    '-L v0 rx 2 tx 2', '-L v0 rx 1', '!-L v0 rx 99', '!-L v0 combined 1', '!-L v0 frob 1', '!-L v0 rx', '!-L v0 rx many', '!-L v0 rx 1 rx 2', '--set-channels v0 tx 1',
    '!-A v0 rx on', '!-C v0 rx-usecs 5', '!-G v0 rx 64', '!-s v0 speed 100', '!-s v0 wol g', '!-s v0 frob 1', '!-s v0 msglvl 3', '!--set-fec v0 encoding rs', '!--set-eee v0 eee on', '!--set-priv-flags v0 a on', '!--frob v0',
  ]), 240_000);
  test('events', async () => {
    const { theirs: a, ours: b, json } = await monitored('ours', async () => {
      expect(await sh('ip netns exec ours sh -c "ethtool -K v0 gro on; ethtool -L v0 rx 2; ethtool -L v0 rx 1; ethtool -K v0 rx-gro-list on; ethtool -L v0 tx 2; ethtool -L v0 tx 1"')).toMatchObject({ status: 0 });
    }, 'Combined:\tn/a\n', 8);
    expect(b).toBe(a);
    expect(json.trim().split('\n').map((one) => (JSON.parse(one) as { event: string }).event)).toEqual(['features', 'channels', 'channels', 'features', 'channels', 'channels']);
  }, 120_000);
  test('what is not over netlink', async () => {
    table.meet('ethtool-ioctl');
    for (const option of ['-i', '-d', '-e', '-n', '-t', '-r', '-Q']) expect(await ours(`${option} v0`, 'ours')).toMatchObject({ status: 1, stderr: expect.stringContaining('not over netlink') as string });
    table.meet('ethtool-statistics');
    expect((await theirs('-S v0', 'ours')).stdout).toMatch(/^NIC statistics:/);
    expect(await ours('-S v0', 'ours')).toMatchObject({ status: 1, stderr: expect.stringContaining('not told over netlink') as string });
    expect(await ours('--show-ringg v0', 'ours')).toMatchObject({ status: 1, stderr: expect.stringContaining('did you mean "--show-ring"') as string });
  });
  test('a change of nothing', async () => {
    for (const option of ['-A', '-C', '-G', '-L', '-s']) expect(await ours(`${option} v0`, 'ours')).toMatchObject({ status: 1, stderr: expect.stringContaining('what should be set') as string });
    table.meet('ethtool-nothing');
  });
});

describe.skipIf(why ?? noTun)('on a tap', () => {
  two('ip -n NAMESPACE tuntap add dev t0 mode tap', 'ip -n NAMESPACE tuntap add dev t1 mode tun');
  test('both print alike', async () => { for (const device of ['t0', 't1']) for (const show of ['', '-k', '-c', '-g', '-l', '-T']) await alike(`${show} ${device}`.trim(), 'ours'); }, 120_000);
  test('both do alike', () => doAlike(['t0', '-k t0', '-c t0'], [
    '-s t0 speed 100 duplex half autoneg off', '-s t0 speed 1000 duplex full', '-s t0 port fibre', '-s t0 port tp', '-s t0 msglvl 3', '-s t0 msglvl 5/4', '-s t0 msglvl drv off link on', '-s t0 msglvl 0', '-s t0 msglvl probe on -- speed 10', '!-K t0 tso on', '-C t0 rx-frames 5', '!-C t0 rx-usecs 5', '!-s t0 duplex both',
  ]), 120_000);
});

const noSim = why ?? noNetdevsim();
if (!why && noSim) console.warn(`skipped: ${noSim}`);

describe.skipIf(noSim)('on netdevsim', () => {
  const sim = (side: string, id: number): string => `ip netns exec ${side} sh -c 'echo "${id} 1 4" > /sys/bus/netdevsim/new_device; udevadm settle 2>/dev/null; n=; for i in 1 2 3 4 5 6 7 8 9; do n=$(ls /sys/bus/netdevsim/devices/netdevsim${id}/net); [ "$n" ] && break; sleep 0.3; done; ip link set $n name sim0; ip link set sim0 up'`;
  beforeAll(async () => {
    for (const [i, side] of ['theirs', 'ours'].entries()) expect(await sh(`ip netns add ${side} && ${sim(side, 11 + i)}`)).toMatchObject({ status: 0, stderr: '' });
  }, 120_000);
  afterAll(() => sh('for i in 11 12; do echo $i > /sys/bus/netdevsim/del_device; done; ip netns del theirs; ip netns del ours'));
  const shows = ['', '-a', '-I -a', '-c', '-g', '-l', '-k', '-T', '--show-fec', '-I --show-fec', '--show-eee', '--show-priv-flags', '--show-tunnels', '--show-module', '-P'];
  const print = async (): Promise<void> => {
    for (const show of shows) await alike(`${show} sim0`.trim(), 'ours');
    for (const show of ['-a *', '-c *', '-g *', '--show-fec *', '--show-tunnels *', '-S sim0 --all-groups']) await alike(show, 'ours');
    for (const show of ['-a', '-I -a', '-k', '--show-fec', '-I --show-fec', '--show-module']) await alikeJson(`--json ${show} sim0`, 'ours');
  };
  test('both print alike', print, 600_000);
  test('both do alike', () => doAlike(['-a sim0', '-c sim0', '-g sim0', '-l sim0', '-k sim0', '--show-fec sim0'], [
    '-A sim0 rx on tx on', '-A sim0 rx off', '!-A sim0 autoneg on', '!-A sim0 rx maybe', '-C sim0 rx-usecs 5 tx-frames 3 adaptive-rx on', '-C sim0 pkt-rate-low 4 cqe-mode-rx on', '-C sim0 sample-interval 9 rx-frames-high 7 tx-usecs-irq 2',
    '-G sim0 rx 64 tx 32', '!-G sim0 tx-push on', '!-G sim0 rx 999999', '!-G sim0 rx-buf-len 9', '-L sim0 combined 2', '!-L sim0 combined 99', '!-L sim0 rx 3',
    '--set-fec sim0 encoding rs', '--set-fec sim0 encoding auto RS baser', '--set-fec sim0 encoding off', '--set-fec sim0 encoding llrs', '!--set-fec sim0 encoding frob', '!--set-fec sim0',
    '-K sim0 gro off', '-K sim0 gro off tso on', '-K sim0 rx-gro-list on', '-K sim0 tx off', '!-K sim0 rx-all on', '-K sim0 hw-tc-offload on', '!--set-module sim0 power-mode-policy auto', '!--set-eee sim0 eee on',
  ]), 600_000);
  test('both print alike of what was changed', async () => {
    expect(await sh('ip -n ours link add vx0 type vxlan id 5 dstport 4789 dev sim0; ip -n ours link set vx0 up; ip -n ours link add gn0 type geneve id 4 remote 10.0.0.1; ip -n ours link set gn0 up')).toMatchObject({ status: 0 });
    await print();
    expect((await ours('--show-tunnels sim0', 'ours')).stdout).toContain('port 4789, vxlan');
  }, 600_000);
  test('events', async () => {
    const change = async (): Promise<void> => {
      expect(await sh('ip netns exec ours sh -c "ethtool -A sim0 rx on tx off; ethtool -C sim0 rx-usecs 8; ethtool -G sim0 rx 128; ethtool -L sim0 combined 3; ethtool --set-fec sim0 encoding rs; ethtool -K sim0 gro on"')).toMatchObject({ status: 0 });
    };
    const { theirs: a, ours: b, json } = await monitored('ours', change, 'hsr-dup-offload: off [fixed]\n');
    expect(b).toBe(a);
    expect(json.trim().split('\n').map((one) => (JSON.parse(one) as { event: string }).event)).toEqual(['pause', 'coalesce', 'rings', 'channels', 'fec', 'features']);
  }, 600_000);
});

test.skipIf(why)('the differences are those of the table', () => {
  // Pause frames are netdevsim's.
  expect(table.missing().filter((id) => id !== 'ethtool-json-pause' || !noSim)).toEqual([]);
});
