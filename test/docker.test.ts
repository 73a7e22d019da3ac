/** Docker's plugin protocol without a kernel: requests and what they mean, answers, refusals; pools on disk; the socket. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, MOST, publishOf, serve, type Answer, type Doing, type Request } from '../src/docker/index.ts';
import { endpointAnswer, infoAnswer, joinAnswer } from '../src/docker/answer.ts';
import { Pools } from '../src/docker/pools.ts';
import { bindingsOf, containerInput, networkInput, poolInput } from '../src/docker/request.ts';
import { networkOf, type Attachment } from '../src/network/index.ts';
import { ask, ENDPOINT, NETWORK } from './support/docker.ts';

/** What a driver was called with. */
function recorder(): { driver: Doing; calls: [string, object][] } {
  const calls: [string, object][] = [];
  return { calls, driver: new Proxy({} as Doing, { get: (_, name: string) => async (request: object) => { calls.push([name, request]); if ('fail' in request) throw new Error('it went wrong'); return { done: name }; } }) };
}
const post = (path: string, body: unknown = ''): Request => ({ method: 'POST', path, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('methods', () => {
  test.each<[string, object]>([
    ['Plugin.Activate', { Implements: ['NetworkDriver', 'IpamDriver'] }],
    ['NetworkDriver.GetCapabilities', { Scope: 'local', ConnectivityScope: 'local' }],
    ['IpamDriver.GetCapabilities', { RequiresMACAddress: false, RequiresRequestReplay: false }],
    ['IpamDriver.GetDefaultAddressSpaces', { LocalDefaultAddressSpace: 'nlkit', GlobalDefaultAddressSpace: 'nlkit-global' }],
    ['NetworkDriver.DiscoverNew', {}], ['NetworkDriver.DiscoverDelete', {}], ['NetworkDriver.AllocateNetwork', { Options: {} }], ['NetworkDriver.FreeNetwork', {}],
  ])('%s is answered without the driver', async (method, body) => {
    const { driver, calls } = recorder();
    for (const text of ['', 'null', '{}']) expect(await answer(driver, post(`/${method}`, text))).toEqual({ status: 200, body });
    expect(calls).toEqual([]);
  });
  test.each([
    ['NetworkDriver.CreateNetwork', 'createNetwork'], ['NetworkDriver.DeleteNetwork', 'deleteNetwork'], ['NetworkDriver.CreateEndpoint', 'createEndpoint'], ['NetworkDriver.EndpointOperInfo', 'endpointInfo'],
    ['NetworkDriver.DeleteEndpoint', 'deleteEndpoint'], ['NetworkDriver.Join', 'join'], ['NetworkDriver.Leave', 'leave'], ['NetworkDriver.ProgramExternalConnectivity', 'publish'], ['NetworkDriver.RevokeExternalConnectivity', 'unpublish'],
    ['IpamDriver.RequestPool', 'requestPool'], ['IpamDriver.ReleasePool', 'releasePool'], ['IpamDriver.RequestAddress', 'requestAddress'], ['IpamDriver.ReleaseAddress', 'releaseAddress'],
  ])('%s is %s', async (method, name) => {
    const { driver, calls } = recorder();
    expect(await answer(driver, post(`/${method}`, { a: 1 }))).toEqual({ status: 200, body: { done: name } });
    expect(calls).toEqual([[name, { a: 1 }]]);
    expect(await answer(driver, post(`/${method}`, { fail: 1 })), 'what fails is told').toEqual({ status: 200, body: { Err: 'it went wrong' } });
  });
  test.each<[string, Request, number, RegExp]>([
    ['an unknown method', post('/NetworkDriver.Fly'), 404, /no method "\/NetworkDriver.Fly"/], ['a name of every object', post('/constructor'), 404, /no method/], ['another path', post('/'), 404, /no method/],
    ['GET', { method: 'GET', path: '/Plugin.Activate', body: '' }, 405, /takes POST, not GET/],
    ['no JSON', post('/NetworkDriver.Join', '{"NetworkID":'), 400, /not JSON/], ['a list', post('/NetworkDriver.Join', '[1]'), 400, /must be a JSON object/], ['a text', post('/NetworkDriver.Join', '"x"'), 400, /must be a JSON object/],
  ])('%s is refused', async (_, request, status, says) => {
    expect(await answer(recorder().driver, request)).toEqual({ status, body: { Err: expect.stringMatching(says) as string } });
  });
});

const labels = { 'nlkit.owner': 'docker', 'docker.id': NETWORK }, base = { name: 'docker-a1b2c3d4e5f6', subnets: [], labels };
const asked = (generic: object, more: object = {}, data: object = {}): object => ({ NetworkID: NETWORK, Options: { 'com.docker.network.generic': generic, ...more }, ...data });
const v4 = { IPv4Data: [{ Pool: '172.30.0.0/24', Gateway: '172.30.0.1/24', AuxAddresses: { host: '172.30.0.9/24' } }] }, v6 = { IPv6Data: [{ Pool: 'fd00:1::/64', Gateway: 'fd00:1::1/64' }] };

describe('requests', () => {
  test.each<[string, object, object]>([
    ['nothing but an identifier', { NetworkID: NETWORK }, base],
    ['both families', { NetworkID: NETWORK, ...v4, ...v6 }, { ...base, subnets: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.1' }, { subnet: 'fd00:1::/64', gateway: 'fd00:1::1' }], reserved: ['172.30.0.9'] }],
    ['no address management', { NetworkID: NETWORK, IPv4Data: [{ Pool: '0.0.0.0/0', Gateway: '' }] }, base],
    ['macvlan', asked({ driver: 'macvlan', parent: 'eth0.5', macvlan_mode: 'private' }), { ...base, driver: 'macvlan', parent: 'eth0.5', mode: 'private' }],
    ['a parent alone', asked({ parent: 'eth0' }), { ...base, driver: 'macvlan', parent: 'eth0' }],
    ['ipvlan', asked({ driver: 'ipvlan', parent: 'eth0', ipvlan_mode: 'l3' }), { ...base, driver: 'ipvlan', parent: 'eth0', mode: 'l3' }],
    ['numbers and switches', asked({ mtu: '1400', 'com.docker.network.bridge.enable_icc': 'false', hairpin: 'true', vlan: '7' }), { ...base, mtu: 1400, icc: false, hairpin: true, vlan: 7 }],
    ['what docker calls the MTU', asked({ 'com.docker.network.driver.mtu': '9000' }), { ...base, mtu: 9000 }],
    ['inside only, with IPv6', asked({}, { 'com.docker.network.internal': true, 'com.docker.network.enable_ipv6': true }), { ...base, ipv6: true, internal: true }],
    ['null is nothing', { NetworkID: NETWORK, Options: null, IPv4Data: null, IPv6Data: null }, base],
  ])('a network: %s', (_, request, input) => { expect(networkInput(request as never)).toEqual(input); });
  test.each<[string, object, RegExp]>([
    ['no identifier', {}, /NetworkID must be/], ['a path for an identifier', { NetworkID: '../x' }, /NetworkID must be/], ['an unknown option', asked({ colour: 'red' }), /no option "colour"; known are driver, parent/],
    ['an unknown driver', asked({ driver: 'vxlan' }), /one of bridge, macvlan, ipvlan/], ['no number', asked({ mtu: 'big' }), /mtu is a number/], ['no switch', asked({ icc: 'maybe' }), /icc must be true or false/],
    ['an empty word', asked({ parent: '' }), /parent is a word/], ['data that is none', { NetworkID: NETWORK, IPv4Data: {} }, /IPv4Data must be a list/], ['options that are none', { NetworkID: NETWORK, Options: [] }, /Options must be an object/],
  ])('a network is refused for %s', (_, request, says) => { expect(() => networkInput(request as never)).toThrow(says); });
  test('a container', () => {
    const at = { NetworkID: NETWORK, EndpointID: ENDPOINT };
    expect(containerInput({ ...at, Interface: { Address: '172.30.0.2/24', AddressIPv6: 'fd00:1::2/64', MacAddress: '02:00:00:00:00:01' } })).toEqual({ name: ENDPOINT.slice(0, 32), ips: ['172.30.0.2', 'fd00:1::2'], mac: '02:00:00:00:00:01' });
    expect(containerInput({ ...at, Interface: null })).toEqual({ name: ENDPOINT.slice(0, 32), ips: [] });
    expect(() => containerInput({ ...at, EndpointID: 7 })).toThrow('EndpointID must be a text');
  });
  test.each<[string, object, object | RegExp]>([
    ['a pool', { AddressSpace: 'nlkit', Pool: '10.0.0.0/8', SubPool: '10.1.0.0/16' }, { space: 'nlkit', subnet: '10.0.0.0/8', range: '10.1.0.0/16', family: 'inet' }],
    ['any pool', { AddressSpace: 'nlkit', Pool: '', V6: false }, { space: 'nlkit', family: 'inet' }], ['any of IPv6', { AddressSpace: 'nlkit', V6: true }, { space: 'nlkit', family: 'inet6' }],
    ['no space', { Pool: '10.0.0.0/8' }, /AddressSpace must be/], ['a part of nothing', { AddressSpace: 'nlkit', SubPool: '10.1.0.0/16' }, /needs its Pool/], ['no subnet', { AddressSpace: 'nlkit', Pool: '10.0.0.1/8' }, /10\.0\.0\.0\/8 is meant/],
  ])('%s', (_, request, is) => {
    if (is instanceof RegExp) expect(() => poolInput(request as never)).toThrow(is);
    else expect(poolInput(request as never)).toEqual(is);
  });
  test('ports', () => {
    const ports = (...all: object[]) => bindingsOf({ Options: { 'com.docker.network.portmap': all } }), tcp = { protocol: 'tcp', containerPort: 80 } as const;
    expect(ports({ Proto: 6, Port: 80, HostIP: '', HostPort: 8080, HostPortEnd: 8080 }, { Proto: 17, Port: 53, HostIP: '127.0.0.1', HostPort: 53 })).toEqual([
      { ...tcp, first: 8080, last: 8080 }, { protocol: 'udp', containerPort: 53, hostAddress: '127.0.0.1', first: 53, last: 53 }]);
    expect(publishOf(ports({ Proto: 6, Port: 80, HostPort: 0 }, { Proto: 6, Port: 81, HostPort: 0 }), [{ ...tcp, hostPort: 49152 }]).map(({ hostPort }) => hostPort)).toEqual([49153, 49154]);
    expect(publishOf(ports({ Proto: 6, Port: 80, HostPort: 8080, HostPortEnd: 8082 }), [{ ...tcp, hostPort: 8080 }])).toEqual([{ ...tcp, hostPort: 8081 }]);
    expect(() => publishOf(ports({ Proto: 6, Port: 80, HostPort: 8080 }), [{ ...tcp, hostPort: 8080 }])).toThrow('port 8080/tcp is published already');
    for (const [one, says] of [[{ Proto: 1, Port: 1 }, 'Proto 1'], [{ Proto: 6, Port: 0 }, 'Port 0'], [{ Proto: 6, Port: 70000 }, 'Port must be a port'], [{ Proto: 6, Port: 1, HostPort: 9, HostPortEnd: 8 }, 'before'], [{ Proto: 6, Port: 1, HostIP: 'x' }, 'HostIP']] as const) expect(() => ports(one)).toThrow(says);
  });
});

describe('answers', () => {
  const where = { path: '/proc/self/ns/net', dev: 0, ino: 0 }, plugged: Attachment = { namespace: where, ifname: 'nl0123456789ab', mac: '02:42:ac:1e:00:02', addresses: ['172.30.0.2/24', 'fd00:1::2/64'], publish: [], aliases: [], lent: true };
  const subnets = ['172.30.0.0/24', 'fd00:1::/64'], InterfaceName = { SrcName: 'nl0123456789ab', DstPrefix: 'eth' };
  test('an endpoint repeats nothing', () => {
    expect(endpointAnswer(plugged, { name: 'x', ips: ['172.30.0.2', 'fd00:1::2'] })).toEqual({ Interface: { MacAddress: '02:42:ac:1e:00:02' } });
    expect(endpointAnswer(plugged, { name: 'x', ips: ['172.30.0.2'], mac: '02:42:ac:1e:00:02' })).toEqual({ Interface: {} });
    expect(endpointAnswer(plugged, { name: 'x', ips: [] })).toEqual({ Interface: { Address: '172.30.0.2/24', AddressIPv6: 'fd00:1::2/64', MacAddress: '02:42:ac:1e:00:02' } });
  });
  test.each<[string, object, Partial<Attachment>, object]>([
    ['two gateways', {}, {}, { InterfaceName, Gateway: '172.30.0.1', GatewayIPv6: 'fd00:1::1' }], ['IPv4 alone', {}, { addresses: ['172.30.0.2/24'] }, { InterfaceName, Gateway: '172.30.0.1' }],
    ['no way out', { internal: true }, {}, { InterfaceName, DisableGatewayService: true }],
    ['a link that is the way out', { driver: 'ipvlan', parent: 'eth0', mode: 'l3' }, { addresses: ['172.30.0.2/24'] }, { InterfaceName, StaticRoutes: [{ Destination: '0.0.0.0/0', RouteType: 1, NextHop: '' }], DisableGatewayService: true }],
    ['macvlan', { driver: 'macvlan', parent: 'eth0' }, {}, { InterfaceName, Gateway: '172.30.0.1', GatewayIPv6: 'fd00:1::1' }],
  ])('joining: %s', (_, more, changed, is) => { expect(joinAnswer(networkOf({ name: 'n', subnets, ...more }), { ...plugged, ...changed })).toEqual(is); });
  test('what an endpoint has become', () => {
    expect(infoAnswer({ ...plugged, publish: [{ protocol: 'udp', hostPort: 53, containerPort: 5353, hostAddress: '127.0.0.1' }] })).toEqual({ Value: {
      'com.docker.network.endpoint.macaddress': '02:42:ac:1e:00:02', 'com.docker.network.portmap': [{ Proto: 17, Port: 5353, HostIP: '127.0.0.1', HostPort: 53, HostPortEnd: 53 }] } });
  });
});

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'nlkit-docker-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('pools', () => {
  const space = 'nlkit', family = 'inet' as const;
  test('counted, and kept on disk', () => {
    const ask = () => new Pools(folder).request({ space, subnet: '10.1.0.0/29', family });
    const { PoolID } = ask();
    expect(ask(), 'the same pool').toEqual({ PoolID, Pool: '10.1.0.0/29', Data: {} });
    expect(new Pools(folder).subnets()).toEqual(['10.1.0.0/29']);
    expect(new Pools(folder).requestAddress(PoolID, '10.1.0.1').Address).toBe('10.1.0.1/29');
    expect(() => new Pools(folder).requestAddress(PoolID, '10.1.0.1')).toThrow('10.1.0.1 is taken');
    expect(() => new Pools(folder).requestAddress(PoolID, '10.2.0.1')).toThrow('10.2.0.1 is in none of 10.1.0.0/29');
    expect([1, 2, 3, 4, 5].map(() => new Pools(folder).requestAddress(PoolID).Address)).toEqual([2, 3, 4, 5, 6].map((n) => `10.1.0.${n}/29`));
    expect(() => new Pools(folder).requestAddress(PoolID)).toThrow('no address is left');
    for (const _ of [1, 2]) new Pools(folder).releaseAddress(PoolID, '10.1.0.4');
    expect(new Pools(folder).requestAddress(PoolID).Address).toBe('10.1.0.4/29');
    new Pools(folder).release(PoolID);
    expect(new Pools(folder).subnets(), 'another uses it').toEqual(['10.1.0.0/29']);
    for (const _ of [1, 2]) new Pools(folder).release(PoolID);
    expect(new Pools(folder).subnets()).toEqual([]);
    expect(() => new Pools(folder).requestAddress(PoolID)).toThrow('there is no pool "nlkit/10.1.0.0/29"');
  });
  test('a part of a subnet; IPv6; what cannot be', () => {
    const pools = new Pools(folder), part = pools.request({ space, subnet: '10.1.0.0/24', range: '10.1.0.128/25', family }), v6 = pools.request({ space, subnet: 'fd00:1::/64', family: 'inet6' });
    expect([pools.requestAddress(part.PoolID).Address, pools.requestAddress(part.PoolID, '10.1.0.1').Address, pools.requestAddress(v6.PoolID).Address]).toEqual(['10.1.0.128/24', '10.1.0.1/24', 'fd00:1::1/64']);
    expect(() => pools.request({ space, subnet: '10.0.0.0/8', family })).toThrow('overlaps 10.1.0.0/24');
    expect(pools.request({ space: 'other', subnet: '10.0.0.0/8', family }).PoolID).toBe('other/10.0.0.0/8');
    expect(() => pools.request({ space, subnet: '10.3.0.0/24', range: '10.4.0.0/25', family })).toThrow('10.4.0.0/25 is not in 10.3.0.0/24');
    expect(() => pools.request({ space, subnet: '10.3.0.0/31', family })).toThrow('too small');
    writeFileSync(join(folder, 'nlkit%2F10.9.0.0%2F24.json'), '{');
    expect(() => pools.subnets()).toThrow('is damaged');
  });
});

describe('the socket', () => {
  let server: Server | undefined, path: string;
  const closed = (one: Server): Promise<void> => new Promise((resolve) => { one.close(() => resolve()); one.closeAllConnections(); });
  const echo = async ({ method, path: url, body }: Request): Promise<Answer> => ({ status: 200, body: { method, url, bytes: body.length } });
  beforeEach(() => { path = join(folder, 'run', 'p.sock'); });
  afterEach(async () => { if (server) await closed(server); server = undefined; });

  test('is its owner\'s, and goes with the server', async () => {
    const mask = process.umask();
    server = await serve(path, echo);
    expect([statSync(path).mode & 0o777, process.umask()]).toEqual([0o600, mask]);
    expect(await ask(path, '/x', { body: {} })).toEqual({ status: 200, body: { method: 'POST', url: '/x', bytes: 2 } });
    await closed(server);
    server = undefined;
    expect(existsSync(path)).toBe(false);
  });
  test('a stale one is replaced, a living one is not', async () => {
    mkdirSync(join(folder, 'run'));
    const killed = spawnSync(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`], { timeout: 20_000 });
    expect([killed.signal, existsSync(path)]).toEqual(['SIGKILL', true]);
    server = await serve(path, echo);
    await expect(serve(path, echo)).rejects.toThrow(`another plugin listens at ${path}`);
    expect(await ask(path, '/x'), 'the first goes on').toMatchObject({ status: 200 });
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    await expect(serve(file, echo)).rejects.toThrow('is there, and it is not a socket');
    await expect(serve(`/tmp/${'x'.repeat(103)}`, echo)).rejects.toThrow('107 bytes at most');
  });
  test('a body that is too large is refused, the largest is not', async () => {
    server = await serve(path, echo);
    expect(await ask(path, '/x', { raw: 'x'.repeat(MOST) })).toMatchObject({ status: 200, body: { bytes: MOST } });
    expect(await ask(path, '/x', { raw: 'x'.repeat(MOST + 1) })).toMatchObject({ status: 413, body: { Err: `the request is longer than ${MOST} bytes` } });
    expect(await ask(path, '/x')).toMatchObject({ status: 200 });
  });
  test('requests that are broken off, and what is not HTTP', async () => {
    let calls = 0;
    server = await serve(path, async (request) => { calls++; await new Promise((later) => setTimeout(later, 20)); return echo(request); });
    await new Promise<void>((resolve) => {
      const call = httpRequest({ socketPath: path, path: '/x', method: 'POST', headers: { 'content-length': 100 } });
      call.on('error', () => resolve());
      call.write('{"half":');
      setTimeout(() => call.destroy(), 50);
    });
    expect(calls, 'half a request is none').toBe(0);
    await new Promise<void>((resolve) => {
      const call = httpRequest({ socketPath: path, path: '/x', method: 'POST' });
      call.on('error', () => resolve());
      call.end('{}');
      setTimeout(() => call.destroy(), 5);
    });
    await new Promise<void>((resolve) => { connect(path).on('close', () => resolve()).on('error', () => {}).end('\0\0 nonsense\r\n\r\n').resume(); });
    expect(await ask(path, '/x')).toMatchObject({ status: 200 });
  });
  test('one after another', async () => {
    let running = 0, most = 0;
    server = await serve(path, async (request) => { most = Math.max(most, ++running); await new Promise((later) => setTimeout(later, 10)); running--; return echo(request); });
    await Promise.all([1, 2, 3, 4].map(() => ask(path, '/x')));
    expect(most).toBe(1);
  });
});
