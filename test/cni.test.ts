/** The protocol of CNI plugins: what is refused, and how results are written in each version of the specification. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answer, readResult, resultJson, VERSIONS, type Result, type Version } from '../src/cni/index.ts';
import { masqueradeRules } from '../src/cni/masquerade.ts';
import { portRules } from '../src/cni/plugins/portmap.ts';
import { firstOf, overlapping, subnetOf, wholeOf } from '../src/cni/subnet.ts';
import { cases, differences } from './support/cni-cases.ts';
import { CALL, refusals } from './support/cni-refusals.ts';

test.each(refusals)('refused: $name', ({ type, config, env, code, says }) => {
  const { status, output } = answer(type, { ...CALL, ...env }, typeof config === 'string' ? config : JSON.stringify(config));
  expect(output).toMatchObject({ code, msg: expect.stringMatching(says) as string });
  expect(status).toBe(1);
});
test('a refusal says the version of the configuration, when that is a good one', () => {
  expect(answer('bridge', { ...CALL, CNI_CONTAINERID: 'a/b' }, '{"cniVersion":"0.4.0","name":"n"}').output).toMatchObject({ cniVersion: '0.4.0', details: 'a/b' });
  expect(answer('bridge', CALL, '{"cniVersion":"7","name":"n"}').output).not.toHaveProperty('cniVersion');
});
test('VERSION needs no configuration', () => {
  expect(answer('bridge', { CNI_COMMAND: 'VERSION' }, '')).toEqual({ status: 0, output: { cniVersion: '1.1.0', supportedVersions: VERSIONS } });
});
test('the configuration says the plugin when the name of the program does not', () => {
  expect(answer('nlkit-cni', CALL, '{"cniVersion":"1.0.0","name":"n","type":"portmap"}').output).toMatchObject({ msg: 'must be called as chained plugin' });
  expect(answer('nlkit-cni', CALL, '{"cniVersion":"1.0.0","name":"n","type":"dhcp"}').output).toMatchObject({ code: 7, msg: expect.stringMatching(/no plugin of type "dhcp": bandwidth, bridge/) as string });
});

const full: Result = {
  interfaces: [{ name: 'br0', mac: '02:00:00:00:00:01', mtu: 1500 }, { name: 'eth0', mac: '02:00:00:00:00:02', mtu: 1500, sandbox: '/run/netns/a' }],
  ips: [{ interface: 1, address: '10.0.0.2/24', gateway: '10.0.0.1' }, { interface: 1, address: 'fd00::2/64' }],
  routes: [{ dst: '0.0.0.0/0', gw: '10.0.0.1', mtu: 1400, priority: 5, table: 100, scope: 0, advmss: 1360 }, { dst: '::/0' }],
  dns: { nameservers: ['10.0.0.1'], search: ['example.org'] },
};
const old = { interfaces: [{ name: 'br0', mac: '02:00:00:00:00:01' }, { name: 'eth0', mac: '02:00:00:00:00:02', sandbox: '/run/netns/a' }], routes: [{ dst: '0.0.0.0/0', gw: '10.0.0.1' }, { dst: '::/0' }] };
const halves = { ip4: { ip: '10.0.0.2/24', gateway: '10.0.0.1', routes: [{ dst: '0.0.0.0/0', gw: '10.0.0.1' }] }, ip6: { ip: 'fd00::2/64', routes: [{ dst: '::/0' }] } };
const versioned = [{ version: '4', interface: 1, address: '10.0.0.2/24', gateway: '10.0.0.1' }, { version: '6', interface: 1, address: 'fd00::2/64' }];
const written: Record<Version, object> = {
  '0.1.0': halves, '0.2.0': halves, '0.3.0': { ...old, ips: versioned }, '0.3.1': { ...old, ips: versioned }, '0.4.0': { ...old, ips: versioned },
  '1.0.0': { ...old, ips: full.ips }, '1.1.0': { interfaces: full.interfaces, ips: full.ips, routes: full.routes },
};
test.each(VERSIONS)('a result in version %s', (version) => {
  const json = resultJson(full, version);
  expect(json).toEqual({ cniVersion: version, ...written[version], dns: full.dns });
  // What was read from it says the same again, in its own version and in every newer one.
  for (const other of VERSIONS.slice(VERSIONS.indexOf(version))) expect(resultJson(readResult(json, '1.0.0'), version), other).toEqual(json);
});
test('a result without addresses cannot be said before 0.3.0', () => {
  expect(() => resultJson({ interfaces: [{ name: 'lo' }] }, '0.2.0')).toThrow(/no valid IP addresses/);
  expect(resultJson({}, '1.0.0')).toEqual({ cniVersion: '1.0.0', dns: {} });
});
test.each([[{ ips: 4 }, /ips is not a list/], [{ ips: [{}] }, /ips\.address is not a text/], [{ interfaces: [{ mac: 'x' }] }, /interfaces\.name/], [{ cniVersion: '3.0.0' }, /incompatible/], [[], /not an object/]])('a former result that is none: %j', (json, says) => {
  expect(() => readResult(json, '1.0.0')).toThrow(says);
});
test('null in a result is as good as nothing', () => {
  expect(readResult({ ips: null, interfaces: null, routes: null, dns: null }, '1.0.0')).toEqual({ interfaces: [], ips: [], routes: [], dns: {} });
});

test('prefixes', () => {
  expect([subnetOf('10.1.2.3/20'), subnetOf('fd00::5/64'), firstOf('10.1.2.3/20'), firstOf('fd00::5/64'), wholeOf('10.0.0.1'), wholeOf('fd00::1')])
    .toEqual(['10.1.0.0/20', 'fd00::/64', '10.1.0.1', 'fd00::1', '10.0.0.1/32', 'fd00::1/128']);
  expect([overlapping('10.0.0.1/8', '10.9.0.0/16'), overlapping('10.0.0.1/16', '10.9.0.0/16'), overlapping('10.0.0.0/8', 'fd00::/8')]).toEqual([true, false, false]);
});
test('rules of ipMasq and of ports', () => {
  expect(masqueradeRules([{ address: 'fd00::5/64' }])).toEqual([{ chain: 'masquerade', verdict: 'masquerade', when: [{ on: 'saddr', net: 'fd00::5' }, { on: 'daddr', net: 'fd00::/64', not: true }, { on: 'daddr', net: 'ff00::/8', not: true }] }]);
  const mapping = { hostPort: 80, containerPort: 8080, protocol: 'udp', hostIP: '10.9.9.9' } as const;
  expect(portRules([mapping], { address: 'fd00::5/64' }, true)).toEqual([]);
  expect(portRules([mapping], { address: '10.0.0.5/24' }, false).map(({ chain, verdict }) => [chain, verdict])).toEqual(['prerouting', 'output'].map((chain) => [chain, { dnat: '10.0.0.5', port: 8080, family: 'inet' }]));
  expect(portRules([mapping], { address: '10.0.0.5/24' }, true).filter(({ chain }) => chain === 'masquerade').map(({ when }) => when)).toEqual(['10.0.0.0/24', '127.0.0.0/8'].map((net) => [{ on: 'dnat' }, { on: 'saddr', net }, { on: 'daddr', net: '10.0.0.5' }]));
});
test('differences are of cases that there are, and documented', () => {
  const page = readFileSync(new URL('../docs/cni.md', import.meta.url), 'utf8');
  for (const [name, { why }] of Object.entries(differences)) {
    expect(cases.map((own) => own.name)).toContain(name);
    expect(page).toContain(why);
  }
  expect(cases.length).toBeGreaterThan(40);
});
