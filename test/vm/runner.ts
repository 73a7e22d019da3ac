// The part of vitest's API that the live tests use, small enough to run inside a VM that is twenty times slower than the
// machine: one bundle, one process a file. `expect` is vitest's own.
import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { fn, spyOn } from '@vitest/spy';
import { diff } from '@vitest/utils/diff';
import { counted, expect, forget, SLOW } from './expect.ts';

export { expect };
export const vi = { fn, spyOn };

type Body = (context: TestContext) => unknown;
type Hook = () => unknown;
interface Options { timeout?: number; skip?: boolean; fails?: boolean }
interface TestContext { skip(reason?: string): never; skip(condition: boolean, reason?: string): void }
interface Case { name: string; body: Body | undefined; timeout: number; skip: boolean; fails: boolean; only: boolean }
interface Suite {
  name: string; parent: Suite | undefined; skip: boolean; only: boolean; items: (Case | Suite)[];
  beforeAll: Hook[]; afterAll: Hook[]; beforeEach: Hook[]; afterEach: Hook[];
}

const TIMEOUT = 60_000;

const suite = (name: string, parent?: Suite, skip = false): Suite =>
  ({ name, parent, skip, only: false, items: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] });
let current = suite('');
class Skip extends Error {}

type Each = (rows: readonly unknown[]) => (name: string, body: (...row: never[]) => unknown, options?: number | Options) => void;
type Tail = [options: number | Options | Body, bodyOrTimeout?: Body | number] | [body?: Body, timeout?: number | Options | undefined] | [];

function parse(tail: readonly unknown[]): { body: Body | undefined; options: Options } {
  const body = tail.find((part): part is Body => typeof part === 'function');
  const rest = tail.find((part) => typeof part === 'number' || (typeof part === 'object' && part !== null)) as number | Options | undefined;
  return { body, options: typeof rest === 'number' ? { timeout: rest } : rest ?? {} };
}

/** vitest's names of table tests: %s %d %i %j %o %#, and $key of an object row. */
function titled(name: string, row: unknown, index: number): string {
  const cells = Array.isArray(row) ? [...row] : [row];
  const show = (value: unknown) => typeof value === 'string' ? value : typeof value === 'bigint' ? `${value}` : JSON.stringify(value) ?? String(value);
  return name.replace(/%[sdifjoO#%]/g, (mark) => mark === '%#' ? String(index) : mark === '%%' ? '%' : show(cells.shift()))
    .replace(/\$([A-Za-z_][\w.]*)/g, (text, path: string) => {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], row);
      return value === undefined ? text : show(value);
    });
}

const spread = (row: unknown) => (Array.isArray(row) ? row : [row]) as never[];

function makeTest(mark: { skip?: boolean; fails?: boolean; only?: boolean }) {
  const add = (name: string, ...tail: Tail) => {
    const { body, options } = parse(tail);
    current.items.push({ name, body, timeout: options.timeout ?? TIMEOUT, skip: mark.skip === true || options.skip === true || body === undefined,
      fails: mark.fails === true || options.fails === true, only: mark.only === true });
  };
  const each: Each = (rows) => (name, body, options) => {
    for (const [index, row] of rows.entries()) add(titled(name, row, index), () => body(...spread(row)), options);
  };
  return Object.assign(add, { each });
}
export const test = Object.assign(makeTest({}), {
  skip: makeTest({ skip: true }), todo: makeTest({ skip: true }), only: makeTest({ only: true }), fails: makeTest({ fails: true }),
  skipIf: (condition: unknown) => makeTest({ skip: Boolean(condition) }), runIf: (condition: unknown) => makeTest({ skip: !condition }),
  sequential: makeTest({}),
});
export const it = test;

function makeDescribe(mark: { skip?: boolean; only?: boolean }) {
  const add = (name: string, ...tail: Tail) => {
    const { body, options } = parse(tail);
    const own = suite(name, current, mark.skip === true || options.skip === true);
    own.only = mark.only === true;
    current.items.push(own);
    current = own;
    try {
      const result = (body as (() => unknown) | undefined)?.();
      if (result instanceof Promise) throw new Error(`describe '${name}' is asynchronous, which this runner does not know`);
    } finally { current = own.parent!; }
  };
  const each: Each = (rows) => (name, body, options) => {
    for (const [index, row] of rows.entries()) add(titled(name, row, index), () => body(...spread(row)), options);
  };
  return Object.assign(add, { each });
}
export const describe = Object.assign(makeDescribe({}), {
  skip: makeDescribe({ skip: true }), only: makeDescribe({ only: true }), sequential: makeDescribe({}),
  skipIf: (condition: unknown) => makeDescribe({ skip: Boolean(condition) }), runIf: (condition: unknown) => makeDescribe({ skip: !condition }),
});

export const beforeAll = (hook: Hook, _timeout?: number) => { current.beforeAll.push(hook); };
export const afterAll = (hook: Hook, _timeout?: number) => { current.afterAll.push(hook); };
export const beforeEach = (hook: Hook, _timeout?: number) => { current.beforeEach.push(hook); };
export const afterEach = (hook: Hook, _timeout?: number) => { current.afterEach.push(hook); };
let finished: Hook[] = [];
export const onTestFinished = (hook: Hook) => { finished.push(hook); };

const counts = { passed: 0, failed: 0, skipped: 0 };
void process.stdout; // opened now: tests count descriptors
const say = (line: string) => { process.stdout.write(`${line}\n`); };
const tell = (error: unknown): void => {
  const { message, stack, expected, actual } = error as { message?: string; stack?: string; expected?: unknown; actual?: unknown };
  const where = stack?.includes(message ?? '\0') ? stack : `${message}\n${stack}`;
  const difference = expected instanceof Object ? stripVTControlCharacters(diff(expected, actual, { expand: false, contextLines: 3 }) ?? '') : '';
  for (const line of [where ?? String(error), difference].join('\n').trim().split('\n')) say(`    ${line}`);
  if (error instanceof AggregateError) error.errors.forEach(tell);
};

async function within(ms: number, run: () => unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`timed out after ${ms} ms`)), ms); });
  try { await Promise.race([late, (async () => run())()]); } finally { clearTimeout(timer); }
}
const lineage = (of: Suite): Suite[] => of.parent ? [...lineage(of.parent), of] : [of];
const isSuite = (item: Case | Suite): item is Suite => 'items' in item;
const hasOnly = (of: Suite): boolean => of.items.some((item) => item.only || (isSuite(item) && hasOnly(item)));

async function runCase(own: Case, of: Suite, path: string, skip: boolean): Promise<void> {
  const name = `${path} > ${own.name}`;
  const skipped = (reason: string) => { counts.skipped++; say(`skip ${name}${reason ? ` (${reason})` : ''}`); };
  if (skip || own.skip) return skipped('');
  const context: TestContext = { skip(first?: boolean | string, reason?: string): never {
    if (first === false) return undefined as never;
    throw new Skip(typeof first === 'string' ? first : reason ?? '');
  } };
  const began = performance.now();
  const suites = lineage(of);
  finished = [];
  forget();
  let failure: unknown, reason: string | undefined;
  const step = async (run: () => unknown) => {
    try { await within(own.timeout * SLOW, run); } catch (error) {
      if (error instanceof Skip) reason ??= error.message; else failure ??= error ?? new Error('thrown: nothing');
    }
  };
  for (const each of suites.flatMap((at) => at.beforeEach)) if (failure === undefined && reason === undefined) await step(each);
  if (failure === undefined && reason === undefined) await step(async () => {
    await own.body!(context);
    counted();
  });
  if (own.fails && reason === undefined) failure = failure === undefined ? new Error('it was expected to fail') : undefined;
  for (const each of suites.toReversed().flatMap((at) => at.afterEach.toReversed())) await step(each);
  for (const each of finished.toReversed()) await step(each);
  if (failure === undefined && reason !== undefined) return skipped(reason);
  const time = `${Math.round(performance.now() - began)} ms`;
  if (failure === undefined) { counts.passed++; say(`ok   ${name} (${time})`); return; }
  counts.failed++;
  say(`FAIL ${name} (${time})`);
  tell(failure);
}

const countCases = (of: Suite): number => of.items.reduce((sum, item) => sum + (isSuite(item) ? countCases(item) : 1), 0);

async function runSuite(of: Suite, path: string, skip: boolean, only: boolean): Promise<void> {
  skip ||= of.skip;
  const hook = async (run: Hook, what: string): Promise<boolean> => {
    try { await within(TIMEOUT * SLOW, run); return true; } catch (error) {
      if (error instanceof Skip) { skip = true; return true; }
      counts.failed++; say(`FAIL ${path} > ${what}`); tell(error); return false;
    }
  };
  const active = !skip && countCases(of) > 0;
  if (active) for (const run of of.beforeAll) if (!await hook(run, 'beforeAll')) {
    counts.failed += countCases(of) - 1; // none of them could run
    return;
  }
  for (const item of of.items) {
    if (isSuite(item)) await runSuite(item, `${path} > ${item.name}`, skip || (only && !item.only && !hasOnly(item)), only && !item.only);
    else await runCase(item, of, path, skip || (only && !item.only));
  }
  if (active) for (const run of of.afterAll.toReversed()) await hook(run, 'afterAll');
}

/** Leaves the tests whose names contain a text, suites' names included. */
function narrow(of: Suite, path: string, text: string): void {
  of.items = of.items.filter((item) => {
    const name = `${path} > ${item.name}`;
    if (isSuite(item)) narrow(item, name, text);
    return isSuite(item) ? item.items.length > 0 : name.includes(text);
  });
}

/** Loads one test file and runs what it declares. */
async function runFile(name: string, load: () => Promise<unknown>): Promise<void> {
  current = suite(name);
  const own = current;
  try { await load(); } catch (error) { counts.failed++; say(`FAIL ${name} cannot be loaded`); tell(error); return; }
  narrow(own, name, process.env['NLKIT_ONLY'] ?? '');
  await runSuite(own, name, false, hasOnly(own));
}

/**
 * Runs each test file in a process of its own, since they change namespaces and count descriptors, and ends this one: 0 when
 * nothing failed and something ran.
 */
export async function run(files: Record<string, () => Promise<unknown>>): Promise<never> {
  const [, script, only] = process.argv;
  if (only !== undefined) {
    await runFile(only, files[only]!);
    writeSync(3, JSON.stringify(counts));
    process.exit(0);
  }
  for (const name of Object.keys(files)) {
    const { status, signal, output } = spawnSync(process.execPath, [...process.execArgv, script!, name], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    const told = String(output[3] ?? '');
    if (status === 0 && told) for (const [key, n] of Object.entries(JSON.parse(told) as typeof counts)) counts[key as keyof typeof counts] += n;
    else { counts.failed++; say(`FAIL ${name} ended with ${signal ?? status}`); }
  }
  const none = counts.passed + counts.failed + counts.skipped === 0;
  await new Promise<void>((done) => { process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`, () => done()); });
  process.exit(counts.failed > 0 || none ? 1 : 0);
}
