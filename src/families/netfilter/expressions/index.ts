/**
 * Expressions, what rules are made of: name in NFTA_EXPR_NAME -> schema of its data.
 * DynsetExpr and InnerExpr hold expressions themselves, so modules enter this cycle here.
 */
import { attrs, multi, select, string, type Value } from '../../../codec/index.ts';
import { None } from '../../route/kinds/none.ts';
import { DupExpr, FlowOffloadExpr, FwdExpr, LogExpr, MasqExpr, NatExpr, ObjrefExpr, QueueExpr, RedirExpr, RejectExpr, SynproxyExpr, TproxyExpr } from './action.ts';
import { BitwiseExpr, ByteorderExpr, CmpExpr, DynsetExpr, ImmediateExpr, InnerExpr, LookupExpr, RangeExpr } from './compare.ts';
import { MatchExpr, TargetExpr } from './compat.ts';
import { ExthdrExpr, FibExpr, HashExpr, MetaExpr, NumgenExpr, OsfExpr, PayloadExpr, RtExpr, SocketExpr, TunnelExpr, XfrmExpr } from './load.ts';
import { ConnlimitExpr, CounterExpr, CtExpr, LastExpr, LimitExpr, QuotaExpr } from './state.ts';

/** The data of an expression, by its name. */
export const expressions = {
  bitwise: BitwiseExpr,
  byteorder: ByteorderExpr,
  cmp: CmpExpr,
  connlimit: ConnlimitExpr,
  counter: CounterExpr,
  ct: CtExpr,
  dup: DupExpr,
  dynset: DynsetExpr,
  exthdr: ExthdrExpr,
  fib: FibExpr,
  flow_offload: FlowOffloadExpr,
  fwd: FwdExpr,
  hash: HashExpr,
  immediate: ImmediateExpr,
  inner: InnerExpr,
  last: LastExpr,
  limit: LimitExpr,
  log: LogExpr,
  lookup: LookupExpr,
  masq: MasqExpr,
  match: MatchExpr,
  meta: MetaExpr,
  nat: NatExpr,
  notrack: None,
  numgen: NumgenExpr,
  objref: ObjrefExpr,
  osf: OsfExpr,
  payload: PayloadExpr,
  queue: QueueExpr,
  quota: QuotaExpr,
  range: RangeExpr,
  redir: RedirExpr,
  reject: RejectExpr,
  rt: RtExpr,
  socket: SocketExpr,
  synproxy: SynproxyExpr,
  target: TargetExpr,
  tproxy: TproxyExpr,
  tunnel: TunnelExpr,
  xfrm: XfrmExpr,
} as const;

/** One expression: its name and its data. */
export const expression = attrs('NFTA_EXPR_', {
  name: [1, string],
  data: [2, select('name', expressions)],
});
export type Expression = Value<typeof expression>;
/** An expression within another one: which it is, TypeScript does not follow. */
export interface AnyExpression { name?: string; data?: object }

/** Expressions, the first first. */
export class Expressions extends attrs('NFTA_LIST_', { elem: [1, multi(expression)] }) {}

export * from './action.ts';
export * from './compare.ts';
export * from './compat.ts';
export * from './load.ts';
export * from './state.ts';
