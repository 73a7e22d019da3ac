/** A next hop object, and a bucket of a resilient group. */
import { scopeNumber } from './address.ts';
import { printEncap } from './encap.ts';
import { address, counter, general, numberOf, protocolFormat } from './formats.ts';
import { Raw } from './json.ts';
import type { Format, Json, Printer } from './printer.ts';
import { routeProtocol } from '../../families/route/names.ts';

/** Clock ticks a second (USER_HZ). */
const hertz = 100;

/** Ticks as seconds. */
const seconds = (ticks: unknown): string => general(Number(ticks) / hertz);

const secondsFormat: Format = { text: seconds, json: (ticks) => new Raw(seconds(ticks)) };

/** Words of the flags, in iproute2's order. */
const flagWords = ['dead', 'onlink', 'pervasive', 'offload', 'trap', 'linkdown', 'unresolved'];

function flags(printer: Printer, set: unknown): void {
  const words = flagWords.filter((flag) => ((set ?? []) as string[]).includes(flag));
  printer.list('flags', words, words.map((word) => `${word} `).join(''));
}

/** Members with their weights; a weight of one goes without saying. */
function group(printer: Printer, members: readonly Json[]): void {
  if (printer.json) {
    printer.array('group', () => {
      for (const member of members) printer.object(null, () => {
        printer.value('id', null, member['id']);
        if (weight(member) > 1) printer.value('weight', null, weight(member));
      });
    });
  } else printer.text(`group ${members.map((member) => `${String(member['id'])}${weight(member) > 1 ? `,${weight(member)}` : ''}`).join('/')} `);
}

const weight = (member: Json): number => Number(member['weight'] ?? 0) + 256 * Number(member['weightHigh'] ?? 0) + 1;

function resilient(printer: Printer, args: Json): void {
  printer.object('resilient_args', () => {
    printer.value('buckets', 'buckets % ', args['buckets']);
    printer.value('idle_timer', 'idle_timer % ', args['idleTimer'], secondsFormat);
    printer.value('unbalanced_timer', 'unbalanced_timer % ', args['unbalancedTimer'], secondsFormat);
    printer.value('unbalanced_time', 'unbalanced_time % ', args['unbalancedTime'], secondsFormat);
  });
}

const onOff: Format = { text: (value) => (value ? 'on' : 'off'), json: Boolean };

/** A kernel that was not asked for hardware counters does not say whether there are any: iproute2 says off. */
function counters(printer: Printer, hop: Json): void {
  if (hop['hwStatsEnable'] !== undefined) {
    printer.object('hw_stats', () => {
      printer.value('enabled', 'hw_stats % ', hop['hwStatsEnable'], onOff);
      printer.value('used', 'used % ', hop['hwStatsUsed'] ?? 0, onOff);
    });
  }
  const entries = (hop['groupStats'] as { entry?: Json[] } | undefined)?.entry;
  if (!entries) return;
  printer.newline();
  printer.text('  stats:');
  printer.array('group_stats', () => {
    for (const entry of entries) {
      printer.newline();
      printer.object(null, () => {
        printer.value('id', '    id %', entry['id']);
        printer.value('packets', ' packets %', entry['packets'], counter);
        printer.value('packets_hw', ' packets_hw %', entry['packetsHw'], counter);
      });
    }
  });
}

/** The next hop's fields, without the object around them. */
export function nexthopFields(printer: Printer, hop: Json): void {
  const { names, links } = printer.context;
  printer.value('id', 'id % ', hop['id']);
  const members = hop['group'] as Json[] | undefined;
  if (members) group(printer, members);
  if (hop['groupType'] === 'res') printer.value('type', 'type % ', 'resilient');
  else if (typeof hop['groupType'] === 'number') printer.value('type', 'type % ', '<unknown type>');
  if (hop['resGroup'] !== undefined) resilient(printer, hop['resGroup'] as Json);
  printEncap(printer, hop);
  printer.value('gateway', 'via % ', hop['gateway'], address);
  if (hop['oif'] !== undefined) printer.value('dev', 'dev % ', links.name(Number(hop['oif'])), { paint: 'ifname' });
  const scope = scopeNumber(hop['scope']);
  if (scope !== 0 || printer.details) printer.value('scope', 'scope % ', names.name('rt_scopes', scope));
  if (hop['blackhole']) printer.value('blackhole', 'blackhole ', null);
  if (numberOf(routeProtocol, hop['protocol']) !== 0 || printer.details) printer.value('protocol', 'proto % ', hop['protocol'], protocolFormat);
  flags(printer, hop['flags']);
  if (hop['fdb']) printer.value('fdb', hop['dstPort'] === undefined ? 'fdb' : 'fdb ', null);
  printer.value('dst_port', 'dst_port % ', hop['dstPort']);
  counters(printer, hop);
}

export function printNexthop(printer: Printer, hop: Json): void {
  printer.object(null, () => nexthopFields(printer, hop));
  printer.text('\n');
}

export function printBucket(printer: Printer, hop: Json): void {
  const bucket = (hop['resBucket'] ?? {}) as Json;
  printer.object(null, () => {
    printer.value('id', 'id % ', hop['id']);
    printer.object('bucket', () => {
      printer.value('index', 'index % ', bucket['index']);
      printer.value('idle_time', 'idle_time % ', bucket['idleTime'], secondsFormat);
      printer.value('nhid', 'nhid % ', bucket['nhId']);
    });
    flags(printer, hop['flags']);
  });
  printer.text('\n');
}
