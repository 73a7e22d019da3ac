/** Packets by the realms of their route, or by where they came in. Source: net/sched/cls_route.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, indexed, u32 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';

export class Route4 extends attrs('TCA_ROUTE4_', {
  classid: [1, u32],
  /** Realm of the destination, 0 to 255. */
  to: [2, u32],
  /** Realm of the source; excludes `iif`. */
  from: [3, u32],
  /** Index of the interface that packets came in by. */
  iif: [4, u32],
  police: [5, Police],
  act: [6, indexed(tcAction)],
}) {}
