/** Tunnels and sessions of L2TP as `ip l2tp` prints them. */
import { bytes, counter, via } from './formats.ts';
import type { Cell, Json, Printer, Sheet, Special } from './printer.ts';

const line: Special = (printer) => printer.newline();
const overUdp = (key: string) => (body: Json): unknown => (body['encapType'] === 'udp' ? body[key] : undefined);
const isV6 = ({ ip6Saddr }: Json): boolean => ip6Saddr !== undefined;

/** Which way packets of a tunnel over UDP have a checksum. */
const checksum: Special = (printer, body) => {
  if (body['encapType'] !== 'udp') return;
  printer.newline();
  if (!isV6(body)) {
    printer.text(`  UDP checksum: ${body['udpCsum'] ? 'enabled' : 'disabled'}\n`);
    printer.value('checksum', null, Boolean(body['udpCsum']));
    return;
  }
  const tx = body['udpZeroCsum6Tx'] === undefined, rx = body['udpZeroCsum6Rx'] === undefined;
  printer.text(`  UDP checksum: ${tx ? (rx ? 'enabled' : 'tx') : rx ? 'rx' : 'disabled'}\n`);
  printer.value('checksum_tx', null, tx);
  printer.value('checksum_rx', null, rx);
};

const tunnel: Sheet = [
  ['tunnel_id', 'Tunnel %,', 'connId'],
  ['encap', ' encap %', ({ encapType }) => (encapType === 'udp' || encapType === 'ip' ? encapType.toUpperCase() : '??')],
  line,
  ['local', '  From % ', ({ ipSaddr, ip6Saddr }) => ipSaddr ?? ip6Saddr],
  ['peer', 'to %', ({ ipDaddr, ip6Daddr }) => ipDaddr ?? ip6Daddr],
  line,
  ['peer_tunnel', '  Peer tunnel %', 'peerConnId'],
  line,
  ['local_port', '  UDP source / dest ports: %', overUdp('udpSport')],
  ['peer_port', '/%', overUdp('udpDport')],
  checksum,
];

export function printTunnel(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(tunnel, body));
}

/** Painted with the words before it. */
const link: Special = (printer, { ifname }) => {
  if (ifname === undefined) return;
  printer.text(printer.paint('ifname', `  interface name: ${String(ifname)}`));
  printer.value('interface', null, ifname);
  printer.newline();
};
const hex = via(bytes);
const way = (key: string, word: string, from: string): Cell => [key, ` ${word}`, (body) => (body[from] ? null : undefined)];

const session: Sheet = [
  ['session_id', 'Session %', 'sessionId'], ['tunnel_id', ' in tunnel %', 'connId'], line,
  ['peer_session_id', '  Peer session %,', 'peerSessionId'], ['peer_tunnel_id', ' tunnel %', 'peerConnId'], line,
  link,
  // Kernels have no offsets any more.
  (printer) => printer.text('  offset 0, peer offset 0\n'),
  ['cookie', '  cookie %', 'cookie', hex],
  ['peer_cookie', '  peer cookie %', 'peerCookie', hex],
  ['reorder_timeout', '  reorder timeout: %', ({ recvTimeout }) => recvTimeout || undefined, counter],
  (printer, { sendSeq, recvSeq }) => {
    if (!sendSeq && !recvSeq) return;
    printer.newline();
    printer.text('  sequence numbering:');
  },
  way('send_seq', 'send', 'sendSeq'), way('recv_seq', 'recv', 'recvSeq'),
];

export function printSession(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(session, body));
  printer.text('\n');
}
