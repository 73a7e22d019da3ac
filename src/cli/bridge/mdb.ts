/** `bridge mdb`: multicast groups and the ports that want them (net/bridge/br_mdb.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, at, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { Printer, type Format, type Json, type Paint } from '../print/printer.ts';
import { device, familyOf, integer, ip, oneOf, parseAddress, protocol, text, u16 } from '../values.ts';
import { addressPaint, hundredths, protocolFormat, secondsColumn, via } from '../print/formats.ts';
import { routerTimer } from '../print/router-port.ts';
import type { Words } from '../words.ts';

const set = (key: string) => (draft: Draft, value: unknown): void => { draft[key] = value; };

const options: Grammar = {
  dev: act(set('dev'), device),
  port: act(set('port'), device),
  grp: act(set('group'), text('GROUP')),
  src: act(set('source'), ip),
  vid: act(set('vid'), integer('VID', 0, 4094)),
  proto: act(set('rtprot'), protocol),
  source_list: act((draft, value) => {
    // With -j of the other tool a source may carry a timer behind a slash; only the address is sent.
    draft['srcList'] = { entry: String(value).split(',').map((address) => ({ address: parseAddress(address.split('/')[0] as string, 'source_list').address })) };
  }, text('SOURCE,...')),
  filter_mode: act(set('groupMode'), oneOf('exclude', 'include')),
  dst: act(set('dst'), ip),
  dst_port: act(set('dstPort'), u16('PORT')),
  vni: act(set('vni'), integer('VNI', 0, 0xffffff)),
  src_vni: act(set('srcVni'), integer('VNI', 0, 0xffffff)),
  via: act(set('ifindex'), device),
  permanent: act((draft) => { draft['state'] = 'permanent'; }),
  temp: act((draft) => { draft['state'] = 'temporary'; }),
};

function modify(context: Context, words: Words, message: 'newmdb' | 'delmdb', flags: readonly RequestFlag[] = []): void {
  const { dev, port, group, vid, state, ...entryAttrs } = parse(options, words, {}, context) as { dev?: number; port?: number; group?: string; vid?: number; state?: string };
  if (dev === undefined || group === undefined || port === undefined) throw usage('which bridge, which port, and which group?', 'bridge mdb add dev DEVICE port DEVICE grp GROUP; port BRIDGE is the bridge itself');
  const entry = { ifindex: port, state: state ?? 'temporary', flags: [], vid: vid ?? 0, ...groupOf(group) };
  context.kernel.request(message, { family: 'bridge', ifindex: dev, entry, ...some(entryAttrs) }, flags);
}

const some = (rest: Draft): Draft => (Object.keys(rest).length > 0 ? { entryAttrs: rest } : {});

/** Address and protocol of a group, as an entry has them. */
function groupOf(given: string): Draft {
  const family = familyOf(given);
  if (!family && !/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(given)) throw usage(`"${given}" is neither an IP nor a MAC address`);
  return { addr: given, proto: family === 'inet' ? 'ip' : family === 'inet6' ? 'ipv6' : 'none' };
}

const chosen = (...names: string[]): Grammar => Object.fromEntries(names.map((name) => [name, options[name]!]));
const getOptions = chosen('dev', 'grp', 'src', 'vid', 'src_vni');

function get(context: Context, words: Words): void {
  const { dev, group, vid = 0, ...entryAttrs } = parse(getOptions, words, {}, context) as { dev?: number; group?: string; vid?: number };
  if (dev === undefined || group === undefined) throw usage('which bridge, and which group?', 'bridge mdb get dev DEVICE grp GROUP');
  const answer = context.kernel.get('getmdb', { family: 'bridge', ifindex: dev, entry: { ifindex: 0, state: 'temporary', flags: [], vid, ...groupOf(group) }, ...some(entryAttrs) });
  if (!answer) return;
  const printer = new Printer(context);
  groups(printer, answer, undefined);
  printer.finish();
}

const flushOptions: Grammar = {
  ...chosen('dev', 'port', 'vid', 'src_vni', 'proto', 'dst', 'dst_port', 'vni'),
  permanent: act((draft) => { draft['state'] = 'permanent'; }),
  nopermanent: act((draft) => { draft['state'] = 'temporary'; }),
};

function flush(context: Context, words: Words): void {
  const { dev, port = 0, vid = 0, state, ...rest } = parse(flushOptions, words, {}, context) as { dev?: number; port?: number; vid?: number; state?: string };
  if (dev === undefined) throw usage('which bridge?', 'bridge mdb flush dev DEVICE');
  const entry = { ifindex: port, state: state ?? 'temporary', flags: [], vid, addr: '00:00:00:00:00:00', proto: 'none' };
  // Only entries whose bit of permanence is as in `entry`.
  context.kernel.request('delmdb', { family: 'bridge', ifindex: dev, entry, ...some({ ...rest, ...(state !== undefined && { stateMask: 1 }) }) }, ['bulk']);
}

function show(context: Context, words: Words): void {
  const { dev, vid } = parse({ dev: options['dev']!, vid: options['vid']! }, words, {}, context) as { dev?: number; vid?: number };
  const found = context.kernel.dump('getmdb', { family: 'bridge' }).filter((message) => dev === undefined || message['ifindex'] === dev);
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.object(null, () => {
    printer.array('mdb', () => found.forEach((message) => groups(printer, message, vid)));
    printer.object('router', () => {
      for (const message of found) routers(printer, message);
    });
  });
  printer.finish();
}

/** The word before a value is painted with it. */
const after = (word: string): Format => ({ text: (value) => `${word}${String(value)}` });

/** A group by its hardware address is not painted. */
const groupPaint = (value: unknown): Paint | undefined => (familyOf(String(value)) ? addressPaint(value) : undefined);

/** Groups of one bridge; of one VLAN, or of all. */
export function groups(printer: Printer, message: Json, vid: number | undefined): void {
  const bridge = Number(message['ifindex']);
  const { links } = printer.context;
  for (const entry of (at(message, 'mdb.entry') ?? []) as Json[]) {
    for (const info of (entry['info'] ?? []) as Json[]) {
      if (vid !== undefined && info['vid'] !== vid) continue;
      printer.object(null, () => {
        printer.value('index', null, bridge);
        printer.value('dev', '%', links.name(bridge), { paint: 'ifname', ...after('dev ') });
        printer.value('port', ' port %', links.name(Number(info['ifindex'])));
        printer.value('grp', '%', info['addr'], { paint: groupPaint, ...after(' grp ') });
        printer.value('src', '%', info['source'], { paint: groupPaint, ...after(' src ') });
        printer.value('state', ' %', info['state'] === 'permanent' ? 'permanent' : 'temp');
        if (printer.details) details(printer, info);
        const set = (info['flags'] ?? []) as string[];
        const words = [['offload', 'offload'], ['fastLeave', 'fast_leave'], ['starExcl', 'added_by_star_ex'], ['blocked', 'blocked']].filter(([flag]) => set.includes(flag as string)).map(([, word]) => word);
        printer.list('flags', words, words.map((word) => ` ${word}`).join(''));
        if (info['vid']) printer.value('vid', ' vid %', info['vid']);
        printer.value('dst', '%', info['dst'], { paint: addressPaint, ...after(' dst ') });
        printer.value('dst_port', ' dst_port %', info['dstPort'] || undefined);
        printer.value('vni', ' vni %', info['vni']);
        printer.value('src_vni', ' src_vni %', info['srcVni']);
        if (info['viaIfindex'] !== undefined) printer.value('via', ' via %', links.name(Number(info['viaIfindex'])));
        if (printer.statistics > 0) printer.value('timer', ' %', info['timer'], via(secondsColumn));
      });
      printer.newline();
    }
  }
}

/** What `-d` adds: who is wanted, and who put the entry there. */
function details(printer: Printer, info: Json): void {
  printer.value('filter_mode', ' filter_mode %', info['groupMode']);
  const sources = at(info, 'srcList.entry') as { address: string; timer: number }[] | undefined;
  if (sources) {
    printer.text(' source_list ');
    printer.array('source_list', () => sources.forEach(({ address, timer }, i) => printer.object(null, () => {
      printer.value('address', i === 0 ? '%' : ',%', address, { paint: addressPaint });
      printer.value('timer', '/%', timer, via(hundredths));
    })));
  }
  // IPv4's groups of old kernels have no protocol.
  printer.value('protocol', ' proto %', info['rtprot'], protocolFormat);
}

/** Ports behind which there is a router: in text on one line, or with -s on a line each. */
export function routers(printer: Printer, message: Json): void {
  const ports = at(message, 'router.port') as Json[] | undefined;
  if (!ports || ports.length === 0 || !printer.details) return;
  const { links } = printer.context;
  const bridge = links.name(Number(message['ifindex']));
  const counted = printer.statistics > 0;
  printer.array(bridge, () => ports.forEach((port, i) => {
    if (i === 0 || counted) printer.text(`router ports on ${bridge}: `);
    printer.object(null, () => {
      printer.value('port', counted ? '%' : '% ', links.name(Number(port['ifindex'])));
      if (!counted) return;
      routerTimer(printer, port);
      printer.newline();
    });
  }));
  if (!counted) printer.newline();
}

export const mdb: Command = {
  summary: 'multicast groups',
  examples: ['bridge mdb show', 'bridge mdb add dev br0 port veth0 grp 239.1.1.1 permanent'],
  otherwise: 'show',
  commands: {
    add: { summary: 'add a group at a port', usage: 'dev DEVICE port DEVICE grp GROUP [ src SOURCE ] [ permanent | temp ] [ vid VID ]', options, run: (context, words) => modify(context, words, 'newmdb', ['create', 'excl']) },
    replace: { summary: 'add a group at a port, or change it', usage: 'dev DEVICE port DEVICE grp GROUP [ OPTIONS ]', options, run: (context, words) => modify(context, words, 'newmdb', ['create', 'replace']) },
    'delete|del': { summary: 'delete a group at a port', usage: 'dev DEVICE port DEVICE grp GROUP [ src SOURCE ] [ vid VID ]', options, run: (context, words) => modify(context, words, 'delmdb') },
    get: { summary: 'print one group', examples: ['bridge mdb get dev br0 grp 239.1.1.1'], usage: 'dev DEVICE grp GROUP [ src SOURCE ] [ vid VID ] [ src_vni VNI ]', options: getOptions, run: get },
    flush: { summary: 'delete all groups that match', examples: ['bridge mdb flush dev br0 port veth0'], usage: 'dev DEVICE [ OPTIONS ]', options: flushOptions, run: flush },
    'show|list|lst': { summary: 'print groups', usage: '[ dev DEVICE ] [ vid VID ]', options: { dev: options['dev']!, vid: options['vid']! }, run: show },
  },
};
