/** A flow's text as the kernel wants it. */
import { HOST_LITTLE_ENDIAN } from '../../codec/index.ts';
import type { OvsFlow, OvsKey } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import { readKey } from './keys.ts';
import { bytesOf, type Pair, type Style } from './text.ts';

const UFID = 16;
/** `ufid:00112233-4455-6677-8899-aabbccddeeff` */
export function readUfid(text: string): Uint8Array {
  const [, digits] = /^ufid:(?:0x)?([0-9a-f-]*)$/i.exec(text) ?? [], plain = digits?.replaceAll('-', '');
  if (plain?.length !== 2 * UFID) throw usage(`"${text}" is not the name of a flow`, 'ufid: and 32 digits in hex');
  return inWords(bytesOf(plain));
}
/** A name is four words of the machine's own byte order. */
export const inWords = (ufid: Uint8Array): Uint8Array => (HOST_LITTLE_ENDIAN ? Uint8Array.from(ufid, (_, i) => ufid[i - i % 4 + 3 - i % 4] ?? 0) : ufid);

/** A packet of another kind than Ethernet: what it is, is its EtherType. */
const ETHERTYPE = 1;
/** The kernel has no types of packets: whether there is an Ethernet header says it. */
function withoutPacketType({ value, mask }: Pair<OvsKey>): Pair<OvsKey> {
  const { packetType, ...key } = value, { packetType: _mask, ...bits } = mask;
  if (packetType === undefined) return { value: key, mask: bits };
  if (packetType >>> 16 > ETHERTYPE) throw usage(`packet_type: ${packetType >>> 16} is not a namespace of types that the kernel has`, 'ns=0, or ns=1 and an EtherType');
  if (packetType >>> 16 < ETHERTYPE || key.ethertype !== undefined) return { value: key, mask: bits };
  return { value: { ...key, ethertype: packetType & 0xffff }, mask: { ...bits, ethertype: 0xffff } };
}

/** `[ufid:UFID,]in_port(1),...`; the name alone where it is all that is given. */
export function readFlow(text: string, style: Style): OvsFlow {
  const [, name, rest = ''] = /^(ufid:[0-9a-fx-]*)?[,\s]*(.*)$/is.exec(text) ?? [], ufid = name === undefined ? {} : { ufid: readUfid(name) };
  if (rest === '') {
    if (name === undefined) throw usage('a flow says which packets it is about', 'in_port(1),eth(),eth_type(0x0800),ipv4()');
    return ufid;
  }
  const { value, mask } = withoutPacketType(readKey(rest, style));
  return { ...ufid, key: value, mask };
}
