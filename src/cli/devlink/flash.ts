/** `devlink dev flash`: firmware is written, and what is said meanwhile (net/devlink/dev.c). */
import { devlink, type Devlink } from '../../families/generic/devlink/index.ts';
import { act, to, type Command } from '../grammar.ts';
import { choice, text } from '../values.ts';
import { command, deviceName, ordered } from './speak.ts';

const SECTIONS = ['settings', 'identifiers'] as const;

export const flash: Command = command({
  summary: 'write firmware into a device', line: 'DEV file PATH [ component NAME ] [ overwrite { settings | identifiers } ]...', examples: ['devlink dev flash pci/0000:01:00.0 file vendor/fw.bin', 'devlink dev flash pci/0000:01:00.0 file fw.bin component bundle overwrite settings'],
  on: ['dev'], changes: true,
  needs: { file: to('flashUpdateFileName', text('PATH'), "below the kernel's folder of firmware (/lib/firmware)") },
  options: {
    component: to('flashUpdateComponent', text('NAME')),
    overwrite: act((draft, value) => {
      const mask = (draft['flashUpdateOverwriteMask'] ??= { value: [], selector: [...SECTIONS] }) as { value: unknown[] };
      if (!mask.value.includes(value)) mask.value.push(value);
    }, choice({ settings: 'settings', identifiers: 'identifiers' }), { repeat: true, help: 'what is kept otherwise' }),
  },
  async run(context, kernel, place, draft) {
    const body = ordered({ ...place, ...draft }), { out } = context;
    if (context.options.dryRun || !kernel.later) return void kernel.request('flashUpdate', body);
    const stop = new AbortController(), events = kernel.monitor([devlink.groups.config], { signal: stop.signal }), about = deviceName(place);
    let last: string | undefined, failed: unknown;
    // The kernel answers when it is done.
    const done = kernel.later('flashUpdate', body).catch((error: unknown) => { failed = error; }).finally(() => setTimeout(() => stop.abort(), 100));
    for await (const { body: event } of events) {
      const { cmd, flashUpdateStatusMsg: msg, flashUpdateComponent: component } = event as unknown as Devlink & { cmd: string };
      if (deviceName(event as Devlink) !== about || (cmd !== 'flashUpdateStatus' && cmd !== 'flashUpdateEnd')) continue;
      const line = cmd === 'flashUpdateEnd' ? '' : `${component === undefined ? '' : `[${component}] `}${msg ?? ''}`;
      if (cmd === 'flashUpdateEnd') break;
      if (line !== last) out.write(`${last === undefined ? '' : '\n'}${line}`);
      last = line;
      out.flush();
    }
    if (last !== undefined) out.write('\n');
    await done;
    stop.abort();
    if (failed !== undefined) throw failed;
  },
});
