/** Families of generic netlink have other numbers on each machine: those of a capture are learned from what nlctrl says in it. */
import { bodySchema, decode, DecodeError, frames, genericProtocol, HOST_LITTLE_ENDIAN, NETLINK_GENERIC, type AnyGenericFamily, type Protocol } from '../codec/index.ts';
import { familyNamed, generic, NLCTRL_ID, nlctrl, type GenericFamilyInfo } from '../families/generic/index.ts';
import { guessLittleEndian, type Captured } from './capture.ts';

/** CTRL_CMD_NEWFAMILY */
const NEWFAMILY = nlctrl.commands.newfamily[0];

/**
 * Generic netlink with the families that these datagrams tell the numbers of: for `protocol` of whatever shows them. Datagrams that are said to
 * be of another protocol are passed over.
 */
export function genericOf(datagrams: Iterable<Pick<Captured, 'bytes' | 'protocol'>>): Protocol {
  const known = new Map<number, AnyGenericFamily>([[NLCTRL_ID, nlctrl]]);
  for (const { bytes, protocol = NETLINK_GENERIC } of datagrams) if (protocol === NETLINK_GENERIC) learn(bytes, known);
  return known.size === 1 ? generic : genericProtocol([...known].map(([id, family]) => [family, id]));
}

function learn(bytes: Uint8Array, known: Map<number, AnyGenericFamily>): void {
  const littleEndian = guessLittleEndian(bytes) ?? HOST_LITTLE_ENDIAN;
  for (const frame of frames(bytes, { littleEndian })) {
    const { type, start, end } = frame;
    if (type !== NLCTRL_ID || bytes[start] !== NEWFAMILY) continue;
    try {
      const { familyId, familyName } = decode(bodySchema(generic, frame), bytes.subarray(start, end), { littleEndian }) as GenericFamilyInfo, family = familyNamed(familyName ?? '');
      if (family && familyId !== undefined) known.set(familyId, family);
    } catch (error) {
      // What does not decode says nothing.
      if (!(error instanceof DecodeError)) throw error;
    }
  }
}
