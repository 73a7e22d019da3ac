// Finds the names that one kernel header declares: constants (macros and enumerators) and structs with their members.
// It reads the preprocessor's output, so conditionals and macros are already resolved; values come from the compiler.
import { spawnSync } from 'node:child_process';

const keywords = new Set(['struct', 'union', 'enum', 'const', 'volatile', 'unsigned', 'signed', 'int', 'char', 'short', 'long', 'typedef', '__attribute__']);

/** The part of the preprocessed text that comes from `header` itself. */
const ownText = (header, include) => {
  const { status, stdout: text, stderr } = spawnSync('gcc', ['-E', '-dD', '-nostdinc', ...include, '-x', 'c', '-'], {
    input: `${prelude}#include <${header}>\n`, encoding: 'utf8', maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${header}: ${stderr.slice(0, 500)}`);
  let own = false;
  return text.split('\n').filter((line) => {
    const marker = /^# \d+ "([^"]*)"/.exec(line);
    if (marker) own = marker[1].endsWith(`/${header}`);
    return own && !marker;
  }).join('\n');
};

/** What some kernel headers need before them, and do not include themselves. */
export const prelude = [
  'typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t;',
  'typedef signed char int8_t; typedef short int16_t; typedef int int32_t; typedef long int64_t; typedef unsigned long size_t;',
  'typedef unsigned short sa_family_t; struct sockaddr { sa_family_t sa_family; char sa_data[14]; };',
  '#include <linux/types.h>', '#include <linux/socket.h>', '#include <linux/in.h>', '#include <linux/in6.h>', '#include <linux/if.h>',
  '#define sockaddr_storage __kernel_sockaddr_storage', '#define MSG_FIN 0x200', '',
].join('\n');

const tokenize = (text) => text.match(/[A-Za-z_]\w*|\d\w*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s\w]/g) ?? [];

/** The index just after the bracket that closes the one at `start`. */
const close = (tokens, start) => {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    if ('{(['.includes(tokens[i])) depth++;
    else if ('})]'.includes(tokens[i]) && --depth === 0) return i + 1;
  }
  return tokens.length;
};

/** One list of names for each enum. */
const enumerations = (tokens) => {
  const found = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] !== 'enum') continue;
    const open = tokens[i + 1] === '{' ? i + 1 : tokens[i + 2] === '{' ? i + 2 : -1;
    if (open < 0) continue;
    const end = close(tokens, open) - 1;
    const names = [];
    for (let at = open + 1, expecting = true; at < end; at++) {
      if (tokens[at] === '(') at = close(tokens, at) - 1;
      else if (tokens[at] === ',') expecting = true;
      else if (expecting) { names.push(tokens[at]); expecting = false; }
    }
    if (names.length) found.push(names);
    i = end;
  }
  return found;
};

const isName = (token) => /^[A-Za-z_]/.test(token ?? '') && !keywords.has(token);

/** Member names of a struct body; members of anonymous structs and unions count as the outer one's, as in C. */
const members = (tokens) => {
  const names = [];
  let statement = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === '__attribute__') { i = close(tokens, i + 1) - 1; continue; }
    if (token === '{') {
      const end = close(tokens, i);
      statement.push({ body: tokens.slice(i + 1, end - 1) });
      i = end - 1;
      continue;
    }
    if (token === '(') return undefined; // a function pointer: not a wire format
    if (token === '[') { i = close(tokens, i) - 1; continue; }
    if (token !== ';' && token !== ',') { statement.push(token); continue; }
    const bits = statement.indexOf(':');
    const last = statement.at(bits < 0 ? -1 : bits - 1);
    if (typeof last === 'object') names.push(...(members(last.body) ?? []));
    else if (isName(last)) {
      names.push(bits < 0 ? last : { bits: last });
      const body = statement.find((part) => typeof part === 'object')?.body;
      if (body) names.push(...(members(body) ?? []).filter((name) => typeof name === 'string').map((name) => `${last}.${name}`));
    }
    statement = token === ',' ? statement.filter((part) => part !== ':').slice(0, -1).concat('int') : [];
  }
  return names;
};

const structs = (tokens) => {
  const found = {};
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] !== 'struct' && tokens[i] !== 'union') continue;
    let at = i + 1;
    while (tokens[at] === '__attribute__') at = close(tokens, at + 1);
    if (!isName(tokens[at]) || tokens[at + 1] !== '{') continue;
    const end = close(tokens, at + 1);
    const names = members(tokens.slice(at + 2, end - 1));
    if (names) found[tokens[at]] = { kind: tokens[i], names };
    // Not skipped to `end`: named structs may be declared inside.
  }
  return found;
};

/** { constants: candidate names, enums: [names of one], structs: { name: { kind, names } } } of one header. */
export const scan = (header, include) => {
  const text = ownText(header, include);
  const macros = [...text.matchAll(/^#define ([A-Za-z]\w*)(?!\()[ \t]+(\S.*)$/gm)].filter((m) => !/_H_*$/.test(m[1])).map((m) => m[1]);
  const tokens = tokenize(text.replace(/^#.*$/gm, ''));
  const enums = enumerations(tokens);
  return { constants: [...new Set([...enums.flat(), ...macros])], enums, structs: structs(tokens) };
};
