/** `ip xfrm` beside what iproute2 said to two kernels, and printed of what they answered: fixtures, without a kernel. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { candidates } from '../src/cli/completion.ts';
import type { Body, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { happened } from '../src/cli/recording.ts';
import { run } from '../src/cli/run.ts';
import { Words } from '../src/cli/words.ts';
import { decodeMessage, frames, schemaOf, Writer, writeFrame, type Frame, type Protocol } from '../src/codec/index.ts';
import { xfrm } from '../src/families/xfrm/index.ts';
import { captures, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';

const little = { littleEndian: true } as const, XFRM = 6, ACK = 4, HEADER = 16;
interface Message { readonly key: string; readonly flags: number; readonly body: Body; readonly bytes: Uint8Array }

function messages(capture: Capture, direction: string): Message[] {
  return capture.messages.filter((m) => m.protocol === XFRM && m.direction === direction).flatMap(({ hex }) => {
    const data = new Uint8Array(Buffer.from(hex, 'hex'));
    return [...frames(data, little)].filter(({ type }) => type >= 16).map((frame) => ({
      key: xfrm.byNumber.get(frame.type)?.key ?? '', flags: frame.flags, body: decodeMessage(xfrm, data, frame, little).body as Body, bytes: data.subarray(frame.at, frame.end),
    }));
  });
}

/** A kernel that answers as the captured one did. */
class Replay extends Recorder {
  readonly #capture: Capture;
  constructor(capture: Capture, protocol?: Protocol, whole?: Recorder) {
    super({ lo: 1 }, protocol, whole);
    this.#capture = capture;
  }
  override speak(protocol: Protocol): Kernel {
    return new Replay(this.#capture, protocol, this);
  }
  override get(message: string, body: Body): Body | undefined {
    super.get(message, body);
    return messages(this.#capture, 'reply')[0]?.body;
  }
  /** The first of several dumps. */
  override dump(message: string, body: Body): Body[] {
    super.dump(message, body);
    const dumps = messages(this.#capture, 'reply'), first = new DataView(dumps[0]?.bytes.buffer ?? new ArrayBuffer(24), dumps[0]?.bytes.byteOffset).getUint32(8, true);
    return dumps.filter(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true) === first).map((one) => one.body);
  }
}

/** One line of `ip xfrm`, whatever the shell does after it. */
const line = (command: string): string | undefined => /^ip (-\S+ )*xfrm [^;|]*(?=$| \|\| true$|; sleep)/.exec(command)?.[0].replace(/ \|\| true$/, '');
const rows = captures.flatMap((capture) => {
  const command = capture.name.split('/')[1] === 'xfrm' ? line(capture.command) : undefined;
  return command === undefined ? [] : [{ name: `${capture.name.split('/')[0]}: ${command}`, command, capture }];
});
const table = expected('cli-xfrm');

test('there are captures', () => { expect(rows.length).toBeGreaterThan(60); });

describe('what is sent is what iproute2 sent', () => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, { command, capture }) => {
    const kernel = new Replay(capture), out = new Captured(), theirs = messages(capture, 'request');
    const status = await run(split(`--dry-run ${command}`), out, () => kernel);
    // What iproute2 refuses sends nothing.
    if (theirs.length === 0) return void expect(status === 0).toBe(false);
    expect(status, out.stderr).toBe(0);
    // Deleting them all is a question, and a request each.
    const asks = (key: string): boolean => key.startsWith('get'), all = / deleteall /.test(command);
    if (all) table.meet('xfrm-deleteall');
    const sent = kernel.sent.filter(({ message }) => !all || !asks(message.key)), wanted = theirs.filter(({ key }) => !all || !asks(key));
    expect(sent.map(({ message }) => message.key)).toEqual(wanted.map(({ key }) => key));
    for (const [i, { bytes, message }] of sent.entries()) {
      const [frame] = frames(bytes, little), their = wanted[i]!, body = decodeMessage(xfrm, bytes, frame!, little).body as Body;
      if (all) expect(body).toMatchObject(their.body);
      else expect(body).toEqual(their.body);
      expect({ type: message.number, flags: frame!.flags & ~ACK }).toEqual({ type: xfrm.messages[their.key as keyof typeof xfrm.messages].number, flags: their.flags & ~ACK });
      if (all || hex(bytes) === hex(their.bytes)) continue;
      table.meet('xfrm-padding');
      expect(hex(bytes)).toBe(hex(again(their)));
    }
  });
});

/** The bytes behind the header. */
const hex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(HEADER)).toString('hex');
/** A message as its values alone are written. */
function again({ body, flags, key }: Message): Uint8Array {
  const w = new Writer(true), type = xfrm.messages[key as keyof typeof xfrm.messages];
  writeFrame(w, { type: type.number, flags, seq: 0, pid: 0 }, schemaOf(type, flags), body);
  return w.finish();
}

describe('what is printed is what iproute2 printed', () => {
  const zone = process.env['TZ'];
  // The kernels' clocks were in UTC.
  beforeAll(() => { process.env['TZ'] = 'UTC'; });
  afterAll(() => { if (zone === undefined) delete process.env['TZ']; else process.env['TZ'] = zone; });
  const shown = rows.filter(({ capture }) => capture.exit === 0 && capture.stdout !== undefined);
  test('there are captures', () => { expect(shown.length).toBeGreaterThan(20); });
  test.each(shown.map((row) => [row.name, row] as const))('%s', async (_name, { command, capture }) => {
    const out = new Captured();
    expect(await run(split(command), out, () => new Replay(capture)), out.stderr).toBe(0);
    expect(out.stdout).toBe(capture.stdout);
    // As JSON the same, in one list.
    const json = new Captured();
    expect(await run(split(command.replace(/^ip/, 'ip -j')), json, () => new Replay(capture)), json.stderr).toBe(0);
    const list = JSON.parse(json.stdout) as unknown[];
    if (/ (list|show|get) ?/.test(command)) expect(list.length).toBe(messages(capture, 'reply').length - hidden(out.stdout, capture));
  });
  /** Those that the command's own filter left out. */
  function hidden(stdout: string, capture: Capture): number {
    return messages(capture, 'reply').length - (stdout.match(/^src /gm) ?? []).length;
  }
});

test('each difference is seen', () => { expect([...table.seen].sort()).toEqual(table.ids); });

describe('recordings', () => {
  const told = captures.flatMap((capture) => messages(capture, 'notification').map(({ key, bytes }) => ({ key, bytes }))).filter(({ key }) => /^(new|upd|del|flush)(sa|policy)$|^(acquire|expire|polexpire|newae)$/.test(key));
  const folder = mkdtempSync(join(tmpdir(), 'nlkit-recording-')), file = join(folder, 'ipsec.rec');
  afterAll(() => rmSync(folder, { recursive: true }));
  async function say(line: string): Promise<Captured> {
    const out = new Captured();
    expect(await run(split(line), out, () => new Recorder({ lo: 1 })), out.stderr).toBe(0);
    return out;
  }

  test.skipIf(spawnSync('ip', ['-V']).status !== 0)('are told as iproute2 tells them', async () => {
    expect(new Set(told.map(({ key }) => key)).size).toBeGreaterThan(6);
    writeFileSync(file, Buffer.concat(told.map(({ bytes }) => bytes)));
    const theirs = spawnSync('ip', ['xfrm', 'monitor', 'file', file], { encoding: 'utf8' });
    expect(theirs).toMatchObject({ status: 0, stderr: '' });
    // Links of the captured kernels have other names here, and 6.1 knows no directions and processors of states.
    const anywhere = (text: string): string => text.replace(/^\t(dir (in|out)|pcpu-num \d+)\n/gm, '').replace(/\bdev \S+/g, 'dev *').replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME');
    expect(anywhere((await say(`ip xfrm monitor file ${file}`)).stdout).split('\n')).toEqual(anywhere(theirs.stdout).split('\n'));
  });
  test('by object, with the times that are in them, and as JSON', async () => {
    const raw = told.map(({ bytes }) => { const [{ type, flags, seq, pid, start, end }] = [...frames(bytes, little)] as [Frame]; return { header: { type, flags, seq, pid }, body: bytes.subarray(start, end) }; });
    writeFileSync(file, happened([...raw, 'overrun'], 1_700_000_000_000));
    const all = await say(`ip xfrm monitor file ${file}`), policies = await say(`ip xfrm monitor policy file ${file}`), lines = (await say(`ip -j xfrm monitor file ${file}`)).stdout.trim().split('\n');
    expect(all.stdout.match(/^Timestamp: /gm)).toHaveLength(told.length + 1);
    expect(all.stderr).toMatch(/the kernel dropped events here/);
    expect(policies.stdout).not.toMatch(/^\tproto esp spi/m);
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(told.map(({ key }) => key));
  });
  test('what is none is refused', async () => {
    const out = new Captured();
    expect(await run(['ip', 'xfrm', 'monitor', 'file', join(folder, 'none')], out, () => new Recorder())).toBe(1);
    expect(out.stderr).toMatch(/cannot read/);
  });
});

test('completion of what can be watched', async () => {
  expect(await candidates(new Words(split('ip xfrm monitor nokeys a')))).toEqual(['all', 'all-nsid', 'acquire', 'aevent']);
});
