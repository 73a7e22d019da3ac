/** The same line by iproute2 and by nlkit, each in a fresh namespace: the kernel's state afterwards is the same, read by iproute2. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { split } from '../../src/cli/batch.ts';
import { scenarios } from '../support/cli-scenarios.ts';
import { has, isolate } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

interface Done { status: number; said: string }

/** Puts `-n NAMESPACE` after the tool's name. */
const inside = (line: string, namespace: string): string => line.replace(/^(\w+)/, `$1 -n ${namespace}`);

function iproute2(line: string): Done {
  const { status, stdout, stderr } = spawnSync('timeout', ['20', 'sh', '-c', line], { encoding: 'utf8' });
  return { status: status ?? 1, said: stderr + stdout };
}

async function nlkit(line: string): Promise<Done> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, said: out.stderr + out.stdout };
}

/** Everything that the lines above may change. */
const questions = ['ip -j -d link', 'ip -j -d address', 'ip -j -d route show table all', 'ip -j -d -6 route show table all', 'ip -j -d rule', 'ip -j -d -6 rule', 'ip -j neigh show nud all', 'ip -j neigh show proxy', 'bridge -j -d link', 'bridge -j fdb', 'bridge -j vlan', 'bridge -j mdb'];

/** Clocks, random hardware addresses, and what is made from them. */
const unstable = /_timer|life_time|^(used|confirmed|updated|expires)$/;
const random = /([0-9a-f]{2}:){5}[0-9a-f]{2}|fe80::[0-9a-f:]+|ff02::1:ff[0-9a-f:]+|33:33:ff:[0-9a-f:]+|[0-9a-f]{4}\.([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}/g;

function mask(value: unknown, side: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, side));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unstable.test(key) ? '*' : mask(item, side)]));
  if (typeof value !== 'string') return value;
  // Addresses that were asked for begin with 02:00:00:00:00, and stay.
  return value.replace(random, (address) => (/^(02:00:00:00:00|01:80:c2)/.test(address) ? address : '*')).replace(`s${side}`, 's@');
}

function state(namespaces: readonly string[], side: string): Record<string, unknown> {
  const script = namespaces.flatMap((namespace) => questions.map((question) => `echo '### ${namespace.replace(side, '@')} ${question}'; ${inside(question, namespace)} 2>/dev/null || true`)).join('\n');
  const said = iproute2(script).said;
  const answers: Record<string, unknown> = {};
  for (const part of said.split(/^### /m).slice(1)) {
    const [question = '', ...rest] = part.split('\n');
    const text = rest.join('\n').trim();
    // A tool that stops in the middle prints half an array.
    const parsed: unknown = text === '' || text === '[' ? [] : JSON.parse(text);
    const list = mask(parsed, side) as unknown[];
    // Routes of addresses that are random come in the order of those addresses.
    answers[question] = list.map((item) => JSON.stringify(item)).sort().map((item) => JSON.parse(item) as unknown);
  }
  return answers;
}

/** What the kernel or the tool says where it lacks something: then there is nothing to compare. */
const lacking = /Unknown device type|Operation not supported|not supported|Unknown .*kind|No such file or directory|Cannot find device|does not exist|Protocol not supported|CONFIG_|Dump terminated|garbage|invalid option/i;

let made = 0;
const skipped: string[] = [];

describe.skipIf(why)('nlkit does what iproute2 does', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, { setup = [], lines }) => {
    const sides = { A: `A${made}`, B: `B${made}` };
    made++;
    for (const side of Object.values(sides)) expect(iproute2(`ip netns add n${side}`)).toEqual({ status: 0, said: '' });
    const extra = [...setup, ...lines].some((line) => line.includes('s@'));
    try {
      for (const line of setup) {
        for (const side of Object.values(sides)) {
          const own = line.replaceAll('@', side);
          const { status, said } = iproute2(own.includes('netns add') ? own : inside(own, `n${side}`));
          if (status !== 0) return skip(`${line}: ${said.trim()}`);
        }
      }
      for (const given of lines) {
        const refused = given.startsWith('!');
        const line = given.replace(/^!/, '');
        const theirs = iproute2(inside(line.replaceAll('@', sides.A), `n${sides.A}`));
        if (!refused && theirs.status !== 0) {
          if (lacking.test(theirs.said)) return skip(`${line}: ${theirs.said.trim()}`);
          expect.fail(`iproute2 refuses "${line}": ${theirs.said}`);
        }
        const ours = await nlkit(inside(line.replaceAll('@', sides.B), `n${sides.B}`));
        expect(`${line}: ${ours.status === 0 ? 'done' : 'refused'}${refused || ours.status === 0 ? '' : ` ${ours.said}`}`).toBe(`${line}: ${refused ? 'refused' : 'done'}`);
        if (refused) expect(theirs.status).not.toBe(0);
      }
      const all = (side: string): string[] => [`n${side}`, ...(extra ? [`s${side}`] : [])];
      expect(state(all(sides.B), sides.B)).toEqual(state(all(sides.A), sides.A));
    } finally {
      for (const side of Object.values(sides)) iproute2(`ip netns del n${side}; ip netns del s${side}`);
    }
  });

  test('what could not be compared here', () => {
    if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n  ${skipped.join('\n  ')}`);
    // Not everything can be lacking.
    expect(skipped.length).toBeLessThan(scenarios.length / 2);
  });
});

function skip(reason: string): void {
  skipped.push(reason.replaceAll('\n', ' '));
}
