/** Packets through connection tracking. Source: net/sched/act_ct.c, numbers: include/uapi/linux/tc_act/tc_ct.h. */
import { attrs, be16, binary, flags, ipv4, ipv6, pad, string, struct, u16, u32, u8 } from '../../../../codec/index.ts';
import { ipProtocol } from '../../names.ts';
import { gen, TcfT } from './common.ts';

export class TcCt extends struct('tc_ct', gen) {}

export class Ct extends attrs('TCA_CT_', {
  parms: [1, TcCt],
  tm: [2, TcfT],
  action: [3, flags(u16, { commit: 1, force: 2, clear: 4, nat: 8, natSrc: 16, natDst: 32 }, 'TCA_CT_ACT_')],
  zone: [4, u16],
  mark: [5, u32],
  markMask: [6, u32],
  /** 16 bytes, as `labelsMask`. */
  labels: [7, binary],
  labelsMask: [8, binary],
  natIpv4Min: [9, ipv4],
  natIpv4Max: [10, ipv4],
  natIpv6Min: [11, ipv6],
  natIpv6Max: [12, ipv6],
  natPortMin: [13, be16],
  natPortMax: [14, be16],
  pad: [15, pad],
  helperName: [16, string],
  /** Address family, AF_*. */
  helperFamily: [17, u8],
  helperProto: [18, ipProtocol],
}) {}
