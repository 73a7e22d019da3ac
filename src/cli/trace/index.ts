/** `nlkit trace`: what a command and its children say to the kernel over netlink, and what it answers, as it happens. */
import { closeSync, openSync } from 'node:fs';
import { protocols, variants } from '../../families/index.ts';
import { families } from '../../families/generic/index.ts';
import { registered, type Registered } from '../../generic/index.ts';
import { pcapHeader, pcapRecord, straceReader } from '../../inspect/index.ts';
import { protocolNamed } from '../../inspect/json.ts';
import { exits, usage, type CliError } from '../errors.ts';
import { act, is, parse, to, type Command, type Grammar, type ValueType } from '../grammar.ts';
import { ReaderGone, writeAll } from '../output.ts';
import { fileName, word } from '../values.ts';
import { didYouMean } from '../words.ts';
import { protocolType, withoutPrefix } from '../inspect/options.ts';
import { Follower, type Wanted } from './follow.ts';
import { Processes, runStrace, straceWords } from './strace.ts';

interface Asked { command?: string[]; file?: string; pcap?: string; print?: Wanted['print']; time?: boolean; protocols?: (string | number)[]; types?: RegExp[]; pids?: number[] }

const command: ValueType = { name: 'COMMAND...', completes: 'line', read: (words) => words.rest() };
const pid = word('PID', (given) => {
  if (!/^[1-9]\d*$/.test(given)) throw usage(`"${given}" is not a process id`);
  return Number(given);
});
const named = (): string[] => [...protocols, ...variants].flatMap((p) => [...p.byNumber.values()]).concat(families.flatMap((family) => [...family.at(0).byNumber.values()].flatMap((m) => [...(m.commands?.values() ?? []), ...(m.events?.commands?.values() ?? [])]))).map(({ name }) => name);
/** A message's name, in any case; `*` stands for any letters, and the prefix may be left out. */
const type: ValueType = { ...word('TYPE', (given) => {
  const pattern = new RegExp(`^(?:\\w+_)?${given.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  const all = [...named(), 'NLMSG_ERROR', 'NLMSG_DONE', 'NLMSG_NOOP'];
  if (!all.some((name) => pattern.test(name))) throw usage(`no message is called "${given}"`, didYouMean(given.toUpperCase(), withoutPrefix(all)));
  return pattern;
}), get choices() { return named(); } };
const one = (path: keyof Asked, value: ValueType, help: string) => act((draft, given) => { draft[path] = [...(draft[path] as unknown[] | undefined ?? []), given]; }, value, { repeat: true, help });

const options: Grammar = {
  '': { path: 'command', type: { ...command, fits: /^[^-]/ }, last: true },
  '--': { path: 'command', type: command, last: true, help: 'what follows is the command' },
  '-f': is('follow', true, 'children, too: it does always'),
  '-p|--pid': one('pids', pid, 'attach to a process that runs; its output is standard output then'),
  '-o|--output': to('file', fileName, 'where to write; else standard error, beside the command\'s own output'),
  '-w|--write': to('pcap', fileName, 'all that was seen, whatever the filters, as pcap of link type 253: for wireshark and "nlkit decode"'),
  '-t|--time': is('time', true, 'the time of day before each'),
  '-j|--json': is('print', 'json', 'one JSON object a datagram and line, lossless; latencies are microseconds: "nlkit send" sends the requests again'),
  '-b|--brief': is('print', 'brief', 'one line a message'),
  '--tree': is('print', 'tree', 'a tree a datagram (default)'),
  '--protocol|--proto': one('protocols', protocolType, 'only this one; may be given more than once'),
  '--type': one('types', type, 'only messages of this name (* for any letters), and what answers them'),
};

/** A word as a shell takes it. */
const quoted = (one: string): string => (/^[\w./:=,@%+-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`);

/** Families by number as far as they can be known here; what the command asks for is learned as it goes. */
function known(): Registered[] {
  try { return registered(); } catch { return []; }
}

function opened(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try { return openSync(path, 'w'); } catch (error) { throw usage(`cannot write "${path}": ${(error as Error).message}`); }
}

export const trace: Command = {
  summary: 'what a command and its children say over netlink and are answered, decoded, as it happens',
  examples: ['trace ip link show', 'trace -t -b -- nft list ruleset', 'trace -j -o trace.ndjson -- tc qdisc add dev eth0 root netem delay 10ms', 'trace -w bridge.pcap --protocol route --type "*LINK" bridge link', 'trace -p 4711'],
  usage: '[ OPTIONS ] { [ -- ] COMMAND... | -p PID }',
  options,
  async run({ options: globals, out }, words) {
    const asked = parse(options, words, {}, { options: globals, out } as never) as Asked, { command: line = [], pids = [] } = asked;
    if (line.length === 0 && pids.length === 0) throw usage('trace needs a command, or -p PID', 'nlkit trace ip link show');
    if (line.length > 0 && pids.length > 0) throw usage('either a command or -p PID');
    if (globals.dryRun) return out.write(`strace ${straceWords(line, pids).map(quoted).join(' ')}\n`);
    const file = opened(asked.file), pcap = opened(asked.pcap), fd = file ?? (pids.length ? 1 : 2), processes = new Processes();
    const follower = new Follower({
      print: asked.print ?? (globals.json ? 'json' : 'tree'), time: asked.time ?? globals.timestamp,
      ...(asked.protocols && { protocols: asked.protocols.map((which) => protocolNamed(which)?.number ?? Number(which)) }), ...(asked.types && { types: asked.types }),
    }, processes, known());
    const lost = new Map<number, CliError>();
    // Its command goes on when nobody listens any more, and when a disk is full.
    const write = (to: number, path: string | undefined, data: string | Uint8Array): void => {
      if (lost.has(to)) return;
      try { writeAll(to, data); } catch (error) {
        if (error instanceof ReaderGone) throw error;
        lost.set(to, usage(`${path ?? 'the output'} ends early: ${(error as Error).message}`));
      }
    };
    let gone = false;
    if (pcap !== undefined) write(pcap, asked.pcap, pcapHeader());
    const reader = straceReader((datagram) => {
      if (pcap !== undefined) write(pcap, asked.pcap, pcapRecord(datagram));
      const shown = follower.take(datagram);
      if (shown !== undefined && !gone) try { write(fd, asked.file, shown); } catch (error) { if (!(error instanceof ReaderGone)) throw error; gone = true; }
    }, {}, (call) => processes.see(call));
    try {
      const status = await runStrace(line, pids, { line: (one) => reader.line(one), quiet: () => reader.flush(), first: () => processes.first });
      reader.flush();
      for (const error of lost.values()) throw error;
      return pids.length && status !== 0 && processes.first === undefined ? exits.noTransport : status;
    } finally {
      for (const open of [file, pcap]) if (open !== undefined) closeSync(open);
    }
  },
};
