/** `-batch` beside iproute2: what is done, in which order, where it stops, and what is said. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { has, isolate, kernelVersion, sh } from './support.ts';

const why = isolate() ?? (has('ip') ? undefined : 'no iproute2');
if (why) console.warn(`skipped: ${why}`);

const folder = why ? '' : mkdtempSync(join(tmpdir(), 'nlkit-batch-'));
afterAll(() => { if (folder) rmSync(folder, { recursive: true }); });

interface Ended { failed: boolean; shown: string; /** Lines that failed. */ at: number[]; left: string }

const setUp = (ns: string): string => sh(`set -e; ip -n ${ns} link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02; for l in lo v0 v1; do ip -n ${ns} link set $l addrgenmode none; ip -n ${ns} link set $l up; done; ip -n ${ns} addr add 192.0.2.1/24 dev v0`);
/** What is there afterwards, by iproute2. */
const left = (ns: string): string => sh(`for what in "link show" "addr show" "route show table all" "rule" "neigh show nud permanent" nexthop; do ip -n ${ns} $what | sed 's/ state .*//; s/ permaddr .*//'; done`);

/** The same lines by both tools, each in a namespace of its own. */
async function both(lines: string, options = ''): Promise<{ theirs: Ended; ours: Ended; text: string }> {
  const file = join(folder, 'lines');
  writeFileSync(file, lines);
  create('theirs');
  create('ours');
  try {
    setUp('theirs');
    setUp('ours');
    const ip = spawnSync('ip', [...split(`-n theirs ${options} -batch`), file], { encoding: 'utf8', timeout: 20_000 });
    const theirs = { failed: ip.status !== 0, shown: ip.stdout, at: [...ip.stderr.matchAll(/^Command failed .*:(\d+)$/gm)].map((match) => Number(match[1])), left: left('theirs') };
    const out = new Captured();
    const status = await run(split(`ip -n ours ${options} -batch ${file}`), out);
    const ours = { failed: status !== 0, shown: out.stdout, at: [...out.stderr.matchAll(/^.*\/lines:(\d+): error: /gm)].map((match) => Number(match[1])), left: left('ours') };
    return { theirs, ours, text: out.stderr };
  } finally {
    remove('theirs');
    remove('ours');
  }
}

/** Of these iproute2 goes on after each (a refused neighbour or wrong words end it even so). */
const refusals = `route add 10.0.0.0/24 dev v0
route add 10.0.0.0/24 dev v0

# nothing
route add 10.0.1.0/24 via 9.9.9.9
route show 10.0.0.0/24
addr add 192.0.2.1/24 dev v0
addr add 192.0.2.5/24 \\
  dev \\
  v0
route del 10.77.0.0/16
rule add from 10.1.0.0/16 table 100 priority 7
rule add from 10.1.0.0/16 table 100 priority 7
neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0
nexthop add id 7 via 192.0.2.9 dev v0
nexthop del id 8
link set v0 alias "two words" # and why
route append 10.2.0.0/24 nhid 7
route show
link set v0 name w0
route add 10.3.0.0/24 dev w0
link show w0
route add 10.4.0.0/24 dev lo
`;

describe.skipIf(why)('-batch, beside iproute2', () => {
  test('stops at the first line that fails: what follows is not done', async () => {
    const { theirs, ours, text } = await both(refusals);
    expect(ours).toEqual(theirs);
    expect(ours.at).toEqual([2]);
    expect(text).toContain(`${folder}/lines:2: error: RTM_NEWROUTE: EEXIST`);
  });

  test('-force goes on: the same is done and printed, the same lines fail, the status is 1', async () => {
    const { theirs, ours } = await both(refusals, '-force');
    expect(ours).toEqual(theirs);
    // Before 6.2 a link that is up keeps its name.
    expect(ours.at).toEqual([2, 5, 7, 11, 13, 16, ...(kernelVersion() < 602 ? [20, 21, 22] : [])]);
    const out = new Captured();
    create('one');
    writeFileSync(join(folder, 'lines'), 'route add 10.0.1.0/24 via 9.9.9.9\n');
    expect(await run(split(`ip -n one -force -batch ${folder}/lines`), out)).toBe(1);
    remove('one');
  });

  test('comments wherever they stand, quotes, joined lines, blanks', async () => {
    const lines = ['# a comment \\', 'link set v0 alias a#b', '\t  link set v1 alias \'it "is"\'\r', 'link set lo \\', 'alias \\', '"so # here"', ''].join('\n');
    const { theirs, ours } = await both(lines.replace('"so # here"', '"so here"'));
    expect(ours).toEqual(theirs);
    expect(ours.left).toContain('alias it "is"');
    for (const [wrong, message] of [['link set v0 alias "open', 'the quote in "open does not end'], ['link show v0 \\\n', 'the last line goes on']] as const) {
      const { ours: ended, text } = await both(`${wrong}\n`.replace(/\n\n$/, '\n'));
      expect(ended.failed).toBe(true);
      expect(text).toContain(`lines:1: error: ${message}`);
    }
  });

  test('the family of one line is not that of the next', async () => {
    const { theirs, ours } = await both('link show lo\naddr show to fd00::/8\nroute add 10.9.0.0/16 dev v0\nneigh show\nroute show\n');
    expect(ours).toEqual(theirs);
  });

  test('thousands of changes with -force: more than one datagram, refusals among them', async () => {
    const lines = Array.from({ length: 1500 }, (_, n) => [`route add 10.${n >> 8}.${n & 255}.0/24 dev v0`, ...(n % 100 === 7 ? [`route add 10.${n >> 8}.${n & 255}.0/24 dev v0`, 'route del 10.250.0.0/16'] : [])]).flat();
    const { theirs, ours } = await both(`${lines.join('\n')}\n`, '-force');
    expect(ours.at).toEqual(theirs.at);
    expect(ours.at).toHaveLength(30);
    expect(ours.left).toBe(theirs.left);
  }, 240_000);
});
