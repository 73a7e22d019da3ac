/** What must be refused is refused: with the status that says by whom, in words that name the culprit, and with nothing left behind. iproute2 refuses it, too. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { exits } from '../../src/cli/errors.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { openSync, type NetlinkSync } from '../../src/route/index.ts';
import { calls } from '../support/bad-calls.ts';
import { NOBODY, readable } from '../support/bundle.ts';
import { batches, bridges, brctl, features, microscope, rig, unprivileged, type BadLine } from '../support/bad-lines.ts';
import { generic } from '../support/bad-lines-generic.ts';
import { modules } from '../support/bad-lines-generic-modules.ts';
import { addresses, links } from '../support/bad-lines-ip.ts';
import { neighbours, others, routes } from '../support/bad-lines-route.ts';
import { tunnels } from '../support/bad-lines-tunnels.ts';
import { expected } from '../support/differences.ts';
import { atRest, descriptors, has, isolate, PATIENCE } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const shell = (lines: readonly string[]) => spawnSync('timeout', [String(PATIENCE / 1000), 'sh', '-ec', lines.join('\n')], { encoding: 'utf8' });

/** Features that this kernel lacks, with what it said. */
const lacks = new Map<string, string>();
if (!why) {
  const { status, stderr } = shell(rig);
  if (status !== 0) throw new Error(stderr);
  for (const [name, lines] of Object.entries(features)) {
    const made = shell(lines);
    if (made.status !== 0) lacks.set(name, made.stderr.trim().split('\n')[0] ?? '');
  }
}

/** Everything there is in the namespace and in one beside it, as iproute2 reads it; what moves by itself left out. */
function snapshot(): string {
  const { stdout } = shell([
    'lines() { printf "%s\\n" "$@"; }',
    // Without nud: the kernel keeps an empty entry of a neighbour that it refused, for as long as it likes.
    'lines link address "route show table all" rule neigh "neigh show proxy" nexthop netns addrlabel token | ip -j -d -force -batch - 2>/dev/null || true',
    'lines rule | ip -6 -j -force -batch - 2>/dev/null || true',
    'lines link fdb mdb | bridge -j -d -force -batch - 2>/dev/null || true',
    'bridge vlan 2>/dev/null || true', 'ip -j -n s1 address', 'ls /run/netns',
    ...['mptcp endpoint', 'mptcp limits', 'sr tunsrc show', 'sr hmac show', 'ioam namespace show', 'ioam schema show', 'fou show', 'ila list', 'macsec show', 'l2tp show tunnel', 'l2tp show session'].map((object) => `ip ${object} 2>/dev/null || true`),
  ]);
  // Groups that a bridge learned go by themselves.
  return stdout.replace(/"[a-z_]*timer":[0-9.]+/g, '').replace(/,?\{[^{}]*"state":"temp"[^{}]*\}/g, '');
}

let before = '';

/** Nothing has changed since last time. */
function expectUnchanged(): void {
  const after = snapshot(), same = after === before;
  const parts = (text: string): string[] => text.split(/(?<=[}\n]),?/);
  const come = same ? [] : parts(after).filter((part) => !before.includes(part)), gone = same ? [] : parts(before).filter((part) => !after.includes(part));
  before = after;
  expect.soft({ same, come, gone }).toEqual({ same: true, come: [], gone: [] });
}

/** So many lines are looked at together: who changed something is one of them. */
const CHUNK = 20;

interface Said { status: number; text: string }

/** What iproute2 says to each line, many in one shell: processes are what takes the time here. */
function iproute2(rows: readonly BadLine[]): Map<string, Said> {
  const asked = rows.filter(({ line }) => /^(ip|bridge) /.test(line)), said = new Map<string, Said>();
  for (let at = 0; at < asked.length; at += CHUNK) {
    const lines = asked.slice(at, at + CHUNK);
    const { status, stdout, stderr } = shell(lines.map(({ line }) => `${line} </dev/null 2>&1 || echo "@$?"; echo "@@@"`));
    if (status !== 0) throw new Error(`exit ${status}: ${stderr}${stdout}`);
    stdout.split('@@@\n').slice(0, -1).forEach((answer, i) => {
      const [text = '', failed = '0'] = answer.split(/^@(?=\d+\n$)/m);
      said.set((lines[i] as BadLine).line, { status: Number(failed), text });
    });
  }
  return said;
}

describe.skipIf(why)('bad input', () => {
  beforeAll(async () => {
    // Carriers and what comes with them settle.
    before = await atRest(snapshot, 300);
    for (const there of ['"v0"', '10.7.0.0/16', 'fd00::1', '"priority":1000', '10.0.0.33', '02:00:00:00:00:77', '239.1.1.1', '"altname-of-v1"', 's1']) expect(before).toContain(there);
  });

  const suites: readonly (readonly [string, readonly BadLine[]])[] = [['links', links], ['addresses', addresses], ['routes and rules', routes], ['neighbours', neighbours], ['namespaces and the rest', others], ['tunnels and multicast', tunnels], ['generic netlink', generic], ['generic netlink of modules', modules], ['bridges', bridges], ['brctl', brctl]];
  describe.each(suites)('%s', (_name, rows) => {
    const here = rows.filter(({ needs }) => needs === undefined || !lacks.has(needs));
    let theirs: ReadonlyMap<string, Said> = new Map();
    test('iproute2 refuses them', () => {
      theirs = iproute2(here);
      expect.soft([...theirs].filter(([, { status }]) => status === 0).map(([line]) => line)).toEqual([]);
      expectUnchanged();
    });
    test.each(here.map((row, i) => [row.line, row, i] as const))('%s', async (line, { status, says }, i) => {
      const count = descriptors();
      const out = new Captured();
      const ours = await run(split(line), out);
      expect.soft(out.stderr).toMatch(says);
      expect.soft(out.stderr).toMatch(/^error: .*\n( {2}(hint|request): .*\n)*$/);
      expect.soft({ status: ours, stdout: out.stdout, descriptors: descriptors() }).toEqual({ status, stdout: '', descriptors: count });
      const other = theirs.get(line);
      if (other) {
        // What the kernel said beside the number, iproute2 prints behind "Error: ", after a warning or two.
        const extack = status === exits.refused && (other.status === 2 || line.startsWith('bridge')) ? /^Error: (.*)\.$/m.exec(other.text.split('\n').reverse().join('\n'))?.[1] : undefined;
        if (extack !== undefined) expect.soft(out.stderr).toContain(extack);
      }
      if (i % CHUNK === CHUNK - 1 || i === here.length - 1) expectUnchanged();
    });
  });

  describe.each([['batches', batches], ['the microscope', microscope]] as const)('%s', (name, rows) => {
    let folder = '';
    beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'nlkit-bad-')); });
    afterAll(() => rmSync(folder, { recursive: true }));
    test.each(rows.map((row, i) => [row.line, row, i] as const))('%s (%#)', async (line, { text, status, says }, i) => {
      const file = join(folder, 'input'), out = new Captured(), count = descriptors();
      const words = split(line).map((word) => word.replace('FILE', file));
      writeFileSync(file, text, 'latin1');
      const ours = await run(words, out);
      const said = out.stderr.replaceAll(file, 'FILE');
      expect.soft(said).toMatch(says);
      expect.soft(said).not.toMatch(/^\s+at /m);
      expect.soft({ status: ours, descriptors: descriptors() }).toEqual({ status, descriptors: count });
      if (name === 'batches') expect.soft(spawnSync('timeout', ['10', ...words]).status).not.toBe(0);
      if (i === rows.length - 1) expectUnchanged();
    });
  });

  test.skipIf(!has('setpriv'))('no permission', () => {
    using lines = readable('test/support/unprivileged-lines.ts');
    const table = expected('live/cli-bad-input');
    const [setpriv, ...drop] = NOBODY;
    const { stdout, stderr } = spawnSync(setpriv, [...drop, process.execPath, lines.program, ...unprivileged.map(({ line }) => line)], { encoding: 'utf8', timeout: PATIENCE });
    expect(stderr).toBe('');
    const said = JSON.parse(stdout) as { line: string; status: number; stdout: string; stderr: string }[];
    for (const [i, { line, status, says }] of unprivileged.entries()) {
      expect.soft(said[i]).toEqual({ line, status, stdout: '', stderr: expect.stringMatching(says) as string });
      if (line.startsWith('brctl')) continue;
      const theirs = spawnSync(setpriv, [...drop, ...split(line)]).status;
      expect.soft(theirs, `iproute2: ${line}`).not.toBe(0);
      if (theirs !== status) table.meet('status-permission');
    }
    expect([...table.seen]).toEqual(table.ids);
    expectUnchanged();
  });

  describe('calls', () => {
    let nl: NetlinkSync;
    beforeAll(() => { nl = openSync(); });
    afterAll(() => nl.close());
    test.each(calls.map((call, i) => [call.name, call, i] as const))('%s', (_name, { call, error, code, says }, i) => {
      const count = descriptors();
      const thrown = (() => { try { return call(nl); } catch (failure) { return failure; } })() as { name?: string; code?: string; message?: string } | undefined;
      expect.soft({ name: thrown?.name, code: thrown?.code, message: thrown?.message, descriptors: descriptors() }).toEqual({ name: error, code, message: expect.stringMatching(says) as string, descriptors: count });
      if (i % CHUNK === CHUNK - 1 || i === calls.length - 1) expectUnchanged();
    });
  });

  test('what this kernel lacks', () => {
    for (const [name, said] of lacks) {
      const rows = suites.flatMap(([, all]) => all).filter(({ needs }) => needs === name);
      console.warn(`skipped, this kernel lacks ${name} (${said}):\n${rows.map(({ line }) => `  ${line}`).join('\n')}`);
    }
    expect(lacks.size).toBeLessThanOrEqual(Object.keys(features).length);
  });
});
