/** devlink where no device is: its captures, said again: the same messages, the same prints; and prints of devices that no test has, from answers as the kernel gives them. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Answer, Body, Event, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { decodeMessage, frames, HEADER_SIZE, NETLINK_GENERIC, type AnyGenericFamily, type Protocol } from '../src/codec/index.ts';
import { devlink, NLCTRL_ID } from '../src/families/generic/index.ts';
import { genericOf, toHex } from '../src/inspect/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { asked, shown } from './support/devlink-answers.ts';
import printed from './support/devlink-printed.json' with { type: 'json' };
import sentByTheirs from './support/devlink-sent.json' with { type: 'json' };
import { expected } from './support/differences.ts';
import { attributeParts as parts, unflagged } from './support/nests.ts';

const table = expected('cli-devlink');
const little = { littleEndian: true } as const;
const told = captures.filter(({ command, name }) => command.startsWith('devlink ') && /generic\/devlink\//.test(name));
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** Questions before a change: of devlink they have what the change has, too. */
const asksFirst = new Set([/param set/, /resource set/]);

/** The messages of devlink in a capture: what was asked, and what each was answered. */
interface Said { readonly cmd: string; readonly body: Body; readonly bytes: string; readonly answers: Body[]; readonly refused?: true }
function conversation(capture: Capture): Said[] {
  const all = capture.messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction: way, hex }) => ({ way, bytes: bytesOf(hex) })), schemas = genericOf(all), out: Said[] = [];
  for (const { way, bytes } of all) {
    for (const frame of frames(bytes, little)) {
      if (way === 'reply' && frame.type === 2 && out.length > 0 && new DataView(bytes.buffer, bytes.byteOffset).getInt32(frame.at + HEADER_SIZE, true) < 0) out.push({ ...(out.pop() as Said), refused: true });
      if (schemas.byNumber.get(frame.type)?.key !== devlink.name) continue;
      const body = decodeMessage(schemas, bytes, frame, little).body as Body, { cmd, version: _version, ...rest } = body;
      if (way === 'request') out.push({ cmd: String(cmd), body: rest, bytes: `${toHex(unflagged(bytes.slice(frame.at + HEADER_SIZE, frame.end)))}`, answers: [] });
      else if (way === 'reply') out.at(-1)?.answers.push({ cmd, ...rest });
    }
  }
  return out;
}

/** A kernel that answers as one did, to those questions, or as it is told, and tells of events. */
class Answering extends Recorder {
  readonly #answers: (body: Body, message: string) => readonly Body[];
  readonly #events: readonly Body[];
  constructor(protocol: Protocol, whole: Recorder, answers: (body: Body, message: string) => readonly Body[], events: readonly Body[]) {
    super({}, protocol, whole);
    this.#answers = answers;
    this.#events = events;
  }
  override get(message: string, body: Body): Body | undefined { super.get(message, body); return this.#answers(body, message)[0]; }
  override dump(message: string, body: Body): Body[] { super.dump(message, body); return [...this.#answers(body, message)]; }
  override request(message: string, body: Body): Answer[] { super.request(message, body); return this.#answers(body, message).map((one) => ({ message, body: one })); }
  override async *monitor(): AsyncIterable<Event> { for (const body of this.#events) yield { message: '', body }; }
}
async function say(line: string, answers: (body: Body, message: string) => readonly Body[] = () => [], events: readonly Body[] = []): Promise<{ status: number; stdout: string; stderr: string; sent: string[] }> {
  class Whole extends Recorder {
    override generic(family: AnyGenericFamily): Promise<Kernel> { return Promise.resolve(new Answering(family.at(NLCTRL_ID + 1), this, answers, events)); }
  }
  const whole = new Whole(), out = new Captured(), status = await run(split(line), out, () => whole);
  return { status, stdout: out.stdout, stderr: out.stderr, sent: whole.sent.map(({ bytes }) => toHex(unflagged(bytes.slice(HEADER_SIZE)))) };
}

test('there are captures', () => expect(told.length).toBeGreaterThan(15));
describe('said again, what was captured', () => {
  test.each(told.map((capture) => [capture.command, capture] as const))('%s', async (command, capture) => {
    const talk = conversation(capture), left = [...talk];
    const { status, stdout, stderr, sent } = await say(command, (_body, message) => {
      const at = left.findIndex(({ cmd }) => cmd === message), [one] = at < 0 ? [] : left.splice(at, 1);
      if (one?.refused) throw Object.assign(new Error('refused'), { code: 'EINVAL', errno: 22, syscall: message });
      return one?.answers ?? [];
    });
    if (capture.exit === 0 && capture.stdout !== undefined) expect({ stdout, stderr }).toEqual({ stdout: capture.stdout, stderr: '' });
    const theirs = talk.map(({ bytes }) => parts(bytes)), ours = sent.map(parts);
    if ([...asksFirst].some((words) => words.test(command))) {
      table.meet('devlink-questions');
      expect(ours[0]?.length).toBeLessThan(theirs[0]?.length ?? 0);
      theirs[0] = theirs[0]?.filter((one) => ours[0]?.includes(one)) ?? [];
    }
    expect(ours).toEqual(theirs);
    expect(status === 0).toBe(capture.exit === 0);
  });
});
/** Clocks differ from place to place. */
const timeless = (text: string): string => text.replace(/(last_dump_(date|time)"?[: ]"?)[\d:-]+/g, '$1T');
/** Without the tables of resources. */
const untabled = (text: string): string => text.replace(/\n +dpipe_tables:\n +table_name .*/g, ' dpipe_tables none').replace(/"dpipe_tables":\[[^\]]*\]/g, '"dpipe_tables":"none"');
describe('as devlink 6.15 asks', () => {
  test.each(asked)('%s', async (line) => {
    const theirs = (sentByTheirs as Readonly<Record<string, readonly string[]>>)[line] as readonly string[], { status, stderr, sent } = await say(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(sent.map(parts)).toEqual(theirs.map((hex) => parts(toHex(unflagged(bytesOf(hex))))));
  });
});
describe('as devlink 6.15 prints it', () => {
  test.each(Object.entries(shown))('%s', async (line, answers) => {
    const { status, stdout, stderr } = await say(line, (_body, message) => (answers as Readonly<Record<string, readonly Body[]>>)[message] ?? []);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const theirs = (printed as Readonly<Record<string, string>>)[line] as string;
    if (/resource show/.test(line)) table.meet('devlink-resource-tables');
    expect(untabled(timeless(stdout))).toBe(timeless(theirs));
  });
});
test('the differences are those of the table', () => expect(table.missing()).toEqual([]));
