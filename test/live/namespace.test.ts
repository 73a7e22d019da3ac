import { closeSync, existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { attach, create, enter, exec, execSync, list, namesOf, openNamespace, pids, remove } from '../../src/namespace/index.ts';
import { openSocket } from '../../src/socket/linux.ts';
import { NetlinkError } from '../../src/socket/netlink-error.ts';
import { descriptors, has, here, isolate, NO_OWN_ETC, OWN_ETC, sh } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const iproute2 = has('ip');
if (!iproute2) console.warn('skipped: no iproute2 to compare with');

describe.skipIf(why)('network namespaces', () => {
  const home = why ? '' : here();
  const before = descriptors();
  afterAll(() => {
    for (const name of list()) remove(name);
    expect(here()).toBe(home);
    expect(descriptors()).toBe(before);
  });

  test.skipIf(!iproute2)('ip netns sees ours, and we see its', () => {
    create('ours');
    sh('ip netns add its');
    expect(sh('ip -o netns list').split('\n').map((line) => line.split(' ')[0]).sort()).toEqual(['its', 'ours']);
    expect(list().sort()).toEqual(['its', 'ours']);
    sh('ip netns exec ours ip link set lo mtu 1234');
    expect(enter('ours', () => sh('ip link show lo'))).toContain('mtu 1234');
    expect(sh('ip link show lo')).not.toContain('mtu 1234');
    sh('ip netns del ours');
    remove('its');
    expect(list()).toEqual([]);
    expect(sh('ip netns list')).toBe('');
  });

  test('a failed entry leaves the thread at home', () => {
    expect(() => enter('nowhere', () => 1)).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'open' }) as Error);
    expect(() => enter({ path: '/proc/self/ns/mnt' }, () => 1)).toThrow(expect.objectContaining({ code: 'EINVAL', syscall: 'setns' }) as Error);
    expect(here()).toBe(home);
    create('away');
    expect(() => enter('away', () => { throw new RangeError('inside'); })).toThrow(RangeError);
    expect(() => enter('away', async () => 1)).toThrow(/synchronous/);
    expect(here()).toBe(home);
    remove('away');
  });

  test('by name, path, pid and descriptor it is the same namespace', async () => {
    create('s1');
    const child = exec('s1', 'sleep', ['20']);
    try {
      const inode = enter('s1', here);
      await expect.poll(() => readlinkSync(`/proc/${child.pid}/ns/net`)).toBe(inode);
      const fd = openNamespace('s1');
      expect(enter({ fd }, here)).toBe(inode);
      closeSync(fd);
      expect(enter(child.pid!, here)).toBe(inode);
      expect(enter({ pid: child.pid! }, here)).toBe(inode);
      expect(enter('/run/netns/s1', here)).toBe(inode);
      expect(enter({ name: 's1' }, here)).toBe(inode);
      expect(inode).not.toBe(home);
      // Its mounts are made by processes of their own.
      await expect.poll(() => pids('s1')).toEqual([child.pid]);
      expect(namesOf(`/proc/${child.pid}/ns/net`)).toEqual(['s1']);
    } finally {
      child.kill();
      await new Promise((done) => child.once('exit', done));
      remove('s1');
    }
  });

  test('a socket stays in the namespace that it was opened in', () => {
    create('s2');
    const socket = enter('s2', () => openSocket());
    // RTM_NEWLINK: bring lo (index 1) up.
    const request = new Uint8Array(32), view = new DataView(request.buffer);
    view.setUint32(0, 32, true);
    view.setUint16(4, 16, true);
    view.setUint16(6, 5, true);
    view.setInt32(20, 1, true);
    view.setUint32(24, 1, true);
    view.setUint32(28, 1, true);
    socket.send(request);
    const ack = socket.receive()!;
    expect(new DataView(ack.bytes.buffer, ack.bytes.byteOffset).getInt32(16, true)).toBe(0);
    socket.close();
    expect(execSync('s2', 'cat', ['/sys/class/net/lo/flags']).stdout!.toString().trim()).toBe('0x9');
    expect(sh('cat /proc/net/dev | grep -c lo:')).toBe('1');
    remove('s2');
  });

  test('exec: sysfs of the namespace, files of /etc/netns, the exit code', () => {
    create('s3');
    try {
      sh(OWN_ETC);
      mkdirSync('/etc/netns/s3', { recursive: true });
      writeFileSync('/etc/netns/s3/hostname', 'inside\n');
      expect(execSync('s3', 'cat', ['/etc/hostname']).stdout!.toString()).toBe('inside\n');
    } finally {
      sh(NO_OWN_ETC);
    }
    expect(execSync('s3', 'ls', ['/sys/class/net']).stdout!.toString().trim()).toBe('lo');
    expect(execSync('s3', 'sh', ['-c', 'exit 7']).status).toBe(7);
    expect(execSync('s3', 'sh', ['-c', 'kill -9 $$']).signal).toBe('SIGKILL');
    expect(execSync('s3', 'no-such-command').status).toBe(127);
    expect(execSync('s3', 'printf', ['%s|', 'a b', '', '$x', '"']).stdout!.toString()).toBe('a b||$x|"|');
    remove('s3');
  });

  test('attach names the namespace of a process', async () => {
    const child = spawn('unshare', ['-n', 'sleep', '20']);
    try {
      await expect.poll(() => readlinkSync(`/proc/${child.pid}/ns/net`)).not.toBe(home);
      attach('theirs', { pid: child.pid! });
      expect(enter('theirs', here)).toBe(readlinkSync(`/proc/${child.pid}/ns/net`));
      remove('theirs');
    } finally {
      child.kill();
      await new Promise((done) => child.once('exit', done));
    }
  });

  test('refusals have a code', () => {
    create('twice');
    const failure = (() => { try { create('twice'); } catch (error) { return error; } })();
    expect(failure).toBeInstanceOf(NetlinkError);
    expect(failure).toMatchObject({ code: 'EEXIST', errno: -17 });
    remove('twice');
    expect(() => remove('twice')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
    for (const name of ['', '.', '..', 'a/b', 'a\0b', 'x'.repeat(256)]) expect(() => create(name)).toThrow(TypeError);
    expect(existsSync('/run/netns/twice')).toBe(false);
  });

  test('a thread that cannot return is poisoned: it says so, and opens nothing any more', () => {
    create('trap');
    const bundle = fileURLToPath(new URL('../../.cache/test/poison.mjs', import.meta.url));
    sh(`npx esbuild test/support/poison.ts --bundle --platform=node --format=esm --outfile=${bundle} --log-level=error`);
    expect(JSON.parse(sh(`${process.execPath} ${bundle} trap`))).toEqual(['ERR_NETLINK_POISONED', 'ERR_NETLINK_POISONED', 'ERR_NETLINK_POISONED']);
    remove('trap');
  });

  test('a hundred come and go without a descriptor left', () => {
    const count = descriptors();
    for (let i = 0; i < 100; i++) create(`many${i}`);
    const sockets = list().map((name) => enter(name, () => openSocket()));
    expect(sockets).toHaveLength(100);
    for (const socket of sockets) socket.close();
    for (const name of list()) remove(name);
    expect(descriptors()).toBe(count);
    expect(here()).toBe(home);
  });
});
