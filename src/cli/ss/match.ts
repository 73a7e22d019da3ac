/** Conditions of ss: as the kernel takes them, and for what the kernel does not filter. */
import { parseIpv4, parseIpv6 } from '../../codec/index.ts';
import type { SocketFilter } from '../../diag/filter.ts';
import type { Condition, End } from './expression.ts';
import type { Family } from './selection.ts';
import { isEphemeral } from './services.ts';

/** What conditions look at. */
export interface Subject {
  readonly family: Family;
  /** An address of IP, a name of unix, a number otherwise. */
  readonly local: string | number | undefined;
  readonly peer: string | number | undefined;
  readonly localPort: number;
  readonly peerPort: number;
  readonly device: number;
  readonly mark: number;
  readonly cgroup: bigint;
}

function bytesOf(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  if (parseIpv4(address, bytes, 0)) return bytes.slice(0, 4);
  return parseIpv6(address, bytes, 0) ? bytes : bytes.slice(0, 0);
}
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
function within(address: string, prefix: { readonly address: string; readonly length: number }): boolean {
  const wanted = bytesOf(prefix.address), given = bytesOf(address);
  // An address of IPv4 is that of IPv6 that it is mapped to, too.
  const bytes = wanted.length === 4 && given.length === 16 && MAPPED.every((byte, at) => given[at] === byte) ? given.subarray(12) : given;
  if (bytes.length !== wanted.length) return false;
  return bytes.every((byte, at) => {
    const mask = (0xff00 >> Math.min(8, Math.max(0, prefix.length - 8 * at))) & 0xff;
    return ((byte ^ (wanted[at] as number)) & mask) === 0;
  });
}

/** fnmatch(3), in any case of letters. */
function looksLike(text: string, pattern: string): boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern[at] as string, set = letter === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (letter === '*') source += '.*';
    else if (letter === '?') source += '.';
    else if (set) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] as string).replace(/[\\\]^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else source += (letter === '\\' ? pattern[++at] ?? '\\' : letter).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'is').test(text);
}

function ended(end: End, subject: Subject): boolean {
  const { family, port, prefix, number, pattern } = end, [value, own] = end.side === 'src' ? [subject.local, subject.localPort] : [subject.peer, subject.peerPort];
  if (pattern !== undefined) return subject.family === 'unix' && looksLike(String(value ?? ''), pattern);
  if (port !== undefined && (port | 0) !== (own | 0)) return false;
  if (prefix) return (subject.family === 'inet' || subject.family === 'inet6') && within(String(value), prefix);
  return number === undefined || (subject.family === family && value === number);
}

/** Its port, or its name, was chosen by the kernel. */
function autobound({ family, local, localPort }: Subject): boolean {
  if (family === 'unix') return local === undefined || /^@[0-9a-f]{5}$/.test(String(local));
  if (family === 'packet') return localPort === 0 && local === 0;
  if (family === 'netlink') return (localPort | 0) < 0;
  return family === 'vsock' ? localPort > 1023 : isEphemeral(localPort);
}

export function holds(condition: Condition, subject: Subject): boolean {
  switch (condition.kind) {
    case 'and': return holds(condition.first, subject) && holds(condition.second, subject);
    case 'or': return holds(condition.first, subject) || holds(condition.second, subject);
    case 'not': return !holds(condition.inner, subject);
    case 'end': return ended(condition.end, subject);
    case 'ports': {
      const port = (condition.side === 'src' ? subject.localPort : subject.peerPort) | 0;
      return port >= (condition.least ?? -Infinity) && port <= (condition.most ?? Infinity);
    }
    case 'dev': return subject.device === condition.index;
    case 'mark': return ((subject.mark & condition.mask) >>> 0) === condition.mark;
    case 'cgroup': return subject.cgroup === condition.id;
    case 'autobound': return autobound(subject);
  }
}

/** As the kernel filters sockets over IP. */
export function toFilter(condition: Condition): SocketFilter {
  switch (condition.kind) {
    case 'and': return { and: [toFilter(condition.first), toFilter(condition.second)] };
    case 'or': return { or: [toFilter(condition.first), toFilter(condition.second)] };
    case 'not': return { not: toFilter(condition.inner) };
    case 'end': {
      const { side, port, prefix } = condition.end, end = { ...(prefix && { address: `${prefix.address}/${prefix.length}` }), ...(port !== undefined && { port }) };
      return side === 'src' ? { src: end } : { dst: end };
    }
    case 'ports': {
      const { side, least, most } = condition, ports = { ...(least !== undefined && { min: least }), ...(most !== undefined && { max: most }) };
      return side === 'src' ? { sport: ports } : { dport: ports };
    }
    case 'dev': return { device: condition.index };
    case 'mark': return { mark: condition.mark, mask: condition.mask };
    case 'cgroup': return { cgroup: condition.id };
    case 'autobound': return { autobound: true };
  }
}
