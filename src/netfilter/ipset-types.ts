/** Types of IP sets: what their entries are made of, and how people write them. Names and order as in net/netfilter/ipset/ip_set_*.c and ipset's manual. */
import { parseIpv4, parseIpv6 } from '../codec/index.ts';
import { IpsetEntry, type IpsetAddress } from '../families/netfilter/ipset.ts';
import { ipProtocol } from '../families/route/names.ts';

/** What one part of an entry is. `ip`, `net`: one of them, a prefix, or from one to another; in second place its own attributes. */
type Part = 'ip' | 'net' | 'port' | 'mac' | 'mark' | 'iface' | 'set';
export interface IpsetType {
  readonly parts: readonly Part[];
  /** `both`: of IPv4 or of IPv6, as the set is made. */
  readonly family: 'ipv4' | 'both' | 'unspec';
}
const hash = (...parts: Part[]): IpsetType => ({ parts, family: 'both' });
/** By name. */
export const ipsetTypes: Readonly<Record<string, IpsetType>> = {
  'bitmap:ip': { parts: ['ip'], family: 'ipv4' }, 'bitmap:ip,mac': { parts: ['ip', 'mac'], family: 'ipv4' }, 'bitmap:port': { parts: ['port'], family: 'unspec' },
  'hash:ip': hash('ip'), 'hash:ip,mac': hash('ip', 'mac'), 'hash:ip,mark': hash('ip', 'mark'), 'hash:ip,port': hash('ip', 'port'), 'hash:ip,port,ip': hash('ip', 'port', 'ip'), 'hash:ip,port,net': hash('ip', 'port', 'net'),
  'hash:mac': { parts: ['mac'], family: 'unspec' }, 'hash:net': hash('net'), 'hash:net,net': hash('net', 'net'), 'hash:net,port': hash('net', 'port'), 'hash:net,port,net': hash('net', 'port', 'net'), 'hash:net,iface': hash('net', 'iface'),
  'list:set': { parts: ['set'], family: 'unspec' },
};

// Parts.

const scratch = new Uint8Array(16);
type Family = 'ipv4' | 'ipv6';
const familyOf = (address: string): Family | undefined => (parseIpv4(address, scratch, 0) ? 'ipv4' : parseIpv6(address, scratch, 0) ? 'ipv6' : undefined);
export const addressOf = (address: IpsetAddress | undefined): string => address?.ipv4 ?? address?.ipv6 ?? '';
const WHOLE = { ipv4: 32, ipv6: 128 } as const;
function wrong(text: string, what: string, example: string): never {
  throw new TypeError(`"${text}" is not ${what}: ${example}`);
}
const EXAMPLES = { ipv4: '10.0.0.1, 10.0.0.0/24, 10.0.0.1-10.0.0.9', ipv6: 'fd00::1, fd00::/64' } as const;
function numberIn(text: string, least: number, most: number, what: string): number {
  const n = /^(\d+|0x[0-9a-fA-F]+)$/.test(text) ? Number(text) : NaN;
  if (!(n >= least && n <= most)) wrong(text, what, `${least} to ${most}`);
  return n;
}

/** Addresses: one, a prefix, or from one to another. @throws {TypeError} */
export function parseIpsetAddresses(text: string, family?: Family): { from: IpsetAddress; cidr?: number; to?: IpsetAddress } {
  const [, first = '', cidr, last] = /^([^/-]*)(?:\/(\d+)|-([^/-]*))?$/.exec(text) ?? [], is = familyOf(first), example = family ? EXAMPLES[family] : EXAMPLES.ipv4;
  if (!is || (family && is !== family) || (last !== undefined && familyOf(last) !== is)) wrong(text, `an address${family ? ` of ${family === 'ipv4' ? 'IPv4' : 'IPv6'}` : ''}`, example);
  return { from: { [is]: first }, ...(cidr !== undefined && { cidr: numberIn(cidr, 0, WHOLE[is], 'a prefix length') }), ...(last !== undefined && { to: { [is]: last } }) };
}

/** Types and codes of ICMP by name: the first name of each is the one that is printed. */
const ICMP = 'echo-reply=0/0 pong=0/0 network-unreachable=3/0 host-unreachable=3/1 protocol-unreachable=3/2 port-unreachable=3/3 fragmentation-needed=3/4 source-route-failed=3/5 network-unknown=3/6 host-unknown=3/7 network-prohibited=3/9 host-prohibited=3/10 TOS-network-unreachable=3/11 TOS-host-unreachable=3/12 communication-prohibited=3/13 host-precedence-violation=3/14 precedence-cutoff=3/15 source-quench=4/0 network-redirect=5/0 host-redirect=5/1 TOS-network-redirect=5/2 TOS-host-redirect=5/3 echo-request=8/0 ping=8/0 router-advertisement=9/0 router-solicitation=10/0 ttl-zero-during-transit=11/0 ttl-zero-during-reassembly=11/1 ip-header-bad=12/0 required-option-missing=12/1 timestamp-request=13/0 timestamp-reply=14/0 address-mask-request=17/0 address-mask-reply=18/0';
const ICMPV6 = 'no-route=1/0 communication-prohibited=1/1 address-unreachable=1/3 port-unreachable=1/4 packet-too-big=2/0 ttl-zero-during-transit=3/0 ttl-zero-during-reassembly=3/1 bad-header=4/0 unknown-header-type=4/1 unknown-option=4/2 echo-request=128/0 ping=128/0 echo-reply=129/0 pong=129/0 router-solicitation=133/0 router-advertisement=134/0 neighbour-solicitation=135/0 neigbour-solicitation=135/0 neighbour-advertisement=136/0 neigbour-advertisement=136/0 redirect=137/0';
const table = (text: string): ReadonlyMap<string, number> => new Map(text.split(' ').map((one) => { const [name = '', type, code] = one.split(/[=/]/); return [name, Number(type) << 8 | Number(code)]; }));
const messages: Readonly<Record<string, ReadonlyMap<string, number>>> = { icmp: table(ICMP), icmpv6: table(ICMPV6) };
/** Those that have ports. */
const PORTED = new Set(['tcp', 'udp', 'sctp', 'udplite']);

/** Names of ports: as a machine has them. */
export type PortNames = (name: string, protocol: string) => number | undefined;
function portOf(text: string, protocol: string, names: PortNames | undefined): number {
  const name = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return /^\d+$/.test(name) ? numberIn(name, 0, 0xffff, 'a port') : names?.(name, protocol) ?? wrong(text, `a port of ${protocol}`, '80, tcp:80-90, icmp:8/0');
}
/** A port, or from one to another. */
const ports = (text: string, protocol: string, names?: PortNames): Pick<IpsetEntry, 'port' | 'portTo'> => {
  const [, first = '', last] = /^(\[[^\]]*\]|\d+|[^-]*(?:-[^-\d][^-]*)*)(?:-(.+))?$/.exec(text) ?? [];
  return { port: portOf(first, protocol, names), ...(last !== undefined && { portTo: portOf(last, protocol, names) }) };
};
function service(text: string, names?: PortNames): Pick<IpsetEntry, 'port' | 'portTo' | 'proto'> {
  const [, given, rest = text] = /^([^:]+):(.*)$/.exec(text) ?? [], name = (given ?? 'tcp').toLowerCase().replace(/^ipv6-icmp$/, 'icmpv6'), known = ipProtocol.names as Readonly<Record<string, number>>;
  const proto = (/^\d+$/.test(name) ? ipProtocol.byNumber.get(numberIn(name, 0, 255, 'a protocol')) ?? Number(name) : name in known ? name : wrong(text, 'a protocol and a port', 'tcp:80, icmp:8/0, gre:0')) as NonNullable<IpsetEntry['proto']>;
  const own = messages[proto];
  if (own) {
    const [, type, code] = /^(\d+)\/(\d+)$/.exec(rest) ?? [];
    return { proto, port: own.get(rest) ?? (type === undefined ? wrong(text, `a message of ${proto}`, `${proto}:8/0, ${proto}:echo-request`) : numberIn(type, 0, 255, 'a type') << 8 | numberIn(code as string, 0, 255, 'a code')) };
  }
  if (PORTED.has(String(proto))) return { proto, ...ports(rest, String(proto), names) };
  if (rest !== '0') wrong(text, `of ${String(proto)}, which has no ports`, `${given}:0`);
  return { proto, port: 0 };
}

/** Reads the parts of an entry: '10.0.0.1,tcp:80'. @throws {TypeError} which says what is wrong with it */
export function parseIpsetEntry(text: string, typename: string, family: Family | undefined, names?: PortNames): IpsetEntry {
  const type = ipsetTypes[typename], given = text.split(','), entry: IpsetEntry = {};
  if (!type) throw new TypeError(`"${typename}" is not a type of sets: ${Object.keys(ipsetTypes).join(', ')}`);
  if (given.length !== type.parts.length && !(typename === 'bitmap:ip,mac' && given.length === 1)) throw new TypeError(`"${text}" is not an entry of ${typename}: ${given.length} parts, not ${type.parts.length}`);
  for (const [i, one] of given.entries()) {
    const part = type.parts[i] as Part;
    if (part === 'ip' || part === 'net') {
      const { from, cidr, to } = parseIpsetAddresses(one, family), second = i > 0;
      Object.assign(entry, second ? { ip2: from, ...(cidr !== undefined && { cidr2: cidr }), ...(to && { ip2To: to }) } : { ip: from, ...(cidr !== undefined && { cidr }), ...(to && { ipTo: to }) });
    } else if (part === 'port') Object.assign(entry, typename === 'bitmap:port' ? ports(one.replace(/^(tcp|udp|sctp|udplite):/, ''), /^(\w+):/.exec(one)?.[1] ?? 'tcp', names) : service(one, names));
    else if (part === 'mac') entry.ether = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(one) ? one.toLowerCase() : wrong(one, 'a link layer address', '02:00:00:00:00:01');
    else if (part === 'mark') entry.mark = numberIn(one, 0, 0xffffffff, 'a mark');
    else if (part === 'set') entry.name = one;
    else {
      const [, physical, link = ''] = /^(physdev:)?(.*)$/.exec(one) ?? [];
      entry.iface = link === '' || link.length > 15 ? wrong(one, 'a link', 'eth0, physdev:eth0') : link;
      if (physical) entry.cadtFlags = ['physdev'];
    }
  }
  return entry;
}
/** The type that an entry looks as if it were of, where nobody can be asked. */
export function guessIpsetType(text: string): string {
  const parts = text.split(',').map((one, i) => (/^([0-9a-f]{2}:){5}/i.test(one) ? 'mac' : familyOf(one.split(/[/-]/)[0] as string) ? 'net' : i > 0 && /^(\w+:)?[\d[]|^icmp/.test(one) ? 'port' : i > 0 ? 'iface' : /^\d/.test(one) ? 'bitmap' : 'set'));
  const [first] = parts, whole = `hash:${parts.join(',')}`, ip = whole.replace('net', 'ip');
  return first === 'bitmap' ? 'bitmap:port' : first === 'set' ? 'list:set' : whole in ipsetTypes ? whole : ip in ipsetTypes ? ip : 'hash:net';
}

const range = (from: IpsetAddress | undefined, cidr: number | undefined, to: IpsetAddress | undefined): string => `${addressOf(from)}${to ? `-${addressOf(to)}` : ''}${cidr === undefined || cidr === (from?.ipv4 === undefined ? 128 : 32) ? '' : `/${cidr}`}`;
function serviceText({ proto, port = 0, portTo }: IpsetEntry): string {
  const own = messages[String(proto)], name = own && [...own].find(([, number]) => number === port)?.[0];
  return `${proto === 'icmpv6' ? 'ipv6-icmp' : String(proto)}:${own ? name ?? `${port >> 8}/${port & 255}` : port}${portTo === undefined ? '' : `-${portTo}`}`;
}
/** As it is read. */
export function ipsetEntryText(entry: IpsetEntry, typename: string): string {
  const { ip, cidr, ipTo, ip2, cidr2, ip2To, ether, mark, name, iface, cadtFlags, port = 0, portTo } = entry;
  return (ipsetTypes[typename]?.parts ?? ['net']).flatMap((part, i): string[] => {
    switch (part) {
      case 'ip': case 'net': return [i > 0 ? range(ip2, cidr2, ip2To) : range(ip, cidr, ipTo)];
      case 'port': return [typename === 'bitmap:port' ? `${port}${portTo === undefined ? '' : `-${portTo}`}` : serviceText(entry)];
      case 'mac': return ether === undefined ? [] : [ether.toUpperCase()];
      case 'mark': return [`0x${(mark ?? 0).toString(16).padStart(8, '0')}`];
      case 'iface': return [`${cadtFlags?.includes('physdev') ? 'physdev:' : ''}${iface}`];
      default: return [String(name)];
    }
  }).join(',');
}

const NUMBERS = new Map(Object.entries(IpsetEntry.shape).map(([key, [number]]) => [key, number]));
/** Attributes in the order of their numbers, as ipset sends them; the line last. */
export const inOrder = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => Number(a === 'lineno') - Number(b === 'lineno') || (NUMBERS.get(a) ?? 99) - (NUMBERS.get(b) ?? 99))) as T;
