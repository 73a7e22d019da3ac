/** Addresses between bytes and text. */

/** Texts of the 256 bytes, each made when it is first wanted: a short program wants few. */
const texts = (make: (n: number) => string): (n: number) => string => {
  const made = Array<string>(256).fill('');
  return (n) => made[n] || (made[n] = make(n));
};
const octet = texts(String), dotted = texts((n) => `${n}.`), hex = texts((n) => n.toString(16).padStart(2, '0'));

/**
 * The latest texts: gateways and sources repeat from message to message, and a text that is shared is not made again. What was seen once is not
 * kept yet: most destinations never come again, and would only be carried into the old heap.
 */
const SEEN = new Int32Array(256), LATEST = new Int32Array(256), TEXTS = Array<string>(256).fill('0.0.0.0');
/** The same of the first three octets: tables are dumped in order. */
const LATEST24 = new Int32Array(256), TEXTS24 = Array<string>(256).fill('0.0.0.');
/** Four bytes at `at` as a dotted quad. */
export function ipv4Text(b: Uint8Array, at: number): string {
  const net = (b[at] as number) << 16 | (b[at + 1] as number) << 8 | (b[at + 2] as number), last = b[at + 3] as number, n = net << 8 | last;
  const slot = (n ^ net ^ net >>> 8) & 255;
  if (LATEST[slot] === n) return TEXTS[slot] as string;
  const slot24 = (net ^ net >>> 8) & 255;
  if (LATEST24[slot24] !== net) {
    LATEST24[slot24] = net;
    TEXTS24[slot24] = dotted(b[at] as number) + dotted(b[at + 1] as number) + dotted(b[at + 2] as number);
  }
  const text = (TEXTS24[slot24] as string) + octet(last);
  if (SEEN[slot] === n) { LATEST[slot] = n; TEXTS[slot] = text; } else SEEN[slot] = n;
  return text;
}

/** RFC 5952; IPv4-mapped addresses end dotted, as inet_ntop prints them. */
export function ipv6Text(b: Uint8Array, at: number): string {
  let best = -1, longest = 1, start = -1;
  for (let i = 0; i <= 8; i++) {
    const zero = i < 8 && b[at + 2 * i] === 0 && b[at + 2 * i + 1] === 0;
    if (zero) { if (start < 0) start = i; continue; }
    if (start >= 0 && i - start > longest) { best = start; longest = i - start; }
    start = -1;
  }
  const mapped = best === 0 && longest === 5 && b[at + 10] === 0xff && b[at + 11] === 0xff;
  const compatible = best === 0 && longest === 6;
  if (mapped || compatible) return (mapped ? '::ffff:' : '::') + ipv4Text(b, at + 12);
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) { text += '::'; i += longest - 1; continue; }
    if (text && !text.endsWith(':')) text += ':';
    text += ((b[at + 2 * i] as number) << 8 | (b[at + 2 * i + 1] as number)).toString(16);
  }
  return text;
}

/** Writes 4 bytes; false when `text` is not a dotted quad. */
export function parseIpv4(text: string, b: Uint8Array, at: number): boolean {
  let octet = 0, digits = 0, n = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 46;
    if (c === 46) {
      if (digits === 0 || n === 4) return false;
      b[at + n++] = octet;
      octet = digits = 0;
    } else if (c >= 48 && c <= 57) {
      // As inet_pton: 010 could be meant octal.
      if (digits > 0 && octet === 0) return false;
      octet = octet * 10 + c - 48;
      if (++digits > 3 || octet > 255) return false;
    } else return false;
  }
  return n === 4;
}

/** Writes 16 bytes; false when `text` is not an IPv6 address. A zone (`%eth0`) is not part of an address. */
export function parseIpv6(text: string, b: Uint8Array, at: number): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = groups(halves[0] as string, halves.length === 1), tail = halves.length === 2 ? groups(halves[1] as string, true) : [];
  if (!head || !tail) return false;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return false;
  [...head, ...Array<number>(missing).fill(0), ...tail].forEach((g, i) => { b[at + 2 * i] = g >> 8; b[at + 2 * i + 1] = g & 0xff; });
  return true;
}
function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':'), out: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const quad = new Uint8Array(4);
      if (!parseIpv4(part, quad, 0)) return undefined;
      out.push((quad[0] as number) << 8 | (quad[1] as number), (quad[2] as number) << 8 | (quad[3] as number));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) out.push(parseInt(part, 16));
    else return undefined;
  }
  return out;
}

/** The characters of a byte in hex. */
const HIGH = new Uint8Array(256), LOW = new Uint8Array(256);
for (let n = 0; n < 256; n++) {
  HIGH[n] = '0123456789abcdef'.charCodeAt(n >> 4);
  LOW[n] = '0123456789abcdef'.charCodeAt(n & 15);
}
const BROADCAST = 'ff:ff:ff:ff:ff:ff', COLON = 58;
/** Bytes from `at` to `end` as "aa:bb:cc:dd:ee:ff". */
export function macText(b: Uint8Array, at: number, end: number): string {
  if (end - at === 6) {
    const p = b[at] as number, q = b[at + 1] as number, r = b[at + 2] as number, s = b[at + 3] as number, t = b[at + 4] as number, u = b[at + 5] as number;
    if ((p & q & r & s & t & u) === 0xff) return BROADCAST;
    return String.fromCharCode(HIGH[p] as number, LOW[p] as number, COLON, HIGH[q] as number, LOW[q] as number, COLON, HIGH[r] as number, LOW[r] as number, COLON,
      HIGH[s] as number, LOW[s] as number, COLON, HIGH[t] as number, LOW[t] as number, COLON, HIGH[u] as number, LOW[u] as number);
  }
  let text = '';
  for (let i = at; i < end; i++) text += i === at ? hex(b[i] as number) : `:${hex(b[i] as number)}`;
  return text;
}
/** Six times two digits, as most are; undefined when it is anything else. */
function ethernet(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(6);
  for (let i = 0; i < 6; i++) {
    const high = digit(text.charCodeAt(3 * i)), low = digit(text.charCodeAt(3 * i + 1));
    if (high < 0 || low < 0 || (i < 5 && text.charCodeAt(3 * i + 2) !== COLON)) return undefined;
    bytes[i] = high << 4 | low;
  }
  return bytes;
}
const digit = (c: number): number => (c >= 48 && c <= 57 ? c - 48 : (c | 32) >= 97 && (c | 32) <= 102 ? (c | 32) - 87 : -1);
/** The bytes of a link-layer address, or undefined when `text` is not one. */
export function parseMac(text: string): Uint8Array | undefined {
  if (text === '') return new Uint8Array(0);
  const six = text.length === 17 ? ethernet(text) : undefined;
  if (six) return six;
  if (!/^[0-9a-f]{1,2}([:-][0-9a-f]{1,2})*$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (byte) => parseInt(byte, 16));
}

// A byte order mark is text like any other.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
/** Recent short texts: kinds and queueing disciplines come again and again, and making a string takes longer than comparing one. */
const recent: string[] = Array.from({ length: 512 }, () => '');
/** Text from `at` to `end` or to the first NUL; short ASCII without a decoder call. */
export function text(b: Uint8Array, at: number, end: number): string {
  let hash = 0, i = at;
  for (; i < end; i++) {
    const c = b[i] as number;
    if (c === 0) break;
    if (c > 127 || i - at >= 16) {
      const nul = b.indexOf(0, i);
      return utf8.decode(b.subarray(at, nul >= 0 && nul < end ? nul : end));
    }
    hash = (hash * 31 + c) | 0;
  }
  const n = i - at, slot = (hash ^ hash >>> 9) & 511, known = recent[slot] as string;
  if (known.length === n) {
    let k = 0;
    while (k < n && known.charCodeAt(k) === b[at + k]) k++;
    if (k === n) return known;
  }
  return recent[slot] = ascii(b, at, n);
}
/** Code that is optimised before a text came twice would be thrown away when one does. */
export function rehearse(): void {
  const b = Uint8Array.of(108, 111, 0);
  for (let i = 0; i < 64; i++) text(b, 0, 3);
}
function ascii(b: Uint8Array, at: number, n: number): string {
  let out = '', i = at;
  for (; i < at + n - 3; i += 4) out += String.fromCharCode(b[i] as number, b[i + 1] as number, b[i + 2] as number, b[i + 3] as number);
  for (; i < at + n; i++) out += String.fromCharCode(b[i] as number);
  return out;
}
