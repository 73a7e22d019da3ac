/** `plug`: packets are held until somebody lets them go. */
import { usage } from '../../errors.ts';
import { act, type Draft, type Row } from '../../grammar.ts';
import type { TcKind } from '../kind.ts';
import { size } from '../units.ts';

const say = (action: string, help: string, type?: typeof size): Row => act((draft: Draft, value) => {
  if (draft['action'] !== undefined) throw usage('one thing at a time', 'plug block, release, release_indefinite, or limit BYTES');
  Object.assign(draft, { action, limit: type ? value : 0 });
}, type, { help });

/** The kernel does not tell its state. */
export const plug: TcKind = {
  options: { block: say('buffer', 'what comes from now on waits'), release: say('releaseOne', 'what came before the last "block" goes'), release_indefinite: say('releaseIndefinite', 'all goes, until the next "block"'), limit: say('limit', 'most bytes that wait', size) },
};
