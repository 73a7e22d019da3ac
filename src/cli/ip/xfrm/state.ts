/** `ip xfrm state`: what packets are transformed by (net/xfrm/xfrm_user.c). */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import type { Body } from '../../kernel.ts';
import { HOST_LITTLE_ENDIAN } from '../../../codec/index.ts';
import { printSadinfo, printState } from '../../print/xfrm-state.ts';
import { Printer, type Json } from '../../print/printer.ts';
import { choice, device, integer, ip, u16, u32 } from '../../values.ts';
import { encapTypes, extraFlags, protocols, stateFlags, wordFor } from '../../xfrm-words.ts';
import { XfrmAttrs, XfrmUsersaInfo } from '../../../families/xfrm/index.ts';
import { inPrefix } from '../prefix.ts';
import { algorithmRows, checkAlgorithms } from './algorithms.ts';
import { selector } from './selector.ts';
import {
  checkId, context as securityContext, familyOf, flagList, flagRow, idRows, ipsec, limitRow, mark, masked, mode, prefix, protocol, unlimited, type Ends, type Mark,
} from './values.ts';

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

/** XFRMA_REPLAY_ESN_MAX. */
const MOST_WINDOW = 4096;
const options: Grammar = {
  ...idRows, ...algorithmRows, mode: to('mode', mode), mark, reqid: to('reqid', u32('REQID')), seq: to('seq', sequence),
  'replay-window': to('replayWindow', integer('SIZE', 0, MOST_WINDOW)), 'replay-seq': to('replaySeq', u32('SEQ')), 'replay-oseq': to('replayOseq', u32('SEQ')), 'replay-seq-hi': to('replaySeqHi', u32('SEQ')), 'replay-oseq-hi': to('replayOseqHi', u32('SEQ')),
  flag: stateFlag, 'extra-flag': flagRow('saExtraFlags', flagList(extraFlags, XfrmAttrs.shape.saExtraFlags[1])), sel: selector, limit: limitRow,
  encap: to('encap', encapsulation), coa: act((draft, value) => { draft['coaddr'] = (value as { address: string }).address; }, prefix), ctx: securityContext,
  offload: to('offloadDev', offload), 'output-mark': to('outputMark', masked('OUTPUT-MARK', 0)), if_id: to('ifId', u32('IF_ID')), tfcpad: to('tfcpad', u32('LENGTH')),
  dir: to('saDir', directions), 'pcpu-num': to('saPcpu', u32('CPUNUM')),
};

const wordOf = (proto: unknown): string => wordFor(protocols, proto);
/** The modes of a protocol. */
function checkMode(proto: unknown, given: unknown, coa: unknown): void {
  const mobile = proto === 'routing' || proto === 'dstopts', mode = given ?? 'transport';
  const fits = mobile ? ['routeoptimization', 'inTrigger'] : ['transport', 'tunnel', ...(proto === 'esp' ? ['beet', 'iptfs'] : [])];
  if (proto !== 0xff && !fits.includes(mode as string)) throw usage(given === undefined ? `${wordOf(proto)} needs a mode` : `${wordOf(proto)} has no such mode`, mobile ? 'mode ro or in_trigger' : undefined);
  if (mobile && coa === undefined) throw usage(`${wordOf(proto)} needs a care-of address`, 'coa ADDR');
  if (!mobile && coa !== undefined) throw usage(`${wordOf(proto)} has no care-of address`);
}

/** Which packets came already: in 32 bits, or in more than 32 of them, or with numbers of 64 bits. */
function replay(draft: Draft): Draft {
  const { replayWindow = 0, replaySeq: seq = 0, replayOseq: oseq = 0, replaySeqHi: seqHi = 0, replayOseqHi: oseqHi = 0 } = draft as Record<string, number>;
  const esn = (draft['flags'] as unknown[] | undefined)?.includes('esn') ?? false;
  if (esn && replayWindow === 0) throw usage('esn needs a replay window', 'replay-window 64 flag esn');
  if (esn || replayWindow > 32) return { replayEsnVal: { bmpLen: Math.ceil(replayWindow / 32), oseq, seq, oseqHi, seqHi, replayWindow, bmp: [] } };
  return { replayWindow, ...((seq !== 0 || oseq !== 0) && { replayVal: { oseq, seq } }) };
}

interface Id extends Ends { readonly proto?: unknown; readonly spi?: number }
function idOf({ src, dst, proto, spi }: Id): Draft {
  return { ...(src && { saddr: src.address }), id: { ...(dst && { daddr: dst.address }), ...(spi !== undefined && { spi }), ...(proto !== undefined && { proto }) } };
}
const familyWith = (draft: Ends, context: Context): string => familyOf(draft) ?? context.options.family ?? 'inet';

function modify(context: Context, message: 'newsa' | 'updsa', draft: Draft): void {
  const {
    src, dst, proto, spi, mode, reqid, seq, flags, sel, lft, offloadDev, mark, outputMark, ifId, tfcpad, saDir, saPcpu, saExtraFlags,
    replayWindow: _window, replaySeq: _seq, replayOseq: _oseq, replaySeqHi: _seqHi, replayOseqHi: _oseqHi, ...attributes
  } = draft;
  const id = { src, dst, proto, spi } as Id;
  checkId(id);
  checkMode(proto, mode, attributes['coaddr']);
  checkAlgorithms(attributes, proto, wordOf(proto));
  const { m = 0 } = (mark ?? {}) as Partial<Mark>, out = outputMark as Mark | undefined, { replayWindow, ...numbers } = replay(draft);
  ipsec(context).change(message, {
    sel, ...idOf(id), lft: lft ?? unlimited, seq, reqid, family: familyWith(id, context), mode, replayWindow, flags,
    ...attributes, offloadDev, ...numbers, saExtraFlags, ...(m !== 0 && { mark }), ifId, ...(tfcpad !== 0 && { tfcpad }),
    ...(out && out.v !== 0 && { setMark: out.v }), ...(out && out.m !== 0 && { setMarkMask: out.m }), saDir, saPcpu,
  });
}

const allocOptions: Grammar = { ...only(options, ['src', 'dst', 'proto', 'mode', 'mark', 'reqid', 'seq', 'dir', 'pcpu-num']), min: to('min', u32('SPI')), max: to('max', u32('SPI')) };
/** Bounds of the PF_KEY of old; IPComp's have 16 bits. */
const LEAST_SPI = 0x100, MOST_SPI = 0x0fffffff;
function allocate(context: Context, draft: Draft): void {
  const { src, dst, proto, mode, reqid, seq, mark, saDir, saPcpu } = draft, id = { src, dst, proto } as Id;
  checkId(id);
  const { min = LEAST_SPI, max = proto === 'comp' ? 0xffff : MOST_SPI } = draft as { min?: number; max?: number };
  if ((draft['min'] === undefined) !== (draft['max'] === undefined)) throw usage('an SPI has two bounds, or none', 'min 0x100 max 0x1ff');
  if (min > max) throw usage(`there is nothing from ${min} to ${max}`);
  show(context, ipsec(context).get('allocspi', { info: { ...idOf(id), mode, reqid, seq, family: familyWith(id, context) }, min, max, ...markOf(mark), saDir, saPcpu }));
}
/** A mark that is to be found; iproute2 leaves one of no bits out. */
const markOf = (mark: unknown): Draft => (mark && ((mark as Mark).v & (mark as Mark).m) !== 0 ? { mark } : {});

const oneOptions = only(options, ['src', 'dst', 'proto', 'spi', 'mark']);
function reference(context: Context, draft: Draft): Draft {
  const { src, dst, proto, spi, mark } = draft, id = { src, dst, proto, spi } as Id;
  checkId(id);
  const family = familyWith(id, context);
  return { daddr: id.dst?.address, spi: id.spi, family, proto, srcaddr: id.src?.address ?? (family === 'inet' ? '0.0.0.0' : '::'), ...markOf(mark) };
}

function show(context: Context, state: Body | undefined): void {
  if (!state) return;
  const printer = new Printer(context);
  printState(printer, 'newsa', state);
  printer.finish();
}

interface Filter extends Id { readonly mode?: string; readonly reqid?: number; readonly flags?: readonly (string | number)[]; readonly nokeys?: boolean }
function wanted(filter: Filter, family: string | undefined, state: Json): boolean {
  const { src, dst, proto, spi, mode, reqid, flags } = filter, id = state['id'] as Json;
  if (family !== undefined && state['family'] !== family) return false;
  if (src && src.length > 0 && !inPrefix(String(state['saddr']), src)) return false;
  if (dst && dst.length > 0 && !inPrefix(String(id['daddr']), dst)) return false;
  if ([[proto, id['proto']], [spi, id['spi']], [mode, state['mode']], [reqid, state['reqid']]].some(([one, is]) => one !== undefined && one !== is)) return false;
  return flags === undefined || (state['flags'] as (string | number)[]).some((flag) => flags.includes(flag));
}
const listOptions: Grammar = { nokeys: { path: 'nokeys', is: true }, ...only(options, ['src', 'dst', 'proto', 'spi', 'mode', 'reqid', 'flag']) };
const deleteallOptions = only(listOptions, ['src', 'dst', 'proto', 'spi', 'mode', 'reqid', 'flag']);

/** The kernel is told what it can select by. */
function* listed(context: Context, filter: Filter): Generator<Body> {
  checkId(filter, false);
  const { src, dst, proto } = filter, family = familyOf(filter) ?? context.options.family;
  const ask = { ...(proto !== undefined && { protocol: proto }), addressFilter: { saddr: src?.address, daddr: dst?.address, family: family ?? 'unspec', splen: src?.length ?? 0, dplen: dst?.length ?? 0 } };
  for (const state of ipsec(context).dump('getsa', ask)) if (wanted(filter, family, state)) yield state;
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
