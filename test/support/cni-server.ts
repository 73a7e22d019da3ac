/** Servers that CNI calls leave behind (src/cni/stay.ts). */
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';

/** Process ids of those of the plugins in a folder. */
export function serversOf(plugins: string): number[] {
  if (!existsSync(plugins)) return [];
  const program = `${realpathSync(plugins)}/nlkit-cni\0serve\0`;
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try { return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(program); } catch { return false; }
  });
}
/** Ends them. */
export const endServersOf = (plugins: string): void => { for (const pid of serversOf(plugins)) process.kill(pid, 'SIGKILL'); };

/** Lets calls leave one in a test's own namespaces: engines hand their environment on. Its socket is named: only then is one left in namespaces that are not the machine's. */
export function leaveServers(socket: string): void {
  process.env['NLKIT_CNI_SOCKET'] = socket;
  process.env['NLKIT_CNI_IDLE'] = '600';
}
