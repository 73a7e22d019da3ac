/** PPP interface. Source: drivers/net/ppp/ppp_generic.c. */
import { attrs, s32 } from '../../../codec/index.ts';

export class Ppp extends attrs('IFLA_PPP_', {
  /** File descriptor of /dev/ppp to attach to. Sent only. */
  devFd: [1, s32],
}) {}
