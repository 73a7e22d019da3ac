/** `type xfrm`: net/xfrm/xfrm_interface_core.c. */
import { is, to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { hex } from '../../print/formats.ts';
import { device, integer } from '../../values.ts';
import { when, type Kind } from './kind.ts';

export const xfrm: Kind = {
  options: {
    dev: to('link', device),
    if_id: to('ifId', integer('ID', 1, 0xffffffff)),
    external: is('collectMetadata', true),
  },
  sheet: [
    when('external', 'collectMetadata'),
    ['if_id', 'if_id % ', (data) => (data['collectMetadata'] ? undefined : data['ifId']), hex],
  ],
  finish(data, _context, creating) {
    if (data['collectMetadata'] && Object.keys(data).length > 1) throw usage('an xfrm is either external or has an if_id and a device');
    if (creating && !data['collectMetadata'] && data['ifId'] === undefined) throw usage('an xfrm needs an if_id', 'ip link add xfrm0 type xfrm dev eth0 if_id 42');
  },
};
