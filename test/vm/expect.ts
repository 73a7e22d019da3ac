// vitest's `expect`, without what needs its workers: snapshots are compared, never written.
import { ASYMMETRIC_MATCHERS_OBJECT, chai, customMatchers, getState, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from '@vitest/expect';
import { format, plugins } from '@vitest/pretty-format';

/** How many times slower than usual this machine is. */
export const SLOW = Number(process.env['NLKIT_SLOW'] ?? 1);

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
type Expect = ((value: unknown, message?: string) => unknown) & Record<string, unknown>;
export const expect = ((value: unknown, message?: string) => {
  const { assertionCalls } = getState(expect as never);
  setState({ assertionCalls: assertionCalls + 1 }, expect as never);
  return chai.expect(value, message);
}) as unknown as Expect;
const globals = globalThis as unknown as Record<symbol, object>;
Object.assign(expect, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT]);
expect['unreachable'] = (message?: string) => chai.assert.fail(`expected ${message ? `"${message}" ` : ''}not to be reached`);
expect['assertions'] = (n: number) => setState({ expectedAssertionsNumber: n }, expect as never);
expect['hasAssertions'] = () => setState({ isExpectingAssertions: true }, expect as never);
/** An assertion whose matcher is called by `call`, given the path to it (`not`, `resolves`, the matcher) and its arguments. */
const deferred = (call: (path: string[], given: unknown[]) => unknown, path: string[] = []): unknown => new Proxy(() => undefined, {
  get: (_, key) => deferred(call, [...path, String(key)]),
  apply: (_, _this, given: unknown[]) => call(path, given),
});
const match = (assertion: unknown, path: string[], given: unknown[]): unknown => {
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((found, key) => found[key] as never, assertion as never);
  return (holder[path.at(-1)!] as (...given: unknown[]) => unknown)(...given);
};
/** Calls `fn` until the matcher accepts what it returns. */
expect['poll'] = (fn: () => unknown, { interval = 50, timeout = 1000, message }: { interval?: number; timeout?: number; message?: string } = {}) =>
  deferred(async (path, given) => {
    for (const end = performance.now() + timeout * SLOW; ;) {
      try { return await match(expect(await fn(), message), path, given); } catch (error) { if (performance.now() > end) throw error; }
      await new Promise((done) => setTimeout(done, interval));
    }
  });
/** What soft assertions of the running test found: it goes on, and fails at its end. */
let soft: unknown[] = [];
expect['soft'] = (value: unknown, message?: string) => deferred((path, given) => {
  try {
    const result = match(expect(value, message), path, given);
    return result instanceof Promise ? result.catch((error: unknown) => { soft.push(error); }) : result;
  } catch (error) { soft.push(error); return undefined; }
});

/** A snapshot as it stands in the code, without its indentation. */
function outdent(text: string): string {
  const margin = /^[^\S\n]*(?=\S)/m.exec(text)?.[0].length ?? 0;
  return text.split('\n').map((line) => line.slice(Math.min(margin, /^\s*/.exec(line)![0].length))).join('\n').trim();
}
const { DOMCollection, DOMElement, Immutable, ReactElement, ReactTestComponent, AsymmetricMatcher } = plugins;
chai.use((_, { addMethod }) => {
  addMethod(chai.Assertion.prototype, 'toMatchInlineSnapshot', function (this: Chai.AssertionStatic & { _obj: unknown }, snapshot?: string) {
    if (snapshot === undefined) throw new chai.AssertionError('a snapshot that was never written');
    const value = format(this._obj, { escapeString: false, printBasicPrototype: false, plugins: [ReactTestComponent, ReactElement, DOMElement, DOMCollection, Immutable, AsymmetricMatcher] });
    chai.assert.strictEqual(value.trim(), outdent(snapshot));
  });
});

setState({ assertionCalls: 0, isExpectingAssertions: false, isExpectingAssertionsError: null, expectedAssertionsNumber: null, expectedAssertionsNumberErrorGen: null }, expect as never);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });

const extensible = chai.expect as unknown as { extend(of: Expect, matchers: object): void };
expect['extend'] = (matchers: object) => extensible.extend(expect, matchers);
extensible.extend(expect, customMatchers);

/** Before a test: no assertions yet. */
export function forget(): void {
  soft = [];
  setState({ assertionCalls: 0, expectedAssertionsNumber: null, isExpectingAssertions: false }, expect as never);
}
/** After a test: throws what its soft assertions found, and unless it made the assertions it announced. */
export function counted(): void {
  if (soft.length > 1) throw new AggregateError(soft, `${soft.length} soft assertions failed`);
  if (soft.length === 1) throw soft[0];
  const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions } = getState(expect as never);
  if (expectedAssertionsNumber != null && expectedAssertionsNumber !== assertionCalls) throw new Error(`${assertionCalls} assertions, not ${expectedAssertionsNumber}`);
  if (isExpectingAssertions === true && assertionCalls === 0) throw new Error('no assertion was made');
}
