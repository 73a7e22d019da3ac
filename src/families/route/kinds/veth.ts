/** Virtual Ethernet pair. Source: drivers/net/veth.c. */
import { attrs, late, type Codec } from '../../../codec/index.ts';
import { Link, type LinkInit } from '../link.ts';

export class Veth extends attrs('VETH_INFO_', {
  /** The other end, described like any link (name, address, netNsFd, mtu, ...). Sent only: the kernel never dumps it, it says `link` and `linkNetnsid`. */
  peer: [1, late((): Codec<LinkInit> => Link.init)],
}) {}
