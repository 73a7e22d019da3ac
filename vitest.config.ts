import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Examples import the package by its name; here that is the source. */
const source = (path: string): string => join(import.meta.dirname, path);

/** Live tests wait for other processes most of the time: none fewer at once than there are processors. */
const WORKERS = availableParallelism();
/** Each line beside iproute2 or brctl, on a live kernel: minutes. `npm run test:parity` runs these, and these alone. */
const parity = ['cli-parity', 'cli-show', 'cli-objects', 'cli-brctl', 'cli-words', 'cli-bpf', 'cli-generic', 'cli-generic-modules', 'cli-xfrm', 'cli-wg', 'cli-ethtool', 'cli-conntrack', 'cli-dpctl', 'cli-ss', 'cli-ss-families', 'cli-tc-qdisc', 'cli-tc-filter', 'cli-ipvsadm', 'cli-ipset', 'cni-parity'].map((name) => `test/live/${name}.test.ts`);
const wanted = process.env['NLKIT_PARITY'] ? { include: parity } : { include: ['test/**/*.test.ts'], exclude: parity };

export default defineConfig({
  resolve: { alias: [{ find: /^nlkit$/, replacement: source('src/index.ts') }, { find: /^nlkit\/(.+)$/, replacement: source('src/$1/index.ts') }] },
  test: { ...wanted, testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks', maxWorkers: WORKERS },
});
