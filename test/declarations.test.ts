/** What editors show of the packed declarations: the documentation of every call of an open connection. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LanguageServer } from './support/language-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(`${tmpdir()}/nlkit-declarations-`));
let server: LanguageServer;

beforeAll(async () => {
  const installed = `${folder}/node_modules/nlkit`;
  mkdirSync(installed, { recursive: true });
  const { stdout } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', `${installed}/dist`], { encoding: 'utf8' });
  expect(stdout).toBe('');
  const { documentCalls } = await import(new URL('../scripts/declarations.mjs', import.meta.url).href) as { documentCalls: (dist: string) => number };
  documentCalls(`${installed}/dist`);
  cpSync(`${root}package.json`, `${installed}/package.json`);
  for (const name of ['@types', 'bit-buffer', 'undici-types', 'fast-check']) symlinkSync(`${root}node_modules/${name}`, `${folder}/node_modules/${name}`);
  writeFileSync(`${folder}/package.json`, '{ "type": "module" }');
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', types: ['node'], noEmit: true, skipLibCheck: false } }));
  server = await LanguageServer.open(folder);
}, 180_000);
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const openers = [['nlkit', 'open'], ['nlkit', 'openSync'], ['nlkit/netfilter', 'open'], ['nlkit/netfilter', 'openSync'], ['nlkit/diag', 'open'], ['nlkit/diag', 'openSync'], ['nlkit/xfrm', 'openXfrm'], ['nlkit/xfrm', 'openXfrmSync'],
  ...['Devlink', 'Ipvs', 'Ovs'].flatMap((family) => [['nlkit/generic', `open${family}`], ['nlkit/generic', `open${family}Sync`]])] as [string, string][];

test.each(openers)('every call of what %s\'s %s() gives has its documentation', async (module, opener) => {
  const head = `import { ${opener} } from '${module}';\nconst nl = await ${opener}();\n`;
  /** What an expression has. */
  const within = async (expression: string): Promise<{ name: string; method: boolean }[]> => {
    server.write(`${head}${expression}.\n`);
    return server.completions(2, expression.length + 1);
  };
  const calls: string[] = [];
  for (const { name, method } of await within('nl')) {
    if (method) calls.push(`nl.${name}`);
    else if (name !== 'client') calls.push(...(await within(`nl.${name}`)).map((inner) => `nl.${name}.${inner.name}`));
  }
  expect(calls.length).toBeGreaterThan(5);

  server.write(`${head}${calls.map((call) => `${call}();`).join('\n')}\n`);
  const bare = (await Promise.all(calls.map(async (call, index) => {
    const shown = (await server.hover(index + 2, call.length - 1)).replace(/^```[\s\S]*?\n```/, ''), signatures = await server.signatures(index + 2, call.length + 1);
    return [/\w/.test(shown) ? [] : `${call}: hover`, signatures.length > 0 && signatures.every((text) => /\w/.test(text)) ? [] : `${call}: arguments`].flat();
  }))).flat();
  expect(bare).toEqual([]);
});

test('what is written into the declarations fits them', () => {
  writeFileSync(`${folder}/all.ts`, openers.map(([module, opener], index) => `export { ${opener} as _${index} } from '${module}';\n`).join(''));
  const { stdout } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder], { encoding: 'utf8' });
  rmSync(`${folder}/all.ts`);
  expect(stdout).toBe('');
});
