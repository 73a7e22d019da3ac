/** The words of `nlkit net`, and what they mean in a declaration. */
import { BITS, contains, DRIVERS, MODES, parseSubnet, TRANSPORTS, type ContainerInput, type Declared, type DriverName, type SubnetSpec } from '../../network/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, is, parse, to, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { integer, oneOf, text, u16 } from '../values.ts';
import { Words } from '../words.ts';

/** Each value is one more in a list. */
const list = (path: string, name: string, help: string) => act((draft, value) => { draft[path] = [...(draft[path] as unknown[] | undefined ?? []), value]; }, text(name), { repeat: true, help });
const labelled = act((draft, value) => {
  const [, key, said] = /^([^=]+)=(.*)$/.exec(String(value)) ?? [];
  if (key === undefined) throw usage(`"${String(value)}" is not KEY=VALUE`);
  draft['labels'] = { ...(draft['labels'] as object | undefined), [key]: said };
}, text('KEY=VALUE'), { repeat: true, help: 'said of the network, nothing more' });

const modes = Object.entries(MODES).filter(([, own]) => own.length > 0);

export const networkOptions: Grammar = {
  '--driver|-d': to('driver', oneOf(...DRIVERS), 'bridge when none is named'),
  '--subnet': list('subnets', 'PREFIX', 'at most one a family; a free one is picked when none is named'),
  '--gateway': list('gateways', 'ADDRESS', 'default: the first address of its subnet'),
  '--ip-range': list('ranges', 'PREFIX', 'the part of its subnet that addresses are handed out of'),
  '--reserve': list('reserved', 'ADDRESS', 'never handed out'),
  '--ipv6|-6': is('ipv6', true, 'a free IPv6 subnet is picked, too'),
  '--mtu': to('mtu', u16('BYTES')),
  '--internal': is('internal', true, 'no way out'),
  '--no-icc': is('icc', false, 'containers do not reach each other'),
  '--hairpin': is('hairpin', true, 'frames may go back out of the port they came in by'),
  '--parent': to('parent', text('LINK', { completes: 'link' }), 'macvlan, ipvlan: the link below; eth0.5 is VLAN 5 of eth0, made when it is not there'),
  '--mode': to('mode', text('MODE', { choices: modes.flatMap(([, own]) => own) }), modes.map(([driver, own]) => `${driver}: ${own.join(', ')}`).join('; ')),
  '--vlan': to('vlan', integer('ID', 1, 4094), 'macvlan, ipvlan: this VLAN of the parent; bridge: the VLAN of all ports'),
  '--vni': to('vni', integer('ID', 1, 0xffffff), 'vxlan: the identifier'),
  '--local': to('local', text('ADDRESS'), 'vxlan: this host, in the network below'),
  '--peer': list('peers', 'ADDRESS[=RANGE]', 'vxlan: another host, and its part of the subnet'),
  '--port': to('port', u16('PORT'), 'vxlan: the UDP port, 4789 by default'),
  '--label': labelled,
};
export const containerOptions: Grammar = {
  '--netns': to('namespace', text('{ NAME | PATH | PID }', { completes: 'netns' }), 'the container\'s network namespace'),
  '--ip': list('ips', 'ADDRESS', 'at most one a family'),
  '--mac': to('mac', text('LLADDR')),
  '--ifname': to('ifname', text('NAME'), 'in the container; the first of eth0, eth1 ... that is free'),
  '--publish|-p': list('publish', '[ADDRESS:]HOST:CONTAINER[/PROTOCOL]', `a port of the host that leads to the container; ${TRANSPORTS.join(', ')}`),
  '--alias': list('aliases', 'NAME', 'another name for the container in the network\'s hosts'),
};
/** After every command. */
export const jsonOption: Grammar = { '--json|-j': act((_draft, _value, context) => { context.options.json = true; }, undefined, { help: 'JSON' }) };

/** `--name=value` is two words. */
export const gnu = (words: Words): Words => new Words(words.rest().flatMap((word) => { const [, name, value] = /^(--[a-z0-9-]+)=(.*)$/s.exec(word) ?? []; return name === undefined ? [word] : [name, value as string]; }));

/** Names, which stand by themselves, and options, in any order. */
export function read(words: Words, context: Context, names: readonly string[], options: Grammar): { named: string[]; draft: Draft } {
  const named: string[] = [], name: ValueType = { ...text(names.map((each) => each.toUpperCase()).join(' ')), fits: /^[^-]|^-$/ };
  const draft = parse({ ...options, '': act((_draft, value) => { named.push(String(value)); }, name, { repeat: true }) }, gnu(words), {}, context);
  if (named.length > names.length) throw usage(`"${named[names.length]}" is one word too many`);
  if (named.length < names.length) throw usage(`which ${names[named.length]}?`, `nlkit ${context.path.join(' ')} ${names.map((each) => each.toUpperCase()).join(' ')}`);
  return { named, draft };
}

/** A declaration out of what was read. */
export function declared(name: string, { subnets = [], gateways = [], ranges = [], ...rest }: Draft): Declared {
  const given = (subnets as string[]).map((subnet): SubnetSpec => ({ subnet }));
  const within = (what: string, address: string, key: 'gateway' | 'range'): void => {
    const at = given.findIndex(({ subnet }) => inside(subnet, address));
    if (at < 0) throw usage(`the ${what} ${address} is in none of the subnets`, given.length === 0 ? 'name the subnet, too: --subnet' : given.map(({ subnet }) => subnet).join(', '));
    if (given[at]?.[key] !== undefined) throw usage(`two of --${what.replace(' ', '-')} for ${given[at]?.subnet}`);
    given[at] = { ...given[at] as SubnetSpec, [key]: address };
  };
  for (const address of gateways as string[]) within('gateway', address, 'gateway');
  for (const range of ranges as string[]) within('ip range', range, 'range');
  return { name, ...(given.length > 0 && { subnets: given }), ...rest as { driver?: DriverName } };
}
function inside(subnet: string, given: string): boolean {
  try {
    const whole = parseSubnet(subnet), one = given.includes('/') ? given : `${given}/${BITS[whole.family]}`;
    const { family, base } = parseSubnet(one);
    return contains(whole, { family, value: base });
  } catch (error) {
    if (error instanceof TypeError && !/length/.test(error.message)) throw usage(error.message);
    return false;
  }
}
/** A container out of what was read. */
export function attached(name: string, draft: Draft): ContainerInput & { namespace: string } {
  if (draft['namespace'] === undefined) throw usage(`where is ${name}?`, '--netns NAME, PATH or PID');
  return { name, ...draft as { namespace: string } };
}
