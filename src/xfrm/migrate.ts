/** States and policies that move to other addresses, with their keys and sequence numbers (XFRM_MSG_MIGRATE, MIGRATE_STATE): an end that roams. */
import type { Value } from '../codec/index.ts';
import { xfrm, type UserMigrateState, type UserpolicyId, type XfrmAttrs, type XfrmUserKmaddress, type XfrmUserMigrateState } from '../families/xfrm/index.ts';
import { ask, type Plan } from '../route/plan.ts';
import { asIpv6, ipv4Within } from '../route/prefix.ts';
import { endsFamily, markBody, outputMarkBody, present, readMark, readOutputMark, XfrmInputError, type Body, type Family, type XfrmMark, type XfrmMode, type XfrmProtocol } from './common.ts';
import type { XfrmDirection, XfrmPolicyType } from './policy.ts';
import { readSelector, selectorBody, type TrafficSelector } from './selector.ts';
import { stateRefBody, type XfrmState, type XfrmStateInput, type XfrmStateRef } from './state.ts';

const { messages } = xfrm;
type Attributes = InstanceType<typeof XfrmAttrs>;

/** Two ends of a tunnel. */
export interface XfrmEnds { readonly src: string; readonly dst: string }
/** Which templates and states move, and where to. */
export interface XfrmMove {
  readonly from: XfrmEnds;
  readonly to: XfrmEnds;
  readonly proto: XfrmProtocol;
  /** Default: 'tunnel'. */
  readonly mode?: XfrmMode;
  readonly reqid?: number;
}
/** A policy whose ends move; and what of its templates and of their states does. */
export interface XfrmMigration {
  readonly dir: XfrmDirection;
  readonly sel: TrafficSelector;
  readonly type?: XfrmPolicyType;
  readonly moves: readonly XfrmMove[];
  /** Between whom keys are negotiated from now on. */
  readonly kmaddress?: { readonly local: string; readonly remote: string };
  readonly encap?: Encap;
  /** Of an xfrm link. */
  readonly ifId?: number;
}

type Encap = NonNullable<Attributes['encap']>;
/** In these messages nothing says of which family the original address is: schemas read it as IPv6. */
const encapBody = (encap: Encap | undefined): Encap | undefined => encap && { ...encap, oa: asIpv6(encap.oa) };
const readEncap = (encap: Encap | undefined, family: unknown): Encap | undefined => encap && (family === 'inet' ? { ...encap, oa: ipv4Within(encap.oa) } : encap);

function ends(which: string, one: XfrmEnds): Family {
  const family = endsFamily(one);
  if (!family) throw new XfrmInputError('moves', `a move needs both ends it goes ${which}`, "from: { src: '192.0.2.1', dst: '192.0.2.2' }, to: { src: '192.0.2.3', dst: '192.0.2.2' }");
  return family;
}
const moveBody = ({ from, to, proto, mode = 'tunnel', reqid = 0 }: XfrmMove): Body => ({
  oldDaddr: from.dst, oldSaddr: from.src, newDaddr: to.dst, newSaddr: to.src, proto, mode, reqid, oldFamily: ends('from', from), newFamily: ends('to', to),
});
/**
 * Moves a policy, its templates and the states that these name. @throws {NetlinkError} ENOPROTOOPT where the kernel cannot (CONFIG_XFRM_MIGRATE), ENOENT: no such policy, ENODATA: no template or state is there to move;
 * {XfrmInputError}
 */
export function* migrate({ dir, sel, type = 'main', moves, kmaddress, encap, ifId }: XfrmMigration): Plan<void> {
  if (moves.length === 0) throw new XfrmInputError('moves', 'nothing moves', 'moves: [{ from, to, proto }]');
  const body = present({
    sel: selectorBody(sel, 'inet'), index: 0, dir, policyType: { type }, migrate: [moves.map(moveBody)], ...(kmaddress && { kmaddress: { ...kmaddress, family: endsFamily({ src: kmaddress.local, dst: kmaddress.remote }) } }), encap: encapBody(encap), ifId,
  });
  yield* ask({ message: messages.migrate, body });
}
export function readMigration({ sel, dir, policyType, migrate: told = [], kmaddress, encap, ifId }: InstanceType<typeof UserpolicyId>): XfrmMigration {
  return {
    dir, sel: readSelector(sel) ?? { family: 'unspec' },
    moves: told.flat().map(({ oldSaddr, oldDaddr, newSaddr, newDaddr, proto, mode, reqid }) => ({ from: { src: oldSaddr, dst: oldDaddr }, to: { src: newSaddr, dst: newDaddr }, proto, mode, reqid })),
    ...present({ type: policyType?.type, kmaddress: kmaddress && addresses(kmaddress), encap: readEncap(encap, told[0]?.[0]?.newFamily), ifId }),
  };
}
const addresses = ({ local, remote }: Value<typeof XfrmUserKmaddress>): { local: string; remote: string } => ({ local, remote });

/** Where one state moves to, and what else changes of it: what is left out stays. */
export interface XfrmStateMove extends XfrmEnds, Pick<XfrmStateInput, 'reqid' | 'sel' | 'mark' | 'encap' | 'offload' | 'outputMark' | 'natKeepaliveInterval' | 'mtimerThresh'> {
  /** 'clearOffload': no device works for it any more. 'updateH2hSel': its selector follows, where it is of the two ends alone. */
  readonly flags?: Value<typeof XfrmUserMigrateState>['flags'];
}
/** A state that moved. */
export interface XfrmStateMoved {
  readonly dst: string;
  readonly family: Family;
  readonly proto: XfrmProtocol;
  readonly spi: number;
  readonly mark?: Required<XfrmMark>;
  readonly to: XfrmStateMove;
}
/**
 * Moves one state, without its policies (kernel 7.1). Its selector and `reqid` go along as they are in `state`, so give what `get` told.
 * @throws {NetlinkError} ENOPROTOOPT where the kernel cannot, EINVAL before 7.1, ESRCH; EEXIST where another has that place: then both are gone; {XfrmInputError}
 */
export function* migrateState(state: XfrmState | (XfrmStateRef & Pick<XfrmStateInput, 'sel' | 'reqid'>), to: XfrmStateMove): Plan<void> {
  const { srcaddr: _src, mark: _mark, ...id } = stateRefBody(state), { src, dst, flags, reqid = state.reqid, sel = state.sel, mark, encap, offload, outputMark, natKeepaliveInterval, mtimerThresh } = to, family = ends('to', to);
  const body = present({
    id, newDaddr: dst, newSaddr: src, newFamily: family, newReqid: reqid, newSel: selectorBody(sel ?? {}, family), oldMark: state.mark && markBody(state.mark), flags, ...(mark && { mark: markBody(mark) }), encap: encapBody(encap), offloadDev: offload,
    ...outputMarkBody(outputMark), natKeepaliveInterval, mtimerThresh,
  });
  yield* ask({ message: messages.migrateState, body });
}
export function readStateMoved(body: InstanceType<typeof UserMigrateState>): XfrmStateMoved {
  const { id, newSaddr, newDaddr, newFamily, newReqid, newSel, oldMark, flags, mark, encap, offloadDev, natKeepaliveInterval, mtimerThresh } = body;
  return {
    dst: id.daddr, family: id.family as Family, proto: id.proto, spi: id.spi, ...(oldMark.m !== 0 && { mark: readMark(oldMark) }),
    to: {
      src: newSaddr, dst: newDaddr, reqid: newReqid, flags,
      ...present({ sel: readSelector(newSel), mark: mark && readMark(mark), encap: readEncap(encap, newFamily), offload: offloadDev, natKeepaliveInterval, mtimerThresh, outputMark: readOutputMark(body) }),
    },
  };
}
