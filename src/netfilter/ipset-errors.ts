/** Numbers that ipset has for what goes wrong, beyond those of Linux. Source: include/uapi/linux/netfilter/ipset/ip_set.h, ip_set_bitmap.h, ip_set_hash.h, ip_set_list.h. */
import { NetlinkError } from '../socket/index.ts';

type Row = readonly [code: string, words: string];
/** From IPSET_ERR_PRIVATE + 1 on. */
const PRIVATE = 4096;
const core: readonly Row[] = [
  ['PROTOCOL', 'the kernel does not take the message'], ['FIND_TYPE', 'this kernel has no such type of sets, or not of this family'], ['MAX_SETS', 'there are as many sets as there may be'], ['BUSY', 'a rule or a list refers to it'],
  ['EXIST_SETNAME2', 'the second name is taken, or is no set\'s'], ['TYPE_MISMATCH', 'the sets are of different types'], ['EXIST', 'the entry is not there'], ['INVALID_CIDR', 'not a prefix length'], ['INVALID_NETMASK', 'not a netmask'],
  ['INVALID_FAMILY', 'the type has no sets of this family'], ['TIMEOUT', 'the set was made without timeouts, or it is too long'], ['REFERENCED', 'a rule or a list refers to it'], ['IPADDR_IPV4', 'an address of IPv4 is wanted'], ['IPADDR_IPV6', 'an address of IPv6 is wanted'],
  ['COUNTER', 'the set was made without counters'], ['COMMENT', 'the set was made without comments, or it is too long'], ['INVALID_MARKMASK', 'not a mask of marks'], ['SKBINFO', 'the set was made without skbinfo'], ['BITMASK_NETMASK_EXCL', 'bitmask and netmask exclude each other'],
];
/** From IPSET_ERR_TYPE_SPECIFIC on, by how a type's name begins. */
const SPECIFIC = 4352;
const specific: Readonly<Record<string, readonly Row[]>> = {
  bitmap: [['BITMAP_RANGE', 'the entry is out of the range of the set'], ['BITMAP_RANGE_SIZE', 'the range is larger than a set of the type can be']],
  hash: [['HASH_FULL', 'the set is full'], ['HASH_ELEM', 'nothing but zeros cannot be in a set'], ['INVALID_PROTO', 'not a protocol for this type'], ['MISSING_PROTO', 'a protocol is wanted'], ['HASH_RANGE_UNSUPPORTED', 'no range can stand there'], ['HASH_RANGE', 'a range of everything cannot be']],
  list: [['NAME', 'the set that is named as entry is not there'], ['LOOP', 'lists cannot be in lists'], ['BEFORE', 'before or behind which set?'], ['NAMEREF', 'the set that is before or behind it is not there'], ['LIST_FULL', 'the list is full'], ['REF_EXIST', 'the set that is before or behind it is not in the list']],
};

/** One number says that an entry is there already, and that it is not. */
const said = ([code, words]: Row, syscall: string): Row => [code, code === 'EXIST' && syscall.endsWith('_ADD') ? 'the entry is there already' : words];

/** An error of a request about sets, in ipset's words where it is one of its own. */
export function explained(error: unknown, typename = ''): unknown {
  if (!(error instanceof NetlinkError) || error.errno === undefined || -error.errno <= PRIVATE) return error;
  const number = -error.errno, row = number >= SPECIFIC ? specific[typename.split(':')[0] as string]?.[number - SPECIFIC] : core[number - PRIVATE - 1];
  if (!row) return error;
  const { errno, syscall, request, echoed } = error as Required<NetlinkError>, [code, words] = said(row, syscall);
  return new NetlinkError({ code: `IPSET_ERR_${code}`, errno, syscall, request, ...(echoed as Uint8Array | undefined && { echoed }), message: `${syscall}: IPSET_ERR_${code}: ${words}`, cause: error });
}
