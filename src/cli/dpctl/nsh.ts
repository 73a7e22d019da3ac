/** Network service headers in words, of keys and of `push_nsh`. */
import type { OvsNshKey } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import type { Body } from './keys.ts';
import { assignments, bytesOf, bytesText, dec, given, hex, readPair, showPair, type Pair, type Scalar } from './text.ts';

type Base = NonNullable<OvsNshKey['base']>;
/** word -> where it is: a member of the base, or bits of the path. */
const baseRows: Readonly<Record<string, readonly [member: keyof Base, scalar: Scalar<number>, shift: number]>> = {
  flags: ['flags', dec(8), 0], ttl: ['ttl', dec(8), 0], mdtype: ['mdtype', dec(8), 0], np: ['np', dec(8), 0], spi: ['pathHdr', hex(24), 8], si: ['pathHdr', dec(8), 0],
};
const CONTEXTS = ['c1', 'c2', 'c3', 'c4'], none = (): Base => ({ flags: 0, ttl: 0, mdtype: 0, np: 0, pathHdr: 0 });

export const nsh: Body = {
  read(inside, where) {
    const value: OvsNshKey & { base: Base } = { base: none() }, mask: OvsNshKey & { base: Base } = { base: none() };
    const put = (side: { base: Base }, [member, { ones }, shift]: (typeof baseRows)[string], n: number): void => {
      side.base[member] = shift === 0 && member !== 'pathHdr' ? n : ((side.base[member] & ~(ones << shift)) | n << shift) >>> 0;
    };
    assignments(inside, where, [...Object.keys(baseRows), ...CONTEXTS, 'md2'], (word, text) => {
      if (word === 'md2') {
        value.md2 = bytesOf(given(text, word).replace(/^0x/i, ''));
        mask.md2 = value.md2.slice().fill(255);
        return;
      }
      const row = baseRows[word], pair: Pair<number> = readPair(row?.[1] ?? hex(32), text as string, word);
      if (row) {
        put(value, row, pair.value);
        put(mask, row, pair.mask);
      } else {
        const i = CONTEXTS.indexOf(word);
        (value.md1 ??= { context: [0, 0, 0, 0] }).context[i] = pair.value;
        (mask.md1 ??= { context: [0, 0, 0, 0] }).context[i] = pair.mask;
      }
    });
    if (value.md1 && value.md2) throw usage(`${where} has either c1 to c4 or md2`);
    return { value, mask };
  },
  show(value, mask, { verbose }) {
    const { base, md1, md2 } = value as OvsNshKey, masks = mask as OvsNshKey | undefined, out: string[] = [];
    const one = (word: string, scalar: Scalar<number>, n: number, bits: number | undefined): void => {
      if (bits !== 0 || verbose) out.push(`${word}=${showPair(scalar, n, bits)}`);
    };
    if (base) for (const [word, [member, scalar, shift]] of Object.entries(baseRows)) {
      const bits = masks === undefined ? undefined : (masks.base?.[member] ?? 0) >>> shift & scalar.ones;
      one(word, scalar, base[member] >>> shift & scalar.ones, bits);
    }
    md1?.context.forEach((n, i) => one(CONTEXTS[i] as string, hex(32), n, masks === undefined ? undefined : masks.md1?.context[i] ?? 0));
    if (md2) out.push(`md2=0x${bytesText(md2)}`);
    return out.join(',');
  },
};
