/** `ip vrf`: virtual routing and forwarding domains, and processes in them (drivers/net/vrf.c). */
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { at, type Command } from '../grammar.ts';
import { Printer, type Json } from '../print/printer.ts';
import { commandLine, deviceName, text } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { dry, inside } from './inside.ts';
import { join, membersOf, vrfOf } from './vrf-group.ts';

interface Vrf { readonly index: number; readonly name: string; readonly table: number }

function vrfs(context: Context): Vrf[] {
  const links = context.kernel.dump('getlink', { family: 'unspec', linkinfo: { kind: 'vrf' } });
  context.links.learn(links);
  // Kernels that do not filter by kind tell of all links.
  return links.filter((link: Json) => at(link, 'linkinfo.kind') === 'vrf')
    .map((link) => ({ index: Number(link['index']), name: String(link['ifname']), table: Number(at(link, 'linkinfo.data.table')) }));
}

function known(context: Context, name: string): Vrf {
  const all = vrfs(context);
  const found = all.find((vrf) => vrf.name === name);
  if (!found) throw usage(`there is no VRF "${name}"`, all.length > 0 ? didYouMean(name, all.map((vrf) => vrf.name)) : 'ip link add NAME type vrf table TABLE');
  return found;
}

function show(context: Context, words: Words): void {
  const name = words.done ? undefined : words.next();
  if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
  if (context.options.dryRun) return void vrfs(context);
  const found = name === undefined ? vrfs(context) : [known(context, name)];
  const printer = new Printer(context);
  if (name === undefined) printer.text(`${'Name'.padEnd(16)}  Table\n${'-'.repeat(23)}\n`);
  for (const vrf of found) {
    printer.object(null, () => {
      printer.value('name', name === undefined ? '%16 ' : '% ', vrf.name, { paint: 'ifname' });
      printer.value('table', '%', vrf.table, name === undefined ? { text: (table) => String(table).padStart(5) } : {});
    });
    printer.text('\n');
  }
  if (found.length === 0) printer.text('No VRF has been configured\n');
  printer.finish();
}

/** The name of the namespace we are in, when it has one: groups of VRFs are kept apart by it. */
async function namespaceName(context: Context): Promise<string | undefined> {
  const { NAMESPACES, namesOf } = await import('../../namespace/index.ts');
  const { netns } = context.options;
  return namesOf(netns === undefined ? '/proc/self/ns/net' : netns.includes('/') ? netns : `${NAMESPACES}/${netns}`)[0];
}

async function execute(context: Context, words: Words): Promise<number> {
  const name = words.next('exec');
  const [command, ...args] = words.rest();
  if (command === undefined) throw usage('which command?', 'ip vrf exec NAME COMMAND ...');
  if (dry(context, `${command} would run in the VRF ${name}: a control group and a BPF program`)) return exits.ok;
  const index = name === 'default' ? undefined : known(context, name).index;
  context.out.flush();
  const leave = await join(name, index, await namespaceName(context));
  try {
    const { error, status, signal } = await inside(context, () => spawnSync(command, args, { stdio: 'inherit' }));
    if (error) throw new CliError(`cannot run "${command}": ${error.message}`, exits.usage);
    return status ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  } finally {
    leave();
  }
}

export const vrf: Command = {
  summary: 'virtual routing domains and the processes in them',
  examples: ['ip vrf', 'ip vrf exec red ping -c1 10.0.0.2', 'ip vrf identify 1234'],
  otherwise: 'show',
  commands: {
    'show|list|lst': { summary: 'names and tables', examples: ['ip -j vrf show'], usage: '[ NAME ]', places: [deviceName], run: show },
    exec: { summary: 'run a command in a VRF', examples: ['ip vrf exec red ping -c1 10.0.0.2'], usage: 'NAME COMMAND ...', places: [deviceName, commandLine], raw: true, unlogged: true, run: execute },
    identify: {
      summary: 'the VRF of a process',
      examples: ['ip vrf identify 1234'],
      usage: '[ PID ]',
      run(context, words) {
        const given = words.done ? 'self' : words.next();
        if (given !== 'self' && !/^\d+$/.test(given)) throw usage(`"${given}" is not a process id`);
        const name = vrfOf(given === 'self' ? 'self' : Number(given));
        if (name !== undefined) context.out.write(`${name}\n`);
      },
    },
    pids: {
      summary: 'the processes in a VRF',
      examples: ['ip vrf pids red'],
      usage: 'NAME',
      places: [deviceName],
      run(context, words) {
        if (words.done) throw usage('which VRF?', 'ip vrf pids NAME');
        const { name } = known(context, text('NAME').read(words, context, 'pids') as string);
        for (const { pid, name: comm } of membersOf(name)) context.out.write(`${String(pid).padStart(5)}  ${comm}\n`);
      },
    },
  },
};
