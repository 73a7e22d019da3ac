// docs/reference/api.md: what each entry point of the package exports, as TypeScript declares it, docstrings included.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { callsOf } from './calls.mjs';

/** The end of a declaration that starts at `at`: the `;` or the `}` that closes it. */
const declarationEnd = (text, at) => {
  let depth = 0;
  const body = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface)\b/.test(text.slice(at, at + 60));
  for (const match of text.slice(at).matchAll(/\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|=>|[[\](){}<>;]/g)) {
    const t = match[0];
    if ('[({<'.includes(t)) depth++;
    else if ('])}>'.includes(t)) { depth--; if (depth === 0 && t === '}' && body) return at + match.index + 1; }
    else if (t === ';' && depth === 0) return at + match.index + 1;
  }
  return text.length;
};

const declaration = /(?:^|\n)((?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*)?)export (?:declare )?(?:abstract )?(class|interface|function|const|type) ([\w$]+)/g;

/** name -> the text of its declarations (functions may have several). */
export const declarations = (text) => {
  const found = new Map();
  for (const match of text.matchAll(declaration)) {
    const begin = match.index + (match[0].startsWith('\n') ? 1 : 0);
    const start = begin + match[1].length;
    const own = text.slice(begin, declarationEnd(text, start));
    found.set(match[3], found.has(match[3]) ? `${found.get(match[3])}\n${own}` : own);
  }
  return found;
};

export const apiPage = (root) => {
  const out = mkdtempSync(join(root, 'node_modules/.nlkit-api-'));
  try {
    spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json'), '--emitDeclarationOnly', '--declarationMap', 'false', '--sourceMap', 'false', '--outDir', out], { cwd: root });
    const cache = new Map();
    const read = (file) => {
      if (!cache.has(file)) {
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        cache.set(file, { text, own: declarations(text) });
      }
      return cache.get(file);
    };
    const target = (file, path) => resolve(dirname(file), path.replace(/\.[jt]s$/, '.d.ts'));
    /** [name, text of its declaration] in the order of the exports. */
    const exported = (file) => {
      const { text, own } = read(file);
      const list = [...own];
      const names = new Set(own.keys());
      const add = (name, body) => { if (!names.has(name)) { names.add(name); list.push([name, body]); } };
      for (const match of text.matchAll(/export (\*(?: as (\w+))?|(?:type )?\{([^}]*)\})(?: from '([^']+)')?/g)) {
        const from = match[4]?.startsWith('.') ? target(file, match[4]) : undefined;
        if (!from) continue;
        if (match[2]) add(match[2], `export * as ${match[2]} from '${match[4].replace(/\/index\.[jt]s$/, '')}';`);
        else if (match[1].startsWith('*')) for (const [name, body] of exported(from)) add(name, body);
        else {
          const inner = new Map(exported(from));
          for (const item of match[3].split(',').map((part) => part.trim().replace(/^type /, '')).filter(Boolean)) {
            const [name, alias] = item.split(' as ');
            if (inner.has(name)) add(alias ?? name, inner.get(name));
          }
        }
      }
      return list;
    };
    const { exports, name: pkg } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const lines = ['# Reference: the API', '', 'Made from the declarations by `npm run docs`. The schemas (`nlkit/families`) have [pages of their own](README.md).', ''];
    const shown = new Map();
    for (const [path, { types } = {}] of Object.entries(exports)) {
      if (!types || path.startsWith('./families')) continue;
      const file = join(out, types.replace('./dist/', ''));
      const specifier = pkg + path.slice(1);
      lines.push(`## ${specifier}`, '');
      const doc = /^\/\*\*([\s\S]*?)\*\//.exec(read(file).text)?.[1].replace(/\s*\n?\s*\*\s?/g, ' ').trim();
      if (doc) lines.push(doc, '');
      const repeated = [];
      for (const [name, text] of exported(file).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
        if (shown.has(text)) { repeated.push(`\`${name}\` (${shown.get(text)})`); continue; }
        shown.set(text, specifier);
        // The bases that the compiler invents for schema classes say in a page what a schema page says in a table; what plans take and tell stands nowhere else.
        const body = text.length > 12_000 ? `${text.slice(0, text.indexOf('{') + 1 || 200)} ... }` : text;
        lines.push(`### ${name}`, '', '```ts', body.replaceAll('export declare ', '').replaceAll('export ', '').replace(/\n\s*#private;/g, ''), '```', '');
      }
      for (const one of readdirSync(dirname(file)).filter((name) => name.endsWith('.d.ts') && path !== '.').sort()) {
        const from = join(dirname(file), one), calls = callsOf(read(from).text, (module, name) => (module === undefined ? read(from).own.get(name) : new Map(exported(target(from, module))).get(name)));
        if (calls.length === 0) continue;
        const opener = /export declare function (open\w*)\([^)]*\): Promise</.exec(read(from).text)?.[1] ?? 'open';
        lines.push(`### Calls of \`${opener}()\``, '', `With \`${opener}Sync()\` the same return when the kernel has answered, lists as arrays.`, '', '```ts', calls.join('\n'), '```', '');
      }
      if (repeated.length) lines.push(`Also: ${repeated.join(', ')}.`, '');
    }
    return `${lines.join('\n').trimEnd()}\n`;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};
