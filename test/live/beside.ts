/** Lines said to iproute2 and to nlkit over generic netlink: what both print, what state they leave, which bytes they send. */
import { spawnSync } from 'node:child_process';
import { afterAll, expect } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import type { Kernel } from '../../src/cli/kernel.ts';
import { Recorder } from '../../src/cli/kernel-record.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { frames, HEADER_SIZE, type AnyGenericFamily } from '../../src/codec/index.ts';
import { NLCTRL_ID } from '../../src/families/generic/index.ts';
import { openSync } from '../../src/generic/index.ts';
import { readStrace, toHex } from '../../src/inspect/index.ts';
import { unflagged } from '../support/nests.ts';
import { type Said, Shell } from './shell.ts';
import { has, isolate } from './support.ts';

/** Each object with each of the options. */
export const forms = (options: readonly string[], ...objects: string[]): string[] => options.flatMap((option) => objects.map((object) => `ip ${option} ${object}`.replace(/ +/g, ' ')));

/** What a test file compares with; to be called first in it. `why`: why nothing can be compared here. */
export function beside() {
  const why = isolate() ?? (has('ip') ? undefined : 'iproute2 is not installed');
  if (why) console.warn(`skipped: ${why}`);

  const shell = why ? undefined : new Shell();
  afterAll(() => shell?.close());
  const sh = (line: string): Promise<Said> => shell!.run(line);
  const inside = (line: string, namespace: string): string => line.replace(/\b(ip|bridge) /, `$1 -n ${namespace} `);

  async function nlkit(line: string, kernel?: () => Kernel): Promise<Said> {
    const out = new Captured();
    const status = await run(split(line), out, kernel);
    return { status, stdout: out.stdout, stderr: out.stderr };
  }

  /** Why a family cannot be looked at here. */
  const lacking = (family: AnyGenericFamily): string | undefined => {
    if (why) return why;
    try { openSync(family).close(); return undefined; } catch (error) { return (error as Error).message; }
  };
  /** Time goes on. */
  const still = (text: string): string => text.replace(/( age |"age": ?)[0-9.e+-]+/g, '$1T');

  /** What both print of a namespace. */
  async function alike(line: string, namespace: string, steady = still): Promise<void> {
    const theirs = await sh(inside(line, namespace)), ours = await nlkit(inside(line, namespace));
    expect(theirs).toMatchObject({ status: 0, stderr: '' });
    expect(ours).toMatchObject({ status: 0, stderr: '' });
    expect(steady(ours.stdout)).toBe(steady(theirs.stdout));
  }

  /** Says lines to both, each in a namespace of its own, and compares what iproute2 (or another teller) tells of them after each. A line that begins with ! is refused by both. */
  async function doAlike(asked: readonly string[], lines: readonly string[], setup = '', tell = (line: string): Promise<Said> => sh(line)): Promise<void> {
    try {
      for (const side of ['theirs', 'ours']) expect(await sh(`ip netns add ${side} && ip -n ${side} link set lo up\n${setup.replaceAll('NAMESPACE', side)}`)).toMatchObject({ status: 0, stderr: '' });
      for (const given of lines) {
        const refused = given.startsWith('!'), line = given.replace(/^!/, '');
        const theirs = await sh(inside(line, 'theirs')), ours = await nlkit(inside(line, 'ours'));
        expect.soft({ line, ours: ours.status === 0, said: refused ? '' : ours.stderr + ours.stdout }).toEqual({ line, ours: !refused, said: refused ? '' : theirs.stderr + theirs.stdout });
        expect.soft({ line, theirs: theirs.status === 0 }).toEqual({ line, theirs: !refused });
        const [a, b] = [await tell(asked.map((one) => inside(one, 'theirs')).join('; ')), await tell(asked.map((one) => inside(one, 'ours')).join('; '))];
        expect.soft({ line, state: still(b.stdout) }).toEqual({ line, state: still(a.stdout) });
      }
    } finally {
      await sh('ip netns del theirs; ip netns del ours');
    }
  }

  const noStrace = why ?? (spawnSync('strace', ['-V']).status === 0 ? undefined : 'strace is not installed');
  if (!why && noStrace) console.warn(`skipped: ${noStrace}`);

  /** Behind the number of the family, which is made up in a dry run, and the number of the message: flags, but for the acknowledgement, and payload. */
  function sent(all: readonly Uint8Array[]): string[] {
    const ACK = 4, DUMP = 0x300;
    return all.flatMap((bytes) => [...frames(bytes)].filter(({ type }) => type > NLCTRL_ID).map((frame) => {
      // Of a dump iproute2 wants no acknowledgement, nor does nlkit.
      const flags = frame.flags & DUMP ? frame.flags : frame.flags & ~ACK;
      return `${flags.toString(16)} ${toHex(unflagged(bytes.slice(frame.at + HEADER_SIZE, frame.end)))}`;
    }));
  }
  /** What iproute2 sends over generic netlink, whatever comes of it. */
  async function theirBytes(line: string): Promise<string[]> {
    await sh(`strace -o /run/trace -e trace=%network,write,read -e read=all -e write=all -yy ${line}`);
    const { stdout } = await sh('cat /run/trace');
    return sent(readStrace(stdout).filter(({ protocol, direction }) => protocol === 16 && direction === 'send').map(({ bytes }) => bytes));
  }
  async function sameBytes(line: string): Promise<void> {
    const recorder = new Recorder({ lo: 1 });
    expect(await nlkit(line, () => recorder)).toMatchObject({ status: 0 });
    const theirs = await theirBytes(line);
    expect(theirs.length, line).toBeGreaterThan(0);
    expect.soft({ line, sent: sent(recorder.sent.map(({ bytes }) => bytes)) }).toEqual({ line, sent: theirs });
  }
  return { why, sh, inside, nlkit, lacking, still, alike, doAlike, noStrace, sent, theirBytes, sameBytes };
}
