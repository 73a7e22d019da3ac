/** What every reader of captured traffic hands over: datagrams, and what the capture says about them. */

/** One datagram as a capture file, a trace or a person gave it. */
export interface Captured {
  /** The datagram, starting at its first `nlmsghdr`. */
  readonly bytes: Uint8Array;
  /** The netlink protocol number (`NETLINK_ROUTE` = 0), where the capture names it. */
  readonly protocol?: number;
  /** Seen from the process: `send` is towards the kernel. */
  readonly direction?: 'send' | 'receive';
  /** Seconds since 1970, or since midnight where a trace has only the time of day. */
  readonly time?: number;
  /** The descriptor that a trace names. */
  readonly fd?: number;
  /** The thread that a trace names. */
  readonly thread?: number;
  /** When the call returned, where a trace has that too: as `time`, which is then when it began. */
  readonly end?: number;
  /** The datagram's full length, when the capture cut it short. */
  readonly truncated?: number;
  /** Why bytes are missing, in words. */
  readonly note?: string;
}

/** The text or file is not what the reader was told it is. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  /** 1-based line of a text, or byte offset of a file. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const FLAG_REQUEST = 1;

/**
 * The byte order in which the first header makes sense; captures of another machine need not be in ours.
 * Undefined when neither does.
 */
export function guessLittleEndian(bytes: Uint8Array): boolean | undefined {
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fits = (little: boolean): boolean => {
    const length = view.getUint32(0, little);
    return length >= 16 && length <= bytes.length;
  };
  return fits(true) ? true : fits(false) ? false : undefined;
}

/**
 * Taps do not record the direction (nlmon marks all as outgoing); a request says so in its flags.
 * @param littleEndian byte order of the header
 */
export function guessDirection(bytes: Uint8Array, littleEndian: boolean): 'send' | 'receive' | undefined {
  if (bytes.length < 16) return undefined;
  const flags = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(6, littleEndian);
  return flags & FLAG_REQUEST ? 'send' : 'receive';
}

/** Lower-case hex without separators. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** A growing run of bytes. */
export class ByteList {
  private readonly bytes: number[] = [];
  get length(): number { return this.bytes.length; }
  push(...bytes: number[]): void { for (const byte of bytes) this.bytes.push(byte); }
  /** The last `count` bytes. */
  tail(count: number): number[] { return this.bytes.slice(-count); }
  take(): Uint8Array { return Uint8Array.from(this.bytes); }
}
