/** What protocols tell of a connection, as `ss -i` and `ss -m` print it. */
import { at } from '../grammar.ts';
import { general } from './formats.ts';
import type { Cell, Format, Json, Printer, Sheet, Special } from './printer.ts';

/** What is not 0. */
const some = (path: string) => (body: Json): unknown => {
  const value = at(body, path);
  return value === 0 || value === 0n ? undefined : value;
};
const plain = (key: string, path: string): Cell => [key, ` ${key}:%`, some(path)];
/** Of microseconds, milliseconds. */
const millis: Format = { text: (value) => general(Number(value) / 1000), json: (value) => Number(value) / 1000 };
const inMillis = (key: string, path: string): Cell => [key, ` ${key}:%`, some(path), millis];
/** Bits a second. */
const bandwidth = (bits: number, { context: { options } }: Printer): string => {
  if (options.numeric) return bits.toFixed(0);
  for (const [unit, size] of [['T', 1e12], ['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) if (bits >= size) return `${significant(bits / size)}${unit}`;
  return general(bits);
};
/** Three significant digits, as C's %.3g writes them. */
const significant = (value: number): string => (value >= 999.5 ? value.toExponential(2).replace(/\.?0+e/, 'e').replace(/e([+-])(\d)$/, 'e$10$2') : String(Number(value.toPrecision(3))));
const rate: Format = { text: (value, printer) => bandwidth(Number(value), printer), json: Number };
/** Bytes a second that were measured, in bits. */
const measured = (path: string) => (body: Json): number | undefined => {
  const value = at(body, path);
  return value === undefined || value === 0n || value === 0xffffffffffffffffn ? undefined : Number(value) * 8;
};

/** struct sk_meminfo; later kernels know more of it. */
export function memory(of: (body: Json) => unknown): Special {
  return (printer, body) => {
    const memory = of(body) as Record<string, number> | undefined, older = body['meminfo'] as Record<string, number> | undefined;
    if (memory) {
      const parts = Object.entries({ r: 'rmemAlloc', rb: 'rcvbuf', t: 'wmemAlloc', tb: 'sndbuf', f: 'fwdAlloc', w: 'wmemQueued', o: 'optmem', bl: 'backlog', d: 'drops' }).flatMap(([key, name]) => (memory[name] === undefined ? [] : [[key, memory[name]] as const]));
      printer.value('skmem', ' skmem:(%)', parts, { text: () => parts.map(([key, value]) => `${key}${value}`).join(','), json: () => Object.fromEntries(parts) });
    } else if (older?.['rmem'] !== undefined) {
      const { rmem, wmem, fmem, tmem } = older;
      printer.value('mem', ' mem:(%)', older, { text: () => `r${rmem as number},w${wmem as number},f${fmem as number},t${tmem as number}`, json: () => ({ r: rmem, w: wmem, f: fmem, t: tmem }) });
    }
  };
}

const options: Special = (printer, body) => {
  const given = at(body, 'info.options') as readonly (string | number)[] | undefined;
  for (const [word, name] of [['ts', 'timestamps'], ['usec_ts', 'usecTs'], ['sack', 'sack'], ['ecn', 'ecn'], ['ecnseen', 'ecnSeen'], ['fastopen', 'synData']] as const) if (given?.includes(name)) printer.value(word, ` ${word}`, true, {});
};
const hasOption = (body: Json, name: string): boolean => (at(body, 'info.options') as readonly string[] | undefined)?.includes(name) === true;

const limited = (key: string, path: string): Special => (printer, body) => {
  const part = Number(at(body, path) ?? 0), busy = Number(at(body, 'info.busyTime') ?? 0);
  if (part > 0 && busy > 0) printer.value(key, ` ${key}:%`, part, { text: () => `${Math.floor(part / 1000)}ms(${((100 * part) / busy).toFixed(1)}%)`, json: () => Math.floor(part / 1000) });
};

/** How fast it could send: a window each round trip. */
const send = (body: Json): number | undefined => {
  const { rtt = 0, sndMss = 0, sndCwnd = 0 } = (body['info'] ?? {}) as Record<string, number>, vegas = body['vegasinfo'] as Record<string, number> | undefined;
  const trip = vegas?.['enabled'] && vegas['rtt'] && vegas['rtt'] !== 0x7fffffff ? vegas['rtt'] : rtt;
  return trip > 0 && sndMss > 0 && sndCwnd > 0 ? (sndCwnd * sndMss * 8000000) / trip : undefined;
};

const dctcp: Special = (printer, body) => {
  const info = body['dctcpinfo'] as Record<string, number> | undefined;
  if (!info) return;
  const { enabled, ceState, alpha, abEcn, abTot } = info;
  printer.value('dctcp', ' dctcp:%', info, enabled ? { text: () => `(ce_state:${ceState as number},alpha:${alpha as number},ab_ecn:${abEcn as number},ab_tot:${abTot as number})`, json: () => ({ ce_state: ceState, alpha, ab_ecn: abEcn, ab_tot: abTot }) } : { text: () => 'fallback_mode', json: () => 'fallback_mode' });
};
const bbr: Special = (printer, body) => {
  const info = body['bbrinfo'] as Record<string, number> | undefined;
  if (!info) return;
  const bits = ((info['bwHi'] ?? 0) * 2 ** 32 + (info['bwLo'] ?? 0)) * 8, mrtt = (info['minRtt'] ?? 0) / 1000, pacing = (info['pacingGain'] ?? 0) / 256, window = (info['cwndGain'] ?? 0) / 256;
  printer.value('bbr', ' bbr:(%)', info, {
    text: () => `bw:${bandwidth(bits, printer)}bps,mrtt:${general(mrtt)}${pacing ? `,pacing_gain:${general(pacing)}` : ''}${window ? `,cwnd_gain:${general(window)}` : ''}`,
    json: () => ({ bw: bits, mrtt, pacing_gain: pacing, cwnd_gain: window }),
  });
};

/** TCP_INFO and what congestion control has to say. */
const connection: Sheet = [
  ['cong', ' %', 'cong'],
  ['wscale', ' wscale:%', (body) => (hasOption(body, 'wscale') ? at(body, 'info.wscale') : undefined), { text: (value) => `${(value as Json)['snd'] as number},${(value as Json)['rcv'] as number}` }],
  ['rto', ' rto:%', (body) => { const rto = at(body, 'info.rto'); return rto === 0 || rto === 3000000 ? undefined : rto; }, millis],
  plain('backoff', 'info.backoff'),
  ['rtt', ' rtt:%', some('info.rtt'), millis],
  ['rttvar', '/%', (body) => (at(body, 'info.rtt') ? at(body, 'info.rttvar') : undefined), millis],
  inMillis('ato', 'info.ato'),
  plain('mss', 'info.sndMss'), plain('pmtu', 'info.pmtu'), plain('rcvmss', 'info.rcvMss'), plain('advmss', 'info.advmss'), plain('cwnd', 'info.sndCwnd'),
  ['ssthresh', ' ssthresh:%', (body) => { const value = at(body, 'info.sndSsthresh') as number | undefined; return value === undefined || value === 0 || value >= 0xffff ? undefined : value; }],
  plain('bytes_sent', 'info.bytesSent'), plain('bytes_retrans', 'info.bytesRetrans'), plain('bytes_acked', 'info.bytesAcked'), plain('bytes_received', 'info.bytesReceived'),
  plain('segs_out', 'info.segsOut'), plain('segs_in', 'info.segsIn'), plain('data_segs_out', 'info.dataSegsOut'), plain('data_segs_in', 'info.dataSegsIn'),
  dctcp,
  bbr,
  ['send', ' send %bps', send, rate],
  plain('lastsnd', 'info.lastDataSent'), plain('lastrcv', 'info.lastDataRecv'), plain('lastack', 'info.lastAckRecv'),
  ['pacing_rate', ' pacing_rate %bps', measured('info.pacingRate'), rate],
  ['max_pacing_rate', '/%bps', (body) => (measured('info.pacingRate')(body) === undefined ? undefined : measured('info.maxPacingRate')(body)), rate],
  ['delivery_rate', ' delivery_rate %bps', (body) => { const value = at(body, 'info.deliveryRate') as bigint | undefined; return value ? Number(value) * 8 : undefined; }, rate],
  plain('delivered', 'info.delivered'), plain('delivered_ce', 'info.deliveredCe'),
  ['app_limited', ' app_limited', (body) => (at(body, 'info.limits.deliveryRateAppLimited') ? true : undefined)],
  ['busy', ' busy:%ms', some('info.busyTime'), { text: (value) => String((value as bigint) / 1000n), json: (value) => Number((value as bigint) / 1000n) }],
  limited('rwnd_limited', 'info.rwndLimited'), limited('sndbuf_limited', 'info.sndbufLimited'),
  plain('unacked', 'info.unacked'),
  (printer, body) => {
    const { retrans = 0, totalRetrans = 0 } = (body['info'] ?? {}) as Record<string, number>;
    if (retrans || totalRetrans) printer.value('retrans', ' retrans:%', [retrans, totalRetrans], { text: () => `${retrans}/${totalRetrans}` });
  },
  plain('lost', 'info.lost'),
  ['sacked', ' sacked:%', (body) => (body['state'] === 'listen' ? undefined : some('info.sacked')(body))],
  plain('dsack_dups', 'info.dsackDups'), plain('fackets', 'info.fackets'),
  ['reordering', ' reordering:%', (body) => (at(body, 'info.reordering') === 3 ? undefined : at(body, 'info.reordering'))],
  plain('reord_seen', 'info.reordSeen'),
  inMillis('rcv_rtt', 'info.rcvRtt'),
  plain('rcv_space', 'info.rcvSpace'), plain('rcv_ssthresh', 'info.rcvSsthresh'), plain('notsent', 'info.notsentBytes'),
  ['minrtt', ' minrtt:%', (body) => (at(body, 'info.minRtt') === 0xffffffff ? undefined : some('info.minRtt')(body)), millis],
  plain('rcv_ooopack', 'info.rcvOoopack'), plain('snd_wnd', 'info.sndWnd'), plain('rcv_wnd', 'info.rcvWnd'), plain('rehash', 'info.rehash'),
];

const md5: Special = (printer, body) => {
  const keys = body['md5sig'] as { family: string; prefixlen: number; keylen: number; addr: number[]; key: Uint8Array }[] | undefined;
  if (!keys?.length) return;
  const all = keys.map(({ family, prefixlen, keylen, addr, key }) => ({ prefix: `${family === 'inet6' ? hextets(addr) : quad(addr[0] as number)}/${prefixlen}`, key: escaped(key.subarray(0, keylen)) }));
  printer.value('md5keys', ' md5keys:%', all, { text: () => all.map(({ prefix, key }) => `${prefix}=${key}`).join(','), json: () => all });
};
const quad = (word: number): string => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff).join('.');
const hextets = (words: readonly number[]): string => new URL(`http://[${words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]).join(':')}]`).hostname.slice(1, -1);
/** Bytes that are not graphic, blanks and commas as octal numbers. */
const escaped = (bytes: Uint8Array): string => [...bytes].map((byte) => (byte > 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x2c ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('');

const versions: Readonly<Record<number, string>> = { 0x303: '1.2', 0x304: '1.3' };
const confs: Readonly<Record<string, string>> = { base: 'none', sw: 'sw', hw: 'hw', hwRecord: 'hw-record' };
const conf: Format = { text: (value) => confs[value as string] ?? `unknown(${String(value)})`, json: (value) => confs[value as string] ?? value };
const ciphers: Readonly<Record<string, string>> = { aesGcm128: 'aes-gcm-128', aesGcm256: 'aes-gcm-256' };
const subflowFlags = { mcapRem: 'M', mcapLoc: 'm', joinRem: 'J', joinLoc: 'j', bkupRem: 'B', bkupLoc: 'b', fullyEstablished: 'e', connected: 'c', mapvalid: 'v' } as const;
const hex: Format = { text: (value) => Number(value).toString(16), json: (value) => Number(value) };
const ulp: Sheet = [
  ['tcp-ulp', ' tcp-ulp-%', 'ulpInfo.name'],
  ['version', ' version: %', 'ulpInfo.tls.version', { text: (value) => versions[value as number] ?? `unknown(${value as number})` }],
  ['cipher', ' cipher: %', (body) => ciphers[at(body, 'ulpInfo.tls.cipher') as string]],
  ['rxconf', ' rxconf: %', 'ulpInfo.tls.rxconf', conf], ['txconf', ' txconf: %', 'ulpInfo.tls.txconf', conf], ['zc_ro_tx', ' zc_ro_tx', 'ulpInfo.tls.zcRoTx'], ['no_pad_rx', ' no_pad_rx', 'ulpInfo.tls.rxNoPad'],
  ['flags', ' flags:%', (body) => { const given = at(body, 'ulpInfo.mptcp.flags') as readonly (keyof typeof subflowFlags)[] | undefined; return given?.length ? given.map((name) => subflowFlags[name] ?? '').join('') : undefined; }],
  (printer, body) => {
    const { tokenRem, tokenLoc, idRem, idLoc } = (at(body, 'ulpInfo.mptcp') ?? {}) as Record<string, number>;
    if (tokenRem === undefined || tokenLoc === undefined || idRem === undefined || idLoc === undefined) return;
    printer.value('token', ' token:%', tokenLoc, { text: () => `${tokenRem.toString(16).padStart(4, '0')}(id:${idRem})/${tokenLoc.toString(16).padStart(4, '0')}(id:${idLoc})`, json: () => ({ remote: { token: tokenRem, id: idRem }, local: { token: tokenLoc, id: idLoc } }) });
  },
  ['seq', ' seq:%', 'ulpInfo.mptcp.mapSeq'], ['sfseq', ' sfseq:%', 'ulpInfo.mptcp.mapSfseq'], ['ssnoff', ' ssnoff:%', 'ulpInfo.mptcp.ssnOffset'], ['maplen', ' maplen:%', 'ulpInfo.mptcp.mapDatalen'],
];

const ofSk = memory((body) => body['skmeminfo']);
/** What an internal view of a socket is of each protocol. */
export function printTcp(printer: Printer, body: Json, timers: boolean): void {
  ofSk(printer, body);
  if (body['info'] !== undefined) {
    if (timers) options(printer, body);
    printer.sheet(connection, body);
  }
  md5(printer, body);
  printer.sheet(ulp, body);
}

const mptcp: Sheet = [
  plain('subflows', 'info.subflows'), plain('add_addr_signal', 'info.addAddrSignal'), plain('add_addr_accepted', 'info.addAddrAccepted'),
  plain('subflows_max', 'info.subflowsMax'), plain('add_addr_signal_max', 'info.addAddrSignalMax'), plain('add_addr_accepted_max', 'info.addAddrAcceptedMax'),
  ['fallback', ' fallback', (body) => ((at(body, 'info.flags') as string[] | undefined)?.includes('fallback') ? true : undefined)],
  ['remote_key', ' remote_key', (body) => ((at(body, 'info.flags') as string[] | undefined)?.includes('remoteKeyReceived') ? true : undefined)],
  ['token', ' token:%', some('info.token'), hex],
  plain('write_seq', 'info.writeSeq'), plain('snd_una', 'info.sndUna'), plain('rcv_nxt', 'info.rcvNxt'),
  plain('local_addr_used', 'info.localAddrUsed'), plain('local_addr_max', 'info.localAddrMax'), plain('csum_enabled', 'info.csumEnabled'), plain('retransmits', 'info.retransmits'),
  plain('bytes_retrans', 'info.bytesRetrans'), plain('bytes_sent', 'info.bytesSent'), plain('bytes_received', 'info.bytesReceived'), plain('bytes_acked', 'info.bytesAcked'),
  plain('subflows_total', 'info.subflowsTotal'), plain('last_data_sent', 'info.lastDataSent'), plain('last_data_recv', 'info.lastDataRecv'), plain('last_ack_recv', 'info.lastAckRecv'),
];
export function printMptcp(printer: Printer, body: Json): void {
  ofSk(printer, body);
  printer.sheet(mptcp, body);
}

const addresses = (key: string) => (body: Json): string[] | undefined => {
  const all = body[key] as { family: string; data: Uint8Array }[] | undefined;
  return all?.map(({ family, data }) => (family === 'inet' ? [...data.subarray(2, 6)].join('.') : family === 'inet6' ? hextets([6, 10, 14, 18].map((from) => new DataView(data.buffer, data.byteOffset).getUint32(from))) : ''));
};
const commas: Format = { text: (value) => (value as string[]).join(',') };
/** SCTP's words, by the keys of its info. */
const sctpWords = {
  rwnd: 'rwnd', unackdata: 'unackdata', penddata: 'penddata', instrms: 'instrms', outstrms: 'outstrms', inqueue: 'inqueue', outqueue: 'outqueue', overerr: 'overallError', maxburst: 'maxBurst', maxseg: 'maxseg', prwnd: 'peerRwnd',
} as const;
const sctpMore = {
  pcapable: 'peerCapable', psack: 'peerSack', autoclose: 'sAutoclose', adapind: 'sAdaptationInd', pdpoint: 'sPdPoint', nodelay: 'sNodelay', nofrag: 'sDisableFragments', v4mapped: 'sV4mapped', fraginl: 'sFragInterleave',
} as const;
const rows = (words: Readonly<Record<string, string>>): Cell[] => Object.entries(words).map(([key, path]) => plain(key, `info.${path}`));
export const sctpStateNames = ['CLOSED', 'COOKIE_WAIT', 'COOKIE_ECHOED', 'ESTAB', 'SHUTDOWN_PENDING', 'SHUTDOWN_SENT', 'SHUTDOWN_RECEIVED', 'ACK_SENT'] as const;
const sctp: Sheet = [
  ['locals', ' locals:%', addresses('locals'), commas], ['peers', ' peers:%', addresses('peers'), commas],
  ['tag', ' tag:%', some('info.tag'), hex],
  ['assoc_state', ' state:%', (body) => { const state = at(body, 'info.state'); return state === undefined || state === 'closed' ? undefined : state; }, { text: (value) => sctpStateNames[['closed', 'cookieWait', 'cookieEchoed', 'established', 'shutdownPending', 'shutdownSent', 'shutdownReceived', 'shutdownAckSent'].indexOf(value as string)] ?? String(value) }],
  ...rows(sctpWords), ['ptag', ' ptag:%', some('info.peerTag'), hex], ...rows(sctpMore),
];
export function printSctp(printer: Printer, body: Json): void {
  ofSk(printer, body);
  printer.sheet(sctp, body);
}
