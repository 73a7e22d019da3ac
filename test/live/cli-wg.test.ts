/** What wg does, done by nlkit: the same state, the same print; a tunnel that nlkit alone sets up; peers by the hundred. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { wireguard, type WireguardDevice, type WireguardPeer } from '../../src/families/generic/index.ts';
import { newPresharedKey, newPrivateKey, openWireguard, openWireguardSync, publicKeyOf, wireguardKeyText } from '../../src/generic/index.ts';
import { expected } from '../support/differences.ts';
import { built } from '../support/program.ts';
import { beside } from './beside.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion, until } from './support.ts';

const { why, sh, nlkit, lacking } = beside();
const table = expected('live/cli-wg', why ? 0 : iproute2Version(), kernelVersion());
const lacks = lacking(wireguard) ?? (has('wg') ? undefined : 'wireguard-tools is not installed');
if (lacks && !why) console.warn(`skipped: ${lacks}`);

const FOLDER = '/run/wg';
const secrets = Array.from({ length: 3 }, newPrivateKey), [one, two, three] = secrets.map((key) => wireguardKeyText(publicKeyOf(key)));
/** The same line, said to wg in one namespace and to nlkit in another. */
const theirs = (line: string): Promise<Said> => sh(`ip netns exec theirs ${line}`);
const ours = (line: string): Promise<Said> => nlkit(line.replace(/^wg/, 'wg -n ours'));
/** Everything that wg reads back. Ports that were chosen at random differ. */
const state = async (side: string): Promise<string> => (await sh(`ip netns exec ${side} wg show all dump; ip netns exec ${side} wg showconf wg0`)).stdout;

async function sides(): Promise<void> {
  for (const side of ['theirs', 'ours']) expect(await sh(`ip netns add ${side} && ip -n ${side} link set lo up && ip -n ${side} link add wg0 type wireguard`)).toMatchObject({ status: 0, stderr: '' });
}
const gone = (): Promise<Said> => sh('ip netns del theirs; ip netns del ours');

if (!lacks) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [i, key] of secrets.entries()) writeFileSync(`${FOLDER}/key${i}`, `${wireguardKeyText(key)}\n`);
  writeFileSync(`${FOLDER}/shared`, wireguardKeyText(newPresharedKey()));
  writeFileSync(`${FOLDER}/empty`, '');
  writeFileSync(`${FOLDER}/two.conf`, `# two\n[Interface]\nListenPort = 51821\nPrivateKey = ${wireguardKeyText(secrets[0]!)}\nFwMark = 0xff\n\n[Peer]\nPublicKey = ${two}\nAllowedIPs = 10.0.0.0/24, 10.0.1.0/24\nAllowedIPs = fd00::/64\nEndpoint = 192.0.2.1:5\n\n[peer]\npublickey=${three}\npersistentkeepalive=25\n`);
  writeFileSync(`${FOLDER}/more.conf`, `[Peer]\nPublicKey = ${one}\nPresharedKey = ${wireguardKeyText(newPresharedKey())}\nAllowedIPs = 10.9.0.0/16\nEndpoint = [2001:db8::1]:6\nPersistentKeepalive = off\n`);
  writeFileSync(`${FOLDER}/one.conf`, `[Interface]\nListenPort = 51821\nPrivateKey = ${wireguardKeyText(secrets[0]!)}\n[Peer]\nPublicKey = ${two}\nAllowedIPs = 10.0.7.0/24\n`);
  writeFileSync(`${FOLDER}/none.conf`, '[Interface]\n');
}

describe.skipIf(lacks)('both do alike', () => {
  afterAll(gone);
  test('lines', async () => {
    await sides();
    for (const given of [
      `wg set wg0 listen-port 51820 private-key ${FOLDER}/key0`, 'wg set wg0 fwmark 0x1234', 'wg set wg0 fwmark 99', 'wg set wg0 fwmark off',
      `wg set wg0 peer ${two} allowed-ips 10.0.0.0/24,2001:db8::/64 endpoint 192.0.2.1:51820 persistent-keepalive 25 preshared-key ${FOLDER}/shared`, `wg set wg0 peer ${three}`,
      `wg set wg0 peer ${three} allowed-ips 10.1.0.0/16 allowed-ips 10.2.0.7 endpoint [2001:db8::1]:7 peer ${two} persistent-keepalive off`, `wg set wg0 peer ${two} allowed-ips 10.1.0.0/16`, `wg set wg0 peer ${two} preshared-key ${FOLDER}/empty endpoint 127.0.0.1:1`,
      `wg set wg0 peer ${two} allowed-ips 0.0.0.0/0,::/0`, `wg set wg0 peer ${two} allowed-ips ''`, `wg set wg0 peer ${three} endpoint [fe80::1%lo]:8`, `wg set wg0 peer ${two} remove`, `wg set wg0 peer ${two} remove`, `wg set wg0 peer ${three} allowed-ips ' 10.5.0.0/16, fd00::/8 '`,
      `wg set wg0 private-key ${FOLDER}/key1`, 'wg set wg0 private-key /dev/null', `wg set wg0 private-key ${FOLDER}/key0`,
      `wg setconf wg0 ${FOLDER}/two.conf`, `wg addconf wg0 ${FOLDER}/more.conf`, `wg syncconf wg0 ${FOLDER}/two.conf`, `wg syncconf wg0 ${FOLDER}/two.conf`, `wg syncconf wg0 ${FOLDER}/one.conf`, `wg addconf wg0 ${FOLDER}/two.conf`, `wg syncconf wg0 ${FOLDER}/none.conf`, `wg setconf wg0 ${FOLDER}/one.conf`, `wg setconf wg0 ${FOLDER}/none.conf`,
      '!wg set wg9 listen-port 5', '!wg set lo listen-port 5', '!wg set wg0 listen-port', '!wg set wg0', '!wg set', '!wg set wg0 fwmark 0x1ffffffff', '!wg set wg0 private-key /nowhere', '!wg set wg0 peer AAAA', `!wg set wg0 peer ${two} allowed-ips 10.0.0.0/33`, `!wg set wg0 peer ${two} allowed-ips 10.0.0`,
      `!wg set wg0 peer ${two} endpoint 10.0.0.1`, `!wg set wg0 peer ${two} endpoint [::1]`, `!wg set wg0 peer ${two} persistent-keepalive 65536`, `!wg set wg0 peer ${two} frob`, '!wg set wg0 remove', '!wg setconf wg0', '!wg setconf wg0 /nowhere', '!wg setconf wg0 /etc/passwd', '!wg show wg9', '!wg show lo', '!wg show wg0 frob', '!wg show interfaces peers', '!wg showconf', '!wg showconf wg9', '!wg frob', '!wg genkey x',
    ]) {
      const refused = given.startsWith('!'), line = given.replace(/^!/, ''), a = await theirs(line), b = await ours(line);
      expect.soft({ line, theirs: a.status === 0, ours: b.status === 0, said: refused ? '' : b.stderr }).toEqual({ line, theirs: !refused, ours: !refused, said: refused ? '' : a.stderr });
      expect.soft({ line, state: await state('ours') }).toEqual({ line, state: await state('theirs') });
    }
  }, 300_000);
  test('what differs', async () => {
    table.meet('wg-twice');
    expect([(await theirs('wg set wg0 listen-port 5 listen-port 6')).status, (await ours('wg set wg0 listen-port 5 listen-port 6')).status]).toEqual([0, 1]);
    table.meet('wg-ports');
    for (const port of ['domain', '65541']) expect([port, (await theirs(`wg set wg0 listen-port ${port}`)).status, (await ours(`wg set wg0 listen-port ${port}`)).status]).toEqual([port, 0, 1]);
    table.meet('wg-signs');
    expect([(await theirs(`wg set wg0 peer ${two} allowed-ips +10.0.0.0/8`)).status, (await ours(`wg set wg0 peer ${two} allowed-ips +10.0.0.0/8`)).status]).toEqual([1, 0]);
    expect((await ours(`wg set wg0 peer ${two} allowed-ips +10.5.0.0/16`)).status).toBe(0);
    expect((await sh('ip netns exec ours wg show wg0 allowed-ips')).stdout).toContain('10.0.0.0/8 10.5.0.0/16');
    const minus = await ours(`wg set wg0 peer ${two} allowed-ips -10.5.0.0/16`), left = (await sh('ip netns exec ours wg show wg0 allowed-ips')).stdout;
    // Kernels before 6.16 do not know the attribute.
    if (kernelVersion() >= 616) expect({ ...minus, gone: !left.includes('10.5.0.0/16') }).toMatchObject({ status: 0, gone: true });
    else expect({ ...minus, gone: !left.includes('10.5.0.0/16') }).toMatchObject({ status: 2, gone: false });
    table.meet('wg-status');
    expect(await ours(`wg set wg0 fwmark 1 private-key ${FOLDER}/two.conf`)).toMatchObject({ status: 1, stderr: expect.not.stringContaining(wireguardKeyText(secrets[0]!)) as string });
    expect([(await ours('wg show wg9')).status, (await theirs('wg show wg9')).status, minus.status === 0 || minus.status === 2]).toEqual([1, 1, true]);
  });
});

describe.skipIf(lacks)('both print alike', () => {
  beforeAll(async () => {
    await sh(`ip netns add shown; ip -n shown link set lo up; for i in 0 1 2; do ip -n shown link add wg$i type wireguard; done; ip -n shown link add v0 type veth peer name v1`);
    expect(await sh(`ip netns exec shown sh -c 'wg setconf wg0 ${FOLDER}/two.conf && wg addconf wg0 ${FOLDER}/more.conf && wg set wg1 listen-port 7 fwmark 5 private-key ${FOLDER}/key1 peer ${one} endpoint 127.0.0.1:51821 preshared-key ${FOLDER}/shared allowed-ips 10.3.0.0/16 && wg set wg0 peer ${two} endpoint [::1]:7 preshared-key ${FOLDER}/shared && ip link set wg0 up && ip link set wg1 up && ip address add 10.3.0.1/24 dev wg1 && ip address add 10.0.1.1/24 dev wg0'`)).toMatchObject({ status: 0, stderr: '' });
    // They talk: counters and the time of a handshake.
    await sh(`ip netns exec shown wg set wg1 peer ${one} persistent-keepalive 3600`);
    await until('a handshake', async () => /\t[1-9]\d{9}\t/.test((await sh('ip netns exec shown wg show wg1 dump')).stdout));
  }, 120_000);
  afterAll(() => sh('ip netns del shown'));
  /** Time goes on, and so do packets. Escapes are shown. */
  const still = (text: string): string => text.replaceAll('\x1b', 'ESC').replace(/: (\d+ (ESC\[36m)?(minute|second)s?(ESC\[0m)?(, )?)+ ago|: Now/g, ': AGO').replace(/\t\d+\t\d+(?=\t(\d+|off)$)/gm, '\tN\tN')
    .replace(/[\d.]+ (ESC\[36m)?(B|KiB)\b(ESC\[0m)? (received|sent)/g, 'N $1B$3 $4');
  const alike = async (line: string, env: Record<string, string> = {}): Promise<void> => {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value} `).join(''), before = { ...process.env };
    Object.assign(process.env, env);
    try {
      const a = await sh(`${set}ip netns exec shown ${line}`), b = await nlkit(line.replace(/^wg/, 'wg -n shown'));
      expect(a).toMatchObject({ status: 0, stderr: '' });
      expect({ ...b, stdout: still(b.stdout) }).toEqual({ ...a, stdout: still(a.stdout) });
    } finally {
      for (const name of Object.keys(env)) if (before[name] === undefined) delete process.env[name]; else process.env[name] = before[name];
    }
  };
  const fields = ['public-key', 'private-key', 'listen-port', 'fwmark', 'peers', 'preshared-keys', 'endpoints', 'allowed-ips', 'latest-handshakes', 'transfer', 'persistent-keepalive', 'dump'];
  // All endpoints: see the table of differences.
  test.each(['wg', 'wg show', 'wg show all', 'wg show wg0', 'wg show wg2', 'wg show interfaces', 'wg showconf wg0', 'wg showconf wg2', ...fields.flatMap((field) => [`wg show wg0 ${field}`, `wg show wg1 ${field}`, `wg show wg2 ${field}`, ...(field === 'endpoints' ? [] : [`wg show all ${field}`])])])('%s', (line) => alike(line));
  test.each([{ WG_HIDE_KEYS: 'never' }, { WG_HIDE_KEYS: 'frob' }, { WG_COLOR_MODE: 'always' }, { WG_COLOR_MODE: 'never' }, { WG_COLOR_MODE: 'always', WG_HIDE_KEYS: 'never' }])('%j', async (env) => {
    await alike('wg show', env as Record<string, string>);
    await alike('wg show wg1', env as Record<string, string>);
  });
  const script = '/usr/share/doc/wireguard-tools/examples/json/wg-json';
  test('JSON is that of wg-json', async () => {
    table.meet('wg-json');
    const one = JSON.parse((await nlkit('wg -n shown -j show all dump')).stdout) as Record<string, { privateKey?: string }>;
    expect(Object.keys(one)).toEqual(['wg0', 'wg1', 'wg2']);
    expect(one['wg1']?.privateKey).toBe(wireguardKeyText(secrets[1]!));
    const { stdout, status } = await sh(`ip netns exec shown bash ${script}`);
    if (status === 0) expect(one).toEqual(JSON.parse(stdout));
    else console.warn(`skipped: the script wg-json: ${script} is not installed`);
    expect(JSON.parse((await nlkit('wg -n shown -j')).stdout)).toMatchObject({ wg1: { privateKey: '(hidden)', peers: { [one_()]: { presharedKey: '(hidden)' } } } });
    expect(JSON.parse((await nlkit('wg -n shown -j show wg1 allowed-ips')).stdout)).toEqual({ wg1: { peers: { [one_()]: { allowedIps: ['10.3.0.0/16'] } } } });
    expect((await nlkit('wg -n shown -j show interfaces')).stdout).toBe('["wg0","wg1","wg2"]\n');
  });
  const one_ = (): string => wireguardKeyText(publicKeyOf(secrets[0]!));
});

describe.skipIf(lacks)('nlkit alone', () => {
  afterAll(() => sh('ip netns del left; ip netns del right'));
  test('two namespaces shake hands and ping', async () => {
    for (const line of [
      'ip netns add left', 'ip netns add right', 'ip -n left link add v0 type veth peer name v0 netns right', 'ip -n left address add 192.0.2.1/24 dev v0', 'ip -n right address add 192.0.2.2/24 dev v0', 'ip -n left link set v0 up', 'ip -n right link set v0 up',
      'ip -n left link add wg0 type wireguard', 'ip -n right link add wg0 type wireguard', 'ip -n left address add 10.0.0.1/24 dev wg0', 'ip -n right address add 10.0.0.2/24 dev wg0',
      `wg -n left set wg0 listen-port 51820 private-key ${FOLDER}/key0 peer ${two} preshared-key ${FOLDER}/shared allowed-ips 10.0.0.2/32`,
      `wg -n right set wg0 private-key ${FOLDER}/key1 peer ${one} preshared-key ${FOLDER}/shared allowed-ips 10.0.0.1/32 endpoint 192.0.2.1:51820 persistent-keepalive 1`,
      'ip -n left link set wg0 up', 'ip -n right link set wg0 up',
    ]) expect({ line, ...(await nlkit(line)) }).toEqual({ line, status: 0, stdout: '', stderr: '' });
    await until('a handshake', async () => /\t[1-9]\d*\n$/.test((await nlkit('wg -n left show wg0 latest-handshakes')).stdout));
    expect((await nlkit('wg -n left show wg0')).stdout).toMatch(/endpoint: 192\.0\.2\.2:\d+\n {2}allowed ips: 10\.0\.0\.2\/32\n {2}latest handshake: (Now|\d+ seconds? ago)\n {2}transfer: [\d.]+ B received/);
    const transfer = async (): Promise<number[]> => (/\t(\d+)\t(\d+)\n/.exec((await nlkit('wg -n left show wg0 transfer')).stdout) ?? []).slice(1).map(Number), quiet = await transfer();
    // No ping everywhere: who listens to nobody says so, through the tunnel.
    const { stderr } = await sh("ip netns exec left timeout 20 bash -c 'exec 3<>/dev/tcp/10.0.0.2/9'");
    expect(stderr).toContain('refused');
    expect((await transfer()).map((bytes, i) => bytes >= quiet[i]! + 64)).toEqual([true, true]);
    if (has('ping')) expect(await sh('ip netns exec left ping -c 2 -i 0.2 10.0.0.2')).toMatchObject({ status: 0 });
    // What a file says that is there already disturbs nobody.
    const before = (await nlkit('wg -n left show wg0 latest-handshakes')).stdout;
    const { stdout: file } = await nlkit('wg -n left showconf wg0');
    writeFileSync(`${FOLDER}/left.conf`, file);
    expect(await nlkit(`wg -n left syncconf wg0 ${FOLDER}/left.conf`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect((await nlkit('wg -n left show wg0 latest-handshakes')).stdout).toBe(before);
  }, 120_000);
});

describe.skipIf(lacks)('more than a message holds', () => {
  const key = (n: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? n & 255 : i === 1 ? n >> 8 : 7));
  const many = Array.from({ length: 400 }, (_, n): WireguardPeer => ({
    publicKey: key(n), flags: ['replaceAllowedips'], endpoint: { family: 'inet6', port: n + 1, flowinfo: 0, addr: '2001:db8::1', scopeId: 0 }, persistentKeepaliveInterval: n,
    allowedips: Array.from({ length: n === 7 ? 1000 : 3 }, (_x, i) => ({ family: 'inet' as const, ipaddr: `10.${n >> 2}.${(n & 3) * 64 + (i >> 4)}.${(i & 15) * 16}`, cidrMask: 28 })),
  }));
  afterAll(gone);
  test('the library: what was set is got, and wg sees the same', async () => {
    await sides();
    const wanted: WireguardDevice = { ifname: 'wg0', privateKey: secrets[0]!, listenPort: 5, flags: ['replacePeers'], peers: many };
    using wg = await openWireguard({ namespace: { name: 'ours' } });
    await wg.set(wanted);
    const told = await wg.get('wg0');
    expect(told.peers?.length).toBe(400);
    expect(told.peers?.find((peer) => peer.persistentKeepaliveInterval === 7)?.allowedips?.length).toBe(1000);
    const even = ({ publicKey, endpoint, allowedips }: WireguardPeer): unknown => ({ key: wireguardKeyText(publicKey!), endpoint, ips: allowedips?.map(({ ipaddr }) => ipaddr).sort() });
    const sorted = (peers: readonly WireguardPeer[] = []): unknown[] => peers.map(even).sort((a, b) => ((a as { key: string }).key < (b as { key: string }).key ? -1 : 1));
    expect(sorted(told.peers)).toEqual(sorted(many));
    expect((await sh('ip netns exec ours wg show wg0 peers | wc -l')).stdout).toBe('400\n');
    using sync = openWireguardSync({ namespace: { name: 'ours' } });
    expect(sync.getSync('wg0').peers?.length).toBe(400);
    sync.setSync({ ifname: 'wg0', peers: many.slice(0, 300).map(({ publicKey }) => ({ publicKey: publicKey!, flags: ['removeMe'] })) });
    expect((await wg.get(told.ifindex!)).peers?.length).toBe(100);
    await expect(wg.get('nosuch')).rejects.toMatchObject({ code: 'ENODEV' });
    await expect(wg.get('lo')).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  }, 120_000);
  test('the command: the same file, the same state, the same print', async () => {
    const file = many.map(({ publicKey, allowedips }) => `[Peer]\nPublicKey = ${wireguardKeyText(publicKey!)}\nAllowedIPs = ${allowedips!.map(({ ipaddr, cidrMask }) => `${ipaddr}/${cidrMask}`).join(', ')}\n`).join('\n');
    writeFileSync(`${FOLDER}/many.conf`, file);
    expect([await theirs(`wg setconf wg0 ${FOLDER}/many.conf`), await ours(`wg setconf wg0 ${FOLDER}/many.conf`)]).toMatchObject([{ status: 0, stderr: '' }, { status: 0, stderr: '' }]);
    expect(await state('ours')).toBe(await state('theirs'));
    for (const line of ['wg show wg0', 'wg show wg0 dump', 'wg showconf wg0']) expect((await ours(line)).stdout, line).toBe((await theirs(line)).stdout);
    const { stdout } = await ours('wg showconf wg0');
    writeFileSync(`${FOLDER}/back.conf`, stdout);
    expect(await ours(`wg syncconf wg0 ${FOLDER}/back.conf`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await state('ours')).toBe(await state('theirs'));
  }, 120_000);
});

/** As users start them: standard input, and the file that standard output is. */
describe.skipIf(why ?? (has('wg') ? undefined : 'wireguard-tools is not installed'))('keys', () => {
  test('wg and nlkit make the same of the same', async () => {
    const { program, remove } = await built('nlkit'), start = (line: string, input = ''): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [program, ...split(line)], { input, encoding: 'utf8' });
    try {
      for (const key of secrets) {
        const input = `${wireguardKeyText(key)}\n \n`;
        expect(start('wg pubkey', input)).toMatchObject({ status: 0, stderr: '', stdout: spawnSync('wg', ['pubkey'], { input, encoding: 'utf8' }).stdout });
      }
      for (const line of ['wg genkey', 'wg genpsk']) {
        const { stdout } = start(line);
        expect(spawnSync('wg', ['pubkey'], { input: stdout }).status).toBe(0);
        expect(start(line).stdout).not.toBe(stdout);
      }
      for (const input of ['', 'x\n', `${wireguardKeyText(secrets[0]!)}x`]) expect([start('wg pubkey', input).status, spawnSync('wg', ['pubkey'], { input }).status]).toEqual([1, 1]);
      const into = (mode: number, tool: string): string => {
        writeFileSync('/run/key.out', '');
        chmodSync('/run/key.out', mode);
        return spawnSync('sh', ['-c', `${tool} genkey > /run/key.out`], { encoding: 'utf8' }).stderr;
      };
      const own = `${process.execPath} ${program} wg`;
      expect([into(0o600, own), into(0o600, 'wg')]).toEqual(['', '']);
      expect([into(0o644, own), into(0o644, 'wg')]).toEqual([expect.stringContaining('umask 077'), expect.stringContaining('umask')]);
    } finally {
      remove();
    }
  }, 120_000);
});

test.skipIf(lacks)('differences', () => { expect(table.missing()).toEqual([]); });
