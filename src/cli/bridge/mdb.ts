/** `bridge mdb`: multicast groups and the ports that want them (net/bridge/br_mdb.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, at, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { Printer, type Json } from '../print/printer.ts';
import { device, familyOf, integer, ip, oneOf, parseAddress, protocol, text, u16 } from '../values.ts';
import { via } from '../print/formats.ts';
import { protocolFormat } from '../print/route.ts';
import type { Words } from '../words.ts';

/** Centiseconds as seconds, in a column. */
function seconds(ticks: unknown): string {
  const number = Number(ticks);
  return `${String(Math.floor(number / 100)).padStart(4)}.${String(number % 100).padStart(2, '0')}`;
}

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
  const family = familyOf(group);
  if (!family && !/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(group)) throw usage(`"${group}" is neither an IP nor a MAC address`);
  const entry = { ifindex: port, state: state ?? 'temporary', flags: [], vid: vid ?? 0, addr: group, proto: family === 'inet' ? 'ip' : family === 'inet6' ? 'ipv6' : 'none' };
  context.kernel.request(message, { family: 'bridge', ifindex: dev, entry, ...(Object.keys(entryAttrs).length > 0 && { entryAttrs }) }, flags);
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

/** Groups of one bridge; of one VLAN, or of all. */
export function groups(printer: Printer, message: Json, vid: number | undefined): void {
  const bridge = Number(message['ifindex']);
  const { links } = printer.context;
  for (const entry of (at(message, 'mdb.entry') ?? []) as Json[]) {
    for (const info of (entry['info'] ?? []) as Json[]) {
      if (vid !== undefined && info['vid'] !== vid) continue;
      printer.object(null, () => {
        printer.value('index', null, bridge);
        printer.value('dev', 'dev % ', links.name(bridge), { paint: 'ifname' });
        printer.value('port', 'port % ', links.name(Number(info['ifindex'])), { paint: 'ifname' });
        printer.value('grp', 'grp % ', info['addr'], { paint: 'inet6' });
        printer.value('src', 'src % ', info['source']);
        printer.value('state', '%', info['state'] === 'permanent' ? 'permanent' : 'temp');
        if (printer.details && info['groupMode'] !== undefined) printer.value('filter_mode', ' filter_mode %', info['groupMode']);
        // IPv4's groups of old kernels have no protocol.
        if (printer.details && info['rtprot'] !== undefined) printer.value('protocol', ' proto % ', info['rtprot'], protocolFormat);
        const set = (info['flags'] ?? []) as string[];
        const words = [['offload', 'offload'], ['fastLeave', 'fast_leave'], ['starExcl', 'added_by_star_ex'], ['blocked', 'blocked']].filter(([flag]) => set.includes(flag as string)).map(([, word]) => word);
        printer.list('flags', words, words.map((word) => ` ${word}`).join(''));
        if (info['vid']) printer.value('vid', ' vid %', info['vid']);
        if (printer.statistics > 0) printer.value('timer', ' %', info['timer'], via(seconds));
      });
      printer.text('\n');
    }
  }
}

function routers(printer: Printer, message: Json): void {
  const ports = at(message, 'router.port') as Json[] | undefined;
  if (!ports || ports.length === 0) return;
  const { links } = printer.context;
  const bridge = links.name(Number(message['ifindex']));
  printer.array(bridge, () => {
    for (const port of ports) {
      printer.object(null, () => {
        const name = links.name(Number(port['ifindex']));
        if (printer.json) printer.value('port', null, name);
        else printer.text(`router ports on ${bridge}: ${name}`);
      });
      printer.text('\n');
    }
  });
}

export const mdb: Command = {
  summary: 'multicast groups',
  examples: ['bridge mdb show', 'bridge mdb add dev br0 port veth0 grp 239.1.1.1 permanent'],
  otherwise: 'show',
  commands: {
    add: { summary: 'add a group at a port', usage: 'dev DEVICE port DEVICE grp GROUP [ src SOURCE ] [ permanent | temp ] [ vid VID ]', options, run: (context, words) => modify(context, words, 'newmdb', ['create', 'excl']) },
    replace: { summary: 'add a group at a port, or change it', usage: 'dev DEVICE port DEVICE grp GROUP [ OPTIONS ]', options, run: (context, words) => modify(context, words, 'newmdb', ['create', 'replace']) },
    'delete|del': { summary: 'delete a group at a port', usage: 'dev DEVICE port DEVICE grp GROUP [ src SOURCE ] [ vid VID ]', options, run: (context, words) => modify(context, words, 'delmdb') },
    'show|list|lst': { summary: 'print groups', usage: '[ dev DEVICE ] [ vid VID ]', options: { dev: options['dev']!, vid: options['vid']! }, run: show },
  },
};
