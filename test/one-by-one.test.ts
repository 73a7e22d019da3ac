import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneByOne } from '../src/socket/index.ts';

type Call = 'next' | 'return' | 'throw';
type Objects = AsyncGenerator<number, void, undefined>;

/** Chunks as a dump has them: some wait, some are empty, the last may be an error. */
async function* chunksOf(chunks: readonly (readonly number[])[], fails: boolean, log: string[]): AsyncGenerator<readonly number[], void, undefined> {
  try {
    for (const chunk of chunks) {
      if (chunk.length % 2) await new Promise((resolve) => { setImmediate(resolve); });
      yield chunk;
    }
    if (fails) throw new Error('the dump failed');
  } finally { log.push('closed'); }
}
/** What it is to be like. */
async function* generator(chunks: AsyncGenerator<readonly number[], void, undefined>): Objects { for await (const chunk of chunks) yield* chunk; }

const call = (objects: Objects, how: Call): Promise<unknown> => (how === 'next' ? objects.next() : how === 'return' ? objects.return() : objects.throw(new Error('thrown into it')));
/** What each call gave, called one after the other or all at once. */
const told = async (objects: Objects, calls: readonly Call[], atOnce: boolean): Promise<unknown[]> => {
  const say = (one: Promise<unknown>): Promise<unknown> => one.catch((error: unknown) => (error as Error).message);
  if (atOnce) return Promise.all(calls.map((how) => say(call(objects, how))));
  const all: unknown[] = [];
  for (const how of calls) all.push(await say(call(objects, how)));
  return all;
};

test('objects one by one are what a generator would give, whatever is called and when', async () => {
  const calls = fc.array(fc.oneof({ weight: 8, arbitrary: fc.constant<Call>('next') }, { weight: 1, arbitrary: fc.constantFrom<Call>('return', 'throw') }), { maxLength: 14 });
  await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 4 }), fc.boolean(), calls, fc.boolean(), async (chunks, fails, all, atOnce) => {
    const [ours, theirs]: [string[], string[]] = [[], []];
    // A generator that has not begun closes nothing.
    const one = oneByOne(chunksOf(chunks, fails, ours)), other = generator(chunksOf(chunks, fails, theirs));
    expect(await told(one, all, atOnce)).toEqual(await told(other, all, atOnce));
    expect(ours).toEqual(theirs);
  }), { numRuns: 500 });
});

test('leaving the loop ends the chunks', async () => {
  const log: string[] = [], seen: number[] = [];
  for await (const n of oneByOne(chunksOf([[1, 2], [3]], false, log))) { seen.push(n); if (n === 2) break; }
  expect([seen, log]).toEqual([[1, 2], ['closed']]);
});
