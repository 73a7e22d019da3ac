/** `type wwan`: drivers/net/wwan/wwan_core.c. */
import { to } from '../../grammar.ts';
import { u32 } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

export const wwan: Kind = { options: { linkid: to('linkId', u32('ID')) }, sheet: [plain('linkid', 'linkId')] };
