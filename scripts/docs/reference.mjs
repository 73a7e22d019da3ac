// docs/reference/: one page for each family file that declares schemas, and an index of messages and link kinds.

const kinds = new Set(['attrs', 'struct', 'message', 'variant', 'tail', 'records', 'select', 'enum', 'flags']);
const isSchema = (value) => value !== null && (typeof value === 'object' || typeof value === 'function') && kinds.has(value.kind);
const page = (path) => `${path.replaceAll('/', '-')}.md`;
const cell = (text) => (text ?? '').replaceAll('|', '\\|');
const anchor = (name) => name.toLowerCase();
const numbers = (names, hex) => Object.entries(names).map(([name, value]) => `\`${name}\` ${hex ? `0x${(value >>> 0).toString(16)}` : value}`).join(', ');

export const referencePages = ({ files, protocols, families, codec }) => {
  const { resolve } = codec;
  /** schema -> where it is exported */
  const home = new Map();
  // The file that declares a schema, not one that passes it on.
  for (const file of files) for (const [name, value] of Object.entries(file.exports)) if (isSchema(value) && file.docs.declarations.has(name) && !home.has(value)) home.set(value, { name, path: file.path });

  const makeShow = (from) => {
    const link = ({ name, path }) => `[${name}](${path === from ? '' : page(path)}#${anchor(name)})`;
    const show = (codec, top = false) => {
      const c = resolve(codec);
      if (!top && home.has(c)) return link(home.get(c));
      switch (c.kind) {
        case 'multi': return `${c.parted ? 'repeated, one or several at a time:' : 'repeated'} ${show(c.element)}`;
        case 'indexed': return `nested array of ${show(c.element)}`;
        case 'sequence': return `in order, each one of ${show(c.element)}`;
        case 'keyed': return `number -> ${show(c.element)}`;
        case 'list': case 'array': return `${show(c.element)}[${c.length ?? ''}]`;
        case 'select': return Object.keys(c.cases).length > 6 ? `by \`${c.by}\`` : `by \`${c.by}\`: ${Object.entries(c.cases).map(([name, inner]) => `${name} ${show(inner)}`).join(', ')}, else ${show(c.otherwise)}`;
        case 'enum': return `${c.base.type}: ${Object.keys(c.names).slice(0, 8).map((name) => `\`${name}\``).join(', ')}${Object.keys(c.names).length > 8 ? ', ...' : ''}`;
        case 'flags': return `${c.base.type} flags: ${Object.keys(c.names).slice(0, 8).map((name) => `\`${name}\``).join(', ')}${Object.keys(c.names).length > 8 ? ', ...' : ''}`;
        case 'bits': return `${c.base.type}: ${Object.entries(c.widths).map(([name, width]) => `\`${name}\`:${width}`).join(' ')}`;
        case 'attrs': return `nest of ${[...c.byNumber.values()].map((a) => `\`${a.key}\` ${show(a.codec)}`).join(', ')}`;
        case 'struct': return `struct ${c.type}`;
        case 'records': return `${show(c.header)}[], each with ${show(c.attrs)}`;
        case 'tail': return `${show(c.header)}, then \`${c.key}\`: ${show(c.rest)}`;
        case 'message': return `${show(c.header)} and ${show(c.attrs)}`;
        case 'variant': return `by \`${c.by}\``;
        default: return c.type ?? c.kind;
      }
    };
    return show;
  };

  const names = (codec) => {
    const c = resolve(codec);
    const inner = c.kind === 'multi' || c.kind === 'list' || c.kind === 'indexed' || c.kind === 'sequence' || c.kind === 'keyed' ? resolve(c.element) : c;
    return (inner.kind === 'enum' || inner.kind === 'flags') && Object.keys(inner.names).length > 8 && !home.has(inner) ? inner : undefined;
  };
  const valueLists = (entries) => {
    const long = entries.map(([key, codec]) => [key, names(codec)]).filter(([, c]) => c);
    return long.map(([key, c]) => `\n\`${key}\`: ${numbers(c.names, c.kind === 'flags')}.\n`).join('');
  };

  const section = (name, codec, doc, show) => {
    const c = resolve(codec);
    const lines = [`## ${name}`, ''];
    if (doc?.doc) lines.push(doc.doc, '');
    const member = (key) => cell(doc?.members.get(key));
    if (c.kind === 'attrs') {
      lines.push(`Attributes \`${c.prefix}*\`.`, '', '| key | number | attribute | type | |', '|---|---:|---|---|---|');
      for (const a of c.byNumber.values()) if (resolve(a.codec).kind !== 'pad') lines.push(`| \`${a.key}\` | ${a.number} | ${a.name} | ${cell(show(a.codec))} | ${member(a.key)} |`);
      lines.push(valueLists([...c.byNumber.values()].map((a) => [a.key, a.codec])));
    } else if (c.kind === 'struct') {
      lines.push(`\`struct ${c.type}\`, ${c.size} bytes.`, '', '| key | offset | bytes | type | |', '|---|---:|---:|---|---|');
      for (const place of c.places) if (!place.hidden) lines.push(`| \`${place.key}\` | ${place.offset} | ${place.size} | ${cell(show(place.codec))} | ${member(place.key)} |`);
      lines.push(valueLists(c.places.filter((place) => !place.hidden).map((place) => [place.key, place.codec])));
    } else if (c.kind === 'message') lines.push(`The header ${show(c.header)}, then the attributes ${show(c.attrs)}, as one flat object.`, '');
    else if (c.kind === 'enum' || c.kind === 'flags') lines.push(`${c.base.type}${c.kind === 'flags' ? ' flags' : ''}${c.prefix ? `, \`${c.prefix}*\`` : ''}: ${numbers(c.names, c.kind === 'flags' || c.base.big)}.`, '');
    else if (c.kind === 'variant' || c.kind === 'select') lines.push(`Chosen by \`${c.by}\`${Object.keys(c.cases).length > 16 ? '' : `: ${Object.entries(c.cases).map(([key, inner]) => `${key} ${show(inner)}`).join(', ')}`}.`, '');
    else lines.push(`${show(c, true)}.`, '');
    return lines.join('\n').trimEnd();
  };

  const pages = new Map();
  for (const { path, exports, docs } of files) {
    const show = makeShow(path);
    const own = [...docs.declarations.keys()].filter((name) => isSchema(exports[name]) && home.get(exports[name])?.path === path);
    if (own.length === 0) continue;
    const sections = own.map((name) => section(name, exports[name], docs.declarations.get(name), show));
    pages.set(`reference/${page(path)}`, `# ${path}\n\n${docs.doc ? `${docs.doc}\n\n` : ''}Declared in [src/families/${path}.ts](../../src/families/${path}.ts).\n\n${sections.join('\n\n')}\n`);
  }

  const show = makeShow(undefined);
  const index = ['# Reference: messages and their schemas', '', 'Made from the declarations by `npm run docs`. [The API](api.md) is apart; [coverage](../coverage.md) says what of the kernel\'s headers is declared and captured.', ''];
  for (const protocol of protocols.filter(({ number }) => number !== codec.NETLINK_GENERIC)) {
    index.push(`## ${protocol.name} (netlink protocol ${protocol.number})`, '', '| message | number | schema |', '|---|---:|---|');
    for (const message of protocol.byNumber.values()) index.push(`| ${message.name} | ${message.number} | ${cell(show(message.schema))}${message.request && message.request !== message.schema ? `; requests: ${cell(show(message.request))}` : ''} |`);
    const groups = Object.entries(protocol.groups);
    if (groups.length) index.push('', `Multicast groups: ${groups.map(([key, [number]]) => `\`${key}\` ${number}`).join(', ')}.`);
    index.push('');
  }
  for (const family of families) {
    const [whole] = family.at(0).byNumber.values();
    index.push(`## ${family.name} (generic netlink, netlink protocol ${codec.NETLINK_GENERIC})`, '');
    for (const [title, commands] of [['command', whole.commands], [whole.answers ? 'answer, event' : 'event', whole.events?.commands]]) {
      if (!commands) continue;
      index.push(`| ${title} | number | attributes |`, '|---|---:|---|');
      for (const [number, message] of commands) index.push(`| ${message.name} | ${number} | ${cell(show(message.schema.attrs))}${message.request !== message.schema ? `; requests: ${cell(show(message.request.attrs))}` : ''} |`);
      index.push('');
    }
    const groups = Object.entries(family.groups);
    if (groups.length) index.push(`Multicast groups: ${groups.map(([key, name]) => `\`${key}\` ${name}`).join(', ')}.`, '');
  }
  const lists = files.find((file) => file.path === 'route/kinds/index')?.exports ?? {};
  for (const [title, cases] of [['Link kinds', lists.kinds], ['Port kinds', lists.slaveKinds]]) {
    if (!cases) continue;
    index.push(`## ${title}`, '', '| kind | data |', '|---|---|');
    for (const [kind, schema] of Object.entries(cases)) index.push(`| \`${kind}\` | ${cell(show(schema))} |`);
    index.push('');
  }
  pages.set('reference/README.md', `${index.join('\n').trimEnd()}\n`);
  return pages;
};
