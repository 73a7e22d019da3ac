/** Captures written: pcap of LINKTYPE_NETLINK (253), as pcap.ts reads it, wireshark, and tcpdump. */
import type { Captured } from './capture.ts';
import { ARPHRD_NETLINK, COOKED, LINKTYPE_NETLINK } from './pcap.ts';

/** Nanoseconds: latencies of netlink are microseconds. */
const MAGIC = 0xa1b23c4d, SNAP_LENGTH = 0x40000;
/** Packet types of the cooked header (linux/if_packet.h): from the kernel to a process, and the other way. */
const PACKET_HOST = 0, PACKET_OUTGOING = 4;

/** What such a file begins with. Little-endian, as its messages are where they are little-endian. */
export function pcapHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, LINKTYPE_NETLINK, true);
  return new Uint8Array(view.buffer);
}

/** One datagram, to be appended. Without a time it is of 1970; without a protocol, rtnetlink's. */
export function pcapRecord({ bytes, protocol = 0, direction, time = 0, truncated }: Captured): Uint8Array {
  const out = new Uint8Array(16 + COOKED + bytes.length), view = new DataView(out.buffer), seconds = Math.floor(time);
  // A double of seconds since 1970 knows a quarter of a microsecond.
  view.setUint32(0, seconds, true);
  view.setUint32(4, Math.min(Math.round((time - seconds) * 1e6) * 1000, 999_999_000), true);
  view.setUint32(8, COOKED + bytes.length, true);
  view.setUint32(12, COOKED + (truncated ?? bytes.length), true);
  view.setUint16(16, direction === 'receive' ? PACKET_HOST : PACKET_OUTGOING);
  view.setUint16(18, ARPHRD_NETLINK);
  view.setUint16(30, protocol);
  out.set(bytes, 16 + COOKED);
  return out;
}
