/** A tunnel's side of a packet, in words: addresses, options of Geneve, VXLAN and ERSPAN, flags. */
import { decode, encode, type Value } from '../../codec/index.ts';
import { ErspanMd2, type ErspanMetadata, type OvsTunnelKey } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import type { Body } from './keys.ts';
import { assignments, cHex, COMMA, dec, hex, hex64, ip4, ip6, numberOf, readFlags, readPair, showFlags, showPair, split, wide, type Pair, type Scalar, type Style } from './text.ts';

type Values = Record<string, unknown>;
/** word -> key and how its value is written. */
const plain = {
  tun_id: ['id', hex64], src: ['ipv4Src', ip4], dst: ['ipv4Dst', ip4], ipv6_src: ['ipv6Src', ip6], ipv6_dst: ['ipv6Dst', ip6], tos: ['tos', hex(8)], ttl: ['ttl', dec(8)], tp_src: ['tpSrc', dec(16)], tp_dst: ['tpDst', dec(16)],
} as unknown as Readonly<Record<string, readonly [keyof OvsTunnelKey, Scalar]>>;
const plainByKey = new Map(Object.entries(plain).map(([word, [key, scalar]]) => [key as string, { word, scalar }]));

// -- flags: attributes that are there or not ----------------------------------------------------------------

/** In ovs-dpctl's order. `key`: that there is a number. */
const flagKeys = { oam: 'oam', df: 'dontFragment', csum: 'csum', key: 'id' } as const satisfies Record<string, keyof OvsTunnelKey>;
const flagNames = Object.keys(flagKeys), FLAGS = 2 ** flagNames.length - 1;
const flagsOf = (key: OvsTunnelKey): number => Object.values(flagKeys).reduce((sum, name, i) => (key[name] === undefined ? sum : sum | 2 ** i), 0);
function storeFlags(into: Values, flags: number): void {
  for (const [i, name] of Object.values(flagKeys).entries()) if (flags & 2 ** i) into[name] = name === 'id' ? into[name] ?? 0n : true;
}

// -- options ------------------------------------------------------------------------------------------------

/** struct geneve_opt: class, type, length in words of 4 bytes (5 bits), data. */
interface GeneveOption { readonly class: number; readonly type: number; readonly data: Uint8Array }
const GENEVE = 4;
function geneveOptions(bytes: Uint8Array, lengths = bytes): GeneveOption[] {
  const out: GeneveOption[] = [], view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A mask has a length of its own, which is none: the value's counts.
  for (let at = 0; at + GENEVE <= bytes.length;) {
    const end = Math.min(bytes.length, at + GENEVE + 4 * ((lengths[at + 3] ?? 0) & 31));
    out.push({ class: view.getUint16(at), type: view.getUint8(at + 2), data: bytes.slice(at + GENEVE, end) });
    at = end;
  }
  return out;
}
const geneveBytes = (options: readonly GeneveOption[], length = (one: GeneveOption): number => one.data.length / 4): Uint8Array =>
  Uint8Array.from(options.flatMap((one) => [one.class >> 8, one.class & 255, one.type, length(one), ...one.data]));
const geneve = {
  read(inside: string): Pair<Uint8Array> {
    const values: GeneveOption[] = [], masks: GeneveOption[] = [];
    for (const item of split(inside, COMMA).flatMap((one) => one.split(/(?<=\})(?=\{)/))) {
      const [, body] = /^\{(.*)\}$/.exec(item) ?? [];
      if (body === undefined) throw usage(`"${item}" is not an option of Geneve`, 'geneve({class=0x102,type=0x80,len=4,0xa})');
      const parts: { class?: Pair<number>; type?: Pair<number> } = {};
      let length: number | undefined, data: Pair<Uint8Array> | undefined;
      for (const part of split(body, COMMA)) {
        const [word, text] = part.split('=');
        if (word === 'class' || word === 'type') parts[word] = readPair(hex(word === 'class' ? 16 : 8), text as string, word);
        else if (word === 'len') {
          length = Number(numberOf(text ?? '', 124));
          if (length % 4) throw usage(`len: ${length} bytes are not whole words of 4`);
        } else if (/^0x/i.test(part) && length !== undefined) data = readPair(wide(length), part, 'data');
        else throw usage(`"${part}" is not a part of an option of Geneve`, 'class, type, len, and then the data in hex');
      }
      if (!parts.class || !parts.type || length === undefined) throw usage(`"${item}": an option of Geneve has a class, a type and a len`);
      if (length > 0 && !data) throw usage(`"${item}": its data are missing`, `${length} bytes in hex: 0x...`);
      values.push({ class: parts.class.value, type: parts.type.value, data: data?.value ?? new Uint8Array(0) });
      masks.push({ class: parts.class.mask, type: parts.type.mask, data: data?.mask ?? new Uint8Array(0) });
    }
    return { value: geneveBytes(values), mask: geneveBytes(masks, () => 31) };
  },
  show(value: Uint8Array, mask: Uint8Array | undefined): string {
    const masks = mask && geneveOptions(mask, value);
    return geneveOptions(value).map((one, i) => {
      const own = masks?.[i], data = wide(one.data.length);
      return `{class=${showPair(hex(16), one.class, own?.class)},type=${showPair(hex(8), one.type, own?.type)},len=${one.data.length}${one.data.length ? `,${showPair(data, one.data, own?.data)}` : ''}}`;
    }).join('');
  },
};

/** The group policy of VXLAN: id below, flags above. */
const gbp = {
  read(inside: string): Pair<{ gbp: number }> {
    const value = { gbp: 0 }, mask = { gbp: 0 };
    assignments(inside, 'vxlan', ['gbp'], (_, text) => assignments(text ?? '', 'gbp', ['id', 'flags'], (word, given) => {
      const [width, shift] = word === 'id' ? [16, 0] : [8, 16], pair = readPair(word === 'id' ? dec(width) : hex(width), given as string, word);
      value.gbp = (value.gbp | pair.value << shift) >>> 0;
      mask.gbp = (mask.gbp | pair.mask << shift) >>> 0;
    }));
    return { value, mask };
  },
  show(value: { gbp?: number }, mask: { gbp?: number } | undefined): string {
    const n = value.gbp ?? 0, bits = mask?.gbp;
    return `gbp(id=${showPair(dec(16), n & 0xffff, bits === undefined ? undefined : bits & 0xffff)},flags=${showPair(hex(8), n >>> 16 & 0xff, bits === undefined ? undefined : bits >>> 16 & 0xff)})`;
  },
};

type Md2 = Value<typeof ErspanMd2>;
const md2 = (hwid: number, dir: number, rest: Md2 = decode(ErspanMd2, new Uint8Array(8))): Md2 => ({ ...rest, frame: { ...rest.frame, hwidUpper: hwid >> 4 }, port: { ...rest.port, dir, hwid: hwid & 15 } });
const ALL: Md2 = decode(ErspanMd2, new Uint8Array(8).fill(255));
/** What version 2 says is in bits of its own; in a mask, whose version is no version, it is bytes. */
const md2Of = (u: ErspanMetadata['u']): Md2 => (u instanceof Uint8Array ? decode(ErspanMd2, u) : typeof u === 'number' ? decode(ErspanMd2, Uint8Array.of(u >>> 24, u >>> 16, u >>> 8, u, 0, 0, 0, 0)) : u);
const indexOf = (u: ErspanMetadata['u']): number => (typeof u === 'number' ? u : new DataView((u instanceof Uint8Array ? u : encode(ErspanMd2, u)).slice().buffer).getUint32(0));
const erspan = {
  read(inside: string): Pair<ErspanMetadata> {
    const parts: Record<string, Pair<number>> = {};
    assignments(inside, 'erspan', ['ver', 'idx', 'dir', 'hwid'], (word, text) => {
      parts[word] = readPair(word === 'ver' ? dec(4) : hex(word === 'idx' ? 32 : word === 'dir' ? 1 : 6), text as string, word);
    });
    const { ver, idx, dir, hwid } = parts, none = { value: 0, mask: 0xffffffff };
    // All of the version counts, and what is not said is zero: what a mask has behind it is bytes.
    const mask = (bits: Md2): ErspanMetadata => ({ version: -1, u: encode(ErspanMd2, bits) });
    if (ver?.value === 1 && !dir && !hwid) return { value: { version: 1, u: (idx ?? none).value }, mask: mask({ ...ALL, timestamp: (idx ?? none).mask }) };
    if (ver?.value === 2 && !idx) return { value: { version: 2, u: md2((hwid ?? none).value, (dir ?? none).value) }, mask: mask(md2(hwid?.mask ?? 63, dir?.mask ?? 1, ALL)) };
    throw usage(`"erspan(${inside})" is neither version`, 'erspan(ver=1,idx=0x7) or erspan(ver=2,dir=1,hwid=0x4)');
  },
  show(value: ErspanMetadata, mask: ErspanMetadata | undefined): string {
    const masked = (n: number, bits: number | undefined): string => (mask === undefined ? '' : `/${cHex(bits ?? n)}`);
    if (value.version === 1) {
      const n = indexOf(value.u);
      return `ver=1,idx=${cHex(n)}${masked(n, mask && indexOf(mask.u))}`;
    }
    const own = md2Of(value.u), bits = mask && md2Of(mask.u), hwid = (one: Md2): number => one.frame.hwidUpper << 4 | one.port.hwid;
    return `ver=${value.version},dir=${own.port.dir}${masked(own.port.dir, bits?.port.dir)},hwid=${cHex(hwid(own))}${masked(hwid(own), bits && hwid(bits))}`;
  },
};

interface Options<T> { read(inside: string): Pair<T>; show(value: T, mask: T | undefined): string }
const options = { erspan: ['erspanOpts', erspan], vxlan: ['vxlanOpts', gbp], geneve: ['geneveOpts', geneve] } as unknown as Readonly<Record<string, readonly [keyof OvsTunnelKey, Options<unknown>]>>;
const optionsByKey = new Map(Object.entries(options).map(([word, [key, body]]) => [key as string, { word, body }]));

export const tunnel: Body = {
  read(inside, where) {
    // The kernel wants a TTL.
    const value: Values = { ttl: 0 }, mask: Values = { ttl: 0 };
    let flags = { value: 0, mask: 0 };
    assignments(inside, where, [...Object.keys(plain), ...Object.keys(options), 'flags'], (word, text = '') => {
      if (word === 'flags') flags = readFlags(flagNames, FLAGS, text, 'flags');
      else if (Object.hasOwn(plain, word)) {
        const [key, scalar] = plain[word] as readonly [keyof OvsTunnelKey, Scalar], pair = readPair(scalar, text, word);
        value[key] = pair.value;
        mask[key] = pair.mask;
      } else {
        const [key, body] = options[word] as readonly [keyof OvsTunnelKey, Options<unknown>];
        ({ value: value[key], mask: mask[key] } = body.read(text));
      }
    });
    storeFlags(value, flags.value | (value['id'] === undefined ? 0 : flagsOf({ id: 0n })));
    storeFlags(mask, flags.mask | (mask['id'] === undefined ? 0 : flagsOf({ id: 0n })));
    return { value, mask };
  },
  show(value, mask, { verbose }: Style) {
    const key = value as OvsTunnelKey, own = mask as OvsTunnelKey | undefined, out: string[] = [];
    // What is zero is told by its mask only.
    const absent = Object.keys(own ?? {}).filter((name) => key[name as keyof OvsTunnelKey] === undefined && plainByKey.has(name) && name !== 'id');
    for (const name of [...Object.keys(key), ...absent] as (keyof OvsTunnelKey)[]) {
      const row = plainByKey.get(name), option = optionsByKey.get(name);
      if (row) {
        const bits = own === undefined ? undefined : own[name] ?? row.scalar.zero;
        if (bits !== undefined && row.scalar.same(bits, row.scalar.zero) && !verbose) continue;
        out.push(`${row.word}=${showPair(row.scalar, key[name] ?? row.scalar.zero, bits)}`);
      } else if (option && (own === undefined || own[name] !== undefined)) out.push(`${option.word}(${option.body.show(key[name], own?.[name])})`);
    }
    const flags = flagsOf(key), bits = own && flagsOf(own);
    if (bits !== 0) out.push(`flags(${showFlags(flagNames, FLAGS, flags, bits)})`);
    return out.join(',');
  },
};

