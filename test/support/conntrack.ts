/** What this kernel's connection tracking can do, tried out; in a namespace of one's own. */
import { spawnSync } from 'node:child_process';

const tries = (line: string): boolean => spawnSync('conntrack', line.split(' ')).status === 0;
/** Whether connections may be told apart by zones: CONFIG_NF_CONNTRACK_ZONES. */
export const hasZones = (): boolean => tries('-I -p udp -s 192.0.2.250 -d 192.0.2.251 --sport 1 --dport 2 -t 1 -w 1') && tries('-F');
/** @returns why connections cannot be asked for, or told apart by zones */
export const lacksTracking = (): string | undefined => (!tries('-C') ? 'this kernel has no connection tracking over netlink' : hasZones() ? undefined : 'the connection tracking of this kernel has no zones');
