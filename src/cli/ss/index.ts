/** `ss`: sockets, as iproute2's misc/ss.c shows them, from NETLINK_SOCK_DIAG. */
import { readFileSync } from 'node:fs';
import { compile } from '../../diag/filter.ts';
import { inetProtocols, type InetProtocol } from '../../diag/sockets.ts';
import { groupOf } from '../../diag/watch.ts';
import { mptcpDiag, sctpDiag, sockDiag, tipcDiag } from '../../families/diag/index.ts';
import { ipProtocol } from '../../families/route/names.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Command } from '../grammar.ts';
import { help } from '../help.ts';
import type { Body, Kernel } from '../kernel.ts';
import { numberOf } from '../print/formats.ts';
import { toJson } from '../print/json.ts';
import { Columns } from '../print/ss-columns.ts';
import { SocketPrinter, type Shown } from '../print/ss.ts';
import { version } from '../version.ts';
import { follow, onlySaid, untilInterrupted } from '../watch.ts';
import { conditionWords, readExpression, type Condition } from './expression.ts';
import { anyOf } from '../values.ts';
import { holds, toFilter } from './match.ts';
import { writeMessages } from './messages.ts';
import { options, readLine, type Wanted } from './options.ts';
import { Owners } from './owners.ts';
import { rawSockets } from './raw.ts';
import { CLOSED, stateWords, statesOf, type Selection, type Table } from './selection.ts';
import { printSummary } from './summary.ts';

/** What a kernel says that does not tell of a family or a protocol. */
const untold: ReadonlySet<unknown> = new Set(['ENOENT', 'EINVAL', 'EOPNOTSUPP']);
function told(kernel: Kernel, body: Body, otherwise = (): Body[] => []): Body[] {
  try {
    return kernel.dump('get', body);
  } catch (error) {
    if (untold.has((error as { code?: unknown }).code)) return otherwise();
    throw error;
  }
}

/** What the kernel is to tell beside what it always does. */
const extensions = ({ memory, info, tos }: Wanted): string[] => [...(memory ? ['meminfo', 'skmeminfo'] : []), ...(info ? ['info', 'vegasinfo', 'cong'] : []), ...(tos ? ['tos', 'tclass'] : [])];

/** A protocol as requests carry it: one byte, and all of it where that is too little. */
function numbered(protocol: InetProtocol): object {
  const number = inetProtocols[protocol];
  return number > 0xff ? { protocol: number & 0xff, protocolNumber: number } : { protocol: number };
}

class Run {
  readonly #context: Context;
  readonly #wanted: Wanted;
  readonly #condition: Condition | undefined;
  readonly #printer: SocketPrinter;

  constructor(context: Context, wanted: Wanted, condition: Condition | undefined, printer: SocketPrinter) {
    this.#context = context;
    this.#wanted = wanted;
    this.#condition = condition;
    this.#printer = printer;
  }

  #fits(shown: Shown): boolean {
    return this.#condition === undefined || holds(this.#condition, shown.subject);
  }

  #show(bodies: readonly Body[], shown: (body: Body) => Shown): void {
    for (const body of bodies) {
      const one = shown(body);
      if (this.#fits(one)) this.#printer.print(one);
    }
  }

  /** In ss's order. */
  all(): void {
    const { selection, details, memory, kill } = this.#wanted, { tables, families, states } = selection, kernel = this.#context.kernel.speak(sockDiag), printer = this.#printer;
    const closed = (states & CLOSED) !== 0, any = (...names: Table[]): boolean => names.some((name) => tables.has(name));
    if (!kill) {
      if (any('netlink') && families.has('netlink') && closed) this.#show(told(kernel, { family: 'netlink', protocol: 255, show: ['meminfo', 'groups'] }), (body) => printer.netlink(body));
      if (any('p_dgr', 'p_raw') && families.has('packet') && closed) this.#show(told(kernel, { family: 'packet', show: ['info', 'ringCfg', 'fanout', 'meminfo', 'filter'] }), (body) => printer.packet(body));
      if (any('u_dgr', 'u_str', 'u_seq') && families.has('unix')) {
        const show = ['name', 'peer', 'rqlen', ...(memory ? ['meminfo'] : []), ...(details ? ['vfs', 'icons'] : [])];
        this.#show(told(kernel, { family: 'unix', states: [states], show }).filter(({ type }) => tables.has(type === 'stream' ? 'u_str' : type === 'seqpacket' ? 'u_seq' : 'u_dgr')), (body) => printer.unix(body));
      }
    }
    for (const protocol of ['raw', 'udp', 'tcp', 'dccp', 'sctp'] as const) if (tables.has(protocol)) this.#inet(protocol);
    if (!kill) {
      if (any('v_str', 'v_dgr') && families.has('vsock')) this.#show(told(kernel, { family: 'vsock', states: [states] }).filter(({ type }) => (type === 'stream' ? tables.has('v_str') : type !== 'dgram' || tables.has('v_dgr'))), (body) => printer.vsock(body));
      // Of sockets in other states there is a message, too, that says nothing.
      if (tables.has('tipc') && families.has('tipc')) this.#show(told(this.#context.kernel.speak(tipcDiag), { family: 'tipc', states: [states] }).filter(({ sock }) => sock !== undefined), (body) => printer.tipc(body));
      if (tables.has('xdp') && families.has('xdp') && closed) this.#show(told(kernel, { family: 'xdp', show: ['info', 'ringCfg', 'umem', 'meminfo', 'stats'] }), (body) => printer.xdp(body));
    }
    if (tables.has('mptcp')) this.#inet('mptcp');
  }

  /** What is asked of a protocol, in each family. */
  #questions(protocol: InetProtocol): (Body & { readonly family: 'inet' | 'inet6' })[] {
    const { families, states } = this.#wanted.selection, asked = { ...numbered(protocol), ext: extensions(this.#wanted), states: [states], ...(this.#condition && { bytecode: compile(toFilter(this.#condition)) }) };
    return (['inet', 'inet6'] as const).flatMap((family) => (families.has(family) ? [{ family, ...asked }] : []));
  }

  /** The messages about sockets of TCP, into a file. */
  dump(file: string): void {
    if (!this.#wanted.selection.tables.has('tcp')) throw usage('-D is of sockets of TCP', 'nlkit ss -t -D FILE');
    writeMessages(this.#context, this.#questions('tcp'), file);
  }

  #inet(protocol: InetProtocol & Table): void {
    const { selection, kill } = this.#wanted, kernel = this.#context.kernel.speak(protocol === 'mptcp' ? mptcpDiag : protocol === 'sctp' ? sctpDiag : sockDiag);
    // An association of SCTP has the inode of its endpoint, which comes before it.
    let endpoint: unknown;
    for (const question of this.#questions(protocol)) {
      const { family } = question;
      for (const body of told(kernel, question, () => (protocol === 'raw' && !kill ? rawSockets(this.#context.options.netns, family, selection.states) : []))) {
        const shown = this.#printer.inet(body, protocol, protocol === 'sctp' && endpoint === body['inode']);
        endpoint = body['inode'];
        if (this.#fits(shown) && (!kill || this.#kill(kernel, numbered(protocol), body, protocol))) this.#printer.print(shown);
      }
    }
  }

  /** @returns whether it was closed, rather than gone, or of a protocol whose sockets cannot be */
  #kill(kernel: Kernel, asked: object, { family, id, protocol }: Body, table: Table): boolean {
    try {
      kernel.request('destroy', { family, ...asked, id, ...(table === 'raw' && protocol !== undefined && { pad: rawNumber(protocol) }) });
      return true;
    } catch (error) {
      if (['ENOENT', 'EOPNOTSUPP'].includes((error as { code?: string }).code ?? '')) return false;
      throw error;
    }
  }

  /** Sockets as they are closed, each printed when it is. */
  async events(): Promise<void> {
    const { tables, families } = this.#wanted.selection, context = this.#context, { out, options: { json } } = context;
    const groups = (['tcp', 'udp'] as const).flatMap((protocol) => (['inet', 'inet6'] as const).flatMap((family) => (tables.has(protocol) && families.has(family) ? groupOf(family, protocol) : [])));
    if (groups.length === 0) throw usage('only sockets of TCP and UDP are told when they are closed', 'nlkit ss -E -t');
    if (onlySaid(context, groups)) return;
    await follow(context, context.kernel.speak(sockDiag).monitor(groups, { signal: untilInterrupted() }), ({ body }) => {
      const shown = this.#printer.inet(body, undefined, false);
      if (!families.has(shown.subject.family) || !this.#fits(shown)) return;
      this.#printer.print(shown);
      if (json) out.write(`${toJson({ ts: new Date().toISOString(), event: 'destroy', ...(this.#printer.take() as object) }, false)}\n`);
      else this.#printer.finish();
    });
  }
}

/** `state NAME` and `exclude NAME` before the expression. */
function takeStates(filter: readonly string[], selection: Selection): string[] {
  let at = 0, seen = false;
  for (; at < filter.length; at += 2) {
    const word = filter[at] as string, out = word === 'exclude' || word === 'excl';
    if (word !== 'state' && !out) break;
    const name = filter[at + 1];
    if (name === undefined) throw usage(`"${word}" needs a state`, `known are ${stateNamesKnown}`);
    if (!seen) selection.asked = out ? statesOf('all') : 0;
    selection.asked = out ? selection.asked & ~statesOf(name) : selection.asked | statesOf(name);
    seen = true;
  }
  if (seen && selection.asked === 0) throw usage('no states are left');
  return filter.slice(at);
}

/** The lines of a file that are no comments. */
function wordsOf(path: string): string[] {
  let text: string;
  try { text = readFileSync(path === '-' ? 0 : path, 'utf8'); } catch (error) { throw usage(`cannot read "${path}": ${(error as Error).message}`); }
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('0'));
}

const EXPRESSION = '( { src | dst } [ = | != ] [ FAMILY: ] ADDRESS[/LENGTH][:PORT] | { sport | dport } { = | != | < | <= | > | >= } [:]PORT | dev DEVICE | fwmark MARK[/MASK] | cgroup PATH | autobound )';
const rawNumber = (protocol: unknown): number => numberOf(ipProtocol, protocol);
const stateNamesKnown = stateWords.join(', ');

export const ss: Command = {
  summary: 'sockets: who listens, who is connected to whom',
  unlogged: true,
  examples: [
    'ss -tln', 'ss -tanp state established', "ss -tan 'sport = :443 or dport = :443'", 'ss -tin dst 192.0.2.0/24', 'ss -xlp', 'ss -f netlink -e', 'ss -j -tan', 'ss -K dst 192.0.2.7 dport = :8080', 'ss -E -t',
  ],
  usage: `[ OPTIONS ] [ { state | exclude } STATE ]... [ EXPRESSION ]\n\nEXPRESSION: conditions with and, or, not and parentheses, read from left to right; "and" may be left out:\n  ${EXPRESSION}\n\nSTATE: ${stateNamesKnown}`,
  options,
  places: [anyOf('state', 'exclude', ...conditionWords, ...stateWords)],
  async run(context, words) {
    const { wanted, filter } = readLine(words, context), { selection, summary } = wanted, { out, options: { json } } = context;
    if (wanted.help) return void out.write(await help(ss, ['ss']));
    if (wanted.version) return void out.write(`nlkit ${version}\n`);
    const more = [...takeStates(filter, selection), ...(wanted.filterFile === undefined ? [] : wordsOf(wanted.filterFile))];
    if (summary) {
      printSummary(context);
      if (selection.untouched && filter.length === 0) return;
    }
    selection.complete();
    if (selection.tables.size === 0) throw usage('no tables of sockets are left');
    const condition = readExpression(more, context, selection), { tables, states } = selection;
    const columns = new Columns(out, { netid: tables.size === 1, state: (states & (states - 1)) === 0, queues: !wanted.queues, process: !wanted.processes && !wanted.threads }), printer = new SocketPrinter(context, wanted, columns, new Owners(wanted.threads)), run = new Run(context, wanted, condition, printer);
    if (wanted.dump !== undefined) return run.dump(wanted.dump);
    if (wanted.header && !json && !context.options.dryRun) columns.titles();
    if (wanted.events) return await run.events();
    run.all();
    if (!context.options.dryRun) printer.finish();
  },
};
