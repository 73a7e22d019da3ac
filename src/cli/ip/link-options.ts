/** Words of `ip link add` and `ip link set`, and of what describes a peer: net/core/rtnetlink.c. */
import { openSync, statfsSync } from 'node:fs';
import type { Context } from '../context.ts';
import { hold } from '../descriptors.ts';
import { exits, noNamespace, notNamespace, usage, CliError } from '../errors.ts';
import { act, at, parse, store, to, type Draft, type Grammar, type Row, type ValueType } from '../grammar.ts';
import { checkName, choice, device, group, integer, mac, onOff, s32, text, u32, word, vlanProtocol } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { programOf, programWords } from './bpf-program.ts';
import { kindOf, kinds, slaveKinds } from './kinds/index.ts';
import { inet } from './link-inet.ts';
import { knownKinds } from './kinds/generic.ts';
import { vrfMaster } from './route-options.ts';

/** What the words say about the command itself rather than about the message. */
export interface Directions {
  /** The device to change, or the name of the one to make. */
  dev?: string;
  name?: string;
  link?: string;
  group?: number;
  /** Kind as typed: `bridge_slave` too. */
  type?: string;
  index?: number;
  creating: boolean;
}

/** Where a draft keeps its directions: not a key of any schema. */
const directions = Symbol('directions');

export function directionsOf(draft: Draft): Directions {
  return ((draft as { [directions]?: Directions })[directions] ??= { creating: false });
}

function direct<K extends keyof Directions>(key: K, type: ValueType): Row {
  return act((draft, value) => { directionsOf(draft)[key] = value as never; }, type);
}

function setFlag(draft: Draft, name: string, on: unknown): void {
  const flags = (draft['flags'] ??= []) as string[];
  const change = (draft['change'] ??= []) as string[];
  if (on) flags.push(name);
  change.push(name);
}

/** A device flag given as on or off. */
function flag(name: string, invert = false): Row {
  return act((draft, value) => setFlag(draft, name, invert ? !value : value), onOff);
}

/** Where named namespaces are kept (ip-netns(8)). */
export const netnsFolder = '/var/run/netns';

/** The file system that namespaces are files of (linux/magic.h). */
const NSFS_MAGIC = 0x6e736673;

/** A namespace by name, path or pid; a descriptor stays open until the line is over. */
export function namespaceInto(draft: Draft, value: unknown, context: Context): void {
  const given = String(value);
  const path = given.includes('/') ? given : `${netnsFolder}/${given}`;
  if (given === '') throw noNamespace(given);
  try {
    const { type } = statfsSync(path);
    if (!context.options.dryRun && type !== NSFS_MAGIC) throw notNamespace(given);
    draft['netNsFd'] = hold(openSync(path, 'r'));
    return;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as { code?: string };
    if (/^\d+$/.test(given)) {
      draft['netNsPid'] = Number(given);
      return;
    }
    if (context.options.dryRun) {
      draft['netNsFd'] = 0;
      return;
    }
    if (code === 'EACCES' || code === 'EPERM') throw new CliError(`namespace "${given}" may not be opened`, exits.noTransport);
    throw noNamespace(given);
  }
}

const netns: ValueType = { ...text('{ NAME | PID }'), completes: 'netns' };

/** iproute2's word for the schema's stablePrivacy. */
const addrGenModes = choice({ eui64: 'eui64', none: 'none', stable_secret: 'stablePrivacy', random: 'random' }, true);

const type: Row = act(
  (draft, value, context, words) => {
    const name = String(value);
    directionsOf(draft).type = name;
    readKind(draft, name, words, context);
  },
  { ...text('TYPE'), completes: 'kind' },
  { last: true },
);

/** The words after `type KIND` belong to the kind. */
export function readKind(draft: Draft, name: string, words: Words, context: Context): void {
  const { creating } = directionsOf(draft);
  const slave = name.endsWith('_slave') ? name.slice(0, -'_slave'.length) : undefined;
  if (slave !== undefined) {
    const kind = slaveKinds[slave];
    if (!kind) throw usage(`"${name}" is not a kind of port`, didYouMean(name, Object.keys(slaveKinds).map((key) => `${key}_slave`)));
    const data = parse(kind.options, words, {}, context);
    store(draft, 'linkinfo.slaveKind', slave);
    if (Object.keys(data).length > 0) store(draft, 'linkinfo.slaveData', data);
    return;
  }
  store(draft, 'linkinfo.kind', name);
  const kind = inPairs.has(name) ? withPeer(name) : kindOf(name);
  if (words.done && !creating) return;
  // Without a word nothing is sent, not even the defaults.
  const start = words.done ? undefined : kind.start?.(creating ? undefined : present(draft, context));
  const data = parse(kind.options, words, start ?? {}, context);
  kind.finish?.(data, context, creating);
  if (Object.keys(data).length > 0) store(draft, 'linkinfo.data', data);
}

/** The data of the link that is changed. */
function present(draft: Draft, context: Context): Draft | undefined {
  const { dev, name } = directionsOf(draft);
  const target = dev ?? name;
  return target === undefined ? undefined : (at(context.links.object(context.links.index(target)), 'linkinfo.data') as Draft | undefined);
}

const inPairs = new Set(['veth', 'vxcan', 'netkit']);

/** Kinds that come in pairs: what follows `peer` describes the other end as any link is described. */
function withPeer(name: string): ReturnType<typeof kindOf> {
  const kind = kindOf(name);
  const peer: Row = act((draft, _value, context, words) => {
    if (kind.peer) {
      kind.peer(draft, words, context);
      if (words.done) return;
    }
    const other: Draft = {};
    directionsOf(other).creating = true;
    parse(peerOptions, words, other, context);
    const { name: peerName, dev } = directionsOf(other);
    finishName(other, peerName ?? dev);
    draft[name === 'netkit' ? 'peerInfo' : 'peer'] = other;
  }, undefined, { last: true, follows: peerOptions });
  return { ...kind, options: { ...kind.options, peer } };
}

function finishName(draft: Draft, name: string | undefined): void {
  const index = directionsOf(draft).index;
  if (index !== undefined) draft['index'] = index;
  if (name !== undefined) draft['ifname'] = checkName(name);
}

const vf: Row = act((draft, value, context, words) => {
  const list = ((draft['vfinfoList'] ??= { info: [] }) as { info: Draft[] }).info;
  const entry: Draft = {};
  const number = Number(value);
  while (!words.done) {
    const key = words.peek() as string;
    if (!(key in vfWords)) break;
    words.next();
    (vfWords[key] as VfWord)(entry, number, words, context, key);
  }
  list.push(entry);
}, { ...u32('NUM'), get choices() { return [...Object.keys(vfWords), 'qos', 'proto', 'auto', 'enable', 'disable']; } }, { repeat: true });

type VfWord = (entry: Draft, vf: number, words: Words, context: Context, after: string) => void;

function vfSetting(key: string, type: ValueType): VfWord {
  return (entry, number, words, context, after) => { entry[key] = { vf: number, setting: type.read(words, context, after) }; };
}

/** Both limits go in one attribute. */
function vfRate(key: 'maxTxRate' | 'minTxRate'): VfWord {
  return (entry, number, words, context, after) => {
    entry['rate'] = { vf: number, minTxRate: 0, maxTxRate: 0, ...(entry['rate'] as Draft | undefined), [key]: u32('MBITS').read(words, context, after) };
  };
}

/** Eight bytes in hexadecimal, as InfiniBand names nodes and ports. */
function vfGuid(key: 'ibNodeGuid' | 'ibPortGuid'): VfWord {
  return (entry, number, words, _context, after) => {
    const given = words.next(after), digits = given.replaceAll(':', '');
    if (!/^[0-9a-f]{16}$/i.test(digits)) throw usage(`"${given}" is not a GUID for "${after}"`, 'eight bytes in hexadecimal: 00:11:22:33:44:55:66:77');
    entry[key] = { vf: number, guid: BigInt(`0x${digits}`) };
  };
}

/** What may follow `vf NUM`. */
const vfWords: Readonly<Record<string, VfWord>> = {
  mac: (entry, number, words, context, after) => {
    const bytes = new Uint8Array(32);
    bytes.set(String(mac.read(words, context, after)).split(':').map((byte) => Number.parseInt(byte, 16)));
    entry['mac'] = { vf: number, mac: bytes };
  },
  vlan: (entry, number, words, context, after) => {
    const vlan = integer('VLANID', 0, 4095).read(words, context, after);
    const qos = words.take('qos') ? integer('QOS', 0, 7).read(words, context, 'qos') : 0;
    // A tag of another protocol goes in a list, as the older attribute has no place for it.
    if (words.take('proto')) entry['vlanList'] = { info: [{ vf: number, vlan, qos, vlanProto: vlanProtocol.read(words, context, 'proto') }] };
    else entry['vlan'] = { vf: number, vlan, qos };
  },
  node_guid: vfGuid('ibNodeGuid'),
  port_guid: vfGuid('ibPortGuid'),
  rate: (entry, number, words, context, after) => { entry['txRate'] = { vf: number, rate: u32('MBITS').read(words, context, after) }; },
  max_tx_rate: vfRate('maxTxRate'),
  min_tx_rate: vfRate('minTxRate'),
  spoofchk: vfSetting('spoofchk', onOff),
  trust: vfSetting('trust', onOff),
  query_rss: vfSetting('rssQueryEn', onOff),
  state: (entry, number, words, context, after) => {
    entry['linkState'] = { vf: number, linkState: choice({ auto: 0, enable: 1, disable: 2 }).read(words, context, after) };
  },
};

const off = 'off';
const xdpWords: ValueType = {
  ...programWords,
  name: `{ off | ${programWords.name.slice(2)}`,
  choices: [off, 'none', ...(programWords.choices ?? [])],
  read: (words, context, after) => (words.take(off, 'none') ? off : programWords.read(words, context, after)),
};

/** A program for what arrives. With -force it takes the place of another. */
function xdp(mode?: string): Row {
  return act((draft, value, context) => {
    const flags = [...(context.options.force ? [] : ['updateIfNoexist']), ...(mode === undefined ? [] : [mode])];
    const fd = value === off ? -1 : programOf(value, 'xdp', context, mode === 'hwMode' ? offloadedTo(draft, context) : undefined).fd;
    draft['xdp'] = { fd, ...(flags.length > 0 && { flags }) };
  }, xdpWords);
}

/** A program is made for the device, which must be known by then. */
function offloadedTo(draft: Draft, context: Context): number {
  const { dev, name } = directionsOf(draft), target = dev ?? name;
  if (target === undefined) throw usage('xdpoffload: onto which device?', 'ip link set dev DEVICE xdpoffload object FILE');
  return context.links.index(target);
}

/** Words that describe a link, wherever it is described. */
const description: Grammar = {
  'txqueuelen|txqlen|qlen': to('txqlen', u32('PACKETS')),
  address: to('address', mac),
  'broadcast|brd': to('broadcast', mac),
  mtu: to('mtu', u32('BYTES')),
  index: direct('index', integer('INDEX', 1, 0x7fffffff)),
  numtxqueues: to('numTxQueues', u32('COUNT')),
  numrxqueues: to('numRxQueues', u32('COUNT')),
  netns: act(namespaceInto, netns),
  up: act((draft) => setFlag(draft, 'up', true)),
  down: act((draft) => setFlag(draft, 'up', false)),
  arp: flag('noarp', true),
  dynamic: flag('dynamic'),
  multicast: flag('multicast'),
  allmulticast: flag('allmulti'),
  promisc: flag('promisc'),
  trailers: flag('notrailers', true),
  carrier: to('carrier', onOff),
  'alias|ifalias': to('ifalias', text('TEXT')),
  group: act((draft, value) => { draft['group'] = value; }, group),
  master: to('master', device),
  nomaster: { path: 'master', is: 0 },
  vrf: vrfMaster,
  addrgenmode: to('afSpec.inet6.addrGenMode', addrGenModes),
  inet,
  'link-netnsid': to('linkNetnsid', s32('ID')),
  'link-netns': act(linkNamespace, netns),
  protodown: to('protoDown', onOff),
  protodown_reason: act((draft, value) => Object.assign((draft['protoDownReason'] ??= { mask: 0, value: 0 }) as Draft, value), {
    name: 'BIT { on | off }',
    read(words, context, after) {
      const bit = Number(integer('BIT', 0, 31).read(words, context, after));
      return { mask: 2 ** bit, value: onOff.read(words, context, after) ? 2 ** bit : 0 };
    },
  }),
  gso_max_size: to('gsoMaxSize', u32('BYTES')),
  gso_max_segs: to('gsoMaxSegs', u32('PACKETS')),
  gro_max_size: to('groMaxSize', u32('BYTES')),
  gso_ipv4_max_size: to('gsoIpv4MaxSize', u32('BYTES')),
  gro_ipv4_max_size: to('groIpv4MaxSize', u32('BYTES')),
  mode: to('linkmode', choice({ default: 'default', dormant: 'dormant' })),
  state: to('operstate', choice({ unknown: 0, notpresent: 1, down: 2, lowerlayerdown: 3, testing: 4, dormant: 5, up: 6 }, true)),
  parentdev: to('parentDevName', text('NAME')),
  xdp: xdp(),
  xdpgeneric: xdp('skbMode'),
  xdpdrv: xdp('drvMode'),
  xdpoffload: xdp('hwMode'),
  vf,
};

/** The id that this namespace has for another one; asked of the kernel. */
function linkNamespace(draft: Draft, value: unknown, context: Context): void {
  const draftNs: Draft = {};
  namespaceInto(draftNs, value, context);
  const { netNsFd, netNsPid } = draftNs as { netNsFd?: number; netNsPid?: number };
  const answer = context.kernel.get('getnsid', { family: 'unspec', ...(netNsFd !== undefined ? { fd: netNsFd } : { pid: netNsPid }) });
  const id = answer?.['nsid'];
  if (typeof id !== 'number' || id < 0) throw usage(`namespace "${String(value)}" has no id here`, `ip netns set ${String(value)} auto`);
  draft['linkNetnsid'] = id;
}

const deviceWord = word('DEVICE', (given) => given, { completes: 'link' });

/** A peer has the words of a new link, but no kind of its own. */
export const peerOptions: Grammar = { ...description, name: direct('name', text('NAME')), dev: direct('dev', text('NAME')), '': { ...direct('dev', text('NAME')), same: ['name', 'dev'] } };

export const addOptions: Grammar = {
  link: direct('link', deviceWord),
  name: direct('name', text('NAME')),
  dev: direct('dev', text('NAME')),
  ...description,
  type,
  '': { ...direct('dev', text('NAME')), same: ['name', 'dev'] },
};

export const setOptions: Grammar = {
  dev: direct('dev', deviceWord),
  name: direct('name', text('NEWNAME')),
  link: direct('link', deviceWord),
  ...description,
  group: direct('group', group),
  type,
  '': { ...direct('dev', deviceWord), same: ['dev', 'group'] },
};

export const deleteOptions: Grammar = {
  dev: direct('dev', deviceWord),
  group: direct('group', group),
  type,
  '': { ...direct('dev', deviceWord), same: ['dev', 'group'] },
};

/** For help: the words of a kind, its peer's among them. */
export function kindGrammar(name: string): Grammar {
  return (inPairs.has(name) ? withPeer(name) : kindOf(name)).options;
}

/** For completion: the words after `type KIND`, of ports too. */
export function wordsOf(name: string): Grammar {
  return name.endsWith('_slave') ? slaveKinds[name.slice(0, -'_slave'.length)]?.options ?? {} : kindGrammar(name);
}

/** For help and completion: kinds that `type` takes. */
export function kindNames(): string[] {
  return [...new Set([...Object.keys(kinds), ...knownKinds(), ...Object.keys(slaveKinds).map((kind) => `${kind}_slave`)])].sort();
}

