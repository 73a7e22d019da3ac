/** The process that sends: in namespaces of its own, told by its standard input what to do, telling by descriptor 3 what comes of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { NETLINK_GENERIC, type Protocol } from '../../codec/index.ts';
import { familyNamed } from '../../families/generic/index.ts';
import { protocolNamed } from '../../inspect/json.ts';
import { toJson } from '../../inspect/index.ts';
import { registered, type Registered } from '../../generic/index.ts';
import { exits, usage } from '../errors.ts';
import { writeAll } from '../output.ts';
import { run, type Finding, type Plan } from './engine.ts';
import { lab, WORDS } from './lab.ts';
import { allowed } from './policy.ts';
import type { Told } from './report.ts';

/** What the process outside wants. */
export interface Orders extends Omit<Plan, 'known'> {
  readonly protocol: string;
  readonly family?: string;
  /** Names; all that are allowed when left out. */
  readonly messages?: readonly string[];
  readonly mutate: boolean;
  readonly dangerous: boolean;
  readonly known: readonly string[];
  /** The user namespace that it must not be in; absent: it may be root's. */
  readonly outside?: string;
}

export const TELLING = 3;

/** Does what standard input says. */
export function inside(): number {
  const orders = ordersOf(readFileSync(0, 'utf8')), tell = (told: Told): void => writeAll(TELLING, `${JSON.stringify(told)}\n`);
  // When memory is short it is this process that goes.
  try { writeFileSync('/proc/self/oom_score_adj', '1000'); } catch { /* no such file: no such killer */ }
  const number = protocolNamed(orders.protocol)?.number ?? NETLINK_GENERIC, place = lab(number, orders.outside);
  try {
    // By its number here; the kernel loads its module first where it has one.
    const all = orders.family === undefined ? [] : registered([orders.family]), protocol = speaking(orders, all), names = orders.messages && new Set(orders.messages);
    const messages = allowed(protocol, orders.dangerous).filter(({ name }) => names === undefined || names.has(name));
    const { sent, skipped, withheld, outcomes } = run(place, { protocol, messages, words: WORDS, mutate: orders.mutate, dangerous: orders.dangerous }, { ...orders, known: new Set(orders.known) }, {
      about: (at, again) => tell({ at, ...(again && { again }) }),
      came: (signature, first) => tell({ came: first ? { signature, ...first, count: 1 } : signature }),
      found: (finding) => tell({ found: asJson(finding, orders, protocol) }),
    });
    tell({ end: { sent, skipped, withheld, outcomes: [...outcomes].map(([signature, one]) => ({ signature, ...one })) } });
    return exits.ok;
  } finally { place.close(); }
}

/** Without a user namespace that it must not be in only who knows the danger has it send. */
function ordersOf(text: string): Orders {
  const orders = ((): Partial<Orders> | undefined => { try { return JSON.parse(text) as Orders; } catch { return undefined; } })();
  if (typeof orders !== 'object' || orders === null || protocolNamed(orders.protocol) === undefined || (orders.outside === undefined && orders.dangerous !== true)) throw usage('--inside is for "nlkit fuzz" itself, which tells it what to send');
  return orders as Orders;
}

function speaking({ protocol, family }: Orders, all: readonly Registered[]): Protocol {
  if (family === undefined) return protocolNamed(protocol) as Protocol;
  const id = all.find(({ name }) => name === family)?.id;
  if (id === undefined) throw usage(`this kernel has no family "${family}" of generic netlink`);
  return familyNamed(family)!.at(id);
}

/** As `nlkit send` takes it. */
function asJson({ datagram, ...finding }: Finding, { protocol, seed, family }: Orders, schemas: Protocol): NonNullable<Told['found']> {
  const messages = toJson(datagram, { protocol: schemas }).map((message) => (family === undefined ? message : { ...message, protocol }));
  return { ...finding, seed, protocol, messages };
}
