/** Which packet goes to which queue: `ethtool -x` (net/ethtool/rss.c). */
import { bytes as hex } from '../print/formats.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { u32 } from '../values.ts';
import { ask, decoded, device, nameOf, type Asked } from './ask.ts';
import type { Printer } from '../print/printer.ts';

const rows: Grammar = { context: to('context', u32('N')) };

function print(printer: Printer, body: Body, asked: Asked): void {
  const { rxCount = 0, combinedCount = 0 } = (asked.answer('channelsGet') ?? {}) as { rxCount?: number; combinedCount?: number };
  const { indir = [], hkey, hfunc = 0 } = body as { indir?: number[]; hkey?: Uint8Array; hfunc?: number };
  printer.text(`RX flow hash indirection table for ${nameOf(body)} with ${rxCount + combinedCount} RX ring(s):\n`);
  if (indir.length === 0) printer.text('Operation not supported\n');
  for (let at = 0; at < indir.length; at += 8) printer.text(`${String(at).padStart(5)}: ${indir.slice(at, at + 8).map((queue) => ` ${String(queue).padStart(5)}`).join('')}\n`);
  printer.text(`RSS hash key:\n${hkey?.length ? hex(hkey).replace(/..(?=.)/g, '$&:') : 'Operation not supported'}\n`);
  printer.text('RSS hash function:\n');
  if (hfunc === 0) return printer.text('    Operation not supported\n');
  for (const [bit, name] of asked.names('rssHashFuncs').entries()) printer.text(`    ${name}: ${hfunc & (1 << bit) ? 'on' : 'off'}\n`);
}

export const showRss: Command = {
  summary: 'print which packet goes to which queue', usage: 'DEVNAME [ context N ]', options: { ...device, ...rows }, examples: ['ethtool -x eth0', 'ethtool -x eth0 context 1'],
  async run(context, words) {
    const asked = await ask(context, words), body = parse(rows, words, {}, context);
    if (body['context'] === 0) throw usage('context 0 is what there is without "context"');
    printAll(context, asked.answers('rssGet', [], body), (printer, answer) => { if (printer.json) decoded(printer, answer); else print(printer, answer, asked); });
  },
};
