/** `ip addrlabel`: labels that choose among IPv6 source addresses (RFC 6724; net/ipv6/addrlabel.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { link as linkFormat } from '../print/formats.ts';
import { Printer, type Json, type Sheet } from '../print/printer.ts';
import { device, integer, prefix, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';

const changeOptions: Grammar = {
  prefix: act((draft, value) => {
    const { family, address, length } = value as Prefix;
    Object.assign(draft, { family, prefixlen: length, address });
  }, prefix),
  dev: to('index', device),
  // The last one is the kernel's word for none.
  label: to('label', integer('LABEL', 0, 0xfffffffe)),
};

function message(context: Context, words: Words, example: string): Draft {
  const draft = parse(changeOptions, words, {}, context);
  if (draft['address'] === undefined) throw usage('which prefix?', example);
  if (draft['label'] === undefined) throw usage('which label?', example);
  return draft;
}

const sheet: Sheet = [
  ['address', 'prefix %', 'address', { paint: 'inet6' }],
  ['prefixlen', '/% ', 'prefixlen'],
  ['ifname', 'dev % ', (entry) => entry['index'] || undefined, linkFormat],
  ['label', 'label % ', 'label'],
];

export function printAddrlabel(printer: Printer, entry: Json): void {
  printer.object(null, () => printer.sheet(sheet, entry));
  printer.text('\n');
}

/** Of IPv6 unless another family is asked for, which the kernel then refuses. */
function dump(context: Context): Json[] {
  return context.kernel.dump('getaddrlabel', { family: context.options.family ?? 'inet6' });
}

const change = (summary: string, word: string, send: (context: Context, body: Draft) => void): Command => {
  const example = `ip addrlabel ${word} prefix 2001:db8::/32 label 42`;
  return { summary, examples: [example], usage: 'prefix PREFIX [ dev DEVICE ] label LABEL', options: changeOptions, run: (context, words) => send(context, message(context, words, example)) };
};

export const addrlabel: Command = {
  summary: 'labels for the choice of IPv6 source addresses',
  examples: ['ip addrlabel', 'ip addrlabel add prefix 2001:db8::/32 label 42'],
  otherwise: 'list',
  commands: {
    'list|show|lst': {
      summary: 'print labels',
      examples: ['ip -j addrlabel list'],
      options: {},
      run(context, words) {
        parse({}, words, {}, context);
        const labels = dump(context);
        if (context.options.dryRun) return;
        const printer = new Printer(context);
        for (const entry of labels) printAddrlabel(printer, entry);
        printer.finish();
      },
    },
    add: change('add a label', 'add', (context, body) => { context.kernel.request('newaddrlabel', body, ['create', 'excl']); }),
    'delete|del': change('delete a label', 'del', (context, body) => { context.kernel.request('deladdrlabel', body); }),
    flush: {
      summary: 'delete all labels',
      examples: ['ip addrlabel flush'],
      options: {},
      run(context, words) {
        parse({}, words, {}, context);
        for (const { family, prefixlen, index, address, label } of dump(context)) {
          context.kernel.request('deladdrlabel', { family, prefixlen, index, address, label });
        }
      },
    },
  },
};
