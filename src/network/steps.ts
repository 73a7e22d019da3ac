/** What an operation does, step by step: plain data, so that it can be printed, logged, done and undone. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as addresses from '../route/addresses.ts';
import * as links from '../route/links.ts';
import * as neighbours from '../route/neighbours.ts';
import * as routes from '../route/routes.ts';
import type { LinkInput, RouteInput } from '../route/index.ts';
import { deleteOurs, deleteTogether, gather, unlessAbsent, type Together } from './deletion.ts';
import type { Entry } from './drivers/index.ts';
import { NetworkError } from './error.ts';
import type { PortChange, Ruleset } from './firewall.ts';
import { applyPorts, applyRuleset, forgetStale } from './firewall-client.ts';
import { dropPool, makePool, release, reserve, withPool, type Holder } from './ipam/index.ts';
import type { Lead } from './flows.ts';
import { replaceHosts, type Host } from './hosts.ts';
import type { Mark } from './mark.ts';
import { kernel, type Operation, type Session, type Where } from './operation.ts';
import { deleteRecord, replaceRecord } from './store.ts';

export type Step =
  | { readonly op: 'link.add'; readonly link: LinkInput & { readonly ifname: string }; readonly into?: Where }
  | { readonly op: 'link.set'; readonly ifname: string; readonly set: LinkInput; readonly where?: Where }
  | { readonly op: 'link.delete'; readonly ifname: string; readonly mark: Mark; readonly where?: Where }
  /** Links of the host's, gathered in an interface group, to be deleted in one request: the kernel waits for others once, and not for each. */
  | { readonly op: 'links.group' | 'links.delete' } & Together
  | { readonly op: 'address.add' | 'address.delete'; readonly ifname: string; readonly address: string; readonly where?: Where }
  /** `lax`: what is there already stays; a namespace, or a link, that is gone needs none. */
  | { readonly op: 'route.add'; readonly route: RouteInput; readonly where?: Where; readonly lax?: true }
  | { readonly op: 'route.delete'; readonly route: RouteInput; readonly where?: Where }
  | { readonly op: 'entries.add' | 'entries.delete'; readonly ifname: string; readonly entries: readonly Entry[] }
  /** `lax`: as well as it may be. */
  | { readonly op: 'sysctl'; readonly values: readonly (readonly [key: string, value: string])[]; readonly where?: Where; readonly lax?: true }
  | { readonly op: 'record.write'; readonly path: string; readonly text: string }
  | { readonly op: 'record.delete'; readonly path: string }
  | { readonly op: 'hosts'; readonly network: string; readonly container: string | readonly string[]; readonly hosts: readonly Host[] }
  | { readonly op: 'pool.make'; readonly folder: string; readonly reserved: readonly string[]; readonly holder: Holder }
  | { readonly op: 'pool.drop'; readonly folder: string; readonly holder: Holder }
  | { readonly op: 'pool.reserve'; readonly folder: string; readonly address: string; readonly holder: Holder; readonly set?: string }
  | { readonly op: 'pool.release'; readonly folder: string; readonly holder: Holder; readonly addresses?: readonly string[] }
  | { readonly op: 'firewall'; readonly ruleset: Ruleset }
  /** Ports that led somewhere, and do so no more: who sends already shall not go on. A step of 'ports' sees to it itself. */
  | { readonly op: 'flows'; readonly gone: readonly Lead[] }
  | { readonly op: 'ports' } & PortChange;

/** A step, and what takes it back. Steps that go with another's end need nothing of their own. */
export interface Planned { readonly do: Step; readonly undo?: Step }

/** The address was taken between planning and doing: plan again. */
export class Taken extends Error {}

/** Does one step. What deletes says nothing of what is not there. */
export function* take(session: Session, step: Step): Operation<void> {
  switch (step.op) {
    case 'link.add': {
      const { link, into } = step, namespace = into && { fd: session.descriptor(into) };
      try { return yield* kernel(() => links.add(namespace ? born(link, namespace) : link)); } catch (error) { throw refusal(link, error); }
    }
    case 'link.set': return yield* kernel(() => links.set(step.ifname, step.set), step.where);
    case 'link.delete': return yield* deleteOurs(step);
    case 'links.group': return yield* gather(step);
    case 'links.delete': return yield* deleteTogether(step);
    case 'address.add': return yield* kernel(() => addresses.add(step.ifname, step.address, step.address.includes(':') ? { flags: ['nodad'] } : { broadcast: '+' }), step.where);
    case 'address.delete': return yield* unlessAbsent(kernel(() => addresses.remove(step.ifname, step.address), step.where));
    case 'route.add': return yield* step.lax ? unlessThere(kernel(() => routes.add(step.route), step.where)) : kernel(() => routes.add(step.route), step.where);
    case 'route.delete': return yield* unlessAbsent(kernel(() => routes.remove(step.route), step.where));
    case 'entries.add': return yield* kernel(function* () {
      for (const { ip, mac, via } of step.entries) {
        yield* neighbours.addFdb({ dev: step.ifname, lladdr: mac, dst: via });
        yield* neighbours.replace({ dev: step.ifname, dst: ip, lladdr: mac });
      }
    });
    case 'entries.delete':
      for (const { ip, mac, via } of step.entries) {
        yield* unlessAbsent(kernel(() => neighbours.removeFdb({ dev: step.ifname, lladdr: mac, dst: via })));
        yield* unlessAbsent(kernel(() => neighbours.remove({ dev: step.ifname, dst: ip })));
      }
      return;
    case 'sysctl': return session.inside(() => { for (const [key, value] of step.values) writeSysctl(key, value, step.lax); }, step.where);
    case 'record.write': return replaceRecord(step.path, step.text);
    case 'record.delete': return deleteRecord(session.state, step.path);
    case 'hosts': return replaceHosts(session.state, step.network, step.container, step.hosts);
    case 'pool.make':
      makePool(step.folder);
      return withPool(step.folder, () => { for (const address of step.reserved) reserve(step.folder, address, step.holder); });
    case 'pool.drop': return withPool(step.folder, () => { release(step.folder, step.holder); dropPool(step.folder); });
    case 'pool.reserve': return withPool(step.folder, () => { if (!reserve(step.folder, step.address, step.holder, step.set)) throw new Taken(); });
    case 'pool.release': return withPool(step.folder, () => void release(step.folder, step.holder, step.addresses));
    case 'firewall': return yield* applyRuleset(session, step.ruleset);
    case 'flows': return yield* forgetStale(session, { gone: step.gone, made: [] });
    case 'ports': return yield* applyPorts(session, step);
  }
}

/** What is done again after a crash, when more may have changed meanwhile: a link that is down leads nowhere, and one that is gone neither. */
function* unlessThere(operation: Operation<void>): Operation<void> {
  try { yield* unlessAbsent(operation); } catch (error) {
    if (!['EEXIST', 'ENETDOWN', 'ENETUNREACH', 'EHOSTUNREACH'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}

/** What the kernel's refusal of a new link means, where its own words do not say. */
function refusal({ linkinfo, master }: LinkInput, error: unknown): unknown {
  const { code } = error as { code?: string }, { kind } = linkinfo as { kind: string };
  if (code === 'EOPNOTSUPP') return new NetworkError('UNSUPPORTED', `this kernel makes no ${kind} links: ${(error as Error).message}`, `modprobe ${kind}; where there is no such module, take another driver`, error);
  if (code === 'EXFULL' && master !== undefined) return new NetworkError('EXHAUSTED', `the bridge ${master} has no port left`, 'a bridge has 1023: make another network', error);
  return error;
}

/** A link that is born in another namespace; of a pair, the far end. */
function born(link: LinkInput & { ifname: string }, namespace: { fd: number }): LinkInput {
  const info = link.linkinfo as { kind: string; data?: { peer?: LinkInput } };
  return info.data?.peer ? { ...link, linkinfo: { ...info, data: { ...info.data, peer: { ...info.data.peer, namespace } } } as LinkInput['linkinfo'] & {} } : { ...link, namespace };
}

const pathOf = (key: string): string => `/proc/sys/${key}`;
export const readSysctl = (key: string): string | undefined => {
  try { return readFileSync(pathOf(key), 'utf8').trim(); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
/** The interface that a setting belongs to may be gone. */
function writeSysctl(key: string, value: string, lax = false): void {
  const now = readSysctl(key);
  if (now === undefined || now === value) return;
  try { writeFileSync(pathOf(key), value); } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const denied = code === 'EROFS' || code === 'EACCES' || code === 'EPERM';
    if (denied && lax) return;
    if (denied) throw new NetworkError('DENIED', `${key} cannot be set to ${value}: ${code}`, code === 'EROFS' ? '/proc/sys is mounted read-only here: set it outside, or run privileged' : 'run as root', error);
    throw error;
  }
}
