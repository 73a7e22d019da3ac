// The calls of a client: what `open()` gives is declared as a table of plans (`Async<Plans>`); a reader wants each with what it takes, gives and says.

/** Tables of plans: `declare const statePlans: { add: typeof states.add; ... }`, one level of groups below. */
const table = /declare const (\w*?)[pP]lans: \{\n([\s\S]*?)\n\};/g;

/** The parts of a text between commas that are in no brackets. */
const parts = (text) => {
  const found = [''];
  let depth = 0;
  for (const letter of text) {
    if ('<([{'.includes(letter)) depth++;
    else if ('>)]}'.includes(letter)) depth--;
    if (letter === ',' && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
};
/** What a plan gives, as its call does: a list to loop over, or a promise. */
const given = (result) => (/^Listed<[\s\S]*>$/.test(result) ? `Listing<${parts(result.slice('Listed<'.length, -1))[0].trim()}>` : `Promise<${result}>`);

/** A plan's declaration as a call by this name; undefined where it is something else. */
function call(name, text) {
  const doc = /^\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*/.exec(text)?.[0] ?? '';
  const own = text.slice(doc.length);
  const match = /^export declare (?:function [\w$]+([\s\S]*\)): |const [\w$]+: ([\s\S]*\)) => )Plan<([\s\S]*)>;$/.exec(own);
  return match ? `${doc}${name}${match[1] ?? match[2]}: ${given(match[3])};` : undefined;
}

/** The calls of the tables in a file. @param find (module's path or undefined for the file itself, name) -> declaration */
export function callsOf(text, find) {
  const modules = new Map(), calls = [];
  for (const [, whole, named, path] of text.matchAll(/import (?:\* as (\w+)|\{([^}]*)\}) from '(\.[^']+)'/g)) {
    if (whole) modules.set(whole, { path });
    for (const item of (named ?? '').split(',').map((part) => part.trim().replace(/^type /, '')).filter(Boolean)) {
      const [name, alias] = item.split(' as ');
      modules.set(alias ?? name, { path, name });
    }
  }
  for (const [, name, body] of text.matchAll(table)) {
    // The client's key may be another: `conntrack: Async<ConnectionPlans>`.
    const title = new RegExp(`readonly (\\w+): Async<(?:typeof )?${name}Plans>`, 'i').exec(text)?.[1] ?? name;
    let group = title;
    for (const line of body.split('\n')) {
      const opens = /^ {4}(\w+): \{$/.exec(line), entry = /^( +)(\w+): typeof (?:(\w+)\.)?(\w+);$/.exec(line);
      if (opens) group = opens[1];
      else if (entry) {
        const [, indent, key, module, name] = entry, from = modules.get(module ?? name);
        const text = module ? find(from?.path, name) : from ? find(from.path, from.name) : find(undefined, name);
        const own = indent.length > 4 ? group : title, said = text && call(own ? `${own}.${key}` : key, text);
        if (said) calls.push(said);
      }
    }
  }
  return calls;
}
