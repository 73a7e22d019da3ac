/** Prints where this thread's CAP_NET_ADMIN counts. */
import { networkAdmin } from '../../src/socket/capability.ts';

console.log(networkAdmin() ?? 'nowhere');
