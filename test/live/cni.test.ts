/** CNI plugins on a kernel: the program as a runtime starts it, failures that leave nothing, GC and STATUS; traffic beside the reference plugins. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answer, type Answer } from '../../src/cni/index.ts';
import { create, enter, remove } from '../../src/namespace/index.ts';
import { built } from '../support/program.ts';
import { has, isolate, PATIENCE, reached, sh, until } from './support.ts';
import { endServersOf, serversOf } from '../support/cni-server.ts';
import { CALL, refusals } from '../support/cni-refusals.ts';

const why = isolate(), REFERENCE = process.env['CNI_REFERENCE'] ?? '/usr/lib/cni', folder = mkdtempSync(join(tmpdir(), 'nlkit-cni-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const noReference = existsSync(`${REFERENCE}/bridge`) ? '' : `: skipped: no reference plugins in ${REFERENCE} (Debian: containernetworking-plugins)`;

type Call = (command: string, container: string, config: object, more?: Record<string, string>) => Answer & { output: Record<string, unknown> };
const envOf = (command: string, container: string, path: string, more: Record<string, string> = {}) =>
  ({ PATH: process.env['PATH'], CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_NETNS: `/run/netns/${container}`, CNI_IFNAME: 'eth0', CNI_PATH: path, NLKIT_CNI_IDLE: '0', ...more });
const ours: Call = (command, container, config, more) => answer('nlkit-cni', envOf(command, container, '/nowhere', more), JSON.stringify(config)) as ReturnType<Call>;
/** A program of a folder of plugins, as a runtime starts it. */
function started(path: string, type: string, env: Record<string, string | undefined>, input: string): ReturnType<Call> & { stdout: string } {
  const { status, stdout, stderr } = spawnSync(join(path, type), [], { env, input, encoding: 'utf8', timeout: PATIENCE });
  if (status === null || stderr.includes('Error')) throw new Error(`${type}: ${stderr}`);
  return { status: status as 0 | 1, stdout, output: (stdout === '' ? undefined : JSON.parse(stdout)) as Record<string, unknown> };
}
const program = (path: string): Call => (command, container, config, more) => started(path, (config as { type: string }).type, envOf(command, container, path, more), JSON.stringify(config));

const pool = (more: object = {}): object => ({ type: 'host-local', subnet: '10.77.0.0/16', dataDir: join(folder, 'pools'), ...more });
const network = (more: object = {}): Record<string, unknown> & { type: string } => ({ cniVersion: '1.1.0', name: 'net', type: 'bridge', bridge: 'cni9', isDefaultGateway: true, ipam: pool(), ...more });
const reserved = (): string[] => (existsSync(join(folder, 'pools/net')) ? readdirSync(join(folder, 'pools/net')).filter((name) => /^(\d|f)/.test(name)) : []);
const links = (): string => sh('ip -br link | cut -d" " -f1');
const nft = has('nft');
if (!why && !nft) console.warn('skipped: what nft lists after each step: nft is not installed');
const ruleset = (): string => (nft ? sh('nft list ruleset') : '');

/** Runs `body` with namespaces of these names. */
async function among<T>(names: readonly string[], body: () => T | Promise<T>): Promise<T> {
  for (const name of names) create(name);
  try { return await body(); } finally { for (const name of names) remove(name); sh('ip link del cni9 2>/dev/null || true'); }
}

/** The program, built and put into a folder of plugins. */
async function installed(body: (plugins: string, made: string) => Promise<void>): Promise<void> {
  const { program: made, folder: place, remove: clear } = await built('nlkit-cni'), plugins = join(place, 'plugins');
  try {
    expect(spawnSync(made, ['install', plugins], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: expect.stringContaining(join(plugins, 'bridge')) as string });
    await body(plugins, made);
  } finally { clear(); }
}

describe.skipIf(why !== undefined)(`nlkit-cni${why === undefined ? '' : `: skipped: ${why}`}`, () => {
  test('installed and started by a runtime', () => installed(async (plugins, made) => {
    expect(spawnSync(made, ['install', plugins]).status, 'twice').toBe(0);
    expect(started(plugins, 'macvlan', { CNI_COMMAND: 'VERSION', PATH: process.env['PATH'] }, '').output).toMatchObject({ cniVersion: '1.1.0' });
    writeFileSync(join(folder, 'ipvlan'), '#!/bin/sh\n');
    expect(spawnSync(made, ['install', folder], { encoding: 'utf8' })).toMatchObject({ status: 1, stderr: expect.stringContaining('has other plugins of that name: ipvlan') as string });
    const call = program(plugins);
    await among(['pa'], () => {
      const { status, output } = call('ADD', 'pa', network({ ipMasq: true }));
      expect({ status, ips: output['ips'] }).toEqual({ status: 0, ips: [{ interface: 2, address: '10.77.0.2/16', gateway: '10.77.0.1' }] });
      expect(reached('10.77.0.1', 'pa')).toBe(true);
      expect(call('CHECK', 'pa', network({ prevResult: output }))).toMatchObject({ status: 0, stdout: '' });
      sh('ip -n pa addr flush dev eth0');
      expect(call('CHECK', 'pa', network({ prevResult: output }))).toMatchObject({ status: 1, output: { msg: 'failed to find address 10.77.0.2/16 on eth0' } });
      expect(call('DEL', 'pa', network({ ipMasq: true }))).toMatchObject({ status: 0, stdout: '' });
      expect([reserved(), ruleset()]).toEqual([[], '']);
    });
  }), PATIENCE * 4);

  test('a call reads no more of Node than it needs', () => installed(async (plugins) => {
    const hook = join(folder, 'hook.cjs'), told = join(folder, 'modules');
    writeFileSync(hook, `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(told)}, process.moduleLoadList.join('\\n')));`);
    const call = program(plugins), big = /^NativeModule (child_process|crypto)$/gm;
    const read = (): string[] => [...readFileSync(told, 'utf8').matchAll(big)].map(([, name]) => name!);
    await among(['pm'], () => {
      const more = { NODE_OPTIONS: `--require ${hook}` };
      for (const command of ['ADD', 'DEL']) {
        expect(call(command, 'pm', network(), more).status).toBe(0);
        expect(read(), command).toEqual([]);
      }
      expect(call('ADD', 'pm', network({ ipam: { type: 'of-others' } }), more)).toMatchObject({ output: { msg: expect.stringMatching(/failed to find plugin "of-others"/) as string } });
      writeFileSync(join(folder, 'of-others'), `#!/bin/sh\ncat > /dev/null; echo '{"cniVersion":"1.1.0","ips":[{"address":"10.77.0.9/16"}]}'\n`, { mode: 0o755 });
      expect(call('ADD', 'pm', network({ ipam: { type: 'of-others' } }), { ...more, CNI_PATH: folder }).status).toBe(0);
      expect(read()).toContain('child_process');
      expect(call('DEL', 'pm', network({ ipam: { type: 'of-others' } }), { ...more, CNI_PATH: folder }).status).toBe(0);
    });
  }), PATIENCE * 4);

  /** A server of calls in the test's namespaces; the plugins of the folder ask it. `NLKIT_CNI_SOCKET` is kept short: a path of a socket has 107 bytes. */
  async function served<T>(plugins: string, body: (socket: string, server: ChildProcess) => Promise<T>): Promise<T> {
    const socket = join(folder, 's'), env = { ...process.env, NLKIT_CNI_SOCKET: socket };
    const server = spawn(join(plugins, 'nlkit-cni'), ['serve'], { stdio: ['ignore', 'ignore', 'pipe'], env });
    try {
      await until('it listens', () => existsSync(socket));
      return await body(socket, server);
    } finally { server.kill('SIGKILL'); }
  }
  /** As a runtime starts them, without waiting. */
  const asked = (plugins: string, command: string, container: string, env: Record<string, string>, before = ''): Promise<string> => new Promise((resolve) => {
    const child = spawn('sh', ['-c', `exec ${before} ${plugins}/bridge`], { env: { ...envOf(command, container, plugins), ...env } as Record<string, string>, stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data: Buffer) => { text += data.toString(); });
    child.on('close', (status) => resolve(`${status} ${text}`));
    child.stdin.on('error', () => {}).end(JSON.stringify(network()));
  });
  test.skipIf(spawnSync('perl', ['-e', '0']).status !== 0)('calls are answered by a server, without a Node of their own', () => installed((plugins) => served(plugins, (socket, server) => {
    const names = Array.from({ length: 12 }, (_, n) => `ps${n}`), env = { NLKIT_CNI_SOCKET: socket };
    // A Node that would be started says so, and fails.
    const proof = join(plugins, 'nlkit-cni'), text = readFileSync(proof, 'utf8');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    writeFileSync(proof, text.replace(/exec '[^']*'/, 'exec false'));
    return among(names, async () => {
      const answers = await Promise.all(names.map((name) => asked(plugins, 'ADD', name, env)));
      expect(new Set(answers.map((answer) => /10\.77\.0\.\d+\/16/.exec(answer)?.[0])).size, answers.join('')).toBe(names.length);
      expect(answers.every((answer) => answer.startsWith('0 {'))).toBe(true);
      expect(reached('10.77.0.1', 'ps3')).toBe(true);
      expect(await asked(plugins, 'CHECK', 'ps3', env), 'an error is an error').toMatch(/^1 \{[^]*Required prevResult missing/);
      // It keeps nothing open.
      const open = (): number => readdirSync(`/proc/${server.pid}/fd`).length, before = open();
      expect(await Promise.all(names.map((name) => asked(plugins, 'DEL', name, env)))).toEqual(names.map(() => '0 '));
      await until('it closes what it opened', () => open() <= before);
      expect([reserved(), ruleset()]).toEqual([[], '']);
      // In other namespaces, and when nobody answers, the program does it by itself; here it cannot.
      expect(await asked(plugins, 'ADD', 'ps0', env, 'unshare -n')).toBe('1 ');
      expect(await asked(plugins, 'ADD', 'ps0', { NLKIT_CNI_SOCKET: join(folder, 'nobody') })).toBe('1 ');
      writeFileSync(proof, text);
      expect(await asked(plugins, 'ADD', 'ps0', { NLKIT_CNI_SOCKET: join(folder, 'nobody') })).toMatch(/^0 \{/);
      // Stopped before it has read anything, then killed: the call is none of its business.
      server.kill('SIGSTOP');
      const late = asked(plugins, 'DEL', 'ps0', env), connected = (): boolean => readFileSync('/proc/net/unix', 'utf8').split('\n').filter((line) => line.endsWith(` ${socket}`)).length > 1;
      await until('the plugin calls', connected);
      server.kill('SIGKILL');
      expect(await late).toBe('0 ');
      // Killed after that: nobody knows how far it came.
      const dying = createServer((one) => one.once('data', () => one.write('+', () => one.destroy()))).listen(join(folder, 'd'));
      try {
        expect(await asked(plugins, 'DEL', 'ps0', { NLKIT_CNI_SOCKET: join(folder, 'd') })).toBe('1 {"code":11,"msg":"nlkit-cni serve went away during the call"}\n');
      } finally { dying.close(); }
      expect(reserved()).toEqual([]);
    });
  })), PATIENCE * 6);

  test.skipIf(spawnSync('perl', ['-e', '0']).status !== 0)('a call leaves a server behind, one, which answers the next ones, and goes', () => installed(async (plugins, made) => {
    const socket = join(folder, 'l'), env = { NLKIT_CNI_SOCKET: socket, NLKIT_CNI_IDLE: '600' }, names = ['la', 'lb', 'lc', 'ld'], proof = join(plugins, 'nlkit-cni'), text = readFileSync(proof, 'utf8');
    expect(spawnSync(made, ['install', plugins, '--idle', 'soon'], { encoding: 'utf8' })).toMatchObject({ status: 1, stderr: 'error: --idle takes a number of seconds\n' });
    try {
      await among(names, async () => {
        // Where no socket is named, none is left in namespaces that are not the machine's.
        expect(await asked(plugins, 'ADD', 'la', { NLKIT_CNI_IDLE: '600' })).toMatch(/^0 \{/);
        expect(await asked(plugins, 'DEL', 'la', { NLKIT_CNI_IDLE: '600' })).toBe('0 ');
        expect(serversOf(plugins)).toEqual([]);
        for (const answered of await Promise.all(names.map((name) => asked(plugins, 'ADD', name, env)))) expect(answered).toMatch(/^0 \{/);
        await until('one server listens', () => existsSync(socket) && !existsSync(`${socket}.starting`) && serversOf(plugins).length === 1);
        // A Node that would be started says so, and fails.
        writeFileSync(proof, text.replace(/exec '[^']*'/, 'exec false'));
        expect(await Promise.all(names.map((name) => asked(plugins, 'DEL', name, env)))).toEqual(names.map(() => '0 '));
        expect(await asked(plugins, 'ADD', 'la', env, 'unshare -n'), 'from elsewhere').toBe('1 ');
        writeFileSync(proof, text);
        expect(await asked(plugins, 'DEL', 'la', env, 'unshare -n')).toBe('0 ');
        expect(serversOf(plugins)).toHaveLength(1);
        // Killed, it leaves its socket: the next call leaves another server.
        const [first] = serversOf(plugins);
        process.kill(first as number, 'SIGKILL');
        expect(await asked(plugins, 'ADD', 'la', { ...env, NLKIT_CNI_IDLE: '1' })).toMatch(/^0 \{/);
        await until('another listens', () => !existsSync(`${socket}.starting`) && serversOf(plugins).some((pid) => pid !== first));
        await until('it goes when nobody calls', () => serversOf(plugins).length === 0 && !existsSync(socket));
        expect(await asked(plugins, 'DEL', 'la', env)).toBe('0 ');
        await until('a third listens', () => existsSync(socket) && !existsSync(`${socket}.starting`));
        // It goes when the program is another.
        utimesSync(join(dirname(plugins), 'cni.cjs'), 1, 1);
        expect(await asked(plugins, 'ADD', 'la', env)).toMatch(/^0 \{/);
        await until('it goes with its program', () => serversOf(plugins).length === 0 && !existsSync(socket));
        expect(await asked(plugins, 'DEL', 'la', { ...env, NLKIT_CNI_IDLE: '0' })).toBe('0 ');
        expect([reserved(), ruleset(), serversOf(plugins)]).toEqual([[], '', []]);
      });
    } finally { endServersOf(plugins); }
  }), PATIENCE * 6);

  const outside = { type: 'outside', addresses: [] };
  /** Behind a plugin that made a pair of which p1 is the host's end. */
  const chained = (more: object): object => ({
    cniVersion: '1.1.0', name: 'net', ...more,
    prevResult: { cniVersion: '1.1.0', interfaces: [{ name: 'p1' }, { name: 'eth0', sandbox: '/run/netns/fa' }], ips: [{ address: '10.60.0.5/24', gateway: '9.9.9.9', interface: 1 }] },
  });
  test.each([
    ['the route cannot be', network({ ipam: pool({ routes: [{ dst: '1.2.3.0/24', gw: '9.9.9.9' }] }) })],
    ['the route is said twice', network({ ipam: pool({ routes: [{ dst: '0.0.0.0/0' }] }) })],
    ['the bridge has another address', network({ bridge: 'other' })],
    ['there is no such IPAM', network({ ipam: outside })],
    ['an IPv6 address cannot be', network({ ipam: pool({ subnet: undefined, ranges: [[{ subnet: '10.77.0.0/16' }], [{ subnet: 'ff02::/64' }]] }) })],
    ['macvlan, the name is taken', { ...network(), type: 'macvlan', master: 'p0' }],
    ['macvlan, the route cannot be', { ...network({ ipam: pool({ routes: [{ dst: '1.2.3.0/24', gw: '9.9.9.9' }] }) }), type: 'macvlan', master: 'p0' }],
    ['ptp, the route cannot be', { ...network({ ipam: pool({ routes: [{ dst: '1.2.3.0/24', gw: '9.9.9.9' }] }) }), type: 'ptp' }],
    ['host-device, the route cannot be', { ...network({ ipam: pool({ routes: [{ dst: '1.2.3.0/24', gw: '9.9.9.9' }] }) }), type: 'host-device', device: 'p0' }],
    ['host-device, the name is taken', { ...network(), type: 'host-device', device: 'p0' }],
    ['bandwidth, there are queues', chained({ type: 'bandwidth', ingressRate: 8000, ingressBurst: 8000, egressRate: 8000, egressBurst: 8000 })],
    ['sbr, the gateway cannot be reached', chained({ type: 'sbr' })],
  ])('a failed ADD leaves nothing: %s', async (name, config) => {
    await among(['fa'], () => {
      sh('ip link add p0 type veth peer name p1; ip link set p0 up; ip link set p1 up; ip link add other type bridge; ip addr add 10.1.1.1/24 dev other');
      // The ingress qdisc comes after the queue towards the container, and the device between.
      if (name.includes('queues')) sh('ip link set p0 netns fa name eth0; tc qdisc add dev p1 ingress');
      if (name.includes('gateway')) sh('ip link set p0 netns fa name eth0; ip -n fa addr add 10.60.0.5/24 dev eth0; ip -n fa link set eth0 up');
      if (name.includes('taken')) sh('ip -n fa link add eth0 type veth peer name x');
      try {
        const all = (): unknown => [links(), sh('ip -n fa -br link'), sh('ip -br link show up | cut -d" " -f1; tc qdisc | grep -v noqueue; ip -n fa rule; ip -n fa route show table all'), reserved(), ruleset()], before = all();
        expect(ours('ADD', 'fa', config)).toMatchObject({ status: 1, output: { cniVersion: '1.1.0', msg: expect.stringMatching(/./) as string } });
        expect(all()).toEqual(before);
      } finally { sh('ip link del p0 || ip link del p1; ip link del other'); }
    });
  });

  test('DEL without the namespace, twice, and of what never was', async () => {
    await among(['da'], () => { expect(ours('ADD', 'da', network({ ipMasq: true })).status).toBe(0); });
    expect(reserved()).toHaveLength(1);
    for (const more of [{}, {}, { CNI_NETNS: '' }]) expect(ours('DEL', 'da', network({ ipMasq: true }), more)).toEqual({ status: 0 });
    expect([reserved(), ruleset()]).toEqual([[], '']);
  });

  test('DEL by a configuration that ADD would refuse', async () => {
    await among(['db'], () => {
      expect(ours('ADD', 'db', network({ ipMasq: true })).status).toBe(0);
      const spoilt = network({ ipMasq: true, vlan: 5000, ipam: pool({ subnet: '10.77.0.0' }) });
      expect(ours('ADD', 'db', spoilt)).toMatchObject({ status: 1, output: { code: 7 } });
      expect(ours('DEL', 'db', spoilt)).toEqual({ status: 0 });
      expect([reserved(), ruleset(), sh('ip -n db -br link')]).toEqual([[], '', expect.not.stringContaining('eth0')]);
    });
  });

  test('the host is no container, unless that is meant', () => {
    const before = sh('ip -br link'), here = '/proc/thread-self/ns/net';
    expect(ours('ADD', 'ha', network({}), { CNI_NETNS: here })).toMatchObject({ status: 1, output: { code: 8, msg: expect.stringContaining('should not be the same') as string } });
    expect([reserved(), sh('ip -br link')]).toEqual([[], before]);
    expect(ours('ADD', 'ha', network({}), { CNI_NETNS: here, CNI_NETNS_OVERRIDE: 'TRUE' })).toMatchObject({ status: 0 });
    expect(sh('ip -br link show eth0')).toContain('eth0@');
    expect(ours('DEL', 'ha', network({}), { CNI_NETNS: here })).toEqual({ status: 0 });
    sh('ip link del cni9');
    expect([reserved(), sh('ip -br link')]).toEqual([[], before]);
  });

  test('GC takes what is in no valid attachment, STATUS says whether addresses are left', async () => {
    const small = network({ ipMasq: true, ipam: pool({ rangeStart: '10.77.0.2', rangeEnd: '10.77.0.4' }) });
    await among(['ga', 'gb', 'gc'], () => {
      for (const name of ['ga', 'gb', 'gc']) {
        expect(ours('STATUS', name, small)).toEqual({ status: 0 });
        expect(ours('ADD', name, small).status).toBe(0);
      }
      expect(ours('STATUS', 'x', small)).toMatchObject({ status: 1, output: { code: 50, msg: expect.stringContaining('no address is left') as string } });
      expect(ours('ADD', 'ga', small)).toMatchObject({ status: 1 });
      expect(ours('GC', '', { ...small, 'cni.dev/valid-attachments': [{ containerID: 'gb', ifname: 'eth0' }] })).toEqual({ status: 0 });
      expect(reserved()).toEqual(['10.77.0.3']);
      if (nft) expect(ruleset().match(/saddr \S+/g)).toEqual(['saddr 10.77.0.3']);
      expect(ours('STATUS', 'x', small)).toEqual({ status: 0 });
      expect(ours('GC', '', { ...small, 'cni.dev/valid-attachments': [] })).toEqual({ status: 0 });
      expect([reserved(), ruleset()]).toEqual([[], '']);
    });
  });

  test(`addresses from another program of CNI_PATH${noReference}`, async (context) => {
    if (noReference) return context.skip();
    // Under a name that is not built in.
    sh(`cp ${REFERENCE}/host-local ${folder}/outside; rm -rf ${folder}/pools`);
    await among(['oa'], () => {
      const config = network({ cniVersion: '1.0.0', ipam: pool({ type: 'outside' }) }), path = { CNI_PATH: folder };
      expect(ours('ADD', 'oa', config, path)).toMatchObject({ status: 0, output: { ips: [{ address: '10.77.0.2/16' }] } });
      expect(ours('ADD', 'oa', config, path)).toMatchObject({ status: 1 });
      expect(ours('DEL', 'oa', config, path)).toEqual({ status: 0 });
      expect(reserved()).toEqual([]);
      expect(ours('ADD', 'oa', network({ cniVersion: '1.0.0', ipam: pool({ type: 'outside', subnet: '10.77.0.0/31' }) }), path)).toMatchObject({ status: 1, output: { code: 999, msg: expect.stringMatching(/too small/) as string } });
    });
  });

  test.skipIf(noReference !== '')(`the reference plugins refuse the same calls${noReference}`, () => {
    for (const { name, type, config, env, code, onlyOurs } of refusals) {
      if (onlyOurs) continue;
      const { status, output } = started(REFERENCE, type, { PATH: process.env['PATH'], ...CALL, ...env }, typeof config === 'string' ? config : JSON.stringify(config));
      // Theirs have a number for the protocol's own errors only; commands newer than they are they do not know.
      const newer = code === 1 && env?.['CNI_COMMAND'] !== undefined && ['GC', 'STATUS'].includes(env['CNI_COMMAND']);
      expect({ name, status, known: newer || output['code'] === code || output['code'] === 999 }).toEqual({ name, status: 1, known: true });
    }
  }, PATIENCE * 3);
});

/** Says who called. */
const SERVER = 'require("net").createServer((s) => { s.on("error", () => {}); s.end(s.remoteAddress.replace("::ffff:", "")); }).listen(80, () => console.log("ready"))';
const CLIENT = 'const [host, port] = process.argv.slice(1), s = require("net").connect(+port, host); s.setTimeout(1500, () => { console.log("nobody"); process.exit(); }); s.on("error", () => console.log("nobody")); s.on("data", (d) => console.log(String(d)))';

/** Where calls arrive, and as whose: caller, address and port. */
const calls = [
  ['oc', '10.200.0.1', 8080], ['', '127.0.0.1', 8080], ['', '10.200.0.1', 8080], ['ta', '10.200.0.1', 8080], ['tb', '10.200.0.1', 8080],
  ['tb', '10.200.0.2', 80], ['tb', '10.77.0.2', 80], ['', '10.77.0.2', 80], ['ta', '10.77.0.1', 9], ['oc', '10.200.0.1', 8081], ['oc', '10.200.0.9', 8081],
] as const;
async function traffic(call: Call): Promise<Record<string, string>[]> {
  const config = network({ cniVersion: '1.0.0', ipMasq: true, hairpinMode: true }), servers: ChildProcess[] = [];
  return among(['oc', 'ta', 'tb'], async () => {
    sh('ip link add up0 type veth peer name eth0 netns oc; ip addr add 10.200.0.1/24 dev up0; ip addr add 10.200.0.9/24 dev up0; ip link set up0 up; ip link set lo up');
    sh('ip -n oc addr add 10.200.0.2/24 dev eth0; ip -n oc link set eth0 up; ip -n oc link set lo up');
    try {
      const { output } = call('ADD', 'ta', config);
      expect([output['code'], call('ADD', 'tb', config).status]).toEqual([undefined, 0]);
      const ports = { ...config, type: 'portmap', prevResult: output, runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }, { HostPort: 8081, ContainerPort: 80, Protocol: 'tcp', HostIP: '10.200.0.9' }] } };
      expect(call('ADD', 'ta', ports)).toMatchObject({ status: 0, output: { ips: output['ips'] } });
      const listening = ['ta', 'oc'].map((name) => enter(name, () => spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })));
      servers.push(...listening);
      await Promise.all(listening.map((server) => new Promise((resolve) => { server.stdout?.once('data', resolve); })));
      const ask = (): Record<string, string> => Object.fromEntries(calls.map(([from, host, port]) => {
        const asked = (): string => spawnSync(process.execPath, ['-e', CLIENT, host, String(port)], { encoding: 'utf8', timeout: PATIENCE }).stdout.trim();
        return [`${from || 'host'} calls ${host}:${port}`, from === '' ? asked() : enter(from, asked)];
      }));
      const during = ask();
      expect(call('DEL', 'ta', ports).status).toBe(0);
      const after = ask();
      expect([call('DEL', 'ta', config).status, call('DEL', 'tb', config).status]).toEqual([0, 0]);
      return [during, after];
    } finally {
      for (const server of servers) server.kill();
      sh('ip link del up0');
    }
  });
}
test.skipIf(why !== undefined || noReference !== '')(`ipMasq and portmap: what packets meet is what the reference plugins do${why === undefined ? noReference : `: skipped: ${why}`}`, async () => {
  const again = (): void => rmSync(join(folder, 'pools'), { recursive: true, force: true });
  again();
  const own = await traffic(ours);
  expect(ruleset()).toBe('');
  expect(own[0]).toMatchObject({ 'oc calls 10.200.0.1:8080': '10.200.0.2', 'tb calls 10.200.0.2:80': '10.200.0.1', 'tb calls 10.77.0.2:80': '10.77.0.3', 'oc calls 10.200.0.1:8081': 'nobody', 'oc calls 10.200.0.9:8081': '10.200.0.2' });
  again();
  expect(own).toEqual(await traffic(program(REFERENCE)));
}, PATIENCE * 6);
