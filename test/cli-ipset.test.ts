/** Captures of ipset: nlkit sends what ipset sent, and prints of the same answers what ipset printed; entries as text; words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Answer, Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { decode, decodeMessage, encode, frames, HEADER_SIZE, type AnyCodec, type Protocol } from '../src/codec/index.ts';
import { IpsetEntry, netfilter } from '../src/families/netfilter/index.ts';
import { toHex } from '../src/inspect/index.ts';
import { ipsetEntryText, ipsetTypes, parseIpsetEntry } from '../src/netfilter/index.ts';
import { ipsetEntryOf } from '../src/netfilter/ipset.ts';
import { NetlinkError } from '../src/socket/index.ts';
import { captures, type Capture } from './support/captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'nlkit-ipset-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'rules'), ['create a hash:ip', ...Array.from({ length: 40 }, (_, i) => `add a 10.0.0.${i + 1}`), 'create b hash:net', 'add b 10.0.0.0/8', 'add a 10.1.0.1', ''].join('\n'));
writeFileSync(join(folder, 'wrong'), 'add a 10.2.0.1\nadd a 10.2.0.2\nadd a 10.2.0.1\nadd a 10.2.0.3\n');

const theirs = captures.filter(({ name, command }) => /\/ipset\//.test(name) && command.startsWith('ipset ') && !command.includes(';'));
interface Exchange { readonly name: string; readonly body: Body; readonly bytes: Uint8Array; readonly answers: readonly Body[]; readonly errno: number; readonly echoed?: Uint8Array | undefined }
/** What was asked, and what came back; which versions of the protocol the kernel speaks, which ipset asks each time, is left out. */
function exchanges(capture: Capture): Exchange[] {
  const found: { name: string; body: Body; bytes: Uint8Array; answers: Body[]; errno: number; echoed?: Uint8Array }[] = [];
  for (const { direction, protocol, hex } of capture.messages) {
    if (protocol !== netfilter.number) continue;
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    for (const frame of frames(bytes, { littleEndian: true })) {
      const last = found.at(-1), payload = bytes.slice(frame.at + HEADER_SIZE, frame.end);
      if (frame.type === 2 && direction === 'reply' && last) {
        last.errno ||= Buffer.from(bytes).readInt32LE(frame.at + HEADER_SIZE);
        if (last.errno !== 0 && payload.length > 20) last.echoed = payload.slice(20);
      }
      const type = netfilter.byNumber.get(frame.type);
      if (!type?.name.startsWith('IPSET_')) continue;
      const { body } = decodeMessage(netfilter, bytes, frame, { littleEndian: true }) as { body: Body };
      if (direction === 'request') found.push({ name: type.name, body, bytes: payload, answers: [], errno: 0 });
      else last?.answers.push(body);
    }
  }
  return found.filter(({ name }) => name !== 'IPSET_CMD_PROTOCOL');
}
const CODES: Readonly<Record<number, string>> = { 2: 'ENOENT', 17: 'EEXIST' };
/** ipset saves by a command that does what the other does. */
const sameAs = (name: string): string => name.replace('_SAVE', '_LIST');

class Replay extends Recorder {
  readonly #left: Exchange[];
  readonly #made: Map<unknown, Body>;
  constructor(all: Exchange[], protocol?: Protocol, whole?: Recorder, made = new Map<unknown, Body>()) {
    super({ lo: 1 }, protocol, whole);
    this.#left = all;
    this.#made = made;
  }
  override speak(protocol: Protocol): Kernel { return new Replay(this.#left, protocol, this, this.#made); }
  #answer(message: string, body: Body): readonly Body[] {
    const name = netfilter.messages[message as 'getIpset'].name, i = this.#left.findIndex((one) => sameAs(one.name) === name && one.body['setname'] === body['setname'] && one.body['typename'] === body['typename']);
    if (name === 'IPSET_CMD_PROTOCOL') return [{ protocol: 7, protocolMin: 6 }];
    // Of a set that it has just made ipset knows the type.
    if (i < 0 && name === 'IPSET_CMD_HEADER') { const { typename, setFamily } = this.#made.get(body['setname']) ?? {}; if (typename !== undefined) return [{ typename, setFamily }]; }
    if (i < 0) throw new Error(`ipset did not ask: ${name} ${String(body['setname'])}`);
    // What is asked before each change is asked once of several.
    if (name === 'IPSET_CMD_CREATE') this.#made.set(body['setname'], body);
    const [met] = /HEADER|TYPE/.test(name) ? [this.#left[i]!] : this.#left.splice(i, 1);
    const { errno, answers, echoed } = met!;
    if (errno !== 0) throw new NetlinkError({ code: CODES[-errno] ?? `E${-errno}`, errno, syscall: name, message: `${name}: refused`, ...(echoed && { echoed }) });
    return answers;
  }
  override request(...args: Parameters<Recorder['request']>): Answer[] { super.request(...args); return this.#answer(args[0], args[1]).map((body) => ({ message: args[0], body })); }
  override dump(message: string, body: Body): Body[] { super.dump(message, body); return [...this.#answer(message, body)]; }
}

const none = theirs.length === 0 ? 'there are no captures of ipset (npm run capture)' : undefined;
if (none) console.warn(`skipped: ${none}`);
test.skipIf(none)('there are some', () => { expect(theirs.filter(({ name }) => name.startsWith('6.12/')).length).toBeGreaterThan(60); });

describe.each(theirs.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
  test(capture.command, async () => {
    const all = exchanges(capture), kernel = new Replay([...all]), out = new Captured(), { stdout = '', command } = capture, status = await run(split(command.replaceAll('/run/', `${folder}/`)), out, () => kernel);
    const changing = (name: string): boolean => !/PROTOCOL|HEADER|TYPE/.test(name), sent = kernel.sent.filter(({ message }) => changing(message.name)).map(({ message, bytes }) => `${message.name} ${toHex(bytes.slice(HEADER_SIZE))}`);
    // Where many lines are restored ipset leaves in the padding what was in memory.
    const canonical = ({ name, body, bytes }: Exchange): Uint8Array => (command.includes('restore') ? encode(Object.values(netfilter.messages).find((one) => one.name === name)!.schema as AnyCodec, body) : bytes);
    expect(sent).toEqual(all.filter(({ name }) => changing(name)).map((one) => `${sameAs(one.name)} ${toHex(canonical(one))}`));
    if (capture.exit === 0) {
      expect({ status, stderr: out.stderr }).toEqual({ status: 0, stderr: (capture as { stderr?: string }).stderr ?? '' });
      // (What ipset leaves out of a set that is made so: see the table of differences.)
      if (stdout) expect(out.stdout.replace(' forceadd', '')).toBe(stdout);
    } else expect(status).toBe(/^ipset (test|list|add z|create z hash:frob)/.test(command) ? 1 : 2);
    if (command.includes('/run/wrong')) expect(out.stderr).toMatch(/^error: line 3: IPSET_CMD_ADD: IPSET_ERR_EXIST/);
  });
});

describe('entries', () => {
  test.each([
    ['hash:ip', '10.0.0.1', { ip: { ipv4: '10.0.0.1' } }], ['hash:ip', '10.0.0.0/30', { ip: { ipv4: '10.0.0.0' }, cidr: 30 }], ['hash:ip', '10.0.0.1-10.0.0.9', { ip: { ipv4: '10.0.0.1' }, ipTo: { ipv4: '10.0.0.9' } }], ['hash:net', 'fd00::/64', { ip: { ipv6: 'fd00::' }, cidr: 64 }],
    ['hash:ip,port', '10.0.0.1,tcp:80', { ip: { ipv4: '10.0.0.1' }, port: 80, proto: 'tcp' }], ['hash:ip,port', '10.0.0.1,udp:53-55', { ip: { ipv4: '10.0.0.1' }, port: 53, portTo: 55, proto: 'udp' }], ['hash:ip,port', '10.0.0.1,icmp:echo-request', { ip: { ipv4: '10.0.0.1' }, port: 0x800, proto: 'icmp' }],
    ['hash:ip,port', '10.0.0.1,icmp:77/3', { ip: { ipv4: '10.0.0.1' }, port: 77 << 8 | 3, proto: 'icmp' }], ['hash:ip,port', 'fd00::1,ipv6-icmp:redirect', { ip: { ipv6: 'fd00::1' }, port: 137 << 8, proto: 'icmpv6' }], ['hash:ip,port', '10.0.0.1,gre:0', { ip: { ipv4: '10.0.0.1' }, port: 0, proto: 'gre' }],
    ['hash:ip,port,ip', '10.0.0.1,tcp:80,10.0.0.2', { ip: { ipv4: '10.0.0.1' }, port: 80, proto: 'tcp', ip2: { ipv4: '10.0.0.2' } }], ['hash:net,port,net', '10.0.0.0/8,tcp:80,10.1.0.0/16', { ip: { ipv4: '10.0.0.0' }, cidr: 8, port: 80, proto: 'tcp', ip2: { ipv4: '10.1.0.0' }, cidr2: 16 }], ['hash:net,net', '10.0.0.0/8,10.1.0.1-10.1.0.7', { ip: { ipv4: '10.0.0.0' }, cidr: 8, ip2: { ipv4: '10.1.0.1' }, ip2To: { ipv4: '10.1.0.7' } }],
    ['hash:ip,mark', '10.0.0.1,0x00000005', { ip: { ipv4: '10.0.0.1' }, mark: 5 }], ['hash:mac', '02:00:00:00:00:0A', { ether: '02:00:00:00:00:0a' }], ['bitmap:ip,mac', '10.0.0.1', { ip: { ipv4: '10.0.0.1' } }], ['bitmap:ip,mac', '10.0.0.1,02:00:00:00:00:01', { ip: { ipv4: '10.0.0.1' }, ether: '02:00:00:00:00:01' }], ['bitmap:port', '1000-2000', { port: 1000, portTo: 2000 }],
    ['hash:net,iface', '10.0.0.0/8,physdev:eth0', { ip: { ipv4: '10.0.0.0' }, cidr: 8, iface: 'eth0', cadtFlags: ['physdev'] }], ['list:set', 'other', { name: 'other' }],
  ])('%s %s', (type, text, is) => {
    const entry = parseIpsetEntry(text, type, undefined);
    expect(entry).toEqual(is);
    expect(ipsetEntryText(entry, type)).toBe(text);
    const bytes = encode(IpsetEntry, entry);
    expect(decode(IpsetEntry, bytes)).toEqual(is);
  });
  test.each([
    ['hash:ip', '10.0.0'], ['hash:ip', '10.0.0.1/33'], ['hash:ip', '10.0.0.1-'], ['hash:ip', '10.0.0.1-fd00::1'], ['hash:ip', '10.0.0.1,80'], ['hash:ip,port', '10.0.0.1'], ['hash:ip,port', '10.0.0.1,tcp:65536'], ['hash:ip,port', '10.0.0.1,gre:5'], ['hash:ip,port', '10.0.0.1,icmp:frob'], ['hash:ip,port', '10.0.0.1,icmp:256/0'], ['hash:ip,port', '10.0.0.1,nothing:5'],
    ['hash:ip,port', '10.0.0.1,999:0'], ['hash:ip,mark', '10.0.0.1,x'], ['hash:ip,mark', '10.0.0.1,0x100000000'], ['hash:mac', '02:00:00:00:00'], ['hash:net,iface', '10.0.0.0/8,'], ['hash:net,iface', '10.0.0.0/8,a-name-that-is-too-long'], ['bitmap:port', '70000'], ['hash:frob', '10.0.0.1'], ['hash:ip', ''],
  ])('no entry of %s: %j', (type, text) => { expect(() => parseIpsetEntry(text, type, undefined)).toThrow(TypeError); });
  test('of the family of the set', () => {
    expect(() => parseIpsetEntry('fd00::1', 'hash:ip', 'ipv4')).toThrow(/not an address of IPv4/);
    expect(() => parseIpsetEntry('10.0.0.1', 'hash:ip', 'ipv6')).toThrow(/not an address of IPv6/);
  });
  test('attributes say that they are in network byte order; they come in the order of their numbers', () => {
    const entry = ipsetEntryOf({ entry: '10.0.0.1,80', timeout: 1, skbmark: { mark: 5 }, nomatch: true }, 'hash:ip,port', 'ipv4'), bytes = encode(IpsetEntry, entry), view = new DataView(bytes.buffer, bytes.byteOffset), types: number[] = [];
    for (let at = 0; at < bytes.length; at += (view.getUint16(at, true) + 3) & ~3) types.push(view.getUint16(at + 2, true));
    // IP (a nest), PORT, TIMEOUT, PROTO, CADT_FLAGS, SKBMARK.
    expect(types).toEqual([0x8001, 0x4004, 0x4006, 7, 0x4008, 0x401b]);
  });
  test('every type has a row', () => { expect(Object.keys(ipsetTypes)).toHaveLength(16); });
});

describe('words', () => {
  const nlkit = async (line: string, kernel = new Recorder({})): Promise<{ status: number; stdout: string; stderr: string; kernel: Recorder }> => {
    const out = new Captured(), status = await run(split(line), out, () => kernel);
    return { status, stdout: out.stdout, stderr: out.stderr, kernel };
  };
  test.each([
    ['-exist add a 10.0.0.1', 'add a 10.0.0.1 -exist'], ['-! add a 10.0.0.1', 'add -! a 10.0.0.1'], ['n a hash:ip', 'create a hash:ip'], ['-N a hash:ip', 'create a hash:ip family inet'], ['create a hash:ip -6', 'create a hash:ip family inet6'], ['x a', 'destroy a'], ['-L a -t', '-terse list a'], ['del a 10.0.0.1', '-D a 10.0.0.1'], ['e a b', 'rename a b'], ['w a b', 'swap a b'],
  ])('%s is %s', async (one, other) => {
    const [a, b] = [await nlkit(`ipset ${one}`), await nlkit(`ipset ${other}`)];
    expect([a.status, a.stderr, b.status, b.stderr]).toEqual([0, '', 0, '']);
    expect(a.kernel.sent.map(({ bytes }) => toHex(bytes))).toEqual(b.kernel.sent.map(({ bytes }) => toHex(bytes)));
    expect(a.kernel.sent.length).toBeGreaterThan(1);
  });
  test.each([
    ['create a hash:frob', /not a type of sets/], ['create a hash:ipport', /did you mean/], ['create a bitmap:ip', /which range/], ['create a hash:ip range 10.0.0.0/8', /not an option here/], ['create a list:set hashsize 5', /not an option here/], ['create a hash:ip timeout 2147484', /out of range/], ['create a hash:ip family inet7', /did you mean "inet/], [`create ${'a'.repeat(32)} hash:ip`, /not a name of a set/],
    ['add a', /needs a value/], ['add a 10.0.0.1 comment a"b', /quotation marks/], ['add a 10.0.0.1 skbmark 5', /0x5\/0xff/], ['add a 10.0.0.1 skbprio 5', /1:10/], ['add a b before c after d', /before one, or after one/], ['del a 10.0.0.1 timeout 5', /not an option here/], ['list -o frob', /not a value of "-o"/], ['list -resolve', /not looked up/], ['frob', /not a command/], ['version', /--version/], ['rename a', /needs a value/], ['restore -file /nowhere', /cannot read/],
  ])('refused, and nothing changed: %s', async (line, why) => {
    const { status, stdout, stderr, kernel } = await nlkit(`ipset ${line}`);
    expect({ status, stdout, sent: kernel.sent }).toEqual({ status: 1, stdout: '', sent: [] });
    expect(stderr).toMatch(why);
  });
  test('a dry run guesses what kind of set it is', async () => {
    expect((await nlkit('ipset --dry-run add web 10.0.0.1,udp:53')).stdout).toMatch(/IPSET_CMD_ADD REQUEST\|ACK\|EXCL family=ipv4 protocol=7 setname=web data\{ip\{ipv4=10.0.0.1\} port=53 proto=udp lineno=0\}\n$/);
  });
  test('help has examples', async () => {
    expect((await nlkit('ipset help')).stdout).toMatch(/^Examples:\n {2}nlkit ipset create web hash:ip,port\n/);
    expect((await nlkit('ipset create help')).stdout).toMatch(/hashsize[^]*forceadd/);
  });
});
