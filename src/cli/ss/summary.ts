/** `ss -s`: how many sockets there are, by /proc/net/sockstat and /proc/net/snmp of a namespace; netlink has no such counts. */
import { readFileSync } from 'node:fs';
import { enter } from '../../namespace/index.ts';
import type { Context } from '../context.ts';
import { toJson } from '../print/json.ts';

const text = (name: string): string => {
  try { return readFileSync(`/proc/thread-self/net/${name}`, 'utf8'); } catch { return ''; }
};
/** `TCP: inuse 1 orphan 0`: line -> word -> number. */
function counts(): Map<string, Map<string, number>> {
  return new Map(`${text('sockstat')}${text('sockstat6')}`.trim().split('\n').map((line) => {
    const [name = '', ...rest] = line.split(/:? +/);
    return [name, new Map(rest.flatMap((word, at) => (at % 2 === 0 ? [[word, Number(rest[at + 1])] as const] : [])))];
  }));
}
function established(): number {
  const [names = '', values = ''] = text('snmp').split('\n').filter((line) => line.startsWith('Tcp:'));
  return Number(values.split(' ')[names.split(' ').indexOf('CurrEstab')] ?? 0);
}

export function printSummary({ options, out }: Context): void {
  const { netns } = options, read = (): [ReturnType<typeof counts>, number] => [counts(), established()];
  const [all, estab] = netns === undefined ? read() : enter(netns, read), of = (line: string, word = 'inuse'): number => all.get(line)?.get(word) ?? 0;
  const tcp4 = of('TCP'), tcp6 = of('TCP6'), timewait = of('TCP', 'tw'), alloc = of('TCP', 'alloc');
  const rows = { RAW: [of('RAW'), of('RAW6')], UDP: [of('UDP'), of('UDP6')], TCP: [tcp4, tcp6], INET: [of('RAW') + of('UDP') + tcp4, of('RAW6') + of('UDP6') + tcp6], FRAG: [of('FRAG'), of('FRAG6')] } as const;
  const tcp = { total: alloc + timewait, estab, closed: alloc - (tcp4 + tcp6 - timewait), orphaned: of('TCP', 'orphan'), timewait };
  if (options.json) {
    out.write(`${toJson({ total: of('sockets', 'used'), tcp, transport: Object.fromEntries(Object.entries(rows).map(([name, [ip, ipv6]]) => [name.toLowerCase(), { total: ip + ipv6, ip, ipv6 }])) }, options.pretty)}\n`);
    return;
  }
  out.write(`Total: ${of('sockets', 'used')}\nTCP:   ${tcp.total} (estab ${estab}, closed ${tcp.closed}, orphaned ${tcp.orphaned}, timewait ${timewait})\n\nTransport Total     IP        IPv6\n`);
  for (const [name, [ip, ipv6]] of Object.entries(rows)) out.write(`${name}\t  ${[ip + ipv6, ip, ipv6].map((count) => String(count).padEnd(9)).join(' ')}\n`);
  out.write('\n');
}
