/** `nlkit conntrack` beside conntrack-tools: the same print of the same connections, the same state after the same line, the same events. */
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { lacksTracking } from '../support/conntrack.ts';
import { built, type Built } from '../support/program.ts';
import { has, isolate, PATIENCE, sh, until } from './support.ts';

const why = isolate() ?? (!has('conntrack') || !has('nft') || !has('ip') ? 'no conntrack, nft and ip to compare with' : lacksTracking());
if (why) console.warn(`skipped: ${why}`);

interface Said { status: number | null; stdout: string; stderr: string }
const words = (line: string): string[] => line.split(' ').filter(Boolean);
const theirs = (namespace: string, line: string): Said => { const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', namespace, 'conntrack', ...words(line)], { encoding: 'utf8', timeout: PATIENCE }); return { status, stdout, stderr: stderr.replace(/^conntrack v\S+ \(conntrack-tools\): /gm, '') }; };
async function ours(namespace: string, line: string, ...before: string[]): Promise<Said> {
  const out = new Captured();
  return { status: await run(['-n', namespace, ...before, 'conntrack', ...words(line)], out), stdout: out.stdout, stderr: out.stderr };
}
/** Without what conntrack-tools get wrong of SCTP: in XML its states have names of TCP's, the bytes of its tags are swapped. */
const stateless = (text: string): string => text.replace(/^(<flow.*protoname="sctp".*)<state>\w+<\/state>/gm, '$1').replace(/ --(orig|reply)-vtag \d+/g, '');
/** Without what time changes; in an order. */
const steady = (text: string): string[] => stateless(text).replace(/<(timeout|deltatime|use|id)>\d+/g, '<$1>N').replace(/^(-[AUD] -t) \d+/gm, '$1 N').replace(/ id=\d+$/gm, ' id=ID').replace(/^((?:ipv[46]\s+\d+ )?\w+\s+\d+) \d+/gm, '$1 N').replace(/delta-time=\d+/g, 'delta-time=N').replace(/use=\d/g, 'use=N').split('\n').filter(Boolean).sort();

const made = [
  '-I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -t 100 -m 7', '-I -p udp -s 192.0.2.3 -d 192.0.2.2 --sport 1000 --dport 53 -t 100 --dst-nat 198.51.100.9:5353', '-I -p udp -s 192.0.2.5 -d 192.0.2.2 --sport 1000 --dport 53 -t 100 --src-nat 198.51.100.1',
  '-I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 80 -t 100 --state ESTABLISHED -u SEEN_REPLY,ASSURED', '-I -p tcp -s 2001:db8::1 -d 2001:db8::2 --sport 1000 --dport 80 -t 100 --state SYN_SENT -m 0x15', '-I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -t 100 -w 9',
  '-I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1001 --dport 53 -t 100 --orig-zone 8', '-I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1002 --dport 53 -t 100 --reply-zone 8', '-I -p icmp -s 192.0.2.1 -d 192.0.2.2 --icmp-type 8 --icmp-code 0 --icmp-id 5 -t 100',
  '-I -p icmpv6 -s 2001:db8::1 -d 2001:db8::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 5 -t 100', '-I -p gre -s 192.0.2.1 -d 192.0.2.2 --srckey 1 --dstkey 2 -t 100', '-I -p sctp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 99 --state ESTABLISHED --orig-vtag 5 --reply-vtag 6 -t 100',
  '-I -p udp -s 192.0.2.7 -d 192.0.2.2 --sport 1 --dport 2 -r 192.0.2.8 -q 192.0.2.7 --reply-port-src 9 --reply-port-dst 1 -t 100',
];

describe.skipIf(why)('beside conntrack', () => {
  let program: Built;
  beforeAll(async () => {
    program = await built('nlkit');
    for (const name of ['a', 'b']) {
      create(name);
      sh(`ip -n ${name} link set lo up; ip netns exec ${name} sysctl -qw net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1; ip netns exec ${name} nft 'add table inet t; add chain inet t o { type filter hook output priority 0; }; add rule inet t o ct state new counter; add rule inet t o udp dport 7000 ct label set 5'`);
    }
  });
  afterAll(() => { for (const name of ['a', 'b']) remove(name); program.remove(); });

  test.each(made)('the same is made: %s', async (line) => {
    const first = theirs('a', line), second = await ours('b', line);
    expect([first.status, second.status], first.stderr + second.stderr).toEqual([0, 0]);
    expect(second.stderr).toBe(first.stderr);
    expect(steady(theirs('b', '-L -o extended').stdout)).toEqual(steady(theirs('a', '-L -o extended').stdout));
  });

  test.each([
    '-L', '-L conntrack', '-L -f ipv4', '-L -f ipv6', '-L -o extended', '-L -o id', '-L -o extended,id', '-L -o ktimestamp', '--dump', '-L -p udp', '-L -p tcp --state ESTABLISHED', '-L -p udp --dport 53', '-L -p udp --orig-port-dst=53 --sport 1000', '-L -p udp --reply-port-src 5353', '-L -s 192.0.2.1', '-L -s 192.0.2.2/31', '-L -d 192.0.2.2 -p tcp', '-L -r 198.51.100.9',
    '-L -q 198.51.100.1', '-L -s 2001:db8::1', '-L -m 7', '-L -m 5/5', '-L -u ASSURED', '-L -u SEEN_REPLY', '-L -g', '-L -n', '-L -j', '-L -g 198.51.100.9', '-L -n 198.51.100.1', '-L -j 198.51.100.9', '-L -g 203.0.113.1', '-L -w 9', '-L -w 0', '-L --orig-zone 8', '-L -p icmp', '-L -p icmp --icmp-type 8', '-L -p 17', '-L -p gre', '-L dying', '-L unconfirmed', '-C', '-S',
    '-L -o save', '-L -o xml', '-L -o xml,ktimestamp', '-L -o xml,id,extended', '-L -o xml -s 203.0.113.1', '-L -p udp -o save', '-G -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -o save', '-p udp -L', '-p udp --dport 53 -o extended -L conntrack', '-o save -L', '-s 192.0.2.1 --dump', '-o id -L -f ipv4',
    '-G -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53', '-G -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 80 -o extended,id',
  ])('the same print: %s', async (line) => {
    const first = theirs('a', line), second = await ours('a', line);
    expect(steady(second.stdout)).toEqual(steady(first.stdout));
    expect([second.status, second.stderr]).toEqual([first.status, first.stderr]);
  });

  test('traffic: the same connections, with what is counted of them', async () => {
    const traffic = (name: string): void => void sh(`ip netns exec ${name} perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:7002"); my $c = IO::Socket::INET->new(LocalPort => 7003, PeerAddr => "127.0.0.1:7002"); my $a = $s->accept; print $a "hello"; $c->read(my $b, 5); close $c; close $a; my $u = IO::Socket::INET->new(Proto => "udp", LocalPort => 7001, PeerAddr => "127.0.0.1:7000"); $u->send("x")'`);
    traffic('a');
    for (const line of ['-L', '-L -s 127.0.0.1 -o id', '-L -p tcp --state TIME_WAIT']) expect(steady((await ours('a', line)).stdout), line).toEqual(steady(theirs('a', line).stdout));
    const [one] = JSON.parse((await ours('a', '-L -p udp --dport 7000', '-j')).stdout) as Record<string, unknown>[];
    expect(one).toMatchObject({ family: 'ipv4', protocol: 'udp', protonum: 17, orig: { src: '127.0.0.1', dst: '127.0.0.1', sport: 7001, dport: 7000, packets: 1, bytes: 29 }, labels: [5] });
    expect((await ours('a', '-L -p udp --dport 7000 -o labels')).stdout).toMatch(/ labels=5\n$/);
  });

  test.each(['-U -p tcp -s 192.0.2.1 -m 9', '-U -p udp -s 192.0.2.3 --dport 53 -t 5000', '-U -p udp -s 192.0.2.5 -u SEEN_REPLY,ASSURED', '-D -p udp -s 192.0.2.3', '-D -r 198.51.100.9', '-D -p tcp --state SYN_SENT', '-D -n', '-D -w 9', '-D -p icmp', '-D -m 0x15', '-D -f ipv6', '-D -p udp --dport 53', '-F', '-D'])('the same state after: %s', async (line) => {
    for (const name of ['a', 'b']) sh([`conntrack -F`, ...made.map((one) => `conntrack ${one}`)].map((one) => `ip netns exec ${name} ${one}`).join(' && '));
    const first = theirs('a', line), second = await ours('b', line);
    expect(steady(second.stdout)).toEqual(steady(first.stdout));
    expect([second.status, second.stderr]).toEqual([first.status, first.stderr]);
    expect(steady(theirs('b', '-L -o extended').stdout)).toEqual(steady(theirs('a', '-L -o extended').stdout));
  });

  test('where conntrack 1.4.7 finds nothing, or not all: by the way back, in a zone, several to change', async () => {
    sh([`conntrack -F`, ...made.map((one) => `conntrack ${one}`)].map((one) => `ip netns exec a ${one}`).join(' && '));
    expect((await ours('a', '-G -p tcp -r 192.0.2.2 -q 192.0.2.1 --reply-port-src 80 --reply-port-dst 1000')).stdout).toMatch(/^tcp .* ESTABLISHED src=192.0.2.1 .* dport=80 /);
    expect((await ours('a', '-G -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -w 9')).stdout).toMatch(/ zone=9 /);
    expect((await ours('a', '-U -p udp -s 192.0.2.1 --dport 53 -m 77')).stderr).toBe('4 flow entries have been updated.\n');
    expect(theirs('a', '-L -m 77').stdout.trim().split('\n')).toHaveLength(4);
  });

  test('the line of conntrack that makes it anew makes the same; XML that is whole', async () => {
    for (const name of ['a', 'b']) sh(`ip netns exec ${name} conntrack -F`);
    sh(made.map((one) => `ip netns exec a conntrack ${one}`).join(' && '));
    const lines = (await ours('a', '-L -o save')).stdout.trim().split('\n');
    expect(lines).toHaveLength(made.length);
    for (const one of lines) expect((await ours('b', one.replace(/^-A/, '-I'))).stderr, one).toBe('1 flow entries have been created.\n');
    const kept = (text: string): string[] => steady(text.replace(/mark=\d+ /g, ''));
    expect(kept(theirs('b', '-L -o extended').stdout)).toEqual(kept(theirs('a', '-L -o extended').stdout));
    const line = '-G -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -o xml', [first, second] = [theirs('a', line).stdout, (await ours('a', line)).stdout];
    // conntrack 1.4.7 leaves the end away.
    expect(steady(second)).toEqual(steady(`${first.replace('</conntrack>\n', '')}</conntrack>\n`));
    expect((await ours('a', '-L -p sctp -o xml')).stdout).toContain('<state>ESTABLISHED</state>');
  });

  test.each([['-D', 'xml'], ['-D', 'save'], ['-U -t 300', 'xml'], ['-U -t 300', 'save']])('%s, as %s', async (line, form) => {
    for (const name of ['a', 'b']) sh([`conntrack -F`, made[0], made[1]].map((one) => `ip netns exec ${name} conntrack ${one?.replace(/^conntrack /, '')}`).join(' && '));
    const [first, second] = [theirs('a', `${line} -p udp -s 192.0.2.1 -o ${form}`), await ours('b', `${line} -p udp -s 192.0.2.1 -o ${form}`)];
    expect(steady(second.stdout)).toEqual(steady(first.stdout));
    expect([second.status, second.stderr]).toEqual([first.status, first.stderr]);
  });

  test('labels: named in a file, added, taken away, selected', async () => {
    sh('mkdir -p /run/xtables && mount --bind /run/xtables /etc/xtables 2>/dev/null || { mkdir -p /run/etc && cp -a /etc/. /run/etc && mount --bind /run/etc /etc && mkdir -p /etc/xtables; }; printf "0 none\n3 three\n5 five\n127 last\n" >/etc/xtables/connlabel.conf');
    for (const name of ['a', 'b']) sh([`conntrack -F`, ...made.slice(0, 4)].map((one) => `ip netns exec ${name} conntrack ${one.replace(/^conntrack /, '')}`).join(' && '));
    const set = (text: string): string[] => steady(text).map((one) => one.replace(/.* (src=\S+).*?(labels=\S+)?$/, '$1 $2'));
    for (const line of ['-U -p udp -s 192.0.2.1 --label-add five', '-U -p udp -s 192.0.2.3 --label-add three,last', '-U -p udp -s 192.0.2.5 --label-add none', '-U -p udp -s 192.0.2.1 --label-add three', '-L -l five -o labels', '-L -l last,none -o labels', '-L -l last,three -o labels', '-L --label three -p udp -o labels', '-L -o xml,labels', '-U -p udp -s 192.0.2.5 --label-del none', '-U -p udp -s 192.0.2.1 --label-del', '-D -l five', '-I -p udp -s 192.0.2.90 -d 192.0.2.2 --sport 1 --dport 2 -t 100 --label-add five']) {
      const [first, second] = [theirs('a', line), await ours('b', line)];
      expect({ line, status: second.status, stderr: second.stderr, stdout: steady(second.stdout) }).toEqual({ line, status: first.status, stderr: first.stderr, stdout: steady(first.stdout) });
      expect({ line, left: set(theirs('b', '-L -o labels').stdout) }).toEqual({ line, left: set(theirs('a', '-L -o labels').stdout) });
    }
    // conntrack 1.4.7 takes the others away as well.
    expect(theirs('a', '-U -p udp -s 192.0.2.3 --label-del last').stdout).not.toContain('labels=');
    expect((await ours('b', '-U -p udp -s 192.0.2.3 --label-del last')).stdout).toMatch(/ labels=three\n$/);
    expect(theirs('b', '-L -s 192.0.2.3 -o labels').stdout).toMatch(/ labels=three\n$/);
    expect((await ours('b', '-U -p udp -s 192.0.2.90 --label-add 7')).status).toBe(0);
    expect((await ours('b', '-L -l 7 -o labels')).stdout).toMatch(/ labels=five,7\n$/);
    expect((await ours('b', '-U -p udp --label-add fvie')).stderr).toMatch(/"fvie" is not a label.*\n?.*did you mean "five"/s);
  });

  test.each<[string, number, RegExp]>([
    ['-G -p udp -s 192.0.2.200 -d 192.0.2.201 --sport 1 --dport 2', 1, /no such connection/], ['-D -s 192.0.2.200', 1, /^0 flow entries have been deleted/], ['-L --sprot 5', 1, /did you mean "--sport"/], ['-L -p tpc', 1, /did you mean "tcp"/], ['-L -s nonsense', 1, /not an address/],
    ['-L -f ipv4 -s ::1', 1, /not an address of ipv4/], ['-L -u ASURED', 1, /did you mean "ASSURED"/], ['-L -o xml,json', 1, /cannot be combined/], ['-L -o save,id', 1, /cannot be combined/], ['-L -o svae', 1, /did you mean "save"/], ['-U -p udp --label-add 1 --label-del', 1, /not both/], ['-L -l 128', 1, /not a label/], ['-p udp -X', 1, /is not a command/], ['-p tcp -C', 1, /"-p" is not an option here/], ['-L -z -p udp', 1, /cannot be narrowed/], ['-L nonsense', 1, /not a table/], ['-I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2', 1, /-t SECONDS/], ['-U -p udp', 1, /what should change/],
    ['-R file', 1, /shell/], ['-X', 1, /is not a command/], ['-I -p icmp -s 192.0.2.1 -d 192.0.2.2 --icmp-type 3 -t 5', 2, /EINVAL/],
  ])('%s: status %i', async (line, status, says) => {
    const said = await ours('a', line);
    expect(said.stderr).toMatch(says);
    expect(said.status).toBe(status);
  });

  test('what FTP announces is expected', async () => {
    const listeners = [['conntrack'], [process.execPath, program.program, 'conntrack']].map((command) => { const heard = { text: '', child: spawn('ip', ['netns', 'exec', 'a', ...command, '-E', 'expect'], { stdio: ['ignore', 'pipe', 'ignore'] }) }; heard.child.stdout.on('data', (text) => { heard.text += String(text); }); return heard; });
    sh(`ip netns exec a nft 'add ct helper inet t f { type "ftp" protocol tcp; }; add rule inet t o tcp dport 2121 ct helper set "f"'`);
    const announce = (port: number): void => void sh(`ip netns exec a perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1, LocalAddr => "127.0.0.1:2121"); my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1:2121"); my $a = $s->accept; print $a "220 hello\\r\\n"; <$c>; print $c "USER a\\r\\n"; <$a>; print $a "331 go on\\r\\n"; <$c>; print $c "PORT 127,0,0,1,${port >> 8},${port & 255}\\r\\n"; <$a>'`);
    try {
      let port = 7800;
      // What is expected already is not expected of another.
      await until('both listen', () => { announce(port++); return listeners.every(({ text }) => text.includes('dport=78')); });
      announce(7741);
      const first = theirs('a', '-L expect'), second = await ours('a', '-L expect'), ticking = (text: string): string[] => text.replace(/^\d+ /gm, '').split('\n').sort();
      expect(ticking(second.stdout)).toEqual(ticking(first.stdout));
      expect(second.stdout).toContain('dport=7741');
      expect([second.status, second.stderr]).toEqual([first.status, first.stderr]);
      expect(JSON.parse((await ours('a', '-L expect', '-j')).stdout)).toContainEqual(expect.objectContaining({ helper: 'ftp', tuple: expect.objectContaining({ dport: 7741 }) as object }));
      await until('both have heard', () => listeners.every(({ text }) => text.includes('dport=7741')));
      const [one, other] = listeners.map(({ text }) => text.split('\n').filter((line) => line.includes('dport=7741')));
      expect(other).toEqual(one);
      expect((await ours('a', '-F expect')).stderr).toBe('expectation table has been emptied.\n');
      expect(theirs('a', '-L expect').stdout).toBe('');
    } finally { for (const { child } of listeners) child.kill('SIGINT'); }
  }, PATIENCE * 2);

  test('events: the same lines while connections come, change and go; as JSON, one a line', async () => {
    const listeners = [['conntrack', '-E', '-o', 'extended,id'], [process.execPath, program.program, 'conntrack', '-E', '-o', 'extended,id'], ['conntrack', '-E', '-e', 'DESTROY', '-p', 'udp'], [process.execPath, program.program, 'conntrack', '-E', '-e', 'DESTROY', '-p', 'udp'], [process.execPath, program.program, 'conntrack', '-E', '-o', 'json']]
      .map((command) => { const child = spawn('ip', ['netns', 'exec', 'a', ...command], { stdio: ['ignore', 'pipe', 'pipe'] }), heard = { text: '', said: '', child }; child.stdout.on('data', (text) => { heard.text += String(text); }); child.stderr.on('data', (text) => { heard.said += String(text); }); return heard; });
    sh('ip netns exec a conntrack -F');
    const marked = 'ip netns exec a conntrack -I -p udp -s 192.0.2.50 -d 192.0.2.51 --sport 1 --dport 2 -t 9; ip netns exec a conntrack -D -s 192.0.2.50';
    await until('all listen', () => { sh(marked); return listeners.every(({ text }) => text.includes('192.0.2.50')); });
    sh(`ip netns exec a perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:7002"); my $c = IO::Socket::INET->new(LocalPort => 7103, PeerAddr => "127.0.0.1:7002"); my $a = $s->accept; close $c; close $a'; ip netns exec a conntrack -I -p udp -s 192.0.2.60 -d 192.0.2.61 --sport 1 --dport 2 -t 9; ip netns exec a conntrack -U -p udp -s 192.0.2.60 -m 5; ip netns exec a conntrack -D -s 192.0.2.60`);
    const own = (text: string): string[] => text.split('\n').filter((line) => /7103|192\.0\.2\.60/.test(line)).map((line) => line.replace(/ \[USERSPACE\].*/, '').replace(/delta-time=\d+/, 'delta-time=N'));
    await until('all have heard of it', () => listeners.every(({ text }) => /DESTROY.*192\.0\.2\.60|"destroy".*192\.0\.2\.60/.test(text)));
    for (const { child } of listeners) child.kill('SIGINT');
    const [first, second, third, fourth, json] = listeners.map(({ text }) => own(text)) as [string[], string[], string[], string[], string[]];
    expect(second).toEqual(first);
    expect(first.length).toBeGreaterThan(7);
    expect(fourth).toEqual(third);
    expect(third).toHaveLength(1);
    expect(json.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(first.map((line) => /\[(\w+)\]/.exec(line)?.[1]?.toLowerCase()));
    expect(listeners[1]?.said ?? '').not.toMatch(/error/);
  }, PATIENCE * 2);
});
