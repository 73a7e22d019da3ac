import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { toHex } from '../src/inspect/index.ts';
import { capturedMessages } from './support/fixtures.ts';

const work = mkdtempSync(join(tmpdir(), 'nlkit-decode-'));
afterAll(() => rmSync(work, { recursive: true }));
const file = (text: string): string => { const path = join(work, 'input'); writeFileSync(path, text); return path; };
async function nlkit(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured(), status = await run(argv, out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}
const dryRun = async (line: string): Promise<string> => (await nlkit('--dry-run', '--hex', ...line.split(' '))).stdout.trim();

describe('decode and encode', () => {
  test('hex to JSON to hex: every captured datagram comes back, of every protocol', async () => {
    const all = capturedMessages(), protocols = new Set(all.map((m) => m.protocol));
    expect(protocols.size).toBeGreaterThan(1);
    for (const protocol of protocols) {
      const hex = all.filter((m) => m.protocol === protocol).filter((_, i) => i % 7 === 0).map((m) => toHex(m.bytes)).join('\n');
      const decoded = await nlkit('decode', file(`${hex}\n`), '--from', 'hex', '--protocol', String(protocol), '--json');
      expect(decoded.status).toBe(0);
      const back = await nlkit('encode', file(decoded.stdout));
      expect(back).toEqual({ status: 0, stdout: `${hex}\n`, stderr: '' });
    }
  });
  test('what is malformed comes back too', async () => {
    const hex = ['', '00', '2000000010000506', 'ffffffff00000000000000000000000000', '14000000ff0000000000000000000000deadbeef'].join('\n');
    const decoded = await nlkit('decode', file(`${hex}\n`), '--from', 'hex', '--protocol', '99', '--json');
    expect((await nlkit('encode', file(decoded.stdout))).stdout).toBe(`${hex}\n`);
  });
  test('a tree by default', async () => {
    const { stdout, status } = await nlkit('decode', file(await dryRun('ip link add veth0 type veth peer name veth1')));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^RTM_NEWLINK seq 1 .*create[\s\S]*ifname: veth0[\s\S]*kind: veth[\s\S]*peer:[\s\S]*ifname: veth1/);
  });
  test('cut short: what is there is shown, the place is named, exit 4', async () => {
    const hex = (await dryRun('ip link add veth0 type veth peer name veth1')).slice(0, 120);
    const { stdout, stderr, status } = await nlkit('decode', file(hex));
    expect(status).toBe(4);
    expect(stdout).toContain('ifname: veth0');
    expect(stderr).toContain('message of 96 bytes, 60 present (at byte 0)');
  });
  test.each([['decode'], ['decode', '--json'], ['decode', '--from', 'hex'], ['decode', '--from', 'hex', '--json'], ['decode', '--from', 'pcap'], ['decode', '--from', 'strace'], ['decode', '--from', 'binary'], ['encode']])('nothing in the input: %s %s %s %s', async (command, ...options) => {
    for (const input of options.includes('pcap') || options.includes('binary') ? [''] : ['', '\n\n']) expect(await nlkit(command, file(input), ...options)).toEqual({ status: 4, stdout: '', stderr: expect.stringMatching(/^error: there are no netlink (datagrams|messages) in the input\n$/) });
  });
  test('what a dry run prints in hex says its protocol', async () => {
    const hex = await dryRun('ipset create z hash:ip');
    expect(hex).toMatch(/^# protocol 12 netfilter\n[0-9a-f]+\n/);
    expect((await nlkit('decode', file(hex))).stdout).toMatch(/IPSET_CMD_CREATE[^]*setname: z/);
    expect(await dryRun('ip link show')).not.toContain('#');
  });
  test('a trace that tells the time of day is given no date', async () => {
    const line = (time: string): string => `${time} sendto(3<NETLINK:[ROUTE:123]>, "\\x14\\x00\\x00\\x00\\x12\\x00\\x01\\x03${'\\x00'.repeat(12)}", 20, 0, NULL, 0) = 20\n`;
    expect((await nlkit('decode', file(line('20:53:42.047123').repeat(2)))).stdout).toContain('to the kernel at 20:53:42.047\n');
    expect((await nlkit('decode', file(line('1790000000.047123').repeat(2)))).stdout).toContain('to the kernel at 2026-09-21T14:13:20.047Z\n');
  });
  test('errors say where', async () => {
    expect(await nlkit('decode', file('00\nzz\n'), '--from', 'hex', '--json')).toMatchObject({ status: 4, stderr: expect.stringContaining('line 2') });
    expect(await nlkit('encode', file('[]\n{'))).toMatchObject({ status: 4, stderr: expect.stringContaining('line 2') });
    expect(await nlkit('encode', file('[{"protocol":"route","name":"RTM_NEWLINK","body":{"mtu":"x"}}]'))).toMatchObject({ status: 4, stderr: expect.stringContaining('mtu') });
    expect(await nlkit('decode', '/nonexistent')).toMatchObject({ status: 1 });
    expect(await nlkit('decode', '--from', 'hx')).toMatchObject({ status: 1, stderr: expect.stringContaining('hex') });
    expect(await nlkit('decode', '--protocol', 'rout')).toMatchObject({ status: 1, stderr: expect.stringContaining('route') });
  });
});

describe('explain', () => {
  test('bytes: each has its meaning', async () => {
    const { stdout } = await nlkit('explain', await dryRun('ip link add br0 type bridge'));
    expect(stdout).toContain('IFLA_IFNAME = "br0"');
    expect(stdout).toContain('IFLA_INFO_KIND = "bridge"');
  });
  test('a command line, as words or as one', async () => {
    const words = await nlkit('explain', 'ip', 'link', 'add', 'mv0', 'link', 'veth0', 'type', 'macvlan', 'mode', 'bridge');
    expect(words.stdout).toContain('IFLA_MACVLAN_MODE = "bridge"');
    expect(words.stderr).toContain('stands for veth0');
    expect((await nlkit('explain', 'link add mv0 link veth0 type macvlan mode bridge')).stdout).toBe(words.stdout);
  });
  test('an error number, alone and beside the line that got it', async () => {
    expect((await nlkit('explain', 'EBUSY')).stdout).toMatch(/^EBUSY \(16\): .*\n.*macvlan/);
    const { stdout } = await nlkit('explain', 'EBUSY', 'ip', 'link', 'add', 'mv0', 'link', 'veth0', 'type', 'macvlan');
    expect(stdout).toMatch(/bridge port/);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });
  test('neither', async () => {
    expect(await nlkit('explain')).toMatchObject({ status: 1 });
    expect(await nlkit('explain', 'ip', 'lnk')).toMatchObject({ status: 1 });
  });
});
