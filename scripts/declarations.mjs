// Documentation where editors look for it. What `open()` gives is declared by tables of plans (`Async<Plans>`): types that are made from others have no
// docstrings, neither for hover nor for help with arguments. In the declarations that are packed each call is therefore a method of an interface, with its
// plan's docstring, parameters and result, in the file that declares the plan; `Async<...>` and `Sync<...>` give way to these interfaces.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { declarations } from './docs/api.mjs';
import { partsBy, planEntries, signatureOf } from './docs/calls.mjs';

/** Tables: `declare const plans: { ... };`, and functions that make one. */
const tables = /declare const (\w+): (?:\([^)]*\) => )?\{\n([\s\S]*?)\n\};/g;
const capital = (word) => word[0].toUpperCase() + word.slice(1);
/** `Async<Plans>`, a table of such, and IPVS's own words for it. */
const uses = [
  /(?<form>Async|Sync|Planned|PlannedSync)<(?:typeof )?(?<table>\w+)>/g,
  /Readonly<\{\s*\[K in keyof (?<table>\w+)\]: (?<form>Async|Sync)<\w+\[K\]>;\s*\}>/g,
  /\{\s*\[K in keyof (?<table>\w+)\]: \(\.\.\.args: Parameters<\w+\[K\]>\) => (?<form>Promise<)?Told<\w+\[K\]>>?;\s*\}/g,
];

/** What a call gives. */
const given = (result, sync, listing) => {
  const listed = /^Listed<([\s\S]*)>$/.exec(result), one = listed && partsBy(',', listed[1])[0].trim();
  if (listed) return sync ? `${/^\w+$/.test(one) ? one : `(${one})`}[]` : `${listing}<${one}>`;
  return sync ? result : `Promise<${result}>`;
};

/** Rewrites the declarations in a folder. @returns how many calls there are. @throws {Error} of a plan that it cannot read */
export function documentCalls(folder) {
  const files = new Map(readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts')).map((name) => [join(folder, name), readFileSync(join(folder, name), 'utf8')]));
  const added = new Map(), own = new Map();
  const declared = (file, name) => {
    if (!own.has(file)) own.set(file, declarations(files.get(file)));
    return own.get(file).get(name);
  };
  /** Adds to what a file declares. */
  const add = (file, text) => added.set(file, `${added.get(file) ?? ''}${text}\n`);
  const from = (file, to) => `./${relative(dirname(file), to)}`.replace(/^\.\/\.\./, '..').replace(/\.d\.ts$/, '.ts');
  const listing = (file) => `import('${from(file, join(folder, 'route/objects.d.ts'))}').Listing`;
  let count = 0;

  for (const [file, text] of files) {
    if (!uses.some((use) => text.search(use) >= 0) || /(?:route\/objects|generic\/plan)\.d\.ts$/.test(file)) continue;
    const here = planEntries(text, tables);
    /** A table's plans, and the file that declares it: this one, or one that it imports it from. */
    const tableOf = (name) => {
      const path = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '(\\.[^']+)'`).exec(text)?.[1];
      const at = path === undefined ? file : join(dirname(file), path.replace(/\.ts$/, '.d.ts')), all = at === file ? here : planEntries(files.get(at), tables);
      return { at, entries: all.filter((entry) => entry.table === name) };
    };
    /** The interfaces of a table's calls, and a type that joins them. */
    const made = new Map();
    const joined = (table, sync) => {
      const name = `All${capital(table)}${sync ? 'Sync' : ''}`, groups = new Map();
      if (made.has(name)) return name;
      const { at, entries } = tableOf(table);
      for (const { group, key, path, name: plan, member } of entries) {
        const home = path === undefined ? at : join(dirname(at), path.replace(/\.ts$/, '.d.ts'));
        const signature = signatureOf(member ?? declared(home, plan) ?? '');
        if (!signature) throw new Error(`${file}: ${table}.${key}: no plan that can be read`);
        const homes = groups.get(group) ?? new Map();
        homes.set(home, [...(homes.get(home) ?? []), `${signature.doc}${key}${signature.takes}: ${given(signature.result, sync, listing(home))};`]);
        groups.set(group, homes);
      }
      const types = [...groups].map(([group, homes]) => [group, [...homes].map(([home, calls]) => {
        const title = `${capital(group ?? table.replace(/(?<=.)(Plans|Calls)$/, ''))}Calls${sync ? 'Sync' : ''}`;
        if (new RegExp(`\\b${title}\\b`).test(files.get(home) + (added.get(home) ?? ''))) throw new Error(`${home}: there is a ${title} already`);
        count += calls.length;
        add(home, `export interface ${title} {\n${calls.join('\n')}\n}`);
        return home === file ? title : `import('${from(file, home)}').${title}`;
      }).join(' & ')]);
      made.set(name, true);
      add(file, `type ${name} = ${types[0][0] === undefined ? types[0][1] : `{ ${types.map(([group, type]) => `readonly ${group}: ${type};`).join(' ')} }`};`);
      return name;
    };
    const meant = (word) => new RegExp(`type ${word} = (?:ReturnType<)?typeof (\\w+)>?;`).exec(text)?.[1] ?? word;
    let out = text;
    for (const use of uses) {
      out = out.replaceAll(use, (whole, ...rest) => {
        const { table, form = 'Sync' } = rest.at(-1), name = meant(table);
        if (tableOf(name).entries.length === 0) return whole;
        // Lines stay where they were: the maps to the sources are the compiler's.
        const type = `${joined(name, form.endsWith('Sync'))}${'\n'.repeat(whole.split('\n').length - 1)}`;
        return form.startsWith('Planned') ? `(${form}<{}> & ${type})` : type;
      });
    }
    files.set(file, out);
  }
  for (const [file, text] of added) files.set(file, files.get(file).replace(/(?=\/\/# sourceMappingURL)|$/, text));
  for (const [file, text] of files) if (added.has(file)) writeFileSync(file, text);
  return count;
}
