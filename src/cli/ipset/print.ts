/** Sets as ipset prints them: for people, as lines that make them again, as XML; as JSON. */
import type { IpsetEntry } from '../../families/netfilter/index.ts';
import { ipsetEntryText, ipsetTypes, type IpsetTold } from '../../netfilter/index.ts';
import { addressOf } from '../../netfilter/ipset-types.ts';

type Fact = readonly [name: string, value?: string | number | bigint];

/** What a set was made with, in ipset's order. Whether new entries take the place of others is told, too: see the table of differences. */
export function options({ typename = '', setFamily, data = {} }: IpsetTold): Fact[] {
  const { ip, ipTo, port, portTo, hashsize, maxelem, markmask, netmask, bitmask, size, timeout, cadtFlags = [], bucketsize, initval } = data, both = ipsetTypes[typename]?.family === 'both', hex = (n: number): string => `0x${n.toString(16).padStart(8, '0')}`;
  const has = (name: string, value: string | number | undefined): Fact[] => (value === undefined ? [] : [[name, value]]), flag = (name: string, bit: string): Fact[] => ((cadtFlags as readonly unknown[]).includes(bit) ? [[name]] : []);
  return [
    ...has('range', ip ? `${addressOf(ip)}-${addressOf(ipTo)}` : port === undefined ? undefined : `${port}-${portTo}`), ...(both ? has('family', setFamily === 'ipv6' ? 'inet6' : 'inet') : []), ...has('markmask', markmask === undefined ? undefined : hex(markmask)), ...has('hashsize', hashsize), ...has('maxelem', maxelem), ...has('netmask', netmask), ...has('bitmask', bitmask && addressOf(bitmask)), ...has('size', size), ...has('timeout', timeout),
    ...flag('counters', 'withCounters'), ...flag('comment', 'withComment'), ...flag('forceadd', 'withForceadd'), ...flag('skbinfo', 'withSkbinfo'), ...has('bucketsize', bucketsize), ...has('initval', initval === undefined ? undefined : hex(initval)),
  ];
}
const marks = (skbmark: bigint): string => { const mask = skbmark & 0xffffffffn; return `0x${(skbmark >> 32n).toString(16)}${mask === 0xffffffffn ? '' : `/0x${mask.toString(16)}`}`; };
/** What is said of an entry, in ipset's order. */
export function extras({ timeout, cadtFlags = [], packets, bytes, comment, skbmark, skbprio, skbqueue }: IpsetEntry): Fact[] {
  const has = (name: string, value: string | number | bigint | undefined): Fact[] => (value === undefined ? [] : [[name, value]]);
  return [
    ...has('timeout', timeout), ...(cadtFlags.includes('nomatch') ? [['nomatch'] as const] : []), ...(cadtFlags.includes('ifaceWildcard') ? [['wildcard'] as const] : []), ...has('packets', packets), ...has('bytes', bytes), ...has('comment', comment === undefined ? undefined : `"${comment}"`),
    ...has('skbmark', skbmark === undefined ? undefined : marks(skbmark)), ...has('skbprio', skbprio === undefined ? undefined : `${(skbprio >>> 16).toString(16)}:${(skbprio & 0xffff).toString(16)}`), ...has('skbqueue', skbqueue),
  ];
}
const line = (facts: readonly Fact[]): string => facts.map(([name, value]) => ` ${name}${value === undefined ? '' : ` ${value}`}`).join('');
const entryLine = (entry: IpsetEntry, typename: string): string => `${ipsetEntryText(entry, typename)}${line(extras(entry))}`;
/** In order: numbers as numbers. */
export const inOrder = ({ entries, ...set }: IpsetTold): IpsetTold => {
  const keyed = entries.map((entry) => [ipsetEntryText(entry, set.typename ?? ''), entry] as const), collator = new Intl.Collator('en', { numeric: true });
  return { ...set, entries: set.typename === 'list:set' ? entries : keyed.sort(([a], [b]) => collator.compare(a, b)).map(([, entry]) => entry) };
};

/** For people. */
export function plain(set: IpsetTold, terse: boolean): string {
  const { setname, typename = '', revision, data = {}, entries } = set;
  const head = `Name: ${setname}\nType: ${typename}\nRevision: ${revision}\nHeader:${line(options(set))}\nSize in memory: ${data.memsize ?? 0}\nReferences: ${data.references ?? 0}\n${data.elements === undefined ? '' : `Number of entries: ${data.elements}\n`}`;
  return terse ? head : `${head}Members:\n${entries.map((entry) => `${entryLine(entry, typename)}\n`).join('')}`;
}
/** As lines that `restore` takes. */
export const save = (set: IpsetTold, terse: boolean): string => `create ${set.setname} ${set.typename}${line(options(set))}\n${terse ? '' : set.entries.map((entry) => `add ${set.setname} ${entryLine(entry, set.typename ?? '')}\n`).join('')}`;

const escaped = (value: string | number | bigint): string => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const tags = (facts: readonly Fact[]): string => facts.map(([name, value]) => (value === undefined ? `<${name}/>` : `<${name}>${escaped(value)}</${name}>`)).join('');
export function xml(set: IpsetTold, terse: boolean): string {
  const { setname, typename = '', revision, data = {}, entries } = set;
  const members = terse ? '' : `<members>\n${entries.map((entry) => `<member><elem>${escaped(ipsetEntryText(entry, typename))}</elem>${tags(extras(entry))}</member>\n`).join('')}</members>\n`;
  return `<ipset name="${escaped(String(setname))}">\n<type>${typename}</type>\n<revision>${revision}</revision>\n<header>${tags(options(set))}\n<memsize>${data.memsize ?? 0}</memsize>\n<references>${data.references ?? 0}</references>\n${data.elements === undefined ? '' : `<numentries>${data.elements}</numentries>\n`}</header>\n${members}</ipset>\n`;
}
const named = (facts: readonly Fact[]): object => Object.fromEntries(facts.map(([name, value]) => [name, value === undefined ? true : typeof value === 'string' ? value.replace(/^"(.*)"$/s, '$1') : value]));
/** As programs read it: in the shape of later versions of ipset. */
export const facts = (set: IpsetTold, terse: boolean): object => ({
  name: set.setname, type: set.typename, revision: set.revision, header: { ...named(options(set)), memsize: set.data?.memsize, references: set.data?.references, numentries: set.data?.elements },
  ...(!terse && { members: set.entries.map((entry) => ({ elem: ipsetEntryText(entry, set.typename ?? ''), ...named(extras(entry)) })) }),
});
