/** Programs that see a link's packets first. Source: net/core/rtnetlink.c, include/uapi/linux/if_link.h. */
import { attrs, enumeration, flags, s32, u32, u8 } from '../../codec/index.ts';

export class Xdp extends attrs('IFLA_XDP_', {
  /** File descriptor of the program; -1 detaches. Sent only. */
  fd: [1, s32],
  /** Where programs run: `drv` in the driver, `skb` in the stack, `hw` on the card. */
  attached: [2, enumeration(u8, { none: 0, drv: 1, skb: 2, hw: 3, multi: 4 }, 'XDP_ATTACHED_')],
  flags: [3, flags(u32, { updateIfNoexist: 0x1, skbMode: 0x2, drvMode: 0x4, hwMode: 0x8, replace: 0x10 }, 'XDP_FLAGS_')],
  /** Identifier of the program, when there is one. */
  progId: [4, u32],
  drvProgId: [5, u32],
  skbProgId: [6, u32],
  hwProgId: [7, u32],
  /** File descriptor of the program that is to be replaced. Sent only. */
  expectedFd: [8, s32],
}) {}
