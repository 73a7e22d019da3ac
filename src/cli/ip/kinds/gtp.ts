/** `type gtp`: drivers/net/gtp.c. */
import { to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { via } from '../../print/formats.ts';
import { integer, oneOf, u8 } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

export const gtp: Kind = {
  options: {
    role: to('role', oneOf('sgsn', 'ggsn')),
    hsize: to('pdpHashsize', integer('BUCKETS', 1, 131071)),
    restart_count: to('restartCount', u8('COUNT')),
  },
  sheet: [['role', 'role % ', 'role', via((role) => (typeof role === 'string' ? role : 'unknown'))], plain('hsize', 'pdpHashsize'), plain('restart_count')],
  finish(data, _context, creating) {
    if (creating && data['role'] === undefined) throw usage('a gtp needs a role', 'ip link add gtp0 type gtp role sgsn');
    // A socket of this process would end with it.
    data['createSockets'] = 1;
    data['pdpHashsize'] ??= 1024;
  },
};
