/**
 * Events of devices: text in a datagram of its own, without nlmsghdr. The kernel's begin with "ACTION@DEVPATH", udev's with a header of binary
 * numbers; both go on with "KEY=VALUE", each with a NUL behind it. Source: lib/kobject_uevent.c; systemd's sd-device/device-monitor.c.
 */
import { decode, encode, HOST_LITTLE_ENDIAN } from './decode.ts';
import { DecodeError, EncodeError } from './errors.ts';
import { be32, chars, u32 } from './scalars.ts';
import { struct } from './schema.ts';

/** What happened to a device. */
export interface Uevent {
  /** Who says so: the kernel, or udev when it is done with it. */
  readonly source: 'kernel' | 'udev';
  /** 'add', 'remove', 'change', 'move', 'online', 'offline', 'bind', 'unbind'. */
  readonly action: string;
  /** Its place below /sys: '/devices/virtual/net/veth0'. */
  readonly devpath: string;
  /** All that is said of it, in order: SUBSYSTEM, SEQNUM, INTERFACE ... */
  readonly properties: Readonly<Record<string, string>>;
  /** Of udev's: hashes by which sockets filter. */
  readonly filters?: { readonly subsystemHash: number; readonly devtypeHash: number; readonly tagBloomHi: number; readonly tagBloomLo: number };
}

const PREFIX = 'libudev', MAGIC = 0xfeedcafe;
class UdevHeader extends struct('monitor_netlink_header', {
  prefix: chars(8), magic: be32, headerSize: u32, propertiesOff: u32, propertiesLen: u32, subsystemHash: be32, devtypeHash: be32, tagBloomHi: be32, tagBloomLo: be32,
}) {}

/** Where each text of a datagram is: [from, to), without its NUL. @throws {DecodeError} */
export function* texts(bytes: Uint8Array, at: number, end: number): Generator<{ readonly text: string; readonly start: number; readonly end: number }> {
  const utf8 = new TextDecoder();
  for (let start = at; start < end;) {
    const nul = bytes.indexOf(0, start);
    if (nul < 0 || nul >= end) throw new DecodeError('no NUL at the end of the text', ['uevent'], start);
    yield { text: utf8.decode(bytes.subarray(start, nul)), start, end: nul };
    start = nul + 1;
  }
}

/** Whether a datagram is udev's. */
export const isUdev = (bytes: Uint8Array): boolean => bytes.length >= UdevHeader.size && new TextDecoder().decode(bytes.subarray(0, PREFIX.length)) === PREFIX;

/** Where the properties of udev's datagram are, and by what it is filtered. @throws {DecodeError} */
export function readUdevHeader(bytes: Uint8Array, littleEndian = HOST_LITTLE_ENDIAN): { start: number; end: number; filters: NonNullable<Uevent['filters']> } {
  const { magic, propertiesOff, propertiesLen, prefix: _prefix, headerSize: _size, ...filters } = decode(UdevHeader, bytes.subarray(0, UdevHeader.size), { littleEndian });
  if (magic !== MAGIC) throw new DecodeError(`the magic number is 0x${magic.toString(16)}, not 0x${MAGIC.toString(16)}`, ['uevent'], 8);
  if (propertiesOff < UdevHeader.size || propertiesOff + propertiesLen > bytes.length) throw new DecodeError(`properties of ${propertiesLen} bytes at ${propertiesOff} in ${bytes.length} bytes`, ['uevent'], 16);
  return { start: propertiesOff, end: propertiesOff + propertiesLen, filters };
}

/** @throws {DecodeError} for what is no event */
export function decodeUevent(bytes: Uint8Array, littleEndian = HOST_LITTLE_ENDIAN): Uevent {
  const udev = isUdev(bytes) ? readUdevHeader(bytes, littleEndian) : undefined, properties: Record<string, string> = {};
  let head: string | undefined;
  for (const { text, start } of texts(bytes, udev?.start ?? 0, udev?.end ?? bytes.length)) {
    const equals = text.indexOf('=');
    if (!udev && head === undefined) head = text;
    else if (equals <= 0) throw new DecodeError(`"${text}" is no KEY=VALUE`, ['uevent'], start);
    else properties[text.slice(0, equals)] = text.slice(equals + 1);
  }
  if (udev) return { source: 'udev', action: properties['ACTION'] ?? '', devpath: properties['DEVPATH'] ?? '', properties, filters: udev.filters };
  const at = head?.indexOf('@') ?? -1;
  if (head === undefined || at <= 0) throw new DecodeError(`${head === undefined ? 'nothing' : `"${head}"`} is no ACTION@DEVPATH`, ['uevent'], 0);
  return { source: 'kernel', action: head.slice(0, at), devpath: head.slice(at + 1), properties };
}

/** @throws {EncodeError} for texts with a NUL, for keys with "=" */
export function encodeUevent({ source, action, devpath, properties, filters }: Uevent, littleEndian = HOST_LITTLE_ENDIAN): Uint8Array {
  const all = Object.entries(properties).map(([key, value]) => {
    if (key === '' || /[=\0]/.test(key) || value.includes('\0')) throw new EncodeError('a key has no "=", and no text a NUL', ['properties', key]);
    return `${key}=${value}\0`;
  });
  if (/[@\0]/.test(action) || devpath.includes('\0')) throw new EncodeError('an action has no "@", and no text a NUL', ['action']);
  const text = new TextEncoder().encode((source === 'kernel' ? [`${action}@${devpath}\0`, ...all] : all).join(''));
  if (source === 'kernel') return text;
  const { subsystemHash = 0, devtypeHash = 0, tagBloomHi = 0, tagBloomLo = 0 } = filters ?? {};
  const head = encode(UdevHeader, { prefix: PREFIX, magic: MAGIC, headerSize: UdevHeader.size, propertiesOff: UdevHeader.size, propertiesLen: text.length, subsystemHash, devtypeHash, tagBloomHi, tagBloomLo }, { littleEndian });
  const bytes = new Uint8Array(head.length + text.length);
  bytes.set(head);
  bytes.set(text, head.length);
  return bytes;
}
