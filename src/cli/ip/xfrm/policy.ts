/** `ip xfrm policy`: which packets have to be transformed (net/xfrm/xfrm_user.c). */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import type { Body } from '../../kernel.ts';
import { printDefault, printPolicy, printSpdinfo } from '../../print/xfrm-policy.ts';
import { Printer } from '../../print/printer.ts';
import { choice, device, integer, u32 } from '../../values.ts';
import type { Words } from '../../words.ts';
import { policyFlags } from '../../xfrm-words.ts';
import { XfrmUserpolicyInfo } from '../../../families/xfrm/index.ts';
import type { Family, TrafficSelector, XfrmMark, XfrmPolicyFilter, XfrmPolicyInput, XfrmPolicyRef } from '../../../xfrm/index.ts';
import { policyBody, policyMatches, policyRefBody } from '../../../xfrm/policy.ts';
import { anyPorts, selectorRows, takeSelector, trafficOf } from './selector.ts';
import { addresses, block, checked, context as securityContext, flagList, flagRow, idRows, ipsec, limitRow, mark, mode, names, type Ends } from './values.ts';

const dir = to('dir', choice({ in: 'in', out: 'out', fwd: 'fwd' }));
const ptype = to('ptype', choice({ main: 'main', sub: 'sub' }));
const action = to('action', choice({ allow: 'allow', block: 'block' }));
const flag = flagRow('flags', flagList(policyFlags, XfrmUserpolicyInfo.fields.flags));
const index = to('index', u32('INDEX')), priority = to('priority', u32('PRIORITY')), ifId = to('ifId', u32('IF_ID'));

const templateRows: Grammar = { ...idRows, mode: to('mode', mode), reqid: to('reqid', u32('REQID')), level: to('optional', choice({ required: false, use: true })) };
/** XFRM_MAX_DEPTH is 6; iproute2 has room for 16 and lets the kernel refuse. */
const template = act((draft, value) => { draft['templates'] = [...((draft['templates'] ?? []) as Draft[]), value]; }, {
  name: 'TMPL', grammars: { tmpl: templateRows },
  read(words, context, after) {
    const given = block(templateRows, words, context, after), { src: _src, dst: _dst, ...rest } = given;
    return { ...rest, ...addresses(given as Ends) };
  },
}, { repeat: true });

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
  ...selectorRows, dir, ctx: securityContext, mark, index, ptype, action, priority, flag, if_id: ifId, limit: limitRow, tmpl: template, offload: to('offload', offload),
};

const typeOf = (type: unknown): Draft => (type === undefined ? {} : { policyType: { type } });
/** Takes the words of a selector out of a draft. Where no address tells the family, -4 or -6 does. */
function traffic(context: Context, draft: Draft): TrafficSelector | undefined {
  const given = takeSelector(draft);
  return given && { ...(!given.src && !given.dst && ofFamily(context)), ...trafficOf(given) };
}
const ofFamily = ({ options: { family } }: Context): { family?: Family } => (family === undefined ? {} : { family: family as Family });

function modify(context: Context, message: 'newpolicy' | 'updpolicy', draft: Draft): void {
  const sel = traffic(context, draft) ?? ofFamily(context), { mark, ptype: type, ...given } = draft;
  const body = checked(() => policyBody({ ...given, type, sel, ...((mark as Required<XfrmMark> | undefined)?.mask && { mark }) } as XfrmPolicyInput, names));
  anyPorts(body['sel'], sel);
  ipsec(context).change(message, body);
}

const oneOptions = only(options, [...Object.keys(selectorRows), 'dir', 'ctx', 'mark', 'index', 'ptype', 'if_id']);
function reference(context: Context, draft: Draft): Body {
  const sel = traffic(context, draft), { ptype: type, ...given } = draft, { index } = given;
  if (sel && index !== undefined) throw usage('a policy has a selector or an index here, not both');
  const body = checked(() => policyRefBody({ ...given, type, ...(sel ? { sel } : index !== undefined && { sel: ofFamily(context) }) } as XfrmPolicyRef, names));
  if (sel) anyPorts(body['sel'], sel);
  return body;
}

const filterOptions: Grammar = { nosock: { path: 'nosock', is: true }, ...only(options, [...Object.keys(selectorRows), 'dir', 'index', 'ptype', 'action', 'priority', 'flag']) };
/** The policies that the rest of the line asks for. The kernel tells all. */
function* listed(context: Context, words: Words): Generator<Body> {
  const filter = parse(filterOptions, words, {}, context), sel = traffic(context, filter), { nosock, ptype: type, ...given } = filter;
  const wanted = checked(() => policyMatches({ ...given, type, ...(sel && { sel }), ...ofFamily(context), sockets: nosock !== true } as XfrmPolicyFilter));
  for (const policy of ipsec(context).dump('getpolicy', {})) if (wanted(policy as unknown as Parameters<typeof wanted>[0])) yield policy;
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
