/** `tuning`: settings of the container's network, and of its interface, which DEL puts back. Called in a chain, after the plugin that made the interface. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from '../../families/route/index.ts';
import { during, failure, misconfigured } from '../error.ts';
import { flag, integer, object, readFields, text, type Field, valueOf, type Values } from '../fields.ts';
import { wantedMac } from '../link.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import type { Result } from '../result.ts';
import { Side, Undo } from '../side.ts';

const maybe: Field<boolean | undefined> = { ...flag(), fallback: undefined };
/** What `args.cni` may say, too. */
const tunable = { sysctl: object, promisc: flag(), mtu: integer(0), allmulti: maybe, txQLen: integer(undefined) };
const fields = { ...tunable, mac: text('') };
const DATA_DIR = '/run/cni/tuning', ALLOWED = '/etc/cni/tuning/allowlist.conf', SETTINGS = '/proc/sys/net/';

interface Tuning { readonly settings: readonly (readonly [file: string, value: string])[]; readonly wanted: Attributes }
/** Of an interface: as it is to be, and in the file as it was. */
interface Attributes { mac?: string; promisc?: boolean; mtu?: number; allmulti?: boolean; txQLen?: number }

/** @throws {CniError} */
function readTuning(request: CniRequest): Tuning {
  const { cni = {} } = readFields({ cni: object }, (request.config['args'] ?? {}) as Record<string, unknown>, 'args.');
  const config = readFields(fields, request.config), own = { ...config, ...given(readFields(tunable, cni, 'args.cni.'), cni) }, mac = wantedMac(request, config.mac);
  const sysctl = { ...config.sysctl, ...own.sysctl };
  return {
    settings: settingsOf(sysctl, request.ifname),
    wanted: {
      ...(mac !== undefined && { mac }), ...(own.promisc && { promisc: true }), ...(own.mtu !== 0 && { mtu: own.mtu }),
      ...(own.allmulti !== undefined && { allmulti: own.allmulti }), ...(own.txQLen !== undefined && { txQLen: own.txQLen }),
    },
  };
}
/** Where it is kept how the interface was. DEL asks for no more: what ADD would refuse now must not keep it. */
const backupOf = (request: CniRequest): string => join(readFields({ dataDir: text('') }, request.config).dataDir || DATA_DIR, `${request.containerId}_${request.ifname}.json`);
/** Of a table's values, those that were said. */
const given = (values: Values<typeof tunable>, said: Readonly<Record<string, unknown>>): Partial<Values<typeof tunable>> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => (valueOf(said, key) ?? null) !== null));

/** 'net.ipv4.conf.IFNAME.arp_filter' is a file of the container's network. @throws {CniError} for others, and for what the administrator does not allow */
function settingsOf(sysctl: Readonly<Record<string, unknown>>, ifname: string): Tuning['settings'] {
  const allowed = Object.keys(sysctl).length > 0 && existsSync(ALLOWED) ? readFileSync(ALLOWED, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean) : undefined;
  return Object.entries(sysctl).map(([key, value]) => {
    if (typeof value !== 'string') throw misconfigured(`sysctl.${key} must be a text, not ${JSON.stringify(value)}`);
    if (allowed && !allowed.some((pattern) => matches(pattern, key))) throw misconfigured(`Sysctl ${key} is not allowed. Only the following sysctls are allowed: ${allowed.join(' ')}`);
    const file = join('/proc/sys', key.replaceAll('.', '/').replace('IFNAME', ifname));
    if (!file.startsWith(SETTINGS)) throw misconfigured(`invalid net sysctl key: ${JSON.stringify(key)}`);
    return [file, value];
  });
}
function matches(pattern: string, key: string): boolean {
  try { return new RegExp(pattern).test(key); } catch { throw misconfigured(`${ALLOWED} has no regular expression: ${pattern}`); }
}

function attributesOf({ address, flags, mtu, txqlen }: Link): Attributes {
  return { ...(address !== undefined && { mac: address }), promisc: flags.includes('promisc'), allmulti: flags.includes('allmulti'), ...(mtu !== undefined && { mtu }), ...(txqlen !== undefined && { txQLen: txqlen }) };
}
function apply({ nl }: Side, index: number, { mac, promisc, mtu, allmulti, txQLen }: Attributes): void {
  const said = { promisc, allmulti }, change = (['promisc', 'allmulti'] as const).filter((name) => said[name] !== undefined);
  nl.link.set(index, {
    ...(mac !== undefined && { address: mac }), ...(mtu !== undefined && { mtu }), ...(txQLen !== undefined && { txqlen: txQLen }),
    ...(change.length > 0 && { flags: change.filter((name) => said[name]), change }),
  });
}
const contents = (file: string): string => during('a setting', () => readFileSync(file, 'latin1').replace(/\n$/, ''));
const write = (file: string, value: string): void => during('a setting', () => writeFileSync(file, value));

function interfaceIn(side: Side, ifname: string): Link {
  const link = side.find(ifname);
  if (!link) throw failure(`failed to get "${ifname}": Link not found`);
  return link;
}

function add(request: CniRequest): Result {
  const { settings, wanted } = readTuning(request), backup = backupOf(request), former = request.prevResult, keys = Object.keys(wanted) as (keyof Attributes)[];
  if (!former) throw misconfigured('Required prevResult missing');
  return Side.at(request.netns, (inner) => Undo.around((undo) => {
    inner.inside(() => {
      for (const [file, value] of settings) {
        const before = contents(file);
        undo.push(() => inner.inside(() => write(file, before)));
        write(file, value);
      }
    });
    if (keys.length === 0) return former;
    const link = interfaceIn(inner, request.ifname), all = attributesOf(link), before = Object.fromEntries(keys.map((key) => [key, all[key]])) as Attributes;
    mkdirSync(join(backup, '..'), { recursive: true, mode: 0o700 });
    undo.push(() => rmSync(backup, { force: true }));
    writeFileSync(backup, JSON.stringify(before), { mode: 0o600 });
    undo.push(() => apply(inner, link.index, before));
    apply(inner, link.index, wanted);
    const { mac, mtu } = wanted;
    const interfaces = (former.interfaces ?? []).map((own) => (own.name === request.ifname ? { ...own, ...(mac !== undefined && { mac }), ...(mtu !== undefined && own.mtu !== undefined && { mtu }) } : own));
    return { ...former, interfaces };
  }));
}

function del(request: CniRequest): void {
  const backup = backupOf(request);
  if (!existsSync(backup)) return;
  const before = during(backup, () => JSON.parse(readFileSync(backup, 'utf8')) as Attributes);
  Side.where(request.netns, (inner) => {
    const link = inner.find(request.ifname);
    if (link) apply(inner, link.index, before);
  });
  rmSync(backup, { force: true });
}

function check(request: CniRequest): void {
  const { settings, wanted } = readTuning(request);
  if (!request.prevResult) throw misconfigured('Required prevResult missing');
  Side.at(request.netns, (inner) => {
    inner.inside(() => {
      for (const [file, value] of settings) if (contents(file) !== value) throw failure(`Tuning configured value of ${file} is ${value}, current value is ${contents(file)}`);
    });
    const now = attributesOf(interfaceIn(inner, request.ifname));
    for (const [key, value] of Object.entries({ promisc: false, ...wanted })) {
      const there = now[key as keyof Attributes];
      if (there !== value) throw failure(`Tuning configured ${key} of ${request.ifname} is ${value}, current value is ${there}`);
    }
  });
}

export const tuning: Plugin = { add, del, check };
