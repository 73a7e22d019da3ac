/** Names of hardware types and flags of links, as iproute2 writes them. Numbers: include/uapi/linux/if_arp.h, if.h. */
import { constant } from './formats.ts';

const types: Readonly<Record<number, string>> = {
  0: 'netrom', 1: 'ether', 2: 'eether', 3: 'ax25', 4: 'pronet', 5: 'chaos', 6: 'ieee802', 7: 'arcnet', 8: 'atalk', 15: 'dlci',
  19: 'atm', 23: 'metricom', 24: 'ieee1394', 27: 'eui64', 32: 'infiniband', 256: 'slip', 257: 'cslip', 258: 'slip6', 259: 'cslip6',
  260: 'rsrvd', 264: 'adapt', 270: 'rose', 271: 'x25', 272: 'hwx25', 280: 'can', 290: 'mctp', 512: 'ppp', 513: 'hdlc', 516: 'lapb',
  517: 'ddcmp', 518: 'rawhdlc', 519: 'rawip', 768: 'ipip', 769: 'tunnel6', 770: 'frad', 771: 'skip', 772: 'loopback', 773: 'ltalk',
  774: 'fddi', 775: 'bif', 776: 'sit', 777: 'ip/ddp', 778: 'gre', 779: 'pimreg', 780: 'hippi', 781: 'ash', 782: 'econet',
  783: 'irda', 784: 'fcpp', 785: 'fcal', 786: 'fcpl', 787: 'fcfb', 800: 'tr', 801: 'ieee802.11', 802: 'ieee802.11/prism',
  803: 'ieee802.11/radiotap', 804: 'ieee802.15.4', 805: 'ieee802.15.4/monitor', 820: 'phonet', 821: 'phonet_pipe', 822: 'caif',
  823: 'gre6', 824: 'netlink', 825: '6lowpan', 65534: 'none', 65535: 'void',
};

/** ARPHRD_* as a word. */
export function linkType(type: number): string {
  return types[type] ?? `[${type}]`;
}

/** The order that flags are listed in. RUNNING is never listed: NO-CARRIER says when it lacks. */
const order = ([
  'loopback', 'broadcast', 'pointopoint', 'multicast', 'noarp', 'allmulti', 'promisc', 'master', 'slave', 'debug', 'dynamic',
  'automedia', 'portsel', 'notrailers', 'up', 'lowerUp', 'dormant', 'echo',
]).map((name) => [name, constant(name)] as const);

/** @param lowerDown The link below is not up: M-DOWN. */
export function flagList(flags: readonly (string | number)[], lowerDown = false): string[] {
  const words = order.filter(([name]) => flags.includes(name)).map(([, word]) => word);
  if (flags.includes('up') && !flags.includes('running')) words.unshift('NO-CARRIER');
  words.push(...flags.filter((flag) => typeof flag === 'number').map((flag) => flag.toString(16)));
  if (lowerDown) words.push('M-DOWN');
  return words;
}

/** RFC 2863 states. */
export function operstateName(state: unknown): string {
  return typeof state === 'number' ? `0x${state.toString(16)}` : String(state).toUpperCase();
}
