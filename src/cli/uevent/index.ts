/** `uevent`: events of devices as they happen, with the options and the text of `udevadm monitor`. */
import type { Uevent } from '../../codec/index.ts';
import { monitorUevents, type Monitor, type UeventEvent } from '../../socket/index.ts';
import type { Context } from '../context.ts';
import { entering, usage } from '../errors.ts';
import type { Command, Grammar } from '../grammar.ts';
import { toJson } from '../print/json.ts';
import { DROPPED, onlySaid, untilInterrupted } from '../watch.ts';
import { text } from '../values.ts';
import { didYouMean, keysOf, type Words } from '../words.ts';

type Source = Uevent['source'];
const SOURCES: Readonly<Record<Source, string>> = { udev: 'UDEV - the event which udev sends out after rule processing', kernel: 'KERNEL - the kernel uevent' };
const options: Grammar = {
  '-k|--kernel': { help: 'what the kernel tells' }, '-u|--udev': { help: 'what udev tells, once its rules are done; both when neither is named' },
  '-p|--property|-e|--environment': { help: 'with all that is said of it' },
  '-s|--subsystem-match': { type: text('SUBSYSTEM[/DEVTYPE]'), repeat: true, help: 'only these' },
};

interface Wanted { readonly sources: readonly Source[]; readonly property: boolean; /** SUBSYSTEM or SUBSYSTEM/DEVTYPE. */ readonly subsystems: readonly string[] }

function read(words: Words): Wanted {
  const sources = new Set<Source>(), subsystems: string[] = [];
  let property = false;
  while (!words.done) {
    const word = words.next(), [option, value] = word.startsWith('--') ? word.split(/=(.*)/s) as [string, string?] : [word];
    if (option === '-s' || option === '--subsystem-match') { subsystems.push(value ?? words.next(word)); continue; }
    if (value !== undefined) throw usage(`"${option}" takes no value`);
    if (word === '-k' || word === '--kernel') sources.add('kernel');
    else if (word === '-u' || word === '--udev') sources.add('udev');
    else if (word === '-p' || word === '--property' || word === '-e' || word === '--environment') property = true;
    else throw usage(`"${word}" is not an option here`, didYouMean(word, keysOf(options)));
  }
  return { sources: (['udev', 'kernel'] as const).filter((source) => sources.size === 0 || sources.has(source)), property, subsystems };
}
const matches = ({ properties: { SUBSYSTEM, DEVTYPE } }: Uevent, subsystems: readonly string[]): boolean =>
  subsystems.length === 0 || subsystems.some((one) => one === SUBSYSTEM || one === `${SUBSYSTEM}/${DEVTYPE}`);

/** Seconds since the machine was started, as udevadm tells them. */
const since = (): string => { const now = process.hrtime.bigint() / 1000n; return `${now / 1_000_000n}.${String(now % 1_000_000n).padStart(6, '0')}`; };

function print({ options, out }: Context, { property }: Wanted, { source, action, devpath, properties }: Uevent): void {
  if (options.json) return out.write(`${toJson({ ts: new Date().toISOString(), source, action, devpath, properties }, false)}\n`);
  out.write(`${source.toUpperCase().padEnd(6)}[${since()}] ${action.padEnd(8)} ${devpath} (${properties['SUBSYSTEM'] ?? ''})\n`);
  if (property) out.write(`${Object.entries(properties).map(([key, value]) => `${key}=${value}\n`).join('')}\n`);
}
async function follow(context: Context, wanted: Wanted, events: Monitor<UeventEvent>): Promise<void> {
  const { out } = context;
  for await (const event of events) {
    if (event.overrun) out.error(DROPPED);
    else if (event.error !== undefined) out.error(`note: what came is no event: ${(event.error as Error).message}`);
    else if (matches(event, wanted.subsystems)) print(context, wanted, event);
    out.flush();
  }
}

export const uevent: Command = {
  summary: 'devices as they come, change and go, as udevadm monitor tells of them',
  examples: ['uevent --kernel --property', '-j uevent -k', 'uevent -k -s net'],
  usage: '[ -k | --kernel ] [ -u | --udev ] [ -p | --property ] [ -s | --subsystem-match SUBSYSTEM[/DEVTYPE] ]',
  options,
  async run(context, words) {
    const wanted = read(words), { options: { netns, json }, out } = context;
    if (onlySaid(context, wanted.sources)) return;
    const signal = untilInterrupted(), namespace = netns === undefined ? {} : { namespace: netns.includes('/') ? { path: netns } : { name: netns } };
    let all: Monitor<UeventEvent>[];
    try { all = wanted.sources.map((source) => monitorUevents({ source, signal, ...namespace })); } catch (error) { throw netns === undefined ? error : entering(netns, error); }
    if (!json) out.write(`monitor will print the received events for:\n${wanted.sources.map((source) => `${SOURCES[source]}\n`).join('')}\n`);
    out.flush();
    await Promise.all(all.map((events) => follow(context, wanted, events)));
  },
};
