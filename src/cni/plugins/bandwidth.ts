/**
 * `bandwidth`: how much traffic a container may get and send (net/sched/sch_tbf.c). Called in a chain, after the plugin that made a veth pair:
 * what goes to the container waits at the host's end; what comes from it is led through a device of its own (drivers/net/ifb.c), to wait there.
 */
import type { Link } from '../../families/route/index.ts';
import { CniError, codes, failure, misconfigured } from '../error.ts';
import { integer, object, readFields } from '../fields.ts';
import { interfaceOf } from '../link.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import type { Result } from '../result.ts';
import { Side, Undo } from '../side.ts';

/** Bits a second, and bits that may come at once. */
const fields = { ingressRate: integer(0), ingressBurst: integer(0), egressRate: integer(0), egressBurst: integer(0) };
/** Bytes a second, bytes that may come at once; seconds that a packet may wait. */
interface Limit { readonly rate: number; readonly burst: number }
const LATENCY = 0.025, BITS = 8, U32 = 2 ** 32;
interface Limits { readonly ingress: Limit | undefined; readonly egress: Limit | undefined }

/** The configuration's, or the runtime's. @throws {CniError} */
function limitsOf(request: CniRequest): Limits {
  const { bandwidth } = readFields({ bandwidth: object }, (request.config['runtimeConfig'] ?? {}) as Record<string, unknown>, 'runtimeConfig.');
  const own = readFields(fields, request.config), said = bandwidth && Object.values(own).every((number) => number === 0) ? readFields(fields, bandwidth, 'runtimeConfig.bandwidth.') : own;
  return { ingress: limitOf('ingress', said.ingressRate, said.ingressBurst), egress: limitOf('egress', said.egressRate, said.egressBurst) };
}
function limitOf(way: 'ingress' | 'egress', rate: number, burst: number): Limit | undefined {
  if (rate < 0 || burst < 0) throw misconfigured(`${way}Rate and ${way}Burst must not be negative`);
  if (rate > 0 && burst === 0) throw misconfigured('if rate is set, burst must also be set');
  if (burst > 0 && rate === 0) throw misconfigured('if burst is set, rate must also be set');
  if (burst / BITS >= U32) throw misconfigured('burst cannot be more than 4GB');
  return rate === 0 ? undefined : { rate: Math.floor(rate / BITS), burst: Math.floor(burst / BITS) };
}
const LONGEST_NAME = 15;
/** The device that a container's packets are led through, as the reference plugin calls it. */
const ifbName = ({ name, containerId }: CniRequest): string =>
  // Read when it is needed: other plugins need no hash.
  `bwp${process.getBuiltinModule('node:crypto').createHash('sha512').update(name + containerId).digest('hex')}`.slice(0, LONGEST_NAME);

/** The host's end of the container's interface. @throws {CniError} */
function hostEnd(host: Side, inner: Side, { ifname, prevResult }: CniRequest): Link {
  const link = inner.find(ifname);
  if (!link) throw failure(`failed to get "${ifname}": Link not found`);
  if (link.linkinfo?.kind !== 'veth' || link.link === undefined) throw failure(`container interface ${ifname} has no veth peer`);
  const there = host.find(link.link);
  if (!there || !prevResult?.interfaces?.some(({ name, sandbox }) => name === there.ifname && !sandbox)) throw failure('no veth peer of container interface found in host ns');
  return there;
}

/** Bytes that may wait. */
const most = ({ rate, burst }: Limit): number => Math.min(Math.floor(rate * LATENCY) + burst, U32 - 1);
/** A second, and of each of those ticks of 64 ns (include/net/pkt_sched.h). */
const MICROSECONDS = 1_000_000, TICKS = 1000 / 64;
/** Packets wait for their turn at the root of a device. */
function slow(host: Side, dev: number, { rate, burst }: Limit, undo: Undo): void {
  const place = { dev, parent: 'root', handle: '1:' } as const, buffer = Math.min(Math.floor(Math.floor((burst * MICROSECONDS) / rate) * TICKS), U32 - 1);
  host.nl.qdisc.add({ ...place, kind: 'tbf', options: { parms: { rate: { rate: Math.min(rate, U32 - 1) }, limit: most({ rate, burst }), buffer }, ...(rate >= U32 && { rate64: BigInt(rate) }) } });
  undo.push(() => host.nl.qdisc.delete(place));
}
/** Handle of the qdisc of what comes in. */
const INGRESS = 'ffff:';
/** What comes in by a device goes out by another. */
function lead(host: Side, from: number, to: number, undo: Undo): void {
  host.nl.qdisc.add({ dev: from, kind: 'ingress' });
  undo.push(() => host.nl.qdisc.delete({ dev: from, parent: 'ingress' }));
  const everything = { mask: 0, val: 0, off: 0, offmask: 0 }, CLASS = 0x1_0001;
  host.nl.filter.add({
    dev: from, parent: INGRESS, priority: 1, kind: 'u32', options: {
      classid: CLASS, sel: { flags: ['terminal'], nkeys: 1, keys: [everything] }, act: [{ kind: 'mirred', options: { parms: { action: 'stolen', eaction: 'egressRedir', ifindex: to } } }],
    } as never,
  });
}

function add(request: CniRequest): Result {
  const { ingress, egress } = limitsOf(request), former = request.prevResult;
  if (!former) throw misconfigured('must be called as chained plugin');
  if (!ingress && !egress) return former;
  return Side.at(undefined, (host) => Side.at(request.netns, (inner) => Undo.around((undo) => {
    const end = hostEnd(host, inner, request);
    if (ingress) slow(host, end.index, ingress, undo);
    if (!egress) return former;
    const ifname = ifbName(request);
    host.nl.link.add({ ifname, up: true, txqlen: 0, ...(end.mtu !== undefined && { mtu: end.mtu }), linkinfo: { kind: 'ifb' } });
    undo.push(() => host.drop(ifname));
    const ifb = host.nl.link.get(ifname);
    lead(host, end.index, ifb.index, undo);
    slow(host, ifb.index, egress, undo);
    return { ...former, interfaces: [...(former.interfaces ?? []), interfaceOf(ifb)] };
  })));
}

/** @throws {CniError} where a device does not wait as it was told */
function checkSlow(host: Side, dev: number, limit: Limit): void {
  const found = host.nl.qdisc.list({ dev, parent: 'root' }).find(({ kind }) => kind === 'tbf') as { options?: { parms?: { rate: { rate: number }; limit: number }; rate64?: bigint } } | undefined;
  const { parms, rate64 } = found?.options ?? {};
  if (!parms) throw new CniError(codes.failed, 'Failed to find qdisc');
  if (Number(rate64 ?? parms.rate.rate) !== limit.rate) throw failure('Rate doesn\'t match');
  if (parms.limit !== most(limit)) throw failure('Limit doesn\'t match');
}

export const bandwidth: Plugin = {
  add,
  // The host's end takes its own with it; where it stays, it is another plugin's.
  del(request) { Side.at(undefined, (host) => { host.drop(ifbName(request)); }); },
  check(request) {
    const { ingress, egress } = limitsOf(request);
    if (!request.prevResult) throw misconfigured('must be called as a chained plugin');
    Side.at(undefined, (host) => Side.at(request.netns, (inner) => {
      const end = hostEnd(host, inner, request);
      if (ingress) checkSlow(host, end.index, ingress);
      if (!egress) return;
      const ifb = host.find(ifbName(request));
      if (!ifb) throw failure(`${ifbName(request)} is gone`);
      checkSlow(host, ifb.index, egress);
    }));
  },
};
