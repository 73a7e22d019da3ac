// npm run uapi: makes fixtures/uapi.json, the numbers and struct layouts of the kernel's own headers, as a C compiler
// sees them. Nothing in it is typed by hand: names are scanned from the headers, values are printed by compiled code.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchHeaders } from './headers.mjs';
import { prelude, scan } from './scan.mjs';

const headers = readFileSync(new URL('headers.txt', import.meta.url), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const output = new URL('../../fixtures/uapi.json', import.meta.url);

const { version, include: folder } = fetchHeaders();
const scratch = mkdtempSync(join(tmpdir(), 'nlkit-uapi-'));
// The C library's headers, which some kernel headers include, are empty here: the prelude has what is needed of them.
for (const name of ['sys/socket.h', 'sys/types.h', 'netinet/in.h', 'netinet/tcp.h', 'netinet/if_ether.h', 'limits.h', 'net/if.h', 'stdint.h', 'stddef.h', 'string.h', 'stdbool.h']) {
  mkdirSync(join(scratch, 'libc', dirname(name)), { recursive: true });
  writeFileSync(join(scratch, 'libc', name), '');
}
const include = ['-isystem', folder, '-isystem', join(folder, 'x86_64-linux-gnu'), '-isystem', join(scratch, 'libc')];

/** Compiles a translation unit of one candidate a line, and returns the lines that the compiler refused. */
const refused = (head, lines) => {
  const file = join(scratch, 'probe.c');
  writeFileSync(file, `${head}\n#line 1 "candidates"\n${lines.join('\n')}\n`);
  const { stderr } = spawnSync('gcc', ['-fsyntax-only', '-w', '-fmax-errors=0', '-nostdinc', ...include, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return new Set([...stderr.matchAll(/^candidates:(\d+):.*error/gm)].map((match) => Number(match[1]) - 1));
};

/** Keeps the candidates that compile; one error may hide another, so it repeats until none is left. */
const compiling = (head, candidates, line) => {
  for (;;) {
    const bad = refused(head, candidates.map(line));
    if (bad.size === 0) return candidates;
    candidates = candidates.filter((_, index) => !bad.has(index));
  }
};

const print = (head, body) => {
  const file = join(scratch, 'print.c');
  const program = join(scratch, 'print');
  writeFileSync(file, `${head}\nint printf(const char *, ...);\nint main(void) {\n${body}\nreturn 0;\n}\n`);
  execFileSync('gcc', ['-w', '-O0', '-nostdinc', ...include, '-o', program, file], { stdio: ['ignore', 'ignore', 'inherit'] });
  return execFileSync(program, { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n').filter(Boolean);
};

const number = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);

const constants = {};
const enums = {};
const structs = {};
const missing = [];
for (const header of headers) {
  if (!existsSync(join(folder, header))) { missing.push(header); continue; }
  const head = `${prelude}#include <${header}>`;
  const found = scan(header, include);
  const names = compiling(head, found.constants, (name, index) => `enum { probe_${index} = (${name}) };`);
  const values = print(head, names.map((name) =>
    `printf((${name}) < 0 || (unsigned long long)(${name}) <= 0x7fffffffffffffffULL ? "%lld\\n" : "%llu\\n", (long long)(${name}));`).join('\n'));
  if (names.length) constants[header] = Object.fromEntries(names.map((name, index) => [name, number(values[index])]));

  // The enumerators come first, in the header's order: an enum is a first name and a count.
  const lists = found.enums.filter((list) => list.every((name, index) => names[names.indexOf(list[0]) + index] === name));
  if (lists.length !== found.enums.length) throw new Error(`${header}: an enumerator has no value`);
  if (lists.length) enums[header] = lists.map((list) => [list[0], list.length]);

  const layouts = Object.entries(found.structs).filter(([, { names: list }]) => list.length);
  const complete = compiling(head, layouts, ([name, { kind }], index) => `enum { size_${index} = sizeof(${kind} ${name}) };`);
  const pairs = complete.flatMap(([name, { kind, names: list }]) =>
    [...new Set(list.filter((member) => typeof member === 'string'))].map((member) => ({ name, member, type: `${kind} ${name}` })));
  const plain = compiling(head, pairs, ({ type, member }, index) => `enum { offset_${index} = __builtin_offsetof(${type}, ${member}) };`);
  // A flexible array member has an offset and no size.
  const sized = new Set(compiling(head, plain, ({ type, member }, index) => `enum { size_${index} = sizeof(((${type} *)0)->${member}) };`));
  const sizes = print(head, complete.map(([name, { kind }]) => `printf("%zu\\n", sizeof(${kind} ${name}));`).join('\n'));
  const offsets = print(head, plain.map((pair) =>
    `printf("%zu %zu\\n", __builtin_offsetof(${pair.type}, ${pair.member}), ${sized.has(pair) ? `sizeof(((${pair.type} *)0)->${pair.member})` : '(unsigned long)0'});`).join('\n'));
  complete.forEach(([name, { names: list }], index) => {
    structs[name] = { size: Number(sizes[index]), members: {} };
    const bits = list.filter((member) => typeof member === 'object').map((member) => member.bits);
    if (bits.length) structs[name].bits = bits;
  });
  plain.forEach(({ name, member }, index) => { structs[name].members[member] = offsets[index].split(' ').map(Number); });
}
rmSync(scratch, { recursive: true });

const release = version.split('-')[0];
const lines = (record) => Object.entries(record).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n');
const text = `{\n"version": ${JSON.stringify(`Linux ${release}`)},\n"source": ${JSON.stringify(`linux-libc-dev ${version}`)},\n"constants": {\n${lines(constants)}\n},\n"enums": {\n${lines(enums)}\n},\n"structs": {\n${lines(structs)}\n}\n}\n`;
writeFileSync(output, text);
const count = Object.values(constants).reduce((sum, record) => sum + Object.keys(record).length, 0);
console.log(`fixtures/uapi.json: Linux ${release}, ${Object.keys(constants).length} headers, ${count} constants, ${Object.keys(structs).length} structs, ${Math.round(text.length / 1024)} KiB`);
if (missing.length) console.log(`not in this package: ${missing.join(' ')}`);
