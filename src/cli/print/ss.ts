/** Sockets, as ss prints them: a line of columns, and behind it what was asked for beside. */
import { states } from '../../families/diag/index.ts';
import { ipProtocol } from '../../families/route/names.ts';
import type { Context } from '../context.ts';
import { ipProtocolName } from '../ip-protocols.ts';
import type { Output } from '../output.ts';
import { cgroupPath } from '../ss/cgroups.ts';
import { etherTypeName } from '../ss/ethertypes.ts';
import type { Subject } from '../ss/match.ts';
import type { Wanted } from '../ss/options.ts';
import { processName, type Owners } from '../ss/owners.ts';
import { serviceName } from '../ss/services.ts';
import type { Family } from '../ss/selection.ts';
import { numberOf } from './formats.ts';
import { Printer, type Json } from './printer.ts';
import type { Columns, Fields } from './ss-columns.ts';
import { printTipc, tipcEnd, tipcNetid, tipcTold } from './ss-tipc.ts';
import { memory, printMptcp, printSctp, printTcp, sctpStateNames } from './ss-tcp.ts';

/** A socket of any family, in the words of all of them. */
export interface Shown {
  readonly subject: Subject;
  readonly netid: string;
  readonly state: string;
  readonly received: number;
  readonly sent: number;
  readonly inode: number;
  /** As columns have them: address with what follows it, port. */
  readonly local: readonly [string, string];
  readonly peer: readonly [string, string];
  /** As JSON has them. */
  readonly ends: { readonly local: Json; readonly peer: Json };
  /** What follows the columns. */
  readonly more: (printer: Printer) => void;
  /** JSON has another name for it than the column. */
  readonly known?: string;
}

export const stateWords: Readonly<Record<string, string>> = {
  established: 'ESTAB', synSent: 'SYN-SENT', synRecv: 'SYN-RECV', finWait1: 'FIN-WAIT-1', finWait2: 'FIN-WAIT-2', timeWait: 'TIME-WAIT', close: 'UNCONN', closeWait: 'CLOSE-WAIT',
  lastAck: 'LAST-ACK', listen: 'LISTEN', closing: 'CLOSING', newSynRecv: 'NEW-SYN-RECV', boundInactive: 'BOUND-INACTIVE',
};
/** TIPC's states are numbers of TCP's. */
const stateOf = new Map(Object.entries(states).map(([name, number]) => [number as number, name]));
const stateWord = (state: unknown): string => stateWords[state as string] ?? 'UNKNOWN';
/** Of two words, the second one the upper. */
const cookie = (words: unknown): bigint => { const [low = 0, high = 0] = words as number[]; return (BigInt(high) << 32n) | BigInt(low); };
const cookieOf = (body: Json): unknown => (body['id'] as Json)['cookie'];
const arrows = (closed: unknown): string => `${(closed as string[]).includes('receive') ? '-' : '<'}-${(closed as string[]).includes('send') ? '-' : '>'}`;

/** Collects what a printer writes of one line. */
class Collected implements Output {
  readonly terminal = false;
  text = '';
  write(text: string): void { this.text += text; }
  writeBytes(): void {}
  error(): void {}
  flush(): void {}
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

export class SocketPrinter {
  readonly #context: Context;
  readonly #wanted: Wanted;
  readonly #owners: Owners;
  readonly #columns: Columns;
  readonly #printer: Printer;
  readonly #collected = new Collected();

  constructor(context: Context, wanted: Wanted, columns: Columns, owners: Owners) {
    this.#context = context;
    this.#wanted = wanted;
    this.#columns = columns;
    this.#owners = owners;
    this.#printer = new Printer(Object.create(context, { out: { value: context.options.json ? context.out : this.#collected } }) as Context);
  }

  print(shown: Shown): void {
    const printer = this.#printer, { netid, state, received, sent, local, peer, ends, more, known = netid } = shown;
    if (printer.json) {
      printer.object(null, () => {
        for (const [key, value] of Object.entries({ netid: known, state, 'recv-q': received, 'send-q': sent, ...ends })) printer.value(key, null, value);
        this.#users(shown);
        more(printer);
      });
      return;
    }
    this.#users(shown);
    printer.spill();
    const process = this.#collected.take();
    more(printer);
    printer.spill();
    this.#columns.add([netid, state, String(received).padEnd(6), String(sent).padEnd(6), local[0], local[1], peer[0], peer[1], process, this.#collected.take()] as Fields);
  }

  /** The last socket in JSON, for events. */
  take(): unknown {
    return this.#printer.take();
  }

  finish(): void {
    if (this.#printer.json) this.#printer.finish();
    else this.#columns.render();
  }

  /** Further lines about a socket are lines of their own, but for -O. */
  #line(printer: Printer): void {
    printer.text(this.#wanted.oneline ? ' ' : '\n\t');
  }

  /** Of netlink the port says whose it is. */
  #users({ inode, subject }: Shown): void {
    if (subject.family === 'netlink' || (!this.#wanted.processes && !this.#wanted.threads)) return;
    const printer = this.#printer, owners = this.#owners.of(inode);
    if (owners.length > 0) printer.value('users', ' users:(%)', owners, { text: () => owners.map(({ name, pid, tid, fd }) => `("${name}",pid=${pid},${tid === undefined ? '' : `tid=${tid},`}fd=${fd})`).join(','), json: () => owners });
  }

  #details(printer: Printer, { uid, inode, sk, mark, cgroup }: { uid: number; inode: number; sk: bigint; mark: number; cgroup: bigint }): void {
    if (uid) printer.value('uid', ' uid:%', uid);
    printer.value('ino', ' ino:%', inode);
    printer.value('sk', ' sk:%', sk.toString(16));
    if (mark) printer.value('fwmark', ' fwmark:0x%', mark, { text: () => mark.toString(16), json: () => mark });
    if (cgroup) printer.value('cgroup', ' cgroup:%', cgroupPath(cgroup));
  }

  // -- IP ---------------------------------------------------------------------------------------------------

  /** An end of a socket of IP: `any` of IPv6 is of both families, unless the socket says otherwise. */
  #address(address: string, port: number, device: number, only: boolean, service: string): { columns: [string, string]; json: Json } {
    const { options, names, links } = this.#context, name = (options.resolve ? names.host(address.replace(/^::ffff:(?=\d+\.)/, '')) : undefined) ?? address;
    const written = address === '::' && !only ? '*' : name.includes(':') ? `[${name}]` : name, bound = device === 0 ? undefined : links.name(device);
    const word = port === 0 ? '*' : options.numeric ? String(port) : service === 'raw' ? rawName(port) : serviceName(port, service) ?? String(port);
    return { columns: [`${written}${bound === undefined ? '' : `%${bound}`}:`, word], json: { address, port, ...(bound !== undefined && { dev: bound }) } };
  }

  /** @param table which table it is of; of an event none: the socket says so itself */
  inet(body: Json, table: string | undefined, association: boolean): Shown {
    const { id, protocol, state, skv6only } = body as { id: { sport: number; dport: number; src: string; dst: string; if: number; cookie: number[] }; protocol?: unknown; state: unknown; skv6only?: number };
    const own = protocol === undefined ? undefined : numberOf(ipProtocol, protocol), only = body['family'] === 'inet6' && skv6only === 1;
    const name = own === undefined ? (table === 'raw' || table === undefined ? '???' : table) : protocolNames[own] ?? '???', service = table === 'raw' || name === 'udp' ? table ?? name : name === 'sctp' ? name : 'tcp';
    const local = this.#address(id.src, id.sport, id.if, only, service), peer = this.#address(id.dst, id.dport, 0, only, service), inode = body['inode'] as number;
    const subject: Subject = {
      family: body['family'] as Family, local: id.src, peer: id.dst, localPort: id.sport, peerPort: id.dport, device: id.if, mark: (body['mark'] as number | undefined) ?? 0, cgroup: (body['cgroupId'] as bigint | undefined) ?? 0n,
    };
    return {
      subject, inode, netid: association ? '' : name, known: name === '???' ? 'raw' : name,
      state: association ? `\`- ${sctpStateNames[typeof state === 'string' ? states[state as keyof typeof states] : Number(state)] ?? 'UNKNOWN'}` : stateWord(state), received: (body['rqueue'] as number) | 0, sent: (body['wqueue'] as number) | 0,
      local: local.columns, peer: peer.columns, ends: { local: local.json, peer: peer.json },
      more: (printer) => this.#inetMore(printer, body, name, subject),
    };
  }

  #inetMore(printer: Printer, body: Json, name: string, { mark, cgroup }: Subject): void {
    const wanted = this.#wanted, inode = body['inode'] as number;
    // What /proc tells has no cookie: there is no more to it.
    if (!cookieOf(body)) return;
    if (wanted.timers) timer(printer, body, name);
    if (wanted.details) {
      this.#details(printer, { uid: body['uid'] as number, inode, sk: cookie(cookieOf(body)), mark, cgroup });
      if (body['family'] === 'inet6') printer.value('v6only', ' v6only:%', body['skv6only']);
      printer.value('shutdown', ' %', body['shutdown'], { text: arrows, json: arrows });
    }
    if (wanted.tos) for (const [key, path] of [['tos', 'tos'], ['tclass', 'tclass'], ['class_id', 'classId']] as const) printer.value(key, ` ${key}:%`, body[path], { text: (value) => (value === 0 ? '0' : `0x${(value as number).toString(16)}`), json: Number });
    if (wanted.cgroup && body['cgroupId'] !== undefined) printer.value('cgroup', ' cgroup:%', cgroupPath(cgroup));
    if (wanted.sockopt) this.#sockopt(printer, body['sockopt'] as { first: Json; second: Json } | undefined);
    if (!wanted.memory && !(wanted.info && name !== 'udp')) return;
    if (!wanted.oneline) printer.text('\n\t');
    if (name === 'sctp') printSctp(printer, body);
    else if (name === 'mptcp') printMptcp(printer, body);
    else printTcp(printer, body, wanted.timers);
  }

  #sockopt(printer: Printer, given: { first: Json; second: Json } | undefined): void {
    if (!given) return;
    const all = { ...given.first, ...given.second }, set = Object.entries(socketOptions).filter(([key]) => all[key] === 1).map(([, word]) => word);
    if (!printer.json) this.#line(printer);
    printer.value('inet-sockopt', 'inet-sockopt: (%)', set, { text: () => set.map((word) => ` ${word}`).join(''), json: () => set });
  }

  // -- unix -------------------------------------------------------------------------------------------------

  unix(body: Json): Shown {
    const { type, ino, rqlen, name, peer = 0 } = body as { type: string; ino: number; rqlen?: { rqueue: number; wqueue: number }; name?: Uint8Array; peer?: number };
    const own = name === undefined ? undefined : unixName(name);
    const dev = body['vfs'] as { ino: number; dev: number } | undefined;
    return {
      subject: { family: 'unix', local: own, peer: undefined, localPort: ino, peerPort: peer, device: 0, mark: 0, cgroup: 0n },
      netid: unixNames[type] ?? 'u_dgr', state: stateWord(body['state']), received: (rqlen?.rqueue ?? 0) | 0, sent: (rqlen?.wqueue ?? 0) | 0, inode: ino,
      local: [`${own ?? '*'} `, String(ino)], peer: ['* ', String(peer)], ends: { local: { ...(own !== undefined && { name: own }), ino }, peer: { ino: peer } },
      more: (printer) => {
            if (this.#wanted.memory) unixMemory(printer, body);
        if (!this.#wanted.details) return;
        printer.value('shutdown', ' %', body['shutdown'], { text: arrows, json: arrows });
        if (dev) printer.value('vfs', ' ino:%', dev, { text: () => `${dev.ino} dev:${major(dev.dev)}/${minor(dev.dev)}`, json: () => ({ ino: dev.ino, dev: `${major(dev.dev)}/${minor(dev.dev)}` }) });
        const waiting = body['icons'] as number[] | undefined;
        if (waiting) printer.value('peers', ' peers:%', waiting, { text: () => waiting.map((one) => ` ${one}`).join('') });
      },
    };
  }

  // -- netlink ----------------------------------------------------------------------------------------------

  netlink(body: Json): Shown {
    const { protocol, portid, state, dstPortid, dstGroup, groups = [] } = body as { protocol: number; portid: number; state: unknown; dstPortid: number; dstGroup: number; groups?: number[] };
    const memory = body['meminfo'] as { rmemAlloc?: number; wmemAlloc?: number } | undefined, pid = portid | 0, { options, names } = this.#context;
    const process = pid > 0 && !options.numeric ? processName(pid) : undefined;
    const port = pid === -1 ? '*' : options.numeric ? String(pid) : pid === 0 ? 'kernel' : process === undefined ? String(pid) : `${process}/${pid}`;
    const connected = state === 'connected', bits = groups.filter((bit) => bit < 32).reduce((sum, bit) => sum + 2 ** bit, 0), name = names.name('nl_protos', protocol);
    return {
      subject: { family: 'netlink', local: protocol, peer: 0, localPort: pid, peerPort: -1, device: 0, mark: 0, cgroup: 0n },
      netid: 'nl', state: 'UNCONN', received: (memory?.rmemAlloc ?? 0) | 0, sent: (memory?.wmemAlloc ?? 0) | 0, inode: body['ino'] as number,
      local: [`${name}:`, port], peer: connected ? [`${dstGroup | 0}:`, String(dstPortid | 0)] : ['*', ''],
      ends: { local: { protocol: name, port: portid, ...(process !== undefined && { process }) }, peer: connected ? { group: dstGroup, port: dstPortid } : {} },
      more: (printer) => {
        if (this.#wanted.details) {
          if (printer.json) for (const [key, value] of [['ino', body['ino']], ['sk', cookie(body['cookie']).toString(16)], ['groups', groups.map((bit) => bit + 1)]] as const) printer.value(key, null, value);
          else printer.text(` sk=0 cb=0 groups=0x${bits.toString(16).padStart(8, '0')}`);
        }
        if (!this.#wanted.memory) return;
        printer.text('\t');
        ownMemory(printer, body);
      },
    };
  }

  // -- packets, AF_XDP, vsock ---------------------------------------------------------------------------------

  packet(body: Json): Shown {
    const { type, num, info, uid = 0, ino } = body as { type: string; num: number; info?: Json; uid?: number; ino: number }, memory = body['meminfo'] as { rmemAlloc?: number } | undefined;
    const device = (info?.['index'] as number | undefined) ?? 0, address = num === 3 ? '*' : this.#context.options.numeric ? `[${num}]` : etherTypeName(num), name = device === 0 ? '*' : this.#context.links.name(device);
    return {
      subject: { family: 'packet', local: num, peer: 0, localPort: device, peerPort: 0, device, mark: 0, cgroup: 0n },
      netid: type === 'raw' ? 'p_raw' : 'p_dgr', state: 'UNCONN', received: (memory?.rmemAlloc ?? 0) | 0, sent: 0, inode: ino,
      local: [`${address}:`, name], peer: ['*', ''], ends: { local: { protocol: address, dev: name }, peer: {} },
      more: (printer) => {
            if (this.#wanted.details) {
          this.#details(printer, { uid, inode: ino, sk: cookie(body['cookie']), mark: 0, cgroup: 0n });
          this.#packetDetails(printer, body, info);
        }
        const filter = body['filter'] as Uint8Array | undefined;
        if (this.#wanted.bpf && filter) {
          this.#line(printer);
          const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength), all = Array.from({ length: filter.length >> 3 }, (_, at) => ({ code: view.getUint16(8 * at, true), jt: view.getUint8(8 * at + 2), jf: view.getUint8(8 * at + 3), k: view.getUint32(8 * at + 4, true) }));
          printer.value('bpf', `bpf filter (${all.length}): %`, all, { text: () => all.map(({ code, jt, jf, k }) => ` 0x${code.toString(16).padStart(2, '0')} ${jt} ${jf} ${k},`).join(''), json: () => all });
        }
        if (this.#wanted.memory) ownMemory(printer, body);
      },
    };
  }

  #packetDetails(printer: Printer, body: Json, info: Json | undefined): void {
    if (info) {
      this.#line(printer);
      const flags = info['flags'] as string[], version = ['v1', 'v2', 'v3'].indexOf(info['version'] as string);
      printer.value('ver', 'ver:%', version < 0 ? info['version'] : version);
      printer.value('cpy_thresh', ' cpy_thresh:%', info['copyThresh']);
      printer.value('flags', ' flags( % )', flags, { text: () => (flags.length === 0 ? '0' : flags.map((flag) => (flag === 'running' ? flag : ` ${flag}`)).join('')) });
    }
    for (const [key, path] of [['ring_rx', 'rxRing'], ['ring_tx', 'txRing']] as const) {
      const ring = body[path] as Record<string, number> | undefined;
      if (!ring) continue;
      this.#line(printer);
      const all = { blk_size: ring['blockSize'], blk_nr: ring['blockNr'], frm_size: ring['frameSize'], frm_nr: ring['frameNr'], tmo: ring['retireTmo'], features: ring['features'] };
      printer.value(key, `${key}(%)`, all, { text: () => Object.entries(all).map(([word, value]) => (word === 'features' ? `features:0x${(value as number).toString(16)}` : `${word}:${value as number}`)).join(',') });
    }
    const fanout = body['fanout'] as number | undefined;
    if (fanout === undefined) return;
    this.#line(printer);
    const group = fanout & 0xffff, kind = fanout >>> 16, type = fanouts[kind] ?? `0x${kind.toString(16)}`;
    printer.value('fanout', 'fanout(%)', { id: group, type }, { text: () => `id:${group},type:${type}` });
  }

  xdp(body: Json): Shown {
    const { info, uid = 0, ino, umem, stats } = body as { info?: { ifindex: number; queueId: number }; uid?: number; ino: number; umem?: Json; stats?: Record<string, bigint> };
    const device = info?.ifindex ?? 0, queue = info?.queueId ?? 0, memory = body['meminfo'] as { rmemAlloc?: number } | undefined, name = device === 0 ? undefined : this.#context.links.name(device);
    const ring = (printer: Printer, key: string, path: string): void => {
      const entries = (body[path] as { entries: number } | undefined)?.entries;
      if (entries === undefined) return;
      this.#line(printer);
      printer.value(key, `${key}(entries:%)`, entries);
    };
    return {
      subject: { family: 'xdp', local: undefined, peer: undefined, localPort: queue, peerPort: 0, device, mark: 0, cgroup: 0n },
      netid: 'xdp', state: 'UNCONN', received: (memory?.rmemAlloc ?? 0) | 0, sent: 0, inode: ino,
      local: name === undefined ? ['*', ''] : [`${name}:`, `q${queue}`], peer: ['*', ''], ends: { local: { ...(name !== undefined && { dev: name, queue }) }, peer: {} },
      more: (printer) => {
            if (this.#wanted.details) {
          this.#details(printer, { uid, inode: ino, sk: cookie(body['cookie']), mark: 0, cgroup: 0n });
          ring(printer, 'rx', 'rxRing');
          ring(printer, 'tx', 'txRing');
          if (umem) {
            this.#line(printer);
            const zc = (umem['flags'] as string[]).includes('zerocopy') ? 1 : 0, all = { id: umem['id'], size: umem['size'], num_pages: umem['numPages'], chunk_size: umem['chunkSize'], headroom: umem['headroom'], ifindex: umem['ifindex'], qid: umem['queueId'], zc, refs: umem['refs'] };
            printer.value('umem', 'umem(%)', all, { text: () => Object.entries(all).map(([word, value]) => `${word}:${String(value)}`).join(',') });
            ring(printer, 'fr', 'umemFillRing');
            ring(printer, 'cr', 'umemCompletionRing');
          }
          if (stats) {
            this.#line(printer);
            const all = { 'rx dropped': stats['nRxDropped'], 'rx invalid': stats['nRxInvalid'], 'rx queue full': stats['nRxFull'], 'rx fill ring empty': stats['nFillRingEmpty'], 'tx invalid': stats['nTxInvalid'], 'tx ring empty': stats['nTxRingEmpty'] };
            printer.value('stats', 'stats(%)', all, { text: () => Object.entries(all).map(([word, value]) => `${word}:${String(value)}`).join(',') });
          }
        }
        if (this.#wanted.memory) ownMemory(printer, body);
      },
    };
  }

  vsock(body: Json): Shown {
    const { type, srcCid, srcPort, dstCid, dstPort, ino } = body as { type: string; srcCid: number; srcPort: number; dstCid: number; dstPort: number; ino: number };
    const any = (value: number): string => (value === 0xffffffff ? '*' : String(value));
    return {
      subject: { family: 'vsock', local: srcCid, peer: dstCid, localPort: srcPort, peerPort: dstPort, device: 0, mark: 0, cgroup: 0n },
      netid: type === 'stream' ? 'v_str' : type === 'dgram' ? 'v_dgr' : '???', state: stateWord(body['state']), received: 0, sent: 0, inode: ino,
      local: [`${any(srcCid)}:`, any(srcPort)], peer: [`${any(dstCid)}:`, any(dstPort)], ends: { local: { cid: srcCid, port: srcPort }, peer: { cid: dstCid, port: dstPort } },
      more: () => {},
    };
  }

  // -- TIPC -------------------------------------------------------------------------------------------------

  tipc(body: Json): Shown {
    const told = tipcTold(body), { addr = 0, ref = 0, con, stat, ino = 0, uid = 0, tipcState, cookie: sk = 0n } = told;
    return {
      subject: { family: 'tipc', local: addr, peer: con?.node, localPort: ref, peerPort: con?.sock ?? 0, device: 0, mark: 0, cgroup: 0n },
      netid: tipcNetid(told), state: stateWord(stateOf.get(tipcState ?? 0)), received: stat?.rcvq ?? 0, sent: stat?.sendq ?? 0, inode: ino,
      local: tipcEnd(addr, ref), peer: con ? tipcEnd(con.node, con.sock) : ['-', ''], ends: { local: { node: addr, port: ref }, peer: con ? { node: con.node, port: con.sock } : {} },
      more: (printer) => {
        if (this.#wanted.details) this.#details(printer, { uid, inode: ino, sk, mark: 0, cgroup: 0n });
        if (!this.#wanted.tipcinfo) return;
        if (!this.#wanted.oneline) printer.text('\n');
        printTipc(printer, told);
      },
    };
  }
}

const protocolNames: Readonly<Record<number, string>> = { 0: 'raw', 6: 'tcp', 17: 'udp', 33: 'dccp', 58: 'icmp6', 132: 'sctp' };
const unixNames: Readonly<Record<string, string>> = { stream: 'u_str', seqpacket: 'u_seq' };
const fanouts: Readonly<Record<number, string>> = { 0: 'hash', 1: 'lb', 2: 'cpu', 3: 'roll', 4: 'random', 5: 'qm' };
const socketOptions: Readonly<Record<string, string>> = {
  recverr: 'recverr', isIcsk: 'is_icsk', freebind: 'freebind', hdrincl: 'hdrincl', mcLoop: 'mc_loop', transparent: 'transparent', mcAll: 'mc_all', nodefrag: 'nodefrag', bindAddressNoPort: 'bind_addr_no_port', recverrRfc4884: 'recverr_rfc4884', deferConnect: 'defer_connect',
};
const unixMemory = memory((body) => body['meminfo']), ownMemory = unixMemory;

/** A raw socket's port is its protocol. */
const rawName = (protocol: number): string => {
  const name = ipProtocolName(protocol);
  return /^\d/.test(name) ? `ipproto-${protocol}` : name;
};
/** Bytes up to the first NUL; a name in the abstract namespace begins with one, and has an @ for each. */
function unixName(bytes: Uint8Array): string {
  const abstract = bytes[0] === 0, end = bytes.indexOf(0);
  return new TextDecoder().decode(abstract ? bytes.map((byte) => (byte === 0 ? 0x40 : byte)) : end < 0 ? bytes : bytes.subarray(0, end));
}
/** Of a device number as the kernel keeps it. */
const major = (dev: number): number => (dev >>> 8) & 0xfff;
const minor = (dev: number): number => (dev & 0xff) | ((dev >>> 12) & 0xfff00);

const timers = ['off', 'on', 'keepalive', 'timewait', 'persist', 'unknown'] as const;
function timer(printer: Printer, body: Json, name: string): void {
  const { timer: kind, expires, retrans } = body as { timer: number; expires: number; retrans: number };
  if (kind === 0) return;
  const word = name === 'sctp' ? 'T3_RTX' : timers[Math.min(kind, 5)] as string;
  printer.value('timer', ' timer:(%)', word, { text: () => `${word},${time(expires)},${retrans}`, json: () => ({ name: word, expires, retrans }) });
}
/** Milliseconds as minutes, seconds, or less: the more there is, the less of it is said. */
function time(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60000), seconds = minutes > 9 ? 0 : Math.floor(milliseconds / 1000) % 60, rest = minutes > 0 || seconds > 9 ? 0 : milliseconds % 1000;
  return `${minutes > 0 ? `${minutes}min` : ''}${seconds > 0 ? `${seconds}${rest > 0 ? '.' : 'sec'}` : ''}${rest > 0 ? `${String(rest).padStart(3, '0')}ms` : ''}`;
}
