/** The smaller protocols on a real kernel: what processes do, audit's state, algorithms, where routes lead; each beside what else tells of it. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { MessageType, Protocol } from '../../src/codec/index.ts';
import { audit, connector, crypto, fibLookup } from '../../src/families/index.ts';
import { answer, Client, type Monitor, type MonitorEvent } from '../../src/socket/index.ts';
import { descriptors, has, isolate, PATIENCE, sh, until } from './support.ts';

/** Connector and audit are heard in the first network namespace only: the first process's; else the one that this file begins in. */
const FIRST = ['/proc/1/ns/net', '/proc/thread-self/ns/net'].find((path) => { try { closeSync(openSync(path, 'r')); return true; } catch { return false; } }) as string;
const opened: { readonly close: () => void }[] = [];
function tried<P extends Protocol>(protocol: P): Client<P> | string {
  try {
    const client = Client.open({ protocol, namespace: { path: FIRST } });
    opened.push(client);
    return client;
  } catch (error) { return (error as Error).message; }
}
const processes = tried(connector), audited = tried(audit), algorithms = tried(crypto);
const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const lacks = (what: string, reason: string | undefined): string | undefined => {
  if (reason !== undefined && !why) console.warn(`skipped: ${what}: ${reason}`);
  return why ?? reason;
};
const before = descriptors();
afterAll(async () => {
  await until('every descriptor is given back', () => descriptors() <= before);
  for (const client of opened) client.close();
});

type Body = Record<string, unknown>;
const messageOf = (client: Client, message: string): MessageType => (client.protocol.messages as Record<string, MessageType>)[message] as MessageType;
const ask = (client: Client | string, message: string, body: object = {}): Body[] => (client as Client).requestSync({ message: messageOf(client as Client, message), body }).map((reply) => reply.body as Body);
const told = async (client: Client | string, message: string, body: object = {}): Promise<Body> => (await answer(client as Client, { message: messageOf(client as Client, message), body })).body as Body;

const IDX = { idx: 'proc', val: 1, flags: 0 } as const;
/** Listens, and hears that it does. */
async function listening(client: Client | string): Promise<Monitor<MonitorEvent>> {
  const monitor = (client as Client).monitor(['proc']);
  try {
    monitor.send({ message: connector.messages.done, body: { ...IDX, seq: 4711, ack: 0, len: 4, input: { mcastOp: 'listen', eventType: [] } } });
    // What is not built in does not answer.
    const late = setTimeout(() => monitor.close(), PATIENCE / 10);
    for (;;) {
      const { value } = await monitor.next(), body = value?.body as { event?: { what: string; eventData: object } } | undefined;
      if (!body) throw new Error('nobody tells of processes');
      if (body.event?.what !== 'none') continue;
      clearTimeout(late);
      expect(body).toMatchObject({ ...IDX, event: { eventData: { err: 0 } } });
      return monitor;
    }
  } catch (error) { monitor.close(); throw error; }
}
/** Why a protocol does not speak here, tried out. */
async function unspoken(client: Client | string, speaks: () => Promise<unknown>): Promise<string | undefined> {
  if (typeof client === 'string' || why) return why ?? (client as string);
  try { await speaks(); return undefined; } catch (error) { return (error as Error).message; }
}
const noProcesses = await unspoken(processes, async () => (await listening(processes)).close()), noAudit = await unspoken(audited, () => told(audited, 'get'));

describe('processes', () => {
  test.skipIf(lacks('processes', noProcesses))('a shell is forked, executed, and exits, in that order, with its numbers', async () => {
    const monitor = await listening(processes);
    const { pid } = spawnSync('sh', ['-c', 'exec sh -c "exit 3"']);
    const seen: string[] = [];
    for await (const { body } of monitor as AsyncIterable<{ body: Body }>) {
      const { event: { what, eventData } = {} as never } = body as { event: { what: string; eventData: Record<string, number> } };
      const { childPid, processPid, exitCode, parentPid } = eventData;
      if (what === 'fork' && childPid === pid) { expect(parentPid).toBe(process.pid); seen.push('fork'); }
      if (processPid !== pid) continue;
      if (what === 'comm') expect(eventData['comm']).toBe('sh');
      seen.push(what === 'exit' ? `exit ${(exitCode as number) >> 8}` : what);
      if (what === 'exit') break;
    }
    expect(seen.filter((what) => what !== 'comm')).toEqual(['fork', 'exec', 'exec', 'exit 3']);
  });
});

describe('audit', () => {
  const absent = lacks('audit', noAudit);
  test.skipIf(absent)('its state, its features, its terminals', async () => {
    expect(await told(audited, 'get')).toMatchObject({ failure: 'printk', featureBitmap: expect.arrayContaining(['backlogLimit', 'lostReset']) });
    expect(await told(audited, 'getFeature')).toMatchObject({ vers: 1, lock: [] });
    expect(await told(audited, 'ttyGet')).toMatchObject({ enabled: 0, logPasswd: 0 });
  });
  // A virtual machine is slower than the machine that it is on.
  const noAuditctl = absent ?? lacks('auditctl', Number(process.env['NLKIT_SLOW'] ?? 1) === 1 ? 'it would change the machine\'s own audit system: only in virtual machines' : has('auditctl') ? undefined : 'no auditctl to compare with');
  test.skipIf(noAuditctl)('auditctl says the same, and what is set is what auditctl then says', async () => {
    const theirs = (): Record<string, string> => Object.fromEntries(sh('nsenter -t 1 -n auditctl -s').split('\n').map((line) => line.split(' ') as [string, string]));
    const compare = async (): Promise<void> => {
      const { enabled, pid, rateLimit, backlogLimit, lost, backlog, backlogWaitTime, failure } = await told(audited, 'get') as Record<string, number>, said = theirs();
      expect({ enabled, pid, rateLimit, backlogLimit, backlog, backlogWaitTime, lost, failure: ['silent', 'printk', 'panic'].indexOf(failure as unknown as string) }).toEqual({
        enabled: Number(said['enabled']), pid: Number(said['pid']), rateLimit: Number(said['rate_limit']), backlogLimit: Number(said['backlog_limit']), backlog: Number(said['backlog']),
        backlogWaitTime: Number(said['backlog_wait_time']), lost: Number(said['lost']), failure: Number(said['failure']),
      });
    };
    await compare();
    const { backlogLimit } = await told(audited, 'get') as { backlogLimit: number };
    ask(audited, 'set', { mask: ['backlogLimit'], backlogLimit: 777 });
    try {
      expect(theirs()['backlog_limit']).toBe('777');
      await compare();
    } finally { ask(audited, 'set', { mask: ['backlogLimit'], backlogLimit }); }
    sh('nsenter -t 1 -n auditctl -a always,exit -F arch=b64 -S openat -F key=nlkit');
    try {
      const rule = await told(audited, 'listRules') as { fields: string[]; mask: number[] };
      expect(rule).toMatchObject({ flags: 'exit', action: 'always', fieldCount: 2, buf: 'nlkit' });
      expect(rule.fields.slice(0, 2)).toEqual(['arch', 'filterkey']);
      // openat is 257.
      expect(rule.mask[8]! & 2).toBe(2);
    } finally { sh('nsenter -t 1 -n auditctl -D'); }
  });
  test.skipIf(noAuditctl)('records: text, as it is made', async () => {
    const monitor = (audited as Client).monitor(['readlog']), { backlogLimit } = await told(audited, 'get') as { backlogLimit: number }, texts: string[] = [];
    ask(audited, 'set', { mask: ['enabled'], enabled: 1 });
    try {
      sh(`nsenter -t 1 -n auditctl -b ${backlogLimit + 1} && nsenter -t 1 -n auditctl -b ${backlogLimit}`);
      for await (const { message, body } of monitor as AsyncIterable<{ message?: { name: string }; body: { text: string } }>) {
        if (message?.name === 'AUDIT_CONFIG_CHANGE' && body.text.includes('backlog_limit') && texts.push(body.text) === 2) break;
      }
    } finally { ask(audited, 'set', { mask: ['enabled'], enabled: 0 }); }
    expect(texts.map((text) => /^audit\(\d+\.\d{3}:\d+\): .*audit_backlog_limit=(\d+) old=(\d+) .*res=1/.exec(text)?.slice(1).map(Number))).toEqual([[backlogLimit + 1, backlogLimit], [backlogLimit, backlogLimit + 1]]);
  });
});

describe('algorithms', () => {
  const absent = lacks('algorithms', typeof algorithms === 'string' ? algorithms : undefined);
  /** /proc/crypto: a paragraph each. */
  const listed = (): Record<string, string>[] => readFileSync('/proc/crypto', 'utf8').trim().split('\n\n').map((part) => Object.fromEntries(part.split('\n').map((line) => line.split(/\s*: /) as [string, string])));
  test.skipIf(absent)('all of them, as /proc/crypto has them', () => {
    const ours = (algorithms as Client).dumpSync({ message: crypto.messages.getalg, body: {} }) as { name: string; driverName: string; moduleName: string; priorityVal: number }[], theirs = listed();
    expect(ours.length).toBeGreaterThan(10);
    const words = (all: [string, string, string, string][]): string[] => all.map((one) => one.join(' ')).sort();
    expect(words(ours.map(({ name, driverName, moduleName, priorityVal }) => [name, driverName, moduleName, String(priorityVal)]))).toEqual(words(theirs.map(({ name, driver, module, priority }) => [name!, driver!, module!, priority!])));
  });
  test.skipIf(absent)('one of them, with what it can', () => {
    // Which of its drivers a kernel has differs: Linux 7 has no sha256-generic.
    const said = listed().find(({ name, type }) => name === 'sha256' && type === 'shash')!, [one] = ask(algorithms, 'getalg', { driverName: said['driver'] });
    expect(one).toMatchObject({ name: 'sha256', reportHash: { type: said['type'], blocksize: Number(said['blocksize']), digestsize: Number(said['digestsize']) } });
    expect(() => ask(algorithms, 'getalg', { name: 'nonsense' })).toThrow(/ENOENT/);
  });
});

describe('where routes lead', () => {
  test.skipIf(why)('as `ip route get` says', async () => {
    sh('ip link set lo up && ip route add 192.0.2.0/24 dev lo && ip route add unreachable 198.51.100.0/25 table 77 && ip rule add to 198.51.100.0/25 table 77');
    using client = Client.open({ protocol: fibLookup });
    const lookup = (addr: string, tableIn: string | number = 'unspec'): Promise<Body> => told(client, 'lookup', { addr, lookupScope: 'universe', tableIn });
    expect(await lookup('192.0.2.7')).toMatchObject({ addr: '192.0.2.7', table: 'main', prefixlen: 24, type: 'unicast', scope: 'link', err: 0 });
    expect(sh('ip route get fibmatch 192.0.2.7')).toMatch(/^192\.0\.2\.0\/24 dev lo scope link/);
    expect(await lookup('127.0.0.2', 'local')).toMatchObject({ table: 'local', prefixlen: 8, type: 'local', scope: 'host', err: 0 });
    expect(sh('ip route get fibmatch 127.0.0.2')).toMatch(/^local 127\.0\.0\.0\/8 dev lo .*scope host/);
    const errors = { EAGAIN: -11, ENOENT: -2, EHOSTUNREACH: -113 };
    expect(await lookup('198.51.100.1', 77)).toMatchObject({ err: errors.EHOSTUNREACH });
    expect(() => sh('ip route get 198.51.100.1')).toThrow(/No route to host/);
    expect(await lookup('203.0.113.1')).toMatchObject({ err: errors.EAGAIN });
    expect(await lookup('192.0.2.7', 99)).toMatchObject({ err: errors.ENOENT });
  });
});
