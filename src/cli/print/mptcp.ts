/** Endpoints, limits and events of MPTCP as `ip mptcp` prints them. */
import { linkName } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';

type Addressed = { addr4?: string; addr6?: string };

/** Flags by name: words in text, keys in JSON; those without a name in hex. */
function flags(printer: Printer, { flags: all = [] }: { flags?: readonly (string | number)[] }): void {
  for (const flag of all) {
    if (typeof flag === 'string') printer.value(flag, `${flag} `, true);
    else printer.value('rawflags', 'rawflags % ', flag.toString(16).padStart(2, '0'));
  }
}

const endpoint: Sheet = [
  ['address', '% ', ({ addr4, addr6 }: Addressed) => addr4 ?? addr6, { host: true }],
  ['port', 'port % ', ({ port }) => port || undefined],
  ['id', 'id % ', 'id'],
  flags as (printer: Printer, object: Json) => void,
  ['dev', 'dev % ', ({ ifIdx }) => ifIdx || undefined, linkName],
];

export function printEndpoint(printer: Printer, { addr }: Json): void {
  printer.object(null, () => printer.sheet(endpoint, addr as Json));
  printer.text('\n');
}

const limits: Sheet = [
  ['add_addr_accepted', 'add_addr_accepted % ', 'rcvAddAddrs'],
  ['subflows', 'subflows % ', 'subflows'],
];

export function printLimits(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(limits, body));
  printer.text('\n');
}

/** What iproute2 calls the events whose names are others. */
const events: Readonly<Record<string, string>> = {
  created: 'CREATED', established: 'ESTABLISHED', closed: 'CLOSED', announced: 'ANNOUNCED', removed: 'REMOVED', subEstablished: 'SF_ESTABLISHED', subClosed: 'SF_CLOSED', subPriority: 'SF_PRIO',
  listenerCreated: 'LISTENER_CREATED', listenerClosed: 'LISTENER_CLOSED',
};
const hexadecimal = (width: number, prefix = '') => ({ text: (value: unknown) => `${prefix}${Number(value).toString(16).padStart(width, '0')}` });

const event: Sheet = [
  ['token', ' token=%', 'token', hexadecimal(8)],
  ['remid', ' remid=%', 'remId'],
  ['locid', ' locid=%', 'locId'],
  ...['saddr4', 'daddr4', 'saddr6', 'daddr6', 'sport', 'dport', 'backup', 'error'].map((key) => [key, ` ${key}=%`, key] as const),
  ['flags', ' flags=%', 'flags', hexadecimal(0)],
  ['timeout', ' timeout=%', 'timeout'],
  ['ifindex', ' ifindex=%', 'ifIdx'],
  ['reset_reason', ' reset_reason=%', 'resetReason'],
  ['reset_flags', ' reset_flags=%', 'resetFlags', hexadecimal(0, '0x')],
];

/** A line an event, as it comes. */
export function printEvent(printer: Printer, body: Json): void {
  const name = events[body['cmd'] as string];
  printer.object(null, () => {
    printer.value('event', null, body['cmd']);
    printer.text(name === undefined ? `[UNKNOWN ${String(body['cmd'])}]` : `[${name.padStart(16)}]`);
    if (name !== undefined) printer.sheet(event, body);
  });
  printer.text('\n');
}
