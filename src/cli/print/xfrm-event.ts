/** What the kernel tells of IPsec beside states and policies. */
import { aeventFlags } from '../../families/xfrm/index.ts';
import { ipProtocolName } from '../ip-protocols.ts';
import type { Json, Printer } from './printer.ts';
import { printAttributes } from './xfrm-attributes.ts';
import { policyFields, printDefault, printPolicy } from './xfrm-policy.ts';
import { printState } from './xfrm-state.ts';
import { printMasks, printSelector, protocolNumber, protocolWord } from './xfrm.ts';

const hex8 = (value: unknown): string => `0x${Number(value).toString(16).padStart(8, '0')}`;

function acquire(printer: Printer, body: Json): void {
  const { id, sel, policy, seq } = body, { proto, spi } = id as Json, whole = printer.statistics > 0;
  const own = (sel as Json)['family'], family = own !== 'unspec' ? own : ((policy as Json)['sel'] as Json)['family'];
  printer.text('acquire ');
  printer.value('proto', 'proto % ', protocolWord(proto));
  if (whole || spi !== 0) printer.value('spi', 'spi % ', spi, { text: () => `${hex8(spi)}${whole ? `(${String(spi)})` : ''}` });
  printer.newline();
  printer.text('  sel ');
  printer.object('sel', () => printSelector(printer, sel as Json, family));
  printer.text('  policy ');
  printer.object('policy', () => policyFields(printer, policy as Json, body, '    '));
  if (whole) {
    printer.value('seq', '  seq % ', seq, { text: (value) => `0x${String(value).padStart(8, '0')}` });
    printMasks(printer, body);
  }
  printer.newline();
}

function report(printer: Printer, body: Json): void {
  const sel = body['sel'] as Json;
  printer.value('proto', 'report proto % ', protocolWord(body['proto']));
  printer.newline();
  printer.text('  sel ');
  printer.object('sel', () => printSelector(printer, sel, printer.context.options.family));
  printAttributes(printer, body, { family: sel['family'], start: '  ' });
}

/** Which state an event is about. */
function printStateId(printer: Printer, { daddr, proto, spi }: Json, reqid: unknown): void {
  const hex = { text: (value: unknown): string => `0x${Number(value).toString(16)}` };
  printer.value('dst', 'dst % ', daddr);
  printer.value('reqid', ' reqid %', reqid, hex);
  printer.value('proto', ' protocol % ', proto, { text: () => ipProtocolName(protocolNumber(proto)), json: () => protocolWord(proto) });
  printer.value('spi', ' SPI %', spi, hex);
}

const causes = { cr: 'replay update', ce: 'timer expired', cu: 'policy updated' } as const;
function asynchronous(printer: Printer, { saId, saddr, flags, reqid }: Json): void {
  const all = flags as (keyof typeof aeventFlags.names | number)[], sum = all.reduce<number>((bits, flag) => bits | (typeof flag === 'number' ? flag : aeventFlags.names[flag]), 0);
  const why = Object.entries(causes).filter(([flag]) => (all as unknown[]).includes(flag)).map(([, text]) => text);
  printer.list('cause', why, `Async event  (0x${sum.toString(16)}) ${why.map((text) => ` ${text} `).join('')}\n\t`);
  printer.value('src', 'src % ', saddr);
  printStateId(printer, saId as Json, reqid);
  printer.text('\n');
}

function mapping(printer: Printer, { id, reqid, oldSaddr, newSaddr, oldSport, newSport }: Json): void {
  printer.text('Mapping change ');
  printer.object('old', () => {
    printer.value('addr', '%', oldSaddr);
    printer.value('port', ':% -> ', oldSport);
  });
  printer.object('new', () => {
    printer.value('addr', '%', newSaddr);
    printer.value('port', ':%\n\t', newSport);
  });
  printStateId(printer, id as Json, reqid);
  printer.text('\n');
}

/** Addresses from which to which states move. iproute2 does not know the message. */
function migrated(printer: Printer, body: Json): void {
  const { sel, dir, kmaddress, migrate } = body as Json & { kmaddress?: Json; migrate?: Json[][] };
  printer.value('dir', 'Migrated dir % ', dir);
  printer.value('ptype', 'ptype % ', (body['policyType'] as Json | undefined)?.['type']);
  printer.object('sel', () => printSelector(printer, sel as Json, printer.context.options.family));
  if (kmaddress) printer.object('kmaddress', () => {
    printer.value('local', '\tkmaddress local % ', kmaddress['local']);
    printer.value('remote', 'remote %', kmaddress['remote']);
  });
  if (kmaddress) printer.newline();
  printer.array('migrate', () => {
    for (const one of migrate?.flat() ?? []) printer.object(null, () => {
      printer.value('old_src', '\tsrc % ', one['oldSaddr']);
      printer.value('old_dst', 'dst % ', one['oldDaddr']);
      printer.value('new_src', '-> src % ', one['newSaddr']);
      printer.value('new_dst', 'dst % ', one['newDaddr']);
      printer.value('proto', 'proto % ', protocolWord(one['proto']));
      printer.value('reqid', 'reqid % ', one['reqid']);
      printer.value('mode', 'mode %', one['mode']);
      printer.newline();
    });
  });
}

type Print = (printer: Printer, body: Json, message: string, nokeys: boolean) => void;
/** Told with an object of their own around them. */
const whole = (print: (printer: Printer, body: Json) => void): Print => (printer, body) => {
  printer.object(null, () => print(printer, body));
  if (printer.context.options.oneline) printer.text('\n');
};
const state: Print = (printer, body, message, nokeys) => printState(printer, message, body, nokeys);
const policy: Print = (printer, body, message) => printPolicy(printer, message, body);

/** By the message's key. */
export const events: Readonly<Record<string, Print>> = {
  newsa: state, updsa: state, delsa: state, expire: state, newpolicy: policy, updpolicy: policy, delpolicy: policy, polexpire: policy,
  acquire: whole(acquire), report: whole(report), migrate: whole(migrated),
  flushsa: whole((printer, body) => {
    printer.value('proto', 'Flushed state proto %', protocolWord(body['proto']));
    printer.newline();
  }),
  flushpolicy: whole((printer, body) => {
    printer.text('Flushed policy ');
    printer.value('ptype', 'ptype % ', (body['policyType'] as Json | undefined)?.['type']);
    printer.newline();
  }),
  newae: (printer, body) => printer.object(null, () => asynchronous(printer, body)),
  mapping: (printer, body) => printer.object(null, () => mapping(printer, body)),
  getdefault: printDefault, setdefault: printDefault,
};
