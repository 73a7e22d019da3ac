/** Links as the plugins make them. */
import type { Link } from '../families/route/index.ts';
import { NetlinkError } from '../socket/index.ts';
import { CniError, codes, failure, misconfigured } from './error.ts';
import { knownArgs, type CniRequest } from './request.ts';
import type { Interface } from './result.ts';
import type { Side } from './side.ts';

/** A name that the host does not use, as the reference plugins make them. It is no secret: node:crypto takes longer to load than the link to make. */
const randomName = (): string => `veth${Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, '0')}`;
/** Names are random: once more is enough when the host has the first already. */
const TRIES = 10;

/** Makes a link on the host under a name that is free there. `make` returns false when the kernel says EEXIST. */
export function withFreeName<T>(make: (name: string) => T, taken: () => string | undefined): T {
  for (let n = 1; ; n++) {
    try { return make(randomName()); } catch (error) {
      if (!(error instanceof NetlinkError) || error.code !== 'EEXIST') throw error;
      const other = taken();
      if (other !== undefined) throw failure(`container veth name provided (${other}) already exists`);
      if (n === TRIES) throw error;
    }
  }
}

/** The MAC that is asked for: by the runtime, by `args.cni.mac`, or by CNI_ARGS. @throws {CniError} */
export function wantedMac(request: CniRequest, own?: string): string | undefined {
  const { args, runtimeConfig } = request.config as { args?: { cni?: { mac?: unknown } } | null; runtimeConfig?: { mac?: unknown } | null };
  const variable = knownArgs(request, ['MAC'])['MAC'], mac = runtimeConfig?.mac || args?.cni?.mac || variable || own;
  if (mac === undefined || mac === '') return undefined;
  if (typeof mac !== 'string' || !/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(mac)) throw misconfigured(`invalid MAC address: ${JSON.stringify(mac)}`);
  return mac.replaceAll('-', ':').toLowerCase();
}

/** What a result says of a link. */
export const interfaceOf = (link: Link, sandbox?: string): Interface =>
  ({ name: link.ifname as string, ...(link.address !== undefined && { mac: link.address }), ...(link.mtu !== undefined && { mtu: link.mtu }), ...(sandbox !== undefined && { sandbox }) });

/** The interface that the default route leaves by. @throws {CniError} */
export function defaultInterface(side: Side): string {
  for (const family of ['inet', 'inet6'] as const) {
    const found = side.nl.route.list({ family, table: 'main' }).find((own) => own.dstLen === 0 && own.oif !== undefined);
    if (found) return side.nl.link.get(found.oif as number).ifname as string;
  }
  throw failure('no default route interface found');
}
/** The link that another is to be made on. @throws {CniError} */
export function masterLink(side: Side, name: string): Link {
  const link = side.find(name);
  if (!link) throw failure(`failed to lookup master "${name}": Link not found`);
  return link;
}
/** @throws {CniError} for an MTU that the link below does not carry */
export function fittingMtu(mtu: number, master: Link): number {
  const most = master.mtu ?? 0;
  if (mtu < 0 || mtu > most) throw misconfigured(`invalid MTU ${mtu}, must be [0, master MTU(${most})]`);
  return mtu || most;
}

/** The container's side of a former result. @throws {CniError} when it says nothing of the interface */
export function checkInterface(side: Side, request: CniRequest, kind?: string): Link {
  const said = request.prevResult?.interfaces?.find((own) => own.name === request.ifname && own.sandbox === request.netns);
  if (!said) throw failure(`sandbox in prevResult ${request.prevResult?.interfaces?.find((own) => own.name === request.ifname)?.sandbox ?? 'nowhere'} doesn't match configured netns: ${request.netns}`);
  const link = side.find(request.ifname);
  if (!link) throw new CniError(codes.failed, `container interface ${request.ifname} is gone`);
  if (kind !== undefined && link.linkinfo?.kind !== kind) throw failure(`container interface ${request.ifname} is of type ${link.linkinfo?.kind ?? 'none'}, not ${kind}`);
  if (said.mac !== undefined && said.mac !== '' && said.mac !== link.address) throw failure(`interface ${request.ifname} has MAC ${link.address}, the former result says ${said.mac}`);
  return link;
}
