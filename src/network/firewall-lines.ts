/** A ruleset as nft's text. */
import { chainsOf, elementsOf, maps, TABLE, TABLE_COMMENT, type FilterChain, type FilterMap, type FilterRule, type MapElement, type Match, type Ruleset } from './firewall.ts';

const IP = { inet: 'ip', inet6: 'ip6' } as const;
const HOOKS = { preRouting: 'prerouting', localOut: 'output', postRouting: 'postrouting', forward: 'forward' } as const;
const ip = (net: string): string => (net.includes(':') ? 'ip6' : 'ip');

function matchText(match: Match): string {
  switch (match.on) {
    case 'iifname': case 'oifname': return `${match.on} ${match.not ? '!= ' : ''}"${match.link}"`;
    case 'saddr': case 'daddr': return `${ip(match.net)} ${match.on} ${match.not ? '!= ' : ''}${match.net.replace(/\/128$/, '')}`;
    case 'family': return `meta nfproto ${match.family === 'inet' ? 'ipv4' : 'ipv6'}`;
    case 'dport': return `${match.protocol} dport ${match.port}`;
    case 'known': return 'ct state established,related';
    case 'dnat': return 'ct status dnat';
    case 'local': return 'fib daddr type local';
  }
}
function verdictText(verdict: FilterRule['verdict']): string {
  if (typeof verdict === 'string') return verdict;
  if ('dnatBy' in verdict) return `dnat ${IP[verdict.dnatBy.family]} to ${[...(verdict.dnatBy.addressed ? [`${IP[verdict.dnatBy.family]} daddr`] : []), 'meta l4proto', 'th dport'].join(' . ')} map @${verdict.dnatBy.name}`;
  if ('jump' in verdict) return `jump ${verdict.jump}`;
  return `dnat ${IP[verdict.family]} to ${verdict.family === 'inet6' ? `[${verdict.dnat}]` : verdict.dnat}:${verdict.port}`;
}
const ruleText = ({ when, verdict, comment }: FilterRule): string => [...when.map(matchText), verdictText(verdict), `comment "${comment}"`].join(' ');
const chainText = ({ name, base, rules }: FilterChain): string[] => [
  `  chain ${name} {`, ...(base ? [`    type ${base.type} hook ${HOOKS[base.hook]} priority ${base.priority}; policy accept;`] : []), ...rules.map((rule) => `    ${ruleText(rule)}`), '  }',
];

const ADDRESSES = { inet: 'ipv4_addr', inet6: 'ipv6_addr' } as const;
const keyText = ({ hostAddress, protocol, hostPort }: MapElement): string => [...(hostAddress === undefined ? [] : [hostAddress]), protocol, hostPort].join(' . ');
const elementText = (element: MapElement): string => `${keyText(element)} comment "${element.comment}" : ${element.to} . ${element.containerPort}`;
function mapText(map: FilterMap, elements: readonly MapElement[]): string[] {
  const own = elements.filter((element) => element.map === map).map(elementText);
  return [
    `  map ${map.name} {`, `    type ${[...(map.addressed ? [ADDRESSES[map.family]] : []), 'inet_proto', 'inet_service'].join(' . ')} : ${ADDRESSES[map.family]} . inet_service`,
    ...(own.length > 0 ? [`    elements = { ${own.join(', ')} }`] : []), '  }',
  ];
}

/** What `nft -f` would take for the whole of it. */
export function rulesetLines(ruleset: Ruleset): string[] {
  const elements = elementsOf(ruleset);
  return [
    `table inet ${TABLE}`, `delete table inet ${TABLE}`,
    ...(ruleset.length === 0 ? [] : [`table inet ${TABLE} {`, `  comment "${TABLE_COMMENT}"`, ...maps.flatMap((map) => mapText(map, elements)), ...chainsOf(ruleset).flatMap(chainText), '}']),
  ];
}
/** And for elements that go, and that come. */
export const elementLines = ({ gone, made }: { gone: readonly MapElement[]; made: readonly MapElement[] }): string[] => [
  ...gone.map((element) => `delete element inet ${TABLE} ${element.map.name} { ${keyText(element)} }`), ...made.map((element) => `add element inet ${TABLE} ${element.map.name} { ${elementText(element)} }`),
];
