/** What `brctl` prints. */
import type { Context } from '../context.ts';
import { at } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import type { Words } from '../words.ts';
import { bridgeIndex } from './change.ts';
import { portStateName } from '../ip/kinds/bridge-slave.ts';

interface Bridges { readonly links: Body[]; readonly bridges: Body[] }

function read(context: Context): Bridges {
  const links = context.kernel.dump('getlink', { extMask: ['vf'] });
  context.links.learn(links);
  return { links, bridges: links.filter((link) => at(link, 'linkinfo.kind') === 'bridge') };
}

/** `8000.024200000001`: priority and address without separators, as bridge-utils writes them. */
function id(value: unknown): string {
  const { prio, addr } = value as { prio: number; addr: string };
  return `${prio.toString(16).padStart(4, '0')}.${addr.replaceAll(':', '')}`;
}

export function show(context: Context, words: Words): void {
  const wanted = words.rest();
  const { links, bridges } = read(context);
  if (context.options.dryRun) return;
  // Those that are there are printed, whatever else was asked for.
  const there = wanted.length === 0 ? [...bridges].sort(byName) : wanted.flatMap((name) => bridges.filter((one) => one['ifname'] === name));
  if (there.length > 0 || wanted.length === 0) context.out.write('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n');
  for (const one of there) {
    const ports = links.filter((link) => link['master'] === one['index']).map((link) => String(link['ifname'])).sort();
    const [first = '', ...others] = ports;
    const stp = Number(at(one, 'linkinfo.data.stpState')) ? 'yes' : 'no';
    context.out.write(`${String(one['ifname'])}\t\t${id(at(one, 'linkinfo.data.bridgeId'))}\t${stp}\t\t${first}\n`);
    for (const port of others) context.out.write(`\t\t\t\t\t\t\t${port}\n`);
  }
  for (const name of wanted) bridgeIndex(context, name);
}

function dataOf(bridges: readonly Body[], index: number): Body {
  return at(bridges.find((one) => one['index'] === index) ?? {}, 'linkinfo.data') as Body;
}

function byName(a: Body, b: Body): number {
  return String(a['ifname']) < String(b['ifname']) ? -1 : 1;
}

/** Numbers of ports, by index. */
function portNumbers(links: readonly Body[], master: number): Map<number, number> {
  return new Map(links.filter((link) => link['master'] === master).map((link) => [Number(link['index']), Number(at(link, 'linkinfo.slaveData.no'))]));
}

export function showMacs(context: Context, words: Words): void {
  const name = words.next('showmacs');
  const master = bridgeIndex(context, name);
  const { links, bridges } = read(context);
  const numbers = portNumbers(links, master);
  const entries = context.kernel.dump('getneigh', { family: 'bridge', master });
  if (context.options.dryRun) return;
  const data = dataOf(bridges, master);
  // An entry that is older is on its way out, and passed over as the kernel passes over it.
  const hold = Number(data[data['topologyChange'] ? 'forwardDelay' : 'ageingTime']);
  context.out.write('port no\tmac addr\t\tis local?\tageing timer\n');
  const rows = entries
    // The bridge's own list, without those of the devices below.
    .filter((entry) => entry['master'] === master && numbers.has(Number(entry['ifindex'])))
    .map((entry) => {
      const state = entry['state'] as string[], local = state.includes('permanent'), fixed = local || state.includes('noarp');
      const age = fixed ? 0 : Number(at(entry, 'cacheinfo.updated') ?? 0);
      return { port: numbers.get(Number(entry['ifindex'])) ?? 0, mac: String(entry['lladdr']), local, age, expired: !fixed && age >= hold && !(entry['flags'] as string[]).includes('extLearned') };
    })
    .filter(({ expired }) => !expired)
    .sort((a, b) => (a.mac < b.mac ? -1 : a.mac > b.mac ? 1 : 0));
  for (const { port, mac, local, age } of rows) {
    context.out.write(`${String(port).padStart(3)}\t${mac}\t${local ? 'yes' : 'no'}\t\t${time(age)}\n`);
  }
}

/** Hundredths as seconds: `%4i.%.2i`. */
function time(ticks: unknown): string {
  const number = Number(ticks ?? 0);
  return `${String(Math.floor(number / 100)).padStart(4)}.${String(number % 100).padStart(2, '0')}`;
}

export function showStp(context: Context, words: Words): void {
  const name = words.next('showstp');
  const master = bridgeIndex(context, name);
  const { links, bridges } = read(context);
  if (context.options.dryRun) return;
  const data = dataOf(bridges, master);
  const out: string[] = [
    name,
    ` bridge id\t\t${id(data['bridgeId'])}`,
    ` designated root\t${id(data['rootId'])}`,
    ` root port\t\t${String(data['rootPort']).padStart(4)}\t\t\tpath cost\t\t${String(data['rootPathCost']).padStart(4)}`,
    pair('max age', 'maxAge', 'bridge max age', 'maxAge', data),
    pair('hello time', 'helloTime', 'bridge hello time', 'helloTime', data),
    pair('forward delay', 'forwardDelay', 'bridge forward delay', 'forwardDelay', data),
    ` ageing time\t\t${time(data['ageingTime'])}`,
    pair('hello timer', 'helloTimer', 'tcn timer', 'tcnTimer', data),
    pair('topology change timer', 'topologyChangeTimer', 'gc timer', 'gcTimer', data),
    ` flags\t\t\t${data['topologyChange'] ? 'TOPOLOGY_CHANGE ' : ''}${data['topologyChangeDetected'] ? 'TOPOLOGY_CHANGE_DETECTED ' : ''}`,
    '',
    '',
  ];
  for (const port of links.filter((link) => link['master'] === master).sort(byName)) out.push(...portLines(port));
  context.out.write(`${out.join('\n')}\n`);
}

function tabs(label: string): string {
  return '\t'.repeat(Math.max(1, 3 - Math.floor((label.length + 1) / 8)));
}

function pair(left: string, leftKey: string, right: string, rightKey: string, data: Body): string {
  return ` ${left}${tabs(left)}${time(data[leftKey])}\t\t\t${right}${tabs(right)}${time(data[rightKey])}`;
}

function portLines(port: Body): string[] {
  const data = at(port, 'linkinfo.slaveData') as Body;
  const number = Number(data['no']);
  const hex = (value: unknown): string => Number(value).toString(16).padStart(4, '0');
  return [
    `${String(port['ifname'])} (${number})`,
    ` port id\t\t${hex(data['id'])}\t\t\tstate\t\t${String(portStateName(data['state'])).padStart(15)}`,
    ` designated root\t${id(data['rootId'])}\tpath cost\t\t${String(data['cost']).padStart(4)}`,
    ` designated bridge\t${id(data['bridgeId'])}\tmessage age timer\t${time(data['messageAgeTimer'])}`,
    ` designated port\t${hex(data['designatedPort'])}\t\t\tforward delay timer\t${time(data['forwardDelayTimer'])}`,
    ` designated cost\t${String(data['designatedCost']).padStart(4)}\t\t\thold timer\t\t${time(data['holdTimer'])}`,
    ` flags\t\t\t${data['configPending'] ? 'CONFIG_PENDING ' : ''}${data['topologyChangeAck'] ? 'TOPOLOGY_CHANGE_ACK ' : ''}`,
    ...(data['mode'] ? [' hairpin mode\t\t   1'] : []),
    '',
  ];
}
