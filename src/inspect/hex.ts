/**
 * Bytes as people paste them: plain hex, xxd, `hexdump -C`, `od`, tcpdump -x, C and script arrays, string
 * literals, base64. Plain hex and base64 are one datagram a line, or several lines where the message that begins in
 * one ends in another (xxd -p, fold); a dump with offsets is a datagram from one offset 0 to the next; an array or a
 * string literal is a datagram.
 */
import { ByteList, CaptureError, type Captured } from './capture.ts';
import { readEscapes, readLiteral } from './escapes.ts';

/** The datagrams written in a text. Blank lines and comments (`#`, `//`, `;`) are skipped; `# protocol NUMBER` says of what the lines behind it are. */
export function readHex(text: string): Captured[] {
  const lines = text.split(/\r?\n/);
  if (/\\x[0-9a-f]{2}/i.test(text)) return strings(lines);
  if (lines.some((line) => { const dump = dumpLine(line); return dump?.offset === 0 && dump.bytes.length > 0; })) return dumps(lines);
  if (/\b0x[0-9a-f]{1,2}\s*,/i.test(text) || /^[^"\n]*[[{(]\s*\d{1,3}\s*,/m.test(text)) return arrays(text);
  let protocol: number | undefined;
  const all: (Captured | undefined)[] = lines.map((line, i) => {
    const said = /^\s*# protocol (\d+)\b/.exec(line)?.[1];
    if (said !== undefined) protocol = Number(said);
    return isComment(line) ? undefined : { bytes: readHexLine(line, i + 1), ...(protocol !== undefined && { protocol }) };
  });
  return whole(all);
}
/** Lines that are parts of one datagram are joined; only where a message begins in one and ends with another. */
function whole(lines: readonly (Captured | undefined)[]): Captured[] {
  const out: Captured[] = [];
  for (let i = 0, to: number; i < lines.length; i = to + 1) {
    for (to = i; lines[to]; to++);
    for (const one of joined(lines.slice(i, to) as Captured[])) out.push(one);
  }
  return out;
}
/** The same of lines with nothing between them. */
function joined(lines: readonly Captured[]): Captured[] {
  const out: Captured[] = [], edges: number[] = [];
  let size = 0;
  for (const { bytes } of lines) edges.push(size += bytes.length);
  const all = new Uint8Array(size), view = new DataView(all.buffer);
  lines.forEach(({ bytes }, i) => all.set(bytes, (edges[i] as number) - bytes.length));
  for (let i = 0; i < lines.length;) {
    const line = lines[i] as Captured, start = (edges[i] as number) - line.bytes.length, last = lineOfEnd(view, start, edges, i);
    out.push(last > i ? { ...line, bytes: all.slice(start, edges[last]) } : line);
    i = Math.max(last, i) + 1;
  }
  return out;
}
/** The line that ends where one of the messages from `at` on does, with or without its padding; -1 where none does. */
function lineOfEnd(view: DataView, at: number, edges: readonly number[], line: number): number {
  while (at + 16 <= view.byteLength) {
    // Of two byte orders, the one in which it is shorter.
    const length = Math.min(view.getUint32(at, true), view.getUint32(at, false)), end = at + length;
    if (length < 16 || end > view.byteLength) return -1;
    at += (length + 3) & ~3;
    while ((edges[line] as number) < end) line++;
    if ((edges[line] as number) <= at) return line;
  }
  return -1;
}

/**
 * One line of plain hex or base64. Hex may have `0x`, spaces, commas, colons or dashes between bytes and a comment
 * behind; an empty line is an empty datagram.
 * @param at line number for errors
 */
export function readHexLine(line: string, at = 1): Uint8Array {
  const bare = line.replace(/(?:#|\/\/).*$/, '').trim();
  const digits = bare.replace(/0x|\\x|[\s,:;_-]/gi, '');
  if (/^[0-9a-f]*$/i.test(digits)) {
    if (digits.length % 2) throw new CaptureError(`line ${at}: an odd number of hex digits (${digits.length})`, at);
    return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
  }
  const encoded = line.trim();
  if (/^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(encoded) && encoded.replace(/=+$/, '').length % 4 !== 1) return base64(encoded);
  const bad = /[^0-9a-fx\s,:;_-]/i.exec(bare)?.[0] ?? bare[0];
  throw new CaptureError(`line ${at}: ${JSON.stringify(bad)} is neither hex nor base64`, at);
}

/** A line that carries no bytes. */
const isComment = (line: string): boolean => /^\s*(?:#|\/\/|;|$)/.test(line);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function base64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0, left = 0;
  for (const char of text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')) {
    bits = (bits << 6 | alphabet.indexOf(char)) & 0xffffff;
    left += 6;
    if (left >= 8) bytes.push(bits >> (left -= 8) & 255);
  }
  return Uint8Array.from(bytes);
}

interface DumpLine { readonly offset: number; readonly bytes: number[] }

/** `OFFSET[:] BYTES [text]`. Undefined: not such a line. */
function dumpLine(line: string, within = false): DumpLine | undefined {
  const match = /^[\s|*]*(?:0x)?([0-9a-f]{4,16})(:\s*|\s+|$)(.*)$/i.exec(line);
  if (!match) return undefined;
  const digits = match[1]!, colon = match[2]!.startsWith(':');
  let rest = match[3]!.trimStart();
  // Single words after a bare run of digits may as well be plain hex: such an offset must stand off or be short.
  if (!colon && match[2] === ' ' && !/^0+$/.test(digits) && digits.length !== 7 && !within) return undefined;
  // The text column: behind bars, or (xxd, tcpdump, wireshark) behind a wide gap. xxd's and tcpdump's bytes have
  // single spaces between; hexdump -C has two in the middle.
  const bar = rest.search(/\s[|>]/);
  if (bar >= 0) rest = rest.slice(0, bar);
  else rest = colon ? rest.split(/ {2,}/)[0]! : rest.split(/ {3,}/)[0]!;
  const words = rest.split(/\s+/).filter(Boolean);
  if (!words.every((word) => /^(?:[0-9a-f]{2})+$/i.test(word))) return undefined;
  // hexdump without -C prints little-endian words of 16 bits, and both it and od print 7 digits.
  const bare = digits.length === 7 && !colon;
  const swap = bare && words.length > 0 && words.every((word) => word.length === 4);
  const octal = bare && words.every((word) => word.length === 2) && /^[0-7]+$/.test(digits) && bar < 0;
  const bytes = words.flatMap((word) => {
    const pairs = (word.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
    return swap ? pairs.reverse() : pairs;
  });
  return { offset: parseInt(digits, octal ? 8 : 16), bytes };
}

function dumps(lines: readonly string[]): Captured[] {
  const datagrams: Captured[] = [];
  let current: ByteList | undefined, row = 16, repeat = false;
  const finish = (): void => { if (current?.length) datagrams.push({ bytes: current.take() }); current = undefined; };
  lines.forEach((line, i) => {
    if (line.trim() === '*') { repeat = true; return; }
    // od -A x has six digits, and a single space behind them.
    const dump = dumpLine(line, current !== undefined);
    if (!dump) {
      if (!isComment(line) && current === undefined && /^[0-9a-f\s:]+$/i.test(line)) throw new CaptureError(`line ${i + 1}: bytes before offset 0`, i + 1);
      return;
    }
    // A bare offset ends a dump of hexdump and od; it is also where a repeated row ends.
    if (repeat && current) while (current.length < dump.offset) current.push(...current.tail(Math.min(row, dump.offset - current.length)));
    repeat = false;
    if (dump.offset === 0 && dump.bytes.length) { finish(); current = new ByteList(); }
    if (!current) throw new CaptureError(`line ${i + 1}: a dump starts at offset 0`, i + 1);
    // hexdump pads an odd last word; the closing offset tells.
    if (!dump.bytes.length && dump.offset === current.length - 1) { datagrams.push({ bytes: current.take().subarray(0, dump.offset) }); current = undefined; return; }
    if (dump.offset !== current.length) throw new CaptureError(`line ${i + 1}: offset 0x${dump.offset.toString(16)}, but ${current.length} bytes before it`, i + 1);
    if (dump.bytes.length) row = dump.bytes.length;
    current.push(...dump.bytes);
  });
  finish();
  return datagrams;
}

/** Every bracketed list of numbers is a datagram; without brackets, every line. */
function arrays(text: string): Captured[] {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(?:\/\/|#).*$/gm, ' ');
  const lists = [...plain.matchAll(/[{[(]([^{}[\]()"]*)[}\])]/g)].map((match) => match[1]!).filter((list) => /^[\s,]*(?:0x[0-9a-f]|\d)/i.test(list) && list.includes(','));
  const sources = lists.length ? lists : plain.split('\n').filter((line) => line.trim());
  const all = sources.map((source, i) => ({
    bytes: Uint8Array.from(source.split(/[\s,]+/).filter(Boolean), (word) => {
      const number = /^(?:0x[0-9a-f]+|\d+)(?:u8|u)?$/i.test(word) ? Number(word.replace(/u8?$/i, '')) : NaN;
      if (!(number >= 0 && number <= 255)) throw new CaptureError(`list ${i + 1}: ${word} is not a byte`, i + 1);
      return number;
    }),
  }));
  return lists.length ? all : whole(all);
}

/** String literals with `\x` escapes; neighbours with nothing but white space between are one, as in C. */
function strings(lines: readonly string[]): Captured[] {
  if (!lines.some((line) => line.includes('"'))) {
    return lines.filter((line) => !isComment(line)).map((line) => ({ bytes: Uint8Array.from(readEscapes(line.trim(), 0, '').bytes) }));
  }
  const datagrams: Captured[] = [];
  const text = lines.join('\n');
  let current: number[] | undefined, end = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', end)) {
    const literal = readLiteral(text, at);
    if (current && /^[\s\\]*$/.test(text.slice(end, at))) current.push(...literal.bytes);
    else {
      if (current?.length) datagrams.push({ bytes: Uint8Array.from(current) });
      current = literal.bytes;
    }
    end = literal.end;
  }
  if (current?.length) datagrams.push({ bytes: Uint8Array.from(current) });
  return datagrams;
}
