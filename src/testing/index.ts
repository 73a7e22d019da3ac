/** Property-based testing of anything that speaks netlink: `import { arbitrary, hostile } from 'nlkit/testing'`. Needs fast-check. */
export { arbitrary, encoded, hostile, messageDamage, mutate, mutation, type ArbitraryOptions, type Mutation } from './arbitraries.ts';
export { damage, damageOf, type Damage } from './damage.ts';
export { shrink, tapeOf } from './shrink.ts';
export { signature, type Outcome } from './signature.ts';
export { Tape } from './tape.ts';
export { build, reachable, type ValueOptions } from './values.ts';
