/** Captures of generic netlink: nlkit asks what iproute2 asked, and prints of the same answers what iproute2 printed. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { defaultOptions } from '../src/cli/options.ts';
import { Captured } from '../src/cli/output.ts';
import { root } from '../src/cli/root.ts';
import { run, walk } from '../src/cli/run.ts';
import { session } from '../src/cli/session.ts';
import { Words } from '../src/cli/words.ts';
import { COMMON_FLAGS, decodeMessage, frames, HEADER_SIZE, NETLINK_GENERIC, NLMSG_MIN_TYPE, NLM_F_DUMP, type AnyGenericFamily, type Frame, type Protocol } from '../src/codec/index.ts';
import { NLCTRL_ID } from '../src/families/generic/index.ts';
import { genericOf, toHex } from '../src/inspect/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';
import { unflagged } from './support/nests.ts';

const mine = captures.filter(({ name, command }) => /\/generic\/(families|mptcp|tcp-metrics|sr|ioam|fou|ila|macsec|l2tp)\//.test(name) && /^(ip|genl) [^|;]*$/.test(command));

const table = expected('cli-generic');

interface Message { readonly frame: Frame; readonly bytes: Uint8Array; readonly body: Body }
/** The messages of families, of a direction; how a tool finds the family is left out, unless it asks for families only. */
function messages(capture: Capture, direction: string): Message[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction: way, hex }) => ({ way, bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }));
  const schemas = genericOf(all);
  return all.filter(({ way }) => way === direction).flatMap(({ bytes }) => [...frames(bytes, { littleEndian: true })].filter(({ type }) => (capture.command.startsWith('genl') ? type >= NLMSG_MIN_TYPE : type > NLCTRL_ID))
    .map((frame) => ({ frame, bytes, body: decodeMessage(schemas, bytes, frame, { littleEndian: true }).body as Body })));
}

/** One family's part of a kernel that answers with what was captured. */
class Answering extends Recorder {
  readonly #answers: readonly Body[];
  constructor(protocol: Protocol, whole: Recorder, answers: readonly Body[]) {
    super({}, protocol, whole);
    this.#answers = answers;
  }
  override get(message: string, body: Body): Body | undefined {
    super.get(message, body);
    return this.#answers[0];
  }
  override dump(message: string, body: Body): Body[] {
    super.dump(message, body);
    return [...this.#answers];
  }
}
class Replay extends Recorder {
  readonly #answers: readonly Body[];
  constructor(capture: Capture) {
    // As they were numbered where it was captured.
    super({ lo: 1, m0: 4, m1: 5 });
    this.#answers = messages(capture, 'reply').map(({ body }) => body);
  }
  override generic(family: AnyGenericFamily): Promise<Kernel> {
    return Promise.resolve(new Answering(family.at(NLCTRL_ID + 1), this, this.#answers));
  }
}

/** What a request says: its flags but for the acknowledgement, which tools want as they please, and its payload. */
const said = (bytes: Uint8Array, { flags, at, end }: Frame): string => `${((flags & NLM_F_DUMP) === NLM_F_DUMP ? flags : flags & ~COMMON_FLAGS.ack).toString(16)} ${toHex(unflagged(bytes.slice(at + HEADER_SIZE, end)))}`;

test('there are some', () => { expect(mine.length).toBeGreaterThan(15); });

describe.each(mine.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
  test(capture.command, async () => {
    const kernel = new Replay(capture), out = new Captured();
    const status = await run(split(capture.command), out, () => kernel);
    expect({ status, stderr: out.stderr }).toEqual({ status: 0, stderr: '' });
    const ours = kernel.sent.map(({ bytes }) => said(bytes, [...frames(bytes)][0] as Frame)), theirs = messages(capture, 'request').map(({ bytes, frame }) => said(bytes, frame));
    if (!capture.command.startsWith('genl')) expect(ours).toEqual(theirs);
    else {
      table.meet('genl-version');
      expect(ours.map((text) => text.replace(/(?<= ..)02/, '00'))).toEqual(theirs);
    }
    if (capture.exit === 0) expect(out.stdout).toBe(capture.stdout ?? '');
  });
});

describe('without a kernel', () => {
  const nlkit = async (line: string): Promise<{ status: number; stdout: string; stderr: string }> => {
    const out = new Captured(), status = await run(split(line), out);
    return { status, stdout: out.stdout, stderr: out.stderr };
  };
  test('a dry run says what would be sent, and that nobody was asked for the numbers of families', async () => {
    expect(await nlkit('--dry-run ip mptcp endpoint add 10.0.0.1 dev eth7 signal port 80')).toEqual({
      status: 0, stdout: 'MPTCP_PM_CMD_ADD_ADDR REQUEST|ACK addr{flags=signal ifIdx=1001 port=80 family=inet addr4=10.0.0.1}\n',
      stderr: 'note: nobody was asked for indexes: 1001 stands for eth7\nnote: nobody was asked for the numbers of families: 1001 stands for mptcp_pm\n',
    });
    expect((await nlkit('--dry-run ip -6 tcp_metrics flush')).stdout).toBe('TCP_METRICS_CMD_GET REQUEST|DUMP\n');
    expect(await nlkit('--dry-run ip sr hmac set 1 sha256')).toEqual({ status: 0, stdout: '', stderr: 'note: the secret would be asked for: no messages\n' });
    expect((await nlkit('--dry-run ip ioam monitor')).stderr).toBe('note: would join ioam6_events\n');
  });
  test('as bytes they are read again', async () => {
    const hex = (await nlkit('--dry-run --hex ip ioam namespace add 5 wide ff')).stdout.trim();
    expect(hex).toBe('# protocol 16 IOAM6\n' + '28000000e90305000100000000000000' + '01010000' + '0600010005000000' + '0c000300ff00000000000000');
    expect((await nlkit('explain ip ioam namespace add 5 wide ff')).stdout).toMatch(/IOAM6_CMD_ADD_NAMESPACE[^]*type = "IOAM6"[^]*cmd = "addNamespace"[^]*IOAM6_ATTR_NS_ID = 5[^]*IOAM6_ATTR_NS_DATA_WIDE = 255/);
  });
  test('what would not be taken back is not begun', async () => {
    for (const line of ['ip mptcp endpoint flush', 'ip mptcp limits set subflows 1', 'ip tcp_metrics flush', 'ip tcp_metrics delete 10.0.0.1', 'ip sr tunsrc set ::1', 'ip sr hmac set 1 sha1', 'ip ioam namespace add 1', 'ip ioam schema add 1 x']) {
      const context = session({ ...defaultOptions(), atomic: true }, new Captured(), () => new Recorder());
      await expect(walk(root, [], new Words(split(line)), context), line).rejects.toThrow(/cannot be taken back/);
    }
  });
});

test('differences', () => { expect(table.missing()).toEqual([]); });
