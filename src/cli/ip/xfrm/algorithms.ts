/** ALGO-LIST of a state: names and keys. */
import { usage } from '../../errors.ts';
import { to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import { u32 } from '../../values.ts';
import type { Words } from '../../words.ts';
import { algorithms } from '../../xfrm-words.ts';

/** Room in struct xfrm_algo, and what iproute2 has for a key; bytes. */
const MAX_NAME = 63, MAX_KEY = 512;

function name(words: Words, after: string): string {
  const given = words.next(after);
  if (new TextEncoder().encode(given).length > MAX_NAME) throw usage(`"${given}" is too long for the name of an algorithm`, `at most ${MAX_NAME} bytes`);
  return given;
}

/** Hexadecimal after 0x, else the text itself. */
function key(words: Words, after: string): Uint8Array {
  const given = words.next(after), digits = /^0x(.+)$/s.exec(given)?.[1];
  if (digits !== undefined && !/^[0-9a-f]+$/i.test(digits)) throw usage(`the key of "${after}" is not hexadecimal`, 'two digits a byte after 0x; without 0x it is text');
  const bytes = digits === undefined ? new TextEncoder().encode(given) : Uint8Array.from(digits.padStart(2 * Math.ceil(digits.length / 2), '0').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  if (bytes.length > MAX_KEY) throw usage(`the key of "${after}" is too long`, `at most ${MAX_KEY} bytes`);
  return bytes;
}

/** What a word takes after the name: a key, and how many bits of a digest are sent. */
type Parts = 'name' | 'key' | 'truncBits' | 'icvBits';
const placeholders: Readonly<Record<Parts, string>> = { name: 'ALGO-NAME', key: 'ALGO-KEYMAT', truncBits: 'ALGO-TRUNC-LEN', icvBits: 'ALGO-ICV-LEN' };

function algorithm(...parts: Parts[]): ValueType {
  return {
    name: parts.map((part) => placeholders[part]).join(' '),
    read(words, context, after): Draft {
      const out: Draft = { name: name(words, after) };
      if (parts.includes('key')) out['key'] = key(words, after);
      const bits = parts[2];
      if (bits !== undefined) out[bits] = u32(placeholders[bits]).read(words, context, after);
      return out;
    },
  };
}

export const algorithmRows: Grammar = {
  enc: to(algorithms.enc, algorithm('name', 'key')), auth: to(algorithms.auth, algorithm('name', 'key')), 'auth-trunc': to(algorithms['auth-trunc'], algorithm('name', 'key', 'truncBits')),
  aead: to(algorithms.aead, algorithm('name', 'key', 'icvBits')), comp: to(algorithms.comp, algorithm('name')),
};
