/** `ip xfrm policy`: which packets have to be transformed (net/xfrm/xfrm_user.c). */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import type { Body } from '../../kernel.ts';
import { printDefault, printPolicy, printSpdinfo } from '../../print/xfrm-policy.ts';
import { Printer, type Json } from '../../print/printer.ts';
import { choice, device, integer, u32, type Prefix } from '../../values.ts';
import type { Words } from '../../words.ts';
import { policyFlags } from '../../xfrm-words.ts';
import { XfrmUserpolicyInfo } from '../../../families/xfrm/index.ts';
import { selectorOf, selectorRows, selects, takeSelector } from './selector.ts';
import { block, checkId, context as securityContext, familyOf, flagList, flagRow, idRows, ipsec, limitRow, mark, mode, unlimited, type Ends, type Mark } from './values.ts';

const dir = to('dir', choice({ in: 'in', out: 'out', fwd: 'fwd' }));
const ptype = to('ptype', choice({ main: 'main', sub: 'sub' }));
const action = to('action', choice({ allow: 'allow', block: 'block' }));
const flag = flagRow('flags', flagList(policyFlags, XfrmUserpolicyInfo.fields.flags));
const index = to('index', u32('INDEX')), priority = to('priority', u32('PRIORITY')), ifId = to('ifId', u32('IF_ID'));

const templateRows: Grammar = { ...idRows, mode: to('mode', mode), reqid: to('reqid', u32('REQID')), level: to('optional', choice({ required: 0, use: 1 })) };
/** All algorithms will do. */
const anyAlgorithm = { aalgos: 0xffffffff, ealgos: 0xffffffff, calgos: 0xffffffff } as const;
/** XFRM_MAX_DEPTH is 6; iproute2 has room for 16 and lets the kernel refuse. */
const template = act((draft, value) => { draft['tmpl'] = [...((draft['tmpl'] ?? []) as Draft[]), value]; }, {
  name: 'TMPL', grammars: { tmpl: templateRows },
  read: (words, context, after) => block(templateRows, words, context, after),
}, { repeat: true });

/** struct xfrm_user_tmpl. @param family The policy's, where no address tells */
function templateOf(given: Draft, family: string): Draft {
  const { src, dst, proto, spi, mode, reqid, optional } = given as { src?: Prefix; dst?: Prefix; proto?: unknown; spi?: number } & Draft;
  checkId({ proto, ...(spi !== undefined && { spi }) });
  return {
    id: { ...(dst && { daddr: dst.address }), ...(spi !== undefined && { spi }), proto }, family: familyOf({ src, dst } as Ends) ?? family, ...(src && { saddr: src.address }), reqid, mode, optional, ...anyAlgorithm,
  };
}

/** All of the work is the device's. */
const offload: ValueType = {
  name: '[ packet ] dev DEV', choices: ['packet', 'dev'],
  read(words, context, after) {
    words.take('packet');
    if (!words.take('dev')) throw usage(`"${after}" needs a device`, `${after} packet dev eth0`);
    return { ifindex: device.read(words, context, 'dev'), flags: ['packet'] };
  },
};

const options: Grammar = {
  ...selectorRows, dir, ctx: securityContext, mark, index, ptype, action, priority, flag, if_id: ifId, limit: limitRow, tmpl: template, offload: to('offloadDev', offload),
};

const needsDir = (draft: Draft): void => { if (draft['dir'] === undefined) throw usage('which direction?', 'dir in, out or fwd'); };
const typeOf = (ptype: unknown): Draft => (ptype === undefined ? {} : { policyType: { type: ptype } });

function modify(context: Context, message: 'newpolicy' | 'updpolicy', draft: Draft): void {
  needsDir(draft);
  const sel = selectorOf(takeSelector(draft) ?? {}, context.options.family ?? 'inet'), { lft, priority, index, dir, action, flags, ptype, tmpl, mark, secCtx, ifId, offloadDev } = draft;
  ipsec(context).change(message, {
    sel, lft: lft ?? unlimited, priority, index, dir, action, flags, ...typeOf(ptype),
    ...(tmpl !== undefined && { tmpl: (tmpl as Draft[]).map((one) => templateOf(one, sel['family'] as string)) }), ...((mark as Mark | undefined)?.m && { mark }), secCtx, ifId, offloadDev,
  });
}

const oneOptions = only(options, [...Object.keys(selectorRows), 'dir', 'ctx', 'mark', 'index', 'ptype', 'if_id']);
function reference(context: Context, draft: Draft): Draft {
  needsDir(draft);
  const given = takeSelector(draft), { dir, index, ptype, mark, secCtx, ifId } = draft;
  if (!given && index === undefined) throw usage('which policy?', 'its selector, as src 10.1.0.0/16 dst 10.2.0.0/16, or index INDEX');
  if (given && index !== undefined) throw usage('a policy has a selector or an index here, not both');
  const marked = mark !== undefined && ((mark as Mark).v & (mark as Mark).m) !== 0;
  return { sel: selectorOf(given ?? {}, context.options.family ?? 'inet'), index, dir, ...typeOf(ptype), ifId, ...(marked && { mark }), secCtx };
}

const filterOptions: Grammar = { nosock: { path: 'nosock', is: true }, ...only(options, [...Object.keys(selectorRows), 'dir', 'index', 'ptype', 'action', 'priority', 'flag']) };
/** Directions of the policies of sockets begin here: XFRM_POLICY_MAX. */
const SOCKET = 3;

/** The policies that the rest of the line asks for. The kernel tells all. */
function* listed(context: Context, words: Words): Generator<Body> {
  const filter = parse(filterOptions, words, {}, context), given = takeSelector(filter) ?? {}, { dir, index, ptype, action, priority, flags, nosock } = filter;
  const family = familyOf(given) ?? context.options.family;
  const wanted = (policy: Json): boolean => {
    const sel = policy['sel'] as Json, own = policy['dir'];
    if (family !== undefined && sel['family'] !== family || !selects(given, sel)) return false;
    if (nosock && typeof own === 'number' && own >= SOCKET) return false;
    const type = (policy['policyType'] as Json | undefined)?.['type'] ?? 'main';
    if ([[dir, own], [index, policy['index']], [ptype, type], [action, policy['action']], [priority, policy['priority']]].some(([one, is]) => one !== undefined && one !== is)) return false;
    return flags === undefined || (policy['flags'] as (string | number)[]).some((flag) => (flags as (string | number)[]).includes(flag));
  };
  for (const policy of ipsec(context).dump('getpolicy', {})) if (wanted(policy)) yield policy;
}

/** `hthresh4 LBITS RBITS`: how long prefixes must be to be hashed. */
function threshold(bits: number, path: string): Row {
  const lbits = integer('LBITS', 0, bits), rbits = integer('RBITS', 0, bits);
  return to(path, { name: 'LBITS RBITS', read: (words, context, after) => ({ lbits: lbits.read(words, context, after), rbits: rbits.read(words, context, after) }) });
}
const thresholds: Grammar = { hthresh4: threshold(32, 'ipv4Hthresh'), hthresh6: threshold(128, 'ipv6Hthresh') };
const byDefault = choice({ block: 'block', accept: 'accept' });
const defaults: Grammar = { in: to('in', byDefault), fwd: to('fwd', byDefault), out: to('out', byDefault) };

function shown(context: Context, body: Body | undefined, print: (printer: Printer, body: Body) => void): void {
  if (!body) return;
  const printer = new Printer(context);
  print(printer, body);
  printer.finish();
}

export const policy: Command = {
  summary: 'which packets have to be transformed, and by which states',
  examples: ['ip xfrm policy', 'ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 7 mode tunnel', 'ip xfrm policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out'],
  otherwise: 'list',
  commands: {
    add: { summary: 'make a policy', options, unlogged: true, run: (context, words) => modify(context, 'newpolicy', parse(options, words, {}, context)) },
    update: { summary: 'make a policy, or change it', options, unlogged: true, run: (context, words) => modify(context, 'updpolicy', parse(options, words, {}, context)) },
    delete: { summary: 'delete a policy', options: oneOptions, unlogged: true, run: (context, words) => ipsec(context).change('delpolicy', reference(context, parse(oneOptions, words, {}, context))) },
    'deleteall|delall': {
      summary: 'delete all policies, or those that match', options: filterOptions, unlogged: true,
      run(context, words) {
        for (const { sel, index, dir, policyType, mark, ifId } of listed(context, words)) ipsec(context).change('delpolicy', { sel, index, dir, policyType, mark, ifId });
      },
    },
    'list|show|lst': {
      summary: 'print policies', options: filterOptions,
      run(context, words) {
        const printer = new Printer(context);
        for (const one of listed(context, words)) {
          printPolicy(printer, 'newpolicy', one);
          printer.spill();
        }
        printer.finish();
      },
    },
    get: { summary: 'print one policy', options: oneOptions, run: (context, words) => shown(context, ipsec(context).get('getpolicy', reference(context, parse(oneOptions, words, {}, context))), (printer, body) => printPolicy(printer, 'newpolicy', body)) },
    flush: { summary: 'delete all policies, or those of a type', options: { ptype }, unlogged: true, run: (context, words) => ipsec(context).change('flushpolicy', typeOf(parse({ ptype }, words, {}, context)['ptype'])) },
    count: {
      summary: 'how many policies there are',
      run(context, words) {
        parse({}, words, {}, context);
        shown(context, ipsec(context).get('getspdinfo', { flags: 0xffffffff }), printSpdinfo);
      },
    },
    set: { summary: 'which policies are hashed', options: thresholds, unlogged: true, run: (context, words) => ipsec(context).change('newspdinfo', { flags: 0xffffffff, ...parse(thresholds, words, {}, context) }) },
    setdefault: { summary: 'what becomes of packets that no policy is for', options: defaults, unlogged: true, run: (context, words) => ipsec(context).change('setdefault', parse(defaults, words, {}, context)) },
    getdefault: {
      summary: 'what becomes of packets that no policy is for',
      run(context, words) {
        parse({}, words, {}, context);
        shown(context, ipsec(context).get('getdefault', {}), printDefault);
      },
    },
  },
};
