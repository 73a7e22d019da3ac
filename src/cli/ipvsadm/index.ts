/** `ipvsadm`: the kernel's load balancer, with the words of ipvsadm. */
import { readFileSync } from 'node:fs';
import { ipvs, type IpvsDestination, type IpvsService } from '../../families/generic/ipvs.ts';
import { ipvsCalls, ipvsKeyOf, type IpvsCall, type IpvsRef } from '../../generic/index.ts';
import { batchLines } from '../batch.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { describe } from '../failure.ts';
import { parse, type Command, type Grammar } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { choice } from '../values.ts';
import { didYouMean, find, keysOf, Words } from '../words.ts';
import { apart, listing, naming, numeric, placeOf, read, sending, serverOf, serviceOf, serving, settingsOf, settling, syncing, syncOf, timing, type Said } from './options.ts';
import { block, daemonLine, facts, names, numbers, rules, sortServers, sortServices, title, type Told } from './print.ts';

/** Asks the kernel. Of a dry run nothing comes back. */
async function ask<T>(context: Context, call: IpvsCall<T>): Promise<T> {
  const kernel = await context.kernel.generic(ipvs), { message, body, all, read: of } = call;
  return of(all ? kernel.dump(message, body as Body) : kernel.request(message, body as Body).map((answer) => answer.body));
}
/** What is not there is the line's mistake. */
async function change(context: Context, call: IpvsCall<void>, missing: Readonly<Record<string, string>>): Promise<void> {
  try {
    await ask(context, call);
  } catch (error) {
    const what = missing[(error as { code?: string }).code ?? ''];
    throw what === undefined ? error : new CliError(what, exits.usage);
  }
}
const noService = { ESRCH: 'there is no such service' }, noScheduler = { ...noService, ENOENT: 'this kernel has no such scheduler, or persistence engine' }, noServer = { ...noService, ENOENT: 'the service has no such server' };

// Telling.

async function withServers(context: Context, service: IpvsService, { unsorted }: Said): Promise<Told> {
  const all = (await ask(context, { ...ipvsCalls.servers({ fwmark: 0 }), body: { service: ipvsKeyOf(service) as IpvsService } })) as IpvsDestination[];
  return { service, servers: unsorted ? all : sortServers(all) };
}
async function told(context: Context, said: Said): Promise<Told[]> {
  const services: IpvsService[] = [];
  if (said.service) {
    try {
      services.push(await ask(context, ipvsCalls.service(await serviceOf(said))));
    } catch (error) {
      throw (error as { code?: string }).code === 'ESRCH' ? usage(noService.ESRCH) : error;
    }
  } else services.push(...(await ask(context, ipvsCalls.services())));
  if (context.options.dryRun) return [];
  const all: Told[] = [];
  for (const service of said.unsorted ? services : sortServices(services)) all.push(await withServers(context, service, said));
  return all;
}

async function list(context: Context, said: Said): Promise<void> {
  const { out, options } = context, { about, form } = said;
  if (about !== undefined && (said.service ?? form) !== undefined) throw usage(`--${about} goes alone`);
  if (about === 'connection') throw usage('connections are not told over netlink', 'the kernel has them in /proc/net/ip_vs_conn');
  const json = (value: unknown): void => { if (!options.dryRun) out.write(`${toJson(value, options.pretty)}\n`); }, text = (value: string): void => { if (!options.dryRun) out.write(value); };
  if (about === 'timeout') {
    const { tcp, tcpFin, udp } = await ask(context, ipvsCalls.timeouts());
    return options.json ? json({ tcp, tcpfin: tcpFin, udp }) : text(`Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`);
  }
  if (about === 'daemon') {
    const daemons = await ask(context, ipvsCalls.daemons());
    return options.json ? json(daemons.map(({ state, ...more }) => ({ state: state?.[0], ...more }))) : text(daemons.map(daemonLine).join(''));
  }
  const info = said.service || options.json ? undefined : await ask(context, ipvsCalls.info()), all = await told(context, said), places = said.numeric ? numbers : names();
  if (options.json) return json(all.map(facts));
  let whole = `${info ? `IP Virtual Server version ${info.version} (size=${info.connTabSize})\n` : ''}${title(form)}`;
  for (const one of all) whole += await block(one, said, places);
  text(whole);
}

async function save(context: Context, said: Said): Promise<void> {
  const places = said.numeric ? numbers : names();
  for (const one of await told(context, said)) context.out.write(await rules(one, places));
}

// Changing.

interface Action { readonly summary: string; readonly options: Grammar; readonly examples: readonly string[]; readonly usage?: string; readonly run: (context: Context, said: Said) => Promise<number | void> }
const service = async (said: Said): Promise<IpvsRef> => serviceOf(said);
const server = async (said: Said): Promise<[IpvsRef, Awaited<ReturnType<typeof serverOf>>]> => { const ref = await serviceOf(said); return [ref, await serverOf(said, ref)]; };
const SERVICE = '{ -t | -u | --sctp-service } ADDRESS:PORT | -f MARK [ -6 ]';
const actions: Readonly<Record<string, Action>> = {
  '-A|--add-service': { summary: 'a virtual service more', options: { ...naming, ...settling }, examples: ['ipvsadm -A -t 10.0.0.1:80 -s rr', 'ipvsadm -A -u 10.0.0.1:53 -s sh -b sh-port', 'ipvsadm -A -f 5 -s rr -p 600'], usage: `${SERVICE} [ OPTIONS ]`, run: async (context, said) => change(context, ipvsCalls.addService(await settingsOf(said)), noScheduler) },
  '-E|--edit-service': { summary: 'other settings for a service; what is not said is the default', options: { ...naming, ...settling }, examples: ['ipvsadm -E -t 10.0.0.1:80 -s wrr'], usage: `${SERVICE} [ OPTIONS ]`, run: async (context, said) => change(context, ipvsCalls.editService(await settingsOf(said)), noScheduler) },
  '-D|--delete-service': { summary: 'a service less, with its servers', options: naming, examples: ['ipvsadm -D -t 10.0.0.1:80'], usage: SERVICE, run: async (context, said) => change(context, ipvsCalls.deleteService(await service(said)), noService) },
  '-a|--add-server': { summary: 'a server more', options: { ...naming, ...serving, ...sending }, examples: ['ipvsadm -a -t 10.0.0.1:80 -r 192.0.2.1:8080 -m', 'ipvsadm -a -t 10.0.0.1:80 -r 192.0.2.2 -i --tun-type gue --tun-port 6080'], usage: `${SERVICE} -r ADDRESS[:PORT] [ -g | -i | -m ] [ OPTIONS ]`, run: async (context, said) => change(context, ipvsCalls.addServer(...(await server(said))), noService) },
  '-e|--edit-server': { summary: 'other settings for a server; what is not said is the default', options: { ...naming, ...serving, ...sending }, examples: ['ipvsadm -e -t 10.0.0.1:80 -r 192.0.2.1:8080 -m -w 0'], usage: `${SERVICE} -r ADDRESS[:PORT] [ -g | -i | -m ] [ OPTIONS ]`, run: async (context, said) => change(context, ipvsCalls.editServer(...(await server(said))), noServer) },
  '-d|--delete-server': { summary: 'a server less', options: { ...naming, ...serving }, examples: ['ipvsadm -d -t 10.0.0.1:80 -r 192.0.2.1:8080'], usage: `${SERVICE} -r ADDRESS[:PORT]`, run: async (context, said) => { const ref = await service(said); await change(context, ipvsCalls.deleteServer(ref, await placeOf(said, ref)), noServer); } },
  '-C|--clear': { summary: 'all services go', options: {}, examples: ['ipvsadm -C'], run: (context) => change(context, ipvsCalls.flush(), {}) },
  '-Z|--zero': { summary: 'counters begin anew, of a service or of all', options: naming, examples: ['ipvsadm -Z', 'ipvsadm -Z -t 10.0.0.1:80'], usage: `[ ${SERVICE} ]`, run: async (context, said) => change(context, ipvsCalls.zero(said.service && (await service(said))), noService) },
  '-L|-l|--list': { summary: 'print services and their servers, or timeouts, or daemons', options: { ...naming, ...listing }, examples: ['ipvsadm -Ln', 'ipvsadm -Ln -t 10.0.0.1:80', 'ipvsadm -Ln --stats --exact', 'ipvsadm -L --timeout', 'ipvsadm --json -L'], usage: '[ SERVICE ] [ OPTIONS ]', run: list },
  '-S|--save': { summary: 'print lines that make all of it again', options: numeric, examples: ['ipvsadm -Sn > FILE'], run: save },
};
const command = (action: Action): Command => ({ ...action, usage: action.usage ?? '[ OPTIONS ]', run: (context: Context, words: Words) => action.run(context, read(action.options, words, context)) });

/** Lines on standard input, or of a file that stands behind `-R`: none is done before all have been read. What the kernel refuses does not keep the others from being done. */
async function restore(context: Context, words: Words): Promise<number> {
  parse({}, words, {}, context);
  const lines = [...batchLines(readFileSync(0, 'utf8'))].map(({ number, words: given, error }) => {
    try {
      if (error !== undefined) throw usage(error);
      const all = apart(given[0] === 'ipvsadm' ? given.slice(1) : given), key = find(all[0] ?? '', keysOf(actions), false), action = actions[key ?? ''];
      if (!action) throw usage(`"${all[0]}" does not begin a line`, didYouMean(all[0] ?? '', keysOf(actions)));
      return { number, action, said: read(action.options, new Words(all.slice(1)), context) };
    } catch (failed) {
      throw Object.assign(failed as Error, { message: `line ${number}: ${(failed as Error).message}` });
    }
  });
  let status: number = exits.ok;
  for (const { number, action, said } of lines) {
    try {
      await action.run(context, said);
    } catch (error) {
      context.out.error(`line ${number}: ${describe(error)}`);
      status = exits.refused;
    }
  }
  return status;
}

const state = choice({ master: 'master', backup: 'backup' }), stateOf = (words: Words, context: Context): 'master' | 'backup' => state.read(words, context, 'the daemon') as 'master' | 'backup';
export const ipvsadm: Command = {
  summary: 'IPVS: virtual services, the servers behind them, what they carried',
  examples: ['ipvsadm -Ln', 'ipvsadm -A -t 10.0.0.1:80 -s rr', 'ipvsadm -a -t 10.0.0.1:80 -r 192.0.2.1:8080 -m', 'ipvsadm -Ln --stats', 'ipvsadm -Sn > FILE', 'ipvsadm -R < FILE'],
  usage: '{ -A | -E | -D | -a | -e | -d | -L | -S | -R | -C | -Z | --set | --start-daemon | --stop-daemon } [ OPTIONS ]',
  otherwise: '-L',
  apart,
  commands: {
    ...Object.fromEntries(Object.entries(actions).map(([key, action]) => [key, command(action)])),
    '-R|--restore': { summary: 'do the lines of standard input, as -S prints them', examples: ['ipvsadm -R < FILE'], unlogged: true, run: restore },
    '--set': {
      summary: 'how many seconds connections are remembered; 0: as it is', usage: 'TCP TCPFIN UDP', examples: ['ipvsadm --set 900 120 300'], options: timing,
      async run(context, words) {
        if (words.left !== 3) throw usage('three timeouts: of TCP, of TCP after a FIN, of UDP', 'ipvsadm --set 900 120 300');
        const [tcp, tcpFin, udp] = [0, 1, 2].map(() => timing['']?.type?.read(words, context, '--set') as number);
        await change(context, ipvsCalls.setTimeouts({ tcp: tcp as number, tcpFin: tcpFin as number, udp: udp as number }), {});
      },
    },
    '--start-daemon': { summary: 'tell other machines of connections, or hear of theirs', usage: '{ master | backup } [ OPTIONS ]', examples: ['ipvsadm --start-daemon master --mcast-interface eth0 --syncid 5'], options: syncing, async run(context, words) { await change(context, ipvsCalls.startDaemon(stateOf(words, context), syncOf(read(syncing, words, context))), { ENODEV: 'there is no such link' }); } },
    '--stop-daemon': { summary: 'no longer', usage: '{ master | backup }', examples: ['ipvsadm --stop-daemon master'], options: { '--syncid': syncing['--syncid'] as Grammar[string] }, async run(context, words) { const which = stateOf(words, context), { syncId } = read({ '--syncid': syncing['--syncid'] as Grammar[string] }, words, context); await change(context, ipvsCalls.stopDaemon(which, syncId), { ESRCH: 'no such daemon runs' }); } },
  },
};
