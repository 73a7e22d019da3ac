/** `ct`: connection tracking and address translation, in words. */
import { parseIpv6 } from '../../codec/index.ts';
import type { OvsCt, OvsNat } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import type { ActionBody } from './actions.ts';
import { assignments, given, hex, ip4, ip6, numberOf, readPair, wide, type Scalar } from './text.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };
const label = wide(16, true), mark = hex(32), labels = { mark: ['mark', mark], label: ['labels', label] } as unknown as Readonly<Record<string, readonly ['mark' | 'labels', Scalar]>>;
const texts = ['helper', 'timeout'] as const, natFlags = { persistent: 'persistent', hash: 'protoHash', random: 'protoRandom' } as const;

const scratch = new Uint8Array(16);
const address = (text: string): string => {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  return (parseIpv6(plain, scratch, 0) ? ip6 : ip4).read(plain);
};
/** `10.0.0.1-10.0.0.9:80-90`, `[fd00::1]-[fd00::9]:80` */
function readRange(text: string, into: Draft<OvsNat>): void {
  // Without brackets, an address of IPv6 has no ports behind it.
  const [, addresses = text, ports] = /^((?:\[[^\]]*\]|[^:[\]]*)(?:-(?:\[[^\]]*\]|[^:[\]]*))?)(?::([\d-]+))?$/.exec(text) ?? [];
  const [low, high, more] = addresses.split('-'), [from, to] = ports?.split('-') ?? [];
  if (more !== undefined) throw usage(`"${text}" is not a range of addresses`);
  if (low) into.ipMin = address(low);
  if (high) into.ipMax = address(high);
  if (from) into.protoMin = Number(numberOf(from, 0xffff));
  if (to) into.protoMax = Number(numberOf(to, 0xffff));
}
function readNat(inside: string | undefined): OvsNat {
  const out: Draft<OvsNat> = {};
  assignments(inside ?? '', 'nat', ['src', 'dst', ...Object.keys(natFlags)], (word, text) => {
    if (word !== 'src' && word !== 'dst') out[natFlags[word as keyof typeof natFlags]] = true;
    else {
      if (out.src ?? out.dst) throw usage('nat changes either src or dst');
      out[word] = true;
      if (text !== undefined) readRange(text, out);
    }
  });
  if (!(out.src ?? out.dst) && Object.keys(out).length > 0) throw usage('nat: which address is to be changed?', 'nat(src=10.0.0.1,random)');
  return out;
}
function showNat(nat: OvsNat): string {
  const { ipMin, ipMax, protoMin, protoMax } = nat, one = (text: string): string => (text.includes(':') && protoMin ? `[${text}]` : text);
  const range = `${ipMin === undefined ? '' : one(ipMin)}${ipMax === undefined || ipMax === ipMin ? '' : `-${one(ipMax)}`}${protoMin ? `:${protoMin}${protoMax && protoMax !== protoMin ? `-${protoMax}` : ''}` : ''}`;
  const parts = [...(nat.src ?? nat.dst ? [`${nat.src ? 'src' : 'dst'}${range && `=${range}`}`] : []), ...Object.entries(natFlags).flatMap(([word, key]) => (nat[key] ? [word] : []))];
  return parts.length > 0 ? `nat(${parts.join(',')})` : 'nat';
}

export const ct: ActionBody = {
  read(inside, where) {
    const out: Draft<OvsCt> = {};
    assignments(inside ?? '', where, ['commit', 'force_commit', 'zone', ...Object.keys(labels), ...texts, 'nat'], (word, text) => {
      if (word === 'commit') out.commit = true;
      else if (word === 'force_commit') out.forceCommit = true;
      else if (word === 'zone') out.zone = Number(numberOf(given(text, word), 0xffff));
      else if (word === 'nat') out.nat = readNat(text);
      else if (Object.hasOwn(labels, word)) {
        const [key, scalar] = labels[word] as readonly ['mark' | 'labels', Scalar];
        out[key] = readPair(scalar, text as string, word) as never;
      } else out[word as 'helper' | 'timeout'] = given(text, word);
    });
    if (out.commit && out.forceCommit) throw usage('either commit or force_commit');
    return out;
  },
  show(action: OvsCt) {
    const parts = [
      ...(action.commit ? ['commit'] : []), ...(action.forceCommit ? ['force_commit'] : []), ...(action.zone ? [`zone=${action.zone}`] : []),
      // Which bits are set is always told.
      ...Object.entries(labels).flatMap(([word, [key, scalar]]) => (action[key] ? [`${word}=${scalar.show(action[key].value)}/${scalar.show(action[key].mask)}`] : [])),
      ...texts.flatMap((word) => (action[word] === undefined ? [] : [`${word}=${action[word]}`])), ...(action.nat ? [showNat(action.nat)] : []),
    ];
    return parts.length > 0 ? parts.join(',') : undefined;
  },
};
