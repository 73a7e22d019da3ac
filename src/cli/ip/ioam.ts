/** `ip ioam`: namespaces and schemas of the telemetry that IPv6 packets collect, and what they collected (net/ipv6/ioam6.c). */
import { ioam6 } from '../../families/generic/ioam6.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { listen, printAll } from '../generic.ts';
import { act, parse, to, type Command, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { printNamespace, printSchema, printTrace } from '../print/ioam.ts';
import type { Json, Printer } from '../print/printer.ts';
import { parseInteger, text, u16, u32, word } from '../values.ts';

/** IOAM6_MAX_SCHEMA_DATA_LEN */
const longest = 1020;

const namespaceId = to('nsId', u16('ID')), schemaId = to('scId', u32('ID'));
/** Hexadecimal, with or without 0x. */
const wide = word('DATA64', (given, _context, after) => {
  const value = parseInteger(/^0x/i.test(given) ? given : `0x${given}`);
  if (value === undefined || value < 0n || value >= 1n << 64n) throw usage(`"${given}" is not a number for "${after}"`, 'up to 16 digits in hexadecimal');
  return value;
});

const addNamespace: Grammar = { '': namespaceId, data: to('nsData', u32('DATA32')), wide: to('nsDataWide', wide) };
/** The number of a schema, or none. */
const schemaOrNone: ValueType = { name: '{ ID | none }', choices: ['none'], read: (words, context, after) => (words.take('none') ? { scNone: true } : { scId: u32('ID').read(words, context, after) }) };
const setSchema: Grammar = { '': namespaceId, schema: act((draft, value) => Object.assign(draft, value), schemaOrNone) };
const schemaKey: Grammar = { '': { ...schemaId, last: true } };
const schemaData: Grammar = { '': to('text', text('DATA')) };

/** The kernel keeps whole words of 4 bytes, and fills up with zeros. */
function dataOf(given: unknown): Uint8Array {
  const scData = new TextEncoder().encode(given as string);
  if (scData.length > longest) throw usage(`${scData.length} bytes of data are too many`, `at most ${longest}`);
  return scData;
}

const need = (draft: Draft, key: string, question: string, example: string): Draft => {
  if (draft[key] === undefined) throw usage(question, example);
  return draft;
};

const show = (summary: string, example: string, message: string, one: (printer: Printer, body: Json) => void): Command => ({
  summary, examples: [example], options: {},
  async run(context, words) {
    parse({}, words, {}, context);
    printAll(context, (await context.kernel.generic(ioam6)).dump(message, {}), one);
  },
});

const change = (summary: string, example: string, usageLine: string, options: Grammar, message: string, check: (draft: Draft) => Draft): Command => ({
  summary, examples: [example], usage: usageLine, options, unlogged: true,
  async run(context, words) {
    const { nsId, scId, ...rest } = check(parse(options, words, {}, context));
    (await context.kernel.generic(ioam6)).request(message, { ...(nsId !== undefined && { nsId }), ...(scId !== undefined && { scId }), ...rest });
  },
});

const which = (example: string) => (draft: Draft): Draft => need(draft, 'nsId', 'which namespace?', example);

export const ioam: Command = {
  summary: 'telemetry that IPv6 packets collect: namespaces, schemas, traces',
  examples: ['ip ioam namespace show', 'ip ioam namespace add 1 data 7', 'ip ioam schema add 1 TEXT', 'ip ioam namespace set 1 schema 1'],
  commands: {
    namespace: {
      summary: 'namespaces, and what this node writes for them',
      examples: ['ip ioam namespace show', 'ip ioam namespace add 1 data 7 wide ff'],
      commands: {
        show: show('print namespaces', 'ip -j ioam namespace show', 'dumpNamespaces', printNamespace),
        add: change('add a namespace', 'ip ioam namespace add 1 data 7 wide ff', 'ID [ data DATA32 ] [ wide DATA64 ]', addNamespace, 'addNamespace', which('ip ioam namespace add ID')),
        del: change('delete a namespace', 'ip ioam namespace del 1', 'ID', { '': namespaceId }, 'delNamespace', which('ip ioam namespace del ID')),
        set: change('give a namespace a schema, or take it away', 'ip ioam namespace set 1 schema 9', 'ID schema { ID | none }', setSchema, 'nsSetSchema', (draft) => {
          if (draft['scId'] === undefined && draft['scNone'] === undefined) throw usage('which schema?', 'ip ioam namespace set ID schema { ID | none }');
          return which('ip ioam namespace set ID schema { ID | none }')(draft);
        }),
      },
    },
    schema: {
      summary: 'schemas: data that nodes add as they are',
      examples: ['ip ioam schema show', 'ip ioam schema add 9 TEXT'],
      commands: {
        show: show('print schemas', 'ip -j ioam schema show', 'dumpSchemas', printSchema),
        add: {
          summary: 'add a schema',
          unlogged: true,
          examples: ['ip ioam schema add 9 TEXT'],
          usage: 'ID DATA',
          async run(context: Context, words) {
            const { scId } = parse(schemaKey, words, {}, context), { text: given } = parse(schemaData, words, {}, context);
            if (scId === undefined || given === undefined) throw usage('which schema, and which data?', 'ip ioam schema add ID DATA');
            (await context.kernel.generic(ioam6)).request('addSchema', { scId, scData: dataOf(given) });
          },
        },
        del: change('delete a schema', 'ip ioam schema del 9', 'ID', { '': schemaId }, 'delSchema', (draft) => need(draft, 'scId', 'which schema?', 'ip ioam schema del ID')),
      },
    },
    monitor: {
      summary: 'what packets had collected when they arrived',
      examples: ['ip ioam monitor'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        await listen(context, ioam6, ['events'], printTrace);
      },
    },
  },
};
