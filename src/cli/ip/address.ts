/** `ip address`: net/ipv4/devinet.c, net/ipv6/addrconf.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { address, choice, deviceName, lifetime, parseAddress, parsePrefix, scope, text, u32, word, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { echo } from './echo.ts';
import { flush } from './address-flush.ts';
import { printAddress } from '../print/address.ts';
import { Printer } from '../print/printer.ts';
import { addresses, addressMatches, filterOptions, show, type AddressFilter } from './address-show.ts';
import { load, restore, save, savedAddresses } from './saved.ts';

interface Wanted {
  local?: Prefix;
  peer?: Prefix;
  dev?: string;
  scope?: number;
  broadcast?: string;
  label?: string;
}

const prefixWord = word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family));

function wanted<K extends keyof Wanted>(key: K) {
  return (draft: Draft, value: unknown): void => { draft[key] = value; };
}

/** Flags that may be asked for, by iproute2's words. */
export const configFlags = {
  home: 'homeaddress', homeaddress: 'homeaddress', nodad: 'nodad', mngtmpaddr: 'managetempaddr', noprefixroute: 'noprefixroute',
  autojoin: 'mcautojoin', optimistic: 'optimistic', stable_privacy: 'stablePrivacy',
} as const;

const flagRows: Grammar = Object.fromEntries(Object.entries(configFlags).map(([name, flag]) => [
  name,
  act((draft) => { ((draft['flags'] ??= []) as string[]).push(flag); }),
]));

/** IFAPROT_*. */
const addressProtocol = choice({ unspec: 0, kernel_lo: 1, kernel_ra: 2, kernel_ll: 3 }, true);

const options: Grammar = {
  'peer|remote': act(wanted('peer'), prefixWord),
  'broadcast|brd': act(wanted('broadcast'), word('{ ADDRESS | + | - }', (given, context, after) =>
    (given === '+' || given === '-' ? given : parseAddress(given, after, context.options.family).address))),
  anycast: act((draft, value) => { draft['anycast'] = (value as { address: string }).address; }, address),
  scope: act(wanted('scope'), scope),
  dev: act(wanted('dev'), deviceName),
  label: act(wanted('label'), text('LABEL')),
  'metric|priority|preference': to('rtPriority', u32('METRIC')),
  'protocol|proto': to('proto', addressProtocol),
  valid_lft: to('valid', lifetime),
  preferred_lft: to('prefered', lifetime),
  ...flagRows,
  local: act(wanted('local'), prefixWord),
  '': act(wanted('local'), prefixWord, { same: ['local'] }),
};

/** The broadcast address of a prefix, host bits all set. */
export function broadcastOf(local: string, length: number, bit: 1 | 0 = 1): string {
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  const number = local.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const value = ((number & mask) | (bit ? ~mask : 0)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function body(context: Context, words: Words, deleting: boolean): Draft {
  const draft: Draft = parse(options, words, {}, context);
  const { local, peer, dev, scope: given, broadcast, label, flags, valid, prefered, rtPriority, anycast } = draft as Wanted & {
    flags?: string[]; valid?: number; prefered?: number; rtPriority?: number; anycast?: string;
  };
  if (dev === undefined) throw usage('which link is the address for?', `ip address ${deleting ? 'del' : 'add'} PREFIX dev DEVICE`);
  if (!local && !deleting) throw usage('which address?', 'ip address add 10.0.0.1/24 dev DEVICE');
  if (local?.address === '0.0.0.0' && !deleting) throw usage('0.0.0.0 is no address of a link');
  const family = local?.family ?? context.options.family ?? 'inet';
  if (peer && local && peer.family !== local.family) throw usage(`${peer.address} and ${local.address} are of different families`);
  if (label !== undefined && label.length > 15) throw usage(`"${label}" is too long for a label`, 'at most 15 bytes');
  const prefixlen = peer ? peer.length : (local?.length ?? 0);
  const inet6 = family === 'inet6';
  const message: Draft = {
    family,
    prefixlen,
    scope: given ?? (local && !deleting ? defaultScope(local) : 0),
    ...(flags && flags.every((flag) => low.has(flag)) && { flags }),
  };
  if (local) message['local'] = local.address;
  // Without a length, an IPv4 address is deleted whatever its length is.
  if (local && (peer || !deleting || inet6 || local.explicit)) message['address'] = (peer ?? local).address;
  if (broadcast !== undefined) {
    if (inet6) throw usage('broadcast addresses are for IPv4 only');
    if (broadcast === '+' || broadcast === '-') {
      // One of 31 or 32 bits has none (RFC 3021), and lines that say it of all addresses are taken, as iproute2 takes them.
      if (local && prefixlen <= 30) message['broadcast'] = broadcastOf(local.address, prefixlen, broadcast === '+' ? 1 : 0);
    } else message['broadcast'] = broadcast;
  }
  if (anycast !== undefined) message['anycast'] = anycast;
  if (label !== undefined) message['label'] = label;
  if (flags && flags.some((flag) => !low.has(flag))) message['allFlags'] = flags;
  if (rtPriority !== undefined) message['rtPriority'] = rtPriority;
  if (draft['proto'] !== undefined) message['proto'] = draft['proto'];
  if (valid !== undefined || prefered !== undefined) {
    const forever = 0xffffffff;
    const cache = { prefered: prefered ?? (valid ?? forever), valid: valid ?? forever, cstamp: 0, tstamp: 0 };
    if (cache.valid === 0) throw usage('valid_lft is zero', 'to take an address away: ip address del');
    if (cache.prefered > cache.valid) throw usage(`preferred_lft ${cache.prefered} is longer than valid_lft ${cache.valid}`);
    message['cacheinfo'] = cache;
  }
  message['index'] = context.links.index(dev);
  return message;
}

/** Flags that fit in the header's byte. */
const low = new Set(['nodad', 'optimistic', 'homeaddress']);

/** 127/8 is the host's own. */
function defaultScope(local: Prefix): number {
  return local.family === 'inet' && local.address.startsWith('127.') ? 254 : 0;
}

function change(summary: string, flags: readonly ('create' | 'excl' | 'replace')[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: 'PREFIX dev DEVICE [ OPTIONS ]',
    options,
    run: (context, words) => echo(context, 'newaddr', body(context, words, false), flags),
  };
}

function saveAddresses(context: Context, words: Words): void {
  const filter = parse(filterOptions, words, {}, context) as AddressFilter;
  const index = filter.dev === undefined ? undefined : context.links.index(filter.dev);
  const found = addresses(context, index, true);
  if (!context.options.dryRun) save(context, savedAddresses, found.filter((one) => addressMatches(one, filter, context)));
}

/** Of other links than those here, by their numbers. */
function showSaved(context: Context): void {
  const printer = new Printer(context);
  printer.object(null, () => printer.array('addr_info', () => {
    for (const one of load(savedAddresses)) {
      printer.text(`if${String(one['index'])}:\n`);
      printAddress(printer, one, true);
      printer.text('\n');
    }
  }));
  printer.finish();
}

export const addressCommand: Command = {
  summary: 'addresses of links',
  examples: ['ip address show dev eth0', 'ip address add 10.0.0.1/24 dev br0', 'ip -br address', 'ip address flush dev eth0'],
  otherwise: 'show',
  commands: {
    add: change('give a link an address', ['create', 'excl'], ['ip address add 10.0.0.1/24 dev eth0', 'ip address add 10.9.0.1 peer 10.9.0.2 dev tun0', 'ip address add 10.0.0.5/24 brd + dev eth0 label eth0:web', 'ip address add fd00::1/64 dev eth0 nodad']),
    'change|chg': change('change an address', ['replace'], ['ip address change 10.0.0.1/24 dev eth0 valid_lft 600 preferred_lft 300']),
    replace: change('give a link an address, or change it', ['create', 'replace'], ['ip address replace fd00::1/64 dev eth0']),
    'delete|del': {
      summary: 'take an address away',
      examples: ['ip address del 10.0.0.1/24 dev eth0'],
      usage: 'PREFIX dev DEVICE',
      options,
      run(context, words) {
        context.kernel.change('deladdr', body(context, words, true));
      },
    },
    'show|list|lst': show,
    flush,
    save: {
      summary: 'write addresses to standard output, for restore',
      examples: ['ip address save dev eth0 > FILE'],
      options: filterOptions,
      run: saveAddresses,
    },
    restore: { summary: 'give links the addresses that standard input holds', examples: ['ip address restore < FILE'], run: (context) => restore(context, savedAddresses, load(savedAddresses)) },
    showdump: { summary: 'print the addresses that standard input holds', examples: ['ip address showdump < FILE'], run: showSaved },
  },
};
