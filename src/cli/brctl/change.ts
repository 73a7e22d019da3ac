/** What `brctl` changes. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at, type Command, type ValueType } from '../grammar.ts';
import { checkName, deviceName, parseInteger, text } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';

function one(words: Words, what: string): string {
  const name = words.next(what);
  if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
  return name;
}

/** A bridge's index; another kind of link is refused, as brctl does. */
export function bridgeIndex(context: Context, name: string): number {
  const index = context.links.find(name);
  if (index === undefined) throw usage(`there is no bridge "${name}"`);
  const kind = at(context.links.object(index), 'linkinfo.kind');
  if (!context.options.dryRun && kind !== 'bridge') throw usage(`"${name}" is not a bridge`);
  return index;
}

export function addBridge(context: Context, words: Words): void {
  const ifname = checkName(one(words, 'addbr'));
  context.kernel.request('newlink', { ifname, linkinfo: { kind: 'bridge' } }, ['create', 'excl']);
}

export function deleteBridge(context: Context, words: Words): void {
  const name = one(words, 'delbr');
  const index = bridgeIndex(context, name);
  if ((context.links.object(index)?.['flags'] as string[] | undefined)?.includes('up')) throw usage(`bridge ${name} is still up; can't delete it`, `ip link set ${name} down`);
  context.kernel.request('dellink', { index });
  context.links.forget();
}

export function addPorts(context: Context, words: Words): void {
  const bridge = words.next('addif');
  const master = bridgeIndex(context, bridge);
  if (words.done) throw usage('which links?', `brctl addif ${bridge} DEVICE`);
  const ports = words.rest().map((name) => {
    const index = context.links.index(name);
    const current = Number(context.links.object(index)?.['master'] ?? 0);
    if (current !== 0) throw usage(`device ${name} is already a port of ${context.links.name(current)}`);
    return index;
  });
  for (const index of ports) context.kernel.request('newlink', { index, master });
  context.links.forget();
}

/** The index of a port of a bridge. */
function portOf(context: Context, name: string, bridge: string, master: number): number {
  const index = context.links.index(name);
  if (!context.options.dryRun && context.links.object(index)?.['master'] !== master) throw usage(`device ${name} is not a port of ${bridge}`);
  return index;
}

export function deletePorts(context: Context, words: Words): void {
  const bridge = words.next('delif');
  const master = bridgeIndex(context, bridge);
  if (words.done) throw usage('which links?', `brctl delif ${bridge} DEVICE`);
  for (const index of words.rest().map((name) => portOf(context, name, bridge, master))) {
    context.kernel.request('newlink', { index, master: 0 });
  }
  context.links.forget();
}

interface Setting {
  /** Decimal seconds on the command line, hundredths in the kernel. */
  readonly seconds?: true;
  readonly max?: number;
  readonly words?: Readonly<Record<string, number>>;
}

function value(given: string, { seconds, max, words }: Setting, after: string): number {
  if (words) {
    const known = words[given];
    if (known === undefined) throw usage(`"${given}" is not a value of "${after}"`, didYouMean(given, Object.keys(words)));
    return known;
  }
  if (seconds) {
    if (!/^(\d+\.?\d*|\.\d+)(e\d+)?$/i.test(given)) throw usage(`"${given}" is not a time in seconds for "${after}"`);
    // Cut off, as brctl does. 2.3 * 100 is a little less than 230.
    return Math.floor(Number(given) * 100 + 1e-6);
  }
  const number = parseInteger(given);
  if (number === undefined || number < 0n || number > BigInt(max ?? 0xffffffff)) throw usage(`"${given}" is not a number for "${after}"`, `0 to ${max}`);
  return Number(number);
}

function written({ seconds, words }: Setting): ValueType {
  return words ? text('{ on | off }', { choices: Object.keys(words) }) : text(seconds ? 'SECONDS' : 'NUMBER');
}

export function bridgeSetting(summary: string, key: string, setting: Setting): Command {
  return {
    summary,
    usage: `BRIDGE ${written(setting).name}`,
    places: [deviceName, written(setting)],
    run(context, words) {
      const bridge = words.next();
      const wanted = value(one(words, bridge), setting, context.path.at(-1) as string);
      const index = bridgeIndex(context, bridge);
      context.kernel.request('newlink', { index, linkinfo: { kind: 'bridge', data: { [key]: wanted } } });
    },
  };
}

export function portSetting(summary: string, key: string, setting: Setting): Command {
  return {
    summary,
    usage: `BRIDGE DEVICE ${written(setting).name}`,
    places: [deviceName, deviceName, written(setting)],
    run(context, words) {
      const bridge = words.next();
      const port = words.next();
      const wanted = value(one(words, port), setting, context.path.at(-1) as string);
      const index = portOf(context, port, bridge, bridgeIndex(context, bridge));
      context.kernel.request('setlink', { family: 'bridge', index, protinfo: { [key]: wanted } });
    },
  };
}
