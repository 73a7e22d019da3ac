/** `ip link`: net/core/rtnetlink.c. */
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { act, parse, store, type Command, type Draft, type Grammar } from '../grammar.ts';
import { checkName, deviceName, text, word } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { slaveKinds } from './kinds/index.ts';
import { echo } from './echo.ts';
import { addOptions, deleteOptions, directionsOf, setOptions, kindGrammar, kindNames } from './link-options.ts';
import { show } from './link-show.ts';

/** Puts attributes in the order iproute2 sends them: lower link and name before the kind. */
function ordered(draft: Draft): Draft {
  const { linkinfo, link, ifname, index, ...rest } = draft;
  return {
    ...(index !== undefined && { index }),
    ...rest,
    ...(link !== undefined && { link }),
    ...(ifname !== undefined && { ifname }),
    ...(linkinfo !== undefined && { linkinfo }),
  };
}

function add(context: Context, words: Words, flags: readonly ('create' | 'excl' | 'replace')[]): void {
  const draft: Draft = {};
  const directions = directionsOf(draft);
  directions.creating = true;
  parse(addOptions, words, draft, context);
  if (directions.type === undefined) throw usage('a new link needs a type', 'ip link add NAME type KIND; ip link help lists the kinds');
  const name = directions.name ?? directions.dev;
  if (directions.link !== undefined) draft['link'] = context.links.index(directions.link);
  if (name !== undefined) draft['ifname'] = checkName(name);
  if (directions.index !== undefined) draft['index'] = directions.index;
  try { echo(context, 'newlink', ordered(draft), flags); } catch (error) { throw misspelt(directions.type, error); }
  // A slot whose name was asked for before may now be taken.
  context.links.forget();
}

/** Kinds that nobody here knows are the kernel's to judge: what it does not know either may be another, misspelt. */
function misspelt(kind: string, error: unknown): unknown {
  const hint = kindNames().includes(kind) ? undefined : didYouMean(kind, kindNames()), { code, message } = error as Error & { code?: string };
  return code === 'EOPNOTSUPP' && hint?.startsWith('did you mean') ? new CliError(message, exits.refused, hint) : error;
}

function set(context: Context, words: Words): void {
  const draft: Draft = {};
  parse(setOptions, words, draft, context);
  const { dev, name, link, group, index } = directionsOf(draft);
  // `group` names the links to change only where no device does; else it is the device's new group.
  if (dev === undefined && name === undefined && group !== undefined) store(draft, 'group', group);
  else {
    const target = dev ?? name;
    if (target === undefined) throw usage('which link is to be changed?', 'ip link set dev DEVICE ...');
    draft['index'] = context.links.index(target);
    if (group !== undefined) draft['group'] = group;
    if (dev !== undefined && name !== undefined) draft['ifname'] = checkName(name);
  }
  checkLength(draft, context);
  if (link !== undefined) draft['link'] = context.links.index(link);
  if (index !== undefined) draft['newIfindex'] = index;
  echo(context, 'newlink', ordered(draft), []);
  context.links.forget();
}

/** The kernel takes as many bytes as the link's addresses have, and is silent about the rest. */
function checkLength(draft: Draft, context: Context): void {
  const own = draft['index'] === undefined ? undefined : context.links.object(Number(draft['index']))?.['address'];
  for (const key of ['address', 'broadcast'] as const) {
    const given = draft[key];
    const [bytes, wanted] = [given, own].map((address) => (inHex.test(String(address)) ? String(address).split(':').length : 0));
    if (bytes && wanted && bytes !== wanted) throw usage(`"${String(given)}" for "${key}" has ${bytes} bytes, where ${context.links.name(Number(draft['index']))} has ${wanted}`);
  }
}

/** Links whose addresses are of IP have no such. */
const inHex = /^[0-9a-f]{2}(:[0-9a-f]{2})*$/;

function remove(context: Context, words: Words): void {
  const draft: Draft = {};
  const directions = directionsOf(draft);
  parse(deleteOptions, words, draft, context);
  if (directions.group !== undefined) draft['group'] = directions.group;
  else if (directions.dev === undefined) throw usage('which link is to be deleted?', 'ip link del dev DEVICE');
  else draft['index'] = context.links.index(directions.dev);
  context.kernel.request('dellink', ordered(draft));
  context.links.forget();
}

/** Longer than a name may be: the kernel says where it ends. */
const altName = word('NAME', (given) => {
  if (given === '' || /[/\s]/.test(given)) throw usage(`"${given}" is not a valid link name`);
  return given;
});

const propertyOptions: Grammar = {
  dev: act((draft, value) => { draft['dev'] = value; }, deviceName),
  altname: act((draft, value) => { ((draft['names'] ??= []) as unknown[]).push(value); }, altName, { repeat: true }),
  '': act((draft, value) => {
    if (draft['names']) (draft['names'] as unknown[]).push(value);
    else draft['dev'] ??= value;
  }, text('NAME'), { repeat: true }),
};

function property(message: 'newlinkprop' | 'dellinkprop'): Command {
  const adding = message === 'newlinkprop';
  return {
    summary: adding ? 'give a link another name' : 'take an alternative name away',
    examples: [`ip link property ${adding ? 'add' : 'del'} dev eth0 altname uplink`],
    options: propertyOptions,
    run(context, words) {
      const { dev, names } = parse(propertyOptions, words, {}, context) as { dev?: string; names?: string[] };
      if (dev === undefined) throw usage('which link?', 'ip link property add dev DEVICE altname NAME');
      if (!names) throw usage('which name?', 'ip link property add dev DEVICE altname NAME');
      const body = { index: context.links.index(dev), propList: { altIfname: names } };
      context.kernel.request(message, body, adding ? ['create', 'excl', 'append'] : []);
      context.links.forget();
    },
  };
}

/** `ip link help vlan`: from the kind's own table. */
async function kindTopic(words: Words): Promise<string | undefined> {
  const name = words.peek();
  if (name === undefined) return undefined;
  words.next();
  const { kindHelp } = await import('../help.ts');
  const slave = name.endsWith('_slave') ? slaveKinds[name.slice(0, -'_slave'.length)] : undefined;
  if (!kindNames().includes(name) || (name.endsWith('_slave') && !slave)) throw usage(`"${name}" is not a kind of link`, didYouMean(name, kindNames()));
  return kindHelp(name, slave?.options ?? kindGrammar(name));
}

export const link: Command = {
  summary: 'network devices',
  examples: ['ip link add veth0 type veth peer name veth1', 'ip link set veth0 master br0 up', 'ip -d link show br0', 'ip link del veth0'],
  otherwise: 'show',
  topic: kindTopic,
  commands: {
    add: {
      summary: 'make a link',
      examples: [
        'ip link add veth0 type veth peer name veth1',
        'ip link add br0 type bridge vlan_filtering 1',
        'ip link add mv0 link eth0 type macvlan mode bridge',
        'ip link add vx0 type vxlan id 42 remote 10.0.0.9 dev eth0 dstport 4789',
      ],
      usage: '[ link DEVICE ] [ name ] NAME [ OPTIONS ] type TYPE [ ARGS ]',
      options: addOptions,
      run: (context, words) => add(context, words, ['create', 'excl']),
    },
    'set|change': {
      summary: 'change a link',
      examples: ['ip link set eth0 up', 'ip link set veth0 netns s1', 'ip link set veth0 master br0', 'ip link set br0 type bridge stp_state 1', 'ip link set eth0 xdp object filter.o section xdp'],
      usage: '{ [ dev ] DEVICE | group GROUP } [ OPTIONS ] [ type TYPE ARGS ]',
      options: setOptions,
      run: set,
    },
    replace: { summary: 'make a link, or change it', options: addOptions, run: (context, words) => add(context, words, ['create', 'replace']) },
    'delete|del': {
      summary: 'delete a link',
      examples: ['ip link del veth0', 'ip link del group 7'],
      usage: '{ [ dev ] DEVICE | group GROUP } [ type TYPE ]',
      options: deleteOptions,
      run: remove,
    },
    'show|list|lst': show,
    xstats: async () => (await import('./link-stats.ts')).xstats,
    property: { summary: 'alternative names', commands: { add: property('newlinkprop'), 'del|delete': property('dellinkprop') } },
  },
};

