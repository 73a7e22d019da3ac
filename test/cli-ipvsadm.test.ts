/** Captures of ipvsadm: nlkit asks for what ipvsadm asked for, and prints of the same answers what ipvsadm printed; words; the library's requests. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Answer, Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { decodeMessage, frames, HEADER_SIZE, NETLINK_GENERIC, type AnyGenericFamily, type Protocol } from '../src/codec/index.ts';
import { NLCTRL_ID } from '../src/families/generic/index.ts';
import { ipvsCalls, parseIpvsEndpoint } from '../src/generic/index.ts';
import { genericOf, toHex } from '../src/inspect/index.ts';
import { NetlinkError } from '../src/socket/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';

const table = expected('cli-ipvsadm');
const ours = captures.filter(({ name, command }) => /\/generic\/ipvs/.test(name) && command.startsWith('ipvsadm'));

interface Exchange { readonly body: Body; readonly bytes: Uint8Array; readonly answers: readonly Body[]; readonly errno: number }
/** What was asked of the family, and what came back; how ipvsadm finds it, and asks for its version each time, is left out. */
function exchanges(capture: Capture): Exchange[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction, hex }) => ({ direction, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) })), schemas = genericOf(all);
  const found: { body: Body; bytes: Uint8Array; answers: Body[]; errno: number }[] = [];
  for (const { direction, bytes } of all) {
    for (const frame of frames(bytes, { littleEndian: true })) {
      if (frame.type === 2 && direction === 'reply') { if (found.length > 0) found.at(-1)!.errno ||= Buffer.from(bytes).readInt32LE(frame.at + HEADER_SIZE); continue; }
      if (frame.type <= NLCTRL_ID) continue;
      const body = decodeMessage(schemas, bytes, frame, { littleEndian: true }).body as Body;
      if (direction === 'request') found.push({ body, bytes: bytes.slice(frame.at + HEADER_SIZE, frame.end), answers: [], errno: 0 });
      else found.at(-1)?.answers.push(body);
    }
  }
  return found;
}
const CODES: Readonly<Record<number, string>> = { 2: 'ENOENT', 3: 'ESRCH', 17: 'EEXIST', 22: 'EINVAL' };
/** The service that a request names. */
const which = ({ service }: Body): string => { const { af, protocol, addr, port, fwmark } = (service ?? {}) as Body; return JSON.stringify([af, protocol, addr, port, fwmark]); };

/** One that answers with what was captured. */
class Replay extends Recorder {
  readonly #all: readonly Exchange[];
  constructor(all: readonly Exchange[], protocol?: Protocol, whole?: Recorder) {
    super({ lo: 1 }, protocol, whole);
    this.#all = all;
  }
  override generic(family: AnyGenericFamily): Promise<Kernel> { return Promise.resolve(new Replay(this.#all, family.at(NLCTRL_ID + 1), this)); }
  #answer(message: string, body: Body): readonly Body[] {
    const met = this.#all.find((one) => one.body['cmd'] === message && which(one.body) === which(body));
    if (!met) throw new Error(`ipvsadm did not ask: ${message} ${which(body)}`);
    if (met.errno !== 0) throw new NetlinkError({ code: CODES[-met.errno] as never, errno: met.errno, syscall: 'IPVS', message: 'refused' });
    return met.answers;
  }
  override request(...args: Parameters<Recorder['request']>): Answer[] { super.request(...args); return this.#answer(args[0], args[1]).map((body) => ({ message: String(body['cmd']), body })); }
  override dump(message: string, body: Body): Body[] { super.dump(message, body); return [...this.#answer(message, body)]; }
}

test('there are some, of two kernels', () => {
  expect(ours.filter(({ name }) => name.startsWith('6.12/')).length).toBeGreaterThan(40);
  expect(ours.filter(({ name }) => name.startsWith('6.1/')).length).toBeGreaterThan(15);
});

describe.each(ours.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
  test(capture.command, async () => {
    const theirs = exchanges(capture), kernel = new Replay(theirs), out = new Captured(), { stdout = '', command } = capture, status = await run(split(command), out, () => kernel);
    const asked = kernel.sent.filter(({ body }) => !('cmd' in body)), told = theirs.filter(({ body }) => body['cmd'] !== 'getInfo');
    for (const [i, { bytes, message, body }] of asked.filter((one) => one.message.key !== 'getInfo').entries()) {
      const other = told[i]!;
      expect(message.key).toBe(other.body['cmd']);
      if (/^(new|set)Service$|^(new|set)(Daemon|Config)$|^get(Service|Dest|Config|Daemon)$|^flush$/.test(message.key) && !(message.key === 'getService' && body['service'])) expect(toHex(bytes.slice(HEADER_SIZE))).toBe(toHex(other.bytes));
      else {
        // Where a service is only named, ipvsadm says of its settings what goes for new ones.
        if (body['service']) table.meet('ipvsadm-settings');
        expect(other.body).toMatchObject(body);
      }
    }
    expect(asked.filter((one) => one.message.key !== 'getInfo')).toHaveLength(told.length);
    if (capture.exit === 0) {
      const printed = command.startsWith('ipvsadm -S') ? out.stdout.replace(/ -[xy] \d+/g, () => { table.meet('ipvsadm-thresholds'); return ''; }) : out.stdout;
      expect({ status, stderr: out.stderr }).toEqual({ status: 0, stderr: '' });
      expect(printed.split('\n').sort()).toEqual(stdout.split('\n').sort());
      // Addresses that lie far apart come in another order.
      if (printed !== stdout) table.meet('ipvsadm-order');
    } else expect(status).toBe(/already|Invalid/.test((capture as { stderr?: string }).stderr ?? '') ? 2 : 1);
  });
});

const nlkit = async (line: string, kernel: Recorder = new Recorder({ eth0: 2 })): Promise<{ status: number; stdout: string; stderr: string; kernel: Recorder }> => {
  const out = new Captured(), status = await run(split(line), out, () => kernel);
  return { status, stdout: out.stdout, stderr: out.stderr, kernel };
};

describe('words', () => {
  test.each([
    ['-At10.0.0.1:80 -srr', '-A -t 10.0.0.1:80 -s rr'], ['-A --tcp-service=10.0.0.1:80 --scheduler=rr', '-A -t 10.0.0.1:80 -s rr'], ['-A -t 10.0.0.1:http -s rr', '-A -t 10.0.0.1:80 -s rr'], ['-A -t 10.0.0.1:80 -p -s rr', '-A -t 10.0.0.1:80 -p 360 -s rr'],
    ['-A -t 10.0.0.1:80 -p300 -s rr', '-A -t 10.0.0.1:80 -s rr -p 300'], ['-A -f5 -6 -s rr', '-A -6 -f 5 -s rr'], ['-a -t 10.0.0.1:80 -r 192.0.2.1 -mw5', '-a -t 10.0.0.1:80 -r 192.0.2.1:80 -m -w 5'], ['-a -t 10.0.0.1:80 -r 192.0.2.1:99', '-a -t 10.0.0.1:80 -r 192.0.2.1:80 -g'],
    ['-A -t fd00::1 -p', '-A -t [fd00::1]:0 -p'], ['-A -u 10.0.0.1:53 -s sh -b flag-1', '-A -u 10.0.0.1:53 -s sh -b sh-fallback'], ['-a -f 5 -r 192.0.2.1 -m', '-a -f 5 -r 192.0.2.1:0 -m'],
  ])('%s is %s', async (one, other) => {
    const [a, b] = [await nlkit(`ipvsadm ${one}`), await nlkit(`ipvsadm ${other}`)];
    expect([a.status, a.stderr, b.status, b.stderr]).toEqual([0, '', 0, '']);
    expect(a.kernel.sent.map(({ body }) => body)).toEqual(b.kernel.sent.map(({ body }) => body));
    expect(a.kernel.sent).toHaveLength(1);
  });
  test.each([
    ['-A -s rr', /which service/], ['-A -t 10.0.0.1', /must be persistent/], ['-A -t 80', /not the address/], ['-A -t 10.0.0.1:70000', /not a port/], ['-A -t 10.0.0.1:nonsense', /not a port of tcp/], ['-A -t [10.0.0.1]:80', /not the address/], ['-A -t 10.0.0.1:80 -u 10.0.0.1:80', /two are named/],
    ['-A -f 0', /out of range/], ['-A -t 10.0.0.1:80 -p 0', /out of range/], ['-A -t 10.0.0.1:80 -p -M 24', /not a mask of IPv4/], ['-A -t [fd00::1]:80 -p -M 255.255.255.0', /not a mask of IPv6/], ['-A -t 10.0.0.1:80 -o', /UDP only/], ['-A -t 10.0.0.1:80 -s mh -b sh-port', /did you mean "mh-port"/], ['-A -t 10.0.0.1:80 -6', /-6 is for a mark/],
    ['-a -t 10.0.0.1:80', /which server/], ['-a -t 10.0.0.1:80 -r 192.0.2.1 -g -i', /exclude each other/], ['-a -t 10.0.0.1:80 -r 192.0.2.1 --tun-type gue', /only what goes through a tunnel/], ['-a -t 10.0.0.1:80 -r 192.0.2.1 -i --tun-type gue', /to which port/], ['-a -t 10.0.0.1:80 -r 192.0.2.1 -i --tun-type gre --tun-port 5', /only GUE has a port/],
    ['-a -t 10.0.0.1:80 -r 192.0.2.1 -i --tun-csum', /ipip has no checksums/], ['-a -t 10.0.0.1:80 -r 192.0.2.1 -w -1', /out of range/], ['-L -c', /\/proc\/net\/ip_vs_conn/], ['-L --daemon --stats', /goes alone/], ['-L --stats --rate', /exclude each other/], ['-L --timeout --daemon', /exclude each other/], ['-L -w 5', /not an option here/], ['-C -n', /not an option here/],
    ['--set 1 2', /three timeouts/], ['--start-daemon slave', /known are master, backup/], ['--start-daemon master --mcast-group x', /not an address/], ['-X', /not a command/],
  ])('refused, and nothing sent: %s', async (line, why) => {
    const { status, stdout, stderr, kernel } = await nlkit(`ipvsadm ${line}`);
    expect({ status, stdout, sent: kernel.sent }).toEqual({ status: 1, stdout: '', sent: [] });
    expect(stderr).toMatch(why);
  });
  test('a dry run needs no kernel', async () => {
    expect((await nlkit('ipvsadm --dry-run -At 10.0.0.1:80 -s rr')).stdout).toBe('IPVS_CMD_NEW_SERVICE REQUEST|ACK service{af=inet protocol=tcp addr=10.0.0.1 port=80 schedName=rr flags{flags=0 mask=4294967295} timeout=0 netmask=255.255.255.255}\n');
    expect((await nlkit('ipvsadm --dry-run -Ln')).stdout).toMatch(/IPVS_CMD_GET_SERVICE REQUEST\|DUMP\n$/);
  });
  test('help has examples', async () => {
    expect((await nlkit('ipvsadm help')).stdout).toMatch(/^Examples:\n {2}nlkit ipvsadm -Ln\n/);
    expect((await nlkit('ipvsadm -a help')).stdout).toMatch(/--real-server[^]*--tun-type/);
  });
});

describe('the library', () => {
  test.each([['10.0.0.1:80', { family: 'inet', address: '10.0.0.1', port: 80 }], ['[fd00::1]:80', { family: 'inet6', address: 'fd00::1', port: 80 }], ['10.0.0.1', { family: 'inet', address: '10.0.0.1' }], ['fd00::1', { family: 'inet6', address: 'fd00::1' }], ['[fd00::1]', { family: 'inet6', address: 'fd00::1' }]])('%s', (text, is) => { expect(parseIpvsEndpoint(text)).toEqual(is); });
  test.each(['', '80', ':80', '10.0.0.1:', '10.0.0.1:65536', '[10.0.0.1]:80', 'fd00::1:80x', '[fd00::1', 'host:80'])('no place: %j', (text) => { expect(() => parseIpvsEndpoint(text)).toThrow(TypeError); });
  test('what is left out is the default', () => {
    expect(ipvsCalls.addService({ address: '[fd00::1]:53', protocol: 'udp', timeout: 60 }).body).toEqual({ service: { af: 'inet6', protocol: 'udp', addr: 'fd00::1', port: 53, schedName: 'wlc', flags: { flags: ['persistent'], mask: 0xffffffff }, timeout: 60, netmask: 128 } });
    expect(ipvsCalls.addServer({ address: '10.0.0.1:80' }, { address: '192.0.2.1' }).body).toMatchObject({ service: { af: 'inet', protocol: 'tcp', addr: '10.0.0.1', port: 80 }, dest: { addrFamily: 'inet', addr: '192.0.2.1', port: 80, fwdMethod: 'droute', weight: 1 } });
    expect(ipvsCalls.deleteServer({ fwmark: 5 }, '192.0.2.1:9').body).toEqual({ service: { af: 'inet', fwmark: 5 }, dest: { addrFamily: 'inet', addr: '192.0.2.1', port: 9 } });
  });
});

test('differences', () => { expect(table.missing()).toEqual([]); });
