/** IPsec: states (security associations) and policies by what people write of them; what happens to them, and what they need, as events. */
export { openXfrm, openXfrmSync, type OpenOptions, type Xfrm, type XfrmSync } from './xfrm.ts';
export {
  readState, stateBody, type XfrmAllocated, type XfrmIptfs, type XfrmSpiInput, type XfrmState, type XfrmStateCounts, type XfrmStateFilter, type XfrmStateInput, type XfrmStateRef,
} from './state.ts';
export type { XfrmAlgorithm, XfrmAlgorithms } from './algorithms.ts';
export type { XfrmReplay, XfrmWindow } from './replay.ts';
export type { XfrmAevent, XfrmAeventInput } from './aevent.ts';
export {
  policyBody, readPolicy, type XfrmDefaults, type XfrmDirection, type XfrmPolicy, type XfrmPolicyCounts, type XfrmPolicyFilter, type XfrmPolicyInput, type XfrmPolicyRef, type XfrmPolicyType, type XfrmTemplate, type XfrmThresholds,
} from './policy.ts';
export { readSelector, selectorBody, type TrafficSelector } from './selector.ts';
export type { XfrmEnds, XfrmMigration, XfrmMove, XfrmStateMove, XfrmStateMoved } from './migrate.ts';
export { readEvent, type XfrmAcquire, type XfrmEvent, type XfrmGroup, type XfrmMapping, type XfrmWatchOptions } from './watch.ts';
export { XfrmInputError, type Family, type Names, type XfrmLimits, type XfrmMark, type XfrmMode, type XfrmProblem, type XfrmProtocol, type XfrmUsage } from './common.ts';
