// What others need for the same work (--peers): compiled here from bench/peers with the libraries that the distribution has, run in turns with C.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('peers/', import.meta.url));
/** Runs a build step. @throws {Error} with the last line that it printed */
const build = (command, args, options = {}) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000, ...options });
  if (status !== 0) throw new Error(error?.message ?? `${stderr}${stdout}`.trim().split('\n').pop());
  return stdout.trim();
};
const needs = (path, what) => { if (!existsSync(path)) throw new Error(`no ${path} (Debian: ${what})`); };
const crates = '/usr/share/cargo/registry', packages = '/usr/share/gocode', headers = '/usr/include/libnl3/netlink/route/route.h';

/** Each: how it is built into a folder. It gives the command, to which `routes`, `links` or `add COUNT DEVICE GATEWAY` is added. */
const peers = {
  libnl: (into, compiler) => {
    needs(headers, 'libnl-route-3-dev');
    build(compiler, ['-O2', '-Wall', '-I/usr/include/libnl3', '-o', join(into, 'libnl'), join(sources, 'libnl.c'), '-lnl-route-3', '-lnl-3']);
    return [join(into, 'libnl')];
  },
  'Rust rtnetlink': (into) => {
    needs(`${crates}/rtnetlink-0.10.1`, 'librust-rtnetlink-dev librust-tokio-dev, and cargo');
    cpSync(join(sources, 'rust'), join(into, 'rust'), { recursive: true });
    build('cargo', ['build', '--release', '--offline', '--config', 'source.crates-io.replace-with="distribution"', '--config', `source.distribution.directory="${crates}"`], { cwd: join(into, 'rust') });
    return [join(into, 'rust/target/release/rtnetlink-peer')];
  },
  'Go netlink': (into) => {
    needs(`${packages}/src/github.com/vishvananda/netlink`, 'golang-go golang-github-vishvananda-netlink-dev');
    mkdirSync(join(into, 'cache'));
    build('go', ['build', '-o', join(into, 'go'), join(sources, 'go/main.go')], { env: { ...process.env, GO111MODULE: 'off', GOPATH: packages, GOCACHE: join(into, 'cache') } });
    return [join(into, 'go')];
  },
};

/** Those that can be built here, by name; `say` hears of the others. */
export const buildPeers = (into, compiler, say) => Object.entries(peers).flatMap(([name, make]) => {
  try { return [{ name, command: make(into, compiler) }]; } catch (error) { say(`${name} is left out: ${error.message}`); return []; }
});
