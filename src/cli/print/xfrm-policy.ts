/** A policy of IPsec; how many there are, and what becomes of the rest. */
import { XfrmUserpolicyInfo } from '../../families/xfrm/index.ts';
import { policyFlags } from '../xfrm-words.ts';
import type { Json, Printer } from './printer.ts';
import { printAttributes, printContext } from './xfrm-attributes.ts';
import { bits8, printFlags, printLifetimes, printSelector } from './xfrm.ts';

/** What sockets have of their own begins here: XFRM_POLICY_MAX. */
const SOCKET = 3, directions = ['in', 'out', 'fwd'];

/** The policy without its first word. @param policy struct xfrm_userpolicy_info @param attributes What came with it @param start What the second line begins with */
export function policyFields(printer: Printer, policy: Json, attributes: Json, start = ''): void {
  const { sel, dir, action, index, priority, share } = policy, flags = policy['flags'] as (string | number)[], whole = printer.statistics > 0, line = `${start}\t`;
  printer.object('sel', () => printSelector(printer, sel as Json, printer.context.options.family));
  printContext(printer, attributes['secCtx'] as Json | undefined);
  printer.text(line);
  const socket = typeof dir === 'number' && dir >= SOCKET;
  printer.value('dir', `${socket ? 'socket' : 'dir'} % `, socket ? (directions[dir - SOCKET] ?? dir - SOCKET) : dir);
  if (socket && printer.json) printer.value('socket', null, true);
  if (whole || action !== 'allow' || printer.json) printer.value('action', 'action % ', action);
  if (whole || printer.json) printer.value('index', 'index % ', index);
  printer.value('priority', 'priority % ', priority);
  printer.value('ptype', 'ptype % ', (attributes['policyType'] as Json | undefined)?.['type'], { text: (type) => (type === 'any' ? '255' : String(type)) });
  if (whole) printer.value('share', 'share % ', share);
  if (whole || flags.length > 0) printFlags(printer, 'flag', flags, policyFlags);
  if (whole) printer.text(` (0x${bits8(XfrmUserpolicyInfo.fields.flags, flags)})`);
  printer.newline();
  if (whole) printLifetimes(printer, policy, line);
  printAttributes(printer, attributes, { family: (sel as Json)['family'], start: line });
}

/** What text says of a message before the policy. */
const verbs: Readonly<Record<string, string>> = { delpolicy: 'Deleted ', updpolicy: 'Updated ', polexpire: 'Expired ' };

/** NEWPOLICY, UPDPOLICY, DELPOLICY or POLEXPIRE. */
export function printPolicy(printer: Printer, message: string, body: Json): void {
  const policy = message === 'delpolicy' ? body['userpolicy'] : message === 'polexpire' ? body['pol'] : body;
  if (!policy) return;
  printer.text(verbs[message] ?? '');
  printer.object(null, () => {
    policyFields(printer, policy as Json, body);
    if (message !== 'polexpire') return;
    printer.value('hard', '\thard %', body['hard']);
    printer.newline();
  });
  if (printer.context.options.oneline) printer.text('\n');
}

export function printSpdinfo(printer: Printer, { info, hinfo, ipv4Hthresh, ipv6Hthresh }: Json): void {
  const { statistics } = printer, of = (key: string, text: string, value: unknown): void => printer.value(key, text, value);
  printer.object(null, () => {
    printer.text('\t SPD');
    if (info) {
      const { incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt } = info as Json;
      of('in', ' IN  %', incnt);
      of('out', ' OUT %', outcnt);
      of('fwd', ' FWD %', fwdcnt);
      if (statistics > 0) printer.object('socket', () => {
        of('in', ' (Sock: IN %', inscnt);
        of('out', ' OUT %', outscnt);
        of('fwd', ' FWD %)', fwdscnt);
      });
      printer.newline();
    }
    if (statistics < 2) return;
    if (hinfo) {
      of('buckets', '\t SPD buckets: count %', (hinfo as Json)['spdhcnt']);
      of('max_buckets', ' Max %', (hinfo as Json)['spdhmcnt']);
      printer.newline();
    }
    for (const [key, name, threshold] of [['hthresh4', 'IPv4', ipv4Hthresh], ['hthresh6', 'IPv6', ipv6Hthresh]] as const) {
      if (!threshold) continue;
      printer.object(key, () => {
        of('local', `\t SPD ${name} thresholds: local %`, (threshold as Json)['lbits']);
        of('remote', ' remote %', (threshold as Json)['rbits']);
      });
      printer.newline();
    }
  });
  if (printer.context.options.oneline) printer.text('\n');
}

export function printDefault(printer: Printer, body: Json): void {
  printer.text('Default policies:\n');
  printer.object(null, () => {
    printer.value('in', ' in:  %\n', body['in']);
    printer.value('fwd', ' fwd: %\n', body['fwd']);
    printer.value('out', ' out: %\n', body['out']);
  });
}
