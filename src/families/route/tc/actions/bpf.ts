/** A BPF program that decides. Source: net/sched/act_bpf.c, numbers: include/uapi/linux/tc_act/tc_bpf.h. */
import { attrs, binary, pad, string, struct, u16, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcActBpf extends struct('tc_act_bpf', gen) {}

export class ActBpf extends attrs('TCA_ACT_BPF_', {
  tm: [1, TcfT],
  parms: [2, TcActBpf],
  /** Classic BPF: how many instructions of eight bytes. */
  opsLen: [3, u16],
  ops: [4, binary],
  /** Of a program of type SCHED_ACT. Sent only. */
  fd: [5, u32],
  name: [6, string],
  pad: [7, pad],
  tag: [8, binary],
  id: [9, u32],
}) {}
