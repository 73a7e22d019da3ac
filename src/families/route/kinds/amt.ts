/** Automatic multicast tunneling (RFC 7450): drivers/net/amt.c. */
import { attrs, be16, enumeration, ipv4, u32 } from '../../../codec/index.ts';

export class Amt extends attrs('IFLA_AMT_', {
  mode: [1, enumeration(u32, { gateway: 0, relay: 1 }, 'AMT_MODE_')],
  /** UDP, 2268 by default. */
  relayPort: [2, be16],
  gatewayPort: [3, be16],
  /** Index of the interface underneath. */
  link: [4, u32],
  localIp: [5, ipv4],
  /** Of a gateway: the relay it found. */
  remoteIp: [6, ipv4],
  /** Of a gateway: where to look for a relay. */
  discoveryIp: [7, ipv4],
  maxTunnels: [8, u32],
}) {}
