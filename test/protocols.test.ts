/** The smaller protocols without a kernel: what their tools printed is what is read from the messages that the tools got. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeMessage, decodeUevent, frames, type Protocol } from '../src/codec/index.ts';
import { audit, connector, crypto, fibLookup, netfilter, protocols, rdma } from '../src/families/index.ts';
import { toJson } from '../src/inspect/index.ts';
import { files } from './support/fixtures.ts';

interface Capture { command: string; stdout?: string; exit: number; messages: { direction: string; protocol: number; hex: string }[] }
const captures = [...files(new URL('../fixtures', import.meta.url).pathname)].filter((file) => file.includes('/traced/')).map((file) => [file.split('/fixtures/')[1] as string, JSON.parse(readFileSync(file, 'utf8')) as Capture] as const);
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
type Body = Record<string, unknown>;
/** What the kernel said, of one kind of message. */
const said = ({ messages }: Capture, protocol: Protocol, name: string): Body[] => messages.filter(({ direction, protocol: number }) => direction !== 'request' && number === protocol.number).flatMap(({ hex }) => {
  const bytes = bytesOf(hex);
  return [...frames(bytes, { littleEndian: true })].map((frame) => decodeMessage(protocol, bytes, frame, { littleEndian: true })).filter((message) => message.name === name).map(({ body }) => body as Body);
});
const one = (part: string): Capture => (captures.find(([, { command }]) => command === part) ?? expect.fail(`no capture of ${part}`))[1];

test.each(captures)('%s: every message has its names', (_file, { messages }) => {
  const bare = messages.filter(({ hex, protocol }) => /"\$(unknown|tail)"|"\$hex":"[^"]/.test(JSON.stringify(toJson(bytesOf(hex), { protocol, littleEndian: true }))));
  expect(bare).toEqual([]);
  expect(messages.every(({ protocol }) => protocols.some(({ number }) => number === protocol))).toBe(true);
});
test('auditctl -s: the same numbers', () => {
  const capture = one('auditctl -s'), lines = Object.fromEntries(capture.stdout!.trim().split('\n').map((line) => line.split(' ') as [string, string])), [status] = said(capture, audit, 'AUDIT_GET'), [features] = said(capture, audit, 'AUDIT_GET_FEATURE');
  expect(status).toMatchObject({
    enabled: Number(lines['enabled']), failure: ['silent', 'printk', 'panic'][Number(lines['failure'])], pid: Number(lines['pid']), rateLimit: Number(lines['rate_limit']), backlogLimit: Number(lines['backlog_limit']),
    lost: Number(lines['lost']), backlog: Number(lines['backlog']), backlogWaitTime: Number(lines['backlog_wait_time']), backlogWaitTimeActual: Number(lines['backlog_wait_time_actual']),
  });
  expect(lines['loginuid_immutable']).toBe('0');
  expect(features).toMatchObject({ vers: 1, features: [], lock: [] });
});
test('auditctl -l: the same rules', () => {
  const capture = one('auditctl -l'), rules = said(capture, audit, 'AUDIT_LIST_RULES') as { fields: string[]; fieldflags: string[]; values: number[]; fieldCount: number; buf: string }[];
  expect(capture.stdout!.trim().split('\n')).toEqual(['-a always,exit -F arch=b64 -S openat -F path=/etc/passwd -F key=nlkit', '-w /etc/hosts -p wa -k hosts']);
  expect(rules.map(({ fields, fieldflags, fieldCount, buf }) => [fields.slice(0, fieldCount), fieldflags.slice(0, fieldCount), buf])).toEqual([
    [['arch', 'watch', 'filterkey'], ['equal', 'equal', 'equal'], '/etc/passwdnlkit'], [['watch', 'perm', 'filterkey'], ['equal', 'equal', 'equal'], '/etc/hostshosts'],
  ]);
});
test('kcapi-enc: sizes of keys, blocks and initial values', () => {
  const [alg] = said(captures.find(([file]) => file.includes('kcapi-enc'))![1], crypto, 'CRYPTO_MSG_GETALG');
  expect(alg).toMatchObject({ name: 'cbc(aes)', priorityVal: expect.any(Number), reportBlkcipher: { type: 'skcipher', blocksize: 16, minKeysize: 16, maxKeysize: 32, ivsize: 16 } });
});
test('nl-fib-lookup: the same table, prefix, type, scope', () => {
  const capture = one('nl-fib-lookup 192.0.2.7'), [, table, prefixlen, nhSel, type, scope] = /table (\w+) prefixlen (\d+) next-hop-selector (\d+)\s+type (\w+) scope (\w+) error Success/.exec(capture.stdout!)!;
  expect(said(capture, fibLookup, 'FIB_LOOKUP')).toMatchObject([{ addr: '192.0.2.7', table, prefixlen: Number(prefixlen), nhSel: Number(nhSel), type, scope, err: 0 }]);
});
test('rdma: the same devices, ports, queue pairs', () => {
  const devices = one('rdma -d dev show'), [device] = said(devices, rdma, 'RDMA_NLDEV_CMD_GET') as { devName: string; nodeGuid: bigint; devNodeType: string }[];
  const [, name, guid] = /^\d+: (\w+): node_type ca node_guid ([0-9a-f:]+) /.exec(devices.stdout!)!;
  // Its two bytes of each group are in the machine's order of the other three.
  expect([device!.devName, device!.nodeGuid.toString(16).padStart(16, '0').match(/..../g)!.join(':')]).toEqual([name, guid]);
  expect(device!.devNodeType).toBe('ibCa');
  // Who asks for one port is answered as if it were a device.
  const port = said(one('rdma -d link show'), rdma, 'RDMA_NLDEV_CMD_GET').at(-1);
  expect(port).toMatchObject({ portState: 'active', portPhysState: 'linkUp', ndevName: 'd0', portIndex: 1 });
  const [{ resQp } = {} as Body] = said(one('rdma -dd resource show qp'), rdma, 'RDMA_NLDEV_CMD_RES_QP_GET');
  expect(resQp).toMatchObject({ resQpEntry: [{ resLqpn: 1, resKernName: 'ib_core', resSqPsn: 0 }] });
});
test('udevadm monitor: the same events, the same properties', () => {
  for (const source of ['kernel', 'udev'] as const) {
    const { stdout, messages } = one(`udevadm monitor --${source} --property`);
    const printed = stdout!.split('\n\n').slice(1).map((part) => part.trim().split('\n')).map(([head, ...properties]) => [head!.replace(/\[[\d.]+\] +/, ' ').replace(/ +/g, ' '), ...properties.sort()].join('\n'));
    const read = messages.map(({ hex }) => decodeUevent(bytesOf(hex), true)).map(({ action, devpath, properties }) => [`${source.toUpperCase()} ${action} ${devpath} (${properties['SUBSYSTEM']})`, ...Object.entries(properties).filter(([key]) => key !== 'UDEV_DATABASE_VERSION').map(([key, value]) => `${key}=${value}`).sort()].join('\n'));
    expect(read.length).toBeGreaterThan(9);
    // What udevadm keeps for itself is left out.
    for (const [at, event] of read.entries()) expect(event).toBe(printed[at]);
  }
});
test('logged packets: what tcpdump captured', () => {
  const packets = said(captures.find(([, { command }]) => command.includes('nflog:5'))![1], netfilter, 'NFULNL_MSG_PACKET');
  expect(packets.length).toBeGreaterThan(1);
  for (const packet of packets) expect(packet).toMatchObject({ family: 'ipv4', resId: 5, packetHdr: { hook: 'localOut', hwProtocol: 0x800 }, ifindexOutdev: 1 });
});
test('the connector\'s struct is as long as C has it', () => {
  const { structs } = JSON.parse(readFileSync(new URL('../fixtures/uapi.json', import.meta.url), 'utf8')) as { structs: Record<string, { size: number }> };
  const { probe } = connector.messages.done.schema as unknown as { probe: { size: number; places: { key: string; offset: number }[] } };
  expect(probe.size).toBe(structs['cn_msg']!.size);
  expect(probe.places.map(({ key, offset }) => `${key} ${offset}`)).toEqual(['idx 0', 'val 4', 'seq 8', 'ack 12', 'len 16', 'flags 18']);
});
