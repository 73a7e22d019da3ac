/** What the engine asks for, in the words of networks. Pure. Labels are those of moby (daemon/libnetwork/netlabel). */
import { canonical, OWNER, parseSubnet, TRANSPORTS, type ContainerInput, type DriverName, type NetworkInput, type Publish, type SubnetSpec } from '../network/index.ts';
import { malformed, PluginError } from './error.ts';
import { flag, id, object, objects, port, text, type Fields } from './fields.ts';

/** Keys of options. */
export const labels = {
  generic: 'com.docker.network.generic', internal: 'com.docker.network.internal', ipv6: 'com.docker.network.enable_ipv6',
  portmap: 'com.docker.network.portmap', exposed: 'com.docker.network.endpoint.exposedports', mac: 'com.docker.network.endpoint.macaddress',
} as const;

/** Our name for a network: the identifier's beginning, as `docker network ls` shows it. */
const SHORT = 12;
export const networkName = (networkId: string): string => `docker-${networkId.slice(0, SHORT)}`;
/** Of the 64 digits, as many as a name may have: no two are alike. */
const LONG = 32;
export const endpointName = (endpointId: string): string => endpointId.slice(0, LONG);
/** The label with the whole identifier. */
export const ID = 'docker.id', DOCKER = 'docker';

type Said = { -readonly [K in keyof NetworkInput]?: NetworkInput[K] };
const whole = (key: string, value: unknown): number => {
  if (!/^\d{1,5}$/.test(String(value))) throw new PluginError(`the option ${key} is a number, not ${JSON.stringify(value)}`);
  return Number(value);
};
const word = (key: string, value: unknown): string => {
  if (typeof value !== 'string' || value === '') throw new PluginError(`the option ${key} is a word, not ${JSON.stringify(value)}`);
  return value;
};
const bool = (key: string, value: unknown): boolean => {
  const is = flag({ [key]: value }, key);
  if (is === undefined) throw new PluginError(`the option ${key} is true or false, and not empty`);
  return is;
};
/** What `-o KEY=VALUE` may say, by our names and by those of docker's own drivers. */
const options: Readonly<Record<string, (said: Said, key: string, value: unknown) => void>> = {
  driver: (said, key, value) => { said.driver = word(key, value) as DriverName; },
  'parent': (said, key, value) => { said.parent = word(key, value); },
  'mode|macvlan_mode|ipvlan_mode': (said, key, value) => { said.mode = word(key, value); },
  'mtu|com.docker.network.driver.mtu': (said, key, value) => { said.mtu = whole(key, value); },
  vlan: (said, key, value) => { said.vlan = whole(key, value); },
  'icc|com.docker.network.bridge.enable_icc': (said, key, value) => { said.icc = bool(key, value); },
  hairpin: (said, key, value) => { said.hairpin = bool(key, value); },
};
const byKey = new Map(Object.entries(options).flatMap(([keys, say]) => keys.split('|').map((key) => [key, say] as const)));
/** Of the library's drivers, those that make sense within one engine. */
const OFFERED: readonly string[] = ['bridge', 'macvlan', 'ipvlan'];

const isAll = (pool: string): boolean => pool.endsWith('/0');
function subnetOf(data: Fields): SubnetSpec[] {
  const subnet = text(data, 'Pool'), gateway = text(data, 'Gateway').split('/')[0] as string;
  // The null IPAM driver manages no addresses: then the network does.
  return subnet === '' || isAll(subnet) ? [] : [{ subnet, ...(gateway !== '' && { gateway }) }];
}

/** A network's declaration. @throws {PluginError} */
export function networkInput(request: Fields): NetworkInput {
  const networkId = id(request, 'NetworkID'), given = object(request, 'Options'), data = [...objects(request, 'IPv4Data'), ...objects(request, 'IPv6Data')], said: Said = {};
  for (const [key, value] of Object.entries(object(given, labels.generic))) {
    const say = byKey.get(key);
    if (!say) throw new PluginError(`there is no option "${key}"; known are ${[...byKey.keys()].join(', ')}`);
    say(said, key, value);
  }
  if (said.driver !== undefined && !OFFERED.includes(said.driver)) throw new PluginError(`the option driver is one of ${OFFERED.join(', ')}, not ${JSON.stringify(said.driver)}`);
  if (said.driver === undefined && said.parent !== undefined) said.driver = 'macvlan';
  const reserved = data.flatMap((one) => Object.values(object(one, 'AuxAddresses')).map((address) => String(address).split('/')[0] as string));
  return {
    name: networkName(networkId), ...said, subnets: data.flatMap(subnetOf), ...(flag(given, labels.ipv6) && { ipv6: true }), ...(flag(given, labels.internal) && { internal: true }),
    ...(reserved.length > 0 && { reserved }), labels: { [OWNER]: DOCKER, [ID]: networkId },
  };
}

/** Which network, and which place in it. @throws {PluginError} */
export const placeOf = (request: Fields): { network: string; container: string } => ({ network: networkName(id(request, 'NetworkID')), container: endpointName(id(request, 'EndpointID')) });

/** A container's place as it is asked for. @throws {PluginError} */
export function containerInput(request: Fields): ContainerInput {
  const { container: name } = placeOf(request), given = object(request, 'Interface'), mac = text(given, 'MacAddress');
  const ips = ['Address', 'AddressIPv6'].map((key) => text(given, key).split('/')[0] as string).filter((address) => address !== '');
  return { name, ips, ...(mac !== '' && { mac }) };
}

/** IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP: how transports are written. */
const PROTOCOLS: Readonly<Record<Publish['protocol'], number>> = { tcp: 6, udp: 17, sctp: 132 };
/** Where host ports are taken from when none is named: the dynamic ports (RFC 6335). */
const DYNAMIC = { first: 49152, last: 65535 };

/** Host ports that may be taken for a port of the container, in this order. */
export interface Binding { readonly protocol: Publish['protocol']; readonly containerPort: number; readonly hostAddress?: string; readonly first: number; readonly last: number }
/** Ports to publish. @throws {PluginError} */
export function bindingsOf(request: Fields): Binding[] {
  return objects(object(request, 'Options'), labels.portmap).map((one) => {
    const protocol = TRANSPORTS.find((name) => PROTOCOLS[name] === one['Proto']), containerPort = port(one, 'Port'), first = port(one, 'HostPort'), last = port(one, 'HostPortEnd') || first, address = text(one, 'HostIP');
    if (!protocol) throw malformed(`Proto ${JSON.stringify(one['Proto'])} is none of ${Object.values(PROTOCOLS).join(', ')}`);
    if (containerPort === 0) throw malformed('Port 0 is no port of a container');
    if (last < first) throw malformed(`HostPortEnd ${last} is before HostPort ${first}`);
    return { protocol, containerPort, ...(address !== '' && { hostAddress: addressOf(address) }), ...(first === 0 ? DYNAMIC : { first, last }) };
  });
}
function addressOf(given: string): string {
  try { return canonical(given); } catch (error) { throw malformed(`HostIP: ${(error as Error).message}`); }
}
export const bindingJson = ({ protocol, containerPort, hostPort, hostAddress = '' }: Publish): object => ({ Proto: PROTOCOLS[protocol], Port: containerPort, HostIP: hostAddress, HostPort: hostPort, HostPortEnd: hostPort });

/** A pool as it is asked for; `subnet` is absent when any will do. */
export interface PoolInput { readonly space: string; readonly subnet?: string; readonly range?: string; readonly family: 'inet' | 'inet6' }
/** @throws {PluginError} */
export function poolInput(request: Fields): PoolInput {
  const space = text(request, 'AddressSpace'), subnet = text(request, 'Pool'), range = text(request, 'SubPool'), v6 = flag(request, 'V6') === true;
  if (!/^[\w-]{1,60}$/.test(space)) throw malformed(`AddressSpace must be letters and digits, not ${JSON.stringify(space)}`);
  if (subnet === '' && range !== '') throw malformed('a SubPool needs its Pool');
  if (subnet === '') return { space, family: v6 ? 'inet6' : 'inet' };
  return { space, subnet, ...(range !== '' && { range }), family: familyOf(subnet) };
}
function familyOf(subnet: string): 'inet' | 'inet6' {
  try { return parseSubnet(subnet).family; } catch (error) { throw new PluginError(`the pool ${(error as Error).message}`); }
}
