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

interface Call { readonly name: string; readonly args: string; readonly result: number; readonly time?: number }
interface Pending { call: Call; dump?: ByteList }

/** Does the text look like strace's output with sockets in it? */
export function isStrace(text: string): boolean {
  return /^(?:\[pid\s+\d+\]\s+|\d+\s+)?(?:[\d:.]+\s+)?(?:sendto|sendmsg|recvmsg|recvfrom|socket|bind|sendmmsg|recvmmsg|<\.\.\. \w+ resumed>)\b.*[(>]/m.test(text);
}

/** The netlink datagrams of a trace, in its order. Calls that failed, peeked or were not netlink are left out. */
export function readStrace(text: string, options: StraceOptions = {}): Captured[] {
  const found: Captured[] = [];
  const unfinished = new Map<string, string>(), sockets = new Map<number, number | undefined>();
  const types: Record<string, number> = { ...options.types };
  let pending: Pending | undefined;
  const finish = (): void => {
    const datagram = pending && capture(pending, sockets, { types });
    if (datagram) {
      found.push(datagram);
      // From now on strace calls them by their names.
      if (datagram.protocol === NETLINK_GENERIC) for (const [name, id] of announced(datagram.bytes)) types[name] ??= id;
    }
    pending = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const dump = /^ \| [0-9a-f]{5,}  ((?:[0-9a-f]{2} {1,2}){1,16})/.exec(line);
    if (dump) {
      if (pending) (pending.dump ??= new ByteList()).push(...dump[1]!.trim().split(/ +/).map((pair) => parseInt(pair, 16)));
      continue;
    }
    if (/^ \* \d+ bytes in buffer/.test(line)) continue;
    const match = prefixed.exec(line);
    if (!match) continue;
    const thread = match[1] ?? match[2] ?? '';
    const time = match[6] ? Number(match[6]) : match[3] ? Number(match[3]) * 3600 + Number(match[4]) * 60 + Number(match[5]) : undefined;
    let body = match[7]!;
    if (body.endsWith('<unfinished ...>')) { unfinished.set(thread, body.slice(0, -'<unfinished ...>'.length)); continue; }
    const resumed = /^<\.\.\. (\w+) resumed>\s?(.*)$/.exec(body);
    if (resumed) { body = (unfinished.get(thread) ?? `${resumed[1]}(`) + resumed[2]!; unfinished.delete(thread); }
    const call = /^(\w+)\((.*)\)\s+=\s+(-?\d+|0x[0-9a-f]+)/.exec(body);
    if (!call) continue;
    finish();
    note(call[1]!, call[2]!, body, sockets);
    pending = { call: { name: call[1]!, args: call[2]!, result: Number(call[3]), ...(time !== undefined && { time }) } };
  }
  finish();
  return found;
}

/** Remembers which descriptors are netlink, and of which protocol. */
function note(name: string, args: string, body: string, sockets: Map<number, number | undefined>): void {
  const fd = Number.parseInt(name === 'socket' ? /=\s+(\d+)/.exec(body)?.[1] ?? '' : args, 10);
  if (Number.isNaN(fd)) return;
  if (name === 'socket') {
    const made = /^(?:AF|PF)_NETLINK,[^,]*,\s*(?:NETLINK_)?(\w+)/.exec(args);
    if (made) sockets.set(fd, protocols[made[1]!] ?? numberOf(made[1]!));
    else sockets.delete(fd);
  } else if (name === 'close') sockets.delete(fd);
  const named = /^\d+<NETLINK:\[(\w+):/.exec(args);
  if (named && protocols[named[1]!] !== undefined) sockets.set(fd, protocols[named[1]!]);
  else if ((/^\d+<NETLINK:/.test(args) || args.includes('sa_family=AF_NETLINK')) && !sockets.has(fd)) sockets.set(fd, undefined);
}

const numberOf = (text: string): number | undefined => /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;

function capture({ call, dump }: Pending, sockets: Map<number, number | undefined>, options: StraceOptions): Captured | undefined {
  const { name, args, result, time } = call;
  const direction = outwards.has(name) ? 'send' : inwards.has(name) ? 'receive' : undefined;
  if (!direction || result <= 0 || /\bMSG_PEEK\b/.test(args)) return undefined;
  const fd = Number.parseInt(args, 10);
  if (!sockets.has(fd) && !args.includes('nlmsg_len=')) return undefined;
  const protocol = sockets.get(fd);
  const found = dump ? { bytes: dump.take().slice(0, result) } : payload(args, result, options);
  if (!found || !found.bytes.length) return undefined;
  const length = name.endsWith('mmsg') ? found.bytes.length : result;
  return {
    bytes: found.bytes,
    ...(protocol !== undefined && { protocol }),
    direction, fd,
    ...(time !== undefined && { time }),
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
