/**
 * Netlink datagrams in the output of strace. Best traced with `-e trace=%network -e read=all -e write=all -yy`: the
 * bytes then follow each call as a hexdump, whatever strace made of them. Without it, bytes that strace shows as
 * strings (`-xx -s 65536`) are taken, headers that it decoded are put together again, and of bodies that it decoded
 * only the header comes back: `truncated` and `note` say so.
 */
import { NETLINK_GENERIC } from '../codec/index.ts';
import { protocols as declared } from '../families/index.ts';
import { ByteList, type Captured } from './capture.ts';
import { readLiteral } from './escapes.ts';
import { announced } from './generic.ts';

/** NETLINK_* as strace prints them, with and without the prefix. include/uapi/linux/netlink.h */
const protocols: Readonly<Record<string, number>> = {
  ROUTE: 0, USERSOCK: 2, FIREWALL: 3, SOCK_DIAG: 4, INET_DIAG: 4, NFLOG: 5, XFRM: 6, SELINUX: 7, ISCSI: 8, AUDIT: 9,
  FIB_LOOKUP: 10, CONNECTOR: 11, NETFILTER: 12, IP6_FW: 13, DNRTMSG: 14, KOBJECT_UEVENT: 15, GENERIC: 16,
  SCSITRANSPORT: 18, ECRYPTFS: 19, RDMA: 20, CRYPTO: 21, SMC: 22,
};
const flagBits: Readonly<Record<string, number>> = {
  NLM_F_REQUEST: 1, NLM_F_MULTI: 2, NLM_F_ACK: 4, NLM_F_ECHO: 8, NLM_F_DUMP_INTR: 0x10, NLM_F_DUMP_FILTERED: 0x20,
  NLM_F_ROOT: 0x100, NLM_F_MATCH: 0x200, NLM_F_DUMP: 0x300, NLM_F_ATOMIC: 0x400, NLM_F_CAPPED: 0x100, NLM_F_ACK_TLVS: 0x200,
  NLM_F_REPLACE: 0x100, NLM_F_EXCL: 0x200, NLM_F_CREATE: 0x400, NLM_F_APPEND: 0x800, NLM_F_NONREC: 0x100, NLM_F_BULK: 0x200,
};
const controlTypes: Readonly<Record<string, number>> = { NLMSG_NOOP: 1, NLMSG_ERROR: 2, NLMSG_DONE: 3, NLMSG_OVERRUN: 4 };
const prefixed = /^\s*(?:\[pid\s+(\d+)\]\s+|(\d+)\s+)?(?:(\d+):(\d\d):(\d\d(?:\.\d+)?)\s+|(\d+\.\d+)\s+)?(?:\([^)]*\)\s*)?(.*)$/;
const outwards = new Set(['sendto', 'sendmsg', 'sendmmsg', 'send', 'write', 'writev']);
const inwards = new Set(['recvfrom', 'recvmsg', 'recvmmsg', 'recv', 'read', 'readv']);

/** Numbers of message types that strace names, beside those that have schemas: `{ XFRM_MSG_NEWSA: 16, ... }`. */
export interface StraceOptions { readonly types?: Readonly<Record<string, number>> }

/** A system call that returned. */
export interface StraceCall {
  readonly name: string;
  readonly args: string;
  readonly result: number;
  /** The thread that made it, where the trace tells. */
  readonly thread?: number;
  /** Seconds, when it was called and when it returned, as far as the trace tells. */
  readonly time?: number;
  readonly end?: number;
}
/** Of one call: what its dump holds, a list a datagram. */
interface Pending { readonly call: StraceCall; readonly protocol: number | undefined; readonly dumps: ByteList[] }

/** Does the text look like strace's output with sockets in it? */
export function isStrace(text: string): boolean {
  return /^(?:\[pid\s+\d+\]\s+|\d+\s+)?(?:[\d:.]+\s+)?(?:sendto|sendmsg|recvmsg|recvfrom|socket|bind|sendmmsg|recvmmsg|<\.\.\. \w+ resumed>)\b.*[(>]/m.test(text);
}

/** The netlink datagrams of a trace, in its order. Calls that failed, peeked or were not netlink are left out. */
export function readStrace(text: string, options: StraceOptions = {}): Captured[] {
  const found: Captured[] = [], reader = straceReader((datagram) => found.push(datagram), options);
  for (const line of text.split(/\r?\n/)) reader.line(line);
  reader.flush();
  return found;
}

/** Reads a trace line by line, as it is written. */
export interface StraceReader {
  line(text: string): void;
  /** What is known of the last call is all: nothing of it is still to come. */
  flush(): void;
}

/**
 * The same, while the trace goes on.
 * @param found called with each datagram, when its bytes are there @param other called with each call that is none of netlink's
 */
export function straceReader(found: (datagram: Captured) => void, options: StraceOptions = {}, other?: (call: StraceCall) => void): StraceReader {
  const unfinished = new Map<string, { body: string; time: number | undefined }>(), sockets: Sockets = { byFd: new Map(), byInode: new Map() };
  const types: Record<string, number> = { ...options.types };
  let pending: Pending | undefined;
  const flush = (): void => {
    if (!pending) return;
    const { call, protocol, dumps } = pending;
    pending = undefined;
    for (const dump of dumps.length > 1 ? dumps : [dumps[0]]) {
      const datagram = capture(call, protocol, dump, dumps.length > 1, { types });
      if (!datagram) continue;
      // From now on strace calls them by their names.
      if (datagram.protocol === NETLINK_GENERIC) for (const [name, id] of announced(datagram.bytes)) types[name] ??= id;
      found(datagram);
    }
  };
  const line = (text: string): void => {
    if (text.startsWith(' ')) {
      if (!pending) { if (!prefixedCall.test(text)) return; } else {
        const dump = /^ \| [0-9a-f]{5,}  ((?:[0-9a-f]{2} {1,2}){1,16})/.exec(text);
        if (dump) {
          if (pending.dumps.length === 0) pending.dumps.push(new ByteList());
          const last = pending.dumps.at(-1)!;
          last.push(...dump[1]!.trim().split(/ +/).map((pair) => parseInt(pair, 16)));
          if (!pending.call.name.endsWith('mmsg') && last.length >= pending.call.result) flush();
          return;
        }
        // Of sendmmsg and recvmmsg, a vector a datagram.
        if (/^ = \d+ buffers? in vector \d+/.test(text)) { pending.dumps.push(new ByteList()); return; }
        if (/^ \* \d+ bytes in buffer/.test(text)) return;
      }
    }
    const match = prefixed.exec(text);
    if (!match) return;
    const thread = match[1] ?? match[2] ?? '';
    let time = match[6] ? Number(match[6]) : match[3] ? Number(match[3]) * 3600 + Number(match[4]) * 60 + Number(match[5]) : undefined, body = match[7]!;
    if (body.endsWith('<unfinished ...>')) { unfinished.set(thread, { body: body.slice(0, -'<unfinished ...>'.length), time }); return; }
    const resumed = /^<\.\.\. (\w+) resumed>\s?(.*)$/.exec(body);
    if (resumed) {
      const begun = unfinished.get(thread);
      body = (begun?.body ?? `${resumed[1]}(`) + resumed[2]!;
      time = begun?.time ?? time;
      unfinished.delete(thread);
    }
    const parts = /^(\w+)\((.*)\)\s+=\s+(-?\d+|0x[0-9a-f]+)/.exec(body);
    if (!parts) return;
    flush();
    const [, name, args] = parts as unknown as [string, string, string], took = /<(\d+\.\d+)>$/.exec(body)?.[1];
    const call: StraceCall = { name, args, result: Number(parts[3]), ...(thread && { thread: Number(thread) }), ...(time !== undefined && { time, ...(took !== undefined && { end: time + Number(took) }) }) };
    const socket = note(name, args, body, sockets);
    if ((outwards.has(name) || inwards.has(name)) && (socket.netlink || args.includes('nlmsg_len='))) pending = { call, protocol: socket.protocol, dumps: [] };
    else other?.(call);
  };
  return { line, flush };
}
const prefixedCall = /^\s*(?:\[pid|\d+ )/;

/** Protocols of sockets: by descriptor, and by inode where the trace tells it (-y): processes have descriptors of their own. */
interface Sockets { readonly byFd: Map<number, number | undefined>; readonly byInode: Map<string, number | undefined> }
interface Spoken { readonly netlink: boolean; readonly protocol?: number | undefined }
const NEITHER: Spoken = { netlink: false };

/** Remembers which descriptors are netlink, and of which protocol. @returns what the call's own is */
function note(name: string, args: string, body: string, { byFd, byInode }: Sockets): Spoken {
  if (name === 'socket') {
    const [, fd, inode] = /=\s+(\d+)(?:<\w+:\[(\d+)\]>)?/.exec(body) ?? [];
    const made = /^(?:AF|PF)_NETLINK,[^,]*,\s*(?:NETLINK_)?(\w+)/.exec(args), number = made ? protocols[made[1]!] ?? numberOf(made[1]!) : undefined;
    if (fd === undefined) return NEITHER;
    if (made) byFd.set(Number(fd), number);
    else byFd.delete(Number(fd));
    if (inode !== undefined && made) byInode.set(inode, number);
    return NEITHER;
  }
  const fd = Number.parseInt(args, 10);
  if (Number.isNaN(fd)) return NEITHER;
  // How -y shows it: NETLINK:[ROUTE:4711]; NETLINK:[INODE] or socket:[INODE] of another network namespace, or before it has a port.
  const shown = /^\d+<(.*)/s.exec(args)?.[1], [, named, inode] = /^(?:NETLINK:\[(\w+):\d+\]|(?:NETLINK|socket):\[(\d+)\])>/.exec(shown ?? '') ?? [];
  if (named !== undefined) byFd.set(fd, protocols[named] ?? numberOf(named));
  else if (inode !== undefined && (byInode.has(inode) || shown!.startsWith('NETLINK'))) byFd.set(fd, byInode.get(inode));
  else if (shown !== undefined) byFd.delete(fd);
  else if (args.includes('sa_family=AF_NETLINK') && !byFd.has(fd)) byFd.set(fd, undefined);
  const spoken = { netlink: byFd.has(fd), protocol: byFd.get(fd) };
  if (name === 'close') byFd.delete(fd);
  return spoken;
}

const numberOf = (text: string): number | undefined => /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;

function capture({ name, args, result, thread, time, end }: StraceCall, protocol: number | undefined, dump: ByteList | undefined, part: boolean, options: StraceOptions): Captured | undefined {
  const direction = outwards.has(name) ? 'send' : 'receive';
  if (result <= 0 || /\bMSG_PEEK\b/.test(args)) return undefined;
  // Of several at once the result is how many they are.
  const found = dump ? { bytes: name.endsWith('mmsg') ? dump.take() : dump.take().slice(0, result) } : payload(args, result, options);
  if (!found || !found.bytes.length) return undefined;
  const length = part || name.endsWith('mmsg') ? found.bytes.length : result;
  return {
    bytes: found.bytes,
    ...(protocol !== undefined && { protocol }),
    direction, fd: Number.parseInt(args, 10),
    ...(thread !== undefined && { thread }), ...(time !== undefined && { time }), ...(end !== undefined && { end }),
    ...(found.bytes.length < length && { truncated: length, note: found.note ?? 'cut short by strace (-s)' }),
  };
}

interface Found { readonly bytes: Uint8Array; readonly note?: string }

/** The buffer argument: a string, a decoded message, or a list of decoded messages. */
function payload(args: string, result: number, options: StraceOptions): Found | undefined {
  const base = args.indexOf('iov_base=');
  const at = base >= 0 ? base + 'iov_base='.length : args.indexOf(',') + 1;
  const start = at + /^\s*/.exec(args.slice(at))![0].length;
  if (args[start] === '"') return { bytes: Uint8Array.from(readLiteral(args, start).bytes).slice(0, result) };
  if (args[start] !== '[' && args[start] !== '{') return undefined;
  return rebuild(args.slice(start), result, options);
}

/** Puts together what strace took apart: headers exactly, bodies where they are strings or nothing. */
function rebuild(text: string, result: number, options: StraceOptions): Found {
  const out = new ByteList();
  const header = /\{nlmsg_len=(\d+), nlmsg_type=([^,]*), nlmsg_flags=([^,]*), nlmsg_seq=(-?\d+), nlmsg_pid=(-?\d+)\}(,?\s*)/g;
  const lost = 'strace decoded the body: trace with -e read=all -e write=all';
  for (let match = header.exec(text); match && out.length < result; match = header.exec(text)) {
    const length = Number(match[1]), type = typeNumber(match[2]!, options);
    if (type === undefined) return { bytes: out.take(), note: `the number of ${match[2]} is not known` };
    const flags = match[3]!.split('|').reduce((sum, word) => sum | (flagBits[word] ?? numberOf(word) ?? 0), 0);
    const from = out.length;
    word32(out, length); out.push(type & 255, type >> 8, flags & 255, flags >> 8); word32(out, Number(match[4])); word32(out, Number(match[5]));
    if (length > 16) {
      const at = header.lastIndex;
      if (type === controlTypes['NLMSG_DONE'] && /^-?\d+[\]}]/.test(text.slice(at)) && length === 20) word32(out, Number.parseInt(text.slice(at), 10));
      else if (text[at] === '"') {
        const literal = readLiteral(text, at);
        out.push(...literal.bytes);
        if (literal.cut || out.length < from + length) return { bytes: out.take() };
        header.lastIndex = literal.end;
      } else return { bytes: out.take(), note: lost };
    }
    while (out.length & 3 && out.length < result) out.push(0);
  }
  return { bytes: out.take(), note: lost };
}

let names: Map<string, number> | undefined;
const named = (): Map<string, number> => (names ??= new Map(declared.flatMap((p) => [...p.byNumber.values()].map((m) => [m.name, m.number] as const))));

function typeNumber(text: string, { types = {} }: StraceOptions): number | undefined {
  const name = text.replace(/\s*\/\*.*$/, '').trim();
  if (name === 'nlctrl') return 16;
  return numberOf(name) ?? controlTypes[name] ?? types[name] ?? named().get(name);
}

function word32(out: ByteList, value: number): void {
  out.push(value & 255, value >> 8 & 255, value >> 16 & 255, value >>> 24);
}
