/** `bridge mst`: spanning tree states of ports by instance (net/bridge/br_mst.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at, parse, to, type Command, type Grammar } from '../grammar.ts';
import { portStateName, portStates } from '../ip/kinds/bridge-slave.ts';
import { via } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { nameColumn, nameWidth } from '../print/vlandb.ts';
import { choice, device, integer } from '../values.ts';
import type { Words } from '../words.ts';

const setOptions: Grammar = { dev: to('index', device), msti: to('msti', integer('MSTI', 0, 4094)), state: to('state', choice(portStates, true)) };
const showOptions: Grammar = { dev: to('dev', device) };

const indent = nameWidth + 4;

function show(context: Context, words: Words): void {
  const { dev } = parse(showOptions, words, {}, context);
  const ports = context.kernel.dump('getlink', { family: 'bridge', extMask: ['mst'] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  ${'msti'.padEnd(9)}\n`);
  for (const port of ports) {
    const entries = at(port, 'afSpec.mst.entry') as Json[] | undefined;
    if (!entries || (dev !== undefined && port['index'] !== dev)) continue;
    const name = context.links.name(Number(port['index']));
    printer.object(null, () => {
      printer.value('ifname', null, name);
      printer.array('mst', () => entries.forEach((entry, i) => instance(printer, entry, i === 0 ? name : '')));
    });
  }
  printer.finish();
}

function instance(printer: Printer, entry: Json, name: string): void {
  printer.object(null, () => {
    nameColumn(printer, name);
    printer.value('msti', '%', entry['msti']);
    printer.newline();
    printer.value('state', `${' '.repeat(indent)}state % `, entry['state'], via(portStateName));
  });
  printer.newline();
}

export const mst: Command = {
  summary: 'spanning tree states by instance',
  examples: ['bridge mst show', 'bridge mst set dev veth0 msti 2 state forwarding'],
  otherwise: 'show',
  commands: {
    set: {
      summary: "set a port's state in an instance",
      examples: ['bridge mst set dev veth0 msti 2 state forwarding'],
      usage: 'dev DEVICE msti MSTI state STATE',
      options: setOptions,
      run(context, words) {
        const { index, msti, state } = parse(setOptions, words, {}, context);
        if (index === undefined || msti === undefined || state === undefined) throw usage('which port, instance and state?', 'bridge mst set dev DEVICE msti MSTI state STATE');
        context.kernel.request('setlink', { family: 'bridge', index, afSpec: { mst: { entry: [{ msti, state }] } } });
      },
    },
    'show|list|lst': { summary: 'print states', examples: ['bridge -j mst show dev veth0'], usage: '[ dev DEVICE ]', options: showOptions, run: show },
  },
};
