/** `ip xfrm state`: what packets are transformed by (net/xfrm/xfrm_user.c). */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import type { Body } from '../../kernel.ts';
import { HOST_LITTLE_ENDIAN } from '../../../codec/index.ts';
import { printSadinfo, printState } from '../../print/xfrm-state.ts';
import { Printer } from '../../print/printer.ts';
import { choice, device, integer, ip, u16, u32 } from '../../values.ts';
import { encapTypes, extraFlags, stateFlags } from '../../xfrm-words.ts';
import { XfrmAttrs, XfrmUsersaInfo } from '../../../families/xfrm/index.ts';
import type { Family, XfrmMark, XfrmProtocol, XfrmReplay, XfrmSpiInput, XfrmStateFilter, XfrmStateInput } from '../../../xfrm/index.ts';
import { allocateBody, stateBody, stateQuery, stateRefBody } from '../../../xfrm/state.ts';
import { algorithmRows } from './algorithms.ts';
import { anyPorts, selector } from './selector.ts';
import { addresses, checked, context as securityContext, flagList, flagRow, idRows, ipsec, limitRow, mark, masked, mode, names, prefix, prefixes, protocol, type Ends } from './values.ts';

/** A number that the kernel keeps in network order, though its field is in the host's. */
const sequence: ValueType = {
  name: 'SEQ',
  read(words, context, after) {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, u32('SEQ').read(words, context, after) as number, false);
    return view.getUint32(0, HOST_LITTLE_ENDIAN);
  },
};

const stateFlag = flagRow('flags', flagList(stateFlags, XfrmUsersaInfo.fields.flags));

const encapType = choice(encapTypes);
const encapsulation: ValueType = {
  name: 'ENCAP SPORT DPORT OADDR', choices: Object.keys(encapTypes),
  read(words, context, after) {
    const type = encapType.read(words, context, after), sport = u16('SPORT').read(words, context, after), dport = u16('DPORT').read(words, context, after);
    return { type, sport, dport, oa: ip.read(words, context, after) };
  },
};

const directions = choice({ in: 'in', out: 'out' });
const offload: ValueType = {
  name: '[ crypto | packet ] [ dev DEV ] dir { in | out }', choices: ['crypto', 'packet', 'dev', 'dir'],
  read(words, context, after) {
    const whole = words.take('packet');
    if (!whole) words.take('crypto');
    const ifindex = words.take('dev') ? device.read(words, context, 'dev') : 0;
    if (!words.take('dir')) throw usage(`"${after}" needs a direction`, `${after} dev eth0 dir in`);
    return { ifindex, flags: [...(directions.read(words, context, 'dir') === 'in' ? ['inbound'] : []), ...(whole ? ['packet'] : [])] };
  },
};

/** XFRMA_REPLAY_ESN_MAX; and what struct xfrm_replay_state has room for. */
const MOST_WINDOW = 4096, WORD = 32;
const options: Grammar = {
  ...idRows, ...algorithmRows, mode: to('mode', mode), mark, reqid: to('reqid', u32('REQID')), seq: to('seq', sequence),
  'replay-window': to('replayWindow', integer('SIZE', 0, MOST_WINDOW)), 'replay-seq': to('replaySeq', u32('SEQ')), 'replay-oseq': to('replayOseq', u32('SEQ')), 'replay-seq-hi': to('replaySeqHi', u32('SEQ')), 'replay-oseq-hi': to('replayOseqHi', u32('SEQ')),
  flag: stateFlag, 'extra-flag': flagRow('extraFlags', flagList(extraFlags, XfrmAttrs.shape.saExtraFlags[1])), sel: selector, limit: limitRow,
  encap: to('encap', encapsulation), coa: act((draft, value) => { draft['coaddr'] = (value as { address: string }).address; }, prefix), ctx: securityContext,
  offload: to('offload', offload), 'output-mark': to('outputMark', masked('OUTPUT-MARK', 0)), if_id: to('ifId', u32('IF_ID')), tfcpad: to('tfcpad', u32('LENGTH')),
  dir: to('dir', directions), 'pcpu-num': to('pcpu', u32('CPUNUM')),
};

interface Id extends Ends { readonly proto?: XfrmProtocol; readonly spi?: number; readonly mark?: XfrmMark }
/** Where no address tells it, a state is of the family that -4 or -6 says. */
const family = (context: Context): Family => (context.options.family ?? 'inet') as Family;

/** Sequence numbers as far as they are given; upper halves where numbers have 64 bits, or the window is large. */
function replayOf(draft: Draft): XfrmReplay | undefined {
  const { replayWindow = 0, replaySeq: seq = 0, replayOseq: oseq = 0, replaySeqHi: seqHi = 0, replayOseqHi: oseqHi = 0 } = draft as Record<string, number>;
  if ((draft['flags'] as unknown[] | undefined)?.includes('esn') || replayWindow > WORD) return { seq, oseq, seqHi, oseqHi };
  return seq !== 0 || oseq !== 0 ? { seq, oseq } : undefined;
}

function modify(context: Context, message: 'newsa' | 'updsa', draft: Draft): void {
  const { src: _src, dst: _dst, replaySeq: _seq, replayOseq: _oseq, replaySeqHi: _seqHi, replayOseqHi: _oseqHi, mark, outputMark, tfcpad, ...given } = draft, out = outputMark as Required<XfrmMark> | undefined, replay = replayOf(draft);
  // What says nothing is left out, as iproute2 does it.
  const state = {
    ...given, ...addresses(draft as Ends), family: family(context), ...(replay && { replay }), ...((mark as Required<XfrmMark> | undefined)?.mask && { mark }), ...(tfcpad !== 0 && { tfcpad }),
    ...(out && (out.value !== 0 || out.mask !== 0) && { outputMark: { value: out.value, ...(out.mask !== 0 && { mask: out.mask }) } }),
  } as XfrmStateInput;
  const body = checked(() => stateBody(state, names));
  if (out?.value === 0) delete body['setMark'];
  if (state.sel) anyPorts(body['sel'], state.sel);
  ipsec(context).change(message, body);
}

const allocOptions: Grammar = { ...only(options, ['src', 'dst', 'proto', 'mode', 'mark', 'reqid', 'seq', 'dir', 'pcpu-num']), min: to('min', u32('SPI')), max: to('max', u32('SPI')) };
function allocate(context: Context, draft: Draft): void {
  const { src: _src, dst: _dst, ...given } = draft;
  show(context, ipsec(context).get('allocspi', checked(() => allocateBody({ ...given, ...addresses(draft as Ends), family: family(context) } as XfrmSpiInput, names))));
}

const oneOptions = only(options, ['src', 'dst', 'proto', 'spi', 'mark']);
function reference(context: Context, draft: Draft): Body {
  const { proto, spi, mark } = draft as Id;
  return checked(() => stateRefBody({ ...addresses(draft as Ends), proto, spi, mark, family: family(context) }, names));
}

function show(context: Context, state: Body | undefined): void {
  if (!state) return;
  const printer = new Printer(context);
  printState(printer, 'newsa', state);
  printer.finish();
}

interface Filter extends Omit<XfrmStateFilter, 'src' | 'dst'>, Ends { readonly nokeys?: boolean }
const listOptions: Grammar = { nokeys: { path: 'nokeys', is: true }, ...only(options, ['src', 'dst', 'proto', 'spi', 'mode', 'reqid', 'flag']) };
const deleteallOptions = only(listOptions, ['src', 'dst', 'proto', 'spi', 'mode', 'reqid', 'flag']);

/** The kernel is told what it can select by. */
function* listed(context: Context, { src, dst, nokeys: _nokeys, ...filter }: Filter): Generator<Body> {
  const { body, keep } = checked(() => stateQuery({ ...filter, ...prefixes({ ...(src && { src }), ...(dst && { dst }) }), family: context.options.family as Family | undefined }, names));
  for (const state of ipsec(context).dump('getsa', body)) if (keep(state as unknown as Parameters<typeof keep>[0])) yield state;
}

export const state: Command = {
  summary: 'what packets are transformed by: keys, algorithms, addresses',
  examples: ['ip xfrm state list nokeys', "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x100 mode tunnel aead 'rfc4106(gcm(aes))' 0x0123456789abcdef0123456789abcdef01234567 128", 'ip xfrm state delete dst 192.0.2.2 proto esp spi 0x100'],
  otherwise: 'list',
  commands: {
    add: { summary: 'make a state', options, unlogged: true, run: (context, words) => modify(context, 'newsa', parse(options, words, {}, context)) },
    update: { summary: 'change a state', options, unlogged: true, run: (context, words) => modify(context, 'updsa', parse(options, words, {}, context)) },
    allocspi: { summary: 'take an SPI for a state to come', options: allocOptions, unlogged: true, run: (context, words) => allocate(context, parse(allocOptions, words, {}, context)) },
    delete: { summary: 'delete a state', options: oneOptions, unlogged: true, run: (context, words) => ipsec(context).change('delsa', reference(context, parse(oneOptions, words, {}, context))) },
    'deleteall|delall': {
      summary: 'delete all states, or those that match', options: deleteallOptions, unlogged: true,
      run(context, words) {
        const filter = parse(deleteallOptions, words, {}, context) as Filter;
        for (const { id, family, saddr, mark } of listed(context, filter)) ipsec(context).change('delsa', { ...(id as Body), family, srcaddr: saddr, mark });
      },
    },
    'list|show|lst': {
      summary: 'print states', options: listOptions,
      run(context, words) {
        const filter = parse(listOptions, words, {}, context) as Filter, printer = new Printer(context);
        for (const state of listed(context, filter)) {
          printState(printer, 'newsa', state, filter.nokeys);
          printer.spill();
        }
        printer.finish();
      },
    },
    get: { summary: 'print one state', options: oneOptions, run: (context, words) => show(context, ipsec(context).get('getsa', reference(context, parse(oneOptions, words, {}, context)))) },
    flush: {
      summary: 'delete all states, or those of a protocol', options: { proto: to('proto', protocol) }, unlogged: true,
      run: (context, words) => ipsec(context).change('flushsa', parse({ proto: to('proto', protocol) }, words, {}, context)),
    },
    count: {
      summary: 'how many states there are',
      run(context, words) {
        parse({}, words, {}, context);
        const info = ipsec(context).get('getsadinfo', { flags: 0xffffffff });
        if (!info) return;
        const printer = new Printer(context);
        printSadinfo(printer, info);
        printer.finish();
      },
    },
  },
};
