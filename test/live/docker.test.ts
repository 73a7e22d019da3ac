/** The docker plugin on a kernel: the program, and a client that plays the engine's part, with restarts in between. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync, type NetworksSync } from '../../src/network/index.ts';
import { ask, ENDPOINT, NETWORK } from '../support/docker.ts';
import { inProcess, snapshot as whole } from '../support/network.ts';
import { built, type Built } from '../support/program.ts';
import { reached, has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2 to play the engine with');
if (why) console.warn(`skipped: ${why}`);
/** Without link-local addresses, which appear when they have been found to be free. */
const snapshot = (folder: string): string => whole(folder).replace(/^.*(fe80:|ff00::|33:33:).*\n/gm, '');
/** Without numbers that only count up, and what the kernel computes anew of a bridge that once had a port. */
const plain = (text: string): string => text.replace(/^\d+: /gm, '').replace(/ tso_max_size \d+/g, '').replace(/^\s*\n/gm, '');
const state = '/run/state', socket = '/run/docker/plugins/nlkit.sock';

describe.skipIf(why)('nlkit docker-plugin', () => {
  let made: Built | undefined, program: string, plugin: ChildProcess | undefined;
  beforeAll(async () => {
    made = await built('nlkit');
    program = made.program;
    sh('ip link set lo up');
  });
  afterAll(() => made?.remove());

  /** Starts it, and waits until it listens. @returns what it said */
  const start = (...words: string[]): Promise<string> => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'docker-plugin', ...words], { env: { ...process.env, NLKIT_STATE: state }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const late = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`it does not listen: ${said}`)); }, PATIENCE);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening at')) { clearTimeout(late); plugin = child; resolve(said); }
    });
    child.once('close', (status, signal) => { clearTimeout(late); reject(new Error(`exit ${status ?? signal}: ${said}`)); });
  });
  const stop = (signal: NodeJS.Signals): Promise<{ status: number | null; signal: string | null }> => new Promise((resolve) => {
    const child = plugin as ChildProcess;
    plugin = undefined;
    child.once('close', (status, by) => resolve({ status, signal: by }));
    child.kill(signal);
  });
  const restart = async (): Promise<void> => { await stop('SIGKILL'); await start(); };
  /** A call that must succeed. */
  async function call(method: string, body: object = {}): Promise<Record<string, unknown>> {
    const reply = await ask(socket, `/${method}`, { body });
    expect(reply, method).toMatchObject({ status: 200 });
    expect(reply.body, method).not.toHaveProperty('Err');
    return reply.body;
  }
  const refused = async (method: string, body: object): Promise<string> => String((await ask(socket, `/${method}`, { body })).body['Err']);
  const network = (more: object = {}, ids: { NetworkID: string } = { NetworkID: NETWORK }): object => ({
    ...ids, IPv4Data: [{ AddressSpace: 'nlkit', Pool: '172.30.0.0/24', Gateway: '172.30.0.1/24', AuxAddresses: {} }], IPv6Data: [], Options: { 'com.docker.network.enable_ipv6': false, 'com.docker.network.generic': {}, ...more },
  });
  const at = { NetworkID: NETWORK, EndpointID: ENDPOINT };

  beforeEach(() => { create('box'); sh('ip -n box link set lo up'); });
  afterEach(async () => {
    if (plugin) await stop('SIGKILL');
    for (const name of list()) remove(name);
    rmSync(state, { recursive: true, force: true });
  });

  /** Moves the link as the engine does, and gives it its name and addresses. */
  function moveIn({ InterfaceName, Gateway }: Record<string, unknown>, address: string): void {
    const { SrcName, DstPrefix } = InterfaceName as { SrcName: string; DstPrefix: string };
    sh(`ip link set ${SrcName} netns box && ip -n box link set ${SrcName} name ${DstPrefix}0 && ip -n box addr add ${address} dev ${DstPrefix}0 && ip -n box link set ${DstPrefix}0 up`);
    if (Gateway !== undefined) sh(`ip -n box route add default via ${Gateway as string}`);
  }
  const moveOut = (name: string): string => sh(`ip -n box link set eth0 down && ip -n box link set eth0 name ${name} && ip -n box link set ${name} netns ${process.pid}`);

  test('a container, from its network to its end; the plugin is killed between all calls', async () => {
    const before = snapshot(state);
    await start();
    expect(await call('Plugin.Activate')).toEqual({ Implements: ['NetworkDriver', 'IpamDriver'] });
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(await call('IpamDriver.RequestPool', { AddressSpace: 'nlkit', Pool: '172.30.0.0/24', SubPool: '', V6: false })).toEqual({ PoolID: 'nlkit/172.30.0.0/24', Pool: '172.30.0.0/24', Data: {} });
    await restart();
    const pool = { PoolID: 'nlkit/172.30.0.0/24' };
    expect(await call('IpamDriver.RequestAddress', { ...pool, Address: '172.30.0.1', Options: { RequestAddressType: 'com.docker.network.gateway' } })).toMatchObject({ Address: '172.30.0.1/24' });
    await call('NetworkDriver.CreateNetwork', network({ 'com.docker.network.generic': { mtu: '1400' } }));
    const made = snapshot(state);
    await restart();
    await call('NetworkDriver.CreateNetwork', network({ 'com.docker.network.generic': { mtu: '1400' } }));
    expect(snapshot(state), 'again does nothing').toBe(made);
    expect(await call('IpamDriver.RequestAddress', { ...pool, Address: '' })).toMatchObject({ Address: '172.30.0.2/24' });
    const endpoint = { ...at, Interface: { Address: '172.30.0.2/24', AddressIPv6: '', MacAddress: '' }, Options: {} };
    expect(await call('NetworkDriver.CreateEndpoint', endpoint)).toEqual({ Interface: { MacAddress: '02:42:ac:1e:00:02' } });
    await restart();
    expect(await call('NetworkDriver.CreateEndpoint', endpoint), 'again').toEqual({ Interface: { MacAddress: '02:42:ac:1e:00:02' } });
    expect(await refused('NetworkDriver.DeleteNetwork', { NetworkID: NETWORK })).toContain('attached');
    const joined = await call('NetworkDriver.Join', { ...at, SandboxKey: '/run/netns/box', Options: {} });
    expect(joined).toEqual({ InterfaceName: { SrcName: expect.stringMatching(/^nl[0-9a-f]{12}$/) as string, DstPrefix: 'eth' }, Gateway: '172.30.0.1' });
    moveIn(joined, '172.30.0.2/24');
    expect(reached('172.30.0.1', 'box')).toBe(true);
    expect(reached('172.30.0.2')).toBe(true);
    expect(sh('ip -n box link show eth0')).toMatch(/mtu 1400[^]*link\/ether 02:42:ac:1e:00:02/);
    const portmap = [{ Proto: 6, IP: '', Port: 80, HostIP: '', HostPort: 8080, HostPortEnd: 8080 }];
    const plugged = snapshot(state);
    await call('NetworkDriver.ProgramExternalConnectivity', { ...at, Options: { 'com.docker.network.portmap': portmap } });
    await restart();
    await call('NetworkDriver.ProgramExternalConnectivity', { ...at, Options: { 'com.docker.network.portmap': portmap } });
    if (has('nft')) expect(sh('nft list ruleset')).toMatch(/tcp \. 8080 .*: 172\.30\.0\.2 \. 80\b/);
    expect(await call('NetworkDriver.EndpointOperInfo', at)).toEqual({ Value: { 'com.docker.network.endpoint.macaddress': '02:42:ac:1e:00:02', 'com.docker.network.portmap': [{ Proto: 6, Port: 80, HostIP: '', HostPort: 8080, HostPortEnd: 8080 }] } });
    await call('NetworkDriver.RevokeExternalConnectivity', at);
    expect(snapshot(state), 'nothing is published any more').toBe(plugged);
    await restart();
    moveOut((joined['InterfaceName'] as { SrcName: string }).SrcName);
    for (const again of [1, 2]) {
      await call('NetworkDriver.Leave', at);
      await call('NetworkDriver.DeleteEndpoint', at);
      await call('IpamDriver.ReleaseAddress', { ...pool, Address: '172.30.0.2' });
      if (again === 1) await restart();
    }
    for (const again of [1, 2]) {
      await call('NetworkDriver.DeleteNetwork', { NetworkID: NETWORK });
      await call('IpamDriver.ReleaseAddress', { ...pool, Address: '172.30.0.1' });
      await call('IpamDriver.ReleasePool', pool);
      if (again === 1) await restart();
    }
    expect(snapshot(state)).toBe(before);
    expect(await stop('SIGTERM')).toEqual({ status: 0, signal: null });
    expect(existsSync(socket)).toBe(false);
  });

  test('an endpoint that is cut short at any step leaves nothing; ports that are, neither', { timeout: 6 * PATIENCE }, () => {
    const net = networksSync({ state }), MOST = 60, STRIDE = process.env['NLKIT_SLOW'] ? 5 : 1, name = 'lab', web = { name: 'web', ips: ['172.30.0.2'] };
    /** Kills the operation after one event more each time. @returns how often it was killed */
    function everywhere(kind: keyof NetworksSync, args: unknown[]): number {
      const before = snapshot(state);
      for (let at = 1; at < MOST; at += STRIDE) {
        const { killed, status, stderr } = inProcess(state, kind, args, at);
        if (!killed) { expect({ at, status, stderr }).toMatchObject({ status: 0, stderr: '' }); return at - 1; }
        net.gc();
        const { web: kept } = net.inspect(name).containers;
        // The last event comes when all is done.
        if (kind === 'lend' ? kept !== undefined : kept?.publish.length === 1) return at - 1;
        expect(plain(snapshot(state)), `killed at ${at}`).toBe(plain(before));
      }
      throw new Error(`${kind} has no end`);
    }
    const untouched = snapshot(state);
    net.create({ name, subnets: ['172.30.0.0/24'] });
    expect(everywhere('lend', [name, web])).toBeGreaterThan(8);
    if (!net.inspect(name).containers['web']) net.lend(name, web);
    expect(everywhere('publish', [name, 'web', ['8080:80']])).toBeGreaterThan(2);
    net.remove(name, { force: true });
    expect(plain(snapshot(state))).toBe(plain(untouched));
  });
});
