/**
 * The executable beside the command under Node: the same lines, in namespaces of their own, print the same and end alike.
 *
 *   npm run test:executable
 *
 * Exit: 0 all the same; 1 something differs; 3 nothing could be compared, and why.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExecutable } from './executable.mjs';
import { buildProgram, common } from './programs.mjs';

const stop = (why) => { console.error(`test:executable: skipped: ${why}`); process.exit(3); };
const SIDE = 'NLKIT_EXECUTABLE_SIDE', FOLDER = 'NLKIT_EXECUTABLE_FOLDER', folder = process.env[FOLDER] ?? '';

const sh = (line) => {
  const { status, stderr } = spawnSync('sh', ['-ec', line], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
};
/** Without what is new each time: link-layer addresses that the kernel makes, times, namespaces' numbers. */
const timeless = (text) => text.replaceAll(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC').replaceAll(/fe80::[0-9a-f:]+/g, 'fe80::').replaceAll(/"?(created|link_netnsid|age|bytes|packets)"?:? ?"?[0-9T:.Z-]+"?/g, '$1').replaceAll(/(nsid|ino) \d+/g, '$1').replaceAll(/0x[0-9a-f]{8}/g, 'CODE').replaceAll(/bridge.id.*/g, '')
  .replaceAll(/in [0-9.]+ (m?)s/g, 'in $1s').replaceAll(/pid \d+/g, 'pid').replaceAll(/veth[0-9a-f]{8}/g, 'VETH').replaceAll(/8000\.[0-9a-f.:]+/g, 'ID');
const datagrams = '28000000120001030100000000000000000000000000000008001d00010000000000000000000000\nzz\n';
const cni = JSON.stringify({ cniVersion: '1.1.0', name: 'one', type: 'bridge', bridge: 'cni5', isGateway: true, ipam: { type: 'host-local', subnet: '10.66.0.0/24', dataDir: '/run/pools' } });

/** A line a step; `cni:` is a call of the plugins' program, `<` what it is given. */
const steps = [
  '--version', '--help', 'ip link help', 'nonsense', 'ip link add v0 type vteh', 'ip link add v0 type veth peer name v1', 'ip link set v0 up', 'ip addr add 10.1.0.1/24 dev v0', 'ip route add 10.2.0.0/16 via 10.1.0.9',
  'ip link', 'ip -j -d link', 'ip -s link', 'ip -br addr', 'ip -j -d addr', 'ip route show table all', 'ip -j route get 10.2.3.4', 'ip rule', 'ip neigh', 'bridge link', 'brctl show', 'ip -c link show v0', 'ip link set v0 mtu 10',
  'ip netns add s1', 'ip link set v1 netns s1', 'ip netns', 'ip netns exec s1 ip -br link', 'ip -n s1 -j link', 'ip netns exec s1 false', `ip -batch ${join(folder, 'lines')}`, 'ip -j route', 'bridge -j vlan', 'ip --dry-run --hex link add x type dummy',
  'net create lab --subnet 172.30.0.0/24', 'net attach lab web --netns s1 -p 8080:80', 'net ls', 'net inspect lab', 'net plan create other --subnet 172.31.0.0/24', 'topology -o tree', 'topology -o svg', 'net detach lab web', 'net rm lab', 'net gc', 'net ls',
  { line: 'decode --from hex --protocol route --json', input: datagrams }, { line: 'decode --from hex --protocol route --tree', input: datagrams }, 
  // Those that start programs: strace, and themselves in other namespaces.
  { line: 'send --tree', input: '{"name":"RTM_GETLINK","flags":["request","ack"],"seq":7,"body":{"ifname":"nosuch"}}' }, 'trace -b -o /dev/null ip -o link show lo', 'trace false', { line: 'trace -b ip link', env: { PATH: '/nonexistent' } },
  'fuzz --seed 5 --count 60 --mutate --json', { line: 'fuzz --count 1', env: { PATH: '/nonexistent' } },
  'genl ctrl list', 'ip xfrm state', 'ip mptcp endpoint', 'demo',
  'ss -tanH', 'ss -tln -j', 'ethtool -k lo', 'wg show', 'wg pubkey', 'conntrack --help',
  { line: 'cni: nlkit-cni --help' },
  ...['ADD', 'CHECK', 'DEL', 'DEL', 'STATUS', 'VERSION', 'WRONG'].map((command) => ({ line: `cni: bridge ${command}`, input: cni, env: { CNI_COMMAND: command, CNI_CONTAINERID: 'c1', CNI_NETNS: '/run/netns/s1', CNI_IFNAME: 'eth5', CNI_PATH: join(folder, 'plugins') } })),
  'ip netns del s1', 'ip link del b0', 'ip netns',
];

/** What a side prints. */
function play({ nlkit, cni: plugins }) {
  sh('ip link set lo up');
  const printed = [];
  for (const step of steps) {
    const { line, input, env } = typeof step === 'string' ? { line: step } : step, [tool, ...words] = line.split(' ');
    let command = [...nlkit, tool, ...words];
    if (tool === 'cni:') command = env ? [join(folder, 'plugins', words[0])] : [...plugins, ...words.slice(1)];
    if (env?.CNI_COMMAND === 'ADD') printed.push({ line: 'nlkit-cni install', status: spawnSync(plugins[0], [...plugins.slice(1), 'install', join(folder, 'plugins')]).status });
    const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), { encoding: 'utf8', timeout: 60_000, input: input ?? '', env: { ...process.env, ...env } });
    printed.push({ line, status, stdout: timeless(stdout), stderr: timeless(stderr) });
  }
  return printed;
}
if (process.env[SIDE]) {
  console.log(JSON.stringify(play(JSON.parse(process.env[SIDE]))));
  process.exit();
}

/** The same for each side: namespaces where nothing of the machine's is seen. */
function apart(side, place) {
  const flags = process.getuid() === 0 ? '-nmp' : '-Urnmp', script = 'mount -t tmpfs run /run && mount -t tmpfs state /var/lib && exec "$@"';
  const { status, stdout, stderr } = spawnSync('unshare', [flags, '--fork', '--mount-proc', 'sh', '-c', script, 'sh', process.execPath, fileURLToPath(import.meta.url)], { encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, [SIDE]: JSON.stringify(side), [FOLDER]: place } });
  if (status !== 0) stop(stderr.trim().split('\n').slice(-3).join(' '));
  return JSON.parse(stdout);
}
const caches = join(common.absWorkingDir, 'node_modules/.cache');
mkdirSync(caches, { recursive: true });
const place = mkdtempSync(join(caches, 'executable-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const executable = join(place, 'nlkit'), reason = await buildExecutable(executable);
if (reason) stop(reason);
symlinkSync('nlkit', join(place, 'nlkit-cni'));
writeFileSync(join(place, 'lines'), 'link add b0 type bridge\nlink set b0 up\naddr add 10.9.0.1/24 dev b0\nroute add 10.8.0.0/16 via 10.9.0.2\n');
const expected = apart({ nlkit: [process.execPath, await buildProgram('nlkit', join(place, 'node'))], cni: [process.execPath, await buildProgram('nlkit-cni', join(place, 'node'))] }, place);
rmSync(join(place, 'plugins'), { recursive: true, force: true });
const got = apart({ nlkit: [executable], cni: [join(place, 'nlkit-cni')] }, place);

let failed = 0;
for (const [i, want] of expected.entries()) {
  if (JSON.stringify(want) === JSON.stringify(got[i])) continue;
  failed++;
  console.log(`FAIL ${want.line}`);
  for (const key of ['status', 'stdout', 'stderr']) if (want[key] !== got[i][key]) console.log(`  ${key} under Node: ${JSON.stringify(want[key])?.slice(0, 400)}\n  ${key} of the executable: ${JSON.stringify(got[i][key])?.slice(0, 400)}`);
}
console.log(`${expected.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
