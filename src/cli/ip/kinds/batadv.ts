/** `type batadv`: net/batman-adv/mesh-interface.c. iproute2 prints nothing of it. */
import { to } from '../../grammar.ts';
import { text } from '../../values.ts';
import type { Kind } from './kind.ts';

export const batadv: Kind = { options: { ra: to('algoName', { ...text('ALGORITHM'), choices: ['BATMAN_IV', 'BATMAN_V'] }) } };
