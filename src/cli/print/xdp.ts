/** Programs that see a link's packets first. */
import { at } from '../grammar.ts';
import type { Json, Printer, Sheet } from './printer.ts';

/** XDP_ATTACHED_*: as iproute2 writes it, its number, and the program of this mode where there are several. */
const modes: Readonly<Record<string, readonly [word: string, number: number, own?: string]>> = {
  drv: ['', 1, 'drvProgId'], skb: ['generic', 2, 'skbProgId'], hw: ['offload', 3, 'hwProgId'], multi: ['multi', 4],
};

/** In iproute2's order. */
const several = ['skb', 'drv', 'hw'] as const;

interface Attached { readonly mode: string; readonly [key: string]: unknown }

/** Undefined where there is none. */
function attached(link: Json): Attached | undefined {
  const xdp = link['xdp'] as Attached | undefined, mode = at(xdp, 'attached');
  return mode === undefined || mode === 'none' || mode === 0 ? undefined : { ...xdp, mode: String(mode) };
}

const number = (mode: string): number => modes[mode]?.[1] ?? Number(mode);

/** On a link's first line: the mode, with `ip address` the program's id, too. In JSON it is all there. */
export function xdp(printer: Printer, link: Json, own: boolean): void {
  const programs = attached(link);
  if (!programs) return;
  const { mode, progId } = programs;
  printer.text(`xdp${modes[mode]?.[0] ?? `[${mode}]`}${progId && !own ? `/id:${String(progId)}` : ''} `);
  if (!printer.json) return;
  printer.object('xdp', () => {
    printer.value('mode', null, number(mode));
    if (progId) program(printer, Number(progId));
    printer.array('attached', () => {
      for (const one of several) {
        const id = programs[modes[one]![2]!];
        if (id) printer.object(null, () => {
          printer.value('mode', null, number(one));
          program(printer, Number(id));
        });
      }
    });
  });
}

/** `    prog/xdp id 7 name filter ...`: a line a program. */
export function xdpPrograms(printer: Printer, link: Json): void {
  const programs = attached(link);
  if (!programs || printer.json) return;
  const line = (id: unknown, mode = ''): void => {
    if (!id) return;
    printer.newline();
    printer.text(`    prog/xdp${mode} `);
    program(printer, Number(id));
  };
  line(programs['progId']);
  if (programs.mode === 'multi') for (const one of several) line(programs[modes[one]![2]!], modes[one]![0]);
}

const about: Sheet = [
  ['name', 'name % ', (info) => info['name'] || undefined],
  ['tag', 'tag % ', 'tag'],
  ['jited', null, (info) => Number(info['jited'])],
  [null, 'jited ', (info) => info['jited'] || undefined],
];
const details: Sheet = [
  ['load_time', 'load_time % ', 'loadTime'],
  ['created_by_uid', 'created_by_uid % ', 'createdByUid'],
  ['btf_id', 'btf_id % ', (info) => info['btfId'] || undefined],
];

/** The id is all that the link tells; the rest is asked for, and not told to everybody. */
export function program(printer: Printer, id: number): void {
  printer.object('prog', () => {
    printer.value('id', 'id % ', id);
    const info = printer.context.kernel.program?.(id) as Json | undefined;
    if (!info) return;
    printer.sheet(about, info);
    if (printer.details) printer.sheet(details, info);
  });
}
