/** `encap TYPE ...` of a route or next hop: what packets are wrapped in. */
import type { ProgramType } from '../../bpf/call.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar, type Row, type ValueType } from '../grammar.ts';
import { integer, ip, u64, u8 } from '../values.ts';
import { programOf, programWords } from './bpf-program.ts';
import { finishIoam6, finishRpl, ila, ioam6, locator, rpl, tunnelRows, xfrm } from './route-encap-ioam.ts';
import { finishSeg6, finishSeg6local, seg6, seg6local } from './route-encap-seg6.ts';
import { didYouMean, type Words } from '../words.ts';

/** Labels separated by slashes; the last one on the wire ends the stack. */
export function mplsStack(given: string): Draft[] {
  const labels = given.split('/').map(Number);
  if (labels.some((label) => !Number.isInteger(label) || label < 0 || label > 0xfffff)) throw usage(`"${given}" is not a stack of MPLS labels`, '100/200');
  return labels.map((label, i) => ({ ttl: 0, bos: Number(i === labels.length - 1), trafficClass: 0, label }));
}

const tunnel: Grammar = { id: to('id', u64('ID')), dst: to('dst', ip), src: to('src', ip), tos: to('tos', u8()), ttl: to('ttl', u8()), ...tunnelRows };
const tunnel6: Grammar = { id: to('id', u64('ID')), dst: to('dst', ip), src: to('src', ip), tc: to('tc', u8()), hoplimit: to('hoplimit', u8()), ...tunnelRows };

/** A program for packets that come in, go out, or are sent. */
const program = (key: string, type: ProgramType): Row => act((encap, value, context) => { encap[key] = programOf(value, type, context); }, programWords);
/** LWT_BPF_MAX_HEADROOM. */
const mostHeadroom = 256;
const bpf: Grammar = { in: program('in', 'lwtIn'), out: program('out', 'lwtOut'), xmit: program('xmit', 'lwtXmit'), headroom: to('xmitHeadroom', integer('BYTES', 1, mostHeadroom)) };

function finishBpf(encap: Draft): Draft {
  if (!encap['in'] && !encap['out'] && !encap['xmit']) throw usage('which program?', 'encap bpf out object FILE section NAME');
  return encap;
}

interface Type {
  readonly options: Grammar;
  /** A word before the options, and the key it goes to. */
  readonly first?: readonly [key: string, read: (given: string) => unknown];
  readonly finish?: (encap: Draft) => Draft;
  /** The schema's word, where it is another. */
  readonly kind?: string;
}

const types: Readonly<Record<string, Type>> = {
  ip: { options: tunnel },
  ip6: { options: tunnel6 },
  mpls: { options: { ttl: to('ttl', integer('TTL', 0, 255)) }, first: ['dst', mplsStack] },
  seg6: { options: seg6, finish: finishSeg6 },
  seg6local: { options: seg6local, finish: finishSeg6local, kind: 'seg6Local' },
  rpl: { options: rpl, finish: finishRpl },
  ioam6: { options: ioam6, finish: finishIoam6 },
  xfrm: { options: xfrm },
  ila: { options: ila, first: ['locator', locator] },
  bpf: { options: bpf, finish: finishBpf },
};

export const encapsulation: ValueType = {
  name: 'TYPE OPTIONS',
  choices: Object.keys(types),
  grammars: Object.fromEntries(Object.entries(types).map(([name, { options }]) => [name, options])),
  read(words: Words, context: Context, after: string): Draft {
    const name = words.next(after);
    const type = types[name];
    if (!type) throw usage(`"${name}" is not a kind of encapsulation`, didYouMean(name, Object.keys(types)));
    const { options, first, finish = (encap) => encap, kind = name } = type;
    const encap: Draft = {};
    if (first) encap[first[0]] = first[1](words.next(name));
    // The options end where the route's own words go on.
    for (let key = words.peek(); key !== undefined && options[key]; key = words.peek()) {
      words.next();
      const row = options[key];
      const value = row?.type?.read(words, context, key);
      if (row?.path !== undefined) encap[row.path] = value;
      row?.apply?.(encap, value, context, words);
    }
    return { encapType: kind, encap: finish(encap) };
  },
};
