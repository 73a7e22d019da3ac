/** `nlkit send` on a live kernel: what our other commands print goes in as it is, and what comes back is what iproute2 sees. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { fromJson, toHex, type JsonMessage } from '../../src/inspect/index.ts';
import { descriptors, has, isolate, sh } from './support.ts';

const why = isolate() ?? (has('ip') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const work = mkdtempSync(join(tmpdir(), 'nlkit-send-')), before = descriptors();
beforeAll(() => { if (!why) sh('ip link set lo up && ip link add v0 type veth peer name v1'); });
afterAll(() => {
  rmSync(work, { recursive: true });
  expect(descriptors()).toBeLessThanOrEqual(before);
});

const file = (text: string): string => { const path = join(work, 'input'); writeFileSync(path, text); return path; };
async function nlkit(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured(), status = await run(argv, out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}
const printed = async (...argv: string[]): Promise<string> => (await nlkit(...argv)).stdout;
const send = (text: string, ...options: string[]) => nlkit('send', file(text), ...options);
const json = (text: string): JsonMessage[][] => text.trim().split('\n').map((line) => JSON.parse(line) as JsonMessage[]);

describe.skipIf(why)('what goes in', () => {
  test.each([
    ['--dry-run --hex', async () => printed('--dry-run', '--hex', 'ip', 'link', 'add', 'x0', 'type', 'bridge')],
    ['--dry-run --json', async () => printed('--dry-run', '--json', 'ip', 'link', 'add', 'x1', 'type', 'bridge')],
    ['--dry-run --json --pretty', async () => printed('--dry-run', '-j', '-p', 'ip', 'link', 'add', 'x2', 'type', 'bridge')],
    ['decode --json', async () => printed('decode', '--json', file(await printed('--dry-run', '--hex', 'ip', 'link', 'add', 'x3', 'type', 'bridge')))],
    ['explain', async () => printed('explain', 'ip', 'link', 'add', 'x4', 'type', 'bridge')],
  ])('what %s prints', async (_, text) => {
    const given = await text(), name = `x${['--hex', '--json', '--pretty', 'decode', 'explain'].findIndex((_word, i) => given.includes(`x${i}`) || given.includes(Buffer.from(`x${i}\0`).toString('hex')))}`;
    expect(await send(given)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^NLMSG_ERROR seq 1 .*\n {2}error: 0\n/) as string });
    expect(sh(`ip -d link show ${name}`)).toContain('bridge');
  });
  test('names whose indexes nobody asked for get them, where an index stands', async () => {
    const dry = await printed('--dry-run', '--json', 'ip', 'link', 'set', 'v0', 'up', 'txqueuelen', '1001'), index = Number(sh('cat /sys/class/net/v0/ifindex 2>/dev/null || ip -o link show v0').split(':')[0]);
    expect(await send(dry)).toMatchObject({ status: 0, stderr: `note: message 1: index ${Number(sh('ip -o link show v0').split(':')[0])}: v0\n` });
    expect(index).toBeGreaterThan(0);
    // The number that stands for it may mean something else, too.
    expect(sh('ip link show v0')).toMatch(/[<,]UP[,>].*qlen 1001/);
    expect(await send(await printed('--dry-run', '--json', 'ip', 'link', 'set', 'nosuch', 'up'))).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no link "nosuch"') as string });
  });
  test('by hand: what is left out is filled in, and said', async () => {
    const { status, stdout, stderr } = await send('{"name":"RTM_GETLINK","body":{"ifname":"lo"}}', '--json');
    expect(status).toBe(0);
    expect(stderr).toBe('note: message 1: no flags: request and ack are set\nnote: message 1: no sequence number: 1 is set\n');
    expect(json(stdout).flat()).toMatchObject([{ name: 'RTM_NEWLINK', seq: 1, body: { ifname: 'lo', index: 1 } }, { name: 'NLMSG_ERROR', seq: 1, body: { error: 0 } }]);
    expect((await send('{"name":"RTM_GETLINK","flags":["request"],"seq":9,"body":{"index":1}}', '--json')).stderr).toBe('');
  });
  test('of a capture the requests; what the kernel said is no request', async () => {
    const asked = json(await printed('decode', '--json', file(await printed('--dry-run', '--hex', 'ip', 'link', 'add', 'c0', 'type', 'bridge'))))[0]!;
    const said = [{ name: 'RTM_DELLINK', flags: [], seq: 0, body: { index: 3, ifname: 'v0' } }, { name: 'NLMSG_ERROR', flags: ['capped'], seq: 1, body: { error: 0 } }];
    const { status, stdout, stderr } = await send([asked, ...said.map((one) => [one])].map((line) => JSON.stringify(line)).join('\n'), '--json');
    expect(status).toBe(0);
    expect(json(stdout)).toHaveLength(1);
    expect(stderr).toBe('note: message 2: RTM_DELLINK is no request, by its flags: what the kernel said is not sent\nnote: message 3: NLMSG_ERROR is no request, by its flags: what the kernel said is not sent\n');
    expect(sh('ip -o link')).toMatch(/c0:[^]*v0|v0[^]*c0:/);
  });
  test('several, one after the other, each with its answer; a refusal does not stop the rest', async () => {
    const lines = ['m0', 'm0', 'm1'].map((ifname) => JSON.stringify({ name: 'RTM_NEWLINK', flags: ['request', 'ack', 'create', 'excl'], body: { ifname, linkinfo: { kind: 'bridge' } } })).join('\n');
    const { status, stdout, stderr } = await send(lines, '--json');
    expect(status).toBe(2);
    expect(json(stdout).flat().map(({ seq, body }) => [seq, (body as { error: number }).error])).toEqual([[1, 0], [2, -17], [3, 0]]);
    expect(stderr).toContain('error: RTM_NEWLINK: EEXIST: File exists');
    expect(sh('ip -o link show m1')).toContain('m1');
  });
  test('a dump, to its end, lossless', async () => {
    const { status, stdout } = await send('{"name":"RTM_GETLINK","flags":["request","root","match"],"seq":5,"body":{}}', '--json'), hex = (await send('{"name":"RTM_GETLINK","flags":["request","root","match"],"seq":5,"body":{}}', '--hex')).stdout;
    expect(status).toBe(0);
    const messages = json(stdout).flat(), there = sh('ip -o link').split('\n').map((line) => /^\d+: ([^:@]+)/.exec(line)![1]);
    expect(messages.at(-1)).toMatchObject({ name: 'NLMSG_DONE', seq: 5 });
    expect(messages.slice(0, -1).map((message) => (message.body as { ifname: string }).ifname)).toEqual(there);
    // Ports differ, and nothing else may.
    const port = (text: string): string => text.replace(/^(.{24})(.{8})/, '$1');
    expect(port(toHex(fromJson(json(stdout)[0]!))).length).toBe(port(hex.split('\n')[0]!).length);
    expect(await printed('encode', file(stdout))).toBe(json(stdout).map((one) => `${toHex(fromJson(one))}\n`).join(''));
  });
  test('bytes that are no message are sent as they are', async () => {
    expect(await send('14000000120001030500000000000000ff000000')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: RTM_GETLINK: E/) as string });
    const cut = await send('[{"protocol":"route","$tail":"0800000012000100"}]', '--timeout', '0.2');
    expect(cut).toMatchObject({ status: 0, stdout: '', stderr: 'note: message 1: 8 bytes that begin no message: nothing answers them\n' });
  });
  test('a family of generic netlink by its name: its number is this kernel\'s', async () => {
    const { status, stderr, stdout } = await send('[{"protocol":"generic","family":"nlctrl","name":"CTRL_CMD_GETFAMILY","flags":["request","ack"],"seq":3,"body":{"familyName":"ethtool"}}]', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'note: message 1: family nlctrl has the number 16 here\n' });
    const { familyId } = json(stdout).flat()[0]!.body as { familyId: number };
    const asked = await printed('--dry-run', '--json', 'ethtool', '-k', 'v0');
    const answered = await send(asked, '--json');
    expect(answered.stderr).toContain(`family ethtool has the number ${familyId} here`);
    expect(json(answered.stdout).flat().map(({ name }) => name)).toContain('ETHTOOL_MSG_FEATURES_GET_REPLY');
    expect(await send('{"protocol":"generic","family":"wireguardian","name":"X","type":9,"flags":1}')).toMatchObject({ status: 2, stderr: expect.stringContaining('no family "wireguardian"') as string });
  });
});

describe.skipIf(why)('what comes back', () => {
  test('refusals name the attribute that the kernel points at', async () => {
    const { status, stderr } = await send(await printed('--dry-run', '--json', 'ip', 'route', 'add', '198.51.100.0/24', 'via', '203.0.113.9', 'dev', 'lo'));
    expect(status).toBe(2);
    const strict = await send('{"name":"RTM_NEWLINK","body":{"ifname":"far-too-long-a-name-for-a-link","linkinfo":{"kind":"bridge"}}}');
    expect(strict).toMatchObject({ status: 2, stderr: expect.stringMatching(/error: RTM_NEWLINK: E\w+: .*: at ifname = "far-too-long-a-name-for-a-link"/) as string });
    expect(stderr).toMatch(/^note: message 1: index 1: lo\nerror: RTM_NEWROUTE: E\w+: .*(gateway|unreachable)/);
  });
  test('groups are heard meanwhile', async () => {
    const { stdout } = await send('{"name":"RTM_NEWLINK","flags":["request","ack"],"seq":1,"body":{"ifname":"v1","mtu":1404}}', '--json', '--listen', 'link', '--timeout', '0.3');
    expect(json(stdout).flat()).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'NLMSG_ERROR' }), expect.objectContaining({ name: 'RTM_NEWLINK', seq: 0, body: expect.objectContaining({ ifname: 'v1', mtu: 1404 }) as object })]));
    expect(await send('{"name":"RTM_GETLINK","body":{"index":1}}', '--listen', 'lnk')).toMatchObject({ status: 1, stderr: expect.stringContaining('did you mean "link"') as string });
  });
  test('in another network namespace', async () => {
    sh('ip netns add elsewhere');
    try {
      expect(await send('{"name":"RTM_NEWLINK","flags":["request","ack","create","excl"],"body":{"ifname":"far","linkinfo":{"kind":"bridge"}}}', '--netns', 'elsewhere')).toMatchObject({ status: 0 });
      expect(sh('ip -n elsewhere -o link show far')).toContain('far');
      expect(() => sh('ip -o link show far')).toThrow();
      expect(await send('{"name":"RTM_GETLINK","body":{}}', '--netns', 'nowhere')).toMatchObject({ status: 1, stderr: expect.stringContaining('no network namespace "nowhere"') as string });
    } finally { sh('ip netns del elsewhere'); }
  });
  test('a dry run sends nothing: it says what would be sent', async () => {
    expect(await nlkit('--dry-run', 'send', file('{"name":"RTM_NEWLINK","flags":["request","ack","create","excl"],"seq":2,"body":{"ifname":"never","linkinfo":{"kind":"bridge"}}}'), '--hex')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]+\n$/) as string });
    expect(() => sh('ip link show never')).toThrow();
  });
});

test.each([
  ['', 4, 'no messages in the input'], ['{"nme":1}', 4, 'line 1: expected a message'], ['[]', 4, 'no messages'], ['{"name":"RTM_NEWLNK"}', 1, 'no message is called "RTM_NEWLNK"'], ['{"name":"RTM_NEWLINK"}\n{', 4, 'line 2'],
  ['{"name":"RTM_NEWLINK","body":{"mtu":"x"}}', 1, 'mtu'], ['{"name":"RTM_GETLINK","bdy":{"index":1}}', 1, "message 1: 'bdy' is not a key of a message, did you mean 'body'?"], ['{"name":"RTM_GETLINK","flags":"request"}', 1, 'error: message 1: flags: expected a list of names'],
  ['{"name":"RTM_GETLINK","flags":["requst"]}', 1, "error: message 1: 'requst' is no flag of a get request, did you mean 'request'?"], ['{"protocol":"rout","name":"RTM_GETLINK"}', 1, 'did you mean "route"'], ['{"name":"RTM_GETLINK","body":{"index":1}}\n{"name":"RTM_GETLINK","body":{"indx":1}}', 1, "message 2: 'indx' is not a key"], ['zz', 4, 'neither hex nor base64'], ['[1,2]', 4, ''],
])('wrong: %s', async (text, status, words) => {
  if (why) return;
  expect(await send(text)).toMatchObject({ status: status === 4 && words === '' ? expect.any(Number) as number : status, stderr: expect.stringContaining(words) as string });
});
test('options that are wrong', async () => {
  expect(await nlkit('send', '--netsn', 'x')).toMatchObject({ status: 1, stderr: expect.stringContaining('did you mean "--netns"') as string });
  expect(await nlkit('send', '--from', 'hx')).toMatchObject({ status: 1, stderr: expect.stringContaining('did you mean "hex"') as string });
  expect(await nlkit('send', '--timeout', '9999999')).toMatchObject({ status: 1, stderr: expect.stringContaining('out of range') as string });
  expect(await nlkit('send', '--timeout', '-1')).toMatchObject({ status: 1, stderr: expect.stringContaining('not a number of seconds') as string });
  expect((await nlkit('completion', '--', 'send', '--protocol', 'ne')).stdout).toBe('netfilter\n');
  expect((await nlkit('completion', '--', 'send', '--n')).stdout).toBe('--netns\n');
});
