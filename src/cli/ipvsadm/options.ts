/** The words of `ipvsadm`, and what they say of services, servers and daemons. */
import { lookup } from 'node:dns/promises';
import { parseIpvsEndpoint, type IpvsRef, type IpvsServer, type IpvsSettings, type IpvsSync } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, is, parse, to, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { servicePort } from '../ss/services.ts';
import { choice, deviceName, familyOf, integer, text, u16, u8, word } from '../values.ts';
import { didYouMean, keysOf, Words } from '../words.ts';

type Protocol = 'tcp' | 'udp' | 'sctp';
/** What a line says. Addresses are as they were written: names have yet to be looked up. */
export interface Said {
  service?: { protocol: Protocol; at: string } | { fwmark: number };
  six?: true;
  scheduler?: string; persistent?: number; netmask?: string; engine?: string; schedulerFlags?: readonly string[]; ops?: true;
  server?: string; forward?: NonNullable<IpvsServer['forward']>; weight?: number; upper?: number; lower?: number;
  tunnelType?: NonNullable<NonNullable<IpvsServer['tunnel']>['type']>; tunnelPort?: number; tunnelFlags?: NonNullable<NonNullable<IpvsServer['tunnel']>['flags']>;
  numeric?: true; exact?: true; unsorted?: true; about?: 'timeout' | 'daemon' | 'connection'; form?: Form;
  link?: string; syncId?: number; syncMaxlen?: number; mcastGroup?: string; mcastPort?: number; mcastTtl?: number;
}
export type Form = 'stats' | 'rate' | 'thresholds' | 'persistent' | 'tunnels';

/** One of several words that exclude each other. */
const only = (path: string, value: unknown, help?: string) => act((draft, given) => {
  if (draft[path] !== undefined) throw usage(`"${String(given)}" and "${String(draft[path])}" exclude each other`);
  draft[path] = given;
}, undefined, { is: value, ...(help !== undefined && { help }) });
const named = (draft: Draft, service: Said['service']): void => {
  if (draft['service'] !== undefined) throw usage('which service? two are named');
  draft['service'] = service;
};
const addressed = (protocol: Protocol) => act((draft, at) => named(draft, { protocol, at: String(at) }), text('HOST:PORT'));

/** One virtual service. */
export const naming: Grammar = {
  '-t|--tcp-service': addressed('tcp'), '-u|--udp-service': addressed('udp'), '--sctp-service': addressed('sctp'),
  '-f|--fwmark-service': act((draft, fwmark) => named(draft, { fwmark: Number(fwmark) }), integer('MARK', 1, 0xffffffff), { help: 'by the mark that the firewall gives its packets' }),
  '-6|--ipv6': is('six', true, 'with -f: of IPv6'),
};

/** 31 days. */
const LONGEST = 86400 * 31, PERSISTENT = 360;
const seconds = (least: number): ValueType => integer('SECONDS', least, LONGEST);
/** By scheduler, what its flags are called; of others they are numbered. */
const FLAGS = ['sched1', 'sched2', 'sched3'] as const, OWN: Readonly<Record<string, readonly string[]>> = { sh: ['sh-fallback', 'sh-port'], mh: ['mh-fallback', 'mh-port'] };
const flagWords = [...Object.values(OWN).flat(), ...FLAGS.map((_, i) => `flag-${i + 1}`)];
const flagNames = (scheduler: string): string[] => FLAGS.map((_, i) => OWN[scheduler]?.[i] ?? `flag-${i + 1}`);
export const flagsOf = (scheduler: string, flags: readonly (string | number)[]): string[] => flagNames(scheduler).filter((_, i) => flags.includes(FLAGS[i] as string));
export const settling: Grammar = {
  '-s|--scheduler': to('scheduler', { ...text('SCHEDULER'), choices: ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh'] }, 'default: wlc'),
  '-p|--persistent': act((draft, _value, context, words) => {
    const next = words.peek();
    draft['persistent'] = next === undefined || next.startsWith('-') ? PERSISTENT : seconds(1).read(words, context, '-p');
  }, undefined, { help: `a client stays with its server: [ SECONDS ], default ${PERSISTENT}` }),
  '-M|--netmask': to('netmask', text('MASK'), 'which clients count as one: 255.255.255.0; of IPv6 a prefix\'s length'),
  '--pe': to('engine', { ...text('ENGINE'), choices: ['sip'] }),
  '-b|--sched-flags': to('schedulerFlags', word('FLAG[,FLAG...]', (given) => given.split(','), { choices: flagWords, several: true }), flagWords.join(', ')),
  '-o|--ops': is('ops', true, 'UDP: each packet is scheduled for itself'),
};
export const serving: Grammar = { '-r|--real-server': to('server', text('HOST[:PORT]')) };
const most = 0x7fffffff, flagged = (...flags: string[]) => only('tunnelFlags', flags);
export const sending: Grammar = {
  '-g|--gatewaying': only('forward', 'droute', 'packets go on as they are, on the same link: the default'), '-i|--ipip': only('forward', 'tunnel'), '-m|--masquerading': only('forward', 'masq', 'translated'),
  '-w|--weight': to('weight', integer('NUMBER', 0, most), 'default: 1'), '-x|--u-threshold': to('upper', integer('CONNECTIONS', 0, most)), '-y|--l-threshold': to('lower', integer('CONNECTIONS', 0, most)),
  '--tun-type': to('tunnelType', choice({ ipip: 'ipip', gue: 'gue', gre: 'gre' })), '--tun-port': to('tunnelPort', integer('PORT', 1, 0xffff)),
  '--tun-nocsum': flagged(), '--tun-csum': flagged('csum'), '--tun-remcsum': flagged('remcsum'),
};
export const numeric: Grammar = { '-n|--numeric': is('numeric', true, 'addresses and ports as numbers') };
export const listing: Grammar = {
  ...numeric,
  '--stats': only('form', 'stats', 'counters'), '--rate': only('form', 'rate', 'counters a second'), '--thresholds': only('form', 'thresholds'), '--persistent-conn': only('form', 'persistent'), '--tun-info': only('form', 'tunnels'),
  '-X|--exact': is('exact', true, 'large numbers in full'), '--nosort': is('unsorted', true, 'in the kernel\'s order'), '--sort': act(() => {}),
  '--timeout': only('about', 'timeout', 'how long connections are remembered'), '--daemon': only('about', 'daemon', 'who tells others of connections, or hears of theirs'), '-c|--connection': only('about', 'connection'),
};
export const syncing: Grammar = {
  '--mcast-interface': to('link', deviceName, 'default: eth0'), '--syncid': to('syncId', u8('ID')), '--sync-maxlen': to('syncMaxlen', integer('BYTES', 1, 65507)),
  '--mcast-group': to('mcastGroup', text('ADDRESS')), '--mcast-port': to('mcastPort', u16('PORT')), '--mcast-ttl': to('mcastTtl', integer('HOPS', 1, 255)),
};
export const timing: Grammar = { '': { ...to('', seconds(0)), repeat: true } };

const all: Grammar = { ...naming, ...settling, ...serving, ...sending, ...listing, ...syncing };
const takes = new Set(keysOf(all).filter((key) => all[key]?.type ?? key.startsWith('-p|')).flatMap((key) => key.split('|')));
/** As popt takes words apart: `-Ln` is `-L -n`, `-t10.0.0.1:80` and `--weight=5` are two words each. */
export const apart = (words: readonly string[]): string[] => words.flatMap((one) => {
  const [, name, value] = /^(--[a-z-]+)=(.*)$/s.exec(one) ?? [];
  if (name !== undefined) return [name, value as string];
  if (!/^-[a-zA-Z6]./.test(one)) return [one];
  const letters = one.slice(1).split(''), at = letters.findIndex((letter) => takes.has(`-${letter}`)), flags = at < 0 ? letters : letters.slice(0, at + 1), rest = letters.slice(flags.length).join('').replace(/^=/, '');
  return [...flags.map((letter) => `-${letter}`), ...(rest === '' ? [] : [rest])];
});
export const read = (grammar: Grammar, words: Words, context: Context): Said => parse(grammar, words, {}, context) as Said;

// What was said, looked up.

const FORM = '10.0.0.1:80, [fd00::1]:80';
/** A place in text that the library reads: names of hosts and ports are looked up, as ipvsadm does. */
async function located(given: string, protocol: string, what: string): Promise<string> {
  const wrong = (): never => { throw usage(`"${given}" is not the address of a ${what}`, FORM); };
  if (/^\d*$/.test(given)) return wrong();
  if (familyOf(given) === 'inet6') return given;
  const [, braced, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(given) ?? [], host = braced ?? plain;
  if (!host || (braced !== undefined && familyOf(braced) !== 'inet6')) return wrong();
  const number = port === undefined || /^\d+$/.test(port) ? port : servicePort(port, protocol);
  if (port !== undefined && (number === undefined || Number(number) > 0xffff)) throw usage(`"${port}" is not a port of ${protocol}`, 'a number, or a name of /etc/services');
  const address = braced !== undefined || familyOf(host) ? host : await lookup(host, { family: 4 }).then(({ address: found }) => found, (error: Error) => { throw usage(`"${host}" has no address: ${error.message}`, FORM); });
  return `${braced === undefined ? address : `[${address}]`}${number === undefined ? '' : `:${number}`}`;
}

/** The service that was named. @throws {CliError} when none was */
export async function serviceOf({ service, six }: Said): Promise<IpvsRef> {
  if (!service) throw usage('which service?', `-t ADDRESS:PORT, -u ADDRESS:PORT or -f MARK`);
  if ('fwmark' in service) return { fwmark: service.fwmark, family: six ? 'inet6' : 'inet' };
  if (six) throw usage('-6 is for a mark: addresses say for themselves what they are');
  return { protocol: service.protocol, address: await located(service.at, service.protocol, 'virtual service') };
}
export const isSix = (ref: IpvsRef): boolean => (ref.fwmark === undefined ? parseIpvsEndpoint(ref.address).family : ref.family) === 'inet6';

function maskOf(given: string, six: boolean): string | number {
  if (six ? !/^\d+$/.test(given) || Number(given) < 1 || Number(given) > 128 : familyOf(given) !== 'inet') throw usage(`"${given}" is not a mask of ${six ? 'IPv6' : 'IPv4'}`, six ? '1 to 128' : '255.255.255.0');
  return six ? Number(given) : given;
}
/** A service with its settings. @throws {CliError} */
export async function settingsOf(said: Said): Promise<IpvsRef & IpvsSettings> {
  const ref = await serviceOf(said), { scheduler = 'wlc', persistent, netmask, engine, ops, schedulerFlags = [] } = said, known = flagNames(scheduler), numbered = FLAGS.map((_, i) => `flag-${i + 1}`);
  if (ref.fwmark === undefined && !parseIpvsEndpoint(ref.address).port && persistent === undefined) throw usage('a service of every port must be persistent', '-p');
  if (ops && ref.fwmark === undefined && ref.protocol !== 'udp') throw usage('packets are scheduled one by one of UDP only');
  const flags = schedulerFlags.map((flag) => {
    const i = known.includes(flag) ? known.indexOf(flag) : numbered.indexOf(flag);
    if (i < 0) throw usage(`"${flag}" is not a flag of ${scheduler}`, didYouMean(flag, [...new Set([...known, ...numbered])]));
    return FLAGS[i] as (typeof FLAGS)[number];
  });
  return {
    ...ref, scheduler, flags: [...(persistent === undefined ? [] : ['persistent' as const]), ...(ops ? ['onepacket' as const] : []), ...flags], ...(persistent !== undefined && { timeout: persistent }),
    ...(netmask !== undefined && { netmask: maskOf(netmask, isSix(ref)) }), ...(engine !== undefined && { engine }),
  };
}

/** A server of a service. Packets that are not translated keep their port. @throws {CliError} */
export async function serverOf(said: Said, ref: IpvsRef): Promise<IpvsServer> {
  const { server, forward = 'droute', weight, upper, lower, tunnelType, tunnelPort, tunnelFlags } = said;
  if (server === undefined) throw usage('which server?', '-r ADDRESS:PORT');
  if (forward !== 'tunnel' && (tunnelType ?? tunnelPort ?? tunnelFlags) !== undefined) throw usage('only what goes through a tunnel has settings of one', '-i');
  if (tunnelType === 'gue' && tunnelPort === undefined) throw usage('to which port does GUE go?', '--tun-port PORT');
  if (tunnelType !== 'gue' && (tunnelPort !== undefined || tunnelFlags?.includes('remcsum'))) throw usage('only GUE has a port, and checksums that are left to the receiver', '--tun-type gue');
  if (tunnelFlags !== undefined && (tunnelType ?? 'ipip') === 'ipip') throw usage('ipip has no checksums', '--tun-type gue, --tun-type gre');
  const at = await located(server, ref.fwmark === undefined ? ref.protocol ?? 'tcp' : '', 'server'), { address, family } = parseIpvsEndpoint(at), port = ref.fwmark === undefined && forward !== 'masq' ? parseIpvsEndpoint(ref.address).port ?? 0 : undefined;
  return {
    address: port === undefined ? at : family === 'inet6' ? `[${address}]:${port}` : `${address}:${port}`, forward, ...(weight !== undefined && { weight }), ...(upper !== undefined && { upper }), ...(lower !== undefined && { lower }),
    tunnel: { ...(tunnelType && { type: tunnelType }), ...(tunnelPort !== undefined && { port: tunnelPort }), ...(tunnelFlags && { flags: tunnelFlags }) },
  };
}
/** The server that is to go, by its address. */
export async function placeOf({ server }: Said, ref: IpvsRef): Promise<string> {
  if (server === undefined) throw usage('which server?', '-r ADDRESS:PORT');
  return located(server, ref.fwmark === undefined ? ref.protocol ?? 'tcp' : '', 'server');
}

export function syncOf({ link = 'eth0', syncId = 0, syncMaxlen, mcastGroup, mcastPort, mcastTtl }: Said): IpvsSync {
  const family = mcastGroup === undefined ? undefined : familyOf(mcastGroup);
  if (mcastGroup !== undefined && !family) throw usage(`"${mcastGroup}" is not an address`, '224.0.0.81, ff02::81');
  return {
    link, syncId, ...(syncMaxlen !== undefined && { syncMaxlen }), ...(mcastPort !== undefined && { mcastPort }), ...(mcastTtl !== undefined && { mcastTtl }),
    ...(mcastGroup !== undefined && { [family === 'inet' ? 'mcastGroup' : 'mcastGroup6']: mcastGroup }),
  };
}
