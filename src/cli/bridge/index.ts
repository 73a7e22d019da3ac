/** `bridge`: ports, forwarding database, VLANs and multicast groups of bridges. */
import type { Command } from '../grammar.ts';

export const bridge: Command = {
  summary: 'bridges: ports, forwarding database, VLANs',
  examples: ['bridge link show', 'bridge link set dev veth0 cost 10', 'bridge fdb show br br0', 'bridge vlan add dev veth0 vid 10 pvid untagged'],
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  commands: {
    link: async () => (await import('./link.ts')).link,
    fdb: async () => (await import('./fdb.ts')).fdb,
    mdb: async () => (await import('./mdb.ts')).mdb,
    mst: async () => (await import('./mst.ts')).mst,
    vlan: async () => (await import('./vlan.ts')).vlan,
    vni: async () => (await import('./vni.ts')).vni,
    monitor: async () => (await import('./monitor.ts')).monitor,
  },
};
