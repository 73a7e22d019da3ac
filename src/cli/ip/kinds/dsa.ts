/** `type dsa`: net/dsa/netlink.c. */
import { to } from '../../grammar.ts';
import { link } from '../../print/formats.ts';
import { device } from '../../values.ts';
import type { Kind } from './kind.ts';

export const dsa: Kind = {
  options: { 'conduit|master': to('conduit', device) },
  sheet: [['conduit', 'conduit % ', 'conduit', { text: link.text!, json: link.json! }]],
};
