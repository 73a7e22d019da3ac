/** Sockets of TIPC, as `ss --tipc` prints them. */
import type { Printer, Json } from './printer.ts';

/** What TIPC_NLA_SOCK says, by the schema's keys. */
interface Told {
  readonly addr?: number;
  readonly ref?: number;
  readonly con?: { readonly flag?: true; readonly node?: number; readonly sock?: number; readonly type?: number; readonly inst?: number };
  readonly hasPubl?: true;
  readonly stat?: { readonly rcvq?: number; readonly sendq?: number; readonly linkCong?: true; readonly connCong?: true; readonly drop?: number };
  readonly type?: number;
  readonly ino?: number;
  readonly uid?: number;
  readonly tipcState?: number;
  readonly cookie?: bigint;
}
export const tipcTold = (body: Json): Told => (body['sock'] ?? {}) as Told;

/** SOCK_*: which table it is of, and what --tipcinfo calls it. */
const kinds: Readonly<Record<number, readonly [netid: string, word: string]>> = { 1: ['ti_st', 'STREAM'], 2: ['ti_dg', 'DGRAM'], 4: ['ti_rd', 'RDM'], 5: ['ti_sq', 'SEQPACKET'] };
export const tipcNetid = ({ type }: Told): string => kinds[type ?? 0]?.[0] ?? '???';

/** A node's address, and a port. */
export const tipcEnd = (node: number | undefined, port: number | undefined): [address: string, port: string] => [`${(node ?? 0).toString(16)}:`, String(port ?? 0)];

export function printTipc(printer: Printer, { type, stat, hasPubl, con }: Told): void {
  printer.value('type', ' type:%', kinds[type ?? 0]?.[1] ?? 'UNKNOWN');
  printer.value('cong', ' cong:% ', stat?.linkCong ? 'link' : stat?.connCong ? 'conn' : 'none');
  printer.value('drop', ' drop:% ', stat?.drop ?? 0);
  if (hasPubl) printer.value('publ', ' publ', true);
  if (con?.flag) printer.value('via', ' via {%} ', { type: con.type, instance: con.inst }, { text: () => `${con.type ?? 0},${con.inst ?? 0}` });
}
