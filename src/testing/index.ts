/** Property-based testing of anything that speaks netlink: `import { arbitrary, hostile } from 'nlkit/testing'`. Needs fast-check. */
export { arbitrary, encoded, hostile, mutate, mutation, type ArbitraryOptions, type Mutation } from './arbitraries.ts';
export { reachable } from './values.ts';
