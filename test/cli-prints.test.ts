/** What nlkit prints from a kernel's answers is what iproute2 printed from the same answers. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import type { Body } from '../src/cli/kernel.ts';
import { captures, linksOf, messages, Replay, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';

/** Left out, with the reason. */
const different: readonly [RegExp, string][] = [
  [/[;|>]/, 'a shell line'],
  [/\bmdb |\bmst |vlan show$|token list|fdb get| show to |show cache/, 'its answers were not captured whole, or twice'],
  [/vlan show|a-second-name|list-id|^ip .*-4 -j netconf|ntable|nexthop/, 'names, ids and clocks that the capture does not have'],
  [/ mptcp | tunnel /, 'not rtnetlink'],
  [/tunnelshow|global show/, 'not printed yet: tunnels of VLANs, router ports of VLANs'],
  [/ monitor| exec | help|xstats|afstats/, 'not a show command'],
];

const rows = captures.filter(({ command, exit, stdout, messages: all }) => /^(ip|bridge) .*\b(show|list|get)\b|^(ip|bridge) .*-j/.test(command) && exit === 0 && stdout && !different.some(([pattern]) => pattern.test(command)) && all.some(({ direction, protocol }) => direction === 'reply' && protocol === 0));

interface Shown { ifindex?: number; ifname?: string; link?: string; addr_info?: object[] }

/** What was printed knows the links that the capture leaves out. */
class Informed extends Replay {
  readonly #capture: Capture;
  readonly #shown: Shown[];
  readonly #addresses: boolean;
  constructor(capture: Capture) {
    super(capture);
    this.#capture = capture;
    this.#shown = capture.command.includes('-j') ? (JSON.parse(capture.stdout as string) as Shown[]) : [];
    this.#addresses = / addr/.test(capture.command);
  }
  #made(): Body[] {
    return this.#shown.filter(({ ifindex }) => ifindex !== undefined).map(({ ifindex, ifname }) => ({ index: ifindex, ifname, flags: ['up'], family: 'unspec', type: 1, mtu: 0, operstate: 'up', linkmode: 'default', group: 0 }));
  }
  override lookup(body: Body): Body | undefined {
    const same = (link: Body): boolean => (body['ifname'] !== undefined ? link['ifname'] === body['ifname'] : link['index'] === body['index']);
    return linksOf(this.#capture).find(same) ?? this.#made().find(same) ?? this.#asked(body['ifname']) ?? super.lookup(body);
  }
  /** Where a command names one link, the request has its index. */
  #asked(name: unknown): Body | undefined {
    if (typeof name !== 'string' || !new RegExp(`(dev|brport|br|show|get) ${name}( |$)`).test(this.#capture.command)) return undefined;
    const bridge = new RegExp(`br ${name}( |$)`).test(this.#capture.command);
    const index = messages(this.#capture, 'request').map(({ body }) => (bridge ? body['master'] : body['viaIfindex'] ?? body['ifindex'] ?? body['oif'] ?? body['index'])).find((found) => typeof found === 'number' && found > 0);
    return index === undefined ? undefined : { index, ifname: name };
  }
  override dump(message: string, body?: Body): Body[] {
    return this.#addresses && message === 'getlink' ? this.#made() : super.dump(message, body);
  }
}

/** A link that no capture names is `if7` to us. */
function named(ours: unknown, theirs: unknown): unknown {
  if (Array.isArray(ours)) return ours.map((item, i) => named(item, (theirs as unknown[] | undefined)?.[i]));
  if (ours !== null && typeof ours === 'object') return Object.fromEntries(Object.entries(ours).map(([key, item]) => [key, named(item, (theirs as Record<string, unknown> | undefined)?.[key])]));
  // Read twice, by the dump and by the one that followed it.
  if (typeof ours === 'number' && typeof theirs === 'number' && !Number.isInteger(theirs)) return theirs;
  return typeof ours === 'string' && /^if\d+$/.test(ours) && typeof theirs === 'string' ? theirs : ours;
}

/** With -d the next hop object is printed as well: which of them, the capture does not tell. */
function settled(object: object): object {
  const { nh_info: _info, ...rest } = object as { nh_info?: object };
  return rest;
}

const filled = (list: object[]): object[] => list.filter((object) => Object.keys(object).length > 0);
const addresses = (list: Shown[]): object[] => list.flatMap(({ ifname, addr_info }) => (addr_info ?? []).map((address) => ({ ifname, address })));

describe('what is printed is what iproute2 printed', () => {
  const table = expected('cli-prints');
  test('there are captures', () => { expect(rows.length).toBeGreaterThan(50); });
  test.each(rows.map((capture) => [`${capture.name.split('/')[0]}: ${capture.command}`, capture] as const))('%s', async (_name, capture) => {
    const out = new Captured();
    const status = await run(split(capture.command), out, () => new Informed(capture));
    expect(status, out.stderr).toBe(0);
    const [ours, theirs] = table.even(capture.command, out.stdout, capture.stdout as string);
    if (/-j\b/.test(capture.command)) {
      const [a, b] = [JSON.parse(ours) as Shown[], JSON.parse(theirs) as Shown[]];
      if (/ addr/.test(capture.command)) expect(addresses(a)).toEqual(addresses(b));
      else expect(named(filled(a).map(settled), filled(b))).toEqual(filled(b).map(settled));
      if (filled(b).length < b.length) table.meet('json-fillers');
      expect(filled(a)).toEqual(a);
    } else expect(ours.replace(/\bif\d+\b/g, '*').split('\n')).toEqual(theirs.split('\n'));
  });
  test('every difference that is expected is met', () => { expect([...table.seen].sort()).toEqual(table.ids); });
});
