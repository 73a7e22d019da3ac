// README.md's tour, word for word (a test compares them). Needs root (or `unshare -Urnm`); watches until it is stopped,
// and leaves what it made: run it where that may stay.
import { open, namespace, veth, bridge, macvlan } from 'nlkit';

namespace.create('s1');                                                       // ip netns add s1
const nl = await open();                                                      // one rtnetlink socket
try {
  await nl.link.add(bridge('br0', { forwardDelay: 400 }, { up: true }));
  await nl.link.add(veth('veth0', { peer: { ifname: 'eth0', namespace: 's1' } }));
  await nl.link.add(macvlan('mv0', { mode: 'bridge' }, { link: 'br0' }));     // names, where the kernel wants numbers
  await nl.link.set('veth0', { master: 'br0', up: true });
  await nl.address.add('br0', '10.0.0.1/24');
  await nl.route.add({ dst: '10.1.0.0/16', gateway: '10.0.0.2' });

  for await (const link of nl.link.list({ kind: 'bridge' })) {
    if (link.linkinfo?.kind === 'bridge') console.log(link.ifname, link.linkinfo.data?.forwardDelay);   // `kind` narrows `data`
  }
  for await (const event of nl.watch(['link'])) {
    if (event.change === 'change') console.log(event.object.ifname, event.changed);                     // { mtu: [1500, 1400] }
  }
} finally {
  nl.close();
}
