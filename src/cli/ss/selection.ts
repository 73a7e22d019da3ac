/** Which sockets a line of ss means: tables, families and states, each of which may bring the others. Source: iproute2's misc/ss.c. */
import { usage } from '../errors.ts';
import { didYouMean } from '../words.ts';

export type Table = 'tcp' | 'mptcp' | 'dccp' | 'udp' | 'raw' | 'u_dgr' | 'u_str' | 'u_seq' | 'p_dgr' | 'p_raw' | 'netlink' | 'sctp' | 'v_str' | 'v_dgr' | 'tipc' | 'xdp';
export type Family = 'inet' | 'inet6' | 'unix' | 'packet' | 'netlink' | 'vsock' | 'tipc' | 'xdp';

/** States by ss's names, a bit each; their numbers are TCP's. */
export const stateNames = ['established', 'syn-sent', 'syn-recv', 'fin-wait-1', 'fin-wait-2', 'time-wait', 'unconnected', 'close-wait', 'last-ack', 'listening', 'closing', 'new-syn-recv', 'bound-inactive'] as const;
const bit = (...names: (typeof stateNames)[number][]): number => names.reduce((bits, name) => bits | (1 << (stateNames.indexOf(name) + 1)), 0);
/** All that ss knows. */
export const ALL = (1 << (stateNames.length + 1)) - 1;
export const CLOSED = bit('unconnected');
export const LISTENING = bit('listening', 'unconnected');
/** Those that have a port and do nothing with it, of TCP (kernel 6.8); they are told as unconnected. */
export const BOUND = bit('bound-inactive');
const ESTABLISHED = bit('established'), TIPC = bit('established', 'listening', 'unconnected');
/** What is connected, or about to be. */
export const CONNECTED = ALL & ~bit('listening', 'unconnected', 'time-wait', 'syn-recv');

const several: Readonly<Record<string, number>> = {
  all: ALL, close: CLOSED, closed: CLOSED, 'syn-rcv': bit('syn-recv'), connected: ALL & ~LISTENING, synchronized: ALL & ~(LISTENING | bit('syn-sent')),
  bucket: bit('syn-recv', 'time-wait'), big: ALL & ~bit('syn-recv', 'time-wait'),
};
/** The words of a state filter. Where connections begin the kernel has two states, and syn-recv is both. */
export const stateWords: readonly string[] = [...Object.keys(several), ...stateNames.filter((name) => name !== 'new-syn-recv')];
export function statesOf(word: string): number {
  const lower = word.toLowerCase(), found = several[lower] ?? (stateWords.includes(lower) ? bit(lower as (typeof stateNames)[number]) : undefined);
  if (found === undefined) throw usage(`"${word}" is not a state`, didYouMean(lower, stateWords));
  return found;
}

const IP = ['inet', 'inet6'] as const;
const overIp = ['udp', 'dccp', 'tcp', 'mptcp', 'sctp', 'raw'] as const;
/** What a table brings. */
const tables: Readonly<Record<Table, { readonly states: number; readonly families: readonly Family[] }>> = {
  tcp: { states: CONNECTED, families: IP }, mptcp: { states: CONNECTED, families: IP }, dccp: { states: CONNECTED, families: IP }, sctp: { states: CONNECTED, families: IP },
  udp: { states: ESTABLISHED, families: IP }, raw: { states: ESTABLISHED, families: IP },
  u_dgr: { states: CLOSED, families: ['unix'] }, u_str: { states: CONNECTED, families: ['unix'] }, u_seq: { states: CONNECTED, families: ['unix'] },
  p_dgr: { states: CLOSED, families: ['packet'] }, p_raw: { states: CLOSED, families: ['packet'] }, netlink: { states: CLOSED, families: ['netlink'] },
  v_str: { states: CONNECTED, families: ['vsock'] }, v_dgr: { states: CONNECTED, families: ['vsock'] }, tipc: { states: TIPC, families: ['tipc'] }, xdp: { states: CLOSED, families: ['xdp'] },
};
/** What a family brings. */
const families: Readonly<Record<Family, { readonly states: number; readonly tables: readonly Table[] }>> = {
  inet: { states: CONNECTED, tables: overIp }, inet6: { states: CONNECTED, tables: overIp },
  unix: { states: CONNECTED, tables: ['u_dgr', 'u_str', 'u_seq'] }, packet: { states: CLOSED, tables: ['p_dgr', 'p_raw'] }, netlink: { states: CLOSED, tables: ['netlink'] },
  vsock: { states: CONNECTED, tables: ['v_str', 'v_dgr'] }, tipc: { states: TIPC, tables: ['tipc'] }, xdp: { states: CLOSED, tables: ['xdp'] },
};
/** The words of -f. */
export const familyWords: Readonly<Record<string, Family>> = { inet: 'inet', inet6: 'inet6', link: 'packet', unix: 'unix', netlink: 'netlink', tipc: 'tipc', vsock: 'vsock', xdp: 'xdp' };

/** The words of -A. */
const queries: Readonly<Record<string, readonly Table[]>> = {
  all: [...overIp, 'u_str', 'u_dgr', 'u_seq', 'p_raw', 'p_dgr', 'netlink', 'v_str', 'v_dgr', 'tipc', 'xdp'],
  inet: overIp, udp: ['udp'], dccp: ['dccp'], tcp: ['tcp'], mptcp: ['mptcp'], sctp: ['sctp'], raw: ['raw'],
  unix: families.unix.tables, unix_stream: ['u_str'], u_str: ['u_str'], unix_dgram: ['u_dgr'], u_dgr: ['u_dgr'], unix_seqpacket: ['u_seq'], u_seq: ['u_seq'],
  packet: families.packet.tables, packet_raw: ['p_raw'], p_raw: ['p_raw'], packet_dgram: ['p_dgr'], p_dgr: ['p_dgr'],
  netlink: ['netlink'], tipc: ['tipc'], vsock: families.vsock.tables, vsock_stream: ['v_str'], v_str: ['v_str'], vsock_dgram: ['v_dgr'], v_dgr: ['v_dgr'], xdp: ['xdp'],
};
export const queryWords = Object.keys(queries);

export class Selection {
  readonly tables = new Set<Table>();
  families = new Set<Family>();
  states = 0;
  /** The family that conditions are about which name none: the last one that was given. */
  preferred: Family | undefined;
  /** States that were asked for, whatever tables and families bring. */
  asked = 0;
  /** Nothing was chosen yet. */
  untouched = true;
  #queried = false;

  table(name: Table, wanted = true): void {
    if (wanted) {
      this.states |= tables[name].states;
      this.tables.add(name);
    } else this.tables.delete(name);
    this.untouched = false;
  }

  family(name: Family): void {
    this.states |= families[name].states;
    this.families.add(name);
    this.preferred = name;
    this.untouched = false;
  }

  /** `-A QUERY,!QUERY`: those tables, and no others. */
  query(list: string): void {
    if (!this.#queried) {
      this.tables.clear();
      this.asked ||= CONNECTED;
      this.untouched = false;
      this.#queried = true;
    }
    for (const word of list.split(',')) {
      const name = word.replace(/^!/, ''), found = queries[name];
      if (!found) throw usage(`"${name}" is not a table of sockets`, didYouMean(name, queryWords));
      for (const one of found) this.table(one, name === word);
    }
  }

  /** Conditions that name a family are about that one only. */
  narrow(name: Family): void {
    this.families = new Set([name]);
    this.preferred = name;
  }

  /** What was left out: tables bring families, families tables. */
  complete(): void {
    if (this.untouched) {
      this.asked ||= CONNECTED;
      for (const name of queries['all'] as readonly Table[]) this.table(name);
    }
    if (this.asked) this.states = this.asked;
    for (const name of this.tables) if (!tables[name].families.some((family) => this.families.has(family))) for (const family of tables[name].families) this.families.add(family);
    for (const name of this.families) if (!families[name].tables.some((table) => this.tables.has(table))) for (const table of families[name].tables) this.tables.add(table);
  }
}
