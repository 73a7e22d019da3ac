/** `type vlan`: net/8021q/vlan_netlink.c. */
import { act, at, store, to, type Draft, type Row } from '../../grammar.ts';
import { constant, via } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, onOff, vlanProtocol } from '../../values.ts';
import { usage } from '../../errors.ts';
import type { Words } from '../../words.ts';
import { plain, type Kind } from './kind.ts';

/** VLAN_FLAG_*: the word in the grammar, the schema's name. */
const flagWords = { reorder_hdr: 'reorderHdr', gvrp: 'gvrp', mvrp: 'mvrp', loose_binding: 'looseBinding', bridge_binding: 'bridgeBinding' };

function flag(name: string): Row {
  return act((draft: Draft, value) => {
    const flags = (at(draft, 'flags') ?? { flags: [], mask: [] }) as { flags: string[]; mask: string[] };
    store(draft, 'flags', { flags: value ? [...flags.flags, name] : flags.flags, mask: [...flags.mask, name] });
  }, onOff);
}

/** `FROM:TO` pairs, as many as follow. */
const mappings = {
  name: 'FROM:TO ...',
  read(words: Words, _context: unknown, after: string): unknown {
    const pairs: { from: number; to: number }[] = [];
    while (/^\d+:\d+$/.test(words.peek() ?? '')) {
      const [from = 0, target = 0] = words.next().split(':').map(Number);
      pairs.push({ from, to: target });
    }
    if (pairs.length === 0) throw usage(`"${after}" needs pairs FROM:TO`);
    return { mapping: pairs };
  },
};

/** The schema's names of the tag protocols, as people write them. */
const protocolNames: Readonly<Record<string, string>> = { '8021q': '802.1Q', '8021ad': '802.1ad' };

export function vlanProtocolName(value: unknown): unknown {
  return protocolNames[value as string] ?? (typeof value === 'number' ? `[${value}]` : value);
}

function map(key: string, text: string, path: string) {
  return (printer: Printer, data: Json): void => {
    const set = at(data, `${path}.mapping`) as { from: number; to: number }[] | undefined;
    if (!set || at(data, path) === undefined) return;
    printer.newline();
    printer.text(`      ${text} { `);
    printer.array(key, () => {
      for (const { from, to: target } of set) {
        printer.object(null, () => {
          printer.value('from', '%', from);
          printer.value('to', ':% ', target);
        });
      }
    });
    printer.text('} ');
  };
}

function flags(printer: Printer, data: Json): void {
  const set = at(data, 'flags.flags') as (string | number)[] | undefined;
  if (!set) return;
  const names = Object.values(flagWords).filter((name) => set.includes(name)).map(constant);
  printer.list('flags', names, `<${names.join(',')}> `);
}

export const vlan: Kind = {
  options: {
    id: to('id', integer('VLANID', 0, 4095)),
    'protocol|proto': to('protocol', vlanProtocol),
    ...Object.fromEntries(Object.entries(flagWords).map(([option, name]) => [option, flag(name)])),
    'ingress-qos-map': to('ingressQos', mappings),
    'egress-qos-map': to('egressQos', mappings),
  },
  sheet: [
    ['protocol', 'protocol % ', 'protocol', via(vlanProtocolName)],
    plain('id'),
    flags,
    map('ingress_qos', 'ingress-qos-map', 'ingressQos'),
    map('egress_qos', 'egress-qos-map', 'egressQos'),
  ],
  finish(data, _context, creating) {
    if (creating && data['id'] === undefined) throw usage('a vlan needs an id', 'ip link add link eth0 name eth0.5 type vlan id 5');
  },
};

