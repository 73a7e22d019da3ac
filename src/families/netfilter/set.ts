/** Sets and maps, and their elements. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_api.c. */
import { attrs, be32, be64, binary, enumeration, flags, message, multi, pad, string } from '../../codec/index.ts';
import { Data } from './data.ts';
import { expression, Expressions } from './expressions/index.ts';
import { Nfgenmsg } from './header.ts';
import { objectType } from './object-type.ts';

/** One field of a concatenation; `len` is bytes. */
export class SetField extends attrs('NFTA_SET_FIELD_', { len: [1, be32] }) {}
export class SetFields extends attrs('NFTA_LIST_', { elem: [1, multi(SetField)] }) {}
export class SetDesc extends attrs('NFTA_SET_DESC_', {
  /** Elements that it may hold. */
  size: [1, be32],
  /** The fields of a key that is a concatenation: sets of intervals need it. */
  concat: [2, SetFields],
}) {}

export class SetAttrs extends attrs('NFTA_SET_', {
  table: [1, string],
  /** At most 255 bytes; of an anonymous set, "%d" where the kernel puts a number: "__set%d". */
  name: [2, string],
  flags: [3, flags(be32, {
    anonymous: 1, constant: 2, interval: 4, map: 8, timeout: 0x10, eval: 0x20, object: 0x40, concat: 0x80, expr: 0x100,
  }, 'NFT_SET_')],
  /** What keys are: a number that only user space understands. */
  keyType: [4, be32],
  /** Bytes. */
  keyLen: [5, be32],
  /** Of a map, what values are: `verdict`, or a number that only user space understands. */
  dataType: [6, enumeration(be32, { value: 0, verdict: 0xffffff00 }, 'NFT_DATA_')],
  /** Bytes. */
  dataLen: [7, be32],
  /** What the kernel should choose an implementation by. */
  policy: [8, enumeration(be32, { performance: 0, memory: 1 }, 'NFT_SET_POL_')],
  desc: [9, SetDesc],
  /** A number to refer to it by within a transaction. */
  id: [10, be32],
  /** How long elements stay, in milliseconds. */
  timeout: [11, be64],
  /** Milliseconds. */
  gcInterval: [12, be32],
  userdata: [13, binary],
  pad: [14, pad],
  /** Of a map to objects, their type. */
  objType: [15, objectType],
  handle: [16, be64],
  /** What each new element gets a copy of: the only one, or the first. */
  expr: [17, expression],
  expressions: [18, Expressions],
  /** The implementation that the kernel chose: "nft_set_hash_type". */
  type: [19, string],
  /** Elements. */
  count: [20, be32],
}) {}
export class NftSet extends message('set', Nfgenmsg, SetAttrs) {}

export class SetElem extends attrs('NFTA_SET_ELEM_', {
  key: [1, Data],
  /** Of a map. */
  data: [2, Data],
  /** `intervalEnd`: the key that an interval no longer holds. `catchall`: no key, stands for all that are not there. */
  flags: [3, flags(be32, { intervalEnd: 1, catchall: 2 }, 'NFT_SET_ELEM_')],
  /** How long it stays, in milliseconds. */
  timeout: [4, be64],
  /** How long it has left, in milliseconds. */
  expiration: [5, be64],
  userdata: [6, binary],
  /** The only one, or the first. */
  expr: [7, expression],
  pad: [8, pad],
  /** Of a map to objects, the object's name. */
  objref: [9, string],
  /** Of an interval in a set of concatenations: the last key in it. */
  keyEnd: [10, Data],
  expressions: [11, Expressions],
}) {}
/** nft numbers elements from 1 on; the kernel, as it numbers all lists. */
export class SetElems extends attrs('NFTA_LIST_', { elem: [1, multi(SetElem)] }, 'elem') {}

export class SetElemListAttrs extends attrs('NFTA_SET_ELEM_LIST_', {
  table: [1, string],
  set: [2, string],
  elements: [3, SetElems],
  /** The set by its `id`. */
  setId: [4, be32],
}) {}
/** Elements of one set, some or all. */
export class SetElemList extends message('setElemList', Nfgenmsg, SetElemListAttrs) {}
