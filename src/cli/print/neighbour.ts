/** A neighbour. */
import { at } from '../grammar.ts';
import { address, constant, protocolFormat } from './formats.ts';
import type { Json, Printer } from './printer.ts';

/** Clock ticks a second in the kernel's ages (USER_HZ). */
const hertz = 100;

/** States in the order of their bits; iproute2 prints the settled ones last. */
const states = ['incomplete', 'reachable', 'stale', 'delay', 'probe', 'failed', 'noarp', 'permanent'];

export function printNeighbour(printer: Printer, entry: Json, oneDevice: boolean): void {
  const { options, links } = printer.context;
  const flags = (entry['flags'] ?? []) as string[];
  const extended = (entry['flagsExt'] ?? []) as string[];
  const state = (entry['state'] ?? []) as (string | number)[];
  printer.object(null, () => {
    printer.value('dst', options.brief ? '%39 ' : '% ', entry['dst'], address);
    const device = links.name(Number(entry['ifindex']));
    if (options.brief) printer.value('dev', '%16 ', device, { paint: 'ifname' });
    else if (!oneDevice) printer.value('dev', 'dev % ', device, { paint: 'ifname' });
    printer.value('lladdr', options.brief ? '%' : 'lladdr % ', entry['lladdr'], { paint: 'mac' });
    if (options.brief) return;
    for (const [flag, word] of [['router', 'router'], ['proxy', 'proxy'], ['extLearned', 'extern_learn'], ['offloaded', 'offload']] as const) {
      if (flags.includes(flag)) printer.value(word, `${word} `, null);
    }
    for (const [flag, word] of [['managed', 'managed'], ['extValidated', 'extern_valid']] as const) {
      if (extended.includes(flag)) printer.value(word, `${word} `, null);
    }
    if (printer.statistics > 0) ages(printer, entry);
    const words = states.filter((one) => state.includes(one)).map(constant);
    if (state.length > 0) printer.list('state', words, `${words.join(',')} `);
    if (entry['protocol'] !== undefined) printer.value('protocol', 'proto % ', entry['protocol'], protocolFormat);
  });
  printer.text('\n');
}

function ages(printer: Printer, entry: Json): void {
  const info = at(entry, 'cacheinfo') as { refcnt: number; used: number; confirmed: number; updated: number } | undefined;
  if (info) {
    if (info.refcnt) printer.value('refcnt', ' ref %', info.refcnt);
    printer.value('used', ' used %', Math.floor(info.used / hertz));
    printer.value('confirmed', '/%', Math.floor(info.confirmed / hertz));
    printer.value('updated', '/%', Math.floor(info.updated / hertz));
  }
  printer.value('probes', 'probes % ', entry['probes']);
}
