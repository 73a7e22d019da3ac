// cni HOW COUNT: ADD of the bridge plugin with host-local for as many containers. HOW: `library`, in this process, or the folder of
// a program that is started for each: the reference plugins', or `installed`, nlkit-cni as it installs itself, when a call has been answered
// before; `alone`: where calls leave no server behind; `executable` FILE: the same, of that file.
// Only the ADDs count.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, report, start, stop } from './side.mjs';

const { create } = await load('namespace/index.js');
const [how, total, single] = process.argv.slice(2);
const count = Number(total);
const config = JSON.stringify({ cniVersion: '1.0.0', name: 'bench', type: 'bridge', bridge: 'cni9', isDefaultGateway: true, ipam: { type: 'host-local', subnet: '10.77.0.0/16', dataDir: '/run/pools' } });
const own = ['installed', 'alone', 'executable'].includes(how), folder = own ? '/run/cni' : how, socket = '/run/nlkit-bench.sock';
if (how === 'executable') spawnSync(single, ['install', folder], { argv0: 'nlkit-cni', stdio: ['ignore', 'ignore', 'inherit'] });
else if (own) spawnSync(process.env.NLKIT_CNI ?? fileURLToPath(new URL('../../dist/bin/nlkit-cni.js', import.meta.url)), ['install', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
const environment = (command, n) => ({ PATH: process.env.PATH, HOME: process.env.HOME, CNI_COMMAND: command, CNI_CONTAINERID: `c${n}`, CNI_NETNS: `/run/netns/c${n}`, CNI_IFNAME: 'eth0', CNI_PATH: folder, NLKIT_CNI_SOCKET: socket, NLKIT_CNI_IDLE: how === 'installed' ? '2' : '0' });
const { answer } = how === 'library' ? await load('cni/index.js') : {};
const call = (command, n) => {
  const env = environment(command, n);
  const { status, output } = answer ? answer('bridge', env, config) : spawnSync(`${folder}/bridge`, [], { env, input: config });
  if (status !== 0) throw new Error(`${command}: ${JSON.stringify(output?.map?.(String) ?? output)}`);
};

for (let n = 0; n <= count; n++) create(`c${n}`);
// The bridge is there, and compiled code is kept, as on a machine that has run containers before.
for (const command of ['ADD', 'DEL', 'ADD']) call(command, count);
while (how === 'installed' && !existsSync(socket)) await new Promise((later) => setTimeout(later, 10));
start();
for (let n = 0; n < count; n++) call('ADD', n);
stop();
report(count);
