/** Ports of a container that are reached by ports of the host. */
import { invalid } from './error.ts';
import { canonical, parseIp } from './ipam/index.ts';

export const TRANSPORTS = ['tcp', 'udp', 'sctp'] as const;
export interface Publish {
  readonly protocol: (typeof TRANSPORTS)[number];
  readonly hostPort: number;
  readonly containerPort: number;
  /** The host's address. Default: all. */
  readonly hostAddress?: string;
}

const FORM = /^(?:(\[[^\]]+\]|[^:]+):)?(\d+):(\d+)(?:\/(\w+))?$/;

/** Takes '[ADDRESS:]HOST:CONTAINER[/PROTOCOL]'; IPv6 addresses in brackets. @throws {NetworkError} INVALID */
export function parsePublish(text: string): Publish {
  const [, address, host, container, protocol = 'tcp'] = FORM.exec(text) ?? [];
  if (host === undefined || container === undefined) throw invalid(`"${text}" publishes no port`, '[ADDRESS:]HOST:CONTAINER[/tcp|udp|sctp]: 8080:80, 127.0.0.1:53:53/udp');
  for (const port of [host, container]) if (Number(port) < 1 || Number(port) > 65535) throw invalid(`${port} in "${text}" is not a port`, '1 to 65535');
  if (!TRANSPORTS.includes(protocol as Publish['protocol'])) throw invalid(`"${protocol}" in "${text}" is not a transport`, `known are ${TRANSPORTS.join(', ')}`);
  let hostAddress: string | undefined;
  try { hostAddress = address === undefined ? undefined : canonical(address.replace(/^\[|\]$/g, '')); } catch { throw invalid(`"${address}" in "${text}" is not an IP address`); }
  return { protocol: protocol as Publish['protocol'], hostPort: Number(host), containerPort: Number(container), ...(hostAddress !== undefined && { hostAddress }) };
}
export const publishText = ({ protocol, hostPort, containerPort, hostAddress }: Publish): string =>
  `${hostAddress === undefined ? '' : `${hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress}:`}${hostPort}:${containerPort}/${protocol}`;
/** Whether two cannot be there at once: the same port of a common address. */
export const clash = (a: Publish, b: Publish): boolean => a.protocol === b.protocol && a.hostPort === b.hostPort
  && (a.hostAddress === undefined || b.hostAddress === undefined || (a.hostAddress === b.hostAddress) || isAny(a.hostAddress, b.hostAddress) || isAny(b.hostAddress, a.hostAddress));
const isAny = (address: string, other: string): boolean => { const a = parseIp(address); return a.value === 0n && a.family === parseIp(other).family; };
/** Whether only one of two of a container's can be had: what is published at one address goes before what is published at all. */
export const same = (a: Publish, b: Publish): boolean => clash(a, b) && isOne(a) === isOne(b);
const isOne = ({ hostAddress }: Publish): boolean => hostAddress !== undefined && parseIp(hostAddress).value !== 0n;
