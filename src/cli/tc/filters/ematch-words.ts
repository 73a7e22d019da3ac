/** What kinds of extended matches have in common: their words, and texts in quotes among them. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import type { Printer } from '../../print/printer.ts';
import type { Words } from '../../words.ts';

export interface EmatchKind {
  /** The words in its parentheses. @param incoming The filter sees what comes in. */
  readonly read: (words: Words, context: Context, incoming: boolean) => unknown;
  /** The same of what the kernel tells. */
  readonly text: (data: unknown, printer: Printer) => string;
}

export const wrong = (what: string, hint = 'cmp(u16 at 2 layer transport eq 80) and not u32(u32 0x0a000000 0xff000000 at 12)'): never => { throw usage(what, hint); };

/** Words, parentheses and texts in quotes. */
export const tokensOf = (text: string): string[] => (text.match(/"(?:\\[^]|[^"\\])*"|[()]|[^\s()]+/g) ?? []).map((token) => (/^(and|or|not)$/i.test(token) ? token.toLowerCase() : token));
export const isQuoted = (token: string | undefined): boolean => token !== undefined && /^"[^]*"$/.test(token);

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, b: 8, f: 12, a: 7 };
/** The bytes of a word, or of a text in quotes, where C's escapes hold. */
export function patternOf(token: string): Uint8Array {
  if (!isQuoted(token)) return new TextEncoder().encode(token);
  const parts = token.slice(1, -1).match(/\\[0-7]{1,3}|\\x[0-9a-f]{1,2}|\\[^]|[^\\]+/gi) ?? [];
  return Uint8Array.from(parts.flatMap((part): number[] => {
    const [, octal, hexadecimal, letter] = /^\\(?:([0-7]{1,3})|x([0-9a-f]{1,2})|([^]))$/i.exec(part) ?? [], byte = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hexadecimal ?? '', 16);
    if (byte > 0xff) throw usage(`"${part}" is more than a byte`);
    if (octal !== undefined || hexadecimal !== undefined) return [byte];
    const code = letter === undefined ? undefined : escapes[letter];
    return code !== undefined ? [code] : [...new TextEncoder().encode(letter ?? part)];
  }));
}
