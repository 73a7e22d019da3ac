/** Chains of others that drop what is forwarded: which are in a network's way, and which rules open one. */
import { expect, test } from 'vitest';
import type { Chain, Rule } from '../src/families/netfilter/index.ts';
import { blockedBy, blockedLines } from '../src/network/blocked.ts';
import { networkOf, type NetworkInput } from '../src/network/index.ts';

const chain = (more: object = {}): Chain => ({ family: 'ipv4', table: 'filter', name: 'FORWARD', type: 'filter', policy: 'drop', hook: { hooknum: 'forward', priority: 0 }, ...more }) as unknown as Chain;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const accept = { name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'accept' } } } };
const rule = (way: string, link: string, { op = 'eq', rest = [{ name: 'counter' }, accept] }: { op?: string; rest?: object[] } = {}): Rule =>
  ({ family: 'ipv4', table: 'filter', chain: 'FORWARD', expressions: { elem: [{ name: 'meta', data: { key: way, dreg: 1 } }, { name: 'cmp', data: { sreg: 1, op, data: { value: bytes(link) } } }, ...rest] } }) as unknown as Rule;
const blocked = (chains: Chain[], rules: Rule[] = [], more: Partial<NetworkInput> = {}) => blockedBy(networkOf({ name: 'lab', subnets: ['172.30.0.0/24'], ...more }), { chains, rules });
const IN = 'iptables -I FORWARD -i nl-lab -j ACCEPT', OUT = 'iptables -I FORWARD -o nl-lab -j ACCEPT';

test('a base chain that drops what is forwarded is in the way, with the lines that open it', () => {
  const [one] = blocked([chain()]);
  expect(one).toEqual({ family: 'ip', table: 'filter', chain: 'FORWARD', allow: [IN, OUT] });
  expect(blockedLines('lab', one!)).toEqual(['lab: the chain FORWARD of table ip filter drops what is forwarded, to and from it, too; this lets it pass:', `  ${IN}`, `  ${OUT}`]);
  expect(blocked([chain(), chain({ name: 'DOCKER-USER', hook: undefined, policy: undefined, type: undefined })])[0]?.allow[0]).toBe('iptables -I DOCKER-USER -i nl-lab -j ACCEPT');
  expect(blocked([chain({ family: 'ipv6' })], [], { subnets: ['fd00::/64'] })[0]?.allow[0]).toBe('ip6tables -I FORWARD -i nl-lab -j ACCEPT');
  expect(blocked([chain({ family: 'inet', table: 'guard', name: 'fw' })])[0]?.allow).toEqual(['nft insert rule inet guard fw iifname "nl-lab" accept', 'nft insert rule inet guard fw oifname "nl-lab" accept']);
});

test.each<[string, Chain[], Partial<NetworkInput>]>([
  ['another policy', [chain({ policy: 'accept' })], {}], ['another hook', [chain({ hook: { hooknum: 'localIn', priority: 0 } })], {}], ['another family', [chain({ family: 'ipv6' })], {}],
  ['a bridge\'s', [chain({ family: 'bridge' })], {}], ['our own', [chain({ family: 'inet', table: 'nlkit' })], {}], ['none that forwards anyway', [chain()], { internal: true }],
  ['none that this host routes for', [chain()], { driver: 'macvlan', parent: 'eth0' }],
])('not in the way: %s', (_what, chains, more) => { expect(blocked(chains, [], more)).toEqual([]); });

test('both ways must be open, by rules that accept all of the link', () => {
  expect(blocked([chain()], [rule('iifname', 'nl-lab\0'), rule('oifname', 'nl-lab\0'.padEnd(16, '\0'))])).toEqual([]);
  expect(blocked([chain()], [rule('iifname', 'nl-'), rule('oifname', 'nl-lab\0')]), 'a wildcard').toEqual([]);
  expect(blocked([chain()], [rule('iifname', 'nl-lab\0')])[0]?.allow).toEqual([OUT]);
  for (const wrong of [rule('oifname', 'nl-\0'), rule('oifname', 'nl-lab2\0'), rule('oifname', 'nl-lab\0', { op: 'neq' }), rule('oifname', 'nl-lab\0', { rest: [{ name: 'ct', data: { key: 'state' } }, accept] }),
    rule('oifname', 'nl-lab\0', { rest: [{ name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'drop' } } } }] }), { ...rule('oifname', 'nl-lab\0'), table: 'other' }]) {
    expect(blocked([chain()], [rule('iifname', 'nl-lab\0'), wrong])[0]?.allow).toEqual([OUT]);
  }
});
