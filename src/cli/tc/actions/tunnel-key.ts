/** `action tunnel_key set id 5 src_ip 192.0.2.1 dst_ip 192.0.2.2`: net/sched/act_tunnel_key.c. */
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Row, type ValueType } from '../../grammar.ts';
import { bytes } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { parseAddress, parseInteger, u16, u32, u8, word } from '../../values.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { geneveOptions } from '../tunnel-options.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const say = (action: 'set' | 'release'): Row => act((draft) => {
  const parms = (draft['parms'] ??= {}) as Draft;
  if (parms['tAction'] !== undefined) throw usage('"set" and "unset" exclude each other');
  parms['tAction'] = action;
});
const end = (side: 'Src' | 'Dst'): Row => act((draft, value) => {
  const { family, address } = value as { family: string; address: string };
  draft[family === 'inet' ? `encIpv4${side}` : `encIpv6${side}`] = address;
}, word('ADDRESS', (given, _context, after) => parseAddress(given, after)));
const byte = (name: string): ValueType => word(name, (given, _context, after) => {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > 255n) throw usage(`"${given}" is not a number for "${after}"`, '0 to 255');
  return Number(value);
});
/** `VERSION:INDEX:DIRECTION:HARDWARE`. */
const erspan: ValueType = word('VERSION:INDEX:DIRECTION:HARDWARE', (given, _context, after) => {
  const [ver, index, dir, hwid] = given.split(':').map((part) => Number(parseInteger(part) ?? -1));
  if (given.split(':').length !== 4 || (ver !== 1 && ver !== 2) || index! < 0 || dir! < 0 || hwid! < 0) throw usage(`"${given}" are no options of ERSPAN for "${after}"`, 'VERSION:INDEX:DIRECTION:HARDWARE, of which the version says which count: 1:5:0:0, 2:0:1:7');
  return ver === 1 ? { ver, index } : { ver, dir, hwid };
});

export const tunnelKey: ActionKind = {
  usage: '{ unset | set src_ip ADDRESS dst_ip ADDRESS [ id NUMBER ] [ dst_port PORT ] [ tos TOS ] [ ttl TTL ] [ csum | nocsum ] [ nofrag ] [ geneve_opts ... | vxlan_opts ... | erspan_opts ... ] } [ VERDICT ] [ index NUMBER ]',
  options: {
    set: say('set'),
    unset: say('release'),
    src_ip: end('Src'),
    dst_ip: end('Dst'),
    id: to('encKeyId', u32()),
    dst_port: to('encDstPort', u16('PORT')),
    tos: to('encTos', byte('TOS')),
    ttl: to('encTtl', u8('TTL')),
    csum: is('noCsum', 0),
    nocsum: is('noCsum', 1),
    nofrag: is('noFrag', true),
    geneve_opts: to('encOpts.geneve', geneveOptions),
    vxlan_opts: to('encOpts.vxlan.gbp', u32()),
    erspan_opts: to('encOpts.erspan', erspan),
    ...control(),
  },
  verdict: 'pipe',
  complete(draft) {
    const action = parmsOf(draft)['tAction'];
    if (action === undefined) throw usage('set or unset?', 'action tunnel_key set src_ip ADDRESS dst_ip ADDRESS id NUMBER');
    draft['noCsum'] ??= 0;
    if (action === 'release') return;
    if (!(draft['encIpv4Src'] && draft['encIpv4Dst']) && !(draft['encIpv6Src'] && draft['encIpv6Dst'])) throw usage('between which addresses?', 'action tunnel_key set src_ip ADDRESS dst_ip ADDRESS, both of one family');
  },
  print(printer, options) {
    const parms = parmsOf(options);
    if (parms['tAction'] === 'release') printer.value('mode', ' %', 'unset');
    else {
      printer.value('mode', ' %', 'set');
      printKey(printer, options);
    }
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};

function printKey(printer: Printer, options: Json): void {
  const line = (key: string, value: unknown): void => {
    if (value === undefined) return;
    printer.newline();
    printer.value(key, `\t${key} %`, value);
  };
  line('src_ip', options['encIpv4Src'] ?? options['encIpv6Src']);
  line('dst_ip', options['encIpv4Dst'] ?? options['encIpv6Dst']);
  line('key_id', options['encKeyId']);
  line('dst_port', options['encDstPort']);
  printOptions(printer, (options['encOpts'] ?? {}) as Json);
  if (options['noCsum'] !== undefined) {
    printer.newline();
    printer.value('flag', '\t%', options['noCsum'] ? 'nocsum' : 'csum');
  }
  if (options['noFrag']) printer.newline();
  printer.value('nofrag', options['noFrag'] ? '\tnofrag' : '', options['noFrag'] === true);
  if (options['encTos']) {
    printer.newline();
    printer.value('tos', '\ttos %', options['encTos'], { text: (tos) => `0x${Number(tos).toString(16)}` });
  }
  if (options['encTtl']) line('ttl', options['encTtl']);
}
function printOptions(printer: Printer, { geneve, vxlan, erspan: span }: Json): void {
  if (geneve) {
    printer.newline();
    printer.value('geneve_opts', '\tgeneve_opts %', geneve, {
      text: (all) => (all as Json[]).map((one) => `${hexed(one['class'], 4)}:${hexed(one['type'], 2)}:${bytes(one['data'])}`).join(','),
      json: (all) => (all as Json[]).map((one) => ({ class: one['class'], type: one['type'], data: [...(one['data'] as Uint8Array)] })),
    });
  }
  if (vxlan) {
    printer.newline();
    printer.value('vxlan_opts', '\tvxlan_opts %', vxlan, { text: (one) => String((one as Json)['gbp']), json: (one) => [{ gbp: (one as Json)['gbp'] }] });
  }
  if (span) {
    const { ver, index = 0, dir = 0, hwid = 0 } = span as Record<string, number>;
    printer.newline();
    printer.value('erspan_opts', '\terspan_opts %', `${ver}:${index}:${dir}:${hwid}`, { json: () => [{ ver, index, dir, hwid }] });
  }
}
const hexed = (value: unknown, digits: number): string => Number(value).toString(16).padStart(digits, '0');
