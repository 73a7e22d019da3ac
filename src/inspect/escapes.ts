/** C's string escapes, as strace, compilers and scripting languages write bytes. */

const single: Readonly<Record<string, number>> = {
  n: 10, t: 9, r: 13, a: 7, b: 8, v: 11, f: 12, e: 27, '\\': 92, '"': 34, "'": 39, '?': 63,
};
const utf8 = new TextEncoder();

/** A string literal found in a text. */
export interface Literal {
  readonly bytes: number[];
  /** Just after the closing quote. */
  readonly end: number;
  /** strace's `"..."...`: the tracer cut it. */
  readonly cut: boolean;
}

/** Reads escapes and plain characters from `at` up to `close` or the end of the text. */
export function readEscapes(text: string, at: number, close: string): { bytes: number[]; end: number } {
  const bytes: number[] = [];
  while (at < text.length && text[at] !== close) {
    if (text[at] !== '\\') {
      const char = String.fromCodePoint(text.codePointAt(at)!);
      bytes.push(...utf8.encode(char));
      at += char.length;
      continue;
    }
    const rest = text.slice(at + 1, at + 4);
    const hex = /^x([0-9a-f]{1,2})/i.exec(rest), octal = /^[0-7]{1,3}/.exec(rest);
    if (hex) { bytes.push(parseInt(hex[1]!, 16)); at += 1 + hex[0].length; }
    else if (octal) { bytes.push(parseInt(octal[0], 8) & 255); at += 1 + octal[0].length; }
    else { bytes.push(single[rest[0] ?? ''] ?? rest.charCodeAt(0)); at += 2; }
  }
  return { bytes, end: at };
}

/** The literal whose opening quote is at `at`. */
export function readLiteral(text: string, at: number): Literal {
  const { bytes, end } = readEscapes(text, at + 1, '"');
  return { bytes, end: end + 1, cut: text.startsWith('...', end + 1) };
}
