/** Captures of ethtool: of the same answers nlkit prints what ethtool printed, and asks what it asked. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { bitsOf, maskOf } from '../src/cli/ethtool/ask.ts';
import type { Answer, Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { defaultOptions } from '../src/cli/options.ts';
import { Captured } from '../src/cli/output.ts';
import { root } from '../src/cli/root.ts';
import { run, walk } from '../src/cli/run.ts';
import { session } from '../src/cli/session.ts';
import { Words } from '../src/cli/words.ts';
import { decodeMessage, frames, NETLINK_GENERIC, type AnyGenericFamily, type Protocol } from '../src/codec/index.ts';
import { ethtool, NLCTRL_ID } from '../src/families/generic/index.ts';
import { genericOf } from '../src/inspect/index.ts';
import { captures, type Capture } from './support/captures.ts';

const mine = captures.filter(({ name, command }) => /\/generic\/(ethtool|netdevsim)\//.test(name) && /^ethtool [^|;]*$/.test(command) && !/ -P |'\*'|--cable-test| -m | -x /.test(command));

/** Names and bodies of the family's messages, of a direction. */
function messages(capture: Capture, direction: string): { name: string; body: Body }[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction: way, hex }) => ({ way, bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }));
  // Other families speak of the same devices.
  const schemas = genericOf(all), own = [...schemas.byNumber.values()].find(({ name }) => name === ethtool.name)?.number;
  return all.filter(({ way }) => way === direction).flatMap(({ bytes }) => [...frames(bytes, { littleEndian: true })].filter(({ type }) => type === own).map((frame) => decodeMessage(schemas, bytes, frame, { littleEndian: true }) as { name: string; body: Body }));
}

interface Sets { stringsets?: { stringset?: { id: string }[] } }
/** Answers with what was captured: strings by the set that is asked for. */
class Answering extends Recorder {
  readonly #capture: Capture;
  constructor(protocol: Protocol, whole: Recorder, capture: Capture) {
    super({}, protocol, whole);
    this.#capture = capture;
  }
  #answer(message: string, body: Body): Body | undefined {
    const answers = messages(this.#capture, 'reply').filter(({ body: { cmd } }) => cmd === `${message}Reply`).map((one) => one.body);
    if (message !== 'strsetGet') return answers[0];
    const wanted = (body as Sets).stringsets?.stringset?.[0]?.id, set = answers.flatMap((answer) => (answer as Sets).stringsets?.stringset ?? []).find(({ id }) => id === wanted);
    return set && { stringsets: { stringset: [set] } };
  }
  override get(message: string, body: Body): Body | undefined {
    super.get(message, body);
    return this.#answer(message, body);
  }
  override request(message: string, body: Body): Answer[] {
    super.request(message, body);
    const answer = this.#answer(message, body);
    return answer ? [{ message: `${message}Reply`, body: answer }] : [];
  }
}
class Replay extends Recorder {
  readonly #capture: Capture;
  constructor(capture: Capture) {
    super();
    this.#capture = capture;
  }
  override generic(family: AnyGenericFamily): Promise<Kernel> {
    return Promise.resolve(new Answering(family.at(NLCTRL_ID + 1), this, this.#capture));
  }
}

test('there are some, and each message of them is declared', () => {
  expect(mine.length).toBeGreaterThan(30);
  for (const capture of mine) for (const way of ['request', 'reply', 'notification']) for (const { name } of messages(capture, way)) expect(name, capture.name).toMatch(way === 'request' ? /_(GET|SET|ACT)$/ : way === 'reply' ? /_REPLY$/ : /_NTF$/);
});

/** What a change says, whatever names its bits have. */
function changed(body: Body): object {
  const { header: _header, cmd: _cmd, version: _version, ...rest } = body;
  return JSON.parse(JSON.stringify(rest)) as object;
}
const bitless = (value: object): object => JSON.parse(JSON.stringify(value, (key, item: unknown) => (['bits', 'nomask', 'size', 'value', 'mask'].includes(key) ? undefined : item))) as object;

describe.each(mine.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
  const changes = / (-[AGKLCs]|--set-\S+) /.test(capture.command);
  test(capture.command, async () => {
    const kernel = new Replay(capture), out = new Captured(), status = await run(split(capture.command), out, () => kernel);
    if (changes && status === 0) {
      const theirs = messages(capture, 'request').filter(({ name }) => name.endsWith('_SET')), ours = kernel.sent.filter(({ message }) => message.name.endsWith('_SET'));
      expect(ours.map(({ message, body }) => [message.name, bitless(changed(body))])).toEqual(theirs.map(({ name, body }) => [name, bitless(changed(body))]));
    }
    // What is long was not kept.
    if (capture.exit !== 0 || (capture.stdout === undefined && out.stdout.length > 4096)) return;
    const json = capture.command.includes('--json');
    expect(out.stderr).toBe('');
    if (json) expect(JSON.parse(out.stdout)).toEqual(JSON.parse(capture.stdout ?? ''));
    else expect(out.stdout).toBe(capture.stdout ?? '');
  });
});

test('bits: by number, by name, and only those that the mask has', () => {
  expect([...bitsOf({ value: [1, 2], mask: [2, 3] })]).toEqual([2]);
  expect([...bitsOf({ value: [1, 2], nomask: true })]).toEqual([1, 2]);
  expect([...bitsOf({ bits: { bit: [{ index: 4, name: 'a', value: true }, { index: 5, name: 'b' }] } })]).toEqual([4]);
  expect([...maskOf({ bits: { bit: [{ index: 4, value: true }, { index: 5 }] } })]).toEqual([4, 5]);
  expect([...bitsOf()]).toEqual([]);
});

describe('without a kernel', () => {
  const nlkit = async (line: string): Promise<{ status: number; stdout: string; stderr: string }> => {
    const out = new Captured(), status = await run(split(line), out);
    return { status, stdout: out.stdout, stderr: out.stderr };
  };
  test('dry runs', async () => {
    expect(await nlkit('ethtool --dry-run -A eth7 rx on tx off')).toEqual({
      status: 0, stdout: 'ETHTOOL_MSG_PAUSE_SET REQUEST|ACK header{devName=eth7} rx=1 tx=0\n', stderr: 'note: nobody was asked for the numbers of families: 1001 stands for ethtool\n',
    });
    expect((await nlkit('--dry-run ethtool -s eth7 wol g')).stdout).toBe('ETHTOOL_MSG_WOL_SET REQUEST|ACK header{devName=eth7} modes{nomask=true bits{bit[{name=magic}]}}\n');
    expect((await nlkit('ethtool --dry-run -s eth7 advertise 0x20 msglvl 5/4')).stdout).toBe('ETHTOOL_MSG_LINKMODES_SET REQUEST|ACK header{devName=eth7} ours{nomask=true bits{bit[{index=5}]}}\nETHTOOL_MSG_DEBUG_SET REQUEST|ACK header{devName=eth7} msgmask{bits{bit[{index=2 value=true}]}}\n');
    expect((await nlkit('ethtool --dry-run --set-fec eth7 encoding auto rs')).stdout).toBe('ETHTOOL_MSG_FEC_SET REQUEST|ACK header{devName=eth7} modes{nomask=true bits{bit[{name=RS}]}} auto=1\n');
    expect((await nlkit('ethtool --dry-run --monitor')).stderr).toBe('note: would join monitor\n');
  });
  test.each([
    ['ethtool -frob eth0', '"-frob" is not a command'], ['ethtool --show-ringg eth0', 'did you mean "--show-ring"'], ['ethtool -i eth0', 'not over netlink'], ['ethtool -X eth0 equal 2', 'no command yet'], ['ethtool -a', 'which link?'],
    ['ethtool -a eth0 more', 'not an option'], ['ethtool -A * rx on', 'name one'], ['ethtool -A eth0', 'what should be set?'], ['ethtool -A eth0 rx maybe', 'on or off'], ['ethtool -A eth0 rx', 'needs a value'], ['ethtool -G eth0 rx -1', 'out of range'],
    ['ethtool -G eth0 rxx 5', 'did you mean "rx"'], ['ethtool -K eth0 gro', 'needs a value'], ['ethtool -K eth0', 'on or off'], ['ethtool -s eth0 wol x', 'nothing that wakes'], ['ethtool -s eth0 sopass 1:2', 'not a password'],
    ['ethtool -s eth0 msglvl', 'needs a value'], ['ethtool -s eth0 msglvl x', 'not a number'], ['ethtool --set-fec eth0 encoding rss', 'did you mean "rs"'], ['ethtool --monitor -Z', 'has no events'], ['ethtool -x eth0 context 0', 'context 0'],
  ])('%s', async (line, message) => {
    const { status, stderr } = await nlkit(`--dry-run ${line}`);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
  test('what would not be taken back is not begun', async () => {
    for (const line of ['ethtool -A v0 rx on', 'ethtool -K v0 gro on', 'ethtool -L v0 rx 1', 'ethtool -s v0 speed 10', 'ethtool --set-fec v0 encoding rs']) {
      const context = session({ ...defaultOptions(), atomic: true }, new Captured(), () => new Recorder());
      await expect(walk(root, [], new Words(split(line)), context), line).rejects.toThrow(/cannot be taken back/);
    }
  });
  test('help', async () => {
    expect((await nlkit('ethtool --help')).stdout).toMatch(/^Examples:[^]*DEVNAME +print speed[^]*-K, --features, --offload +turn offloads[^]*Not here: -i, --driver/);
    expect((await nlkit('ethtool -G help')).stdout).toMatch(/rx-buf-len N/);
    expect(Object.keys(ethtool.commands).length).toBeGreaterThan(50);
  });
});
