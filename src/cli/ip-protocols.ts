/** Names of the protocols over IP: the machine's /etc/protocols, or a few that everybody has. */
import { readFileSync } from 'node:fs';

const builtIn: Readonly<Record<string, number>> = {
  icmp: 1, igmp: 2, tcp: 6, udp: 17, dccp: 33, ipv6: 41, gre: 47, esp: 50, ah: 51, 'ipv6-icmp': 58, sctp: 132, 'mobility-header': 135, udplite: 136,
};

interface Table { readonly byName: ReadonlyMap<string, number>; readonly byNumber: ReadonlyMap<number, string> }
let table: Table | undefined;

function read(): Table {
  const byName = new Map<string, number>(), byNumber = new Map<number, string>();
  let text = '';
  try { text = readFileSync('/etc/protocols', 'utf8'); } catch { /* Then the built-in ones will do. */ }
  for (const line of text.split('\n')) {
    const [name, number, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (name === undefined || !/^\d+$/.test(number ?? '')) continue;
    if (!byNumber.has(Number(number))) byNumber.set(Number(number), name);
    for (const one of [name, ...aliases]) if (!byName.has(one)) byName.set(one, Number(number));
  }
  if (byName.size === 0) {
    for (const [name, number] of Object.entries(builtIn)) {
      byName.set(name, number);
      byNumber.set(number, name);
    }
  }
  return { byName, byNumber };
}

/** The name of a protocol, or its number. */
export const ipProtocolName = (number: number): string => (table ??= read()).byNumber.get(number) ?? String(number);
export const ipProtocolNumber = (name: string): number | undefined => (table ??= read()).byName.get(name);
