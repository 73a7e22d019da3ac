// Where the kernel headers come from: the newest linux-libc-dev package that a Debian mirror offers, unpacked into
// a cache. Apt runs on a private state (own sources, lists and an empty dpkg status), so the machine's is untouched.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const suites = ['trixie', 'trixie-backports', 'sid'];

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28, ...options });

export const cacheFolder = () => {
  const folder = process.env.NLKIT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nlkit');
  mkdirSync(join(folder, 'apt/lists/partial'), { recursive: true });
  return folder;
};

/** Runs an apt tool on the private state kept in `cache`. */
const apt = (cache, tool, ...args) =>
  run(`apt-${tool}`, [
    '-q',
    '-o', `Dir::Etc::sourcelist=${cache}/apt/sources.list`,
    '-o', 'Dir::Etc::sourceparts=/dev/null',
    '-o', 'Dir::Etc::preferencesparts=/dev/null',
    '-o', `Dir::State::lists=${cache}/apt/lists`,
    '-o', 'Dir::State::status=/dev/null',
    '-o', 'Dir::Cache::pkgcache=',
    '-o', 'Dir::Cache::srcpkgcache=',
    '-o', 'Debug::NoLocking=1',
    '-o', 'APT::Sandbox::User=',
    '-o', 'APT::Architecture=amd64',
    '-o', 'Acquire::Languages=none',
    '-o', 'Acquire::Retries=3',
    ...args,
  ], { cwd: cache });

/** The Debian mirror that this machine's own apt is set up with. */
const mirror = () => {
  const sites = run('apt-get', ['indextargets', '--format', '$(SITE)']).split('\n');
  const site = sites.find((line) => /\/debian\/?$/.test(line));
  if (!site) throw new Error('apt on this machine has no Debian mirror set up');
  return site.replace(/\/$/, '');
};

const fresh = (folder) =>
  readdirSync(folder).some((name) => name.includes('Packages') && Date.now() - statSync(join(folder, name)).mtimeMs < 86_400_000);

/**
 * The folder that holds the newest headers (`<folder>/linux/if_link.h`, ...), and their package version.
 * A package file named by NLKIT_UAPI_DEB is used instead of a download.
 */
export const fetchHeaders = () => {
  const cache = cacheFolder();
  let file = process.env.NLKIT_UAPI_DEB;
  let version;
  if (file) {
    version = run('dpkg-deb', ['-f', file, 'Version']).trim();
  } else {
    const site = mirror();
    const sources = suites.map((suite) => `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${site} ${suite} main\n`).join('');
    const list = join(cache, 'apt/sources.list');
    if (!existsSync(list) || readFileSync(list, 'utf8') !== sources || !fresh(join(cache, 'apt/lists'))) {
      writeFileSync(list, sources);
      apt(cache, 'get', 'update');
    }
    const offered = apt(cache, 'cache', 'madison', 'linux-libc-dev').split('\n').map((line) => line.split('|')[1]?.trim()).filter(Boolean);
    // The newest by dpkg's own ordering of versions.
    version = offered.reduce((best, next) => {
      try {
        run('dpkg', ['--compare-versions', next, 'gt', best]);
        return next;
      } catch {
        return best;
      }
    });
    const name = `linux-libc-dev_${version.replaceAll(':', '%3a')}_all.deb`;
    file = join(cache, name);
    if (!existsSync(file)) {
      apt(cache, 'get', 'download', `linux-libc-dev=${version}`);
      const got = readdirSync(cache).find((entry) => entry.startsWith(`linux-libc-dev_${version.replaceAll(':', '%3a')}`));
      if (!got) throw new Error(`apt did not deliver linux-libc-dev ${version}`);
      file = join(cache, got);
    }
  }
  const root = join(cache, `linux-libc-dev-${version}`);
  if (!existsSync(join(root, 'usr'))) {
    rmSync(root, { recursive: true, force: true });
    run('dpkg', ['-x', file, root]);
  }
  return { version, root, include: join(root, 'usr/include') };
};
