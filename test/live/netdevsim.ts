/** Simulated devices: Debian's kernels have none; $NLKIT_NETDEVSIM names a module that was built for them. */
import { spawnSync } from 'node:child_process';

/** Why there are none here; undefined: they are loaded. */
export const noNetdevsim = (): string | undefined => (spawnSync('sh', ['-c', 'test -d /sys/bus/netdevsim || modprobe -q netdevsim || { modprobe -qa psample macsec udp_tunnel; insmod "$NLKIT_NETDEVSIM" 2>/dev/null; }; test -d /sys/bus/netdevsim && modprobe -qa vxlan geneve']).status === 0
  ? undefined : 'this kernel has no netdevsim, and $NLKIT_NETDEVSIM names no module of it');
