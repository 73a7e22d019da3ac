/** Packets by their firewall mark, which is the filter's handle. Source: net/sched/cls_fw.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, indexed, string, u32 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';

export class Fw extends attrs('TCA_FW_', {
  classid: [1, u32],
  police: [2, Police],
  /** Name of the interface that packets came in by. */
  indev: [3, string],
  act: [4, indexed(tcAction)],
  /** Bits of the mark that count. */
  mask: [5, u32],
}) {}
