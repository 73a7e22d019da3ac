// What happens to interfaces, as it happens, with what changed from what to what; ends at the first change of an MTU.
// Needs root (or `unshare -Urnm`): it makes a namespace to have something to watch, and removes it.
import { namespace, open, veth } from 'nlkit';

namespace.create('watched');
try {
  await using nl = await open({ namespace: 'watched' });
  // It listens from here on.
  const events = nl.watch(['link']);

  await nl.link.add(veth('v0', { peer: { ifname: 'v1' } }));
  await nl.link.set('v0', { mtu: 1400 });

  for await (const event of events) {
    // The kernel dropped events; the differences follow as events of their own.
    if (event.change === 'overrun') continue;
    console.log(event.change, event.object.ifname, event.changed ?? '');
    if (event.changed?.['mtu']) break;
  }
} finally {
  namespace.remove('watched');
}
