/** What the engine gets to know. Pure. */
import { parseSubnet, type Attachment, type ContainerInput, type Network } from '../network/index.ts';
import { bindingJson, labels } from './request.ts';

/** The manifest, capabilities, and the rest that never changes. */
export const manifest = { Implements: ['NetworkDriver', 'IpamDriver'] } as const;
export const capabilities = { Scope: 'local', ConnectivityScope: 'local' } as const;
export const ipamCapabilities = { RequiresMACAddress: false, RequiresRequestReplay: false } as const;
export const addressSpaces = { LocalDefaultAddressSpace: 'nlkit', GlobalDefaultAddressSpace: 'nlkit-global' } as const;

/** What the engine appends a number to, for the name in the container. */
const PREFIX = 'eth';
/** A route without a next hop: libnetwork's types.CONNECTED. */
const CONNECTED = 1;

/** Only what the engine did not say itself: it takes back an endpoint whose answer repeats it. */
export function endpointAnswer({ mac, addresses }: Attachment, asked: ContainerInput): object {
  const own = asked.ips?.length ? [] : addresses, v4 = own.find((one) => !one.includes(':')), v6 = own.find((one) => one.includes(':'));
  return { Interface: { ...(v4 !== undefined && { Address: v4 }), ...(v6 !== undefined && { AddressIPv6: v6 }), ...(mac !== undefined && asked.mac === undefined && { MacAddress: mac }) } };
}

/** The link to move into the container, and its way out. */
export function joinAnswer({ driver, mode, internal, subnets }: Network, { ifname, addresses }: Attachment): object {
  const link = { InterfaceName: { SrcName: ifname, DstPrefix: PREFIX } };
  // Without a gateway, and without this, the engine plugs the container into a network of its own as well.
  if (internal) return { ...link, DisableGatewayService: true };
  const has = { inet: addresses.some((one) => !one.includes(':')), inet6: addresses.some((one) => one.includes(':')) };
  const used = subnets.map(({ subnet, gateway }) => ({ ...parseSubnet(subnet), gateway })).filter(({ family }) => has[family]);
  if (driver === 'ipvlan' && mode !== 'l2') return { ...link, StaticRoutes: used.map(({ family }) => ({ Destination: family === 'inet' ? '0.0.0.0/0' : '::/0', RouteType: CONNECTED, NextHop: '' })), DisableGatewayService: true };
  const v4 = used.find(({ family }) => family === 'inet')?.gateway, v6 = used.find(({ family }) => family === 'inet6')?.gateway;
  return { ...link, ...(v4 !== undefined && { Gateway: v4 }), ...(v6 !== undefined && { GatewayIPv6: v6 }) };
}

/** What an endpoint has become. */
export const infoAnswer = ({ mac, publish }: Attachment): object => ({ Value: { ...(mac !== undefined && { [labels.mac]: mac }), ...(publish.length > 0 && { [labels.portmap]: publish.map(bindingJson) }) } });
