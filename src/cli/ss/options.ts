/** The options of ss, short ones together as getopt_long reads them, among the words of the filter or before them. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, type Draft, type Grammar, type Row } from '../grammar.ts';
import { text } from '../values.ts';
import { alternatives, didYouMean, keysOf, Words } from '../words.ts';
import { ALL, BOUND, familyWords, LISTENING, queryWords, Selection, type Family, type Table } from './selection.ts';

/** What is to be shown, and of what. */
export interface Wanted {
  readonly selection: Selection;
  timers: boolean;
  details: boolean;
  memory: boolean;
  info: boolean;
  processes: boolean;
  threads: boolean;
  tos: boolean;
  cgroup: boolean;
  sockopt: boolean;
  tipcinfo: boolean;
  bpf: boolean;
  header: boolean;
  queues: boolean;
  oneline: boolean;
  kill: boolean;
  events: boolean;
  summary: boolean;
  /** A file with the rest of the filter. */
  filterFile: string | undefined;
  /** A file for the kernel's messages. */
  dump: string | undefined;
  help: boolean;
  version: boolean;
}
const wanted = (): Wanted => ({
  selection: new Selection(), timers: false, details: false, memory: false, info: false, processes: false, threads: false, tos: false, cgroup: false, sockopt: false, tipcinfo: false, bpf: false,
  header: true, queues: true, oneline: false, kill: false, events: false, summary: false, filterFile: undefined, dump: undefined, help: false, version: false,
});

type Flag = { [K in keyof Wanted]: Wanted[K] extends boolean ? K : never }[keyof Wanted];
const of = (draft: Draft): Wanted => draft as unknown as Wanted;
const again = { repeat: true } as const;
/** These are so. */
const on = (help: string, ...keys: Flag[]): Row => act((draft) => { for (const key of keys) of(draft)[key] = key !== 'header' && key !== 'queues'; }, undefined, { help, ...again });
const table = (name: Table, help: string): Row => act((draft) => of(draft).selection.table(name), undefined, { help, ...again });
const family = (name: Family, help: string): Row => act((draft) => of(draft).selection.family(name), undefined, { help, ...again });
const states = (bits: number, help: string): Row => act((draft) => { of(draft).selection.asked = bits; }, undefined, { help, ...again });
const STORAGE = 'maps of BPF that belong to sockets are not told';
const without = (why: string): Row => act(() => { throw usage(why); }, undefined, { help: `not here: ${why}` });

export const options: Grammar = {
  '-n|--numeric': act((_, __, { options, names }) => { options.numeric = names.numeric = true; }, undefined, { help: 'ports and processes as numbers', ...again }),
  '-r|--resolve': act((_, __, { options }) => { options.resolve = true; }, undefined, { help: 'addresses by their names in /etc/hosts', ...again }),
  '-o|--options': on('timers', 'timers'),
  '-e|--extended': on('owner, inode, cookie, mark, control group', 'timers', 'details'),
  '-m|--memory': on('memory', 'memory'),
  '-i|--info': on('what TCP knows of the connection', 'info'),
  '-p|--processes': on('processes that have it open', 'processes'),
  '-T|--threads': on('threads that have it open', 'threads'),
  '-b|--bpf': on('filters of packet sockets', 'timers', 'bpf'),
  '-E|--events': on('sockets as they are closed', 'events'),
  '-d|--dccp': table('dccp', 'DCCP'),
  '-t|--tcp': table('tcp', 'TCP'),
  '-M|--mptcp': table('mptcp', 'MPTCP'),
  '-S|--sctp': table('sctp', 'SCTP'),
  '-u|--udp': table('udp', 'UDP'),
  '-w|--raw': table('raw', 'raw IP'),
  '-x|--unix': family('unix', 'unix'),
  '--tipc': family('tipc', 'TIPC'),
  '--tipcinfo': on('of TIPC, kind of socket, congestion, names', 'tipcinfo'),
  '--vsock': family('vsock', 'between virtual machines and their host'),
  '--xdp': family('xdp', 'AF_XDP'),
  '--netlink': family('netlink', 'netlink, as -f netlink'),
  '-a|--all': states(ALL, 'in all states'),
  '-l|--listening': states(LISTENING, 'those that listen'),
  '-B|--bound-inactive': states(BOUND, 'those of TCP that have a port and do nothing with it'),
  '-4|--ipv4': family('inet', 'IPv4'),
  '-6|--ipv6': family('inet6', 'IPv6'),
  '-0|--packet': family('packet', 'that see packets'),
  '-f|--family': act((draft, given) => {
    const name = familyWords[given as string];
    if (given === 'help') of(draft).help = true;
    else if (!name) throw usage(`"${String(given)}" is not a family`, didYouMean(given as string, Object.keys(familyWords)));
    else of(draft).selection.family(name);
  }, { ...text('{ inet | inet6 | link | unix | netlink | tipc | vsock | xdp }'), choices: Object.keys(familyWords) }, again),
  '-A|--query|--socket': act((draft, given) => of(draft).selection.query(given as string), { ...text('QUERY[,QUERY...]'), choices: queryWords }, { help: 'those tables, and no others', ...again }),
  '-s|--summary': on('how many there are', 'summary'),
  '-N|--net': act((_, given, { options }) => { options.netns = given as string; }, { ...text('NETNS'), completes: 'netns' }, { help: 'in a network namespace' }),
  '-F|--filter': act((draft, given) => { of(draft).filterFile = given as string; }, { ...text('FILE'), completes: 'file' }, { help: 'the rest of the filter, from a file' }),
  '-D|--diag': act((draft, given) => { of(draft).dump = given as string; }, { ...text('FILE'), completes: 'file' }, { help: 'the messages about sockets of TCP as they come, into a file; - is standard output' }),
  '--tos': on('type of service, traffic class, class of net_cls', 'tos'),
  '--cgroup': on('the control group', 'cgroup'),
  '--inet-sockopt': on('options of the socket', 'sockopt'),
  '-K|--kill': on('close them, and print what was closed', 'kill'),
  '-H|--no-header': on('no line of titles', 'header'),
  '-Q|--no-queues': on('no columns of queues', 'queues'),
  '-O|--oneline': on('one line a socket', 'oneline'),
  '-j|--json': act((_, __, { options }) => { options.json = true; }, undefined, { help: 'JSON: under ss\'s own words', ...again }),
  '-V|-v|--version': on('version', 'version'),
  '-h|--help': on('this help', 'help'),
  '-Z|-z|--context|--contexts': without('contexts of SELinux are not told: they are files of /proc and of the file system, and no matter of netlink'),
  '--bpf-maps': without(STORAGE),
  '--bpf-map-id': act(() => { throw usage(STORAGE); }, text('ID'), { help: `not here: ${STORAGE}` }),
};

/** The row of a long option: all of its word, or as much as is of no other. */
function long(word: string): Row {
  const keys = keysOf(options), names = keys.flatMap((key) => alternatives(key)).filter((name) => name.startsWith('--'));
  const found = names.includes(word) ? [word] : names.filter((name) => name.startsWith(word));
  const rows = new Set(found.map((name) => options[keys.find((key) => alternatives(key).includes(name)) as string] as Row));
  if (rows.size > 1) throw usage(`"${word}" is more than one option`, `it may be ${found.join(', ')}`);
  if (rows.size === 0) throw usage(`unknown option "${word}"`, didYouMean(word, names));
  return [...rows][0] as Row;
}
function short(letter: string, word: string): Row {
  const key = keysOf(options).find((one) => alternatives(one).includes(`-${letter}`));
  if (key === undefined) throw usage(`unknown option "-${letter}"${word.length > 2 ? ` in "${word}"` : ''}`, 'nlkit ss -h');
  return options[key] as Row;
}

/** Reads a line: the options that are in it. @returns what is wanted, and the words of the filter */
export function readLine(words: Words, context: Context): { wanted: Wanted; filter: string[] } {
  const draft = wanted() as unknown as Draft, filter: string[] = [];
  const take = (row: Row, inline: string | undefined, after: string): void => {
    if (!row.type && inline !== undefined && after.startsWith('--')) throw usage(`"${after}" takes no value`);
    row.apply?.(draft, row.type?.read(inline === undefined ? words : new Words([inline]), context, after), context, words);
  };
  while (!words.done) {
    const word = words.next();
    if (word === '--') filter.push(...words.rest());
    else if (word.startsWith('--')) {
      const [name = '', ...value] = word.split('=');
      take(long(name), value.length > 0 ? value.join('=') : undefined, name);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const row = short(word[at] as string, word), rest = word.slice(at + 1);
        take(row, row.type && rest !== '' ? rest : undefined, `-${word[at] as string}`);
        if (row.type) break;
      }
    } else filter.push(word);
  }
  return { wanted: of(draft), filter };
}
