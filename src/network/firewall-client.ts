import { NetworkError } from './error.ts';
import type { Ruleset } from './firewall.ts';
import type { Operation, Session } from './operation.ts';

// eslint-disable-next-line require-yield
export function* applyRuleset(_session: Session, ruleset: Ruleset): Operation<void> {
  if (ruleset.some(({ publish }) => publish.length > 0)) throw new NetworkError('UNSUPPORTED', 'this version publishes no ports');
}
