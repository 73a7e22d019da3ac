/**
 * Families of generic netlink by their clients: the kernel's own list of commands, groups and policies, and harmless reads beside what tools, /proc and /sys
 * say. What a kernel does not have is skipped, with the reason.
 */
import { spawnSync } from 'node:child_process';
import { openSync as openFile, readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { resolve, type AnyCodec, type AnyGenericFamily, type Attrs, type MessageType, type Policy, type Shape } from '../../src/codec/index.ts';
import {
  batadv, devlink, dropMonitor, families, gtp, hsr, hwsim, nbd, netdev, netlabel, netlabelUnlabeled, nfc, nfsd, nl80211, nl802154, nlctrl, psample, smc, taskstats, team, thermal, tipc,
  type BatadvState, type Devlink, type GenericFamilyInfo, type GtpContext, type HsrNode, type NetdevDevice, type NetdevQueue, type NetlabelDomain, type NfsdServerStats, type Nl80211, type TaskstatsAnswer, type TeamState, type ThermalState, type TipcState,
} from '../../src/families/generic/index.ts';
import { openSync, type FamilyClient } from '../../src/generic/index.ts';
import { walk } from '../support/schemas.ts';
import { has, isolate, kernelVersion, sh } from './support.ts';

/** The namespace that this process began in: where families are that know no other. */
const FIRST = { fd: openFile('/proc/self/ns/net', 'r') } as const;
const why = isolate();
if (why) console.warn(`skipped: ${why}`);
/** A line said there. */
const outside = (line: string): string => sh(`nsenter --net=/proc/${process.pid}/fd/${FIRST.fd} ${line}`);
/** In a virtual machine every module may be loaded. */
if (!why && process.env['NLKIT_VM']) for (const { module } of families) if (module !== undefined) spawnSync('modprobe', ['-q', module]);

type Where = typeof FIRST | undefined;
const opened = <F extends AnyGenericFamily>(family: F, namespace: Where): FamilyClient<F> => openSync(family, namespace ? { namespace } : {});
/** A test of what a family tells; skipped, with the reason, where the kernel does not have it or a line of the set-up fails. */
function reads<F extends AnyGenericFamily>(family: F, title: string, given: { where?: Where; tool?: string; setup?: string }, body: (client: FamilyClient<F>) => void): void {
  const { where, tool, setup } = given;
  const lacking = why ?? (tool !== undefined && !has(tool) ? `${tool} is not installed` : undefined) ?? (() => {
    try {
      if (setup !== undefined) sh(setup);
      opened(family, where).close();
      return undefined;
    } catch (error) { return (error as Error).message; }
  })();
  if (lacking && !why) console.warn(`skipped: ${family.name}: ${title}: ${lacking}`);
  test.skipIf(lacking)(`${family.name}: ${title}`, () => {
    using client = opened(family, where);
    body(client);
  });
}
const all = <T>(client: FamilyClient<AnyGenericFamily>, command: string, body: object = {}): T[] => client.dumpSync({ message: client.protocol.messages[command] as MessageType, body }) as T[];
const one = <T>(client: FamilyClient<AnyGenericFamily>, command: string, body: object = {}): T => client.requestSync({ message: client.protocol.messages[command] as MessageType, body })[0]?.body as T;
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');
const indexOf = (link: string): number => (JSON.parse(sh(`ip -j link show ${link}`)) as { ifindex: number }[])[0]!.ifindex;

describe.skipIf(why)('what the kernel lists', () => {
  const where = ((): Where => { try { openSync(nlctrl, { namespace: FIRST }).close(); return FIRST; } catch { return undefined; } })();
  const byName = new Map(families.map((family) => [family.name, family]));
  /** Patterns of what a kernel checks for and never sees. */
  const unlike: Readonly<Record<string, string>> = {
    'SEG6: SEG6_ATTR_HMACINFO is nested, .*': 'net/ipv6/seg6.c neither reads nor tells it',
    'thermal: THERMAL_GENL_ATTR_TZ_GOV is nested, .*': 'drivers/thermal/thermal_netlink.c neither reads nor tells it',
    'IPVS: (IPVS_INFO_ATTR_\\w+ is nested, .*|attribute [3-6] .*)': 'IPVS_CMD_GET_INFO takes nothing; the policy is that of the other commands',
    'MAC80211_HWSIM: NL80211_(PMSR_FTM|RATE_INFO)_\\w+ is \\w+, not \\w+': 'drivers/net/wireless/virtual/mac80211_hwsim.c takes measurements in numbers and widths of its own',
    'nl80211: NL80211_ATTR_BSS_PARAM is flag, .*': 'what is asked is a flag, what is told a nest: bytes are both',
    'nl802154: (command 4[1-3]|NL802154_ATTR_SEC_\\w+ is .*)': 'CONFIG_IEEE802154_NL802154_EXPERIMENTAL: their numbers follow those of all others, which became more',
    'ovs_ct_limit: OVS_CT_LIMIT_ATTR_ZONE_LIMIT is nested, .*': 'net/openvswitch/conntrack.c reads structs out of the nest',
  };
  /** NL_ATTR_TYPE_* of a number -> its bytes. */
  const sizes: Readonly<Record<string, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8 };
  const sizeOf = (c: AnyCodec): number | undefined => { const { base, size } = c as AnyCodec & { base?: { size: number }; size?: number }; return base?.size ?? size; };
  /** Whether a schema is of the type that the kernel checks for. */
  function agrees(type: string, codec: AnyCodec): boolean {
    const c = resolve(codec) as AnyCodec & { element?: AnyCodec; cases?: Record<string, AnyCodec>; otherwise?: AnyCodec };
    if (c.kind === 'multi') return agrees(type, c.element!) || type === 'nested';
    if (c.kind === 'select') return [...Object.values(c.cases!), c.otherwise!].some((some) => agrees(type, some));
    if (type in sizes) return sizeOf(c) === sizes[type];
    switch (type) {
      case 'flag': return c.kind === 'flag';
      case 'string': case 'nulString': return c.kind === 'text' || c.kind === 'binary';
      case 'nested': return ['attrs', 'indexed', 'keyed', 'sequence'].includes(c.kind);
      case 'nestedArray': return c.kind === 'indexed' || c.kind === 'keyed';
      case 'bitfield32': return c.kind === 'struct' && sizeOf(c) === 8;
      case 'uint': case 'sint': return c.kind === 'wide' || sizeOf(c) === 4 || sizeOf(c) === 8;
      default: return c.kind !== 'flag';
    }
  }
  const within = (set: Attrs<Shape>): Attrs<Shape>[] => {
    const found: Attrs<Shape>[] = [];
    walk(set, '', (codec) => { if (codec.kind === 'attrs') found.push(codec as Attrs<Shape>); });
    return found;
  };
  type Policies = Record<number, Record<number, Policy>>;
  function compare(path: string, set: Attrs<Shape>, index: number, policies: Policies, wrong: Set<string>, seen: Set<string>): void {
    const once = `${set.prefix} ${index}`;
    if (seen.has(once)) return;
    seen.add(once);
    for (const [number, { type, policyIdx }] of Object.entries(policies[index] ?? {})) {
      // One policy may be that of a set and of the nests in it.
      const attribute = set.byNumber.get(Number(number)) ?? within(set).find((nest) => nest.prefix === set.prefix && nest.byNumber.has(Number(number)))?.byNumber.get(Number(number));
      if (!attribute) { wrong.add(`${path}: attribute ${number} of type ${String(type)} is not declared`); continue; }
      if (typeof type !== 'string' || type === 'invalid') continue;
      if (!agrees(type, attribute.codec)) wrong.add(`${path}: ${attribute.name} is ${type}, not ${(resolve(attribute.codec) as { type?: string }).type ?? attribute.codec.kind}`);
      const inner = resolve(attribute.codec) as AnyCodec & { element?: AnyCodec }, nest = resolve(inner.kind === 'multi' || type === 'nestedArray' ? inner.element ?? inner : inner);
      if (policyIdx !== undefined && nest.kind === 'attrs') compare(path, nest as Attrs<Shape>, policyIdx, policies, wrong, seen);
    }
  }

  test('its families, commands, groups and what it checks are declared', () => {
    using client = openSync(nlctrl, where ? { namespace: where } : {});
    const missing = new Set<string>(), met: string[] = [];
    for (const info of all<GenericFamilyInfo>(client, 'getfamily')) {
      const { familyName = '', familyId = 0, ops = [], mcastGroups = [] } = info, family = byName.get(familyName);
      if (!family) { console.warn(`not declared: ${familyName}`); continue; }
      met.push(familyName);
      const { commands, events } = family.at(familyId).byNumber.get(familyId)!;
      for (const { id } of ops) if (!commands!.has(id!) && !events?.commands?.has(id!)) missing.add(`${familyName}: command ${id}`);
      for (const { name } of mcastGroups) if (!Object.values(family.groups).includes(name!)) missing.add(`${familyName}: group ${name}`);
      // A family without policies: ENODATA or EOPNOTSUPP.
      const told = (() => { try { return all<GenericFamilyInfo>(client, 'getpolicy', { familyId }); } catch { return []; } })();
      const policies: Policies = {}, uses = new Map<number, number>();
      for (const { policy = {}, opPolicy = {} } of told) {
        for (const [index, some] of Object.entries(policy)) policies[Number(index)] = { ...policies[Number(index)], ...some };
        for (const [op, { do: index, dump = index }] of Object.entries(opPolicy)) if (dump !== undefined) uses.set(Number(op), index ?? dump);
      }
      const seen = new Set<string>();
      for (const [op, index] of uses) {
        const request = commands!.get(op)?.request as (AnyCodec & { attrs?: Attrs<Shape> }) | undefined;
        if (request?.attrs) compare(familyName, request.attrs, index, policies, missing, seen);
      }
    }
    expect([...missing].filter((one) => !Object.keys(unlike).some((pattern) => new RegExp(`^(${pattern})$`).test(one)))).toEqual([]);
    expect(met).toContain('nlctrl');
    console.log(`looked at ${met.join(' ')}`);
  });
});

describe('harmless reads', () => {
  reads(netdev, 'devices and their queues, as rtnetlink has them', { tool: 'ip', setup: 'ip link add q0 numtxqueues 3 numrxqueues 2 type veth peer name q1 numtxqueues 2 numrxqueues 3 && ip link set q0 up && ip link set q1 up' }, (client) => {
    const links = JSON.parse(sh('ip -j link')) as { ifindex: number; ifname: string }[];
    const devices = all<NetdevDevice>(client, 'devGet');
    expect(devices.map(({ ifindex }) => ifindex).sort()).toEqual(links.map(({ ifindex }) => ifindex).sort());
    const ifindex = indexOf('q0');
    expect(one<NetdevDevice>(client, 'devGet', { ifindex })).toEqual(devices.find((some) => some.ifindex === ifindex));
    // veth redirects packets that XDP says to (NETDEV_XDP_ACT_BASIC, NETDEV_XDP_ACT_REDIRECT).
    expect(devices.find((some) => some.ifindex === ifindex)!.xdpFeatures! & 3n).toBe(3n);
    const queues = (() => { try { return all<NetdevQueue>(client, 'queueGet', { ifindex }); } catch { return undefined; } })();
    if (!queues) console.warn('skipped: this kernel tells no queues (before 6.8)');
    else expect(queues.map(({ type, id }) => `${String(type)} ${id}`).sort()).toEqual(['rx 0', 'rx 1', 'tx 0', 'tx 1', 'tx 2']);
  });

  reads(taskstats, 'this process, as /proc has it', { where: FIRST }, (client) => {
    const { stats } = one<TaskstatsAnswer>(client, 'get', { pid: process.pid }).aggrPid!;
    const status = Object.fromEntries(linesOf(`/proc/${process.pid}/status`).map((line) => line.split(/:\s*/) as [string, string]));
    expect(stats).toMatchObject({ acComm: status['Name'], acPid: process.pid, acPpid: Number(status['PPid']), acUid: Number(status['Uid']!.split('\t')[0]) });
    expect(stats!.version).toBeGreaterThanOrEqual(13);
  });

  // Its dumps bear no sequence number (thermal_genl_cmd_dumpit), so that nobody asked for them: zones are asked for one by one.
  reads(thermal, 'trips of zones, as /sys has them', { where: FIRST, setup: 'ls -d /sys/class/thermal/thermal_zone*' }, (client) => {
    for (const name of readdirSync('/sys/class/thermal').filter((some) => some.startsWith('thermal_zone'))) {
      const trips = one<ThermalState>(client, 'tzGetTrip', { tzId: Number(name.slice(12)) }).tzTrip ?? [];
      expect(trips.map(({ tzTripTemp }) => tzTripTemp)).toEqual(trips.map(({ tzTripId }) => Number(linesOf(`/sys/class/thermal/${name}/trip_point_${tzTripId}_temp`)[0])));
    }
  });

  reads(netlabel, 'the version and the protocols', { where: FIRST }, (client) => {
    expect(one<NetlabelDomain>(client, 'version').protocolVersion).toBe(3);
    expect(all<NetlabelDomain>(client, 'protocols').map(({ protocol }) => protocol)).toContain('unlabeled');
  });
  reads(netlabelUnlabeled, 'whether packets without a label are taken', { where: FIRST }, (client) => {
    expect([0, 1]).toContain(one<{ acptflg?: number }>(client, 'list').acptflg);
  });

  reads(team, 'options and ports, as teamnl has them', { tool: 'teamnl', setup: 'ip link add team0 type team && ip link add d0 type dummy && ip link set d0 master team0' }, (client) => {
    const teamIfindex = indexOf('team0'), told = client.requestSync({ message: client.protocol.messages.optionsGet, body: { teamIfindex } }).map(({ body }) => body as TeamState);
    const names = told.flatMap(({ listOption }) => listOption?.option ?? []).map(({ name }) => name!);
    const printed = sh('teamnl team0 options').split('\n').map((line) => /^ *(?:\*)?(\S+?)(?:\[\d+\])? (?:\(|\S)/.exec(line)?.[1] ?? '');
    expect([...new Set(names)].sort()).toEqual([...new Set(printed)].sort());
    expect(told.flatMap(({ listOption }) => listOption?.option ?? []).find(({ name }) => name === 'notify_peers_count')).toMatchObject({ type: 'u32', data: 0 });
    const ports = client.requestSync({ message: client.protocol.messages.portListGet, body: { teamIfindex } }).flatMap(({ body }) => (body as TeamState).listPort?.port ?? []);
    expect(ports).toMatchObject([{ ifindex: indexOf('d0') }]);
  });

  reads(batadv, 'a mesh and its link, as batctl has them', { tool: 'batctl', setup: 'ip link add bat0 type batadv && ip link add m0 type dummy && ip link set m0 up && ip link set m0 master bat0 && ip link set bat0 up && batctl meshif bat0 orig_interval 700' }, (client) => {
    const meshIfindex = indexOf('bat0'), mesh = one<BatadvState>(client, 'getMesh', { meshIfindex });
    expect(mesh).toMatchObject({ meshIfindex, meshIfname: 'bat0', algoName: 'BATMAN_IV', origInterval: Number(sh('batctl meshif bat0 orig_interval')), gwMode: sh('batctl meshif bat0 gw_mode').replace(/ .*/, '') });
    expect(all<BatadvState>(client, 'getHardif', { meshIfindex })).toMatchObject([{ hardIfname: 'm0', hardIfindex: indexOf('m0'), active: true }]);
    expect(all<BatadvState>(client, 'getRoutingAlgos').map(({ algoName }) => algoName).sort()).toEqual(sh('batctl routing_algo').split('\n').filter((line) => /^ \* \S+$/.test(line)).map((line) => line.slice(3)).sort());
  });

  reads(tipc, 'this node, its bearers and names, as tipc has them', { tool: 'tipc', setup: 'ip link add t0 type veth peer name t1 && ip link set t0 up && ip link set t1 up && tipc node set netid 4713 && tipc bearer enable media eth device t0' }, (client) => {
    expect(all<TipcState>(client, 'netGet')[0]!.net!.id).toBe(Number(sh('tipc node get netid')));
    expect(all<TipcState>(client, 'bearerGet').map(({ bearer }) => bearer!.name)).toEqual(sh('tipc bearer list').split('\n'));
    expect(one<TipcState>(client, 'bearerGet', { bearer: { name: 'eth:t0' } }).bearer!.prop!.tol).toBe(Number(sh('tipc bearer get tolerance media eth device t0')));
    expect(all<TipcState>(client, 'mediaGet').map(({ media }) => media!.name).sort()).toEqual(sh('tipc media list').split('\n').sort());
    expect(all<TipcState>(client, 'nameTableGet').map(({ nameTable }) => nameTable!.publ!.type).sort()).toEqual(sh('tipc nametable show').split('\n').slice(1).map((line) => Number(line.split(/\s+/)[0])).sort());
  });

  reads(gtp, 'a tunnel is told as it was made', { setup: 'ip link add gtp0 type gtp role sgsn && ip link set gtp0 up' }, (client) => {
    const context = { link: indexOf('gtp0'), gtpVersion: 1, iTei: 100, oTei: 200, peerAddress: '192.0.2.1', msAddress: '10.0.0.7' };
    client.requestSync({ message: client.protocol.messages.newpdp, body: context });
    expect(all<GtpContext>(client, 'getpdp')).toMatchObject([context]);
  });

  reads(hsr, 'the nodes of a ring: itself, at first', { setup: 'ip link add h0 type veth peer name h1 && ip link add h2 type veth peer name h3 && ip link set h0 up && ip link set h2 up && ip link add hsr0 type hsr slave1 h0 slave2 h2' }, (client) => {
    const ifindex = indexOf('hsr0');
    expect(one<HsrNode>(client, 'getNodeList', { ifindex }).ifindex).toBe(ifindex);
  });

  reads(psample, 'the groups that actions have made', { tool: 'tc', setup: 'ip link add s0 type dummy && ip link set s0 up && tc qdisc add dev s0 clsact && tc filter add dev s0 ingress matchall action sample rate 10 group 77' }, (client) => {
    expect(all<{ sampleGroup?: number; groupRefcount?: number }>(client, 'getGroup')).toMatchObject([{ sampleGroup: 77, groupRefcount: 1 }]);
  });

  reads(smc, 'the host, by its name', {}, (client) => {
    expect(all<{ sysInfo?: { localHost?: string } }>(client, 'getSysInfo')[0]!.sysInfo!.localHost!.trim()).toBe(hostname());
  });

  reads(nbd, 'block devices, as /sys has them', { where: FIRST }, (client) => {
    const devices = one<{ deviceList?: { item?: { index?: number; connected?: number }[] } }>(client, 'status').deviceList?.item ?? [];
    expect(devices.map(({ index }) => `nbd${index}`).sort()).toEqual(readdirSync('/sys/block').filter((name) => name.startsWith('nbd')).sort());
    expect(devices.every(({ connected }) => connected === 0)).toBe(true);
  });

  reads(dropMonitor, 'how it is set', { where: FIRST }, (client) => {
    expect(one<object>(client, 'configGet')).toMatchObject({ alertMode: 'summary', queueLen: 1000, truncLen: 0 });
    expect(one<object>(client, 'statsGet')).toMatchObject({ stats: { dropped: 0n }, hwStats: { dropped: 0n } });
  });

  reads(nfsd, 'versions, as /proc has them', { where: FIRST, setup: 'mkdir -p /run/nfsd && mount -t nfsd nfsd /run/nfsd' }, (client) => {
    const versions = one<{ versions?: { major?: number; minor?: number; enabled?: true }[] }>(client, 'versionGet').versions ?? [];
    const listed = linesOf('/run/nfsd/versions')[0]!.split(' ').filter(Boolean);
    // '+4' is 4.0 too, unless '-4.0' says otherwise.
    const on = listed.filter((some) => some.startsWith('+')).map((some) => (some === '+4' ? '4.0' : some.slice(1))).filter((some) => !listed.includes(`-${some}`));
    expect(versions.filter(({ enabled }) => enabled).map(({ major, minor }) => (major === 4 ? `${major}.${minor}` : `${major}`)).sort()).toEqual([...new Set(on)].sort());
  });

  reads(nfsd, 'what it did, as /proc has it', { where: FIRST, setup: 'mkdir -p /run/nfsd && { mountpoint -q /run/nfsd || mount -t nfsd nfsd /run/nfsd; } && grep -q . /proc/net/rpc/nfsd' }, (client) => {
    if (kernelVersion() < 703) return console.warn('skipped: this kernel does not tell what its NFS server did (before 7.3)');
    const rows = new Map(linesOf('/proc/net/rpc/nfsd').map((line) => [line.split(' ')[0], line.split(' ').slice(1).map(Number)]));
    const told = all<NfsdServerStats>(client, 'serverStatsGet'), counts = (key: 'proc3Ops' | 'proc4Ops' | 'proc4opsOps'): number[][] => told.flatMap((one) => one[key] ?? []).map(({ op, count }) => [op!, Number(count)]);
    const { rcHits, rcMisses, rcNocache, netcnt, netudpcnt, nettcpcnt, nettcpconn } = told[0]!, numbered = (row: string): number[][] => rows.get(row)!.slice(1).map((count, op) => [op, count]);
    expect({ rc: [rcHits, rcMisses, rcNocache].map(Number), net: [netcnt, netudpcnt, nettcpcnt, nettcpconn] }).toEqual({ rc: rows.get('rc'), net: rows.get('net') });
    // A server that has not run yet is told of without its operations.
    for (const [key, row] of [['proc3Ops', 'proc3'], ['proc4Ops', 'proc4'], ['proc4opsOps', 'proc4ops']] as const) {
      const listed = numbered(row), ours = counts(key);
      expect({ row, counts: ours }).toEqual({ row, counts: ours.length === 0 && listed.every(([, count]) => count === 0) ? [] : listed });
    }
  });

  reads(nfc, 'devices, as /sys has them', { where: FIRST, setup: 'modprobe nfcsim && test -d /sys/class/nfc' }, (client) => {
    expect(all<{ deviceName?: string }>(client, 'getDevice').map(({ deviceName }) => deviceName).sort()).toEqual(readdirSync('/sys/class/nfc').sort());
  });

  reads(nl802154, 'radios and interfaces, as iwpan has them', { where: FIRST, tool: 'iwpan', setup: 'modprobe mac802154_hwsim' }, (client) => {
    const printed = outside('iwpan dev');
    const links = all<{ ifname?: string; extendedAddr?: bigint; panId?: number }>(client, 'getInterface');
    expect(links.map(({ ifname }) => ifname).sort()).toEqual([...printed.matchAll(/Interface (\S+)/g)].map(([, name]) => name).sort());
    expect(links.map(({ panId }) => panId)).toEqual([...printed.matchAll(/pan_id (\S+)/g)].map(([, id]) => Number(id)));
    const radios = all<{ wpanPhyName?: string; channel?: number; page?: number }>(client, 'getWpanPhy'), phys = outside('iwpan phy');
    expect([...new Set(radios.map(({ wpanPhyName }) => wpanPhyName))].sort()).toEqual([...phys.matchAll(/wpan_phy (\S+)/g)].map(([, name]) => name).sort());
    expect(radios.map(({ channel }) => channel).filter((channel) => channel !== undefined)).toEqual([...phys.matchAll(/current_channel: (\d+)/g)].map(([, channel]) => Number(channel)));
  });

  const radios = { where: FIRST, tool: 'iw', setup: 'test -d /sys/class/mac80211_hwsim || modprobe mac80211_hwsim radios=2' } as const;
  reads(hwsim, 'radios that the kernel made up', radios, (client) => {
    expect(all<{ radioName?: string }>(client, 'getRadio').map(({ radioName }) => radioName).sort()).toEqual(readdirSync('/sys/class/ieee80211').sort());
  });
  reads(nl80211, 'radios, their channels, and interfaces, as iw has them', radios, (client) => {
    const iw = (line: string): string => outside(`iw ${line}`);
    const links = all<Nl80211>(client, 'getInterface'), printed = iw('dev');
    expect(links.map(({ ifname, mac, wiphy }) => `${ifname} ${mac} ${wiphy}`).sort()).toEqual([...printed.matchAll(/Interface (\S+)[^]*?addr (\S+)/g)].map(([, name, mac]) => `${name} ${mac} ${/wiphy (\d+)/.exec(iw(`dev ${name} info`))![1]}`).sort());
    const parts = all<Nl80211>(client, 'getWiphy', { splitWiphyDump: true, wiphy: links[0]!.wiphy }).filter(({ wiphy }) => wiphy === links[0]!.wiphy);
    const shown = iw(`phy ${parts[0]!.wiphyName} info`);
    // Of S1G, below 1 GHz, versions of iw tell some of the channels, all, or none: they are in halves of a MHz.
    const s1g = (freq: number): boolean => freq < 1000;
    const bands = parts.flatMap(({ wiphyBands }) => Object.values(wiphyBands ?? {}) as NonNullable<NonNullable<Nl80211['wiphyBands']>['ghz2']>[]);
    const channels = bands.flatMap(({ freqs }) => freqs ?? []);
    expect(channels.map(({ freq }) => freq!).filter((freq) => !s1g(freq))).toEqual([...shown.matchAll(/\* (\d+)(?:\.\d)? MHz \[/g)].map(([, freq]) => Number(freq)).filter((freq) => !s1g(freq)));
    const told = JSON.stringify(parts, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(told.match(/.{0,60}"\$unknown".{0,80}/g) ?? []).toEqual([]);
  });

  const simulated = 'test -d /sys/bus/netdevsim || modprobe -q netdevsim || { modprobe -qa psample macsec udp_tunnel; insmod "$NLKIT_NETDEVSIM"; }; echo "9 2" > /sys/bus/netdevsim/new_device && sleep 1';
  reads(devlink, 'devices, ports, parameters, resources, as devlink has them', { tool: 'devlink', setup: simulated }, (client) => {
    const handle = { busName: 'netdevsim', devName: 'netdevsim9' }, name = 'netdevsim/netdevsim9';
    const json = (line: string): Record<string, Record<string, unknown>> => JSON.parse(sh(`devlink -j ${line}`)) as Record<string, Record<string, unknown>>;
    expect(all<Devlink>(client, 'get').map(({ busName, devName }) => `${busName}/${devName}`)).toEqual(Object.keys(json('dev show')['dev']!));
    const ports = all<Devlink>(client, 'portGet'), shown = json('port show')['port'] as Record<string, { netdev?: string; flavour: string }>;
    expect(Object.fromEntries(ports.map(({ portIndex, portNetdevName, portFlavour }) => [`${name}/${portIndex}`, { netdev: portNetdevName, flavour: portFlavour }]))).toEqual(Object.fromEntries(Object.entries(shown).map(([key, { netdev, flavour }]) => [key, { netdev, flavour }])));
    const parameters = json(`dev param show`)['param']![name] as { name: string; values: { cmode: string; value: unknown }[] }[];
    expect(all<Devlink>(client, 'paramGet').map(({ param }) => ({ name: param!.paramName, values: param!.paramValuesList!.paramValue!.map(({ paramValueCmode: cmode, paramValueData: value }) => ({ cmode, value: param!.paramType === 'flag' ? value === true : value })) }))).toEqual(parameters.map(({ name: own, values }) => ({ name: own, values: values.map(({ cmode, value }) => ({ cmode, value })) })));
    const resources = one<Devlink>(client, 'resourceDump', handle).resourceList!.resource!;
    const told = json(`resource show ${name}`)['resources']![name] as { name: string; size: number; resources?: { name: string; size: number }[] }[];
    expect(resources.map((some) => [some.resourceName, ...(some.resourceList?.resource ?? []).map(({ resourceName, resourceSize }) => `${resourceName} ${resourceSize}`)])).toEqual(told.map((some) => [some.name, ...(some.resources ?? []).map((part) => `${part.name} ${String(part.size) === 'unlimited' ? 2n ** 64n - 1n : part.size}`)]));
  });
});
