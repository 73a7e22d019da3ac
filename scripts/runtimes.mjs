/** The runtimes that nlkit supports, as their packages on npm bring them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = fileURLToPath(new URL('../.cache/runtimes', import.meta.url));

/** As the packages name this machine's kind of processor; undefined where there are none for it. */
const arch = process.platform === 'linux' ? { x64: { node: 'x64', bun: 'x64', deno: 'x64' }, arm64: { node: 'arm64', bun: 'aarch64', deno: 'arm64' } }[process.arch] : undefined;
/** Why nothing can be run here. */
export const unsupported = arch ? undefined : `Linux on x64 or arm64 is needed; this is ${process.platform} on ${process.arch}`;

const node = (version, env = {}) => ({ folder: `node${version}`, package: `node-linux-${arch.node}@${version}`, binary: `node-linux-${arch.node}/bin/node`, args: [], env });
export const runtimes = arch ? {
  node20: node(20),
  node22: node(22),
  node24: node(24),
  node26: node(26),
  'node26+ffi': node(26, { NLKIT_LOADER: 'node:ffi' }),
  bun: { folder: 'bun', package: `@oven/bun-linux-${arch.bun}`, binary: `@oven/bun-linux-${arch.bun}/bin/bun`, args: ['run'], env: {} },
  deno: { folder: 'deno', package: `@deno/linux-${arch.deno}-glibc`, binary: `@deno/linux-${arch.deno}-glibc/deno`, args: ['run', '--allow-all', '--quiet'], env: {} },
} : {};

export const binaryOf = (runtime) => join(home, runtime.folder, 'node_modules', runtime.binary);

/** Gets one from npm. @returns why it could not be had */
export function get(runtime) {
  const prefix = join(home, runtime.folder);
  mkdirSync(prefix, { recursive: true });
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', runtime.package], { encoding: 'utf8' });
  return status === 0 ? undefined : `${runtime.package} could not be installed: ${stderr.trim().split('\n')[0]}`;
}
