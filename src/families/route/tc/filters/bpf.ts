/** A BPF program that classifies, or that decides by itself. Source: net/sched/cls_bpf.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, binary, flags, indexed, string, u16, u32 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';
import { clsFlags } from './common.ts';

export class Bpf extends attrs('TCA_BPF_', {
  act: [1, indexed(tcAction)],
  police: [2, Police],
  classid: [3, u32],
  /** Classic BPF: how many instructions of eight bytes. */
  opsLen: [4, u16],
  ops: [5, binary],
  /** Of a program of type SCHED_CLS. Sent only. */
  fd: [6, u32],
  name: [7, string],
  /** `actDirect`: what the program returns is the verdict. */
  flags: [8, flags(u32, { actDirect: 1 }, 'TCA_BPF_FLAG_')],
  flagsGen: [9, clsFlags],
  tag: [10, binary],
  id: [11, u32],
}) {}
