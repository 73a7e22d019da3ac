/** Families of generic netlink have other numbers on each machine: those of a capture are learned from what nlctrl says in it. */
import { bodySchema, decode, frames, genericProtocol, HOST_LITTLE_ENDIAN, NETLINK_GENERIC, type AnyGenericFamily, type Protocol } from '../codec/index.ts';
import { familyNamed, generic, NLCTRL_ID, nlctrl, type GenericFamilyInfo } from '../families/generic/index.ts';
import { guessLittleEndian, type Captured } from './capture.ts';
import { cutShort } from './explain.ts';

/** CTRL_CMD_NEWFAMILY */
const NEWFAMILY = nlctrl.commands.newfamily[0];

/**
 * Generic netlink with the families that these datagrams tell the numbers of: for `protocol` of whatever shows them. Datagrams that are said to
 * be of another protocol are passed over.
 */
export function genericOf(datagrams: Iterable<Pick<Captured, 'bytes' | 'protocol'>>): Protocol {
  const known = new Map<number, AnyGenericFamily>([[NLCTRL_ID, nlctrl]]);
  for (const { bytes, protocol = NETLINK_GENERIC } of datagrams) {
    if (protocol === NETLINK_GENERIC) for (const [name, id] of announced(bytes)) { const family = familyNamed(name); if (family) known.set(id, family); }
  }
  return known.size === 1 ? generic : genericProtocol([...known].map(([id, family]) => [family, id]));
}

/** The families that a datagram of nlctrl tells the numbers of: they come first, so that a message that is cut short will do. */
export function* announced(bytes: Uint8Array): Generator<[name: string, id: number]> {
  const littleEndian = guessLittleEndian(bytes) ?? HOST_LITTLE_ENDIAN;
  let next = 0;
  const all = [...frames(bytes, { littleEndian })];
  for (const frame of all) next = frame.next;
  const cut = cutShort(bytes, next, littleEndian);
  for (const frame of cut ? [...all, cut] : all) {
    if (frame.type !== NLCTRL_ID || bytes[frame.start] !== NEWFAMILY) continue;
    const { familyId, familyName } = decode(bodySchema(generic, frame), bytes.subarray(frame.start, frame.end), { littleEndian, exact: true }) as GenericFamilyInfo;
    if (typeof familyName === 'string' && typeof familyId === 'number') yield [familyName, familyId];
  }
}
