/** One action of traffic control: of a filter, or of a message of actions. Source: net/sched/act_api.c, include/uapi/linux/pkt_cls.h. */
import { attrs, binary, bitfield32, pad, select, string, u32, type Value } from '../../../codec/index.ts';
import { actions } from './actions/index.ts';
import { statsShape } from './stats.ts';

export class TcActionStats extends attrs('TCA_STATS_', statsShape(binary)) {}

const hwStats = bitfield32({ immediate: 1, delayed: 2 }, 'TCA_ACT_HW_STATS_');
/** One more kind is one more line in actions/index.ts. */
export const tcAction = attrs('TCA_ACT_', {
  kind: [1, string],
  options: [2, select('kind', actions)],
  index: [3, u32],
  stats: [4, TcActionStats],
  pad: [5, pad],
  /** User space's own mark, at most 16 bytes. */
  cookie: [6, binary],
  flags: [7, bitfield32({ noPercpuStats: 1, skipHw: 2, skipSw: 4 }, 'TCA_ACT_FLAGS_')],
  hwStats: [8, hwStats],
  usedHwStats: [9, hwStats],
  inHwCount: [10, u32],
});
export type TcAction = Value<typeof tcAction>;
