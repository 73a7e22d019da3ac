/** Captures of wg: nlkit sends what wg sent, and prints of the same answers what wg printed; whole devices from several messages, and back. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { duration } from '../src/cli/print/wg.ts';
import { run } from '../src/cli/run.ts';
import { COMMON_FLAGS, decodeMessage, encode, frames, HEADER_SIZE, NETLINK_GENERIC, NLMSG_MIN_TYPE, type AnyGenericFamily, type Frame, type Protocol } from '../src/codec/index.ts';
import { NLCTRL_ID, WireguardDevice, type WireguardPeer } from '../src/families/generic/index.ts';
import { joinDevice, newPrivateKey, parseWireguardKey, publicKeyOf, splitDevice, wireguardKeyText } from '../src/generic/index.ts';
import { genericOf, toHex } from '../src/inspect/index.ts';
import { NetlinkError } from '../src/socket/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';

const table = expected('cli-wg');

const folder = mkdtempSync(join(tmpdir(), 'nlkit-wg-'));
afterAll(() => rmSync(folder, { recursive: true }));
const wireguardCaptures = captures.filter(({ name }) => /\/generic\/wireguard/.test(name)) as (Capture & { readonly setup: readonly string[] })[];

interface Message { readonly frame: Frame; readonly bytes: Uint8Array; readonly body: Body }
/** The family's messages of a direction; how wg finds the family is left out. */
function messages(capture: Capture, direction: string): Message[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction: way, hex }) => ({ way, bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }));
  const schemas = genericOf(all);
  return all.filter(({ way }) => way === direction).flatMap(({ bytes }) => [...frames(bytes, { littleEndian: true })].filter(({ type }) => type >= NLMSG_MIN_TYPE && type > NLCTRL_ID)
    .map((frame) => ({ frame, bytes, body: decodeMessage(schemas, bytes, frame, { littleEndian: true }).body as Body })));
}
/** What the kernel refused a request with, as an errno, where it did. */
function refusal(capture: Capture): number | undefined {
  const errors = capture.messages.filter(({ protocol, direction }) => protocol === NETLINK_GENERIC && direction === 'reply')
    .flatMap(({ hex }) => [...frames(Buffer.from(hex, 'hex'), { littleEndian: true })].filter(({ type }) => type === 2 || type === 3).map(({ at }) => Buffer.from(hex, 'hex').readInt32LE(at + HEADER_SIZE)));
  return errors.find((errno) => errno < 0);
}
const CODES: Readonly<Record<number, string>> = { 19: 'ENODEV', 95: 'EOPNOTSUPP' };

/** One that answers with what was captured. */
class Replay extends Recorder {
  readonly #capture: Capture;
  readonly #part: boolean;
  constructor(capture: Capture, protocol?: Protocol, whole?: Recorder) {
    super({ lo: 1 }, protocol, whole);
    this.#capture = capture;
    this.#part = whole !== undefined;
  }
  override generic(family: AnyGenericFamily): Promise<Kernel> {
    return Promise.resolve(new Replay(this.#capture, family.at(NLCTRL_ID + 1), this));
  }
  #refuse(): void {
    const errno = refusal(this.#capture);
    if (errno !== undefined) throw new NetlinkError({ code: CODES[-errno] as never, errno, syscall: 'WG', message: 'refused' });
  }
  override request(...args: Parameters<Recorder['request']>): ReturnType<Recorder['request']> {
    const answers = super.request(...args);
    this.#refuse();
    return answers;
  }
  override dump(message: string, body: Body): Body[] {
    if (!this.#part) return ['w0', 'w1'].filter((name) => JSON.stringify((this.#capture as never as { setup: string[] }).setup).includes(`add ${name} `)).map((ifname, i) => ({ index: 11 + i, ifname, linkinfo: { kind: 'wireguard' } }));
    super.dump(message, body);
    this.#refuse();
    let of: unknown;
    // Only the first message about a device names it.
    return messages(this.#capture, 'reply').map((one) => one.body).filter(({ ifname = of }) => (of = ifname) === body['ifname']);
  }
  override lookup(body: Body): Body | undefined {
    return body['ifname'] === 'lo' ? { index: 1, ifname: 'lo' } : undefined;
  }
}

/** Flags but for the acknowledgement, which wg wants of dumps, too; and the payload. */
const said = (bytes: Uint8Array, { flags, at, end }: Frame): string => `${(flags & ~COMMON_FLAGS.ack).toString(16)} ${toHex(bytes.slice(at + HEADER_SIZE, end))}`;
const here = (line: string): string => line.replaceAll('/run/', `${folder}/`);

test('there are some, of two kernels', () => {
  expect(wireguardCaptures.filter(({ name }) => name.startsWith('6.12/')).length).toBeGreaterThan(20);
  expect(wireguardCaptures.filter(({ name }) => name.startsWith('6.1/')).length).toBeGreaterThan(8);
});

describe.each(wireguardCaptures.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
  afterEach(() => { vi.useRealTimers(); });
  test(capture.command, async () => {
    // The files that the lines are about.
    for (const line of capture.setup) if (!/\b(ip|wg) /.test(line.replace(/'[^']*'/g, ''))) spawnSync('bash', ['-c', here(line)]);
    const kernel = new Replay(capture), out = new Captured(), { stdout = '' } = capture, [, age] = /(\d+) seconds? ago/.exec(stdout) ?? [];
    if (age !== undefined) {
      const times = messages(capture, 'reply').flatMap(({ body }) => (body as WireguardDevice).peers ?? []).map((peer) => Number(peer.lastHandshakeTime?.sec ?? 0));
      vi.useFakeTimers({ now: (Math.max(...times) + Number(age)) * 1000, toFake: ['Date'] });
    }
    const status = await run(split(here(capture.command)), out, () => kernel);
    const sent = kernel.sent.map(({ bytes }) => said(bytes, [...frames(bytes)][0] as Frame)), theirs = messages(capture, 'request').map(({ bytes, frame }) => said(bytes, frame));
    if (capture.command.startsWith('wg syncconf')) {
      table.meet('wg-zeros');
      const more = kernel.sent.at(-1)!.body['peers'] as WireguardPeer[], { presharedKey, persistentKeepaliveInterval, ...peer } = more.pop()!;
      expect({ presharedKey, persistentKeepaliveInterval }).toEqual({ presharedKey: new Uint8Array(32), persistentKeepaliveInterval: 0 });
      more.push(peer);
      expect(messages(capture, 'request').at(-1)?.body).toMatchObject(kernel.sent.at(-1)!.body);
    } else expect(sent).toEqual(theirs);
    if (capture.command.endsWith('endpoints')) {
      table.meet('wg-endpoints');
      expect(out.stdout).toBe(stdout.replace(/^(?!w0)/gm, 'w0\t').replace(/w0\t$/, ''));
    } else if (capture.exit === 0) expect({ status, stderr: out.stderr, ...(stdout && { stdout: out.stdout }) }).toEqual({ status: 0, stderr: '', ...(stdout && { stdout }) });
    else expect({ status, stderr: out.stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/there is no link "w9"|"lo" is not a link of kind wireguard/) as string });
  });
});

const nlkit = async (line: string, kernel?: Kernel): Promise<{ status: number; stdout: string; stderr: string }> => {
  const out = new Captured(), status = await run(split(line), out, kernel && (() => kernel));
  return { status, stdout: out.stdout, stderr: out.stderr };
};

describe('devices that take several messages', () => {
  const key = (n: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (n >> (8 * (i % 4))) & 255);
  const prefix = fc.record({ family: fc.constant('inet' as const), ipaddr: fc.ipV4(), cidrMask: fc.nat(32) });
  const peers = fc.uniqueArray(fc.record({ n: fc.nat(1 << 20), keepalive: fc.nat(65535), count: fc.oneof(fc.nat(5), fc.nat(300)), prefix }), { maxLength: 60, selector: ({ n }) => n })
    .map((all) => all.map(({ n, keepalive, count, prefix: one }): WireguardPeer => ({
      publicKey: key(n), presharedKey: key(n + 1), persistentKeepaliveInterval: keepalive, flags: ['replaceAllowedips'], allowedips: Array.from({ length: count }, () => one),
    })));
  test('what is split is joined; each message is short, and says once what is said once', () => {
    fc.assert(fc.property(peers, (all) => {
      const whole: WireguardDevice = { ifname: 'wg0', privateKey: key(7), listenPort: 5, flags: ['replacePeers'], peers: all }, parts = [...splitDevice(whole)];
      for (const part of parts) expect(encode(WireguardDevice, part).length + 20).toBeLessThanOrEqual(4096);
      expect(parts.filter((part) => part.flags || part.privateKey || part.listenPort)).toEqual(parts.slice(0, 1));
      const own = parts.flatMap((part) => part.peers ?? []).filter((peer) => peer.flags);
      expect(own.map((peer) => peer.publicKey)).toEqual(all.map((peer) => peer.publicKey));
      const even = (peer: WireguardPeer): WireguardPeer => ({ ...peer, allowedips: peer.allowedips ?? [] });
      expect(joinDevice(parts)?.peers?.map(even)).toEqual(all.map(even));
    }), { numRuns: 60 });
  });
  test('no peers, no message', () => {
    expect([...splitDevice({ ifname: 'wg0', listenPort: 5 })]).toEqual([{ ifname: 'wg0', listenPort: 5 }]);
    expect(joinDevice([])).toBeUndefined();
  });
  test('a peer that must be there already is not made by what does not fit with it', () => {
    const [, second] = [...splitDevice({ ifname: 'wg0', peers: [{ publicKey: key(1), flags: ['updateOnly', 'replaceAllowedips'], allowedips: Array.from({ length: 200 }, () => ({ family: 'inet', ipaddr: '10.0.0.0', cidrMask: 8 })) }] })];
    expect(second?.peers?.[0]?.flags).toEqual(['updateOnly']);
  });
});

describe('keys', () => {
  test('the kernel has the same public keys of the same private ones', () => {
    const told = wireguardCaptures.flatMap((capture) => messages(capture, 'reply')).map(({ body }) => body as WireguardDevice).filter(({ privateKey, publicKey }) => privateKey && publicKey);
    expect(told.length).toBeGreaterThan(5);
    for (const { privateKey, publicKey } of told) expect(wireguardKeyText(publicKeyOf(privateKey!))).toBe(wireguardKeyText(publicKey!));
  });
  test('one spelling: 44 letters, nothing behind the last bit', () => {
    const text = wireguardKeyText(newPrivateKey());
    expect(parseWireguardKey(text)).toHaveLength(32);
    for (const bad of ['', text.slice(1), `${text}=`, text.replace(/.=$/, 'B='), text.replace(/^./, '-')]) expect(parseWireguardKey(bad), bad).toBeUndefined();
  });
});

describe('words', () => {
  const peer = wireguardKeyText(new Uint8Array(32).fill(9));
  beforeAll(() => {
    writeFileSync(join(folder, 'key'), `${wireguardKeyText(newPrivateKey())}\n`);
    writeFileSync(join(folder, 'bad'), 'c2VjcmV0\n');
    writeFileSync(join(folder, 'bad.conf'), '[Interface]\nPrivateKey = c2VjcmV0\n');
    writeFileSync(join(folder, 'odd.conf'), '[interface]\nprivatekey=  # nothing\n');
    writeFileSync(join(folder, 'peer.conf'), '[Peer]\nAllowedIPs = 10.0.0.0/8\n');
  });
  test.each([
    ['wg shw', /"shw" is not a command of "wg"\n.*"show"/], ['wg show wg0 frob', /"frob" is not an option here/], ['wg show interfaces peers', /"peers" is not an option here/], ['wg show wg0 peers peers', /given twice/],
    ['wg showconf', /"showconf" needs a value/], ['wg -j showconf wg0', /is not JSON\n.*dump/], ['wg set wg0', /what is to be set/], ['wg set wg0 peer xx', /"xx" is not a key for "peer"/],
    ['wg set wg0 listen-port 65536', /65536 is out of range/], ['wg set wg0 listen-port 0x5', /not a number/], ['wg set wg0 fwmark 0x100000000', /out of range/], ['wg set wg0 remove', /"remove" is not an option here/],
    [`wg set wg0 peer ${peer} listen-port 5`, /"listen-port" is not an option here/], [`wg set wg0 peer ${peer} allowed-ips 10.0.0.0/33`, /"10.0.0.0\/33" is not a prefix/], [`wg set wg0 peer ${peer} allowed-ips 10.0.0.0/8,`, /"" is not a prefix/],
    [`wg set wg0 peer ${peer} endpoint [::1]`, /is not an endpoint/], [`wg set wg0 peer ${peer} endpoint 10.0.0.1:`, /is not an endpoint/], [`wg set wg0 peer ${peer} persistent-keepalive 65536`, /out of range/],
    ['wg set wg0 private-key /nowhere', /cannot read the key for "private-key"/], [`wg setconf wg0 ${folder}/nowhere`, /cannot read/], [`wg setconf wg0 ${folder}/odd.conf`, /odd\.conf: line 2: what "PrivateKey" has is not a key/],
    [`wg setconf wg0 ${folder}/peer.conf`, /a peer has no PublicKey/], ['wg genkey x', /"x" is not an option here/],
  ])('refused: %s', async (line, why) => {
    const { status, stdout, stderr } = await nlkit(line, new Recorder());
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(why);
  });
  test('what is said of a bad secret does not repeat it', async () => {
    for (const line of [`wg set wg0 private-key ${folder}/bad`, `wg setconf wg0 ${folder}/bad.conf`]) {
      const { status, stderr } = await nlkit(line, new Recorder());
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.not.stringContaining('c2VjcmV0') as string });
    }
  });
  test('secrets of files are not in what a dry run prints for people, and are in its bytes', async () => {
    const line = `wg set wg0 private-key ${folder}/key peer ${peer} preshared-key ${folder}/key`, { stdout } = await nlkit(`--dry-run ${line}`);
    expect(stdout).toMatch(/^WG_CMD_SET_DEVICE REQUEST\|ACK ifname=wg0 privateKey=\(hidden\) peers\[\{publicKey=0x(09){32} presharedKey=\(hidden\)\}\]\n$/);
    expect((await nlkit(`--dry-run --hex ${line}`)).stdout.length).toBeGreaterThan(2 * 3 * 32);
  });
  test('prefixes beside those that are there', async () => {
    const kernel = new Recorder();
    expect(await nlkit(`wg set wg0 peer ${peer} allowed-ips +10.0.0.0/8,-fd00::/8`, kernel)).toMatchObject({ status: 0, stderr: '' });
    expect(kernel.sent[0]?.body['peers']).toMatchObject([{ flags: [], allowedips: [{ family: 'inet', ipaddr: '10.0.0.0', cidrMask: 8 }, { family: 'inet6', ipaddr: 'fd00::', cidrMask: 8, flags: ['removeMe'] }] }]);
  });
  test.each([['10.0.0.1/8', true], ['10.0.0.0/8', false], ['fd00::1/64', true], ['fd00::/64', false], ['::ffff:10.0.0.1/128', false], ['::ffff:10.0.0.1/120', true], ['0.0.0.0/0', false]])('bits beyond a prefix are said: %s', async (given, is) => {
    expect((await nlkit(`wg set wg0 peer ${peer} allowed-ips ${given}`, new Recorder())).stderr).toBe(is ? `note: ${given} has bits set beyond its prefix, which the kernel clears\n` : '');
  });
  test('help has examples', async () => {
    expect((await nlkit('wg help')).stdout).toMatch(/^Examples:\n {2}nlkit wg\n[^]*syncconf/);
    expect((await nlkit('wg set help')).stdout).toMatch(/allowed-ips[^]*persistent-keepalive/);
  });
});

test('differences', () => { expect(table.missing()).toEqual([]); });
test.each([[1, '1 second'], [63, '1 minute, 3 seconds'], [3600, '1 hour'], [90_061, '1 day, 1 hour, 1 minute, 1 second'], [2 * 31_536_000 + 5, '2 years, 5 seconds']])('%d seconds', (seconds, text) => { expect(duration(seconds)).toBe(text); });
