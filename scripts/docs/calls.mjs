// The calls of a client: what `open()` gives is declared as a table of plans (`Async<Plans>`); a reader wants each with what it takes, gives and says.

/** Tables of plans: `declare const statePlans: { add: typeof states.add; ... }`, one level of groups below. */
const table = /declare const (\w*?[pP]lans): \{\n([\s\S]*?)\n\};/g;

/** The parts of a text between letters (commas, say) that are in no brackets and no comment. */
export const partsBy = (by, text) => {
  const found = [''];
  let depth = 0;
  for (const [piece] of text.replaceAll('=>', '\u21d2').matchAll(/\/\*[\s\S]*?\*\/|[\s\S]/g)) {
    if ('<([{'.includes(piece)) depth++;
    else if ('>)]}'.includes(piece)) depth--;
    if (piece === by && depth === 0) found.push('');
    else found[found.length - 1] += piece;
  }
  return found.map((part) => part.replaceAll('\u21d2', '=>'));
};
/** What a plan gives, as its call does: a list to loop over, or a promise. */
const given = (result) => (/^Listed<[\s\S]*>$/.test(result) ? `Listing<${partsBy(',', result.slice('Listed<'.length, -1))[0].trim()}>` : `Promise<${result}>`);

/** A plan's declaration, or a member that is one, taken apart; undefined where it is something else. */
export function signatureOf(text) {
  const doc = /^\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*/.exec(text)?.[0] ?? '';
  const own = text.slice(doc.length);
  const match = /^(?:export declare (?:function|const) )?[\w$]+(?:: (?=\([\s\S]*\) => \w))?([\s\S]*\))(?:: | => )\w*(?:Plan|Call)<([\s\S]*)>;?$/.exec(own);
  return match ? { doc, takes: match[1], result: match[2] } : undefined;
}

/**
 * The plans of tables: of which table and group, by what key, and where each is declared: the module's path (undefined: the file itself) and the name
 * there, or the member's own text.
 */
export function planEntries(text, all) {
  const modules = new Map(), found = [];
  for (const [, whole, named, path] of text.matchAll(/import (?:\* as (\w+)|\{([^}]*)\}) from '(\.[^']+)'/g)) {
    if (whole) modules.set(whole, { path });
    for (const item of (named ?? '').split(',').map((part) => part.trim().replace(/^type /, '')).filter(Boolean)) {
      const [name, alias] = item.split(' as ');
      modules.set(alias ?? name, { path, name });
    }
  }
  for (const [, table, body] of text.matchAll(all)) {
    const members = (of, group) => {
      for (const member of partsBy(';', of).map((part) => part.trim()).filter(Boolean)) {
        const opens = /^(\w+): \{\n([\s\S]*)\}$/.exec(member), entry = /^(\w+): typeof (?:(\w+)\.)?(\w+)$/.exec(member);
        if (opens) members(opens[2], opens[1]);
        else if (entry) {
          const [, key, module, name] = entry, from = modules.get(module ?? name);
          found.push({ table, group, key, path: from?.path, name: module ? name : from?.name ?? name });
        } else found.push({ table, group, key: /^(?:\/\*[\s\S]*?\*\/\s*)?(\w+)/.exec(member)?.[1], member });
      }
    };
    members(body);
  }
  return found;
}

/** The calls of the tables in a file. @param find (module's path or undefined for the file itself, name) -> declaration */
export function callsOf(text, find) {
  return planEntries(text, table).flatMap(({ table: name, group, key, path, name: plan, member }) => {
    const signature = member === undefined && signatureOf(find(path, plan) ?? '');
    if (!signature) return [];
    // The client's key may be another: `conntrack: Async<ConnectionPlans>`.
    const short = name.replace(/[pP]lans$/, ''), own = group ?? new RegExp(`readonly (\\w+): Async<(?:typeof )?${short}Plans>`, 'i').exec(text)?.[1] ?? short;
    return `${signature.doc}${own ? `${own}.${key}` : key}${signature.takes}: ${given(signature.result)};`;
  });
}
