// Reads docstrings from TypeScript source: of the file, of its top-level declarations, and of the keys of a
// declaration's first object literal (a schema's members) or of its body (an interface's or a class's).

/** The text of a docstring without its stars. */
const plain = (comment) => comment.slice(3, -2).split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim()).join(' ').replace(/\s+/g, ' ').trim();

/** Strings, comments, words and single characters, with where they begin. */
const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|[A-Za-z_$][\w$]*|[^\s\w$]|\d[\w.]*/g;

/** { doc, declarations: Map name -> { doc, members: Map key -> doc } } */
export const docstrings = (text) => {
  const tokens = [...text.matchAll(token)].map((match) => ({ text: match[0], at: match.index }));
  const declarations = new Map();
  let file;
  let pending;
  let depth = 0;
  let current;
  let shape = 0; // the depth of the keys of the current declaration
  let key = false; // whether a key may come next
  tokens.forEach(({ text: t, at }, index) => {
    if (t.startsWith('/**')) {
      pending = plain(t);
      if (at === 0) file = pending;
      return;
    }
    if (t.startsWith('/*') || t.startsWith('//')) return;
    if (depth === 0) {
      if (t === 'class' || t === 'const' || t === 'interface' || t === 'function' || t === 'type') {
        const name = tokens[index + 1]?.text;
        if (name && /^[A-Za-z_$]/.test(name) && name !== 'enum') {
          current = { doc: pending === file && declarations.size === 0 ? undefined : pending, members: new Map() };
          declarations.set(name, current);
          shape = 0;
          pending = undefined;
        }
      } else if (t === 'import') pending = undefined;
    }
    if (key && depth === shape && current) {
      const name = /^['"]/.test(t) ? t.slice(1, -1) : t;
      if (/^['"A-Za-z_$]/.test(t) && /^[:(?,<}]/.test(tokens[index + 1]?.text ?? '')) {
        if (pending && !current.members.has(name)) current.members.set(name, pending);
        pending = undefined;
        key = false;
      }
    }
    if ('([{'.includes(t)) {
      depth++;
      if (t === '{' && current && shape === 0) { shape = depth; key = true; }
    } else if (')]}'.includes(t)) {
      depth--;
      if (depth < shape) shape = Infinity;
    } else if ((t === ',' || t === ';') && depth === shape) { key = true; return; }
    if (depth === 0 && t !== 'export' && t !== 'declare' && t !== 'abstract') pending = pending && /^(class|const|interface|function|type|async)$/.test(tokens[index + 1]?.text ?? '') ? pending : undefined;
  });
  return { doc: file, declarations };
};
