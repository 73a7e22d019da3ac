/** `nlkit net`: networks of containers. */
import { readFileSync } from 'node:fs';
import { declarations, hostsText, NetworkError, networksSync, type Declared, type NetworkCode, type NetworksSync } from '../../network/index.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { is, type Command, type Grammar } from '../grammar.ts';
import type { Words } from '../words.ts';
import { attached, containerOptions, declared, jsonOption, networkOptions, read } from './options.ts';
import { json, printList, printOne, printPlans, warn } from './print.ts';

/** Exit statuses of what is wrong before the kernel is asked; the rest is a refusal. */
const statuses: Partial<Record<NetworkCode, number>> = { INVALID: exits.usage, NOT_FOUND: exits.usage, GONE: exits.usage, DENIED: exits.noTransport };

/** Runs something of the library, and says its errors as the command says its own. */
function work<T>(context: Context, inside: (net: NetworksSync) => T): T {
  const { netns } = context.options;
  try {
    return inside(networksSync({ ...(netns !== undefined && { namespace: netns }), warn: (text) => context.out.error(`${text}\n`) }));
  } catch (error) {
    if (error instanceof NetworkError) throw new CliError(error.message, statuses[error.code] ?? exits.refused, error.hint);
    throw error;
  }
}

/** A command with names and options; `plan` and --dry-run print what it would do. */
interface Doing { readonly names: readonly string[]; readonly options: Grammar; plan(net: NetworksSync, named: string[], draft: Record<string, unknown>): ReturnType<NetworksSync['plan']>; run(net: NetworksSync, named: string[], draft: Record<string, unknown>, context: Context): void }

const doing: Readonly<Record<'create' | 'attach' | 'detach' | 'rm' | 'apply', Doing>> = {
  create: {
    names: ['name'], options: networkOptions,
    plan: (net, [name = ''], draft) => net.plan([fresh(net, declared(name, draft))]),
    run: (net, [name = ''], draft, context) => { net.create(declared(name, draft)); warn(context, [net.inspect(name)]); },
  },
  attach: {
    names: ['network', 'container'], options: containerOptions,
    plan: (net, [name = '', container = ''], draft) => net.plan([{ ...net.inspect(name) && { name }, containers: [attached(container, draft)] }]),
    run: (net, [name = '', container = ''], draft, context) => {
      const made = net.attach(name, attached(container, draft));
      if (context.options.json) json(context, made);
    },
  },
  detach: { names: ['network', 'container'], options: {}, plan: (net, [name = '', container = '']) => net.planGone(name, { container }), run: (net, [name = '', container = '']) => net.detach(name, container) },
  rm: {
    names: ['network'], options: { '--force|-f': is('force', true, 'with its containers') },
    plan: (net, [name = ''], draft) => net.planGone(name, draft),
    run: (net, [name = ''], draft) => net.remove(name, draft),
  },
  apply: {
    names: ['file'], options: { '--prune': is('prune', true, 'take away what the file does not declare') },
    plan: (net, [file = '']) => net.plan(fileOf(file)),
    run: (net, [file = ''], draft, context) => {
      const done = net.apply(fileOf(file), draft);
      if (context.options.json) json(context, done);
      else for (const changed of done.changed) context.out.write(`${changed}\n`);
      warn(context, net.list().filter(({ name }) => done.changed.includes(name)));
    },
  },
};
function fresh(net: NetworksSync, wanted: Declared): Declared {
  if (net.list().some(({ name }) => name === wanted.name)) throw new CliError(`there is a network "${wanted.name}" already`, exits.refused, 'nlkit net apply changes one');
  return wanted;
}
function fileOf(path: string): Declared[] {
  let text: string;
  try { text = readFileSync(path === '-' ? 0 : path, 'utf8'); } catch (error) { throw usage(`${path} cannot be read: ${(error as Error).message}`); }
  return declarations(text);
}

function go(name: keyof typeof doing, planned: boolean): NonNullable<Command['run']> {
  const { names, options, plan, run } = doing[name];
  return (context: Context, words: Words) => {
    const { named, draft } = read(words, context, names, { ...options, ...jsonOption });
    return work(context, (net) => (planned || context.options.dryRun ? printPlans(context, plan(net, named, draft)) : run(net, named, draft, context)));
  };
}
const command = (name: keyof typeof doing, planned = false): Command => ({
  summary: planned ? `what "${name}" would do` : summaries[name],
  usage: `${doing[name].names.map((each) => each.toUpperCase()).join(' ')} [ OPTIONS ]`, options: { ...doing[name].options, ...jsonOption }, run: go(name, planned),
});
const summaries = { create: 'make a network', attach: 'plug a container in', detach: 'take a container out', rm: 'take a network away', apply: 'bring networks to a declared state' } as const;

function looking(summary: string, names: readonly string[], show: (context: Context, net: NetworksSync, named: string[], draft: Record<string, unknown>) => void, options: Grammar = {}): Command {
  return {
    summary, usage: names.map((each) => each.toUpperCase()).join(' '), options: { ...options, ...jsonOption },
    run: (context, words) => {
      const { named, draft } = read(words, context, names, { ...options, ...jsonOption });
      work(context, (net) => show(context, net, named, draft));
    },
  };
}

export const net: Command = {
  summary: 'networks of containers: bridge, macvlan, ipvlan, vxlan',
  examples: [
    'net create lab --subnet 172.30.0.0/24', 'net attach lab web --netns web -p 8080:80', 'net ls', 'net create lan --driver macvlan --parent eth0 --subnet 192.0.2.0/24',
    'net plan create lab --ipv6', 'net export > networks.json', 'net apply networks.json', 'net gc',
  ],
  usage: '{ create | attach | detach | ls | inspect | hosts | rm | gc | plan | apply | export } ...',
  commands: {
    create: command('create'),
    attach: command('attach'),
    detach: command('detach'),
    'ls|list': looking('networks, one a line', [], (context, all) => printList(context, all.list())),
    inspect: looking('one network, its containers, and whether all of it is there', ['network'], (context, all, [name = '']) => printOne(context, all.inspect(name))),
    hosts: looking('addresses and names of a network\'s containers, as /etc/hosts', ['network'], (context, all, [name = ''], draft) => {
      const { path, hosts } = all.hosts(name);
      if (context.options.json) return json(context, { path, hosts });
      context.out.write(draft['file'] ? `${path}\n` : hostsText(hosts));
    }, { '--file': is('file', true, 'the path of the file that has them, kept up to date: "ip netns exec WEB" has it as /etc/hosts after ln -s PATH /etc/netns/WEB/hosts') }),
    'rm|remove': command('rm'),
    gc: looking('finish or undo what was cut short, and take out containers that are no more', [], (context, all, _named, draft) => {
      if (context.options.dryRun) throw usage('"gc" finds what is to be done while it does it: it has no dry run', 'nlkit net ls tells what is there');
      const { recovered, detached, orphans } = all.gc(draft);
      if (context.options.json) return json(context, { recovered, detached, orphans });
      for (const { operation, outcome } of recovered) context.out.write(`${outcome}: ${operation}\n`);
      for (const one of detached) context.out.write(`detached: ${one}\n`);
      for (const one of orphans) context.out.write(`${draft['orphans'] ? 'deleted' : 'of no known network'}: ${one}\n`);
    }, { '--orphans': is('orphans', true, 'delete links that bear our mark, but are of no network known here') }),
    plan: {
      summary: 'what would change, as lines of ip, bridge, sysctl and nft', usage: '{ create | attach | detach | rm | apply } ...', examples: ['net plan create lab --ipv6', 'net plan apply networks.json'],
      commands: { create: command('create', true), attach: command('attach', true), detach: command('detach', true), 'rm|remove': command('rm', true), apply: command('apply', true) },
    },
    apply: command('apply'),
    export: looking('all networks as declarations', [], (context, all) => context.out.write(`${JSON.stringify(all.export(), undefined, 2)}\n`)),
  },
};
