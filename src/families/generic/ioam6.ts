/** IOAM6: telemetry that IPv6 packets collect on their way (RFC 9197, RFC 9486). Source: include/uapi/linux/ioam6_genl.h, net/ipv6/ioam6.c. */
import { attrs, binary, flag, genericFamily, pad, u16, u32, u64, u8 } from '../../codec/index.ts';

/** A namespace, a schema, or which of them belong together. */
export class Ioam6 extends attrs('IOAM6_ATTR_', {
  nsId: [1, u16],
  /** What this node writes for the namespace: short and wide format. */
  nsData: [2, u32],
  nsDataWide: [3, u64],
  scId: [4, u32],
  /** Opaque to the kernel, a multiple of 4 bytes. */
  scData: [5, binary],
  /** The namespace has no schema any more. */
  scNone: [6, flag],
  pad: [7, pad],
}) {}

/** What a packet had collected when it arrived. */
export class Ioam6Trace extends attrs('IOAM6_EVENT_ATTR_', {
  traceNamespace: [1, u16],
  /** Words of 4 bytes that each node adds. */
  traceNodelen: [2, u8],
  /** Which data nodes add: a bit each. */
  traceType: [3, u32],
  traceData: [4, binary],
}) {}

/** IOAM6. */
export const ioam6 = genericFamily('IOAM6', 1, {
  prefix: 'IOAM6_CMD_',
  commands: {
    addNamespace: [1, Ioam6],
    delNamespace: [2, Ioam6],
    dumpNamespaces: [3, Ioam6],
    addSchema: [4, Ioam6],
    delSchema: [5, Ioam6],
    dumpSchemas: [6, Ioam6],
    nsSetSchema: [7, Ioam6],
  },
  events: { prefix: 'IOAM6_EVENT_', commands: { trace: [1, Ioam6Trace] } },
  groups: { events: 'ioam6_events' },
  config: 'CONFIG_IPV6',
});
