/** What qdiscs and classes print alike: where they are, and counters. As tc/tc_util.c of iproute2 writes them. */
import { className } from '../tc/filter-values.ts';
import { rateFormat, sizeFormat } from '../tc/units.ts';
import { counter } from './formats.ts';
import type { Json, Printer } from './printer.ts';

interface Queue { qlen: number; backlog: number; drops: number; requeues: number; overlimits: number }

/** Counters of TCA_STATS2. */
export function printCounters(printer: Printer, stats: Json | undefined, indent = ' '): void {
  if (!stats) return;
  const basic = stats['basic'] as { bytes: bigint; packets: number } | undefined, queue = stats['queue'] as Queue | undefined, hardware = stats['basicHw'] as { bytes: bigint; packets: number } | undefined;
  const estimate = (stats['rateEst64'] ?? stats['rateEst']) as { bps: number | bigint; pps: number | bigint } | undefined;
  if (basic) {
    printer.text(indent);
    printer.value('bytes', 'Sent % bytes', basic.bytes, counter);
    printer.value('packets', ' % pkt', stats['pkt64'] ?? basic.packets, counter);
  }
  if (queue) {
    printer.value('drops', ' (dropped %', queue.drops);
    printer.value('overlimits', ', overlimits %', queue.overlimits);
    printer.value('requeues', ' requeues %) ', queue.requeues);
  }
  if (hardware && hardware.packets > 0) {
    const software = basic ?? hardware;
    printer.newline();
    printer.value('sw_bytes', `${indent}Sent software % bytes`, software.bytes - hardware.bytes, counter);
    printer.value('sw_packets', ' % pkt', software.packets - hardware.packets);
    printer.newline();
    printer.value('hw_bytes', `${indent}Sent hardware % bytes`, hardware.bytes, counter);
    printer.value('hw_packets', ' % pkt', hardware.packets);
  }
  if (estimate) {
    printer.newline();
    printer.text(indent);
    printer.value('rate', 'rate %', estimate.bps, rateFormat);
    printer.value('pps', ' %pps', estimate.pps, counter);
  }
  if (queue) {
    if (!estimate) printer.newline();
    printer.value('backlog', `${estimate ? ' ' : indent}backlog %`, queue.backlog, sizeFormat);
    printer.value('qlen', ' %p', queue.qlen);
    printer.text(` requeues ${queue.requeues}`);
  }
}

/** `1:`, a qdisc's own. */
export const majorName = (handle: number): string => `${(handle >>> 16).toString(16)}:`;
export { className };

/** Sizes on the wire, with -d. */
export function printStab(printer: Printer, stab: Json): void {
  const { linklayer, overhead, mpu, mtu, tsize } = (stab['base'] ?? {}) as Record<string, string | number>;
  printer.text(' ');
  printer.object('stab', () => {
    if (linklayer !== 'unaware') printer.value('linklayer', 'linklayer % ', linklayer);
    if (overhead) printer.value('overhead', 'overhead % ', overhead);
    if (mpu) printer.value('mpu', 'mpu % ', mpu);
    if (mtu) printer.value('mtu', 'mtu % ', mtu);
    if (tsize) printer.value('tsize', 'tsize % ', tsize);
  });
}
