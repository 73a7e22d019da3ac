/** How networks and plans look. */
import { blockedLines, linesOf, publishText, type Inspected, type Plan } from '../../network/index.ts';
import { printable } from '../../topology/words.ts';
import type { Context } from '../context.ts';

export const json = ({ out, options }: Context, value: unknown): void => out.write(`${JSON.stringify(value, undefined, options.pretty ? 2 : undefined)}\n`);

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] as number))).join('  ').trimEnd()}\n`).join('');
}
export function printList(context: Context, networks: readonly Inspected[]): void {
  if (context.options.json) return json(context, networks);
  context.out.write(table([['NAME', 'DRIVER', 'STATE', 'CONTAINERS', 'SUBNETS'], ...networks.map(({ name, driver, state, blocked, containers, subnets }) => [name, driver, blocked.length > 0 ? `${state}, blocked` : state, String(Object.keys(containers).length), subnets.map(({ subnet }) => subnet).join(', ')])]));
}

/** Says what of others' firewalls is in the way. */
export const warn = ({ out }: Context, networks: readonly Pick<Inspected, 'name' | 'blocked'>[]): void => {
  for (const { name, blocked } of networks) for (const one of blocked) out.error(`${blockedLines(name, one).join('\n')}\n`);
};

/** What of a network is worth a line. */
const settings = ['parent', 'mode', 'vlan', 'vni', 'local', 'port', 'mtu', 'internal', 'icc', 'hairpin'] as const;
export function printOne(context: Context, network: Inspected): void {
  if (context.options.json) return json(context, [network]);
  const { name, driver, state, subnets, peers = [], reserved = [], labels = {}, containers, blocked } = network, line = (what: string, text: string): void => context.out.write(`  ${what.padEnd(10)}${text}\n`);
  context.out.write(`${name}: ${driver}, ${state}\n`);
  for (const { subnet, gateway, range } of subnets) line('subnet', `${subnet}${gateway === undefined ? '' : ` gateway ${gateway}`}${range === undefined ? '' : ` range ${range}`}`);
  for (const key of settings) if (network[key] !== undefined) line(key, String(network[key]));
  for (const { address, range } of peers) line('peer', `${address}${range === undefined ? '' : ` range ${range}`}`);
  if (reserved.length > 0) line('reserved', reserved.join(', '));
  for (const [key, value] of Object.entries(labels)) line('label', `${key}=${value}`);
  for (const [container, { ifname, addresses, mac, namespace, publish, aliases, alive }] of Object.entries(containers)) {
    line('container', [container, ifname, ...addresses, mac, printable(namespace.path), ...publish.map(publishText), ...aliases.map((alias) => `alias ${alias}`), alive ? '' : 'GONE'].filter(Boolean).join(' '));
  }
  for (const { family, table, chain, allow } of blocked) line('blocked', [`by ${chain} of table ${family} ${table}; allow it:`, ...allow].join('\n    '));
}

export function printPlans(context: Context, plans: readonly Plan[]): void {
  if (context.options.json) return json(context, plans.map(({ operation, steps }) => ({ operation, steps: steps.map((step) => ({ ...step, lines: linesOf(step.do) })) })));
  if (plans.length === 0) context.out.write('# nothing to do\n');
  for (const { operation, steps } of plans) {
    context.out.write(`# ${operation}\n`);
    let rules: string[] = [];
    for (const { do: step } of steps) {
      const lines = linesOf(step);
      if (step.op === 'firewall') rules = lines;
      else for (const line of lines) context.out.write(`${line}\n`);
    }
    if (rules.length > 0) context.out.write(`nft -f - <<'END'\n${rules.join('\n')}\nEND\n`);
  }
}
