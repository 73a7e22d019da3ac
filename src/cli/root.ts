/** The words after `nlkit`. Each tool's code is read when it is called. */
import type { Command } from './grammar.ts';

export const root: Command = {
  summary: 'the netlink protocol from the command line',
  examples: [
    'ip link add veth0 type veth peer name veth1',
    'ip -br address',
    'bridge link show',
    'topology',
    '--dry-run ip link add br0 type bridge',
    'decode capture.pcap',
    'explain ip link add br0 type bridge',
  ],
  usage: '[ OPTIONS ] { ip | bridge | tc | brctl | rtmon | ss | genl | ethtool | wg | conntrack | ipvsadm | net | docker-plugin | topology | uevent | decode | encode | explain | demo } ...',
  commands: {
    ip: async () => (await import('./ip/index.ts')).ip,
    bridge: async () => (await import('./bridge/index.ts')).bridge,
    tc: async () => (await import('./tc/index.ts')).tc,
    brctl: async () => (await import('./brctl/index.ts')).brctl,
    rtmon: async () => (await import('./rtmon/index.ts')).rtmon,
    ss: async () => (await import('./ss/index.ts')).ss,
    genl: async () => (await import('./genl/index.ts')).genl,
    wg: async () => (await import('./wg/index.ts')).wg,
    ethtool: async () => (await import('./ethtool/index.ts')).ethtool,
    conntrack: async () => (await import('./conntrack/index.ts')).conntrack,
    ipvsadm: async () => (await import('./ipvsadm/index.ts')).ipvsadm,
    net: async () => (await import('./net/index.ts')).net,
    'docker-plugin': async () => (await import('./docker/index.ts')).dockerPlugin,
    topology: async () => (await import('./topology/index.ts')).topology,
    uevent: async () => (await import('./uevent/index.ts')).uevent,
    decode: async () => (await import('./inspect/decode.ts')).decode,
    encode: async () => (await import('./inspect/decode.ts')).encode,
    explain: async () => (await import('./inspect/explain.ts')).explain,
    demo: async () => (await import('./demo/index.ts')).demo,
    completion: async () => (await import('./completion.ts')).completion,
  },
};
