import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Examples import the package by its name; here that is the source. */
const source = (path: string): string => join(import.meta.dirname, path);

export default defineConfig({
  resolve: { alias: [{ find: /^nlkit$/, replacement: source('src/index.ts') }, { find: /^nlkit\/(.+)$/, replacement: source('src/$1/index.ts') }] },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' },
});
