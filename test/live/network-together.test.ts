/** Many containers taken away at once: their links go in one request, nobody else's with them, wherever it is cut short. */
import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { linesOf, networksSync, type Step } from '../../src/network/index.ts';
import { portName } from '../../src/network/names.ts';
import { inProcess, plain, snapshot } from '../support/network.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2 to look with');
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', MANY = 60, NAMES = ['a', 'b', 'c', 'd'];
/** More events than any operation has; and how many are passed over where a process takes seconds. */
const MOST = 200, STRIDE = process.env['NLKIT_SLOW'] ? 9 : 1;

describe.skipIf(why)('many taken away at once', () => {
  const net = networksSync({ state });
  let nothing = '';
  const lab = (names = NAMES): void => { net.create({ name: 'lab', subnets: ['172.30.0.0/24'] }); for (const name of names) net.attach('lab', { name, namespace: name, ...(name === 'a' && { publish: ['8080:80'] }) }); };
  const planned = (): Step[] => net.planGone('lab', { force: true }).flatMap(({ steps }) => steps.map((step) => step.do)), groupStep = () => planned().find(({ op }) => op === 'links.delete') as Step & { op: 'links.delete' };
  const links = (): string[] => sh('ip -o link').split('\n').map((line) => (/^\d+: ([^:@]+)/.exec(line) as RegExpExecArray)[1] as string);
  beforeAll(() => {
    sh('ip link set lo up');
    for (const name of [...NAMES, ...Array.from({ length: MANY }, (_, n) => `c${n}`)]) create(name);
    sh('ip link add theirs type veth peer name theirs2');
    net.gc();
    nothing = plain(snapshot(state));
  }, PATIENCE * 2);
  afterEach(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    sh('ip link set theirs group default');
    expect(plain(snapshot(state))).toBe(nothing);
  });
  afterAll(() => { for (const name of list()) remove(name); });

  test('the lines that it prints do the same, and iproute2 takes them', () => {
    lab();
    const { group } = groupStep(), lines = planned().filter(({ op }) => op.startsWith('link')).flatMap(linesOf);
    expect(lines).toEqual([...NAMES.map((name) => `ip link set dev ${portName('lab', name)} group ${group}`), `ip link delete group ${group}`, 'ip link delete dev nl-lab']);
    for (const line of lines.slice(0, -1)) sh(line);
    expect(links()).toEqual(['lo', 'theirs2', 'theirs', 'nl-lab']);
    expect(net.gc().detached).toEqual(NAMES.map((name) => `lab ${name}`));
    expect(Object.keys(net.inspect('lab').containers)).toEqual([]);
  }, PATIENCE * 2);

  test('what costs a pause of the kernel\'s each does so once', () => {
    const names = Array.from({ length: MANY }, (_, n) => `c${n}`), time = (what: () => void): number => { const from = performance.now(); what(); return performance.now() - from; };
    lab(names);
    const few = names.slice(0, MANY / 6), singly = time(() => { for (const name of few) net.detach('lab', name); });
    // Five times as many, in less time than those.
    expect(time(() => net.remove('lab', { force: true }))).toBeLessThan(singly);
  }, PATIENCE * 4);

  test('somebody else\'s link in the group stays: there before, or come in between', () => {
    lab();
    sh(`ip link set theirs group ${groupStep().group}`);
    net.remove('lab', { force: true });
    expect(links()).toEqual(['lo', 'theirs2', 'theirs']);
    sh('ip link set theirs group default');
    lab();
    const { group } = groupStep(), at = planned().findIndex(({ op }) => op === 'links.delete');
    networksSync({ state, trace: ({ step, phase }) => { if (step === at && phase === 'logged') { expect(sh(`ip -o link show group ${group}`).split('\n')).toHaveLength(NAMES.length); sh(`ip link set theirs group ${group}`); } } }).remove('lab', { force: true });
    expect(links()).toEqual(['lo', 'theirs2', 'theirs']);
    expect(sh(`ip -o link show group ${group}`)).toContain('theirs');
  }, PATIENCE * 2);

  test('a link that has only the name of one of ours stays; groups of others\' are nothing to us', () => {
    lab();
    const name = portName('lab', 'b');
    sh(`ip link del ${name}; ip link add ${name} type veth peer name other; ip link set theirs group 42; ip link set ${portName('lab', 'c')} group 42`);
    net.remove('lab', { force: true });
    expect(links().sort()).toEqual(['lo', name, 'other', 'theirs', 'theirs2'].sort());
    sh(`ip link del ${name}`);
  }, PATIENCE);

  test('links of networks that are not known: together, when they are asked for; and what apply does not declare', () => {
    sh('for n in 1 2 3 4; do ip link add lost$n type veth peer name gone$n; ip link set lost$n alias nlkit:old:c$n; done');
    expect([...net.gc().orphans].sort()).toEqual(['lost1', 'lost2', 'lost3', 'lost4']);
    expect(links()).toHaveLength(11);
    net.gc({ orphans: true });
    expect(links()).toEqual(['lo', 'theirs2', 'theirs']);
    lab();
    expect(net.apply([{ name: 'lab', subnets: ['172.30.0.0/24'], containers: [{ name: 'a', namespace: 'a', publish: ['8080:80'] }] }], { prune: true }).changed).toEqual(['lab b', 'lab c', 'lab d']);
    expect(links().filter((one) => one.startsWith('nl'))).toEqual(['nl-lab', portName('lab', 'a')]);
    expect(sh(`grep -c 172 ${net.hosts('lab').path}`)).toBe('1');
  }, PATIENCE * 2);

  test('killed at every step, and the one that goes on is killed, too: finished, or not begun', () => {
    lab();
    const all = plain(snapshot(state));
    let at = 1;
    for (; at < MOST; at += STRIDE) {
      if (!inProcess(state, 'remove', ['lab', { force: true }], at).killed) break;
      if (at % 3 === 0) for (let n = 1; n < MOST && inProcess(state, 'gc', [], n).killed; n += 3 * STRIDE) expect(readdirSync(`${state}/journal`)).toHaveLength(1);
      net.gc();
      const now = plain(snapshot(state));
      expect([nothing, all], `killed at ${at}`).toContain(now);
      expect(readdirSync(`${state}/journal`)).toEqual([]);
      if (now === nothing) lab();
    }
    expect(at).toBeGreaterThan(20);
  }, PATIENCE * 20);
});
