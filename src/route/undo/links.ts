/** Links, taken back: net/core/rtnetlink.c, net/bridge. */
import { route } from '../../families/route/index.ts';
import type { Request } from '../../socket/index.ts';
import { ask, dump, type Plan } from '../plan.ts';
import { keepDevices } from './addresses.ts';
import { away, codeOf, equal, has, type Body, type Inverse } from './inverse.ts';
import type { UndoLog } from './log.ts';

const m = route.messages;

/** Keys that are set as they are shown. */
const plain: ReadonlySet<string> = new Set(['mtu', 'txqlen', 'address', 'broadcast', 'group', 'linkmode', 'protoDown', 'carrier', 'gsoMaxSize', 'gsoMaxSegs', 'groMaxSize', 'gsoIpv4MaxSize', 'groIpv4MaxSize', 'ifname']);
/** Keys that name the link, or need care. */
const others: ReadonlySet<string> = new Set(['family', 'type', 'index', 'altIfname', 'flags', 'change', 'ifalias', 'master', 'linkinfo', 'afSpec', 'link']);
/** Both ends of a pair call the other their lower link. */
const pairs: ReadonlySet<string> = new Set(['veth', 'vxcan', 'netkit']);
/** Leaving them loses what is known of the port: its settings, its VLANs, its forwarding entries. */
const keepers: ReadonlySet<string> = new Set(['bridge', 'bond', 'team']);

function* find(body: Body): Plan<Body | undefined> {
  const index = Number(body['index'] ?? 0), which = index > 0 ? { index } : body['ifname'] !== undefined ? { ifname: body['ifname'] } : { altIfname: body['altIfname'] };
  if (Object.values(which)[0] === undefined) return undefined;
  try {
    const [reply] = yield* ask({ message: m.getlink, body: { ...which, extMask: ['skipStats'] } });
    return reply?.body as Body | undefined;
  } catch (error) {
    if (codeOf(error) === 'ENODEV') return undefined;
    throw error;
  }
}
const at = (body: unknown, ...keys: string[]): Body => keys.reduce<Body>((value, key) => (value[key] ?? {}) as Body, (body ?? {}) as Body);
const named = (body: Body): string => String(body['ifname'] ?? `if${String(body['index'])}`);

/** Whether it asks for a link that is not there. */
const makes = (request: Request, old: Body | undefined): boolean => has(request, 'create') && old === undefined;

function* refusal(request: Request, log: UndoLog): Plan<string | undefined> {
  const body = request.body as Body, { name } = request.message;
  const far = ['netNsFd', 'netNsPid', 'targetNetnsid'].find((key) => body[key] !== undefined);
  if (far) return 'a link in another network namespace cannot be taken back';
  const old = yield* find(body);
  if (makes(request, old)) return body['ifname'] === undefined || String(body['ifname']).includes('%') ? 'a link whose name the kernel chooses cannot be taken back: give it a name' : undefined;
  // The kernel refuses it.
  if (old && has(request, 'create') && has(request, 'excl')) return undefined;
  if (!old) return body['group'] !== undefined ? 'the links of a group cannot be taken back: name them' : undefined;
  if (log.made.has(Number(old['index']))) return undefined;
  const strange = Object.keys(body).find((key) => body[key] !== undefined && !plain.has(key) && !others.has(key));
  if (strange) return `${name} with ${strange} cannot be taken back`;
  if (body['link'] !== undefined && body['link'] !== old['link']) return 'the lower device of a link cannot be taken back';
  const port = String(at(old, 'linkinfo')['slaveKind']);
  if (body['master'] !== undefined && old['master'] && old['master'] !== body['master'] && keepers.has(port) && !log.joined.has(Number(old['index']))) return `taking ${named(old)} out of its ${port} cannot be taken back: the settings of the port go with it`;
  return lost(body, old);
}

/** A setting whose present value the kernel does not tell. */
function lost(body: Body, old: Body): string | undefined {
  if ((body['flags'] as unknown[] | undefined)?.length && !(body['change'] as unknown[] | undefined)?.length) return 'flags without a mask cannot be taken back';
  for (const path of [['linkinfo', 'data'], ['linkinfo', 'slaveData'], ['afSpec', 'inet6'], ['protinfo']]) {
    const before = path[0] === 'protinfo' ? at(old, 'linkinfo', 'slaveData') : at(old, ...path);
    const key = Object.keys(at(body, ...path)).find((one) => before[one] === undefined);
    if (key !== undefined) return `${path.join('.')}.${key} of ${named(old)} cannot be taken back: its present value is not known`;
  }
  return undefined;
}

const pick = (from: Body, like: Body): Body => Object.fromEntries(Object.keys(like).map((key) => [key, from[key]]));

/** The request that brings back what another one changed. */
function opposite(body: Body, old: Body): Body {
  const undo: Body = { index: old['index'] };
  for (const key of Object.keys(body)) if (plain.has(key) && old[key] !== undefined) undo[key] = old[key];
  // The name may be how the link was found.
  if (body['ifalias'] !== undefined) undo['ifalias'] = old['ifalias'] ?? '';
  if (body['master'] !== undefined) undo['master'] = old['master'] ?? 0;
  const change = (body['change'] ?? []) as unknown[];
  if (change.length > 0) Object.assign(undo, { change, flags: (old['flags'] as unknown[]).filter((flag) => change.includes(flag)) });
  const { kind, slaveKind } = at(old, 'linkinfo'), data = at(body, 'linkinfo', 'data'), slaveData = at(body, 'linkinfo', 'slaveData');
  const linkinfo: Body = {
    ...(Object.keys(data).length > 0 && { kind, data: pick(at(old, 'linkinfo', 'data'), data) }),
    ...(Object.keys(slaveData).length > 0 && { slaveKind, slaveData: pick(at(old, 'linkinfo', 'slaveData'), slaveData) }),
  };
  if (Object.keys(linkinfo).length > 0) undo['linkinfo'] = linkinfo;
  const inet6 = at(body, 'afSpec', 'inet6');
  if (Object.keys(inet6).length > 0) undo['afSpec'] = { inet6: pick(at(old, 'afSpec', 'inet6'), inet6) };
  return undo;
}

/** A bridge or a bond takes its address and MTU from its ports while nobody has set them. */
function* keepMaster(index: unknown, log: UndoLog): Plan<void> {
  if (!index || log.made.has(Number(index))) return;
  const old = yield* find({ index });
  if (old) log.push(() => settle(old));
}
function* settle(old: Body): Plan<void> {
  const now = yield* find({ index: old['index'] });
  if (!now) return;
  const differ = ['address', 'mtu'].filter((key) => !equal(old[key], now[key]));
  if (differ.length > 0) yield* ask({ message: m.newlink, body: { index: old['index'], ...pick(old, Object.fromEntries(differ.map((key) => [key, 0]))) } });
}

/** The links that stand on one: they go down with it. */
function* above(index: number): Plan<number[]> {
  const links = yield* dump<Body>({ message: m.getlink, body: { extMask: ['skipStats'] } }, ['index', 'link', 'master', 'linkinfo.kind']);
  const found = new Set([index]);
  for (const one of found) for (const link of links) if (link['link'] === one && !pairs.has(String(at(link, 'linkinfo')['kind']))) found.add(Number(link['index']));
  return [...found];
}

const newLink: Inverse = {
  refusal,
  *perform(request, log) {
    const body = request.body as Body, old = yield* find(body);
    if (makes(request, old)) {
      yield* keepMaster(body['master'], log);
      const answers = yield* ask(request), link = yield* find({ ifname: body['ifname'] }), index = Number(link?.['index']);
      log.made.add(index);
      // The other end goes with it.
      if (link?.['linkNetnsid'] === undefined && pairs.has(String(at(link, 'linkinfo')['kind']))) log.made.add(Number(link?.['link']));
      log.push(() => away({ message: m.dellink, body: { index } }));
      return answers;
    }
    if (!old || (has(request, 'create') && has(request, 'excl'))) return yield* ask(request);
    const index = Number(old['index']);
    if (body['master'] !== undefined && body['master'] !== old['master']) {
      yield* keepMaster(old['master'], log);
      yield* keepMaster(body['master'], log);
      if (!old['master']) log.joined.add(index);
    }
    if (log.made.has(index)) return yield* ask(request);
    const moves = (body['change'] as unknown[] | undefined)?.includes('up') || ['mtu', 'address', 'master'].some((key) => body[key] !== undefined);
    // On their undoing, addresses come back when the link is up again.
    if (moves) yield* keepDevices(yield* above(index), log);
    // A part of it may be done when another is refused.
    log.push(function* () {
      const undo = opposite(body, old);
      yield* ask({ message: m.newlink, body: undo });
      // A port brought the link up, or gave it an address or MTU.
      const now = yield* find({ index });
      if (now && body['master'] !== undefined) {
        yield* settle(old);
        const up = (one: Body): boolean => (one['flags'] as string[]).includes('up');
        if (up(now) !== up(old)) yield* ask({ message: m.newlink, body: { index, change: ['up'], flags: up(old) ? ['up'] : [] } });
      }
    });
    return yield* ask(request);
  },
};

const deleteLink: Inverse = {
  *refusal(request, log) {
    const body = request.body as Body, old = yield* find(body);
    if (body['family'] === 'bridge') return old && !passes(old, log) ? `a VLAN of ${named(old)} cannot be taken back: its own settings go with it` : undefined;
    if (body['group'] !== undefined) return 'the links of a group cannot be taken back: name them';
    if (!old || log.made.has(Number(old['index']))) return undefined;
    return `deleting ${named(old)} cannot be taken back: not all of a link can be made again (only links that the same lines made may be deleted)`;
  },
  perform: (request) => ask(request),
};
/** What is set on it goes when all is taken back. */
const passes = (link: Body, log: UndoLog): boolean => log.made.has(Number(link['index'])) || log.joined.has(Number(link['index']));

// -- ports of a bridge --------------------------------------------------------------------------------------

interface Vlan { vid: number; flags: string[] }
function* vlans(index: number): Plan<Vlan[]> {
  const ports = yield* dump<Body>({ message: m.getlink, body: { family: 'bridge', extMask: ['brvlan'] } });
  return (at(ports.find((port) => port['index'] === index), 'afSpec')['vlanInfo'] ?? []) as Vlan[];
}

/** `bridge link set`, `bridge vlan add`, `ip token set`. */
const setLink: Inverse = {
  *refusal(request, log) {
    const body = request.body as Body, old = yield* find(body);
    if (!old || passes(old, log)) return undefined;
    const known = body['family'] === 'bridge' ? ['flags', 'vlanInfo'] : ['inet6'];
    const strange = Object.keys(at(body, 'afSpec')).find((key) => !known.includes(key));
    return strange ? `${request.message.name} with ${strange} cannot be taken back` : lost(body, old);
  },
  *perform(request, log) {
    const body = request.body as Body, old = yield* find(body);
    if (!old || passes(old, log)) return yield* ask(request);
    const index = Number(old['index']), protinfo = at(body, 'protinfo'), { flags } = at(body, 'afSpec'), target = flags === undefined ? {} : { flags };
    if (body['family'] !== 'bridge') log.push(() => ask({ message: m.setlink, body: { family: body['family'], index, afSpec: opposite(body, old)['afSpec'] } }) as Plan<never>);
    else {
      const before = yield* vlans(index);
      log.push(function* () {
        if (Object.keys(protinfo).length > 0) yield* ask({ message: m.setlink, body: { family: 'bridge', index, protinfo: pick(at(old, 'linkinfo', 'slaveData'), protinfo) } });
        const now = yield* vlans(index);
        const send = (message: Request['message'], vlan: Vlan): Plan<void> => away({ message, body: { family: 'bridge', index, afSpec: { ...target, vlanInfo: [vlan] } } });
        for (const { vid } of now) if (!before.some((one) => one.vid === vid)) yield* send(m.dellink, { vid, flags: [] });
        for (const vlan of before) if (!now.some((one) => equal(one, vlan))) yield* send(m.setlink, vlan);
      });
    }
    return yield* ask(request);
  },
};

const property = (opposed: 'newlinkprop' | 'dellinkprop'): Inverse => ({
  *perform(request, log) {
    const answers = yield* ask(request);
    log.push(() => away({ message: m[opposed], ...(opposed === 'newlinkprop' && { flags: ['create', 'excl', 'append'] as const }), body: request.body }));
    return answers;
  },
});

export const linkInverses: Readonly<Record<string, Inverse>> = {
  newlink: newLink, dellink: deleteLink, setlink: setLink,
  newlinkprop: property('dellinkprop'), dellinkprop: property('newlinkprop'),
};
