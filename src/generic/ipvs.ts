/** IPVS: virtual services and the servers behind them, by what people write of them. Requests as net/netfilter/ipvs/ip_vs_ctl.c takes them. */
import { parseIpv4, parseIpv6, type Value } from '../codec/index.ts';
import {
  ipvs, type Ipvs, type IpvsDaemon, type IpvsDestination, type ipvsForward, type IpvsInfo, type IpvsService, type ipvsServiceFlags, type ipvsTunnel, type ipvsTunnelFlags,
} from '../families/generic/ipvs.ts';
import { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';

// What people write.

/** An address with a port; without one, as far as none was written. */
export interface IpvsEndpoint { readonly family: 'inet' | 'inet6'; readonly address: string; readonly port?: number }
const scratch = new Uint8Array(16);
/** '10.0.0.1:80', '[fd00::1]:80', '10.0.0.1', 'fd00::1'. @throws {TypeError} for what is neither */
export function parseIpvsEndpoint(text: string): IpvsEndpoint {
  const [, braced, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [], address = braced ?? plain ?? text, port = digits === undefined ? {} : { port: Number(digits) };
  const family = braced === undefined && parseIpv4(address, scratch, 0) ? 'inet' : plain === undefined && parseIpv6(address, scratch, 0) ? 'inet6' : undefined;
  if (!family || (port.port ?? 0) > 0xffff) throw new TypeError(`"${text}" is not an address with a port: 10.0.0.1:80, [fd00::1]:80`);
  return { family, address, ...port };
}
/** '10.0.0.1:80', '[fd00::1]:80' */
export const ipvsEndpointText = (address: string, port: number | string): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** Which service: by protocol (default: 'tcp'), address and port; or by the mark that the firewall gave its packets (default: of IPv4). */
export type IpvsRef =
  | { readonly address: string; readonly protocol?: 'tcp' | 'udp' | 'sctp'; readonly fwmark?: undefined }
  | { readonly fwmark: number; readonly family?: 'inet' | 'inet6'; readonly address?: undefined };
/** What a service does. What is left out is the default, of one that is changed, too: the kernel keeps nothing. */
export interface IpvsSettings {
  /** Default: 'wlc'. */
  readonly scheduler?: string;
  /** Default: none. `persistent` goes without saying where there is a `timeout`. */
  readonly flags?: Value<typeof ipvsServiceFlags>;
  /** Seconds that a client stays with its server. */
  readonly timeout?: number;
  /** Which clients count as one: a mask of IPv4, a prefix's length of IPv6. Default: each for itself. */
  readonly netmask?: string | number;
  /** 'sip' */
  readonly engine?: string;
}
/** A server. */
export interface IpvsServer {
  /** 'ADDRESS:PORT'; without a port, the service's. */
  readonly address: string;
  /** Default: 'droute', as ipvsadm's: packets go on as they are, to a machine on the same link that has the service's address. */
  readonly forward?: Value<typeof ipvsForward>;
  /** Default: 1. */
  readonly weight?: number;
  /** How many connections it gets at the most, and at how few it gets new ones again. Default: 0, no bounds. */
  readonly upper?: number;
  readonly lower?: number;
  readonly tunnel?: { readonly type?: Value<typeof ipvsTunnel>; readonly port?: number; readonly flags?: Value<typeof ipvsTunnelFlags> };
}
/** A daemon of synchronization. What is left out is the kernel's default. */
export interface IpvsSync extends Omit<IpvsDaemon, 'state' | 'mcastIfn'> { readonly link: string }
/** Seconds. 0, or left out: as it is. */
export interface IpvsTimeouts { readonly tcp?: number; readonly tcpFin?: number; readonly udp?: number }

/** What tells one service from all others. @throws {TypeError} for an address that is none */
export function ipvsKey(ref: IpvsRef): Partial<IpvsService> {
  if (ref.fwmark !== undefined) return { af: ref.family ?? 'inet', fwmark: ref.fwmark } as Partial<IpvsService>;
  const { family, address, port = 0 } = parseIpvsEndpoint(ref.address);
  return { af: family, protocol: ref.protocol ?? 'tcp', addr: address, port } as Partial<IpvsService>;
}
/** The key of a service that was told. */
export const ipvsKeyOf = ({ af, fwmark, protocol, addr, port }: IpvsService): Partial<IpvsService> => (fwmark === undefined ? { af, protocol, addr, port } : { af, fwmark }) as Partial<IpvsService>;

/** Every bit is meant. */
const ALL = 0xffffffff;
function service(ref: IpvsRef & IpvsSettings): IpvsService {
  const { scheduler = 'wlc', flags = [], timeout = 0, engine } = ref, key = ipvsKey(ref), whole = key.af === 'inet6' ? 128 : '255.255.255.255';
  const all = timeout > 0 && !flags.includes('persistent') ? (['persistent', ...flags] as typeof flags) : flags;
  return { ...key, schedName: scheduler, ...(engine !== undefined && { peName: engine }), flags: { flags: all, mask: ALL }, timeout, netmask: ref.netmask ?? whole } as IpvsService;
}
function place(ref: IpvsRef, text: string): Partial<IpvsDestination> {
  const { family, address, port = ref.fwmark === undefined ? parseIpvsEndpoint(ref.address).port ?? 0 : 0 } = parseIpvsEndpoint(text);
  return { addrFamily: family, addr: address, port } as Partial<IpvsDestination>;
}
function server(ref: IpvsRef, { address, forward = 'droute', weight = 1, upper = 0, lower = 0, tunnel: { type = 'ipip', port = 0, flags = [] } = {} }: IpvsServer): IpvsDestination {
  return { ...place(ref, address), fwdMethod: forward, weight, tunType: type, tunPort: port, tunFlags: flags, uThresh: upper, lThresh: lower } as IpvsDestination;
}

// What is asked.

type Command = keyof ReturnType<typeof ipvs.at>['messages'] & string;
/** A request, and what its answers say. */
export interface IpvsCall<T> { readonly message: Command; readonly body: Ipvs; readonly all?: true; readonly read: (answers: readonly object[]) => T }
const change = (message: Command, body: Ipvs): IpvsCall<void> => ({ message, body, read: () => undefined });
const list = <T>(message: Command, body: Ipvs, key: 'service' | 'dest' | 'daemon'): IpvsCall<T[]> => ({ message, body, all: true, read: (answers) => answers.map((one) => (one as Ipvs)[key] as T) });
const one = <T>(message: Command, body: Ipvs, read: (answer: Ipvs & IpvsInfo) => T): IpvsCall<T> => ({ message, body, read: (answers) => read((answers[0] ?? {}) as Ipvs & IpvsInfo) });
const sync = (state: 'master' | 'backup', { link, ...more }: IpvsSync): Ipvs => ({ daemon: { state: [state], mcastIfn: link, syncId: 0, ...more } });

/** All that IPVS can be asked, as requests. */
export const ipvsCalls = {
  /** All services. */
  services: () => list<IpvsService>('getService', {}, 'service'),
  /** One. @throws {NetlinkError} ESRCH where there is none */
  service: (ref: IpvsRef) => one('getService', { service: ipvsKey(ref) as IpvsService }, (told) => told.service as IpvsService),
  /** The servers of a service, with how many connections they have. Of none where there is no such service. */
  servers: (ref: IpvsRef) => list<IpvsDestination>('getDest', { service: ipvsKey(ref) as IpvsService }, 'dest'),
  /** Makes a service. @throws {NetlinkError} EEXIST; ENOENT where the kernel does not have the scheduler, or the engine */
  addService: (ref: IpvsRef & IpvsSettings) => change('newService', { service: service(ref) }),
  /** Changes a service: what is left out is as for a new one. @throws {NetlinkError} ESRCH; ENOENT as above */
  editService: (ref: IpvsRef & IpvsSettings) => change('setService', { service: service(ref) }),
  /** With its servers. @throws {NetlinkError} ESRCH */
  deleteService: (ref: IpvsRef) => change('delService', { service: ipvsKey(ref) as IpvsService }),
  /** Gives a service one server more. @throws {NetlinkError} ESRCH where there is no such service, EEXIST */
  addServer: (ref: IpvsRef, one_: IpvsServer) => change('newDest', { service: ipvsKey(ref) as IpvsService, dest: server(ref, one_) }),
  /** Changes a server: what is left out is as for a new one. @throws {NetlinkError} ESRCH where there is no such service, ENOENT where it has no such server */
  editServer: (ref: IpvsRef, one_: IpvsServer) => change('setDest', { service: ipvsKey(ref) as IpvsService, dest: server(ref, one_) }),
  /** By its address and port. Connections to it go on until they end. @throws {NetlinkError} as `editServer` */
  deleteServer: (ref: IpvsRef, address: string) => change('delDest', { service: ipvsKey(ref) as IpvsService, dest: place(ref, address) as IpvsDestination }),
  /** Sets counters to nothing, of one service or of all. @throws {NetlinkError} ESRCH */
  zero: (ref?: IpvsRef) => change('zero', ref ? { service: ipvsKey(ref) as IpvsService } : {}),
  /** All services go, with their servers. */
  flush: () => change('flush', {}),
  /** Seconds that connections are kept. */
  timeouts: () => one('getConfig', {}, ({ timeoutTcp: tcp = 0, timeoutTcpFin: tcpFin = 0, timeoutUdp: udp = 0 }): Required<IpvsTimeouts> => ({ tcp, tcpFin, udp })),
  /** Sets them; 0: as it is. */
  setTimeouts: ({ tcp = 0, tcpFin = 0, udp = 0 }: IpvsTimeouts) => change('setConfig', { timeoutTcp: tcp, timeoutTcpFin: tcpFin, timeoutUdp: udp }),
  /** Those that run. */
  daemons: () => list<IpvsDaemon>('getDaemon', {}, 'daemon'),
  /** Starts a daemon: it sends connections to others, or takes theirs. @throws {NetlinkError} EEXIST, ENODEV, EINVAL where the link has no multicast */
  startDaemon: (state: 'master' | 'backup', how: IpvsSync) => change('newDaemon', sync(state, how)),
  /** Stops a daemon. @throws {NetlinkError} ESRCH */
  stopDaemon: (state: 'master' | 'backup', syncId = 0) => change('delDaemon', sync(state, { link: '', syncId })),
  /** Its version, and how large its table of connections is. */
  info: () => one('getInfo', {}, ({ ipvsVersion = 0, connTabSize = 0 }) => ({ version: [16, 8, 0].map((bits) => ipvsVersion >> bits & 0xff).join('.'), connTabSize })),
};
type Calls = typeof ipvsCalls;
type Told<C> = C extends (...args: never[]) => IpvsCall<infer T> ? T : never;

/** IPVS in one network namespace. */
export type IpvsClient = { [K in keyof Calls]: (...args: Parameters<Calls[K]>) => Promise<Told<Calls[K]>> } & Opened;
/** The same on the spot. */
export type IpvsClientSync = { [K in keyof Calls]: (...args: Parameters<Calls[K]>) => Told<Calls[K]> } & Opened;
interface Opened extends Disposable {
  /** The client below, for any request of the family. */
  readonly client: FamilyClient<typeof ipvs>;
  /** Releases every descriptor. May be called again. */
  close(): void;
}

function bound(client: FamilyClient<typeof ipvs>, ask: (call: IpvsCall<unknown>) => unknown): Opened {
  const calls = Object.entries(ipvsCalls).map(([key, call]) => [key, (...args: never[]) => ask((call as (...args: never[]) => IpvsCall<unknown>)(...args))] as const);
  return { ...Object.fromEntries(calls), client, close: () => client.close(), [Symbol.dispose]: () => client.close() };
}

/** Opens IPVS. The kernel loads its module. @throws {NetlinkError} ENOENT where the kernel has no IPVS */
export async function openIpvs(options: FamilyOptions = {}): Promise<IpvsClient> {
  const client = await open(ipvs, options), { messages } = client.protocol;
  return bound(client, async ({ message, body, all, read }) => {
    const request = { message: messages[message], body };
    if (!all) return read((await client.request(request)).map((reply) => reply.body as object));
    const answers: object[] = [];
    for await (const answer of client.dump(request)) answers.push(answer as object);
    return read(answers);
  }) as IpvsClient;
}
/** The same on the spot. */
export function openIpvsSync(options: FamilyOptions = {}): IpvsClientSync {
  const client = openSync(ipvs, options), { messages } = client.protocol;
  return bound(client, ({ message, body, all, read }) => {
    const request = { message: messages[message], body };
    return read(all ? (client.dumpSync(request) as object[]) : client.requestSync(request).map((reply) => reply.body as object));
  }) as IpvsClientSync;
}
