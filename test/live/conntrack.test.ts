/** Connection tracking on a real kernel: what `conntrack` makes, nlkit finds, by the kernel's own filter; what nlkit forgets, conntrack misses. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Conntrack } from '../../src/families/netfilter/index.ts';
import { ends, openSync, open, type ConnectionEvent, type ConntrackFilter, type NetfilterSync } from '../../src/netfilter/index.ts';
import { list } from '../../src/netfilter/conntrack.ts';
import { runSync } from '../../src/route/plan.ts';
import { lacksTracking } from '../support/conntrack.ts';
import { descriptors, has, isolate, kernelVersion, sh } from './support.ts';

const why = isolate() ?? (!has('conntrack') ? 'no conntrack to look with' : lacksTracking());
if (why) console.warn(`skipped: ${why}`);

const made = [
  '-p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -m 7 -t 100', '-p udp -s 192.0.2.3 -d 192.0.2.2 --sport 1000 --dport 53 -m 15 -t 100 --dst-nat 198.51.100.9:5353', '-p udp -s 192.0.2.1 -d 192.0.2.4 --sport 1001 --dport 54 -t 100 -u ASSURED,SEEN_REPLY',
  '-p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 -w 9 -t 100', '-p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 53 --state ESTABLISHED -t 100', '-p icmp -s 192.0.2.1 -d 192.0.2.2 --icmp-type 8 --icmp-code 0 --icmp-id 5 -t 100',
  '-p udp -s 2001:db8::1 -d 2001:db8::2 --sport 1000 --dport 53 -t 100', '-p tcp -s 2001:db8::1 -d 2001:db8::2 --sport 1000 --dport 80 --state SYN_SENT -t 100',
];
const told = ({ tupleOrig, zone }: Conntrack): string => { const { src, dst } = ends(tupleOrig?.ip), { num, srcPort, dstPort, icmpId } = tupleOrig?.proto ?? {}; return `${num} ${src} ${srcPort ?? icmpId} ${dst} ${dstPort ?? ''}${zone === undefined ? '' : ` zone ${zone}`}`.trim(); };

describe.skipIf(why)('connections', () => {
  const before = why ? 0 : descriptors(), nf = why ? (undefined as unknown as NetfilterSync) : openSync();
  const all = (filter?: ConntrackFilter): string[] => nf.conntrack.list(filter).map(told).sort();
  beforeEach(() => { sh(['conntrack -F', ...made.map((line) => `conntrack -I ${line}`)].join(' && ')); });
  afterAll(() => { sh('conntrack -F'); nf.close(); expect(descriptors()).toBe(before); });

  const filters: [ConntrackFilter, number][] = [
    [{}, 8], [{ family: 'ipv4' }, 6], [{ family: 'ipv6' }, 2], [{ family: 'ipv4', orig: { src: '192.0.2.1' } }, 5], [{ family: 'ipv4', orig: { dst: '192.0.2.4' } }, 1], [{ family: 'ipv4', orig: { protocol: 'udp' } }, 4],
    [{ family: 'ipv4', orig: { protocol: 'udp', dport: 53 } }, 3], [{ family: 'ipv4', orig: { protocol: 'udp', sport: 1001 } }, 1], [{ family: 'ipv4', reply: { src: '198.51.100.9', protocol: 'udp', sport: 5353 } }, 1], [{ family: 'ipv4', reply: { dst: '192.0.2.3' } }, 1],
    [{ family: 'ipv6', orig: { src: '2001:db8::1', protocol: 'tcp', dport: 80 } }, 1], [{ mark: { value: 7 } }, 1], [{ mark: { value: 7, mask: 7 } }, 2], [{ status: ['assured'] }, 1], [{ family: 'ipv4', orig: { protocol: 'icmp' } }, 1],
  ];
  test.each(filters)('the kernel gives no more than what is asked for: %j', (filter, count) => {
    expect(all(filter)).toHaveLength(count);
    const { request } = runSync(nf.client, list(filter));
    if (kernelVersion() >= 508) expect(nf.client.dumpSync(request)).toHaveLength(count);
  });
  test('what the kernel does not compare: prefixes, zones, ports of any protocol and family', () => {
    expect(all({ orig: { src: '192.0.2.2/31' } })).toEqual(['udp 192.0.2.3 1000 192.0.2.2 53']);
    expect(all({ orig: { src: '2001:db8::/32' } })).toHaveLength(2);
    expect(all({ zone: 9 })).toEqual(['udp 192.0.2.1 1000 192.0.2.2 53 zone 9']);
    expect(all({ zone: 0 })).toHaveLength(7);
    expect(all({ orig: { dport: 53 } })).toHaveLength(5);
    expect(() => all({ orig: { src: 'nonsense' } })).toThrow(TypeError);
  });
  test('what is deleted is gone, and nothing else', () => {
    expect(nf.conntrack.delete({ orig: { protocol: 'udp', dport: 53, dst: '192.0.2.2' } }).map(told).sort()).toEqual(['udp 192.0.2.1 1000 192.0.2.2 53', 'udp 192.0.2.1 1000 192.0.2.2 53 zone 9', 'udp 192.0.2.3 1000 192.0.2.2 53']);
    expect(sh('conntrack -L 2>/dev/null').split('\n')).toHaveLength(5);
    expect(nf.conntrack.delete({ orig: { dport: 53, protocol: 'sctp' } })).toEqual([]);
    nf.conntrack.flush('ipv6');
    expect(all({ family: 'ipv6' })).toEqual([]);
    nf.conntrack.flush();
    expect(sh('conntrack -C')).toBe('0');
  });
  test('one is made, found, changed; all are counted', () => {
    const tuple = { ip: { v4Src: '192.0.2.77', v4Dst: '192.0.2.78' }, proto: { num: 'udp', srcPort: 1, dstPort: 2 } } as const;
    const reply = { ip: { v4Src: '192.0.2.78', v4Dst: '192.0.2.77' }, proto: { num: 'udp', srcPort: 2, dstPort: 1 } } as const;
    expect(() => nf.conntrack.get({ family: 'ipv4', tupleOrig: tuple })).toThrow(/ENOENT/);
    nf.conntrack.add({ family: 'ipv4', tupleOrig: tuple, tupleReply: reply, timeout: 100, mark: 5 });
    expect(() => nf.conntrack.add({ family: 'ipv4', tupleOrig: tuple, tupleReply: reply, timeout: 100 })).toThrow(/EEXIST/);
    nf.conntrack.set({ family: 'ipv4', tupleOrig: tuple, mark: 6 });
    expect(nf.conntrack.get({ family: 'ipv4', tupleReply: reply })).toMatchObject({ mark: 6, tupleOrig: tuple, tupleReply: reply });
    expect(sh('conntrack -G -p udp -s 192.0.2.77 -d 192.0.2.78 --sport 1 --dport 2 2>/dev/null')).toContain('mark=6');
    expect(nf.conntrack.count()).toMatchObject({ entries: made.length + 1 });
    expect(nf.conntrack.statistics().map(({ resId }) => resId)).toEqual(sh('conntrack -S').split('\n').map((_line, cpu) => cpu));
  });
  test('events: what conntrack does, as it happens', async () => {
    await using there = await open();
    const events: ConnectionEvent[] = [], watch = there.conntrack.watch({ filter: { orig: { dst: '192.0.2.99' } } });
    sh('conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.99 --sport 1 --dport 2 -t 100; conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.98 --sport 1 --dport 2 -t 100; conntrack -U -d 192.0.2.99 -m 7; conntrack -D -d 192.0.2.99');
    for await (const event of watch) { events.push(event); if (event.change === 'destroy') break; }
    expect(events.map((event) => ('connection' in event ? `${event.change} ${told(event.connection)} ${event.connection.mark ?? ''}`.trim() : event.change))).toEqual(['new udp 192.0.2.1 1 192.0.2.99 2 0', 'update udp 192.0.2.1 1 192.0.2.99 2 7', 'destroy udp 192.0.2.1 1 192.0.2.99 2 7']);
  });
});
