// docs/coverage.md: every attribute of the kernel's headers that belongs to an enum which schemas declare from, with
// the key that declares it and the kernels that a captured message with it is from.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { walk } from './families.mjs';

const marker = (name) => name.startsWith('__') || /_(MAX|LAST|MIN|CNT|NUM)$/.test(name) || /_(UNSPEC|UNSPECIFIED|NONE|INVALID|UNUSED\d*|UNDEFINED|BASE)$/.test(name);

/** Calls `mark` for each attribute that a decoded value holds. */
const present = (codec, value, tools, mark, scopes = []) => {
  const { resolve, caseOf } = tools;
  const c = resolve(codec);
  if (value === undefined || value === null) return;
  const each = (inner) => { for (const item of Object.values(value)) present(inner, item, tools, mark, scopes); };
  switch (c.kind) {
    case 'message': present(c.attrs, value, tools, mark, scopes); break;
    case 'attrs':
      for (const [key, item] of Object.entries(value)) {
        const attribute = c.byKey.get(key);
        if (!attribute) continue;
        mark(attribute.name);
        present(attribute.codec, item, tools, mark, [value, ...scopes]);
      }
      break;
    case 'select': present(caseOf(c, scopes.find((scope) => scope[c.by] !== undefined)?.[c.by]), value, tools, mark, scopes); break;
    case 'variant': present(caseOf(c, value[c.by]), value, tools, mark, scopes); break;
    case 'multi': case 'list': case 'indexed': case 'sequence': case 'keyed': case 'array': if (typeof value === 'object') each(c.element); break;
    case 'records': if (Array.isArray(value)) for (const item of value) present(c.attrs, item, tools, mark, scopes); break;
    case 'tail': present(c.rest, value[c.key], tools, mark, scopes); break;
  }
};

/** Kernel release (the folder's name) -> attribute name -> how many messages have it; and how many messages there are. */
const captured = (root, { protocols, genericOf, codec }) => {
  const result = new Map();
  const folder = join(root, 'fixtures');
  for (const release of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && /^\d/.test(entry.name)).map((entry) => entry.name).sort()) {
    const counts = new Map();
    let messages = 0;
    const files = readdirSync(join(folder, release), { recursive: true }).filter((name) => name.endsWith('.json')).sort();
    for (const file of files) {
      const capture = JSON.parse(readFileSync(join(folder, release, file), 'utf8'));
      const datagrams = (capture.messages ?? []).map(({ protocol, hex }) => ({ protocol, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) }));
      const generic = genericOf(datagrams);
      for (const { protocol: number, bytes } of datagrams) {
        const protocol = number === generic.number ? generic : protocols.find((candidate) => candidate.number === number);
        if (!protocol) continue;
        for (const frame of codec.frames(bytes)) {
          messages++;
          if (!protocol.byNumber.has(frame.type)) continue;
          const seen = new Set();
          present(codec.bodySchema(protocol, frame), codec.decodeMessage(protocol, bytes, frame, { exact: true }).body, codec, (name) => seen.add(name));
          for (const name of seen) counts.set(name, (counts.get(name) ?? 0) + 1);
        }
      }
    }
    result.set(release, { counts, messages, files: files.length });
  }
  return result;
};

export const coveragePage = (root, families) => {
  const uapi = JSON.parse(readFileSync(join(root, 'fixtures/uapi.json'), 'utf8'));
  const { codec, protocols } = families;
  const declared = new Map();
  const seen = new Set();
  for (const protocol of [...protocols, ...families.families.map((family) => family.at(0))]) {
    for (const message of [...protocol.byNumber.values()].flatMap((one) => [one, one.events ?? one])) {
      for (const schema of [message.schema, message.request].filter(Boolean)) {
        walk(schema, (c) => {
          if (c.kind === 'attrs') for (const { name, key, number } of c.byNumber.values()) if (!declared.has(name)) declared.set(name, { key, number });
        }, seen, codec.resolve);
      }
    }
  }
  const captures = captured(root, families);
  const body = [];
  const totals = { all: 0, declared: 0, captured: 0 };
  const confirmed = new Set();
  for (const [header, names] of Object.entries(uapi.constants)) {
    const order = Object.keys(names);
    for (const [first, count] of uapi.enums[header] ?? []) {
      const members = order.slice(order.indexOf(first), order.indexOf(first) + count);
      const own = members.filter((name) => declared.has(name));
      if (own.length === 0 || confirmed.has(own[0])) continue;
      for (const name of own) confirmed.add(name);
      const byNumber = new Map(own.map((name) => [names[name], name]));
      const rows = members.filter((name) => !marker(name) && (declared.has(name) || (names[name] !== 0 && !byNumber.has(names[name]))));
      // Of devlink's and dpll's enums rtnetlink uses a few: the others are other protocols' business.
      const foreign = own.length < 5 && rows.length > 4 * own.length;
      body.push(`## ${own[0].slice(0, prefixLength(own.length > 1 ? own : rows))}* (${header})`, '');
      body.push('| attribute | number | key | captured |', '|---|---:|---|---|');
      for (const name of rows.filter((row) => !foreign || declared.has(row))) {
        const where = [...captures].filter(([, { counts }]) => counts.has(name)).map(([release, { counts }]) => `${release} (${counts.get(name)})`);
        totals.all++;
        if (declared.has(name)) totals.declared++;
        if (where.length) totals.captured++;
        body.push(`| ${name} | ${names[name]} | ${declared.has(name) ? `\`${declared.get(name).key}\`` : '**not declared**'} | ${where.join(', ')} |`);
      }
      if (foreign) body.push('', 'The rest of this enum does not occur here.');
      body.push('');
    }
  }
  const apart = [...declared].filter(([name]) => !confirmed.has(name));
  const head = [
    '# Coverage', '',
    `Made by \`npm run docs\` from ${uapi.version}'s headers, the schemas and the captured messages.`, '',
    `- ${totals.declared} of ${totals.all} attributes are declared. Every number and every struct layout is checked against the headers by a test.`,
    `- ${totals.captured} of them occur in a captured message. ${[...captures].map(([release, { messages, files }]) => `Linux ${release}: ${messages} messages in ${files} captures`).join('; ')}. The column says in how many messages.`,
    ...(apart.length ? [`- Declared, and in no enum of the headers: ${apart.map(([name]) => name).join(', ')}.`] : []),
    '',
  ];
  return `${[...head, ...body].join('\n').trimEnd()}\n`;
};

/** How long a prefix names share, up to the last `_`. */
const prefixLength = (names) => {
  let length = 0;
  while (names.every((name) => name[length] !== undefined && name[length] === names[0][length])) length++;
  return names[0].lastIndexOf('_', length - 1) + 1;
};
