/** `type ipoib`: drivers/infiniband/ulp/ipoib/ipoib_netlink.c. */
import { to } from '../../grammar.ts';
import { via } from '../../print/formats.ts';
import { oneOf, u16 } from '../../values.ts';
import type { Kind } from './kind.ts';

const four = (value: unknown): string => Number(value).toString(16).padStart(4, '0');

export const ipoib: Kind = {
  options: {
    pkey: to('pkey', u16('KEY')),
    mode: to('mode', oneOf('datagram', 'connected')),
    umcast: to('umcast', u16('{ 0 | 1 }')),
  },
  sheet: [
    ['key', 'pkey % ', 'pkey', via((value) => `0x${four(value)}`)],
    ['mode', 'mode % ', 'mode', via((mode) => (typeof mode === 'string' ? mode : 'unknown'))],
    ['umcast', 'umcast % ', 'umcast', via(four)],
  ],
};
