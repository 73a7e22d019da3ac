/** What a state does to packets: the algorithms of the kernel's crypto API, and which of them fit together. */
import type { Value } from '../codec/index.ts';
import type { xfrmAlgo } from '../families/xfrm/index.ts';
import { XfrmInputError, type Body, type Names, type XfrmProtocol } from './common.ts';

/** By its name in the kernel: 'cbc(aes)', 'hmac(sha256)' (/proc/crypto has those that are loaded). */
export interface XfrmAlgorithm { readonly name: string; readonly key: Uint8Array }
/** What encrypts and what signs. Of a state that was told, `auth` is in `authTrunc`, with the length that the kernel chose. */
export interface XfrmAlgorithms {
  /** Encryption and integrity in one: 'rfc4106(gcm(aes))', whose key ends with 4 bytes of salt. `icvBits`: bits of the integrity check value. */
  readonly aead?: XfrmAlgorithm & { readonly icvBits: number };
  readonly enc?: XfrmAlgorithm;
  /** As many bits of the digest are sent as the kernel thinks right: 96 of 'hmac(sha256)', where its standard says 128. */
  readonly auth?: XfrmAlgorithm;
  readonly authTrunc?: XfrmAlgorithm & { readonly truncBits: number };
  /** 'deflate' */
  readonly comp?: { readonly name: string };
}
type Key = keyof XfrmAlgorithms;

function keyed({ name, key }: XfrmAlgorithm, bits: object = {}): Body {
  // Said here, for what says it below would print the key.
  if (!(key instanceof Uint8Array)) throw new TypeError(`the key of '${name}' is bytes, a Uint8Array`);
  return { name, keyLen: 8 * key.length, ...bits, key };
}
/** Each as its attribute. */
export const algorithmBodies: { readonly [K in Key]: (value: NonNullable<XfrmAlgorithms[K]>) => Body } = {
  aead: (one) => ({ algAead: keyed(one, { icvLen: one.icvBits }) }), enc: (one) => ({ algCrypt: keyed(one) }), auth: (one) => ({ algAuth: keyed(one) }),
  authTrunc: (one) => ({ algAuthTrunc: keyed(one, { truncLen: one.truncBits }) }), comp: ({ name }) => ({ algComp: keyed({ name, key: new Uint8Array() }) }),
};

type Algo = Value<typeof xfrmAlgo>;
const told = ({ name, keyLen, key }: Algo): XfrmAlgorithm => ({ name, key: key.subarray(0, Math.ceil(keyLen / 8)) });
/** As `algorithmBodies` takes them. */
export function readAlgorithms({ algAead, algCrypt, algAuth, algAuthTrunc, algComp }: { algAead?: Algo & { icvLen: number }; algCrypt?: Algo; algAuth?: Algo; algAuthTrunc?: Algo & { truncLen: number }; algComp?: Algo }): XfrmAlgorithms {
  return {
    ...(algAead && { aead: { ...told(algAead), icvBits: algAead.icvLen } }), ...(algCrypt && { enc: told(algCrypt) }),
    ...(algAuthTrunc ? { authTrunc: { ...told(algAuthTrunc), truncBits: algAuthTrunc.truncLen } } : algAuth && { auth: told(algAuth) }), ...(algComp && { comp: { name: algComp.name } }),
  };
}

/** What does the same: authenticated encryption does both. */
const excluded: { readonly [K in Key]: readonly Key[] } = { enc: ['aead'], auth: ['authTrunc', 'aead'], authTrunc: ['auth', 'aead'], aead: ['enc', 'auth', 'authTrunc'], comp: [] };
/** What each protocol must have, one of them, and may have besides. */
const needs: Readonly<Record<string, { readonly one: readonly Key[]; readonly may: readonly Key[] }>> = {
  esp: { one: ['enc', 'aead'], may: ['auth', 'authTrunc'] },
  ah: { one: ['auth', 'authTrunc'], may: [] },
  comp: { one: ['comp'], may: [] },
};

/** @throws {XfrmInputError} for what no state of the protocol can do */
export function checkAlgorithms(state: XfrmAlgorithms, proto: XfrmProtocol, names: Names): void {
  const given = Object.keys(state).filter((key): key is Key => Object.hasOwn(excluded, key) && state[key as Key] !== undefined), need = needs[proto], { word } = names, called = word(proto);
  for (const key of given) {
    const other = excluded[key].find((one) => given.includes(one));
    if (other) throw new XfrmInputError('algorithm', `${word(key)} and ${word(other)} exclude each other`);
  }
  const stray = given.find((key) => !need?.one.includes(key) && !need?.may.includes(key));
  if (stray) throw new XfrmInputError('algorithm', `"${word(stray)}" is not for ${called}`, need && `it takes ${[...need.one, ...need.may].map(word).join(', ')}`);
  if (need && !need.one.some((key) => given.includes(key))) throw new XfrmInputError('algorithm', 'which algorithm?', `${called} needs ${need.one.map(word).join(' or ')}`);
}
