/** `devlink monitor`: changes as they happen (the group `config`). */
import { devlink, type Devlink } from '../../families/generic/devlink/index.ts';
import { usage } from '../errors.ts';
import { bare, type Command } from '../grammar.ts';
import { toJson } from '../print/json.ts';
import { didYouMean } from '../words.ts';
import { follow, heading, onlySaid, untilInterrupted } from '../watch.ts';
import { printDevice } from './dev.ts';
import { printHealth } from './health.ts';
import { Layout } from './layout.ts';
import { printLinecard } from './linecard.ts';
import { printParam } from './param.ts';
import { printPort } from './port.ts';
import { printRate } from './rate.ts';
import { printRegion } from './region.ts';
import { deviceName, type Show } from './speak.ts';
import { printGroup, printPolicer, printTrap } from './trap.ts';

const printFlash: Show = (layout, body) => layout.about(deviceName(body), () => {
  layout.word('msg', body.flashUpdateStatusMsg);
  layout.word('component', body.flashUpdateComponent);
  layout.count('done', body.flashUpdateStatusDone);
  layout.count('total', body.flashUpdateStatusTotal);
});

/** What a command is about and what has become of it; commands of one object are named alike. */
interface Heard { readonly object: string; readonly commands: RegExp; readonly print: Show; /** Only where it is asked for: devlink does not tell of it. */ readonly unusual?: true }
const all: readonly Heard[] = [
  { object: 'dev', commands: /^(get|set|new|del)$/, print: printDevice },
  { object: 'port', commands: /^port(Get|Set|New|Del)$/, print: printPort },
  { object: 'param', commands: /^(?:param|portParam)(Get|Set|New|Del)$/, print: (layout, body) => printParam(layout, body, false) },
  { object: 'region', commands: /^region(Get|Set|New|Del)$/, print: printRegion },
  { object: 'flash', commands: /^flashUpdate(|End|Status)$/, print: printFlash },
  { object: 'health', commands: /^healthReporter(Recover)$/, print: printHealth },
  { object: 'trap', commands: /^trap(Get|Set|New|Del)$/, print: (layout, body) => printTrap(layout, body, false) },
  { object: 'trap-group', commands: /^trapGroup(Get|Set|New|Del)$/, print: (layout, body) => printGroup(layout, body, false) },
  { object: 'trap-policer', commands: /^trapPolicer(Get|Set|New|Del)$/, print: (layout, body) => printPolicer(layout, body, false) },
  { object: 'lc', commands: /^linecard(Get|Set|New|Del)$/, print: printLinecard },
  { object: 'rate', commands: /^rate(Get|Set|New|Del)$/, print: printRate, unusual: true },
];
const happened = (object: string, verb: string): string => (object === 'health' ? 'status' : verb === '' ? 'begin' : verb.toLowerCase());
const words = all.map(({ object }) => object);

export const monitor: Command = {
  summary: 'print changes as they happen', usage: `[ all | { ${words.join(' | ')} }... ]`, examples: ['devlink monitor', 'devlink monitor port health', 'devlink -j monitor'],
  options: bare(['all', ...words]),
  async run(context, given) {
    const wanted = new Set<string>();
    while (!given.done) {
      const word = given.next();
      if (word !== 'all' && !words.includes(word)) throw usage(`"${word}" is not something to watch`, didYouMean(word, ['all', ...words]));
      wanted.add(word);
    }
    if (onlySaid(context, [devlink.groups.config])) return;
    const kernel = await context.kernel.generic(devlink);
    let statistics = context.options.statistics > 0;
    await follow(context, kernel.monitor(['config'], { signal: untilInterrupted() }), (event) => {
      const body = event.body as unknown as Devlink & { cmd: string }, heard = all.find(({ commands }) => commands.test(body.cmd));
      if (!heard || !(wanted.size === 0 || wanted.has('all') ? !heard.unusual : wanted.has(heard.object))) return;
      const layout = new Layout(context), what = happened(heard.object, heard.commands.exec(body.cmd)?.[1] ?? '');
      // Once a device was told of, so are counters.
      statistics ||= heard.object === 'dev';
      layout.statistics = statistics;
      layout.put(`[${heard.object},${what}] `);
      heard.print(layout, body);
      const { text, json } = layout.take();
      if (layout.json) return context.out.write(`${toJson({ ts: new Date().toISOString(), event: what, object: heard.object, value: json }, false)}\n`);
      heading(context, event, false);
      context.out.write(text);
    });
  },
};
