/** Events of devices, whose datagrams are text: as JSON, and what each byte of them means. */
import { DecodeError, decodeUevent, encodeUevent, EncodeError, type Uevent } from '../codec/index.ts';
import { isUdev, readUdevHeader, texts } from '../codec/uevent.ts';
import type { ExplainedSpan } from './explain.ts';
import type { Json } from './json.ts';

/** An event whose bytes its JSON brings back; else why it is none. */
export function ueventOf(bytes: Uint8Array, littleEndian: boolean): { readonly body: Json } | { readonly reason: string } {
  try {
    const event = decodeUevent(bytes, littleEndian), again = encodeUevent(event, littleEndian);
    const same = again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
    return same ? { body: event as unknown as Json } : { reason: 'an event that is written otherwise' };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { reason: error.reason };
  }
}

/** @throws {EncodeError} for what is no event */
export function ueventBytes(body: Json | undefined, littleEndian: boolean): Uint8Array {
  const event = body as Partial<Uevent> | undefined;
  const { source, action, devpath, properties = {} } = typeof event === 'object' && event !== null ? event : {};
  if ((source !== 'kernel' && source !== 'udev') || typeof action !== 'string' || typeof devpath !== 'string' || typeof properties !== 'object' || properties === null || Object.values(properties).some((value) => typeof value !== 'string')) {
    throw new EncodeError('an event has source ("kernel" or "udev"), action, devpath, and properties that are texts', ['body']);
  }
  return encodeUevent({ ...(event as Uevent), properties }, littleEndian);
}

/** Where udev's header has its numbers: of systemd's monitor_netlink_header. */
const UDEV_HEADER = ['prefix', 'magic', 'headerSize', 'propertiesOff', 'propertiesLen', 'subsystemHash', 'devtypeHash', 'tagBloomHi', 'tagBloomLo'] as const;

/** The spans of a datagram: a leaf a text. */
export function ueventSpans(bytes: Uint8Array, littleEndian: boolean): ExplainedSpan[] {
  const leaf = (name: string, type: string, start: number, end: number, value: unknown): ExplainedSpan => ({ start, end, depth: 1, name, type, value, leaf: true });
  const out: ExplainedSpan[] = [{ start: 0, end: bytes.length, depth: 0, name: 'uevent', type: 'message', value: undefined, leaf: false }];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const event = decodeUevent(bytes, littleEndian), udev = isUdev(bytes) ? readUdevHeader(bytes, littleEndian) : undefined;
    let at = 0;
    if (udev) for (const name of UDEV_HEADER) {
      const size = name === 'prefix' ? 8 : 4, network = !/^(header|properties)/.test(name);
      out.push(leaf(name, network ? 'be32' : 'u32', at, at + size, name === 'prefix' ? 'libudev' : view.getUint32(at, !network && littleEndian)));
      at += size;
    }
    if (udev && at < udev.start) out.push(leaf('header', 'binary', at, udev.start, undefined));
    for (const { text, start, end } of texts(bytes, udev?.start ?? 0, udev?.end ?? bytes.length)) {
      const equals = text.indexOf('='), first = !udev && start === 0;
      out.push(first ? leaf('event', 'string', start, end + 1, `${event.action}@${event.devpath}`) : leaf(text.slice(0, equals), 'string', start, end + 1, text.slice(equals + 1)));
    }
    if (udev && udev.end < bytes.length) out.push(leaf('rest', 'binary', udev.end, bytes.length, undefined));
    return out;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return bytes.length === 0 ? [] : [{ ...leaf('tail', 'binary', 0, bytes.length, Uint8Array.from(bytes)), depth: 0, error: error.reason }];
  }
}
