/** Our table in the kernel: looked for, and changed in one transaction. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as routes from '../route/routes.ts';
import { netfilter, type Chain, type Rule, type SetElem, type SetElemList, type Table } from '../families/netfilter/index.ts';
import { commentOf, ends } from '../netfilter/index.ts';
import { elementsIn, RETRIES } from '../netfilter/ruleset.ts';
import { generation, transaction } from '../netfilter/transaction.ts';
import { ask, dump } from '../route/plan.ts';
import { NetlinkError } from '../socket/index.ts';
import { dropping, type Forwarding } from './blocked.ts';
import { NetworkError } from './error.ts';
import { elementChanges, elementsOf, isExact, maps, rulesetOf, TABLE, TABLE_COMMENT, withPorts, type PortChange, type Ruleset } from './firewall.ts';
import { forgetAll, NO_LEADS, notForgotten, suspects, tracked, type Leads } from './flows.ts';
import { elementMessages, keyBytes, messagesOf } from './firewall-messages.ts';
import { readMark } from './names.ts';
import type { SeenTable } from './observed.ts';
import { firewall, kernel, type Operation, type Session } from './operation.ts';
import type { Publish } from './publish.ts';
import { places, readRecords } from './store.ts';

export function* seenTable(): Operation<SeenTable> {
  try {
    const tables = yield* firewall(() => dump<Table>({ message: netfilter.messages.gettable, body: { family: 'inet' } })), found = tables.find(({ name }) => name === TABLE);
    return !found ? 'none' : commentOf(found.userdata, 'table') === TABLE_COMMENT ? 'ours' : 'foreign';
  } catch (error) {
    if (error instanceof NetlinkError) return 'unknown';
    throw error;
  }
}

/** All chains, and the rules of tables of others that drop what is forwarded; nothing where that cannot be told. */
export function* seenForwarding(): Operation<Forwarding> {
  try {
    const chains = yield* firewall(() => dump<Chain>({ message: netfilter.messages.getchain, body: { family: 'unspec' } })), rules: Rule[] = [];
    for (const { family, table } of dropping(chains)) rules.push(...yield* firewall(() => dump<Rule>({ message: netfilter.messages.getrule, body: { family, table } as object })));
    return { chains, rules };
  } catch (error) {
    if (error instanceof NetlinkError) return { chains: [], rules: [] };
    throw error;
  }
}

/** What the kernel says when it lacks nf_tables, or a part of it. */
const LACKING = new Set(['ENOENT', 'EOPNOTSUPP', 'EPROTONOSUPPORT', 'EINVAL', 'EAFNOSUPPORT']);

/** Puts a ruleset in the place of ours. @param leads what changes by it, where a table is there @throws {NetworkError} CONFLICT, UNSUPPORTED @throws {NetlinkError} */
export function* applyRuleset(session: Session, ruleset: Ruleset, leads: Leads = NO_LEADS): Operation<void> {
  for (let retry = 0; ; retry++) {
    const genid = yield* firewall(generation), seen = yield* seenTable();
    if (seen === 'foreign') throw new NetworkError('CONFLICT', `there is a table inet ${TABLE} that is not nlkit's`, `nft list table inet ${TABLE}`);
    if (seen === 'none' && ruleset.length === 0) return yield* forgetStale(session, leads);
    try { yield* firewall(() => transaction(messagesOf(ruleset), { genid })); } catch (error) {
      if (error instanceof NetlinkError && error.code === 'ERESTART' && retry < RETRIES) continue;
      if (error instanceof NetlinkError && LACKING.has(error.code)) throw new NetworkError('UNSUPPORTED', `the firewall: ${error.message}`, 'the kernel needs nf_tables with nft_chain_nat, nft_nat, nft_masq, nft_ct and nft_fib_inet ("modprobe")', error);
      throw error;
    }
    // Where two have the same port, one element is not all that there is to know.
    if (isExact(ruleset)) keep(session, genid + 1);
    return yield* forgetStale(session, seen === 'none' ? { ...leads, made: elementsOf(ruleset) } : leads);
  }
}

/** Changes one container's elements, in a table that is as we left it; else all of it is made anew. @throws as `applyRuleset` */
export function* applyPorts(session: Session, change: PortChange): Operation<void> {
  const genid = yield* unchanged(session), leads = elementChanges(change);
  if (genid !== undefined) {
    try {
      yield* firewall(() => transaction(elementMessages(leads.gone, leads.made), { genid }));
      keep(session, genid + 1);
      return yield* forgetStale(session, leads);
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
    }
  }
  yield* applyRuleset(session, withPorts(rulesetOf(readRecords(session.state).values()), change), leads);
}

/** Makes the kernel forget the connections that a change of ports makes stale. May be done again. */
export function* forgetStale(session: Session, change: Leads): Operation<void> {
  const leads = tracked(change);
  if (leads.gone.length === 0 && leads.made.length === 0) return;
  try {
    const { surely, ifLocal } = yield* firewall(() => suspects(leads)), local = new Map<string, boolean>(), all = [...surely];
    for (const one of ifLocal) {
      const { dst = '' } = ends(one.tupleOrig?.ip), { dstPort = 0 } = one.tupleOrig?.proto ?? {}, key = `${dst} ${dstPort}`;
      if (!local.has(key)) local.set(key, (yield* isLocal(dst)) && (yield* isFor(leads, dst, dstPort)));
      if (local.get(key)) all.push(one);
    }
    yield* firewall(() => forgetAll(all));
  } catch (error) {
    // The ports are as they shall be.
    if (!(error instanceof NetlinkError)) throw error;
    session.warn(notForgotten(leads, error));
  }
}
/** Whether what is sent there is meant for this host: the rules' own condition. */
function* isLocal(dst: string): Operation<boolean> {
  try { return (yield* kernel(() => routes.get(dst))).type === 'local'; } catch (error) {
    if (error instanceof NetlinkError) return false;
    throw error;
  }
}
/** Whether a port of an address leads as it does at any: no element of that address's goes before. */
function* isFor({ made }: Leads, dst: string, hostPort: number): Operation<boolean> {
  if (made.some((lead) => lead.hostPort === hostPort && lead.hostAddress === dst)) return true;
  const map = maps.find(({ addressed, family }) => addressed && (family === 'inet6') === dst.includes(':')) as (typeof maps)[number];
  return (yield* element(map.name, keyBytes({ map, hostAddress: dst, protocol: 'udp', hostPort }))).length === 0;
}

/** Who publishes one of these ports, at whatever address; undefined where the table is not as we left it. */
export function* publishers(session: Session, ports: readonly Publish[]): Operation<{ network: string; container: string }[] | undefined> {
  const genid = yield* unchanged(session), found: SetElem[] = [];
  if (genid === undefined) return undefined;
  try {
    for (const map of maps) {
      const keys = ports.map(({ protocol, hostPort }) => keyBytes({ map, protocol, hostPort }));
      if (map.addressed) found.push(...(yield* elements(map.name)).filter(({ key }) => keys.some((one) => endsWith(key?.value, one))));
      else for (const value of keys) found.push(...yield* element(map.name, value));
    }
    if ((yield* firewall(generation)) !== genid) return undefined;
  } catch (error) {
    if (error instanceof NetlinkError) return undefined;
    throw error;
  }
  return found.flatMap(({ userdata }) => { const { network, container } = readMark(commentOf(userdata, 'element')) ?? {}; return network !== undefined && container !== undefined ? [{ network, container }] : []; });
}
const endsWith = (key: Uint8Array | undefined, tail: Uint8Array): boolean => key !== undefined && tail.every((byte, at) => key[key.length - tail.length + at] === byte);
const ofSet = (set: string) => ({ family: 'inet', table: TABLE, set }) as const;
const elements = function* (set: string): Operation<SetElem[]> {
  return elementsIn(yield* firewall(() => dump<SetElemList>({ message: netfilter.messages.getsetelem, body: ofSet(set) })));
};
function* element(set: string, value: Uint8Array): Operation<SetElem[]> {
  try { return elementsIn((yield* firewall(() => ask({ message: netfilter.messages.getsetelem, body: { ...ofSet(set), elements: { elem: [{ key: { value } }] } } }))).map(({ body }) => body as SetElemList)); } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The generation of nf_tables that we left. As long as it is the kernel's, nobody has changed anything. It is kept in the file of the
 * state's lock, which only the lock's holder writes; without it, or when the machine started anew, nothing is known.
 */
const noteOf = (session: Session, genid: number): string => {
  const { dev, ino } = session.home();
  return `nf_tables ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${dev}:${ino} ${genid}\n`;
};
const keep = (session: Session, genid: number): void => writeFileSync(places(session.state).lock, noteOf(session, genid));
/** The generation, when it is still the one that we left. */
function* unchanged(session: Session): Operation<number | undefined> {
  try {
    const genid = yield* firewall(generation);
    return readFileSync(places(session.state).lock, 'utf8') === noteOf(session, genid) ? genid : undefined;
  } catch (error) {
    if (error instanceof NetlinkError) return undefined;
    throw error;
  }
}
