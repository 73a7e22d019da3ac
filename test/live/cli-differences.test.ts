/** The table of differences, line by line: iproute2 does what it says it does, and so does nlkit. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { features, rig } from '../support/bad-lines.ts';
import { differences, expected, made, type Outcome } from '../support/differences.ts';
import { like } from './outcome.ts';
import { has, iproute2Version, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

/** 6.1 as 601: what later versions mended is no difference there. */
const version = why ? 0 : iproute2Version();
if (!why) sh(rig.join('\n'));
const lacks = (feature: string): boolean => spawnSync('sh', ['-ec', (features[feature] as readonly string[]).join('\n')]).status !== 0;

interface Done { status: number; stdout: string; stderr: string }

function iproute2(line: string): Done {
  const { status, stdout, stderr } = spawnSync('timeout', [String(PATIENCE / 1000), ...split(line)], { encoding: 'utf8', input: '' });
  return { status: status ?? 1, stdout, stderr };
}

async function nlkit(line: string): Promise<Done> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}

const fits = ({ status, stdout, stderr }: Outcome, done: Done): boolean => (status ?? done.status) === done.status && (stdout?.test(done.stdout) ?? true) && (stderr?.test(done.stderr) ?? true);

describe.skipIf(why)('differences', () => {
  const table = expected('live/cli-differences'), mended: string[] = [];
  const rows = differences.filter(({ id }) => table.ids.includes(id)).flatMap(({ id, shown = [] }) => shown.map((one) => [id, one.line, one] as const));

  test.each(rows)('%s: %s', async (id, line, { theirs, ours, lacks: feature }) => {
    table.meet(id);
    if (feature !== undefined && !lacks(feature)) return void mended.push(`${id}: this kernel has ${feature}`);
    // nlkit first: it refuses where iproute2 does something.
    const done = await nlkit(line);
    const other = iproute2(line);
    expect.soft(done).toEqual(like(ours));
    if (version > made.first && !fits(theirs, other)) mended.push(`${id}: ${line}: iproute2 ${version / 100}: exit ${other.status}: ${(other.stderr + other.stdout).trim().split('\n')[0]}`);
    else expect.soft(other).toEqual(like(theirs));
  });

  test('json-monitor', async () => {
    table.meet('json-monitor');
    let theirs = '';
    const tool = spawn('timeout', [String(PATIENCE / 1000), 'ip', '-j', 'monitor', 'link']);
    tool.stdout.on('data', (data: Buffer) => { theirs += data.toString(); });
    const out = new Captured(), stop = new AbortController();
    class Stoppable extends LiveKernel {
      override monitor(groups: readonly string[]) { return super.monitor(groups, { signal: stop.signal }); }
    }
    const ended = run(['ip', '-j', 'monitor', 'link'], out, () => new Stoppable());
    for (let i = 0; i < 100 && !(theirs.includes('v3') && out.stdout.includes('v3')); i++) {
      sh(`ip link set v3 mtu ${1400 + (i % 2)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    tool.kill();
    stop.abort();
    expect(await ended).toBe(0);
    const ours = out.stdout.trim().split('\n').map((line) => JSON.parse(line) as { object: string; value: { ifname: string } });
    expect(ours).toContainEqual(expect.objectContaining({ object: 'link', value: expect.objectContaining({ ifname: 'v3' }) as object }));
    if (version <= made.first) expect(theirs).toMatch(/^\d+: v3@v2: </m);
  });

  test('batch-force', async () => {
    table.meet('batch-force');
    const folder = mkdtempSync(join(tmpdir(), 'nlkit-differences-')), file = join(folder, 'lines');
    try {
      writeFileSync(file, 'link set v3 mtuu 1400\nlink set v3 alias done\n');
      const other = iproute2(`ip -force -batch ${file}`);
      expect.soft({ stderr: other.stderr, alias: sh('ip link show v3') }).toEqual({ stderr: expect.not.stringContaining(':1') as string, alias: expect.not.stringContaining('alias done') as string });
      const done = await nlkit(`ip -force -batch ${file}`);
      expect.soft(done).toEqual({ status: 1, stdout: '', stderr: expect.stringContaining(`${file}:1: error: "mtuu" is not an option here`) as string });
      expect(sh('ip link show v3')).toContain('alias done');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  afterAll(() => { if (mended.length > 0) console.warn(`no difference here:\n  ${mended.join('\n  ')}`); });
  test('every row is met', () => {
    expect([...table.seen].sort()).toEqual(table.ids);
    expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length);
  });
});
