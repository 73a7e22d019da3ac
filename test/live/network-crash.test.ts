/** Operations on networks that are killed at every step, and what is left: nothing, or all. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync } from '../../src/network/index.ts';
import { inProcess, plain, snapshot } from '../support/network.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2 to compare with');
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state';
/** More events than any operation has; and how many are passed over: an emulated machine takes seconds for each process. */
const MOST = 200, STRIDE = process.env['NLKIT_SLOW'] ? 7 : 1;

describe.skipIf(why)('killed at every step', () => {
  const net = networksSync({ state });
  beforeAll(() => {
    sh('ip link set lo up');
    create('web');
    sh('ip link add up0 type veth peer name up1 && ip link set up0 up && ip addr add 192.0.2.1/24 dev up0 && sysctl -qw net.ipv6.conf.up0.forwarding=1');
  });
  afterEach(() => { for (const { name } of net.list()) net.remove(name, { force: true }); });
  afterAll(() => { for (const name of list()) remove(name); });
  const lab = { name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'] }, web = ['lab', { name: 'web', namespace: 'web', publish: ['8080:80'] }] as const;

  /** Runs the operation again and again, killed one event later each time. @returns how often it was killed */
  function everywhere(kind: string, args: unknown[], again: () => void, allowed: readonly string[], form: (text: string) => string = plain): number {
    for (let at = 1; at < MOST; at += STRIDE) {
      const { killed, status, stderr } = inProcess(state, kind, args, at);
      if (!killed) { expect({ at, status, stderr }).toMatchObject({ status: 0, stderr: '' }); return at - 1; }
      net.gc();
      let now = form(snapshot(state));
      // Carriers and addresses of the kernel's own follow a moment later.
      for (let n = 0; n < 20 && !allowed.includes(now); n++) { sh('sleep 0.2'); now = form(snapshot(state)); }
      if (allowed.length === 1) expect(now, `killed at ${at}`).toBe(allowed[0]);
      else expect(allowed, `killed at ${at}`).toContain(now);
      expect(readdirSync(`${state}/journal`)).toEqual([]);
      again();
    }
    throw new Error(`${kind} has no end`);
  }

  test('create: undone', () => {
    net.gc();
    const before = snapshot(state);
    const times = everywhere('create', [lab], () => {}, [before], (text) => text);
    expect(times).toBeGreaterThan(15);
    net.remove('lab');
    expect(snapshot(state)).toBe(before);
  }, PATIENCE * 12);

  test('attach: undone', () => {
    net.create(lab);
    const before = snapshot(state);
    const times = everywhere('attach', [...web], () => {}, [plain(before)]);
    expect(times).toBeGreaterThan(20);
    net.remove('lab', { force: true });
  }, PATIENCE * 12);

  test('detach and rm: finished, or not begun', () => {
    net.create(lab);
    const without = plain(snapshot(state));
    net.attach(...web);
    const withWeb = plain(snapshot(state));
    everywhere('detach', ['lab', 'web'], () => { if (!net.inspect('lab').containers['web']) net.attach(...web); }, [without, withWeb]);
    net.remove('lab');
    const nothing = plain(snapshot(state));
    net.create(lab);
    net.attach(...web);
    const all = plain(snapshot(state));
    everywhere('remove', ['lab', { force: true }], () => { if (net.list().length === 0) { net.create(lab); net.attach(...web); } }, [nothing, all]);
    expect(plain(snapshot(state))).toBe(nothing);
  }, PATIENCE * 15);

  test('apply of a network and its container: undone as one; gc itself killed at every step', () => {
    const before = plain(snapshot(state));
    const declared = [[{ ...lab, containers: [{ name: 'web', namespace: 'web' }] }]];
    for (let at = 7; at < MOST; at += 9 * STRIDE) {
      const { killed } = inProcess(state, 'apply', declared, at);
      if (!killed) break;
      for (let n = 1; n < MOST && inProcess(state, 'gc', [], n).killed; n += STRIDE) expect(existsSync(`${state}/journal`)).toBe(true);
      expect(plain(snapshot(state)), `killed at ${at}`).toBe(before);
    }
    expect(Object.keys(net.inspect('lab').containers)).toEqual(['web']);
    expect(net.apply(declared[0]!)).toEqual({ changed: [] });
    net.remove('lab', { force: true });
    expect(plain(snapshot(state))).toBe(before);
  }, PATIENCE * 15);
});
