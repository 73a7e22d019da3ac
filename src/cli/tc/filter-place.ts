/** Where filters and chains are, in words: `dev eth0 ingress`, `block 5`. */
import { infoOf, MAGIC_BLOCK } from '../../route/filters.ts';
import { places } from '../../route/handles.ts';
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar, type Row } from '../grammar.ts';
import type { Json, Printer } from '../print/printer.ts';
import { device, integer, u32 } from '../values.ts';
import { etherType, etherTypeFormat } from './ether-type.ts';
import { className, classid } from './filter-values.ts';
import { INGRESS_HANDLE } from './place.ts';

/** A place that only one word may say. */
const at = (number: number | undefined, what: string): Row => act((draft, value) => {
  if (draft['parent'] !== undefined) throw usage('filters are at one place', `"${what}", or another`);
  draft['parent'] = number ?? value;
}, number === undefined ? classid : undefined);

export const placeRows: Grammar = {
  dev: to('dev', device),
  block: to('block', u32('NUMBER')),
  root: at(places.root, 'root'),
  ingress: at(places.ingress, 'ingress'),
  egress: at(places.egress, 'egress'),
  parent: at(undefined, 'parent'),
  chain: to('chain', u32('NUMBER')),
};
export const keyRows: Grammar = {
  ...placeRows,
  'preference|priority|prio|pref': to('priority', integer('NUMBER', 0, 0xffff)),
  protocol: to('protocol', etherType),
};
export interface Said { dev?: number; block?: number; parent?: number; chain?: number; priority?: number; protocol?: number; handle?: string; kind?: string; rate?: unknown }

/** The message's header of what was said. @param needed A place must be named. */
export function headerOf({ dev, block, parent, chain }: Said, needed: boolean, example: string): Draft {
  if (dev !== undefined && block !== undefined) throw usage('dev and block exclude each other');
  if (block !== undefined && parent !== undefined) throw usage('a block has no parent');
  if (needed && dev === undefined && block === undefined) throw usage('which link, or which block?', example);
  return { family: 'unspec', ...(block !== undefined ? { ifindex: MAGIC_BLOCK, parent: block } : { ifindex: dev ?? 0, parent: parent ?? 0 }), ...(chain !== undefined && { chain }) };
}

/** The place is one where packets come in: the half of clsact, or a qdisc of kind ingress. */
export const isIncoming = ({ parent }: Said): boolean => parent === places.ingress || parent === INGRESS_HANDLE;

/** How a filter's or chain's print begins: what was asked for is not said again. */
export function printPlace(printer: Printer, body: Json, asked: Said): void {
  if (body['ifindex'] === MAGIC_BLOCK) {
    if (asked.block !== body['parent']) printer.value('block', 'block % ', body['parent']);
    return;
  }
  if (asked.dev !== body['ifindex']) printer.value('dev', 'dev % ', printer.context.links.name(Number(body['ifindex'])));
  const parent = body['parent'] as number;
  if (asked.parent === parent) return;
  for (const [name, number] of Object.entries({ root: places.root, ingress: places.ingress, egress: places.egress })) if (parent === number) return printer.value(name, `${name} `, true);
  printer.value('parent', 'parent % ', className(parent));
}
/** Priority and protocol. */
export function printKey(printer: Printer, body: Json, asked: Said): void {
  const { priority, protocol } = infoOf(body['info'] as number);
  if (protocol && asked.protocol !== protocol) printer.value('protocol', 'protocol % ', protocol, etherTypeFormat);
  if (priority && asked.priority !== priority) printer.value('pref', 'pref % ', priority);
}
