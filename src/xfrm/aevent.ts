/** What is used of a state, and where its sequence numbers are: asked, set and told as they change (XFRM_MSG_GETAE, NEWAE). */
import type { Value } from '../codec/index.ts';
import { xfrm, type Aevent, type aeventFlags } from '../families/xfrm/index.ts';
import { ask, type Plan } from '../route/plan.ts';
import { markBody, present, readMark, type Family, type XfrmMark, type XfrmUsage } from './common.ts';
import { readReplay, replayBody, type XfrmWindow } from './replay.ts';
import { stateRefBody, type XfrmState, type XfrmStateRef } from './state.ts';

const { messages } = xfrm;

/** What may be set of a state that packets go by: a standby takes over where another left. */
export interface XfrmAeventInput extends XfrmStateRef, XfrmWindow {
  /** What was used so far. */
  readonly current?: XfrmUsage;
  /** Packets, and tenths of a second, between two events. */
  readonly replayThresh?: number;
  readonly etimerThresh?: number;
}
/** As the kernel tells it, and as `setAevent` takes it. */
export interface XfrmAevent extends XfrmAeventInput {
  readonly src: string;
  readonly dst: string;
  readonly family: Family;
  readonly proto: NonNullable<XfrmStateRef['proto']>;
  readonly spi: number;
  readonly reqid: number;
  /** Why it is told: 'cr' sequence numbers went on, 'ce' time went by, 'cu' somebody set it. */
  readonly flags: Value<typeof aeventFlags>;
  readonly mark?: Required<XfrmMark>;
  readonly ifId?: number;
  readonly dir?: XfrmState['dir'];
  readonly pcpu?: number;
}
type Told = InstanceType<typeof Aevent>;

export function readAevent(body: Told): XfrmAevent {
  const { saId, saddr, flags, reqid, ltimeVal, replayThresh, etimerThresh, mark, ifId, saDir, saPcpu } = body, { replayWindow, replay } = readReplay(body, 0);
  return {
    src: saddr, dst: saId.daddr, family: saId.family as Family, proto: saId.proto, spi: saId.spi, reqid, flags,
    ...present({ replayWindow: body.replayEsnVal && replayWindow, replay, current: ltimeVal, replayThresh, etimerThresh, mark: mark && readMark(mark), ifId, dir: saDir, pcpu: saPcpu }),
  };
}
const idOf = (ref: XfrmStateRef): object => {
  const { srcaddr, mark: _mark, ...saId } = stateRefBody(ref);
  return { saId, saddr: srcaddr, ...(ref.mark && { mark: markBody(ref.mark) }) };
};

/** Where a state is, and when it tells. @throws {NetlinkError} ESRCH; {XfrmInputError} */
export function* aevent(ref: XfrmStateRef): Plan<XfrmAevent> {
  const [reply] = yield* ask({ message: messages.getae, body: { ...idOf(ref), flags: ['rthr', 'ethr'] } });
  return readAevent(reply!.body as Told);
}
/** Sets what is given. A window of numbers of 64 bits must be as large as the state's. @throws {NetlinkError} ESRCH, EINVAL; {XfrmInputError} */
export function* setAevent(given: XfrmAeventInput): Plan<void> {
  const { replay, current, replayThresh, etimerThresh } = given;
  // (Where there is no replay, the window is a state's own affair.)
  const attributes = replay ? replayBody(given, false, true).attributes : {};
  yield* ask({ message: messages.newae, flags: ['replace'], body: present({ ...idOf(given), flags: [], reqid: 0, ltimeVal: current, ...attributes, replayThresh, etimerThresh }) });
}
