// npm run picture: draws docs/topology.svg. A small network is made with the command, in private namespaces that vanish with
// the shell they are made in, and `nlkit topology -o svg` draws it. Needs unshare(1), and the kinds bridge, veth, macvlan and vxlan.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Where native libraries and the layout are found from.
const folder = `${root}node_modules/.cache/nlkit`, command = `${folder}/picture-${process.pid}.mjs`;

// Addresses are fixed, so that the picture is the same each time.
let last = 0;
const mac = () => `address 02:00:00:00:00:${(++last).toString(16).padStart(2, '0')}`;
const plug = (host, bridge, namespace, link, address) => [
  `ip link add ${host} ${mac()} type veth peer name ${link} ${mac()} netns ${namespace}`,
  bridge ? `ip link set ${host} master ${bridge} up` : `ip link set ${host} up`,
  `-n ${namespace} ip link set ${link} up`, `-n ${namespace} ip address add ${address} dev ${link}`,
];
const lines = [
  ...['web', 'api', 'db', 'isp'].map((name) => `ip netns add ${name}`),
  ...['front 10.1.0.1/24', 'back 10.2.0.1/24'].flatMap((words) => {
    const [name, address] = words.split(' ');
    return [`ip link add ${name} ${mac()} type bridge forward_delay 0`, `ip link set ${name} up`, `ip address add ${address} dev ${name}`];
  }),
  ...plug('uplink', undefined, 'isp', 'eth0', '203.0.113.1/24'),
  'ip address add 203.0.113.2/24 dev uplink', 'ip route add default via 203.0.113.1',
  ...plug('v-web', 'front', 'web', 'eth0', '10.1.0.2/24'), '-n web ip route add default via 10.1.0.1',
  ...plug('v-api', 'front', 'api', 'eth0', '10.1.0.3/24'), '-n api ip route add default via 10.1.0.1',
  ...plug('v-api2', 'back', 'api', 'eth1', '10.2.0.3/24'),
  ...plug('v-db', 'back', 'db', 'eth0', '10.2.0.2/24'),
  `-n db ip link add mv0 ${mac()} link eth0 type macvlan mode bridge`, '-n db ip address add 10.2.0.9/24 dev mv0', '-n db ip link set mv0 up',
  `ip link add vx42 ${mac()} type vxlan id 42 dev uplink remote 198.51.100.7 dstport 4789`, 'ip link set vx42 master back up',
];
const script = ['set -e', 'mount -t tmpfs tmpfs /run',
  ...lines.map((line) => `"$0" "$1" ${line}`),
  // The kernel looks at carriers once a second.
  'sleep 2', '"$0" "$1" topology -o "$2"'].join('\n');

mkdirSync(folder, { recursive: true });
try {
  await build({ absWorkingDir: root, entryPoints: ['src/cli/main.ts'], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: command, logLevel: 'warning' });
  const draw = (format) => {
    const own = process.getuid() === 0 ? '-nm' : '-Urnm';
    // In a process namespace of its own, so that nobody else's processes are seen.
    const { status, stdout, error } = spawnSync('unshare', [own, '--pid', '--fork', '--mount-proc', '--propagation', 'private', 'sh', '-c', script, process.execPath, command, format], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (status !== 0) throw error ?? new Error(`the network could not be made and drawn: exit ${status}`);
    return stdout;
  };
  if (process.argv[2]) process.stdout.write(draw(process.argv[2]));
  else writeFileSync(`${root}docs/topology.svg`, draw('svg'));
} finally { rmSync(command, { force: true }); }
