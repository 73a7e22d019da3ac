/** `ip`: objects in iproute2's order, which abbreviations go by. */
import type { Command } from '../grammar.ts';

export const ip: Command = {
  summary: 'links, addresses, routes, rules, neighbours and namespaces',
  examples: ['ip link add veth0 type veth peer name veth1', 'ip -br address', 'ip -j -d link show', 'ip -n s1 route', 'ip -batch FILE'],
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  absent: {
    'spoken over generic netlink, which this command does not do yet': ['fou', 'ila', 'l2tp', 'macsec'],
  },
  commands: {
    address: async () => (await import('./address.ts')).addressCommand,
    addrlabel: async () => (await import('./addrlabel.ts')).addrlabel,
    maddress: async () => (await import('./maddress.ts')).maddress,
    route: async () => (await import('./route.ts')).route,
    rule: async () => (await import('./rule.ts')).rule,
    'neighbour|neighbor': async () => (await import('./neighbour.ts')).neighbour,
    'ntable|ntbl': async () => (await import('./ntable.ts')).ntable,
    link: async () => (await import('./link.ts')).link,
    'tunnel|tunl': async () => (await import('./tunnel.ts')).tunnel,
    'tuntap|tap': async () => (await import('./tuntap.ts')).tuntap,
    token: async () => (await import('./token.ts')).token,
    'tcpmetrics|tcp_metrics': async () => (await import('./tcp-metrics.ts')).tcpMetricsCommand,
    monitor: async () => (await import('./monitor.ts')).monitor,
    xfrm: async () => (await import('./xfrm/index.ts')).xfrm,
    mroute: async () => (await import('./mroute.ts')).mroute,
    mrule: async () => (await import('./rule.ts')).mrule,
    netns: async () => (await import('./netns.ts')).netns,
    netconf: async () => (await import('./netconf.ts')).netconf,
    vrf: async () => (await import('./vrf.ts')).vrf,
    sr: async () => (await import('./seg6.ts')).sr,
    nexthop: async () => (await import('./nexthop.ts')).nexthop,
    mptcp: async () => (await import('./mptcp.ts')).mptcp,
    ioam: async () => (await import('./ioam.ts')).ioam,
    stats: async () => (await import('./stats.ts')).stats,
  },
};
