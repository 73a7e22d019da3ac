/** Families of generic netlink that come with modules, beside iproute2: the same state, bytes and print. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fou, ila, l2tp, macsec } from '../../src/families/generic/index.ts';
import { expected } from '../support/differences.ts';
import { beside, forms } from './beside.ts';
import type { Said } from './shell.ts';
import { iproute2Version, kernelVersion } from './support.ts';

const { why, sh, nlkit, lacking, alike, doAlike, noStrace, sameBytes } = beside();
const version = why ? 0 : iproute2Version();
const table = expected('live/cli-generic-modules', version, kernelVersion());

// Not all of these load when their family is asked for.
if (!why) spawnSync('modprobe', ['-qa', 'fou', 'ila', 'macsec', 'l2tp_netlink']);
const lacks = { fou: lacking(fou), ila: lacking(ila), macsec: lacking(macsec), l2tp: lacking(l2tp) };
for (const reason of new Set(Object.values(lacks))) if (reason && !why) console.warn(`skipped: ${reason}`);

const every = ['', '-j', '-j -p', '-o', '-d', '-c=always'];
const ok = { status: 0, stderr: '' };
/** Both are said a line in a namespace that is there: what iproute2 and nlkit make of it. */
async function each(line: string): Promise<[theirs: Said, ours: Said]> {
  return [await sh(line), await nlkit(line)];
}
/** Makes a namespace for the tests around it, by iproute2. */
function shown(...lines: string[]): void {
  beforeAll(async () => { expect(await sh(['ip netns add shown', 'ip -n shown link set lo up', ...lines].join(' && '))).toMatchObject(ok); });
  afterAll(() => sh('ip netns del shown'));
}

describe.skipIf(lacks.fou)('fou', () => {
  test('both do alike', () => doAlike(['ip -j fou show'], [
    'ip fou add port 5555 ipproto gre', 'ip fou add port 5556 gue -6', 'ip -6 fou add port 5557 ipproto 4', 'ip -4 fou add port 5558 gue -6', 'ip fou add port 5559 gue local 127.0.0.1 peer 127.0.0.1 peer_port 99 dev lo',
    'ip -6 fou add port 0x1770 ipproto ipv6 local ::1 dev lo', 'ip fou add port 6006 gue local ::1 -6', 'ip fou add port 6001 ipproto 255', 'ip fou a port 6002 gue local 127.0.0.1',
    '!ip fou add port 5555 ipproto gre', '!ip fou add', '!ip fou add port 0 gue', '!ip fou add port 65536 gue', '!ip fou add port 6003 ipproto nosuch', '!ip fou add port 6003 ipproto 0', '!ip fou add port 6003 ipproto 256', '!ip fou add port 6003 gue dev nosuch',
    '!ip fou add port 6003 gue local nowhere', '!ip fou add port 6003 gue local ::1', '!ip fou add port 6003 gue frob', '!ip fou frob', '!ip fou show word', '!ip fou del port 1', '!ip fou del port 5556', '!ip fou del port 5559',
    'ip fou del port 5556 -6', 'ip fou delete port 5559 local 127.0.0.1 peer 127.0.0.1 peer_port 99 dev lo', 'ip -6 fou del port 6000 local ::1 dev lo', 'ip fou del port 5555',
  ]), 120_000);
  describe('both print alike', () => {
    shown('ip -n shown fou add port 5555 ipproto gre', 'ip -n shown fou add port 5556 gue -6', 'ip -n shown fou add port 5558 gue local 127.0.0.1 peer 127.0.0.1 peer_port 99 dev lo', 'ip -n shown -6 fou add port 5559 ipproto 41 local ::1');
    test.each(forms([...every, '-r'], 'fou show'))('%s', (line) => alike(line, 'shown'));
    test('what cannot be meant', async () => {
      table.meet('generic-half');
      for (const line of ['ip -n shown fou add port 6004', 'ip -n shown fou add port 6004 gue peer 127.0.0.1', 'ip -n shown fou add port 6004 gue peer_port 5', 'ip -n shown fou add port 6004 gue ipproto 4', 'ip -n shown fou add gue']) {
        const [theirs, ours] = await each(line);
        expect.soft(theirs, line).toMatchObject({ status: 2, stderr: expect.stringMatching(/^fou: .*\nRTNETLINK answers/) as string });
        expect.soft(ours, line).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: /) as string });
      }
    });
  });
  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of [
      'ip fou add port 5555 ipproto gre', 'ip fou add port 5556 gue -6', 'ip fou add port 5558 gue local 127.0.0.1 peer 127.0.0.1 peer_port 99 dev lo', 'ip -6 fou add port 5559 ipproto 41 local ::1 peer ::1 peer_port 7',
      'ip fou del port 5555', 'ip fou del port 5558 gue local 127.0.0.1 dev lo', 'ip fou show',
    ]) await sameBytes(line);
  }, 120_000);
});

describe.skipIf(lacks.ila)('ila', () => {
  /** In any order: the kernel keeps them in a table of its own for each namespace. What iproute2 6.1 prints of locators is no witness. */
  const told = async (line: string): Promise<Said> => {
    const said = await (version < 615 ? nlkit : sh)(line);
    return { ...said, stdout: (JSON.parse(said.stdout) as object[]).map((one) => JSON.stringify(one)).sort().join('\n') };
  };
  test('both do alike', () => doAlike(['ip -j ila list'], [
    'ip ila add loc_match 2001:db8:0:1 loc fd00:0:0:1', 'ip ila add loc_match 1:2:3:4 loc 5:6:7:8 dev lo csum-mode neutral-map ident-type luid', 'ip ila add loc_match A:b:C:d loc 1:1:1:1 csum-mode no-action', 'ip ila add loc 1:1:1:2 loc_match ffff:b:C:d csum-mode adj-transport ident-type use-format',
    '!ip ila add loc_match 2001:db8:0:1 loc fd00:0:0:1', '!ip ila frob', '!ip ila list word', '!ip ila add frob',
    'ip ila del loc_match 2001:db8:0:1', 'ip ila del loc_match 1:2:3:4 dev lo', 'ip ila delete loc_match ffff:b:c:d loc 1:1:1:2', 'ip ila del loc_match 9:9:9:9',
  ], '', told), 120_000);
  describe('both print alike', () => {
    shown('ip -n shown ila add loc_match 2001:db8:0:1 loc fd00:0:0:1', 'ip -n shown ila add loc_match 1:2:3:4 loc 5:6:7:8 dev lo csum-mode neutral-map ident-type luid', 'ip -n shown ila add loc_match a:b:c:d loc 1:1:1:1 csum-mode neutral-map-auto');
    test.each(forms(every, 'ila list'))('%s', async (line) => {
      if (version >= 615) return alike(line, 'shown');
      table.meet('ila-locators');
      const [theirs, ours] = await each(line.replace('ip ', 'ip -n shown '));
      const even = (text: string): string => text.replace(/(^|\\)[0-9a-f]+(:[0-9a-f]+){3} +[0-9a-f]+(:[0-9a-f]+){3} */gm, '$1LOCATORS ').replace(/"(locator\w*)": ?"[0-9a-f:]+"/g, '"$1":LOCATOR');
      expect(even(ours.stdout)).toBe(even(theirs.stdout));
      expect(ours.stdout).toMatch(/1:2:3:4\W.*5:6:7:8\W|"1:2:3:4",\s*"locator": ?"5:6:7:8"/);
    });
    test('what cannot be meant', async () => {
      table.meet('ila-half');
      for (const line of ['ip -n shown ila add loc_match 1:2 loc 3', 'ip -n shown ila add loc_match 1:2:3:5 loc 1:2:3:10000', 'ip -n shown ila del', 'ip -n shown ila del loc 9:9:9:9']) {
        expect.soft((await sh(line)).status, line).toBe(0);
        expect.soft(await nlkit(line), line).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^error: /) as string });
      }
    });
  });
  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of ['ip ila add loc_match 1:2:3:99 loc 5:6:7:8 dev lo csum-mode neutral-map-auto ident-type use-format', 'ip ila add loc_match 1:2:3:99 loc 5:6:7:8', 'ip ila del loc_match 1:2:3:99 loc 5:6:7:8 dev lo', 'ip ila list']) await sameBytes(line);
  }, 120_000);
});

const key = '00112233445566778899aabbccddeeff', salt = 'salt 0102030405060708090a0b0c';
/** A link for each kind of numbers, in a namespace. */
const links = (namespace: string): string[] => [
  'v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02', 'link v0 m0 address 02:00:00:00:00:01 type macsec port 11 encrypt on encodingsa 1', 'link v0 m1 address 02:00:00:00:00:03 type macsec sci 1234 cipher gcm-aes-xpn-256 replay on window 5 validate check',
].map((line) => `ip -n ${namespace} link add ${line}`);
const noMacsec = lacks.macsec ?? (spawnSync('sh', ['-ec', links('probe').join('\n').replaceAll(' -n probe', '') + '\nip link del v0'], { encoding: 'utf8' }).stderr.trim() || undefined);
if (!lacks.macsec && noMacsec) console.warn(`skipped: links of kind macsec: ${noMacsec}`);

describe.skipIf(noMacsec)('macsec', () => {
  test('both do alike', () => doAlike(['ip -s macsec show'], [
    `ip macsec add m0 tx sa 0 pn 1 on key 01 ${key}`, `ip macsec add m0 tx sa 1 pn 100 off key 00000000000000000000000000000002 ${key}`, `ip macsec add m0 tx sa 2 key abcd ${key} pn 0x10`,
    'ip macsec add m0 rx port 11 address 02:00:00:00:00:02', 'ip macsec add m0 rx sci 1122334455667788 on', 'ip macsec add m0 rx address 02:00:00:00:00:05 port 0xc off', `ip macsec add m0 rx port 11 address 02:00:00:00:00:02 sa 0 pn 7 on key 02 ${key}`,
    `ip macsec add m1 tx sa 2 xpn 4294967297 ${salt} ssci 5 on key 05 ${key}${key}`, 'ip macsec add m1 rx sci 0x99 on', `ip macsec add m1 rx sci 99 sa 3 xpn 3 salt 0102 ssci 0x0a key 06 ${key}${key}`,
    'ip macsec set m0 tx sa 0 pn 50', 'ip macsec set m0 tx sa 0 off', 'ip macsec set m0 tx sa 0', 'ip macsec set m1 tx sa 2 xpn 4294967999', 'ip macsec set m0 rx sci 1122334455667788 off', 'ip macsec set m0 rx port 11 address 02:00:00:00:00:02 sa 0 off', 'ip macsec offload m0 off',
    '!ip macsec offload m0 frob', '!ip macsec offload m0', '!ip macsec offload m0 mac', '!ip macsec add m0 tx sa 3 pn 1', `!ip macsec add m0 tx sa 3 key 07 ${key}`, `!ip macsec add m0 tx sa 4 pn 1 key 07 ${key}`, `!ip macsec add m0 tx sa 0 pn 1 key 07 ${key}`,
    `!ip macsec set m0 tx sa 0 pn 5 key 01 ${key}`, `!ip macsec add m1 tx sa 3 pn 1 key 07 ${key}`, `!ip macsec add m1 tx sa 3 xpn 1 key 07 ${key}${key}`, `!ip macsec add m0 tx sa 3 pn 0 key 07 ${key}`, `!ip macsec add m0 tx sa 3 pn 1 pn 2 key 07 ${key}`, `!ip macsec add m0 tx sa 3 pn 1 key 123 ${key}`,
    '!ip macsec add m0 tx sa 3 pn 1 key 07 0011', '!ip macsec set m1 tx sa 2 pn 7', '!ip macsec set m1 tx sa 2 xpn 4294968000 ssci 9', '!ip macsec add m0', '!ip macsec add m0 up', '!ip macsec add m0 tx', '!ip macsec add m0 rx', '!ip macsec add m0 rx port 5', '!ip macsec add m0 rx port 5 on',
    '!ip macsec add m0 rx sci 55 on off', '!ip macsec add nosuch rx sci 5', '!ip macsec add v0 rx sci 5', '!ip macsec del m0 rx sci 56', '!ip macsec show nosuch', '!ip macsec frob',
    'ip macsec del m0 tx sa 1', 'ip macsec del m0 rx port 11 address 02:00:00:00:00:02 sa 0', 'ip macsec delete m0 rx sci 1122334455667788',
  ], links('NAMESPACE').join('\n')), 240_000);
  describe('both print alike', () => {
    const to = (line: string): string => `ip -n shown macsec add ${line}`;
    shown(...links('shown'), to(`m0 tx sa 0 pn 1 on key 01 ${key}`), to(`m0 tx sa 1 pn 100 off key 02 ${key}`), to('m0 rx sci 1122334455667788 on'), to('m0 rx port 11 address 02:00:00:00:00:02'), to(`m0 rx port 11 address 02:00:00:00:00:02 sa 0 pn 7 on key 02 ${key}`),
      to(`m1 tx sa 2 xpn 77 ${salt} ssci 5 on key 05 ${key}${key}`), to('m1 rx sci 99 on'), to(`m1 rx sci 99 sa 3 xpn 3 ${salt} ssci 0x0a key 06 ${key}${key}`));
    test.each(forms([...every, '-s', '-s -j', '-s -o'], 'macsec show', 'macsec show m0', 'macsec show v0'))('%s', (line) => alike(line, 'shown'));
    test('numbers beyond 32 bits', async () => {
      expect(await sh('ip -n shown macsec set m1 tx sa 2 xpn 4294967999')).toMatchObject(ok);
      if (version < 615) table.meet('macsec-extended');
      for (const line of ['ip -n shown macsec show m1', 'ip -n shown -j macsec show m1']) {
        const [theirs, ours] = await each(line);
        expect(ours.stdout).toMatch(/PN 4294967999,|"pn":4294967999,/);
        expect(version < 615 ? ours.stdout.replace('4294967999', '703') : ours.stdout).toBe(theirs.stdout);
      }
    });
    test('what cannot be meant', async () => {
      for (const [id, line] of [['macsec-more', 'ip -n shown macsec del m0 rx sci 5566 word'], ['macsec-more', 'ip -n shown macsec del m0 tx sa 3 off'], ['macsec-salt', 'ip -n shown macsec set m1 tx sa 2 salt 01'], ['macsec-key-id', `ip -n shown macsec add m0 tx sa 3 pn 1 key ${key}01 ${key}`]] as const) {
        table.meet(id);
        const [theirs, ours] = await each(line);
        // What is not there cannot be deleted: the word is not what they say is wrong.
        expect.soft(theirs, line).toMatchObject(/ del /.test(line) ? { stderr: expect.stringContaining('RTNETLINK answers') as string } : { status: 0 });
        expect.soft(ours, line).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^error: /) as string });
      }
    });
  });
  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of [
      `ip macsec add lo rx sci 99 sa 0 xpn 3 on ${salt} ssci 0x0a key 06 ${key}${key}`, `ip macsec add lo tx sa 3 on pn 9 key 0708 ${key}`, 'ip macsec add lo rx port 11 address 02:00:00:00:00:02', 'ip macsec set lo rx sci 1122334455667788 on', 'ip macsec set lo tx sa 1 off', 'ip macsec set lo rx sci 5 sa 1 pn 9',
      'ip macsec del lo rx sci 1122334455667788', 'ip macsec del lo rx sci 1122334455667788 sa 2', 'ip macsec del lo tx sa 1', 'ip macsec offload lo off', 'ip macsec offload lo mac', 'ip macsec show', 'ip macsec show lo',
    ]) await sameBytes(line);
  }, 120_000);
});

describe.skipIf(lacks.l2tp)('l2tp', () => {
  const addresses = (namespace: string): string[] => [`ip -n ${namespace} address add 10.9.0.1/24 dev lo`, `ip -n ${namespace} address add 2001:db8::1/64 dev lo nodad`];
  const four = 'local 10.9.0.1 remote 10.9.0.2', six = 'local 2001:db8::1 remote 2001:db8::2', udp = 'udp_dport 6000 udp_sport';
  test('both do alike', () => doAlike(['ip l2tp show tunnel', 'ip l2tp show session'], [
    `ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 2 encap udp ${four} ${udp} 5000`, `ip l2tp add tunnel tid 2 ptid 3 ${four} ${udp} 5001 udp_csum on`, `ip l2tp add tunnel tid 3 ptid 4 encap ip ${four}`, `ip l2tp add tunnel tid 4 ptid 5 ${six} ${udp} 5002`,
    `ip l2tp add tunnel tid 5 ptid 6 ${six} ${udp} 5003 udp6_csum_tx off`, `ip l2tp add tunnel tid 6 ptid 6 ${six} ${udp} 5004 udp6_csum_tx off udp6_csum_rx off udp_csum off`, `ip l2tp add tunnel tid 7 ptid 6 ${six} encap ip`,
    'ip l2tp add session tunnel_id 1 session_id 10 peer_session_id 20', 'ip l2tp add session name sess tid 1 sid 11 psid 21 cookie 01020304 peer_cookie 0102030405060708 seq both l2spec_type none', 'ip l2tp add session tid 3 sid 12 psid 22 seq send cookie AAbbccdd',
    'ip l2tp add session tid 3 sid 13 psid 22 seq recv', 'ip l2tp add session tid 3 ptid 4 sid 0x0e psid 22 seq none l2spec_type default', `ip l2tp add tunnel session tid 71 ptid 6 ${four} encap ip sid 5 psid 7`,
    `!ip l2tp add tunnel tid 1 ptid 1 encap ip ${four}`, `!ip l2tp add tunnel tid 8 ptid 1 ${four} ${udp} 5000`, '!ip l2tp add', '!ip l2tp add tunnel', '!ip l2tp add session', '!ip l2tp add tid 5', `!ip l2tp add tunnel tid 8 ${four} encap ip`, '!ip l2tp add tunnel tid 8 ptid 1 local 10.9.0.1 encap ip',
    `!ip l2tp add tunnel tid 8 ptid 1 ${four}`, `!ip l2tp add tunnel tid 8 ptid 1 ${four} udp_sport 5`, `!ip l2tp add tunnel tid 8 ptid 1 ${four} ${udp} 65536`, '!ip l2tp add tunnel tid 8 ptid 1 encap ip local 10.9.0.1 remote 2001:db8::9', '!ip l2tp add tunnel tid 8 ptid 1 encap frob', '!ip l2tp add tunnel tid 0 ptid 1',
    '!ip l2tp add session tid 77 sid 1 psid 1', '!ip l2tp add session tid 1 sid 66', '!ip l2tp add session tid 1 psid 66', '!ip l2tp add session tid 1 sid 66 psid 1 cookie 0102', '!ip l2tp add session tid 1 sid 66 psid 1 cookie 0102030x', '!ip l2tp add session tid 1 sid 66 psid 1 seq frob',
    '!ip l2tp add session tid 1 sid 66 psid 1 l2spec_type frob', '!ip l2tp add session tid 1 sid 66 psid 1 name a/b', '!ip l2tp add session tid 1 sid 66 psid 1 mtu 1400', '!ip l2tp del', '!ip l2tp del tunnel', '!ip l2tp del tid 3', '!ip l2tp del tunnel tid 99', '!ip l2tp del session tid 1', '!ip l2tp del session tid 1 sid 99', '!ip l2tp show', '!ip l2tp frob',
    'ip l2tp del session tid 1 sid 10', 'ip l2tp delete session session_id 12 tunnel_id 3', 'ip l2tp del tunnel tid 2', 'ip l2tp del tunnel tid 3', 'ip l2tp del tunnel tid 5',
  ], addresses('NAMESPACE').join('\n')), 240_000);
  describe('both print alike', () => {
    const to = (line: string): string => `ip -n shown l2tp add ${line}`;
    shown(...addresses('shown'), to(`tunnel tid 1 ptid 2 ${four} ${udp} 5000`), to(`tunnel tid 2 ptid 2 ${four} ${udp} 5001 udp_csum on`), to(`tunnel tid 3 ptid 4 encap ip ${four}`), to(`tunnel tid 4 ptid 5 ${six} ${udp} 5002`), to(`tunnel tid 6 ptid 6 ${six} ${udp} 5004 udp6_csum_tx off udp6_csum_rx off`),
      // Kernels before 6.11 tell the sessions of a tunnel in no order: those without cookies are of the first tunnel.
      to('session tid 1 sid 10 psid 20'), to('session tid 1 sid 11 psid 20 seq recv'), to('session name sess tid 3 sid 12 psid 21 cookie 01020304 peer_cookie 0102030405060708 seq both'), to('session tid 4 sid 13 psid 22 seq send cookie aabbccdd peer_cookie 01020304'));
    test.each(forms(every, 'l2tp show tunnel', 'l2tp show session', 'l2tp list tunnel'))('%s', (line) => alike(line, 'shown'));
    test('one of several', async () => {
      table.meet('l2tp-one');
      for (const [line, count] of [['tunnel tid 3', 1], ['tunnel tunnel_id 99', 0], ['session tid 3', 1], ['session sid 11', 1], ['session tid 1', 2], ['session tid 3 sid 12', 1]] as const) {
        const [theirs, ours] = await each(`ip -n shown -j l2tp show ${line}`), all = JSON.parse(theirs.stdout) as object[], some = JSON.parse(ours.stdout) as object[];
        expect.soft({ line, all: all.length, some: some.length }).toEqual({ line, all: /tunnel/.test(line) ? 5 : 4, some: count });
        for (const one of some) expect.soft(all).toContainEqual(one);
      }
    });
    test('a session without cookies behind one that has them', async () => {
      table.meet('l2tp-cookies');
      expect(await sh('ip -n shown l2tp add session tid 6 sid 14 psid 23')).toMatchObject(ok);
      const [theirs, ours] = await each('ip -n shown l2tp show session'), cookies = /(Session 14 (?:.*\n){4}) {2}cookie aabbccdd {2}peer cookie 01020304\n/;
      expect(theirs.stdout).toMatch(cookies);
      expect(ours.stdout).toBe(theirs.stdout.replace(cookies, '$1\n'));
    });
    test('a checksum one way', async () => {
      expect(await sh(to(`tunnel tid 8 ptid 6 ${six} ${udp} 5008 udp6_csum_tx off`))).toMatchObject(ok);
      for (const line of ['ip l2tp show tunnel', 'ip -j l2tp show tunnel']) await alike(line, 'shown');
      expect((await nlkit('ip -n shown -j l2tp show tunnel')).stdout).toContain('"checksum_tx":false,"checksum_rx":true');
    });
    test('words of something else', async () => {
      for (const [id, line] of [['l2tp-offset', 'add session tid 1 sid 30 psid 30 offset 4'], ['l2tp-stray', 'add session tid 1 sid 31 psid 31 udp_csum on'], ['l2tp-stray', `add tunnel tid 31 ptid 31 ${four} encap ip udp_sport 5`], ['l2tp-stray', 'del tunnel tid 1 sid 31']] as const) {
        table.meet(id);
        const [theirs, ours] = await each(`ip -n shown l2tp ${line}`);
        expect.soft(theirs, line).toMatchObject({ status: 0 });
        expect.soft(ours, line).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^error: /) as string });
      }
    });
    test('any address', async () => {
      table.meet('l2tp-any');
      const line = to(`tunnel tid 41 ptid 41 local any remote 10.9.0.2 ${udp} 5041`);
      expect(await sh(line)).toMatchObject({ stderr: expect.stringContaining('"local" is required') as string });
      expect(await nlkit(line)).toEqual({ ...ok, stdout: '' });
      expect((await sh('ip -n shown l2tp show tunnel')).stdout).toContain('Tunnel 41, encap UDP\n');
    });
  });
  test.skipIf(noStrace)('the same bytes', async () => {
    for (const line of [
      `ip l2tp add tunnel tid 80 ptid 6 ${four} ${udp} 5070`, `ip l2tp add tunnel tid 81 ptid 6 ${six} ${udp} 5071 udp6_csum_tx off udp6_csum_rx off`, `ip l2tp add tunnel tid 82 ptid 6 ${four} ${udp} 5072 udp_csum on`, `ip l2tp add tunnel tid 83 ptid 6 ${four} encap ip`,
      'ip l2tp add session name sess2 tid 90 sid 11 psid 21 cookie 01020304 peer_cookie 0102030405060708 seq both l2spec_type none', 'ip l2tp add session tid 90 ptid 5 sid 12 psid 21 seq send', 'ip l2tp add session tid 90 sid 12 psid 21 seq recv',
      'ip l2tp show tunnel', 'ip l2tp show tunnel tid 80', 'ip l2tp show session', 'ip l2tp show session tid 80', 'ip l2tp show session tid 80 sid 11', 'ip l2tp del session tid 90 sid 5', 'ip l2tp del tunnel tid 99',
    ]) await sameBytes(line);
    await sh('for i in 80 81 82 83; do ip l2tp del tunnel tid $i; done');
  }, 120_000);
});

test.skipIf(why)('a family that is not there: what to do is said', async () => {
  for (const [name, line] of [['fou', 'fou show'], ['ila', 'ila list'], ['macsec', 'macsec show'], ['l2tp', 'l2tp show tunnel']] as const) {
    if (lacks[name]) expect(await nlkit(`ip ${line}`)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/this kernel has no family .*CONFIG_/) as string });
  }
});

test.skipIf(why)('differences', () => {
  const parts: Readonly<Record<string, string | undefined>> = { ...lacks, macsec: noMacsec, generic: lacks.fou };
  expect(table.missing().filter((id) => parts[id.split('-')[0] as string] === undefined)).toEqual([]);
});
