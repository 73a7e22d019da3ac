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
/** Calls `fn` until the matcher named by the path accepts what it returns. */
expect['poll'] = (fn: () => unknown, { interval = 50, timeout = 1000, message }: { interval?: number; timeout?: number; message?: string } = {}) => {
  const at = (path: string[]): unknown => new Proxy(() => undefined, {
    get: (_, key) => at([...path, String(key)]),
    apply: async (_, _this, given: unknown[]) => {
      for (const end = performance.now() + timeout * SLOW; ;) {
        try {
          const value = await fn();
          const assertion = path.slice(0, -1).reduce<Record<string, unknown>>((found, key) => found[key] as never, expect(value, message) as never);
          return await (assertion[path.at(-1)!] as (...given: unknown[]) => unknown)(...given);
        } catch (error) { if (performance.now() > end) throw error; }
        await new Promise((done) => setTimeout(done, interval));
      }
    },
  });
  return at([]);
};
/** Failures that do not end their test: it is judged when it is over. */
let softly: unknown[] = [];
expect['soft'] = (value: unknown, message?: string) => {
  const at = (assertion: object): unknown => new Proxy(assertion, {
    get: (target, key) => {
      const own = Reflect.get(target, key) as unknown;
      if (typeof own === 'function') return (...given: unknown[]) => { try { return (own as (...given: unknown[]) => unknown).apply(target, given); } catch (error) { softly.push(error); return undefined; } };
      return typeof own === 'object' && own !== null ? at(own) : own;
    },
  });
  return at(expect(value, message) as object);
};
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
  softly = [];
  setState({ assertionCalls: 0, expectedAssertionsNumber: null, isExpectingAssertions: false }, expect as never);
}
/** After a test: throws what failed softly, or unless it made the assertions it announced. */
export function counted(): void {
  if (softly.length > 0) {
    const [first, ...more] = softly.map((error) => error as Error);
    if (more.length > 0) first!.message = [first!.message, ...more.map((error) => error.message)].join('\n');
    throw first;
  }
  const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions } = getState(expect as never);
  if (expectedAssertionsNumber != null && expectedAssertionsNumber !== assertionCalls) throw new Error(`${assertionCalls} assertions, not ${expectedAssertionsNumber}`);
  if (isExpectingAssertions === true && assertionCalls === 0) throw new Error('no assertion was made');
}
