/** lockd: locks of NFS versions 2 and 3. Source: include/uapi/linux/lockd_netlink.h, fs/lockd/svc.c. */
import { attrs, genericFamily, u16, u32 } from '../../codec/index.ts';

/** The server of locks. */
export class LockdServer extends attrs('LOCKD_A_SERVER_', {
  /** Seconds. */
  gracetime: [1, u32],
  /** Host byte order; 0: any. */
  tcpPort: [2, u16],
  udpPort: [3, u16],
}) {}

/** lockd. */
export const lockd = genericFamily('lockd', 1, {
  prefix: 'LOCKD_CMD_',
  commands: {
    serverSet: [1, LockdServer],
    serverGet: [2, LockdServer],
  },
  config: 'CONFIG_LOCKD',
  module: 'lockd',
});
