/**
 * Packet captures of netlink: pcap and pcapng, of either byte order.
 * The format is `LINKTYPE_NETLINK` (253), written by tcpdump and wireshark on an nlmon interface: a 16-byte
 * big-endian "cooked" header (packet type, ARPHRD_NETLINK, 10 unused bytes, netlink protocol), then messages in
 * the capturing host's byte order. https://www.tcpdump.org/linktypes/LINKTYPE_NETLINK.html,
 * draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
import { CaptureError, guessDirection, guessLittleEndian, type Captured } from './capture.ts';

/** The link type; bytes of the cooked header, and its hardware type. */
export const LINKTYPE_NETLINK = 253, COOKED = 16, ARPHRD_NETLINK = 824;
const SECTION = 0x0a0d0d0a, BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1, OLD_PACKET = 2, SIMPLE_PACKET = 3, ENHANCED_PACKET = 6;
const OPTION_TSRESOL = 9, OPTION_TSOFFSET = 14;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Does the file start as a pcap or a pcapng does? */
export function isPcap(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const view = viewOf(bytes), magic = view.getUint32(0, true);
  return magic === SECTION || classic(view) !== undefined;
}

/** The datagrams of a pcap or pcapng file. A last record that the file cuts short is handed over as far as it goes. */
export function readPcap(bytes: Uint8Array): Captured[] {
  if (bytes.length < 12) throw new CaptureError(`a capture file has a header; this one has ${bytes.length} bytes`, 0);
  const view = viewOf(bytes);
  if (view.getUint32(0, true) === SECTION) return readPcapng(bytes, view);
  const format = classic(view);
  if (!format) throw new CaptureError('neither pcap nor pcapng: unknown magic number', 0);
  return readClassic(bytes, view, format);
}

interface Format { readonly little: boolean; readonly perSecond: number }

/** pcap says its byte order and the resolution of its clock by its magic number. */
function classic(view: DataView): Format | undefined {
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === 0xa1b2c3d4) return { little, perSecond: 1e6 };
    if (magic === 0xa1b23c4d) return { little, perSecond: 1e9 };
  }
  return undefined;
}

function readClassic(bytes: Uint8Array, view: DataView, { little, perSecond }: Format): Captured[] {
  if (bytes.length < 24) throw new CaptureError('the pcap header is cut short', bytes.length);
  // The upper bits of the word hold frame check sequence flags.
  checkLinkType(view.getUint32(20, little) & 0xffff, 20);
  const datagrams: Captured[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const time = view.getUint32(at, little) + view.getUint32(at + 4, little) / perSecond;
    const captured = view.getUint32(at + 8, little), length = view.getUint32(at + 12, little);
    const datagram = cooked(bytes.subarray(at + 16, Math.min(at + 16 + captured, bytes.length)), Math.max(length, captured), little, time);
    if (datagram) datagrams.push(datagram);
    at += 16 + captured;
  }
  return datagrams;
}

function checkLinkType(type: number, at: number): void {
  if (type !== LINKTYPE_NETLINK) {
    throw new CaptureError(`link type ${type} is not netlink (${LINKTYPE_NETLINK}): capture on an nlmon interface`, at);
  }
}

/** Strips the cooked header. Undefined: not a netlink packet. */
function cooked(packet: Uint8Array, length: number, fileLittle: boolean, time?: number): Captured | undefined {
  if (packet.length < COOKED) return undefined;
  const view = viewOf(packet);
  if (view.getUint16(2) !== ARPHRD_NETLINK) return undefined;
  const bytes = packet.slice(COOKED);
  const direction = guessDirection(bytes, guessLittleEndian(bytes) ?? fileLittle);
  return {
    bytes, protocol: view.getUint16(14),
    ...(direction && { direction }),
    ...(time !== undefined && { time }),
    ...(length > packet.length && { truncated: length - COOKED, note: 'cut short by the capture' }),
  };
}

interface Interface { readonly netlink: boolean; readonly linkType: number; readonly perSecond: number; readonly offset: number; readonly snapLength: number }

function readPcapng(bytes: Uint8Array, view: DataView): Captured[] {
  const datagrams: Captured[] = [];
  let little = true, interfaces: Interface[] = [], foreign: number | undefined;
  for (let at = 0; at + 12 <= bytes.length;) {
    if (view.getUint32(at, true) === SECTION) {
      // Each section has a byte order of its own, and numbers its interfaces anew.
      if (view.getUint32(at + 8, true) === BYTE_ORDER) little = true;
      else if (view.getUint32(at + 8, false) === BYTE_ORDER) little = false;
      else throw new CaptureError('a pcapng section without a byte order mark', at + 8);
      interfaces = [];
    }
    const type = view.getUint32(at, little), total = view.getUint32(at + 4, little);
    if (total < 12 || total % 4) throw new CaptureError(`a pcapng block of ${total} bytes`, at + 4);
    const end = Math.min(at + total - 4, bytes.length), body = at + 8;
    if (type === INTERFACE && body + 8 <= end) {
      const described = describe(view, body, end, little);
      if (!described.netlink) foreign = described.linkType;
      interfaces.push(described);
    } else if ((type === ENHANCED_PACKET || type === OLD_PACKET) && body + 20 <= end) {
      const from = interfaces[type === OLD_PACKET ? view.getUint16(body, little) : view.getUint32(body, little)];
      if (from?.netlink) add(body + 20, end, view.getUint32(body + 12, little), view.getUint32(body + 16, little), clock(view, body + 4, little, from));
    } else if (type === SIMPLE_PACKET && body + 4 <= end) {
      const from = interfaces[0], length = view.getUint32(body, little);
      if (from?.netlink) add(body + 4, end, from.snapLength ? Math.min(length, from.snapLength) : length, length);
    }
    at += total;
  }
  if (!datagrams.length && foreign !== undefined) checkLinkType(foreign, 0);
  return datagrams;

  function add(start: number, end: number, captured: number, length: number, time?: number): void {
    const datagram = cooked(bytes.subarray(start, Math.min(start + captured, end)), length, little, time);
    if (datagram) datagrams.push(datagram);
  }
}

/** An interface description block: link type, and the resolution and offset of its clock. */
function describe(view: DataView, body: number, end: number, little: boolean): Interface {
  const linkType = view.getUint16(body, little), snapLength = view.getUint32(body + 4, little);
  let perSecond = 1e6, offset = 0;
  for (let at = body + 8; at + 4 <= end;) {
    const code = view.getUint16(at, little), length = view.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > end) break;
    if (code === OPTION_TSRESOL && length >= 1) {
      const resolution = view.getUint8(at + 4);
      perSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
    }
    if (code === OPTION_TSOFFSET && length >= 8) offset = Number(view.getBigInt64(at + 4, little));
    at += 4 + length + (-length & 3);
  }
  return { netlink: linkType === LINKTYPE_NETLINK, linkType, perSecond, offset, snapLength };
}

function clock(view: DataView, at: number, little: boolean, from: Interface): number {
  return (view.getUint32(at, little) * 2 ** 32 + view.getUint32(at + 4, little)) / from.perSecond + from.offset;
}
