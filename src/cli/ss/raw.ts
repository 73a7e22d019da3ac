/** Raw sockets where the kernel does not tell them by netlink (CONFIG_INET_RAW_DIAG): /proc/net/raw and raw6 of a namespace, which say less. */
import { readFileSync } from 'node:fs';
import { HOST_LITTLE_ENDIAN, ipv4Text, ipv6Text } from '../../codec/index.ts';
import { states } from '../../families/diag/index.ts';
import { enter } from '../../namespace/index.ts';
import type { Body } from '../kernel.ts';

/** Words of 32 bits in hexadecimal, as the machine has them. */
function addressOf(hex: string): string {
  const bytes = new Uint8Array(hex.length / 2), view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, Number.parseInt(hex.slice(2 * at, 2 * at + 8), 16), HOST_LITTLE_ENDIAN);
  return bytes.length === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0);
}
const stateOf = new Map(Object.entries(states).map(([name, number]) => [number as number, name]));

function read(family: 'inet' | 'inet6', wanted: number): Body[] {
  let text: string;
  try { text = readFileSync(`/proc/thread-self/net/${family === 'inet' ? 'raw' : 'raw6'}`, 'utf8'); } catch { return []; }
  return text.split('\n').slice(1).flatMap((line) => {
    const [, src, sport, dst, dport, state, sent, received, uid, inode] = /^\s*\d+: (\w+):(\w+) (\w+):(\w+) (\w+) (\w+):(\w+) \S+ \S+ +(\d+) +\d+ +(\d+)/.exec(line) ?? [];
    if (src === undefined || ((1 << Number.parseInt(state as string, 16)) & wanted) === 0) return [];
    const hex = (word: string | undefined): number => Number.parseInt(word as string, 16);
    return [{
      family, state: stateOf.get(hex(state)), protocol: 0, wqueue: hex(sent), rqueue: hex(received), uid: Number(uid), inode: Number(inode), timer: 0,
      id: { sport: hex(sport), dport: hex(dport), src: addressOf(src), dst: addressOf(dst as string), if: 0 },
    }];
  });
}

/** As the kernel would tell them, without what it does not write there. @param wanted states, as bits */
export const rawSockets = (netns: string | undefined, family: 'inet' | 'inet6', wanted: number): Body[] => (netns === undefined ? read(family, wanted) : enter(netns, () => read(family, wanted)));
