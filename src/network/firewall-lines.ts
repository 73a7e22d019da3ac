/** A ruleset as nft's text. */
import { chainsOf, TABLE, TABLE_COMMENT, type FilterChain, type FilterRule, type Match, type Ruleset } from './firewall.ts';

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
  if ('jump' in verdict) return `jump ${verdict.jump}`;
  return `dnat ${IP[verdict.family]} to ${verdict.family === 'inet6' ? `[${verdict.dnat}]` : verdict.dnat}:${verdict.port}`;
}
const ruleText = ({ when, verdict, comment }: FilterRule): string => [...when.map(matchText), verdictText(verdict), `comment "${comment}"`].join(' ');
const chainText = ({ name, base, rules }: FilterChain): string[] => [
  `  chain ${name} {`, ...(base ? [`    type ${base.type} hook ${HOOKS[base.hook]} priority ${base.priority}; policy accept;`] : []), ...rules.map((rule) => `    ${ruleText(rule)}`), '  }',
];

/** What `nft -f` would take for the whole of it. */
export const rulesetLines = (ruleset: Ruleset): string[] => [
  `table inet ${TABLE}`, `delete table inet ${TABLE}`,
  ...(ruleset.length === 0 ? [] : [`table inet ${TABLE} {`, `  comment "${TABLE_COMMENT}"`, ...chainsOf(ruleset).flatMap(chainText), '}']),
];
