/** `action ife encode allow mark use prio 5`: net/sched/act_ife.c. */
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Row, type ValueType } from '../../grammar.ts';
import { hex } from '../../print/formats.ts';
import type { Json } from '../../print/printer.ts';
import { mac, u16, u32 } from '../../values.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

/** What may be sent along -> its key and its size. */
const metas: Readonly<Record<string, readonly [key: string, type: ValueType]>> = { mark: ['skbmark', u32()], tcindex: ['tcindex', u16()], prio: ['prio', u32()] };
const meta = (given: boolean): Row => ({ repeat: true, ...act((draft: Draft, value) => { Object.assign((draft['metalst'] ??= {}) as Draft, value); }, {
  name: `{ ${Object.keys(metas).join(' | ')} }${given ? ' NUMBER' : ''}`, choices: Object.keys(metas),
  read(words, context, after) {
    const name = words.next(after), [key, type] = metas[name] ?? [];
    if (key === undefined || !type) throw usage(`"${name}" is not what "${after}" takes`, Object.keys(metas).join(', '));
    return { [key]: given ? [type.read(words, context, name)] : [] };
  },
}) });
const encoding = ['metalst', 'dmac', 'smac', 'type'] as const;

export const ife: ActionKind = {
  usage: '{ decode | encode [ { allow { mark | prio | tcindex } | use { mark | prio | tcindex } NUMBER } ... ] [ dst LLADDR ] [ src LLADDR ] [ type NUMBER ] } [ VERDICT ] [ index NUMBER ]',
  options: {
    decode: is('parms.flags', 'decode'), encode: is('parms.flags', 'encode'), allow: meta(false), use: meta(true),
    dst: to('dmac', mac), src: to('smac', mac), type: to('type', u16('ETHERTYPE')),
    ...control(),
  },
  verdict: 'pipe',
  complete(draft) {
    const { flags, index } = (draft['parms'] ?? {}) as Draft;
    if (flags === undefined && index === undefined) throw usage('which way?', 'action ife encode allow mark, action ife decode');
    if (flags === 'encode') draft['metalst'] ??= {};
    else if (encoding.some((key) => draft[key] !== undefined)) throw usage('only what is encoded has values, addresses and a type', 'action ife encode ...');
  },
  print(printer, options) {
    const parms = parmsOf(options), list = options['metalst'] as Json | undefined;
    printer.value('mode', '% ', parms['flags']);
    printVerdict(printer, 'action ', parms['action'], ' ');
    printer.value('type', 'type % ', options['type'], { ...hex, text: (value, printer_) => hex.text!(value, printer_)?.toUpperCase() });
    if (options['type'] !== undefined) {
      printer.newline();
      printer.text('\t');
    }
    for (const [name, [key]] of Object.entries(metas)) {
      const value = list?.[key] as number[] | undefined;
      if (value) printer.value(name, value.length > 0 ? `use ${name} % ` : `% ${name} `, value[0] ?? 'allow');
    }
    printer.value('dst', 'dst % ', options['dmac']);
    printer.value('src', 'src % ', options['smac']);
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
