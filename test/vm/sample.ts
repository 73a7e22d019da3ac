// What the runner's own test runs: every outcome once, and the order of hooks.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

const order: string[] = [];
beforeAll(() => { order.push('all'); });
beforeEach(() => { order.push('each'); });
afterEach(() => { order.push('after each'); });
afterAll(() => { console.log(order.join(', ')); });

test('passes', () => { onTestFinished(() => { order.push('finished'); }); order.push('body'); expect({ a: [1, 2n] }).toEqual({ a: [1, 2n] }); });
test('fails', () => { expect(1).toBe(2); });
test('rejects', async () => { await expect(Promise.reject(new TypeError('no'))).rejects.toThrow(TypeError); });
test('hangs', () => new Promise(() => {}), 30);
test.skipIf(true)('is skipped', () => { throw new Error('ran'); });
test('skips itself', (context) => { context.skip('because'); });
test.fails('fails as it should', () => { throw new Error('yes'); });
test('polls', async () => { let n = 0; await expect.poll(() => ++n, { interval: 1 }).toBeGreaterThan(3); });
test('polls in vain', async () => { await expect.poll(() => 1, { interval: 1, timeout: 20 }).not.toBe(1); });
test('counts assertions', () => { expect.assertions(1); });
describe('a suite whose beforeAll fails', () => {
  beforeAll(() => { throw new Error('not ready'); });
  test('one', () => {});
  test('two', () => {});
});
describe.each([['x', 1], ['y', 2]])('table %s', (_, n) => {
  test.each([{ add: 1 }])('adds $add', ({ add }) => { expect(n + add).toBeGreaterThan(1); });
});
test('matches a snapshot', () => {
  expect(4).toSatisfy((n: number) => n % 2 === 0);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  console.log('unseen');
  log.mockRestore();
  expect({ a: ['x "y"', 1n], b: new Uint8Array([1]) }).toMatchInlineSnapshot(`
    {
      "a": [
        "x "y"",
        1n,
      ],
      "b": Uint8Array [
        1,
      ],
    }
  `);
  expect('one').toMatchInlineSnapshot('"one"');
});
test('matches no snapshot', () => { expect(['a']).toMatchInlineSnapshot(`
  [
    "b",
  ]
`); });
test('differs', () => { expect({ a: 1, b: [2] }).toEqual({ a: 1, b: [3] }); });
test('goes on after soft assertions', () => { expect.soft(1).toBe(2); expect.soft([3]).not.toEqual([3]); expect.soft(5).toBe(5); });
test('makes soft assertions that hold', () => { expect.soft(5).toBe(5); });
