/** Token bucket filter: one rate. Source: net/sched/sch_tbf.c. */
import { attrs, list, pad, struct, u32, u64 } from '../../../../codec/index.ts';
import { TcRatespec } from '../stats.ts';

export class TbfParms extends struct('tc_tbf_qopt', {
  rate: TcRatespec,
  /** All zero: none. */
  peakrate: TcRatespec,
  /** Most bytes that wait. */
  limit: u32,
  /** Size of the bucket, as the time in ticks of 64 ns that it takes at `rate`. */
  buffer: u32,
  /** The same at `peakrate`. */
  mtu: u32,
}) {}
export class Tbf extends attrs('TCA_TBF_', {
  parms: [1, TbfParms],
  /** Ticks that packets take by cell of their size, 256 numbers. Kernels since 3.10 check it and compute. */
  rtab: [2, list(u32)],
  ptab: [3, list(u32)],
  /** Bytes a second, where 32 bits are too few. */
  rate64: [4, u64],
  prate64: [5, u64],
  /** Size of the bucket in bytes, rather than in ticks. */
  burst: [6, u32],
  pburst: [7, u32],
  pad: [8, pad],
}) {}
