/** Changes as the kernel tells them: `ethtool --monitor`. */
import { ethtool } from '../../families/generic/ethtool/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Command } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { Printer } from '../print/printer.ts';
import { deviceName } from '../values.ts';
import { didYouMean } from '../words.ts';
import { follow, heading, onlySaid, untilInterrupted } from '../watch.ts';
import { Asked, decoded, nameOf } from './ask.ts';
import { merge, plca } from './buses.ts';
import { cable, reflections } from './cable.ts';
import { features } from './features.ts';
import { eee, fec, module, privateFlags } from './phy.ts';
import { channels, coalesce, pause, rings } from './queues.ts';
import { partOf } from './settings.ts';
import { printOne, type Shown } from './show.ts';

/** Words that ask for some of the events, and those. */
const kinds: readonly (readonly [words: readonly string[], events: readonly string[], shown?: Shown])[] = [
  [['-s', '--change'], ['linkinfo', 'linkmodes', 'linkstate', 'debug', 'wol']],
  [['-k', '--show-features', '--show-offload', '-K', '--features', '--offload'], ['features'], features],
  [['--show-priv-flags', '--set-priv-flags'], ['privflags'], privateFlags],
  [['-g', '--show-ring', '-G', '--set-ring'], ['rings'], rings],
  [['-l', '--show-channels', '-L', '--set-channels'], ['channels'], channels],
  [['-c', '--show-coalesce', '-C', '--coalesce'], ['coalesce'], coalesce],
  [['-a', '--show-pause', '-A', '--pause'], ['pause'], pause],
  [['--show-eee', '--set-eee'], ['eee'], eee],
  [['--show-fec', '--set-fec'], ['fec'], fec],
  [['--show-module', '--set-module'], ['module'], module],
  [['--cable-test'], ['cableTest'], cable],
  [['--cable-test-tdr'], ['cableTestTdr'], reflections],
  [['--get-plca-cfg', '--set-plca-cfg'], ['plca'], plca],
  [['--show-mm', '--set-mm'], ['mm'], merge],
];

function printEvent(context: Context, asked: Asked, body: Body, what: string): void {
  const printer = new Printer(context), [, , shown] = kinds.find(([, events]) => events.includes(what)) ?? [], part = partOf(what);
  if (shown && (!printer.json || !shown.plain)) printOne(shown, asked, false)(printer, body);
  else if (part && !printer.json) {
    printer.text(`\nSettings for ${nameOf(body)}:\n${part(body, asked)}`);
  } else if (printer.json) decoded(printer, body);
  else printer.text(`\n${String(body['cmd'])} ${nameOf(body)}\n`);
  if (context.options.json) context.out.write(`${toJson({ ts: new Date().toISOString(), event: what, ...(printer.take() as object) }, false)}\n`);
  else printer.spill();
}

export const monitor: Command = {
  summary: 'print changes as they happen',
  usage: '[ --all | OPTION ] [ DEVNAME | * ]',
  examples: ['ethtool --monitor', 'ethtool --monitor -K eth0', 'ethtool --json --monitor'],
  options: { ...Object.fromEntries(['--all', ...kinds.map(([own]) => own.join('|'))].map((word) => [word, {}])), '': { type: deviceName } },
  async run(context, words) {
    const word = words.peek(), known = kinds.flatMap(([own]) => own);
    let wanted: readonly string[] | undefined;
    if (word?.startsWith('-')) {
      wanted = kinds.find(([own]) => own.includes(word))?.[1];
      if (!wanted && word !== '--all') throw usage(`"${word}" has no events`, didYouMean(word, known));
      words.next();
    }
    const device = words.done || words.take('*') ? undefined : words.next();
    if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
    if (onlySaid(context, [ethtool.groups.monitor])) return;
    const kernel = await context.kernel.generic(ethtool), events = kernel.monitor(['monitor'], { signal: untilInterrupted() });
    const asked = new Asked(context, kernel, '*');
    if (!context.options.json) context.out.write('listening...\n');
    await follow(context, events, (event) => {
      const { body } = event, what = String(body['cmd']).replace(/Ntf$/, '');
      if ((device !== undefined && nameOf(body) !== device) || (wanted && !wanted.includes(what))) return;
      if (!context.options.json) heading(context, event, false);
      printEvent(context, asked, body, what);
    });
  },
};
