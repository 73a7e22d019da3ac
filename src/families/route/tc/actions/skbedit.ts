/** What the kernel knows of a packet: priority, queue, mark, type. Source: net/sched/act_skbedit.c, numbers: include/uapi/linux/tc_act/tc_skbedit.h. */
import { attrs, enumeration, pad, struct, u16, u32, u64 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcSkbedit extends struct('tc_skbedit', gen) {}

export class Skbedit extends attrs('TCA_SKBEDIT_', {
  tm: [1, TcfT],
  parms: [2, TcSkbedit],
  /** Handle of a class, or a number. */
  priority: [3, u32],
  queueMapping: [4, u16],
  mark: [5, u32],
  pad: [6, pad],
  /** For whom the packet is, PACKET_*. */
  ptype: [7, enumeration(u16, { host: 0, broadcast: 1, multicast: 2, otherhost: 3 }, 'PACKET_')],
  /** Bits of `mark` that change. */
  mask: [8, u32],
  /** Bits: 0x20, priority from the DS field; 0x40, a queue by hash. Told also: which attributes there are. */
  flags: [9, u64],
  /** Queues from `queueMapping` to this one, by hash. */
  queueMappingMax: [10, u16],
}) {}
