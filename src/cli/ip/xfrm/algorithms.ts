/** ALGO-LIST of a state: names and keys. */
import { usage } from '../../errors.ts';
import { act, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import { u32 } from '../../values.ts';
import type { Words } from '../../words.ts';
import { algorithms, wordFor } from '../../xfrm-words.ts';

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
type Parts = 'name' | 'key' | 'truncLen' | 'icvLen';
const placeholders: Readonly<Record<Parts, string>> = { name: 'ALGO-NAME', key: 'ALGO-KEYMAT', truncLen: 'ALGO-TRUNC-LEN', icvLen: 'ALGO-ICV-LEN' };

function algorithm(...parts: Parts[]): ValueType {
  return {
    name: parts.map((part) => placeholders[part]).join(' '),
    read(words, context, after): Draft {
      const out: Draft = { name: name(words, after) };
      const bytes = parts.includes('key') ? key(words, after) : new Uint8Array();
      out['keyLen'] = 8 * bytes.length;
      const bits = parts[2];
      if (bits !== undefined) out[bits] = u32(placeholders[bits]).read(words, context, after);
      return { ...out, key: bytes };
    },
  };
}

/** What an algorithm does. Authenticated encryption does both. */
const excluded: Readonly<Record<string, readonly string[]>> = {
  algCrypt: ['algAead'], algAuth: ['algAuthTrunc', 'algAead'], algAuthTrunc: ['algAuth', 'algAead'], algAead: ['algCrypt', 'algAuth', 'algAuthTrunc'], algComp: [],
};

const wordOf = (path: string): string => wordFor(algorithms, path);

function row(path: string, type: ValueType): Row {
  return act((draft, value) => {
    const other = excluded[path]?.find((one) => draft[one] !== undefined);
    if (other) throw usage(`${wordOf(other)} and ${wordOf(path)} exclude each other`);
    draft[path] = value;
  }, type);
}

export const algorithmRows: Grammar = {
  enc: row(algorithms.enc, algorithm('name', 'key')), auth: row(algorithms.auth, algorithm('name', 'key')), 'auth-trunc': row(algorithms['auth-trunc'], algorithm('name', 'key', 'truncLen')),
  aead: row(algorithms.aead, algorithm('name', 'key', 'icvLen')), comp: row(algorithms.comp, algorithm('name')),
};

/** What each protocol must have, one of them, and may have besides. */
const needs: Readonly<Record<string, { readonly one: readonly string[]; readonly may: readonly string[] }>> = {
  esp: { one: ['algCrypt', 'algAead'], may: ['algAuth', 'algAuthTrunc'] },
  ah: { one: ['algAuth', 'algAuthTrunc'], may: [] },
  comp: { one: ['algComp'], may: [] },
};

/** Refuses what no state of the protocol can do. @param word The protocol as it was given */
export function checkAlgorithms(draft: Draft, proto: unknown, word: string): void {
  const given = Object.values(algorithms).filter((key) => draft[key] !== undefined), need = needs[String(proto)];
  const stray = given.find((key) => !need?.one.includes(key) && !need?.may.includes(key));
  if (stray) throw usage(`"${wordOf(stray)}" is not for ${word}`, need && `it takes ${[...need.one, ...need.may].map(wordOf).join(', ')}`);
  if (need && !need.one.some((key) => (given as string[]).includes(key))) throw usage('which algorithm?', `${word} needs ${need.one.map(wordOf).join(' or ')}`);
}
