/** Expressions that work on registers: compare, compute, look up. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nft_{cmp,range,bitwise,byteorder,immediate,lookup,dynset,inner}.c. */
import { attrs, be32, be64, enumeration, flags, late, pad, string, type Codec } from '../../../codec/index.ts';
import { Data, register } from '../data.ts';
import { expression, Expressions, type AnyExpression } from './index.ts';

/** Ends the rule unless register and value compare so. */
export class CmpExpr extends attrs('NFTA_CMP_', {
  sreg: [1, register],
  op: [2, enumeration(be32, { eq: 0, neq: 1, lt: 2, lte: 3, gt: 4, gte: 5 }, 'NFT_CMP_')],
  data: [3, Data],
}) {}

/** Ends the rule unless the register is in (or, `neq`, out of) a range; both ends belong to it. */
export class RangeExpr extends attrs('NFTA_RANGE_', {
  sreg: [1, register],
  op: [2, enumeration(be32, { eq: 0, neq: 1 }, 'NFT_RANGE_')],
  fromData: [3, Data],
  toData: [4, Data],
}) {}

/** dreg = (sreg & mask) ^ xor; or a shift; or the one operation on two registers, or on a register and a value. */
export class BitwiseExpr extends attrs('NFTA_BITWISE_', {
  sreg: [1, register],
  dreg: [2, register],
  /** Bytes. */
  len: [3, be32],
  mask: [4, Data],
  xor: [5, Data],
  op: [6, enumeration(be32, { maskXor: 0, lshift: 1, rshift: 2, and: 3, or: 4, xor: 5 }, 'NFT_BITWISE_')],
  /** Of a shift: by how many bits. */
  data: [7, Data],
  sreg2: [8, register],
}) {}

/** Between the machine's byte order and the network's. */
export class ByteorderExpr extends attrs('NFTA_BYTEORDER_', {
  sreg: [1, register],
  dreg: [2, register],
  op: [3, enumeration(be32, { ntoh: 0, hton: 1 }, 'NFT_BYTEORDER_')],
  /** Bytes in all. */
  len: [4, be32],
  /** Bytes of each number: 2, 4 or 8. */
  size: [5, be32],
}) {}

/** Loads a value; into register 0, a verdict. */
export class ImmediateExpr extends attrs('NFTA_IMMEDIATE_', {
  dreg: [1, register],
  data: [2, Data],
}) {}

/** Ends the rule unless the register is in a set. Of a map, loads the value. */
export class LookupExpr extends attrs('NFTA_LOOKUP_', {
  set: [1, string],
  sreg: [2, register],
  /** 0 where the map holds verdicts. */
  dreg: [3, register],
  /** The set by its `id`, for a set of the same transaction. */
  setId: [4, be32],
  /** `inv`: unless it is not. */
  flags: [5, flags(be32, { inv: 1 }, 'NFT_LOOKUP_F_')],
}) {}

/** Adds the register to a set, or takes it out. */
export class DynsetExpr extends attrs('NFTA_DYNSET_', {
  setName: [1, string],
  setId: [2, be32],
  /** `update`: and begins its time anew. */
  op: [3, enumeration(be32, { add: 0, update: 1, delete: 2 }, 'NFT_DYNSET_OP_')],
  sregKey: [4, register],
  /** Of a map. */
  sregData: [5, register],
  /** How long the element stays, in milliseconds. */
  timeout: [6, be64],
  /** What the element does with each packet. */
  expr: [7, late((): Codec<AnyExpression> => expression)],
  pad: [8, pad],
  flags: [9, flags(be32, { inv: 1, expr: 2 }, 'NFT_DYNSET_F_')],
  expressions: [10, late((): Codec<Expressions> => Expressions)],
}) {}

/** An expression about the packet within a packet. */
export class InnerExpr extends attrs('NFTA_INNER_', {
  /** 0: the first one within. */
  num: [1, be32],
  type: [2, enumeration(be32, { unspec: 0, vxlan: 1, geneve: 2 }, 'NFT_INNER_')],
  /** What the tunnel's packets have. */
  flags: [3, flags(be32, { hdrsize: 1, ll: 2, nh: 4, th: 8 }, 'NFT_INNER_')],
  /** Bytes of the tunnel's header. */
  hdrsize: [4, be32],
  /** `meta` or `payload`. */
  expr: [5, late((): Codec<AnyExpression> => expression)],
}) {}
