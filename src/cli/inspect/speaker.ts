/** A socket of any protocol, with the schemas that its messages have on this kernel. */
import { NETLINK_GENERIC, type Protocol } from '../../codec/index.ts';
import { route } from '../../families/route/index.ts';
import { genericAt, registered, type Registered } from '../../generic/index.ts';
import { protocolNamed } from '../../inspect/json.ts';
import { Client, type NetlinkError, openSocket, type Transport } from '../../socket/index.ts';
import { enter } from '../../namespace/index.ts';
import { entering, usage } from '../errors.ts';
import { didYouMean } from '../words.ts';

/** What is spoken, and by which socket. */
export interface Speaker {
  /** The schemas, with the numbers that families of generic netlink have here; undefined where none are declared. */
  readonly protocol: Protocol | undefined;
  /** NETLINK_* */
  readonly number: number;
  readonly families: readonly Registered[];
  /** Absent without a kernel. */
  readonly transport?: Transport;
}

const there = <T>(netns: string | undefined, body: () => T): T => {
  if (netns === undefined) return body();
  try { return enter(netns.includes('/') ? { path: netns } : { name: netns }, body); } catch (error) { throw entering(netns, error); }
};

/**
 * @param names families of generic netlink that must be there, where the kernel has them
 * @param dry without a kernel: only the schemas @throws {NetlinkError}
 */
export function speaker(which: string | number, netns: string | undefined, names: Iterable<string> = [], dry = false): Speaker {
  const declared = protocolNamed(which), number = declared?.number ?? Number(which);
  if (dry) return { protocol: declared, number, families: [] };
  return there(netns, () => {
    const families = number === NETLINK_GENERIC ? registered(names) : [];
    return { protocol: number === NETLINK_GENERIC ? genericAt(families) : declared, number, families, transport: openSocket({ protocol: number, cappedAck: false }) };
  });
}

/** A socket that hears multicast groups: keys of the schemas, the kernel's names, numbers; `FAMILY:GROUP` of generic netlink. */
export function listener({ protocol, number, families }: Speaker, groups: readonly string[], netns: string | undefined): Transport {
  const known = new Map(Object.entries(protocol?.groups ?? {}).flatMap(([key, [id, name]]) => [[key, id], [name, id]] as const));
  for (const { name, groups: own } of families) for (const [group, id] of Object.entries(own)) known.set(`${name}:${group}`, id);
  const numbers = groups.map((group) => {
    const id = /^\d+$/.test(group) ? Number(group) : known.get(group);
    if (id === undefined) throw usage(`"${group}" is not a multicast group of this protocol`, didYouMean(group, [...known.keys()]));
    return id;
  });
  return there(netns, () => openSocket({ protocol: number, groups: numbers }));
}

/** The index of a link. @throws {CliError} */
export function indexOf(name: string, netns: string | undefined): number {
  return there(netns, () => {
    using client = Client.open({ protocol: route });
    try { return (client.requestSync({ message: route.messages.getlink, body: { ifname: name } })[0]!.body as { index: number }).index; } catch (error) {
      if ((error as NetlinkError).code === 'ENODEV') throw usage(`there is no link "${name}"`);
      throw error;
    }
  });
}
