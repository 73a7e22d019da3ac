/** devlink's words beside iproute2's devlink on simulated devices: the same print, the same state, the same bytes, the same events; and the library's calls. Where the kernel has netdevsim, or $NLKIT_NETDEVSIM names its module. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Body, Kernel } from '../../src/cli/kernel.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Recorder } from '../../src/cli/kernel-record.ts';
import type { AnyGenericFamily } from '../../src/codec/index.ts';
import { devlink } from '../../src/families/generic/index.ts';
import { openDevlink, openDevlinkSync, type DevlinkClientSync } from '../../src/generic/index.ts';
import { expected } from '../support/differences.ts';
import { attributeParts } from '../support/nests.ts';
import { beside } from './beside.ts';
import { heard, type Heard } from './heard.ts';
import { noNetdevsim } from './netdevsim.ts';
import type { Said } from './shell.ts';
import { has, iproute2Version, kernelVersion } from './support.ts';

const { why: nothing, sh, nlkit, lacking, noStrace, sent, theirBytes } = beside();
const why = nothing ?? (has('devlink') ? undefined : 'devlink of iproute2 is not installed') ?? noNetdevsim() ?? lacking(devlink);
if (why && !nothing) console.warn(`skipped: ${why}`);
const table = expected('live/cli-devlink', nothing ? 0 : iproute2Version(), kernelVersion());

const SIDES = { theirs: 21, ours: 22 } as const;
type Side = keyof typeof SIDES;
const device = (side: Side): string => `netdevsim/netdevsim${SIDES[side]}`;
/** A line about a side's device. */
const about = (line: string, side: Side): string => line.replaceAll('DEV', device(side));
const said = (line: string, side: Side): Promise<Said> => sh(`ip netns exec ${side} devlink ${about(line, side)}`);
const ours = (line: string, side: Side = 'ours'): Promise<Said> => nlkit(`-n ${side} devlink ${about(line, side)}`);
/** Both devices are called alike, and clocks go on. */
const plain = (text: string): string => text.replace(/netdevsim2[12]/g, 'netdevsimN').replace(/(last_dump_(date|time)"?[: ]"?)[\d:-]+/g, '$1T');
/** Bytes that are random each time; packets that netdevsim drops whenever it is asked how many. */
const still = (text: string): string => text.replace(/(dropped"?[: ])\d+/g, '$1N').replace(/(test_binary:\n)( +([0-9a-f]{2} )+\n)+/, '$1').replace(/("test_binary":)\[[^\]]*\]/, '$1[]');

const simulated = (side: Side): string => `ip netns add ${side} && ip netns exec ${side} sh -c 'echo "${SIDES[side]} 2 4" > /sys/bus/netdevsim/new_device; sleep 0.5'`;
const start = async (): Promise<void> => { for (const side of ['theirs', 'ours'] as const) expect(await sh(simulated(side))).toMatchObject({ status: 0, stderr: '' }); };
const gone = (): Promise<Said> => sh(`for i in ${Object.values(SIDES).join(' ')}; do echo $i > /sys/bus/netdevsim/del_device; done; ip netns del theirs; ip netns del ours`);

/** Both print the same of one device, or are refused. */
async function alike(line: string): Promise<void> {
  const [a, b] = [await said(line, 'ours'), await ours(line)];
  if (a.status === 0) expect.soft({ line, status: b.status, stderr: b.stderr, stdout: still(b.stdout) }).toEqual({ line, status: 0, stderr: '', stdout: still(a.stdout) });
  else {
    table.meet('devlink-status');
    expect.soft({ line, theirs: a.status, ours: b.status }).toEqual({ line, theirs: 1, ours: 2 });
  }
}
/** Says lines to both, each about a device of its own, and compares what devlink tells of them after each. A line that begins with ! is refused by both. */
async function doAlike(asked: readonly string[], lines: readonly string[]): Promise<void> {
  for (const given of lines) {
    const refused = given.startsWith('!'), line = given.replace(/^!/, ''), a = await said(line, 'theirs'), b = await ours(line);
    expect.soft({ line, theirs: a.status !== 0, said: refused ? '' : plain(a.stderr) }).toEqual({ line, theirs: refused, said: '' });
    expect.soft({ line, ours: b.status !== 0, said: refused ? '' : b.stderr, printed: plain(b.stdout) }).toEqual({ line, ours: refused, said: '', printed: refused ? '' : plain(a.stdout) });
    for (const one of asked) expect.soft({ line, state: plain((await said(one, 'ours')).stdout) }).toEqual({ line, state: plain((await said(one, 'theirs')).stdout) });
  }
}
const SHOWS = ['dev', 'dev show DEV', 'dev info', 'dev info DEV', 'dev param', 'dev param show DEV', 'dev param show DEV name max_macs', 'dev eswitch show DEV', 'dev selftests', 'port', 'port show DEV', 'port show DEV/0', 'port show eth1', 'port param', 'port health', 'port function rate', 'sb', 'sb show DEV',
  'sb pool', 'sb port pool', 'sb tc bind', 'dpipe table show DEV', 'dpipe header show DEV', 'resource show DEV', 'region', 'region show DEV', 'region show DEV/dummy', 'health', 'health show DEV', 'health show DEV reporter dummy', 'trap', 'trap show DEV', 'trap show DEV trap ttl_value_is_too_small', 'trap group', 'trap group show DEV group l3_drops',
  'trap policer', 'trap policer show DEV policer 1', 'lc', 'dev show pci/0000:00:00.0', 'port show DEV/99', 'region show DEV/nosuch'];
const prints = async (): Promise<void> => { for (const options of ['', '-j', '-jp', '-s -v']) for (const line of SHOWS) await alike(`${options} ${line}`.trim()); };

describe.skipIf(why)('on netdevsim', () => {
  beforeAll(start, 120_000);
  afterAll(gone);
  test('both print alike', prints, 1_200_000);
  test('those of a device, where devlink has no such words', async () => {
    table.meet('devlink-some');
    for (const [line, all] of [['trap policer show DEV', 'trap policer'], ['port function rate show DEV', 'port function rate']] as const) {
      expect((await said(line, 'ours')).status).toBe(1);
      expect(await ours(line)).toEqual(await ours(all));
    }
    expect(await ours('trap policer show DEV')).toMatchObject({ status: 0, stdout: expect.stringContaining('policer 3 ') as string });
  }, 120_000);
  test('what a reporter says', async () => {
    // netdevsim ends its first object twice: devlink stops there, as nlkit does.
    for (const line of ['health diagnose DEV reporter dummy', 'health dump show DEV reporter dummy', '-x health diagnose DEV reporter dummy']) {
      const [a, b] = [await said(line, 'ours'), await ours(line)];
      expect(still(b.stdout)).toBe(still(a.stdout));
      expect(b).toMatchObject({ status: 0, stderr: '' });
    }
    expect(JSON.parse((await ours('-j health diagnose DEV reporter dummy')).stdout)).toMatchObject({ test_bool: true, test_u64: 4, test_string: 'somestring', test_nest: { nested_test_bool: false } });
  }, 120_000);
  test('parameters, and what a reload makes of them', () => doAlike(['dev param', '-s dev'], [
    'dev param set DEV name max_macs value 16 cmode driverinit', 'dev param set DEV name test1 value false cmode driverinit', 'dev param set DEV name test1 value 0 cmode driverinit', 'dev param set DEV name test1 value enable cmode driverinit', '!dev param set DEV name max_macs value 16 cmode runtime', '!dev param set DEV name nosuch value 1 cmode driverinit',
    '!dev param set DEV name max_macs value frob cmode driverinit', '!dev param set DEV name test1 value 7 cmode driverinit', '!dev param set DEV name max_macs', '!dev param set DEV name max_macs value 1 cmode frob', '!dev param set pci/1 name max_macs value 1 cmode driverinit', 'dev reload DEV', 'dev reload DEV action driver_reinit', '!dev reload DEV action fw_activate', '!dev reload DEV limit no_reset', '!dev reload DEV frob',
  ]), 600_000);
  test('resources', () => doAlike(['resource show DEV'], ['resource set DEV path /IPv4/fib size 100', 'resource set DEV path IPv6/fib-rules size 200', '!resource set DEV path /IPv4/nosuch size 5', '!resource set DEV path /IPv4/fib', '!resource set DEV path /IPv4/fib size many', 'dev reload DEV']), 600_000);
  test('regions', async () => {
    await doAlike(['region'], ['region new DEV/dummy snapshot 25', '!region new DEV/dummy snapshot 25', 'region new DEV/dummy', 'region new DEV/dummy', 'region del DEV/dummy snapshot 25', '!region del DEV/dummy snapshot 25', '!region del DEV/dummy', '!region new DEV/nosuch', '!region dump DEV/dummy', '!region read DEV/dummy snapshot 0 address 0', '!region read DEV/dummy address 0 length 16']);
    for (const line of ['region read DEV/dummy snapshot 0 address 16 length 40', '-j region read DEV/dummy snapshot 0 address 250 length 6', 'region dump DEV/dummy snapshot 0', 'region read DEV/dummy snapshot 0 address 250 length 20']) await alike(line);
    table.meet('devlink-region-json');
    const [a, b] = [await said('-j region dump DEV/dummy snapshot 0', 'ours'), await ours('-j region dump DEV/dummy snapshot 0')], { dump } = JSON.parse(b.stdout) as { dump: { address: number; data: number[] } };
    expect(a.stdout.split('"address"').length).toBeGreaterThan(2);
    expect([dump.address, dump.data]).toEqual([0, [...a.stdout.matchAll(/"data":\[([^\]]*)\]/g)].flatMap(([, all = '']) => all.split(',').map(Number))]);
  }, 600_000);
  test('health', async () => {
    const broken = (): Promise<Said> => sh(Object.values(SIDES).map((id) => `echo why > /sys/kernel/debug/netdevsim/netdevsim${id}/health/break_health`).join('; '));
    await doAlike(['health'], ['health set DEV reporter dummy grace_period 1000', 'health set DEV reporter dummy auto_recover false auto_dump true', '!health set DEV reporter nosuch grace_period 1', '!health set DEV reporter dummy auto_recover maybe', '!health recover DEV reporter nosuch', '!health diagnose DEV', '!health test DEV reporter dummy']);
    expect(await broken()).toMatchObject({ status: 0, stderr: '' });
    for (const line of ['health', '-j health', 'health show DEV reporter dummy', 'health dump show DEV reporter dummy']) await alike(line);
    await doAlike(['health'], ['health recover DEV reporter dummy', 'health dump clear DEV reporter dummy', 'health dump clear DEV reporter dummy']);
  }, 600_000);
  test('traps', () => doAlike(['-s -v trap show DEV trap blackhole_route', 'trap group', 'trap policer'], [
    'trap set DEV trap blackhole_route action trap', 'trap set DEV trap blackhole_route action drop', 'trap set DEV name blackhole_route action mirror', '!trap set DEV trap blackhole_route action frob', '!trap set DEV trap nosuch action trap', '!trap set DEV action trap', 'trap group set DEV group l3_drops action trap', 'trap group set DEV group l3_drops policer 2', 'trap group set DEV group l3_drops nopolicer', '!trap group set DEV group nosuch action trap',
    'trap policer set DEV policer 1 rate 2000 burst 16', 'trap policer set DEV policer 1 burst 32', 'trap policer set DEV policer 1 rate 1', '!trap policer set DEV policer 1 rate 0', '!trap policer set DEV policer 99 rate 100', '!trap policer set DEV rate 100',
  ]), 600_000);
  test('what no driver does here', () => doAlike([], ['!port split DEV/0 count 2', '!port unsplit DEV/0', '!port set DEV/0 type ib', '!port set DEV/0', '!port add DEV flavour pcisf pfnum 0', '!port del DEV/0', '!lc set DEV lc 1 type x', '!dev selftests run DEV', '!sb pool set DEV pool 0 size 1 thtype static', '!sb occupancy snapshot DEV', '!sb port pool set DEV/0 pool 0 th 1',
    '!dpipe table set DEV name x counters_enabled true', '!port param set DEV/0 name x value 1 cmode runtime', '!dev flash DEV file nlkit/nosuch', '!dev flash DEV', '!frob', '!dev frob', '!port show DEV/x', '!dev eswitch set DEV', '!dev eswitch set DEV mode frob']), 600_000);
  test('events', async () => {
    const change = async (): Promise<void> => {
      for (const line of ['dev param set DEV name max_macs value 40 cmode driverinit', 'trap set DEV trap blackhole_route action trap', 'trap policer set DEV policer 2 rate 4000', 'trap group set DEV group l3_drops policer 2', 'health set DEV reporter dummy grace_period 5', 'region new DEV/dummy snapshot 77', 'region del DEV/dummy snapshot 77', 'dev reload DEV']) expect(await said(line, 'ours')).toMatchObject({ status: 0 });
    };
    const all: Heard = await heard('devlink', 'monitor', 'ours', { json: '-j', make: change, last: 'flavour physical port 2', times: 2 });
    expect(all.theirs).toContain('[param,new]');
    expect(all.ours).toBe(all.theirs);
    table.meet('devlink-monitor-json');
    const events = all.json.trim().split('\n').map((line) => JSON.parse(line) as { ts: string; event: string; object: string; value: object });
    expect(events.map(({ object, event }) => `[${object},${event}] `)).toEqual([...all.theirs.matchAll(/^\s*(\[.*?\] )/gm)].map(([, head]) => head));
    expect(events[0]).toMatchObject({ object: 'param', event: 'new', value: { [device('ours')]: { name: 'max_macs', values: [{ cmode: 'driverinit', value: 40 }] } } });
    const few = await heard('devlink', 'monitor trap trap-policer', 'ours', { json: '-j', make: change, last: '[trap-policer,del]', times: 2 });
    expect(few.ours).toBe(few.theirs);
    // Of a reporter that is told of again, devlink leaves out whose it is, and indents it further.
    expect(await said('health set DEV reporter dummy grace_period 0 auto_recover true', 'ours')).toMatchObject({ status: 0 });
    const health = await heard('devlink', 'monitor health', 'ours', { json: '-j', make: async () => { await sh(`echo why > /sys/kernel/debug/netdevsim/netdevsim${SIDES.ours}/health/break_health`); }, last: 'reporter dummy', times: 2 });
    table.meet('devlink-monitor-health');
    const [, a = ''] = health.theirs.split('[health,status] '), [, b = '', c = ''] = health.ours.split('[health,status] '), told = /^netdevsim\/netdevsim22:\n {2}reporter dummy\n/;
    expect([b, c.slice(0, b.indexOf('state'))]).toEqual([a.trimEnd() + '\n', b.slice(0, b.indexOf('state'))]);
    expect([told.test(b), told.test(c), told.test(health.theirs.split('[health,status] ')[2] ?? '')]).toEqual([true, true, false]);
  }, 1_200_000);
  test('JSON of a change', async () => {
    table.meet('devlink-json-nothing');
    expect([(await said('-j dev param set DEV name max_macs value 50 cmode driverinit', 'ours')).stdout, (await ours('-j dev param set DEV name max_macs value 51 cmode driverinit')).stdout]).toEqual(['\n', '']);
    expect(JSON.parse((await ours('-j dev reload DEV action driver_reinit')).stdout)).toEqual(JSON.parse((await said('-j dev reload DEV action driver_reinit', 'ours')).stdout));
  }, 120_000);
  test('functions: the switch, their ports and rates', async () => {
    expect(await sh(Object.values(SIDES).map((id) => `echo 2 > /sys/bus/netdevsim/devices/netdevsim${id}/sriov_numvfs`).join('; '))).toMatchObject({ status: 0, stderr: '' });
    await doAlike(['dev eswitch show DEV', 'port', 'port function rate'], [
      'dev eswitch set DEV mode switchdev', '!dev eswitch set DEV inline-mode link', 'port function rate add DEV/group1 tx_max 100mbit', 'port function rate add DEV/group2 tx_share 1mbit parent group1', '!port function rate add DEV/group1', '!port function rate add DEV/7', 'port function rate set DEV/128 tx_share 10mbit tx_max 1gbit', 'port function rate set DEV/128 tx_max 200mbit', 'port function rate set DEV/128 parent group1',
      '!port function rate set DEV/128 tx_share 300mbit', '!port function rate set DEV/128 parent nosuch', 'port function rate set DEV/group2 noparent', 'port function rate set DEV/128 noparent', 'port function rate del DEV/group2', '!port function rate del DEV/group2', '!port function rate set DEV/128 tx_max 1frob', '!port function set DEV/128 hw_addr 00:00:00:00:00:01',
    ]);
    table.meet('devlink-nothing');
    expect([(await said('port function set DEV/128', 'ours')).status, (await ours('port function set DEV/128')).stderr]).toEqual([0, expect.stringContaining('what should be set?')]);
    for (const options of ['', '-j', '-i']) for (const line of ['port', 'port show DEV/128', 'port function rate', 'port function rate show DEV/128', 'port function rate show DEV/group1']) await alike(`${options} ${line}`.trim());
  }, 1_200_000);
  test.skipIf(noStrace)('the same bytes', async () => {
    /** A line that is not carried out: what it asks first is answered by the kernel. */
    const sentByOurs = async (line: string): Promise<string[]> => {
      const live = new LiveKernel('ours'), known = await live.generic(devlink);
      class Answered extends Recorder {
        override async generic(family: AnyGenericFamily): Promise<Kernel> {
          const kernel = await super.generic(family), { get, dump, request } = { get: kernel.get.bind(kernel), dump: kernel.dump.bind(kernel), request: kernel.request.bind(kernel) };
          kernel.get = (message, body) => { get(message, body); return known.get(message, body); };
          kernel.dump = (message, body) => { dump(message, body); return known.dump(message, body); };
          kernel.request = (message, body: Body, flags) => { request(message, body, flags); return /(Get|Dump)$/.test(message) ? known.request(message, body) : []; };
          return kernel;
        }
      }
      const recorder = new Answered({ lo: 1 });
      try { await nlkit(`devlink ${about(line, 'ours')}`, () => recorder); } finally { live.close(); }
      return sent(recorder.sent.map(({ bytes }) => bytes));
    };
    /** Of a dump, devlink wants an acknowledgement, which nobody sends. */
    const flags = (all: readonly string[]): number[] => all.map((one) => Number.parseInt(one, 16) & ~4);
    const parts = (all: readonly string[]): string[][] => all.map((one) => attributeParts(one.replace(/^\S+ /, '')));
    for (const line of ['dev', 'dev info DEV', 'dev param show DEV', 'dev param show DEV name test1', 'port show DEV', 'port show DEV/1', 'trap show DEV', 'region show DEV', 'health show DEV', 'resource show DEV', 'region new DEV/dummy snapshot 99', 'trap set DEV trap blackhole_route action drop', 'health set DEV reporter dummy grace_period 7']) {
      const b = await sentByOurs(line), a = await theirBytes(`ip netns exec ours devlink ${about(line, 'ours')}`);
      expect(a.length, line).toBeGreaterThan(0);
      expect.soft({ line, flags: flags(b), sent: parts(b) }).toEqual({ line, flags: flags(a), sent: parts(a) });
    }
    for (const line of ['dev param set DEV name max_macs value 60 cmode driverinit', 'resource set DEV path /IPv4/fib size 300', 'port function rate set DEV/128 tx_max 300mbit']) {
      const [[firstOurs = [], ...b], [firstTheirs = [], ...a]] = [parts(await sentByOurs(line)), parts(await theirBytes(`ip netns exec ours devlink ${about(line, 'ours')}`))];
      table.meet('devlink-questions');
      expect.soft({ line, sent: b, asked: firstOurs }).toEqual({ line, sent: a, asked: firstTheirs.filter((one) => firstOurs.includes(one)) });
    }
    for (const line of ['health recover DEV reporter dummy', 'health dump clear DEV reporter dummy']) {
      const [b, a] = [parts(await sentByOurs(line)), parts(await theirBytes(`ip netns exec ours devlink ${about(line, 'ours')}`))];
      table.meet('devlink-twice');
      expect.soft({ line, sent: b.map(([cmd, ...all]) => [cmd, ...all, ...all]) }).toEqual({ line, sent: a });
    }
  }, 600_000);
  test('the library', async () => {
    const ref = device('ours'), namespace = { name: 'ours' };
    using client = await openDevlink({ namespace });
    expect(await client.devices()).toMatchObject([{ busName: 'netdevsim', devName: 'netdevsim22' }]);
    expect(await client.info(ref)).toMatchObject({ infoDriverName: 'netdevsim', infoVersionRunning: [{ infoVersionName: 'fw.mgmt' }] });
    expect((await client.ports(ref)).length).toBe((await client.ports()).length);
    expect(await client.port(`${ref}/1`)).toMatchObject({ portIndex: 1, portFlavour: 'physical' });
    await client.setParam(ref, 'max_macs', 24, 'driverinit');
    await client.setParam(ref, 'test1', false, 'driverinit');
    expect([(await client.param(ref, 'max_macs')).paramValuesList, (await client.param(ref, 'test1')).paramValuesList]).toMatchObject([{ paramValue: [{ paramValueData: 24 }] }, { paramValue: [{ paramValueCmode: 'driverinit' }] }]);
    await client.setResource(ref, '/IPv6/fib', 500n);
    expect(await client.reload(ref, { action: 'driverReinit' })).toEqual(['driverReinit']);
    expect((await client.resources(ref)).find(({ resourceName }) => resourceName === 'IPv6')?.resourceList?.resource?.[0]).toMatchObject({ resourceName: 'fib', resourceSize: 500n });
    await expect(client.setResource(ref, '/IPv6/nosuch', 1n)).rejects.toThrow(RangeError);
    await expect(client.device('pci/0000:00:00.0')).rejects.toMatchObject({ code: 'ENODEV' });
    const id = await client.snapshot(ref, 'dummy'), bytes = await client.readRegion(ref, 'dummy', { snapshot: id! });
    expect(bytes.length).toBe(32_768);
    expect([...await client.readRegion(ref, 'dummy', { snapshot: id!, address: 300n, length: 8n })]).toEqual([...bytes.subarray(300, 308)]);
    await client.deleteSnapshot(ref, 'dummy', id!);
    expect(await client.diagnose(ref, 'dummy')).toMatchObject({ test_u32: 3, test_u64: 4n, test_nest: { nested_test_u8: 0 }, test_binary: expect.any(Uint8Array) as Uint8Array });
    await client.setTrap(ref, 'blackhole_route', 'trap');
    expect((await client.traps(ref)).find(({ trapName }) => trapName === 'blackhole_route')).toMatchObject({ trapAction: 'trap' });
    expect(await client.reporter(ref, 'dummy')).toMatchObject({ healthReporterName: 'dummy' });
    await client.recover(ref, 'dummy');
    using sync: DevlinkClientSync = openDevlinkSync({ namespace });
    expect(sync.eswitch(ref)).toMatchObject({ devName: 'netdevsim22' });
  }, 120_000);
  test.skipIf(!process.env['NLKIT_VM'])('firmware', async () => {
    // The kernel looks for it in its own folder, which is nobody's here.
    expect(await sh('mkdir -p /lib/firmware && head -c 10 /dev/zero > /lib/firmware/nlkit.bin')).toMatchObject({ status: 0 });
    await doAlike([], ['dev flash DEV file nlkit.bin', '!dev flash DEV file nlkit.bin overwrite settings', '!dev flash DEV file nlkit.bin component']);
    const { theirs, ours: b } = await heard('devlink', 'monitor', 'ours', { json: '-j', make: async () => { await said('dev flash DEV file nlkit.bin', 'ours'); }, last: '[flash,end]' });
    expect(theirs).toContain('[flash,status]');
    expect(b).toBe(theirs);
  }, 600_000);
  test('to another namespace', async () => {
    expect(await sh('ip netns add away')).toMatchObject({ status: 0 });
    await doAlike(['dev'], ['dev reload DEV netns away', '!dev reload DEV netns nosuch']);
    expect((await sh('ip netns exec away devlink dev')).stdout.split('\n').sort().join('\n').trim()).toBe(`${device('theirs')}\n${device('ours')}`);
    expect(await sh('ip netns del away')).toMatchObject({ status: 0 });
  }, 300_000);
});
if (!why && !process.env['NLKIT_VM']) console.warn('skipped: firmware is written in the virtual machine only');

test.skipIf(why)('the differences are those of the table', () => {
  expect(table.missing().filter((id) => !noStrace || !['devlink-questions', 'devlink-twice'].includes(id))).toEqual([]);
});
