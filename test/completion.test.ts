/** What the shell is told may follow: every command's words, values whose words are known, and the script for bash in bash. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { candidates } from '../src/cli/completion.ts';
import type { Command } from '../src/cli/grammar.ts';
import { load } from '../src/cli/help.ts';
import { root } from '../src/cli/root.ts';
import { Words } from '../src/cli/words.ts';
import { built, type Built } from './support/program.ts';

/** A line ends where it is typed: after a blank, a word begins. */
const after = (line: string): Promise<string[]> => candidates(new Words([...split(line), ...(line.endsWith(' ') ? [''] : [])]));

describe('words that are known', () => {
  test.each<[string, string[]]>([
    // What can be watched, or recorded.
    ['ip monitor n', ['neigh', 'neighbour', 'neighbor', 'nsid', 'netconf', 'nexthop']], ['ip monitor label a', ['address', 'acaddress', 'all', 'all-nsid']], ['ip monitor link dev l', ['lo']],
    ['bridge monitor ', ['link', 'fdb', 'mdb', 'vlan', 'vni', 'all', 'label', 'all-nsid', 'dev', 'file']],
    ['rtmon file x ', ['file', 'link', 'address', 'route', 'all']], ['uevent --s', ['--subsystem-match']], ['ethtool --monitor --show-p', ['--show-priv-flags', '--show-pause']],
    // Messages, groups, protocols.
    ['fuzz --message RTM_NEWADDR', ['RTM_NEWADDR', 'RTM_NEWADDRLABEL']], ['fuzz -m RTM_NEWADDR,RTM_NEWR', ['RTM_NEWADDR,RTM_NEWROUTE', 'RTM_NEWADDR,RTM_NEWRULE']], ['fuzz -m RTM_NEWADDR RTM_NEWRO', ['RTM_NEWROUTE']],
    ['fuzz --message RTM_NEWADDR --se', ['--seed']], ['fuzz --protocol generic wire', ['wireguard']], ['trace --type RTM_NEWNS', ['RTM_NEWNSID']], ['send --listen ipv4R', ['ipv4Route', 'ipv4Rule']],
    ['decode --from ', ['auto', 'hex', 'pcap', 'strace', 'binary']], ['decode --t', ['--tree']], ['encode --protocol net', ['netfilter']],
    // Lines of another command.
    ['trace ip link se', ['set']], ['trace -b -- bridge fd', ['fdb']], ['trace nft li', []], ['explain ip link set lo mt', ['mtu']], ['explain EBU', ['EBUSY']], ['ip netns exec s1 ip lin', ['link']],
    // Options before the words, and their values.
    ['ip -n s1 li', ['link']], ['-f ine', ['inet', 'inet6']], ['ip -f inet neigh sh', ['show']], ['ip -family=inet li', ['link']], ['ethtool --netns s1 --show-pe', ['--show-permaddr']], ['devlink -N s1 heal', ['health']],
    // Kinds, and what follows them.
    ['ip link add v0 type vx', ['vxcan', 'vxlan']], ['ip link set lo type bridge_slave gu', ['guard']], ['ip link add v0 type veth peer na', ['name']], ['ip link show type vlan u', ['up']], ['ip link xstats type bond', ['bond', 'bond_slave']],
    ['tc actions add action mirred egress re', ['redirect', 'redir']], ['tc actions show action mir', ['mirred']], ['tc filter add dev lo ingress matchall action d', ['drop']],
    ['tc filter add dev lo ingress matchall action mirred eg', ['egress']], ['tc filter add dev lo ingress basic police ra', ['rate']], ['tc filter add dev lo protocol ipv', ['ipv6']],
    // Names of numbers; words that help shows beside a number.
    ['ip address add 192.0.2.1/24 scope l', ['link']], ['ip route show table ca', ['cache']], ['ip route add 192.0.2.0/24 table mai', ['main']], ['ip address add 192.0.2.1/24 valid_lft ', ['forever']], ['ip route add 192.0.2.0/24 mtu ', ['lock']],
    // Values by their place.
    ['brctl addif br0 l', ['lo']], ['brctl hairpin br0 lo o', ['on', 'off']], ['ip macsec offload lo ', ['off', 'phy', 'mac']], ['ip sr hmac set 1 ', ['sha1', 'sha256']], ['ip vrf exec l', ['lo']], ['completion b', ['bash']],
    ['ip link add m type vxl', ['vxlan']], ['ip link set dev lo mas', ['master']], ['ipset create s hash:net,n', ['hash:net,net']], ['ip macsec delete lo tx s', ['sci', 'sa']], ['ethtool -K lo gr', ['gro']], ['ethtool --set-fec lo encoding r', ['rs']], ['wg show inter', ['interfaces']], ['net create --driver=mac', ['--driver=macvlan']],
    ['ss state est', ['established']], ['ss -t dp', ['dport']], ['net create --mode l', ['l2', 'l3', 'l3s']], ['ipvsadm -A -t 192.0.2.1:80 -s sh -b sh-', ['sh-fallback', 'sh-port']],
    // Nothing is guessed behind a word that means nothing.
    ['nosuch ', []], ['ip nosuch ', []],
  ])('%s', async (line, words) => {
    expect(await after(line)).toEqual(words);
  });
  test('files, and folders to go into', async () => {
    expect(await after('send package.js')).toEqual(['package.json']);
    expect(await after('trace -o src/cl')).toEqual(['src/cli/']);
    expect(await after('ip monitor file nosuch/')).toEqual([]);
  });
  test('each command whose usage has words of its own gives some', async () => {
    const silent: string[] = [];
    const visit = async (command: Command, path: string): Promise<void> => {
      for (const key of Object.keys(command.commands ?? {})) await visit(await load(command.commands!, key), `${path} ${key.split('|')[0]}`);
      if (command.run && /[a-z]{2}/.test(command.usage ?? '') && !command.options && !command.places) silent.push(path);
    };
    await visit(root, 'nlkit');
    expect(silent).toEqual([]);
  });
});

describe('in a shell', () => {
  let program: Built, folder: string;
  beforeAll(async () => {
    program = await built('nlkit');
    folder = mkdtempSync(join(tmpdir(), 'completion-'));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'nlkit'), `#!/bin/sh\nexec "${process.execPath}" "${program.program}" "$@"\n`, { mode: 0o755 });
  });
  afterAll(() => { program?.remove(); rmSync(folder, { recursive: true, force: true }); });
  // Bash itself takes the words apart at colons and equals signs, and puts the answer in place of the last part.
  test.each<[string, string]>([
    ['nlkit ip li', 'link'], ['nlkit ip address add fe80::1/64 d', 'dev'], ['nlkit ip link set lo address 02:00:00:00:00:0d mas', 'master'], ['nlkit monitor dev l', 'lo'], ['nlkit send su', 'sub/'], ['nlkit net create --driver=mac', 'macvlan'],
    ['nlkit nosuch ', ''],
  ])('bash: %s', (line, words) => {
    const script = 'source <(nlkit completion bash); COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(); _nlkit; printf %s "${COMPREPLY[*]}"';
    expect(execFileSync('bash', ['--norc', '-c', script, 'bash', line], { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` }, encoding: 'utf8' })).toBe(words);
  });

  const noFish = spawnSync('fish', ['--version']).status === 0 ? undefined : 'fish is not installed';
  if (noFish) console.warn(`skipped: completion in fish: ${noFish}`);
  test.skipIf(noFish).each([['nlkit ip link add x type vx', 'vxcan vxlan'], ['nlkit decode --from=h', '--from=hex'], ['nlkit ip link sh', 'show']])('fish: %s', (line, words) => {
    const said = execFileSync('fish', ['--no-config', '-c', 'nlkit completion fish | source; complete -C $argv[1]', line], { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder }, encoding: 'utf8' });
    expect(said.trim().split('\n').join(' ')).toBe(words);
  });
});
