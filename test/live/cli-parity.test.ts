/** The same line by iproute2 and by nlkit, each in a fresh namespace: the kernel's state afterwards is the same, read by iproute2. */
import { afterAll, describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { split } from '../../src/cli/batch.ts';
import { scenarios } from '../support/cli-scenarios.ts';
import { KernelState, withoutRandom } from './kernel-state.ts';
import { batched, Shell } from './shell.ts';
import { has, isolate } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

interface Done { status: number; said: string }

/** Puts `-n NAMESPACE` after the tool's name. */
const inside = (line: string, namespace: string): string => line.replace(/^(\w+)/, `$1 -n ${namespace}`);

const shell = why ? undefined : new Shell();
afterAll(() => shell?.close());

async function iproute2(lines: readonly string[]): Promise<Done> {
  const { status, stdout, stderr } = await shell!.run(lines.join('\n'));
  return { status, said: stderr + stdout };
}

async function nlkit(line: string): Promise<Done> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, said: out.stderr + out.stdout };
}

/** Everything that the lines may change: few processes, several questions each. */
function questions(text: string): [tool: string, lines: readonly string[]][] {
  const asked: [string, readonly string[]][] = [['ip -j -d -batch -', ['link show', 'address show', 'rule show', 'neigh show nud all', 'neigh show proxy', 'route show table all']]];
  if (text.includes('rule')) asked.push(['ip -6 -j -d -batch -', ['rule show']]);
  if (/bridge|br0|vxlan/.test(text)) asked.push(['bridge -j -d -batch -', ['link', 'fdb']], ['bridge -j -batch -', ['vlan', 'mdb']]);
  return asked;
}

/** What comes and goes by itself: indexes of links that are made again, clocks. */
const unstable = /_timer|life_time|^(used|confirmed|updated|expires|tentative|operstate|ifindex|index|permaddr|fdb_n_learned|mcast_n_groups)$/;
const passing = new Set(['NO-CARRIER', 'LOWER_UP', 'M-DOWN']);

/** Objects that the kernel makes on its own time: multicast memberships, link-local addresses, what a bridge learns. */
function fleeting(item: unknown): boolean {
  if (item === null || typeof item !== 'object') return passing.has(item as string);
  const { state, local, dst, mac, grp } = item as Record<string, unknown>;
  if (Array.isArray(state) && state.includes('NOARP') && /^(\*|ff02|fe80|224)/.test(String(dst))) return true;
  if (local === '*' || dst === '*' || dst === 'fe80::/64' || dst === 'ff00::/8') return true;
  if (mac !== undefined && (/^(33:33|01:00:5e)/.test(String(mac)) || mac === '*' || state === '')) return true;
  return grp !== undefined && state === 'temp';
}

function mask(value: unknown, side: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, side)).filter((item) => !fleeting(item));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).filter(([key]) => !unstable.test(key)).map(([key, item]) => [key, mask(item, side)]));
  if (typeof value !== 'string') return value;
  return withoutRandom(value).replace(`s${side}`, 's@');
}

/** The shell lines that ask everything about a namespace. */
function ask(namespace: string, side: string, text: string): string[] {
  return questions(text).map(([tool, lines]) => {
    const command = inside(tool, namespace);
    return `echo '### ${namespace.replace(side, '@')} ${tool}'; printf '${lines.map((line) => `${line}\\n`).join('')}' | ${command} 2>/dev/null || true`;
  });
}

/** Answers, an array a line, by question. */
function answersOf(said: string, side: string): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const part of said.split(/^### /m).slice(1)) {
    const [question = '', ...rest] = part.split('\n');
    rest.filter((line) => line.startsWith('[') && line.endsWith(']')).forEach((line, i) => {
      const list = mask(JSON.parse(line), side) as unknown[];
      // Routes of addresses that are random come in the order of those addresses.
      answers[`${question} ${i}`] = list.map((item) => JSON.stringify(item)).sort().map((item) => JSON.parse(item) as unknown);
    });
  }
  return answers;
}

/** What the kernel or the tool says where it lacks something: then there is nothing to compare. */
const lacking = /Unknown device type|Operation not supported|not supported|Unknown .*kind|No such file or directory|Cannot find device|does not exist|Protocol not supported|CONFIG_|Dump terminated|garbage|invalid option/i;

/** Namespaces made, and how often the kernel said the same of both sides: else iproute2 has the last word. */
let made = 0, alike = 0;
const skipped: string[] = [];

function skip(reason: string): void {
  skipped.push(reason.replaceAll('\n', ' '));
}

describe.skipIf(why)('nlkit does what iproute2 does', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const sides = { A: `A${made}`, B: `B${made}` };
    made++;
    const both = Object.values(sides);
    const { setup = [], lines, undo } = scenario;
    const text = [...setup, ...lines].join('\n');
    const namespaces = (side: string): string[] => [`n${side}`, ...(text.includes('s@') ? [`s${side}`] : [])];
    const of = (side: string, list: readonly string[]): string[] => list.filter((line) => !line.includes('netns add')).map((line) => line.replaceAll('@', side));
    const within = (side: string, line: string): string => inside(of(side, [line])[0]!, `n${side}`);
    const again = undo ? both.map((side) => batched([...of(side, undo), ...of(side, setup)], `n${side}`, true).map((line) => `${line} 2>/dev/null || true`).join('\n')) : [];
    let states: KernelState[][] = [];
    const compare = async (after: string): Promise<void> => {
      const [a, b] = states.map((side) => side.map((state) => state.read()).join('\n'));
      expect(a).toContain('"lo"');
      if (a === b) {
        alike++;
        if (undo) await iproute2(again);
        return;
      }
      const [theirs = '', ours = ''] = (await iproute2([
        ...both.flatMap((side) => ['echo "@@@"', ...namespaces(side).flatMap((namespace) => ask(namespace, side, text))]), ...again,
      ])).said.split('@@@').slice(1);
      expect(answersOf(theirs, sides.A)).not.toEqual({});
      expect.soft({ after, ...answersOf(ours, sides.B) }).toEqual({ after, ...answersOf(theirs, sides.A) });
    };
    try {
      const ready = await iproute2(['set -e', ...both.flatMap((side) => namespaces(side).map((namespace) => `ip netns add ${namespace}`)), ...both.flatMap((side) => batched(of(side, setup), `n${side}`))]);
      if (ready.status !== 0) return skip(`${setup.join('; ')}: ${ready.said.trim()}`);
      states = both.map((side) => namespaces(side).map((namespace) => new KernelState(namespace)));
      for (const given of lines) {
        const refused = given.startsWith('!');
        const line = given.replace(/^!/, '');
        const theirs = await iproute2([within(sides.A, line)]);
        if (!refused && theirs.status !== 0) {
          if (!lacking.test(theirs.said)) expect.soft(`iproute2 refuses "${line}": ${theirs.said}`).toBe('');
          skip(`${line}: ${theirs.said.trim()}`);
          if (undo) {
            await compare(`${line} (refused)`);
            continue;
          }
          return;
        }
        const ours = await nlkit(within(sides.B, line));
        expect.soft(`${line}: ${ours.status === 0 ? 'done' : 'refused'}${refused || ours.status === 0 ? '' : ` ${ours.said}`}`).toBe(`${line}: ${refused ? 'refused' : 'done'}`);
        if (refused) expect.soft(theirs.status, line).not.toBe(0);
        if (undo) await compare(line);
      }
      if (!undo) await compare(lines.join('; '));
    } finally {
      for (const state of states.flat()) state.close();
      await iproute2(both.flatMap(namespaces).map((namespace) => `ip netns del ${namespace}`));
    }
  }, 300_000);

  test('what could not be compared here', () => {
    if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n  ${skipped.join('\n  ')}`);
    console.warn(`${alike} comparisons were settled without iproute2`);
    // Not everything can be lacking.
    expect(skipped.length).toBeLessThan(scenarios.flatMap(({ lines }) => lines).length / 2);
  });
});
