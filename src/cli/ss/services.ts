/** Names of ports, from /etc/services, and which ports the kernel hands out. */
import { readFileSync } from 'node:fs';

interface Services { readonly byPort: ReadonlyMap<string, string>; readonly byName: ReadonlyMap<string, number> }
let services: Services | undefined;

function read(): Services {
  const byPort = new Map<string, string>(), byName = new Map<string, number>();
  let text = '';
  try { text = readFileSync('/etc/services', 'utf8'); } catch { /* Then ports are numbers. */ }
  for (const line of text.split('\n')) {
    const [, name, port, protocol, others] = /^\s*([^\s#]+)\s+(\d+)\/(\w+)([^#]*)/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = `${Number(port)}/${protocol as string}`;
    if (!byPort.has(key)) byPort.set(key, name);
    for (const one of [name, ...(others as string).trim().split(/\s+/).filter(Boolean)]) if (!byName.has(`${one}/${protocol as string}`)) byName.set(`${one}/${protocol as string}`, Number(port));
  }
  return { byPort, byName };
}

let ephemeral: readonly [first: number, last: number] | undefined;
/** Whether a port is one that the kernel hands out (net.ipv4.ip_local_port_range of this thread's namespace). */
export function isEphemeral(port: number): boolean {
  if (!ephemeral) {
    try { ephemeral = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number) as [number, number]; } catch { ephemeral = [1024, 4999]; }
  }
  return port >= ephemeral[0] && port <= ephemeral[1];
}

/** The name of a port; of those that the kernel hands out none, as their names mean nothing. SCTP has hardly any of its own, and takes those of others. */
export function serviceName(port: number, protocol: string): string | undefined {
  if (isEphemeral(port)) return undefined;
  const { byPort } = (services ??= read()), own = byPort.get(`${port}/${protocol}`);
  return own ?? (protocol === 'sctp' ? byPort.get(`${port}/tcp`) ?? byPort.get(`${port}/udp`) : undefined);
}
export const servicePort = (name: string, protocol: string): number | undefined => (services ??= read()).byName.get(`${name}/${protocol}`);
