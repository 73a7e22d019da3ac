/** TUN and TAP devices; made through /dev/net/tun, only read here. Source: drivers/net/tun.c. */
import { attrs, enumeration, u32, u8 } from '../../../codec/index.ts';

export class Tun extends attrs('IFLA_TUN_', {
  /** User id that may attach. */
  owner: [1, u32],
  /** Group id that may attach. */
  group: [2, u32],
  /** `tun` carries IP, `tap` Ethernet. */
  type: [3, enumeration(u8, { tun: 1, tap: 2 }, 'IFF_')],
  /** 1: each packet begins with struct tun_pi. */
  pi: [4, u8],
  /** 1: each packet begins with struct virtio_net_hdr. */
  vnetHdr: [5, u8],
  /** 1: outlives its file descriptor. */
  persist: [6, u8],
  multiQueue: [7, u8],
  /** Attached queues; only with `multiQueue`. */
  numQueues: [8, u32],
  numDisabledQueues: [9, u32],
}) {}
