/** `ip netns`: namespaces in the files that iproute2 keeps them in. */
import { existsSync, mkdirSync } from 'node:fs';
import type { Context } from '../context.ts';
import { CliError, entering, exits, usage } from '../errors.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { Printer } from '../print/printer.ts';
import { namedNamespaces, namespaceFolder, namespaceId } from '../session.ts';
import { commandLine, integer, netnsName, text } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { namespaceInto } from './link-options.ts';

/** The modules that make and enter namespaces are read only by the commands that do. */
const namespaces = (): Promise<typeof import('../../namespace/index.ts')> => import('../../namespace/index.ts');

function one(words: Words, what: string): string {
  const name = words.next(what);
  if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
  return name;
}

/** A name that a file can have. */
async function newNamespace(name: string): Promise<string> {
  const { namespacePath } = await namespaces();
  try {
    namespacePath({ name });
  } catch (error) {
    throw usage((error as Error).message, 'it is a file name: at most 255 bytes without a slash');
  }
  return name;
}

function known(name: string): string {
  if (!namedNamespaces().includes(name)) throw usage(`there is no network namespace "${name}"`, namedNamespaces().length > 0 ? didYouMean(name, namedNamespaces()) : 'ip netns add makes one');
  return name;
}

/** A dry run makes nothing: namespaces are not made by netlink messages. */
function dry(context: Context, text: string): boolean {
  if (!context.options.dryRun) return false;
  context.out.error(`note: ${text}: system calls, no messages`);
  return true;
}

function list(context: Context): void {
  const printer = new Printer(context);
  // Listing needs no kernel; ids do, where it may be asked.
  const id = (name: string): number | undefined => {
    try {
      return namespaceId(context.kernel, name);
    } catch {
      return undefined;
    }
  };
  for (const name of namedNamespaces()) {
    const nsid = context.options.dryRun ? undefined : id(name);
    printer.object(null, () => {
      printer.value('name', '%', name);
      if (nsid !== undefined && nsid >= 0) printer.value('id', ' (id: %)', nsid);
    });
    printer.text('\n');
  }
  if (printer.json && printer.results.length === 0) return;
  printer.finish();
}

async function execute(context: Context, words: Words): Promise<number> {
  const { execSync } = await namespaces();
  const names = context.options.all ? namedNamespaces() : [known(words.next('exec'))];
  const [command, ...args] = words.rest();
  if (command === undefined) throw usage('which command?', 'ip netns exec NAME COMMAND ...');
  if (dry(context, `${command} would run in ${names.join(', ')}`)) return exits.ok;
  let status: number = exits.ok;
  for (const name of names) {
    if (context.options.all) context.out.write(`\nnetns: ${name}\n`);
    context.out.flush();
    const result = enterAnd(name, () => execSync(name, command, args, { stdio: 'inherit' }));
    if (result.error) throw new CliError(`cannot run "${command}": ${result.error.message}`, exits.usage);
    status = result.status ?? 128 + signalNumber(result.signal);
    if (status !== 0 && !context.options.force) return status;
  }
  return status;
}

function enterAnd<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw entering(name, error);
  }
}

/** A few that end programs; the rest is told as SIGTERM. */
function signalNumber(signal: string | null): number {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 }[signal ?? 'SIGTERM'] ?? 15;
}

async function identify(context: Context, words: Words): Promise<void> {
  const { namesOf } = await namespaces();
  const pid = words.done ? 'self' : one(words, 'identify');
  if (pid !== 'self' && !/^\d+$/.test(pid)) throw usage(`"${pid}" is not a process id`);
  if (!existsSync(`/proc/${pid}`)) throw usage(`there is no process ${pid}`);
  for (const name of namesOf(`/proc/${pid}/ns/net`)) context.out.write(`${name}\n`);
}

const id = integer('ID', 0, 0x7fffffff), idOptions: Grammar = { 'target-nsid': to('target', id), nsid: to('wanted', id) };

/** `list-id`: ids that this namespace has for others, and their names. */
function listIds(context: Context, words: Words): void {
  const { target, wanted } = parse(idOptions, words, {}, context) as { target?: number; wanted?: number };
  const body = { family: 'unspec', ...(target !== undefined && { targetNsid: target }) };
  const found = wanted === undefined ? context.kernel.dump('getnsid', body) : [context.kernel.get('getnsid', { ...body, nsid: wanted })];
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const entry of found) {
    if (!entry) continue;
    printer.object(null, () => {
      printer.value('nsid', 'nsid % ', entry['nsid']);
      if (entry['currentNsid'] !== undefined) printer.value('current-nsid', 'current-nsid % ', entry['currentNsid']);
      const id = (entry['currentNsid'] ?? entry['nsid']) as number;
      printer.value('name', '(iproute2 netns name: %)', context.namespaceName?.(id));
    });
    printer.text('\n');
  }
  printer.finish();
}

/** Names are files: the folder is watched, and compared with what was there. */
async function watchNames(context: Context): Promise<void> {
  if (dry(context, `${namespaceFolder} would be watched`)) return;
  const { watch } = process.getBuiltinModule('node:fs/promises'), { untilInterrupted } = await import('../watch.ts');
  mkdirSync(namespaceFolder, { recursive: true });
  let known = new Set(namedNamespaces());
  const stop = untilInterrupted();
  try {
    for await (const _change of watch(namespaceFolder, { signal: stop })) {
      const now = new Set(namedNamespaces());
      for (const name of known) if (!now.has(name)) context.out.write(`delete ${name}\n`);
      for (const name of now) if (!known.has(name)) context.out.write(`add ${name}\n`);
      known = now;
      context.out.flush();
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

export const netns: Command = {
  summary: 'network namespaces by name',
  examples: ['ip netns add s1', 'ip netns list', 'ip netns exec s1 ip link', 'ip netns del s1'],
  otherwise: 'list',
  commands: {
    'list|show|lst': { summary: 'names, and the ids this namespace has for them', run: list },
    add: {
      summary: 'make a namespace',
      unlogged: true,
      examples: ['ip netns add s1'],
      usage: 'NAME',
      async run(context, words) {
        if (words.done) throw usage('which name?', 'ip netns add NAME');
        const name = await newNamespace(one(words, 'add'));
        if (dry(context, `a namespace is made and mounted on ${namespaceFolder}/${name}`)) return;
        (await namespaces()).create(name);
      },
    },
    attach: {
      summary: "name a process's namespace",
      unlogged: true,
      examples: ['ip netns attach s1 1234'],
      usage: 'NAME PID',
      async run(context, words) {
        const name = await newNamespace(words.next('attach'));
        const pid = Number(integer('PID', 1, 0x7fffffff).read(words, context, 'PID'));
        if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
        if (!context.options.dryRun && !existsSync(`/proc/${pid}`)) throw usage(`there is no process ${pid}`);
        if (dry(context, `process ${pid}'s namespace is mounted on ${namespaceFolder}/${name}`)) return;
        (await namespaces()).attach(name, { pid });
      },
    },
    set: {
      summary: 'give a namespace an id here',
      examples: ['ip netns set s1 7', 'ip netns set s1 auto'],
      usage: 'NAME { ID | auto }',
      places: [netnsName, text('{ ID | auto }')],
      run(context, words) {
        const name = words.next('set');
        const id = words.take('auto') ? -1 : Number(integer('ID', 0, 0x7fffffff).read(words, context, 'ID'));
        const target: Record<string, unknown> = {};
        namespaceInto(target, name, context);
        context.kernel.request('newnsid', { family: 'unspec', ...(target['netNsFd'] !== undefined ? { fd: target['netNsFd'] } : { pid: target['netNsPid'] }), nsid: id });
      },
    },
    'delete|del': {
      summary: 'take a name away; the namespace ends with its last process',
      unlogged: true,
      examples: ['ip netns del s1', 'ip -all netns del'],
      usage: 'NAME',
      places: [netnsName],
      async run(context, words) {
        const names = context.options.all ? namedNamespaces() : [known(one(words, 'delete'))];
        if (dry(context, `${names.map((name) => `${namespaceFolder}/${name}`).join(', ')} would go`)) return;
        const { remove } = await namespaces();
        for (const name of names) remove(name);
      },
    },
    identify: { summary: "the name of a process's namespace", examples: ['ip netns identify 1234'], usage: '[ PID ]', run: identify },
    pids: {
      summary: 'the processes in a namespace',
      examples: ['ip netns pids s1'],
      usage: 'NAME',
      places: [netnsName],
      async run(context, words) {
        const name = known(one(words, 'pids'));
        for (const pid of (await namespaces()).pids(name)) context.out.write(`${pid}\n`);
      },
    },
    exec: { summary: 'run a command in a namespace', examples: ['ip netns exec s1 ping -c1 10.0.0.1', 'ip -all netns exec ip -br link'], usage: 'NAME COMMAND ...', places: [netnsName, commandLine], raw: true, unlogged: true, run: execute },
    monitor: { summary: 'names as they come and go', run: watchNames },
    'list-id': { summary: 'ids of namespaces', usage: '[ target-nsid ID ] [ nsid ID ]', options: idOptions, run: listIds },
  },
};
