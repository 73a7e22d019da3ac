/** Events of devices on a real kernel: links made and deleted in a namespace are told of there; udevadm tells the same. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { monitorUevents, type UeventEvent } from '../../src/socket/index.ts';
import { built, type Built } from '../support/program.ts';
import { descriptors, has, isolate, PATIENCE, sh, until } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const noUdevadm = why ?? (has('udevadm') ? undefined : 'no udevadm to compare with');
if (noUdevadm && !why) console.warn(`skipped: udevadm monitor: ${noUdevadm}`);

const told = (event: UeventEvent): string => (event.overrun ? 'overrun' : `${event.action} ${event.devpath}`);
const pause = (milliseconds: number): Promise<void> => new Promise((done) => { setTimeout(done, milliseconds); });

describe.skipIf(why)('events of devices', () => {
  let program: Built, before = 0;
  beforeAll(async () => { program = await built('nlkit'); before = descriptors(); });
  afterAll(async () => { program?.remove(); await until('every descriptor is given back', () => descriptors() === before); });

  /** What came until these devices went. */
  async function untilGone(monitor: AsyncIterable<UeventEvent>, ...devices: string[]): Promise<UeventEvent[]> {
    const all: UeventEvent[] = [], left = new Set(devices.map((device) => `remove /devices/virtual/net/${device}`));
    for await (const event of monitor) {
      all.push(event);
      left.delete(told(event));
      if (left.size === 0) return all;
    }
    throw new Error('it ended early');
  }

  test('a veth comes and goes: both ends, in order, with what the kernel says of them', async () => {
    const events = monitorUevents(), coming = untilGone(events, 'u0', 'u1');
    sh('ip link add u0 type veth peer name u1 && ip link set u0 up');
    const index = sh('cat /sys/class/net/u0/ifindex 2>/dev/null || ip -o link show u0 | cut -d: -f1');
    sh('ip link del u0');
    const all = await coming, devices = all.filter((event) => /net\/u\d$/.test(event.overrun ? '' : event.devpath));
    expect(devices.map(told).sort()).toEqual(['u0', 'u1'].flatMap((name) => [`add /devices/virtual/net/${name}`, `remove /devices/virtual/net/${name}`]).sort());
    const first = devices.find((event) => told(event).endsWith('add /devices/virtual/net/u0'));
    expect(first).toMatchObject({ source: 'kernel', properties: { ACTION: 'add', DEVPATH: '/devices/virtual/net/u0', SUBSYSTEM: 'net', INTERFACE: 'u0', IFINDEX: index } });
    const numbers = all.map((event) => (event.overrun ? 0n : BigInt(event.properties['SEQNUM']!)));
    expect(numbers.every((number, i) => i === 0 || number > numbers[i - 1]!)).toBe(true);
    expect(events.closed).toBe(true);
  });
  test('those of another namespace are told of there, and not here', async () => {
    sh('ip netns add there');
    const here = monitorUevents(), there = monitorUevents({ namespace: 'there' }), coming = untilGone(there, 'u2'), own = untilGone(here, 'u4');
    sh('ip -n there link add u2 type bridge && ip -n there link del u2 && ip link add u4 type bridge && ip link del u4 && ip netns del there');
    expect((await coming).map(told)).toContain('add /devices/virtual/net/u2');
    expect((await own).map(told).filter((line) => line.includes('u2'))).toEqual([]);
    expect(() => monitorUevents({ namespace: 'nowhere' })).toThrow(/ENOENT.*no such network namespace/);
  });
  test('a buffer that is full: an overrun, and the stream goes on', async () => {
    const events = monitorUevents({ receiveBuffer: 4608 });
    sh('for n in 1 2 3 4 5 6 7 8; do ip link add u5 type bridge; ip link del u5; done');
    const kinds: string[] = [];
    for await (const event of events) {
      kinds.push(told(event));
      if (event.overrun) sh('ip link add u6 type bridge; ip link del u6');
      if (told(event).startsWith('remove') && told(event).endsWith('u6')) break;
    }
    expect(kinds).toContain('overrun');
    expect(kinds).toContain('add /devices/virtual/net/u6');
  });
  /** What a command prints while a device comes and goes. */
  async function printed(words: readonly string[]): Promise<string> {
    let text = '';
    const [command, ...rest] = words as [string, ...string[]], child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (data) => { text += String(data); });
    try {
      await until('it listens', () => text.includes('KERNEL - ') || words.includes('-j'));
      if (words.includes('-j')) await pause(PATIENCE / 20);
      sh('ip link add u7 type veth peer name u8 && ip link del u7');
      await until('both went', () => /remove[^\n]*u7/.test(text) && /remove[^\n]*u8/.test(text));
      await pause(100);
    } finally { child.kill('SIGTERM'); await new Promise((gone) => { child.once('close', gone); }); }
    return text;
  }
  /** Without times; of each event, its properties in the order of their names: udevadm's is that of a hash. */
  const plain = (text: string): string[] => text.trim().split('\n\n').map((part) => part.replace(/\[[\d.]+\]/, '[]').split('\n').filter((line) => !/^(SEQNUM|IFINDEX)=/.test(line)).sort().join('\n')).filter((part) => !/queues/.test(part)).sort();
  test.skipIf(noUdevadm)('the command prints what udevadm monitor prints', async () => {
    const line = ['--kernel', '--property', '--subsystem-match=net'];
    const theirs = plain(await printed(['udevadm', 'monitor', ...line])), ours = plain(await printed([process.execPath, program.program, 'uevent', ...line]));
    expect(theirs.length).toBe(5);
    expect(ours).toEqual(theirs);
  });
  test('as JSON, an event a line', async () => {
    const lines = (await printed([process.execPath, program.program, '-j', 'uevent', '-k', '-s', 'net'])).trim().split('\n').map((line) => JSON.parse(line) as { action: string; devpath: string; properties: Record<string, string> });
    expect(lines.map(({ action, properties }) => `${action} ${properties['INTERFACE']}`).sort()).toEqual(['add u7', 'add u8', 'remove u7', 'remove u8']);
  });
});
