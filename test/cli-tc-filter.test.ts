/** Filters, chains and actions without a kernel: what is sent and printed is what tc of iproute2 sent and printed; what is refused, and why. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Body } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { captures, decoded, messages, Replay, type Capture } from './support/captures.ts';

const all = captures.filter(({ name }) => /^\d[^/]*\/tc\/(u32|flower|classifiers|actions|chains|ematches)\//.test(name)), ours = all.filter(({ command }) => command.startsWith('tc '));

/** Links were made before the capture began, in order. */
class Linked extends Replay {
  readonly #links: Readonly<Record<string, number>>;
  readonly #capture: Capture;
  constructor(capture: Capture) {
    super(capture);
    this.#capture = capture;
    this.#links = capture.name.includes('/tc/actions/') ? { d1: 2 } : { d0: 2, d1: 3, d2: 3 };
  }
  /** An answer that has the request's flags was taken for a request. */
  override get(message: string, body: Body): Body | undefined {
    return super.get(message, body) ?? messages(this.#capture, 'request').find(({ key }) => key === message.replace(/^get/, 'new'))?.body;
  }
  override lookup(body: Body): Body | undefined {
    if (body['ifname'] !== undefined) return { index: this.#links[body['ifname'] as string] ?? 0, ifname: body['ifname'] };
    return { index: body['index'], ifname: Object.keys(this.#links).find((name) => this.#links[name] === body['index']) };
  }
}
/** What tc says twice, and what it says outside of what it is about: JSON has one value of a name. */
const once = (text: string): unknown => JSON.parse(text, (key, value: unknown) => (key === 'control_action' || key === 'conform_action' || key === 'success' ? undefined : value));

/** What nlkit does in another way. */
const different: readonly [RegExp, string][] = [
  [/[;|]/, 'a shell line: below, kind by kind'],
];
const left = (capture: Capture): boolean => different.some(([pattern]) => pattern.test(capture.command));

describe('what is sent means what tc sent', () => {
  /** Without what only the kernel tells; no flags are none. */
  function meant(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(meant);
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    // Texts to look for end with a NUL, or with none.
    if ('pattern' in value) return { ...value, pattern: (value.pattern as Uint8Array).slice(0, (value as unknown as { what: { len: number } }).what.len) };
    return Object.fromEntries(Object.entries(value).filter(([key, item]) => !['capab', 'refcnt', 'bindcnt'].includes(key) && item !== undefined && !(key === 'flags' && Array.isArray(item) && item.length === 0)).map(([key, item]) => [key, meant(item)]));
  }
  const changes = ours.filter((capture) => capture.exit === 0 && !left(capture) && / (add|change|replace|del|flush) /.test(capture.command) && messages(capture, 'request').some(({ key }) => /^(new|del)(tfilter|chain|action)$/.test(key)));
  test('there are captures', () => { expect(changes.length).toBeGreaterThan(50); });
  test.each(changes.map((capture) => [`${capture.name.split('/')[0]}: ${capture.command}`, capture] as const))('%s', async (_name, capture) => {
    const kernel = new Linked(capture), out = new Captured();
    expect(await run(['--dry-run', ...split(capture.command)], out, () => kernel), out.stderr).toBe(0);
    const sent = (these: readonly { key: string; body: Body }[]): unknown[] => these.filter(({ key }) => /^(new|del)/.test(key) && !key.endsWith('link')).map(({ key, body }) => ({ key, body: meant(body) }));
    // What the kernel told others has the flags of the request, and was taken for one.
    expect(sent(kernel.sent.flatMap(({ bytes }) => decoded(bytes)))).toEqual(sent(messages(capture, 'request')).slice(0, 1));
  });
});

describe('what is printed is what tc printed', () => {
  const shows = ours.filter((capture) => capture.exit === 0 && !left(capture) && / (show|get|list)( |$)/.test(capture.command) && capture.stdout !== undefined);
  test('there are captures', () => { expect(shows.length).toBeGreaterThan(10); });
  test.each(shows.map((capture) => [`${capture.name.split('/')[0]}: ${capture.command}`, capture] as const))('%s', async (_name, capture) => {
    const out = new Captured();
    expect(await run(split(capture.command), out, () => new Linked(capture)), out.stderr).toBe(0);
    if (!/ -j /.test(capture.command)) expect(out.stdout).toBe(capture.stdout);
    else if (/conform-exceed| u32 /.test(capture.setup?.join() ?? '')) expect(once(out.stdout)).toEqual(once(capture.stdout as string));
    else expect(JSON.parse(out.stdout)).toEqual(JSON.parse(capture.stdout as string));
  });

  const kindOf = ({ tab }: Body): string | undefined => (tab as { kind: string }[] | undefined)?.[0]?.kind;
  // Several kinds of actions in one capture, told one after the other.
  const lists = all.filter(({ exit, command, stdout }) => exit === 0 && /^for k in .* tc actions show action/.test(command) && stdout !== undefined);
  const kinds = lists.flatMap((capture) => /for k in ([\w ]+);/.exec(capture.command)![1]!.split(' ').map((kind, i) => [`${capture.name.split('/')[0]}: ${kind}`, capture, kind, i] as const)).filter(([, capture, kind]) => messages(capture, 'reply').some(({ body }) => kindOf(body) === kind));
  test('there are captures of actions', () => { expect(kinds.length).toBeGreaterThan(20); });
  test.each(kinds)('%s', async (_name, capture, kind, i) => {
    class One extends Linked {
      override dump(message: string, body?: Body): Body[] { return super.dump(message, body).filter((answer) => kindOf(answer) === kind); }
    }
    const out = new Captured();
    expect(await run(split(`tc actions show action ${kind}`), out, () => new One(capture)), out.stderr).toBe(0);
    expect(out.stdout).toBe((capture.stdout as string).split(/(?=^total acts)/m)[i]);
  });
});

describe('what is wrong is said', () => {
  const basic = (match: string): string => `tc filter add dev d0 parent 1: protocol ip basic match '${match}'`;
  test.each<[string, RegExp]>([
    [basic('nosuch(5)'), /"nosuch" is not a match\n.*canid, cmp, ipset, ipt, meta, nbyte, u32/], [basic('cmp(u8 at 0 eq 5'), /not closed|needs a value/], [basic('canid()'), /0 identifiers/], [basic('canid(sff zz)'), /"zz" is not an identifier/], [basic('canid(xff 1)'), /"xff" is not a format of frames/],
    [basic('ipset(bulk up)'), /"up" is not what is looked up/], [basic('ipset(bulk)'), /./], [basic('ipt(--dir in)'), /which match of iptables/], [basic('ipt(-m tcp --dport 5)'), /the kernel does not take the match "tcp"/], [basic('ipt(-m policy --pol ipsec)'), /which way/],
    [basic('ipt(-m policy --dir in --pol none --reqid 5)'), /has no elements/], [basic('ipt(-m policy --dir in --reqid 5 --next --reqid 6)'), /--strict/], [basic('ipt(-m policy --dir in --strict --next --reqid 6)'), /without anything to compare/], [basic('ipt(-m policy --dir in --reqid 5 --reqid 6)'), /"--reqid" is given twice/],
    [basic('ipt(-m policy --dir in --tunnel-src 10.0.0.1)'), /mode tunnel/], [basic('ipt(-m policy ! --dir in)'), /cannot be inverted/], [basic('ipt(-m addrtype)'), /which addresses/], [basic('ipt(-m addrtype --dst-type here)'), /"here" is not a type of address/],
    [basic('meta(priority eq "x")'), /a text is compared with the name of a link/], [basic('meta(dev like 5)'), /not how numbers are compared/], [basic('nbyte("x")'), /where in the packet/], [basic('nbyte("\\777" at 0)'), /more than a byte/],
    ['tc actions add action gate', /when is it open/], ['tc actions add action gate sched-entry ajar 5', /"ajar" is not how a gate stands/], ['tc actions add action gate sched-entry open 5s', /too long/], ['tc actions add action gate clockid CLOCK_UTC sched-entry open 5', /"CLOCK_UTC" is not a clock/],
    ['tc actions add action ife allow mark', /which way/], ['tc actions add action ife decode allow mark', /only what is encoded/], ['tc actions add action ife encode allow colour', /"colour" is not what "allow" takes/],
    ['tc actions add action pedit munge ip ttl decrement', /counted down, with "ex"/], ['tc actions add action pedit ex munge ip dport set 5', /not in a header of IPv4/], ['tc filter add dev d0 parent 1: flow map key dst addend x', /"x" is not a number/],
  ])('%s', async (line, message) => {
    const out = new Captured();
    expect(await run(['--dry-run', ...split(line)], out, () => new Recorder({ lo: 1, d0: 2 }))).toBe(1);
    expect(out.stderr).toMatch(message);
  });
});
