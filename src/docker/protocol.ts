/**
 * Docker's protocol for network and IPAM plugins: requests by path, with JSON bodies.
 * Source: moby, daemon/libnetwork/docs/remote.md and ipam.md; drivers/remote/api and ipams/remote/api.
 */
import { addressSpaces, capabilities, ipamCapabilities, manifest } from './answer.ts';
import type { Driver } from './driver.ts';
import { PluginError, refusal, statuses } from './error.ts';
import { parseBody, type Fields } from './fields.ts';

/** A request, without HTTP. */
export interface Request { readonly method: string; readonly path: string; readonly body: string }
export interface Answer { readonly status: number; readonly body: object }
/** What a plugin does, by what it is called here. */
export type Doing = { readonly [K in keyof Driver as Driver[K] extends (request: Fields) => Promise<object> ? K extends 'restore' ? never : K : never]: (request: Fields) => Promise<object> };

const constant = (answer: object) => () => Promise.resolve(answer);
/** One line a method. What a single host's engine only tells is heard, and nothing is done. */
const methods: Readonly<Record<string, (driver: Doing, request: Fields) => Promise<object>>> = {
  'Plugin.Activate': constant(manifest),
  'NetworkDriver.GetCapabilities': constant(capabilities),
  'NetworkDriver.CreateNetwork': (driver, request) => driver.createNetwork(request),
  'NetworkDriver.DeleteNetwork': (driver, request) => driver.deleteNetwork(request),
  'NetworkDriver.CreateEndpoint': (driver, request) => driver.createEndpoint(request),
  'NetworkDriver.EndpointOperInfo': (driver, request) => driver.endpointInfo(request),
  'NetworkDriver.DeleteEndpoint': (driver, request) => driver.deleteEndpoint(request),
  'NetworkDriver.Join': (driver, request) => driver.join(request),
  'NetworkDriver.Leave': (driver, request) => driver.leave(request),
  'NetworkDriver.DiscoverNew': constant({}),
  'NetworkDriver.DiscoverDelete': constant({}),
  // Asked of swarm's managers, for networks of many hosts.
  'NetworkDriver.AllocateNetwork': constant({ Options: {} }),
  'NetworkDriver.FreeNetwork': constant({}),
  'NetworkDriver.ProgramExternalConnectivity': (driver, request) => driver.publish(request),
  'NetworkDriver.RevokeExternalConnectivity': (driver, request) => driver.unpublish(request),
  'IpamDriver.GetCapabilities': constant(ipamCapabilities),
  'IpamDriver.GetDefaultAddressSpaces': constant(addressSpaces),
  'IpamDriver.RequestPool': (driver, request) => driver.requestPool(request),
  'IpamDriver.ReleasePool': (driver, request) => driver.releasePool(request),
  'IpamDriver.RequestAddress': (driver, request) => driver.requestAddress(request),
  'IpamDriver.ReleaseAddress': (driver, request) => driver.releaseAddress(request),
};

/** Answers one request; what goes wrong is an answer, too. */
export async function answer(driver: Doing, { method, path, body }: Request): Promise<Answer> {
  try {
    const name = path.slice(1), call = path.startsWith('/') && Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!call) throw new PluginError(`there is no method ${JSON.stringify(path)}`, statuses.unknown);
    if (method !== 'POST') throw new PluginError(`${path} takes POST, not ${method}`, statuses.method);
    return { status: statuses.ok, body: await call(driver, parseBody(body)) };
  } catch (error) { return { status: error instanceof PluginError ? error.status : statuses.ok, body: refusal(error) }; }
}
