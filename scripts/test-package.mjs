#!/usr/bin/env node
/** The package as its users get it: packed, installed in an empty folder, imported, required, type-checked, bundled for a browser, run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'nlkit-package-'));
let passed = 0, failed = 0;

async function check(name, body) {
  try { const note = await body(); passed++; console.log(`ok   ${name}${note ? ` (${note})` : ''}`); } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${String(error.stdout ?? '')}${String(error.stderr ?? '')}${error.stack ?? error}`);
  }
}
const run = (command, args, cwd = work) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (name, code) => { writeFileSync(join(work, name), code); return run(process.execPath, [name]).trim(); };
function equal(actual, expected) { if (actual !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`); }

const hex = '2000000010000506010000000000000000000000000000000000000000000000';
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const subpaths = Object.keys(entries).filter((path) => path !== './package.json');

try {
  run(process.execPath, ['scripts/build.mjs'], root);
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', work], root));
  const tarball = join(work, filename);
  writeFileSync(join(work, 'package.json'), '{ "name": "user", "private": true }\n');
  await check('the tarball installs, without install scripts', () => {
    run('npm', ['install', '--no-audit', '--no-fund', tarball, join(root, 'node_modules/fast-check')]);
    const scripts = Object.entries(JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8')).packages).filter(([path, p]) => path && p.hasInstallScript);
    if (scripts.length) throw new Error(`install scripts: ${scripts.map(([path]) => path)}`);
    return `${Math.round(statSync(tarball).size / 1024)} KB, ${files.length} files`;
  });
  for (const path of subpaths) {
    const name = `nlkit${path.slice(1)}`;
    await check(`import ${name}`, () => { equal(node('import.mjs', `import * as m from '${name}'; console.log(Object.keys(m).length > 0)`), 'true'); });
  }
  await check('require, from CommonJS', () => {
    equal(node('require.cjs', `const { decode, frames } = require('nlkit/codec'); const { Link } = require('nlkit/families/route');
      const bytes = Uint8Array.from(Buffer.from('${hex}', 'hex')); const [frame] = frames(bytes);
      console.log(frame.type, JSON.stringify(decode(Link, bytes.subarray(frame.start, frame.end)).flags));`).split('\n').pop(), '16 []');
  });
  await check('the command prints what it would send', () => {
    const text = run(process.execPath, [join(work, 'node_modules/.bin/nlkit'), 'ip', '--dry-run', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1']);
    for (const word of ['RTM_NEWLINK', 'veth0', 'veth1']) if (!text.includes(word)) throw new Error(`no ${word} in ${text}`);
  });
  await check('compiled code is kept, and done without where it cannot be', () => {
    const command = join(work, 'node_modules/.bin/nlkit'), call = (XDG_CACHE_HOME, ...words) => execFileSync(process.execPath, [command, ...words], { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME }, stdio: 'pipe' });
    for (const words of [['-V'], ['ip', '-V'], ['bridge', '-V'], ['brctl', '--help']]) {
      const [first, ...more] = ['cache', 'cache', 'package.json'].map((folder) => call(join(work, folder), ...words));
      for (const text of more) equal(text, first);
    }
    return `${readdirSync(join(work, 'cache', 'nlkit')).length} files`;
  });
  await check('a picture without its optional package says what to install', () => {
    const { status, stdout, stderr } = spawnSync(join(work, 'node_modules/.bin/nlkit'), ['topology', '-o', 'svg'], { encoding: 'utf8' });
    equal(`${status} ${stdout}`, '1 ');
    if (!stderr.includes('npm install @dagrejs/dagre')) throw new Error(stderr);
  });
  await check('types: a user\'s program compiles, a typo does not', () => {
    writeFileSync(join(work, 'use.ts'), `import { open, veth, macvlan } from 'nlkit';
import { Link } from 'nlkit/families/route';
import { decode } from 'nlkit/codec';
export const link: Link = decode(Link, new Uint8Array(16));
export async function main(): Promise<void> {
  await using nl = await open();
  await nl.link.add(veth('a', { peer: { ifname: 'b', namespace: 's1' } }));
  await nl.link.add(macvlan('m', { mode: 'bridge' }, { link: 'a' }));
  // @ts-expect-error no such mode
  await nl.link.add(macvlan('m', { mode: 'brigde' }));
  for await (const l of nl.link.list()) if (l.linkinfo?.kind === 'vlan') console.log(l.linkinfo.data?.id);
}
`);
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022', '--typeRoots', join(root, 'node_modules/@types'), '--types', 'node', 'use.ts']);
  });
  for (const path of ['codec', 'families', 'families/route', 'families/generic', 'inspect', 'testing']) {
    await check(`nlkit/${path} bundles for a browser`, async () => {
      const { outputFiles } = await build({ stdin: { contents: `export * from 'nlkit/${path}'`, resolveDir: work }, bundle: true, write: false, minify: true, format: 'esm', platform: 'browser', logLevel: 'silent', external: ['fast-check'] });
      const text = outputFiles[0].text;
      if (/from\s*["']node:|require\(["']node:/.test(text)) throw new Error('it imports node:');
      return `${Math.round(text.length / 1024)} KB`;
    });
  }
  const bin = (name) => join(root, 'node_modules/.bin', name);
  await check('publint', () => {
    const result = spawnSync(bin('publint'), ['--strict', '--pack', 'false', root], { encoding: 'utf8', cwd: root });
    if (result.status !== 0) throw new Error(result.stdout + result.stderr);
  });
  await check('are the types wrong?', () => {
    const result = spawnSync(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color'], { encoding: 'utf8', cwd: root });
    if (result.status !== 0) throw new Error(result.stdout + result.stderr);
  });
} finally { rmSync(work, { recursive: true, force: true }); }
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
