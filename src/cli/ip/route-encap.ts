/** `encap TYPE ...` of a route or next hop: what packets are wrapped in. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { to, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { integer, ip, u64, u8 } from '../values.ts';
import { finishSeg6, finishSeg6local, seg6, seg6local } from './route-encap-seg6.ts';
import { didYouMean, type Words } from '../words.ts';

/** Labels separated by slashes; the last one on the wire ends the stack. */
export function mplsStack(given: string): Draft[] {
  const labels = given.split('/').map(Number);
  if (labels.some((label) => !Number.isInteger(label) || label < 0 || label > 0xfffff)) throw usage(`"${given}" is not a stack of MPLS labels`, '100/200');
  return labels.map((label, i) => ({ ttl: 0, bos: Number(i === labels.length - 1), trafficClass: 0, label }));
}

const tunnel: Grammar = { id: to('id', u64('ID')), dst: to('dst', ip), src: to('src', ip), tos: to('tos', u8()), ttl: to('ttl', u8()) };
const tunnel6: Grammar = { id: to('id', u64('ID')), dst: to('dst', ip), src: to('src', ip), tc: to('tc', u8()), hoplimit: to('hoplimit', u8()) };

/** Types that words can say, with the options of each; `mpls` has labels first. */
const types: Readonly<Record<string, Grammar>> = { seg6, seg6local, ip: tunnel, ip6: tunnel6, mpls: { ttl: to('ttl', integer('TTL', 0, 255)) } };

export const encapsulation: ValueType = {
  name: 'TYPE OPTIONS',
  choices: Object.keys(types),
  read(words: Words, context: Context, after: string): Draft {
    const type = words.next(after);
    const options = types[type];
    if (!options) throw usage(`"${type}" is not a kind of encapsulation`, didYouMean(type, Object.keys(types)));
    const encap: Draft = {};
    if (type === 'mpls') encap['dst'] = mplsStack(words.next(type));
    // The options end where the route's own words go on.
    for (let key = words.peek(); key !== undefined && options[key]; key = words.peek()) {
      words.next();
      const row = options[key];
      const value = row?.type?.read(words, context, key);
      if (row?.path !== undefined) encap[row.path] = value;
      row?.apply?.(encap, value, context, words);
    }
    return { encapType: type === 'seg6local' ? 'seg6Local' : type, encap: type === 'seg6' ? finishSeg6(encap) : type === 'seg6local' ? finishSeg6local(encap) : encap };
  },
};
