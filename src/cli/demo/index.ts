/** `nlkit demo`: the main job from end to end, in private namespaces that vanish with the process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { create, remove } from '../../namespace/index.ts';
import { bridge, macvlan, openSync, veth, type NetlinkSync } from '../../route/index.ts';
import { NetlinkError } from '../../socket/index.ts';
import { topology, toTree } from '../../topology/index.ts';
import { exits, usage } from '../errors.ts';
import { run } from '../run.ts';
import { parse, type Command } from '../grammar.ts';
import type { Output } from '../output.ts';
import { ping } from './ping.ts';

const INSIDE = 'NLKIT_DEMO_INSIDE';

/** Re-runs itself under unshare(1), so that nothing it makes is seen outside or outlives it. */
async function start(out: Output): Promise<number> {
  if (process.env[INSIDE]) return inside(out);
  const root = process.getuid?.() === 0, flags = root ? '-nm' : '-Urnm';
  const script = 'mount -t tmpfs tmpfs /run && exec "$0" "$@"';
  const command = ['unshare', flags, '--propagation', 'private', 'sh', '-c', script, process.execPath, ...process.execArgv, process.argv[1] ?? fileURLToPath(import.meta.url), 'demo'];
  const probe = spawnSync('unshare', [flags, '--propagation', 'private', 'sh', '-c', 'mount -t tmpfs tmpfs /run'], { encoding: 'utf8' });
  if (probe.error || probe.status !== 0) {
    const reason = probe.error ? 'unshare(1) of util-linux is not installed' : probe.stderr.trim().split('\n')[0] ?? '';
    out.error(`nlkit demo: cannot make private namespaces: ${reason}\n${root ? 'This needs CAP_SYS_ADMIN, which a container usually lacks.' : 'Run it as root, or allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces; AppArmor).'}`);
    return exits.noTransport;
  }
  const { status } = spawnSync(command[0] as string, command.slice(1), { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  return status ?? exits.noTransport;
}

export const demo: Command = {
  summary: 'builds a container network in private namespaces, shows it, and leaves nothing behind',
  examples: ['demo'],
  usage: '',
  run: async (context, words) => {
    parse({}, words, {}, context);
    if (context.options.dryRun) throw usage('the demo is made in namespaces of its own and leaves nothing behind: there is no --dry-run of it');
    return start(context.out);
  },
};

async function inside(out: Output): Promise<number> {
  const say = (text: string): void => { out.write(`${text}\n`); };
  const made: string[] = [];
  try {
    using nl = openSync();
    say('# two network namespaces, a bridge, and a veth pair into each');
    for (const name of ['red', 'blue']) { create(name); made.push(name); }
    nl.link.add(bridge('br0'));
    nl.link.set('br0', { up: true });
    nl.address.add('br0', '10.77.0.1/24');
    const addresses: Record<string, string> = { red: '10.77.0.2', blue: '10.77.0.3' };
    for (const name of made) connect(nl, name, addresses[name] as string);

    say('# a macvlan on red\'s eth0');
    using red = openSync({ namespace: 'red' });
    red.link.add(macvlan('mv0', { mode: 'bridge' }, { link: 'eth0', up: true }));
    red.address.add('mv0', '10.77.0.4/24');

    say('\n# ping from red to blue, and to the bridge');
    for (const to of [addresses['blue'] as string, '10.77.0.1']) {
      const took = ping('red', to);
      if (took === undefined) { out.error(`no reply from ${to}`); return exits.refused; }
      say(`reply from ${to} in ${took.toFixed(2)} ms`);
    }
    for (const words of [['bridge', 'link', 'show'], ['brctl', 'show']]) {
      say(`\n$ nlkit ${words.join(' ')}`);
      const status = await run(words, out);
      if (status !== 0) return status;
    }
    say('\n# the picture');
    out.write(toTree(await topology({ namespaces: made })));
    return exits.ok;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    out.error(`nlkit demo: ${error.message}`);
    return error.code === 'EPERM' || error.code === 'ERR_NETLINK_NO_TRANSPORT' ? exits.noTransport : exits.refused;
  } finally {
    for (const name of made) remove(name);
    out.flush();
  }
}

/** A veth pair: one end in the bridge, the other born in the namespace as eth0. */
function connect(nl: NetlinkSync, name: string, address: string): void {
  nl.link.add(veth(`v-${name}`, { peer: { ifname: 'eth0', namespace: name } }, { master: 'br0', up: true }));
  using there = openSync({ namespace: name });
  there.link.set('lo', { up: true });
  there.link.set('eth0', { up: true });
  there.address.add('eth0', `${address}/24`);
}
