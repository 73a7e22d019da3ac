/** Packets by the control group (net_cls) of who sends them. Source: net/sched/cls_cgroup.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, indexed } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';
import { EmatchTree } from './ematch.ts';

export class Cgroup extends attrs('TCA_CGROUP_', {
  act: [1, indexed(tcAction)],
  police: [2, Police],
  ematches: [3, EmatchTree],
}) {}
