/**
 * Generic netlink: families that share a protocol. The kernel numbers them when they are registered, so a message's type says which family it
 * is of, and the first byte of its payload which command (struct genlmsghdr; include/uapi/linux/genetlink.h, net/netlink/genetlink.c).
 */
import { verbOf, type MessageType, type Protocol } from './protocol.ts';
import { enumeration, u16, u8, type AnyCodec, type Enumeration, type Int } from './scalars.ts';
import { attrs, kernelName, message, struct, variant, type Attrs, type Fields, type Message, type Shape, type Struct } from './schema.ts';

/** The number given to socket(2). */
export const NETLINK_GENERIC = 16;

/** The header of every message of generic netlink, where nothing is known of its family. */
export class Genlmsghdr extends struct('genlmsghdr', { cmd: u8, version: u8, _reserved: u16 }) {}
type HeaderFields<N extends string, H extends Fields> = H & { readonly cmd: Enumeration<N>; readonly version: Int; readonly _reserved: Int };

/** A message of a family that is not known: its header, and its attributes as they are. */
const anything: AnyCodec = message('genlmsghdr', Genlmsghdr, attrs('', {}));

/** key -> [number, attributes of what the kernel sends, kernel name where it is not the mechanical one, attributes of requests where they are others] */
export type CommandTable = { readonly [key: string]: readonly [number: number, attributes: Attrs<Shape>, name?: string | undefined, request?: Attrs<Shape>] };
/** key -> the kernel's name of a multicast group. */
export type GroupNames = { readonly [key: string]: string };
type Carried<A, N extends string, H extends Fields> = A extends Attrs<infer S> ? Message<HeaderFields<N, H>, S> : never;
type RequestOf<T extends CommandTable[string]> = T extends readonly [number, Attrs<Shape>, string | undefined, infer R extends Attrs<Shape>] ? R : T[1];
type Messages<M extends CommandTable, H extends Fields> = { readonly [K in keyof M]: readonly [number, Carried<M[K][1], keyof M & string, H>, string, Carried<RequestOf<M[K]>, keyof M & string, H>] };
/** A family whose messages have no header beside that of generic netlink. */
type NoFields = Record<never, AnyCodec>;

/** What speaks one family: its messages by command, all of one number. */
export type FamilyProtocol<M extends CommandTable, G extends GroupNames, H extends Fields = NoFields> = Protocol<Messages<M, H>, { readonly [K in keyof G]: readonly [number, string] }>;

/** A family of generic netlink. */
export interface GenericFamily<M extends CommandTable = CommandTable, G extends GroupNames = GroupNames, H extends Fields = NoFields> {
  /** By which the kernel knows it: 'nlctrl'. */
  readonly name: string;
  /** Sent in each request's header. */
  readonly version: number;
  readonly commands: M;
  readonly groups: G;
  /** The kernel's configuration symbol: 'CONFIG_MACSEC'. */
  readonly config?: string;
  /** The module that it may be in: 'macsec'. */
  readonly module?: string;
  /**
   * The family as a protocol, once its number is known.
   * @param id what the kernel gave it: CTRL_ATTR_FAMILY_ID
   * @param groupIds numbers of its multicast groups by the kernel's names; one that is not among them cannot be listened to
   */
  at(id: number, groupIds?: Readonly<Record<string, number>>): FamilyProtocol<M, G, H>;
}
/** A family of any commands. */
export interface AnyGenericFamily extends Omit<GenericFamily, 'at'> { at(id: number, groupIds?: Readonly<Record<string, number>>): Protocol }

/** What a declaration says beside name and version; see `GenericFamily`. */
interface FamilyTable<M extends CommandTable, G extends GroupNames, H extends Fields> {
  /** How the kernel's names of commands begin. */
  readonly prefix: string;
  readonly commands: M;
  /** What the kernel sends to the groups, where it numbers that anew; with `answers`, all that it sends. */
  readonly events?: { readonly prefix: string; readonly commands: CommandTable; readonly answers?: true };
  readonly groups?: G;
  /** The family's own header, between that of generic netlink and the attributes. */
  readonly header?: Struct<H>;
  /** Attributes of what has the number of no command: where the kernel fills it with something else. */
  readonly otherwise?: Attrs<Shape>;
  readonly config?: string;
  readonly module?: string;
}
/** Declares a family: its name and version, its commands and their attributes, its multicast groups, and where in the kernel it is. */
export function genericFamily<const M extends CommandTable, const G extends GroupNames = Record<never, string>, const H extends Fields = NoFields>(name: string, version: number, table: FamilyTable<M, G, H>): GenericFamily<M, G, H> {
  const { prefix, commands, events, groups = {} as G, header, otherwise, config, module } = table;
  const asked = declare(prefix, commands, version, header, otherwise), told = events && declare(events.prefix, events.commands, version, header);
  return {
    name, version, commands, groups, ...(config !== undefined && { config }), ...(module !== undefined && { module }),
    at(id, groupIds = {}) {
      const whole: MessageType = { ...asked(name, id), ...(told && { events: told(name, id), ...(events.answers && { answers: true as const }) }) };
      const known = Object.entries(groups).filter(([, own]) => groupIds[own] !== undefined).map(([key, own]) => [key, [groupIds[own], own]]);
      const messages = Object.fromEntries([...(whole.commands as ReadonlyMap<number, MessageType>).values()].map((m) => [m.key, m]));
      return { name, number: NETLINK_GENERIC, messages, byNumber: new Map([[id, whole]]), groups: Object.fromEntries(known) } as unknown as FamilyProtocol<M, G, H>;
    },
  };
}

/** The messages of a table, all of one number, once it is known. */
function declare(prefix: string, commands: CommandTable, version: number, own?: Struct<Fields>, otherwise?: Attrs<Shape>): (name: string, id: number) => MessageType {
  const cmd = enumeration(u8, Object.fromEntries(Object.entries(commands).map(([key, [number]]) => [key, number])));
  const type = own ? `genlmsghdr and ${own.type}` : 'genlmsghdr', fields: Fields = { cmd, version: u8, _reserved: u16, ...own?.fields };
  const headerOf = (defaults?: { cmd: string; version: number }): Struct<Fields> => struct(type, fields, defaults);
  const carried = (header: Struct<Fields>, attributes: Attrs<Shape>): AnyCodec => message(type, header, attributes as Attrs<Shape> & never);
  const all = Object.entries(commands).map(([key, [number, attributes, kernel, request = attributes]]) => {
    // Who asks need not say again which command it is.
    const header = headerOf({ cmd: key, version }), schema = carried(header, attributes);
    return { number, key, name: kernel ?? kernelName(prefix, key), verb: verbOf(key), schema, request: request === attributes ? schema : carried(header, request) };
  });
  const probe = headerOf(), stranger = own || otherwise ? carried(probe, otherwise ?? attrs('', {})) : anything;
  const any = (way: 'schema' | 'request'): AnyCodec => variant(probe, 'cmd', Object.fromEntries(all.map((m) => [m.key, m[way]])), stranger);
  const schema = any('schema'), request = all.every((m) => m.schema === m.request) ? schema : any('request');
  return (name, id) => ({ key: name, name, number: id, schema, request, verb: 'get', commands: new Map(all.map(({ number, ...rest }) => [number, { ...rest, number: id }])) });
}

/** Families and their numbers as one protocol, for readers of captures; of the others' messages, header and attributes are shown. */
export function genericProtocol(families: Iterable<readonly [family: AnyGenericFamily, id: number]>): Protocol {
  const byNumber = new Map([...families].flatMap(([family, id]) => [...family.at(id).byNumber]));
  return { name: 'generic', number: NETLINK_GENERIC, messages: {}, byNumber, groups: {}, otherwise: anything };
}
